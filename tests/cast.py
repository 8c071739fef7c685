"""The fixed people and places of the tests: one small street, and one of everybody who works there.

`Cast` is made anew in each test that asks for it; names say what a person may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fenghuang.kernel.people.actions import appoint, found_unit
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.actions import add_places, found_street
from fenghuang.kernel.places.models import (
    Boundary,
    Building,
    Community,
    Compound,
    Grid,
    Place,
    Street,
)

SINCE = date(2010, 1, 1)
SYSTEM = "0" * 16
PASSWORD = "correct horse battery"

#: user name → role, and the name of the place in the cast
STAFF = {
    "leader": (Role.LEADER, "street"),
    "line_leader": (Role.LINE_LEADER, "street"),
    "office": (Role.OFFICE, "street"),
    "centre": (Role.CENTRE, "street"),
    "department": (Role.DEPARTMENT, "street"),
    "checker": (Role.CHECKER, "street"),
    "statistician": (Role.STATISTICIAN, "street"),
    "auditor": (Role.AUDITOR, "street"),
    "administrator": (Role.ADMINISTRATOR, "street"),
    "secretary": (Role.SECRETARY, "east"),
    "community_worker": (Role.COMMUNITY_WORKER, "east"),
    "grid_worker": (Role.GRID_WORKER, "east_first"),
    "building_head": (Role.BUILDING_HEAD, "building"),
    "west_secretary": (Role.SECRETARY, "west"),
    "west_grid_worker": (Role.GRID_WORKER, "west_first"),
}


def square(west: float, south: float, side: float = 0.01) -> dict[str, object]:
    """A square outline with its south-west corner there, in degrees."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class Cast:
    """East has two grids, a compound and a building; West has one grid. Outsiders have nothing."""

    street: Street
    east: Community
    west: Community
    east_first: Grid
    east_second: Grid
    west_first: Grid
    compound: Compound
    building: Building
    works: Unit
    district: Unit
    staff: dict[str, User]
    outsider: User
    other_street: Street

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["staff"][name]
        except KeyError:
            raise AttributeError(name) from None


def found_cast() -> Cast:
    street = found_street("梧桐街", by=SYSTEM, valid_from=SINCE, code="990102003000")
    east, west = (
        Community(name="东园社区", valid_from=SINCE),
        Community(name="西园社区", valid_from=SINCE),
    )
    first = Grid(name="东园第一网格", valid_from=SINCE, public_phone="0799-0000001")
    second = Grid(name="东园第二网格", valid_from=SINCE)
    third = Grid(name="西园第一网格", valid_from=SINCE)
    compound = Compound(name="梧桐里", valid_from=SINCE, built_year=1996, is_old=True)
    building = Building(name="1栋", valid_from=SINCE, entrances=3, dwellings=36)
    parents: dict[object, list[Place]] = {
        east.id: [street],
        west.id: [street],
        first.id: [east],
        second.id: [east],
        third.id: [west],
        compound.id: [east],
        building.id: [first, compound],
    }
    add_places(
        street,
        [east, west, first, second, third, compound, building],
        parents,
        by=SYSTEM,
        about=[
            Boundary(place=first, geometry=square(113.85, 27.62), valid_from=SINCE),
            Boundary(place=second, geometry=square(113.86, 27.62), valid_from=SINCE),
            Boundary(place=third, geometry=square(113.85, 27.63), valid_from=SINCE),
        ],
    )
    works = found_unit(street, "城建办", Unit.Kind.DEPARTMENT, valid_from=SINCE, by=SYSTEM)
    district = found_unit(street, "区住建局", Unit.Kind.OUTSIDE, valid_from=SINCE, by=SYSTEM)
    places = {
        "street": street,
        "east": east,
        "west": west,
        "east_first": first,
        "west_first": third,
        "building": building,
    }
    staff = {}
    for name, (role, place) in STAFF.items():
        staff[name] = User.objects.create_user(name, PASSWORD, display_name=f"{role.label}·{name}")
        appoint(staff[name], role, places[place], valid_from=SINCE, by=SYSTEM)
    outsider = User.objects.create_user("outsider", PASSWORD, display_name="outsider")
    return Cast(
        street=street,
        east=east,
        west=west,
        east_first=first,
        east_second=second,
        west_first=third,
        compound=compound,
        building=building,
        works=works,
        district=district,
        staff=staff,
        outsider=outsider,
        other_street=found_street("银杏街", by=SYSTEM, valid_from=SINCE),
    )
