"""Who may do what in this line, by the appointments held today where the record stands."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import CONFIRMS, ENTERS, Role
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.places.paths import above, above_all
from fenghuang.kernel.refusal import Refused

from .models import WorkOrder
from .states.orders import HANDLES, WITH_UNIT, OrderState

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


def may_see_contact(user: User, order: WorkOrder) -> bool:
    """Does the person need to reach whoever raised it?

    The governance centre (asks back, calls back), the person who has it in hand, and the people of
    the unit in charge while it has it. Who belongs to no unit handles what lies in the places
    looked after. Leaders, checkers, auditors and other onlookers do not.
    Source: Personal Information Protection Law 6 (only as far as the purpose needs).
    """
    roles = roles_at(user, order.place_id)
    if Role.CENTRE in roles:
        return True
    if not roles & HANDLES or order.state not in (*WITH_UNIT, OrderState.SUBMITTED):
        return False
    if order.handler_id in (user.pk, *user.stood_in_for):
        return True
    own = user.unit_ids
    return order.unit_id in own if own else order.handler_id is None


def may_see_spot(user: User, order: WorkOrder) -> bool:
    """Does the person have to find the spot: those above, helping units, and who verifies there."""
    if may_see_contact(user, order):
        return True
    if order.state == OrderState.SUBMITTED and roles_at(user, order.place_id) & CONFIRMS:
        return True
    return order.state in WITH_UNIT and order.co_units.filter(pk__in=user.unit_ids).exists()
