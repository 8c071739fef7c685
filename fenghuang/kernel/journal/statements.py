"""Statements of the journal on their shortest way to the database.

While a journal is locked, others wait for it; on PostgreSQL most of that time goes into composing
statements and into waiting for each answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def in_one_go() -> Iterator[None]:
    """Statements that need not see each other's answers travel to PostgreSQL together."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def bare_cursor() -> Any:
    """A cursor to be closed by `with`. PostgreSQL puts the values in, not Django into the text."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from psycopg import Cursor

    cursor: Any = Cursor(connection.connection)
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor)
