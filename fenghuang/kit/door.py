"""The door of a line: all that the rest of the house may know of it.

Shell, reports, API and command line ask the doors; none of them imports a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import AppConfig, apps

if TYPE_CHECKING:
    from fenghuang.demo.books import DemoBooks
    from fenghuang.kernel.records.cycles import LifeCycle
    from fenghuang.kernel.records.models import Record

    from .open311 import Desk
    from .suggesting.office import Source


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the line's menu: a label, and the name of an address within the line."""

    label: Any
    address: str
    is_for_entering: bool = False


@dataclass(frozen=True)
class Task:
    """One thing that waits for a person: a record, what is to be done, and by when."""

    record: Record
    what: Any
    due_on: date | None


class Line(AppConfig):
    """A work line (条线). Subclasses say what it offers; the folder's shape says the rest."""

    code: ClassVar[str]
    number_code: ClassVar[str]  #: begins the human numbers: REQ-2021-00017
    title: ClassVar[Any]
    order: ClassVar[int]  #: where it stands in menus and in the annual report
    menu: ClassVar[Sequence[MenuEntry]] = ()
    public: ClassVar[Sequence[MenuEntry]] = ()  #: what it offers to residents, without an account
    heading: ClassVar[str]  #: of its chapter; Chinese data, since the report is Chinese

    def ready(self) -> None:
        import_module(f"{self.name}.indicators")

    @property
    def urls(self) -> str:
        return f"{self.name}.urls"

    @property
    def public_urls(self) -> Sequence[Any]:
        """Its addresses for residents, which need no account; most lines have none."""
        return tuple(getattr(import_module(self.urls), "public_urlpatterns", ()))

    @property
    def chapter(self) -> Path:
        """The line's part of the annual report."""
        return Path(self.path) / "templates" / self.code / "chapter.md"

    @property
    def cycles(self) -> Sequence[LifeCycle]:
        return tuple(import_module(f"{self.name}.states").CYCLES)

    @property
    def ledgers(self) -> Sequence[Any]:
        """Its ledgers. Their class stands on doors, so it is not named here."""
        return tuple(import_module(f"{self.name}.columns").LEDGERS)

    @property
    def intakes(self) -> Sequence[Any]:
        """What other programs may send it."""
        return tuple(import_module(f"{self.name}.columns").INTAKES)

    @property
    def suggestion_sources(self) -> Sequence[Source]:
        """What is learned from its closed records, to be suggested for new ones."""
        return ()

    @property
    def open311(self) -> Desk | None:
        """What it takes and tells by Open311; None for a line that does neither."""
        if not find_spec(f"{self.name}.open311"):
            return None
        desk: Desk = import_module(f"{self.name}.open311").DESK
        return desk

    @property
    def records(self) -> Sequence[type[Record]]:
        from fenghuang.kernel.records.models import Record

        return tuple(model for model in self.get_models() if issubclass(model, Record))

    def tasks(self, user: Any, today: date) -> Sequence[Task]:
        """What waits for this person in this line, most urgent first, at most 50."""
        return tuple(import_module(f"{self.name}.queries").tasks(user, today))

    def by_the_clock(self, now: datetime) -> str:
        """Do what the line does by the clock (reminders); one line on what was done, or nothing."""
        if not find_spec(f"{self.name}.tasks"):
            return ""
        return str(import_module(f"{self.name}.tasks").by_the_clock(now))

    def enter_demo(self, books: DemoBooks, progress: Callable[[str, int, int], None]) -> None:
        """Enter the line's made-up records of the demo street, if it has any."""
        if find_spec(f"{self.name}.demo"):
            import_module(f"{self.name}.demo").enter(books, progress)


def lines() -> Iterator[Line]:
    """The lines switched on, in their order."""
    found = [config for config in apps.get_app_configs() if isinstance(config, Line)]
    yield from sorted(found, key=lambda line: line.order)


def line(code: str) -> Line:
    """The line with that code. LookupError if it is not switched on."""
    for one in lines():
        if one.code == code:
            return one
    raise LookupError(code)
