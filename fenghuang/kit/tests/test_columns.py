"""Columns: what one kind reads from a cell and from JSON, and writes into both."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.places.models import Kind, Street
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.kit.cells import BROKEN, CellProblem
from fenghuang.kit.columns import (
    Choice,
    Column,
    Context,
    Day,
    Headers,
    Measured,
    Moment,
    Money,
    Percent,
    PlaceNamed,
    Text,
    UnitNamed,
    Whole,
    YesNo,
    header_parts,
)
from fenghuang.kit.names import Named, NamedUnit, NameIndex, Stands

POND = Named(UUID(int=2), Kind.COMMUNITY, "凤凰池社区")
GOOSE = Named(UUID(int=3), Kind.COMMUNITY, "鹅湖社区")
POND_FIRST = Named(UUID(int=4), Kind.GRID, "凤凰池第一网格")
GOOSE_FIRST = Named(UUID(int=5), Kind.GRID, "鹅湖第一网格")
WORKS = NamedUnit(UUID(int=6), "城建办")
NAMES = NameIndex(
    "凤凰街",
    [POND, GOOSE, POND_FIRST, GOOSE_FIRST],
    [Stands(POND_FIRST.id, POND.id), Stands(GOOSE_FIRST.id, GOOSE.id)],
    units=[WORKS],
)
TODAY = date(2021, 12, 31)

ROADS = Choice({"road": ("道路", "马路"), "pipes": "管网", "none": ("无", "没有")})


def context(**settings) -> Context:
    return Context(Street(name="凤凰街"), NAMES, TODAY, **settings)


def problem(column: Column, cell: object, **settings) -> str:
    with pytest.raises(CellProblem) as caught:
        column.read(cell, context(**settings))
    return caught.value.code


def column(kind, **settings) -> Column:
    return Column("code", "表头", kind, **settings)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Text(), "=SUM(A1)"),
        (Whole("人次"), 62),
        (Measured("㎡"), Decimal("1234.50")),
        (Money(), 123_456_789),
        (Money("万元"), 123_456_789),
        (Percent(), 1),
        (Percent(), 100),
        (Day(), date(2021, 3, 5)),
        (Moment(), date(2021, 3, 5)),
        (Moment(), datetime(2021, 3, 5, 19, 30, tzinfo=LOCAL_ZONE)),
        (ROADS, "road"),
        (ROADS, "none"),
        (YesNo(), True),
        (YesNo("有", "无"), False),
        (PlaceNamed(Kind.COMMUNITY), POND),
        (UnitNamed(), WORKS),
    ],
)
def test_what_is_written_is_read_back_from_the_cell_and_from_json(kind, value):
    told = context(unit="万元" if kind.__dict__.get("unit") == "万元" else "")

    assert column(kind).read(column(kind).write(value), told) == value
    assert column(kind).from_json(column(kind).to_json(value), told) == value


@given(st.integers(0, 10**13), st.sampled_from(["元", "万元"]))
def test_no_fen_is_lost_on_the_way_through_a_workbook(fen, unit):
    money = Money(unit)

    assert money.read(money.write(fen), context(unit=unit)) == fen


@given(st.decimals(0, 10**10, places=2))
def test_no_area_is_lost_on_the_way_through_a_workbook(area):
    assert Measured("㎡").read(Measured("㎡").write(area), context(unit="㎡")) == area


@pytest.mark.parametrize("kind", [Whole(), Money(), Day(), ROADS, YesNo(), UnitNamed(), Percent()])
def test_an_empty_cell_has_no_value_unless_one_is_required(kind):
    assert column(kind).read("  ", context()) == kind.empty
    assert column(kind).from_json(None, context()) == kind.empty
    assert problem(column(kind, is_required=True), None) == "empty"


def test_a_stroke_stands_for_nothing_but_is_kept_where_text_is_wanted():
    assert column(Whole()).read("/", context()) is None
    assert column(Day()).read("—", context()) is None
    assert column(Text()).read("/", context()) == "/"
    assert column(YesNo()).read("/", context()) is False
    assert column(ROADS).read("无", context()) == "none"


def test_a_formula_without_a_value_is_not_taken_for_an_empty_cell():
    assert problem(column(Text()), BROKEN) == "formula"


def test_text_longer_than_the_database_holds_is_not_cut():
    assert column(Text(4)).read("凤凰池路", context()) == "凤凰池路"
    assert problem(column(Text(4)), "凤凰池路口") == "too_long"


def test_money_is_kept_as_fen_in_the_unit_of_its_header():
    assert column(Money()).read("1,234.56", context()) == 123_456
    assert column(Money()).read(1.5, context(unit="万元")) == 1_500_000
    assert column(Money("万元")).read("5万元", context()) == 5_000_000
    assert problem(column(Money("万元")), 5) == "unit_missing"
    assert problem(column(Money()), "0.001") == "too_fine"
    assert problem(column(Money()), -5) == "range"
    assert Money("万元").write(1_500_000) == 1.5


def test_money_in_json_is_whole_fen():
    with pytest.raises(CellProblem) as caught:
        Money().from_json("5元", context())

    assert caught.value.code == "fen"


def test_a_number_out_of_range_is_found():
    assert problem(column(Whole("年", least=1900, most=2100)), 185) == "range"
    assert column(Whole("年", least=1900)).read("1985年", context()) == 1985
    assert problem(column(Whole()), 3_000_000_000) == "range"


def test_a_day_to_come_is_found_where_only_past_days_can_be():
    assert column(Day(is_past=True)).read("12月31日", context(year=2021)) == TODAY
    assert problem(column(Day(is_past=True)), "2022.1.1") == "future"
    assert problem(column(Moment(is_past=True)), "2022.1.1") == "future"
    assert column(Day()).read("2022.1.1", context()) == date(2022, 1, 1)


def test_a_moment_of_another_zone_is_that_of_the_office():
    found = column(Moment()).from_json("2021-03-05T11:30:00Z", context())

    assert found == datetime(2021, 3, 5, 19, 30, tzinfo=LOCAL_ZONE)


def test_a_word_that_is_no_choice_is_answered_with_the_choices():
    with pytest.raises(CellProblem) as caught:
        column(ROADS).read("铁路", context())

    assert caught.value.code == "choice"
    assert "道路、管网、无" in caught.value.sentence
    assert column(ROADS).read(" 马 路 ", context()) == "road"


def test_a_grid_is_looked_for_in_the_community_of_its_row():
    grid = column(PlaceNamed(Kind.GRID, within="community"))

    assert grid.read("一网格", context(row={"community": POND})) == POND_FIRST
    assert grid.read("一网格", context(row={"community": GOOSE})) == GOOSE_FIRST


def test_an_ambiguous_name_is_answered_with_all_it_may_mean():
    with pytest.raises(CellProblem) as caught:
        column(PlaceNamed(Kind.GRID)).read("一网格", context())

    assert caught.value.code == "ambiguous"
    assert "凤凰池社区 凤凰池第一网格、鹅湖社区 鹅湖第一网格" in caught.value.sentence


def test_an_unknown_name_is_answered_with_what_looks_like_it():
    with pytest.raises(CellProblem) as caught:
        column(PlaceNamed(Kind.COMMUNITY)).read("凤凰地社区", context())

    assert caught.value.code == "unknown_place"
    assert "凤凰池社区" in caught.value.sentence


def test_the_community_of_the_sheet_stands_where_the_cell_is_empty():
    community = column(PlaceNamed(Kind.COMMUNITY), is_required=True)

    assert community.read("", context(community=GOOSE)) == GOOSE
    assert community.read("凤凰池", context(community=GOOSE)) == POND
    assert problem(community, "") == "empty"


def test_several_units_are_not_one():
    assert problem(column(UnitNamed()), "城建办、平安办") == "unknown_unit"


def test_a_column_may_hold_several_values():
    names = column(Text(), has_many=True)

    assert names.read("电站宿舍、老电站", context()) == ["电站宿舍", "老电站"]
    assert names.write(["电站宿舍", "老电站"]) == "电站宿舍、老电站"
    assert names.to_json(["电站宿舍"]) == ["电站宿舍"]
    assert names.read("", context()) == []
    assert names.is_same(["电站 宿舍"], ["电站宿舍"])
    assert not names.is_same(["电站宿舍"], [])


MONEY = Column("budget_fen", "预算（万元）", Money("万元"), ("金额",))
VENUE = Column("venue", "屋场（地点）", Text(), ("地点",))


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("预算（万元）", MONEY),
        ("预 算\n(万元)", MONEY),
        ("＊预算（元）", MONEY),
        ("金额（元）", MONEY),
        ("屋场(地点)", VENUE),
        ("屋场", VENUE),
        ("地点：", VENUE),
        ("时间", None),
        ("", None),
    ],
)
def test_a_header_is_known_whatever_its_width_space_and_unit(header, found):
    assert Headers([MONEY, VENUE]).column(header) is found


def test_the_unit_stands_in_the_brackets():
    assert header_parts("金 额\n（万元）") == ("金额", "万元")
    assert header_parts("金额") == ("金额", "")


def test_two_columns_cannot_share_a_header():
    with pytest.raises(ValueError, match="地点"):
        Headers([VENUE, Column("place", "地点", Text())])
