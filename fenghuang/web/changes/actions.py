"""The changes of places as the office does them: by whoever may, by a document, from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places import actions as places
from fenghuang.kernel.places.models import Kind, Place
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.actions import check_may_change

#: What is true of the parts as it was of the whole.
_SAME_IN_PARTS: Mapping[str, tuple[str, ...]] = {
    Kind.COMMUNITY: ("committee",),
    Kind.GRID: ("purpose",),
    Kind.COMPOUND: ("tenure", "built_year", "manager", "is_old"),
}

#: The levels whose names tell places of a street apart; a building is called 1栋 in every compound.
_NAMED_ONCE = frozenset({Kind.COMMUNITY, Kind.GRID, Kind.COMPOUND})


def describe(level: Any, *, actor: User, **facts: Any) -> None:
    """Put right what is said of a place, such as its public telephone."""
    check_may_change(actor, level.street, level.kind)
    for name, value in facts.items():
        setattr(level, name, value)
    places.describe(level, by=actor.pseudonym)


def rename(place: Place, *, actor: User, name: str, on: date, document: str) -> None:
    check_may_change(actor, place.street, place.kind)
    _check_name(place, name)
    places.rename(place, name, on=on, document=document, by=actor.pseudonym)


def move(place: Place, *, actor: User, parent: Place, on: date, document: str) -> None:
    check_may_change(actor, place.street, place.kind)
    places.move(place, parent, on=on, document=document, by=actor.pseudonym)


def merge(place: Place, *, actor: User, into: Place, on: date, document: str) -> None:
    check_may_change(actor, place.street, place.kind)
    places.merge([place], into, on=on, document=document, by=actor.pseudonym)


def split(
    level: Any,
    *,
    actor: User,
    names: Sequence[str],
    parts: Mapping[UUID, int],
    on: date,
    document: str,
) -> None:
    """Two parts or more by these names; `parts` says of what stands in it to which part it goes."""
    check_may_change(actor, level.street, level.kind)
    if len(set(names)) < len(names):
        raise Refused("same_name", _("Two parts have the same name."), where="second")
    for name in names:
        _check_name(level, name)
    same = {name: getattr(level, name) for name in _SAME_IN_PARTS[level.kind]}
    new = [type(level)(name=name, valid_from=on, **same) for name in names]
    inside = Place.objects.in_bulk(parts)
    places.split(
        level.place_ptr,
        [
            (part, None, [inside[pk] for pk, to in parts.items() if to == n])
            for n, part in enumerate(new)
        ],
        on=on,
        document=document,
        by=actor.pseudonym,
    )


def retire(place: Place, *, actor: User, on: date, document: str) -> None:
    check_may_change(actor, place.street, place.kind)
    places.retire(place, on=on, document=document, by=actor.pseudonym)


def _check_name(place: Place, name: str) -> None:
    taken = (
        Place.objects.valid_on(timezone.localdate())
        .filter(street=place.street_id, kind=place.kind, name=name)
        .exclude(pk=place.pk)
    )
    if place.kind in _NAMED_ONCE and taken.exists():
        raise Refused(
            "name_taken",
            _("There is another place of this level called %(name)s. Choose another name.")
            % {"name": name},
            where="name",
        )
