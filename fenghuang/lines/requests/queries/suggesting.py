"""What is learned from the street's own closed orders: their category, and their unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.places.paths import above_all
from fenghuang.kernel.terms import term
from fenghuang.kit.suggesting import office
from fenghuang.kit.suggesting.office import Source, State, Table, Taught
from fenghuang.kit.suggesting.suggester import Suggestion

from ..models import Category, WorkOrder
from ..rules import routing as rules
from ..states.orders import OrderState
from .alike import amount
from .routing import asks, table_on

NEWEST = 20_000  #: orders learned from at most

_DONE = (OrderState.CLOSED, OrderState.CALLED_BACK, OrderState.STRUCK_OFF, OrderState.ARCHIVED)

CATEGORY, UNIT = "category", "unit"


class _Facts(NamedTuple):
    category: str
    place: UUID
    at: datetime


def _closed(street: Street) -> QuerySet[WorkOrder]:
    done = WorkOrder.objects.standing().filter(street=street, state__in=_DONE)
    return done.order_by("-happened_on", "-id")


def _categories(street: Street) -> Sequence[Taught]:
    rows = _closed(street).values_list("text", "category", "happened_on")
    return [Taught(*row) for row in rows[:NEWEST]]


def _units(street: Street) -> Sequence[Taught]:
    rows = _closed(street).filter(unit__isnull=False)
    columns = ("text", "unit_id", "happened_on", "category", "place_id", "dispatched_at")
    return [
        Taught(text, str(unit), day, _Facts(category, place, at))
        for text, unit, day, category, place, at in rows.values_list(*columns)[:NEWEST]
    ]


def _most_frequent(_street: Street, earlier: Sequence[Taught]) -> Table:
    """The routing table says nothing of categories: the most frequent is to be beaten."""
    [(label, _times)] = Counter(one.label for one in earlier).most_common(1)
    return lambda _one: label


def _routing(street: Street, earlier: Sequence[Taught]) -> Table:
    """The table in force today; of orders for which no rule fits, the most frequent unit."""
    today = timezone.localdate()
    table = [asks(one) for one in table_on(street, today)]
    otherwise = _most_frequent(street, earlier)
    kept: dict[UUID, list[UUID]] = {}

    def unit(one: Taught) -> str | None:
        category, place, at = one.facts
        if place not in kept:
            kept.update(above_all([place], today))
        fires = rules.first(table, rules.Matter(category, kept[place], at))
        return str(fires.unit.unit_id) if fires is not None else otherwise(one)

    return unit


def sources() -> Sequence[Source]:
    """What is learned of orders."""
    fewest = amount("suggestion.orders", timezone.localdate())
    return (
        Source("orders", CATEGORY, term("category"), fewest, _categories, _most_frequent),
        Source("orders", UNIT, term("lead_unit"), fewest, _units, _routing),
    )


@dataclass(frozen=True)
class Suggested:
    """A category or unit, how sure it is in percent, and the words of the text that say so."""

    value: Any
    label: str
    percent: int
    reasons: tuple[str, ...]


def categories_for(street: UUID, text: str) -> list[Suggested]:
    """The categories that the text suggests; none while switched off."""
    return [
        Suggested(one.label, str(Category(one.label).label), _percent(one), one.reasons)
        for one in office.suggestions(street, CATEGORY, text)
        if one.label in Category.values
    ]


def units_for(street: UUID, text: str) -> list[Suggested]:
    """The units that the text suggests, of those in being today; none while switched off."""
    found = office.suggestions(street, UNIT, text)
    if not found:
        return []
    standing = Unit.objects.valid_on(timezone.localdate()).filter(street=street)
    units = {str(one.pk): one for one in standing}
    return [
        Suggested(one.label, units[one.label].name, _percent(one), one.reasons)
        for one in found
        if one.label in units
    ]


def _percent(one: Suggestion) -> int:
    """Never 100: a suggestion is not certain."""
    return min(99, round(one.confidence * 100))


def states(street: Street) -> list[tuple[Source, State | None]]:
    """What came of the last training of each."""
    return [(one, office.state(street.pk, one.code)) for one in sources()]
