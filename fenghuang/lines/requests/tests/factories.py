"""Records for tests, as they would stand in the books, whatever led there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import factory

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.lines.requests.models import (
    Meeting,
    Problem,
    ProjectItem,
    SmallMatter,
    WorkOrder,
)

DAY = date(2021, 6, 1)


class RecordFactory(factory.Factory):
    """Enters the record through the kernel, so that it has its number and its journal entry.

    What a state needs besides is filled in, unless it is given: a test names only what it is about.
    """

    class Meta:
        abstract = True

    street = factory.LazyFunction(lambda: Street.objects.get(name="梧桐街"))
    place = factory.LazyAttribute(lambda made: made.street)
    happened_on = DAY
    actor = factory.LazyFunction(lambda: User.objects.get(username="secretary"))

    @classmethod
    def _create(cls, model: Any, *args: Any, **fields: Any) -> Any:
        actor, many = fields.pop("actor"), fields.pop("many", None)
        return records.enter(model(**fields), actor=actor, many=many)


class MeetingFactory(RecordFactory):
    class Meta:
        model = Meeting

    venue = "梧桐里前坪"
    theme = "楼道照明"
    chair = "社区书记"
    attendances = 20
    state = "held"


class ProblemFactory(RecordFactory):
    class Meta:
        model = Problem

    text = "三单元楼道灯不亮"
    category = "lighting"
    due_on = factory.LazyAttribute(lambda made: made.happened_on + timedelta(days=3))
    disposition = "open"
    disposed_on = factory.LazyAttribute(
        lambda made: None if made.disposition == "open" else made.happened_on
    )
    reason = factory.LazyAttribute(
        lambda made: "不属于街道职责" if made.disposition in ("not_accepted", "referred_up") else ""
    )
    merged_into = factory.LazyAttribute(
        lambda made: (
            ProblemFactory(happened_on=date(2000, 1, 1)) if made.disposition == "merged" else None
        )
    )


class ProjectItemFactory(RecordFactory):
    class Meta:
        model = ProjectItem

    item_title = "东园路排水管网改造"
    unit = factory.LazyAttribute(lambda made: made.street.units.get(name="城建办"))
    due_on = factory.LazyAttribute(lambda made: made.happened_on + timedelta(days=90))


class SmallMatterFactory(RecordFactory):
    class Meta:
        model = SmallMatter

    matter_title = "更换三单元楼道灯"
    category = "lighting"
    due_on = factory.LazyAttribute(lambda made: made.happened_on + timedelta(days=7))
    state = "open"
    fixed_on = factory.LazyAttribute(
        lambda made: None if made.state == "open" else made.happened_on
    )


def at(day: date, hour: int = 9) -> datetime:
    """A moment of that day, at the office."""
    return datetime.combine(day, time(hour), tzinfo=LOCAL_ZONE)


#: States in which a unit has had the order in its hands.
DISPATCHED = frozenset(
    {"dispatched", "received", "handling", "return_asked", "on_hold", "submitted", "verified"}
    | {"closed", "called_back", "struck_off", "archived"}
)


class WorkOrderFactory(RecordFactory):
    class Meta:
        model = WorkOrder

    class Params:
        is_dispatched = factory.LazyAttribute(lambda made: made.state in DISPATCHED)

    text = "三单元楼道灯不亮，晚上走路看不见"
    category = "lighting"
    state = "registered"
    registered_at = factory.LazyAttribute(lambda made: at(made.happened_on))
    moved_at = factory.LazyAttribute(lambda made: made.registered_at)
    promised_at = factory.LazyAttribute(lambda made: made.registered_at + timedelta(days=9))
    unit = factory.LazyAttribute(
        lambda made: made.street.units.get(name="城建办") if made.is_dispatched else None
    )
    dispatched_at = factory.LazyAttribute(
        lambda made: made.registered_at + timedelta(hours=1) if made.is_dispatched else None
    )
    dispatched_on = factory.LazyAttribute(
        lambda made: made.happened_on if made.is_dispatched else None
    )
    due_at = factory.LazyAttribute(
        lambda made: made.dispatched_at + timedelta(days=7) if made.dispatched_at else None
    )
    due_on = factory.LazyAttribute(lambda made: made.due_at.date() if made.due_at else None)
    refusal_ground = factory.LazyAttribute(
        lambda made: "private" if made.state == "not_accepted" else ""
    )
    hold_cause = factory.LazyAttribute(
        lambda made: "管网改造列入明年计划" if made.state == "on_hold" else ""
    )
    held_on = factory.LazyAttribute(
        lambda made: made.happened_on if made.state == "on_hold" else None
    )
    merged_into = factory.LazyAttribute(
        lambda made: (
            WorkOrderFactory(happened_on=date(2000, 1, 3)) if made.state == "merged" else None
        )
    )


FACTORIES = {
    Meeting: MeetingFactory,
    Problem: ProblemFactory,
    ProjectItem: ProjectItemFactory,
    SmallMatter: SmallMatterFactory,
    WorkOrder: WorkOrderFactory,
}
