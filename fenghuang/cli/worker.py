"""The worker beside the web: one process that does the long work, started again if it ends."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files import locks
from django.core.management import call_command

INTERVAL = 1.0  #: seconds between two looks for work
TEND_EVERY = 600.0  #: seconds between two times that the lines do what they do by themselves
NOTICES_EVERY = 3.0  #: seconds between two looks for notices to send
AGAIN_AFTER = 2.0  #: seconds until a worker that ended is started again
GRACE = 10.0  #: seconds in which a worker may end what it is at


def work(*, ends_with_parent: bool) -> None:
    """Do what is asked for until told to stop.

    One worker at a time is at work in a home: whatever is still marked as begun when it comes in
    was left by one that is gone, and whoever asked for it is told.
    """
    from fenghuang.kit.actions import give_up_lost

    if ends_with_parent:
        threading.Thread(target=_await_end_of_parent, daemon=True).start()
    with (settings.HOME / "worker.lock").open("w") as file:
        locks.lock(file, locks.LOCK_EX)
        give_up_lost()
        threading.Thread(target=_send_notices, daemon=True).start()
        threading.Thread(target=_tend, daemon=True).start()
        call_command("db_worker", interval=INTERVAL, startup_delay=False, reload=False)


def _send_notices() -> None:
    """Send what is due, beside the long work, which may take minutes. Never returns.

    A database that is busy or gone is asked again; any other fault ends the worker, loudly.
    """
    from django.db import DatabaseError, close_old_connections

    from fenghuang.kernel.notices.delivery import send_due

    try:
        while True:
            close_old_connections()
            try:
                send_due()
            except DatabaseError:
                logging.getLogger(__name__).warning("notices wait: the database does not answer")
            time.sleep(NOTICES_EVERY)
    finally:
        os.kill(os.getpid(), signal.SIGTERM)


def _tend() -> None:
    """Let each line do what it does by itself, beside the long work. Never returns.

    A database that is busy or gone is asked again; any other fault ends the worker, loudly.
    """
    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from fenghuang.kit.door import lines

    try:
        while True:
            close_old_connections()
            try:
                for line in lines():
                    line.tend(timezone.now())
            except DatabaseError:
                logging.getLogger(__name__).warning("lines wait: the database does not answer")
            time.sleep(TEND_EVERY)
    finally:
        os.kill(os.getpid(), signal.SIGTERM)


def _await_end_of_parent() -> None:
    """The parent holds the other end of our input; when it is gone, even killed, reading ends."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker in a process of its own, for as long as the block runs."""
    ending = threading.Event()
    started: list[subprocess.Popen[bytes]] = []

    def keep_one() -> None:
        while not ending.is_set():
            command = [sys.executable, "-m", "fenghuang", "worker", "--beside"]
            # Its own session: Ctrl+C in the terminal reaches the web, which ends the worker.
            one = subprocess.Popen(  # noqa: S603 - our own program, with fixed words
                command, stdin=subprocess.PIPE, start_new_session=True
            )
            started[:] = [one]
            one.wait()
            ending.wait(AGAIN_AFTER)

    keeper = threading.Thread(target=keep_one, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        for one in started:
            _stop(one)
        keeper.join(AGAIN_AFTER)


def _stop(one: subprocess.Popen[bytes]) -> None:
    """Let it end what it is at; told again, it breaks off, and its transaction is rolled back."""
    for _time in range(2):
        one.terminate()
        try:
            one.wait(GRACE)
        except subprocess.TimeoutExpired:
            continue
        return
    one.kill()
