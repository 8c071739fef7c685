"""Rows as the database holds them, not as Django makes values of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection


def rows(query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query. In a text that is no UTF-8, surrogates stand for the stray bytes."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
        sqlite = connection.connection
        usual = sqlite.text_factory
        sqlite.text_factory = lambda data: data.decode(errors="surrogateescape")
        try:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())
        finally:
            sqlite.text_factory = usual


def quoted(name: str) -> str:
    """The name of a table or column in SQL."""
    return connection.ops.quote_name(name)


def column(table: str, name: str) -> str:
    """A column in a list of columns to read."""
    # On SQLite the plus makes it an expression, and Django converts only columns.
    plus = "+" if connection.vendor == "sqlite" else ""
    return f"{plus}{quoted(table)}.{quoted(name)}"


def among(keys: list[Any]) -> tuple[str, list[Any]]:
    """The condition that a column holds one of these keys, with its parameters."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", [keys]  # one parameter, and one plan, however many they are
    return f"IN ({', '.join(['%s'] * len(keys))})", keys


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the same state. Django's atomic would lock SQLite for writing."""
    if connection.in_atomic_block:
        yield
        return
    sqlite, other = "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else other)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
