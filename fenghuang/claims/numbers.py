"""Numerals of Chinese official texts, read and printed exactly.

Arabic digits with thousands commas and decimals, half or full width, Chinese numerals, and both
with 百 千 万 亿 multiplied out. Nothing is ever a float.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import prod

_POWERS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_DIGITS = {digit: Decimal(n) for n, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": Decimal(0), "两": Decimal(2)}
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，％－−", "0123456789.,%--")
_ARABIC = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_SCALED_ARABIC = re.compile(r"-?[0-9,]+(?:\.(?P<decimals>[0-9]+))?(?P<scale>[百千万亿]*)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is shown: 2.22亿 has the value 222000000, two decimals and the scale 亿.

    `scale` is the run of 百 千 万 亿 after Arabic digits; a number written in Chinese numerals or
    in several parts (1亿2000万) has no decimals and no scale.
    """

    value: Decimal
    decimals: int = 0
    scale: str = ""

    @property
    def step(self) -> Decimal:
        """The value of one in the last place shown, fit for quantize: 1E+6 for 2.22亿."""
        return Decimal(factor(self.scale)).normalize().scaleb(-self.decimals)

    @property
    def digits(self) -> str:
        """The number without its scale: "2.22" for 2.22亿."""
        return f"{self.value / factor(self.scale):.{self.decimals}f}"

    def __str__(self) -> str:
        return self.digits + self.scale


def factor(scale: str) -> int:
    """What a run of 百 千 万 亿 multiplies by: 1 for an empty one.

    >>> factor("千万")
    10000000
    """
    return prod(_POWERS[character] for character in scale)


def half_width(text: str) -> str:
    """The text with full-width digits, signs and separators made half width, length unchanged."""
    return text.translate(_HALF_WIDTH)


def parse(text: str) -> Number:
    """The number that the whole text writes; ValueError if it is not exactly one number.

    A power without a digit counts once (亿 is 100000000, 百 is 100). Colloquial short forms
    (一百五 for 150, 3万5) are refused, because they can be read in two ways.

    >>> parse("２.22亿")
    Number(value=Decimal('222000000.00'), decimals=2, scale='亿')
    >>> parse("三百零五").value
    Decimal('305')
    """
    plain = half_width(text)
    unsigned = plain.removeprefix("-")
    value = _value(unsigned)
    if unsigned != plain:
        value = -value
    if arabic := _SCALED_ARABIC.fullmatch(plain):
        return Number(value, len(arabic["decimals"] or ""), arabic["scale"])
    return Number(value)


def _value(text: str) -> Decimal:
    for character, power in _POWERS.items():
        head, found, tail = text.rpartition(character)
        if not found:
            continue
        if not head:
            times = Decimal(1)
        elif power >= 10**4 and character not in head:
            times = _value(head)
        else:
            times = _literal(head)
        if len(tail) == 1 and power > 10:
            raise ValueError(f"a short form that can be read in two ways: {text!r}")
        rest = _value(tail.lstrip("零〇")) if tail else Decimal(0)
        if rest >= power:
            raise ValueError(f"powers out of order: {text!r}")
        return times * power + rest
    return _literal(text)


def _literal(text: str) -> Decimal:
    if text in _DIGITS:
        return _DIGITS[text]
    if _ARABIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    raise ValueError(f"not a number: {text!r}")


def place_value(number: Decimal | int) -> Decimal:
    """The place value of the last non-zero digit; ValueError for zero, which has none.

    By custom it is the width of 余: 120余 is less than 130, 200余 less than 300.

    >>> [int(place_value(n)) for n in (10, 70, 120, 200, 1200, 24)]
    [10, 10, 10, 100, 100, 1]
    >>> place_value(Decimal("2.50"))
    Decimal('0.1')
    """
    if number == 0:
        raise ValueError("zero has no last non-zero digit")
    exponent = Decimal(number).normalize().as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"not a finite number: {number}")
    return Decimal(10) ** exponent


def shown(value: Decimal, scale: str = "") -> Number:
    """The value at a scale, exactly, with just the decimals it needs.

    >>> str(shown(Decimal(12000), "万")), str(shown(Decimal(1200000), "万"))
    ('1.2万', '120万')
    """
    part = value / factor(scale)
    return Number(value, max(0, -place_value(part).adjusted()) if part else 0, scale)
