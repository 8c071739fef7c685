"""What must be done one after the other, done in one go for all who wait.

A journal takes one change at a time. While it is busy with one, others arrive; they are taken
together then, in one transaction and one wait for the disk, instead of each on its own. Whoever
comes first of those leads, and does the work of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

from django.db import DatabaseError

from fenghuang.kernel.refusal import Refused

#: What one job may do to those it shares a transaction with.
OF_A_JOB = (DatabaseError, Refused, ValueError, TypeError, ArithmeticError, LookupError)

H = TypeVar("H", bound=Hashable)
J = TypeVar("J")


class Together(Generic[H, J]):
    """`work` does the jobs of one place, all or none.

    It asks for them when it can begin, so that those who came while it waited are among them.
    """

    def __init__(self, work: Callable[[H, Callable[[], Sequence[J]]], None]) -> None:
        self._work = work
        self._door = Lock()  # held for no longer than it takes to come in or to be counted
        self._queues: dict[H, _Queue[J]] = defaultdict(_Queue)

    def do(self, place: H, job: J) -> None:
        """Do the job, with those of other threads that wait at the same place.

        Raises what doing it raises. Where a group fails, each of its jobs is done on its own, so
        that nobody fails for another's sake.
        """
        with self._door:
            queue = self._queues[place]
            group = queue.waiting
            group.jobs.append(job)
            is_leader = len(group.jobs) == 1
        if is_leader:
            self._lead(place, queue, group)
        else:
            group.ended.wait()
        if not group.is_done:
            with queue.turn:
                self._work(place, lambda: [job])

    def _lead(self, place: H, queue: _Queue[J], group: _Group[J]) -> None:
        def closed() -> Sequence[J]:
            with self._door:
                if queue.waiting is group:
                    queue.waiting = _Group()
            return group.jobs

        try:
            with queue.turn:
                self._work(place, closed)
            group.is_done = True
        except OF_A_JOB:
            if len(closed()) == 1:
                raise
        finally:
            closed()
            group.ended.set()


class _Group(Generic[J]):
    """Jobs that are done in one go."""

    def __init__(self) -> None:
        self.jobs: list[J] = []
        self.is_done = False
        self.ended = Event()


class _Queue(Generic[J]):
    """Those who wait at one place, and whose turn it is."""

    def __init__(self) -> None:
        self.waiting: _Group[J] = _Group()
        self.turn = Lock()
