"""Spans of time for figures, and how a figure lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PeriodKind(StrEnum):
    """How records fall into a period."""

    FLOW = "flow"  #: happened within the period
    STOCK = "stock"  #: stands at the end of the period
    CUMULATIVE = "cumulative"  #: happened since a stated day, until the end of the period
    STATE_REACHED = "state_reached"  #: entered a state within the period, for the first time


FLOW, STOCK = PeriodKind.FLOW, PeriodKind.STOCK
CUMULATIVE, STATE_REACHED = PeriodKind.CUMULATIVE, PeriodKind.STATE_REACHED


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` (inclusive) to `end` (exclusive), under the name people give it."""

    start: date
    end: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"period {self.start}..{self.end} has no days")

    def __str__(self) -> str:
        return self.name or f"{self.start} – {self.as_of}"

    @property
    def as_of(self) -> date:
        """The last day of the period: the day at which a stock stands."""
        return self.end - timedelta(days=1)

    @property
    def year(self) -> int:
        return self.as_of.year


def year(number: int) -> Period:
    """A calendar year.

    >>> year(2021).as_of
    datetime.date(2021, 12, 31)
    """
    return Period(date(number, 1, 1), date(number + 1, 1, 1), str(number))


def month(year_number: int, number: int) -> Period:
    """A calendar month.

    >>> month(2021, 12).end
    datetime.date(2022, 1, 1)
    """
    start = date(year_number, number, 1)
    end = date(year_number + number // 12, number % 12 + 1, 1)
    return Period(start, end, f"{year_number}-{number:02d}")
