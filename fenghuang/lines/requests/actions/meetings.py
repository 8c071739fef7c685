"""The verbs of the line. Each checks its life cycle, changes one thing and journals it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.records.parameters import limit_on
from fenghuang.kernel.refusal import Refused

from ..models import Meeting, Problem, ProjectItem, SmallMatter
from ..permissions import check_may_enter, roles_at
from ..rules import meetings as rules
from ..states.meetings import Disposition, ItemState, MatterState, MeetingState

LIMITS = Path(__file__).parents[1] / "parameters" / "limits.toml"


@lru_cache(maxsize=1000)
def _due_on(code: str, happened_on: date) -> date:
    return rules.due_by(happened_on, limit_on(LIMITS, code, happened_on)).on


def _check_day(day: date, not_before: date, today: date, field: str) -> None:
    """A day of work lies between the day of the event and today, both inclusive."""
    if day > today:
        raise Refused(
            "future", _("This day lies in the future. Enter the day it was done."), where=field
        )
    if day < not_before:
        raise Refused(
            "before_event",
            _("This day lies before %(day)s, when it was raised.") % {"day": not_before},
            where=field,
        )


def _check_said(text: str, field: str) -> None:
    if not text.strip():
        raise Refused("reason_missing", _("Please write a sentence that says why."), where=field)


# --- meetings


def plan_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Announce a meeting: date, place and theme are known, nobody has come yet."""
    check_may_enter(actor, meeting.place)
    meeting.state = MeetingState.PLANNED
    return records.enter(meeting, actor=actor, verb="plan")


def enter_meeting(
    meeting: Meeting, problems: Sequence[Problem] = (), *, actor: User, today: date
) -> Meeting:
    """Enter a meeting that was held, with the problems raised there, in one transaction."""
    check_may_enter(actor, meeting.place)
    _check_held(meeting, today)
    meeting.state = MeetingState.HELD
    with transaction.atomic():
        records.enter(meeting, actor=actor, verb="hold")
        for problem in problems:
            _raise_at(meeting, problem)
        records.enter_all(problems, actor=actor, verb="raise")
    return meeting


def hold_meetings(meetings: Sequence[Meeting], *, actor: User, today: date) -> None:
    """Enter a batch of meetings that were held: all of them or none."""
    _check_places(meetings, actor)
    for meeting in meetings:
        _check_held(meeting, today)
        meeting.state = MeetingState.HELD
    records.enter_all(meetings, actor=actor, verb="hold")


def _check_places(entered: Sequence[Meeting | Problem], actor: User) -> None:
    check_may_enter(actor, *{record.place_id: record.place for record in entered}.values())


def _check_held(meeting: Meeting, today: date) -> None:
    if meeting.happened_on > today:
        raise Refused(
            "future",
            _("This day lies in the future. Plan the meeting now, and enter it when it was held."),
            where="happened_on",
        )
    if meeting.attendances is None:
        raise Refused(
            "attendances_missing",
            _("Enter how many people came; 0 if nobody did."),
            where="attendances",
        )


def _raise_at(meeting: Meeting, problem: Problem) -> None:
    problem.street_id = meeting.street_id
    problem.meeting = meeting
    problem.happened_on = meeting.happened_on
    problem.channel = Problem.Channel.MEETING
    if problem.place_id is None:
        problem.place = meeting.place
    if problem.answer:
        problem.disposition = Disposition.ANSWERED_ON_SITE
        problem.disposed_on = problem.resolved_on = meeting.happened_on
    _set_clocks(problem)


def _set_clocks(problem: Problem) -> None:
    # A ledger may bring a time limit of its own.
    problem.due_on = problem.due_on or _due_on("disposition", problem.happened_on)
    if problem.contact:
        problem.contact_purge_on = _due_on("contact_retention", problem.happened_on)


def hold(
    meeting: Meeting,
    *,
    actor: User,
    today: date,
    attendances: int,
    count_method: str,
    minutes: str = "",
) -> Meeting:
    """Record that a planned meeting was held."""
    meeting.attendances = attendances
    _check_held(meeting, today)
    target = Meeting.CYCLE.check("hold", meeting, actor, roles_at(actor, meeting.place_id))
    return records.change(
        meeting,
        "hold",
        actor=actor,
        state=target,
        attendances=attendances,
        count_method=count_method,
        minutes=minutes,
    )


def cancel(meeting: Meeting, *, actor: User, reason: str) -> Meeting:
    """A planned meeting does not take place."""
    _check_said(reason, "reason")
    target = Meeting.CYCLE.check("cancel", meeting, actor, roles_at(actor, meeting.place_id))
    return records.change(meeting, "cancel", actor=actor, ground=reason, state=target)


def raise_problem(problem: Problem, *, actor: User, today: date) -> Problem:
    """Enter one problem, from a meeting or through another channel."""
    check_may_enter(actor, problem.place)
    _check_day(problem.happened_on, date.min, today, "happened_on")
    if problem.meeting is not None:
        _raise_at(problem.meeting, problem)
    else:
        _set_clocks(problem)
    return records.enter(problem, actor=actor, verb="raise")


def raise_problems(problems: Sequence[Problem], *, actor: User, today: date) -> None:
    """Enter a batch of problems at once: all of them or none."""
    _check_places(problems, actor)
    for problem in problems:
        _check_day(problem.happened_on, date.min, today, "happened_on")
        _set_clocks(problem)
    records.enter_all(problems, actor=actor, verb="raise")


# --- dispositions


def _dispose(
    problem: Problem,
    verb: str,
    *,
    actor: User,
    on: date,
    today: date,
    ground: str = "",
    **values: Any,
) -> Problem:
    target = Problem.CYCLE.check(verb, problem, actor, roles_at(actor, problem.place_id))
    _check_day(on, problem.happened_on, today, "on")
    resolved_on = on if rules.resolves(target, parts_done=False) else None
    return records.change(
        problem,
        verb,
        actor=actor,
        ground=ground,
        disposition=target,
        disposed_on=on,
        resolved_on=resolved_on,
        **values,
    )


def answer_on_site(problem: Problem, *, actor: User, on: date, today: date, answer: str) -> Problem:
    """The question was answered there and then: resolved on that day."""
    _check_said(answer, "answer")
    return _dispose(problem, "answer_on_site", actor=actor, on=on, today=today, answer=answer)


def make_small_matter(
    problem: Problem,
    *,
    actor: User,
    on: date,
    today: date,
    title: str,
    handler: User | None = None,
    unit: Unit | None = None,
) -> SmallMatter:
    """Fix it as a small matter: due seven natural days after this day."""
    with transaction.atomic():
        _dispose(problem, "make_small_matter", actor=actor, on=on, today=today, unit=unit)
        matter = SmallMatter(
            street_id=problem.street_id,
            place_id=problem.place_id,
            happened_on=on,
            problem=problem,
            matter_title=title,
            category=problem.category,
            handler=handler,
            unit=unit,
            due_on=_due_on("small_matter", on),
        )
        return records.enter(matter, actor=actor, verb="make_small_matter")


def put_on_project_list(
    problem: Problem,
    *,
    actor: User,
    on: date,
    today: date,
    title: str,
    unit: Unit,
    due_on: date,
    budget_fen: int | None = None,
    item: ProjectItem | None = None,
) -> ProjectItem:
    """Put it on the project list as a new item, or under an item that is there already."""
    _check_due(on, due_on)
    with transaction.atomic():
        _dispose(problem, "put_on_project_list", actor=actor, on=on, today=today, unit=unit)
        if item is not None:
            return _answer_with(item, problem, actor)
        return _list(problem, actor, on, title, unit, due_on, budget_fen)


def list_further_item(
    problem: Problem,
    *,
    actor: User,
    on: date,
    today: date,
    title: str,
    unit: Unit,
    due_on: date,
    budget_fen: int | None = None,
) -> ProjectItem:
    """A problem on the list needs a second item: both must be done to resolve it."""
    Problem.CYCLE.check("list_further_item", problem, actor, roles_at(actor, problem.place_id))
    _check_due(on, due_on)
    _check_day(on, problem.disposed_on or problem.happened_on, today, "on")
    return _list(problem, actor, on, title, unit, due_on, budget_fen)


def _check_due(on: date, due_on: date) -> None:
    if due_on < on:
        raise Refused(
            "due_before", _("The due date lies before the day of listing."), where="due_on"
        )


def _list(
    problem: Problem,
    actor: User,
    on: date,
    title: str,
    unit: Unit,
    due_on: date,
    budget_fen: int | None,
) -> ProjectItem:
    item = ProjectItem(
        street_id=problem.street_id,
        place_id=problem.place_id,
        happened_on=on,
        item_title=title,
        unit=unit,
        due_on=due_on,
        budget_fen=budget_fen,
    )
    return records.enter(
        item, actor=actor, verb="put_on_project_list", many={"problems": [problem]}
    )


def _answer_with(item: ProjectItem, problem: Problem, actor: User) -> ProjectItem:
    ProjectItem.CYCLE.check("add_problem", item, actor, roles_at(actor, item.place_id))
    if item.street_id != problem.street_id:
        raise Refused("other_street", _("This item belongs to another street."), where="item")
    problems = [*item.problems.all(), problem]
    return records.change(item, "add_problem", actor=actor, many={"problems": problems})


def add_problem(item: ProjectItem, *, actor: User, problem: Problem, today: date) -> ProjectItem:
    """Let the item answer a further problem: an open one, or one that is on the list already."""
    with transaction.atomic():
        if problem.disposition == Disposition.OPEN:
            _dispose(
                problem,
                "put_on_project_list",
                actor=actor,
                on=today,
                today=today,
                unit=item.unit,
            )
        elif problem.disposition != Disposition.PROJECT_ITEM:
            raise Refused(
                "disposed_otherwise",
                _("This problem has another disposition: %(state)s.")
                % {"state": problem.state_label},
                where="problem",
            )
        return _answer_with(item, problem, actor)


def refer_up(
    problem: Problem, *, actor: User, on: date, today: date, reason: str, unit: Unit
) -> Problem:
    """Hand the problem to an authority above, with the reason."""
    _check_said(reason, "reason")
    return _dispose(
        problem,
        "refer_up",
        actor=actor,
        on=on,
        today=today,
        ground=reason,
        reason=reason,
        unit=unit,
    )


def record_answer(problem: Problem, *, actor: User, on: date, today: date, answer: str) -> Problem:
    """The authority above answered: the problem is resolved by it."""
    _check_said(answer, "answer")
    Problem.CYCLE.check("record_answer", problem, actor, roles_at(actor, problem.place_id))
    _check_day(on, problem.disposed_on or problem.happened_on, today, "on")
    return records.change(problem, "record_answer", actor=actor, answer=answer, resolved_on=on)


def merge(problem: Problem, *, actor: User, on: date, today: date, into: Problem) -> Problem:
    """The same matter was raised before: it is handled and counted there."""
    if into.pk == problem.pk or into.disposition == Disposition.MERGED:
        raise Refused(
            "merge_target",
            _("Choose the problem in which the matter is handled, not one that was merged itself."),
            where="into",
        )
    if into.street_id != problem.street_id or into.voided_at is not None:
        raise Refused("merge_target", _("That problem can’t take this one up."), where="into")
    return _dispose(problem, "merge", actor=actor, on=on, today=today, merged_into=into)


def not_accept(problem: Problem, *, actor: User, on: date, today: date, reason: str) -> Problem:
    """Not a matter for the street: with the reason, and where to turn instead."""
    _check_said(reason, "reason")
    return _dispose(
        problem, "not_accept", actor=actor, on=on, today=today, ground=reason, reason=reason
    )


def reopen(problem: Problem, *, actor: User, reason: str) -> Problem:
    """The disposition was a mistake; the problem waits for another one."""
    _check_said(reason, "reason")
    target = Problem.CYCLE.check("reopen", problem, actor, roles_at(actor, problem.place_id))
    return records.change(
        problem,
        "reopen",
        actor=actor,
        ground=reason,
        disposition=target,
        disposed_on=None,
        resolved_on=None,
        merged_into=None,
        reason="",
        answer="",
    )


def record_feedback(problem: Problem, *, actor: User, feedback: str) -> Problem:
    """What residents say about what was done."""
    Problem.CYCLE.check("record_feedback", problem, actor, roles_at(actor, problem.place_id))
    return records.change(problem, "record_feedback", actor=actor, feedback=feedback)


# --- project items


def report_progress(item: ProjectItem, *, actor: User, progress: int, note: str) -> ProjectItem:
    """How far the work is, in per cent (0 to 100)."""
    if not 0 <= progress <= 100:
        raise Refused("percent", _("Progress is between 0 and 100 per cent."), where="progress")
    target = ProjectItem.CYCLE.check("report_progress", item, actor, roles_at(actor, item.place_id))
    return records.change(
        item, "report_progress", actor=actor, ground=note, progress=progress, state=target
    )


def complete(item: ProjectItem, *, actor: User, on: date, today: date) -> ProjectItem:
    """The work was accepted. Problems all of whose items are done are resolved on that day."""
    target = ProjectItem.CYCLE.check("complete", item, actor, roles_at(actor, item.place_id))
    _check_day(on, item.happened_on, today, "on")
    with transaction.atomic():
        records.change(item, "complete", actor=actor, state=target, done_on=on, progress=100)
        waiting = item.problems.filter(resolved_on=None, voided_at=None).exclude(
            project_items__in=ProjectItem.objects.exclude(state=ItemState.DONE)
        )
        for problem in waiting:
            if rules.resolves(problem.disposition, parts_done=True):
                records.change(problem, "resolve", actor=actor, resolved_on=on)
    return item


# --- small matters


def enter_small_matter(matter: SmallMatter, *, actor: User, today: date) -> SmallMatter:
    """Enter a small matter that a worker found on a round, without a problem before it."""
    check_may_enter(actor, matter.place)
    _check_day(matter.happened_on, date.min, today, "happened_on")
    matter.due_on = _due_on("small_matter", matter.happened_on)
    return records.enter(matter, actor=actor)


def fix(
    matter: SmallMatter,
    *,
    actor: User,
    on: date,
    today: date,
    how: str,
    cost_fen: int | None = None,
) -> SmallMatter:
    """It is put right; whether in time is decided now, by the rule in force, and kept."""
    target = SmallMatter.CYCLE.check("fix", matter, actor, roles_at(actor, matter.place_id))
    _check_day(on, matter.happened_on, today, "on")
    return records.change(
        matter,
        "fix",
        actor=actor,
        state=target,
        fixed_on=on,
        fixed_by=actor,
        fixed_how=how,
        cost_fen=cost_fen,
        was_on_time=rules.was_on_time(on, matter.due_on),
        rule_version=rules.VERSION,
    )


def strike_off(matter: SmallMatter, *, actor: User, on: date, today: date) -> SmallMatter:
    """A second person saw that it is put right; its problem is resolved on that day."""
    target = SmallMatter.CYCLE.check("strike_off", matter, actor, roles_at(actor, matter.place_id))
    _check_day(on, matter.fixed_on or matter.happened_on, today, "on")
    with transaction.atomic():
        records.change(
            matter,
            "strike_off",
            actor=actor,
            op="approve",
            state=target,
            struck_off_on=on,
            struck_off_by=actor,
        )
        problem = matter.problem
        if problem is not None and problem.resolved_on is None:
            others = problem.small_matters.filter(voided_at=None).exclude(
                state=MatterState.STRUCK_OFF
            )
            if rules.resolves(problem.disposition, parts_done=not others.exists()):
                records.change(problem, "resolve", actor=actor, resolved_on=on)
    return matter


def send_back(matter: SmallMatter, *, actor: User, reason: str) -> SmallMatter:
    """It is not put right yet; the fixer is told what is missing."""
    _check_said(reason, "reason")
    target = SmallMatter.CYCLE.check("send_back", matter, actor, roles_at(actor, matter.place_id))
    return records.change(
        matter,
        "send_back",
        actor=actor,
        ground=reason,
        state=target,
        fixed_on=None,
        fixed_by=None,
        was_on_time=None,
    )


def hand_over(
    matter: SmallMatter, *, actor: User, handler: User | None = None, unit: Unit | None = None
) -> SmallMatter:
    """Another colleague or unit will fix it. The due date stays."""
    if handler is None and unit is None:
        raise Refused("hand_over_to", _("Choose the colleague or the unit who will fix it."))
    SmallMatter.CYCLE.check("hand_over", matter, actor, roles_at(actor, matter.place_id))
    return records.change(matter, "hand_over", actor=actor, handler=handler, unit=unit)


# --- imports


def enter_meetings(meetings: Sequence[Meeting], *, actor: User, batch: UUID) -> None:
    """Enter meetings from a ledger, all or none, under one batch."""
    _enter_imported(meetings, actor, batch)


def enter_problems(problems: Sequence[Problem], *, actor: User, batch: UUID) -> None:
    """Enter problems from a ledger, all or none, under one batch."""
    for problem in problems:
        _set_clocks(problem)
    _enter_imported(problems, actor, batch)


def _enter_imported(imported: Sequence[Meeting | Problem], actor: User, batch: UUID) -> None:
    _check_places(imported, actor)
    for record in imported:
        record.batch, record.source = batch, record.Source.IMPORT
    records.enter_all(imported, actor=actor, verb="import")
