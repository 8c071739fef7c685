"""A problem comes in over HTTP, with journal entry, place lookup and number: how fast?

Against a bare Django view that inserts two rows in one transaction, on the same server, with the
same settings of the database, in turns: the house, the bare view, the house …
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from statistics import median

from django.db import connection
from django.utils import timezone

from fenghuang.api.actions import issue_token
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.people.roles import Role

from .books import Books, found_books
from .load import Load, post, send
from .results import Result
from .servers import served

CONNECTIONS = 8
LEAST = 0.5
BATCH = 50
BARE = {"DJANGO_SETTINGS_MODULE": "benchmarks.bare.settings"}


def measure(quick: bool) -> Iterator[Result]:
    rounds, seconds = (3, 1.5) if quick else (7, 4.0)
    books = found_books("甲街")
    engine = connection.vendor
    workers = 1 if engine == "sqlite" else 2
    bare = os.environ | BARE
    migrate = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity=0"]
    subprocess.run(migrate, env=bare, check=True)
    ours = _requests(books)
    plain = cycle([post("/reports/", _body(books, 0))])
    with (
        served("fenghuang.config.wsgi:application", workers=workers, environment=os.environ) as one,
        served("benchmarks.bare.wsgi:application", workers=workers, environment=bare) as other,
    ):
        loads: list[Load] = []
        bares: list[Load] = []
        for turn in range(rounds + 1):
            ours_now = send(ours, one, connections=CONNECTIONS, seconds=seconds)
            bare_now = send(plain, other, connections=CONNECTIONS, seconds=seconds)
            if turn:  # the first warms up
                loads.append(ours_now)
                bares.append(bare_now)
        batches = [
            send(_batches(books), one, connections=2, seconds=seconds) for _round in range(rounds)
        ]
    for load in (*loads, *bares, *batches):
        assert set(load.statuses) == {201}, load.statuses
    assert check(books.street.pk) == []
    ratio = median(a.rate / b.rate for a, b in zip(loads, bares, strict=True))
    yield Result(
        f"intake, {CONNECTIONS} connections · {engine}",
        _rate(loads),
        "requests/s",
        note=_note(loads),
    )
    yield Result(f"bare view, two rows · {engine}", _rate(bares), "requests/s", note=_note(bares))
    yield Result(f"intake against the bare view · {engine}", ratio, "times", LEAST)
    yield Result(
        f"intake in batches of {BATCH} · {engine}",
        _rate(batches) * BATCH,
        "records/s",
        note=_note(batches),
    )


def _rate(loads: list[Load]) -> float:
    return median(load.rate for load in loads)


def _note(loads: list[Load]) -> str:
    slow = median(load.p95 for load in loads) * 1000
    client = median(load.client_seconds / load.seconds for load in loads)
    return f"p95 {slow:.0f} ms; the client took {client:.0%} of a core"


def _fields(books: Books, n: int) -> dict[str, object]:
    longitude, latitude = books.point_in(n % len(books.grids))
    return {
        "text": "三单元楼道灯不亮，晚上走路看不见，请尽快修理。",
        "category": "lighting",
        "happened_on": timezone.localdate().isoformat(),
        "lon": longitude,
        "lat": latitude,
    }


def _body(books: Books, n: int) -> bytes:
    return json.dumps(_fields(books, n)).encode()


def _header(books: Books) -> str:
    centre = books.staff[Role.CENTRE]
    text, _token = issue_token(centre, "bench", 1, actor=centre)
    return f"Authorization: Bearer {text}\r\n"


def _requests(books: Books) -> Iterator[bytes]:
    header = _header(books)
    address = "/api/requests/problems/"
    n = 0
    while True:
        body = json.dumps(_fields(books, n) | {"client_key": f"intake-{n}"}).encode()
        yield post(address, body, header)
        n += 1


def _batches(books: Books) -> Iterator[bytes]:
    body = json.dumps([_fields(books, n) for n in range(BATCH)]).encode()
    return cycle([post("/api/requests/problems/", body, _header(books))])
