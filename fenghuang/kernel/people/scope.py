"""Which places a person looks after today: the only key to records."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from fenghuang.kernel.places.models import Path

from .models import Appointment, User
from .roles import SEES_OWN_TASKS, SEES_THE_LINE, Role

NOBODY = Q(pk__in=())


@dataclass(frozen=True)
class Scope:
    """Whole streets, smaller places with their streets, and where one's own tasks come with it."""

    streets: frozenset[uuid.UUID]
    places: frozenset[uuid.UUID]
    streets_of_places: frozenset[uuid.UUID]
    own_tasks: frozenset[uuid.UUID]

    @property
    def is_empty(self) -> bool:
        return not (self.streets or self.places or self.own_tasks)


def scope_of(user: Any, line: str) -> Scope:
    """What the user may look at in a line today, by the appointments in force."""
    if not isinstance(user, User) or not user.is_active:
        return Scope(frozenset(), frozenset(), frozenset(), frozenset())
    held = [one for one in user.current_appointments if one.covers(line)]
    sees = [one for one in held if one.role in SEES_THE_LINE]
    return Scope(
        streets=frozenset(one.street_id for one in sees if one.place_id == one.street_id),
        places=frozenset(one.place_id for one in sees if one.place_id != one.street_id),
        streets_of_places=frozenset(one.street_id for one in sees if one.place_id != one.street_id),
        own_tasks=frozenset(one.street_id for one in held if one.role in SEES_OWN_TASKS),
    )


def administered(user: User) -> frozenset[uuid.UUID]:
    """The streets whose people the person looks after as system administrator today."""
    return frozenset(
        held.street_id
        for held in user.current_appointments
        if held.role == Role.ADMINISTRATOR and held.covers(Appointment.ALL_LINES)
    )


def within(scope: Scope, user: Any, *, place: str = "place_id", own: Q | None = None) -> Q:
    """The scope as a condition on rows with a street and a place.

    A record is in scope where its place stands today: whoever took over a grid took over its cases.
    """
    condition: Any = Q(street__in=scope.streets) if scope.streets else NOBODY
    if scope.places:
        today = timezone.localdate()
        # The street says nothing new, but the indexes of records begin with it.
        condition |= Q(street__in=scope.streets_of_places) & Q(
            **{
                f"{place}__in": Path.objects.filter(
                    ancestor__in=scope.places, valid_from__lte=today, valid_to__gt=today
                ).values("place_id")
            }
        )
    if scope.own_tasks and own is not None:
        condition |= Q(street__in=scope.own_tasks) & own
    found: Q = condition
    return found
