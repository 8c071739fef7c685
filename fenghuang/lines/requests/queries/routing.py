"""What the routing table says of an order, and what a change of it would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.places.paths import above, above_all
from fenghuang.kernel.records.models import local_day

from ..models import Duty, RoutingRule, WorkOrder
from ..rules import routing as rules

LOOK_BACK = timedelta(days=90)
AT_MOST = 20_000  #: orders that a draft is tried on, the newest
LISTED = 50

Rule = rules.Rule[RoutingRule]


@dataclass(frozen=True)
class Routed:
    """The rule that fires, its place in the table from 1, and the unit it says."""

    rule: RoutingRule
    number: int

    @property
    def unit(self) -> Unit:
        return self.rule.unit


def table_on(street: Any, day: date) -> list[RoutingRule]:
    """The rules of the street in force on that day, in their order."""
    standing = RoutingRule.objects.valid_on(day).filter(street=street)
    return list(standing.select_related("unit", "place").order_by("rank", "id"))


def asks(rule: RoutingRule) -> Rule:
    """The rule as `rules.routing` reads it."""
    return rules.Rule(
        unit=rule,
        category=rule.category,
        place=rule.place_id,
        days=rule.days,
        from_time=rule.from_time,
        to_time=rule.to_time,
    )


def placed(table: Sequence[RoutingRule], rule: RoutingRule, number: int) -> list[RoutingRule]:
    """The table with the rule, which may be new, at that place from 1; past the end is the end."""
    others = [one for one in table if one.pk != rule.pk]
    at = max(number, 1) - 1
    return [*others[:at], rule, *others[at:]]


def unit_for(order: WorkOrder, at: datetime) -> Routed | None:
    """What the table in force says of the order at that moment; None where no rule fits."""
    day = local_day(at)
    table = table_on(order.street_id, day)
    matter = rules.Matter(order.category, above(order.place_id, day), at)
    fires = rules.first([asks(one) for one in table], matter)
    if fires is None:
        return None
    return Routed(fires.unit, table.index(fires.unit) + 1)


def explained(
    table: Sequence[RoutingRule], category: str, place: UUID, at: datetime
) -> list[rules.Tried[RoutingRule]]:
    """The rules tried one after the other, up to the one that fires; why the earlier did not."""
    matter = rules.Matter(category, above(place, local_day(at)), at)
    return rules.explained([asks(one) for one in table], matter)


@dataclass(frozen=True)
class Moved:
    """An order that would go elsewhere. None: no rule fits it."""

    order: WorkOrder
    now: Unit | None
    then: Unit | None


@dataclass(frozen=True)
class Change:
    """Of how many orders how many would have gone elsewhere, and the newest of those."""

    orders: int
    moved: int
    newest: list[Moved]
    since: date


def what_would_change(
    table: Sequence[RoutingRule], draft: Sequence[RoutingRule], street: Any, user: Any, today: date
) -> Change:
    """Both tables applied to the orders of the last 90 days that the person may see, each at the
    moment of its registration; of more than 20,000 the newest count.
    """
    since = today - LOOK_BACK
    newest = (
        WorkOrder.objects.visible_to(user)
        .standing()
        .filter(street=street, happened_on__gt=since, happened_on__lte=today)
        .order_by("-happened_on", "-id")
    )
    facts = list(newest.values_list("pk", "category", "place_id", "registered_at")[:AT_MOST])
    higher = above_all({place for _pk, _category, place, _at in facts}, today)
    now, then = [asks(one) for one in table], [asks(one) for one in draft]
    moved: dict[UUID, tuple[Unit | None, Unit | None]] = {}
    for pk, category, place, at in facts:
        matter = rules.Matter(category, higher[place], at)
        one, other = (_unit(rules.first(them, matter)) for them in (now, then))
        if one != other:
            moved[pk] = one, other
    listed = list(moved)[:LISTED]
    orders = WorkOrder.objects.select_related("place").in_bulk(listed)
    return Change(len(facts), len(moved), [Moved(orders[pk], *moved[pk]) for pk in listed], since)


def _unit(rule: Rule | None) -> Unit | None:
    return rule.unit.unit if rule is not None else None


def duties_on(street: Any, day: date) -> list[Duty]:
    """The duty lists of the street in force on that day, by unit and category."""
    standing = Duty.objects.valid_on(day).filter(street=street).select_related("unit")
    return sorted(standing, key=lambda one: (one.unit.name, one.category, str(one.pk)))


def is_off_the_list(unit: Unit, category: str, day: date) -> bool:
    """Has the unit a duty list in which the category is missing? Without a list, no."""
    listed = set(Duty.objects.valid_on(day).filter(unit=unit).values_list("category", flat=True))
    return bool(listed) and category not in listed


def routed_today(order: WorkOrder) -> Routed | None:
    """What the table says of the order now."""
    return unit_for(order, timezone.now())
