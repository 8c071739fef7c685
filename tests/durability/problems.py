"""Problems as a program sends them, of two years, and what their numbers must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

DAYS = ("2021-06-01", "2022-06-01")
IN_FIRST_GRID = {"lon": 113.855, "lat": 27.625}
IN_LAST_GRID = {"lon": 113.885, "lat": 27.695}


def problem(key: str, year: int = 0, **fields: Any) -> dict[str, Any]:
    """A problem in the first grid, in one of the two years."""
    return {
        "text": "三单元楼道灯不亮，晚上走路看不见，请尽快修理。",
        "category": "lighting",
        "happened_on": DAYS[year],
        "client_key": key,
        **IN_FIRST_GRID,
        **fields,
    }


def problems(name: str, count: int) -> list[dict[str, Any]]:
    """So many, in turn of each of the two years, with keys that begin with that name."""
    return [problem(f"{name}-{n}", n % len(DAYS)) for n in range(count)]


def unbroken(numbers: Iterable[str]) -> list[str]:
    """The numbers of as many records in each series as there are here: none missing or twice."""
    counts = Counter(number.rpartition("-")[0] for number in numbers)
    return [f"{name}-{n:05d}" for name in sorted(counts) for n in range(1, counts[name] + 1)]
