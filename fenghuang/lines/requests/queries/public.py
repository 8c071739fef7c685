"""What residents without an account may know, and what staff must look at before they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse

from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.evidence.queries import evidence_of
from fenghuang.kernel.people.actions import SYSTEM
from fenghuang.kernel.places.models import (
    Boundary,
    Grid,
    Kind,
    OtherName,
    Path,
    Place,
    Position,
    Street,
)
from fenghuang.kernel.places.outlines import locate
from fenghuang.kernel.places.queries import streets
from fenghuang.kernel.records.models import RecordQuerySet, local_day
from fenghuang.kit.lists import grouped

from ..models import Follower, WorkOrder
from ..rules import public as rules
from ..rules.orders import Pressing
from ..states.orders import OrderState
from .alike import alike

#: Where something may be: what residents know by name, and nobody’s door.
AREAS = (Kind.COMMUNITY, Kind.GRID, Kind.COMPOUND)
_FINEST_FIRST = (Kind.COMPOUND, Kind.GRID, Kind.COMMUNITY, Kind.STREET)
ANSWER, FOLLOW = "requests.answer", "requests.follow"

# Places


def places(text: str, today: date) -> list[Any]:
    """The areas of all streets, grouped for a select; with a text, those so called.

    What residents call a place counts as much as its official name, and a community’s name finds
    everything in it.
    """
    where = Q(street__in=streets())
    if text := text.strip():
        called = OtherName.objects.valid_on(today).filter(name__icontains=text)
        inside = Position.objects.valid_on(today).filter(
            parent__kind=Kind.COMMUNITY, parent__name__icontains=text
        )
        where &= (
            Q(name__icontains=text)
            | Q(pk__in=called.values("place"))
            | Q(pk__in=inside.values("place"))
        )
    return grouped(where, AREAS)


def place_at(longitude: float, latitude: float, today: date) -> Place | None:
    """The grid in which a point lies, in whichever street; None outside all of them."""
    for street in streets():
        if found := locate(street.pk, longitude, latitude, today):
            return Place.objects.get(pk=found)
    return None


def outlines(today: date) -> list[Boundary]:
    """The grids as they are drawn today, of all streets."""
    rows = Boundary.objects.valid_on(today).filter(place__kind=Kind.GRID)
    return list(rows.select_related("place").order_by("place__name"))


def name_areas(orders: Sequence[WorkOrder], today: date) -> None:
    """Give each order its `area`: the compound, grid or community it lies in, nothing finer."""
    found: dict[UUID, dict[str, str]] = {}
    rows = Path.objects.filter(
        place__in={order.place_id for order in orders},
        ancestor__kind__in=_FINEST_FIRST,
        valid_from__lte=today,
        valid_to__gt=today,
    ).values_list("place_id", "ancestor__kind", "ancestor__name")
    for place, kind, name in rows:
        found.setdefault(place, {})[kind] = name
    for order in orders:
        names = found.get(order.place_id, {})
        finest = next((names[kind] for kind in _FINEST_FIRST if kind in names), "")
        community = names.get(Kind.COMMUNITY, "")
        parts = [community] if community not in ("", finest) else []
        order.area = " ".join([*parts, finest])  # type: ignore[attr-defined]  # shown beside it


def phone_of(order: WorkOrder, today: date) -> str:
    """The public telephone of the grid in which an order lies; empty where there is none."""
    within = Path.objects.filter(
        place=order.place_id, valid_from__lte=today, valid_to__gt=today
    ).values("ancestor")
    phone = Grid.objects.filter(pk__in=within).exclude(public_phone="").first()
    return phone.public_phone if phone else ""


# Orders


def told() -> QuerySet[WorkOrder]:
    """What may be asked for by its number: not what was withdrawn, nor reports of wrong."""
    kept: QuerySet[WorkOrder] = WorkOrder.objects.standing().exclude(
        kind=WorkOrder.Kind.REPORT_OF_WRONG
    )
    return kept.select_related("place", "merged_into")


def published() -> QuerySet[WorkOrder]:
    """What stands on the public list."""
    return told().filter(published_on__isnull=False)


def by_number(number: str) -> list[WorkOrder]:
    """Those with that number: each street counts its own, so there may be several."""
    return list(told().filter(number=number.strip().upper()).select_related("street")[:5])


def by_slip(code: str) -> WorkOrder | None:
    """The order whose slip has that code, as somebody typed it."""
    plain = rules.typed_code(code)
    if not plain:
        return None
    orders: QuerySet[WorkOrder] = WorkOrder.objects.standing()
    return orders.select_related("place", "street", "merged_into").filter(slip_code=plain).first()


def answer_shown(order: WorkOrder) -> str:
    """The answer, if a person decided on publishing after it was given; else empty."""
    is_seen = order.published_on and order.closed_on and order.published_on >= order.closed_on
    return order.answer if is_seen else ""


def lead_of(order: WorkOrder) -> WorkOrder:
    """The order under which it is handled: itself, unless it was merged."""
    return order.merged_into or order


def own_photos(order: WorkOrder) -> list[Attachment]:
    """The pictures that came from residents, not those of the office; still kept, oldest first."""
    return list(
        evidence_of(order).filter(
            file__width__isnull=False, purged_at=None, added_by__username=SYSTEM
        )
    )


def shown_photo(pk: UUID) -> Attachment | None:
    """A picture that was chosen for the public, of an order that is published."""
    shown = published().filter(shown_photos=pk)
    if not shown.exists():
        return None
    found = Attachment.objects.select_related("file").filter(pk=pk).first()
    return found if found and found.is_kept else None


def near_duplicates(
    text: str, category: str, place: Place, street: Street, today: date
) -> list[WorkOrder]:
    """Published orders that may be the same matter, the most alike first, at most three."""
    near = alike(
        street=street,
        place=place,
        category=category,
        text=text,
        on=today,
        most=3,
        among=published(),
    )
    shown = published().in_bulk([one.order.pk for one in near])
    found = [shown[one.order.pk] for one in near]
    name_areas(found, today)
    return found


def to_publish(user: Any) -> RecordQuerySet:
    """What residents sent and nobody has looked at yet for publishing."""
    visible: RecordQuerySet = WorkOrder.objects.visible_to(user).standing()
    return visible.filter(channel=WorkOrder.Channel.WEB, publish_decided_on=None).exclude(
        kind=WorkOrder.Kind.REPORT_OF_WRONG
    )


# Links that carry their own proof


def answer_token(order: WorkOrder) -> str:
    """For the link by which the appellant answers, for this closing alone."""
    assert order.closed_at is not None
    return signing.dumps([order.pk.hex, order.closed_at.timestamp()], salt=ANSWER)


def by_answer_token(token: str) -> WorkOrder | None:
    """The order of such a link, if it was closed just then, within the last 30 days."""
    try:
        pk, closed = signing.loads(token, salt=ANSWER, max_age=timedelta(days=rules.ANSWER_DAYS))
    except signing.BadSignature:
        return None
    order = WorkOrder.objects.standing().select_related("place", "street").filter(pk=pk).first()
    is_same = order and order.closed_at and order.closed_at.timestamp() == closed
    return order if is_same else None


def follow_token(follower: Follower) -> str:
    """For the links of somebody who follows an area."""
    return signing.dumps(follower.pk.hex, salt=FOLLOW)


def by_follow_token(token: str) -> Follower | None:
    try:
        pk = signing.loads(token, salt=FOLLOW)
    except signing.BadSignature:
        return None
    return Follower.objects.select_related("place", "street").filter(pk=pk).first()


def link(name: str, *args: Any) -> str:
    """An address of the public side as it stands in an e-mail."""
    return settings.FENGHUANG_SITE + reverse(f"requests_public:{name}", args=args)


# News


def to_be_answered(since: date) -> QuerySet[WorkOrder]:
    """What was closed since then, with an e-mail address, and waits for its appellant."""
    orders: QuerySet[WorkOrder] = WorkOrder.objects.standing()
    return (
        orders.filter(state=OrderState.CLOSED, closed_on__gte=since)
        .exclude(email="")
        .select_related("street")
        .order_by("pk")
    )


def news(place: Place, since: date, until: date) -> list[WorkOrder]:
    """What was published or closed in an area on [since, until), of what is public; at most 50."""
    inside = Path.objects.filter(ancestor=place, valid_to__gt=since).values("place")
    fresh = Q(published_on__gte=since, published_on__lt=until) | Q(
        closed_on__gte=since, closed_on__lt=until
    )
    return list(published().filter(fresh, place__in=inside).order_by("-happened_on", "-pk")[:50])


def within(orders: QuerySet[WorkOrder], place: UUID, today: date) -> QuerySet[WorkOrder]:
    """Those in an area as it is today."""
    inside = Path.objects.filter(ancestor=place, valid_from__lte=today, valid_to__gt=today)
    return orders.filter(place__in=inside.values("place"))


def is_late(order: WorkOrder, now: Any) -> bool:
    """Has the promised moment passed without an end?"""
    return order.promise_presses(now) == Pressing.LATE


def confirmed(day: date) -> Iterable[Follower]:
    """Those who follow an area and have said so themselves."""
    return (
        Follower.objects.filter(confirmed_at__isnull=False, email_purge_on__gt=day)
        .select_related("place", "street")
        .order_by("place", "pk")
    )


def week_before(now: Any) -> tuple[date, date]:
    """The last full week, from its Monday to the next (exclusive)."""
    today = local_day(now)
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(days=7), monday
