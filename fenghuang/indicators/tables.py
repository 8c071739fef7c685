"""A definition's own small tests: a text table of records, and which of them it counts.

    | happened_on | state     | counts |
    | 2021-12-31  | held      | yes    |
    | 2021-12-31  | cancelled | no     |
    = 1

`counts` is yes or no, and for a share also hit. The figure after `=` may be left out where it is
the number of rows that count. The period is the year 2021.
"""

from __future__ import annotations

from dataclasses import dataclass

from .periods import Period, year

PERIOD: Period = year(2021)


@dataclass(frozen=True)
class Case:
    """One made-up record: its fields as text, and whether the definition counts it."""

    fields: dict[str, str]
    counts: str


@dataclass(frozen=True)
class Table:
    cases: tuple[Case, ...]
    value: str


def table(text: str) -> Table:
    """Reads a table. ValueError where a row has not as many cells as the header."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    header, *body = rows
    for row in body:
        if len(row) != len(header):
            raise ValueError(f"{row} has not the cells of {header}")
    named = [dict(zip(header, row, strict=True)) for row in body]
    cases = tuple(Case(row, row.pop("counts")) for row in named)
    stated = [line.lstrip("= ") for line in lines if line.startswith("=")]
    counted = sum(case.counts in ("yes", "hit") for case in cases)
    return Table(cases, stated[0] if stated else str(counted))
