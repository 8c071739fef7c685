"""All ledgers of the house: those of places, then those of each line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import door
from .layouts import lay_out
from .ledger import Ledger, export
from .place_ledgers import PLACE_LEDGERS
from .staging import Staged, stage, write_faulty
from .workbooks import open_workbook

__all__ = [
    "Ledger",
    "Staged",
    "export",
    "ledger_called",
    "ledger_of",
    "ledger_of_file",
    "ledgers",
    "stage",
    "write_faulty",
]


def ledgers() -> Iterator[Ledger]:
    """All ledgers, in the order in which they are offered."""
    yield from PLACE_LEDGERS
    for line in door.lines():
        yield from line.ledgers


def ledger_called(name: str) -> Ledger:
    """The ledger with that code or title. LookupError if there is none."""
    for ledger in ledgers():
        if name in (ledger.code, ledger.title):
            return ledger
    raise LookupError(name)


def ledger_of(content: bytes, file_name: str = "") -> Ledger:
    """The ledger whose columns a file has most of. LookupError if it has those of none."""
    best: tuple[int, Ledger] | None = None
    sheets = [sheet for sheet in open_workbook(content, file_name) if not sheet.is_hidden]
    for ledger in ledgers():
        layouts = [lay_out(sheet, ledger.headers, {}) for sheet in sheets]
        score = max((len(layout.mapped) for layout in layouts if layout), default=0)
        if score > (best[0] if best else 1):
            best = score, ledger
    if best is None:
        raise LookupError(file_name)
    return best[1]


def ledger_of_file(file: Path) -> Ledger:
    """The ledger whose columns the file has most of. LookupError if it has those of none."""
    return ledger_of(file.read_bytes(), file.name)
