"""Who calls, and which street is meant."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import ExternalCode, Street
from fenghuang.kernel.refusal import Refused

from ..tokens import sender_by
from .given import Given


@dataclass(frozen=True)
class Called:
    """A street, and in whose name a program asks there; nobody's without a key."""

    street: Street
    user: User | None

    @property
    def caller(self) -> User:
        """In whose name; Refused without a key."""
        if self.user is None:
            raise Refused("key", _("Give a valid “api_key”."))
        return self.user


def called(given: Given) -> Called:
    """By `api_key`, which belongs to a street, or by `jurisdiction_id`: its code or its name.

    With a single street here neither is needed.
    """
    key, jurisdiction = given.one("api_key"), given.one("jurisdiction_id")
    sender = sender_by(key) if key else None
    if key and sender is None:
        raise Refused("key", _("Give a valid “api_key”."))
    named = _street_called(jurisdiction) if jurisdiction else None
    if sender is not None:
        if named is not None and named.pk != sender.street.pk:
            raise Refused("key", _("This “api_key” is for another “jurisdiction_id”."))
        return Called(sender.street, sender.user)
    return Called(named or _only_street(), None)


def _street_called(text: str) -> Street:
    codes = ExternalCode.objects.filter(code=text, place__kind="street")
    found: Street | None = Street.objects.filter(
        Q(pk__in=codes.values("place_id")) | Q(name=text)
    ).first()
    if found is not None:
        return found
    raise Refused(
        "unknown_jurisdiction", _("There is no street office with this “jurisdiction_id”.")
    )


def _only_street() -> Street:
    streets: list[Street] = list(Street.objects.all()[:2])
    if len(streets) != 1:
        raise Refused("missing", _("“%(name)s” is missing.") % {"name": "jurisdiction_id"})
    return streets[0]
