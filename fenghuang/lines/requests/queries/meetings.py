"""What the line's screens ask: one query each, within the scope of the person who asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.people.roles import CONFIRMS
from fenghuang.kernel.records.models import RecordQuerySet
from fenghuang.kit.door import Task

from ..models import Problem, ProjectItem, SmallMatter
from ..permissions import LINE
from ..states.meetings import (
    FIXES,
    GIVES_DISPOSITION,
    OWNS_ITEM,
    Disposition,
    MatterState,
)

SOON = timedelta(days=7)
AT_MOST = 50


def with_funnel(meetings: QuerySet[Any]) -> RecordQuerySet:
    """Each meeting with what became of the problems raised there (withdrawn ones not counted)."""

    def problems(**disposition: Any) -> Count:
        return Count("problems", filter=Q(problems__voided_at=None, **disposition))

    counted = meetings.annotate(
        problem_count=problems(),
        answered_count=problems(problems__disposition="answered_on_site"),
        listed_count=problems(problems__disposition="project_item"),
        referred_count=problems(problems__disposition="referred_up"),
    )
    return cast(RecordQuerySet, counted)


def dispositions(problems: RecordQuerySet) -> dict[str, int]:
    """How many problems have each disposition: the funnel, which adds up to all of them."""
    rows = problems.standing().order_by().values("disposition").annotate(n=Count("pk"))
    return {row["disposition"]: row["n"] for row in rows}


def tasks(user: Any, today: date) -> list[Task]:
    """What waits for this person, most urgent first, at most 50.

    Problems without a disposition, small matters to fix or to confirm, project items due within a
    week: whatever the roles held today may move on.
    """
    roles = user.roles(LINE)
    found: list[Task] = []
    if roles & GIVES_DISPOSITION:
        waiting = _waiting(Problem, user).filter(disposition=Disposition.OPEN)
        found += [Task(one, _("give it a disposition"), one.due_on) for one in waiting[:AT_MOST]]
    if roles & FIXES:
        mine = Q(handler=user) | Q(handler=None)
        to_fix = _waiting(SmallMatter, user).filter(mine, state=MatterState.OPEN)
        found += [Task(one, _("fix it"), one.due_on) for one in to_fix[:AT_MOST]]
    if roles & CONFIRMS:
        fixed = _waiting(SmallMatter, user).filter(state=MatterState.FIXED)
        to_confirm = fixed.exclude(fixed_by=user)[:AT_MOST]
        found += [Task(one, _("look at it and strike it off"), one.due_on) for one in to_confirm]
    if roles & OWNS_ITEM:
        due = _waiting(ProjectItem, user).filter(due_on__lte=today + SOON)
        unfinished = due.filter(done_on=None)[:AT_MOST]
        found += [Task(one, _("report progress"), one.due_on) for one in unfinished]
    return sorted(found, key=lambda task: task.due_on or date.max)[:AT_MOST]


def _waiting(model: Any, user: Any) -> QuerySet[Any]:
    standing: RecordQuerySet = model.objects.visible_to(user).standing()
    return standing.filter(due_on__isnull=False).select_related("place").order_by("due_on")
