"""Parses a workbook in a process of its own, of little memory and time.

The parser is quick because it believes what a file says of itself: a file may say that it holds
four thousand million strings, and the process that makes room for them ends there and then. So it
is a process that nobody misses. Workbook on the standard input, sheets as JSON on the standard
output; the exit code says why there are none.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visible

MEMORY = 1024**3  # bytes
SECONDS = 60  # of the processor
NEEDS_PASSWORD = 3
NO_WORKBOOK = 4


def sheets(content: bytes) -> list[dict[str, Any]]:
    """All worksheets: name, rows from A1 on, merged cells, whether hidden."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return [
            _sheet(book, index, about.name, about.visible != Visible.Visible)
            for index, about in enumerate(book.sheets_metadata)
            if about.typ == SheetTypeEnum.WorkSheet
        ]


def _sheet(book: CalamineWorkbook, index: int, name: str, is_hidden: bool) -> dict[str, Any]:
    found = book.get_sheet_by_index(index)
    return {
        "name": name,
        "rows": found.to_python(skip_empty_area=False),
        "merged": found.merged_cell_ranges or [],
        "is_hidden": is_hidden,
    }


def _told(cell: object) -> object:
    """A cell for which JSON has no form."""
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    return str(cell)


def heard(cell: dict[str, Any]) -> object:
    """The cell again that `_told` has told."""
    match cell:
        case {"moment": str(told)}:
            return datetime.fromisoformat(told)
        case {"day": str(told)}:
            return date.fromisoformat(told)
        case {"time": str(told)}:
            return time.fromisoformat(told)
    return cell


def main() -> int:
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        found = sheets(content)
    except PasswordError:
        return NEEDS_PASSWORD
    except (CalamineError, ValueError, OSError, MemoryError):
        return NO_WORKBOOK
    json.dump(found, sys.stdout, default=_told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
