"""Records for the tests, with what does not matter filled in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from fenghuang.kernel.journal.tests.app.models import Caller, Note, Odd, Plot

BY = "5f0c1e0ad1b2c3d4"


def note(street: UUID, **values: Any) -> Note:
    usual = {
        "title": "路灯不亮",
        "body": "三栋一单元，晚上看不见,",
        "found_on": dt.date(2021, 3, 1),
        "entered_at": dt.datetime(2021, 3, 1, 8, 30, tzinfo=dt.UTC),
        "count": 3,
        "amount": Decimal("1250.50"),
    }
    return Note(street=street, **(usual | values))


def odd(street: UUID, **values: Any) -> Odd:
    usual = {
        "starts": dt.time(14, 30),
        "lasts": dt.timedelta(hours=1, microseconds=7),
        "digest": b"\x00\xff\x10",
        "details": {"kinds": ["门", "窗"], "count": 2, "is_new": True, "none": None},
        "outline": {"type": "Polygon", "coordinates": [[113.85, 27.6], [113.86, 27.61]]},
        "number": 9007199254740991,
    }
    return Odd(street=street, **(usual | values))


def caller(street: UUID, **values: Any) -> Caller:
    usual = {"topic": "漏水", "name": "李某", "phone": "13800000000", "floor": 3}
    return Caller(street=street, **(usual | values))


def plot(street: UUID, **values: Any) -> Plot:
    return Plot(street=street, **({"name": "一号地块", "size_m2": Decimal("88.5")} | values))
