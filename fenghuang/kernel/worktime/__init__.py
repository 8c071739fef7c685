"""Which days the office works, by when a thing is due, and why then.

    due(dispatched_at, working_days(5)).on      the day people see
    due(dispatched_at, working_days(5)).at      the last instant that is still in time
    due(dispatched_at, working_days(5)).steps   day by day, how it came about

Working days follow the yearly notices of the State Council, make-up workdays included. A day no
notice has settled yet raises `CalendarMissing`: the house never guesses a calendar.
"""

from fenghuang.kernel.worktime.calendar import (
    KNOWN_YEARS,
    CalendarMissing,
    DayKind,
    HolidayName,
    day_kind,
    holiday_name,
    is_working_day,
    working_days_between,
)
from fenghuang.kernel.worktime.deadlines import (
    LOCAL_ZONE,
    Deadline,
    Limit,
    Note,
    StartRule,
    Step,
    Unit,
    due,
    hours,
    is_late,
    months,
    natural_days,
    was_on_time,
    working_days,
)

__all__ = [
    "KNOWN_YEARS",
    "LOCAL_ZONE",
    "CalendarMissing",
    "DayKind",
    "Deadline",
    "HolidayName",
    "Limit",
    "Note",
    "StartRule",
    "Step",
    "Unit",
    "day_kind",
    "due",
    "holiday_name",
    "hours",
    "is_late",
    "is_working_day",
    "months",
    "natural_days",
    "was_on_time",
    "working_days",
    "working_days_between",
]
