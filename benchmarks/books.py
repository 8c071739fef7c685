"""Made-up books for the benches: a street with its places and staff, and very many records.

Records are inserted as rows, without journal entries: a million entries would take minutes and say
nothing about lists and figures, which never read them. The journal has a bench of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from fenghuang.kernel.people.actions import appoint, found_unit
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.actions import add_places, found_street
from fenghuang.kernel.places.models import Boundary, Community, Grid, Place, Street
from fenghuang.kernel.records.models import Record
from fenghuang.lines.requests.models import Meeting, Problem, ProjectItem, SmallMatter

SINCE = date(2010, 1, 1)
BY = "0" * 16
COMMUNITIES, GRIDS, SIDE = 8, 4, 0.01  # GRIDS are those of one community; SIDE is in degrees
WEST, SOUTH = 113.85, 27.62
AT_ONCE = 10_000
OPEN_FOR = timedelta(days=30)


@dataclass
class Books:
    """One street. `staff` are its people by role; the grid worker's grid is `grids[0]`."""

    street: Street
    grids: list[Place]
    staff: dict[str, User]
    written: int = 0

    def point_in(self, grid: int) -> tuple[float, float]:
        """Longitude and latitude of the middle of a grid, in degrees."""
        return WEST + (grid % GRIDS + 0.5) * SIDE, SOUTH + (grid // GRIDS + 0.5) * SIDE


def found_books(name: str) -> Books:
    """A street of 8 communities with 4 square grids each, with somebody in each role."""
    with transaction.atomic():
        street = found_street(name, by=BY, valid_from=SINCE)
        communities: list[Place] = []
        grids: list[Place] = []
        parents: dict[Any, list[Place]] = {}
        outlines = []
        for row in range(COMMUNITIES):
            community = Community(name=f"{name}第{row + 1}社区", valid_from=SINCE)
            communities.append(community)
            parents[community.id] = [street]
            for column in range(GRIDS):
                grid = Grid(name=f"第{column + 1}网格", valid_from=SINCE)
                grids.append(grid)
                parents[grid.id] = [community]
                ring = _ring(WEST + column * SIDE, SOUTH + row * SIDE)
                outlines.append(Boundary(place=grid, geometry=ring, valid_from=SINCE))
        add_places(street, [*communities, *grids], parents, by=BY, about=outlines)
        found_unit(street, "城建办", Unit.Kind.DEPARTMENT, valid_from=SINCE, by=BY)
        staff = {}
        for role, place in (
            (Role.CENTRE, street),
            (Role.SECRETARY, communities[0]),
            (Role.GRID_WORKER, grids[0]),
        ):
            user = User.objects.create(username=f"{name}·{role}", display_name=f"{name}·{role}")
            appoint(user, role, place, valid_from=SINCE, by=BY)
            staff[role.value] = user
    return Books(street, grids, staff)


def _ring(west: float, south: float) -> dict[str, Any]:
    east, north = west + SIDE, south + SIDE
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass(frozen=True)
class _Pattern:
    """Rows of one kind: their fields, the days counted from the event, and how many of 100."""

    model: type[Record]
    share: int
    fields: Mapping[str, Any]
    days: Mapping[str, timedelta]
    open_fields: Mapping[str, Any] | None = None


_PATTERNS = (
    _Pattern(
        Problem,
        60,
        {
            "text": "三单元楼道灯不亮，晚上走路看不见。",
            "category": "lighting",
            "disposition": "small_matter",
        },
        {name: timedelta(days=3) for name in ("due_on", "disposed_on", "resolved_on")},
        {"disposition": "open", "disposed_on": None, "resolved_on": None},
    ),
    _Pattern(
        SmallMatter,
        25,
        {
            "matter_title": "更换楼道灯",
            "category": "lighting",
            "state": "struck_off",
            "was_on_time": True,
        },
        {name: timedelta(days=7) for name in ("due_on", "fixed_on", "struck_off_on")},
        {"state": "open", "fixed_on": None, "struck_off_on": None, "was_on_time": None},
    ),
    _Pattern(
        Meeting,
        10,
        {
            "venue": "前坪",
            "theme": "楼道照明",
            "chair": "社区书记",
            "attendances": 20,
            "state": "held",
        },
        {},
    ),
    _Pattern(
        ProjectItem,
        5,
        {"item_title": "排水管网改造", "state": "done", "progress": 100},
        {name: timedelta(days=90) for name in ("due_on", "done_on")},
        {"state": "listed", "progress": 0, "done_on": None},
    ),
)


def fill(books: Books, count: int, first: date, last: date) -> None:
    """Add so many records of the line requests, spread over the days from first to last.

    What happened in the last thirty days is still open.
    """
    chance = Random(f"{books.street.name} {books.written}")
    for pattern in _PATTERNS:
        extra = {"unit": books.street.units.get()} if pattern.model is ProjectItem else {}
        _insert(books, pattern, extra, count * pattern.share // 100, first, last, chance)
    with connection.cursor() as cursor:
        # as the databases do by themselves, some time after
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _insert(
    books: Books,
    pattern: _Pattern,
    extra: Mapping[str, Any],
    count: int,
    first: date,
    last: date,
    chance: Random,
) -> None:
    model, start = pattern.model, books.written
    books.written += count
    fields = model._meta.local_concrete_fields
    database = connections["default"]
    settled, waiting = (
        _prepared(model(**_fields(books, pattern) | extra | changed))
        for changed in ({}, pattern.open_fields or {})
    )
    span = (last - first).days + 1

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(start, start + count):
            day = first + timedelta(days=chance.randrange(span))
            is_open = pattern.open_fields is not None and day > last - OPEN_FOR
            row = dict(waiting if is_open else settled)
            fresh = {
                "id": uuid7(),
                "number": f"REQ-{day.year}-{n:07d}",
                "place": chance.choice(books.grids).pk,
                "happened_on": day,
            }
            for name, after in pattern.days.items():
                if row[name] is not None:
                    fresh[name] = day + after
            for name, value in fresh.items():
                row[name] = model._meta.get_field(name).get_db_prep_save(value, database)
            yield tuple(row.values())

    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    holders = ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({holders})"
    made = rows()
    with transaction.atomic(), connection.cursor() as cursor:
        while some := list(islice(made, AT_ONCE)):
            cursor.executemany(insert, some)


def _fields(books: Books, pattern: _Pattern) -> dict[str, Any]:
    return {
        "street": books.street,
        "place": books.grids[0],
        "number": "",
        "happened_on": SINCE,
        "entered_at": timezone.now(),
        "entered_by": books.staff[Role.CENTRE],
        "entry": 0,
        **dict.fromkeys(pattern.days, SINCE),
        **pattern.fields,
    }


def _prepared(record: Record) -> dict[str, Any]:
    """The values of a record as the database wants them, by field, in the order of the columns."""
    database = connections["default"]
    return {
        field.name: field.get_db_prep_save(field.pre_save(record, True), database)
        for field in record._meta.local_concrete_fields
    }
