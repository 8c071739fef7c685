"""Hot spots: where many different people raise the same kind of matter within some weeks.

Contacts are only counted, by their hashes, and never handed on. What fewer than the threshold raise
is not told of at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from fenghuang.kernel.places.models import Kind, Path, Place
from fenghuang.kernel.records.models import Link

from ..models import Problem, WorkOrder
from ..rules.alike import Peak, Raised, Trend, peak, trend
from .alike import amount

AT_MOST = 50  #: hot spots told of, those with the most people

Cell = tuple[UUID, str]


@dataclass(frozen=True)
class Month:
    """How many orders there were in a month."""

    first: date
    orders: int


@dataclass(frozen=True)
class HotSpot:
    """A place (compound or grid, else as it was entered) and a category that many people raised.

    `peak` is the window with the most different contacts; `orders` are those of the whole period,
    `months` the same by month; `lately` and `before` those of its last window and the one before.
    `places` are those in which they were, all of them within `place`.
    """

    place: Place
    category: str
    peak: Peak
    orders: int
    places: frozenset[UUID]
    months: tuple[Month, ...]
    before: int
    lately: int

    @property
    def category_label(self) -> str:
        return str(dict(WorkOrder._meta.get_field("category").flatchoices)[self.category])

    @property
    def trend(self) -> Trend:
        return trend(self.before, self.lately)


def hot_spots(
    orders: QuerySet[WorkOrder], first: date, last: date, *, category: str = ""
) -> list[HotSpot]:
    """The hot spots of the days from first to last, both inclusive; most people first, at most 50.

    `orders` are those looked at: of one street, as far as the person may see them, or all of it.
    Hot is a cell where five different contacts (parameters/alike.toml) raised something within
    thirty days. The hash of a contact is of one calendar year, and goes when contact data are
    erased: orders without one count as one voice, so that early months show fewer than there were.
    """
    at_least, days = amount("hot_spot.contacts", last), amount("hot_spot.days", last)
    raised = _raised(orders, first, last, category)
    hot: list[tuple[Peak, Cell]] = []
    for cell, them in raised.items():
        found = peak(them.raised, days) if len(them.raised) >= at_least else None
        if found is not None and found.voices >= at_least:
            hot.append((found, cell))
    hot.sort(key=lambda one: (-one[0].voices, -one[0].orders, one[1][1], one[1][0].int))
    shown = hot[:AT_MOST]
    places = Place.objects.in_bulk({place for _peak, (place, _category) in shown})
    return [
        _spot(found, places[place], of, raised[place, of], (first, last), days)
        for found, (place, of) in shown
    ]


@dataclass
class _Cell:
    """The places that were rolled up to it, and an entry for each order, in the order of days."""

    places: set[UUID] = field(default_factory=set)
    raised: list[Raised] = field(default_factory=list)


def _raised(
    orders: QuerySet[WorkOrder], first: date, last: date, category: str
) -> dict[Cell, _Cell]:
    """What was raised in each cell."""
    asked = orders.filter(voided_at=None, happened_on__gte=first, happened_on__lte=last)
    if category:
        asked = asked.filter(category=category)
    rows = asked.order_by("happened_on").values_list(
        "place_id", "category", "happened_on", "contact_hash"
    )
    by_place: dict[UUID, dict[str, list[Raised]]] = defaultdict(lambda: defaultdict(list))
    for place, of, on, contact in rows.iterator(chunk_size=10_000):
        by_place[place][of].append(Raised(on, contact))
    cells = rolled_up(by_place, last)
    raised: dict[Cell, _Cell] = defaultdict(_Cell)
    for place, by_category in by_place.items():
        for of, them in by_category.items():
            cell = raised[cells[place], of]
            cell.places |= {place}
            cell.raised += them
    for cell in raised.values():
        if len(cell.places) > 1:
            cell.raised.sort()
    return raised


def rolled_up(places: Iterable[UUID], on: date) -> dict[UUID, UUID]:
    """For each place the compound in which it stands that day, else its grid, else itself."""
    own = list(places)
    found = {place: place for place in own}
    for start in range(0, len(own), 10_000):
        above = Path.objects.filter(
            place__in=own[start : start + 10_000],
            ancestor__kind__in=(Kind.COMPOUND, Kind.GRID),
            valid_from__lte=on,
            valid_to__gt=on,
        )
        kinds = above.values_list("place_id", "ancestor_id", "ancestor__kind")
        # grids first, so that a compound is what stays
        for place, ancestor, _kind in sorted(
            kinds, key=lambda one: (one[2] == Kind.COMPOUND, one[1])
        ):
            found[place] = ancestor
    return found


def _spot(
    found: Peak, place: Place, category: str, cell: _Cell, period: tuple[date, date], days: int
) -> HotSpot:
    ons = [one.on for one in cell.raised]
    by_month = Counter(on.replace(day=1) for on in ons)
    lately_from = period[1] - timedelta(days=days - 1)
    before_from = lately_from - timedelta(days=days)
    return HotSpot(
        place,
        category,
        found,
        len(ons),
        frozenset(cell.places),
        tuple(Month(month, by_month[month]) for month in _months(*period)),
        before=sum(before_from <= on < lately_from for on in ons),
        lately=sum(on >= lately_from for on in ons),
    )


def _months(first: date, last: date) -> Iterable[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def orders_of(orders: QuerySet[WorkOrder], spot: HotSpot) -> QuerySet[WorkOrder]:
    """The orders of the window in which most people raised it, the newest first."""
    return orders.filter(
        voided_at=None,
        place__in=spot.places,
        category=spot.category,
        happened_on__gte=spot.peak.first_on,
        happened_on__lte=spot.peak.last_on,
    ).order_by("-happened_on", "-id")


def proposed(spots: Iterable[HotSpot], problems: Any) -> dict[Cell, Problem]:
    """By place and category, the newest of these problems that orders led to."""
    cells = {(spot.place.pk, spot.category) for spot in spots}
    led = Link.objects.filter(
        removed_at=None,
        kind=Link.Kind.LED_TO,
        source_type=WorkOrder._meta.label_lower,
        target_id=OuterRef("pk"),
    )
    found = (
        problems.filter(Exists(led), voided_at=None, place__in={place for place, _of in cells})
        .order_by("happened_on", "id")
        .select_related("place")
    )
    return {
        (one.place_id, one.category): one for one in found if (one.place_id, one.category) in cells
    }
