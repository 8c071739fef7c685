"""Derives from the dated positions who stands above whom, and on which days."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from fenghuang.kernel.kept import Kept

from .models import FOREVER, Path, Place, Position


class Step(NamedTuple):
    parent: uuid.UUID
    valid_from: date
    valid_to: date


class Reach(NamedTuple):
    """On [valid_from, valid_to) the place reaches the ancestor."""

    ancestor: uuid.UUID
    valid_from: date
    valid_to: date


def reaches(
    place: uuid.UUID, steps: dict[uuid.UUID, list[Step]], valid_from: date, valid_to: date
) -> Iterator[Reach]:
    """The place itself and all that stand above it, each with the days on which they do.

    Spans are half-open; along a chain of positions only the days common to all of them count.
    """
    yield Reach(place, valid_from, valid_to)
    for step in steps[place]:
        start, end = max(valid_from, step.valid_from), min(valid_to, step.valid_to)
        if start < end:
            yield from reaches(step.parent, steps, start, end)


def united(found: Iterable[Reach]) -> list[Reach]:
    """The same statement with spans that touch or overlap joined (two ways up count once)."""
    spans: dict[uuid.UUID, list[tuple[date, date]]] = defaultdict(list)
    for reach in sorted(found, key=lambda reach: reach.valid_from):
        own = spans[reach.ancestor]
        if own and reach.valid_from <= own[-1][1]:
            own[-1] = (own[-1][0], max(own[-1][1], reach.valid_to))
        else:
            own.append((reach.valid_from, reach.valid_to))
    return [Reach(ancestor, *span) for ancestor, own in spans.items() for span in own]


def expected(street_id: uuid.UUID, places: Iterable[uuid.UUID] | None = None) -> Iterator[Path]:
    """The paths that the positions of a street imply, for all or for some of its places.

    A place reaches its street from the beginning of time: a record entered for a day before the
    place was founded still belongs to its street, and the gap shows at the levels between.
    """
    steps: dict[uuid.UUID, list[Step]] = defaultdict(list)
    for place, parent, start, end in Position.objects.filter(street=street_id).values_list(
        "place_id", "parent_id", "valid_from", "valid_to"
    ):
        steps[place].append(Step(parent, start, end or FOREVER))
    if places is None:
        places = Place.objects.filter(street=street_id).values_list("id", flat=True)
    for place in places:
        found = list(reaches(place, steps, date.min, FOREVER))
        if place != street_id:
            found.append(Reach(street_id, date.min, FOREVER))
        for reach in united(found):
            yield Path(
                street_id=street_id,
                place_id=place,
                ancestor_id=reach.ancestor,
                valid_from=reach.valid_from,
                valid_to=reach.valid_to,
            )


def below(street_id: uuid.UUID, place: uuid.UUID) -> set[uuid.UUID]:
    """The place and everything that ever stood under it: whose paths change when it moves."""
    children: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for child, parent in Position.objects.filter(street=street_id).values_list(
        "place_id", "parent_id"
    ):
        children[parent].append(child)
    found, waiting = {place}, [place]
    while waiting:
        for child in children[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def above(place: uuid.UUID, day: date) -> list[uuid.UUID]:
    """The place itself and all that stand above it on that day."""
    return above_all([place], day)[place]


def above_all(places: Collection[uuid.UUID], day: date) -> dict[uuid.UUID, list[uuid.UUID]]:
    """For each place, itself and all that stand above it on that day: one query, or none.

    Every permission asks this, so answers are kept for two seconds; where another process moves a
    place, that is how long it takes to show.
    """
    found = {}
    missing = set()
    for place in places:
        known = _KEPT.get((place, day))
        if known is None:
            missing.add(place)
        else:
            found[place] = known
    if missing:
        rows = Path.objects.filter(place__in=missing, valid_from__lte=day, valid_to__gt=day)
        found |= {place: [] for place in missing}
        for place, ancestor in rows.values_list("place_id", "ancestor_id"):
            found[place].append(ancestor)
        for place in missing:
            _KEPT.put((place, day), found[place])
    return found


#: The paths of a place on a day.
_KEPT: Kept[tuple[uuid.UUID, date], list[uuid.UUID]] = Kept(seconds=2.0, most=5000)


def forget_paths() -> None:
    """Ask the database again: places were moved."""
    _KEPT.clear()


def path_faults(street_id: uuid.UUID) -> list[str]:
    """Where the derived paths differ from what the positions imply. Empty means none."""
    columns = ("place_id", "ancestor_id", "valid_from", "valid_to")
    kept = set(Path.objects.filter(Q(street=street_id)).values_list(*columns))
    implied = {tuple(getattr(path, name) for name in columns) for path in expected(street_id)}
    return [f"path {row} is missing" for row in implied - kept] + [
        f"path {row} follows from no position" for row in kept - implied
    ]
