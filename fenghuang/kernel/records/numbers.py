"""Human numbers: without gaps and without repeats per street, line and year, under any load."""

from __future__ import annotations

import uuid

from fenghuang.kernel.journal.hashes import uuid_value
from fenghuang.kernel.journal.statements import bare_cursor, in_one_go

from .models import NumberSeries


def take(street_id: uuid.UUID, line: str, year: int, count: int = 1) -> range:
    """The next `count` numbers of the series, taken inside the caller's transaction.

    The row stays locked until that transaction ends; if it is rolled back, so are the numbers.
    """
    table = NumberSeries._meta.db_table
    with in_one_go(), bare_cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (street_id, line, year, last) VALUES (%s, %s, %s, %s)"  # noqa: S608 - the table's own name
            f" ON CONFLICT (street_id, line, year) DO UPDATE SET last = {table}.last + %s"
            " RETURNING last",
            [uuid_value(street_id), line, year, count, count],
        )
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def human(line_code: str, year: int, number: int) -> str:
    """The number as people say and type it: line, year, five digits (or more, past 99,999).

    >>> human("REQ", 2021, 17)
    'REQ-2021-00017'
    """
    return f"{line_code}-{year}-{number:05d}"
