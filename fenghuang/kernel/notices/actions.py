"""The verbs of notices: tell, claim, mark, send again; and where other programs listen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from fenghuang.kernel.journal import write
from fenghuang.kernel.people.actions import SYSTEM
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.refusal import Refused

from .events import TEST, declared
from .models import MailSender, Notice, Webhook
from .queries import watched
from .reach import reachable
from .undelivered import Undelivered

#: After the first failure, the second …; when they are used up, it is given up.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
TRIES = len(PAUSES) + 1
CLAIMED_FOR = timedelta(minutes=10)  #: longer than one try takes; then others may take it
KEPT_FOR = timedelta(days=400)  #: after that a key is forgotten: put the day into keys that recur


class OwnAddress(NamedTuple):
    """The e-mail address of somebody who is no member of staff, and the day it is erased on."""

    address: str
    purge_on: date


# Telling


def notify(
    receiver: User | OwnAddress | Webhook,
    *,
    street: Street,
    key: str,
    subject: Any,
    body: Any,
    about: Record | None = None,
) -> Notice:
    """Have something told, if what the caller does in this transaction is kept.

    The same key tells a receiver once, however often it is asked for: the notice is then the one of
    the first time. Lazy sentences are written in the language of the house. Nothing is sent here,
    and no failure to send reaches the caller. RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a notice belongs to the transaction of what it tells of")
    with translation.override(settings.LANGUAGE_CODE):
        words = {"subject": " ".join(str(subject).split())[:200], "body": str(body)}
    to, suffix = _told(receiver)
    about_what = (
        {"about_type": about._meta.label_lower, "about_id": about.pk, "number": about.number}
        if about is not None
        else {}
    )
    notice, _is_new = Notice.objects.get_or_create(
        street=street, key=f"{key}>{suffix}", defaults={**words, **to, **about_what}
    )
    return notice


def _told(receiver: User | OwnAddress | Webhook) -> tuple[dict[str, Any], str]:
    """What the notice says of its receiver, and what its key ends with."""
    match receiver:
        case User():
            return {"channel": Notice.Channel.EMAIL, "user": receiver}, receiver.pseudonym
        case Webhook():
            return {"channel": Notice.Channel.WEBHOOK, "webhook": receiver}, receiver.pk.hex
    return {
        "channel": Notice.Channel.EMAIL,
        "address": receiver.address,
        "address_purge_on": receiver.purge_on,
    }, "own"


def announce(
    event: str,
    data: Mapping[str, Any],
    *,
    street: Street,
    key: str,
    about: Record | None = None,
    unit: Unit | None = None,
) -> list[Notice]:
    """Tell the webhooks of the street that listen for the event, and those of the unit concerned.

    `data` must be fit for another program to read: codes, days and numbers, nothing personal.
    LookupError for an event that no line declared.
    """
    if event != TEST and event not in declared():
        raise LookupError(f"{event} was not declared (notices.events)")
    listening = Webhook.objects.filter(street=street, is_active=True).order_by("pk")
    return [
        notify(
            one,
            street=street,
            key=key,
            subject=event,
            body=_payload(event, data, about),
            about=about,
        )
        for one in listening
        if one.hears(event, unit)
    ]


def _payload(event: str, data: Mapping[str, Any], about: Record | None) -> str:
    """The JSON that is posted, in the shape of Standard Webhooks: type, timestamp, data."""
    named = {"record": about._meta.label_lower, "number": about.number} if about else {}
    content = {"type": event, "timestamp": timezone.now(), "data": {**named, **data}}
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)


# Sending


def due(at: datetime, most: int) -> list[Notice]:
    """What is to be tried by then, the longest due first. Reads only."""
    return list(
        Notice.objects.open()
        .filter(next_try_at__lte=at)
        .select_related("street", "user", "webhook")
        .order_by("next_try_at", "pk")[:most]
    )


def claim(notice: Notice, *, at: datetime) -> bool:
    """Take the notice, as it was read, for one try. False where somebody else was quicker."""
    until = at + CLAIMED_FOR
    taken = (
        Notice.objects.open()
        .filter(pk=notice.pk, next_try_at=notice.next_try_at, tries=notice.tries)
        .update(next_try_at=until, tries=F("tries") + 1)
    )
    if taken:
        notice.next_try_at, notice.tries = until, notice.tries + 1
    return bool(taken)


def mark_sent(notice: Notice, *, at: datetime) -> None:
    """It arrived."""
    notice.state, notice.sent_at, notice.error = Notice.State.SENT, at, ""
    notice.save(update_fields=["state", "sent_at", "error"])


def mark_undelivered(notice: Notice, problem: Undelivered, *, at: datetime) -> None:
    """It did not arrive: when it is tried again, or that it is given up; and why."""
    is_last = problem.is_final or notice.is_trial or notice.tries >= TRIES
    notice.state = Notice.State.GIVEN_UP if is_last else Notice.State.FAILED
    notice.error = problem.sentence[:255]
    if not is_last:
        notice.next_try_at = at + PAUSES[notice.tries - 1]
    notice.save(update_fields=["state", "error", "next_try_at"])


def send_again(notice: Notice, *, actor: User) -> None:
    """Try once more from the start, at once: after the mail server, or the address, was mended."""
    if notice.street_id not in watched(actor):
        raise Refused("role", _("Notices are looked after by the office. Ask there."))
    if not notice.can_be_sent_again:
        raise Refused(
            "state", _("This notice is not waiting for anybody: it was sent, or has no receiver.")
        )
    notice.state, notice.tries, notice.next_try_at = Notice.State.WAITING, 0, timezone.now()
    notice.save(update_fields=["state", "tries", "next_try_at"])


# Going


def purge_addresses(today: date) -> int:
    """Erase addresses whose day has come, with what was written to them; how many."""
    over = Notice.objects.filter(address_purge_on__lte=today).exclude(address="", body="")
    with transaction.atomic():
        over.open().update(
            state=Notice.State.GIVEN_UP, error=_("The address was erased on its day.")
        )
        return over.update(address="", subject="", body="")


def drop_notices(before: datetime) -> int:
    """Delete notices that were made before that moment and have ended; how many."""
    ended = Notice.objects.exclude(state__in=Notice.OPEN)
    return ended.filter(created_at__lt=before).delete()[0]


# Where other programs listen, and in whose name e-mails are sent


def check_administers(actor: User, street: UUID) -> None:
    """Refused for everybody but a system administrator of that street, and the command line."""
    if actor.username != SYSTEM and street not in administered(actor):
        raise Refused(
            "role", _("Webhooks are looked after by the system administrator. Ask there.")
        )


def add_webhook(
    street: Street,
    *,
    actor: User,
    name: str,
    url: str,
    unit: Unit | None = None,
    events: Sequence[str] = (),
) -> Webhook:
    """Let another program listen. Its secret is made here; show it once."""
    check_administers(actor, street.pk)
    reachable(url)
    webhook = Webhook(street=street, unit=unit, name=name.strip(), url=url, events=list(events))
    with transaction.atomic():
        write.add(webhook, by=actor.pseudonym, notes={"@verb": "add_webhook"})
    return webhook


def switch(webhook: Webhook, *, actor: User, is_active: bool) -> None:
    """Switch a webhook off, or on again. What waits for it while it is off is given up."""
    check_administers(actor, webhook.street_id)
    if webhook.is_active == is_active:
        return
    webhook.is_active = is_active
    verb = "switch_on_webhook" if is_active else "switch_off_webhook"
    with transaction.atomic():
        write.fix(webhook, by=actor.pseudonym, notes={"@verb": verb})


def try_webhook(webhook: Webhook, *, actor: User) -> Notice:
    """A trial delivery, to be sent at once."""
    check_administers(actor, webhook.street_id)
    with transaction.atomic():
        return notify(
            webhook,
            street=webhook.street,
            key=f"{TEST}:{uuid7().hex}",
            subject=TEST,
            body=_payload(TEST, {}, None),
        )


def set_sender(
    street: Street, *, actor: User, name: str, from_email: str = "", reply_to: str = ""
) -> MailSender:
    """Say in whose name the e-mails of a street are sent."""
    check_administers(actor, street.pk)
    sender = MailSender.objects.filter(street=street).first() or MailSender(street=street)
    is_new = sender._state.adding
    sender.name, sender.from_email, sender.reply_to = name.strip(), from_email, reply_to
    notes = {"@verb": "set_sender"}
    with transaction.atomic():
        (write.add if is_new else write.fix)(sender, by=actor.pseudonym, notes=notes)
    return sender
