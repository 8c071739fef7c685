"""The commands that read report texts: restore, claims, audit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from .house import Progress, books, chosen_place, print_json

T = TypeVar("T")

FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
JSON = click.option("--json", "as_json", is_flag=True)


def _texts(files: Sequence[Path]) -> list[str]:
    """The texts of the files, all or none."""
    from fenghuang.claims.documents import Unreadable

    texts = []
    for file in files:
        try:
            texts.append(_text(file.name, file.read_bytes()))
        except Unreadable as unreadable:
            raise click.UsageError(f"{file}: {unreadable.english}") from unreadable
    return texts


def _text(name: str, data: bytes) -> str:
    """The text of a file. Plain text keeps all its blanks, so that offsets point into the file;
    the end of a line counts as one character.
    """
    from fenghuang.claims.documents import Format, read_document
    from fenghuang.claims.documents.plain import read_plain

    document = read_document(name, data)
    if document.format is not Format.TEXT:
        return document.text
    return read_plain(data)[0].replace("\r\n", "\n").replace("\r", "\n")


def _each(files: Sequence[Path], work: Callable[[Path, str], T]) -> list[T]:
    """Do the work on each file; a bar where there are several."""
    texts = _texts(files)
    if len(files) == 1:
        return [work(files[0], texts[0])]
    done = []
    with Progress() as progress:
        for file, text in zip(files, texts, strict=True):
            done.append(work(file, text))
            progress("files", len(done), len(files))
    return done


def _one_or_many(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else found


@click.command()
@FILES
@JSON
def restore(files: Sequence[Path], as_json: bool) -> None:
    """Mend a garbled text: prints it, and what was repaired."""
    from fenghuang.claims.restoring import restore as mend

    found = _each(files, lambda _file, text: mend(text))
    if as_json:
        print_json(_one_or_many([one.as_json() for one in found]))
        return
    for file, one in zip(files, found, strict=True):
        click.echo(one.text)
        doubts = [repair for repair in one.repairs if not repair.certain]
        click.echo(f"{file}: {len(one.repairs)} repairs, {len(doubts)} not certain", err=True)
        for repair in doubts:
            shown = f"{repair.before!r} → {repair.after!r}"
            click.echo(f"{repair.start}–{repair.end} {repair.kind}: {shown}", err=True)


@click.command()
@FILES
@JSON
def claims(files: Sequence[Path], as_json: bool) -> None:
    """List what a text claims in figures, and what does not fit inside it. Needs no records.

    Ends with 1 where something in the text does not fit or leaves a question open.
    """
    from fenghuang.claims.texts import understand

    found = _each(files, lambda _file, text: understand(text))
    if as_json:
        print_json(_one_or_many([one.as_json() for one in found]))
    else:
        for file, one in zip(files, found, strict=True):
            if len(files) > 1:
                click.echo(f"== {file}")
            for claim in one.claims:
                period = f"  {claim.period}" if claim.period else ""
                click.echo(f"{claim.text}\t{claim.owner}{claim.subject}{period}")
            for finding in one.findings:
                click.echo(f"{finding.level}\t{finding.sentence}")
            click.echo(f"{len(one.claims)} claims, {len(one.findings)} findings", err=True)
    sys.exit(1 if any(one.has_doubts for one in found) else 0)


@click.command()
@FILES
@click.option("--year", type=click.IntRange(1990, 2199), required=True)
@click.option("--place", "place_code")
@click.option("--html", type=click.Path(path_type=Path), help="A page; a folder for several files.")
@JSON
def audit(
    files: Sequence[Path], year: int, place_code: str | None, html: Path | None, as_json: bool
) -> None:
    """Hold every figure of a text against the records.

    Ends with 1 where a claim is too high, too low or backed by nothing, or where something in the
    text does not fit.
    """
    texts, pages = _texts(files), _pages(files, html)
    books()
    from fenghuang.indicators import periods
    from fenghuang.reports.audit_editions import as_html
    from fenghuang.reports.audit_editions import as_json as in_json
    from fenghuang.reports.auditing import audit as judge_text

    place, period = chosen_place(place_code), periods.year(year)
    with Progress() as progress:
        found = [judge_text(text, place, period, progress) for text in texts]
    for page, file, one in zip(pages, files, found, strict=bool(pages)):
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(as_html(one, file.stem), encoding="utf-8", newline="\n")
    if as_json:
        print_json(_one_or_many([in_json(one) for one in found]))
    else:
        for file, one in zip(files, found, strict=True):
            if len(files) > 1:
                click.echo(f"== {file}")
            for line in told(one):
                click.echo(line)
    sys.exit(1 if any(one.finds_fault for one in found) else 0)


def _pages(files: Sequence[Path], html: Path | None) -> list[Path]:
    """Where the pages of the files go; none where no page is wanted."""
    if html is None or len(files) == 1:
        return [] if html is None else [html]
    stems = [file.stem for file in files]
    if twice := {one for one in stems if stems.count(one) > 1}:
        names = ", ".join(sorted(twice))
        raise click.UsageError(f"Several files are called {names}: their pages would be one.")
    return [html / f"{one}.html" for one in stems]


def told(audit: Any) -> Iterator[str]:
    """An audit in lines: each claim, what does not fit, and the sums."""
    from fenghuang.reports.audit_shown import Row, in_sum

    for judged in audit.judged:
        row = Row(judged)
        about = judged.claim.owner + judged.claim.subject
        yield f"{row.sign} {judged.claim.text}\t{about}\t{judged.verdict.reason.sentence}"
    for one in audit.findings:
        yield f"{one.level}\t{one.sentence}"
    yield in_sum(audit)
