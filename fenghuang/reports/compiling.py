"""From the texts of the chapters and the records to a report, and from the report to files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import chain
from pathlib import Path

from fenghuang.indicators import periods
from fenghuang.kernel.journal import checkpoint
from fenghuang.kernel.people.actions import system_account
from fenghuang.kernel.places.models import Place
from fenghuang.kit.door import Line

from . import chapters, editions, prose
from .actions import define, signed_head
from .filling import (
    CompiledChapter,
    CompiledReport,
    definitions_in,
    passages,
    read_for,
    trace_address,
)

FORMATS = ("html", "txt")

#: Told what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


def compile_report(place: Place, year: int, lines: Iterable[Line] | None = None) -> CompiledReport:
    """The report of a street, or of a place in it, for a calendar year.

    All figures are read together: the number of queries depends on the kinds of records counted,
    not on how many records or figures there are.
    """
    wanted = chapters.sources(lines)
    texts = [
        (one.source, prose.parse(one.text))
        for one in chapters.written(place.street_id, year, wanted)
    ]
    period = periods.year(year)
    read = read_for([paragraph for _, text in texts for paragraph in text], period, place)
    return CompiledReport(
        title=f"{place.name}{year}年工作总结",
        place=place,
        period=period,
        chapters=tuple(
            CompiledChapter(one.code, one.heading, passages(text, period, place, read))
            for one, text in texts
        ),
        figures=read,
        has_lines=any(one.is_of_line for one in wanted),
    )


def write_report(
    out: Path,
    place: Place,
    year: int,
    formats: Collection[str] = FORMATS,
    progress: Progress = lambda what, done, total: None,
) -> list[Path]:
    """Compile the report into a folder; the files that a reader begins with.

    The definitions of its figures are put on record first, and the head of the journal is signed,
    so that every figure names an entry and a tree that stand. Beside the report the folder holds
    `figures.json`, `checkpoint.txt` and, with html, one page for each figure in `trace/`. The same
    state of the books gives the same bytes.
    """
    street = place.street
    texts = [prose.parse(one.text) for one in chapters.written(street.pk, year)]
    define(street, definitions_in(chain(*texts)), system_account().pseudonym)
    signed = signed_head(street)
    head = checkpoint.parse(signed).head
    report = compile_report(place, year)
    _write(out / "checkpoint.txt", signed)
    _write(out / "figures.json", editions.as_json(report))
    begin = []
    if "txt" in formats:
        begin.append(_write(out / "report.txt", editions.as_text(report)))
    if "html" in formats:
        begin.append(_write(out / "report.html", editions.as_html(report, head)))
        for done, code in enumerate(sorted(report.figures), 1):
            _write(out / trace_address(code), editions.trace_html(report, code, head))
            progress(report.title, done, len(report.figures))
    return begin


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
