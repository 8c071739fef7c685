"""The web server is killed while 200 problems come in; programs then send all of them again."""

from __future__ import annotations

from random import Random

import pytest

from fenghuang.kernel.people.roles import Role

from .clients import AT_ONCE, Client, acknowledged
from .offices import served
from .problems import problems, unbroken

pytestmark = pytest.mark.line("requests")

COUNT = 200
KILLED_AFTER = Random(2021).sample(range(10, COUNT - AT_ONCE), 3)  # acknowledgements


def test_a_kill_loses_nothing_that_was_acknowledged_and_leaves_nothing_half_done(office):
    sent, told, kept = [], {}, {}
    for after in KILLED_AFTER:
        with served(office) as server:
            client = Client(server.port, office.tokens[Role.CENTRE])
            kept |= taken_up_again(office, client, sent, told, kept)

            sent = problems(f"killed-after-{after}", COUNT)
            told = acknowledged(client.send_all(sent, after=after, cut=server.kill))

        assert after <= len(told) < COUNT
    with served(office) as server:
        client = Client(server.port, office.tokens[Role.CENTRE])
        kept |= taken_up_again(office, client, sent, told, kept)

        assert client.numbers() == kept
    assert len(kept) == len(KILLED_AFTER) * COUNT
    assert sorted(kept.values()) == unbroken(kept.values())


def taken_up_again(office, client, sent, told, kept):
    """After a start: what a kill left, what is sent again, and the numbers it has then."""
    found = client.numbers()
    assert (kept | told).items() <= found.items()
    assert sorted(found.values()) == unbroken(found.values())

    again = client.send_all(sent)

    numbers = acknowledged(again)
    assert office.journal_faults() == []
    assert numbers.keys() == {one["client_key"] for one in sent}
    assert {one.key for one in again if one.status == 200} == found.keys() - kept.keys()
    assert found.items() <= (kept | numbers).items()
    return numbers
