"""What is decided about the same matter raised twice, and about hot spots."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

#: What an order of another category must be like before it is offered; see kit/similarity.
VERY_ALIKE = 0.7


class Nearness(StrEnum):
    """How two places lie to each other."""

    SAME = "same"
    WITHIN = "within"
    NEIGHBOURS = "neighbours"


#: How much the likeness of two texts counts, by how near their places are. Source: house rule.
COUNTS = {Nearness.SAME: 1.0, Nearness.WITHIN: 0.95, Nearness.NEIGHBOURS: 0.85}


class Raised(NamedTuple):
    """An order, as far as a hot spot is concerned: its day, and the hash of its contact, if any."""

    on: date
    contact: str


class Peak(NamedTuple):
    """The window in which most people raised a matter: its first and last order, and how many."""

    voices: int
    orders: int
    first_on: date
    last_on: date


def peak(raised: Iterable[Raised], days: int) -> Peak | None:
    """The window of so many days with the most different contacts; of equal ones the latest.

    `raised` is in the order of days. Orders without a contact are one voice together, as for
    `rules.orders.is_hot`. None for no orders.

    >>> day = date(2021, 6, 1)
    >>> peak([Raised(day, "a"), Raised(day, "a"), Raised(day, ""), Raised(day, "")], 30).voices
    2
    """
    best: Peak | None = None
    window: deque[Raised] = deque()
    seen: Counter[str] = Counter()
    span = timedelta(days=days - 1)
    for one in raised:
        window.append(one)
        seen[one.contact] += 1
        while window[0].on < one.on - span:
            gone = window.popleft().contact
            seen[gone] -= 1
            if not seen[gone]:
                del seen[gone]
        if best is None or len(seen) >= best.voices:
            best = Peak(len(seen), len(window), window[0].on, one.on)
    return best


class Trend(StrEnum):
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


def trend(before: int, lately: int) -> Trend:
    """More orders in the latest window than in the one before it, fewer, or about as many.

    A difference of a quarter, and of two orders at least, is a trend. Source: house rule.

    >>> trend(4, 5).value, trend(4, 6).value, trend(0, 2).value
    ('steady', 'rising', 'rising')
    """
    if abs(lately - before) < max(2, before / 4):
        return Trend.STEADY
    return Trend.RISING if lately > before else Trend.FALLING
