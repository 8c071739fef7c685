"""By when a thing is due, and the days that explain it.

Source: 民法典 (Civil Code) 200 to 204 and 1259. A limit "within n" (以内) includes its last
instant (1259), so a deadline is kept as the last instant that is still in time. The end of a day
is therefore 23:59:59.999999 of that day and not 00:00 of the next: whoever prints or groups
deadlines by their local day gets the right day, and `due_at < now` finds the late ones for all
units.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fenghuang.kernel.worktime.calendar import (
    DAY,
    CalendarMissing,
    DayKind,
    HolidayName,
    day_kind,
    holiday_name,
    is_working_day,
)

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
"""The zone in which days begin and end, wherever the moment was taken."""


class Unit(StrEnum):
    """What a limit counts."""

    HOUR = "hour"
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    MONTH = "month"


class StartRule(StrEnum):
    """When counting starts (Civil Code 201): hours from the moment, all else from the next day."""

    NEXT_DAY = "next_day"
    MOMENT = "moment"


class Note(StrEnum):
    """Why a day stands in the explanation of a deadline."""

    EVENT_DAY = "event_day"  # the day it happened; counting starts after it
    COUNTED = "counted"
    DAY_OFF = "day_off"  # passed over, because only working days count
    HOURS_RUN = "hours_run"  # hours run through every day, off or not
    MONTH_END = "month_end"  # the month has no day of that number, so its last day stands for it
    ROLLED_OVER = "rolled_over"  # the period ended on a day off, and this day is off as well
    ROLLED_TO = "rolled_to"  # the first working day after the period ended on a day off


@dataclass(frozen=True, slots=True)
class Limit:
    """How long, and by which of the four settings it is counted.

    `roll_if_off`: a period whose last day is off runs to the next working day (Civil Code 203);
    for natural days and months only, as working days never end on a day off and hours run on.
    `cutoff_time`: the local close of business that ends the last day, itself still in time; None
    is 24:00. A limit that contradicts itself is a ValueError.
    """

    amount: int
    unit: Unit
    start_rule: StartRule = StartRule.NEXT_DAY
    roll_if_off: bool = False
    cutoff_time: time | None = None

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError(f"a limit is at least 1, not {self.amount}")
        if (self.unit == Unit.HOUR) != (self.start_rule == StartRule.MOMENT):
            raise ValueError("hours count from the moment, all other units from the next day")
        if self.roll_if_off and self.unit not in {Unit.NATURAL_DAY, Unit.MONTH}:
            raise ValueError(f"only natural days and months roll over days off, not {self.unit}s")
        if self.cutoff_time is None:
            return
        if self.unit == Unit.HOUR:
            raise ValueError("hours end at their own moment and have no cutoff time")
        if self.cutoff_time.tzinfo is not None:
            raise ValueError("a cutoff time is local and carries no zone")
        if self.cutoff_time == time.min:
            raise ValueError("a cutoff at 00:00 leaves nothing of the day; for 24:00 give None")


def hours(amount: int) -> Limit:
    """So many hours from the moment, through nights and days off."""
    return Limit(amount, Unit.HOUR, StartRule.MOMENT)


def working_days(amount: int, *, cutoff_time: time | None = None) -> Limit:
    """So many working days, the first being the first one after the event."""
    return Limit(amount, Unit.WORKING_DAY, cutoff_time=cutoff_time)


def natural_days(
    amount: int, *, roll_if_off: bool = True, cutoff_time: time | None = None
) -> Limit:
    """So many calendar days from the next day; by Civil Code 203 not ending on a day off."""
    return Limit(amount, Unit.NATURAL_DAY, roll_if_off=roll_if_off, cutoff_time=cutoff_time)


def months(amount: int, *, roll_if_off: bool = True, cutoff_time: time | None = None) -> Limit:
    """So many months to the same day number; by Civil Code 203 not ending on a day off."""
    return Limit(amount, Unit.MONTH, roll_if_off=roll_if_off, cutoff_time=cutoff_time)


@dataclass(frozen=True, slots=True)
class Step:
    """One day in the explanation of a deadline.

    `kind` is None where the calendar of that day is missing and the answer did not need it.
    `ordinal` says which working day, natural day or month of the limit ends on this day; None on
    days that do not count, and for hours.
    """

    day: date
    kind: DayKind | None
    name: HolidayName | None
    counted: bool
    ordinal: int | None
    note: Note


@dataclass(frozen=True, slots=True)
class Deadline:
    """`at` is the last instant that is still in time, in LOCAL_ZONE; `steps` say why.

    The steps run in order from the day of the event to the last day. Days and hours show every
    day between; months show the day on which each month ends.
    """

    at: datetime
    steps: tuple[Step, ...]

    @property
    def on(self) -> date:
        """The last local day, which is what people see."""
        return self.steps[-1].day


def due(start: datetime, limit: Limit) -> Deadline:
    """By when a thing that began at the aware moment `start` is due.

    The event's own day never counts for days and months; its local day is meant (Civil Code 201).
    A month period ends on the same day number, or at month end where there is none (202). The last
    day ends at 24:00 or at the limit's cutoff time (203).

    ValueError if `start` is naive. CalendarMissing where a needed day is not settled: any day
    counted by working days, and the last day of a limit that rolls. Hours, and limits that do
    not roll, need no calendar.

    >>> due(datetime(2021, 9, 30, 10, tzinfo=LOCAL_ZONE), working_days(5)).on
    datetime.date(2021, 10, 13)
    """
    begun = _aware(start).astimezone(LOCAL_ZONE)
    if limit.unit == Unit.HOUR:
        at = begun + timedelta(hours=limit.amount)
        nights = (at.date() - begun.date()).days
        return Deadline(
            at,
            tuple(_step(begun.date() + n * DAY, Note.HOURS_RUN, True) for n in range(nights + 1)),
        )
    event = begun.date()
    steps = [_step(event, Note.EVENT_DAY, False), *_count(event, limit)]
    if limit.roll_if_off:
        steps += _roll(steps[-1].day)
    last_instant = time.max if limit.cutoff_time is None else limit.cutoff_time
    return Deadline(datetime.combine(steps[-1].day, last_instant, LOCAL_ZONE), tuple(steps))


def was_on_time(done_at: datetime, deadline: Deadline | datetime) -> bool:
    """Whether a thing done at an aware moment met its deadline; the very last instant does.

    A deadline that was stored is given as its `at`. ValueError for naive moments.
    """
    at = deadline.at if isinstance(deadline, Deadline) else deadline
    return _aware(done_at) <= _aware(at)


def is_late(now: datetime, deadline: Deadline | datetime) -> bool:
    """Whether a thing still open at the aware moment `now` has missed its deadline."""
    return not was_on_time(now, deadline)


def _count(event: date, limit: Limit) -> Iterator[Step]:
    match limit.unit:
        case Unit.NATURAL_DAY:
            for n in range(1, limit.amount + 1):
                yield _step(event + n * DAY, Note.COUNTED, True, n)
        case Unit.MONTH:
            for n in range(1, limit.amount + 1):
                day = _months_after(event, n)
                note = Note.COUNTED if day.day == event.day else Note.MONTH_END
                yield _step(day, note, True, n)
        case Unit.WORKING_DAY:
            day, n = event, 0
            while n < limit.amount:
                day += DAY
                if is_working_day(day):
                    n += 1
                    yield _step(day, Note.COUNTED, True, n)
                else:
                    yield _step(day, Note.DAY_OFF, False)


def _roll(last: date) -> Iterator[Step]:
    if is_working_day(last):
        return
    day = last + DAY
    while not is_working_day(day):
        yield _step(day, Note.ROLLED_OVER, False)
        day += DAY
    yield _step(day, Note.ROLLED_TO, False)


def _months_after(event: date, amount: int) -> date:
    # Always from the event: 31 January, 28 February, 31 March; not sinking to 28 March.
    years, month = divmod(event.month - 1 + amount, 12)
    year, month = event.year + years, month + 1
    return date(year, month, min(event.day, monthrange(year, month)[1]))


def _step(day: date, note: Note, counted: bool, ordinal: int | None = None) -> Step:
    try:
        kind, name = day_kind(day), holiday_name(day)
    except CalendarMissing:
        kind, name = None, None
    return Step(day, kind, name, counted, ordinal, note)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"the moment {moment.isoformat()} has no zone")
    return moment
