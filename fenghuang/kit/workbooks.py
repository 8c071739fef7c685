"""Workbooks as files: opened without trusting them, and written so that an office can print them.

Excel (.xlsx, .xlsm) and the older .xls, of Excel or WPS, and text with commas (.csv) are opened.
An .xlsx is first read through here, within limits; then, like an .xls, it is parsed in a process of
its own (see `parsing`), so that no file can do harm to the one that serves the office.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any, NamedTuple
from xml.parsers import expat

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused

from . import parsing
from .cells import BROKEN, Cell
from .columns import LONGEST_CELL

LARGEST_FILE = 8 * 1024 * 1024  # bytes, if the settings name no other
LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes of all XML in the file
MOST_PARTS = 2_000
MOST_ROWS = 50_000
MOST_COLUMNS = 256
MOST_CELLS = 1_000_000


class Merged(NamedTuple):
    """A merged cell: rows and columns from 0, both ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    """One sheet: all cells from A1 on, every row of the same length; rows and columns from 0."""

    name: str
    rows: list[list[Cell]]
    merged: list[Merged] = field(default_factory=list)
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def column_letters(column: int) -> str:
    """The letters over a column, counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The name of a cell, counted from 0.

    >>> cell_name(6, 2)
    'C7'
    """
    return f"{column_letters(column)}{row + 1}"


# Opening


def open_workbook(content: bytes, file_name: str = "") -> list[Sheet]:
    """The sheets of a workbook. Refused, in one sentence, if it is none or is too large."""
    if len(content) > (limit := getattr(settings, "FENGHUANG_LEDGER_MAX_BYTES", LARGEST_FILE)):
        raise Refused(
            "file_too_large",
            _("The file is larger than %(size)s MB. Delete pictures or split it.")
            % {"size": limit // 1024**2},
        )
    if content.startswith(b"PK\x03\x04"):
        return _xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _needs_password()
        return _parsed(content)
    return [Sheet(file_name.rpartition(".")[0], _csv(content))]


def _needs_password() -> Refused:
    return Refused(
        "password", _("The file is protected by a password. Remove the password and try again.")
    )


def _no_workbook() -> Refused:
    return Refused(
        "not_a_workbook",
        _("This is not an Excel workbook. Open it in Excel or WPS and save it as .xlsx."),
    )


def _too_large(what: str) -> Refused:
    return Refused(
        "too_large",
        _("The workbook is too large (%(what)s). Delete what does not belong to the ledger.")
        % {"what": what},
    )


def _xlsx(content: bytes) -> list[Sheet]:
    parts = _parts(content)
    if "xl/workbook.xml" not in parts:
        raise _no_workbook()
    scans = {name: _scan(part) for name, part in parts.items()}
    sheets = _parsed(content)
    for sheet in sheets:
        scan = scans.get(_part_of(sheet.name, scans), _Scan())
        sheet.hidden_rows, sheet.hidden_columns = frozenset(scan.hidden_rows), scan.columns_hidden()
        for row, column in scan.broken:
            _put(sheet.rows, row, column)
    return sheets


def _put(rows: list[list[Cell]], row: int, column: int) -> None:
    """A cell without a value may lie beyond what the parser returned."""
    width = max(len(rows[0]) if rows else 0, column + 1)
    rows.extend([] for _row in range(row + 1 - len(rows)))
    for one in rows:
        one.extend([""] * (width - len(one)))
    rows[row][column] = BROKEN


def _parts(content: bytes) -> dict[str, bytes]:
    """The XML parts of the archive, each unpacked only as far as it says it goes."""
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_PARTS:
                raise _too_large(_("%(count)s parts") % {"count": len(infos)})
            for info in infos:
                if not info.filename.endswith((".xml", ".rels")):
                    continue
                left -= info.file_size
                if left < 0:
                    raise _too_large(_("unpacked over %(size)s MB") % {"size": 100})
                if info.filename in parts or info.flag_bits & 1:
                    raise _no_workbook()
                parts[info.filename] = archive.read(info)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,  # a directory that points before the beginning of the file
    ) as error:
        raise _no_workbook() from error
    return parts


class _Scan:
    """What the parser does not say of a part: hidden rows and columns, cells without their value.

    It also holds each sheet to its limits before it is parsed, and names the cell that is too far
    out: somebody must find and delete it.
    """

    def __init__(self) -> None:
        self.row = self.column = -1
        self.cells = 0
        self.hidden_rows: set[int] = set()
        self.hidden_spans: list[tuple[int, int]] = []
        self.broken: list[tuple[int, int]] = []
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self._kind = ""
        self._has_formula = self._has_value = self._in_value = False

    def columns_hidden(self) -> frozenset[int]:
        return frozenset(n for start, end in self.hidden_spans for n in range(start, end + 1))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in ("v", "is"):
            self._in_value = True
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self.row = _count(attributes.get("r"), self.row + 2) - 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.add(self.row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first = _count(attributes.get("min"), 1) - 1
            last = min(_count(attributes.get("max"), 1) - 1, MOST_COLUMNS)
            self.hidden_spans.append((first, last))
        elif tag == "sheet" and "name" in attributes:
            own = [value for key, value in attributes.items() if key.endswith(":id")]
            self.sheets[attributes["name"]] = own[0] if own else ""
        elif tag == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def _cell(self, attributes: dict[str, str]) -> None:
        if "r" not in attributes:
            self.column += 1
        elif (found := _CELL_NAME.fullmatch(attributes["r"])) is None:
            raise _no_workbook()
        else:
            self.row, self.column = int(found[2]) - 1, _column(found[1])
        self._kind = attributes.get("t", "")
        self._has_formula = self._has_value = False

    def text(self, _text: str) -> None:
        if self._in_value:
            self._has_value = True

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "is"):
            self._in_value = False
        elif tag == "c" and (self._has_value or self._has_formula):
            self._check_place()
            # a formula may well answer empty text; then its cell says that it is text
            if self._kind == "e" or (not self._has_value and self._kind != "str"):
                self.broken.append((self.row, self.column))

    def _check_place(self) -> None:
        self.cells += 1
        if self.row >= MOST_ROWS or self.column >= MOST_COLUMNS or self.cells > MOST_CELLS:
            raise _too_large(
                _("cell %(cell)s is filled") % {"cell": cell_name(self.row, self.column)}
            )


_CELL_NAME = re.compile(r"([A-Z]{1,5})([1-9][0-9]{0,8})")
_COUNT = re.compile(r"[0-9]{1,9}")


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _count(written: str | None, otherwise: int) -> int:
    if written is None:
        return otherwise
    if _COUNT.fullmatch(written) is None:
        raise _no_workbook()
    return int(written)


def _scan(part: bytes) -> _Scan:
    scan = _Scan()
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler, parser.buffer_text = scan.text, True
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise _no_workbook() from error
    return scan


def _no_document_type(*_declaration: Any) -> None:
    raise _no_workbook()


def _part_of(sheet: str, scans: dict[str, _Scan]) -> str:
    book = scans["xl/workbook.xml"]
    relations = scans.get("xl/_rels/workbook.xml.rels", _Scan())
    target = relations.targets.get(book.sheets.get(sheet, ""), "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _parsed(content: bytes) -> list[Sheet]:
    done = subprocess.run(  # noqa: S603 - our own program, with the file on its standard input
        [sys.executable, "-I", parsing.__file__],
        input=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode == parsing.NEEDS_PASSWORD:
        raise _needs_password()
    if done.returncode:
        raise _no_workbook()
    return [_sheet(**one) for one in json.loads(done.stdout, object_hook=parsing.heard)]


def _sheet(name: str, rows: list[list[Cell]], merged: list[Any], is_hidden: bool) -> Sheet:
    width = len(rows[0]) if rows else 0
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        last = cell_name(len(rows) - 1, width - 1)
        raise _too_large(_("cell %(cell)s is filled") % {"cell": last})
    return Sheet(name, rows, _merged(merged, len(rows) - 1, width - 1), is_hidden)


def _merged(
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], last_row: int, last_column: int
) -> list[Merged]:
    """The merged cells as far as anything is filled. They cannot lie on each other."""
    clipped = [
        Merged(top, left, min(bottom, last_row), min(right, last_column))
        for (top, left), (bottom, right) in ranges
        if top <= last_row and left <= last_column
    ]
    covered = sum((one.bottom - one.top + 1) * (one.right - one.left + 1) for one in clipped)
    if covered > (last_row + 1) * (last_column + 1):
        raise _no_workbook()
    return clipped


def _csv(content: bytes) -> list[list[Cell]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            written = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _no_workbook()
    first_line = next((line for line in written.splitlines() if line.strip()), "")
    if "\0" in written or first_line.lstrip().startswith("<") or not first_line:
        raise _no_workbook()
    delimiter = max(",\t;", key=first_line.count)
    try:
        rows: list[list[Cell]] = [
            list(row) for row in csv.reader(io.StringIO(written), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise _no_workbook() from error
    width = max(map(len, rows))
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise _too_large(_("cell %(cell)s is filled") % {"cell": cell_name(len(rows), width)})
    return [row + [""] * (width - len(row)) for row in rows]


# Writing


class Heading(NamedTuple):
    """A column of a workbook to be written: its header, and its width in Latin characters."""

    header: str
    width: int


_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_name": "宋体", "font_size": 10}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "header": _PLAIN | {"bold": True, "align": "center", "bg_color": "#EDEDED"},
    "text": _PLAIN,
    "quoted": _PLAIN | {"quote_prefix": True},
    "day": _PLAIN | {"num_format": "yyyy-mm-dd", "align": "center"},
    "moment": _PLAIN | {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
}
_A4 = 9


def write_workbook(
    out: str | IO[bytes],
    title: str,
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet_name: str = "台账",
) -> int:
    """Write one sheet: the title, the headers, the rows; how many rows there were.

    Ready to print on A4 across, as wide as the page, with the headers on every page. Days are real
    dates. Text is never a formula, whatever it begins with.
    """
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        sheet = book.add_worksheet(sheet_name)
        _set_up(sheet, headings)
        if len(headings) > 1:
            sheet.merge_range(0, 0, 0, len(headings) - 1, title, looks["title"])
        else:
            sheet.write_string(0, 0, title, looks["title"])
        for column, heading in enumerate(headings):
            sheet.write_string(1, column, heading.header, looks["header"])
        row = 1
        for row, values in enumerate(rows, 2):
            for column, value in enumerate(values):
                _write(sheet, row, column, value, looks)
        return row - 1


def _set_up(sheet: Any, headings: Sequence[Heading]) -> None:
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, heading.width)
    sheet.set_row(0, 30)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C&P / &N")


def _write(sheet: Any, row: int, column: int, value: Cell, looks: dict[str, Any]) -> None:
    if isinstance(value, bool):
        value = "是" if value else "否"
    elif isinstance(value, date) and value.year < 1900:
        value = value.isoformat()  # Excel knows no earlier days
    if value is None or value == "":
        sheet.write_blank(row, column, None, looks["text"])
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, looks["text"])
    elif isinstance(value, date):
        look = "moment" if isinstance(value, datetime) else "day"
        sheet.write_datetime(row, column, value, looks[look])
    else:
        written = str(value)
        if len(written) > LONGEST_CELL:
            written = written[: LONGEST_CELL - 1] + "…"
        look = "quoted" if written.startswith(_FORMULA_SIGNS) else "text"
        sheet.write_string(row, column, written, looks[look])
