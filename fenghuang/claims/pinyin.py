"""Pinyin in brackets: how it is spelled, and which traditional characters it can belong to."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_TONES = (
    "\N{COMBINING MACRON}\N{COMBINING ACUTE ACCENT}\N{COMBINING CARON}\N{COMBINING GRAVE ACCENT}"
)
_ODD_LETTERS = str.maketrans("ɡɑ", "ga")
_SYLLABLE = re.compile(
    r"(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:a|ai|an|ang|ao|e|ei|en|eng|er|i|ia|ian|iang|iao|ie|in|ing|iong|iu|o|ong|ou"
    r"|u|ua|uai|uan|uang|ue|ui|un|uo|ü|üe)"
)
# letters of any alphabet, since sites spell a tone in several ways; `spelled` decides
BRACKETED = r"[(（](?P<{name}>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]){{0,8}})[)）]"


def spelled(letters: str) -> str | None:
    """The syllable in its usual spelling; None for anything but one syllable.

    >>> spelled("xia\\u0300n"), spelled("ｑū"), spelled("kg"), spelled("men")
    ('xiàn', 'qū', None, 'men')
    """
    bare = unicodedata.normalize("NFKD", letters.translate(_ODD_LETTERS))
    if sum(bare.count(tone) for tone in _TONES) > 1:
        return None
    toneless = _toneless(bare)
    return unicodedata.normalize("NFC", bare) if _SYLLABLE.fullmatch(toneless) else None


def has_tone(reading: str) -> bool:
    """Whether a reading bears a tone mark, which no unit and no abbreviation does."""
    return reading != _toneless(reading)


def _toneless(reading: str) -> str:
    bare = unicodedata.normalize("NFD", reading)
    return unicodedata.normalize("NFC", "".join(each for each in bare if each not in _TONES))


def table(name: str) -> dict[str, tuple[str, ...]]:
    """A file of readings beside this module: each character with its readings, usual ones first."""
    readings: dict[str, tuple[str, ...]] = {}
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            reading, characters = line.split()
            for character in characters:
                readings[character] = (*readings.get(character, ()), reading)
    return readings


@cache
def _known() -> dict[str, frozenset[str]]:
    return {
        character: frozenset(_toneless(reading) for reading in readings)
        for character, readings in table("readings.txt").items()
    }


def is_traditional(character: str) -> bool:
    """Whether only traditional text uses the character (區, 發), or uses it otherwise (著)."""
    return character in _known()


def can_read(character: str, reading: str) -> bool:
    """Whether a traditional character has the reading. Tones are not compared."""
    return _toneless(reading) in _known().get(character, ())
