"""A made-up year of the made-up street: what happened on which day of 2021, and just outside it.

Every figure of the year is exact by construction, and for each of them there are records that must
not count: a meeting cancelled, one only planned, meetings and problems of December 2020 and January
2022, project items listed and small matters struck off on the wrong side of New Year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from random import Random

from chinese_calendar import is_workday

from . import stories
from .geography import DemoStreet
from .stories import MeetingStory, ProblemStory

CHINA = timezone(timedelta(hours=8), "CST")
NEW_YEAR, YEAR_END = date(2021, 1, 1), date(2021, 12, 31)
UNTIL = date(2022, 1, 21)
"""The last day of which the demo knows; what is open is open on that day."""

# How many there are of each in 2021 at size 1. Their sum is 247 problems.
MEETINGS = 62
ANSWERED_ON_SITE, SMALL_MATTERS, REFERRED_UP, NOT_ACCEPTED, OPEN = 41, 132, 9, 5, 7
LISTED_ITEMS = 36
RAISED_AGAIN = 10  # problems on the matter of an item that another problem brought on the list
LISTED_TOO_LATE = 1  # problems of December whose item is listed in January 2022
MERGED = 6
OTHER_CHANNELS = 21  # of these, not raised at a meeting
TWO_ITEMS = 4  # problems that need a second item, at most

# Of the small matters, 120 + 63 + 3 = 186 are struck off in 2021.
STRUCK_OFF_IN_JANUARY, FIXED_ONLY, BEING_FIXED = 7, 3, 2
FOUND_ON_ROUNDS, FOUND_TOO_LATE = 63, 2  # by grid workers, without a problem
OF_2020 = 3


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    key: int
    held_at: datetime
    community: str
    grid: str
    venue: str
    theme: str
    chair: str
    attendances: int  # 0 unless held
    count_method: str
    minutes: str  # empty unless held
    status: str  # held, cancelled, planned


@dataclass(frozen=True, slots=True)
class DemoProblem:
    """A problem as it stands on the last day of the demo."""

    key: int
    raised_on: date
    channel: str  # meeting, grid, visit, hotline
    meeting: int | None
    community: str
    grid: str | None
    compound: str | None
    building: str | None
    category: str
    urgency: str
    text: str
    disposition: str
    disposed_on: date | None  # None while open
    resolved_on: date | None
    answer: str  # given on the spot
    referred_to: str
    reason: str  # of referring up or of not accepting
    merged_into: int | None
    feedback: str | None  # satisfied, basically_satisfied, dissatisfied, unreached


@dataclass(frozen=True, slots=True)
class DemoProjectItem:
    key: int
    title: str
    owner: str
    budget_fen: int
    listed_on: date
    start_on: date
    due_on: date
    progress: tuple[tuple[date, int], ...]  # monthly reports in percent, never falling
    done_on: date | None
    problems: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DemoSmallMatter:
    key: int
    problem: int | None  # None if found on a grid worker's round
    title: str
    measure: str
    unit: str
    community: str
    grid: str | None
    compound: str | None
    building: str | None
    found_on: date
    fixed_on: date | None
    struck_off_on: date | None
    cost_fen: int | None  # None until fixed


@dataclass(frozen=True, slots=True)
class DemoYear:
    meetings: tuple[DemoMeeting, ...]
    problems: tuple[DemoProblem, ...]
    project_items: tuple[DemoProjectItem, ...]
    small_matters: tuple[DemoSmallMatter, ...]
    until: date


def plan_2021(street: DemoStreet, seed: int = 2021, size: float = 1.0) -> DemoYear:
    """The year that follows from a street and a seed.

    At size 1: 62 meetings held in 2021, 247 problems raised in 2021 (209 of them at meetings), 36
    project items listed and 186 small matters struck off in 2021. Other sizes multiply each count
    of this module's head, none falls below one. Every community has a meeting if there are as many
    meetings as communities. ValueError if the size leaves too few problems before December.
    """
    rng = Random(seed)  # noqa: S311 - a story is told, nothing is kept secret
    return _Year(street, rng, size).told()


# ------------------------------------------------------------------ days


def leaders_meeting(year: int, month: int) -> date:
    """The monthly meeting of the street's leaders, which lists project items: about the 25th."""
    return _working_day(date(year, month, 25), -1)


LEADERS_MEETINGS = (
    leaders_meeting(2020, 12),
    *(leaders_meeting(2021, month) for month in range(1, 13)),
    date(2022, 1, 7),
)


def _working_day(day: date, step: int = 1) -> date:
    """The day itself if it is a working day, otherwise the next (or, with step -1, the last)."""
    while not is_workday(day):
        day += timedelta(step)
    return day


def _working_days_after(day: date, count: int) -> date:
    for _ in range(count):
        day = _working_day(day + timedelta(1))
    return day


def _working_days(first: date, last: date) -> list[date]:
    days = (first + timedelta(i) for i in range((last - first).days + 1))
    return [day for day in days if is_workday(day)]


def _listing(raised_on: date) -> date:
    """The first leaders' meeting for which a problem comes in time: two days after it, or later."""
    return next(day for day in LEADERS_MEETINGS if day >= raised_on + timedelta(2))


# --------------------------------------------------------------- the year


@dataclass(eq=False, slots=True)
class _Draft:
    """A problem that still lacks its number, and the date of what becomes of it."""

    raised_on: date
    channel: str
    community: str
    meeting: int | None = None
    disposition: str = ""
    story: ProblemStory | None = None
    disposed_on: date | None = None
    resolved_on: date | None = None
    merged_into: _Draft | None = None
    items: list[_Item] = field(default_factory=list)
    matter: _Matter | None = None

    @property
    def told(self) -> ProblemStory:
        assert self.story is not None
        return self.story


@dataclass(eq=False, slots=True)
class _Item:
    story: ProblemStory
    listed_on: date
    start_on: date
    due_on: date
    done_on: date | None
    ends_on: date


@dataclass(eq=False, slots=True)
class _Matter:
    story: ProblemStory
    found_on: date
    fixed_on: date | None = None
    struck_off_on: date | None = None
