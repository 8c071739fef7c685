"""How a sheet is laid out: titles above, headers in one row or two, rows, totals, notes below.

Offices merge cells, repeat the header on every page, put totals between the rows and notes under
them, and number rows ahead of time. All of that is recognised and said; nothing is left out in
silence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from .cells import Cell, folded, is_blank, text
from .columns import Column, Headers, NotKept, RunningNumber, header_key, header_parts
from .workbooks import Merged, Sheet

LOOKED_AT = 30  #: rows from the top among which the header must be

#: The column of our own in a workbook of faulty rows; it is not read back.
WHAT_IS_WRONG = "导入问题"


class Header(NamedTuple):
    """One header of a sheet: its column from 0, its text, the ledger's column it means, if any.

    `is_settled` where a person said what it means, be it nothing.
    """

    at: int
    text: str
    column: Column | None
    unit: str
    is_settled: bool = False


@dataclass(frozen=True)
class Layout:
    """Where the header stands (rows from 0, half-open), what it says, and the titles above it."""

    start: int
    end: int
    headers: tuple[Header, ...]
    titles: tuple[str, ...]

    @property
    def template(self) -> str:
        """A key by which the same set of headers is known again."""
        return template_key([header.text for header in self.headers])

    @property
    def mapped(self) -> list[Header]:
        return [header for header in self.headers if header.column is not None]


def template_key(headers: Sequence[str]) -> str:
    """The key of a set of headers, whatever their order."""
    return hashlib.sha256("\n".join(sorted(map(header_key, headers))).encode()).hexdigest()


def lay_out(
    sheet: Sheet,
    headers: Headers,
    remembered: Mapping[str, Mapping[str, str]],
    given: Mapping[str, str] | None = None,
) -> Layout | None:
    """Find the header of a sheet: the row, or pair of rows, that names most columns of the ledger.

    `given` says for unusual headers which column they mean (or "" for none), as a person chose;
    `remembered` holds such choices by template. None for a sheet without two texts in one row.
    """
    whole = _merged_texts(sheet)
    best: tuple[int, Layout] | None = None
    texts: tuple[int, Layout] | None = None
    for depth in (1, 2):
        for start in range(min(LOOKED_AT, len(sheet.rows) - depth + 1)):
            found = _layout(sheet, start, depth, whole, headers, remembered, given)
            score = len({header.column for header in found.mapped})
            if score > (best[0] if best else 1):
                best = score, found
            different = len({header.text for header in found.headers})
            if depth == 1 and different > (texts[0] if texts else 1):
                texts = different, found
    chosen = best or texts
    return chosen[1] if chosen else None


def _layout(
    sheet: Sheet,
    start: int,
    depth: int,
    whole: Mapping[tuple[int, int], str],
    headers: Headers,
    remembered: Mapping[str, Mapping[str, str]],
    given: Mapping[str, str] | None,
) -> Layout:
    written = []
    for at in range(len(sheet.rows[start])):
        lines = [
            whole.get((row, at), text(sheet.rows[row][at])) for row in range(start, start + depth)
        ]
        lines = list(
            dict.fromkeys(line for line in lines if line)
        )  # a cell merged over both is one
        if lines:
            written.append((at, lines))
    choices = dict(remembered.get(template_key([lines[-1] for _at, lines in written]), {}))
    choices |= {header_key(header): code for header, code in (given or {}).items()}
    found = tuple(_header(at, lines, headers, choices) for at, lines in written)
    titles = dict.fromkeys(
        text(cell) for row in sheet.rows[:start] for cell in row if not is_blank(cell)
    )
    return Layout(start, start + depth, found, tuple(titles))


def _header(at: int, lines: list[str], headers: Headers, choices: Mapping[str, str]) -> Header:
    """The lower of two lines names the column; where it does not, both together may."""
    unit = header_parts(lines[-1])[1]
    key = header_key(lines[-1])
    if key in choices:
        return Header(at, lines[-1], headers.columns.get(choices[key]), unit, is_settled=True)
    column = headers.column(lines[-1]) or headers.column("".join(lines))
    return Header(at, lines[-1], column, unit)


def _merged_texts(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The text of merged cells near the top, for each of the cells they cover."""
    texts = {}
    for merged in sheet.merged:
        if merged.top <= LOOKED_AT:
            own = text(sheet.rows[merged.top][merged.left])
            for row in range(merged.top, min(merged.bottom, LOOKED_AT) + 1):
                for column in range(merged.left, merged.right + 1):
                    texts[row, column] = own
    return texts


# The rows below


class Skipped(NamedTuple):
    """A row of the sheet (from 1; 0 is all of it) that is no new record, and what it says."""

    sheet: str
    row: int
    reason: str  #: a key of the sentences below
    text: str

    def __str__(self) -> str:
        return f"{self.sheet} {self.row or ''}: {self.sentence}"

    @property
    def sentence(self) -> str:
        return {
            "total": _("A total; the rows themselves are counted."),
            "note": _("A title or note."),
            "header_again": _("The header again."),
            "only_numbered": _("Only numbered, otherwise empty."),
            "outside": _("Nothing in the columns of the ledger."),
            "same_row": _("The same as row %(row)s.") % {"row": self.text},
            "hidden_sheet": _("The sheet is hidden. Show it, if it is to be read."),
            "other_sheet": _("The sheet has not the columns of the ledger."),
        }[self.reason]


@dataclass
class Body:
    """One row below the header: its cells by the ledger's columns, as the file has them."""

    row: int  #: from 0
    cells: dict[str, Cell]
    #: columns in which this row shares one number with other rows
    shared: set[str] = field(default_factory=set)


_TOTAL = re.compile(
    r"(?:本?[页月季年周]度?|以上|街道|全街)?(?:合计|小计|总计|共计|累计|合并计|总数)[:：]?"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|填表|填报|制表|审核|审批|复核|分管|主要|单位|负责|联系|日期|经办|附|签字|盖章)"
    r"[^:：]{0,10}[:：]"
)
_LISTED_NOTE = re.compile(r"[(（]?[0-9一二三四五六七八九]{1,2}[)）.、]\D")


def body(sheet: Sheet, layout: Layout) -> Iterator[Body | Skipped]:
    """The rows below the header, and those that are no records. Empty rows are neither.

    What stands in a merged cell stands for each of its rows, unless it is a number: one number for
    several rows would count several times, so these rows are marked.
    """
    tops = _tops(sheet, layout)
    wide = {merged.top for merged in sheet.merged if merged.right > merged.left}
    heading = sheet.rows[max(0, layout.start - 1) : layout.end]  # of two rows one may do as header
    says = {header.at: {folded(row[header.at]) for row in heading} for header in layout.headers}
    counters = {
        h.at for h in layout.mapped if isinstance(h.column and h.column.kind, RunningNumber)
    }
    own = {header.at for header in layout.mapped} - counters
    last_was_note = False
    for number in range(layout.end, len(sheet.rows)):
        row = sheet.rows[number]
        filled = {at: cell for at, cell in enumerate(row) if not is_blank(cell)}
        if not filled:
            continue
        reason = _reason(filled, says, own, counters, number in wide, last_was_note, number in tops)
        last_was_note = reason == "note"
        if reason:
            written = " ".join(text(row[at]) for at in filled)
            yield Skipped(sheet.name, number + 1, reason, written)
            continue
        yield _body(sheet, layout, number, tops.get(number, {}))


def _reason(
    filled: Mapping[int, Cell],
    says: Mapping[int, set[str]],
    own: set[int],
    counters: set[int],
    is_wide: bool,
    follows_note: bool,
    is_filled_down: bool,
) -> str:
    first_at = next(iter(filled))
    first = folded(filled[first_at])
    if any(_TOTAL.fullmatch(folded(one)) for one in islice(filled.values(), 4)):
        return "total"
    if _NOTE.match(first) and len(filled) <= 6:
        return "note"
    if len(filled) == 1 and follows_note and _LISTED_NOTE.match(first):
        return "note"
    if len(filled) > 1 and all(folded(one) in says.get(at, ()) for at, one in filled.items()):
        return "header_again"
    if set(filled) <= counters and first.isdecimal():
        return "only_numbered"
    if len(filled) == 1 and not is_filled_down and (is_wide or first_at in counters):
        return "note"
    return "" if own & set(filled) or counters & set(filled) else "outside"


def _tops(sheet: Sheet, layout: Layout) -> dict[int, dict[int, Merged]]:
    """For each row the merged cells that cover it and others, by the column of their text."""
    found: dict[int, dict[int, Merged]] = {}
    for merged in sheet.merged:
        if merged.bottom > merged.top >= layout.end:
            for row in range(merged.top, merged.bottom + 1):
                found.setdefault(row, {})[merged.left] = merged
    return found


def _body(sheet: Sheet, layout: Layout, number: int, tops: Mapping[int, Merged]) -> Body:
    found = Body(number, {})
    for header in layout.mapped:
        column, cell = header.column, sheet.rows[number][header.at]
        if column is None or column.code in found.cells:
            continue
        merged = tops.get(header.at)
        if merged is not None and not isinstance(column.kind, (RunningNumber, NotKept)):
            cell = sheet.rows[merged.top][header.at]
            if not column.kind.fills_down and not is_blank(cell):
                found.shared.add(column.code)
        found.cells[column.code] = cell
    return found


def twice(layout: Layout) -> list[Header]:
    """Headers that mean a stored column which an earlier header means too."""
    seen: set[str] = set()
    again = []
    for header in layout.mapped:
        if header.column is not None and header.column.is_stored:
            if header.column.code in seen:
                again.append(header)
            seen.add(header.column.code)
    return again
