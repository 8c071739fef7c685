"""The notice that the law wants posted in every grid: its name, area, worker and telephone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from shapely.geometry import LineString, box, shape
from shapely.geometry.base import BaseGeometry

from fenghuang.kernel.people.models import Appointment
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Boundary, Grid, Kind, Position

from .context import own_street

WIDTH = 1000  #: of the drawing, in its own units
AROUND = 0.3  #: how much of the area's own size is shown on each side of it
LETTER = 26  #: width of a Chinese character in the drawing, as the style sheet has it
TALLEST = 1.0  #: height over width; a longer area is drawn narrower


@dataclass(frozen=True)
class Area:
    """One area as it is drawn: the path around it, its name and where the name stands."""

    name: str
    path: str
    x: float
    y: float
    is_own: bool


@dataclass(frozen=True)
class Drawing:
    """Areas in a frame of that width and height."""

    areas: Sequence[Area]
    width: int
    height: int


def drawing(own: BaseGeometry, around: Iterable[tuple[str, BaseGeometry]]) -> Drawing:
    """An area with its neighbours, north above, true to shape at its latitude.

    The frame shows the area and what is around it; neighbours are cut off at its edge, and those
    of which too little is left stand there without their name.
    """
    west, south, east, north = own.bounds
    room = max(east - west, north - south) * AROUND
    west, south, east, north = west - room, south - room, east + room, north + room
    narrowed = cos(radians((south + north) / 2))  # a degree of longitude over one of latitude
    ratio = (north - south) / ((east - west) * narrowed)
    width = WIDTH if ratio <= TALLEST else round(WIDTH * TALLEST / ratio)
    scale = width / ((east - west) * narrowed)

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        x, y = (longitude - west) * narrowed * scale, (north - latitude) * scale
        return round(x, 1), round(y, 1)

    def area(name: str, outline: BaseGeometry, *, is_own: bool) -> Area:
        middle, room = _widest(outline)
        has_room = room * narrowed * scale > len(name) * LETTER
        path = "".join(_path(outline, at))
        return Area(name if has_room else "", path, *at(*middle), is_own)

    frame = box(west, south, east, north)
    seen = [(name, outline.intersection(frame)) for name, outline in around]
    areas = [area(name, part, is_own=False) for name, part in seen if part.area]
    height = round((north - south) * scale)
    return Drawing([*areas, area("", own, is_own=True)], width, height)


def _widest(outline: BaseGeometry) -> tuple[tuple[float, float], float]:
    """The middle of the widest stretch from west to east through the area, and its length."""
    west, _south, east, _north = outline.bounds
    y = outline.representative_point().y
    across = outline.intersection(LineString([(west, y), (east, y)]))
    widest = max(getattr(across, "geoms", [across]), key=lambda part: part.length)
    return ((widest.bounds[0] + widest.bounds[2]) / 2, y), widest.bounds[2] - widest.bounds[0]


def _path(outline: BaseGeometry, at: Any) -> Iterator[str]:
    for polygon in (one for one in getattr(outline, "geoms", [outline]) if one.area):
        for ring in (polygon.exterior, *polygon.interiors):
            points = " L".join("{} {}".format(*at(*point[:2])) for point in ring.coords[:-1])
            yield f"M{points}Z"


@require_safe
def poster(request: HttpRequest, pk: Any) -> HttpResponse:
    """The notice of a grid, to be printed and posted; only its public telephone stands on it."""
    street, today = own_street(request.user), timezone.localdate()
    grid = get_object_or_404(
        Grid.objects.valid_on(today).select_related("street"), pk=pk, street=street
    )
    community = (
        Position.objects.valid_on(today)
        .filter(place=grid, parent__kind=Kind.COMMUNITY)
        .select_related("parent")
        .first()
    )
    workers = list(
        Appointment.objects.valid_on(today)
        .filter(place=grid, role=Role.GRID_WORKER, user__is_active=True)
        .select_related("user")
        .order_by("valid_from", "user__display_name")
    )
    outlines = {
        row.place_id: row
        for row in Boundary.objects.valid_on(today)
        .filter(street=street, place__kind=Kind.GRID)
        .select_related("place")
    }
    own = outlines.pop(grid.pk, None)
    return render(
        request,
        "web/poster.html",
        {
            "grid": grid,
            "community": community.parent if community else None,
            "workers": [one.user.display_name for one in workers],
            "drawing": drawing(
                shape(own.geometry),
                ((row.place.name, shape(row.geometry)) for row in outlines.values()),
            )
            if own
            else None,
            "updated_on": _updated_on(grid, own, workers, today),
        },
    )


def _updated_on(
    grid: Grid, own: Boundary | None, workers: Sequence[Appointment], today: date
) -> date:
    """The last day on which something that stands on the notice changed."""
    names = grid.other_names.filter(was_official=True).values_list("valid_to", flat=True)
    days: list[date | None] = [grid.valid_from, *names, *(one.valid_from for one in workers)]
    if own is not None:
        days.append(own.valid_from)
    return max(day for day in days if day is not None and day <= today)
