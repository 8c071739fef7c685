"""How fast the journal writes and checks: `python benchmarks/journal.py [RECORDS]`, medians of 3.

A throw-away SQLite file with the durable settings of an installation; records of ten fields, each
added and then changed twice.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

HOME = tempfile.TemporaryDirectory(prefix="fenghuang-benchmark-")
os.environ["FENGHUANG_HOME"] = HOME.name
os.environ["FENGHUANG_TEST_APPS"] = "fenghuang.kernel.journal.tests.app"
os.environ["DJANGO_SETTINGS_MODULE"] = "fenghuang.config.settings"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django  # noqa: E402 - the settings come first

django.setup()

from django.core.management import call_command  # noqa: E402 - after django.setup
from django.db import transaction  # noqa: E402 - after django.setup

from fenghuang.kernel.journal import read, write  # noqa: E402 - after django.setup
from fenghuang.kernel.journal.check import check  # noqa: E402 - after django.setup
from fenghuang.kernel.journal.tests.app.models import Note  # noqa: E402 - after django.setup

BY = "5f0c1e0ad1b2c3d4"


def notes(street: UUID, count: int) -> list[Note]:
    return [
        Note(
            street=street,
            title=f"第{number}号问题",
            body="三栋一单元路灯不亮，晚上走路看不见，请尽快修理。",
            found_on=dt.date(2021, 3, 1),
            done_on=dt.date(2021, 4, 1),
            entered_at=dt.datetime(2021, 3, 1, 8, tzinfo=dt.UTC),
            count=number,
            amount=Decimal("1250.50"),
        )
        for number in range(count)
    ]


def opened() -> UUID:
    street = uuid4()
    with transaction.atomic():
        write.create_journal(street, f"fenghuang/{street}")
    return street


def rate(count: int, work: Callable[[], object], times: int = 3) -> str:
    """Things per second, the median of some runs."""
    seconds = []
    for _ in range(times):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return f"{count / median(seconds):,.0f}/s"


def main(count: int) -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)
    street = opened()

    def add_singly() -> None:
        for note in notes(street, 300):
            with transaction.atomic():
                write.add(note, by=BY, notes={"@verb": "enter"})

    def add_in_batches() -> None:
        for _ in range(4):
            with transaction.atomic():
                write.add_all(notes(street, 2500), by=BY, notes={"@verb": "enter"})

    print("add, a transaction each      ", rate(300, add_singly))
    print("add_all, batches of 2,500    ", rate(10_000, add_in_batches))

    street = opened()
    records = notes(street, count)
    with transaction.atomic():
        write.add_all(records, by=BY, notes={"@verb": "enter"})
    for done in (False, True):
        start = perf_counter()
        with transaction.atomic():
            for note in records:
                note.is_open = done
                write.fix(note, by=BY, notes={"@verb": "close" if done else "take_up"})
        if done:
            print("fix, one transaction         ", f"{count / (perf_counter() - start):,.0f}/s")
    size = read.size(street)
    places = range(0, size, size // 200)

    def prove() -> None:
        for n in places:
            read.inclusion_proof(street, n, size)

    print("inclusion proof              ", rate(len(places), prove))
    assert check(street) == []
    print(f"check of {size:,} entries      ", rate(size, lambda: check(street)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
