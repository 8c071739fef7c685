"""Who sends a request: the person whose token it carries."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street

from .models import Token

#: Seconds for which a token that was found good is not looked up again. A phone that sends a day's
#: work asks once; a token revoked elsewhere stops working after this time.
KEPT_FOR = 1.0
_KEPT_AT_MOST = 1000


class Sender(NamedTuple):
    """The person in whose name a program acts, and the street to which the token belongs."""

    user: User
    street: Street


class _Kept(NamedTuple):
    sender: Sender
    until: float


_kept: dict[str, _Kept] = {}


def fingerprint(text: str) -> str:
    """What is kept of a token: its SHA-256. It is random and long, so no salt is needed."""
    return sha256(text.encode()).hexdigest()


def sender_of(request: HttpRequest) -> Sender | None:
    """The sender by the header `Authorization: Bearer …`; None without a token that is valid now."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        return None
    key, now = fingerprint(text.strip()), time.monotonic()
    kept = _kept.get(key)
    if kept is not None and now < kept.until:
        return kept.sender
    forget(key)
    sender = _looked_up(key)
    if sender is not None:
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        _kept[key] = _Kept(sender, now + KEPT_FOR)
    return sender


def forget(key: str) -> None:
    """Look the token up again when it is sent next."""
    _kept.pop(key, None)


def _looked_up(key: str) -> Sender | None:
    token = Token.objects.select_related("user", "street").filter(sha256=key).first()
    if token is None or not token.is_valid_at(timezone.now()) or not token.user.is_active:
        return None
    today = timezone.localdate()
    if token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)
    return Sender(token.user, token.street)
