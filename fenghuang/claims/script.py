"""Traditional and simplified characters: telling them apart, and turning one into the other."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from fenghuang.claims import gbk
from fenghuang.claims.likelihood import likelihood
from fenghuang.claims.pinyin import is_traditional

if TYPE_CHECKING:
    import opencc

_REACH = 4  # how many characters on either side decide between 着 and 著


def is_simplified(character: str) -> bool:
    """Whether only simplified text uses the character: 发 and 区, but not 后 or 台."""
    return character in _simplified_only()


def is_traditional_only(character: str) -> bool:
    """Whether no simplified text uses the character: 區, but not 著, 乾 or 藉."""
    return is_traditional(character) and not is_in_use(character)


@cache
def _simplified_only() -> frozenset[str]:
    def held(character: str, by: str) -> bool:
        try:
            character.encode(by)
        except UnicodeEncodeError:
            return False
        return True

    return frozenset(
        each
        for each in map(chr, range(0x4E00, 0xA000))
        if held(each, "gb2312") and not held(each, "big5") and not is_traditional(each)
    )


@cache
def _simplifier() -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def simplified_forms() -> dict[str, str]:
    """What each character of GBK becomes if it stands alone."""
    characters = list(gbk.characters())
    forms = _simplifier().convert("\n".join(characters)).split("\n")
    return dict(zip(characters, forms, strict=True)) | {"著": "着"}


def simplified_alone(text: str) -> str:
    """Character by character, fit for weighing; `simplified` minds the words."""
    forms = simplified_forms()
    return "".join(forms.get(each, each) for each in text)


@cache
def plausible() -> frozenset[str]:
    """What may have been torn: no rare character, and none that is simplified only."""
    return frozenset(
        each
        for each, form in simplified_forms().items()
        if each in "。、“”《》…—·，；：！？（）"
        or ("\u4e00" <= each <= "\u9fff" and not is_simplified(each) and is_in_use(form))
    )


def is_written(character: str) -> bool:
    """Whether Chinese prose may hold it: no foreign letter, nothing of private use."""
    if "\u4e00" <= character <= "\u9fff":
        return True
    return unicodedata.category(character) not in ("Ll", "Lu", "Lm", "Lo", "Co")


def is_in_use(character: str) -> bool:
    """Whether GB 2312 holds the character, among the 6,763 in general use."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def simplified(text: str) -> str:
    """The text in simplified characters, one for one."""
    # OpenCC takes UTF-8 only, and a lone surrogate has none
    whole = text.encode("utf-8", "replace").decode("utf-8")
    converted = _simplifier().convert(whole)
    return converted if len(converted) == len(text) else simplified_alone(text)


def particle(text: str, at: int) -> str:
    """着 or 著 for the 著 at an offset of a simplified text, by the words around it.

    The converters write 著 for both, so this is never proved.
    """
    before, after = text[max(0, at - _REACH) : at], text[at + 1 : at + 1 + _REACH]
    gain = likelihood(f"{before}着{after}") - likelihood(f"{before}著{after}")
    return "着" if gain >= 0 else "著"
