"""How often programs may ask: so many requests in a minute, counted by all processes together.

A process takes a share of the minute's requests from the database at a time and gives it out from
memory, so that few requests ask the database. All shares together never exceed the limit; with
several processes a program may be refused up to one share for each of the others before it.
"""

from __future__ import annotations

import time
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .actions import take_requests

MINUTE = 60  # seconds
_SHARES = 20


class TooMany(Exception):
    """The minute's requests are used up. More will be taken after so many seconds."""

    def __init__(self, most: int, seconds: int) -> None:
        super().__init__(most)
        self.most = most
        self.seconds = seconds


class Limit:
    """At most as many requests a minute for each key as the setting says; 0 is any number."""

    def __init__(self, setting: str) -> None:
        self._setting = setting
        self._lock = Lock()
        self._minute = 0
        self._left: dict[str, int] = {}  # 0 where the minute's requests are used up

    def count(self, key: str) -> None:
        """Count one request of this key. Raises TooMany."""
        most: int = getattr(settings, self._setting)
        if not most:
            return
        minute, second = divmod(int(time.time()), MINUTE)
        left = self._give(key, minute)
        if left is None:
            left = self._take_share(key, minute, most)
        if not left:
            raise TooMany(most, MINUTE - second)

    def _give(self, key: str, minute: int) -> int | None:
        """How many were left before this one; None where a new share must be taken."""
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._left.clear()
            left = self._left.get(key)
            if left == 1:
                del self._left[key]
            elif left:
                self._left[key] = left - 1
            return left

    def _take_share(self, key: str, minute: int, most: int) -> int:
        share = max(1, most // _SHARES)
        taken = take_requests(key, minute, share)
        granted = max(0, share - max(0, taken - most))
        with self._lock:
            if minute == self._minute and granted != 1:
                self._left[key] = self._left.get(key, 0) + max(0, granted - 1)
        return granted


#: Requests with a valid token, by the token.
OF_TOKENS = Limit("FENGHUANG_API_PER_MINUTE")
#: Requests without one, by the address that they come from.
OF_STRANGERS = Limit("FENGHUANG_API_FAILURES_PER_MINUTE")


def address_key(request: HttpRequest) -> str:
    """Stands for the address of a stranger, which is itself kept nowhere."""
    address = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("fenghuang.api.limits", address, algorithm="sha256").hexdigest()
