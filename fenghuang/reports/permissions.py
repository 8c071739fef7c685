"""Who may read the figures of a street, and who may edit which chapter."""

from __future__ import annotations

from typing import Any

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import SEES_THE_LINE, Role
from fenghuang.kernel.places.models import Street

#: Roles at street level that write the chapters of their lines. Leaders and auditors read.
EDITS = frozenset({Role.OFFICE, Role.STATISTICIAN, Role.DEPARTMENT})


def may_read(user: Any, street: Street) -> bool:
    """Figures are for all who work in the street, but not for volunteers and administrators."""
    return isinstance(user, User) and any(
        held.street_id == street.pk and held.role in SEES_THE_LINE
        for held in user.current_appointments
    )


def may_edit(user: Any, street: Street, chapter: str) -> bool:
    """Does the person hold an editing role over the whole street in the line of that chapter?

    The opening and the outlook belong to no line: they take a role in all lines.
    """
    return isinstance(user, User) and bool(user.roles(chapter, place=[street.pk]) & EDITS)


def may_correct(user: Any, street: Street) -> bool:
    """Does the person write any chapter of the street? Then they may say what a wording means."""
    return isinstance(user, User) and any(
        held.street_id == street.pk and held.place_id == street.pk and held.role in EDITS
        for held in user.current_appointments
    )
