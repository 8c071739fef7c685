"""A report as it was sent, read into the words of the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.places.outlines import locate
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.open311 import Attribute, Desk, Report, Service

from ..where import place_called
from .callers import Called
from .given import LONGEST, Given

MOST_PICTURES = 6


def service_called(desk: Desk, code: str) -> Service:
    """The service of that code; Refused if there is none."""
    for service in desk.services():
        if service.code == code:
            return service
    raise Refused("unknown_service", _("There is no service with this code."))


def report_of(request: HttpRequest, given: Given, to: Called, desk: Desk) -> Report:
    """What was sent. Refused with the first thing that is wrong with it."""
    caller = to.caller
    service = service_called(desk, given.wanted("service_code"))
    point, address = given.point(), given.one("address_string", longest=500)
    return Report(
        street=to.street,
        caller=caller,
        service=service.code,
        text=_text(given),
        place=_place(given, to.street),
        point=point,
        # Without a point the address has become the place, and says nothing more.
        address=address if point else "",
        attributes=_attributes(given, service),
        contact_name=_name(given.one("first_name"), given.one("last_name")),
        phone=given.one("phone"),
        email=given.one("email"),
        pictures=_pictures(request),
    )


def _text(given: Given) -> str:
    """The description; pictures that lie elsewhere are named below it, and never fetched."""
    text = "\n".join(
        part for part in (given.one("description", longest=LONGEST), *given.urls("media_url"))
    ).strip()
    if len(text) > LONGEST:
        raise Refused(
            "too_long",
            _("“%(name)s” is longer than %(longest)s characters.")
            % {"name": "description", "longest": LONGEST},
        )
    return text


def _place(given: Given, street: Street) -> Place:
    """Where it is: by the point, else by the address, else by the code of the place."""
    point = given.point()
    if point is not None:
        grid = locate(street.pk, *point, timezone.localdate())
        if grid is None:
            raise Refused(
                "outside", _("This point lies outside of %(street)s.") % {"street": street}
            )
        return Place.objects.get(pk=grid)
    code, address = given.one("address_id"), given.one("address_string", longest=500)
    if not code and not address:
        raise Refused(
            "no_location",
            _("Say where: “lat” and “long”, or “address_string”, or “address_id”."),
        )
    found = place_called(code or address, street)
    if found is None:
        raise Refused(
            "unknown_place",
            _(
                "“address_id” and “address_string” must be the code or the name of one place in "
                "the books of %(street)s. Send “lat” and “long” instead."
            )
            % {"street": street},
        )
    return found


def _attributes(given: Given, service: Service) -> dict[str, str]:
    """The values that the service asks for; what it does not ask for is left aside."""
    sent, found = given.attributes(), {}
    for attribute in service.attributes:
        values = sent.get(attribute.code, [])
        if values:
            found[attribute.code] = _value(attribute, values)
        elif attribute.is_required:
            raise Refused(
                "missing", _("“%(name)s” is missing.") % {"name": f"attribute[{attribute.code}]"}
            )
    return found


def _value(attribute: Attribute, values: Sequence[str]) -> str:
    name = f"attribute[{attribute.code}]"
    if len(values) > 1:
        raise Refused("attribute", _("“%(name)s” takes one value.") % {"name": name})
    keys = [key for key, _name in attribute.values]
    if keys and values[0] not in keys:
        raise Refused(
            "attribute",
            _("“%(name)s” is one of: %(keys)s.") % {"name": name, "keys": ", ".join(keys)},
        )
    if len(values[0]) > attribute.longest:
        raise Refused(
            "too_long",
            _("“%(name)s” is longer than %(longest)s characters.")
            % {"name": name, "longest": attribute.longest},
        )
    return values[0]


def _name(first: str, last: str) -> str:
    """A name as it is written where it comes from: 张三, but San Zhang."""
    both = [first, last] if f"{first}{last}".isascii() else [last, first]
    return (" " if f"{first}{last}".isascii() else "").join(part for part in both if part)


def _pictures(request: HttpRequest) -> list[Any]:
    found = [file for name in request.FILES for file in request.FILES.getlist(name)]
    if len(found) > MOST_PICTURES:
        raise Refused(
            "too_many_pictures",
            _("At most %(most)s pictures are taken with one report.") % {"most": MOST_PICTURES},
        )
    return found
