"""Places that a ledger describes and that are to be founded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fenghuang.kernel.places.models import Building, Compound, Grid

from .names import Named


@dataclass
class NewPlace:
    """A place that a row describes, with what is founded along with it.

    `community` is one in the books, or the name of a new one. `held` is the place in the books that
    has this name already.
    """

    place: Grid | Compound
    community: Named | str
    held: Named | None
    code: str = ""
    other_names: Sequence[str] = ()
    buildings: Sequence[Building] = ()
    grid: Named | None = None
