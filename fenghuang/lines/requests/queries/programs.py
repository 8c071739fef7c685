"""Which orders another system may know of, and what is told of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from fenghuang.kernel.journal import read
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.centres import centres, drawn
from fenghuang.kernel.places.models import ExternalCode, Kind, Path, Place, Street
from fenghuang.kernel.places.paths import above_all

from ..models import WorkOrder
from ..rules import orders as rules
from ..rules.programs import own_key
from ..states.orders import OPEN, OrderState

#: For the one who raised it, an order that is handled under another one is not done.
WAITING = (*OPEN, OrderState.MERGED)

#: The narrowest places that are named to others; a building or a door would name a household.
_NAMED = (Kind.COMPOUND, Kind.GRID, Kind.COMMUNITY, Kind.STREET)


def known_to(street: Street, caller: User | None) -> QuerySet[WorkOrder]:
    """What is published, and what the caller's own system raised."""
    known = Q(published_on__isnull=False)
    if caller is not None:
        known |= _own(caller)
    orders: QuerySet[WorkOrder] = WorkOrder.objects.standing().filter(known, street=street)
    return orders.select_related("place", "unit", "street")


def own_of(street: Street, caller: User) -> QuerySet[WorkOrder]:
    """What the caller's own system raised."""
    orders: QuerySet[WorkOrder] = WorkOrder.objects.standing().filter(_own(caller), street=street)
    return orders


def _own(caller: User) -> Q:
    return Q(client_key__startswith=own_key(caller.pseudonym, ""))


def is_own(order: WorkOrder, caller: User | None) -> bool:
    """Did the caller's own system raise it?"""
    return caller is not None and (order.client_key or "").startswith(own_key(caller.pseudonym, ""))


def around(
    street: Street, south_west: tuple[float, float], north_east: tuple[float, float], day: date
) -> Q:
    """Orders whose point lies between the corners, or whose place does if they have no point."""
    (west, south), (east, north) = south_west, north_east
    near = [
        place
        for place, centre in drawn(street.pk, day).items()
        if west <= centre.lon <= east and south <= centre.lat <= north
    ]
    below = Path.objects.filter(ancestor__in=near, valid_from__lte=day, valid_to__gt=day)
    return Q(lon__range=(west, east), lat__range=(south, north)) | Q(
        lon=None, place__in=below.values("place_id")
    )


class Spot(NamedTuple):
    """Where an order is, as others may know it."""

    address: str
    code: str
    point: tuple[float, float] | None


def spots(street: Street, orders: Collection[Any], day: date) -> dict[uuid.UUID, Spot]:
    """The compound or grid of each order with what it stands in, its code, and a rounded point.

    Six queries at most, however many orders there are. Without a point of its own, an order is
    shown at the centre of its place; either is rounded to about 100 m.
    """
    paths = above_all({order.place_id for order in orders}, day)
    places = Place.objects.in_bulk({one for path in paths.values() for one in path})
    ways = {
        place: sorted(
            (places[one] for one in path if places[one].kind in _NAMED),
            key=lambda one: (_NAMED.index(Kind(one.kind)), one.name),
        )
        for place, path in paths.items()
    }
    named = {way[0].pk for way in ways.values() if way}
    codes = dict(
        ExternalCode.objects.valid_on(day)
        .filter(place__in=named)
        .order_by("code")
        .values_list("place_id", "code")
    )
    middles = centres(street.pk, set(paths), day)
    found = {}
    for order in orders:
        way = ways[order.place_id] or [order.street]
        own = (float(order.lon), float(order.lat)) if order.lon is not None else None
        point = own or middles.get(order.place_id)
        found[order.pk] = Spot(
            "，".join(_once(way)),
            codes.get(way[0].pk, str(way[0].pk)),
            rules.shown_point(*point) if point else None,
        )
    return found


def _once(way: Iterable[Place]) -> list[str]:
    """One name of each level: a building stands in a compound and in a grid."""
    return list({one.kind: one.name for one in reversed(list(way))}.values())[::-1]


class Step(NamedTuple):
    """An order came into a state."""

    n: int
    at: datetime
    state: str
    result: str


def steps(street: Street, orders: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Step]]:
    """Each change of state since an order was raised, the oldest first."""
    found = {}
    for order, changes in read.histories(street.pk, orders).items():
        result, own = "", []
        for change in changes:
            after = {name: value for name, _before, value in change.changed}
            result = str(after.get("result") or "") if "result" in after else result
            if "state" in after and change.op != "add":
                own.append(Step(change.n, change.at, str(after["state"]), result))
        found[order] = own
    return found
