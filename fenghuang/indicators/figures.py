"""From a definition to a figure: one query gives the value, the same query gives the records."""

from __future__ import annotations

import operator
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from fenghuang.kernel.journal import read
from fenghuang.kernel.places.models import Path, Place

from .conditions import NOW, Compare, Condition, Every, Not, Some
from .language import Definition, Distinct, Indicator, Quotient, Ratio, Sum, percentage
from .periods import Period, PeriodKind

Value = int | Decimal | None


@dataclass(frozen=True)
class Figure:
    """The value of a definition over a period and a place, as read at one size of the journal.

    `value` is None where there is nothing to divide by. `base` is the number of records the value
    rests on (for a share: the denominator).
    """

    definition: Definition
    period: Period
    place: Place
    value: Value
    base: int
    journal_size: int
    read_at: datetime

    @property
    def records(self) -> models.QuerySet[Any]:
        """The records that the figure counts, by the very condition that counted them."""
        return records_behind(self.definition, self.period, self.place)


def as_q(condition: Condition) -> Q:
    """The condition for the database."""
    match condition:
        case Compare(field, lookup, value):
            against = timezone.now() if value is NOW else value
            return Q(**{f"{field.replace('.', '__')}__{lookup}": against})
        case Every(parts):
            return reduce(operator.and_, (as_q(part) for part in parts), Q())
        case Some(parts):
            return reduce(operator.or_, (as_q(part) for part in parts), Q())
        case Not(part):
            return ~as_q(part)
    raise TypeError(f"{condition!r} is no condition")


def _in_period(definition: Indicator, period: Period) -> Q:
    dated = definition.dated
    match definition.period:
        case PeriodKind.FLOW | PeriodKind.STATE_REACHED:
            return Q(**{f"{dated}__gte": period.start, f"{dated}__lt": period.end})
        case PeriodKind.CUMULATIVE:
            return Q(**{f"{dated}__gte": definition.since, f"{dated}__lt": period.end})
        case PeriodKind.STOCK:
            standing = Q(**{f"{dated}__lt": period.end})
            if definition.until:
                until = definition.until
                standing &= Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": period.end})
            return standing
    raise TypeError(f"{definition.period!r} is no kind of period")


def _in_place(definition: Indicator, period: Period, place: Place) -> Q:
    """Within the place, by the path in force on the day that puts the record in the period."""
    street = Q(street=place.street_id)
    if place.pk == place.street_id:
        return street
    own = "pk" if issubclass(definition.of, Place) else "place_id"
    stock = definition.period is PeriodKind.STOCK
    day = period.as_of if stock else OuterRef(definition.dated)
    inside: Any = street & Exists(
        Path.objects.filter(
            place=OuterRef(own), ancestor=place.pk, valid_from__lte=day, valid_to__gt=day
        )
    )
    found: Q = inside
    return found


def _admitted(definition: Indicator, period: Period, place: Place) -> models.QuerySet[Any]:
    """All that may count, before the definition's own condition. Withdrawn records never do."""
    rows: models.QuerySet[Any] = definition.of._default_manager.filter(
        _in_place(definition, period, place), _in_period(definition, period)
    )
    if any(field.name == "voided_at" for field in definition.of._meta.concrete_fields):
        rows = rows.filter(voided_at=None)
    return rows


def records_behind(definition: Definition, period: Period, place: Place) -> models.QuerySet[Any]:
    """The records behind a figure; for a share, those of its base."""
    if isinstance(definition, Quotient):
        return records_behind(definition.denominator, period, place)
    return _admitted(definition, period, place).filter(as_q(definition.when))


def _aggregates(key: str, definition: Indicator) -> dict[str, models.Aggregate]:
    when = as_q(definition.when)
    # Django has no filter that is always true; none at all says the same.
    keeping: dict[str, Any] = {"filter": when} if when else {}
    found: dict[str, models.Aggregate] = {f"{key}_base": models.Count("pk", **keeping)}
    match definition:
        case Sum(adds=adds):
            found[f"{key}_value"] = models.Sum(adds.replace(".", "__"), **keeping)
        case Distinct(field_counted=counted):
            name = counted.replace(".", "__")
            found[f"{key}_value"] = models.Count(name, distinct=True, **keeping)
        case Ratio(hits=hits):
            found[f"{key}_value"] = models.Count("pk", filter=when & as_q(hits))
    return found


def _value(key: str, definition: Indicator, row: dict[str, Any]) -> tuple[Value, int]:
    base = row[f"{key}_base"]
    match definition:
        case Ratio(decimals=decimals):
            return percentage(row[f"{key}_value"], base, decimals), base
        case Sum():
            return row[f"{key}_value"] or 0, base
        case Distinct():
            return row[f"{key}_value"], base
    return base, base


def _read(
    definitions: Iterable[Indicator], period: Period, place: Place
) -> dict[str, tuple[Value, int]]:
    """The values by code. Definitions over the same records and dates share one query."""
    together: dict[tuple[Any, ...], list[Indicator]] = defaultdict(list)
    for one in definitions:
        together[one.of, one.dated, one.until, one.period, one.since].append(one)
    values = {}
    for group in together.values():
        keys = {f"f{index}": one for index, one in enumerate(group)}
        wanted: dict[str, models.Aggregate] = {}
        for key, one in keys.items():
            wanted |= _aggregates(key, one)
        row = _admitted(group[0], period, place).aggregate(**wanted)
        for key, one in keys.items():
            values[one.code] = _value(key, one, row)
    return values


def figures(definitions: Sequence[Definition], period: Period, place: Place) -> dict[str, Figure]:
    """The figures by code, all read at one size of the journal.

    Costs one query per kind of record and date, not per figure.
    """
    simple: dict[str, Indicator] = {}
    for one in definitions:
        parts = (one.numerator, one.denominator) if isinstance(one, Quotient) else (one,)
        simple |= {part.code: part for part in parts}
    street: uuid.UUID = place.street_id
    for _attempt in range(5):
        size = read.size(street)
        values = _read(simple.values(), period, place)
        if read.size(street) == size:  # nothing was written while we counted
            break
    now = timezone.now()
    found = {}
    for one in definitions:
        if isinstance(one, Quotient):
            numerator, denominator = values[one.numerator.code], values[one.denominator.code]
            base = int(denominator[0] or 0)
            value: Value = percentage(int(numerator[0] or 0), base, one.decimals)
        else:
            value, base = values[one.code]
        found[one.code] = Figure(one, period, place, value, base, size, now)
    return found


def figure(definition: Definition, period: Period, place: Place) -> Figure:
    """One figure. Where several are wanted, `figures` reads them together."""
    return figures([definition], period, place)[definition.code]
