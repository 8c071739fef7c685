"""Several programs at the same moment, over HTTP, so on PostgreSQL in several processes too."""

from __future__ import annotations

from collections import Counter

import pytest

from fenghuang.kernel.people.roles import Role

from .clients import Client, acknowledged
from .offices import served
from .problems import IN_LAST_GRID, problem, problems, unbroken

pytestmark = pytest.mark.line("requests")

THREADS = 8


@pytest.fixture(scope="module")
def port(office):
    with served(office) as server:
        yield server.port


def test_what_many_send_under_one_key_is_one_record_that_every_answer_names(office, port):
    client = Client(port, office.tokens[Role.CENTRE])
    before = client.numbers()
    keys = [f"same-{n}" for n in range(20)]

    answers = client.send_all(
        (problem(key) for key in keys for _ in range(THREADS)), connections=THREADS
    )

    numbers = client.numbers()
    told = {(one.key, one.content["number"]) for one in answers}
    assert told == numbers.items() - before.items()
    assert numbers.keys() == {*before, *keys}
    assert sorted(numbers.values()) == unbroken(numbers.values())
    assert Counter((one.key, one.status) for one in answers) == Counter(
        {(key, status): count for key in keys for status, count in ((201, 1), (200, THREADS - 1))}
    )
    assert office.journal_faults() == []


def test_numbers_have_no_gaps_where_some_are_refused_and_some_fail_midway(office, port):
    """A key that somebody else has is only found to be taken after numbers were given."""
    centre = Client(port, office.tokens[Role.CENTRE])
    worker = Client(port, office.tokens[Role.GRID_WORKER])
    centre.send_all([problem("taken", **IN_LAST_GRID)])
    before = centre.numbers()
    sound = problems("sound", 60)
    refused = [problem(f"refused-{n}", category="no such") for n in range(20)]
    midway = [[problem(f"midway-{n}"), problem("taken")] for n in range(20)]

    answers = worker.send_all(
        (
            one
            for mixed in zip(sound[:20], refused, sound[20:40], midway, sound[40:], strict=True)
            for one in mixed
        ),
        connections=THREADS,
    )

    numbers = centre.numbers()
    assert Counter(one.status for one in answers) == {201: 60, 422: 20, 409: 20}
    assert numbers.keys() == before.keys() | {one["client_key"] for one in sound}
    assert acknowledged(answers).items() == numbers.items() - before.items()
    assert sorted(numbers.values()) == unbroken(numbers.values())
    assert office.journal_faults() == []
