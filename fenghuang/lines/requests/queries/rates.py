"""Counts of orders by unit, community, category or month: one query for each date that counts.

Whatever is counted here can be listed by the same condition, so that each number leads to its
records. Nothing is grouped by a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, UUIDField, When
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext_lazy as _

from fenghuang.indicators.conditions import ALWAYS, Condition, where
from fenghuang.indicators.figures import as_q
from fenghuang.indicators.language import Indicator, Ratio, percentage
from fenghuang.indicators.periods import Period, PeriodKind
from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.places.models import Community, Kind, Path, Street
from fenghuang.kernel.records.models import RecordQuerySet
from fenghuang.kernel.terms import term

from ..indicators import orders as counted
from ..models import Category, WorkOrder


class By(StrEnum):
    """What the numbers are told apart by. Never by a person."""

    UNIT = "unit"
    COMMUNITY = "community"
    CATEGORY = "category"
    MONTH = "month"


#: The key of all records together, and of those that belong to none (no unit yet, the street).
ALL, NONE = "all", "none"
HITS = ".hits"


@dataclass(frozen=True)
class Measure:
    """Which orders are counted, and the date that puts them in a period; `until` for a stock."""

    code: str
    label: Any
    dated: str
    when: Condition = ALWAYS
    until: str | None = None
    is_stock: bool = False

    def in_period(self, period: Period) -> Q:
        if not self.is_stock:
            return Q(**{f"{self.dated}__gte": period.start, f"{self.dated}__lt": period.end})
        standing = Q(**{f"{self.until}__isnull": True}) | Q(**{f"{self.until}__gte": period.end})
        return Q(**{f"{self.dated}__lt": period.end}) & standing

    def key(self, by: By) -> Any:
        """By what the records are grouped, as an expression on them.

        An agreed return counts with the unit that returned the order, all else with the unit that
        has it. A place counts with the community it lay in on the day that counts.
        """
        match by:
            case By.UNIT if self.code.startswith(counted.return_rate.code):
                returned = Case(When(return_decision="agreed", then=F("return_asked_unit_id")))
                return Coalesce(returned, F("unit_id"))
            case By.UNIT:
                return F("unit_id")
            case By.CATEGORY:
                return F("category")
            case By.MONTH:
                return TruncMonth(self.dated)
        lay_in = Path.objects.filter(
            place=OuterRef("place_id"),
            ancestor__kind=Kind.COMMUNITY,
            valid_from__lte=OuterRef(self.dated),
            valid_to__gt=OuterRef(self.dated),
        )
        return Subquery(lay_in.values("ancestor_id")[:1], output_field=UUIDField())


def _measures(*definitions: Indicator) -> Iterable[Measure]:
    for one in definitions:
        stock = one.period is PeriodKind.STOCK
        yield Measure(one.code, one.zh, one.dated, one.when, one.until, stock)
        if isinstance(one, Ratio):
            yield Measure(one.code + HITS, one.zh, one.dated, one.when & one.hits)


COUNTS = (
    counted.received,
    counted.dispatched,
    counted.closed,
    counted.overdue,
    counted.on_hold,
)
RATES = (
    counted.responded,
    counted.solved,
    counted.satisfied,
    counted.first_time_rate,
    counted.closed_rate,
    counted.on_time_rate,
    counted.return_rate,
    counted.repeat_rate,
)
#: What the rates leave out, shown beside them.
LEFT_OUT = (
    Measure("unreached", _("not reached"), "called_back_on", counted.UNREACHED),
    Measure(
        "not_said_solved",
        _("did not say if solved"),
        "called_back_on",
        counted.SAID_NOTHING_OF_SOLVED,
    ),
    Measure(
        "not_said_satisfied",
        _("did not say if satisfied"),
        "called_back_on",
        counted.SAID_NOTHING_OF_SATISFIED,
    ),
    Measure("excluded", _("left out with approval"), "called_back_on", counted.EXCLUDED),
    Measure("redirected", term("order.redirected"), "happened_on", counted.REDIRECTED),
    Measure("not_accepted", term("disposition.not_accepted"), "happened_on", counted.NOT_ACCEPTED),
)
_SENT = counted.WITH_UNIT
_ASKED = _SENT & counted.IN_RATES & counted.SAYS_IF_SATISFIED
#: The bulletin follows the orders dispatched in a month, whatever became of them when.
OF_BULLETIN = (
    Measure("sent", _("dispatched"), "dispatched_on", _SENT),
    Measure("on_time", _("closed on time"), "dispatched_on", _SENT & where(was_on_time=True)),
    Measure(
        "late",
        _("closed late"),
        "dispatched_on",
        _SENT & where(was_on_time=False, closed_on__isnull=False),
    ),
    Measure("open", _("not closed"), "dispatched_on", _SENT & where(closed_on__isnull=True)),
    Measure(
        "open_late",
        _("not closed and late"),
        "dispatched_on",
        counted.DUE & where(closed_on__isnull=True),
    ),
    Measure("asked", _("valid callbacks"), "dispatched_on", _ASKED),
    Measure(
        "dissatisfied",
        _("not satisfied"),
        "dispatched_on",
        _ASKED & where(satisfied__in=("not", "very_not")),
    ),
)
ANSWERED_HERE = Measure(
    "answered_here",
    _("answered by the centre itself"),
    "happened_on",
    where(
        refusal_ground="",
        dispatched_on__isnull=True,
        merged_into__isnull=True,
        closed_on__isnull=False,
    ),
)

ON_SCREEN = (*_measures(*COUNTS, *RATES), *LEFT_OUT)
MEASURES: Mapping[str, Measure] = {
    one.code: one for one in (*ON_SCREEN, *OF_BULLETIN, ANSWERED_HERE)
}

Numbers = dict[str, dict[str, int]]


def counts(records: QuerySet[Any], measures: Iterable[Measure], by: By, period: Period) -> Numbers:
    """How many of the records each measure counts, by key and code of the measure.

    Measures with the same date share a query. Months of a stock are none: it stands at one day.
    """
    together: dict[tuple[Any, ...], list[Measure]] = defaultdict(list)
    for one in measures:
        if not (one.is_stock and by is By.MONTH):
            together[one.dated, one.is_stock, repr(one.key(by))].append(one)
    found: Numbers = defaultdict(dict)
    for group in together.values():
        first = group[0]
        wanted = {f"n{i}": Count("pk", filter=as_q(one.when)) for i, one in enumerate(group)}
        if not as_q(first.when):
            wanted["n0"] = Count("pk")
        rows = records.filter(first.in_period(period), voided_at=None).order_by()
        for row in rows.annotate(key=first.key(by)).values("key").annotate(**wanted):
            for i, one in enumerate(group):
                if number := row[f"n{i}"]:
                    found[key_text(row["key"])][one.code] = number
    return dict(found)


def key_text(key: Any) -> str:
    """The key as it stands in an address: a choice, an id, 2021-06, or none.

    >>> key_text(date(2021, 6, 1)), key_text(None)
    ('2021-06', 'none')
    """
    if isinstance(key, date):
        return f"{key:%Y-%m}"
    return NONE if key is None else str(key)


def behind(
    records: RecordQuerySet, measure: Measure, by: By, key: str, period: Period
) -> RecordQuerySet:
    """The records behind one number. ValueError for a key that is none."""
    found = records.filter(measure.in_period(period), as_q(measure.when), voided_at=None)
    if key == ALL:
        return found
    of_key = found.annotate(key=measure.key(by))
    if key == NONE:
        return cast(RecordQuerySet, of_key.filter(key=None))
    return cast(RecordQuerySet, of_key.filter(key=_key(by, key)))


def _key(by: By, text: str) -> Any:
    match by:
        case By.MONTH:
            return date.fromisoformat(f"{text}-01")
        case By.CATEGORY:
            return text
    return UUID(text)


def named(street: Street, by: By, keys: Iterable[str]) -> dict[str, str]:
    """The keys with their names, in an order that is always the same, and no ranking."""
    wanted = set(keys)
    names: dict[str, str] = {}
    match by:
        case By.UNIT:
            names = {str(one.pk): one.name for one in units(street)}
        case By.COMMUNITY:
            communities = Community.objects.filter(street=street).order_by("name")
            names = {str(one.pk): one.name for one in communities}
        case By.CATEGORY:
            names = {code: str(label) for code, label in Category.choices}
        case By.MONTH:
            names = {key: key for key in sorted(wanted - {NONE})}
    shown = {key: name for key, name in names.items() if key in wanted}
    if NONE in wanted:
        shown[NONE] = str(_("with no unit") if by is By.UNIT else _("street as a whole"))
    return shown


_KINDS = [Unit.Kind.DEPARTMENT, Unit.Kind.COMMUNITY, Unit.Kind.OUTSIDE]


def units(street: Street) -> list[Unit]:
    """The units of the street: departments, communities, outside bodies; each by name."""
    return sorted(
        Unit.objects.filter(street=street),
        key=lambda one: (_KINDS.index(Unit.Kind(one.kind)), one.name),
    )


def together(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of all rows."""
    total: dict[str, int] = defaultdict(int)
    for row in rows:
        for code, number in row.items():
            total[code] += number
    return dict(total)


# --- the bulletin


@dataclass(frozen=True)
class BulletinRow:
    """What became of the orders dispatched to one unit in a month."""

    key: str
    unit: str
    sent: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0
    open_late: int = 0
    asked: int = 0
    dissatisfied: int = 0

    @property
    def closed_rate(self) -> Decimal | None:
        """Closed of those dispatched, in per cent; None where none was."""
        return percentage(self.on_time + self.late, self.sent, 1)

    @property
    def on_time_rate(self) -> Decimal | None:
        """On time of those closed or late without it; what is not due yet is in neither.

        >>> BulletinRow("", "", sent=601, on_time=597, late=4).on_time_rate
        Decimal('99.3')
        """
        return percentage(self.on_time, self.on_time + self.late + self.open_late, 1)

    @property
    def dissatisfied_rate(self) -> Decimal | None:
        """Not satisfied of the valid callbacks."""
        return percentage(self.dissatisfied, self.asked, 1)


@dataclass(frozen=True)
class Bulletin:
    """The monthly bulletin (通报): the intake of the month, a row a unit, and their sum."""

    month: Period
    received: int
    answered_here: int
    rows: list[BulletinRow]
    total: BulletinRow


def bulletin(street: Street, month: Period) -> Bulletin:
    """What the street tells its units of a month: orders dispatched in it, by unit.

    Every department and community of that month has its row, outside bodies where they had orders.
    Returned orders that wait for another unit are not dispatched. Four queries, however many units.
    """
    orders = WorkOrder.objects.filter(street=street)
    found = counts(orders, OF_BULLETIN, By.UNIT, month)
    intake = together(
        counts(orders, (MEASURES["CASE.RECEIVED"], ANSWERED_HERE), By.CATEGORY, month).values()
    )
    listed = [
        one
        for one in units(street)
        if str(one.pk) in found
        or (
            one.kind != Unit.Kind.OUTSIDE
            and one.valid_from < month.end
            and (one.valid_to is None or one.valid_to > month.start)
        )
    ]
    return Bulletin(
        month,
        intake.get("CASE.RECEIVED", 0),
        intake.get("answered_here", 0),
        [BulletinRow(str(one.pk), one.name, **found.get(str(one.pk), {})) for one in listed],
        BulletinRow(ALL, "", **together(found.values())),
    )
