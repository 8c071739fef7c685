"""How fast the journal takes records in, changes them, proves an entry, and is checked whole.

With plain records of ten fields, and with problems, which have twice as many.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from fenghuang.kernel.journal import read, write
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.journal.tests.app.models import Note
from fenghuang.kernel.people.roles import Role
from fenghuang.lines.requests.models import Problem

from .books import BY, Books, found_books
from .results import Result, seconds

BATCH = 2_500
ADDED, CHECKED = 8_000, 50_000  # records and entries a second: what is wanted
NOW = dt.datetime(2021, 3, 1, 8, tzinfo=dt.UTC)

Make = Callable[[int], Any]


def measure(quick: bool) -> Iterator[Result]:
    batches, singles = (4, 100) if quick else (12, 300)
    notes = uuid4()
    with transaction.atomic():
        write.create_journal(notes, f"fenghuang/{notes}")
    books = found_books("甲街")
    yield from _of("ten fields", notes, lambda n: _note(notes, n), batches, (ADDED, CHECKED))
    yield from _singly(notes, singles)
    yield from _of("problems", books.street.pk, lambda n: _problem(books, n), batches)


def _of(
    kind: str,
    journal: UUID,
    make: Make,
    batches: int,
    targets: tuple[float | None, float | None] = (None, None),
) -> Iterator[Result]:
    """Batches added, then each of the records changed twice, then the whole checked."""
    records: list[list[Any]] = []

    def add() -> None:
        made = [make(len(records) * BATCH + n) for n in range(BATCH)]
        records.append(made)
        _together(write.add_all, made)

    def change() -> None:
        for some in records:
            _together(write.fix_all, some)

    add()
    added = _median(add, batches)
    changed = _median(change, 2) / len(records)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the databases do by themselves, some time after
    size = read.size(journal)
    assert check(journal) == []
    checked = _median(lambda: check(journal), 3)
    where = f"{kind} · {connection.vendor}"
    yield Result(f"journal: add, batches of {BATCH:,}, {where}", BATCH / added, "/s", targets[0])
    yield Result(f"journal: change, batches of {BATCH:,}, {where}", BATCH / changed, "/s")
    yield Result(f"journal: check of {size:,} entries, {where}", size / checked, "/s", targets[1])


def _singly(journal: UUID, times: int) -> Iterator[Result]:
    def add() -> None:
        with transaction.atomic():
            write.add(_note(journal, 0), by=BY, notes={"@verb": "enter"})

    size = read.size(journal)
    places = range(0, size, size // 200)
    proofs = _median(lambda: [read.inclusion_proof(journal, n, size) for n in places], 3)
    where = connection.vendor
    yield Result(f"journal: add, a transaction each · {where}", 1 / _median(add, times), "/s")
    yield Result(f"journal: inclusion proof · {where}", len(places) / proofs, "/s")


def _together(write_all: Callable[..., None], records: list[Any]) -> None:
    with transaction.atomic():
        write_all(records, by=BY, notes={"@verb": "enter"})


def _note(street: UUID, n: int) -> Note:
    return Note(
        street=street,
        title=f"第{n}号问题",
        body="三栋一单元路灯不亮，晚上走路看不见，请尽快修理。",
        found_on=dt.date(2021, 3, 1),
        done_on=dt.date(2021, 4, 1),
        entered_at=NOW,
        count=n,
        amount=Decimal("1250.50"),
    )


def _problem(books: Books, n: int) -> Problem:
    return Problem(
        street=books.street,
        place=books.grids[n % len(books.grids)],
        number=f"REQ-2021-{n:07d}",
        text="三单元楼道灯不亮，晚上走路看不见，请尽快修理。",
        category="lighting",
        happened_on=dt.date(2021, 3, 1),
        entered_at=NOW,
        entered_by=books.staff[Role.CENTRE],
    )


def _median(work: Callable[[], object], times: int) -> float:
    return median(seconds(work) for _n in range(times))
