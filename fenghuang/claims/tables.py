"""Tables pasted into a text: rows of cells parted by tabs, bars or wide blanks.

The measure word of a cell stands in the cell itself, in brackets in the head of its column or of
its row (投资（万元）), in a column 单位, or above the table (单位：万元).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fenghuang.claims.units import SPELLINGS

_BAR = re.compile(r"\s*[|｜│]\s*")
_TAB = re.compile(r"[ \u3000]*\t+[ \u3000]*")
_WIDE = re.compile(r"[ \u3000]{2,}|(?<=\S)\u3000+")
_NARROW = re.compile(r"[ \u3000]+")
_SEPARATORS = (_BAR, _TAB, _WIDE, _NARROW)
_RULE = re.compile(r"[\s|｜│:+=—–-]+")
_UNIT = "|".join(map(re.escape, SPELLINGS))
IN_BRACKETS = re.compile(rf"[（(\[](?:单位[:：])?(?P<unit>[百千万亿]{{0,2}}(?:{_UNIT}))[）)\]]")
_ABOVE = re.compile(rf"单位[:：]\s*(?P<unit>[百千万亿]{{0,2}}(?:{_UNIT}))[）)]?$")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.[0-9]{1,6})?")
_SERIAL = re.compile("序号|编号|No\\.?|电话|时间|日期|时限|年份|楼号|门牌")
_RANKS = re.compile("(?:排名|名次|位次|排序)$")
_YEAR = re.compile("\\s*(?:19|20)[0-9]{2}年")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: where it stands, its words with the measure word, and its labels."""

    start: int
    end: int
    phrase: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive lines of a text that are rows of one table."""

    first: int
    last: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    start: int
    end: int
    text: str


def tables(plain: str, lines: Sequence[tuple[int, int]]) -> list[Table]:
    """The tables among the lines of a text, in order."""
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
                found.append(Table(number, number + len(rows), tuple(_cells(rows, above))))
                number += len(rows) - 1
                break
            barren[separator] = number + len(rows)
        number += 1
    return found


def _run(
    plain: str, lines: Sequence[tuple[int, int]], first: int, separator: re.Pattern[str]
) -> list[list[_Field]]:
    """The lines from one on that a separator parts into about as many cells as the first."""
    rows: list[list[_Field]] = []
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


def _fields(plain: str, start: int, end: int, separator: re.Pattern[str]) -> list[_Field]:
    while start < end and plain[start] in " \u3000\t|｜│":
        if plain[start] == "\t" and separator is _TAB:
            break
        start += 1
    while start < end and plain[end - 1] in " \u3000\t|｜│":
        end -= 1
    fields = []
    at = start
    for gap in separator.finditer(plain, start, end):
        fields.append(_Field(at, gap.start(), plain[at : gap.start()]))
        at = gap.end()
    if start < end:
        fields.append(_Field(at, end, plain[at:end]))
    return fields


def _is_table(rows: list[list[_Field]], separator: re.Pattern[str]) -> bool:
    """Whether the head has no figures and the rows below have; narrow blanks must prove more."""
    head, *body = [row for row in rows if row] or [[]]
    figures = sum(bool(_NUMBER.match(field.text)) for row in body for field in row[1:])
    if not body or not figures:
        return False
    if separator is _NARROW:
        return bool(IN_BRACKETS.search(" ".join(field.text for field in head))) and all(
            len(row) == len(head) for row in body
        )
    return True


def _unit_above(plain: str, lines: Sequence[tuple[int, int]], first: int) -> str:
    for start, end in reversed(lines[max(0, first - 2) : first]):
        if found := _ABOVE.search(plain[start:end].strip()):
            return found["unit"]
    return ""


def _cells(rows: Sequence[Sequence[_Field]], above: str) -> Iterator[Cell]:
    head, *body = [row for row in rows if row]
    if any(re.match("[0-9]", field.text.strip()) and not _YEAR.match(field.text) for field in head):
        head, body = [], [head, *body]
    labels = [field.text.strip() for field in head]
    unit_column = next((n for n, label in enumerate(labels) if label in ("单位", "计量单位")), None)
    for row in body:
        shift = len(labels) - len(row) if labels else 0
        row_label, first_figure = _row_label(row, labels)
        row_unit = _bracketed(row_label)
        if unit_column is not None and unit_column < len(row):
            row_unit = row[unit_column].text.strip()
        for n, field in enumerate(row[first_figure:], first_figure):
            label = labels[n + max(0, shift)] if n + max(0, shift) < len(labels) else ""
            if n == unit_column or _SERIAL.search(label):
                continue
            rank = "名次" if _RANKS.search(label) else ""
            words = _words(field.text.strip(), rank or _bracketed(label) or row_unit or above)
            if words:
                lead = len(field.text) - len(field.text.lstrip())
                start = field.start + lead
                yield Cell(
                    start,
                    start + len(field.text.strip()),
                    words,
                    IN_BRACKETS.sub("", row_label).strip(),
                    IN_BRACKETS.sub("", label).strip(),
                )


def _row_label(row: Sequence[_Field], labels: Sequence[str]) -> tuple[str, int]:
    """The label of a row and the number of the first cell behind it."""
    for n, field in enumerate(row):
        text = field.text.strip()
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
