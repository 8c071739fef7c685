"""A made-up year of the made-up street: what happened on which day of 2021, and just outside it.

Every figure of the year is exact by construction, and for each of them there are records that must
not count: a meeting cancelled, one only planned, meetings and problems of December 2020 and January
2022, project items listed and small matters struck off on the wrong side of New Year.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import cycle, groupby
from random import Random

from chinese_calendar import is_workday  # type: ignore[import-untyped]  # ships no types

from . import stories
from .geography import DemoStreet
from .orders import DemoOrder, orders_2021, orders_lately
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
    feedback: str | None  # satisfied, basically, dissatisfied, unreached


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
    category: str
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
    orders: tuple[DemoOrder, ...] = ()
    orders_lately: tuple[DemoOrder, ...] = ()


def plan_2021(
    street: DemoStreet, seed: int = 2021, size: float = 1.0, today: date | None = None
) -> DemoYear:
    """The year that follows from a street and a seed.

    At size 1: 62 meetings held in 2021, 247 problems raised in 2021 (209 of them at meetings), 36
    project items listed and 186 small matters struck off in 2021. Other sizes multiply each count
    of this module's head, none falls below one. Every community has a meeting if there are as many
    meetings as communities. A size below 0.1 is no year, therefore ValueError. Given a day, there
    are orders of the thirty days before it besides; they belong to no figure of 2021.
    """
    if size < 0.1:
        raise ValueError(f"a year of size {size} has too few problems for every disposition")
    year = _Telling(street, Random(seed), size).year()  # noqa: S311 - a story, not a secret
    return replace(
        year,
        orders=orders_2021(street, seed, size),
        orders_lately=orders_lately(street, seed, size, today) if today else (),
    )


# ------------------------------------------------------------------ days


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


LEADERS_MEETINGS = (
    *(_working_day(date(2020 + i // 12, i % 12 + 1, 25), -1) for i in range(11, 24)),
    date(2022, 1, 7),
)
"""The street's leaders meet monthly, about the 25th, and list project items."""


# --------------------------------------------------------------- the year


@dataclass(eq=False, slots=True)
class _Item:
    story: ProblemStory
    listed_on: date
    start_on: date
    due_on: date
    ends_on: date  # may lie beyond the last day of the demo

    @property
    def done_on(self) -> date | None:
        return self.ends_on if self.ends_on <= UNTIL else None


@dataclass(eq=False, slots=True)
class _Matter:
    story: ProblemStory
    found_on: date
    fixed_on: date | None = None
    struck_off_on: date | None = None


@dataclass(eq=False, slots=True)
class _Problem:
    """A problem that has no number yet, and may still lack its story and what becomes of it."""

    raised_on: date
    channel: str
    community: str
    meeting: int | None = None
    disposition: str = "open"
    told: ProblemStory | None = None
    disposed_on: date | None = None
    referral_answered_on: date | None = None
    merged_into: _Problem | None = None
    items: list[_Item] = field(default_factory=list)
    matter: _Matter | None = None

    @property
    def story(self) -> ProblemStory:
        assert self.told is not None
        return self.told

    @property
    def resolved_on(self) -> date | None:
        if self.disposition == "answered_on_site":
            return self.raised_on
        if self.matter:
            return self.matter.struck_off_on
        if self.merged_into:
            return self.merged_into.resolved_on
        done = [item.done_on for item in self.items if item.done_on]
        return max(done) if done and len(done) == len(self.items) else self.referral_answered_on


class _Telling:
    """The year while it is being told, from its meetings to what became of the last problem."""

    def __init__(self, street: DemoStreet, rng: Random, size: float) -> None:
        self.street, self.rng, self.size = street, rng, size
        self.meetings: list[DemoMeeting] = []
        self.problems: list[_Problem] = []
        self.matters: list[_Matter] = []

    def year(self) -> DemoYear:
        self.hold_meetings()
        self.raise_problems_of_2021()
        self.raise_problems_around_2021()
        self.walk_rounds()
        return self.numbered()

    def scaled(self, count: int) -> int:
        return max(1, round(count * self.size))

    # -------------------------------------------------------- meetings

    def hold_meetings(self) -> None:
        rng = self.rng
        rows: list[tuple[MeetingStory, date, str]] = []
        of_2021 = stories.meetings(self.street, rng, self.scaled(MEETINGS))
        for month, group in groupby(of_2021, key=lambda story: story.month):
            told = list(group)
            first = date(2021, month, 1)
            days = _working_days(first, date(2021, month, monthrange(2021, month)[1]))
            for i, story in enumerate(told):
                day = days[int((i + rng.random()) / len(told) * len(days))]
                saturday = day + timedelta(5 - day.weekday())
                if rng.random() < 0.12 and saturday.month == month:
                    day = saturday
                rows.append((story, day, "held"))
        for count, month, days, status in (
            (2, 12, _working_days(date(2020, 12, 7), date(2020, 12, 21)), "held"),
            (1, 7, _working_days(date(2021, 7, 19), date(2021, 7, 30)), "cancelled"),
            (1, 12, [YEAR_END], "planned"),
            (2, 1, _working_days(date(2022, 1, 4), date(2022, 1, 12)), "held"),
        ):
            for story in stories.meetings(self.street, rng, self.scaled(count), [month]):
                rows.append((story, rng.choice(days), status))
        drawn = [(story, self.hour(day), status) for story, day, status in rows]
        drawn.sort(key=lambda row: row[1])
        for key, (story, held_at, status) in enumerate(drawn):
            held = status == "held"
            self.meetings.append(
                DemoMeeting(
                    key=key,
                    held_at=held_at,
                    community=story.community,
                    grid=story.grid,
                    venue=story.venue,
                    theme=story.theme,
                    chair=story.chair,
                    attendances=story.attendances if held else 0,
                    count_method=story.count_method,
                    minutes=story.minutes if held else "",
                    status=status,
                )
            )

    def hour(self, day: date) -> datetime:
        """Mostly evenings of working days; on a Saturday by daylight."""
        evening, daylight = (time(19), time(19, 30)), (time(9, 30), time(15))
        hours = daylight if day.weekday() == 5 else (*evening, *evening, *daylight)
        return datetime.combine(day, self.rng.choice(hours), CHINA)

    def held_in(self, first: date, last: date) -> list[DemoMeeting]:
        return [
            meeting
            for meeting in self.meetings
            if meeting.status == "held" and first <= meeting.held_at.date() <= last
        ]

    # -------------------------------------------------------- problems

    def raise_problems_of_2021(self) -> None:
        rng = self.rng
        pool = self.raised_in_2021()
        in_time = LEADERS_MEETINGS[-2] - timedelta(2)
        leads = self.drawn(pool, LISTED_ITEMS, lambda problem: problem.raised_on <= in_time)
        answered = self.drawn(pool, ANSWERED_ON_SITE, lambda problem: problem.channel != "hotline")
        middle = pool[len(pool) // 2].raised_on
        still_open = self.drawn(pool, OPEN, lambda problem: problem.raised_on >= middle)
        referred = self.drawn(pool, REFERRED_UP)
        refused = self.drawn(pool, NOT_ACCEPTED)
        late = [
            self.elsewhere(date(2021, 12, 29), rng.choice(self.street.communities).key)
            for _ in range(self.scaled(LISTED_TOO_LATE))
        ]
        self.tell("project_item", leads + late)
        self.tell("answered_on_site", answered)
        self.tell("open", still_open)
        self.tell("referred_up", referred)
        self.tell("not_accepted", refused)
        self.tell("small_matter", pool)

        for lead in leads + late:
            self.list_item(lead)
        self.raise_again(leads)
        self.merge(leads + still_open)
        self.need_second_items(leads)
        self.fix(pool)

    def raised_in_2021(self) -> list[_Problem]:
        """Those raised at meetings and elsewhere, by day, without those that follow another."""
        rng = self.rng
        parts = (ANSWERED_ON_SITE, SMALL_MATTERS, REFERRED_UP, NOT_ACCEPTED, OPEN, LISTED_ITEMS)
        elsewhere = self.scaled(OTHER_CHANNELS)
        held = self.held_in(NEW_YEAR, YEAR_END)
        attended = [meeting.attendances for meeting in held]
        spare = sum(map(self.scaled, parts)) - elsewhere - len(held)
        raised = [_at(meeting) for meeting in held + rng.choices(held, attended, k=spare)]
        days = _working_days(NEW_YEAR, YEAR_END)
        for _ in range(elsewhere):
            community = rng.choice(self.street.communities)
            raised.append(self.elsewhere(rng.choice(days), community.key))
        return sorted(raised, key=lambda problem: problem.raised_on)

    def elsewhere(self, day: date, community: str) -> _Problem:
        return _Problem(day, self.rng.choice(["grid", "grid", "visit", "hotline"]), community)

    def drawn(
        self,
        pool: list[_Problem],
        count: int,
        fits: Callable[[_Problem], bool] = lambda problem: True,
    ) -> list[_Problem]:
        """Some problems of the pool by lot, which loses them."""
        drawn = self.rng.sample([problem for problem in pool if fits(problem)], self.scaled(count))
        gone = set(drawn)
        pool[:] = [problem for problem in pool if problem not in gone]
        return drawn

    def tell(self, disposition: str, problems: Sequence[_Problem]) -> None:
        """Give each a story that suits what becomes of it, and the day on which that is decided."""
        rng = self.rng
        may_become = ["small_matter", "project_item", "referred_up"]
        wanted = [
            (problem.community, rng.choice(may_become) if disposition == "open" else disposition)
            for problem in problems
        ]
        told = stories.problems(self.street, rng, wanted)
        for problem, story in zip(problems, told, strict=True):
            problem.told = story
            problem.disposition = disposition
            if disposition == "open":
                continue
            on_site = disposition == "answered_on_site"
            wait = 0 if on_site else rng.randint(1, 3)
            problem.disposed_on = _working_days_after(problem.raised_on, wait)
            if disposition == "referred_up" and rng.random() < 0.7:
                answered_on = problem.disposed_on + timedelta(rng.randint(7, 40))
                problem.referral_answered_on = answered_on if answered_on <= UNTIL else None
        self.problems += problems

    def list_item(self, lead: _Problem) -> None:
        """The project item a problem leads to; one in seven ends late."""
        rng = self.rng
        listed_on = next(day for day in LEADERS_MEETINGS if day >= lead.raised_on + timedelta(2))
        start_on = _working_day(listed_on + timedelta(rng.randint(5, 20)))
        due_on = start_on + timedelta(lead.story.days)
        late = rng.random() < 1 / 7
        ends_on = due_on + timedelta(
            rng.randint(3, 30) if late else -rng.randint(0, lead.story.days // 5)
        )
        lead.items = [_Item(lead.story, listed_on, start_on, due_on, _working_day(ends_on, -1))]
        lead.disposed_on = listed_on

    def raise_again(self, leads: Sequence[_Problem]) -> None:
        """Others bring the same matter before it is listed; the item then answers them as well."""
        rng = self.rng
        for lead in rng.sample(leads, self.scaled(RAISED_AGAIN)):
            item = lead.items[0]
            wait = (item.listed_on - lead.raised_on).days - 2
            day = max(
                lead.raised_on,
                _working_day(lead.raised_on + timedelta(rng.randint(0, wait)), -1),
            )
            problem = self.elsewhere(day, lead.community)
            problem.disposition = "project_item"
            problem.told = stories.retold(rng, lead.story)
            problem.items = [item]
            problem.disposed_on = item.listed_on
            self.problems.append(problem)

    def merge(self, targets: Sequence[_Problem]) -> None:
        """The same matter once more while the first is pending; one of them is handled."""
        rng = self.rng
        for target in rng.sample(targets, self.scaled(MERGED)):
            later = target.raised_on + timedelta(rng.randint(1, 12))
            day = max(target.raised_on, _working_day(min(later, YEAR_END), -1))
            problem = self.elsewhere(day, target.community)
            problem.disposition = "merged"
            problem.told = stories.retold(rng, target.story)
            problem.merged_into = target
            problem.disposed_on = _working_days_after(day, rng.randint(1, 2))
            self.problems.append(problem)

    def need_second_items(self, leads: Sequence[_Problem]) -> None:
        """Some problems are answered only by two items of their community together."""
        pairs = [
            (lead, other.items[0])
            for lead in leads
            for other in leads
            if other is not lead
            and other.community == lead.community
            and other.items[0].listed_on >= lead.items[0].listed_on
        ]
        for lead, item in self.rng.sample(pairs, min(len(pairs), self.scaled(TWO_ITEMS))):
            if len(lead.items) == 1:
                lead.items.append(item)

    # --------------------------------------------------- small matters

    def fix(self, problems: Sequence[_Problem]) -> None:
        """Put right and strike off the small matters of 2021, but for the latest ones.

        Of those that are left, one struck off in January and one not struck off at all were fixed
        in December already: the day of the repair and the day of the proof are different figures.
        """
        rng = self.rng
        being_fixed, fixed_only = self.scaled(BEING_FIXED), self.scaled(FIXED_ONLY)
        in_january = self.scaled(STRUCK_OFF_IN_JANUARY)
        by_day = sorted(problems, key=lambda problem: problem.raised_on)
        in_time = by_day[: -(being_fixed + fixed_only + in_january)]
        for problem in in_time:
            assert problem.disposed_on
            problem.disposed_on = min(problem.disposed_on, YEAR_END)
            self.settle(problem, self.struck_off(problem.story, problem.disposed_on, YEAR_END))
        left = by_day[len(in_time) :]
        early = {left[0], left[in_january]}
        for i, problem in enumerate(left):
            assert problem.disposed_on
            if problem in early:
                problem.disposed_on = fixed_on = min(problem.disposed_on, YEAR_END)
            else:
                after = max(problem.disposed_on, date(2022, 1, 4))
                fixed_on = _working_days_after(after, rng.randint(0, 3))
            matter = _Matter(problem.story, problem.disposed_on)
            if i < in_january + fixed_only:
                matter.fixed_on = fixed_on
            if i < in_january:
                proved_on = max(fixed_on, date(2022, 1, 4))
                matter.struck_off_on = _working_days_after(proved_on, rng.randint(0, 3))
            self.settle(problem, matter)

    def settle(self, problem: _Problem, matter: _Matter) -> None:
        problem.matter = matter
        self.matters.append(matter)

    def struck_off(self, story: ProblemStory, found_on: date, last: date) -> _Matter:
        """Struck off by a last day; mostly fixed within 7 natural days, one in eight late."""
        rng = self.rng
        late = rng.random() < 1 / 8
        fixed_on = min(
            found_on + timedelta(rng.randint(8, 20) if late else rng.randint(0, 7)), last
        )
        return _Matter(
            story, found_on, fixed_on, min(_working_days_after(fixed_on, rng.randint(1, 3)), last)
        )

    def walk_rounds(self) -> None:
        """Small matters that grid workers find themselves; nobody raised a problem."""
        rng = self.rng
        days = _working_days(NEW_YEAR, date(2021, 12, 10))
        in_time = sorted(rng.choices(days, k=self.scaled(FOUND_ON_ROUNDS)))
        too_late = [date(2021, 12, 28)] * self.scaled(FOUND_TOO_LATE)
        turns = cycle(rng.sample(self.street.communities, len(self.street.communities)))
        found = in_time + too_late
        wanted = [(next(turns).key, "small_matter") for _ in found]
        told = stories.problems(self.street, rng, wanted)
        for day, story in zip(found, told, strict=True):
            if day <= days[-1]:
                self.matters.append(self.struck_off(story, day, YEAR_END))
            else:
                fixed_on = _working_days_after(YEAR_END, rng.randint(1, 3))
                struck_off_on = _working_days_after(fixed_on, rng.randint(1, 3))
                self.matters.append(_Matter(story, day, fixed_on, struck_off_on))

    # ---------------------------------------------- around the year

    def raise_problems_around_2021(self) -> None:
        rng = self.rng

        def raised(count: int, meetings: Sequence[DemoMeeting], became: str) -> list[_Problem]:
            problems = [_at(rng.choice(meetings)) for _ in range(self.scaled(count))]
            self.tell(became, problems)
            return problems

        before = self.held_in(date(2020, 12, 1), date(2020, 12, 31))
        for problem in raised(OF_2020, before, "small_matter"):
            assert problem.disposed_on
            fixed_on = _working_days_after(NEW_YEAR, rng.randint(1, 5))
            struck_off_on = _working_days_after(fixed_on, rng.randint(1, 3))
            matter = _Matter(problem.story, problem.disposed_on, fixed_on, struck_off_on)
            self.settle(problem, matter)
        for problem in raised(2, before, "small_matter"):
            assert problem.disposed_on
            last = date(2020, 12, 31)
            self.settle(problem, self.struck_off(problem.story, problem.disposed_on, last))
        for problem in raised(1, before, "project_item"):
            self.list_item(problem)

        after = self.held_in(date(2022, 1, 1), UNTIL)
        raised(2, after, "answered_on_site")
        for problem in raised(2, after, "small_matter"):
            assert problem.disposed_on
            self.settle(problem, _Matter(problem.story, problem.disposed_on))
        raised(1, after, "open")

    # ------------------------------------------------------- numbered

    def numbered(self) -> DemoYear:
        problems = sorted(self.problems, key=lambda problem: problem.raised_on)
        number = {problem: key for key, problem in enumerate(problems)}
        answers: dict[_Item, list[int]] = defaultdict(list)
        problem_of: dict[_Matter, int] = {}
        for problem, key in number.items():
            for item in problem.items:
                answers[item].append(key)
            if problem.matter:
                problem_of[problem.matter] = key
        items = sorted(answers, key=lambda item: item.listed_on)
        matters = sorted(self.matters, key=lambda matter: matter.found_on)
        community_name = {community.key: community.name for community in self.street.communities}
        return DemoYear(
            meetings=tuple(self.meetings),
            problems=tuple(self.problem(key, problem, number) for problem, key in number.items()),
            project_items=tuple(
                DemoProjectItem(
                    key=key,
                    title=item.story.title,
                    owner=item.story.owner,
                    budget_fen=item.story.budget_fen,
                    listed_on=item.listed_on,
                    start_on=item.start_on,
                    due_on=item.due_on,
                    progress=_progress(item),
                    done_on=item.done_on,
                    problems=tuple(answers[item]),
                )
                for key, item in enumerate(items)
            ),
            small_matters=tuple(
                DemoSmallMatter(
                    key=key,
                    problem=problem_of.get(matter),
                    title=matter.story.title,
                    category=matter.story.category,
                    measure=matter.story.measure,
                    unit=community_name[matter.story.community],
                    community=matter.story.community,
                    grid=matter.story.grid,
                    compound=matter.story.compound,
                    building=matter.story.building,
                    found_on=matter.found_on,
                    fixed_on=matter.fixed_on,
                    struck_off_on=matter.struck_off_on,
                    cost_fen=matter.story.cost_fen if matter.fixed_on else None,
                )
                for key, matter in enumerate(matters)
            ),
            until=UNTIL,
        )

    def problem(self, key: int, problem: _Problem, number: dict[_Problem, int]) -> DemoProblem:
        story = problem.story
        told = story if problem.disposition == story.disposition else None
        grades = ["satisfied"] * 6 + ["basically"] * 2 + ["dissatisfied", "unreached"]
        return DemoProblem(
            key=key,
            raised_on=problem.raised_on,
            channel=problem.channel,
            meeting=problem.meeting,
            community=story.community,
            grid=story.grid,
            compound=story.compound,
            building=story.building,
            category=story.category,
            urgency=story.urgency,
            text=story.text,
            disposition=problem.disposition,
            disposed_on=problem.disposed_on,
            resolved_on=problem.resolved_on,
            answer=told.answer if told else "",
            referred_to=told.referred_to if told else "",
            reason=told.reason if told else "",
            merged_into=number[problem.merged_into] if problem.merged_into else None,
            feedback=self.rng.choice(grades) if problem.resolved_on else None,
        )


def _at(meeting: DemoMeeting) -> _Problem:
    return _Problem(meeting.held_at.date(), "meeting", meeting.community, meeting.key)


def _progress(item: _Item) -> tuple[tuple[date, int], ...]:
    """Reported on the day of the leaders' meeting, in steps of 5 percent; 100 on the day done."""
    span = (item.ends_on - item.start_on).days
    reports = [
        (day, min(95, 5 * round(20 * (day - item.start_on).days / span)))
        for day in LEADERS_MEETINGS
        if item.start_on <= day < item.ends_on
    ]
    return (*reports, (item.ends_on, 100)) if item.done_on else tuple(reports)
