"""Reminders and escalation: the only verb that the clock does, and nobody of the office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.notices.actions import notify
from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.models import local_day
from fenghuang.kernel.records.parameters import rows
from fenghuang.kernel.worktime import LOCAL_ZONE

from ..models import WorkOrder
from ..rules.reminders import GRACE, Reminder, in_force
from ..states.orders import HANDLES, OPEN, WITH_UNIT, OrderState

RULES = Path(__file__).parents[1] / "parameters" / "reminders.toml"

#: For each clock the field with its end, and the orders on which it runs.
CLOCKS: dict[str, tuple[str, Q]] = {
    "response": ("response_due_at", Q(state__in=WITH_UNIT, contacted_at=None)),
    "due": ("due_at", Q(state__in=(*WITH_UNIT, OrderState.SUBMITTED, OrderState.VERIFIED))),
    "promise": ("promised_at", Q(state__in=(*OPEN, OrderState.MERGED))),
    "callback": ("callback_due_on", Q(state=OrderState.CLOSED)),
    "hold_review": ("hold_review_due_on", Q(state=OrderState.ON_HOLD)),
}

ROLES: dict[str, frozenset[str]] = {
    "centre": frozenset({Role.CENTRE}),
    "line_leader": frozenset({Role.LINE_LEADER}),
    "leader": frozenset({Role.LEADER}),
}


def remind(now: datetime) -> int:
    """Tell those whom the rules name of the clocks that are near their end or past it; how many.

    Each rule tells each person of an order's clock once, however often this runs. Run it at least
    once a day: what is older than a day is not told any more.
    """
    told = 0
    for street in Street.objects.all():
        receivers = _Receivers(street, local_day(now))
        for rule in in_force(rows(RULES), local_day(now)):
            for order, ends_at in _near(street, rule, now):
                if rule.fires(now, ends_at):
                    told += _tell(order, rule, ends_at, receivers)
    return told


def _near(street: Street, rule: Reminder, now: datetime) -> Iterator[tuple[WorkOrder, datetime]]:
    field, running = CLOCKS[rule.clock]
    first, last = (now - timedelta(hours=rule.hours) - day for day in (GRACE, timedelta(0)))
    is_day = field.endswith("_on")
    span: dict[str, Any] = {
        f"{field}__gte": local_day(first) if is_day else first,
        f"{field}__lte": local_day(last) if is_day else last,
    }
    found: QuerySet[WorkOrder] = WorkOrder.objects.standing().filter(running, street=street, **span)
    for order in found.select_related("unit", "handler", "street"):
        ends: Any = getattr(order, field)
        yield order, _end_of(ends) if is_day else ends


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, LOCAL_ZONE)


class _Receivers:
    """Who is told in a street, found once for each unit and role."""

    def __init__(self, street: Street, day: date) -> None:
        self._street, self._day = street, day
        self.of = cache(self._of)

    def _of(self, to: str, unit: Any) -> list[User]:
        held = Appointment.objects.valid_on(self._day).filter(
            street=self._street,
            line__in=(Appointment.ALL_LINES, WorkOrder.LINE),
            role__in=ROLES.get(to, HANDLES),
        )
        found = User.objects.filter(is_active=True, pk__in=held.values("user"))
        return list(found.filter(unit=unit) if to == "unit" else found)


def _tell(order: WorkOrder, rule: Reminder, ends_at: datetime, receivers: _Receivers) -> int:
    if rule.to == "unit":
        people = [order.handler] if order.handler else receivers.of("unit", order.unit_id)
    else:
        people = receivers.of(rule.to, None)
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        subject, body = _said(rule, order, ends_at)
        for person in people:
            notify(
                person,
                street=order.street,
                key=f"{order.pk.hex}/{rule.code}/{ends_at:%Y%m%d%H%M}",
                subject=subject,
                body=body,
                about=order,
            )
    return len(people)


#: What is said before a clock ends, and after.
_SUBJECTS: dict[str, tuple[Any, Any]] = {
    "response": (
        _("%(number)s: please speak with whoever raised it"),
        _("%(number)s: nobody has spoken with whoever raised it in time"),
    ),
    "due": (_("%(number)s is soon due"), _("%(number)s is overdue")),
    "promise": (
        _("%(number)s: an answer was promised soon"),
        _("%(number)s: the promised day of the answer has passed"),
    ),
    "callback": (_("%(number)s: please call back"), _("%(number)s: the callback is overdue")),
    "hold_review": (
        _("%(number)s: please review why it is on hold"),
        _("%(number)s: the review of the hold is overdue"),
    ),
}
_BODY = _(
    "Work order %(number)s (%(category)s) is with %(unit)s. Its time ends on %(moment)s. "
    "Open it in the work ledger; the reminder says nothing about whoever raised it."
)


def _said(rule: Reminder, order: WorkOrder, ends_at: datetime) -> tuple[Any, Any]:
    """Subject and text of a reminder: number, category, unit and moment, and no person."""
    facts = {
        "number": order.number,
        "category": order.get_category_display(),
        "unit": order.unit or _("the governance centre"),
        "moment": ends_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M"),
    }
    subject = _SUBJECTS[rule.clock][rule.is_escalation]
    return str(subject) % facts, str(_BODY) % facts
