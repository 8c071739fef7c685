"""The two-byte code GBK, byte by byte, as converters that know no characters see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

EURO = 0x80  # the one byte above ASCII that stands alone
LEADS = range(0x81, 0xFF)
TRAILS = tuple(byte for byte in range(0x40, 0xFF) if byte != 0x7F)


@cache
def _characters() -> dict[tuple[int, int], str]:
    pairs = ((lead, trail) for lead in LEADS for trail in TRAILS)
    found = {pair: bytes(pair).decode("gb18030") for pair in pairs}
    return {pair: character for pair, character in found.items() if character != "€"}


@cache
def _codes() -> dict[str, bytes]:
    codes = {character: bytes(pair) for pair, character in _characters().items()}
    codes |= {chr(byte): bytes([byte]) for byte in (*b"\t\n\r", *range(0x20, 0x7F))}
    return codes | {"€": bytes([EURO])}


def characters() -> Iterable[str]:
    """All that takes two bytes."""
    return _characters().values()


def character(lead: int, trail: int) -> str | None:
    """The character of two bytes, None if they are none. User-defined ones are private use."""
    return _characters().get((lead, trail))


def code(character: str) -> bytes | None:
    """One byte for ASCII, two for the rest of GBK, None for what GBK does not hold."""
    return _codes().get(character)


def encoded(text: str) -> bytes:
    """The bytes of a text that GBK holds; KeyError for any other."""
    codes = _codes()
    return b"".join(codes[each] for each in text)


def parts(text: str) -> Iterator[tuple[bool, str]]:
    """The text in stretches that GBK holds (True) and does not hold (False)."""
    codes = _codes()
    start = 0
    for end in range(1, len(text) + 1):
        held = text[start] in codes
        if end == len(text) or (text[end] in codes) != held:
            yield held, text[start:end]
            start = end


def decoded(data: bytes, *, stray: str, swallows: bool) -> str:
    """The text that a careless reader makes of the bytes.

    A lead byte that no trail byte follows becomes `stray`; if the reader `swallows`, it takes the
    byte after it along, unless that is a control byte below line feed.

    >>> decoded(b"\\xb5(", stray="?", swallows=True), decoded(b"\\xb5(", stray="", swallows=False)
    ('?', '(')
    """
    characters = _characters()
    shown: list[str] = []
    at = 0
    while at < len(data):
        byte = data[at]
        if byte <= EURO:
            shown.append("€" if byte == EURO else chr(byte))
            at += 1
        elif at + 1 < len(data) and (pair := characters.get((byte, data[at + 1]))):
            shown.append(pair)
            at += 2
        else:
            shown.append(stray)
            at += 2 if swallows and data[at + 1 : at + 2] >= b"\n" else 1
    return "".join(shown)
