"""Enters the made-up year through the line's own actions, in the order in which it happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from fenghuang.demo.books import DemoBooks, Progress
from fenghuang.demo.plan import DemoMeeting, DemoProblem, DemoProjectItem, DemoSmallMatter

from ..actions import meetings as actions
from ..models import Meeting, Problem, ProjectItem, SmallMatter


def enter(books: DemoBooks, progress: Progress) -> None:
    """Every event of the year becomes a call of the action that does it in the office."""
    steps = sorted(_Year(books).steps(), key=lambda step: step[:2])
    for done, (_day, _order, act) in enumerate(steps, 1):
        act()
        if done % 20 == 0 or done == len(steps):
            progress("民情", done, len(steps))


Step = tuple[date, int, Callable[[], Any]]


@dataclass
class _Year:
    books: DemoBooks
    meetings: dict[int, Meeting] = field(default_factory=dict)
    problems: dict[int, Problem] = field(default_factory=dict)
    items: dict[int, ProjectItem] = field(default_factory=dict)
    matters: dict[int, SmallMatter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.until = self.books.year.until
        self.centre = self.books.staff["centre"]
        self.leader = self.books.staff["leader"]
        self.raised_at: dict[int, list[DemoProblem]] = defaultdict(list)
        for told in self.books.year.problems:
            if told.meeting is not None:
                self.raised_at[told.meeting].append(told)

    def steps(self) -> Iterator[Step]:
        year = self.books.year
        for meeting in year.meetings:
            yield meeting.held_at.date(), 0, partial(self.meet, meeting)
        for problem in year.problems:
            yield from self.of_problem(problem)
        for item in year.project_items:
            yield from self.of_item(item)
        for matter in year.small_matters:
            yield from self.of_matter(matter)

    # --- meetings

    def meet(self, told: DemoMeeting) -> None:
        actor = self.books.staff[told.community]
        new = Meeting(
            street=self.books.street,
            place=self.books.finest(told.grid, told.community),
            happened_on=told.held_at.date(),
            held_at=told.held_at.time(),
            venue=told.venue,
            theme=told.theme,
            chair=told.chair,
            attendances=told.attendances if told.status == "held" else None,
            count_method=told.count_method,
            minutes=told.minutes,
        )
        if told.status != "held":
            actions.plan_meeting(new, actor=actor)
            if told.status == "cancelled":
                actions.cancel(new, actor=actor, reason="当日降雨，改期召开")
            return
        raised = self.raised_at[told.key]
        problems = [self.problem(one) for one in raised]
        actions.enter_meeting(new, problems, actor=actor, today=self.until)
        self.problems |= {one.key: made for one, made in zip(raised, problems, strict=True)}

    # --- problems

    def problem(self, told: DemoProblem) -> Problem:
        return Problem(
            street=self.books.street,
            place=self.books.finest(told.building, told.compound, told.grid, told.community),
            happened_on=told.raised_on,
            text=told.text,
            category=told.category,
            urgency=told.urgency,
            channel=told.channel,
        )

    def of_problem(self, told: DemoProblem) -> Iterator[Step]:
        if told.meeting is None:
            yield told.raised_on, 0, partial(self.raise_one, told)
        if told.disposed_on is not None and told.disposition not in (
            "small_matter",
            "project_item",
        ):
            yield told.disposed_on, 1, partial(self.dispose, told, told.disposed_on)
        if told.disposition == "referred_up" and told.resolved_on:
            yield told.resolved_on, 2, partial(self.answer_from_above, told, told.resolved_on)
        if told.feedback and told.resolved_on:
            yield told.resolved_on, 5, partial(self.ask, told)

    def raise_one(self, told: DemoProblem) -> None:
        actor = self.books.staff[told.community]
        made = actions.raise_problem(self.problem(told), actor=actor, today=self.until)
        self.problems[told.key] = made

    def dispose(self, told: DemoProblem, on: date) -> None:
        problem, secretary = self.problems[told.key], self.books.staff[told.community]
        when = {"on": on, "today": self.until}
        match told.disposition:
            case "answered_on_site":
                actions.answer_on_site(problem, actor=secretary, answer=told.answer, **when)
            case "referred_up":
                unit = self.books.units[told.referred_to]
                actions.refer_up(problem, actor=self.centre, reason=told.reason, unit=unit, **when)
            case "not_accepted":
                actions.not_accept(problem, actor=self.centre, reason=told.reason, **when)
            case "merged":
                into = self.problems[told.merged_into or 0]
                actions.merge(problem, actor=self.centre, into=into, **when)

    def answer_from_above(self, told: DemoProblem, on: date) -> None:
        actions.record_answer(
            self.problems[told.key],
            actor=self.centre,
            on=on,
            today=self.until,
            answer="主管部门已答复并办理",
        )

    def ask(self, told: DemoProblem) -> None:
        secretary = self.books.staff[told.community]
        problem, said = self.problems[told.key], told.feedback or ""
        problem.refresh_from_db()  # what answers it was done, which resolved it
        actions.record_feedback(problem, actor=secretary, feedback=said)

    # --- project items

    def of_item(self, told: DemoProjectItem) -> Iterator[Step]:
        yield told.listed_on, 1, partial(self.list_item, told)
        for day, percent in told.progress:
            yield day, 2, partial(self.report, told, percent)
        if told.done_on:
            yield told.done_on, 3, partial(self.complete, told, told.done_on)

    def list_item(self, told: DemoProjectItem) -> None:
        first, *others = (self.problems[key] for key in told.problems)
        unit = self.books.units[told.owner]
        item: ProjectItem | None = None
        if first.disposition == "open":
            item = actions.put_on_project_list(
                first,
                actor=self.leader,
                on=told.listed_on,
                today=self.until,
                title=told.title,
                unit=unit,
                due_on=told.due_on,
                budget_fen=told.budget_fen,
            )
        else:
            item = actions.list_further_item(
                first,
                actor=self.leader,
                on=told.listed_on,
                today=self.until,
                title=told.title,
                unit=unit,
                due_on=told.due_on,
                budget_fen=told.budget_fen,
            )
        for problem in others:
            actions.add_problem(item, actor=self.leader, problem=problem, today=told.listed_on)
        self.items[told.key] = item

    def report(self, told: DemoProjectItem, percent: int) -> None:
        department = self.books.staff["department"]
        item = self.items[told.key]
        actions.report_progress(item, actor=department, progress=percent, note="")

    def complete(self, told: DemoProjectItem, on: date) -> None:
        item = self.items[told.key]
        if item.state == "listed":
            self.report(told, 100)
        actions.complete(item, actor=self.leader, on=on, today=self.until)

    # --- small matters

    def of_matter(self, told: DemoSmallMatter) -> Iterator[Step]:
        yield told.found_on, 1, partial(self.find, told)
        if told.fixed_on:
            yield told.fixed_on, 3, partial(self.fix, told, told.fixed_on)
        if told.struck_off_on:
            yield told.struck_off_on, 4, partial(self.strike_off, told, told.struck_off_on)

    def fixer(self, told: DemoSmallMatter) -> Any:
        # A compound may lie in several grids: what stands for all of it is the community's.
        of_one_grid = told.grid is not None and (told.building or not told.compound)
        key = told.grid if of_one_grid else f"{told.community}/worker"
        return self.books.staff[key or ""]

    def find(self, told: DemoSmallMatter) -> None:
        handler, unit = self.fixer(told), self.books.units.get(told.unit)
        if told.problem is not None:
            problem = self.problems[told.problem]
            self.matters[told.key] = actions.make_small_matter(
                problem,
                actor=self.books.staff[told.community],
                on=told.found_on,
                today=self.until,
                title=told.title,
                handler=handler,
                unit=unit,
            )
            return
        new = SmallMatter(
            street=self.books.street,
            place=self.books.finest(told.building, told.compound, told.grid, told.community),
            happened_on=told.found_on,
            matter_title=told.title,
            category=told.category,
            handler=handler,
            unit=unit,
        )
        self.matters[told.key] = actions.enter_small_matter(new, actor=handler, today=self.until)

    def fix(self, told: DemoSmallMatter, on: date) -> None:
        actions.fix(
            self.matters[told.key],
            actor=self.fixer(told),
            on=on,
            today=self.until,
            how=told.measure,
            cost_fen=told.cost_fen,
        )

    def strike_off(self, told: DemoSmallMatter, on: date) -> None:
        matter = self.matters[told.key]
        checker = self.books.staff["checker"]
        actions.strike_off(matter, actor=checker, on=on, today=self.until)
