"""Dated values with unit and source, read from a line's `parameters/*.toml`.

A change of the law adds a row with a later `valid_from`; rows that records were decided by stay.
"""

from __future__ import annotations

import tomllib
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from fenghuang.kernel.worktime import Limit, StartRule, Unit


class NoParameter(LookupError):
    """No row of that code is in force on that day: a fault of ours or of the installation."""


@cache
def rows(path: Path) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        return list(tomllib.load(file)["row"])


def row_on(path: Path, code: str, day: date) -> dict[str, Any]:
    """The row with that code in force on that day: the latest that began on or before it."""
    found = [row for row in rows(path) if row["code"] == code and row["valid_from"] <= day]
    if not found:
        raise NoParameter(f"{path.name} has no row {code!r} in force on {day}")
    return max(found, key=lambda row: row["valid_from"])


def limit_on(path: Path, code: str, day: date) -> Limit:
    """The time limit with that code, with its four settings."""
    row = row_on(path, code, day)
    cutoff = row.get("cutoff_time")
    return Limit(
        amount=row["amount"],
        unit=Unit(row["unit"]),
        start_rule=StartRule(row["start_rule"]),
        roll_if_off=row.get("roll_if_off", False),
        cutoff_time=time.fromisoformat(cutoff) if cutoff else None,
    )
