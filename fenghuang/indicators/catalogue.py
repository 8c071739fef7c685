"""Every indicator an office of this kind reports, whether or not a line here keeps its records.

The catalogue is the one place of an indicator's names, its measure word and the words that
reports use for it. A line's definition says how it is counted and repeats none of them; audit
reads the catalogue to understand texts about lines that are not kept here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from fenghuang.claims.claim import Kind
from fenghuang.claims.matching import Answerable

from .periods import PeriodKind

PATH = Path(__file__).with_name("catalogue.csv")


class Aggregation(StrEnum):
    COUNT = "count"
    SUM = "sum"
    DISTINCT = "distinct"
    RATIO = "ratio"


class NotInCatalogue(LookupError):
    """A code that catalogue.csv does not have: a fault of ours, found when the house starts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the catalogue.

    `unit` is a measure word of `claims.units`, in base units (元, 平方米). `is_check_only` marks
    counts of what a text lists (three modes), which are checked against the list and not against
    records. `aliases` are what reports write and what means this indicator wherever it stands;
    `short` are words that mean it only where one of `context` stands near.
    """

    code: str
    line: str
    zh: str
    en: str
    unit: str
    aggregation: Aggregation
    period: PeriodKind
    is_check_only: bool
    aliases: tuple[str, ...]
    short: tuple[str, ...]
    context: tuple[str, ...]

    def answerable(self, confirmed: Iterable[str] = (), refused: Iterable[str] = ()) -> Answerable:
        """The indicator as the matching of claims wants it, with what people said of wordings."""
        return Answerable(
            code=self.code,
            name=self.zh,
            unit=self.unit,
            kind=Kind(self.period.value),
            line=self.line,
            aliases=self.aliases,
            short=self.short,
            context=self.context,
            confirmed=tuple(confirmed),
            refused=tuple(refused),
        )


def read(path: Path) -> tuple[Entry, ...]:
    """The rows of a catalogue. ValueError where a row is not one, KeyError for a missing column."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_entry(row) for row in csv.DictReader(file))


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        code=row["code"],
        line=row["line"],
        zh=row["zh"],
        en=row["en"],
        unit=row["unit"],
        aggregation=Aggregation(row["aggregation"]),
        period=PeriodKind(row["period_kind"]),
        is_check_only=row["check_only"] == "yes",
        aliases=_words(row["aliases"]),
        short=_words(row["short"]),
        context=_words(row["context"]),
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


@cache
def catalogue() -> tuple[Entry, ...]:
    """All rows, in the order of the file: by line. Read once."""
    return read(PATH)


@cache
def _by_code() -> dict[str, Entry]:
    return {one.code: one for one in catalogue()}


def entry(code: str) -> Entry:
    """The row with that code; NotInCatalogue if there is none.

    >>> entry("MTG.SESSIONS").unit
    '场次'
    """
    try:
        return _by_code()[code]
    except KeyError:
        raise NotInCatalogue(f"catalogue.csv has no indicator {code!r}") from None
