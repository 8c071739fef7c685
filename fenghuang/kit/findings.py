"""What is found when a file is looked through: each finding at its cell, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from .cells import CellProblem, is_blank
from .columns import Column, Context, Headers, header_key
from .layouts import WHAT_IS_WRONG, Header, Layout, twice
from .workbooks import Sheet, cell_name

SHOWN_AT_MOST = 60  # characters of a value in a sentence


class Severity(StrEnum):
    """An error keeps its row from being entered; a note only wants to be read."""

    ERROR = "error"
    NOTE = "note"


class Finding(NamedTuple):
    """One thing found in a file. `cell` is named as in Excel (C7), `column` by its header."""

    sheet: str
    row: int  #: from 1; 0 for the sheet as a whole
    cell: str
    column: str
    code: str
    sentence: str
    severity: Severity

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def finding_at(
    sheet: str,
    row: int,
    header: Header,
    code: str,
    sentence: str,
    severity: Severity = Severity.NOTE,
) -> Finding:
    """A finding at a cell; `row` from 0."""
    return Finding(sheet, row + 1, cell_name(row, header.at), header.text, code, sentence, severity)


def problem_at(sheet: str, row: int, header: Header, problem: CellProblem) -> Finding:
    return finding_at(sheet, row, header, problem.code, problem.sentence, Severity.ERROR)


def header_findings(
    sheet: Sheet, layout: Layout, headers: Headers, context: Context
) -> Iterator[Finding]:
    """What is to be said of the header: columns missing, named twice, not read, hidden."""
    at = layout.end - 1
    mapped = {header.column.code for header in layout.mapped if header.column}
    for column in headers.columns.values():
        if column.is_required and column.code not in mapped and not column.kind.nothing(context):
            yield Finding(
                sheet.name,
                layout.end,
                "",
                column.header,
                "column_missing",
                _("The column “%(column)s” is missing. Add it, or say which one it is.")
                % {"column": column.header},
                Severity.ERROR,
            )
    for header in twice(layout):
        yield finding_at(
            sheet.name,
            at,
            header,
            "column_twice",
            _("Two columns have this meaning. Delete one, or say which one counts."),
            Severity.ERROR,
        )
    for header in layout.headers:
        filled = sum(not is_blank(row[header.at]) for row in sheet.rows[layout.end :])
        if header.column is None and filled and header_key(header.text) != WHAT_IS_WRONG:
            yield finding_at(
                sheet.name,
                at,
                header,
                "column_not_read",
                _("This column is not part of the ledger. Cells not read: %(count)s.")
                % {"count": filled},
            )
        elif header.column is not None and header.at in sheet.hidden_columns:
            yield finding_at(
                sheet.name, at, header, "column_hidden", _("This column is hidden; it is read.")
            )


def hidden_rows(sheet: Sheet, rows: list[int]) -> Finding:
    """Hidden rows are read like the others, and that is said. `rows` from 0."""
    return Finding(
        sheet.name,
        rows[0] + 1,
        "",
        "",
        "rows_hidden",
        _("Hidden rows are read like the others: %(rows)s.")
        % {"rows": "、".join(str(row + 1) for row in rows)},
        Severity.NOTE,
    )


def no_header(sheet: Sheet, layout: Layout | None) -> Finding:
    """A sheet that was taken for the ledger, but whose columns are not those of the ledger."""
    return Finding(
        sheet.name,
        layout.end if layout else 0,
        "",
        "",
        "no_header",
        _("The header of the ledger was not found. Say which columns these are."),
        Severity.ERROR,
    )


def column_note(sheet: str, header: Header, code: str, rows: list[int]) -> Finding:
    """Says once, at the first of its cells, what is to be said of many cells of a column.

    `code` is not_kept, derived or number_new; `rows` from 0.
    """
    sentences = {
        "not_kept": _("The house keeps no such thing. Cells not kept: %(count)s."),
        "derived": _("This follows from other records. Cells not entered: %(count)s."),
        "number_new": _("These are not our numbers; new ones are given. Cells: %(count)s."),
    }
    return finding_at(sheet, rows[0], header, code, sentences[code] % {"count": len(rows)})


def differs(
    sheet: str, row: int, header: Header, column: Column, held: object, read: object
) -> Finding:
    """The row is in the books, with another value in this cell. Nothing is changed by an import."""
    return finding_at(
        sheet,
        row,
        header,
        "differs",
        _("The books hold “%(held)s”, the file says “%(read)s”. Nothing is changed by an import.")
        % {"held": _shown(column.write(held)), "read": _shown(column.write(read))},
    )


def said_otherwise(
    sheet: str, row: int, header: Header, column: Column, before: object, where: str
) -> Finding:
    """The row is the same record as one before it in the file, with another value in this cell."""
    return finding_at(
        sheet,
        row,
        header,
        "said_otherwise",
        _("The same record stands in row %(row)s and says “%(before)s” here; that row counts.")
        % {"row": where, "before": _shown(column.write(before))},
    )


def _shown(cell: object) -> str:
    written = "—" if cell is None or cell == "" else str(cell)
    return written if len(written) <= SHOWN_AT_MOST else written[: SHOWN_AT_MOST - 1] + "…"
