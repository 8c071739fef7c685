"""The verbs of people: found a unit, employ, appoint, dismiss, suspend."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.places.actions import found_street
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.refusal import Refused

from .models import Appointment, Unit, User
from .roles import Role

SYSTEM = "system"


def found_unit(street: Street, name: str, kind: str, *, valid_from: date, by: str) -> Unit:
    """Enter a department, community office or outside body that work can be given to."""
    if Unit.objects.filter(street=street, name=name).exists():
        raise Refused(
            "unit_known",
            _("There is a unit of that name already. Nothing needs to be done."),
            where="name",
        )
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


def system_account() -> User:
    """The account in whose name the command line writes. Nobody can sign in with it."""
    account = User.objects.filter(username=SYSTEM).first()
    if account is None:
        account = User(username=SYSTEM, display_name=_("the system"))
        account.set_unusable_password()
        account.save()
    return account


def open_office(
    street_name: str,
    *,
    code: str,
    username: str,
    name: str,
    password: str,
    valid_from: date | None = None,
) -> User:
    """Open the books of a street: its journal, its place, its first administrator.

    The system's own account may enter for the street, so that ledgers can be imported by command.
    """
    begins = valid_from or timezone.localdate()
    try:
        validate_password(password)
    except ValidationError as problem:
        raise Refused("weak_password", " ".join(problem.messages), where="password") from problem
    if User.objects.filter(username=username).exists():
        raise Refused(
            "username_taken",
            _("The user name %(name)s is taken. Choose another one.") % {"name": username},
            where="username",
        )
    with transaction.atomic():
        system = system_account()
        street = found_street(street_name, by=system.pseudonym, valid_from=begins, code=code)
        admin = User.objects.create_user(username, password, display_name=name)
        appoint(system, Role.OFFICE, street, valid_from=begins, by=system.pseudonym)
        appoint(admin, Role.ADMINISTRATOR, street, valid_from=begins, by=system.pseudonym)
    return admin


def employ(
    username: str,
    name: str,
    password: str | None,
    *,
    unit: Unit | None = None,
    must_change_password: bool = False,
) -> User:
    """A new member of staff, who may do nothing until appointed, nor sign in without a password.

    A password that somebody else made must be changed by its owner before anything else.
    """
    if User.objects.filter(username=username).exists():
        raise Refused(
            "username_taken",
            _("The user name %(name)s is taken. Choose another one.") % {"name": username},
            where="username",
        )
    return User.objects.create_user(
        username,
        password,
        display_name=name,
        unit=unit,
        must_change_password=must_change_password,
    )
