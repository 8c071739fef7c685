"""What the system administrator does for people: add, appoint, dismiss, unlock, sign out.

Who administers has no business data and gives no role to themselves.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from allauth.usersessions.models import UserSession
from axes.utils import reset
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fenghuang.kernel.people import actions as people
from fenghuang.kernel.people.models import Appointment, Unit, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.records.cycles import check_second_person
from fenghuang.kernel.refusal import Refused

#: Without the letters that are taken for one another: read out over the telephone, typed once.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """Three groups of four letters, about 59 bits: shown once, changed by its owner."""
    return "-".join("".join(secrets.choice(_LETTERS) for _n in range(4)) for _group in range(3))


def check_administers(actor: User, street: uuid.UUID) -> None:
    """Refused for everybody but a system administrator of that street."""
    if street not in administered(actor):
        raise Refused(
            "role",
            _("People and roles are looked after by the system administrator. Ask there."),
        )


def check_looks_after(actor: User, user: User) -> None:
    """Refused unless the colleague works, or worked, in a street that the actor administers."""
    if user not in staff_of(actor):
        raise Refused("scope", _("This person works for another office. Ask there."))


def staff_of(actor: User) -> QuerySet[User]:
    """Everybody with a role or unit, now or before, in the streets that the person administers."""
    streets = administered(actor)
    return User.objects.filter(
        Q(pk__in=Appointment.objects.filter(street__in=streets).values("user"))
        | Q(unit__street__in=streets)
    )


def employ(
    *,
    actor: User,
    username: str,
    display_name: str,
    role: str,
    place: Place,
    unit: Unit | None = None,
    line: str = Appointment.ALL_LINES,
) -> tuple[User, str]:
    """A new member of staff with a first role from today, and the first password."""
    check_administers(actor, place.street_id)
    password = first_password()
    with transaction.atomic():
        user = people.employ(username, display_name, password, unit=unit, must_change_password=True)
        people.appoint(
            user, Role(role), place, valid_from=timezone.localdate(), line=line, by=actor.pseudonym
        )
    return user, password


def appoint(
    user: User, *, actor: User, role: str, place: Place, line: str, valid_from: date
) -> Appointment:
    """Give a colleague a role; nobody gives one to themselves."""
    check_administers(actor, place.street_id)
    check_looks_after(actor, user)
    check_second_person(user.pk, actor.pk)
    return people.appoint(
        user, Role(role), place, valid_from=valid_from, line=line, by=actor.pseudonym
    )


def dismiss(appointment: Appointment, *, actor: User, on: date) -> None:
    """End an appointment; that day is the first on which it no longer holds."""
    check_administers(actor, appointment.street_id)
    check_second_person(appointment.user_id, actor.pk)
    if on < appointment.valid_from:
        raise Refused(
            "before_it_began",
            _("The role began on %(day)s; it cannot end before that.")
            % {"day": date_format(appointment.valid_from)},
            where="on",
        )
    people.dismiss(appointment, on=on, by=actor.pseudonym)


def renew_password(user: User, *, actor: User) -> str:
    """A new first password for somebody who forgot theirs; everywhere signed out."""
    check_looks_after(actor, user)
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(user, actor=actor)
    unlock(user, actor=actor)
    return password


def set_active(user: User, *, actor: User, is_active: bool) -> None:
    """Suspend an account, or let it sign in again."""
    check_looks_after(actor, user)
    check_second_person(user.pk, actor.pk)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if not is_active:
        end_sessions(user, actor=actor)


def unlock(user: User, *, actor: User) -> None:
    """Forget the wrong passwords, so that the person may try again at once."""
    check_looks_after(actor, user)
    reset(username=user.username)


def end_sessions(user: User, *, actor: User, only: int | None = None) -> None:
    """Sign a person out everywhere, or of one session only; oneself, or as administrator."""
    if user.pk != actor.pk:
        check_looks_after(actor, user)
    sessions = UserSession.objects.filter(user=user)
    for session in sessions if only is None else sessions.filter(pk=only):
        session.end()


def set_own_email(user: User, *, email: str) -> None:
    """Say where one's own notices go; nowhere, if empty."""
    user.email = email
    user.save(update_fields=["email"])
