"""What every command needs: the house started, its books open, a place, a bar for long work."""

from __future__ import annotations

import json
import os
from typing import Any

import click


def start() -> None:
    """Start Django; Chinese, like every screen, unless LANGUAGE says English."""
    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
    django.setup()
    english = os.environ.get("LANGUAGE", "").startswith("en")
    translation.activate("en" if english else "zh-hans")


def books() -> None:
    """Start Django with its tables as this version of the house wants them."""
    start()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


def chosen_place(code: str | None) -> Any:
    """The place with that code or name; without one, the only street."""
    from fenghuang.kernel.places.queries import NoSuchPlace, place_called, streets

    if code:
        try:
            return place_called(code)
        except NoSuchPlace as error:
            raise click.UsageError(f"There is no place with the code or name {code}.") from error
    found = list(streets())
    if len(found) == 1:
        return found[0]
    if not found:
        raise click.UsageError("There is no street yet. Begin with: fenghuang createadmin")
    names = ", ".join(str(one) for one in found)
    raise click.UsageError(f"Name one of the streets with --place: {names}")


def system_actor() -> Any:
    """In whose name the command line writes: the account of the system itself."""
    from fenghuang.kernel.people.actions import system_account

    return system_account()


class Progress:
    """A line that says how far long work has come; silent where nobody looks."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        self.bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=False,
        )
        self.tasks: dict[str, Any] = {}

    def __enter__(self) -> Progress:
        self.bars.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self.bars.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.bars.add_task(what, total=total)
        self.bars.update(self.tasks[what], completed=done, total=total)
