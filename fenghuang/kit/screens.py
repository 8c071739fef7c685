"""The screens that every line has: a list, a record, a verb, a new record.

A line's view finds its records through `visible_to`, says what is shown, and calls one of these:

    def small_matters(request):
        return record_list(
            request,
            SmallMatter.objects.visible_to(request.user).select_related("place", "unit"),
            columns=("title", "place", "category", Shown("due_on", late=is_late)),
            filters=(Choice("state"), Choice("category"), Days("happened_on"), InPlace()),
            search=("matter_title",),
            enter="requests:enter_small_matter",
            ledger="small_matters",
        )

    def small_matter(request, number):
        matter = record_or_404(SmallMatter.objects.visible_to(request.user), number)
        return record_page(request, matter, facts=("place", "category", "unit", "due_on"))

    def small_matter_verb(request, number, verb):          # address name: smallmatter_verb
        matter = record_or_404(SmallMatter.objects.visible_to(request.user), number)
        return verb_page(request, matter, verb, *VERBS[verb])   # {"fix": (Fix, actions.fix), …}

    def enter_small_matter(request):
        return enter_page(request, forms.SmallMatter, actions.enter_small_matter, SmallMatter)

Addresses by convention, within the line's namespace: `smallmatter` (number) for the record, and
`smallmatter_verb` (number, verb) for its verbs. Forms are `kit.forms.OfficeForm`; the names of a
form's fields are the names of the action's arguments: an action is called as
`action(record, actor=…, **cleaned)`, a new record's as `action(actor=…, client_key=…, **cleaned)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.apps import apps
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.evidence.queries import evidence_of
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import CONFIRMS, ENTERS, Role
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.places.paths import above
from fenghuang.kernel.records.actions import AlreadyEntered
from fenghuang.kernel.records.cycles import Decision, Verb
from fenghuang.kernel.records.models import Link, Record, RecordQuerySet
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import CalendarMissing

from . import door
from .ledgers import export, ledger_called
from .lists import (
    Choice,
    Days,
    Filter,
    Filters,
    InPlace,
    Order,
    YesNo,
    count_in_words,
    in_own_streets,
    look_for,
    page,
)
from .models import SavedFilter
from .shown import NOTHING, Shown, fact, facts, label, name_places
from .timeline import timeline

__all__ = [
    "Choice",
    "Days",
    "InPlace",
    "Part",
    "Shown",
    "YesNo",
    "carried_out",
    "enter_page",
    "for_administrators",
    "may_enter",
    "new_client_key",
    "record_list",
    "record_or_404",
    "record_page",
    "refusal_page",
    "signed_in",
    "verb_page",
    "working_page",
]


@dataclass(frozen=True)
class Part:
    """A part of a record's page below its facts: other records as a table, or one's own template.

    `enter` is the address (already reversed) of the form that adds one; leave it empty for those
    who may not.
    """

    title: Any
    records: Iterable[Any] = ()
    columns: Sequence[str | Shown] = ()
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    nothing_yet: Any = ""
    enter: str = ""
    enter_label: Any = ""


def signed_in(request: HttpRequest) -> User:
    """Who asks. Nobody comes to these screens without having signed in."""
    assert isinstance(request.user, User)
    return request.user


View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Only the system administrator opens these pages."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not administered(signed_in(request)):
            raise Refused(
                "role",
                _("People and roles are looked after by the system administrator. Ask there."),
            )
        return view(request, *args, **kwargs)

    return guarded


def record_or_404(records: QuerySet[Any], number: str) -> Any:
    """The record of that number among these (already `visible_to` somebody), else 404.

    Who looks after several streets may see one number twice; the newer record is meant then.
    """
    found = records.filter(number=number).order_by("-happened_on", "-id").first()
    if found is None:
        raise Http404(number)
    return found


def record_list(
    request: HttpRequest,
    records: RecordQuerySet,
    *,
    columns: Sequence[str | Shown],
    filters: Sequence[Filter] = (),
    search: Sequence[str] = (),
    title: Any = "",
    intro: Any = "",
    due: str = "",
    first: str = "newest",
    ledger: str = "",
    enter: str = "",
    enter_label: Any = "",
    nothing_yet: Any = "",
    template: str = "kit/record_list.html",
    **context: Any,
) -> HttpResponse:
    """A list with search, filters, pages and export.

    `records` is a `visible_to` queryset (with its select_related). Number and state come by
    themselves; `columns` are the others. `search` names the text fields looked into; a whole number
    leads straight to the record. `due` names a date field that never is null, by which the list may
    be sorted too. `ledger` is the code for the export, `enter` the address name of the form for a
    new one (shown to those who may). Withdrawn records are left out unless asked for.
    """
    model, line = records.model, door.line(records.model.LINE)
    enters = may_enter(request.user, model.LINE)
    orders = {
        "newest": (_("newest first"), Order("happened_on", True)),
        "oldest": (_("oldest first"), Order("happened_on", False)),
    }
    if due:
        orders["due"] = (_("by due date"), Order(due, False))
    # The first of the choices is the one a browser shows as chosen.
    orders = {first: orders[first]} | orders
    form = Filters(
        request.GET,
        model=model,
        user=request.user,
        filters=filters,
        sorts=[(code, words) for code, (words, _order) in orders.items()],
        can_search=bool(search),
    )
    visible = in_own_streets(records, request.user)
    narrowed, looked_since = form.narrow(visible), None
    if text := form.given.get("q", "").strip():
        exact = visible.filter(number=text.upper()).first()
        if exact is not None:
            return redirect(exact)
        narrowed, looked_since = look_for(narrowed, text, search, request.user)
    if ledger and "export" in request.GET:
        return _exported(request, ledger, narrowed)
    shown = page(
        narrowed,
        orders[form.given.get("sort", first)][1],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    name_places(shown.records)
    return render(
        request,
        template,
        {
            "title": title or _menu_label(line, request) or model._meta.verbose_name,
            "intro": intro,
            "line": line,
            "form": form,
            "chips": form.chips(),
            "count": count_in_words(narrowed),
            "looked_since": looked_since,
            "labels": [label(model, one) for one in columns],
            "rows": [(record, facts(record, columns)) for record in shown.records],
            "has_states": model.CYCLE is not None,
            "before": _with(request, before=shown.before),
            "after": _with(request, after=shown.after),
            "export": _with(request, export="xlsx") if ledger else "",
            "ledger": ledger if enters else "",
            "enter": reverse(enter) if enter and enters else "",
            "enter_label": enter_label or _menu_label(line, enter) or _("Enter a new one"),
            "nothing_yet": nothing_yet,
            "saved": saved_filters(request.user, request.path),
            "is_narrowed": bool(form.chips()),
            **context,
        },
    )


def saved_filters(user: Any, path: str) -> list[SavedFilter]:
    """What this person has saved of the list at that address, by name."""
    return list(SavedFilter.objects.filter(user=user.pk, path=path).order_by("name"))


def _menu_label(line: door.Line, address: HttpRequest | str) -> Any:
    if isinstance(address, HttpRequest):
        address = address.resolver_match.url_name or "" if address.resolver_match else ""
    name = address.rpartition(":")[2]
    return next((entry.label for entry in line.menu if entry.address == name), "")


def _exported(request: HttpRequest, ledger: str, records: QuerySet[Any]) -> HttpResponse:
    """The records of the list, as it is narrowed, as the office's own workbook."""
    found, street = ledger_called(ledger), signed_in(request).street
    if street is None:
        raise Refused("role", _("You hold no role yet. Ask the system administrator for one."))
    out = BytesIO()
    export(found, records.order_by("happened_on", "number"), out, place=street)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    name = quote(f"{street}{found.title}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _with(request: HttpRequest, **key: str) -> str:
    """The address of the same list at another page; empty where there is none."""
    [(name, token)] = key.items()
    if not token:
        return ""
    query = request.GET.copy()
    for other in ("before", "after", "export"):
        query.pop(other, None)
    query[name] = token
    return f"?{query.urlencode()}"


def record_page(
    request: HttpRequest,
    record: Any,
    *,
    facts: Sequence[str | Shown],
    parts: Sequence[Part] = (),
    first_verbs: Sequence[str] = (),
    template: str = "kit/record_page.html",
    **context: Any,
) -> HttpResponse:
    """A record: its facts, what may be done, evidence, links, and what happened to it so far.

    The verbs come from the record's CYCLE; those in `first_verbs` come first. A verb that leads on
    from the present state but is not allowed is shown with the reason. Facts of which nothing is
    known yet are only named; parts that are empty are left out unless they say something then.
    """
    now, later = _verbs(record, request.user, first_verbs)
    name_places([record])
    known = [fact(record, one) for one in facts]
    return render(
        request,
        template,
        {
            "record": record,
            "kind": record._meta.verbose_name,
            "line": door.line(record.LINE),
            "crumbs": _crumbs(record),
            "facts": [one for one in known if one.text != NOTHING],
            "unknown": [one.label for one in known if one.text == NOTHING],
            "verbs": now,
            "other_verbs": later,
            "parts": [part for one in parts if (part := _shown_part(one)).is_worth_showing],
            "evidence": list(evidence_of(record)),
            "record_type": record._meta.label_lower,
            "may_add_evidence": may_add_evidence(request.user, record),
            "links": linked(record, request.user),
            "timeline": timeline(record),
            **context,
        },
    )


#: Who may attach files to a record in their place: those who enter, confirm, or do the work.
_ADDS_EVIDENCE = ENTERS | CONFIRMS | {Role.BUILDING_HEAD}


def may_add_evidence(user: Any, record: Record) -> bool:
    """Whether the person may attach files to this record, which they can open."""
    return record.voided_at is None and bool(_ADDS_EVIDENCE & _roles(user, record))


def _roles(user: Any, record: Record) -> frozenset[str]:
    places = above(record.place_id, timezone.localdate())
    roles: frozenset[str] = user.roles(record.LINE, place=places)
    return roles


@dataclass(frozen=True)
class VerbShown:
    """A verb as a button: allowed, or with the reason why not."""

    decision: Decision
    address: str

    @property
    def verb(self) -> Verb:
        return self.decision.verb


def _decide(record: Record, user: Any, verb: str) -> Decision:
    if record.CYCLE is None or verb not in record.CYCLE.by_code:
        raise Http404(verb)
    return record.CYCLE.decide(verb, record, user, _roles(user, record))


def _verbs(
    record: Record, user: Any, first: Sequence[str]
) -> tuple[list[VerbShown], list[VerbShown]]:
    """What may be done now (or might, by somebody else), and what in other states."""
    if record.CYCLE is None or record.voided_at is not None:
        return [], []
    roles = _roles(user, record)
    order = {code: place for place, code in enumerate(first)}
    shown = [
        VerbShown(
            record.CYCLE.decide(verb.code, record, user, roles), verb_address(record, verb.code)
        )
        for verb in sorted(record.CYCLE.verbs, key=lambda verb: order.get(verb.code, len(order)))
    ]
    return (
        [one for one in shown if one.decision.code != "state"],
        [one for one in shown if one.decision.code == "state"],
    )


def verb_address(record: Record, verb: str) -> str:
    """Where the verb is done to the record."""
    return reverse(f"{record.LINE}:{record._meta.model_name}_verb", args=[record.number, verb])


def _crumbs(record: Record) -> list[tuple[str, Any]]:
    """The way to a record: the entry of the line's menu under whose address it stands."""
    here = record.get_absolute_url()
    lists = [(reverse(f"{record.LINE}:{one.address}"), one) for one in door.line(record.LINE).menu]
    return [(address, one.label) for address, one in lists if here.startswith(address)]


@dataclass(frozen=True)
class _ShownPart:
    part: Part
    labels: list[str]
    rows: list[tuple[Any, Any]]
    has_states: bool

    @property
    def is_worth_showing(self) -> bool:
        part = self.part
        return bool(self.rows or part.template or part.nothing_yet or part.enter)


def _shown_part(part: Part) -> _ShownPart:
    records = list(part.records)
    name_places(records)
    model = type(records[0]) if records else None
    return _ShownPart(
        part,
        [label(model, one) for one in part.columns] if model else [],
        [(record, facts(record, part.columns)) for record in records],
        has_states=model is not None and model.CYCLE is not None,
    )


@dataclass(frozen=True)
class Linked:
    """Another record that leads here or follows from this one."""

    how: str
    record: Record


def linked(record: Record, user: Any) -> list[Linked]:
    """The records linked with this one that this person may open."""
    here = Link.objects.filter(removed_at=None)
    links = [
        *(
            (link.target_type, link.target_id, link.get_kind_display())
            for link in here.filter(source_id=record.pk)
        ),
        *(
            (link.source_type, link.source_id, str(_REVERSED[link.kind]()))
            for link in here.filter(target_id=record.pk)
        ),
    ]
    found: dict[Any, Record] = {}
    for kind in {kind for kind, _key, _how in links}:
        try:
            model = apps.get_model(kind)
        except LookupError:  # a line that is switched off
            continue
        keys = [key for one, key, _how in links if one == kind]
        found |= {one.pk: one for one in model.objects.visible_to(user).filter(pk__in=keys)}
    return [Linked(how, found[key]) for _kind, key, how in links if key in found]


_REVERSED: Mapping[str, Callable[[], str]] = {
    Link.Kind.LED_TO: lambda: _("came from"),
    Link.Kind.PART_OF: lambda: _("contains"),
    Link.Kind.SAME_MATTER: lambda: Link.Kind.SAME_MATTER.label,
}


def verb_page(
    request: HttpRequest,
    record: Any,
    verb: str,
    form_class: Callable[..., Any],
    action: Callable[..., Any],
    *,
    initial: Mapping[str, Any] | None = None,
    template: str = "kit/verb_page.html",
    **context: Any,
) -> HttpResponse:
    """GET asks, POST does it: `action(record, actor=…, **cleaned)`, then back to the record.

    Where somebody changed the record since the form was shown, nothing is done: the page says who
    did what, and offers to go on. A verb that is not allowed answers with its reason.
    """
    decision = _decide(record, request.user, verb)
    if not decision.is_allowed:
        return refusal_page(request, Refused(decision.code, decision.sentence), back=record)
    meanwhile = []
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, actor=request.user, record=record)
        if request.POST.get("seen") == str(record.entry):
            if carried_out(form, action, record, actor=request.user):
                messages.success(
                    request,
                    _("%(number)s: “%(verb)s” is done.")
                    % {"number": record.number, "verb": decision.verb.label},
                )
                return redirect(record)
            if form.refusal is not None and form.refusal.code == "superseded":
                record.refresh_from_db()
        seen = request.POST.get("seen", "")
        if seen.isdecimal() and int(seen) != record.entry:
            meanwhile = timeline(record, since=int(seen))
    else:
        form = form_class(actor=request.user, record=record, initial=dict(initial or {}))
    return render(
        request,
        template,
        {
            "record": record,
            "kind": record._meta.verbose_name,
            "line": door.line(record.LINE),
            "crumbs": [*_crumbs(record), (record.get_absolute_url(), record.number)],
            "verb": decision.verb,
            "form": form,
            "meanwhile": meanwhile,
            **context,
        },
    )


def enter_page(
    request: HttpRequest,
    form_class: Callable[..., Any],
    action: Callable[..., Any],
    model: Any,
    *,
    title: Any = "",
    intro: Any = "",
    initial: Mapping[str, Any] | None = None,
    template: str = "kit/enter_page.html",
    **context: Any,
) -> HttpResponse:
    """The form for a new record: `action(actor=…, client_key=…, **cleaned)` returns the record.

    `client_key` makes a form sent twice one record. Who may enter is asked of the roles first; the
    action asks again.
    """
    if not may_enter(request.user, model.LINE):
        return refusal_page(
            request,
            Refused(
                "role",
                _(
                    "Your role does not enter records here. Ask a colleague who does, "
                    "or the system administrator for the role."
                ),
            ),
        )
    line = door.line(model.LINE)
    client_key = request.POST.get("client_key") or new_client_key()
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, actor=request.user)
        if carried_out(form, action, actor=request.user, client_key=client_key):
            messages.success(request, _("Entered as %(number)s.") % {"number": form.outcome.number})
            return redirect(form.outcome)
    else:
        form = form_class(actor=request.user, initial=dict(initial or {}))
    return render(
        request,
        template,
        {
            "title": title or _menu_label(line, request) or model._meta.verbose_name,
            "intro": intro,
            "kind": model._meta.verbose_name,
            "line": line,
            "form": form,
            "client_key": client_key,
            **context,
        },
    )


def carried_out(form: Any, action: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Whether the form was sent, was complete, and the action was carried out.

    `action(*args, **kwargs, **form.cleaned_data)`; what it returned is `form.outcome`. A refusal is
    shown at the field that it names, or above the form, and kept as `form.refusal`. A form that was
    sent twice is carried out once: its outcome is the record that was made the first time.
    """
    form.refusal = None
    if not form.is_valid():
        return False
    try:
        form.outcome = action(*args, **kwargs, **form.cleaned_data)
    except AlreadyEntered as before:
        form.outcome = before.record
    except Refused as refused:
        form.refusal = refused
        form.add_error(refused.where if refused.where in form.fields else None, str(refused))
        return False
    except CalendarMissing as missing:
        form.add_error(None, calendar_sentence(missing))
        return False
    return True


def new_client_key() -> str:
    """For the hidden field of a form for new records: sent twice, it makes one."""
    return str(uuid4())


def may_enter(user: Any, line: str) -> bool:
    """Whether the person enters new records in that line: a menu's question, not a permission."""
    return bool(ENTERS & user.roles(line))


def calendar_sentence(missing: CalendarMissing) -> str:
    """What to do when a due date falls into a year whose working days are not known yet."""
    return _(
        "The working days of %(year)s are not known here yet, so no due date can be given. "
        "Ask the system administrator to install the update that brings them."
    ) % {"year": missing.year}


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUS = {
    "role": 403,
    "scope": 403,
    "state": 409,
    "voided": 409,
    "superseded": 409,
    "too_often": 429,
}


def working_page(request: HttpRequest, title: str, sentence: str) -> HttpResponse | None:
    """A page that says what is under way for a few seconds, and asks for the result.

    None where the result itself is asked for.
    """
    if "ready" in request.GET:
        return None
    query = request.GET.copy()
    query["ready"] = "1"
    words = {"title": title, "sentence": sentence, "query": query.urlencode()}
    return render(request, "kit/working.html", words)


def refusal_page(request: HttpRequest, refused: Refused, *, back: Any = None) -> HttpResponse:
    """A page that says why something was not done, with the way back."""
    return render(
        request,
        "kit/refused.html",
        {"sentence": str(refused), "back": back.get_absolute_url() if back else ""},
        status=STATUS.get(refused.code, 422),
    )
