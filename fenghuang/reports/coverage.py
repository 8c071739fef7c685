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

#: A ledger whose first record falls in the first month of a period was kept from its beginning.
GRACE = timedelta(days=31)


class Books:
    """The first day of each kind of record that a street keeps; a query for each kind."""

    def __init__(self, street: Street, definitions: Iterable[Definition]) -> None:
        kinds: dict[tuple[Any, str], str] = {}
        for one in definitions:
            for side in _sides(one):
                kinds[side.of, side.dated] = one.line
        self._first: dict[tuple[Any, str], date | None] = {}
        of_line: dict[str, list[date]] = defaultdict(list)
        for (model, dated), line in kinds.items():
            records = model._default_manager.filter(street=street.pk)
            if any(field.name == "voided_at" for field in model._meta.concrete_fields):
                records = records.filter(voided_at=None)
            first = records.aggregate(first=Min(dated))["first"]
            self._first[model, dated] = first
            of_line[line] += [first] if first else []
        self._first_of_line = {line: min(days) for line, days in of_line.items() if days}

    def coverage(self, definition: Definition, period: Period) -> Coverage:
        """Can the records tell what happened in the period?

        A kind without any record is taken to be kept since its line began: then there was nothing
        to write down. A stock is known from the first record on.
        """
        days = [
            self._first[side.of, side.dated] or self._first_of_line.get(definition.line)
            for side in _sides(definition)
        ]
        begun = [day for day in days if day is not None]
        if len(begun) < len(days):
            return Coverage.NOT_KEPT
        is_stock = definition.period is PeriodKind.STOCK
        last = period.as_of if is_stock else period.start + GRACE
        return Coverage.FULL if max(begun) <= last else Coverage.BEGINS_LATER


def _sides(definition: Definition) -> tuple[Indicator, ...]:
    if isinstance(definition, Quotient):
        return definition.numerator, definition.denominator
    return (definition,)
