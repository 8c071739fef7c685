"""How alike two short texts of residents are, for finding the same matter raised twice.

What does not tell one matter from another is left out first: punctuation, numerals, greetings and
thanks, and words for places of any kind (the place itself is known otherwise). What residents call
by many names (不亮, 坏了) is called by one. Both lists are data in similarity.toml. What is listed
says most; what is left is compared by its characters and pairs of characters.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from heapq import nlargest
from math import sqrt
from pathlib import Path
from typing import NamedTuple

#: From here on two texts of one place are offered as the same matter; see tests/similar_pairs.csv.
ALIKE = 0.42

_COMPARED = 300
_LISTS = Path(__file__).with_name("similarity.toml")

# How much a listed word says, a pair of other characters, and one of them.
_LISTED, _PAIR, _CHARACTER = 4.0, 0.5, 0.5


class Near(NamedTuple):
    """A candidate, by its place among the candidates from 0, and how alike it is, from 0 to 1."""

    at: int
    similarity: float


def similarity(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: the cosine of their characters and pairs of them.

    1 for what differs only in punctuation, width, numerals, politeness or the word chosen for a
    thing; 0 where nothing of the matter is shared, or where a text says nothing of any matter.

    >>> similarity("路灯不亮！", "您好，路灯不亮，请尽快处理"), similarity("路灯不亮", "垃圾满了")
    (1.0, 0.0)
    """
    return _cosine(_profile(one), _profile(other))


def nearest(
    text: str, candidates: Iterable[str], *, most: int = 5, at_least: float = ALIKE
) -> list[Near]:
    """The candidates most like the text, the most alike first; of equal ones the earlier first.

    Of more than 300 candidates, those 300 are compared that share most characters with the text or
    with other words for what it says.
    """
    profile = _profile(text)
    alike = (Near(at, _cosine(profile, _profile(one))) for at, one in _likely(text, candidates))
    return nlargest(most, (near for near in alike if near.similarity >= at_least), key=_rank)


def _likely(text: str, candidates: Iterable[str]) -> list[tuple[int, str]]:
    numbered = list(enumerate(candidates))
    if len(numbered) <= _COMPARED:
        return numbered
    sought = _characters_of_the_matter(text)

    def share(one: tuple[int, str]) -> float:
        characters = set(one[1])
        return len(characters & sought) / sqrt(len(characters) or 1)

    return nlargest(_COMPARED, numbered, key=share)


def _characters_of_the_matter(text: str) -> set[str]:
    """The characters of all wordings of what the text says."""
    _words, _longest, wordings = _lists()
    found = set(text)
    for listed, unlisted in _taken_apart(text.translate(_folding())):
        found.update(unlisted or wordings.get(listed, ""))
    return found


def _rank(near: Near) -> tuple[float, int]:
    return near.similarity, -near.at


class _Profile(NamedTuple):
    weights: dict[str, float]
    length: float


@lru_cache(maxsize=4_000)
def _profile(text: str) -> _Profile:
    """What tells the matter of a text, each with what it weighs: listed words, and the rest of the
    text by its characters and pairs.
    """
    weights: dict[str, float] = {}
    before = ""
    for listed, unlisted in _taken_apart(text.translate(_folding())):
        if listed:
            weights[listed] = _LISTED
        elif unlisted:
            weights.setdefault(unlisted, _CHARACTER)
            if before:
                weights[before + unlisted] = _PAIR
        before = unlisted
    return _Profile(weights, sqrt(sum(weights.values())))


def _taken_apart(folded: str) -> Iterator[tuple[str, str]]:
    """Each listed word, and each character that belongs to none; a pair of "" for a gap.

    Of listed words that begin at one place the longest counts.
    """
    words, longest, _all = _lists()
    at = 0
    while at < len(folded):
        for length in range(longest.get(folded[at], 0), 0, -1):
            if (meaning := words.get(folded[at : at + length])) is not None:
                yield meaning, ""
                at += length
                break
        else:
            yield "", folded[at].strip()
            at += 1


def _cosine(one: _Profile, other: _Profile) -> float:
    if one.weights.keys() == other.weights.keys():
        return 1.0 if one.weights else 0.0
    shared = one.weights.keys() & other.weights.keys()
    if not shared:
        return 0.0
    return sum(one.weights[each] for each in shared) / (one.length * other.length)


class _Folding(dict[int, str]):
    """What each character becomes: one width, one case, simplified; marks and numerals a gap."""

    def __missing__(self, code: int) -> str:
        from fenghuang.claims.script import simplified_forms

        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).casefold()
        folded = "".join(simplified_forms().get(one, one) for one in folded)
        found = "".join(one if one.isalpha() and one not in _NUMERALS else " " for one in folded)
        self[code] = found
        return found


_NUMERALS = frozenset("一二三四五六七八九十百两几〇零的了呢吗吧啊")


@cache
def _folding() -> _Folding:
    return _Folding()


class _Lists(NamedTuple):
    """What each listed wording means ("" for nothing of the matter), by their first character how
    long they are at most, and by the meaning all characters of its wordings.
    """

    words: dict[str, str]
    longest: dict[str, int]
    wordings: dict[str, str]


@cache
def _lists() -> _Lists:
    lists = tomllib.loads(_LISTS.read_text(encoding="utf-8"))
    words = dict.fromkeys(lists["filler"] + lists["place"], "")
    wordings = {}
    for group in lists["matter"]:
        words |= dict.fromkeys(group, f"<{group[0]}>")
        wordings[f"<{group[0]}>"] = "".join(group)
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return _Lists(words, longest, wordings)
