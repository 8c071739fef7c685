"""A damaged text cut into what its damage is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from fenghuang.claims.garbling import FULL_WIDTH, HALF_WIDTH
from fenghuang.claims.pinyin import BRACKETED, can_read, has_tone, is_traditional, spelled

_BRACKETED = re.compile(
    rf"\?(?P<torn>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]){{0,8}})[)）]|{BRACKETED.format(name='note')}"
)


class Shape(Enum):
    CHARACTER = auto()
    MARK = auto()  # , ; : ! and brackets, of either width
    GAP = auto()  # a ?
    NOTE = auto()  # (qū)
    TORN = auto()  # ?qū), behind a pair that was torn


@dataclass(frozen=True, slots=True)
class Atom:
    """`text` is the character, the mark in half width, or the reading in its usual spelling."""

    shape: Shape
    text: str
    start: int
    end: int

    @property
    def shown(self) -> str:
        """The atom in the one spelling that the forward model uses."""
        if self.shape is Shape.NOTE:
            return f"({self.text})"
        return f"?{self.text})" if self.shape is Shape.TORN else self.text


def atoms(text: str) -> list[Atom]:
    """The whole text as atoms, without gaps between them."""
    return list(_atoms(text))


def _atoms(text: str) -> Iterator[Atom]:
    at = 0
    for bracketed in _BRACKETED.finditer(text):
        reading = spelled(bracketed["torn"] or bracketed["note"])
        if reading is None:
            continue
        if bracketed["note"] and not has_tone(reading):  # (guo) like (kg) may be the writer's own
            before = text[bracketed.start() - 1 : bracketed.start()]
            if not can_read(before, reading):
                continue
        yield from _characters(text, at, bracketed.start())
        shape = Shape.TORN if bracketed["torn"] else Shape.NOTE
        at = bracketed.end()
        yield Atom(shape, reading, bracketed.start(), at)
    yield from _characters(text, at, len(text))


def _characters(text: str, start: int, end: int) -> Iterator[Atom]:
    for at in range(start, end):
        half = HALF_WIDTH.get(text[at], text[at])
        if half == "?":
            yield Atom(Shape.GAP, half, at, at + 1)
        elif half in FULL_WIDTH:
            yield Atom(Shape.MARK, half, at, at + 1)
        else:
            yield Atom(Shape.CHARACTER, text[at], at, at + 1)


def is_annotated(cut: list[Atom], at: int) -> bool:
    """Whether the atom is a reading right behind a traditional character that has it."""
    return (
        at > 0
        and cut[at].shape is Shape.NOTE
        and cut[at - 1].shape is Shape.CHARACTER
        and can_read(cut[at - 1].text, cut[at].text)
    )


def is_trail_byte(atom: Atom) -> bool:
    """Whether the atom is ASCII that can be the second byte of a character."""
    return atom.shape is Shape.CHARACTER and "@" <= atom.text <= "~"


def is_damage(cut: list[Atom], at: int) -> bool:
    """Whether the atom is one that no writer leaves: a torn pair, or a reading behind a character
    that only traditional text uses or behind an ASCII character that was a trail byte.

    A gloss in a clean text stands behind a simplified character: 重(chóng)庆.
    """
    if at == 0 or not has_tone(cut[at].text):
        return False
    if cut[at].shape is not Shape.NOTE:
        return cut[at].shape is Shape.TORN
    before = cut[at - 1].text
    return is_traditional(before) or is_trail_byte(cut[at - 1])
