"""Notices arrive at real servers, once; what fails is tried again, and given up in the end."""

from __future__ import annotations

import base64
import hmac
import threading
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from fenghuang.kernel.notices.actions import (
    CLAIMED_FOR,
    PAUSES,
    TRIES,
    OwnAddress,
    claim,
    due,
    notify,
    send_again,
    set_sender,
    switch,
)
from fenghuang.kernel.notices.delivery import send_due
from fenghuang.kernel.notices.models import Notice
from fenghuang.kernel.refusal import Refused

from .servers import mail_server

SUBJECT, BODY = "工单明天到期：井盖破损", "您单位的工单明天到期，请及时办理。\n第二行：㐂𠮷"


def tell(street, receiver, key="due:1") -> Notice:
    with transaction.atomic():
        return notify(receiver, street=street, key=key, subject=SUBJECT, body=BODY)


def at(moment: datetime):
    return lambda: moment


def later(**span: float):
    return at(timezone.now() + timedelta(**span))


def test_chinese_subject_and_body_arrive_as_they_were_written(cast, secretary, mailbox):
    notice = tell(cast.street, secretary)

    ended = send_due()

    [letter] = mailbox.received
    notice.refresh_from_db()
    assert (ended, notice.state, notice.error) == ({"sent": 1}, Notice.State.SENT, "")
    assert (letter["Subject"], letter["To"]) == (SUBJECT, "secretary@example.com")
    assert letter["From"].addresses[0].display_name == "梧桐街"
    assert letter["Message-ID"] == f"<{notice.pk}@example.com>"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content().replace("\r\n", "\n")  # so lines end on the wire
    assert text.startswith(f"{BODY}\n\n-- \n本邮件由梧桐街工作台账自动发出")
    assert (send_due(), len(mailbox.received)) == ({}, 1)


def test_the_street_says_in_whose_name_and_where_answers_go(cast, secretary, mailbox):
    set_sender(
        cast.street,
        actor=cast.administrator,
        name="梧桐街道办事处",
        from_email="office@example.com",
        reply_to="answers@example.com",
    )
    tell(cast.street, secretary)

    send_due()

    [letter] = mailbox.received
    assert str(letter["From"]) == "梧桐街道办事处 <office@example.com>"
    assert letter["Reply-To"] == "answers@example.com"
    assert "请勿直接回复" not in letter.get_content()


def test_while_the_mail_server_is_down_it_is_tried_again_and_then_arrives(
    cast, secretary, mail_port
):
    notice = tell(cast.street, secretary)
    now = timezone.now()

    failed = send_due(clock=at(now))
    notice.refresh_from_db()
    between = (notice.state, notice.tries, notice.next_try_at - now)
    too_early = send_due(clock=at(now + timedelta(seconds=59)))
    with mail_server(mail_port) as mailbox:
        sent = send_due(clock=at(now + timedelta(minutes=1)))

    notice.refresh_from_db()
    assert (failed, too_early, sent) == ({"failed": 1}, {}, {"sent": 1})
    assert between == (Notice.State.FAILED, 1, timedelta(minutes=1))
    assert (notice.state, notice.tries, notice.error) == (Notice.State.SENT, 2, "")
    assert [one["Subject"] for one in mailbox.received] == [SUBJECT]


def test_the_pauses_grow_and_then_it_is_given_up(cast, secretary, mail_port):
    notice = tell(cast.street, secretary)
    now, pauses = timezone.now(), []

    for _try in range(TRIES):
        send_due(clock=at(now))
        notice.refresh_from_db()
        pauses.append(notice.next_try_at - now)
        now = notice.next_try_at

    assert tuple(pauses[:-1]) == PAUSES
    assert (notice.state, notice.tries) == (Notice.State.GIVEN_UP, 6)
    assert send_due(clock=at(now + timedelta(days=9))) == {}


def test_a_refused_address_is_given_up_at_once_and_not_repeated_on_the_screen(cast, mailbox):
    mailbox.answer = "550 <resident@example.com>: no such user"
    notice = tell(cast.street, OwnAddress("resident@example.com", date(2099, 1, 1)))

    send_due()

    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (Notice.State.GIVEN_UP, 1)
    assert ("550" in notice.error, "resident" in notice.error) == (True, False)


def test_a_full_mailbox_is_tried_again(cast, secretary, mailbox):
    mailbox.answer = "452 mailbox full"
    notice = tell(cast.street, secretary)

    send_due()
    mailbox.answer = "250 OK"
    send_due(clock=later(minutes=2))

    notice.refresh_from_db()
    assert (notice.state, notice.tries, len(mailbox.received)) == (Notice.State.SENT, 2, 1)


def test_one_refused_e_mail_keeps_no_other_back(cast, secretary, mailbox):
    cast.leader.email = ""
    without, with_address = tell(cast.street, cast.leader), tell(cast.street, secretary)

    ended = send_due()

    without.refresh_from_db()
    assert (ended, len(mailbox.received)) == ({"given_up": 1, "sent": 1}, 1)
    assert without.state == Notice.State.GIVEN_UP
    assert with_address.pk != without.pk


def test_without_a_mail_server_it_is_given_up_until_somebody_sends_it_again(
    cast, secretary, settings, mailbox
):
    notice = tell(cast.street, secretary)
    settings.EMAIL_HOST = ""
    send_due()
    notice.refresh_from_db()
    before = notice.state
    settings.EMAIL_HOST = "127.0.0.1"
    send_again(notice, actor=cast.office)
    send_due()

    notice.refresh_from_db()
    assert (before, notice.state) == (Notice.State.GIVEN_UP, Notice.State.SENT)
    with pytest.raises(Refused) as refused:
        send_again(notice, actor=cast.office)
    assert refused.value.code == "state"


def test_a_suspended_colleague_is_written_to_no_more(cast, secretary, mailbox):
    secretary.is_active = False
    secretary.save()
    tell(cast.street, secretary)

    assert (send_due(), mailbox.received) == ({"given_up": 1}, [])


def test_a_webhook_gets_what_happened_with_a_valid_signature(cast, webhook, listener):
    notice = tell(cast.street, webhook)

    ended = send_due()

    [posted] = listener.received
    headers = posted.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + posted.body
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    valid = base64.b64encode(hmac.digest(key, signed, sha256)).decode()
    assert (ended, posted.path) == ({"sent": 1}, "/hook?of=street")
    assert (posted.body.decode(), headers["webhook-id"]) == (BODY, str(notice.pk))
    assert headers["webhook-signature"] == f"v1,{valid}"
    assert headers["host"] == listener.url.split("/")[2]
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60


def test_a_webhook_that_answers_500_is_tried_again(cast, webhook, listener):
    notice = tell(cast.street, webhook)
    listener.status = 500

    first = send_due()
    listener.status = 200
    second = send_due(clock=later(minutes=2))

    notice.refresh_from_db()
    assert (first, second) == ({"failed": 1}, {"sent": 1})
    assert len({one.headers["webhook-id"] for one in listener.received}) == 1
    assert (notice.tries, len(listener.received)) == (2, 2)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(cast, webhook, listener, status):
    tell(cast.street, webhook)
    listener.status = status

    assert send_due() == {"failed": 1}
    assert [one.path for one in listener.received] == ["/hook?of=street"]


def test_a_private_address_is_refused_when_it_is_sent_too(cast, webhook, listener, settings):
    notice = tell(cast.street, webhook)
    settings.FENGHUANG_PRIVATE_WEBHOOKS = False

    ended = send_due()

    notice.refresh_from_db()
    assert (ended, listener.received, notice.tries) == ({"given_up": 1}, [], 1)


def test_a_proxy_of_the_environment_is_not_asked(cast, webhook, listener, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    tell(cast.street, webhook)

    assert send_due() == {"sent": 1}


def test_what_waits_for_a_webhook_that_is_switched_off_is_given_up(cast, webhook, listener):
    tell(cast.street, webhook)
    switch(webhook, actor=cast.administrator, is_active=False)

    assert (send_due(), listener.received) == ({"given_up": 1}, [])


def test_a_claimed_notice_is_taken_by_nobody_else_until_its_time_is_over(cast, secretary, mailbox):
    tell(cast.street, secretary)
    now = timezone.now()
    [notice], [same] = due(now, 9), due(now, 9)

    taken = [claim(notice, at=now), claim(same, at=now)]  # and then this sender dies

    assert (taken, send_due(clock=at(now + CLAIMED_FOR / 2))) == ([True, False], {})
    assert send_due(clock=at(now + CLAIMED_FOR)) == {"sent": 1}
    assert len(mailbox.received) == 1


def test_a_notice_at_which_every_sender_dies_is_given_up(cast, secretary, mailbox):
    tell(cast.street, secretary)
    now = timezone.now()
    for _try in range(TRIES):
        [notice] = due(now, 9)
        claim(notice, at=now)
        now = notice.next_try_at

    assert (send_due(clock=at(now)), mailbox.received) == ({"given_up": 1}, [])


def test_two_senders_at_once_send_each_notice_once(transactional_db, cast, secretary, mailbox):
    for n in range(30):
        tell(cast.street, secretary, key=f"due:{n}")
    ready, sent = threading.Barrier(3), []

    def send():
        ready.wait()
        try:
            sent.append(send_due()["sent"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _sender in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sum(sent) == 30
    assert len({one["Message-ID"] for one in mailbox.received}) == len(mailbox.received) == 30


def test_what_arrived_is_written_down_even_if_the_database_is_busy_just_then(
    transactional_db, cast, secretary, mailbox
):
    tell(cast.street, secretary)
    refused = []

    def busy_once(execute, sql, params, many, context):
        if "sent_at" in sql and sql.startswith("UPDATE") and not refused:
            refused.append(sql)
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(busy_once):
        ended = send_due()

    assert (len(refused), ended, Notice.objects.get().state) == (1, {"sent": 1}, "sent")
    assert len(mailbox.received) == 1


def test_only_who_looks_after_notices_sends_them_again(cast, secretary, mail_port):
    notice = tell(cast.street, secretary)
    send_due()
    notice.refresh_from_db()

    with pytest.raises(Refused) as refused:
        send_again(notice, actor=secretary)
    send_again(notice, actor=cast.administrator)

    notice.refresh_from_db()
    assert refused.value.code == "role"
    assert (notice.state, notice.tries) == (Notice.State.WAITING, 0)
