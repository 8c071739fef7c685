"""Tables pasted into a text: rows of cells parted by tabs, bars or wide blanks.

The measure word of a cell stands in the cell itself, in brackets in the head of its column or of
its row (投资（万元）), in a column 单位, or above the table (单位：万元). A head may have two rows.
The upper one then names groups of columns: each is written once, and the cells behind it are empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fenghuang.claims.units import SPELLINGS

_BAR = re.compile(r"\s*[|｜│]\s*")
_TAB = re.compile(r"[ \u3000]*\t[ \u3000]*")
_TABS = re.compile(r"[ \u3000]*\t+[ \u3000]*")
_WIDE = re.compile(r"[ \u3000]{2,}|(?<=\S)\u3000+")
_NARROW = re.compile(r"[ \u3000]+")
_SEPARATORS = (_BAR, _TAB, _TABS, _WIDE, _NARROW)
_RULE = re.compile(r"[\s|｜│:+=—–-]+")
_UNIT = "|".join(map(re.escape, SPELLINGS))
IN_BRACKETS = re.compile(rf"[（(\[](?:单位[:：])?(?P<unit>[百千万亿]{{0,2}}(?:{_UNIT}))[）)\]]")
_ABOVE = re.compile(rf"单位[:：]\s*(?P<unit>[百千万亿]{{0,2}}(?:{_UNIT}))[）)]?$")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.[0-9]{1,6})?")
_SERIAL = re.compile("序号|编号|No\\.?|电话|时间|日期|时限|年份|楼号|门牌")
_RANKS = re.compile("(?:排名|名次|位次|排序)$")
_WHEN = re.compile("(?:19|20)[0-9]{2}(?:年|$)|[0-9]{1,2}月")
_FIGURE = re.compile(rf"{_NUMBER.pattern}[余多]?[百千万亿]{{0,2}}(?:{_UNIT})?")


@dataclass(frozen=True, slots=True)
class Field:
    """One cell as it stands, without the blanks round it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


Row = Sequence[Field]


@dataclass(frozen=True, slots=True)
class Table:
    """The lines from `first` up to `last`: the labels of the columns, and the rows below.

    `labels` is empty if the table was pasted without its head. `unit` is that written above it.
    """

    first: int
    last: int
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: where it stands, its words with the measure word, and its labels."""

    start: int
    end: int
    phrase: str
    row: str
    column: str


def tables(plain: str, lines: Sequence[tuple[int, int]]) -> list[Table]:
    """The tables among the lines of a text with half-width digits, in order."""
    found = []
    number = 0
    barren = dict.fromkeys(_SEPARATORS, 0)  # up to where a separator is known to part no table
    while number < len(lines):
        for separator in _SEPARATORS:
            if number < barren[separator]:
                continue
            rows = _run(plain, lines, number, separator)
            if _is_table(rows, separator):
                above = _unit_above(plain, lines, number)
                labels, body = _head_and_body([row for row in rows if row])
                found.append(Table(number, number + len(rows), labels, tuple(body), above))
                number += len(rows) - 1
                break
            barren[separator] = number + len(rows)
        number += 1
    return found


def _run(
    plain: str, lines: Sequence[tuple[int, int]], first: int, separator: re.Pattern[str]
) -> list[Row]:
    """The lines from one on that a separator parts into about as many cells as the first."""
    rows: list[Row] = []
    for number in range(first, len(lines)):
        start, end = lines[number]
        if rows and separator is _BAR and _RULE.fullmatch(plain, start, end):
            rows.append([])
            continue
        fields = _fields(plain, start, end, separator)
        width = len(rows[0]) if rows else len(fields)
        if len(fields) < 2 or abs(len(fields) - width) > (width > 2):
            break
        if any("。" in field.text for field in fields):
            break
        rows.append(fields)
    return rows


def _fields(plain: str, start: int, end: int, separator: re.Pattern[str]) -> Row:
    """The cells of a line. Of single tabs each parts two cells, and so does each bar inside."""
    line = plain[start:end]
    blank = " \u3000"
    start += len(line) - len(line.lstrip(blank if separator in (_TAB, _TABS) else blank + "\t"))
    end -= len(line) - len(line.rstrip(blank if separator is _TAB else blank + "\t"))
    if separator is _BAR:
        start += plain[start : start + 1] in ("|", "｜", "│")
        end -= start < end and plain[end - 1] in "|｜│"
    fields = []
    at = start
    for gap in separator.finditer(plain, start, end):
        fields.append(_field(plain, at, gap.start()))
        at = gap.end()
    if start < end:
        fields.append(_field(plain, at, end))
    return fields


def _field(plain: str, start: int, end: int) -> Field:
    text = plain[start:end]
    return Field(start + len(text) - len(text.lstrip()), text.strip())


def _is_table(rows: Sequence[Row], separator: re.Pattern[str]) -> bool:
    """Whether the head has no figures and the rows below have; narrow blanks must prove more.

    Single tabs part a table only if that gives every row as many cells.
    """
    head, *body = [row for row in rows if row] or [[]]
    figures = sum(bool(_NUMBER.match(field.text)) for row in body for field in row[1:])
    if not body or not figures:
        return False
    if separator is _NARROW and not IN_BRACKETS.search(" ".join(field.text for field in head)):
        return False
    return separator not in (_TAB, _NARROW) or all(len(row) == len(head) for row in body)


def _head_and_body(rows: Sequence[Row]) -> tuple[tuple[str, ...], Sequence[Row]]:
    """The labels of the columns and the rows below; no labels if already the first row counts."""
    if _has_figures(rows[0]):
        return (), rows
    labels = tuple(field.text for field in rows[0])
    lower = tuple(field.text for field in rows[1])
    if len(rows) > 2 and len(labels) == len(lower) and not _has_figures(rows[1]):
        groups = _groups(labels, lower)
        if len(set(filter(None, groups))) < len(groups):  # one group stands over several columns
            return tuple(map(_joined, groups, lower)), rows[2:]
    return labels, rows[1:]


def _has_figures(row: Row) -> bool:
    return any(_FIGURE.fullmatch(field.text) and not _WHEN.match(field.text) for field in row)


def _groups(upper: Sequence[str], lower: Sequence[str]) -> Sequence[str]:
    """What stands over each column; an empty cell belongs to the group before it."""
    groups: list[str] = []
    for label, below in zip(upper, lower, strict=True):
        groups.append(label or (groups[-1] if groups and below else ""))
    return groups


def _joined(group: str, label: str) -> str:
    """The label of a column under its group; the nearer measure word holds."""
    if group == label:
        return label
    return (IN_BRACKETS.sub("", group) if IN_BRACKETS.search(label) else group) + label


def _unit_above(plain: str, lines: Sequence[tuple[int, int]], first: int) -> str:
    for start, end in reversed(lines[max(0, first - 2) : first]):
        if found := _ABOVE.search(plain[start:end].strip()):
            return found["unit"]
    return ""


def figures(table: Table) -> Iterator[Cell]:
    """The figures of a table that have a measure word, in order."""
    labels = table.labels
    unit_column = next((n for n, label in enumerate(labels) if label in ("单位", "计量单位")), None)
    for row in table.rows:
        shift = max(0, len(labels) - len(row))
        row_label, first_figure = _row_label(row, labels)
        row_unit = _bracketed(row_label)
        if unit_column is not None and unit_column < len(row):
            row_unit = row[unit_column].text
        for n, field in enumerate(row[first_figure:], first_figure):
            label = labels[n + shift] if n + shift < len(labels) else ""
            if n == unit_column or _SERIAL.search(label):
                continue
            rank = "名次" if _RANKS.search(label) else ""
            words = _words(field.text, rank or _bracketed(label) or row_unit or table.unit)
            if words:
                yield Cell(
                    field.start,
                    field.end,
                    words,
                    IN_BRACKETS.sub("", row_label).strip(),
                    IN_BRACKETS.sub("", label).strip(),
                )


def _row_label(row: Row, labels: Sequence[str]) -> tuple[str, int]:
    """The label of a row and the number of the first cell behind it."""
    for n, field in enumerate(row):
        text = field.text
        if text and not _NUMBER.match(text) and not (n < len(labels) and _SERIAL.search(labels[n])):
            return text, n + 1
    return "", 1


def _bracketed(label: str) -> str:
    found = IN_BRACKETS.search(label)
    return found["unit"] if found else ""


def _words(text: str, unit: str) -> str:
    """The cell with its measure word, or "" if it is not one figure."""
    if _NUMBER.fullmatch(text) and unit:
        return text.removeprefix("+") + unit
    if re.search(rf"[0-9](?:余|多)?[百千万亿]{{0,2}}(?:{_UNIT})$", text) and len(text) <= 16:
        return text
    if unit and re.fullmatch(
        r"(?:[0-9.,]{1,12}[余多]?[百千万亿]{0,2}|[0-9.,]{1,9}[—–~～-][0-9.,]{1,9})", text
    ):
        return text + unit
    return ""
