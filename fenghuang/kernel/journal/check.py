"""Finds any changed bit in the tables of a journal and of the records it speaks of.

The tree is computed anew from the headers and compared with tiles, frontier and checkpoints; the
field root of each entry from its opening, the record's key and the personal commitments; the row of
each record, column by column as the database holds it, is compared with its last entry. Left out
are columns that a class names UNJOURNALED. What cannot be seen from inside is a journal cut back
together with every checkpoint of the part cut off: witnesses and the files beside the database are
there for that.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import Any
from uuid import UUID

import django
from django.db import connection, connections

from fenghuang.kernel.journal import raw, triggers
from fenghuang.kernel.journal.check_records import check_records
from fenghuang.kernel.journal.check_tree import check_tree
from fenghuang.kernel.journal.faults import Fault
from fenghuang.kernel.journal.hashes import uuid_value
from fenghuang.kernel.journal.models import Journal, Journaled, journaled_models
from fenghuang.kernel.journal.snapshot import plan_of

MOST = 1000
SHARE = 4096
WORTH_SHARING = 20_000

__all__ = ["MOST", "Fault", "check"]


def check(journal: UUID, progress: Callable[[int, int], None] | None = None) -> list[Fault]:
    """All faults of a journal and of its records, at most MOST of them; none if all is well.

    `progress` is told how many entries are done and how many there are. It only reads, each share
    of the work at one moment, and keeps nobody waiting. A large journal is shared out among
    processes, unless a transaction is open or the database is in memory.
    """
    total = Journal.objects.filter(id=journal).values_list("size", flat=True).first()
    if total is None:
        return [Fault("journal_missing", "journal_journal", record=str(journal))]
    models, faults = _present()
    tasks: list[Callable[[], list[Fault]]] = [partial(check_tree, journal), _check_guards]
    tasks += [partial(_check_rows_have_entries, model) for model in models]
    spans = list(_spans(journal))
    others = len(tasks)
    tasks += [partial(check_records, journal, models, *span) for span in spans]
    with _pool(total) as pool:
        results = pool.map(_run, tasks) if pool else map(_run, tasks)
        for number, found in enumerate(results, 1 - others):
            faults += found
            if progress and number > 0:
                progress(total if number == len(spans) else min(number * SHARE, total), total)
    return faults if len(faults) <= MOST else [*faults[: MOST - 1], Fault("more", "journal_entry")]


def _present() -> tuple[list[type[Journaled]], list[Fault]]:
    """The classes whose tables are all there, and the tables that are not."""
    tables = set(connection.introspection.table_names())
    models, faults = [], []
    for model in journaled_models():
        gone = [table for table, _key in plan_of(model).tables if table not in tables]
        if gone:
            faults += [Fault("table_missing", table) for table in gone]
        else:
            models.append(model)
    return models, faults


def _run(task: Callable[[], list[Fault]]) -> list[Fault]:
    with raw.one_moment():
        return task()[:MOST]


def _pool(total: int) -> Any:
    """Processes to share the work, each with a connection of its own; None where that cannot be."""
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]  # on SQLite
    alone = in_memory or connection.in_atomic_block or os.cpu_count() == 1
    if alone or total < WORTH_SHARING:
        return nullcontext()
    connections.close_all()  # no child may inherit an open connection
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(
        mp_context=multiprocessing.get_context(method), initializer=_start_worker
    )


def _start_worker() -> None:
    django.setup()
    gc.disable()  # nothing here makes cycles, and looking for them takes a twentieth of the time


def _spans(journal: UUID) -> Iterator[tuple[Any, Any]]:
    """Shares of about SHARE entries, as spans `(low, high]` of record keys; None is open."""
    low = None
    while True:
        above = "" if low is None else " AND record > %s"
        found = raw.rows(
            f"SELECT record FROM journal_entry WHERE journal_id = %s{above}"  # noqa: S608 - constants
            " ORDER BY record LIMIT 1 OFFSET %s",
            [uuid_value(journal), *([] if low is None else [low]), SHARE - 1],
        )
        high = found[0][0] if found else None
        yield low, high
        if high is None:
            return
        low = high


def _check_guards() -> list[Fault]:
    """Triggers that are missing, and rows of no journal."""
    faults = [Fault("trigger", name) for name in triggers.missing(connection)]
    for table in ("journal_entry", "journal_tile", "journal_personalsalt", "journal_checkpoint"):
        orphans = raw.rows(
            f"SELECT journal_id FROM {table} WHERE journal_id NOT IN"  # noqa: S608 - constants
            " (SELECT id FROM journal_journal) LIMIT 10"
        )
        faults += [Fault("orphan", table, str(journal)) for (journal,) in orphans]
    return faults


def _check_rows_have_entries(model: type[Journaled]) -> list[Fault]:
    """Rows of a class that no entry of any journal speaks of, or only one of another class."""
    plan = plan_of(model)
    table, key = plan.tables[-1]
    labels = [
        plan_of(narrower).label for narrower in journaled_models() if issubclass(narrower, model)
    ]
    of_class = " OR ".join(["e.opening LIKE %s"] * len(labels))
    strays = raw.rows(
        f"SELECT {raw.column(table, key)} FROM {raw.quoted(table)} WHERE NOT EXISTS ("  # noqa: S608 - our own names
        "SELECT 1 FROM journal_entry e WHERE e.journal_id IN (SELECT id FROM journal_journal)"
        f" AND e.record = {raw.quoted(table)}.{raw.quoted(key)} AND ({of_class})) LIMIT {MOST}",
        [f'%"type":"{label}"%' for label in labels],
    )
    return [Fault("row_stray", table, str(key)) for (key,) in strays]
