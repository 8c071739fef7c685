"""The small language of indicators. A definition is data; it knows nothing of the database.

`of` is the class of the records counted, given by the line that keeps them; this module never
looks inside it. Whatever a rule decided is stored on the record by the action that decided it:
conditions only read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from .catalogue import Aggregation, Entry, entry
from .conditions import ALWAYS, Condition
from .periods import PeriodKind


class Named:
    """What a definition need not say, because the catalogue does. NotInCatalogue if it doesn't."""

    code: str

    @property
    def entry(self) -> Entry:
        return entry(self.code)

    @property
    def zh(self) -> str:
        return self.entry.zh

    @property
    def en(self) -> str:
        return self.entry.en

    @property
    def unit(self) -> str:
        return self.entry.unit

    @property
    def line(self) -> str:
        """The code of the line (or kernel package) to which the figure belongs."""
        return self.entry.line


@dataclass(frozen=True)
class Indicator(Named):
    """What every definition says of itself. Its names and measure word stand in the catalogue.

    `dated` names the field that puts a record in a period; for a stock it names the field with the
    first day on which the record stands, and `until` the first day on which it no longer does.
    `is_additive`: may the figures of two places be added? `cases` are its own small tests
    (see `tables`).
    """

    aggregation: ClassVar[Aggregation]

    code: str
    of: Any
    period: PeriodKind
    dated: str
    when: Condition = ALWAYS
    until: str | None = None
    since: date | None = None
    is_additive: bool = True
    source: str = ""
    owner: str = ""
    revision: int = 1
    cases: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        if (self.period is PeriodKind.CUMULATIVE) != (self.since is not None):
            raise ValueError(f"{self.code}: a cumulative figure, and only that, has a start date")
        if self.until and self.period is not PeriodKind.STOCK:
            raise ValueError(f"{self.code}: only a stock has an end of standing")

    def parts(self) -> dict[str, str]:
        """The definition in words that don't change with the program around it."""
        return {
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "unit": self.unit,
            "aggregation": self.aggregation.value,
            "records": str(self.of._meta.label_lower),
            "period_kind": self.period.value,
            "dated": self.dated,
            "until": self.until or "",
            "since": self.since.isoformat() if self.since else "",
            "condition": str(self.when),
            "additive_over_places": "yes" if self.is_additive else "no",
            "source": self.source,
            "owner": self.owner,
            "revision": str(self.revision),
        }

    @property
    def version(self) -> str:
        return version_of(self.parts())


@dataclass(frozen=True)
class Count(Indicator):
    """How many records."""

    aggregation: ClassVar = Aggregation.COUNT


@dataclass(frozen=True)
class Sum(Indicator):
    """The sum of one number over the records; records without it add nothing."""

    aggregation: ClassVar = Aggregation.SUM
    adds: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.adds:
            raise ValueError(f"{self.code}: say what is added")

    def parts(self) -> dict[str, str]:
        return super().parts() | {"adds": self.adds}


@dataclass(frozen=True)
class Distinct(Indicator):
    """How many different values of one field the records have. Never additive over places."""

    aggregation: ClassVar = Aggregation.DISTINCT
    field_counted: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.field_counted:
            raise ValueError(f"{self.code}: say what is told apart")

    def parts(self) -> dict[str, str]:
        return super().parts() | {"distinct": self.field_counted}


@dataclass(frozen=True)
class Ratio(Indicator):
    """The share of the records for which `hits` is true, in per cent of all that `when` admits.

    Nothing to divide by is None, never 0. Computed exactly from two counts; `decimals` only say how
    it is printed.
    """

    aggregation: ClassVar = Aggregation.RATIO
    hits: Condition = ALWAYS
    decimals: int = 1
    is_additive: bool = False

    def parts(self) -> dict[str, str]:
        return super().parts() | {"hits": str(self.hits), "decimals": str(self.decimals)}


@dataclass(frozen=True)
class Quotient(Named):
    """The share that one indicator has of another, in per cent, at the same place and period.

    For rates whose two sides are records of different kinds. Nothing to divide by is None.
    """

    aggregation: ClassVar = Aggregation.RATIO

    code: str
    numerator: Indicator
    denominator: Indicator
    decimals: int = 1
    source: str = ""
    owner: str = ""
    revision: int = 1
    is_additive: ClassVar[bool] = False
    cases: ClassVar[str] = ""

    @property
    def period(self) -> PeriodKind:
        return self.denominator.period

    def parts(self) -> dict[str, str]:
        return {
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "unit": self.unit,
            "aggregation": self.aggregation.value,
            "records": self.denominator.parts()["records"],
            "period_kind": self.period.value,
            "numerator": f"{self.numerator.code} {version_of(self.numerator.parts())}",
            "denominator": f"{self.denominator.code} {version_of(self.denominator.parts())}",
            "decimals": str(self.decimals),
            "additive_over_places": "no",
            "source": self.source,
            "owner": self.owner,
            "revision": str(self.revision),
        }

    @property
    def version(self) -> str:
        return version_of(self.parts())


Definition = Indicator | Quotient


def version_of(parts: dict[str, str]) -> str:
    """Revision and fingerprint: changes whenever the meaning of the definition may change."""
    text = "\n".join(f"{key}={value}" for key, value in sorted(parts.items()))
    return f"{parts['revision']}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def percentage(hits: int, total: int, decimals: int) -> Decimal | None:
    """hits / total in per cent at those decimals; None without a base; 100 only if all are hits.

    >>> percentage(9999, 10000, 1)
    Decimal('99.9')
    >>> percentage(0, 0, 1) is None
    True
    """
    if not total:
        return None
    step = Decimal(1).scaleb(-decimals)
    share = (Decimal(100) * hits / total).quantize(step, ROUND_HALF_UP)
    if hits < total and share >= 100:
        return Decimal(100) - step
    return share
