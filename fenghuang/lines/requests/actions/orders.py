"""The verbs of a work order. Each checks the life cycle, changes the order and journals it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.journal import write
from fenghuang.kernel.people.actions import system_account
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.records.models import local_day
from fenghuang.kernel.records.parameters import NoParameter, limit_on
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import LOCAL_ZONE, Deadline, Limit, StartRule

from ..models import Callback, Duty, WorkOrder
from ..models.orders import Decision
from ..permissions import check_may_enter, roles_at
from ..rules import orders as rules
from ..states.orders import OPEN, OrderState

LIMITS = Path(__file__).parents[1] / "parameters" / "orders.toml"


def clock(name: str, start: datetime, level: str, category: str) -> Deadline:
    """When the clock of that name ends for such an order, and why: by the limit then in force."""
    return _ends(start, _limit(name, level, category, local_day(start)))


def _ends(start: datetime, limit: Limit) -> Deadline:
    """Days count from the next day, so that all orders of one day end together."""
    if limit.start_rule is StartRule.NEXT_DAY:
        return _ends_from_day(local_day(start), limit)
    return rules.ends(start, limit)


@lru_cache(maxsize=10_000)
def _ends_from_day(day: date, limit: Limit) -> Deadline:
    return rules.ends(datetime.combine(day, time.min, tzinfo=LOCAL_ZONE), limit)


@cache
def _limit(name: str, level: str, category: str, day: date) -> Limit:
    for code in rules.limit_codes(name, level, category):
        try:
            return limit_on(LIMITS, code, day)
        except NoParameter:
            continue
    raise NoParameter(f"{LIMITS.name} has no row for {name}.{level} in force on {day}")


@cache
def _plain_limit(code: str, day: date) -> Limit:
    return limit_on(LIMITS, code, day)


def _until(code: str, start: datetime) -> date:
    return _ends(start, _plain_limit(code, local_day(start))).on


def _check_said(text: str, field: str) -> None:
    if not text.strip():
        raise Refused("reason_missing", _("Please write a sentence that says why."), where=field)


def _go(
    order: WorkOrder,
    verb: str,
    *,
    actor: User,
    now: datetime,
    ground: str = "",
    op: str = "fix",
    many: dict[str, Sequence[Any]] | None = None,
    **values: Any,
) -> WorkOrder:
    """Carry out a verb of the life cycle, if this person may now."""
    target = WorkOrder.CYCLE.check(verb, order, actor, roles_at(actor, order.place_id))
    return records.change(
        order,
        verb,
        actor=actor,
        ground=ground,
        op=op,
        many=many,
        state=target,
        moved_at=now,
        **values,
    )


# --- raised


def _register(order: WorkOrder, now: datetime) -> None:
    order.registered_at = order.registered_at or now
    if order.registered_at > now:
        raise Refused(
            "future",
            _("This moment lies in the future. Enter when it was raised."),
            where="registered_at",
        )
    order.happened_on = local_day(order.registered_at)
    order.moved_at = now
    start = order.registered_at
    order.promised_at = clock("promise", start, order.level, order.category).at
    _set_contact(order)


def _set_contact(order: WorkOrder) -> None:
    order.contact_hash = rules.contact_hash(
        order.contact or order.email, settings.SECRET_KEY.encode(), order.happened_on.year
    )
    if any(getattr(order, name) for name in WorkOrder.PERSONAL):
        order.personal_purge_on = _until("contact_open", order.registered_at)
    if order.exactly_at:
        lon, lat = (float(part) for part in order.exactly_at.split(","))
        order.lon, order.lat = (Decimal(f"{part:.3f}") for part in rules.shown_point(lon, lat))


@contextmanager
def _each_number_once(orders: Sequence[WorkOrder]) -> Iterator[None]:
    """A number of the hotline stands once a street: say which is in the books already.

    The database holds to it where two enter one at the same moment.
    """
    numbers = [order.order_no for order in orders if order.order_no]
    if numbers:
        twice = [number for number, count in Counter(numbers).items() if count > 1]
        _refuse_taken(twice or _taken(orders[0].street_id, numbers))
    try:
        yield
    except IntegrityError:
        _refuse_taken(_taken(orders[0].street_id, numbers))
        raise


def _taken(street: UUID, numbers: Sequence[str]) -> list[str]:
    held = WorkOrder.objects.standing().filter(street=street, order_no__in=numbers)
    return list(held.values_list("order_no", flat=True)[:1])


def _refuse_taken(numbers: Sequence[str]) -> None:
    for number in numbers[:1]:
        raise _number_taken(number)


def _number_taken(number: str) -> Refused:
    return Refused(
        "order_no_taken",
        _("The order %(number)s is in the books already. Look it up by its number.")
        % {"number": number},
        where="order_no",
    )


def raise_order(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """Register a request that came by hotline, telephone, at the counter or on a round."""
    check_may_enter(actor, order.place)
    _register(order, now)
    with _each_number_once([order]):
        return records.enter(order, actor=actor, verb="register")


def raise_publicly(order: WorkOrder, *, now: datetime) -> WorkOrder:
    """Register what a resident or another system sent: nobody of the office stands behind it."""
    _register(order, now)
    return records.enter(order, actor=system_account(), verb="register")


def raise_orders(orders: Sequence[WorkOrder], *, actor: User, now: datetime) -> None:
    """Register a batch of requests: all of them or none."""
    check_may_enter(actor, *{order.place_id: order.place for order in orders}.values())
    for order in orders:
        _register(order, now)
    with _each_number_once(orders):
        records.enter_all(orders, actor=actor, verb="register")


# --- entered with what became of them


def count_clocks(order: WorkOrder, *, today: date) -> WorkOrder:
    """Set what follows from the days of an order that a ledger tells: its clocks, and if it was
    closed in time. A limit that the ledger names goes before the house's own.

    CalendarMissing where a day is needed whose calendar is not settled.
    """
    start, level, category = order.registered_at, order.level, order.category
    order.happened_on = local_day(start)
    order.promised_at = order.promised_at or clock("promise", start, level, category).at
    if order.dispatched_at is not None:
        response = clock("response", order.dispatched_at, level, category)
        handling = order.due_at or clock("handling", order.dispatched_at, level, category).at
        order.dispatched_on = local_day(order.dispatched_at)
        order.response_due_at, order.response_due_on = response.at, response.on
        order.due_at = order.extension_until or handling
        order.due_on = local_day(order.due_at)
        order.rule_version = rules.VERSION
    if order.extension_until is not None:
        order.extension_decision = Decision.AGREED
    _set_contact(order)
    if order.closed_at is not None:
        _take_closing(order, order.closed_at)
    if order.personal_purge_on is not None and order.personal_purge_on <= today:
        for name in WorkOrder.PERSONAL:
            setattr(order, name, "")
        order.personal_purge_on = None
    moments = (order.closed_at, order.received_at, order.dispatched_at, start)
    order.moved_at = next(moment for moment in moments if moment is not None)
    return order


def _take_closing(order: WorkOrder, closed_at: datetime) -> None:
    for name, value in _closing(order, closed_at).items():
        setattr(order, name, value)


def enter_orders(orders: Sequence[WorkOrder], *, actor: User, batch: UUID) -> None:
    """Enter orders from a ledger, with what became of them, all or none, under one batch."""
    check_may_enter(actor, *{order.place_id: order.place for order in orders}.values())
    today = timezone.localdate()
    for order in orders:
        if order.promised_at is None:
            count_clocks(order, today=today)
        order.batch, order.source = batch, order.Source.IMPORT
    records.enter_all(orders, actor=actor, verb="import")


# --- taken on, or not


def accept(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """It is a matter for the street."""
    return _go(order, "accept", actor=actor, now=now)


def not_accept(
    order: WorkOrder, *, actor: User, now: datetime, ground: str, turn_to: str, answer: str
) -> WorkOrder:
    """Not a matter for the street: on a ground from the list, with where to turn instead."""
    _check_said(answer, "answer")
    _check_said(turn_to, "turn_to")
    return _go(
        order,
        "not_accept",
        actor=actor,
        now=now,
        ground=answer,
        refusal_ground=ground,
        turn_to=turn_to,
        answer=answer,
        personal_purge_on=_purge_day(order, now),
    )


def redirect(
    order: WorkOrder, *, actor: User, now: datetime, turn_to: str, answer: str
) -> WorkOrder:
    """The law has a way of its own for it (转法定途径): which, and what to do first."""
    _check_said(turn_to, "turn_to")
    _check_said(answer, "answer")
    return _go(
        order,
        "redirect",
        actor=actor,
        now=now,
        ground=answer,
        turn_to=turn_to,
        answer=answer,
        personal_purge_on=_purge_day(order, now),
    )


def answer(order: WorkOrder, *, actor: User, now: datetime, answer: str) -> WorkOrder:
    """The centre answers it itself; it is closed, and called back like every other."""
    _check_said(answer, "answer")
    return _go(
        order,
        "answer",
        actor=actor,
        now=now,
        answer=answer,
        result=WorkOrder.Result.EXPLAINED,
        submitted_at=now,
        submitted_by=actor,
        **_closing(order, now),
    )


def file(
    order: WorkOrder, *, actor: User, now: datetime, kind: str, category: str, level: str
) -> WorkOrder:
    """Kind, category and level are settled. The citizen's clock is set anew from registration."""
    promised_at = clock("promise", order.registered_at, level, category).at
    return _go(
        order,
        "file",
        actor=actor,
        now=now,
        kind=kind,
        category=category,
        level=level,
        promised_at=promised_at,
    )


# --- dispatched, received, returned


def dispatch(
    order: WorkOrder,
    *,
    actor: User,
    now: datetime,
    unit: Unit,
    co_units: Sequence[Unit] = (),
    handler: User | None = None,
    reason: str = "",
) -> WorkOrder:
    """Give it to the unit that leads, with others that help. The unit's clocks start now.

    Off the unit's duty list it needs a reason; a unit without a list is not asked.
    Source: Beijing Regulation on Handling Complaints 14 (首接负责制).
    """
    _check_duty(order, unit, reason, local_day(now))
    response = clock("response", now, order.level, order.category)
    handling = clock("handling", now, order.level, order.category)
    return _go(
        order,
        "dispatch",
        actor=actor,
        now=now,
        ground=reason,
        many={"co_units": [one for one in co_units if one != unit]},
        unit=unit,
        handler=handler,
        dispatched_at=now,
        dispatched_on=local_day(now),
        response_due_at=response.at,
        response_due_on=response.on,
        due_at=handling.at,
        due_on=handling.on,
        received_at=None,
        contacted_at=None,
        was_response_on_time=None,
        rule_version=rules.VERSION,
    )


def _check_duty(order: WorkOrder, unit: Unit, reason: str, day: date) -> None:
    listed = set(Duty.objects.valid_on(day).filter(unit=unit).values_list("category", flat=True))
    if listed and order.category not in listed and not reason.strip():
        raise Refused(
            "not_on_duty_list",
            _(
                "“%(category)s” is not on the duty list of %(unit)s. "
                "Choose another unit, or say why it should handle this."
            )
            % {"category": order.get_category_display(), "unit": unit},
            where="reason",
        )


def receive(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """The unit takes it on."""
    return _go(order, "receive", actor=actor, now=now, received_at=now)


def ask_return(
    order: WorkOrder, *, actor: User, now: datetime, ground: str, citation: str, reason: str
) -> WorkOrder:
    """The unit holds that it is not its own: on which ground, by which rule. Once only."""
    _check_said(citation, "citation")
    _check_said(reason, "reason")
    return _go(
        order,
        "ask_return",
        actor=actor,
        now=now,
        ground=reason,
        return_ground=ground,
        return_citation=citation,
        return_asked_on=local_day(now),
        return_asked_unit=order.unit,
    )


def agree_return(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """The unit is right: another will get it. Its clock ends; the citizen's goes on."""
    return _go(
        order,
        "agree_return",
        actor=actor,
        now=now,
        return_decision=Decision.AGREED,
        return_decided_on=local_day(now),
        **_WITHOUT_UNIT,
    )


_WITHOUT_UNIT: dict[str, Any] = {
    "unit": None,
    "handler": None,
    "dispatched_at": None,
    "response_due_at": None,
    "response_due_on": None,
    "due_at": None,
    "due_on": None,
    "received_at": None,
}


def refuse_return(order: WorkOrder, *, actor: User, now: datetime, reason: str) -> WorkOrder:
    """The unit handles it, and may not return it again. Source: Weifang regulation 22."""
    _check_said(reason, "reason")
    return _go(
        order,
        "refuse_return",
        actor=actor,
        now=now,
        ground=reason,
        return_decision=Decision.REFUSED,
        return_decided_on=local_day(now),
        received_at=now,
    )


# --- handled


def contact(order: WorkOrder, *, actor: User, now: datetime, note: str) -> WorkOrder:
    """The unit spoke with the appellant. The first time decides if the response was in time."""
    _check_said(note, "note")
    first: dict[str, Any] = {}
    if order.contacted_at is None:
        due_at = order.response_due_at
        in_time = due_at is not None and rules.was_on_time(now, due_at)
        first = {"contacted_at": now, "was_response_on_time": in_time}
    return _go(order, "contact", actor=actor, now=now, ground=note, **first)


def hand_over(
    order: WorkOrder, *, actor: User, now: datetime, handler: User, note: str = ""
) -> WorkOrder:
    """A colleague takes it on. The clocks run on."""
    return _go(order, "hand_over", actor=actor, now=now, ground=note, handler=handler)


def add_co_unit(order: WorkOrder, *, actor: User, now: datetime, unit: Unit) -> WorkOrder:
    """Another unit helps; whoever received it first keeps the lead."""
    if unit.pk == order.unit_id:
        raise Refused("leads", _("This unit leads already."), where="unit")
    helping = [*order.co_units.all(), unit]
    return _go(order, "add_co_unit", actor=actor, now=now, many={"co_units": helping})


def ask_extension(
    order: WorkOrder, *, actor: User, now: datetime, until: date, reason: str
) -> WorkOrder:
    """Ask for more time, once, before it is due, by no more than the original time."""
    _check_said(reason, "reason")
    wanted = datetime.combine(until, _END_OF_DAY, tzinfo=LOCAL_ZONE)
    order.acts_at = now
    WorkOrder.CYCLE.check("ask_extension", order, actor, roles_at(actor, order.place_id))
    assert order.dispatched_at is not None and order.due_at is not None
    latest = rules.latest_extension(order.dispatched_at, order.due_at)
    if wanted <= order.due_at:
        raise Refused(
            "no_extension", _("It is due on %(day)s anyway.") % {"day": order.due_on}, where="until"
        )
    if local_day(wanted) > local_day(latest):
        raise Refused(
            "too_long",
            _("It can be extended until %(day)s at most.") % {"day": local_day(latest)},
            where="until",
        )
    return _go(
        order,
        "ask_extension",
        actor=actor,
        now=now,
        ground=reason,
        extension_asked_at=now,
        extension_reason=reason,
        extension_until=wanted,
    )


_END_OF_DAY = time.max


def grant_extension(order: WorkOrder, *, actor: User, now: datetime, told: str) -> WorkOrder:
    """Agree, and say how the appellant was told. Only the unit's clock moves.

    It counts although granted after the old day, because it was asked for before.
    """
    if order.contact or order.email:
        _check_said(told, "told")
    until = order.extension_until
    return _go(
        order,
        "grant_extension",
        actor=actor,
        now=now,
        ground=told,
        extension_decision=Decision.AGREED,
        extended_on=local_day(now),
        due_at=until or order.due_at,
        due_on=local_day(until) if until else order.due_on,
    )


def refuse_extension(order: WorkOrder, *, actor: User, now: datetime, reason: str) -> WorkOrder:
    """The due date stays."""
    _check_said(reason, "reason")
    return _go(
        order,
        "refuse_extension",
        actor=actor,
        now=now,
        ground=reason,
        extension_decision=Decision.REFUSED,
    )


def hold(order: WorkOrder, *, actor: User, now: datetime, cause: str) -> WorkOrder:
    """It can't be solved now (挂账): cause in writing, reviewed each quarter, open still."""
    _check_said(cause, "cause")
    return _go(
        order,
        "hold",
        actor=actor,
        now=now,
        ground=cause,
        hold_cause=cause,
        held_on=local_day(now),
        hold_ended_on=None,
        hold_review_due_on=_until("hold_review", now),
    )


def review_hold(order: WorkOrder, *, actor: User, now: datetime, finding: str) -> WorkOrder:
    """The cause is still there; looked at again next quarter."""
    _check_said(finding, "finding")
    return _go(
        order,
        "review_hold",
        actor=actor,
        now=now,
        ground=finding,
        hold_review_due_on=_until("hold_review", now),
    )


def resume(order: WorkOrder, *, actor: User, now: datetime, reason: str) -> WorkOrder:
    """The cause is gone; the unit goes on. Its due date is what it was."""
    _check_said(reason, "reason")
    return _go(
        order,
        "resume",
        actor=actor,
        now=now,
        ground=reason,
        hold_ended_on=local_day(now),
        hold_review_due_on=None,
    )


def submit(order: WorkOrder, *, actor: User, now: datetime, result: str, answer: str) -> WorkOrder:
    """What was done, and the answer. An appellant who left a contact must have been spoken with."""
    _check_said(answer, "answer")
    if (order.contact or order.email) and order.contacted_at is None and order.is_open:
        WorkOrder.CYCLE.check("submit", order, actor, roles_at(actor, order.place_id))
        raise Refused(
            "not_contacted",
            _("Whoever raised it left a contact. Speak with them first, and record it."),
        )
    return _go(
        order,
        "submit",
        actor=actor,
        now=now,
        result=result,
        answer=answer,
        submitted_at=now,
        submitted_by=actor,
        verified_on=None,
        verified_by=None,
    )


def verify(order: WorkOrder, *, actor: User, now: datetime, finding: str = "") -> WorkOrder:
    """A second person looked on the spot: it is as the unit says."""
    return _go(
        order,
        "verify",
        actor=actor,
        now=now,
        op="approve",
        ground=finding,
        verified_on=local_day(now),
        verified_by=actor,
    )


def send_back(order: WorkOrder, *, actor: User, now: datetime, reason: str) -> WorkOrder:
    """It is not done yet. The unit's clock has not stopped meanwhile."""
    _check_said(reason, "reason")
    return _go(order, "send_back", actor=actor, now=now, ground=reason, result="")


# --- closed, called back, struck off


def _closing(order: WorkOrder, now: datetime) -> dict[str, Any]:
    on_time = None if order.due_at is None else rules.was_on_time(now, order.due_at)
    return {
        "closed_at": now,
        "closed_on": local_day(now),
        "was_on_time": on_time,
        "rule_version": rules.VERSION,
        "callback_due_on": _until("callback", now),
        "personal_purge_on": _purge_day(order, now),
    }


def _purge_day(order: WorkOrder, now: datetime) -> date | None:
    """Contact data go six months after the answer, and in no case later than they were to."""
    if order.personal_purge_on is None:
        return None
    return min(order.personal_purge_on, _until("contact_closed", now))


def close(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """The case is closed, with all that were merged into it: each of them is called back too."""
    with transaction.atomic():
        _go(order, "close", actor=actor, now=now, **_closing(order, now))
        for other in order.merged.filter(state=OrderState.MERGED, voided_at=None):
            _close_with(other, order, actor, now)
    return order


def _close_with(order: WorkOrder, lead: WorkOrder, actor: User, now: datetime) -> None:
    """Close a merged order with the answer of the one in which the matter was handled."""
    records.change(
        order,
        "close_with_lead",
        actor=actor,
        state=OrderState.CLOSED,
        moved_at=now,
        result=lead.result,
        answer=lead.answer,
        **_closing(order, now),
    )


def call_back(
    order: WorkOrder,
    *,
    actor: User,
    now: datetime,
    solved: str,
    satisfied: str,
    through: str = Callback.Through.PHONE,
    note: str = "",
) -> WorkOrder:
    """The appellant was reached, by somebody who did not handle it, and says how it is."""
    return _called(order, "call_back", actor, now, solved, satisfied, through, note)


def _called(
    order: WorkOrder,
    verb: str,
    actor: User,
    now: datetime,
    solved: str,
    satisfied: str,
    through: str,
    note: str,
) -> WorkOrder:
    with transaction.atomic():
        _go(
            order,
            verb,
            actor=actor,
            now=now,
            called_back_on=local_day(now),
            was_reached=True,
            solved=solved,
            satisfied=satisfied,
        )
        _keep_try(order, actor, now, through, note, reached=True, said=(solved, satisfied))
    return order


def record_try(order: WorkOrder, *, actor: User, now: datetime, note: str = "") -> WorkOrder:
    """Nobody was reached this time."""
    with transaction.atomic():
        _go(order, "record_try", actor=actor, now=now, ground=note)
        _keep_try(order, actor, now, Callback.Through.PHONE, note, reached=False)
    return order


def _keep_try(
    order: WorkOrder,
    actor: User,
    now: datetime,
    through: str,
    note: str,
    *,
    reached: bool,
    said: tuple[str, str] = ("", ""),
) -> None:
    solved, satisfied = said
    tried = Callback(
        street_id=order.street_id,
        order=order,
        called_at=now,
        called_by=actor,
        through=through,
        was_reached=reached,
        solved=solved,
        satisfied=satisfied,
        note=note,
    )
    write.add(tried, by=actor.pseudonym, notes={"@verb": "call_back"})


def end_calling(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """Three tries on two days, and nobody was reached: left out of the two rates, and shown so."""
    return _go(
        order,
        "end_calling",
        actor=actor,
        now=now,
        called_back_on=local_day(now),
        was_reached=False,
    )


def answer_by_link(
    order: WorkOrder, *, now: datetime, solved: str, satisfied: str, note: str = ""
) -> WorkOrder:
    """The appellant answers by the signed link, once: it stands for the callback."""
    if order.state != OrderState.CLOSED or order.voided_at is not None:
        raise Refused(
            "answered_before",
            _("There is nothing to answer now: it was answered before, or is not finished yet."),
        )
    actor = system_account()
    with transaction.atomic():
        records.change(
            order,
            "answer_by_link",
            actor=actor,
            state=OrderState.CALLED_BACK,
            moved_at=now,
            called_back_on=local_day(now),
            was_reached=True,
            solved=solved,
            satisfied=satisfied,
        )
        said = (solved, satisfied)
        _keep_try(order, actor, now, Callback.Through.LINK, note, reached=True, said=said)
    return order


def reopen(order: WorkOrder, *, actor: User, now: datetime, reason: str) -> WorkOrder:
    """A person decides that it is not solved. It waits for dispatch; the citizen's clock ran on."""
    _check_said(reason, "reason")
    keep = {"unit": order.unit} if order.unit_id else {}
    return _go(
        order,
        "reopen",
        actor=actor,
        now=now,
        ground=reason,
        reopened=order.reopened + 1,
        closed_at=None,
        closed_on=None,
        was_on_time=None,
        callback_due_on=None,
        called_back_on=None,
        was_reached=None,
        solved="",
        satisfied="",
        struck_off_on=None,
        struck_off_by=None,
        result="",
        refusal_ground="",
        merged_into=None,
        is_repeat=False,
        submitted_at=None,
        submitted_by=None,
        verified_on=None,
        verified_by=None,
        **(_WITHOUT_UNIT | keep),
    )


def strike_off(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """Closed, verified, answered: a second person signs for it (销号)."""
    return _go(
        order,
        "strike_off",
        actor=actor,
        now=now,
        op="approve",
        struck_off_on=local_day(now),
        struck_off_by=actor,
    )


def archive(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """Nothing more is to be done; contact data are erased on their day."""
    return _go(order, "archive", actor=actor, now=now, archived_on=local_day(now))


# --- the same matter


def merge(order: WorkOrder, *, actor: User, now: datetime, into: WorkOrder) -> WorkOrder:
    """The same matter is handled under another order; this appellant is answered with it.

    From the same contact within 30 days it is a repeat. Closed at once where the other is closed.
    """
    if into.pk == order.pk or into.state == OrderState.MERGED:
        raise Refused(
            "merge_target",
            _("Choose the order under which the matter is handled, not one merged itself."),
            where="into",
        )
    if into.street_id != order.street_id or into.voided_at is not None:
        raise Refused("merge_target", _("That order can’t take this one up."), where="into")
    if into.state in (OrderState.NOT_ACCEPTED, OrderState.REDIRECTED):
        raise Refused("merge_target", _("That order was not accepted itself."), where="into")
    with transaction.atomic():
        _go(
            order,
            "merge",
            actor=actor,
            now=now,
            ground=into.number,
            merged_into=into,
            is_repeat=_is_repeat(order, into),
        )
        for other in order.merged.filter(state=OrderState.MERGED, voided_at=None):
            records.change(other, "merge", actor=actor, ground=into.number, merged_into=into)
        if into.state not in OPEN:
            _close_with(order, into, actor, now)
    return order


def _is_repeat(order: WorkOrder, before: WorkOrder) -> bool:
    if not order.contact_hash or order.contact_hash != before.contact_hash:
        return False
    return order.happened_on <= _until("repeat_window", before.registered_at)


def unmerge(order: WorkOrder, *, actor: User, now: datetime, reason: str) -> WorkOrder:
    """It is another matter after all: it waits to be filed on its own."""
    _check_said(reason, "reason")
    return _go(
        order, "unmerge", actor=actor, now=now, ground=reason, merged_into=None, is_repeat=False
    )


# --- rates and the public


def ask_exclusion(
    order: WorkOrder, *, actor: User, now: datetime, ground: str, reason: str
) -> WorkOrder:
    """Ask that it be left out of the rates (剔除): ground and reason. Another person decides."""
    _check_said(reason, "reason")
    return _go(
        order,
        "ask_exclusion",
        actor=actor,
        now=now,
        ground=reason,
        exclusion_ground=ground,
        exclusion_reason=reason,
        exclusion_asked_by=actor,
    )


def grant_exclusion(order: WorkOrder, *, actor: User, now: datetime) -> WorkOrder:
    """It is left out of the rates from now on, and counted among those left out."""
    return _go(
        order,
        "grant_exclusion",
        actor=actor,
        now=now,
        op="approve",
        is_excluded=True,
        excluded_by=actor,
    )


def refuse_exclusion(order: WorkOrder, *, actor: User, now: datetime, reason: str) -> WorkOrder:
    """It counts like every other."""
    _check_said(reason, "reason")
    return _go(
        order,
        "refuse_exclusion",
        actor=actor,
        now=now,
        ground=reason,
        exclusion_ground="",
        exclusion_reason="",
        exclusion_asked_by=None,
    )


def publish(
    order: WorkOrder,
    *,
    actor: User,
    now: datetime,
    public_text: str,
    shown_photos: Iterable[Attachment] = (),
) -> WorkOrder:
    """What everybody may read and see; an empty text takes it off the public pages."""
    return _go(
        order,
        "publish",
        actor=actor,
        now=now,
        public_text=public_text.strip(),
        published_on=local_day(now) if public_text.strip() else None,
        publish_decided_on=local_day(now),
        many={"shown_photos": list(shown_photos) if public_text.strip() else []},
    )


# --- many at once


def each(
    orders: Sequence[WorkOrder], action: Callable[..., WorkOrder], *, actor: User, **given: Any
) -> list[tuple[WorkOrder, str]]:
    """Carry out one verb on many orders, each in its own transaction; who refused, and why.

    An order for which it is refused stays as it is; the others go on.
    """
    refused = []
    for order in orders:
        try:
            action(order, actor=actor, **given)
        except Refused as why:
            refused.append((order, str(why)))
    return refused
