"""The commands. Each parses words, calls one function of the house, and prints what it answered."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import click

from . import suggest, texts
from .house import Progress, books, chosen_place, print_json, start, system_actor

DJANGO = ("migrate", "makemigrations", "collectstatic", "check", "shell", "showmigrations")

#: Commands of packages that are reached by name only.
OF_PACKAGES = {
    "token": "Issue, list and revoke tokens for programs.",
    "notices": "Send what is due, list what did not arrive.",
}


class House(click.Group):
    """Sets Django up for the commands that need it, and turns refusals into one line."""

    def invoke(self, ctx: click.Context) -> Any:
        from fenghuang.kernel.refusal import Refused

        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise click.UsageError(str(refused.sentence)) from refused
        except OSError as problem:
            if problem.filename is None:
                raise
            raise click.UsageError(f"{problem.filename}: {problem.strerror}") from problem


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fenghuang")
def main() -> None:
    """The work ledger of a street office: recorded once, every report derived."""


for _command in (texts.restore, texts.claims, texts.audit, suggest.suggest):
    main.add_command(_command)


# --- running the house


@main.command()
@click.option("--year", default=2021, show_default=True, help="The year of made-up records.")
@click.option(
    "--size", default=1.0, show_default=True, help="1 agrees with the report; 10 is ten times."
)
@click.option("--seed", default=2021, show_default=True)
@click.option("--out", default="out", show_default=True, type=click.Path(path_type=Path))
@click.option("--port", default=8000, show_default=True)
@click.option("--serve/--no-serve", default=True, show_default=True)
def demo(year: int, size: float, seed: int, out: Path, port: int, serve: bool) -> None:
    """Build the demo street, compile its report, serve the web."""
    os.environ["FENGHUANG_DEMO"] = "1"
    os.environ.setdefault("FENGHUANG_HOME", "var/demo")
    books()
    from .demo import build

    with Progress() as progress:
        made = build(year, size=size, seed=seed, out=out, progress=progress)
    for line in made:
        click.echo(line)
    if serve:
        _serve(port, "127.0.0.1")


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    show_default=True,
    help="Start a worker for long work beside the web.",
)
def serve(port: int, host: str, with_worker: bool) -> None:
    """Serve the web."""
    books()
    _serve(port, host, with_worker=with_worker)


@main.command()
@click.option("--beside", is_flag=True, hidden=True, help="End with the process that started it.")
def worker(beside: bool) -> None:
    """Do the long work, and send notices. One works, further ones stand by."""
    if beside:
        start()
    else:
        books()
    from .worker import work

    work(ends_with_parent=beside)


@main.command()
def remind() -> None:
    """Tell staff what is soon due or late (a worker does it by itself)."""
    books()
    from .worker import by_the_clock

    for done in by_the_clock():
        click.echo(done)


def _serve(port: int, host: str, *, with_worker: bool = True) -> None:
    from django.conf import settings
    from django.db import connection, connections
    from granian import Granian
    from granian.constants import Interfaces

    from .worker import worker_beside

    # One writer at a time suits SQLite best as one worker; PostgreSQL takes several.
    is_sqlite = connection.vendor == "sqlite"
    connections.close_all()
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
    click.echo(f"凤凰 {address}")
    if settings.DEMO:
        click.echo("演示账号列在登录页上 · the demo accounts are named on the sign-in page")
    with worker_beside() if with_worker else nullcontext():
        Granian(
            "fenghuang.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1 if is_sqlite else 2,
            blocking_threads=4,
            log_enabled=False,
        ).serve()


@main.command()
@click.option("--street", "street_name", prompt="街道名称 (name of the street)")
@click.option("--code", default="", help="Its statistical code of 12 digits, if known.")
@click.option("--username", prompt="登录名 (user name)")
@click.option("--name", "display_name", prompt="显示姓名 (name shown)")
@click.password_option(prompt="密码 (password)")
def createadmin(
    street_name: str, code: str, username: str, display_name: str, password: str
) -> None:
    """Open the books of a street and make its first administrator."""
    books()
    from fenghuang.kernel.people.actions import open_office

    admin = open_office(
        street_name, code=code, username=username, name=display_name, password=password
    )
    click.echo(f"{admin.street}: {admin.username}")


# --- ledgers


def _ledger(name: str | None, file: Path | None = None) -> Any:
    from fenghuang.kit.ledgers import ledger_called, ledger_of_file, ledgers

    try:
        return ledger_of_file(file) if file and not name else ledger_called(name or "")
    except LookupError as error:
        known = ", ".join(f"{one.code} ({one.title})" for one in ledgers())
        raise click.UsageError(f"Name one of the ledgers with --ledger: {known}") from error


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ledger", "name", help="Code or title of the ledger; found by its header if not given."
)
@click.option("--dry-run", is_flag=True, help="Only say what would be entered and what is wrong.")
@click.option("--year", type=int, help="The year of days written without one.")
@click.option("--place", "place_code", help="The street, where there are several.")
@click.option(
    "--means",
    multiple=True,
    metavar="HEADER=COLUMN | COLUMN:WORD=MEANING",
    help="What a header or a word of the file means; nothing after “=” for none. "
    "Remembered for such files once its rows are entered.",
)
@click.option("--json", "as_json", is_flag=True)
def import_(
    file: Path,
    name: str | None,
    dry_run: bool,
    year: int | None,
    place_code: str | None,
    means: tuple[str, ...],
    as_json: bool,
) -> None:
    """Enter the rows of an Excel ledger. What is there already is not entered again."""
    books()
    from .importing import answers, enter, report, report_json

    street = chosen_place(place_code).street
    ledger = _ledger(name, file)
    staged, batch = enter(
        ledger,
        file,
        street=street,
        actor=system_actor(),
        year=year,
        said=answers(ledger, means),
        dry_run=dry_run,
    )
    if as_json:
        print_json(report_json(staged, batch))
    else:
        report(staged, batch)
    sys.exit(1 if staged.errors else 0)


@main.command("undo-import")
@click.argument("batch", type=click.UUID)
def undo_import(batch: Any) -> None:
    """Withdraw all records of an import, named by the number that it gave out."""
    books()
    from fenghuang.kit.actions import undo_batch
    from fenghuang.kit.models import Batch

    found = Batch.objects.filter(pk=batch).first()
    if found is None:
        raise click.UsageError(f"There is no import {batch}.")
    undo_batch(found, actor=system_actor())
    click.echo(f"{found.file_name}: {found.rows}")


@main.command("export")
@click.argument("ledger")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--year", type=int)
@click.option("--place", "place_code")
def export_(ledger: str, out: Path, year: int | None, place_code: str | None) -> None:
    """Write a ledger as Excel, with the header that the office knows."""
    books()
    from fenghuang.kit.ledgers import export

    found = _ledger(ledger)
    place = chosen_place(place_code)
    rows = found.rows(place, year)
    with out.open("wb") as file:
        count = export(found, rows, file, place=place, year=year)
    click.echo(f"{out}: {count}")


@main.command("outlines")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be drawn and what is wrong.")
@click.option("--place", "place_code", help="The street, where there are several.")
@click.option("--json", "as_json", is_flag=True)
def outlines(file: Path, dry_run: bool, place_code: str | None, as_json: bool) -> None:
    """Draw the outlines of grids from a GeoJSON file. What is drawn already stays as it is."""
    books()
    from fenghuang.kit.actions import draw_outlines
    from fenghuang.kit.names import names_of
    from fenghuang.kit.outlines import stage_outlines

    street = chosen_place(place_code).street
    staged = stage_outlines(file.read_bytes(), names_of(street), street=street, file_name=file.name)
    drawn = 0
    if not staged.errors and not dry_run:
        drawn = draw_outlines(staged, actor=system_actor())
    if as_json:
        print_json(
            {
                "new": [str(grid) for grid, _geometry in staged.new],
                "known": [str(grid) for grid in staged.known],
                "drawn": drawn,
                "findings": [
                    {
                        "feature": one.row,
                        "code": one.code,
                        "severity": one.severity,
                        "sentence": str(one.sentence),
                    }
                    for one in staged.findings
                ],
            }
        )
    else:
        for one in staged.findings:
            click.echo(f"{one.cell}: {one.sentence}")
        click.echo(
            f"{file.name}: {len(staged.new)} new, {len(staged.known)} known, "
            f"{drawn} drawn, {len(staged.errors)} to mend"
        )
    sys.exit(1 if staged.errors else 0)


# --- figures


@main.command()
@click.option("--json", "as_json", is_flag=True)
def indicators(as_json: bool) -> None:
    """List the indicators."""
    start()
    from fenghuang.indicators.registry import indicators as known

    rows = [
        {
            "code": one.code,
            "name": one.zh,
            "unit": one.unit,
            "aggregation": one.aggregation.value,
            "period_kind": one.period.value,
            "line": one.line,
        }
        for one in known()
    ]
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['code']:<32} {row['name']} ({row['unit']}, {row['period_kind']})")


@main.command()
@click.argument("code")
@click.option("--year", type=int, required=True)
@click.option("--place", "place_code")
@click.option("--records", "with_records", is_flag=True, help="Name the records behind it.")
@click.option("--json", "as_json", is_flag=True)
def figure(code: str, year: int, place_code: str | None, with_records: bool, as_json: bool) -> None:
    """One figure, and the records behind it."""
    start()
    from fenghuang.indicators.figures import figure as read
    from fenghuang.indicators.periods import year as whole_year
    from fenghuang.indicators.registry import UnknownIndicator, indicator
    from fenghuang.reports import tracing

    try:
        definition = indicator(code)
    except UnknownIndicator as error:
        raise click.UsageError(
            f"There is no indicator {code}. See: fenghuang indicators"
        ) from error
    found = read(definition, whole_year(year), chosen_place(place_code))
    numbers = tracing.numbers(found) if with_records or as_json else []
    if as_json:
        print_json(
            {
                "code": code,
                "value": found.value,
                "unit": definition.unit,
                "period": str(found.period),
                "place": str(found.place),
                "definition": definition.version,
                "records": numbers,
            }
        )
        return
    value = "—" if found.value is None else found.value
    click.echo(f"{found.place} {found.period} {definition.zh}: {value} {definition.unit}")
    for number in numbers:
        click.echo(number)


@main.command("compile")
@click.option("--year", type=int, required=True)
@click.option("--place", "place_code")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "formats", default="html,txt", show_default=True)
def compile_(year: int, place_code: str | None, out: Path, formats: str) -> None:
    """Compile the annual report, each figure with the page that traces it."""
    start()
    from fenghuang.reports.compiling import write_report

    unknown = set(formats.split(",")) - {"html", "txt"}
    if unknown:
        raise click.UsageError(f"--format knows html and txt, not {', '.join(sorted(unknown))}.")
    with Progress() as progress:
        for path in write_report(out, chosen_place(place_code), year, formats.split(","), progress):
            click.echo(str(path))


# --- the journal


@main.group()
def journal() -> None:
    """Check, sign and hand on the journal."""


@journal.command("check")
@click.option("--place", "place_code")
@click.option("--json", "as_json", is_flag=True)
def journal_check(place_code: str | None, as_json: bool) -> None:
    """Find any changed bit in the journal or in the records."""
    start()
    from fenghuang.kernel.checks import faults

    with Progress() as progress:
        found = list(faults(chosen_place(place_code).street, progress))
    if as_json:
        print_json({"faults": found})
    else:
        for one in found:
            click.echo(one)
        click.echo(f"{len(found)} faults" if found else "The journal and the records agree.")
    sys.exit(1 if found else 0)


@journal.command("checkpoint")
@click.option("--place", "place_code")
def journal_checkpoint(place_code: str | None) -> None:
    """Sign the present head of the journal and print it."""
    start()
    from django.db import transaction

    from fenghuang.kernel.places.actions import sign_checkpoint

    with transaction.atomic():
        click.echo(sign_checkpoint(chosen_place(place_code).street), nl=False)


@main.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As if it were that day.")
def purge(today: Any) -> None:
    """Erase personal data and files whose time is over."""
    start()
    from django.core.management import call_command
    from django.utils import timezone

    from fenghuang.kernel.notices.actions import KEPT_FOR as NOTICES_KEPT_FOR
    from fenghuang.kernel.notices.actions import drop_notices
    from fenghuang.kernel.retention import purge_all
    from fenghuang.kit.actions import JOBS_KEPT_FOR, KEPT_FOR, drop_jobs, drop_uploads
    from fenghuang.reports.actions import TEXTS_KEPT_FOR, drop_texts

    day: date = today.date() if today else timezone.localdate()
    for line in purge_all(day, actor=system_actor()):
        click.echo(line)
    drop_uploads(timezone.now() - KEPT_FOR)
    drop_jobs(timezone.now() - JOBS_KEPT_FOR)
    drop_texts(timezone.now() - TEXTS_KEPT_FOR)
    drop_notices(timezone.now() - NOTICES_KEPT_FOR)
    call_command("prune_db_task_results", min_age_days=JOBS_KEPT_FOR.days, verbosity=0)


def _pass_on(name: str, says: str) -> None:
    @main.command(
        name,
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
        short_help=says,
    )
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def command(words: tuple[str, ...]) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
        from django.core.management import execute_from_command_line

        execute_from_command_line(["fenghuang", name, *words])


for _name in DJANGO:
    _pass_on(_name, f"Django’s own {_name}.")
for _name, _says in OF_PACKAGES.items():
    _pass_on(_name, _says)
