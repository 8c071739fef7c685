"""Looks a file through without entering anything: what is new, what is known, what is wrong.

Every row of the file ends in one of four lists: new, known (it stands in the books already),
faulty, or skipped with the reason. Staging a file again after it was entered finds nothing new.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.journal.read import size
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.scope import Scope, scope_of
from fenghuang.kernel.places.models import Kind as Level
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused

from .cells import Cell, CellProblem, is_blank, says_nothing
from .columns import Column, Context, NotKept, PlaceNamed, as_number, header_key, numbered, read_all
from .findings import (
    Finding,
    Severity,
    column_note,
    differs,
    finding_at,
    header_findings,
    hidden_rows,
    no_header,
    problem_at,
    said_otherwise,
)
from .layouts import WHAT_IS_WRONG, Body, Header, Layout, Skipped, body, lay_out
from .ledger import Ledger
from .models import Batch, ColumnMapping, Words
from .names import Named, NameIndex
from .workbooks import Heading, Sheet, column_letters, open_workbook, write_workbook

Progress = Callable[[int, int], None]


def _nothing(done: int, total: int) -> None:
    """Nobody waits to be told."""


@dataclass(eq=False)
class StagedSheet:
    """A sheet and how it was understood; `layout` is None where it holds no header."""

    sheet: Sheet
    layout: Layout | None
    context: Context

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def is_ledger(self) -> bool:
        return self.layout is not None and len(self.layout.mapped) > 1

    @cached_property
    def headers(self) -> dict[str, Header]:
        """The headers by the code of the ledger's column they mean; of two the first."""
        mapped = self.layout.mapped if self.layout else []
        return {header.column.code: header for header in reversed(mapped) if header.column}


@dataclass(eq=False)
class StagedRow:
    """A row that is to be a record: what the file has, what was read, what is held already."""

    at: StagedSheet
    body: Body
    community: Named | None  #: that of its part of the sheet
    own_number: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    record: Any = None
    held: Any = None
    findings: list[Finding] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)  #: code of the column, word

    @property
    def row(self) -> int:
        """The row in the sheet, from 1."""
        return self.body.row + 1

    def add_problem(self, code: str, problem: CellProblem) -> None:
        """Something is wrong in the column of that code, or with the row as a whole."""
        self.findings.append(problem_at(self.at.name, self.body.row, self.header(code), problem))
        if problem.word:
            self.unknown.append((code, problem.word))

    def header(self, code: str) -> Header:
        """The header of the column of that code; the first one where the sheet has no such."""
        return self.at.headers.get(code) or min(self.at.headers.values(), key=lambda one: one.at)


@dataclass(eq=False)
class Staged:
    """A file looked through."""

    ledger: Ledger
    street: Street
    user: User
    file_name: str
    sha256: str
    journal_size: int  #: of the street's journal, just before the books were read
    sheets: list[StagedSheet] = field(default_factory=list)
    new: list[StagedRow] = field(default_factory=list)
    known: list[StagedRow] = field(default_factory=list)
    faulty: list[StagedRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]


def stage(
    ledger: Ledger,
    content: bytes,
    file_name: str = "",
    *,
    street: Street,
    user: User,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
    words: Words | None = None,
    today: date | None = None,
    progress: Progress = _nothing,
) -> Staged:
    """Look a file through. Refused if it cannot be opened, or if the person enters nothing here.

    `year` is that of days written without one; otherwise the sheet's title, its name or the file's
    name says it. `mapping` says for headers which column they mean, "" for none, and `words` what
    words mean that the house does not know; both go before what is remembered for such a file.
    `progress` is told how many rows have been read of how many there may be.
    """
    scope = scope_of(user, ledger.line)
    if scope.is_empty:
        raise Refused(
            "no_place", _("You look after no place in this line. Ask the administrator for a role.")
        )
    digest = hashlib.sha256(content).hexdigest()
    staged = Staged(ledger, street, user, file_name, digest, size(street.pk))
    base = ledger.context(street, today=today or timezone.localdate())
    remembered, meanings = ColumnMapping.said(street, ledger.code)
    for sheet in open_workbook(content, file_name):
        layout = None if sheet.is_hidden else lay_out(sheet, ledger.headers, remembered, mapping)
        titles = [*(layout.titles if layout else ()), sheet.name, file_name]
        communities = (base.names.community_in(title) for title in titles)
        context = replace(
            base,
            year=year or year_in(*titles),
            community=next((found for found in communities if found), None),
            words=_both(meanings.get(layout.template, {}) if layout else {}, words or {}),
        )
        staged.sheets.append(StagedSheet(sheet, layout, context))
    _say_if_entered_before(staged)
    _say_what_is_left_out(staged)
    read = [one for one in staged.sheets if one.is_ledger]
    total, rows = sum(len(one.sheet.rows) for one in read), list[StagedRow]()
    for one in read:
        rows += _read_sheet(staged, one, before=len(rows), total=total, progress=progress)
    progress(total, total)
    _tell_known_from_new(staged, base, scope, rows)
    staged.findings += [finding for row in rows for finding in row.findings]
    return staged


def _both(remembered: Words, given: Words) -> Words:
    codes = {*remembered, *given}
    return {code: {**remembered.get(code, {}), **given.get(code, {})} for code in codes}


# Sheets

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_NAMES_YEAR = re.compile(rf"{_YEAR.pattern}年|^{_YEAR.pattern}$")
_CHINESE_YEAR = re.compile(r"[一二][〇○零九][〇○零一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def year_in(*titles: str) -> int | None:
    """The year that the first title with a year names; None if it names several.

    >>> year_in("凤凰街台账", "2021年"), year_in("二〇二一年台账"), year_in("2021年、2022年")
    (2021, 2021, None)
    """
    for title in titles:
        half_width = unicodedata.normalize("NFKC", title).strip()
        plain = _CHINESE_YEAR.sub(lambda found: found[0].translate(_CHINESE_DIGITS), half_width)
        if _NAMES_YEAR.search(plain):
            years = set(_YEAR.findall(plain))
            return int(years.pop()) if len(years) == 1 else None
    return None


def _say_if_entered_before(staged: Staged) -> None:
    before = Batch.objects.filter(
        street=staged.street, ledger=staged.ledger.code, sha256=staged.sha256, undone_at=None
    ).first()
    if before is not None:
        sentence = _("This very file was entered on %(day)s. Only rows not yet known are new.") % {
            "day": timezone.localtime(before.entered_at).date().isoformat()
        }
        staged.findings.append(Finding("", 0, "", "", "same_file", sentence, Severity.NOTE))


def _say_what_is_left_out(staged: Staged) -> None:
    """Sheets that are not read: hidden ones, and ones of another kind beside the ledger."""
    has_ledger = any(one.is_ledger for one in staged.sheets)
    filled = {
        one: sum(any(not is_blank(cell) for cell in row) for row in one.sheet.rows)
        for one in staged.sheets
    }
    if not any(filled[one] for one in staged.sheets if not one.sheet.is_hidden):
        raise Refused("nothing_in_it", _("No visible sheet of the workbook holds anything."))
    for one in staged.sheets:
        if not filled[one] or one.is_ledger:
            continue
        if one.sheet.is_hidden or has_ledger:
            reason = "hidden_sheet" if one.sheet.is_hidden else "other_sheet"
            staged.skipped.append(Skipped(one.name, 0, reason, str(filled[one])))
        else:
            staged.findings.append(no_header(one.sheet, one.layout))


# Rows


def _read_sheet(
    staged: Staged, at: StagedSheet, *, before: int, total: int, progress: Progress
) -> list[StagedRow]:
    layout, sheet, headers = at.layout, at.sheet, at.headers
    assert layout is not None
    found = list(header_findings(sheet, layout, staged.ledger.headers, at.context))
    rows = _rows(staged, at, layout)
    at.context.numbered = numbered(
        [header.column for header in headers.values() if header.column],
        lambda column: [row.body.cells[column.code] for row in rows],
        street=staged.street,
        user=staged.user,
    )
    held = staged.ledger.held_by_number(staged.street, {row.own_number for row in rows} - {""})
    for n, row in enumerate(rows, before):
        progress(n, total)
        row.held = held.get(row.own_number)
        _read_row(staged.ledger, row, can_build=not any(finding.is_error for finding in found))
    if hidden := [row.body.row for row in rows if row.body.row in sheet.hidden_rows]:
        found.append(hidden_rows(sheet, hidden))
    for code, header in headers.items():
        if header.column is not None and isinstance(header.column.kind, NotKept):
            lost = [row.body.row for row in rows if not says_nothing(row.body.cells[code])]
            found += [column_note(sheet.name, header, "not_kept", lost)] if lost else []
    staged.findings += found
    return rows


def _rows(staged: Staged, at: StagedSheet, layout: Layout) -> list[StagedRow]:
    """The rows of a sheet, each with the community that it is about unless it says another.

    A header that comes again under a title with a community begins the part of that community.
    """
    rows = []
    community, title = at.context.community, ""
    for one in body(at.sheet, layout):
        if isinstance(one, Body):
            number = as_number(one.cells.get(staged.ledger.own_number))
            rows.append(StagedRow(at, one, community, number))
            continue
        staged.skipped.append(one)
        if one.reason == "note":
            title = one.text
        elif one.reason == "header_again":
            community, title = at.context.names.community_in(title) or community, ""
    return rows


def _read_row(ledger: Ledger, row: StagedRow, *, can_build: bool) -> None:
    context, cells, headers = row.at.context, row.body.cells, row.at.headers
    context.community = row.community

    def read(column: Column) -> Any:
        header = headers.get(column.code)
        context.unit = header.unit if header else ""
        if header is None:
            return column.absent(context)
        if column.code in row.body.shared and not column.is_derived:
            raise CellProblem(
                "shared_number",
                _("One number stands for several rows here. Give each row its own."),
            )
        return column.read(cells[column.code], context)

    problems = read_all(ledger.reading_order, read, context, day=ledger.day)
    row.values, row.notes = context.row, context.notes
    if can_build and not problems and row.held is None:
        try:
            row.record = ledger.build(row.values, context)
        except CellProblem as together:
            problems[together.column] = together
    for code, problem in problems.items():
        row.add_problem(code, problem)


# Known or new


def _tell_known_from_new(
    staged: Staged, base: Context, scope: Scope, rows: list[StagedRow]
) -> None:
    ledger, street = staged.ledger, staged.street
    held = ledger.held_like(street, [row.record for row in rows if row.record is not None])
    by_key = {ledger.key(record, base): record for record in held}
    seen: dict[Hashable, StagedRow] = {}
    for row in rows:
        key = None
        if row.record is not None:
            key = ledger.key(row.record, base)
            row.held = by_key.get(key)
        if row.findings or (row.held is None and row.record is None):
            staged.faulty.append(row)
        elif not _may_see(scope, base.names, street, ledger, row):
            staged.faulty.append(row)
            row.add_problem(
                next((c.code for c in ledger.columns if isinstance(c.kind, PlaceNamed)), ""),
                CellProblem(
                    "not_your_place",
                    _("You don’t enter records for this place. Leave the row to who does."),
                ),
            )
        elif row.held is not None:
            staged.known.append(row)
            row.findings += _differences(ledger, row)
        elif (first := seen.setdefault(key, row)) is not row:
            again = f"{first.at.name} {first.row}"
            staged.skipped.append(Skipped(row.at.name, row.row, "same_row", again))
            row.findings += _said_otherwise(ledger, row, first, again)
        else:
            staged.new.append(row)
    staged.findings += _notes(staged)


def _may_see(
    scope: Scope, names: NameIndex, street: Street, ledger: Ledger, row: StagedRow
) -> bool:
    if street.pk in scope.streets:
        return True
    records = [record for record in (row.record, row.held) if record is not None]
    above: list[set[uuid.UUID]] = [names.all_above(ledger.place_of(record)) for record in records]
    return not any(scope.places.isdisjoint(places) for places in above)


def _differences(ledger: Ledger, row: StagedRow) -> Iterator[Finding]:
    """Where the books hold another value than the file. An import changes nothing that is held."""
    context, own = row.at.context, ledger.own_number
    for column in ledger.reading_order:
        header = row.at.headers.get(column.code)
        if header is None or column.code in row.body.shared:
            continue
        if column.code == own and column.is_derived:
            continue  # a number that was given out: the row is known by it, or it is not ours
        if column.kind.says_nothing(row.body.cells[column.code]):
            continue
        held, read = column.value(row.held, context), row.values[column.code]
        if not column.is_same(held, read):
            yield differs(row.at.name, row.body.row, header, column, held, read)


def _said_otherwise(
    ledger: Ledger, row: StagedRow, first: StagedRow, where: str
) -> Iterator[Finding]:
    """What a row says otherwise than the row before it that is the same record, and is entered."""
    for column in ledger.reading_order:
        header = row.at.headers.get(column.code)
        if header is None or column.kind.says_nothing(row.body.cells[column.code]):
            continue
        before = first.values.get(column.code)
        if not column.is_same(before, row.values[column.code]):
            yield said_otherwise(row.at.name, row.body.row, header, column, before, where)


def _notes(staged: Staged) -> Iterator[Finding]:
    """What is to be told of new rows: what of them is not entered, and what is entered besides."""
    lost: dict[tuple[StagedSheet, str], list[int]] = defaultdict(list)
    said: set[str] = set()
    for row in staged.new:
        for column in staged.ledger.columns:
            if column.is_derived and row.values.get(column.code) and column.code in row.at.headers:
                lost[row.at, column.code].append(row.body.row)
        for code, note, sentence in row.notes:
            if sentence not in said:
                said.add(sentence)
                yield finding_at(row.at.name, row.body.row, row.header(code), note, sentence)
    for (at, code), rows in lost.items():
        kind = "number_new" if code == staged.ledger.own_number else "derived"
        yield column_note(at.name, at.headers[code], kind, rows)


# What is left to be mended


def write_faulty(staged: Staged, out: str | IO[bytes]) -> int:
    """Write a workbook of the faulty rows, as the file has them, with what is wrong beside each.

    Mended, it is imported like any ledger. The number of rows.
    """
    rows = [(_as_in_file(staged.ledger, row), _what_is_wrong(staged, row)) for row in staged.faulty]
    headers = dict.fromkeys(header for cells, _wrong in rows for header in cells)
    years = {row.at.context.year for row in staged.faulty} - {None}
    year = f"{years.pop()}年" if len(years) == 1 else ""
    return write_workbook(
        out,
        f"{staged.street.name}{year}{staged.ledger.title}",
        [*(Heading(header, 14) for header in headers), Heading(WHAT_IS_WRONG, 40)],
        ([*(cells.get(header) for header in headers), wrong] for cells, wrong in rows),
    )


def _as_in_file(ledger: Ledger, row: StagedRow) -> dict[str, Cell]:
    """The cells under the file's own headers, merged ones filled down, with the community."""
    layout, sheet = row.at.layout, row.at.sheet
    assert layout is not None
    cells: dict[str, Cell] = {}
    for header in layout.headers:
        if header_key(header.text) == WHAT_IS_WRONG:
            continue
        name = header.text
        if name in cells:
            name = f"{name}（{column_letters(header.at)}）"
        cells[name] = sheet.rows[row.body.row][header.at]
        if header.column is not None and row.at.headers[header.column.code] is header:
            cells[name] = row.body.cells[header.column.code]
    for column in ledger.columns:
        if isinstance(column.kind, PlaceNamed) and Level.COMMUNITY in column.kind.kinds:
            own = row.at.headers.get(column.code)
            name = own.text if own else column.header
            if row.community is not None and is_blank(cells.get(name)):
                cells[name] = row.community.name
    return cells


def _what_is_wrong(staged: Staged, row: StagedRow) -> str:
    """The errors of a row and of its sheet's header, each after the header of its column."""
    header = row.at.layout.end if row.at.layout else 0
    of_header = (one for one in staged.errors if one.sheet == row.at.name and one.row == header)
    own = (one for one in row.findings if one.is_error)
    return "\n".join(f"{one.column}：{one.sentence}" for one in (*own, *of_header))
