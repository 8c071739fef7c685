"""The worker as it runs in an office: a process of its own beside the web."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

BOOKS = """
import io, json
from datetime import date
from fenghuang.kernel.people.actions import open_office, appoint
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.actions import add_places
from fenghuang.kernel.places.models import Community
admin = open_office("梧桐街", code="", username="admin", name="admin", password="a long sentence")
street = admin.street
east = Community(name="东园社区", valid_from=date(2020, 1, 1))
add_places(street, [east], {east.id: [street]}, by=admin.pseudonym)
office = User.objects.create_user("office", "a long sentence", display_name="office")
appoint(office, Role.OFFICE, street, valid_from=date(2020, 1, 1), by=admin.pseudonym)
"""

ASK = """
from fenghuang.kernel.people.models import User
from fenghuang.kit import tasks
from fenghuang.kit.actions import keep_upload
from fenghuang.kit.ledgers import ledger_called
office = User.objects.get(username="office")
rows = "社区,网格名称\\n" + "".join(f"东园社区,东园第{n}网格\\n" for n in range(1, 4))
kept = keep_upload(office.street, ledger_called("grids"), rows.encode(), "g.csv", actor=office)
print(tasks.start_entering(kept, actor=office, leave_out_faulty=False).pk)
"""

LOOK = """
import json
from fenghuang.kernel.places.models import Grid
from fenghuang.kit.models import Job
job = Job.objects.get()
print(json.dumps([job.is_under_way, job.is_done, job.refusal, Grid.objects.count()]))
"""

BEGUN = """
from django.utils import timezone
from fenghuang.kit.models import Job
Job.objects.update(began_at=timezone.now())
"""


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An office of its own, with one community and nobody at work."""
    for name in ("FENGHUANG_DATABASE", "FENGHUANG_TEST_APPS", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FENGHUANG_HOME", str(tmp_path))
    told("migrate", "--verbosity", "0")
    told("shell", "--verbosity", "0", "-c", BOOKS)
    return tmp_path


def told(*words: str) -> str:
    command = [sys.executable, "-m", "fenghuang", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def ask(text: str) -> str:
    return told("shell", "--verbosity", "0", "-c", text).strip()


@contextmanager
def at_work(*words: str, **options):
    command = [sys.executable, "-m", "fenghuang", *words]
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def until_it_ended(seconds: float = 40) -> list[object]:
    end = time.monotonic() + seconds
    while (looked := json.loads(ask(LOOK)))[0] and time.monotonic() < end:
        time.sleep(0.5)
    return looked


def test_a_worker_does_what_was_asked_before_it_came(home):
    ask(ASK)
    before = json.loads(ask(LOOK))

    with at_work("worker"):
        after = until_it_ended()

    assert before == [True, False, "", 0]
    assert after == [False, True, "", 3]


def test_a_second_worker_stands_by_and_says_what_a_lost_one_left(home):
    ask(ASK)
    ask(BEGUN)

    with at_work("worker"):
        after = until_it_ended()

    assert after == [False, False, "interrupted", 0]


def test_serving_starts_a_worker_that_ends_with_it_even_killed(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with at_work("serve", "--port", str(port), start_new_session=True) as web:
        assert answers(port)
        ask(ASK)
        after = until_it_ended()
        workers = [pid for pid in children(web.pid) if b"worker" in command_of(pid)]
        os.killpg(web.pid, signal.SIGKILL)

        gone = [await_end(pid) for pid in workers]

    assert after == [False, True, "", 3]
    assert gone == [True]


def answers(port: int, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/").close()
            return True
        except urllib.error.HTTPError:  # the static files may not have been collected here
            return True
        except OSError:
            time.sleep(0.3)
    return False


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for path in found for one in path.read_text().split()]


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def await_end(pid: int, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.2)
    return False
