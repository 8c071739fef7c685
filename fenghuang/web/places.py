"""The screens of places: the tree with its grid workers, the map, one place and its history."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fenghuang.kernel.people.models import Appointment
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Boundary, Community, Grid, Kind, Place, Position
from fenghuang.kit.actions import may_change
from fenghuang.kit.place_history import place_history
from fenghuang.kit.screens import signed_in
from fenghuang.kit.shown import facts, name_places

from .changes.views import changes_of
from .context import own_street
from .levels import FACTS, LEVELS

MANY = 300


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """The communities of the street with their grids, who looks after each, and a map."""
    street = own_street(request.user)
    today = timezone.localdate()
    grids = Grid.objects.valid_on(today).filter(street=street).in_bulk()
    within: dict[Any, list[Grid]] = defaultdict(list)
    for place, parent in (
        Position.objects.valid_on(today)
        .filter(street=street, place__in=grids)
        .order_by("place__name")
        .values_list("place_id", "parent_id")
    ):
        within[parent].append(grids[place])
    communities = list(Community.objects.valid_on(today).filter(street=street).order_by("name"))
    workers = workers_of([*grids, *(one.pk for one in communities)])
    return render(
        request,
        "web/places.html",
        {
            "own_street": street,
            "communities": [
                (
                    one,
                    workers.get(one.pk, []),
                    [(grid, workers.get(grid.pk, [])) for grid in within[one.pk]],
                )
                for one in communities
            ],
            "grid_count": len(grids),
            "outlines": reverse("outlines"),
            "may_draw": may_change(signed_in(request), street, Kind.GRID),
        },
    )


def workers_of(places: list[Any]) -> dict[Any, list[str]]:
    """Who looks after these grids and communities today, by place: names only."""
    found: dict[Any, list[str]] = defaultdict(list)
    held = Appointment.objects.valid_on(timezone.localdate()).filter(
        place__in=places, role__in=(Role.GRID_WORKER, Role.SECRETARY), user__is_active=True
    )
    for place, name in held.order_by("user__display_name").values_list(
        "place_id", "user__display_name"
    ):
        if name not in found[place]:
            found[place].append(name)
    return found


@require_safe
def outlines(request: HttpRequest) -> JsonResponse:
    """The outlines of the street's grids (or of one place) valid today, as GeoJSON."""
    street = own_street(request.user)
    rows = (
        Boundary.objects.valid_on(day_asked(request))
        .filter(street=street)
        .select_related("place")
        .order_by("place__name")
    )
    if one := request.GET.get("place"):
        rows = rows.filter(place=get_object_or_404(Place, pk=one, street=street))
    else:
        rows = rows.filter(place__kind=Kind.GRID)
    return JsonResponse(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {
                        "name": row.place.name,
                        "address": reverse("place", args=[row.place_id]),
                    },
                    "geometry": row.geometry,
                }
                for row in rows
            ],
        }
    )


def day_asked(request: HttpRequest) -> date:
    """The day as of which outlines are shown: today, unless the address says `on=2021-05-01`."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@require_safe
def place(request: HttpRequest, pk: Any) -> HttpResponse:
    """A place: where it stands, what stands in it, its names, codes and outline over time."""
    street = own_street(request.user)
    found = get_object_or_404(Place, pk=pk, street=street)
    level = LEVELS[found.kind].objects.get(pk=pk)
    today, day = timezone.localdate(), day_asked(request)
    positions = found.positions.select_related("parent").order_by("-valid_from", "parent__name")
    children = (
        Position.objects.valid_on(today)
        .filter(parent=found)
        .select_related("place")
        .order_by("place__kind", "place__name")[: MANY + 1]
    )
    if found.kind != Kind.COMPOUND:  # within one, buildings are known by their numbers alone
        name_places(list(children))
    inside = [one.place for one in children if one.place.is_valid_on(today)]
    return render(
        request,
        "web/place.html",
        {
            "place": found,
            "facts": facts(level, FACTS[found.kind]),
            "stands_in": [one.parent for one in positions if one.is_valid_on(today)],
            "inside": inside[:MANY],
            "has_more": len(inside) > MANY,
            "names": found.other_names.filter(was_official=False).order_by("-valid_from"),
            "history": place_history(found),
            "changes": changes_of(found, signed_in(request)),
            "has_poster": found.kind == Kind.GRID and found.is_valid_on(today),
            "drawn_on": day if day != today else None,
            "codes": found.codes.order_by("scheme", "-valid_from"),
            "workers": workers_of([found.pk]).get(found.pk, []),
            "has_outline": found.boundaries.valid_on(day).exists(),
            "outlines": f"{reverse('outlines')}?place={found.pk}&on={day.isoformat()}",
        },
    )
