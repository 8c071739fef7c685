"""Working days, as the State Council's yearly holiday notices settle them.

The notices are read from the package chinesecalendar. A notice comes in late autumn and settles
the next year *and* the last days of the year it comes in: 2018-12-29, a Saturday, became a workday
and 2018-12-31, a Monday, a day off by the notice for 2019.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from chinese_calendar import (  # type: ignore[import-untyped]  # the package ships no types
    Holiday,
    holidays,
    workdays,
)

DAY = timedelta(days=1)

# Every notice holds National Day of its own year. The largest day would not do: a New Year's Day
# that came in with the notice of the year before does not make its year known.
_YEARS = {day.year for day in holidays if (day.month, day.day) == (10, 1)}

KNOWN_YEARS = range(min(_YEARS), max(_YEARS) + 1)
"""The years whose notice is known, first to last without a gap."""

# No notice has yet reached back beyond 29 December of the year before.
_END_OF_SETTLED = date(KNOWN_YEARS[-1], 12, 29)


class CalendarMissing(LookupError):
    """The notice for `year` is needed and not known. Somebody must act; nothing may be guessed."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"calendar for year {year} missing (known: {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]}); "
            "once the State Council has published it, upgrade the package chinesecalendar"
        )
        self.year = year


class DayKind(StrEnum):
    """What a day is to an office."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # off by a notice, whatever its weekday
    MAKE_UP_WORKDAY = "make_up_workday"  # a Saturday or Sunday worked by a notice


@dataclass(frozen=True, slots=True)
class HolidayName:
    """A festival in both languages, as the calendar data name it."""

    en: str
    zh: str


_NAMES = {each.value: HolidayName(each.value, each.chinese) for each in Holiday}


def day_kind(day: date) -> DayKind:
    """What kind of day it is.

    CalendarMissing if no known notice settles it: for a day of an unknown year, and for 29 to 31
    December of the last known one. TypeError for a datetime, whose day depends on its zone.
    Source: the State Council's yearly notices; 全国年节及纪念日放假办法.

    >>> day_kind(date(2021, 9, 26)).value  # a Sunday, worked for National Day
    'make_up_workday'
    """
    if isinstance(day, datetime):
        raise TypeError(f"a day is wanted, not the moment {day!r}")
    if day.year not in KNOWN_YEARS:
        raise CalendarMissing(day.year)
    if day >= _END_OF_SETTLED:
        raise CalendarMissing(day.year + 1)
    if day in workdays:
        return DayKind.MAKE_UP_WORKDAY
    if day in holidays:
        return DayKind.HOLIDAY
    return DayKind.WEEKEND if day.isoweekday() > 5 else DayKind.WORKDAY


def holiday_name(day: date) -> HolidayName | None:
    """The festival for which the day is off or, on a make-up workday, worked; None on others.

    Where two festivals fall together, the data name one: 2020-10-01, National Day and Mid-autumn
    at once, is National Day. Raises as `day_kind` does.

    >>> holiday_name(date(2021, 9, 26))
    HolidayName(en='National Day', zh='国庆节')
    """
    if day_kind(day) not in {DayKind.HOLIDAY, DayKind.MAKE_UP_WORKDAY}:
        return None
    return _NAMES[workdays.get(day) or holidays[day]]


def is_working_day(day: date) -> bool:
    """Whether offices work: neither weekend nor holiday, or a make-up workday.

    Raises as `day_kind` does.
    """
    return day_kind(day) in {DayKind.WORKDAY, DayKind.MAKE_UP_WORKDAY}


def working_days_between(first: date, end: date) -> int:
    """How many working days lie in [first, end): `first` counts, `end` does not.

    ValueError if `end` is before `first`. Raises as `day_kind` does for any day of the span; an
    empty span needs no calendar.

    >>> working_days_between(date(2021, 1, 1), date(2022, 1, 1))
    250
    """
    if end < first:
        raise ValueError(f"the span ends on {end}, before its first day {first}")
    if first == end:
        return 0
    # Settled days have no gap: where both ends are settled, so is every day between them.
    day_kind(first)
    day_kind(end - DAY)
    working = _settled_working_days()
    return bisect_left(working, end) - bisect_left(working, first)


@cache
def _settled_working_days() -> list[date]:
    first = date(KNOWN_YEARS[0], 1, 1)
    settled = (first + n * DAY for n in range((_END_OF_SETTLED - first).days))
    return [day for day in settled if is_working_day(day)]
