"""A restored text, what was repaired in it, and where each character was found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate


class Kind(StrEnum):
    """What was damaged."""

    READING = "reading"  # 區(qū) to 区
    TORN_PAIR = "torn pair"  # 新?tīng)顟B(tài) to 新状态
    TRADITIONAL = "traditional"  # 鳳凰 to 凤凰
    PUNCTUATION = "punctuation"  # , to ，
    LINE_BREAK = "line break"  # a space where a heading or paragraph began
    DECORATION = "decoration"  # what the page put behind the text
    LEFT_AS_FOUND = "left as found"  # damaged, but the bytes do not say how
    NUMBER_MISSING = "number missing"  # a number that lost digits, or is not there at all


@dataclass(frozen=True, slots=True)
class Repair:
    """One stretch of the text as found, `start` to `end`, and what it became.

    What was only noticed has the same text before and after; where a number is missing without a
    trace, both are empty. `certain` if no other text can have been damaged to give this one.
    """

    start: int
    end: int
    before: str
    after: str
    kind: Kind
    certain: bool


@dataclass(frozen=True)
class Restored:
    """A restored text. Its repairs are in the order of the text and do not overlap."""

    text: str
    repairs: tuple[Repair, ...]

    def found_at(self, offset: int) -> int:
        """The offset in the text as found of an offset in the restored text.

        Offsets inside a repair lie inside what it replaced; the end maps to the end. IndexError for
        an offset outside the text.
        """
        if not 0 <= offset <= len(self.text):
            raise IndexError(f"no offset of a text of {len(self.text)} characters: {offset}")
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return offset
        repair, inside = self.repairs[index], offset - self._starts[index]
        if inside < len(repair.after):
            return repair.start + min(inside, max(0, len(repair.before) - 1))
        return repair.end + inside - len(repair.after)

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where each repair begins in the restored text."""
        grown = accumulate((len(each.after) - len(each.before) for each in self.repairs), initial=0)
        return [each.start + shift for each, shift in zip(self.repairs, grown, strict=False)]

    def as_json(self) -> dict[str, object]:
        """The text and its repairs as plain values."""
        return {"text": self.text, "repairs": [asdict(each) for each in self.repairs]}
