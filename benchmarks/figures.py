"""All figures of a line for one street and year, with and without the records of other streets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from fenghuang.indicators.figures import figures
from fenghuang.indicators.periods import year
from fenghuang.indicators.registry import indicators

from .books import Books, fill, found_books
from .results import Result, timed

FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)


def measure(quick: bool) -> Iterator[Result]:
    own, others = (20_000, 100_000) if quick else (100_000, 1_000_000)
    books = found_books("甲街")
    fill(books, own, FIRST, LAST)
    alone = _read(books)
    yield Result(
        f"figures of a line, {own:,} records of the year · {connection.vendor}",
        alone * 1000,
        "ms",
        50,
        at_most=True,
        note=f"{len(_definitions())} figures, {_queries(books)} queries",
    )
    for n in range(10):
        fill(found_books(f"邻街{n}"), others // 10, FIRST, LAST)
    beside = _read(books)
    yield Result(
        f"… with {others:,} records of ten other streets · {connection.vendor}",
        beside * 1000,
        "ms",
        50,
        at_most=True,
        note=f"{beside / alone:.2f} × as long",
    )


def _definitions() -> list:
    return list(indicators("requests"))


def _read(books: Books) -> float:
    return timed(lambda: figures(_definitions(), year(2021), books.street), rounds=9)


def _queries(books: Books) -> int:
    with CaptureQueriesContext(connection) as asked:
        figures(_definitions(), year(2021), books.street)
    return len(asked)
