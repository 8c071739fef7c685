"""How web copies of Chinese texts are damaged: the model by which a repair is checked.

Two converters, one after the other, work on GBK bytes without minding where characters begin.
The first makes the text traditional and puts the reading behind every character of its table,
found by a search for its two bytes: 區 becomes 區(qū), but so does the tail of one character with
the head of the next, since 新狀 (D0C2 A0EE) holds 聽 (C2A0). The second makes full-width marks
half-width, and finds ； (A3BB) also inside 祝活 (D7A3 BBEE). After either the text runs one byte
out of step, until a byte below 0x80. Found by comparing damaged pages with their originals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from fenghuang.claims import gbk, pinyin

FULL_WIDTH = dict(zip(",;:!?()", "，；：！？（）", strict=True))
HALF_WIDTH = {full: half for half, full in FULL_WIDTH.items()}
# while the second converter works, a control byte holds the place of each mark it has found
_MARKS = {full.encode("gbk"): bytes([n]) for n, full in enumerate(HALF_WIDTH, start=1)}
_ANY_MARK = re.compile(b"|".join(re.escape(mark) for mark in _MARKS))
_SHOWN_HALF = dict(enumerate(FULL_WIDTH, start=1))
_SHOWN_FULL = dict(enumerate(HALF_WIDTH, start=1))
_CHOSEN = {"签": "簽", "冲": "沖"}
# what stands for several traditional characters, and is one of them, the converter leaves
_LEFT = frozenset("余并制斗里后于干松系面愿只征布扎范谷云升卷回采志伙表周向游注占托")


@cache
def observed_table() -> Mapping[str, str]:
    """The characters that pages were seen to annotate, each with its reading."""
    return {character: all_[0] for character, all_ in pinyin.table("annotated.txt").items()}


@dataclass(frozen=True, slots=True)
class Site:
    """One way to damage a text.

    `table` holds the annotated characters with their readings, in the order of replacement.
    `stray` is shown for a lead byte that lost its trail byte to a mark; if the site `swallows`, it
    takes the next ASCII character along, if that is no mark. `full_width` sites show full-width
    marks nevertheless.
    """

    table: Mapping[str, str] = field(default_factory=observed_table)
    stray: str = ""
    swallows: bool = False
    full_width: bool = False


def sites(table: Mapping[str, str] | None = None) -> tuple[Site, ...]:
    """The variants that were observed, for one table of annotated characters."""
    dropping = Site() if table is None else Site(table)
    showing = replace(dropping, stray="?")
    return (
        dropping,
        showing,
        replace(showing, swallows=True),
        replace(showing, full_width=True),
    )


def garble(text: str, site: Site | None = None) -> str:
    """A clean simplified text as the site would show it.

    >>> garble("以新状态踏上新征程")
    '以新?tīng)顟B(tài)踏上新征程'
    >>> garble("群众性庆祝活动40余场次，")
    '群眾性慶;顒(dòng)40余場(chǎng)次,'
    """
    return garbled_traditional(traditional(text), site or Site())


def traditional(text: str) -> str:
    """The text as the first converter makes it traditional: character by character."""
    return "".join(_traditional_forms().get(each, each) for each in text)


@cache
def _traditional_forms() -> dict[str, str]:
    import opencc

    simple = [each for each in gbk.characters() if each not in _LEFT]
    forms = opencc.OpenCC("s2tw").convert("\n".join(simple)).split("\n")
    return dict(zip(simple, forms, strict=True)) | _CHOSEN


def garbled_traditional(text: str, site: Site) -> str:
    """A traditional text as the site would show it. What GBK does not hold, stays."""
    return "".join(_damaged(part, site) if held else part for held, part in gbk.parts(text))


def _damaged(text: str, site: Site) -> str:
    data = gbk.encoded(text)
    for character, reading in site.table.items():
        key = gbk.encoded(character)
        data = data.replace(key, key + gbk.encoded(f"({reading})"))
    return half_width(shown_annotated(data), site)


def shown_annotated(data: bytes) -> str:
    """What is read after the first converter: a stray lead byte takes the next byte with it."""
    return gbk.decoded(data, stray="?", swallows=True)


def half_width(text: str, site: Site) -> str:
    """What is read after the second converter."""
    data = _ANY_MARK.sub(lambda mark: _MARKS[mark.group()], gbk.encoded(text))
    shown = gbk.decoded(data, stray=site.stray, swallows=site.swallows)
    return shown.translate(_SHOWN_FULL if site.full_width else _SHOWN_HALF)
