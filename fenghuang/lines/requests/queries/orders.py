"""What is asked about work orders: what waits for a person, the views of the list, workloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
)
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import CONFIRMS, Role
from fenghuang.kernel.records.models import local_day
from fenghuang.kernel.worktime import CalendarMissing
from fenghuang.kit.door import Task
from fenghuang.kit.lists import in_own_streets

from ..models import WorkOrder
from ..permissions import LINE
from ..rules import orders as rules
from ..states.orders import HANDLES, LEADS, OPEN, WITH_UNIT, OrderState

AT_MOST = 50
COUNT_UP_TO = 99

#: So long before a review is due it is shown; so long after a callback it can be struck off.
REVIEW_SOON, STRIKE_OFF_WITHIN = timedelta(days=7), timedelta(days=30)

#: No unit has more than 30 days and no extension doubles more: soon is within a quarter of 60.
SOON_AT_MOST = timedelta(days=16)

WORKED_ON = (OrderState.RECEIVED, OrderState.HANDLING)


@dataclass(frozen=True)
class Waits:
    """One kind of thing that waits: which orders, the first of them by which clock, and what."""

    what: Any
    orders: QuerySet[Any]
    by: str


def tasks(user: User, today: date) -> list[Task]:
    """What waits for this person among the orders, the most urgent first, at most 50.

    Two questions, whatever the roles: the first 50 of each kind, found through the index over
    street (or unit) and state, and then the orders themselves.
    """
    kinds = _waiting(user, today)
    if not kinds:
        return []
    asked = {
        str(index): kind.orders.order_by(kind.by)[:AT_MOST] for index, kind in enumerate(kinds)
    }
    first: dict[Any, Waits] = {}
    for pk, index in _first_of_each(asked):
        first.setdefault(pk, kinds[int(index)])
    found = WorkOrder.objects.filter(pk__in=first).select_related("place")
    waiting = [Task(one, first[one.pk].what, _day(getattr(one, first[one.pk].by))) for one in found]
    return sorted(waiting, key=lambda task: (task.due_on or date.max, task.record.number))[:AT_MOST]


def _first_of_each(asked: Mapping[str, QuerySet[Any]]) -> Iterable[tuple[Any, str]]:
    """Key and name for all rows of these (sliced) queries, in one question, in their order."""
    parts = [
        WorkOrder.objects.filter(pk__in=rows.values("pk"))
        .order_by()
        .annotate(asked=Value(name))
        .values_list("pk", "asked")
        for name, rows in asked.items()
    ]
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return sorted(found, key=lambda row: int(row[1]) if row[1].isdecimal() else 0)


def _day(moment: date | datetime | None) -> date | None:
    return local_day(moment) if isinstance(moment, datetime) else moment


def _waiting(user: User, today: date) -> list[Waits]:
    roles = user.roles(LINE)
    if not roles & (HANDLES | CONFIRMS | LEADS):
        return []
    open_orders = open_to(user)
    kinds: list[Waits] = []
    if Role.CENTRE in roles:
        kinds += _for_the_centre(user, open_orders)
    if roles & HANDLES:
        kinds += _for_handlers(user, open_orders, is_centre=Role.CENTRE in roles)
    if roles & CONFIRMS:
        kinds += _for_verifiers(user, open_orders, today)
    if roles & (LEADS | {Role.CENTRE}):
        held = open_orders.filter(
            state=OrderState.ON_HOLD, hold_review_due_on__lte=today + REVIEW_SOON
        )
        kinds.append(Waits(_("review the hold"), held, "hold_review_due_on"))
    return kinds


def standing_to(user: User) -> QuerySet[Any]:
    """The orders that this person sees and that were not withdrawn."""
    return in_own_streets(WorkOrder.objects.visible_to(user).standing(), user)


def open_to(user: User) -> QuerySet[Any]:
    """Those on which work is left to do, said so that the index over open orders is used."""
    return standing_to(user).filter(state__in=OPEN)


def people_of(user: User) -> list[Any]:
    """The person, and those whom the person stands in for today, as keys."""
    return [user.pk, *user.stood_in_for]


def _for_the_centre(user: User, orders: QuerySet[Any]) -> list[Waits]:
    closed = standing_to(user).filter(state=OrderState.CLOSED, callback_due_on__isnull=False)
    return [
        Waits(
            _("decide on the return"), orders.filter(state=OrderState.RETURN_ASKED), "promised_at"
        ),
        Waits(
            _("decide whether there is more time"),
            orders.filter(
                state__in=(*WORKED_ON, OrderState.ON_HOLD),
                extension_asked_at__isnull=False,
                extension_decision="",
            ),
            "due_at",
        ),
        Waits(
            _("accept it, or say where to turn"),
            orders.filter(state=OrderState.REGISTERED),
            "promised_at",
        ),
        Waits(_("file the case"), orders.filter(state=OrderState.ACCEPTED), "promised_at"),
        Waits(_("dispatch it"), orders.filter(state=OrderState.FILED), "promised_at"),
        Waits(_("close the case"), orders.filter(state=OrderState.VERIFIED), "promised_at"),
        Waits(_("call back"), _not_handled_by(user, closed), "callback_due_on"),
    ]


def _not_handled_by(user: User, orders: QuerySet[Any]) -> QuerySet[Any]:
    people = people_of(user)
    others = orders.filter(~Q(handler__in=people) | Q(handler=None)).filter(
        ~Q(submitted_by__in=people) | Q(submitted_by=None)
    )
    return others.exclude(unit__in=user.unit_ids) if user.unit_ids else others


def _for_handlers(user: User, orders: QuerySet[Any], *, is_centre: bool) -> list[Waits]:
    """What lies in one's own hands, and in the unit's where nobody has taken it on yet.

    Who belongs to no unit sees what lies in the places looked after and in nobody's hands; the
    centre only what is its own.
    """
    mine = orders.filter(handler__in=people_of(user))
    groups = [mine]
    if user.unit_ids:
        groups += [
            orders.filter(unit__in=user.unit_ids, handler=None),
            orders.filter(
                pk__in=WorkOrder.co_units.through.objects.filter(unit__in=user.unit_ids).values(
                    "workorder"
                )
            ),
        ]
    elif not is_centre:
        groups.append(orders.filter(handler=None))
    return [kind for group in groups for kind in _to_handle(group)]


def _to_handle(orders: QuerySet[Any]) -> list[Waits]:
    return [
        Waits(_("receive it"), orders.filter(state=OrderState.DISPATCHED), "response_due_at"),
        Waits(
            _("speak with the appellant"),
            orders.filter(state=OrderState.RECEIVED, contacted_at=None),
            "response_due_at",
        ),
        Waits(_("handle it"), orders.filter(state__in=WORKED_ON), "due_at"),
    ]


def _for_verifiers(user: User, orders: QuerySet[Any], today: date) -> list[Waits]:
    people = people_of(user)
    submitted = orders.filter(state=OrderState.SUBMITTED).exclude(submitted_by__in=people)
    called = standing_to(user).filter(
        state=OrderState.CALLED_BACK, called_back_on__gte=today - STRIKE_OFF_WITHIN
    )
    return [
        Waits(
            _("look at it and verify it"),
            submitted.filter(~Q(handler__in=people) | Q(handler=None)),
            "due_at",
        ),
        Waits(
            _("look at it and strike it off"),
            called.filter(~Q(submitted_by__in=people) | Q(submitted_by=None)).filter(
                ~Q(handler__in=people) | Q(handler=None)
            ),
            "called_back_on",
        ),
    ]


# --- the ready-made views of the list


@dataclass(frozen=True)
class View:
    """A ready-made view of the list: a name, a condition, and the clock by which it is sorted."""

    code: str
    label: Any
    when: Q
    by: str = "promised_at"


def views(now: datetime) -> list[View]:
    """The views, in the order in which an order passes through them."""
    due = Q(due_at__isnull=False)
    return [
        View("open", _("open"), Q(state__in=OPEN)),
        View("accept", _("to be accepted"), Q(state=OrderState.REGISTERED)),
        View("dispatch", _("to be dispatched"), Q(state__in=("accepted", "filed"))),
        View("handled", _("with a unit"), Q(state__in=WITH_UNIT) & due, "due_at"),
        View("late", _("late"), late_at(now) & due, "due_at"),
        View("soon", _("soon late"), soon_late_at(now), "due_at"),
        View("stuck", _("stuck"), stuck_at(now)),
        View("hold", _("on hold"), Q(state=OrderState.ON_HOLD) & due, "due_at"),
        View("returns", _("return asked for"), Q(state=OrderState.RETURN_ASKED)),
        View(
            "extensions",
            _("more time asked for"),
            Q(state__in=WITH_UNIT, extension_asked_at__isnull=False, extension_decision=""),
        ),
        View("verify", _("to be verified"), Q(state=OrderState.SUBMITTED)),
        View("close", _("to be closed"), Q(state=OrderState.VERIFIED)),
        View(
            "callback",
            _("to be called back"),
            Q(state=OrderState.CLOSED, callback_due_on__isnull=False),
            "callback_due_on",
        ),
    ]


def late_at(now: datetime) -> Q:
    """Open, and the unit's clock has run out."""
    return Q(state__in=OPEN, due_at__lt=now)


def soon_late_at(now: datetime) -> Q:
    """Open, and in the last quarter of the unit's time, as `rules.pressing` says.

    The quarter is reckoned for those alone that are open and due within days: it is slow on SQLite.
    """
    near = WorkOrder.objects.standing().filter(
        state__in=OPEN, due_at__gte=now, due_at__lt=now + SOON_AT_MOST
    )
    return Q(pk__in=near.values("pk")) & _in_the_last_quarter(now)


def _in_the_last_quarter(now: datetime) -> Q:
    left = ExpressionWrapper(F("due_at") - Value(now), DurationField())
    whole = ExpressionWrapper(F("due_at") - F("dispatched_at"), DurationField())
    last_quarter = LessThanOrEqual(ExpressionWrapper(left * 4, DurationField()), whole)
    return Q(last_quarter, state__in=OPEN, due_at__gte=now, due_at__lt=now + SOON_AT_MOST)


def stuck_at(now: datetime) -> Q:
    """Open, and nothing has moved for more than five working days; nothing if they are unknown."""
    try:
        return Q(state__in=OPEN, moved_at__lt=rules.stuck_before(now))
    except CalendarMissing:
        return Q(pk__in=())


def view_counts(user: User, now: datetime) -> dict[str, str]:
    """How many orders each view holds for this person, counted to 99: “17”, “99+”."""
    orders = open_to(user)
    everything = standing_to(user)
    asked = {
        view.code: (everything if view.code == "callback" else orders)
        .filter(view.when)
        .order_by()[: COUNT_UP_TO + 1]
        for view in views(now)
    }
    counts = Counter(code for _pk, code in _first_of_each(asked))
    return {
        code: f"{COUNT_UP_TO}+" if counts[code] > COUNT_UP_TO else str(counts[code])
        for code in asked
    }


# --- how much lies with a unit


@dataclass(frozen=True)
class Load:
    """How many open orders somebody has: of them soon late, late, on hold. None is nobody yet."""

    key: Any
    name: str
    open: int
    soon: int
    late: int
    hold: int


def loads(user: User, by: str, now: datetime, **narrowed: Any) -> list[Load]:
    """The open orders that lie with a unit, counted by a field and sorted by name, never by count.

    `by` is “unit__name” or “handler__display_name”.
    """
    key = by.partition("__")[0]
    rows = (
        open_to(user)
        .filter(unit__isnull=False, **narrowed)
        .order_by()
        .values(key, by)
        .annotate(
            open=Count("pk"),
            soon=Count("pk", filter=_in_the_last_quarter(now)),
            late=Count("pk", filter=late_at(now)),
            hold=Count("pk", filter=Q(state=OrderState.ON_HOLD)),
        )
    )
    found = [
        Load(row[key], row[by] or "", row["open"], row["soon"], row["late"], row["hold"])
        for row in rows
    ]
    return sorted(found, key=lambda load: (load.key is None, load.name))
