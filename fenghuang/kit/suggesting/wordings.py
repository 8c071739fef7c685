"""How a text is taken apart: into fragments of up to four characters, and into words.

Traditional characters, wide letters, capitals and digits are made one first, each character for
itself, so that every part can be shown again as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import jieba

LONGEST_FRAGMENT = 4  # characters

_PIECE = re.compile(r"[^\W_]+")


class Part(NamedTuple):
    """A part of a text, and where it stands: offsets from 0, half-open."""

    what: str
    start: int
    end: int


def plain(text: str) -> str:
    """The text as it is compared, one character for each.

    >>> plain("Ａ區３號樓")
    'a区0号楼'
    """
    from fenghuang.claims.script import simplified

    return "".join(map(_folded, simplified(text)))


@cache
def _folded(character: str) -> str:
    if character.isdigit():
        return "0"
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 else character


def fragments(plain_text: str) -> Iterator[Part]:
    """All runs of one to four characters, none across a mark or a space.

    >>> [part.what for part in fragments("路灯。坏")]
    ['路', '路灯', '灯', '坏']
    """
    for piece in _PIECE.finditer(plain_text):
        for start in range(piece.start(), piece.end()):
            for end in range(start + 1, min(start + LONGEST_FRAGMENT, piece.end()) + 1):
                yield Part(plain_text[start:end], start, end)


def words(plain_text: str) -> list[Part]:
    """The words of the text, without marks and spaces.

    >>> [part.what for part in words("楼下路灯坏了。")]
    ['楼下', '路灯', '坏', '了']
    """
    found = _segmenter().tokenize(plain_text, HMM=False)
    return [Part(*one) for one in found if _PIECE.fullmatch(one[0])]


def phrases(of_words: list[Part]) -> Iterator[Part]:
    """Each word, and each with the one directly behind it."""
    yield from of_words
    for one, other in pairwise(of_words):
        if one.end == other.start:
            yield Part(f"{one.what} {other.what}", one.start, other.end)


@cache
def _segmenter() -> jieba.Tokenizer:
    """jieba with its own dictionary. It is read afresh: jieba would trust any file of the right
    name in the folder for temporary files, where everybody may write.
    """
    import jieba

    segmenter = jieba.Tokenizer()
    segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(segmenter.get_dict_file())
    segmenter.initialized = True
    return segmenter
