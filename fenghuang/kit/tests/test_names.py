"""Names of places and units: one thing under many names, and never a guess between two."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from fenghuang.kernel.places.actions import name_also, rename
from fenghuang.kernel.places.models import Kind
from fenghuang.kit.names import Named, NamedUnit, NameIndex, Stands, names_of
from tests.cast import SYSTEM

DAY = date(2021, 6, 1)


def place(n: int, kind: str, name: str, start: date = date.min, end: date = date.max) -> Named:
    return Named(UUID(int=n), kind, name, start, end)


STREET = place(1, Kind.STREET, "凤凰街")
POND = place(2, Kind.COMMUNITY, "凤凰池社区")
GOOSE = place(3, Kind.COMMUNITY, "鹅湖社区")
POND_FIRST = place(4, Kind.GRID, "凤凰池第一网格")
GOOSE_FIRST = place(5, Kind.GRID, "第一网格")
GARDEN = place(6, Kind.COMPOUND, "锦绣花园")
POWER = place(7, Kind.COMPOUND, "电力小区")
BLOCK = place(8, Kind.BUILDING, "3栋")

INDEX = NameIndex(
    "凤凰街",
    [STREET, POND, GOOSE, POND_FIRST, GOOSE_FIRST, GARDEN, POWER, BLOCK],
    [
        Stands(POND.id, STREET.id),
        Stands(GOOSE.id, STREET.id),
        Stands(POND_FIRST.id, POND.id),
        Stands(GOOSE_FIRST.id, GOOSE.id),
        Stands(GARDEN.id, POND.id),
        Stands(POWER.id, GOOSE.id),
        Stands(BLOCK.id, POND_FIRST.id),
        Stands(BLOCK.id, GARDEN.id),
    ],
    other_names=[(POWER.id, "电站宿舍")],
    codes=[(POND_FIRST.id, "360302002001001")],
    units=[NamedUnit(UUID(int=20), "城建办"), NamedUnit(UUID(int=21), "鹅湖社区")],
)


@pytest.mark.parametrize(
    "name",
    [
        "凤凰池社区",
        "凤凰池",
        " 凤凰池 社区 ",
        "凤凰池居委会",
        "凤凰池社区居委会",
        "凤凰池社区居民委员会",
        "凤凰街凤凰池社区",
        "凤凰街道凤凰池社区居委会",
        "凤凰街道办事处凤凰池社区",
    ],
)
def test_a_community_is_known_by_all_its_names(name):
    assert INDEX.find(name, [Kind.COMMUNITY]) == [POND]


@pytest.mark.parametrize(
    "name",
    ["凤凰池第一网格", "凤凰池社区第一网格", "凤凰池1网格", "凤凰池社区一网格", "360302002001001"],
)
def test_a_grid_is_known_with_its_community_in_front_and_by_its_code(name):
    assert INDEX.find(name, [Kind.GRID]) == [POND_FIRST]


@pytest.mark.parametrize("name", ["第一网格", "一网格", "1网格", "01网格", "１号网格", "1"])
def test_a_grid_is_known_by_its_number_within_its_community(name):
    assert INDEX.find(name, [Kind.GRID], within=POND.id) == [POND_FIRST]
    assert INDEX.find(name, [Kind.GRID], within=GOOSE.id) == [GOOSE_FIRST]


def test_a_name_that_two_places_have_finds_both():
    assert INDEX.find("一网格", [Kind.GRID]) == [POND_FIRST, GOOSE_FIRST]


def test_the_official_name_goes_before_a_likeness():
    assert INDEX.find("第一网格", [Kind.GRID]) == [GOOSE_FIRST]


def test_a_compound_is_known_by_the_name_that_residents_use():
    assert INDEX.find("电站宿舍", [Kind.COMPOUND]) == [POWER]
    assert INDEX.find("电力", [Kind.COMPOUND]) == [POWER]
    assert INDEX.find("凤凰池社区锦绣花园", [Kind.COMPOUND]) == [GARDEN]


def test_a_building_is_known_by_its_number():
    assert INDEX.find("3号楼", [Kind.BUILDING], within=GARDEN.id) == [BLOCK]


def test_an_unknown_name_finds_nothing_but_what_looks_like_it():
    assert INDEX.find("凤凰地社区", [Kind.COMMUNITY]) == []
    assert INDEX.close_to("凤凰地社区", [Kind.COMMUNITY]) == ["凤凰池社区"]


def test_of_two_places_of_one_name_the_one_in_force_on_the_day_is_meant():
    former = place(1, Kind.COMPOUND, "新村", date(1990, 1, 1), date(2020, 1, 1))
    present = place(2, Kind.COMPOUND, "新村", date(2020, 1, 1))
    index = NameIndex("凤凰街", [former, present])

    assert index.find("新村", [Kind.COMPOUND], day=date(2019, 12, 31)) == [former]
    assert index.find("新村", [Kind.COMPOUND], day=date(2020, 1, 1)) == [present]
    assert index.find("新村", [Kind.COMPOUND], day=date(1980, 1, 1)) == [former, present]


def test_a_title_names_its_community():
    assert INDEX.community_in("凤凰街凤凰池社区2021年屋场贴心会台账") == POND
    assert INDEX.community_in("凤凰池") == POND
    assert INDEX.community_in("凤凰街2021年屋场贴心会台账") is None
    assert INDEX.community_in("凤凰池社区、鹅湖社区") is None
    assert INDEX.community_in("") is None


def test_the_longer_of_two_names_in_a_title_is_meant():
    pool, phoenix_pool = place(1, Kind.COMMUNITY, "池社区"), place(2, Kind.COMMUNITY, "凤凰池社区")

    assert NameIndex("梧桐街", [pool, phoenix_pool]).community_in("凤凰池社区台账") == phoenix_pool


def test_units_are_known_with_the_street_in_front():
    assert [str(unit) for unit in INDEX.unit("凤凰街道城建办")] == ["城建办"]
    assert [str(unit) for unit in INDEX.unit("鹅湖")] == ["鹅湖社区"]
    assert INDEX.unit("城管局") == []


def test_the_way_up_is_that_of_the_day():
    moved = NameIndex(
        "凤凰街",
        [POND, GOOSE, GARDEN],
        [
            Stands(GARDEN.id, POND.id, date(2000, 1, 1), date(2021, 1, 1)),
            Stands(GARDEN.id, GOOSE.id, date(2021, 1, 1)),
        ],
    )

    assert moved.above(GARDEN.id, Kind.COMMUNITY, date(2020, 12, 31)) == POND
    assert moved.above(GARDEN.id, Kind.COMMUNITY, date(2021, 1, 1)) == GOOSE
    assert moved.above(GARDEN.id, Kind.COMMUNITY, date(1990, 1, 1)) == POND
    assert moved.above(GARDEN.id, Kind.GRID, DAY) is None


def test_what_stands_below_is_found_once():
    assert INDEX.below(POND.id, Kind.BUILDING, DAY) == [BLOCK]
    assert INDEX.below(GOOSE.id, Kind.BUILDING, DAY) == []


def test_the_books_of_a_street_are_read_in_five_queries(cast, django_assert_num_queries):
    rename(cast.west, "桐花社区", on=DAY, document="街办〔2021〕7号", by=SYSTEM)
    name_also(cast.compound, "电站宿舍", valid_from=DAY, by=SYSTEM)

    with django_assert_num_queries(5):
        names = names_of(cast.street)

    assert [one.id for one in names.find("西园", [Kind.COMMUNITY])] == [cast.west.pk]
    assert [one.id for one in names.find("桐花", [Kind.COMMUNITY])] == [cast.west.pk]
    assert names.also_called(cast.compound.pk) == ["电站宿舍"]
    assert names.code(cast.street.pk) == "990102003000"
    assert names.above(cast.building.pk, Kind.COMMUNITY, DAY).id == cast.east.pk
    assert [unit.name for unit in names.units] == ["城建办", "区住建局"]
