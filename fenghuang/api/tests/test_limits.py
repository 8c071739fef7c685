"""How often programs may ask, whatever the number of processes that answer."""

from __future__ import annotations

import pytest
from django.test import Client

from fenghuang.api import limits
from fenghuang.api.limits import Limit, TooMany
from fenghuang.api.models import Taken
from fenghuang.api.tests.programs import Program, codes


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the limits see; `clock.now` may be set."""

    class Clock:
        now = 60_000.0

        def time(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(limits, "time", made)
    return made


def taken(limit: Limit, key: str, times: int) -> int:
    """How many of so many requests were let through."""
    through = 0
    for _n in range(times):
        try:
            limit.count(key)
        except TooMany:
            continue
        through += 1
    return through


@pytest.mark.parametrize("most", [1, 7, 40, 100])
def test_as_many_are_let_through_in_a_minute_as_the_setting_says(db, settings, clock, most):
    settings.FENGHUANG_API_PER_MINUTE = most

    limit = Limit("FENGHUANG_API_PER_MINUTE")

    assert taken(limit, "a", most + 5) == most
    assert taken(limit, "b", 1) == 1
    clock.now += 60
    assert taken(limit, "a", most + 5) == most


def test_processes_together_never_let_more_through(db, settings, clock):
    settings.FENGHUANG_API_PER_MINUTE = 100
    processes = [Limit("FENGHUANG_API_PER_MINUTE") for _n in range(3)]

    through = sum(taken(processes[n % 3], "a", 1) for n in range(200))

    assert through == 100


def test_few_requests_ask_the_database(db, settings, clock, django_assert_num_queries):
    settings.FENGHUANG_API_PER_MINUTE = 600
    limit = Limit("FENGHUANG_API_PER_MINUTE")
    limit.count("a")

    with django_assert_num_queries(0):
        taken(limit, "a", 29)
    with django_assert_num_queries(20):  # 19 more shares, and one more that is not granted
        taken(limit, "a", 2000)


def test_what_minutes_before_left_is_removed(db, settings, clock):
    settings.FENGHUANG_API_PER_MINUTE = 100
    Limit("FENGHUANG_API_PER_MINUTE").count("a")
    clock.now += 180

    Limit("FENGHUANG_API_PER_MINUTE").count("b")

    assert [one.key for one in Taken.objects.all()] == ["b"]


def test_a_program_that_asks_too_often_is_told_when_to_come_again(cast, settings, clock):
    settings.FENGHUANG_API_PER_MINUTE = 2
    clock.now += 18
    program, other = Program(cast.centre), Program(cast.secretary)
    for _n in range(2):
        assert program.get("/api/token/")[0] == 200

    answer = Client().get("/api/token/", headers={"Authorization": f"Bearer {program.text}"})

    assert (answer.status_code, answer["Retry-After"]) == (429, "42")
    assert codes(answer.json()) == [("too_many", "")]
    assert other.get("/api/token/")[0] == 200


def test_strangers_are_counted_by_address_and_do_not_shut_others_out(cast, settings, clock):
    settings.FENGHUANG_API_FAILURES_PER_MINUTE = 2
    program = Program(cast.centre)

    def knocks(address: str) -> int:
        return Client().get("/api/token/", REMOTE_ADDR=address).status_code

    assert [knocks("203.0.113.1") for _n in range(3)] == [401, 401, 429]
    assert knocks("203.0.113.2") == 401
    assert program.get("/api/token/")[0] == 200
    assert not Taken.objects.filter(key__contains="203").exists()
