"""The figures of a list with 分别: which place each has in it, and where the word stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fenghuang.claims.figures import Figure

JOINS = re.compile(
    "(?:、|，|,|和|及|与|以及|;|；)?"
    "|(?:、|和|及|与|以及)(?:同比|环比)?(?:增长|下降|提高|上升|减少|增加|回落)"
)
_LONGEST = 24  # figures on either side
_REACH = 60  # how far before its first figure the word may stand


@dataclass(frozen=True, slots=True)
class Member:
    """One of `count` figures, the first of them the `first` of all, at a `place` from 0.

    `word` is where 分别 stands in the squeezed text.
    """

    word: int
    first: int
    count: int
    place: int


def member(plain: str, figures: Sequence[Figure], number: int) -> Member | None:
    """The place of a figure in its list: 31个 in 社区、网格分别为8个、31个; None outside one."""
    first = number
    while number - first < _LONGEST and first and joined(plain, figures, first - 1):
        first -= 1
    opening = max(0, figures[first].start - _REACH)
    word = max(plain.rfind(each, opening, figures[first].start) for each in ("分别", "依次"))
    if word < 0 or re.search("[。；！？\n0-9]", plain[word + 2 : figures[first].start]):
        return None
    last = number
    while last - number < _LONGEST and last + 1 < len(figures) and joined(plain, figures, last):
        last += 1
    count = last - first + 1
    return Member(word, first, count, number - first) if count > 1 else None


def joined(plain: str, figures: Sequence[Figure], number: int) -> bool:
    """Whether nothing but a comma or 和 parts a figure from the next."""
    return JOINS.fullmatch(plain, figures[number].end, figures[number + 1].start) is not None
