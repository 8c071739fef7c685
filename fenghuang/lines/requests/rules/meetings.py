"""What the line decides, from plain values to plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from fenghuang.kernel.worktime import LOCAL_ZONE, Deadline, Limit, due

#: The version of these rules; stored with what they decided.
VERSION = "2026-11"

#: How a problem may end. Only `open` is not yet an answer.
DISPOSITIONS = (
    "open",
    "answered_on_site",
    "small_matter",
    "project_item",
    "referred_up",
    "merged",
    "not_accepted",
)


def due_by(happened_on: date, limit: Limit) -> Deadline:
    """Until when a thing that happened on that day must be done.

    Counted from the end of that day, so the day itself never counts. Source: Civil Code 201.
    """
    return due(datetime.combine(happened_on, time(12), tzinfo=LOCAL_ZONE), limit)


def was_on_time(done_on: date, due_on: date) -> bool:
    """Done on the last day is done in time: 以内 includes the day. Source: Civil Code 1259.

    >>> was_on_time(date(2021, 6, 10), date(2021, 6, 10))
    True
    """
    return done_on <= due_on


def funnel_faults(problems: int, dispositions: Mapping[str, int]) -> list[str]:
    """What breaks the identity of the funnel: the dispositions add up to the problems.

    `dispositions` counts problems by disposition. Empty means that the identity holds.
    Source: every problem has exactly one disposition.

    >>> funnel_faults(3, {"open": 1, "small_matter": 2})
    []
    >>> funnel_faults(4, {"open": 1, "small_matter": 2})
    ['4 problems, but 3 dispositions']
    """
    unknown = sorted(set(dispositions) - set(DISPOSITIONS))
    total = sum(dispositions.values())
    faults = [f"unknown disposition {code!r}" for code in unknown]
    if total != problems:
        faults.append(f"{problems} problems, but {total} dispositions")
    return faults


def resolves(disposition: str, parts_done: bool) -> bool:
    """Is a problem with this disposition resolved, given that all that answers it is done?

    An answer on the spot resolves at once; a small matter, project item or referral when it is
    done; a merged problem is counted with the one it was merged into; not accepted is no solution.
    """
    if disposition == "answered_on_site":
        return True
    return disposition in ("small_matter", "project_item", "referred_up") and parts_done


def yuan(fen: int | None) -> Decimal | None:
    """An amount in yuan, exactly, from the fen in which it is kept.

    >>> yuan(128050)
    Decimal('1280.50')
    """
    return None if fen is None else Decimal(fen).scaleb(-2)
