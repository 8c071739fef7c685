"""Orders about the same matter: near the same place, in the same weeks, in like words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path as File
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from fenghuang.kernel.places.models import Kind, Path, Place, Street
from fenghuang.kernel.places.paths import above, above_all
from fenghuang.kernel.records.parameters import row_on
from fenghuang.kit.similarity import ALIKE, nearest

from ..models import WorkOrder
from ..rules import orders as rules
from ..rules.alike import COUNTS, VERY_ALIKE, Nearness
from ..states.orders import OPEN, OrderState

AMOUNTS = File(__file__).parents[1] / "parameters" / "alike.toml"

SAME_CATEGORY, OTHER_CATEGORIES = 300, 100  #: candidates compared at most, the newest

WAITING = 200  #: orders looked at for repeats at most

#: May still be found to be the same matter as another, and merged.
UNDECIDED = (OrderState.REGISTERED, OrderState.ACCEPTED, OrderState.FILED)

# What was turned away can't take another order up.
_TURNED_AWAY = (OrderState.NOT_ACCEPTED, OrderState.REDIRECTED)


def amount(code: str, day: date) -> int:
    """A number of parameters/alike.toml in force on that day."""
    found: int = row_on(AMOUNTS, code, day)["amount"]
    return found


@dataclass(frozen=True)
class Alike:
    """An order that is perhaps about the same matter, and why.

    `is_same_contact`: from the same contact, so likely a repeat; a person decides.
    """

    order: WorkOrder
    similarity: float
    nearness: Nearness
    is_same_contact: bool

    @property
    def percent(self) -> int:
        return round(self.similarity * 100)


class _Candidate(NamedTuple):
    pk: UUID
    text: str
    place: UUID
    category: str
    contact_hash: str
    lead: UUID | None


def alike(
    *,
    street: Street | UUID,
    place: Place,
    category: str,
    text: str,
    on: date,
    contact_hash: str = "",
    exclude: WorkOrder | None = None,
    most: int = 5,
    among: QuerySet[WorkOrder] | None = None,
) -> list[Alike]:
    """The orders most like this one, the most alike first; those of the same contact before others.

    Looked for are orders up to `on` in the place, what stands above it below the street, and what
    lies in the same compound or grid: of the category the newest 300 of 30 days, or of 90 if open;
    of others the newest 100 of 30 days, which must be very alike. An order that was merged counts
    for the one it was merged into. `among` narrows the orders looked at, such as to those that
    somebody may see or that are published; without it they are all of the street.
    """
    street_id = street if isinstance(street, UUID) else street.pk
    family = _family(place, on)
    near = _near(street_id, family, on, among)
    if exclude is not None:
        near = near.exclude(pk=exclude.pk).exclude(merged_into=exclude.pk)
    lately = Q(happened_on__gt=on - timedelta(days=amount("alike.days", on)))
    same = near.filter(lately | Q(state__in=OPEN), category=category)
    found: dict[UUID, tuple[float, _Candidate]] = {}
    for candidates, at_least in (
        (_newest(same, SAME_CATEGORY), ALIKE),
        (_newest(near.filter(lately).exclude(category=category), OTHER_CATEGORIES), VERY_ALIKE),
    ):
        for at, similarity in nearest(
            text, [one.text for one in candidates], most=4 * most, at_least=at_least
        ):
            _keep(found, similarity, candidates[at])
    if not found:
        return []
    return _best(found, place, family, contact_hash, most, on, among)


def alike_to(order: WorkOrder, user: Any) -> list[Alike]:
    """The orders that this one might be merged into, as far as the person may see them.

    None once it is decided what becomes of the order.
    """
    if order.state not in UNDECIDED or order.voided_at is not None:
        return []
    return alike(
        street=order.street_id,
        place=order.place,
        category=order.category,
        text=order.text,
        on=order.happened_on,
        contact_hash=order.contact_hash,
        exclude=order,
        among=WorkOrder.objects.visible_to(user),
    )


def hash_of(contact: str, on: date) -> str:
    """The hash by which orders of that year are seen to have this contact; "" for none."""
    return rules.contact_hash(contact, settings.SECRET_KEY.encode(), on.year)


@dataclass(frozen=True)
class Repeat:
    """An order that is likely a repeat of an earlier one from the same contact."""

    order: WorkOrder
    before: WorkOrder
    percent: int


def likely_repeats(orders: QuerySet[WorkOrder], today: date) -> list[Repeat]:
    """The orders not yet decided on that repeat, in like words, what the same contact raised within
    the 30 days before; the newest first, of the newest 200. `orders` are those of one street that
    the person may see.
    """
    window = timedelta(days=amount("alike.days", today))
    standing = orders.filter(voided_at=None).exclude(contact_hash="").select_related("place")
    waiting = list(standing.filter(state__in=UNDECIDED).order_by("-happened_on", "-id")[:WAITING])
    if not waiting:
        return []
    known: dict[str, list[WorkOrder]] = defaultdict(list)
    for one in (
        standing.filter(
            contact_hash__in={one.contact_hash for one in waiting},
            happened_on__gt=min(one.happened_on for one in waiting) - window,
        )
        .exclude(state__in=_TURNED_AWAY)
        .order_by("-registered_at", "-id")
    ):
        known[one.contact_hash].append(one)
    found = []
    for order in waiting:
        before = [
            one
            for one in known[order.contact_hash]
            if one.merged_into_id is None
            and order.happened_on - window < one.happened_on
            and (one.registered_at, one.pk) < (order.registered_at, order.pk)
        ]
        for near in nearest(order.text, [one.text for one in before], most=1):
            found.append(Repeat(order, before[near.at], round(near.similarity * 100)))
    return found


class _Family(NamedTuple):
    """Which places are looked at. `above` are the place and what stands above it; `around` those
    in which all is looked at.
    """

    above: frozenset[UUID]
    around: frozenset[UUID]
    is_all: bool


def _family(place: Place, on: date) -> _Family:
    if place.kind == Kind.STREET:
        return _Family(frozenset({place.pk}), frozenset(), is_all=True)
    higher = set(above(place.pk, on)) - {place.street_id} | {place.pk}
    narrow = {Kind.COMPOUND, Kind.GRID}
    around = {place.pk}
    if place.kind != Kind.COMMUNITY:
        kinds = Place.objects.filter(pk__in=higher, kind__in=narrow)
        around |= set(kinds.values_list("pk", flat=True))
    return _Family(frozenset(higher), frozenset(around), is_all=False)


def _near(
    street: UUID, family: _Family, on: date, among: QuerySet[WorkOrder] | None
) -> QuerySet[WorkOrder]:
    orders = among if among is not None else WorkOrder.objects.all()
    near = (
        orders.filter(
            street=street,
            voided_at=None,
            happened_on__gt=on - timedelta(days=amount("alike.open_days", on)),
            happened_on__lte=on,
        )
        .exclude(state__in=_TURNED_AWAY)
        .order_by("-happened_on")
    )
    if family.is_all:
        return near
    # One subquery and no more, so that the index by place and day is used.
    looked_at = Path.objects.filter(
        Q(ancestor__in=family.around) | Q(place__in=family.above),
        valid_from__lte=on,
        valid_to__gt=on,
    )
    return near.filter(place__in=looked_at.values("place_id"))


def _newest(orders: QuerySet[WorkOrder], most: int) -> list[_Candidate]:
    rows = orders.values_list(
        "pk", "text", "place_id", "category", "contact_hash", "merged_into_id"
    )
    return [_Candidate(*row) for row in rows[:most]]


def _keep(
    found: dict[UUID, tuple[float, _Candidate]], similarity: float, candidate: _Candidate
) -> None:
    """Keep the most alike of those that are handled under one order."""
    lead = candidate.lead or candidate.pk
    if lead not in found or found[lead][0] < similarity:
        found[lead] = similarity, candidate


def _best(
    found: dict[UUID, tuple[float, _Candidate]],
    place: Place,
    family: _Family,
    contact_hash: str,
    most: int,
    on: date,
    among: QuerySet[WorkOrder] | None,
) -> list[Alike]:
    # A lead may stand outside what `among` allows although an order merged into it does not.
    orders = (among if among is not None else WorkOrder.objects.all()).select_related("place")
    leads = orders.filter(voided_at=None).exclude(state__in=_TURNED_AWAY).in_bulk(list(found))
    higher = above_all({candidate.place for _similarity, candidate in found.values()}, on)
    known = [
        Alike(
            leads[lead],
            similarity,
            _nearness(place, candidate.place, family, higher[candidate.place]),
            bool(contact_hash) and contact_hash == candidate.contact_hash,
        )
        for lead, (similarity, candidate) in found.items()
        if lead in leads
    ]

    def rank(one: Alike) -> tuple[bool, float, date]:
        return (
            one.is_same_contact,
            one.similarity * COUNTS[one.nearness],
            one.order.happened_on,
        )

    return sorted(known, key=rank, reverse=True)[:most]


def _nearness(place: Place, other: UUID, family: _Family, higher: Iterable[UUID]) -> Nearness:
    if other == place.pk:
        return Nearness.SAME
    if other in family.above or place.pk in higher:
        return Nearness.WITHIN
    return Nearness.NEIGHBOURS
