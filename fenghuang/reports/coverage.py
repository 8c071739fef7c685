"""Since when a street's records can answer for what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Min

from fenghuang.claims.verdicts import Coverage
from fenghuang.indicators.language import Definition, Indicator, Quotient
from fenghuang.indicators.periods import Period, PeriodKind
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.models import Record

#: A ledger whose first record falls in the first month of a period was kept from its beginning.
GRACE = timedelta(days=31)


class Books:
    """The first day of each kind of record that a street keeps; a query for each kind.

    That is the earliest of all its dates: a ledger kept since January answers for January even if
    nothing in it was closed before March.
    """

    def __init__(self, street: Street, definitions: Iterable[Definition]) -> None:
        dates: dict[Any, set[str]] = defaultdict(set)
        lines: dict[Any, str] = {}
        for one in definitions:
            for side in _sides(one):
                dates[side.of] |= {side.dated, *_own_day(side.of)}
                lines[side.of] = one.line
        self._first = {model: _first_day(model, own, street) for model, own in dates.items()}
        of_line: dict[str, list[date]] = defaultdict(list)
        for model, first in self._first.items():
            of_line[lines[model]] += [first] if first else []
        self._first_of_line = {line: min(days) for line, days in of_line.items() if days}

    def coverage(self, definition: Definition, period: Period) -> Coverage:
        """Can the records tell what happened in the period?

        A kind without any record is taken to be kept since its line began: then there was nothing
        to write down. A stock is known from the first record on.
        """
        days = [
            self._first[side.of] or self._first_of_line.get(definition.line)
            for side in _sides(definition)
        ]
        begun = [day for day in days if day is not None]
        if len(begun) < len(days):
            return Coverage.NOT_KEPT
        is_stock = definition.period is PeriodKind.STOCK
        last = period.as_of if is_stock else period.start + GRACE
        return Coverage.FULL if max(begun) <= last else Coverage.BEGINS_LATER


def _own_day(model: Any) -> tuple[str, ...]:
    return ("happened_on",) if issubclass(model, Record) else ()


def _first_day(model: Any, dates: Iterable[str], street: Street) -> date | None:
    """The earliest of these dates in the records of that kind; withdrawn ones say nothing."""
    records = model._default_manager.filter(street=street.pk)
    if any(field.name == "voided_at" for field in model._meta.concrete_fields):
        records = records.filter(voided_at=None)
    found = records.aggregate(**{f"first_{index}": Min(each) for index, each in enumerate(dates)})
    return min((day for day in found.values() if day is not None), default=None)


def _sides(definition: Definition) -> tuple[Indicator, ...]:
    if isinstance(definition, Quotient):
        return definition.numerator, definition.denominator
    return (definition,)
