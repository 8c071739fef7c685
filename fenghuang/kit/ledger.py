"""One ledger: a table that an office keeps, defined once for import, export and interface.

A line lists its ledgers in `columns.py`. What becomes of a file is in `staging`; that rows are
entered and batches undone is in `actions`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import IO, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Kind, Path, Place, Street

from .columns import (
    AT_ONCE,
    Column,
    Context,
    Headers,
    NotKept,
    RunningNumber,
)
from .names import LEVELS, names_of
from .workbooks import Heading, write_workbook


@dataclass(frozen=True, eq=False)
class Ledger:
    """One ledger of records of one model.

    `build` makes a new record from the values of a row, and raises CellProblem where several cells
    together make none. `key` is the natural key of a record, new or held: two records with one key
    are the same. `enter` is the action that enters new records in one batch. `prepare` adds to a
    query all that the columns read from a record, so that no row asks again. `day` is the code of
    the column that dates a row.
    """

    code: str
    title: str  #: official, Chinese
    line: str
    model: type[Any]
    columns: tuple[Column, ...]
    build: Callable[[Mapping[str, Any], Context], Any]
    key: Callable[[Any, Context], Hashable]
    enter: Callable[..., None]
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda records: records
    day: str = ""
    own_number: str = "number"  #: the column, if any, in which a row names the record that it is
    levels: tuple[str, ...] = LEVELS

    @cached_property
    def headers(self) -> Headers:
        return Headers(self.columns)

    @cached_property
    def reading_order(self) -> list[Column]:
        """The day first, since what names mean depends on it; without columns that say nothing."""
        told = [c for c in self.columns if not isinstance(c.kind, (RunningNumber, NotKept))]
        return sorted(told, key=lambda column: column.code != self.day)

    @property
    def official(self) -> list[Column]:
        return [column for column in self.columns if column.is_official]

    def context(self, street: Street, *, today: date, year: int | None = None) -> Context:
        return Context(street, names_of(street, self.levels), today, year)

    def place_of(self, record: Any) -> uuid.UUID:
        """Where a record stands: only who looks after that place may enter it."""
        return record.place_id  # type: ignore[no-any-return]  # of any model

    def held_by_number(self, street: Street, numbers: Iterable[str]) -> dict[str, Any]:
        """The standing records that rows name as themselves."""
        standing = self.prepare(self.model.objects.standing().filter(street=street))
        wanted = sorted(numbers)
        found: dict[str, Any] = {}
        for start in range(0, len(wanted), AT_ONCE):
            some = standing.filter(number__in=wanted[start : start + AT_ONCE])
            found.update((record.number, record) for record in some)
        return found

    def held_like(self, street: Street, built: Sequence[Any]) -> list[Any]:
        """The standing records among which the new ones might be already."""
        days = [record.happened_on for record in built]
        if not days:
            return []
        standing = self.prepare(self.model.objects.standing().filter(street=street))
        return list(standing.filter(happened_on__range=(min(days), max(days))))

    def rows(
        self, place: Place, year: int | None = None, *, user: User | None = None
    ) -> QuerySet[Any]:
        """The standing records of a place (as it stood on their days) and year, oldest first.

        With a user, only what they may see.
        """
        records = self.model.objects.visible_to(user) if user else self.model.objects.all()
        records = records.standing()
        if place.kind == Kind.STREET:
            records = records.filter(street=place.pk)
        else:
            stood = Path.objects.filter(
                place=OuterRef("place"),
                ancestor=place.pk,
                valid_from__lte=OuterRef("happened_on"),
                valid_to__gt=OuterRef("happened_on"),
            )
            records = records.filter(Exists(stood), street=place.street_id)
        if year is not None:
            records = records.filter(happened_on__year=year)
        return records.order_by("happened_on", "id")  # type: ignore[no-any-return]  # of any model


# Export


def export(
    ledger: Ledger,
    records: QuerySet[Any],
    out: str | IO[bytes],
    *,
    place: Place,
    year: int | None = None,
    today: date | None = None,
) -> int:
    """Write records as the official workbook; the number of rows.

    The title names place and year, and what is written is read back as known, with nothing new.
    """
    today = today or timezone.localdate()
    street = place.street if place.kind != Kind.STREET else Street.objects.get(pk=place.pk)
    context = ledger.context(street, today=today, year=year)
    title = f"{place.name}{f'{year}年' if year else ''}{ledger.title}"
    headings = [Heading(column.header, column.kind.width) for column in ledger.official]
    return write_workbook(out, title, headings, _cells(ledger, records, context))


def _cells(ledger: Ledger, records: QuerySet[Any], context: Context) -> Iterator[list[Any]]:
    columns = ledger.official
    for n, record in enumerate(ledger.prepare(records).iterator(chunk_size=2000), 1):
        yield [
            n
            if isinstance(column.kind, RunningNumber)
            else column.write(column.value(record, context))
            for column in columns
        ]
