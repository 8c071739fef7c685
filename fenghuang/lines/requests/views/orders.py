"""Screens of work orders."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.terms import term
from fenghuang.kernel.worktime import Deadline
from fenghuang.kit.screens import (
    Choice,
    Days,
    InPlace,
    Part,
    Shown,
    YesNo,
    enter_page,
    record_list,
    record_or_404,
    record_page,
    verb_page,
)

from ..actions import orders as actions
from ..forms import orders as forms
from ..forms.public import PublishChecked
from ..models import WorkOrder
from ..queries.public import answer_shown
from ..rules.orders import Pressing
from ..states.orders import OPEN


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return record_list(
        request,
        WorkOrder.objects.visible_to(request.user).select_related("place", "unit"),
        columns=(
            "title",
            "category",
            "place",
            "unit",
            Shown("due_at", late=lambda one: one.unit_presses(now) == Pressing.LATE),
            Shown("promised_at", late=lambda one: one.promise_presses(now) == Pressing.LATE),
        ),
        filters=(
            Choice("state"),
            Choice("category"),
            Choice("channel"),
            Choice("level"),
            YesNo("open", _("Open"), when=Q(state__in=OPEN)),
            YesNo("late", _("Late"), when=Q(state__in=OPEN, due_at__lt=now)),
            Days("happened_on"),
            InPlace(),
        ),
        search=("text", "order_no"),
        title=term("work_orders"),
        enter="requests:raise_order",
        enter_label=_("Register a request"),
        nothing_yet=_("No order has been registered yet. Register the first request."),
    )


def _why(clock: str, start: str) -> Any:
    """Why it is due then: the days counted from that moment, by the limit in force."""

    def deadline(order: WorkOrder) -> Deadline | None:
        begun = getattr(order, start)
        return begun and actions.clock(clock, begun, order.level, order.category)

    return deadline


@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    now = timezone.now()
    found = record_or_404(
        WorkOrder.objects.visible_to(request.user).select_related(
            "place", "unit", "handler", "merged_into", "submitted_by", "verified_by"
        ),
        number,
    )
    was_extended = found.extension_decision == "agreed"
    return record_page(
        request,
        found,
        facts=(
            "text",
            "category",
            "kind",
            "level",
            "place",
            "where_exactly",
            "channel",
            "order_no",
            "contact_name",
            "contact",
            "registered_at",
            Shown(
                "promised_at",
                because=_why("promise", "registered_at"),
                late=lambda one: one.promise_presses(now) == Pressing.LATE,
            ),
            "unit",
            "handler",
            "dispatched_at",
            Shown(
                "due_at",
                because=None if was_extended else _why("handling", "dispatched_at"),
                late=lambda one: one.unit_presses(now) == Pressing.LATE,
            ),
            Shown("response_due_at", because=_why("response", "dispatched_at")),
            "contacted_at",
            "return_ground",
            "return_citation",
            "return_decision",
            "extension_reason",
            "extension_until",
            "extension_decision",
            "hold_cause",
            "hold_review_due_on",
            "refusal_ground",
            "turn_to",
            "result",
            "answer",
            "submitted_by",
            "verified_by",
            "closed_at",
            "was_on_time",
            "called_back_on",
            "solved",
            "satisfied",
            "merged_into",
            "exclusion_ground",
            "is_excluded",
        ),
        parts=(
            Part(
                term("order.merged"),
                records=found.merged.visible_to(request.user).standing(),
                columns=("title", "happened_on", "is_repeat"),
            ),
            Part(
                _("For residents"),
                template="requests/public/staff.html",
                context={"order": found, "is_answer_shown": bool(answer_shown(found))},
            ),
        ),
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
    visible = WorkOrder.objects.visible_to(request.user).select_related("place", "unit")
    found = record_or_404(visible, number)
    if verb not in VERBS:
        raise Http404(verb)
    form, action = VERBS[verb]
    return verb_page(request, found, verb, form, partial(action, now=timezone.now()))
