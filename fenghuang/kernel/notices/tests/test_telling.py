"""What is to be told is written down with what it tells of, once a key, and sent by nobody yet."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from fenghuang.kernel.notices import events
from fenghuang.kernel.notices.actions import (
    OwnAddress,
    add_webhook,
    announce,
    drop_notices,
    notify,
    purge_addresses,
    send_again,
    switch,
)
from fenghuang.kernel.notices.delivery import send_due
from fenghuang.kernel.notices.models import Notice
from fenghuang.kernel.refusal import Refused

OWN = OwnAddress("resident@example.com", date(2027, 1, 31))


def tell(street, receiver, key="due:1", subject="工单明天到期", body="请及时办理。"):
    with transaction.atomic():
        return notify(receiver, street=street, key=key, subject=subject, body=body)


@pytest.fixture
def dispatched(monkeypatch):
    """An event that a line declared."""
    monkeypatch.setattr(events, "_declared", {})
    events.declare({"requests.dispatched": "已派单"})
    return "requests.dispatched"


def test_the_same_key_tells_each_receiver_once(cast):
    first = tell(cast.street, cast.secretary)
    again = tell(cast.street, cast.secretary, subject="别的话")
    other = tell(cast.street, cast.leader)
    later = tell(cast.street, cast.secretary, key="due:2")

    assert (again, again.subject) == (first, "工单明天到期")
    assert set(Notice.objects.all()) == {first, other, later}


def test_what_is_rolled_back_is_told_to_nobody(cast, mailbox):
    with pytest.raises(Refused), transaction.atomic():
        notify(cast.secretary, street=cast.street, key="due:1", subject="到期", body="…")
        raise Refused("state", "no")

    assert (Notice.objects.count(), send_due(), mailbox.received) == (0, {}, [])


def test_outside_a_transaction_nothing_is_told(transactional_db, cast):
    with pytest.raises(RuntimeError):
        notify(cast.secretary, street=cast.street, key="due:1", subject="到期", body="…")

    assert not Notice.objects.exists()


def test_a_lazy_sentence_is_written_in_chinese_whoever_acts(cast):
    with translation.override("en"):
        notice = tell(cast.street, cast.secretary, subject=gettext_lazy("Notices"))

    assert notice.subject == "通知"


def test_a_subject_is_one_line(cast):
    notice = tell(cast.street, cast.secretary, subject="工单\r\nBcc: all@example.com")

    assert notice.subject == "工单 Bcc: all@example.com"


def test_webhooks_hear_their_events_of_their_unit(cast, webhook, listener, dispatched):
    def add(name, **words):
        return add_webhook(
            cast.street, actor=cast.administrator, name=name, url=listener.url, **words
        )

    of_unit, of_other = add("城建办", unit=cast.works), add("住建局", unit=cast.district)
    of_event, deaf = add("派单", events=[dispatched]), add("办结", events=["requests.closed"])
    off = add("停用")
    switch(off, actor=cast.administrator, is_active=False)

    notices = announce(
        dispatched, {"due_on": date(2026, 12, 1)}, street=cast.street, key="d:1", unit=cast.works
    )

    assert {one.webhook for one in notices} == {webhook, of_unit, of_event}
    assert not {of_other, deaf, off} & {one.webhook for one in notices}
    told = json.loads(notices[0].body)
    assert (told["type"], told["data"]) == (dispatched, {"due_on": "2026-12-01"})


def test_an_event_that_nobody_declared_is_a_fault_of_ours(cast):
    with pytest.raises(LookupError):
        announce("requests.misspelt", {}, street=cast.street, key="d:1")


def test_an_own_address_goes_on_its_day_with_what_was_written_to_it(cast):
    waiting = tell(cast.street, OWN)
    sent = tell(cast.street, OwnAddress("other@example.com", OWN.purge_on), key="due:2")
    Notice.objects.filter(pk=sent.pk).update(state=Notice.State.SENT)
    kept = tell(cast.street, OwnAddress("kept@example.com", date(2027, 2, 1)), key="due:3")
    of_staff = tell(cast.street, cast.secretary)

    counts = [purge_addresses(date(2027, 1, day)) for day in (30, 31, 31)]

    left = {one.pk: (one.address, one.body, one.state) for one in Notice.objects.all()}
    assert counts == [0, 2, 0]
    assert left == {
        waiting.pk: ("", "", Notice.State.GIVEN_UP),
        sent.pk: ("", "", Notice.State.SENT),
        kept.pk: ("kept@example.com", "请及时办理。", Notice.State.WAITING),
        of_staff.pk: ("", "请及时办理。", Notice.State.WAITING),
    }
    waiting.refresh_from_db()
    with pytest.raises(Refused):
        send_again(waiting, actor=cast.office)


def test_old_notices_go_when_they_have_ended(cast):
    ended, waiting, fresh = (tell(cast.street, cast.secretary, key=f"due:{n}") for n in range(3))
    long_ago = timezone.now() - timedelta(days=500)
    Notice.objects.filter(pk__in=[ended.pk, waiting.pk]).update(created_at=long_ago)
    Notice.objects.filter(pk__in=[ended.pk, fresh.pk]).update(state=Notice.State.SENT)

    dropped = drop_notices(timezone.now() - timedelta(days=400))

    assert (dropped, set(Notice.objects.all())) == (1, {waiting, fresh})
