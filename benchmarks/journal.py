"""How fast the journal takes problems in, changes them, proves an entry, and is checked whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from fenghuang.kernel.journal import read, write
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.people.roles import Role
from fenghuang.lines.requests.models import Problem

from .books import BY, Books, found_books
from .results import Result, seconds

BATCH = 2_500
ADDED, CHECKED = 8_000, 50_000  # records and entries a second: what is wanted


def measure(quick: bool) -> Iterator[Result]:
    batches, singles = (4, 100) if quick else (12, 300)
    books = found_books("甲街")
    engine = connection.vendor
    records: list[Problem] = []

    def add_batch() -> None:
        made = [_problem(books, len(records) + n) for n in range(BATCH)]
        with transaction.atomic():
            write.add_all(made, by=BY, notes={"@verb": "enter"})
        records.extend(made)

    def change_batch() -> None:
        some = records[:BATCH]
        for record in some:
            record.feedback = f"{record.feedback}已看过。"[-60:]
        with transaction.atomic():
            write.fix_all(some, by=BY, notes={"@verb": "correct"})

    single = count(10_000_000)

    def add_one() -> None:
        with transaction.atomic():
            write.add(_problem(books, next(single)), by=BY, notes={"@verb": "enter"})

    add_batch()
    yield Result(
        f"journal: add, batches of {BATCH:,} · {engine}",
        BATCH / _median(add_batch, batches),
        "records/s",
        ADDED,
    )
    yield Result(
        f"journal: change, batches of {BATCH:,} · {engine}",
        BATCH / _median(change_batch, 3),
        "records/s",
    )
    yield Result(
        f"journal: add, a transaction each · {engine}",
        1 / _median(add_one, singles),
        "records/s",
    )
    street = books.street.pk
    size = read.size(street)
    places = range(0, size, size // 200)
    proofs = _median(lambda: [read.inclusion_proof(street, n, size) for n in places], 3)
    yield Result(f"journal: inclusion proof · {engine}", len(places) / proofs, "proofs/s")
    assert check(street) == []
    yield Result(
        f"journal: full check of {size:,} entries · {engine}",
        size / _median(lambda: check(street), 3),
        "entries/s",
        CHECKED,
    )


def _problem(books: Books, n: int) -> Problem:
    return Problem(
        street=books.street,
        place=books.grids[n % len(books.grids)],
        number=f"REQ-2021-{n:07d}",
        text="三单元楼道灯不亮，晚上走路看不见，请尽快修理。",
        category="lighting",
        happened_on=timezone.localdate(),
        entered_at=timezone.now(),
        entered_by=books.staff[Role.CENTRE],
    )


def _median(work: Callable[[], object], times: int) -> float:
    return median(seconds(work) for _n in range(times))
