"""Outlines of places: checking GeoJSON, and finding the grid in which a point lies."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models import Max
from django.utils.translation import gettext as _
from numpy.typing import ArrayLike, NDArray
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from fenghuang.kernel.refusal import Refused

from .models import Boundary, Kind

NOWHERE = -1
_AT_ONCE = 2_000  # points; more of them leave the processor's cache and take twice as long


def check_outline(geometry: Any) -> BaseGeometry:
    """The shape of a GeoJSON Polygon or MultiPolygon in degrees; Refused if it is none."""
    try:
        outline = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as problem:
        raise Refused("outline", _("This outline is not a GeoJSON polygon.")) from problem
    if outline.geom_type not in ("Polygon", "MultiPolygon") or outline.is_empty:
        raise Refused("outline", _("This outline is not a GeoJSON polygon."))
    if not outline.is_valid:
        raise Refused(
            "outline_crosses",
            _("This outline crosses itself: %(why)s. Draw it again without the crossing.")
            % {"why": shapely.is_valid_reason(outline)},
        )
    west, south, east, north = outline.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused(
            "outline_degrees",
            _("This outline is not in degrees of longitude and latitude (WGS 84)."),
        )
    return outline


def united_outline(geometries: Iterable[Any]) -> dict[str, Any]:
    """The outline around all of these together, as GeoJSON; shared edges inside it are gone."""
    united = mapping(shapely.union_all([shape(one) for one in geometries]))
    return dict(json.loads(json.dumps(united)))  # lists, as they are kept, instead of tuples


@dataclass(frozen=True)
class GridMap:
    """The outlines of a street's grids on one day, in memory, with an index over them."""

    grids: tuple[uuid.UUID, ...]
    tree: shapely.STRtree

    @classmethod
    def of(cls, outlines: dict[uuid.UUID, BaseGeometry]) -> GridMap:
        shapes = np.array(list(outlines.values()), dtype=object)
        shapely.prepare(shapes)
        return cls(tuple(outlines), shapely.STRtree(shapes))

    def locate_many(self, longitudes: ArrayLike, latitudes: ArrayLike) -> NDArray[np.int64]:
        """For each point the index of its grid in `grids`, or NOWHERE.

        A point on a shared edge belongs to the grid that comes first; degrees, WGS 84.
        """
        east, north = np.asarray(longitudes, float), np.asarray(latitudes, float)
        found = np.full(len(east), NOWHERE, dtype=np.int64)
        for start in range(0, len(east), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            points = shapely.points(east[part], north[part])
            which, grid = self.tree.query(points, predicate="intersects")
            # Reversed, so that of several grids the first one is written last and stays.
            order = np.lexsort((-grid, which))
            found[part][which[order]] = grid[order]
        return found

    def locate(self, longitude: float, latitude: float) -> uuid.UUID | None:
        """The grid in which the point lies, or None outside all of them."""
        hits = self.tree.query(shapely.points(longitude, latitude), predicate="intersects")
        return self.grids[int(hits.min())] if len(hits) else None


@dataclass
class _Kept:
    """The maps of one street, thrown away when its boundaries change."""

    version: int = -1
    looked_at: float = -1e9
    maps: dict[date, GridMap] = field(default_factory=dict)


_KEPT: dict[uuid.UUID, _Kept] = {}
_LOOK_AGAIN_AFTER = 2.0  # seconds; another process may have redrawn a grid


def grid_map(street_id: uuid.UUID, day: date) -> GridMap:
    """The map of a street's grids as they were drawn on that day."""
    kept = _KEPT.setdefault(street_id, _Kept())
    now = time.monotonic()
    if now - kept.looked_at > _LOOK_AGAIN_AFTER:
        newest = Boundary.objects.filter(street=street_id).aggregate(entry=Max("entry"))["entry"]
        if newest != kept.version:
            kept.version, kept.maps = newest, {}
        kept.looked_at = now
    if day not in kept.maps:
        if len(kept.maps) > 40:
            kept.maps.clear()
        rows = Boundary.objects.valid_on(day).filter(street=street_id, place__kind=Kind.GRID)
        kept.maps[day] = GridMap.of(
            {place: shape(geometry) for place, geometry in rows.values_list("place_id", "geometry")}
        )
    return kept.maps[day]


def locate(street_id: uuid.UUID, longitude: float, latitude: float, day: date) -> uuid.UUID | None:
    """The grid of the street in which the point lay on that day (degrees, WGS 84), or None."""
    return grid_map(street_id, day).locate(longitude, latitude)
