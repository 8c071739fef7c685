"""What is decided about work orders: clocks, callbacks, repeats."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from fenghuang.kernel.worktime import LOCAL_ZONE, Deadline, Limit, due, is_working_day
from fenghuang.kernel.worktime import was_on_time as _was_on_time

#: The version of these rules; stored with what they decided.
VERSION = "2026-11"

#: An appellant counts as not reached after so many tries on so many days.
TRIES, TRY_DAYS = 3, 2

#: An order on which nothing has moved for so many working days is stuck.
STUCK_AFTER = 5


class Pressing(StrEnum):
    """How near a clock is to its end."""

    LATE = "late"
    SOON = "soon"
    FINE = "fine"


def limit_codes(clock: str, level: str, category: str) -> tuple[str, ...]:
    """The parameters that may set a clock, the most particular first.

    A limit for the category of that level goes before the limit for the level.

    >>> limit_codes("handling", "ordinary", "pipes")
    ('handling.ordinary.pipes', 'handling.ordinary')
    """
    return f"{clock}.{level}.{category}", f"{clock}.{level}"


def ends(start: datetime, limit: Limit) -> Deadline:
    """When a clock that began at that moment ends: hours run from the moment, days from the next.

    Source: Civil Code 201 to 203.
    """
    return due(start, limit)


def was_on_time(done_at: datetime, due_at: datetime) -> bool:
    """Done at the very last instant is done in time. Source: Civil Code 1259."""
    return _was_on_time(done_at, due_at)


def pressing(now: datetime, began_at: datetime, due_at: datetime) -> Pressing:
    """Late once the last instant has passed; soon in the last quarter of the time.

    A clock is never stopped: an order on hold is as late as any other.

    >>> day = datetime(2021, 6, 1, 8, tzinfo=LOCAL_ZONE)
    >>> pressing(day + timedelta(hours=18), day, day + timedelta(hours=24)).value
    'soon'
    """
    if now > due_at:
        return Pressing.LATE
    return Pressing.SOON if now >= due_at - (due_at - began_at) / 4 else Pressing.FINE


def is_stuck(now: datetime, moved_at: datetime) -> bool:
    """Has nothing moved for more than five working days?

    CalendarMissing where a year between is not known.
    """
    day, today, worked = (
        moved_at.astimezone(LOCAL_ZONE).date(),
        now.astimezone(LOCAL_ZONE).date(),
        0,
    )
    while day < today and worked <= STUCK_AFTER:
        day += timedelta(days=1)
        worked += is_working_day(day)
    return worked > STUCK_AFTER


def latest_extension(dispatched_at: datetime, due_at: datetime) -> datetime:
    """An order may be extended once, by no more than its original time.

    Source: house default; the line's limits may be longer where the law says so.
    """
    return due_at + (due_at - dispatched_at)


def may_end_calling(tries: Iterable[datetime]) -> bool:
    """Is the appellant to be taken as not reached: three tries, on two days at least?

    >>> day = datetime(2021, 6, 1, 9, tzinfo=LOCAL_ZONE)
    >>> may_end_calling([day, day, day])
    False
    >>> may_end_calling([day, day, day + timedelta(days=1)])
    True
    """
    local = [moment.astimezone(LOCAL_ZONE).date() for moment in tries]
    return len(local) >= TRIES and len(set(local)) >= TRY_DAYS


def contact_hash(contact: str, secret: bytes, year: int) -> str:
    """By which two orders of one year are seen to have the same contact, and nothing else is.

    Salted by the installation's secret and the year, so that neither a list of telephone numbers
    nor last year's orders lead to a person. Empty for no contact. 32 hexadecimal digits.
    Source: Personal Information Protection Law 6, 51.
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKC", contact).casefold() if letter.isalnum()
    )
    if not plain:
        return ""
    return hmac.new(secret, f"{year}/{plain}".encode(), hashlib.sha256).hexdigest()[:32]


def masked(name: str) -> str:
    """A name as it may be published: the first character, and a star. Source: house rule.

    >>> masked("张三丰")
    '张*'
    """
    return f"{name[0]}*" if name else ""


def is_hot(contacts: Collection[str], unknown: int, threshold: int) -> bool:
    """Do enough different people raise it? Orders without a contact count as one voice together.

    Source: Beijing Regulation on Handling Complaints 24 to 26 (主动治理).

    >>> is_hot({"a", "b", "c", "d"}, 7, 5)
    True
    """
    return len(contacts) + min(unknown, 1) >= threshold


def shown_point(lon: float, lat: float) -> tuple[float, float]:
    """A point as it may be published: to a thousandth of a degree, about 100 m, never a home.

    >>> shown_point(113.85231, 27.62294)
    (113.852, 27.623)
    """
    return round(lon, 3), round(lat, 3)


def stuck_before(now: datetime) -> datetime:
    """Orders that moved last before this moment are stuck: `is_stuck` as one bound for a list.

    CalendarMissing where a year between is not known.
    """
    day, worked = now.astimezone(LOCAL_ZONE).date(), 0
    while worked <= STUCK_AFTER:
        worked += is_working_day(day)
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LOCAL_ZONE)


def used_up(now: datetime, began_at: datetime, due_at: datetime) -> int:
    """How much of the time has gone, in per cent from 0 to 100, rounded down.

    >>> day = datetime(2021, 6, 1, 8, tzinfo=LOCAL_ZONE)
    >>> used_up(day + timedelta(hours=6), day, day + timedelta(hours=24))
    25
    """
    if due_at <= began_at:
        return 100
    return min(100, max(0, 100 * (now - began_at) // (due_at - began_at)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """A reply template with its fields in braces filled in; a field not known stays as it stands.

    >>> filled("您好，{number}已办结。{sic}", {"number": "REQ-2021-00001"})
    '您好，REQ-2021-00001已办结。{sic}'
    """
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)
