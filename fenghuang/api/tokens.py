"""Who sends a request: the person whose token it carries, and what the token is for."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from fenghuang.kernel.kept import Kept
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street

from .models import Token


class Sender(NamedTuple):
    """The person in whose name a program acts, with the token and the street it belongs to."""

    user: User
    street: Street
    token: Token


#: A phone that sends a day's work asks once; a token revoked in another process, or an appointment
#: that ended, still counts for this long.
_known: Kept[str, Sender] = Kept(seconds=1.0)


def fingerprint(text: str) -> str:
    """What is kept of a token: its SHA-256. It is random and long, so no salt is needed."""
    return sha256(text.encode()).hexdigest()


def sender_of(request: HttpRequest) -> Sender | None:
    """The sender by the header `Authorization: Bearer …`; None without a valid token."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        return None
    return sender_by(text.strip())


def sender_by(text: str) -> Sender | None:
    """The sender by the token itself; None if it is not valid."""
    key = fingerprint(text)
    sender = _known.get(key)
    if sender is None:
        sender = _looked_up(key)
        if sender is not None:
            _known.put(key, sender)
    return sender


def forget(key: str) -> None:
    """Look the token with this fingerprint up again when it is sent next."""
    _known.forget(key)


def _looked_up(key: str) -> Sender | None:
    token = Token.objects.select_related("user", "street", "place").filter(sha256=key).first()
    if token is None or not token.is_valid_at(timezone.now()) or not token.user.is_active:
        return None
    today = timezone.localdate()
    if token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)
    return Sender(token.user, token.street, token)
