"""Where records happened: the place that was named, or the grid in which the point lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fenghuang.kernel.kept import Kept
from fenghuang.kernel.places.models import ExternalCode, Kind, OtherName, Place, Street
from fenghuang.kernel.places.outlines import locate
from fenghuang.kit.intakes import LATITUDE, LONGITUDE, PLACE

from .rows import Row

#: Only the name of the place is taken from here, for the answer.
_known: Kept[UUID, Place] = Kept(seconds=10.0)


def settle_places(rows: Sequence[Row], street: Street) -> None:
    """Give each record its place; rows that name none, or none that is known, are refused.

    At most four queries, however many rows there are.
    """
    keys: dict[int, UUID] = {}
    names: dict[int, str] = {}
    for position, row in enumerate(rows):
        if row.record is None:
            continue
        place = row.fields.get(PLACE)
        point = row.fields.get(LONGITUDE), row.fields.get(LATITUDE)
        if (place is None) == (point == (None, None)):
            row.refuse(
                "place",
                _("Say where: either “place” (a code, a name or an id) or “lon” and “lat”."),
                PLACE,
            )
        elif place is None:
            if (grid := _grid(row, point, street)) is not None:
                keys[position] = grid
        elif not isinstance(place, str):
            row.refuse("text", _("This must be text."), PLACE)
        elif (key := _as_key(place)) is not None:
            keys[position] = key
        else:
            names[position] = place.strip()
    by_key = _by_key(street, set(keys.values()))
    by_name = _by_name(street, set(names.values())) if names else {}
    for position, row in enumerate(rows):
        if row.record is None:
            continue
        found = by_name.get(names.get(position, ""), [])
        if position in keys:
            found = by_key.get(keys[position], [])
        _settle(row, found)


def place_called(text: str, street: Street) -> Place | None:
    """The place of the street with this code, name or id; None if there is none, or several."""
    name = text.strip()
    key = _as_key(name)
    if key is None:
        found = _by_name(street, {name}).get(name, [])
    else:
        found = _by_key(street, {key}).get(key, [])
    return found[0] if len(found) == 1 else None


def _settle(row: Row, found: Sequence[Place]) -> None:
    assert row.record is not None
    day = row.record.happened_on
    if len(found) > 1:  # a name given again after the place that had it was retired
        found = [place for place in found if place.is_valid_on(day)] or found
    if len(found) == 1:
        row.record.place = found[0]
    elif found:
        row.refuse("ambiguous", _("Several places have this name. Send the code or id."), PLACE)
    else:
        row.refuse(
            "unknown_place", _("No place with this code, name or id is in the books."), PLACE
        )


def _grid(row: Row, point: tuple[Any, Any], street: Street) -> UUID | None:
    assert row.record is not None
    longitude, latitude = point
    if not (_is_within(longitude, 180) and _is_within(latitude, 90)):
        row.refuse("point", _("“lon” and “lat” are degrees (WGS 84), as numbers."), LONGITUDE)
        return None
    grid = locate(street.pk, longitude, latitude, row.record.happened_on)
    if grid is None:
        row.refuse(
            "outside",
            _("This point lies in no grid of %(street)s. Name the place instead.")
            % {"street": street},
            LONGITUDE,
        )
    return grid


def _is_within(degrees: Any, most: int) -> bool:
    return (
        isinstance(degrees, int | float) and not isinstance(degrees, bool) and abs(degrees) <= most
    )


def _as_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _by_key(street: Street, keys: set[UUID]) -> dict[UUID, list[Place]]:
    known = {key: place for key in keys if (place := _known.get(key)) is not None}
    if missing := keys - known.keys():
        for place in Place.objects.filter(pk__in=missing):
            known[place.pk] = place
            _known.put(place.pk, place)
    return {key: [place] for key, place in known.items() if place.street_id == street.pk}


def _by_name(street: Street, names: set[str]) -> dict[str, list[Place]]:
    """By code first: a place may be named as another is coded."""
    codes = ExternalCode.objects.filter(street=street, code__in=names).values_list("code", "place")
    others = OtherName.objects.filter(street=street, name__in=names).values_list("name", "place")
    official = Place.objects.filter(street=street, kind__in=Kind.values, name__in=names)
    by_code, by_name = defaultdict(set), defaultdict(set)
    for name, key in codes:
        by_code[name].add(key)
    for name, key in (*official.values_list("name", "pk"), *others):
        by_name[name].add(key)
    wanted = {name: by_code.get(name) or by_name.get(name, set()) for name in names}
    places = Place.objects.in_bulk({key for keys in wanted.values() for key in keys})
    return {name: [places[key] for key in keys] for name, keys in wanted.items()}
