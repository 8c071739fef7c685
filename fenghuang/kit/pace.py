"""How often one address may do something that needs no account."""

from __future__ import annotations

import time
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

_FORGET_AT = 50_000  # addresses; then what is over is swept out


class Pace:
    """So many times in so many seconds from one address, counted in memory by each web process.

    Nothing is written down: an address is forgotten when its time is over, or at a new start.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._counted: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def is_over(self, address: str) -> bool:
        """Was it done as often as may be?"""
        with self._lock:
            return self._standing(address)[0] >= self.most

    def count(self, address: str) -> bool:
        """Count one more; False, and not counted, if it was done as often as may be."""
        with self._lock:
            done, until = self._standing(address)
            if done >= self.most:
                return False
            self._counted[address] = done + 1, until
            return True

    def clear(self) -> None:
        """Begin anew for everybody."""
        with self._lock:
            self._counted.clear()

    def _standing(self, address: str) -> tuple[int, float]:
        now = time.monotonic()
        if len(self._counted) > _FORGET_AT:
            self._counted = {key: one for key, one in self._counted.items() if one[1] > now}
        done, until = self._counted.get(address, (0, 0.0))
        return (done, until) if now < until else (0, now + self.seconds)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: behind the office's own proxy, what that proxy says last."""
    told = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
