"""Who looks after the notices of a street."""

from __future__ import annotations

from uuid import UUID

from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.people.scope import administered

OFFICES = frozenset({Role.OFFICE, Role.CENTRE})


def read_by(user: User) -> frozenset[UUID]:
    """The streets of whose notices the person may read what they are about.

    That is the office or governance centre of the whole street, for all lines: others would see
    numbers of records out of their scope.
    """
    return frozenset(
        held.street_id
        for held in user.current_appointments
        if held.role in OFFICES
        and held.place_id == held.street_id
        and held.covers(Appointment.ALL_LINES)
    )


def watched(user: User) -> frozenset[UUID]:
    """The streets whose notices the person may list and send again.

    The system administrator is among them, and sees how sending goes, not what is said.
    """
    return read_by(user) | administered(user)
