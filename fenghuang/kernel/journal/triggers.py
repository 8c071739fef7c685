"""Database triggers that refuse to change or take away what the journal has written.

They stop mistakes and other programs. Whoever owns the database can drop them; that is what the
tree and its checkpoints are for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

from django.db.backends.base.base import BaseDatabaseWrapper

_REFUSED = {
    "journal_entry": ("UPDATE", "DELETE"),
    "journal_tile": ("UPDATE", "DELETE"),
    "journal_checkpoint": ("DELETE",),
    "journal_personalsalt": ("DELETE",),
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, where they are missing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for name, table, verb in _triggers(connection.vendor):
            if connection.vendor == "postgresql":
                each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION journal_refuse()"
                )
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                )


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away. Only for test suites, which empty their tables."""
    with connection.cursor() as cursor:
        for name, table, _verb in _triggers(connection.vendor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that are not in place."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return [name for name, _table, _verb in _triggers(connection.vendor) if name not in present]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers inside the block. Only for test suites."""
    drop(connection)
    try:
        yield
    finally:
        create(connection)


def _triggers(vendor: str) -> Iterator[tuple[str, str, str]]:
    for table, verbs in _REFUSED.items():
        # Only PostgreSQL has TRUNCATE, which passes by the triggers on DELETE.
        truncate = ("TRUNCATE",) if vendor == "postgresql" else ()
        for name, verb in product([table], (*verbs, *truncate)):
            yield f"{name}_{verb.lower()}_refused", table, verb


_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME;
END $$
"""
