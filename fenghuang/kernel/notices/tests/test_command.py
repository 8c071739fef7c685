"""`fenghuang notices`: sends what is due, and says by its exit code whether all arrived."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from fenghuang.kernel.notices.actions import notify


def told(*words: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("notices", *words, stdout=out)
    except SystemExit as end:
        return out.getvalue().strip(), int(str(end.code))
    return out.getvalue().strip(), 0


@pytest.fixture
def waiting(cast, secretary):
    with transaction.atomic():
        return notify(secretary, street=cast.street, key="due:1", subject="到期", body="…")


def test_what_is_due_is_sent(waiting, mailbox):
    assert told("send") == ("1 sent, 0 to be tried again, 0 given up", 0)
    assert told("send") == ("0 sent, 0 to be tried again, 0 given up", 0)
    assert len(mailbox.received) == 1
    assert json.loads(told("list", "--json")[0]) == []


def test_what_failed_is_listed_without_saying_to_whom(waiting, mail_port):
    said = told("send")

    [row] = json.loads(told("list", "--json")[0])
    assert said == ("0 sent, 1 to be tried again, 0 given up", 1)
    assert (row["state"], row["tries"], row["channel"]) == ("failed", 1, "email")
    assert "secretary" not in told("list")[0]
