"""How likely a stretch of simplified Chinese is, by the frequency of its words.

Used to rank repairs and to doubt them, never to prove one.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from math import log
from pathlib import Path
from typing import NamedTuple

_LONGEST_WORD = 4
_UNKNOWN = -16.0  # a Chinese character that is no word, and other things
_SIGN = -9.0
_MARKS = dict.fromkeys("，、。", -5.0) | dict.fromkeys("“”；：（）？！《》", -6.0)
_MARKS |= dict.fromkeys(("。”", "。“", "：“", "，“", "”。", "”，", "”、"), -7.0)


@cache
def _words() -> dict[str, float]:
    """The words of jieba's dictionary, with the logarithms of their frequencies."""
    jieba = find_spec("jieba")  # its dictionary is wanted, not its code, which is slow to start
    assert jieba is not None and jieba.origin is not None
    fields = Path(jieba.origin).with_name("dict.txt").read_text(encoding="utf-8").split()
    counts = list(map(int, fields[1::3]))
    total = log(sum(counts))
    return {word: log(n) - total for word, n in zip(fields[::3], counts, strict=True)} | _MARKS


class Weighed(NamedTuple):
    """A text as far as its continuation needs it: its end, and the scores up to each of it."""

    end: str = ""
    scores: tuple[float, ...] = (0.0,)

    @property
    def score(self) -> float:
        return self.scores[-1]

    def followed_by(self, text: str) -> Weighed:
        """The text with more behind it."""
        words = _words()
        end, scores = self.end, self.scores
        for last in text:
            best = scores[-1] + words.get(last, _SIGN if last.isascii() else _UNKNOWN)
            for length in range(1, len(scores)):
                known = words.get(end[-length:] + last)
                if known is not None and scores[-1 - length] + known > best:
                    best = scores[-1 - length] + known
            end, scores = (end + last)[1 - _LONGEST_WORD :], (*scores, best)[-_LONGEST_WORD:]
        return Weighed(end, scores)


def likelihood(text: str) -> float:
    """The logarithm of the probability of the text, cut into words in its most probable way."""
    return Weighed().followed_by(text).score
