"""Sends what is due. Told at least once: a sender that dies in between leaves it to the next.

Two senders never take the same notice at the same time (`actions.claim`). Whoever dies after the
e-mail went out and before that was written down causes a second one, of the same Message-ID or
webhook-id; no protocol between two machines can promise more.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import OperationalError, close_old_connections
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from . import actions, posting
from .mail import Postman
from .models import Notice
from .undelivered import Undelivered

AT_ONCE = 100  # notices in one round
INSIST = 10  # times; SQLite waits for 30 seconds each time, and a claim lasts for ten minutes

Clock = Callable[[], datetime]


def send_due(*, clock: Clock = timezone.now, most: int = AT_ONCE) -> Counter[str]:
    """Try what is due, the longest due first; how many of them are in which state then."""
    ended: Counter[str] = Counter()
    with closing(Postman()) as postman:
        for notice in actions.due(clock(), most):
            if (state := _send(notice, postman, clock)) is not None:
                ended[state] += 1
    return ended


def send_now(notice: Notice, *, clock: Clock = timezone.now) -> None:
    """Try this one at once; the notice says how it went."""
    with closing(Postman()) as postman:
        _send(notice, postman, clock)


def _send(notice: Notice, postman: Postman, clock: Clock) -> str | None:
    """The state in which the notice is then; None if somebody else is at it."""
    if not actions.claim(notice, at=clock()):
        return None
    with translation.override(settings.LANGUAGE_CODE):
        try:
            _deliver(notice, postman, clock())
        except Undelivered as problem:
            _write_down(partial(actions.mark_undelivered, notice, problem, at=clock()))
        else:
            _write_down(partial(actions.mark_sent, notice, at=clock()))
    return notice.state


def _write_down(mark: Callable[[], None]) -> None:
    """Mark how it ended, also where a long import has the database to itself for a while.

    What is not written down is sent again.
    """
    for left in reversed(range(INSIST)):
        try:
            return mark()
        except OperationalError:
            if not left:
                raise
            close_old_connections()
            time.sleep(1)


def _deliver(notice: Notice, postman: Postman, at: datetime) -> None:
    if notice.tries > actions.TRIES:
        raise Undelivered(_("The sender broke off each time."), is_final=True)
    if notice.webhook is not None:
        posting.post(notice, notice.webhook, at)
    else:
        postman.carry(notice)
