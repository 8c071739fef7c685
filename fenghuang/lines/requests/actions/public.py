"""What residents without an account do, and the letters that go to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.evidence.actions import Upload, attach
from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.notices.actions import OwnAddress, notify
from fenghuang.kernel.people.actions import system_account
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.records.models import local_day
from fenghuang.kernel.refusal import Refused

from ..models import Follower, WorkOrder
from ..queries import public as queries
from ..rules import public as rules
from .orders import raise_publicly

#: A letter’s address is erased so long after it was written.
LETTER_DAYS = timedelta(days=30)


def raise_with_photos(
    order: WorkOrder, *, now: datetime, photos: Sequence[Upload] = ()
) -> WorkOrder:
    """Register what a resident sent, with its pictures, all or nothing; told by e-mail if wanted.

    Raises AlreadyEntered for a form sent twice.
    """
    with transaction.atomic():
        raise_publicly(order, now=now)
        _attach(order, photos)
        if order.email:
            _letter(
                order,
                f"raised:{order.pk}",
                _("%(number)s: we have received your request") % {"number": order.number},
                _("Promised by %(day)s.\nHow far it is: %(link)s\nKeep this link to yourself.")
                % {
                    "day": f"{timezone.localtime(order.promised_at):%Y-%m-%d %H:%M}",
                    "link": queries.link("slip", order.slip_code),
                },
                now,
            )
    return order


def _attach(order: WorkOrder, photos: Sequence[Upload]) -> None:
    actor = system_account()
    for photo in photos:
        try:
            attach(order, photo, kind=Attachment.Kind.PHOTO, actor=actor)
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, where="photos") from refused


def _letter(order: WorkOrder, key: str, subject: str, body: str, now: datetime) -> None:
    receiver = OwnAddress(order.email, local_day(now) + LETTER_DAYS)
    notify(receiver, street=order.street, key=key, subject=subject, body=body)


def add(order: WorkOrder, *, note: str, photos: Sequence[Upload] = ()) -> WorkOrder:
    """The holder of the slip adds something new; it stands in the history for the office."""
    if not note.strip():
        raise Refused("reason_missing", _("Please write what is new."), where="note")
    with transaction.atomic():
        records.change(order, "add_by_slip", actor=system_account(), ground=note.strip())
        _attach(order, photos)
        _tell_handler(order, _("%(number)s: the holder of the slip added something"))
    return order


def withdraw(order: WorkOrder, *, note: str = "") -> WorkOrder:
    """The holder of the slip no longer wants it. A person of the office decides what follows."""
    if not order.is_open:
        raise Refused("state", _("It is finished already; there is nothing to withdraw."))
    with transaction.atomic():
        records.change(order, "withdraw_by_slip", actor=system_account(), ground=note.strip())
        _tell_handler(order, _("%(number)s: the holder of the slip no longer needs it"))
    return order


def _tell_handler(order: WorkOrder, subject: str) -> None:
    """Write to whoever handles it, if anybody does; what was said stands in the history."""
    if order.handler is not None:
        notify(
            order.handler,
            street=order.street,
            key=f"slip:{order.pk}:{order.entry}",
            subject=subject % {"number": order.number},
            body=settings.FENGHUANG_SITE + order.get_absolute_url(),
            about=order,
        )


# Following an area


def follow(place: Place, *, email: str, now: datetime) -> None:
    """Ask for news of an area. Nothing is sent but the question whether it was really they.

    Asked again it is asked again, whoever follows already is not, and the answer is always the
    same: nobody learns here who follows what.
    """
    day = local_day(now)
    until = day + timedelta(days=rules.CONFIRM_DAYS)
    with transaction.atomic():
        follower, _is_new = Follower.objects.get_or_create(
            place=place,
            email=email.strip().lower(),
            defaults={"street_id": place.street_id, "asked_at": now, "email_purge_on": until},
        )
        if follower.confirmed_at is not None:
            return
        if not _is_new:
            Follower.objects.filter(pk=follower.pk).update(asked_at=now, email_purge_on=until)
        token = queries.follow_token(follower)
        notify(
            OwnAddress(follower.email, until),
            street=follower.street,
            key=f"follow:{follower.pk}:{day}",
            subject=_("News of %(place)s: was it you?") % {"place": place},
            body=_(
                "Somebody asked for news of %(place)s at this address. If it was you, confirm it "
                "here within 7 days:\n%(link)s\nIf not, do nothing; the address is then erased."
            )
            % {"place": place, "link": queries.link("confirm_follow", token)},
        )


def confirm(follower: Follower, *, now: datetime) -> None:
    """They said so themselves: news come for a year, unless they end it before."""
    Follower.objects.filter(pk=follower.pk, confirmed_at=None).update(
        confirmed_at=now,
        email_purge_on=local_day(now) + timedelta(days=rules.FOLLOW_DAYS),
    )


def end(follower: Follower) -> None:
    """No more news; nothing is kept of it."""
    follower.delete()


# What the worker does by itself


def tend(now: datetime) -> None:
    """Ask appellants for their answer, tell followers the news of a week, forget who is over."""
    ask_for_answers(now)
    tell_followers(now)
    forget_followers(now)


def ask_for_answers(now: datetime) -> int:
    """Write to whoever left an e-mail address that their request is closed; how many wait now.

    The same closing is told once, however often this is called.
    """
    waiting = list(queries.to_be_answered(local_day(now) - timedelta(days=rules.ANSWER_DAYS)))
    for order in waiting:
        with transaction.atomic():
            assert order.closed_at is not None
            _letter(
                order,
                f"answer:{order.pk}:{order.closed_at.timestamp()}",
                _("%(number)s is finished. Is it solved?") % {"number": order.number},
                _("Read the answer and say whether it is solved, within 30 days:\n%(link)s")
                % {"link": queries.link("answer", queries.answer_token(order))},
                now,
            )
    return len(waiting)


def tell_followers(now: datetime) -> int:
    """Write to followers what was published or finished in their area last week; how many heard.

    Where nothing happened, nothing is written. A second call in the same week tells nobody twice.
    """
    since, until = queries.week_before(now)
    place, orders, told = None, [], 0
    for follower in queries.confirmed(local_day(now)):
        if place != follower.place:
            place, orders = follower.place, queries.news(follower.place, since, until)
        if orders:
            _tell(follower, orders, f"news:{follower.pk}:{since}", now)
            told += 1
    return told


def _tell(follower: Follower, orders: Sequence[Any], key: str, now: datetime) -> None:
    lines = [
        f"{one.number} {one.get_category_display()}: {one.public_text[:60]}\n"
        f"{queries.link('order', one.number)}"
        for one in orders
    ]
    ending = _("No more news: %(link)s") % {
        "link": queries.link("end_follow", queries.follow_token(follower))
    }
    with transaction.atomic():
        notify(
            OwnAddress(follower.email, local_day(now) + LETTER_DAYS),
            street=follower.street,
            key=key,
            subject=_("News of %(place)s") % {"place": follower.place},
            body="\n\n".join([*lines, ending]),
        )


def forget_followers(now: datetime) -> int:
    """Erase those whose day has come: never confirmed within 7 days, or a year over; how many."""
    return Follower.objects.filter(email_purge_on__lte=local_day(now)).delete()[0]
