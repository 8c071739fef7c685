"""Labelled texts from a sheet of any office: a workbook or a text file, titles above its header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused
from fenghuang.kit import cells
from fenghuang.kit.cells import CellProblem, text
from fenghuang.kit.columns import Column, Headers, Text
from fenghuang.kit.layouts import Layout, lay_out
from fenghuang.kit.workbooks import Sheet, open_workbook

from .examples import Example


def examples(
    content: bytes,
    file_name: str,
    *,
    texts: Sequence[str],
    label: str,
    day: str | None = None,
) -> list[Example]:
    """The rows of the first sheet that has all the columns named by their headers.

    Several columns of text are read as one text, a line each. Rows without text or label come too,
    to be counted; rows with neither do not, nor does the header where it stands again. A day that
    cannot be read is None. Refused, with the headers that there are, where a column is missing.
    """
    wanted = [*dict.fromkeys(texts), label, *([day] if day else [])]
    columns = _columns(wanted)
    best: Layout | None = None
    for sheet in open_workbook(content, file_name):
        layout = lay_out(sheet, Headers(columns), {})
        if layout is None:
            continue
        at = {one.column.code: one.at for one in layout.mapped if one.column is not None}
        if len(at) == len(columns):
            return list(_examples(sheet, layout, [at[one] for one in wanted], day is not None))
        best = best or layout
    raise _no_such_column(wanted, best)


def _columns(wanted: Sequence[str]) -> list[Column]:
    columns = [Column(name, name, Text()) for name in wanted]
    try:
        Headers(columns)
    except ValueError as error:
        raise _one_twice() from error
    if len(set(wanted)) < len(wanted):
        raise _one_twice()
    return columns


def _one_twice() -> Refused:
    return Refused(
        "same_column", _("Text, label and date must be different columns. Name each but once.")
    )


def _no_such_column(wanted: Sequence[str], layout: Layout | None) -> Refused:
    if layout is None:
        return Refused("no_header", _("No sheet of the file has a row of headers."))
    there = [one.text for one in layout.headers]
    found = {one.column.code for one in layout.mapped if one.column is not None}
    missing = "、".join(one for one in wanted if one not in found)
    return Refused(
        "no_such_column",
        _("There is no column %(missing)s. There are: %(there)s")
        % {"missing": missing, "there": "、".join(there)},
    )


def _examples(
    sheet: Sheet, layout: Layout, columns: Sequence[int], has_day: bool
) -> Iterator[Example]:
    covered = _covered(sheet, layout)
    headers = {one.at: cells.folded(one.text) for one in layout.headers}
    for number in range(layout.end, len(sheet.rows)):
        row = [sheet.rows[covered.get((number, at), number)][at] for at in columns]
        if all(cells.folded(cell) == headers[at] for cell, at in zip(row, columns, strict=True)):
            continue
        *of_text, of_label = row[:-1] if has_day else row
        written = "\n".join(part for part in map(text, of_text) if part)
        if written or text(of_label):
            yield Example(written, text(of_label), _day(row[-1]) if has_day else None)


def _covered(sheet: Sheet, layout: Layout) -> dict[tuple[int, int], int]:
    """For cells merged with cells above them, the row of the one that holds what they say."""
    return {
        (row, merged.left): merged.top
        for merged in sheet.merged
        if merged.top >= layout.end
        for row in range(merged.top + 1, merged.bottom + 1)
    }


def _day(cell: cells.Cell) -> date | None:
    try:
        return cells.day(cell)
    except CellProblem:
        return None
