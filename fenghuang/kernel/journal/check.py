"""Finds any changed bit in the tables of a journal and of the records it speaks of.

The tree is computed anew from the headers and compared with tiles, frontier and checkpoints; the
field root of each entry from its opening, the record's key and the personal commitments; each
record's row, column by column as the database holds it, with its last entry. Only columns that a
class names UNJOURNALED are left out, and what nobody can see from inside: a journal cut back to
before its oldest checkpoint that somebody still holds.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import groupby
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import django
from django.apps import apps
from django.db import OperationalError, connection, connections
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.journal import canonical, commitment, hashes, snapshot, tree, triggers
from fenghuang.kernel.journal.checkpoint import LOG, BadNote, Head, Key, key_from_text, verify
from fenghuang.kernel.journal.models import SHA256_ED25519, Journal
from fenghuang.kernel.journal.write import CHANGES, STATEMENTS, checkpoint_directory

MOST = 1000
_MOST_OF_ONE_TASK = 100
_SHARE = 4096
_WORTH_SHARING = 20_000

_WHAT = {
    "algorithm": _("The journal names an algorithm that this program does not know."),
    "checkpoint_ahead": _("A checkpoint speaks of more entries than there are: some were removed."),
    "checkpoint_missing": _("A checkpoint is missing."),
    "checkpoint_root": _("The entries do not give the root that the checkpoint states."),
    "checkpoint_signature": _("The checkpoint or one of its signatures was changed."),
    "class_unknown": _("No work line that is switched on keeps such records: not checked."),
    "entry_changed": _("The entry does not give the hash that the tree holds for it."),
    "entry_missing": _("The entry is missing."),
    "entry_stray": _("An entry stands here that the journal does not count."),
    "evidence_root": _("The files named in the entry do not give its evidence root."),
    "field_root": _("The fields of the entry do not give its field root."),
    "frontier": _("The entries do not give the head of the tree that the journal holds."),
    "header": _("The header of the entry does not read as one, or not as that of this entry."),
    "more": _("There are more faults than can be listed."),
    "opening": _("The fields of the entry do not read as they were written."),
    "orphan": _("A row belongs to no journal."),
    "personal_salt": _("A commitment to a personal value is missing, stray or not as written."),
    "personal_value": _("The personal value is not the one that was entered."),
    "predecessor": _("The entry does not follow the entry before it on the same record."),
    "row_missing": _("The record has entries, but is gone."),
    "row_stray": _("The record has no entry in any journal."),
    "row_value": _("The value is not the one that the last entry states."),
    "tile": _("The tile is missing, stray or not as the entries give it."),
    "trigger": _("A trigger that guards the journal is not in place."),
}


@dataclass(frozen=True)
class Fault:
    """Something is not as it was written: where, and by `code` what."""

    code: str
    table: str
    record: str = ""
    n: int | None = None
    column: str = ""

    def __str__(self) -> str:
        number = "" if self.n is None else f"n={self.n}"
        where = ", ".join(part for part in (self.table, self.record, number, self.column) if part)
        return f"{where}: {_WHAT[self.code]}"


class Found(NamedTuple):
    """What one task answers: its faults, and how many entries it has looked at."""

    faults: list[Fault]
    entries: int = 0


Task = Callable[[], Found]


def check(journal: UUID, progress: Callable[[int, int], None] | None = None) -> list[Fault]:
    """All faults of a journal and of its records, at most MOST of them; none if all is well.

    `progress` is told the entries done and the entries to do. A large journal is shared out among
    processes, unless a transaction is open or the database is in memory. Nobody is kept waiting:
    only reads, each part of the work on the state at one moment.
    """
    total = Journal.objects.values_list("size", flat=True).get(id=journal)
    tasks: list[Task] = [partial(_tree, journal), _strays]
    tasks += [partial(_rows_without_entry, model) for model in snapshot.journaled_models()]
    tasks += [partial(_records, journal, *span) for span in _spans(journal)]
    faults: list[Fault] = []
    done = 0
    with _pool() if total >= _WORTH_SHARING else nullcontext() as pool:
        for found in pool.map(_run, tasks) if pool else map(_run, tasks):
            faults += found.faults
            done += found.entries
            if progress:
                progress(done, total)
    if len(faults) > MOST:
        faults[MOST - 1 :] = [Fault("more", "journal_journal")]
    return faults


def _run(task: Task) -> Found:
    with _one_moment():
        found = task()
    return Found(found.faults[:_MOST_OF_ONE_TASK], found.entries)


@contextmanager
def _one_moment() -> Iterator[None]:
    """All reads inside see the same state. Without Django's atomic, which locks SQLite to write."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _pool() -> Any:
    """Processes to share the work, each with a connection of its own; None where that cannot be."""
    alone = connection.in_atomic_block or (os.cpu_count() or 1) < 2
    if alone or (connection.vendor == "sqlite" and connection.is_in_memory_db()):
        return nullcontext()
    connections.close_all()  # a child must not inherit an open connection
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(
        mp_context=multiprocessing.get_context(method), initializer=django.setup
    )


def _read(query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query. Text that is no UTF-8 comes with surrogates in place of stray bytes."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(query, parameters)
            return cursor.fetchall()
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
            raw = connection.connection
            usual, raw.text_factory = raw.text_factory, partial(str, encoding="utf-8", errors="surrogateescape")
            try:
                cursor.execute(query, parameters)
                return cursor.fetchall()
            finally:
                raw.text_factory = usual
