"""Conditions on records, as data: they compile to SQL, and to whatever engine comes later.

`where(state="held") & ~where(disposition="merged")`. A lookup is written after two underscores:
in, lt, lte, gt, gte, isnull. `where(due_at__lt=NOW)` compares with the moment of reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LOOKUPS = frozenset({"exact", "in", "lt", "lte", "gt", "gte", "isnull"})


class Condition:
    """Something that is true or false of a record."""

    def __and__(self, other: Condition) -> Condition:
        return Every((self, other))

    def __or__(self, other: Condition) -> Condition:
        return Some((self, other))

    def __invert__(self) -> Condition:
        return Not(self)


class Now:
    """The moment at which a figure is read: for what is late only once a moment has passed."""

    def __str__(self) -> str:
        return "now"

    def __repr__(self) -> str:
        return "NOW"


NOW = Now()


@dataclass(frozen=True)
class Compare(Condition):
    """The field compares so with the value. Paths through relations are written with dots."""

    field: str
    lookup: str
    value: Any

    def __str__(self) -> str:
        signs = {"exact": "=", "lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "in": "∈"}
        if self.lookup == "isnull":
            return f"{self.field} {'is empty' if self.value else 'is set'}"
        value = "/".join(self.value) if self.lookup == "in" else self.value
        return f"{self.field} {signs[self.lookup]} {value}"


@dataclass(frozen=True)
class Every(Condition):
    """All parts are true; of no parts, true."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " and ".join(str(part) for part in self.parts) or "always"


@dataclass(frozen=True)
class Some(Condition):
    """At least one part is true."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return "(" + " or ".join(str(part) for part in self.parts) + ")"


@dataclass(frozen=True)
class Not(Condition):
    """The part is not true."""

    part: Condition

    def __str__(self) -> str:
        return f"not ({self.part})"


ALWAYS = Every(())


def where(**comparisons: Any) -> Condition:
    """Every comparison holds. `where(state="held", attendances__gte=1)`."""
    parts = []
    for key, value in comparisons.items():
        field, _, lookup = key.rpartition("__")
        if lookup not in LOOKUPS or not field:
            field, lookup = key, "exact"
        if isinstance(value, list | set | frozenset | tuple):
            value = tuple(sorted(value))
        parts.append(Compare(field.replace("__", "."), lookup, value))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))
