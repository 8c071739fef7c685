"""Who may do what in this line, by the appointments held today where the record stands."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import ENTERS
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.places.paths import above, above_all
from fenghuang.kernel.refusal import Refused

LINE = "requests"


def roles_at(user: Any, place_id: uuid.UUID, day: date | None = None) -> frozenset[str]:
    """The roles that the person holds in this line over that place today."""
    if not isinstance(user, User):
        return frozenset()
    return user.roles(LINE, place=above(place_id, day or timezone.localdate()))


def may_enter(user: Any) -> bool:
    """Does the person enter records of this line anywhere?"""
    return isinstance(user, User) and bool(user.roles(LINE) & ENTERS)


def check_may_enter(user: User, *places: Place) -> None:
    """Refused where one of the places is not among those for which the person enters records."""
    paths = above_all({place.pk for place in places}, timezone.localdate())
    for place in places:
        if not user.roles(LINE, place=paths[place.pk]) & ENTERS:
            raise Refused(
                "not_your_place",
                _("You don’t enter records for %(place)s. Choose a place of your own.")
                % {"place": place},
                where="place",
            )
