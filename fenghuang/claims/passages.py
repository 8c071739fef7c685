"""A text cut where its sense ends, with the claims that stand in each piece."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from fenghuang.claims import units
from fenghuang.claims.claim import Claim, Modality
from fenghuang.claims.units import Dimension

_SENTENCE = re.compile("[^。！？!]+")
_LINE = re.compile(r"[^\n]+")
_STATEMENT = re.compile(r"[^；;]+")
_CELL_END = re.compile(r"\t|[|｜│]|(?<=\S)[ \u3000]{2,}(?=\S)")
_SHORTEST_WRAP = 20  # characters; a shorter line is a heading or the end of a paragraph
_SENTENCE_ENDS = "。！？；!?;：:"
_INSIDE_SENTENCE = re.compile("[，,、；]")
_BEGINS = re.compile(
    r"[ \u3000\t]|[（(]?[一二三四五六七八九十]+[、）)]|[（(]?[0-9]{1,2}[、）)．]|[-—·●•]"
)
_BLANK = re.compile(r"\s+")

#: Figures that are measured, not counted: what they measure does not overlap by itself.
_MEASURED = frozenset(
    {
        Dimension.MONEY,
        Dimension.AREA,
        Dimension.LENGTH,
        Dimension.WEIGHT,
        Dimension.VOLUME,
        Dimension.ENERGY,
        Dimension.PORTION,
        Dimension.DOSE,
    }
)
_RELATIVE = frozenset(
    {Dimension.PERCENT, Dimension.PERCENTAGE_POINTS, Dimension.MULTIPLE, Dimension.RANK}
)

#: Words that set a figure beside others instead of among them: other times, targets, means.
_APART = re.compile(
    "去年|上年|前年|往年|历年|同期|上月|上季度|上半年|下半年|[一二三四]季度|[0-9]{4}年|[0-9]{1,2}月"
    "|目标|任务|计划|预计|拟|力争|确保|平均|[人月日年户场]均|均价|每|最高|最低|人民币|原有|原来|以上|以下|不足"
)
#: Words by which sets overlap, so that parts need not add up.
_OVERLAP = re.compile(
    "同时|兼|既[^，。]{0,12}又|重复|交叉|重叠|去重|不含重复|可多选|多选|联合|共同|均参加"
)


def kind_of_count(claim: Claim) -> str:
    """The measure word, one for all that count the same: 人 for 名, 场 for 场次."""
    return units.family(claim.unit.code)


def count_alike(one: Claim, other: Claim) -> bool:
    """Whether both count or measure the same kind of thing."""
    return kind_of_count(one) == kind_of_count(other)


def is_measured(claim: Claim) -> bool:
    return claim.unit.dimension in _MEASURED


def is_relative(claim: Claim) -> bool:
    """Percentages, multiples, ranks: nothing to be added up."""
    return claim.unit.dimension in _RELATIVE


def is_row(line: str) -> bool:
    """Whether a line is a row of a table: cells parted by tabs, bars or wide blanks."""
    return _CELL_END.search(line.strip()) is not None


def stands_apart(text: str) -> bool:
    """Whether a figure in these words is of another time, a target or a mean."""
    return _APART.search(text) is not None


def may_overlap(text: str) -> bool:
    return _OVERLAP.search(text) is not None


@dataclass(frozen=True)
class Piece:
    """A sentence or a statement: its place in the whole text and the claims inside."""

    whole: str
    start: int
    end: int
    claims: tuple[Claim, ...]

    @cached_property
    def text(self) -> str:
        return self.whole[self.start : self.end]

    def between(self, one: Claim, other: Claim) -> str:
        """What stands between two claims, without blanks."""
        return _solid(self.whole[one.end : other.start])

    def before(self, claim: Claim) -> str:
        """What stands between the claim before (or the begin) and this one, without blanks."""
        return _solid(self.whole[self._ends_before(claim) : claim.start])

    def lead(self, claim: Claim) -> str:
        """The words of the clause that lead up to the claim, without blanks."""
        return re.split("[，,；;：:、（(）)]", self.before(claim))[-1]

    def tail(self, claim: Claim) -> str:
        """The words of the clause behind the claim, without blanks."""
        return re.split("[，,；;：:、（(）)]", self.after(claim))[0]

    def after(self, claim: Claim) -> str:
        """What stands between this claim and the next one (or the end), without blanks."""
        following = self._index[claim.start] + 1
        end = self.claims[following].start if following < len(self.claims) else self.end
        return _solid(self.whole[claim.end : end])

    def claims_before(self, claim: Claim, most: int) -> tuple[Claim, ...]:
        """The last claims before this one, at most so many."""
        at = self._index[claim.start]
        return self.claims[max(0, at - most) : at]

    def claims_from(self, start: int, most: int) -> tuple[Claim, ...]:
        """The first claims at or behind an offset, at most so many."""
        at = _place(self.claims, start)
        return self.claims[at : at + most]

    def _ends_before(self, claim: Claim) -> int:
        index = self._index[claim.start]
        return self.claims[index - 1].end if index else self.start

    @cached_property
    def _index(self) -> dict[int, int]:
        return {claim.start: index for index, claim in enumerate(self.claims)}

    @cached_property
    def may_overlap(self) -> bool:
        """Whether its words say that the sets it counts overlap."""
        return may_overlap(self.text)

    def sentences(self) -> tuple[Piece, ...]:
        return tuple(_pieces(self, _SENTENCE))

    def statements(self) -> tuple[Piece, ...]:
        """The pieces between semicolons."""
        return tuple(_pieces(self, _STATEMENT))


@dataclass(frozen=True)
class Passage:
    """A whole text with its claims in order."""

    text: str
    claims: tuple[Claim, ...]

    def claims_before(self, claim: Claim, most: int) -> tuple[Claim, ...]:
        """The last claims before this one, at most so many."""
        at = _place(self.claims, claim.start)
        return self.claims[max(0, at - most) : at]

    @cached_property
    def lines(self) -> tuple[Piece, ...]:
        whole = Piece(self.text, 0, len(self.text), self.claims)
        return tuple(_pieces(whole, _LINE))

    @cached_property
    def paragraphs(self) -> tuple[Piece, ...]:
        """The lines that are prose, those that were only wrapped joined again.

        The rows of tables are read by their columns.
        """
        joined: list[Piece] = []
        for line in self.lines:
            if is_row(line.text):
                continue
            if joined and _goes_on(joined[-1], line):
                first = joined.pop()
                line = Piece(self.text, first.start, line.end, first.claims + line.claims)
            joined.append(line)
        return tuple(joined)

    @cached_property
    def sentences(self) -> tuple[Piece, ...]:
        return tuple(one for line in self.paragraphs for one in line.sentences())

    @cached_property
    def statements(self) -> tuple[Piece, ...]:
        return tuple(one for sentence in self.sentences for one in sentence.statements())


def _goes_on(line: Piece, following: Piece) -> bool:
    """Whether a line of prose was only wrapped: it is long and ends within a sentence."""
    before, after = line.text.rstrip(), following.text
    last = before[before.rfind("\n") + 1 :]
    return (
        following.start - line.end == 1
        and len(last) >= _SHORTEST_WRAP
        and last[-1] not in _SENTENCE_ENDS
        and _INSIDE_SENTENCE.search(last) is not None
        and _BEGINS.match(after) is None
    )


def passage(text: str, claims: Sequence[Claim]) -> Passage:
    return Passage(text, tuple(sorted(claims, key=lambda claim: (claim.start, claim.end))))


def _place(claims: Sequence[Claim], start: int) -> int:
    return bisect_left(claims, start, key=lambda claim: claim.start)


def _pieces(piece: Piece, cut: re.Pattern[str]) -> Iterator[Piece]:
    at = 0
    for found in cut.finditer(piece.whole, piece.start, piece.end):
        first = at
        while at < len(piece.claims) and piece.claims[at].start < found.end():
            at += 1
        yield Piece(piece.whole, found.start(), found.end(), piece.claims[first:at])


def _solid(text: str) -> str:
    return _BLANK.sub("", text)


def is_actual(claim: Claim) -> bool:
    return claim.modality is Modality.ACTUAL
