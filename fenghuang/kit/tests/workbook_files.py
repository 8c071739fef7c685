"""Workbook files for tests, as offices make them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import openpyxl


def xlsx(sheets: Mapping[str, Iterable[Sequence[object]]], **merged: Sequence[str]) -> bytes:
    """A workbook of these sheets. `merged` names for a sheet the merged cells (“A2:A3”)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in merged.get(name, ()):
            sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
