"""The levels of places: the class of each, and what is said of a place of it."""

from __future__ import annotations

from fenghuang.kernel.places.models import (
    Building,
    Community,
    Compound,
    Dwelling,
    Entrance,
    Grid,
    Kind,
    Place,
    Street,
)

LEVELS: dict[str, type[Place]] = {
    level.KIND: level for level in (Street, Community, Grid, Compound, Building, Entrance, Dwelling)
}

#: What is said of a place of each level, beside its name.
FACTS: dict[str, tuple[str, ...]] = {
    Kind.STREET: (),
    Kind.COMMUNITY: ("committee", "dwellings", "residents", "counted_on"),
    Kind.GRID: ("purpose", "limits", "dwellings", "shops", "public_phone"),
    Kind.COMPOUND: ("tenure", "built_year", "dwellings", "floor_area_m2", "manager", "is_old"),
    Kind.BUILDING: ("floors", "entrances", "dwellings", "built_year"),
    Kind.ENTRANCE: ("floors", "dwellings", "has_lift"),
    Kind.DWELLING: ("floor", "area_m2"),
}
