"""What every page knows: the street, the menu, the person's way of reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from fenghuang.kernel.notices.queries import watched
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.door import Line, lines
from fenghuang.kit.screens import may_enter

from .accounts import demo_accounts, owes_password

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


def own_street(user: Any) -> Street:
    """The street that the person works for; Refused for somebody without any role."""
    street: Street | None = user.street
    if street is None:
        raise Refused("role", _("You hold no role yet. Ask the system administrator for one."))
    return street


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
        "watches_notices": bool(watched(user)),
        "has_menu": not owes_password(request),
    }
