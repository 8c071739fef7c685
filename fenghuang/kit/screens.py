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
from typing import Any

from django.http import HttpRequest, HttpResponse

from fenghuang.kernel.worktime import Deadline


@dataclass(frozen=True)
class Shown:
    """One thing shown of a record, in a list or among its facts. A plain name is short for it.

    `name` is a field, property or dotted path; `label` is the field's own unless given; `value`
    computes it instead (what it returns is shown: text, number, date, record, SafeString).
    `because` answers the Deadline whose days explain a due date; `late` marks it as late.
    """

    name: str
    label: Any = ""
    value: Callable[[Any], Any] | None = None
    because: Callable[[Any], Deadline | None] | None = None
    late: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Choice:
    """Filter: one of a field's choices."""

    name: str
    label: Any = ""


@dataclass(frozen=True)
class Days:
    """Filter: from a day until a day, both inclusive."""

    name: str = "happened_on"
    label: Any = ""


@dataclass(frozen=True)
class InPlace:
    """Filter: in a community or grid, by where the record's place stood on the day it happened."""


@dataclass(frozen=True)
class YesNo:
    """Filter: a yes-or-no field; for a condition give `when` (a Q), and it is yes or anything."""

    name: str
    label: Any = ""
    when: Any = None


@dataclass(frozen=True)
class Part:
    """A part of a record's page below its facts: other records as a table, or a template of one's own.

    `enter` is the address (already reversed) of the form that adds one; shown when `may_enter`.
    """

    title: Any
    records: Iterable[Any] = ()
    columns: Sequence[str | Shown] = ()
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    nothing_yet: Any = ""
    enter: str = ""
    enter_label: Any = ""


def record_or_404(records: Any, number: str) -> Any:
    """The record of that number among these (already `visible_to` somebody), else 404."""
    raise NotImplementedError


def record_list(
    request: HttpRequest,
    records: Any,
    *,
    columns: Sequence[str | Shown],
    filters: Sequence[Choice | Days | InPlace | YesNo] = (),
    search: Sequence[str] = (),
    title: Any = "",
    intro: Any = "",
    due: str = "",
    ledger: str = "",
    enter: str = "",
    enter_label: Any = "",
    nothing_yet: Any = "",
    template: str = "kit/record_list.html",
    **context: Any,
) -> HttpResponse:
    """A list with search, filters, pages and export.

    `records` is a `visible_to` queryset (with its select_related). Number, state and link come by
    themselves; `columns` are the others. `search` names the text fields looked into; a whole number
    leads straight to the record. `due` names a date field that never is null, by which the list may
    be sorted too. `ledger` is the code for the export link, `enter` the address name of the form for
    a new one (shown to those who may). Withdrawn records are left out unless asked for.
    """
    raise NotImplementedError


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
    from the present state but is not allowed is shown with the reason.
    """
    raise NotImplementedError


def verb_page(
    request: HttpRequest,
    record: Any,
    verb: str,
    form_class: Callable[..., Any],
    action: Callable[..., Any],
    *,
    template: str = "kit/verb_page.html",
    **context: Any,
) -> HttpResponse:
    """GET asks, POST does it: `action(record, actor=…, **cleaned)`, then back to the record.

    Where somebody changed the record since the form was shown, nothing is done: the page says who
    did what, and offers to go on. A verb that is not allowed answers with its reason.
    """
    raise NotImplementedError


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
    raise NotImplementedError


def carried_out(form: Any, action: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Whether the form was sent, was complete, and the action was carried out.

    `action(*args, **kwargs, **form.cleaned_data)`; what it returned is `form.outcome`. A refusal is
    shown at the field that it names, or above the form.
    """
    raise NotImplementedError


def may_enter(user: Any, line: str) -> bool:
    """Whether the person enters new records in that line: a menu's question, not a permission."""
    raise NotImplementedError
