"""What a line needs to enter its made-up records: places, people and units of the demo street."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .plan import DemoYear

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class DemoBooks:
    """The opened books. `places` by key of the made-up street, `staff` by role or by place key."""

    street: Any
    year: DemoYear
    places: Mapping[str, Any]
    units: Mapping[str, Any]
    staff: Mapping[str, Any]

    def finest(self, *keys: str | None) -> Any:
        """The place of the first key that is given."""
        return next(self.places[key] for key in keys if key is not None)
