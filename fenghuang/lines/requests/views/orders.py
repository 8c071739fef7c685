"""Screens of work orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.records.models import local_day
from fenghuang.kernel.terms import term
from fenghuang.kernel.worktime import CalendarMissing, Deadline
from fenghuang.kit.screens import (
    Part,
    Shown,
    enter_page,
    record_or_404,
    record_page,
    signed_in,
    verb_page,
)
from fenghuang.kit.shown import NOTHING, days_away, facts

from ..actions import orders as actions
from ..forms import orders as forms
from ..forms.public import PublishChecked
from ..forms.templates import TAKES_TEXT
from ..models import WorkOrder
from ..permissions import may_see_contact, may_see_spot
from ..queries.public import answer_shown
from ..rules.orders import Pressing, is_stuck, used_up, was_on_time
from ..states.orders import OrderState as S
from .alike import same_matter
from .templates import first_values, offered


def _why(clock: str, start: str) -> Any:
    """Why it is due then: the days counted from that moment, by the limit in force."""

    def deadline(order: WorkOrder) -> Deadline | None:
        begun = getattr(order, start)
        return begun and actions.clock(clock, begun, order.level, order.category)

    return deadline


#: What comes next in each state, the likeliest first; the others stand behind.
NEXT: dict[str, tuple[str, ...]] = {
    S.REGISTERED: ("accept", "not_accept", "redirect", "answer", "merge"),
    S.ACCEPTED: ("file", "answer", "merge", "not_accept", "redirect"),
    S.FILED: ("dispatch", "merge", "redirect"),
    S.DISPATCHED: ("receive", "ask_return"),
    S.RECEIVED: (
        *("contact", "submit", "ask_return", "ask_extension", "hand_over"),
        *("grant_extension", "refuse_extension"),
    ),
    S.HANDLING: (
        *("submit", "contact", "ask_extension", "hand_over"),
        *("grant_extension", "refuse_extension"),
    ),
    S.RETURN_ASKED: ("agree_return", "refuse_return"),
    S.ON_HOLD: ("resume", "review_hold", "grant_extension", "refuse_extension"),
    S.SUBMITTED: ("verify", "send_back"),
    S.VERIFIED: ("close",),
    S.CLOSED: ("call_back", "record_try", "end_calling", "reopen"),
    S.CALLED_BACK: ("strike_off", "reopen", "archive"),
    S.STRUCK_OFF: ("archive", "reopen"),
    S.NOT_ACCEPTED: ("archive", "reopen"),
    S.REDIRECTED: ("archive", "reopen"),
    S.MERGED: ("unmerge",),
}

#: The way of an order, and on which step a state at its side stands.
WAY = (
    *(S.REGISTERED, S.ACCEPTED, S.FILED, S.DISPATCHED, S.RECEIVED, S.HANDLING),
    *(S.SUBMITTED, S.VERIFIED, S.CLOSED, S.CALLED_BACK),
)
BESIDE = {
    S.RETURN_ASKED: S.DISPATCHED,
    S.ON_HOLD: S.HANDLING,
    S.MERGED: S.ACCEPTED,
    S.NOT_ACCEPTED: S.REGISTERED,
    S.REDIRECTED: S.ACCEPTED,
    S.STRUCK_OFF: S.CALLED_BACK,
    S.ARCHIVED: S.CALLED_BACK,
}


@dataclass(frozen=True)
class Step:
    """A step of the way: behind, here, or still ahead."""

    label: Any
    is_behind: bool
    is_here: bool


def steps(order: WorkOrder) -> list[Step]:
    """The way of the order with the step on which it stands."""
    state = S(order.state)
    here = WAY.index(BESIDE.get(state, state))
    return [Step(one.label, place < here, place == here) for place, one in enumerate(WAY)]


@dataclass(frozen=True)
class Clock:
    """One of the two clocks: when it ends, how near that is in words, and how it came about."""

    title: Any
    due_at: datetime
    pressing: str  #: late, soon, fine; for a clock that stopped: kept, missed
    words: str
    used: int
    because: Deadline | None


def clocks(order: WorkOrder, now: datetime) -> list[Clock]:
    """The citizen's clock, and the unit's where one runs or ran."""
    was_extended = order.extension_decision == "agreed"
    found = [
        _clock(
            _("citizen’s clock"),
            order.promised_at,
            order.registered_at,
            order.promise_presses(now),
            order.closed_at,
            now,
            _why("promise", "registered_at")(order),
        )
    ]
    if order.due_at is not None and order.dispatched_at is not None:
        found.append(
            _clock(
                _("unit’s clock"),
                order.due_at,
                order.dispatched_at,
                order.unit_presses(now),
                order.closed_at,
                now,
                None if was_extended else _why("handling", "dispatched_at")(order),
            )
        )
    return found


def _clock(
    title: Any,
    due_at: datetime,
    began_at: datetime,
    pressing: Pressing | None,
    ended_at: datetime | None,
    now: datetime,
    because: Deadline | None,
) -> Clock:
    if pressing is None:
        in_time = ended_at is None or was_on_time(ended_at, due_at)
        words = gettext("ended in time") if in_time else gettext("ended late")
        used = used_up(ended_at or due_at, began_at, due_at)
        return Clock(title, due_at, "kept" if in_time else "missed", words, used, because)
    words = left_in_words(due_at, now)
    return Clock(title, due_at, pressing.value, words, used_up(now, began_at, due_at), because)


def left_in_words(due_at: datetime, now: datetime) -> str:
    """How far a moment is: in hours within the next day and the last, else in days."""
    hours = int(abs(due_at - now).total_seconds() // 3600)
    if hours >= 24:
        return days_away(local_day(due_at), local_day(now))
    if now > due_at:
        return ngettext("%(n)d hour late", "%(n)d hours late", hours) % {"n": hours}
    return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}


@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    """An order at a glance: clocks, step, what comes next, what was asked, who has it."""
    now, user = timezone.now(), signed_in(request)
    found = record_or_404(
        WorkOrder.objects.visible_to(user).select_related(
            *("place", "unit", "handler", "merged_into", "submitted_by", "verified_by"),
            *("return_asked_unit", "exclusion_asked_by", "excluded_by", "entered_by"),
        ),
        number,
    )
    helping = [str(unit) for unit in found.co_units.all()]
    sees_contact = may_see_contact(user, found)
    sees_spot = sees_contact or may_see_spot(user, found)
    return record_page(
        request,
        found,
        facts=(
            *("text", "place"),
            *(("where_exactly",) if sees_spot else ()),
            *(("contact_name", "contact") if sees_contact else ()),
            *("category", "kind", "level", "channel", "order_no", "registered_at"),
            *("unit", Shown("co_units", value=lambda _one: helping)),
            *("handler", "dispatched_at", "response_due_at", "contacted_at"),
            *("refusal_ground", "turn_to", "result", "answer", "submitted_by", "verified_by"),
            *("closed_at", "was_on_time", "called_back_on", "solved", "satisfied", "merged_into"),
        ),
        first_verbs=NEXT.get(found.state, ()),
        parts=(
            *_panels(found),
            *_callbacks(found),
            _merged(found, user),
            *same_matter(found, user),
            Part(
                _("For residents"),
                template="requests/public/staff.html",
                context={"order": found, "is_answer_shown": bool(answer_shown(found))},
            ),
        ),
        template="requests/order.html",
        next_verbs=NEXT.get(found.state, ()),
        steps=steps(found),
        clocks=clocks(found, now),
        stuck_since=found.moved_at if _is_stuck(found, now) else None,
        hides_contact=not sees_contact and bool(found.contact or found.contact_name),
        pin=(found.lat, found.lon) if found.lat is not None and sees_spot else None,
    )


def _is_stuck(order: WorkOrder, now: datetime) -> bool:
    try:
        return order.is_open and is_stuck(now, order.moved_at)
    except CalendarMissing:
        return False


def _panels(order: WorkOrder) -> Iterator[Part]:
    """Return, extension, hold and exclusion: each only where there is or was one."""
    panels = (
        (
            order.return_asked_on,
            _("return"),
            (
                "return_asked_unit",
                "return_asked_on",
                "return_ground",
                "return_citation",
                "return_decision",
                "return_decided_on",
            ),
        ),
        (
            order.extension_asked_at,
            _("more time"),
            ("extension_asked_at", "extension_reason", "extension_until", "extension_decision"),
        ),
        (order.held_on, _("hold"), ("held_on", "hold_cause", "hold_review_due_on")),
        (
            order.exclusion_ground,
            _("left out of the rates"),
            (
                "exclusion_ground",
                "exclusion_reason",
                "exclusion_asked_by",
                "is_excluded",
                "excluded_by",
            ),
        ),
    )
    for is_there, title, names in panels:
        if is_there:
            yield Part(
                title,
                template="requests/panel.html",
                context={"facts": [one for one in facts(order, names) if one.text != NOTHING]},
            )


def _callbacks(order: WorkOrder) -> Iterator[Part]:
    tries = list(order.callbacks.select_related("called_by").order_by("called_at"))
    if tries:
        yield Part(
            term("callback"), template="requests/callbacks.html", context={"callbacks": tries}
        )


def _merged(order: WorkOrder, user: Any) -> Part:
    return Part(
        term("order.merged"),
        records=order.merged.visible_to(user).standing(),
        columns=("title", "happened_on", "is_repeat"),
    )


@login_required
def raise_order(request: HttpRequest) -> HttpResponse:
    def enter(*, actor: Any, client_key: str, **facts: Any) -> WorkOrder:
        new = WorkOrder(street_id=facts["place"].street_id, client_key=client_key, **facts)
        return actions.raise_order(new, actor=actor, now=timezone.now())

    return enter_page(request, forms.NewOrder, enter, WorkOrder, title=_("Register a request"))


VERBS: dict[str, tuple[Any, Any]] = {
    "accept": (forms.Plain, actions.accept),
    "not_accept": (forms.NotAccept, actions.not_accept),
    "redirect": (forms.Redirect, actions.redirect),
    "answer": (forms.Answer, actions.answer),
    "file": (forms.File, actions.file),
    "dispatch": (forms.Dispatch, actions.dispatch),
    "receive": (forms.Plain, actions.receive),
    "ask_return": (forms.AskReturn, actions.ask_return),
    "agree_return": (forms.Plain, actions.agree_return),
    "refuse_return": (forms.Reason, actions.refuse_return),
    "contact": (forms.Contact, actions.contact),
    "ask_extension": (forms.AskExtension, actions.ask_extension),
    "grant_extension": (forms.GrantExtension, actions.grant_extension),
    "refuse_extension": (forms.Reason, actions.refuse_extension),
    "hold": (forms.Hold, actions.hold),
    "review_hold": (forms.ReviewHold, actions.review_hold),
    "resume": (forms.Reason, actions.resume),
    "submit": (forms.Submit, actions.submit),
    "verify": (forms.Verify, actions.verify),
    "send_back": (forms.Reason, actions.send_back),
    "close": (forms.Plain, actions.close),
    "call_back": (forms.CallBack, actions.call_back),
    "record_try": (forms.Try, actions.record_try),
    "end_calling": (forms.Plain, actions.end_calling),
    "reopen": (forms.Reason, actions.reopen),
    "merge": (forms.Merge, actions.merge),
    "unmerge": (forms.Reason, actions.unmerge),
    "strike_off": (forms.Plain, actions.strike_off),
    "archive": (forms.Plain, actions.archive),
    "ask_exclusion": (forms.AskExclusion, actions.ask_exclusion),
    "grant_exclusion": (forms.Plain, actions.grant_exclusion),
    "refuse_exclusion": (forms.Reason, actions.refuse_exclusion),
    "hand_over": (forms.HandOver, actions.hand_over),
    "add_co_unit": (forms.AddCoUnit, actions.add_co_unit),
    "publish": (PublishChecked, actions.publish),
}


@login_required
def order_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """A verb, with the reply templates for it; merging shows both orders before it asks."""
    visible = WorkOrder.objects.visible_to(request.user).select_related("place", "unit")
    found = record_or_404(visible, number)
    if verb not in VERBS:
        raise Http404(verb)
    form, action = VERBS[verb]
    texts = offered(found, verb)
    return verb_page(
        request,
        found,
        verb,
        form,
        partial(action, now=timezone.now()),
        initial=first_values(request, verb, texts),
        template="requests/merge.html" if verb == "merge" else "requests/order_verb.html",
        texts=texts,
        text_field=f"id_{TAKES_TEXT[verb]}" if texts else "",
        **(_compared(request, found) if verb == "merge" else {}),
    )


def _compared(request: HttpRequest, order: WorkOrder) -> dict[str, Any]:
    """Both orders side by side, where the other one was named and can be seen."""
    asked = request.GET.get("into") or request.POST.get("into") or ""
    form = forms.Merge({"into": asked} if asked else None, actor=request.user, record=order)
    if not form.is_valid():
        return {"asking": form, "other": None}
    other: WorkOrder = form.cleaned_data["into"]
    names = ("text", "place", "category", "state", "registered_at", "promised_at", "unit", "due_at")
    return {
        "asking": form,
        "other": other,
        "compared": [
            (mine.label, mine.text, theirs.text)
            for mine, theirs in zip(facts(order, names), facts(other, names), strict=True)
        ],
        "is_same_contact": bool(order.contact_hash) and order.contact_hash == other.contact_hash,
        "can_be_reached": bool(order.contact or order.email),
        "others": order.merged.standing().count(),
    }
