"""Where a place lies, as one point, however little of it is drawn."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from shapely.geometry import shape

from fenghuang.kernel.kept import Kept

from .models import Boundary, Path
from .paths import above_all


class Centre(NamedTuple):
    """The centroid of an outline in degrees (WGS 84); its size only to tell smaller from larger."""

    lon: float
    lat: float
    size: float


_KEPT: Kept[tuple[uuid.UUID, date], dict[uuid.UUID, Centre]] = Kept(seconds=10.0, most=20)


def drawn(street: uuid.UUID, day: date) -> dict[uuid.UUID, Centre]:
    """The centres of all places of a street that have an outline on that day, at most 10 s old."""
    known = _KEPT.get((street, day))
    if known is None:
        known = {}
        for place, geometry in (
            Boundary.objects.valid_on(day).filter(street=street).values_list("place_id", "geometry")
        ):
            outline = shape(geometry)
            known[place] = Centre(outline.centroid.x, outline.centroid.y, outline.area)
        _KEPT.put((street, day), known)
    return known


def centres(
    street: uuid.UUID, places: Collection[uuid.UUID], day: date
) -> dict[uuid.UUID, tuple[float, float]]:
    """Longitude and latitude of each place, as far as anything around or within it is drawn.

    That is the centre of its own outline, otherwise of the smallest one around it, otherwise the
    middle of what is drawn within it, or within the smallest place around it where anything is. A
    street of which nothing is drawn has no answer. Three queries at most.
    """
    outlines = drawn(street, day)
    paths = above_all(set(places), day)
    found: dict[uuid.UUID, tuple[float, float]] = {}
    bare = set()
    for place, ancestors in paths.items():
        around = [outlines[one] for one in ancestors if one in outlines]
        if around:
            own = outlines.get(place) or min(around, key=lambda one: one.size)
            found[place] = own.lon, own.lat
        else:
            bare |= {place, *ancestors}
    if bare and outlines:
        within = _within(bare, outlines, day)
        for place in paths.keys() - found.keys():
            parts = min(
                (within[one] for one in paths[place] if one in within), key=len, default=None
            )
            if parts:
                found[place] = _middle(parts)
    return found


def _within(
    places: Collection[uuid.UUID], outlines: Mapping[uuid.UUID, Centre], day: date
) -> dict[uuid.UUID, list[Centre]]:
    within = defaultdict(list)
    rows = Path.objects.filter(
        ancestor__in=places, place__in=outlines, valid_from__lte=day, valid_to__gt=day
    )
    for place, ancestor in rows.values_list("place_id", "ancestor_id"):
        within[ancestor].append(outlines[place])
    return dict(within)


def _middle(parts: Sequence[Centre]) -> tuple[float, float]:
    count = len(parts)
    return sum(one.lon for one in parts) / count, sum(one.lat for one in parts) / count
