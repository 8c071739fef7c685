"""What one claim is: a number in a text that says something about the world."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fenghuang.claims.units import Unit
from fenghuang.claims.wording import Approx, Interval


class Kind(StrEnum):
    """How a claim stands to time."""

    FLOW = "flow"  # happened in the period
    STOCK = "stock"  # stands at a date
    CUMULATIVE = "cumulative"  # since a stated start
    STATE_REACHED = "state_reached"  # entered a state in the period


class Modality(StrEnum):
    ACTUAL = "actual"
    TARGET = "target"  # 目标 计划 任务
    FORECAST = "forecast"  # 预计


class Change(StrEnum):
    """Only where the figure itself is a difference or a rate of growth."""

    INCREASE = "increase"
    DECREASE = "decrease"


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of a text with what it says.

    `text` is the shortest fragment with marker, number and measure word; `start` and `end` are its
    offsets in the text as given, so that `given[start:end] == text`. `value` is in the base unit
    (2.22亿元 is 222000000), None for a range; a percentage is its figure (28.69). A rank has the
    unit 名次. `subject` is the noun phrase counted or measured; `owner` the one it is a part or
    share of, where the text says so outside the subject, else "". `period` is as written or
    inherited from the nearest heading or sentence, "" if the text gives none.
    """

    text: str
    start: int
    end: int
    value: Decimal | None
    unit: Unit
    subject: str
    approx: Approx
    interval: Interval
    change: Change | None = None
    period: str = ""
    kind: Kind = Kind.FLOW
    modality: Modality = Modality.ACTUAL
    owner: str = ""

    @property
    def is_percent(self) -> bool:
        return self.unit.code == "%"
