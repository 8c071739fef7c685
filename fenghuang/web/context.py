"""What every page knows: the street, the menu, the person's way of reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from fenghuang.kernel.people.models import Appointment
from fenghuang.kernel.people.roles import Role
from fenghuang.kit.door import Line, lines
from fenghuang.kit.screens import may_enter

from .accounts import demo_accounts

TYPE_SIZE = "type_size"


@dataclass(frozen=True)
class Address:
    """A menu entry with its address."""

    label: Any
    href: str
    is_here: bool


@dataclass(frozen=True)
class Menu:
    """A line's entries that this person may use."""

    line: Line
    looks: list[Address]
    enters: list[Address]

    @property
    def is_here(self) -> bool:
        return any(one.is_here for one in (*self.looks, *self.enters))


def menus(user: Any, path: str) -> list[Menu]:
    """The lines in which the person holds a role, each with its entries."""
    found = []
    for line in lines():
        if not user.roles(line.code):
            continue
        looks: list[Address] = []
        enters: list[Address] = []
        for entry in line.menu:
            href = reverse(f"{line.code}:{entry.address}")
            if not entry.is_for_entering:
                looks.append(Address(entry.label, href, path.startswith(href)))
            elif may_enter(user, line.code):
                enters.append(Address(entry.label, href, path == href))
        if any(one.is_here for one in enters):  # its address lies under that of a list
            looks = [replace(one, is_here=False) for one in looks]
        found.append(Menu(line, looks, enters))
    return found


def administered(user: Any) -> set[UUID]:
    """The streets whose people the person looks after as system administrator today."""
    return {
        held.street_id
        for held in user.current_appointments
        if held.role == Role.ADMINISTRATOR and held.covers(Appointment.ALL_LINES)
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the base template."""
    user = getattr(request, "user", None)
    known: dict[str, Any] = {
        "large_type": request.COOKIES.get(TYPE_SIZE) == "large",
    }
    if user is None or not user.is_authenticated:
        return known | {"demo_accounts": SimpleLazyObject(demo_accounts)}
    return known | {
        "street": SimpleLazyObject(lambda: user.street),
        "menus": SimpleLazyObject(lambda: menus(user, request.path)),
        "is_administrator": bool(administered(user)),
    }
