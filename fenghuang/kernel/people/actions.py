"""The verbs of people: found a unit, employ, appoint, dismiss, suspend."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.refusal import Refused

from .models import Appointment, Unit, User
from .roles import Role


def found_unit(street: Street, name: str, kind: str, *, valid_from: date, by: str) -> Unit:
    """Enter a department, community office or outside body that work can be given to."""
    with transaction.atomic():
        unit = Unit(street=street, name=name, kind=kind, valid_from=valid_from)
        write.add(unit, by=by, notes={"@verb": "found_unit"})
    return unit


def appoint(
    user: User,
    role: Role,
    place: Place,
    *,
    valid_from: date,
    by: str,
    line: str = Appointment.ALL_LINES,
) -> Appointment:
    """Give a person a role for a place and what stands in it, from that day (inclusive)."""
    with transaction.atomic():
        held = Appointment.objects.valid_on(valid_from).filter(
            user=user, role=role, line=line, place=place
        )
        if held.exists():
            raise Refused(
                "already_appointed",
                _("%(person)s already holds this role there. Nothing needs to be done.")
                % {"person": user},
            )
        appointment = Appointment(
            street_id=place.street_id,
            user=user,
            role=role,
            line=line,
            place=place,
            valid_from=valid_from,
        )
        write.add(appointment, by=by, notes={"@verb": "appoint"})
        user.__dict__.pop("current_appointments", None)
    return appointment


def dismiss(appointment: Appointment, *, on: date, by: str) -> None:
    """End an appointment: that day is the first on which it no longer holds."""
    with transaction.atomic():
        appointment.valid_to = on
        write.fix(appointment, by=by, notes={"@verb": "dismiss"})
