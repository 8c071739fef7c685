"""A webhook leads to the outside by https, and inside only where the installation allows it."""

from __future__ import annotations

import socket

import pytest

from fenghuang.kernel.journal import read
from fenghuang.kernel.notices.actions import add_webhook, set_sender, switch
from fenghuang.kernel.notices.models import MailSender, Webhook
from fenghuang.kernel.notices.reach import reachable
from fenghuang.kernel.refusal import Refused

PUBLIC = "https://93.184.215.14/hook"


def code_of(url: str) -> str:
    try:
        reachable(url)
    except Refused as refused:
        return refused.code
    return "fine"


@pytest.fixture
def resolved(monkeypatch):
    """The name service is outside the machine: what it would answer is said here."""

    def answers(*addresses: str):
        found = [(0, socket.SOCK_STREAM, 0, "", (one, 443)) for one in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_words, **_more: found)

    return answers


@pytest.mark.parametrize(
    ("url", "strictly", "allowing"),
    [
        (PUBLIC, "fine", "fine"),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "fine", "fine"),
        ("http://93.184.215.14/hook", "url_scheme", "url_private"),
        ("http://127.0.0.1:8000/", "url_scheme", "fine"),
        ("https://127.0.0.1/", "url_private", "fine"),
        ("https://10.1.2.3/", "url_private", "fine"),
        ("https://192.168.0.9/", "url_private", "fine"),
        ("https://[::1]/", "url_private", "fine"),
        ("https://[::ffff:10.1.2.3]/", "url_private", "fine"),
        ("https://[64:ff9b::a01:203]/", "url_private", "fine"),
        ("https://169.254.169.254/latest/", "url_private", "url_private"),
        ("https://[fe80::1]/", "url_private", "url_private"),
        ("https://0.0.0.0/", "url_private", "url_private"),
        ("https://224.0.0.1/", "url_private", "url_private"),
        ("https://2130706433/", "url_private", "fine"),  # 127.0.0.1 as one number
        ("https://user:word@93.184.215.14/", "url_secret", "url_secret"),
        ("https://93.184.215.14/#top", "url_secret", "url_secret"),
        ("ftp://93.184.215.14/", "url_scheme", "url_scheme"),
        ("file:///etc/passwd", "url", "url"),
        ("https://", "url", "url"),
        ("https://93.184.215.14:99999/", "url", "url"),
        ("https://93.184.215.14/a b", "url", "url"),
        ("钩子", "url", "url"),
    ],
)
def test_where_a_webhook_may_lead(url, strictly, allowing, settings):
    settings.FENGHUANG_PRIVATE_WEBHOOKS = False
    found = code_of(url)
    settings.FENGHUANG_PRIVATE_WEBHOOKS = True

    assert (found, code_of(url)) == (strictly, allowing)


def test_a_name_with_one_private_address_among_public_ones_is_refused(resolved):
    resolved("93.184.215.14", "10.0.0.1")

    assert code_of("https://hook.example.com/") == "url_private"


def test_a_name_means_the_address_that_was_looked_at(resolved):
    resolved("93.184.215.14")

    assert str(reachable("https://hook.example.com/")) == "93.184.215.14"


def test_what_is_added_and_switched_stands_in_the_journal_without_the_secret(cast):
    webhook = add_webhook(cast.street, actor=cast.administrator, name="网关", url=PUBLIC)
    switch(webhook, actor=cast.administrator, is_active=False)
    switch(webhook, actor=cast.administrator, is_active=False)
    switch(webhook, actor=cast.administrator, is_active=True)

    history = read.history(webhook.pk)
    assert [change.verb for change in history] == [
        "add_webhook",
        "switch_off_webhook",
        "switch_on_webhook",
    ]
    assert webhook.secret not in str(history)
    assert Webhook.objects.get().is_active


def test_only_the_administrator_of_the_street_adds_switches_and_names_the_sender(cast):
    webhook = add_webhook(cast.street, actor=cast.administrator, name="网关", url=PUBLIC)
    codes = []
    for act in (
        lambda: add_webhook(cast.street, actor=cast.office, name="另一个", url=PUBLIC),
        lambda: add_webhook(cast.other_street, actor=cast.administrator, name="别处", url=PUBLIC),
        lambda: switch(webhook, actor=cast.centre, is_active=False),
        lambda: set_sender(cast.street, actor=cast.office, name="街道"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        codes.append(refused.value.code)

    assert codes == ["role"] * 4
    assert (Webhook.objects.get().is_active, MailSender.objects.exists()) == (True, False)


def test_the_sender_of_a_street_is_one_and_its_changes_are_kept(cast):
    for name in ("梧桐街道", "梧桐街道办事处"):
        set_sender(cast.street, actor=cast.administrator, name=name)

    sender = MailSender.objects.get()
    assert sender.name == "梧桐街道办事处"
    assert [change.verb for change in read.history(sender.pk)] == ["set_sender", "set_sender"]
