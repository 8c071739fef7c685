"""Offices: an installation with the books of one street, and its web server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.installations import Environment, installation

#: The database of this run.
ENGINE = os.environ.get("FENGHUANG_TEST_DATABASE", "sqlite")
PATIENCE = 120.0  # seconds; a machine under test may be slow
ROOT = Path(__file__).parents[2]
OF_TESTS = "FENGHUANG_TEST_APPS"  # an office has none of the tables that the tests add


@dataclass(frozen=True)
class Office:
    """`tokens` are those of its staff, by role."""

    environment: Environment
    tokens: dict[str, str]

    @property
    def home(self) -> Path:
        return Path(self.environment["FENGHUANG_HOME"])

    def journal_faults(self) -> list[str]:
        """What `fenghuang journal check` finds."""
        checked = _run(self.environment, "-m", "fenghuang", "journal", "check", "--json")
        faults: list[str] = json.loads(checked.stdout)["faults"]
        assert checked.returncode == bool(faults)
        return faults


class Server:
    """`fenghuang serve` with all processes that answer: a process group of its own."""

    def __init__(self, environment: Environment) -> None:
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port: int = found.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fenghuang", "serve", "--no-worker", "--port", str(self.port)],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._is_killed = False

    def await_start(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """All its processes at once, with a signal that none of them can heed."""
        if not self._is_killed:
            self._is_killed = True
            with suppress(ProcessLookupError):  # it never started
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)


@contextmanager
def opened(engine: str) -> Iterator[Office]:
    """A new office on that database, which goes away."""
    with installation(engine) as environment:
        environment.pop(OF_TESTS, None)
        made = _run(environment, "-m", "tests.durability.opening")
        made.check_returncode()
        yield Office(environment, json.loads(made.stdout))


@contextmanager
def served(office: Office) -> Iterator[Server]:
    """Its web server; it is not asked to stop, but killed in any case."""
    server = Server(office.environment)
    try:
        server.await_start()
        yield server
    finally:
        server.kill()


def _run(environment: Environment, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
    )
