"""A measured figure beside its target, and the table of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Result:
    """One figure. `target` is the least that is wanted; with `at_most`, the most; None is none."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target

    @property
    def ratio(self) -> float | None:
        """How many times the target: above 1 is good for a least, below for an `at_most`."""
        return None if not self.target else self.value / self.target

    def row(self) -> tuple[str, str, str, str, str]:
        sign = "≤" if self.at_most else "≥"
        target = "" if self.target is None else f"{sign} {_shown(self.target)} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        missed = "" if self.is_met else "**missed** "
        return self.name, f"{_shown(self.value)} {self.unit}", target, ratio, missed + self.note


def _shown(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(results: Iterable[Result]) -> str:
    """The results as a Markdown table."""
    rows = [("what", "median", "target", "ratio", "note"), ("---", "---:", "---:", "---:", "---")]
    rows += [one.row() for one in results]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def timed(work: Callable[[], Any], *, rounds: int = 5) -> float:
    """The median of the seconds that the work takes, after one round that warms up."""
    work()
    return median(seconds(work) for _round in range(rounds))


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
