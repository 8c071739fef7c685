"""Threads that come while others are at work are served in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import IntegrityError

from fenghuang.kernel.records.together import Together

PATIENCE = 10.0  # seconds


class Work:
    """Remembers what was done in one go, and refuses jobs below zero as a database would."""

    def __init__(self, beginning: Event | None = None) -> None:
        self.groups: list[tuple[str, list[int]]] = []
        self.began = Event()
        self.beginning = beginning

    def __call__(self, place: str, jobs: Callable[[], Sequence[int]]) -> None:
        self.began.set()
        if self.beginning:
            assert self.beginning.wait(PATIENCE)
        group = list(jobs())
        if any(job < 0 for job in group):
            raise IntegrityError(str(group))
        if 0 in group:
            raise ValueError(str(group))
        self.groups.append((place, sorted(group)))


def done_at_once(work: Work, jobs: Sequence[int]) -> list[BaseException | None]:
    """Send the first job, and the others while it waits to begin; what each of them raised."""
    together: Together[str, int] = Together(work)
    assert work.beginning is not None
    with ThreadPoolExecutor(len(jobs)) as pool:
        first = pool.submit(together.do, "street", jobs[0])
        assert work.began.wait(PATIENCE)
        others = [pool.submit(together.do, "street", job) for job in jobs[1:]]
        queue = together._queues["street"]
        while len(queue.waiting.jobs) < len(jobs):
            pass
        work.beginning.set()
        return [each.exception(PATIENCE) for each in (first, *others)]


def test_whoever_comes_before_the_work_begins_is_part_of_it():
    work = Work(beginning=Event())

    raised = done_at_once(work, [1, 2, 3])

    assert raised == [None, None, None]
    assert work.groups == [("street", [1, 2, 3])]


def test_nobody_fails_for_anothers_sake():
    work = Work(beginning=Event())

    raised = done_at_once(work, [1, -2, 3])

    assert [type(each) for each in raised] == [type(None), IntegrityError, type(None)]
    assert sorted(work.groups) == [("street", [1]), ("street", [3])]


def test_nobody_fails_for_what_another_does_to_the_work_itself():
    work = Work(beginning=Event())

    raised = done_at_once(work, [1, 0, 3])

    assert [type(each) for each in raised] == [type(None), ValueError, type(None)]
    assert sorted(work.groups) == [("street", [1]), ("street", [3])]


def test_one_who_leads_and_fails_is_told_and_the_others_are_served():
    work = Work(beginning=Event())

    raised = done_at_once(work, [-1, 2])

    assert [type(each) for each in raised] == [IntegrityError, type(None)]
    assert work.groups == [("street", [2])]


def test_a_job_alone_that_fails_is_tried_once():
    tried = []

    def refuse(_place: str, jobs: Callable[[], Sequence[int]]) -> None:
        tried.append(list(jobs()))
        raise IntegrityError

    with pytest.raises(IntegrityError):
        Together(refuse).do("street", 1)

    assert tried == [[1]]


def test_under_load_every_job_is_done_once():
    work = Work()
    together: Together[str, int] = Together(work)
    start = Barrier(8)

    def send(thread: int) -> None:
        start.wait(PATIENCE)
        for n in range(1, 201):
            together.do(f"street {n % 2}", thread * 1000 + n)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))

    done = sorted(job for _place, group in work.groups for job in group)
    assert done == sorted(thread * 1000 + n for thread in range(8) for n in range(1, 201))
    assert {place for place, group in work.groups for job in group if job % 2} == {"street 1"}
