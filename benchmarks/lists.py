"""A page of 20 records and one's own tasks, asked for as a browser would, by three people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role

from .books import fill, found_books
from .results import Result, timed

YEARS = timedelta(days=3650)
FLAT = 2.0  # times as long at most: an index of a hundred times the rows is one level deeper
QUERIES = 10
PAGES = {"list of 20": "/requests/problems/", "my tasks": "/"}
PEOPLE = (Role.CENTRE, Role.SECRETARY, Role.GRID_WORKER)
# Names of files with their hashes are made at installation and have nothing to do with records.
PLAIN_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def measure(quick: bool) -> Iterator[Result]:
    today = timezone.localdate()
    books = found_books("甲街")
    took: dict[tuple[str, str], dict[int, float]] = {}
    with override_settings(STORAGES=settings.STORAGES | PLAIN_FILES):
        for size in (1_000, 10_000, 100_000) if quick else (10_000, 100_000, 1_000_000):
            fill(books, size - books.written, today - YEARS, today)
            for page, role in ((page, role) for page in PAGES for role in PEOPLE):
                client = _signed_in(books.staff[role])
                seconds, queries = _page(client, PAGES[page])
                took.setdefault((page, role), {})[size] = seconds
                yield Result(
                    f"{page}, {role}, {size:,} records · {connection.vendor}",
                    seconds * 1000,
                    "ms",
                    note=f"{queries} queries" if queries <= QUERIES else f"**{queries} queries**",
                )
    for (page, role), by_size in took.items():
        least, *_between, most = by_size
        yield Result(
            f"{page}, {role}, {most:,} against {least:,} records · {connection.vendor}",
            by_size[most] / by_size[least],
            "times",
            FLAT,
            at_most=True,
        )


def _signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _page(client: Client, address: str) -> tuple[float, int]:
    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    seconds = timed(ask, rounds=9)
    with CaptureQueriesContext(connection) as asked:
        ask()
    return seconds, len(asked)
