"""The worker sends notices by itself, beside its long work."""

from __future__ import annotations

import time

from fenghuang.kernel.notices.tests.servers import free_port, mail_server
from tests.commands.test_worker import ask, at_work
from tests.commands.test_worker import home as home  # a fixture

TELL = """
from django.db import transaction
from fenghuang.kernel.notices.actions import notify
from fenghuang.kernel.people.models import User
office = User.objects.get(username="office")
office.email = "office@example.com"
office.save()
with transaction.atomic():
    notify(office, street=office.street, key="due:1", subject="工单明天到期", body="请及时办理。")
"""

LOOK = """
from fenghuang.kernel.notices.models import Notice
print(Notice.objects.get().state)
"""


def test_a_worker_sends_what_waits_once(home, monkeypatch):
    port = free_port()
    monkeypatch.setenv("FENGHUANG_MAIL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("FENGHUANG_MAIL_FROM", "ledger@example.com")
    ask(TELL)

    with mail_server(port) as mailbox, at_work("worker"):
        end = time.monotonic() + 40
        while not mailbox.received and time.monotonic() < end:
            time.sleep(0.3)
        time.sleep(4)  # a further look of the worker

    assert [(one["To"], one["Subject"]) for one in mailbox.received] == [
        ("office@example.com", "工单明天到期")
    ]
    assert ask(LOOK) == "sent"
