"""Answers that are kept for a moment, so that what everybody asks is not asked each time."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """What was found, for so many seconds and for so many keys at most. For all threads."""

    def __init__(self, *, seconds: float, most: int = 1000) -> None:
        self.seconds, self.most = seconds, most
        self._found: dict[K, tuple[V, float]] = {}

    def get(self, key: K) -> V | None:
        found, until = self._found.get(key, (None, 0.0))
        return found if time.monotonic() < until else None

    def put(self, key: K, value: V) -> None:
        if len(self._found) >= self.most:
            self._found.clear()
        self._found[key] = value, time.monotonic() + self.seconds

    def forget(self, key: K) -> None:
        self._found.pop(key, None)

    def clear(self) -> None:
        self._found.clear()
