"""Exact arithmetic with printed values: what may truly stand behind them, added and divided.

Ends are fractions and always belong to the bounds: a reader who looks for errors gives every doubt
to the writer. None is an open end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fenghuang.claims import numbers
from fenghuang.claims.claim import Claim
from fenghuang.claims.numbers import place_value
from fenghuang.claims.wording import Approx

_ARABIC = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_LARGE_SCALE = re.compile("[万亿]+")


@dataclass(frozen=True, slots=True)
class Bounds:
    """All values from low to high, both included.

    >>> parts = Bounds.exactly(6) + Bounds.exactly(52)
    >>> parts.is_above(Bounds.exactly(46)), parts.meets(Bounds(Fraction(50), None))
    (True, True)
    """

    low: Fraction | None
    high: Fraction | None

    @classmethod
    def exactly(cls, value: Decimal | Fraction | int) -> Bounds:
        return cls(Fraction(value), Fraction(value))

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(_sum(self.low, other.low), _sum(self.high, other.high))

    def __sub__(self, other: Bounds) -> Bounds:
        return self + Bounds(_negative(other.high), _negative(other.low))

    def share_of(self, whole: Bounds) -> Bounds:
        """This divided by the whole; both are counted or measured, so neither is below zero."""
        low = self.low / whole.high if self.low is not None and whole.high else None
        high = self.high / whole.low if self.high is not None and whole.low else None
        return Bounds(low, high)

    def times(self, factor: int) -> Bounds:
        """Multiplied by a factor above zero."""
        return Bounds(
            None if self.low is None else self.low * factor,
            None if self.high is None else self.high * factor,
        )

    def is_above(self, other: Bounds) -> bool:
        """Whether every value here is larger than every value there."""
        return self.low is not None and other.high is not None and self.low > other.high

    def meets(self, other: Bounds) -> bool:
        """Whether one value lies in both."""
        return not self.is_above(other) and not other.is_above(self)


def total(parts: list[Bounds]) -> Bounds:
    return sum(parts, Bounds.exactly(0))


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _negative(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def behind(claim: Claim) -> Bounds:
    """Every value that an honest writer may have printed so: rounded, cut off, or marked.

    Counts printed to the last digit are exact; 1.2万人次 and 3亿元 are known to their last place
    only, and any measured value is. 超过 leaves the upper end open and 近 may fall short by a whole
    place: custom is narrower, but a wider use is no error of arithmetic.
    """
    interval = claim.interval
    low, high = _fraction(interval.low), _fraction(interval.high)
    if claim.value is None or claim.approx is Approx.RANGE:
        return Bounds(low, high)
    value = Fraction(claim.value)
    if claim.approx is Approx.EXACT:
        step = _step(claim)
        return Bounds(value - step / 2, value + step)
    width = Fraction(place_value(claim.value)) if value else Fraction(0)
    if claim.approx is Approx.OVER:
        is_odd = high is not None and re.search("[余多]", claim.text) is not None
        return Bounds(low, high) if is_odd else Bounds(value, None)
    if claim.approx is Approx.NEARLY:
        return Bounds(None if low is None else min(low, value - width), value)
    return Bounds(value - width, value + width)


def _step(claim: Claim) -> Fraction:
    """The place to which a value was rounded; 0 if it was counted to the last one.

    Taken from the digits: what 2.22 of 2.22亿元 must be multiplied by, or 12.5 in a table whose
    head says 万元. A share in words (三成, 一半) is known to its tenth.
    """
    if claim.is_percent and re.search("[成半]", claim.text):
        return Fraction(10)
    arabic = _ARABIC.search(numbers.half_width(claim.text))
    scale = _LARGE_SCALE.search(claim.text)
    decimals, multiple = 0, Fraction(numbers.factor(scale.group()) if scale else 1)
    if arabic and claim.value:
        digits = arabic.group().replace(",", "")
        decimals = len(digits.partition(".")[2])
        multiple = abs(Fraction(claim.value) / Fraction(digits)) if Fraction(digits) else multiple
    if claim.unit.whole and multiple == 1 and not decimals:
        return Fraction(0)
    return multiple / Fraction(10**decimals)


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def shown(bounds: Bounds, unit: str, scale: str = "", decimals: int = 2) -> str:
    """How recomputed bounds are printed: 8.341亿元, 57.14%, 90.00%—95.00%, 至少31个.

    >>> shown(Bounds.exactly(Fraction(52, 91)).times(100), "%")
    '57.14%'
    """
    ends = [_digits(end, scale, decimals) for end in (bounds.low, bounds.high) if end is not None]
    if len(ends) == 2:
        joined = ends[0] if ends[0] == ends[1] else f"{ends[0]}{unit}—{ends[1]}"
        return joined + unit
    if not ends:
        return "—"
    return ("至多" if bounds.low is None else "至少") + ends[0] + unit


def _digits(value: Fraction, scale: str, decimals: int) -> str:
    """The value at a scale with no more decimals than asked; a value that ends sooner is exact."""
    scaled = value / numbers.factor(scale)
    for places in range(decimals + 1):
        if (scaled * 10**places).denominator == 1:
            return f"{Decimal(int(scaled * 10**places)).scaleb(-places):f}{scale}"
    rounded = round(scaled * 10**decimals)
    return f"{Decimal(rounded).scaleb(-decimals):f}{scale}"
