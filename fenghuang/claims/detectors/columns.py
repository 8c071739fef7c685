"""Tables pasted as text: the rows 合计 and 小计 against the rows above or below them.

Cells are read as numbers, because their measure words stand in the head. A column of rates, means,
ranks or years is not added up, and neither is one in which something else than a number stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fenghuang.claims import numbers, sentences
from fenghuang.claims.bounds import Bounds, shown, total
from fenghuang.claims.finding import Finding, Level, Recomputed, Span, finding
from fenghuang.claims.passages import Passage, may_overlap
from fenghuang.claims.tables import tables
from fenghuang.claims.units import SPELLINGS

_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_UNIT = re.compile("(?:[万亿]?(?:" + "|".join(map(re.escape, SPELLINGS)) + "))?")
_TOTAL = re.compile("(?:全[街区镇])?(?:[合总共]\\s*计|总数)(?:[:：（(].*)?")
_SUBTOTAL = re.compile("小\\s*计")
_DETAIL = re.compile("其中|[#＃]|——|—")
_NOT_ADDED = re.compile(
    "率|比|均|%|％|增|降|名次|排名|序号|编号|年份|时间|日期|电话|单价|标准|面积比|系数|得分"
)
_DISTINCT = re.compile("去重|实有|不重复|覆盖")
#: What is counted in these may overlap, so that a total below the sum can be of distinct ones.
_MAY_OVERLAP = re.compile("人|名|家|户|场|活动|次")


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def bounds(self) -> Bounds | None:
        """The number of the cell, known to the last place printed; None if it is no number."""
        plain = numbers.half_width(self.text)
        number = _NUMBER.match(plain)
        if number is None or not _UNIT.fullmatch(plain, number.end()):
            return None
        value = Fraction(number.group().replace(",", ""))
        decimals = len(number.group().partition(".")[2])
        step = Fraction(1, 10**decimals) if decimals else Fraction(0)
        return Bounds(value - step / 2, value + step)

    @property
    def value(self) -> Fraction:
        found = _NUMBER.match(numbers.half_width(self.text))
        return Fraction(found.group().replace(",", "")) if found else Fraction(0)

    @property
    def is_empty(self) -> bool:
        return self.text in {"", "-", "—", "/", "0"}


_Row = list[_Cell]


def table_totals(passage: Passage) -> Iterator[Finding]:
    """A row 合计 that is not the sum of its column."""
    text = passage.text
    for table in tables(sentences.half_width(text), sentences.lines(text)):
        body = [
            [_Cell(each.start, text[each.start : each.end]) for each in row] for row in table.rows
        ]
        widths = {len(row) for row in (*body, table.labels) if row}
        if len(body) + bool(table.labels) < 3 or len(widths) > 1:
            continue  # with a cell too few it cannot be read
        labels = table.labels or [""] * len(body[0])
        for number, row in enumerate(body):
            if _is_total(row) or _is_subtotal(row):
                yield from _row_of_totals(labels, body, number)


def _row_of_totals(labels: Sequence[str], body: Sequence[_Row], number: int) -> Iterator[Finding]:
    row = body[number]
    words = (*labels, *(cell.text for cell in row))
    if any(may_overlap(each) or _DISTINCT.search(each) for each in words):
        return
    for column in range(1, len(row)):
        if _NOT_ADDED.search(labels[column]):
            continue
        printed = row[column].bounds
        if printed is None:
            continue
        overlaps = _MAY_OVERLAP.search(labels[column] + row[column].text) is not None
        if found := _differs(body, number, column, printed, overlaps):
            yield found


def _differs(
    body: Sequence[_Row], number: int, column: int, printed: Bounds, overlaps: bool
) -> Finding | None:
    """A finding if no way of adding gives it: the rows above, the subtotals, the rows below."""
    ways = [way for way in _ways(body, number) if way]
    sums = []
    for way in ways:
        cells = [row[column] for row in way]
        known = [cell.bounds for cell in cells]
        if any(one is None and not cell.is_empty for cell, one in zip(cells, known, strict=True)):
            return None
        sums.append(total([one for one in known if one is not None]))
    if not sums or any(printed.meets(added) for added in sums):
        return None
    fewer = all(added.is_above(printed) for added in sums)
    cells = [row[column] for row in ways[0]]
    exact = Bounds.exactly(sum((cell.value for cell in cells if cell.bounds), Fraction(0)))
    recomputed = Recomputed(exact, shown(exact, "", decimals=6))
    place = body[number][column]
    spans = [Span(cell.start, cell.end, cell.text) for cell in (*cells, place) if cell.bounds]
    label = _label(body[number])
    return finding(
        "table_total_differs",
        Level.QUESTION if len(cells) < 2 or (fewer and overlaps) else Level.ERROR,
        spans,
        f"表中“{label}”写{place.text}，本列各行相加为{recomputed.shown}。",
        printed=Span(place.start, place.end, place.text),
        recomputed=recomputed,
    )


def _ways(body: Sequence[_Row], number: int) -> Iterator[list[_Row]]:
    """What a total may be the sum of: all rows, without their details, since the last total."""
    above, below = body[:number], body[number + 1 :]
    since = max((n + 1 for n, row in enumerate(above) if _adds(row)), default=0)
    until = next((n for n, row in enumerate(below) if _adds(row)), len(below))
    if _is_subtotal(body[number]):
        yield _without_details(above[since:])
        yield _without_details(below[:until])
        return
    rows = below if number == 0 else above
    plain = [row for row in rows if not _adds(row)]
    yield _without_details(plain)
    yield plain
    yield [row for row in rows if _is_subtotal(row)]
    yield [row for row in above[since:] if not _adds(row)]


def _without_details(rows: Sequence[_Row]) -> list[_Row]:
    """The rows without those that only say what another one holds (其中：…)."""
    return [row for row in rows if not _DETAIL.match(_label(row))]


def _label(row: _Row) -> str:
    """The first words of a row; its first cell may be merged with the one above."""
    return next((cell.text for cell in row[:2] if cell.text and not cell.bounds), "")


def _is_total(row: _Row) -> bool:
    return _TOTAL.fullmatch(_label(row)) is not None


def _is_subtotal(row: _Row) -> bool:
    return any(_SUBTOTAL.fullmatch(cell.text) for cell in row[:2])


def _adds(row: _Row) -> bool:
    return _is_total(row) or _is_subtotal(row)
