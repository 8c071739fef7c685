"""Finding places: by code, by name, by level."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from .models import Place, Street


class NoSuchPlace(LookupError):
    """No place has that code or name, or several have it."""


def streets() -> QuerySet[Street]:
    """The streets whose books are kept here, by name."""
    return Street.objects.order_by("name")


def place_called(text: str) -> Place:
    """The place with that official code, name, or other name. NoSuchPlace if not exactly one."""
    found = Place.objects.filter(
        Q(codes__code=text) | Q(name=text) | Q(other_names__name=text)
    ).distinct()
    places: list[Place] = list(found[:2])
    if len(places) != 1:
        raise NoSuchPlace(text)
    return places[0]


def standing(street: Any, kind: str, day: Any) -> QuerySet[Place]:
    """The places of a level that a street has on that day, by name."""
    return Place.objects.valid_on(day).filter(street=street, kind=kind).order_by("name")
