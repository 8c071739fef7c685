import json
from decimal import Decimal

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghuang.demo.geography import (
    COMPOUND_REGISTER,
    GRID_LEDGER,
    compound_register_rows,
    demo_street,
    grid_ledger_rows,
    grids_geojson,
)

PHOENIX = demo_street()
SQUARE_METRES = 111_320.0**2 * 0.8861  # of a square degree at 27.62° north


def outlines(places):
    return [shapely.Polygon(place.polygon) for place in places]


def test_the_default_street_has_the_size_of_phoenix_street():
    street = PHOENIX
    area = shapely.Polygon(street.polygon).area * SQUARE_METRES

    assert (street.name, street.code12) == ("凤凰街", "360302002000")
    assert (len(street.communities), len(street.grids), len(street.compounds)) == (8, 31, 60)
    assert 600 <= len(street.buildings) <= 700
    assert 13_000 <= sum(building.dwellings for building in street.buildings) <= 16_000
    assert 4_000_000 <= area <= 6_000_000


def test_the_default_street_has_old_buildings_enough_for_a_year_of_renewal():
    old = [building for building in PHOENIX.buildings if building.built_year <= 2000]

    assert len(old) >= 307
    assert sum(building.dwellings for building in old) >= 7740


def test_the_same_seed_draws_the_same_street_and_another_seed_another():
    again = demo_street(2021)
    other = demo_street(2022)

    assert again == PHOENIX
    assert other.polygon != PHOENIX.polygon


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_grids_are_a_partition_of_the_street_and_communities_are_unions_of_grids(seed, data):
    grids = data.draw(st.integers(1, 40))
    communities = data.draw(st.integers(1, grids))

    street = demo_street(seed, communities, grids)
    cells = outlines(street.grids)
    whole = shapely.Polygon(street.polygon)

    assert len(cells) == grids
    assert all(cell.is_valid and cell.exterior.is_ccw for cell in cells)
    assert shapely.coverage_is_valid(cells)
    assert sum(cell.area for cell in cells) == pytest.approx(whole.area, rel=1e-9)
    assert shapely.union_all(cells).symmetric_difference(whole).area < 1e-15
    assert len(street.communities) == communities
    for community, area in zip(street.communities, outlines(street.communities), strict=True):
        own = [grid for grid in street.grids if grid.community == community.key]
        assert shapely.union_all(outlines(own)).symmetric_difference(area).area < 1e-15


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_a_building_stands_in_its_grid_and_a_compound_in_one_community(seed):
    street = demo_street(seed, 4, 13)
    grids = {grid.key: grid for grid in street.grids}
    compounds = {compound.key: compound for compound in street.compounds}
    polygon_of = dict(zip(grids, outlines(street.grids), strict=True))
    area_of = {c.key: shapely.Polygon(c.polygon) for c in street.communities}

    for building in street.buildings:
        assert polygon_of[building.grid].contains(shapely.Point(building.point))
        assert compounds[building.compound].community == grids[building.grid].community
    for compound in street.compounds:
        assert area_of[compound.community].contains(shapely.Point(compound.point))
    assert {building.compound for building in street.buildings} == set(compounds)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_a_grid_has_three_to_five_hundred_dwellings_and_sums_agree(seed):
    street = demo_street(seed)
    in_buildings = dict.fromkeys((grid.key for grid in street.grids), 0)
    for building in street.buildings:
        in_buildings[building.grid] += building.dwellings

    assert {grid.key: grid.dwellings for grid in street.grids} == in_buildings
    assert all(300 <= grid.dwellings <= 550 for grid in street.grids)
    assert sum(c.dwellings for c in street.communities) == sum(in_buildings.values())


def test_names_and_codes_are_distinct_and_codes_follow_the_place():
    street = PHOENIX

    for rows in (street.communities, street.grids, street.compounds, street.roads):
        names = [row.name for row in rows]
        assert len(set(names)) == len(names)
    assert [c.code for c in street.communities] == [f"360302002{n}" for n in range(501, 509)]
    assert street.grids[0].code == "360302002501-01"
    assert all(grid.code.startswith(grid.community) for grid in street.grids)
    assert len({b.key for b in street.buildings}) == len(street.buildings)
    assert all(b.key == f"{b.compound}-{b.no}" for b in street.buildings)


def test_telephone_numbers_cannot_be_dialled_and_no_worker_has_a_name():
    numbers = [grid.public_phone for grid in PHOENIX.grids]

    assert numbers == [f"0799-000{n:04d}" for n in range(1, 32)]
    assert {grid.worker for grid in PHOENIX.grids} == {"专职网格员", "社区工作者兼网格员"}


def test_a_river_and_a_ring_road_are_the_whole_edge_of_the_street():
    edge = shapely.Polygon(PHOENIX.polygon).exterior
    outer = [road for road in PHOENIX.roads if road.kind in {"river", "ring"}]
    paths = [shapely.LineString(path) for road in outer for path in road.paths]

    assert sorted(road.kind for road in outer) == ["ring", "river"]
    assert shapely.union_all(paths).equals(edge)


def test_the_smallest_street_is_one_grid():
    street = demo_street(1, communities=1, grids=1)

    assert [len(rows) for rows in (street.communities, street.grids, street.compounds)] == [1, 1, 2]
    assert set(street.communities[0].polygon) == set(street.grids[0].polygon) == set(street.polygon)
    assert {road.kind for road in street.roads} == {"river", "ring"}


def test_a_compound_may_be_split_among_grids_when_there_are_fewer_compounds_than_grids():
    street = demo_street(3, communities=2, grids=9, compounds=4)
    grids_of = {compound.key: set() for compound in street.compounds}
    for building in street.buildings:
        grids_of[building.compound].add(building.grid)

    assert len(grids_of) == 4
    assert max(map(len, grids_of.values())) > 1


@pytest.mark.parametrize(
    ("communities", "grids", "compounds"), [(0, 1, 1), (3, 2, 9), (3, 3, 2), (500, 500, 500)]
)
def test_a_street_without_enough_places_for_each_community_is_not_drawn(
    communities, grids, compounds
):
    with pytest.raises(ValueError, match="communities need"):
        demo_street(1, communities, grids, compounds)


def test_the_grid_ledger_has_its_exact_headers_and_adds_up():
    rows = grid_ledger_rows(PHOENIX)

    headers = (
        "序号｜社区｜网格编号｜网格名称｜四至范围｜小区（院落）数｜楼栋数｜户数｜商户数｜网格长｜网格员"
        "｜联系电话｜包联领导｜备注"
    )
    assert tuple(headers.split("｜")) == GRID_LEDGER
    assert [tuple(row) for row in rows] == [GRID_LEDGER] * 31
    assert [row["序号"] for row in rows] == list(range(1, 32))
    assert sum(row["楼栋数"] for row in rows) == len(PHOENIX.buildings)
    assert sum(row["户数"] for row in rows) == sum(c.dwellings for c in PHOENIX.communities)


def test_the_four_sides_of_a_grid_are_named_roads():
    names = {road.name for road in PHOENIX.roads}

    for row in grid_ledger_rows(PHOENIX):
        sides = row["四至范围"].split("，")
        assert [side[:2] for side in sides] == ["东至", "南至", "西至", "北至"]
        assert {side[2:] for side in sides} <= names


def test_the_compound_register_has_its_exact_headers_and_tells_old_from_new():
    rows = compound_register_rows(PHOENIX)

    headers = (
        "序号｜社区｜网格｜小区名称｜曾用名｜建成年份｜楼栋数｜单元数｜户数｜建筑面积(㎡)｜有无物业"
        "｜物业公司｜业委会｜是否老旧小区｜备注"
    )
    assert tuple(headers.split("｜")) == COMPOUND_REGISTER
    assert [tuple(row) for row in rows] == [COMPOUND_REGISTER] * 60
    assert all((row["建成年份"] <= 2000) == (row["是否老旧小区"] == "是") for row in rows)
    assert {row["是否老旧小区"] for row in rows} == {"是", "否"}
    assert sum(row["户数"] for row in rows) == sum(c.dwellings for c in PHOENIX.communities)
    assert all(isinstance(row["建筑面积(㎡)"], Decimal) for row in rows)


def test_the_geojson_of_the_grids_survives_a_file():
    collection = json.loads(json.dumps(grids_geojson(PHOENIX)))

    assert collection["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in collection["features"]] == [
        {"community": community.name, "code": grid.code, "name": grid.name}
        for community in PHOENIX.communities
        for grid in PHOENIX.grids
        if grid.community == community.key
    ]
    assert [
        shapely.from_geojson(json.dumps(feature["geometry"])) for feature in collection["features"]
    ] == outlines(PHOENIX.grids)
