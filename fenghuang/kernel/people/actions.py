"""The verbs of people: found a unit, employ, appoint, dismiss, suspend."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.places.actions import found_street
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.places.paths import above
from fenghuang.kernel.refusal import Refused

from .models import Appointment, Unit, User
from .roles import NAMES_SUBSTITUTES, Role
from .scope import administered

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


def may_name_substitute(actor: User, held: Appointment) -> bool:
    """May this person say who stands in for the holder of that appointment?

    The holder; the secretary and the governance centre for the places they look after; the
    administrator of the street. The administrator's own role is handed to nobody.
    """
    if held.role == Role.ADMINISTRATOR or held.stands_in_for_id is not None:
        return False
    if held.user_id == actor.pk or held.street_id in administered(actor):
        return True
    places = above(held.place_id, timezone.localdate())
    return bool(actor.roles(held.line, place=places) & NAMES_SUBSTITUTES)


def name_substitute(
    absent: User, substitute: User, *, actor: User, first: date, last: date
) -> list[Appointment]:
    """For these days (both inclusive) a colleague holds the roles of somebody absent as well.

    Nobody names themselves for another, and what is held as a substitute is not handed on. It ends
    by itself.
    """
    if absent == substitute:
        raise Refused("same_person", _("Nobody stands in for themselves."), where="substitute")
    if actor == substitute:
        raise Refused(
            "second_person",
            _("Nobody takes over another’s tasks by their own word. Ask a colleague to name you."),
            where="substitute",
        )
    if first < timezone.localdate() or last < first:
        raise Refused(
            "span", _("The days begin today at the earliest, and end after that."), where="last"
        )
    _check_works_here(absent, substitute)
    held = [
        one
        for one in absent.appointments.valid_on(first).select_related("place")
        if may_name_substitute(actor, one)
    ]
    if not held:
        raise Refused(
            "role",
            _("%(person)s has no role that you may hand to a substitute.") % {"person": absent},
            where="absent",
        )
    with transaction.atomic():
        given = [_stand_in(one, substitute, first, last) for one in held]
        for appointment in given:
            write.add(appointment, by=actor.pseudonym, notes={"@verb": "name_substitute"})
    substitute.__dict__.pop("current_appointments", None)
    return given


def _check_works_here(absent: User, substitute: User) -> None:
    streets = {held.street_id for held in absent.current_appointments}
    own = [held for held in substitute.current_appointments if held.stands_in_for_id is None]
    if not substitute.is_active or not any(held.street_id in streets for held in own):
        raise Refused(
            "scope",
            _("%(person)s does not work in this street. Choose a colleague who does.")
            % {"person": substitute},
            where="substitute",
        )
    if Appointment.objects.filter(
        user=substitute, stands_in_for=absent, valid_to__gt=timezone.localdate()
    ).exists():
        raise Refused(
            "already_substitute",
            _("%(person)s stands in for this colleague already. End that first.")
            % {"person": substitute},
            where="substitute",
        )


def _stand_in(held: Appointment, substitute: User, first: date, last: date) -> Appointment:
    end = last + timedelta(days=1)
    return Appointment(
        street_id=held.street_id,
        user=substitute,
        role=held.role,
        line=held.line,
        place=held.place,
        valid_from=first,
        valid_to=min(end, held.valid_to) if held.valid_to else end,
        stands_in_for=held.user,
    )


def end_substitution(appointment: Appointment, *, actor: User) -> None:
    """The colleague is back: from today the substitute holds none of the roles taken over."""
    absent = appointment.stands_in_for
    if absent is None:
        raise ValueError(f"appointment {appointment.pk} is held in its holder's own right")
    own = absent.appointments.valid_on(timezone.localdate())
    if actor != appointment.user and not any(may_name_substitute(actor, one) for one in own):
        raise Refused("role", _("This is ended by one of the two, or by who named the substitute."))
    today = timezone.localdate()
    with transaction.atomic():
        for one in Appointment.objects.filter(
            user=appointment.user_id, stands_in_for=absent, valid_to__gt=today
        ):
            one.valid_to = max(today, one.valid_from)
            write.fix(one, by=actor.pseudonym, notes={"@verb": "end_substitution"})


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
