"""Who is reminded of what, and when: from dated rules and a clock to those that fire now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

#: A reminder that could not be made in time is still made this long after; then it says nothing.
GRACE = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """So many hours after a clock has ended (before, if negative), these are told.

    `clock` is response, due, promise, callback or hold_review. `to` is unit, centre, line_leader or
    leader.
    """

    code: str
    clock: str
    hours: int
    to: str

    def at(self, ends_at: datetime) -> datetime:
        """The moment at which it fires, for a clock that ends then."""
        return ends_at + timedelta(hours=self.hours)

    def fires(self, now: datetime, ends_at: datetime) -> bool:
        """Is it time: at its moment and until a day after?"""
        return self.at(ends_at) <= now < self.at(ends_at) + GRACE

    @property
    def is_escalation(self) -> bool:
        return self.hours >= 0


def in_force(rows: Iterable[Mapping[str, Any]], day: date) -> Iterator[Reminder]:
    """The reminders in force on that day; of a code the row that began last. `hours` none: ended.

    >>> row = {"code": "a", "valid_from": date(2021, 1, 1), "clock": "due", "hours": -24}
    >>> [one.hours for one in in_force([row | {"to": "unit"}], date(2021, 1, 1))]
    [-24]
    """
    latest: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        before = latest.get(row["code"])
        if row["valid_from"] <= day and (
            before is None or before["valid_from"] < row["valid_from"]
        ):
            latest[row["code"]] = row
    for code, row in latest.items():
        if "hours" in row:
            yield Reminder(code, row["clock"], row["hours"], row["to"])
