"""The ledgers of places: founded from Excel and GeoJSON, never changed by either."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from fenghuang.kernel.places.models import (
    Boundary,
    Building,
    Community,
    Compound,
    Grid,
)
from fenghuang.kernel.places.outlines import locate
from fenghuang.kernel.places.paths import above, path_faults
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.actions import commit_batch, draw_outlines, undo_batch
from fenghuang.kit.ledgers import export
from fenghuang.kit.names import names_of
from fenghuang.kit.outlines import stage_outlines
from fenghuang.kit.place_ledgers import COMPOUNDS, GRIDS
from fenghuang.kit.staging import Staged, stage
from tests.cast import square

from .workbook_files import xlsx

pytestmark = pytest.mark.django_db

TODAY = date(2021, 12, 31)
GRID_HEADER = [
    "序号",
    "社区",
    "网格编号",
    "网格名称",
    "四至范围",
    "小区（院落）数",
    "楼栋数",
    "户数",
    "商户数",
    "网格长",
    "网格员",
    "联系电话",
    "包联领导",
    "备注",
]
COMPOUND_HEADER = [
    "序号",
    "社区",
    "网格",
    "小区名称",
    "曾用名",
    "建成年份",
    "楼栋数",
    "单元数",
    "户数",
    "建筑面积(㎡)",
    "有无物业",
    "物业公司",
    "业委会",
    "是否老旧小区",
    "备注",
]


def staged(cast, ledger, *rows, header=None, title="梧桐街2021年台账") -> Staged:
    header = header or (GRID_HEADER if ledger is GRIDS else COMPOUND_HEADER)
    content = xlsx({"台账": [[title], header, *rows]}, 台账=["A1:N1"])
    return stage(ledger, content, street=cast.street, user=cast.office, today=TODAY)


def found(one: Staged) -> list[tuple[str, str, str]]:
    return [(finding.cell, finding.code, finding.severity) for finding in one.findings]


def test_the_headers_are_the_official_ones():
    assert [column.header for column in GRIDS.official] == GRID_HEADER
    assert [column.header for column in COMPOUNDS.official] == COMPOUND_HEADER


def test_grids_are_founded_with_their_community_code_and_public_telephone(cast):
    file = staged(
        cast,
        GRIDS,
        [
            1,
            "东园",
            "990102003001003",
            "东园第三网格",
            "东至枫路，西至河",
            2,
            9,
            312,
            "40家",
            "",
            "",
            7990003,
        ],
        [
            2,
            "北园社区",
            "990102003003001",
            "北园第一网格",
            "",
            "",
            "",
            "２９８户",
            "",
            "",
            "",
            "0799-1",
        ],
        ["合计", "", "", "", "", 2, 9, 610],
    )

    batch = commit_batch(file, actor=cast.office)

    third, north = Grid.objects.filter(name__in=["东园第三网格", "北园第一网格"]).order_by(
        "dwellings"
    )[::-1]
    community = Community.objects.get(name="北园社区")
    assert batch.rows == 2
    assert (third.limits, third.dwellings, third.shops, third.public_phone, third.valid_from) == (
        "东至枫路，西至河",
        312,
        40,
        "7990003",
        date(2021, 1, 1),
    )
    assert third.codes.get().code == "990102003001003"
    assert cast.east.pk in above(third.pk, TODAY)
    assert {community.pk, cast.street.pk} <= set(above(north.pk, TODAY))
    assert path_faults(cast.street.pk) == []


def test_a_new_community_is_announced_once_with_what_it_may_be_instead(cast):
    file = staged(
        cast,
        GRIDS,
        [1, "东圆社区", "", "东圆第一网格"],
        [2, "东圆社区", "", "东圆第二网格"],
    )

    assert found(file) == [("B3", "founded", "note")]
    assert "东园社区" in file.findings[0].sentence


def test_the_same_grids_again_add_nothing(cast):
    rows = [
        [1, "东园社区", "G-1", "东园第一网格"],
        [2, "东园", "", "二网格"],
        [3, "西园社区居委会", "", "西园第一网格"],
        [4, "西园", "G-4", "西园第二网格"],
    ]

    first = staged(cast, GRIDS, *rows)
    commit_batch(first, actor=cast.office)
    again = staged(cast, GRIDS, *rows)

    assert (len(first.new), len(first.known)) == (1, 3)
    assert (len(again.new), len(again.known), again.errors) == (0, 4, [])
    # A workbook made in another second is another file, so whether it is the same one is not asked.
    differences = [one[:2] for one in found(again) if one[1] != "same_file"]
    assert differences == [("C3", "differs"), ("D4", "differs")]
    assert Grid.objects.filter(street=cast.street).count() == 4


def test_what_differs_is_listed_and_nothing_is_changed(cast):
    file = staged(
        cast, GRIDS, [1, "东园", "", "东园第一网格", "", 7, "", "", "", "", "王某", "0799-9"]
    )

    cast.east_first.refresh_from_db()
    assert [(one.cell, one.code) for one in file.findings] == [
        ("F3", "differs"),
        ("K3", "differs"),
        ("L3", "differs"),
    ]
    assert "“0799-0000001”" in file.findings[2].sentence
    assert cast.east_first.public_phone == "0799-0000001"
    with pytest.raises(Refused) as caught:
        commit_batch(file, actor=cast.office)
    assert caught.value.code == "nothing_new"


def test_a_grid_is_known_by_its_code_whatever_it_is_called(cast):
    commit_batch(staged(cast, GRIDS, [1, "东园", "G-3", "东园第三网格"]), actor=cast.office)

    file = staged(cast, GRIDS, [1, "东园", "g-3", "东园枫路网格"])

    assert (len(file.new), len(file.known)) == (0, 1)
    assert found(file) == [("D3", "differs", "note")]


def test_who_works_in_a_grid_follows_from_appointments(cast):
    file = staged(cast, GRIDS, [1, "东园", "", "东园第三网格", "", "", "", "", "", "张某", "李某"])

    assert found(file) == [("J3", "not_kept", "note"), ("K3", "derived", "note")]


def test_a_long_code_that_excel_has_shortened_is_found(cast):
    file = staged(cast, GRIDS, [1, "东园", 36030200200100100001, "东园第三网格"])

    assert found(file) == [("C3", "digits_lost", "error")]


def test_compounds_are_founded_with_buildings_and_the_names_that_residents_use(cast):
    file = staged(
        cast,
        COMPOUNDS,
        [
            1,
            "东园",
            "一网格",
            "电力新村",
            "电站宿舍、老电站",
            "1985年",
            "3栋",
            3,
            72,
            "4,500.5",
            "无",
            "",
            "",
            "是",
        ],
    )

    commit_batch(file, actor=cast.office)

    compound = Compound.objects.get(name="电力新村")
    buildings = Building.objects.filter(positions__parent=compound).order_by("name")
    assert (compound.built_year, compound.dwellings, compound.floor_area_m2) == (
        1985,
        72,
        Decimal("4500.50"),
    )
    assert (compound.manager, compound.is_old) == (Compound.Manager.NONE, True)
    assert [(one.name, one.entrances) for one in buildings] == [("1栋", 1), ("2栋", 1), ("3栋", 1)]
    assert cast.east_first.pk in above(buildings[0].pk, TODAY)
    assert sorted(compound.other_names.values_list("name", flat=True)) == ["电站宿舍", "老电站"]


def test_entrances_and_grids_that_the_ledger_leaves_open_are_not_guessed(cast):
    file = staged(
        cast,
        COMPOUNDS,
        [1, "东园", "一网格、二网格", "锦绣花园", "", "", 2, 5],
        [2, "东园", "", "一栋院", "", "", 1, 4],
    )

    commit_batch(file, actor=cast.office)

    garden = Building.objects.filter(positions__parent__name="锦绣花园")
    court = Building.objects.get(positions__parent__name="一栋院")
    assert [one[:2] for one in found(file)] == [("H3", "entrances_open"), ("C3", "grid_open")]
    assert set(garden.values_list("entrances", flat=True)) == {None}
    assert [p.parent.kind for p in garden[0].positions.all()] == ["compound"]
    assert court.entrances == 4


def test_both_ledgers_come_back_as_they_went(cast, django_assert_max_num_queries):
    commit_batch(
        staged(
            cast,
            COMPOUNDS,
            [
                1,
                "东园",
                "一网格",
                "电力新村",
                "电站宿舍",
                1985,
                3,
                3,
                72,
                4500.5,
                "社区托管",
                "",
                "",
                "是",
            ],
            [2, "西园", "", "锦绣花园", "", "", 2, 5, 60, "", "有"],
        ),
        actor=cast.office,
    )
    commit_batch(staged(cast, GRIDS, [1, "西园", "G-2", "西园第二网格"]), actor=cast.office)

    for ledger, count in ((GRIDS, 4), (COMPOUNDS, 3)):
        out = io.BytesIO()
        with django_assert_max_num_queries(10):
            rows = export(ledger, ledger.rows(cast.street), out, place=cast.street)
        back = stage(ledger, out.getvalue(), street=cast.street, user=cast.office)

        assert rows == count
        assert (len(back.new), len(back.known), back.findings) == (0, count, [])


def test_the_ledger_of_a_community_holds_its_own_grids(cast):
    out = io.BytesIO()

    export(GRIDS, GRIDS.rows(cast.west), out, place=cast.west)

    sheet = openpyxl.load_workbook(out).active
    assert [[cell.value for cell in row][:5] for row in sheet.iter_rows()] == [
        ["西园社区网格台账", None, None, None, None],
        GRID_HEADER[:5],
        [1, "西园社区", None, "西园第一网格", None],
    ]


def test_the_ledger_shows_who_works_where_and_what_stands_there(cast):
    context = GRIDS.context(cast.street, today=TODAY)
    grid = GRIDS.prepare(Grid.objects.filter(pk=cast.east_first.pk)).get()
    shown = {column.code: column.value(grid, context) for column in GRIDS.official}

    assert (shown["compound_count"], shown["building_count"]) == (1, 1)
    assert shown["workers"] == str(cast.grid_worker)


def test_a_worker_takes_out_only_the_places_they_look_after(cast):
    assert list(GRIDS.rows(cast.street, user=cast.secretary).values_list("name", flat=True)) == [
        "东园第一网格",
        "东园第二网格",
    ]


def test_only_the_office_founds_a_community(cast):
    file = staged(cast, GRIDS, [1, "北园社区", "", "北园第一网格"])

    with pytest.raises(Refused) as caught:
        commit_batch(file, actor=cast.centre)

    assert caught.value.code == "who_founds"
    assert not Community.objects.filter(name="北园社区").exists()
    assert commit_batch(file, actor=cast.office).rows == 1


def test_a_community_worker_founds_no_grid(cast):
    content = xlsx({"台账": [GRID_HEADER, [1, "东园", "", "东园第三网格"]]})
    file = stage(GRIDS, content, street=cast.street, user=cast.secretary, today=TODAY)

    with pytest.raises(Refused) as caught:
        commit_batch(file, actor=cast.secretary)

    assert caught.value.code == "who_founds"


def test_places_are_retired_not_undone(cast):
    batch = commit_batch(staged(cast, GRIDS, [1, "东园", "G-3", "东园第三网格"]), actor=cast.office)

    with pytest.raises(Refused) as caught:
        undo_batch(batch, actor=cast.office)

    assert caught.value.code == "cannot_undo"


# Outlines


def geojson(*features: tuple[dict, object]) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        }
    ).encode()


def outlines(cast, *features):
    return stage_outlines(
        geojson(*features), names_of(cast.street), street=cast.street, file_name="grids.geojson"
    )


@pytest.fixture
def fourth(cast) -> Grid:
    """A grid with a code and without an outline."""
    commit_batch(staged(cast, GRIDS, [1, "西园", "G-2", "西园第二网格"]), actor=cast.office)
    return Grid.objects.get(name="西园第二网格")


@pytest.mark.parametrize(
    "properties",
    [
        {"code": "G-2"},
        {"网格编号": "g-2"},
        {"name": "西园第二网格"},
        {"网格名称": "二网格", "社区": "西园"},
    ],
)
def test_a_grid_without_an_outline_is_drawn(cast, fourth, properties):
    file = outlines(cast, (properties, square(113.86, 27.63)))

    drawn = draw_outlines(file, actor=cast.centre)

    assert (drawn, file.findings) == (1, [])
    assert locate(cast.street.pk, 113.865, 27.635, TODAY) == fourth.pk


def test_outlines_that_are_drawn_already_are_left_as_they_are(cast):
    same, other = square(113.85, 27.62), square(113.86, 27.62, side=0.02)

    file = outlines(cast, ({"name": "东园第一网格"}, same), ({"name": "东园第二网格"}, other))

    assert (len(file.new), [str(grid) for grid in file.known]) == (
        0,
        ["东园第一网格", "东园第二网格"],
    )
    assert [(one.cell, one.code) for one in file.findings] == [("features[1]", "differs")]


def test_outlines_that_are_wrong_are_found_and_none_is_drawn(cast, fourth):
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}

    file = outlines(
        cast,
        ({"code": "G-2"}, square(113.86, 27.63)),
        ({"code": "G-2"}, square(113.86, 27.63)),
        ({"code": "G-9"}, square(113.86, 27.63)),
        ({"name": "二网格"}, square(113.86, 27.63)),
        ({"code": "G-2"}, bow_tie),
        ({"code": "G-2"}, None),
        ({}, square(113.86, 27.63)),
    )

    assert [one.code for one in file.errors] == [
        "outline_twice",
        "unknown_grid",
        "unknown_grid",
        "outline_crosses",
        "outline",
        "unknown_grid",
    ]
    with pytest.raises(Refused) as caught:
        draw_outlines(file, actor=cast.centre)
    assert caught.value.code == "has_errors"
    assert Boundary.objects.filter(place=fourth).count() == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"features": 1}', b"[" * 100_000])
def test_what_is_no_geojson_is_refused(cast, content):
    with pytest.raises(Refused) as caught:
        stage_outlines(content, names_of(cast.street), street=cast.street)

    assert caught.value.code == "not_geojson"


def test_a_secretary_draws_no_outlines(cast, fourth):
    file = outlines(cast, ({"code": "G-2"}, square(113.86, 27.63)))

    with pytest.raises(Refused) as caught:
        draw_outlines(file, actor=cast.secretary)

    assert caught.value.code == "who_founds"
