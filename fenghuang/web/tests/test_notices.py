"""Notices and webhooks on the screen: who sees what, what failed and why, sending again."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from fenghuang.kernel.notices.actions import (
    OwnAddress,
    add_webhook,
    mark_sent,
    mark_undelivered,
    notify,
    purge_addresses,
    switch,
    try_webhook,
)
from fenghuang.kernel.notices.models import MailSender, Notice, Webhook
from fenghuang.kernel.notices.tests.servers import listening
from fenghuang.kernel.notices.undelivered import Undelivered

PUBLIC = "https://93.184.215.14/hook"
WHY = "连不上邮件服务器"


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


@pytest.fixture
def admin(cast, client):
    client.force_login(cast.administrator)
    return client


def tell(street, receiver, key="due:1", subject="工单到期"):
    return notify(receiver, street=street, key=key, subject=subject, body="正文")


def fail(notice, *, is_final=False):
    notice.tries += 1
    mark_undelivered(notice, Undelivered(WHY, is_final=is_final), at=timezone.now())
    return notice


def shown(client, query="") -> list[Notice]:
    return [one for one, _subject, _address in client.get(f"/notices/{query}").context["notices"]]


@pytest.fixture
def told(cast):
    """A notice in each state."""
    waiting, failed, given_up, sent = (
        tell(cast.street, cast.secretary, key=f"due:{n}") for n in range(4)
    )
    fail(failed)
    fail(given_up, is_final=True)
    mark_sent(sent, at=timezone.now())
    return {"waiting": waiting, "failed": failed, "given_up": given_up, "sent": sent}


def test_the_newest_stand_first_with_why_they_failed(office, told):
    page = office.get("/notices/")

    assert shown(office) == [*reversed(told.values())]
    text = page.content.decode()
    assert text.count(WHY) == 2
    assert text.count("/again/") == 2  # failed, given up


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("?state=not_sent", ["given_up", "failed"]),
        ("?state=sent", ["sent"]),
        ("?state=waiting&channel=email", ["waiting"]),
        ("?channel=webhook", []),
        ("?state=nonsense&older=nonsense", ["sent", "given_up", "failed", "waiting"]),
    ],
)
def test_the_list_is_narrowed_by_state_and_channel(office, told, query, states):
    assert [one.state for one in shown(office, query)] == states


def test_pages_follow_one_another_without_a_gap(cast, office):
    made = [tell(cast.street, cast.secretary, key=f"due:{n}") for n in range(45)]

    query, found, pages = "", [], 0
    while pages == 0 or query:
        context = office.get(f"/notices/{query}").context
        found += [one for one, _subject, _address in context["notices"]]
        query, pages = context["older"], pages + 1

    assert (pages, found) == (3, made[::-1])


def test_the_administrator_sees_how_it_went_but_not_what_is_said(cast, client, told):
    text = {}
    for name in ("office", "administrator"):
        client.force_login(cast.staff[name])
        text[name] = client.get("/notices/").content.decode()

    assert {name: ("工单到期" in page, WHY in page) for name, page in text.items()} == {
        "office": (True, True),
        "administrator": (False, True),
    }


def test_an_own_address_is_shown_to_nobody(cast, office):
    tell(cast.street, OwnAddress("resident@example.com", date(2099, 1, 31)))

    text = office.get("/notices/").content.decode()

    assert ("resident" in text, "个人邮箱" in text, "2099" in text) == (False, True, True)


def test_what_was_erased_says_so(cast, office):
    tell(cast.street, OwnAddress("resident@example.com", date(2027, 1, 31)))
    purge_addresses(date(2027, 1, 31))

    text = office.get("/notices/").content.decode()

    assert ("已清除" in text, "工单到期" in text, "/again/" in text) == (True, False, False)


@pytest.mark.parametrize("name", ["leader", "secretary", "department", "outsider"])
def test_nobody_else_opens_the_list_or_sends_again(cast, client, told, name):
    client.force_login(cast.outsider if name == "outsider" else cast.staff[name])
    again = f"/notices/{told['failed'].pk}/again/"

    assert (client.get("/notices/").status_code, client.post(again).status_code) == (403, 403)
    assert "/notices/" not in client.get("/menu/").content.decode()
    assert Notice.objects.get(pk=told["failed"].pk).state == Notice.State.FAILED


def test_what_failed_is_put_in_line_again_what_was_sent_is_not(office, told):
    for one in told.values():
        office.post(f"/notices/{one.pk}/again/")

    states = {one.pk: one.state for one in Notice.objects.all()}
    assert {name: states[one.pk] for name, one in told.items()} == {
        "waiting": "waiting",
        "failed": "waiting",
        "given_up": "waiting",
        "sent": "sent",
    }


def test_notices_of_another_street_are_out_of_reach(cast, office):
    notice = fail(tell(cast.other_street, cast.secretary))

    assert shown(office) == []
    assert office.post(f"/notices/{notice.pk}/again/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_little_of_the_database(cast, office, django_assert_num_queries, count):
    webhook = add_webhook(cast.street, actor=cast.administrator, name="网关", url=PUBLIC)
    for n in range(count):
        fail(tell(cast.street, cast.secretary, key=f"due:{n}"))
        tell(cast.street, webhook, key=f"due:{n}")

    with django_assert_num_queries(4):  # session, user, appointments, notices
        office.get("/notices/")


def test_an_empty_list_says_what_comes_and_that_no_mail_server_is_set_up(admin, settings):
    settings.EMAIL_HOST = ""
    without = admin.get("/notices/").content.decode()
    settings.EMAIL_HOST = "mail.example.com"
    with_mail = admin.get("/notices/").content.decode()

    assert 'href="/webhooks/" role="button"' in without
    assert without.count("message error") - with_mail.count("message error") == 1


def test_the_administrator_adds_a_webhook_and_sees_its_secret_once(cast, admin):
    answer = admin.post(
        "/webhooks/new/", {"name": "热线网关", "url": PUBLIC, "unit": cast.works.pk}
    )

    webhook = Webhook.objects.get()
    assert (webhook.name, webhook.url, webhook.unit) == ("热线网关", PUBLIC, cast.works)
    assert answer.content.decode().count(webhook.secret) == 1
    for path in ("/webhooks/", f"/webhooks/{webhook.pk}/"):
        text = admin.get(path).content.decode()
        assert ("热线网关" in text, webhook.secret in text) == (True, False)


@pytest.mark.parametrize("url", ["http://93.184.215.14/", "https://127.0.0.1/", "example.com", ""])
def test_an_address_that_does_not_do_is_refused_at_its_field(admin, url):
    form = admin.post("/webhooks/new/", {"name": "网关", "url": url}).context["form"]

    assert set(form.errors) == {"url"}
    assert not Webhook.objects.exists()


def test_a_trial_says_at_once_whether_it_arrived_and_is_not_repeated(cast, admin, settings):
    settings.FENGHUANG_PRIVATE_WEBHOOKS = True
    with listening() as listener:
        webhook = add_webhook(cast.street, actor=cast.administrator, name="网关", url=listener.url)
        for status in (200, 500):
            listener.status = status
            admin.post(f"/webhooks/{webhook.pk}/", {"do": "try"})

    page = admin.get(f"/webhooks/{webhook.pk}/")
    assert [one.state for one, _event in page.context["deliveries"]] == ["given_up", "sent"]
    assert len(listener.received) == 2
    assert [one.tags for one in page.context["messages"]] == ["success", "error"]
    assert "/again/" not in admin.get("/notices/").content.decode()


def test_the_last_twenty_deliveries_are_shown(cast, admin):
    webhook = add_webhook(cast.street, actor=cast.administrator, name="网关", url=PUBLIC)
    made = [try_webhook(webhook, actor=cast.administrator) for _n in range(21)]

    deliveries = admin.get(f"/webhooks/{webhook.pk}/").context["deliveries"]

    assert [one for one, _event in deliveries] == made[:0:-1]


def test_a_webhook_is_switched_off_and_on(cast, admin):
    webhook = add_webhook(cast.street, actor=cast.administrator, name="网关", url=PUBLIC)
    states = []
    for do in ("switch_off", "nonsense", "switch_on"):
        admin.post(f"/webhooks/{webhook.pk}/", {"do": do})
        states.append(Webhook.objects.get().is_active)

    assert states == [False, False, True]


def test_webhooks_of_another_street_and_of_others_are_out_of_reach(cast, client):
    own = add_webhook(cast.street, actor=cast.administrator, name="网关", url=PUBLIC)
    other = Webhook.objects.create(street=cast.other_street, name="别处", url=PUBLIC, entry=0)
    paths = ("/webhooks/", "/webhooks/new/", f"/webhooks/{own.pk}/", "/notices/sender/")
    client.force_login(cast.office)
    of_office = {client.get(path).status_code for path in paths}
    client.force_login(cast.administrator)

    assert of_office == {403}
    assert client.get(f"/webhooks/{other.pk}/").status_code == 404
    assert list(client.get("/webhooks/").context["webhooks"]) == [own]


def test_a_webhook_that_is_off_offers_no_trial(cast, admin):
    webhook = add_webhook(cast.street, actor=cast.administrator, name="网关", url=PUBLIC)
    switch(webhook, actor=cast.administrator, is_active=False)

    offered = re.findall(
        r'name="do" value="(\w+)"', admin.get(f"/webhooks/{webhook.pk}/").content.decode()
    )

    assert offered == ["switch_on"]


def test_the_sender_is_the_street_until_somebody_says_otherwise(cast, admin):
    before = admin.get("/notices/sender/").context["form"]["name"].value()
    admin.post("/notices/sender/", {"name": "梧桐街道办事处", "reply_to": "a@example.com"})

    sender = MailSender.objects.get()
    assert before == "梧桐街"
    assert (sender.street, sender.name, sender.from_email, sender.reply_to) == (
        cast.street,
        "梧桐街道办事处",
        "",
        "a@example.com",
    )


def test_everybody_says_where_their_own_notices_go(cast, client):
    client.force_login(cast.secretary)
    answers = []
    for email in ("secretary@example.com", "no address", ""):
        client.post("/accounts/email/", {"email": email})
        cast.secretary.refresh_from_db()
        answers.append(cast.secretary.email)

    cast.leader.refresh_from_db()
    assert answers == ["secretary@example.com", "secretary@example.com", ""]
    assert cast.leader.email == ""
