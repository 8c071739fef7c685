"""A ledger brought in from the command line: looked through, entered, and told."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import click

from .house import Progress


class Said(NamedTuple):
    """What headers and words of the file mean: as `stage` takes it."""

    columns: dict[str, str]
    words: dict[str, dict[str, str]]


def answers(ledger: Any, means: tuple[str, ...]) -> Said:
    """HEADER=COLUMN and COLUMN:WORD=MEANING, read. Columns go by header or code."""
    from fenghuang.kit.cells import folded

    said = Said({}, {})
    for one in means:
        asked, equals, meaning = (part.strip() for part in one.rpartition("="))
        if not (asked and equals):
            raise click.UsageError(f"--means {one}: write HEADER=COLUMN or COLUMN:WORD=MEANING.")
        before, colon, word = asked.partition(":")
        column = _column(ledger, before)
        if colon and column is not None:
            said.words.setdefault(column.code, {})[folded(word)] = meaning
            continue
        meant = _column(ledger, meaning) if meaning else None
        if meaning and meant is None:
            raise click.UsageError(f"--means {one}: the ledger has no column {meaning}.")
        said.columns[asked] = meant.code if meant else ""
    return said


def _column(ledger: Any, name: str) -> Any:
    return ledger.headers.columns.get(name) or ledger.headers.column(name)


def enter(
    ledger: Any,
    file: Path,
    *,
    street: Any,
    actor: Any,
    year: int | None,
    said: Said,
    dry_run: bool,
) -> tuple[Any, Any]:
    """Look the file through and, if nothing is wrong, enter what is new; the batch, if any."""
    from fenghuang.kit.actions import commit_batch, remember_mapping
    from fenghuang.kit.ledgers import stage

    watched = sys.stderr.isatty()
    bar: Any = Progress() if watched else nullcontext(_in_silence)
    with bar as progress:
        staged = stage(
            ledger,
            file.read_bytes(),
            file.name,
            street=street,
            user=actor,
            year=year,
            mapping=said.columns,
            words=said.words,
            progress=lambda done, total: progress("read", done, total),
        )
        batch = None
        if not (staged.errors or dry_run) and staged.new:
            progress("enter", 0, len(staged.new))
            batch = commit_batch(staged, actor=actor)
            progress("enter", len(staged.new), len(staged.new))
    if batch and (said.columns or said.words):
        for sheet in staged.sheets:
            if sheet.layout is not None:
                remember_mapping(
                    street, ledger, sheet.layout, said.columns, said.words, actor=actor
                )
    return staged, batch


def _in_silence(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def report(staged: Any, batch: Any) -> None:
    """What was found, what is to be asked, and how many rows there were."""
    for one in staged.findings:
        click.echo(f"{one.sheet}!{one.cell} {one.column}: {one.sentence}")
    for line in _asked(staged):
        click.echo(line)
    click.echo(
        f"{staged.ledger.title}: {len(staged.new)} new, {len(staged.known)} known, "
        f"{len(staged.new) if batch else 0} entered, {len(staged.errors)} to mend"
    )
    if batch:
        click.echo(f"fenghuang undo-import {batch.pk}")


def _asked(staged: Any) -> list[str]:
    """The questions as options that answer them, to be filled in and added to the command."""
    from fenghuang.kit.questions import questions

    asked, columns = questions(staged), staged.ledger.headers.columns
    lines = [
        f"--means '{one.header}={columns[one.guess].header if one.guess else ''}'"
        for one in asked.headers
    ]
    for word in asked.words:
        names = "、".join(name for _answer, name in word.answers)
        lines.append(
            f"--means '{word.column.header}:{word.word}={dict(word.answers).get(word.guess, '')}'"
            f"  # {word.cells} × {names}"
        )
    return [*lines, *(["--year"] if asked.needs_year else [])]


def report_json(staged: Any, batch: Any) -> dict[str, Any]:
    return {
        "ledger": staged.ledger.code,
        "new": len(staged.new),
        "known": len(staged.known),
        "entered": len(staged.new) if batch else 0,
        "batch": batch and batch.pk,
        "skipped": [str(one) for one in staged.skipped],
        "asked": _asked(staged),
        "findings": [
            {
                "sheet": one.sheet,
                "cell": one.cell,
                "column": one.column,
                "code": one.code,
                "severity": one.severity,
                "sentence": str(one.sentence),
            }
            for one in staged.findings
        ],
    }
