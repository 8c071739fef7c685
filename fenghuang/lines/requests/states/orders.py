"""The life of a work order (工单): from registration to the archive, with its side ways."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.people.roles import CONFIRMS, Role
from fenghuang.kernel.records.cycles import LifeCycle, Verb, check_second_person
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term

from ..rules import orders as rules

CENTRE = frozenset({Role.CENTRE})
HANDLES = frozenset(
    {Role.DEPARTMENT, Role.SECRETARY, Role.COMMUNITY_WORKER, Role.GRID_WORKER, Role.CENTRE}
)
LEADS = frozenset({Role.LEADER, Role.LINE_LEADER})


class OrderState(TextChoices):
    REGISTERED = "registered", term("order.registered")
    ACCEPTED = "accepted", term("order.accepted")
    FILED = "filed", term("order.filed")
    DISPATCHED = "dispatched", term("order.dispatched")
    RECEIVED = "received", term("order.received")
    HANDLING = "handling", term("order.handling")
    RETURN_ASKED = "return_asked", term("order.return_asked")
    ON_HOLD = "on_hold", term("order.on_hold")
    SUBMITTED = "submitted", term("order.submitted")
    VERIFIED = "verified", term("order.verified")
    CLOSED = "closed", term("order.closed")
    CALLED_BACK = "called_back", term("order.called_back")
    STRUCK_OFF = "struck_off", term("struck_off")
    ARCHIVED = "archived", term("order.archived")
    MERGED = "merged", term("order.merged")
    NOT_ACCEPTED = "not_accepted", term("disposition.not_accepted")
    REDIRECTED = "redirected", term("order.redirected")


S = OrderState

#: In the hands of a unit: its clock runs.
WITH_UNIT = (S.DISPATCHED, S.RECEIVED, S.HANDLING, S.RETURN_ASKED, S.ON_HOLD)
#: The work is not done yet, whoever has it.
OPEN = (S.REGISTERED, S.ACCEPTED, S.FILED, *WITH_UNIT, S.SUBMITTED, S.VERIFIED)
#: Nobody waits for anything any more.
OVER = (S.CALLED_BACK, S.STRUCK_OFF, S.ARCHIVED, S.NOT_ACCEPTED, S.REDIRECTED)


def _of_the_unit(order: Any, user: Any) -> None:
    """A department acts on what was dispatched to it, or what it helps with."""
    own = user.unit_ids
    if not own or order.unit_id in (None, *own) or Role.CENTRE in user.roles(order.LINE):
        return
    if not order.co_units.filter(pk__in=own).exists():
        raise Refused(
            "other_unit",
            _("This order lies with %(unit)s. Ask the governance centre to dispatch it to you.")
            % {"unit": order.unit},
        )


def _not_yet_returned(order: Any, user: Any) -> None:
    _of_the_unit(order, user)
    if order.return_decision:
        raise Refused(
            "returned_before",
            _("The centre has decided on a return of this order before; it may not be returned."),
        )


def _before_it_is_due(order: Any, user: Any) -> None:
    _of_the_unit(order, user)
    if order.extension_decision or order.extension_asked_at:
        raise Refused("extended_before", _("An extension can be asked for once only."))
    if order.due_at is None or (order.acts_at or timezone.now()) > order.due_at:
        raise Refused(
            "overdue", _("An extension must be asked for before the order is due. It is overdue.")
        )


def _extension_waits(order: Any, user: Any) -> None:
    if not order.extension_asked_at or order.extension_decision:
        raise Refused("nothing_asked", _("Nobody asks for more time at present."))


def _not_the_handler(order: Any, user: Any) -> None:
    """Neither the person who acts, nor a colleague whom that person stands in for today."""
    for person in (user.pk, *user.stood_in_for):
        check_second_person(order.submitted_by_id, person)
        check_second_person(order.handler_id, person)


def _independent(order: Any, user: Any) -> None:
    """Whoever calls back has neither handled nor belongs to the unit that did."""
    _not_the_handler(order, user)
    if order.unit_id in user.unit_ids:
        raise Refused(
            "own_unit",
            _("Your unit handled this order; somebody of another unit must call back."),
        )


def _called_often_enough(order: Any, user: Any) -> None:
    _independent(order, user)
    if not rules.may_end_calling(order.callbacks.values_list("called_at", flat=True)):
        raise Refused(
            "call_again",
            _("Try three times, on two different days at least, before you give up."),
        )


def _exclusion_waits(order: Any, user: Any) -> None:
    if not order.exclusion_ground or order.is_excluded:
        raise Refused("nothing_asked", _("Nobody asks for this order to be left out."))
    check_second_person(order.exclusion_asked_by_id, user.pk)


def _may_be_excluded(order: Any, user: Any) -> None:
    if order.exclusion_ground:
        raise Refused("asked_before", _("This was asked for already."))


def _stay(*states: OrderState) -> dict[str, str]:
    return {state: state for state in states}


def _lead(to: OrderState, *states: OrderState) -> dict[str, str]:
    return dict.fromkeys(states, to)


WORK_ORDER = LifeCycle(
    code="work_order",
    line="requests",
    state_field="state",
    states=dict(OrderState.choices),
    start=frozenset({S.REGISTERED}),
    verbs=(
        Verb(
            "accept",
            gettext_lazy("Accept"),
            _lead(S.ACCEPTED, S.REGISTERED),
            CENTRE,
            explains=gettext_lazy("It is a matter for the street; it will be handled."),
        ),
        Verb(
            "not_accept",
            gettext_lazy("Do not accept"),
            _lead(S.NOT_ACCEPTED, S.REGISTERED, S.ACCEPTED),
            CENTRE,
            explains=gettext_lazy(
                "Not a matter for the street: on which ground, and where to turn instead."
            ),
            is_grave=True,
        ),
        Verb(
            "redirect",
            gettext_lazy("Point to the statutory way"),
            _lead(S.REDIRECTED, S.REGISTERED, S.ACCEPTED, S.FILED),
            CENTRE,
            explains=gettext_lazy("The law has a way of its own for this: say which."),
            is_grave=True,
        ),
        Verb(
            "answer",
            gettext_lazy("Answer at once"),
            _lead(S.CLOSED, S.REGISTERED, S.ACCEPTED),
            CENTRE,
            explains=gettext_lazy("The centre can answer it itself; nobody need be sent."),
        ),
        Verb(
            "file",
            gettext_lazy("File the case"),
            _lead(S.FILED, S.ACCEPTED),
            CENTRE,
            explains=gettext_lazy("Kind, category and level are settled."),
        ),
        Verb(
            "dispatch",
            gettext_lazy("Dispatch"),
            _lead(S.DISPATCHED, S.FILED),
            CENTRE,
            explains=gettext_lazy("A unit takes the lead; others may help. Its clock starts."),
        ),
        Verb(
            "receive",
            gettext_lazy("Receive"),
            _lead(S.RECEIVED, S.DISPATCHED),
            HANDLES,
            guard=_of_the_unit,
            limit="receive",
            explains=gettext_lazy("Your unit takes it on."),
        ),
        Verb(
            "ask_return",
            gettext_lazy("Ask to return it"),
            _lead(S.RETURN_ASKED, S.DISPATCHED, S.RECEIVED),
            HANDLES,
            guard=_not_yet_returned,
            limit="receive",
            explains=gettext_lazy(
                "It is not your unit’s: on which ground, by which rule. Once only."
            ),
            is_grave=True,
        ),
        Verb(
            "agree_return",
            gettext_lazy("Agree to the return"),
            _lead(S.FILED, S.RETURN_ASKED),
            CENTRE,
            explains=gettext_lazy("The unit is right; dispatch it to another."),
        ),
        Verb(
            "refuse_return",
            gettext_lazy("Refuse the return"),
            _lead(S.RECEIVED, S.RETURN_ASKED),
            CENTRE,
            explains=gettext_lazy("The unit handles it; it can’t be returned any more."),
        ),
        Verb(
            "contact",
            gettext_lazy("Record a talk with the appellant"),
            _lead(S.HANDLING, S.RECEIVED, S.HANDLING),
            HANDLES,
            guard=_of_the_unit,
            limit="response",
            explains=gettext_lazy("You spoke with whoever raised it: what was said?"),
        ),
        Verb(
            "ask_extension",
            gettext_lazy("Ask for more time"),
            _stay(S.RECEIVED, S.HANDLING),
            HANDLES,
            guard=_before_it_is_due,
            explains=gettext_lazy("More time, once, asked for before it is due."),
        ),
        Verb(
            "grant_extension",
            gettext_lazy("Grant more time"),
            _stay(S.RECEIVED, S.HANDLING, S.ON_HOLD),
            CENTRE,
            guard=_extension_waits,
            explains=gettext_lazy("The appellant was told until when."),
        ),
        Verb(
            "refuse_extension",
            gettext_lazy("Refuse more time"),
            _stay(S.RECEIVED, S.HANDLING, S.ON_HOLD),
            CENTRE,
            guard=_extension_waits,
            explains=gettext_lazy("The due date stays."),
        ),
        Verb(
            "hold",
            gettext_lazy("Put on hold"),
            _lead(S.ON_HOLD, S.RECEIVED, S.HANDLING),
            LEADS,
            explains=gettext_lazy(
                "It can’t be solved now: with the cause in writing. It stays open in every rate."
            ),
            is_grave=True,
        ),
        Verb(
            "review_hold",
            gettext_lazy("Review the hold"),
            _stay(S.ON_HOLD),
            CENTRE | LEADS,
            limit="hold_review",
            explains=gettext_lazy("Is the cause still there? Looked at each quarter."),
        ),
        Verb(
            "resume",
            gettext_lazy("Take up again"),
            _lead(S.HANDLING, S.ON_HOLD),
            CENTRE | LEADS,
            explains=gettext_lazy("The cause is gone; the unit goes on."),
        ),
        Verb(
            "submit",
            gettext_lazy("Submit the result"),
            _lead(S.SUBMITTED, S.RECEIVED, S.HANDLING),
            HANDLES,
            guard=_of_the_unit,
            limit="handling",
            explains=gettext_lazy("What was done, and the answer for whoever raised it."),
        ),
        Verb(
            "verify",
            gettext_lazy("Verify on the spot"),
            _lead(S.VERIFIED, S.SUBMITTED),
            CONFIRMS,
            guard=_not_the_handler,
            explains=gettext_lazy("You looked on the spot, and it is as the unit says."),
        ),
        Verb(
            "send_back",
            gettext_lazy("Send back to be redone"),
            _lead(S.HANDLING, S.SUBMITTED),
            CONFIRMS,
            guard=_not_the_handler,
            explains=gettext_lazy("It is not done yet: say what is missing."),
            is_grave=True,
        ),
        Verb(
            "close",
            gettext_lazy("Close the case"),
            _lead(S.CLOSED, S.VERIFIED),
            CENTRE,
            explains=gettext_lazy("The case is closed, with all that were merged into it."),
        ),
        Verb(
            "call_back",
            gettext_lazy("Record the callback"),
            _lead(S.CALLED_BACK, S.CLOSED),
            CENTRE,
            guard=_independent,
            limit="callback",
            explains=gettext_lazy("Is it solved, and is the appellant satisfied?"),
        ),
        Verb(
            "record_try",
            gettext_lazy("Not reached"),
            _stay(S.CLOSED),
            CENTRE,
            guard=_independent,
            limit="callback",
            explains=gettext_lazy("Nobody answered; try again another day."),
        ),
        Verb(
            "end_calling",
            gettext_lazy("End the callback: not reached"),
            _lead(S.CALLED_BACK, S.CLOSED),
            CENTRE,
            guard=_called_often_enough,
            explains=gettext_lazy("Three tries on two days, and nobody was reached."),
        ),
        Verb(
            "reopen",
            gettext_lazy("Reopen the case"),
            {
                S.CLOSED: S.FILED,
                S.CALLED_BACK: S.FILED,
                S.STRUCK_OFF: S.FILED,
                S.NOT_ACCEPTED: S.REGISTERED,
                S.REDIRECTED: S.REGISTERED,
            },
            CENTRE,
            explains=gettext_lazy("It is not solved after all. The citizen’s clock runs on."),
            is_grave=True,
        ),
        Verb(
            "merge",
            gettext_lazy("Merge into another order"),
            _lead(S.MERGED, S.REGISTERED, S.ACCEPTED, S.FILED),
            CENTRE,
            explains=gettext_lazy(
                "The same matter is handled already; each appellant is answered and called back."
            ),
        ),
        Verb(
            "unmerge",
            gettext_lazy("Take out of the merger"),
            _lead(S.ACCEPTED, S.MERGED),
            CENTRE,
            explains=gettext_lazy("It is another matter after all."),
        ),
        Verb(
            "strike_off",
            gettext_lazy("Strike off the order"),
            _lead(S.STRUCK_OFF, S.CALLED_BACK),
            CONFIRMS,
            guard=_not_the_handler,
            explains=gettext_lazy("Closed, verified and answered: you sign for it."),
        ),
        Verb(
            "archive",
            gettext_lazy("Archive"),
            _lead(S.ARCHIVED, S.CALLED_BACK, S.STRUCK_OFF, S.NOT_ACCEPTED, S.REDIRECTED),
            CENTRE,
            explains=gettext_lazy("Contact data are erased on their day."),
        ),
        Verb(
            "ask_exclusion",
            gettext_lazy("Ask to leave it out of the rates"),
            _stay(S.CLOSED, S.CALLED_BACK, S.STRUCK_OFF),
            HANDLES,
            guard=_may_be_excluded,
            explains=gettext_lazy("It should not count in the rates: why? Somebody else decides."),
        ),
        Verb(
            "grant_exclusion",
            gettext_lazy("Leave it out of the rates"),
            _stay(S.CLOSED, S.CALLED_BACK, S.STRUCK_OFF),
            CENTRE | LEADS | {Role.CHECKER},
            guard=_exclusion_waits,
            explains=gettext_lazy("It is left out of the rates, and shown as left out."),
            is_grave=True,
        ),
        Verb(
            "refuse_exclusion",
            gettext_lazy("Keep it in the rates"),
            _stay(S.CLOSED, S.CALLED_BACK, S.STRUCK_OFF),
            CENTRE | LEADS | {Role.CHECKER},
            guard=_exclusion_waits,
            explains=gettext_lazy("It counts like every other."),
        ),
        Verb(
            "hand_over",
            gettext_lazy("Hand over to a colleague"),
            _stay(S.DISPATCHED, S.RECEIVED, S.HANDLING),
            HANDLES,
            guard=_of_the_unit,
            explains=gettext_lazy("A colleague of the unit takes it on."),
        ),
        Verb(
            "add_co_unit",
            gettext_lazy("Add a unit that helps"),
            _stay(S.DISPATCHED, S.RECEIVED, S.HANDLING),
            CENTRE,
            explains=gettext_lazy("Another unit helps; the first receiver keeps the lead."),
        ),
        Verb(
            "publish",
            gettext_lazy("Decide what is published"),
            _stay(*S),
            CENTRE,
            explains=gettext_lazy("What everybody may read: without names, doors and numbers."),
        ),
    ),
)
