"""A made-up street: communities, grids, compounds, buildings and roads, drawn from a seed.

The map is drawn flat, in metres, out of convex cells, and then bent. Convex cells cannot fall
apart and the bend is one-to-one, so the grids stay a partition of the street and keep the borders
they share with their neighbours, and the map still looks as if it had grown.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, groupby, product
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiLineString, MultiPoint, Polygon, STRtree
from shapely.affinity import scale as scaled

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)
Position = tuple[float, float]
"""Longitude and latitude in degrees (WGS 84), rounded to a centimetre."""

PLACES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "places.toml").read_text(encoding="utf-8")
)

STREET_NAME = "凤凰街"
STREET_CODE = "360302002000"
CENTRE: Position = (113.85, 27.62)
AS_OF = date(2021, 12, 31)
OLD_COMPOUND_UNTIL = 2000
"""Last year of building of an old compound (老旧小区): the end of 2000, 国办发〔2020〕23号."""

GRID_AREA = 161_000.0
"""Square metres of an average grid: 31 of them make about 5 km²."""
COMPOUNDS_PER_GRID = 60 / 31
FIRST_COMMUNITY = 501
"""Committees of residents are coded from 001 and those of villagers from 200; nobody has been seen
to use 501 upwards, so a made-up code cannot be mistaken for that of a real community."""


@dataclass(frozen=True, slots=True)
class DemoCommunity:
    key: str
    code: str  # 12 digits: 360302 002 501 …
    name: str
    aliases: tuple[str, ...]
    committee: str  # residents (居委会)
    dwellings: int
    residents: int
    as_of: date
    polygon: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class DemoGrid:
    """A grid; its code is the community's, a hyphen and a number from north to south."""

    key: str
    code: str
    name: str
    community: str
    boundary: str  # 四至范围
    leader: str  # a role, never a person
    worker: str  # a role, never a person
    public_phone: str  # 0799-000xxxx: no telephone number of the city begins with 0
    shops: int
    dwellings: int
    polygon: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class DemoCompound:
    key: str
    name: str
    aliases: tuple[str, ...]
    kind: str  # commercial, reformed, work_unit, affordable, open_courtyard, other
    built_year: int
    manager_mode: str  # professional, community, self, none
    manager: str  # the company of a professional manager, otherwise empty
    has_owners_committee: bool
    floor_area: Decimal  # square metres
    community: str
    point: Position


@dataclass(frozen=True, slots=True)
class DemoBuilding:
    key: str
    no: str
    floors: int
    entrances: int
    dwellings: int
    grid: str
    compound: str
    built_year: int
    point: Position


@dataclass(frozen=True, slots=True)
class DemoRoad:
    """A border with a name: a lane between grids, a road between communities, the outer edge."""

    name: str
    kind: str  # lane, road, ring, river
    communities: tuple[str, ...]
    paths: tuple[tuple[Position, ...], ...]


@dataclass(frozen=True, slots=True)
class DemoStreet:
    name: str
    code12: str
    polygon: tuple[Position, ...]
    communities: tuple[DemoCommunity, ...]
    grids: tuple[DemoGrid, ...]
    compounds: tuple[DemoCompound, ...]
    buildings: tuple[DemoBuilding, ...]
    roads: tuple[DemoRoad, ...]


def demo_street(
    seed: int = 2021, communities: int = 8, grids: int = 31, compounds: int | None = None
) -> DemoStreet:
    """The street that follows from a seed; about two compounds per grid if none are asked for.

    The default is near the size of Phoenix Street: 8 communities, 31 grids, 60 compounds, 600–700
    buildings, 13–16 thousand dwellings on about 5 km². The area grows with the grids. Every
    community holds at least one grid and one compound, otherwise ValueError.
    """
    if compounds is None:
        compounds = max(communities, round(grids * COMPOUNDS_PER_GRID))
    if not 1 <= communities <= min(grids, compounds, 1000 - FIRST_COMMUNITY):
        raise ValueError(
            f"{communities} communities need as many grids ({grids}) and compounds ({compounds}), "
            f"and no more than {1000 - FIRST_COMMUNITY} can be coded"
        )
    rng = Random(seed)  # noqa: S311 - a map is drawn, nothing is kept secret
    flat = _flat_map(rng, communities, grids)
    bend = _bend(rng, math.sqrt(grids * GRID_AREA))
    borders = _borders(flat.cells)
    bent_borders = shapely.transform(
        shapely.segmentize(borders, max_segment_length=16), lambda points: _degrees(bend(points))
    )
    polygons = _faces(bent_borders, _placed([cell.centroid for cell in flat.cells], bend))
    codes = [f"{STREET_CODE[:9]}{FIRST_COMMUNITY + i}" for i in range(communities)]
    grid_keys = [
        f"{code}-{number:02d}"
        for code, own in zip(codes, flat.grids_of, strict=True)
        for number in range(1, len(own) + 1)
    ]
    roads, boundaries = _roads(rng, flat, codes, borders, bent_borders)
    compound_rows, buildings = _built(rng, flat, codes, grid_keys, compounds, bend)
    in_grid = _grouped(buildings, lambda building: building.grid)
    grid_rows: list[DemoGrid] = []
    community_rows: list[DemoCommunity] = []
    names = _names(rng, "communities", ["社区"])
    for code, name, own in zip(codes, names, flat.grids_of, strict=False):
        for i in own:
            grid_rows.append(
                DemoGrid(
                    key=grid_keys[i],
                    code=grid_keys[i],
                    name=f"{name}第{i - own.start + 1}网格",
                    community=code,
                    boundary=boundaries[i],
                    leader=rng.choice(["社区副书记", "社区两委成员"]),
                    worker=rng.choice(["专职网格员", "社区工作者兼网格员"]),
                    public_phone=f"0799-000{i + 1:04d}",
                    shops=rng.randint(8, 60),
                    dwellings=sum(building.dwellings for building in in_grid[grid_keys[i]]),
                    polygon=_ring(polygons[i]),
                )
            )
        dwellings = sum(grid.dwellings for grid in grid_rows[own.start : own.stop])
        community_rows.append(
            DemoCommunity(
                key=code,
                code=code,
                name=name,
                aliases=(name.replace("社区", "居委会"),),
                committee="residents",
                dwellings=dwellings,
                residents=round(dwellings * rng.uniform(2.3, 2.9)),
                as_of=AS_OF,
                polygon=_ring(shapely.coverage_union_all(polygons[own.start : own.stop])),
            )
        )
    return DemoStreet(
        name=STREET_NAME,
        code12=STREET_CODE,
        polygon=_ring(shapely.coverage_union_all(polygons)),
        communities=tuple(community_rows),
        grids=tuple(grid_rows),
        compounds=compound_rows,
        buildings=buildings,
        roads=roads,
    )


# fmt: off
GRID_LEDGER = (
    "序号", "社区", "网格编号", "网格名称", "四至范围", "小区（院落）数", "楼栋数", "户数",
    "商户数", "网格长", "网格员", "联系电话", "包联领导", "备注",
)
COMPOUND_REGISTER = (
    "序号", "社区", "网格", "小区名称", "曾用名", "建成年份", "楼栋数", "单元数", "户数",
    "建筑面积(㎡)", "有无物业", "物业公司", "业委会", "是否老旧小区", "备注",
)
# fmt: on

Cell = str | int | Decimal


def grid_ledger_rows(street: DemoStreet) -> list[dict[str, Cell]]:
    """The grid ledger (网格台账), one row per grid, under its exact headers in their order."""
    community_name = {c.key: c.name for c in street.communities}
    in_grid = _grouped(street.buildings, lambda b: b.grid)
    rows: list[dict[str, Cell]] = []
    for number, grid in enumerate(street.grids, start=1):
        own = in_grid[grid.key]
        values: tuple[Cell, ...] = (
            *(number, community_name[grid.community], grid.code, grid.name, grid.boundary),
            *(len({b.compound for b in own}), len(own), grid.dwellings, grid.shops),
            *(grid.leader, grid.worker, grid.public_phone, "街道包联领导", ""),
        )
        rows.append(dict(zip(GRID_LEDGER, values, strict=True)))
    return rows


def compound_register_rows(street: DemoStreet) -> list[dict[str, Cell]]:
    """The compound register (小区底册), one row per compound, under its exact headers in order.

    A compound that lies in several grids names them all, parted by 、.
    """
    community_name = {c.key: c.name for c in street.communities}
    grid_name = {g.key: g.name for g in street.grids}
    in_compound = _grouped(street.buildings, lambda b: b.compound)
    rows: list[dict[str, Cell]] = []
    for number, compound in enumerate(street.compounds, start=1):
        own = in_compound[compound.key]
        values: tuple[Cell, ...] = (
            *(number, community_name[compound.community]),
            "、".join(grid_name[key] for key in sorted({b.grid for b in own})),
            *(compound.name, "、".join(compound.aliases), compound.built_year, len(own)),
            *(sum(b.entrances for b in own), sum(b.dwellings for b in own), compound.floor_area),
            "无" if compound.manager_mode == "none" else "有",
            compound.manager
            or {"community": "社区托管", "self": "业主自管"}.get(compound.manager_mode, ""),
            "有" if compound.has_owners_committee else "无",
            "是" if compound.built_year <= OLD_COMPOUND_UNTIL else "否",
            "",
        )
        rows.append(dict(zip(COMPOUND_REGISTER, values, strict=True)))
    return rows


def grids_geojson(street: DemoStreet) -> dict[str, Any]:
    """The grids as a GeoJSON FeatureCollection (RFC 7946), properties community, code, name."""
    community_name = {c.key: c.name for c in street.communities}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "community": community_name[grid.community],
                    "code": grid.code,
                    "name": grid.name,
                },
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[list(position) for position in grid.polygon]],
                },
            }
            for grid in street.grids
        ],
    }


# ---------------------------------------------------------------- the flat map

Points = NDArray[np.float64]
"""Metres east and north of the centre, one row per point."""
Bend = Callable[[Points], Points]


@dataclass(frozen=True, slots=True)
class _Flat:
    cells: list[Polygon]  # of the grids, by community, from north to south
    grids_of: list[range]  # of each community
    river_bank: float  # everything south of this line is water


def _flat_map(rng: Random, communities: int, grids: int) -> _Flat:
    outline, bank = _outline(rng, grids * GRID_AREA)
    quarters = _from_north(_cells(rng, outline, communities))
    cells: list[Polygon] = []
    grids_of: list[range] = []
    shares = _shares(grids, [quarter.area for quarter in quarters])
    for quarter, share in zip(quarters, shares, strict=True):
        grids_of.append(range(len(cells), len(cells) + share))
        cells += _from_north(_cells(rng, quarter, share))
    return _Flat(cells, grids_of, bank)


def _outline(rng: Random, area: float) -> tuple[Polygon, float]:
    """A convex outline of the given area, cut straight by a river in the south."""
    turns = [(i + rng.uniform(-0.3, 0.3)) * math.tau / 11 for i in range(11)]
    corners = [(rng.uniform(0.95, 1.3), rng.uniform(0.8, 1.0)) for _ in turns]
    hull = MultiPoint(
        [(w * math.cos(t), h * math.sin(t)) for t, (w, h) in zip(turns, corners, strict=True)]
    ).convex_hull
    shape = shapely.intersection(hull, shapely.box(-2, -0.55, 2, 2))
    scale = math.sqrt(area / shape.area)
    return shapely.transform(shape, lambda points: points * scale), -0.55 * scale


def _cells(rng: Random, within: Polygon, count: int) -> list[Polygon]:
    """Convex cells that fill a convex area, made of similar size by moving each to its centre."""
    west, south, east, north = within.bounds
    points: list[Any] = []
    while len(points) < count:
        point = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if within.contains(point):
            points.append(point)
    cells: list[Polygon] = [within]
    for _ in range(4 if count > 1 else 0):
        fan = shapely.voronoi_polygons(MultiPoint(points), extend_to=within, ordered=True)
        cells = [shapely.intersection(cell, within) for cell in fan.geoms]
        points = [cell.centroid for cell in cells]
    return cells


def _from_north(cells: list[Polygon]) -> list[Polygon]:
    return sorted(cells, key=lambda cell: (-cell.centroid.y, cell.centroid.x))


def _shares(total: int, weights: Sequence[float]) -> list[int]:
    """A whole number for each weight, one at least, adding up to the total (largest remainders)."""
    spare = total - len(weights)
    exact = [spare * weight / sum(weights) for weight in weights]
    shares = [1 + int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: int(exact[i]) - exact[i])
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


# ------------------------------------------------------- bending it into place


def _bend(rng: Random, size: float) -> Bend:
    """A smooth displacement along several wave lengths, one-to-one on the whole plane.

    The slopes of each coordinate add up to 0.64, hence the displacement of two points differs by
    at most √2 · 0.64 < 1 of their distance, and no two points can meet.
    """
    grid = math.sqrt(GRID_AREA)
    waves = [
        (slope, length, angle, rng.uniform(0, math.tau), axis)
        for axis in (0, 1)
        for slope, length in ((0.2, size), (0.2, 2.3 * grid), (0.16, 0.9 * grid), (0.08, grid / 3))
        for angle in [rng.uniform(0, math.tau)]
    ]

    def bend(points: Points) -> Points:
        bent = np.array(points, dtype=float)
        for slope, length, angle, phase, axis in waves:
            along = points[:, 0] * math.cos(angle) + points[:, 1] * math.sin(angle)
            wave = np.sin(math.tau * along / length + phase)
            bent[:, axis] += slope * length / math.tau * wave
        return bent

    return bend


def _degrees(points: Points) -> Points:
    """Metres to longitude and latitude. Shared points are rounded alike, so they stay shared."""
    metres_per_degree = 111_320.0
    east = metres_per_degree * math.cos(math.radians(CENTRE[1]))
    return np.round(points / (east, metres_per_degree) + CENTRE, 7)


def _borders(cells: list[Polygon]) -> NDArray[Any]:
    """The borders of all cells as straight lines, each once and cut wherever three cells meet.

    Snapped to a centimetre, because two communities compute the same corner differently.
    """
    corners = [shapely.get_coordinates(cell) for cell in cells]
    sides = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in corners])
    lines: NDArray[Any] = shapely.get_parts(
        shapely.unary_union(shapely.linestrings(sides), grid_size=0.01)
    )
    return lines


def _faces(borders: NDArray[Any], centres: Sequence[Position]) -> list[Polygon]:
    """The faces between the borders, in the order of the centres they hold."""
    faces = shapely.get_parts(shapely.polygonize(borders))
    holding, face_of = STRtree(faces).query(shapely.points(centres), predicate="within")
    assert len(faces) == len(centres) and holding.tolist() == list(range(len(centres)))
    return list(shapely.orient_polygons(faces[face_of]))


def _placed(points: Sequence[shapely.Point], bend: Bend) -> list[Position]:
    return _positions(_degrees(bend(shapely.get_coordinates(points))))


def _positions(coordinates: Points) -> list[Position]:
    return [(lon, lat) for lon, lat in coordinates.tolist()]


def _ring(polygon: Polygon) -> tuple[Position, ...]:
    """The closed outer ring, anticlockwise as RFC 7946 asks; the demo's polygons have no holes."""
    return tuple(_positions(shapely.get_coordinates(shapely.orient_polygons(polygon).exterior)))


# ------------------------------------------------------------- names and codes


def _names(rng: Random, stem: str, endings: Sequence[str]) -> Iterator[str]:
    """Names of a stem and an ending, no two alike; when all are used up, 新…, 东… and so on."""
    pairs = list(product(PLACES[stem]["first"], PLACES[stem]["second"], endings))
    for earlier in ("", "新", "东", "西", "南", "北", "上", "下"):
        for first, second, ending in rng.sample(pairs, len(pairs)):
            if first != second:
                yield f"{earlier}{first}{second}{ending}"


def _compound_names(rng: Random, build: _Build) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names and what residents still say, often after the works whose housing it was."""
    for name in _names(rng, build.stem, build.endings):
        works = rng.choice(PLACES["compounds"]["works"])
        yield name.format(works=works), tuple(a.format(works=works) for a in build.aliases)


def _roads(
    rng: Random,
    flat: _Flat,
    codes: Sequence[str],
    borders: NDArray[Any],
    bent_borders: NDArray[Any],
) -> tuple[tuple[DemoRoad, ...], list[str]]:
    """The named borders, and for each grid the sentence that says between which of them it lies."""
    middles = shapely.line_interpolate_point(borders, 0.5, normalized=True)
    code_of = [code for code, own in zip(codes, flat.grids_of, strict=True) for _ in own]
    beside: dict[int, set[int]] = defaultdict(set)
    cells = STRtree(flat.cells)
    for part, cell in zip(*cells.query(middles, "dwithin", distance=0.05).tolist(), strict=True):
        beside[part].add(cell)
    parts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for part, grids in sorted(beside.items()):
        communities = sorted({code_of[grid] for grid in grids})
        if len(grids) == 1:
            kind = "river" if middles[part].y < flat.river_bank + 0.05 else "ring"
            parts[(kind,)].append(part)
        elif len(communities) > 1:
            parts["road", *communities].append(part)
        else:
            parts["lane", *map(str, sorted(grids))].append(part)

    names = {
        "lane": _names(rng, "roads", PLACES["roads"]["lane"]),
        "road": _names(rng, "roads", PLACES["roads"]["road"]),
        "ring": iter(rng.sample(PLACES["roads"]["ring"], 1)),
        "river": iter(rng.sample(PLACES["roads"]["river"], 1)),
    }
    roads: list[DemoRoad] = []
    name_of: dict[int, str] = {}
    for (kind, *_), own in sorted(parts.items()):
        name = next(names[kind])
        name_of |= dict.fromkeys(own, name)
        merged = shapely.get_parts(shapely.line_merge(MultiLineString(list(bent_borders[own]))))
        touched = sorted({code_of[grid] for part in own for grid in beside[part]})
        paths = tuple(tuple(_positions(shapely.get_coordinates(path))) for path in merged)
        roads.append(DemoRoad(name, kind, tuple(touched), paths))

    ways = (("东", 1, 0), ("南", 0, -1), ("西", -1, 0), ("北", 0, 1))
    far = 2 * math.sqrt(len(flat.cells) * GRID_AREA)
    rays = [
        shapely.LineString([c, (c.x + east * far, c.y + north * far)])
        for c in (cell.centroid for cell in flat.cells)
        for _, east, north in ways
    ]
    outlines = [cell.exterior for cell in flat.cells for _ in ways]
    exits = shapely.intersection(outlines, rays)
    nearest = STRtree(borders).nearest(exits).tolist()
    sides = [f"{ways[i % 4][0]}至{name_of[part]}" for i, part in enumerate(nearest)]
    return tuple(roads), ["，".join(sides[i : i + 4]) for i in range(0, len(sides), 4)]


# ------------------------------------------------------ compounds and buildings


@dataclass(frozen=True, slots=True)
class _Build:
    """How the compounds of one kind are called and built; see places.toml."""

    stem: str
    endings: list[str]
    aliases: list[str]
    share: float
    weight: float
    years: list[int]
    floors: list[int]
    entrances: list[int]
    flats: list[int]
    areas: list[int]
    managers: list[str]
    owners_committee: float


_BUILDS = {kind: _Build(**values) for kind, values in PLACES["builds"].items()}


@dataclass(frozen=True, slots=True)
class _Estate:
    key: str
    kind: str
    built_year: int
    community: str


@dataclass(frozen=True, slots=True)
class _House:
    estate: int
    grid: int
    east: float  # metres
    north: float
    floors: int
    entrances: int
    dwellings: int


def _built(
    rng: Random,
    flat: _Flat,
    codes: Sequence[str],
    grid_keys: Sequence[str],
    compounds: int,
    bend: Bend,
) -> tuple[tuple[DemoCompound, ...], tuple[DemoBuilding, ...]]:
    """Compounds of a natural mix of kinds, and their buildings, numbered from north to south."""
    kinds = iter(_mixed(rng, compounds))
    estates: list[_Estate] = []
    houses: list[_House] = []
    shares = _shares(compounds, [len(own) for own in flat.grids_of])
    for code, own, share in zip(codes, flat.grids_of, shares, strict=True):
        first = len(estates)
        for i in range(share):
            kind = next(kinds)
            years = _BUILDS[kind].years
            estates.append(_Estate(f"{code}-C{i + 1:02d}", kind, rng.randint(*years), code))
        blocks = _blocks(rng, [flat.cells[grid] for grid in own], share)
        for grid, parts in zip(own, blocks, strict=True):
            homes = rng.randint(400, 525)
            weights = [_BUILDS[estates[first + estate].kind].weight for _, estate in parts]
            for i, (block, estate) in enumerate(parts):
                wanted = homes * weights[i] / sum(weights[i:])
                build = _BUILDS[estates[first + estate].kind]
                row = [
                    _House(first + estate, grid, *at, *size)
                    for at, size in zip(
                        _sites(rng, block), _sizes(rng, build, wanted), strict=False
                    )
                ]
                homes -= sum(house.dwellings for house in row)
                houses += row
    houses.sort(key=lambda house: (house.estate, -house.north, house.east))
    return _numbered(rng, estates, houses, grid_keys, bend)


def _numbered(
    rng: Random,
    estates: Sequence[_Estate],
    houses: Sequence[_House],
    grid_keys: Sequence[str],
    bend: Bend,
) -> tuple[tuple[DemoCompound, ...], tuple[DemoBuilding, ...]]:
    points = iter(_positions(_degrees(bend(np.array([(h.east, h.north) for h in houses])))))
    names = {kind: _compound_names(rng, build) for kind, build in _BUILDS.items()}
    compounds: list[DemoCompound] = []
    buildings: list[DemoBuilding] = []
    for index, group in groupby(houses, key=lambda house: house.estate):
        estate = estates[index]
        build = _BUILDS[estate.kind]
        own = [
            DemoBuilding(
                key=f"{estate.key}-{no}",
                no=str(no),
                floors=house.floors,
                entrances=house.entrances,
                dwellings=house.dwellings,
                grid=grid_keys[house.grid],
                compound=estate.key,
                built_year=estate.built_year + rng.randint(0, 2),
                point=next(points),
            )
            for no, house in enumerate(group, start=1)
        ]
        buildings += own
        name, aliases = next(names[estate.kind])
        mode = rng.choice(build.managers)
        hundredths = rng.randint(build.areas[0] * 100, build.areas[1] * 100)
        compounds.append(
            DemoCompound(
                key=estate.key,
                name=name,
                aliases=aliases,
                kind=estate.kind,
                built_year=estate.built_year,
                manager_mode=mode,
                manager=rng.choice(PLACES["compounds"]["managers"])
                if mode == "professional"
                else "",
                has_owners_committee=rng.random() < build.owners_committee,
                floor_area=Decimal(hundredths * sum(b.dwellings for b in own)) / 100,
                community=estate.community,
                point=own[len(own) // 2].point,
            )
        )
    return tuple(compounds), tuple(buildings)


def _mixed(rng: Random, count: int) -> list[str]:
    """Kinds of compounds in the shares of places.toml, as closely as the count allows."""
    bounds = list(accumulate(build.share for build in _BUILDS.values()))
    bounds[-1] = math.inf
    kinds = [list(_BUILDS)[bisect(bounds, (i + rng.random()) / count)] for i in range(count)]
    rng.shuffle(kinds)
    return kinds


def _blocks(rng: Random, cells: list[Polygon], estates: int) -> list[list[tuple[Polygon, int]]]:
    """Each grid cut into blocks of one estate each; an estate may hold blocks of several grids.

    There are a few more blocks than estates. As many blocks as there are estates, by lot, are the
    heart of one; every other block belongs to the nearest heart.
    """
    count = max(len(cells), estates) + estates // 8
    shares = _shares(count, [cell.area for cell in cells])
    cut = [_cells(rng, cell, share) for cell, share in zip(cells, shares, strict=True)]
    centres = [block.centroid for own in cut for block in own]
    hearts = STRtree(rng.sample(centres, estates))
    owners = iter(hearts.nearest(centres).tolist())
    return [[(block, next(owners)) for block in own] for own in cut]


_ROWS = sorted(
    ((1.25 * i, 0.8 * j) for i, j in product(range(-12, 13), repeat=2)),
    key=lambda site: (math.hypot(*site), site),
)
"""Where houses stand in parallel rows, from the middle outwards; the unit is a house's lot."""


def _sites(rng: Random, block: Polygon) -> list[Position]:
    """Places for houses well inside the block, in rows, the nearest to its middle first."""
    turn, lot = rng.uniform(-0.5, 0.5), math.sqrt(block.area / 90)
    turned = ((math.cos(turn), -math.sin(turn)), (math.sin(turn), math.cos(turn)))
    sites = shapely.get_coordinates(block.centroid) + lot * np.array(_ROWS) @ np.array(turned)
    inner = scaled(block, 0.86, 0.86, origin="centroid")
    return _positions(sites[shapely.contains_xy(inner, sites)])


def _sizes(rng: Random, build: _Build, homes: float) -> Iterator[tuple[int, int, int]]:
    """Floors, entrances and dwellings of one house after another until there are homes enough."""
    built = 0
    while built < homes - 8:
        floors, entrances = rng.randint(*build.floors), rng.randint(*build.entrances)
        dwellings = floors * entrances * rng.randint(*build.flats)
        if built and built + dwellings > homes + 12:
            return
        built += dwellings
        yield floors, entrances, dwellings


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
