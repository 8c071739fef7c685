"""Files looked through: each row is new, known, faulty or skipped; nothing is lost in silence."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
import xlsxwriter
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.places.models import Grid
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.actions import (
    commit_batch,
    drop_uploads,
    keep_upload,
    remember_mapping,
)
from fenghuang.kit.ledgers import ledger_called, ledger_of
from fenghuang.kit.models import Upload
from fenghuang.kit.place_ledgers import COMPOUNDS, GRIDS
from fenghuang.kit.staging import Staged, stage, write_faulty, year_in

from .workbook_files import xlsx

pytestmark = pytest.mark.django_db

TODAY = date(2021, 12, 31)
HEADER = ["序号", "社区", "网格编号", "网格名称", "户数"]


def looked_through(cast, content: bytes, name: str = "网格台账.xlsx", **settings) -> Staged:
    user = settings.pop("user", cast.office)
    return stage(GRIDS, content, name, street=cast.street, user=user, today=TODAY, **settings)


def rows_of(cast, *rows, header=HEADER, **settings) -> Staged:
    return looked_through(cast, xlsx({"台账": [header, *rows]}), **settings)


def counts(found: Staged) -> tuple[int, int, int, int]:
    return len(found.new), len(found.known), len(found.faulty), len(found.skipped)


def cells(found: Staged) -> list[tuple[str, str, str]]:
    return [(one.sheet, one.cell, one.code) for one in found.findings]


def test_what_is_wrong_is_said_at_its_cell(cast):
    found = rows_of(
        cast,
        [1, "东园", "G-3", "东园第三网格", "120余户"],
        [2, "", "G-4", "", 12.5],
        [3, "西园", "G-5", "西园第二网格", 300],
    )

    assert cells(found) == [
        ("台账", "E2", "inexact"),
        ("台账", "B3", "empty"),
        ("台账", "D3", "empty"),
        ("台账", "E3", "whole"),
    ]
    assert found.findings[0].column == "户数"
    assert "120余户" in found.findings[0].sentence
    assert counts(found) == (1, 0, 2, 0)


ANY_CELL = st.one_of(
    st.none(),
    st.integers(-5, 400),
    st.floats(0, 400),
    st.booleans(),
    st.sampled_from(
        ["东园", "西园社区", "东园第一网格", "G-1", "合计", "注：无", "/", "120余", "户数"]
    ),
    st.text(st.characters(exclude_categories=["C"]), max_size=6),
)


@given(st.lists(st.lists(ANY_CELL, min_size=6, max_size=6), max_size=8))
def test_every_row_ends_in_one_list(cast, rows):
    content = xlsx({"台账": [[*HEADER, "旁注"], *rows]})
    filled = sum(any(str(cell).strip() for cell in row if cell is not None) for row in rows)

    found = looked_through(cast, content)

    assert sum(counts(found)) == filled


def test_each_sheet_may_be_about_a_community(cast):
    content = xlsx(
        {
            "东园": [["序号", "网格名称"], [1, "东园第三网格"]],
            "表二": [["梧桐街西园社区2021年网格台账"], ["序号", "网格名称"], [1, "西园第二网格"]],
        }
    )

    found = looked_through(cast, content)

    assert [(row.at.name, str(row.values["community"])) for row in found.new] == [
        ("东园", "东园社区"),
        ("表二", "西园社区"),
    ]
    assert found.findings == []


def test_tables_of_several_communities_may_stand_in_one_sheet(cast):
    content = xlsx(
        {
            "台账": [
                ["东园社区网格台账"],
                ["序号", "网格名称", "户数"],
                [1, "第三网格", 10],
                ["西园社区网格台账"],
                ["序号", "网格名称", "户数"],
                [1, "第三网格", 20],
            ]
        },
        台账=["A1:C1", "A4:C4"],
    )

    found = looked_through(cast, content)

    assert [str(row.values["community"]) for row in found.new] == ["东园社区", "西园社区"]
    assert [one.reason for one in found.skipped] == ["note", "header_again"]


def test_a_hidden_sheet_and_one_of_another_kind_are_left_out_and_named(cast):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in (
            ("台账", [HEADER, [1, "东园", "", "东园第三网格", 5]]),
            ("上年", [HEADER, [1, "东园", "", "东园第四网格", 5]]),
            ("说明", [["填表说明"], ["每月报送"]]),
        ):
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
        book.get_worksheet_by_name("上年").hide()

    found = looked_through(cast, out.getvalue())

    assert counts(found) == (1, 0, 0, 2)
    assert [(one.sheet, one.row, one.reason, one.text) for one in found.skipped] == [
        ("上年", 0, "hidden_sheet", "2"),
        ("说明", 0, "other_sheet", "2"),
    ]


def test_hidden_rows_and_columns_are_read_and_named(cast):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, [1, "东园", "", "东园第三网格", 5])
        sheet.write_row(2, 0, [2, "东园", "", "东园第四网格", 6])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(4, 4, None, None, {"hidden": True})

    found = looked_through(cast, out.getvalue())

    assert cells(found) == [("台账", "E1", "column_hidden"), ("台账", "", "rows_hidden")]
    assert found.findings[1].row == 3
    assert [row.values["dwellings"] for row in found.new] == [5, 6]


def test_columns_that_are_missing_twice_there_or_unknown_are_named(cast):
    found = rows_of(
        cast,
        [1, "东园", "东园", 5, "好"],
        header=["序号", "社区", "所属社区", "户数", "评语"],
    )
    out = io.BytesIO()
    write_faulty(found, out)

    assert cells(found) == [
        ("台账", "", "column_missing"),
        ("台账", "C1", "column_twice"),
        ("台账", "E1", "column_not_read"),
    ]
    assert counts(found) == (0, 0, 1, 0)
    assert openpyxl.load_workbook(out).active["F3"].value.startswith("网格名称：")


def test_a_file_of_another_ledger_says_that_the_header_is_missing(cast):
    found = looked_through(cast, xlsx({"表": [["姓名", "年龄"], ["张三", 70]]}))

    assert cells(found) == [("表", "", "no_header")]
    assert [header.text for header in found.sheets[0].layout.headers] == ["姓名", "年龄"]


def test_an_empty_workbook_is_refused(cast):
    with pytest.raises(Refused) as caught:
        looked_through(cast, xlsx({"台账": []}))

    assert caught.value.code == "nothing_in_it"


def test_unusual_headers_are_asked_for_once_and_then_remembered(cast):
    content = xlsx({"台账": [["居委会", "片区名", "家数"], ["东园", "东园第三网格", 5]]})
    chosen = {"居委会": "community", "片区名": "name", "家数": "dwellings"}
    unknown = looked_through(cast, content)

    said = looked_through(cast, content, mapping=chosen)
    remember_mapping(cast.street, GRIDS, said.sheets[0].layout, chosen, actor=cast.office)
    remembered = looked_through(cast, content)
    elsewhere = stage(COMPOUNDS, content, street=cast.street, user=cast.office)

    assert [one.code for one in unknown.errors] == ["no_header"]
    assert (counts(said), said.errors) == ((1, 0, 0, 0), [])
    assert (counts(remembered), remembered.errors) == ((1, 0, 0, 0), [])
    assert [one.code for one in elsewhere.errors] == ["no_header"]


def test_what_was_remembered_can_be_said_anew(cast):
    content = xlsx({"台账": [["居委会", "片区名", "家数"], ["东园", "东园第三网格", 5]]})
    layout = looked_through(cast, content).sheets[0].layout

    for dwellings in ("shops", "dwellings"):
        chosen = {"居委会": "community", "片区名": "name", "家数": dwellings}
        remember_mapping(cast.street, GRIDS, layout, chosen, actor=cast.office)

    assert looked_through(cast, content).new[0].values["dwellings"] == 5


def test_a_column_that_the_ledger_has_not_is_refused(cast):
    layout = rows_of(cast, [1, "东园", "", "东园第三网格", 5]).sheets[0].layout

    with pytest.raises(Refused) as caught:
        remember_mapping(cast.street, GRIDS, layout, {"户数": "flats"}, actor=cast.office)

    assert caught.value.code == "unknown_column"


def test_one_number_for_several_rows_is_counted_for_none(cast):
    content = xlsx(
        {
            "台账": [
                HEADER,
                [1, "东园", "", "东园第三网格", 62],
                [2, None, "", "东园第四网格", None],
                [3, "西园", "", "西园第二网格", 20],
            ]
        },
        台账=["B2:B3", "E2:E3"],
    )

    found = looked_through(cast, content)

    assert cells(found) == [("台账", "E2", "shared_number"), ("台账", "E3", "shared_number")]
    assert [row.values["name"] for row in found.new] == ["西园第二网格"]


def test_a_row_sent_twice_in_one_file_is_entered_once(cast):
    row = [1, "东园", "", "东园第三网格", 62]

    found = looked_through(cast, xlsx({"一月": [HEADER, row], "二月": [HEADER, row]}))

    assert counts(found) == (1, 0, 0, 1)
    assert found.skipped[0][:4] == ("二月", 2, "same_row", "一月 2")


def test_the_same_file_again_is_named_as_such(cast):
    content = xlsx({"台账": [HEADER, [1, "东园", "", "东园第三网格", 62]]})
    commit_batch(looked_through(cast, content), actor=cast.office)

    again = looked_through(cast, content)

    assert (counts(again), cells(again)) == ((0, 1, 0, 0), [("", "", "same_file")])


def test_a_community_worker_sees_only_their_own_community(cast):
    found = rows_of(
        cast,
        [1, "东园", "", "东园第一网格", 5],
        [2, "西园", "", "西园第一网格", 5],
        [3, "西园", "", "西园第二网格", 5],
        user=cast.secretary,
    )

    assert [(one.cell, one.code) for one in found.errors] == [
        ("B3", "not_your_place"),
        ("B4", "not_your_place"),
    ]
    assert counts(found) == (0, 1, 2, 0)


def test_who_looks_after_no_place_looks_no_file_through(cast):
    with pytest.raises(Refused) as caught:
        rows_of(cast, [1, "东园", "", "东园第三网格", 5], user=cast.outsider)

    assert caught.value.code == "no_place"


def test_a_file_with_errors_is_entered_only_without_the_faulty_rows(cast):
    found = rows_of(
        cast,
        [1, "东园", "", "东园第三网格", "60余"],
        [2, "东园", "", "东园第四网格", 70],
    )
    with pytest.raises(Refused) as caught:
        commit_batch(found, actor=cast.office)

    batch = commit_batch(found, actor=cast.office, leave_out_faulty=True)

    assert (caught.value.code, batch.rows) == ("has_errors", 1)
    assert Grid.objects.filter(name="东园第四网格").count() == 1
    assert Grid.objects.filter(name="东园第三网格").count() == 0


def test_the_faulty_rows_are_handed_back_and_come_in_once_mended(cast):
    content = xlsx(
        {
            "东园": [
                ["2021年网格台账"],
                ["序号", "网格名称", "户数（户）", "评语"],
                [1, "东园第三网格", "60余", "好"],
                [2, "东园第四网格", 70, ""],
            ]
        }
    )
    found = looked_through(cast, content)
    commit_batch(found, actor=cast.office, leave_out_faulty=True)

    out = io.BytesIO()
    handed_back = write_faulty(found, out)
    book = openpyxl.load_workbook(out)
    told = [[cell.value for cell in row] for row in book.active.iter_rows()]
    book.active["C3"] = 62
    mended = io.BytesIO()
    book.save(mended)
    again = looked_through(cast, mended.getvalue())

    assert handed_back == 1
    assert told[:2] == [
        ["梧桐街2021年网格台账", None, None, None, None, None],
        ["序号", "网格名称", "户数（户）", "评语", "社区", "导入问题"],
    ]
    assert told[2][:5] == [1, "东园第三网格", "60余", "好", "东园社区"]
    assert told[2][5].startswith("户数（户）：")
    assert (counts(again), [one.code for one in again.findings]) == (
        (1, 0, 0, 0),
        ["column_not_read"],
    )
    assert str(again.new[0].values["community"]) == "东园社区"


def test_what_somebody_entered_meanwhile_is_not_entered_twice(cast):
    mine = rows_of(cast, [1, "东园", "", "东园第三网格", 5])
    theirs = rows_of(cast, [7, "东园社区", "", "三网格", 5])
    commit_batch(theirs, actor=cast.office)

    with pytest.raises(Refused) as caught:
        commit_batch(mine, actor=cast.office)

    assert caught.value.code == "entered_meanwhile"
    assert Grid.objects.filter(name="东园第三网格").count() == 0


def test_the_number_of_queries_does_not_grow_with_the_file(cast, django_assert_num_queries):
    few = [[n, "东园", f"G-{n}", f"东园第{n}网格", n] for n in range(3, 6)]
    many = [[n, "东园", f"G-{n}", f"东园第{n}网格", n] for n in range(3, 303)]
    rows_of(cast, [1, "东园", "", "东园第三网格", 5])  # reads the appointments of the day

    for rows in (few, many):
        with django_assert_num_queries(9):
            found = rows_of(cast, *rows)

    assert counts(found) == (300, 0, 0, 0)


def test_a_file_with_commas_is_looked_through_like_a_workbook(cast):
    content = "序号,社区,网格名称,户数\n1,东园,东园第三网格,６２户\n合计,,,62\n".encode("gb18030")

    found = looked_through(cast, content, "网格台账.csv")

    assert counts(found) == (1, 0, 0, 1)
    assert found.new[0].values["dwellings"] == 62


@pytest.mark.parametrize(
    ("titles", "year"),
    [
        (("凤凰街2021年台账",), 2021),
        (("台账", "2021"), 2021),
        (("2021年度", "2020年"), 2021),
        (("二〇二一年台账",), 2021),
        (("2021年、2022年",), None),
        (("2020—2021年度台账",), None),
        (("台账20211231",), None),
        ((), None),
    ],
)
def test_the_year_stands_in_the_title(titles, year):
    assert year_in(*titles) == year


# Finding the ledger


def test_a_file_is_known_by_its_header(cast):
    grids = xlsx({"说明": [["说明"]], "台账": [["2021年"], HEADER, [1, "东园"]]})
    compounds = xlsx({"台账": [["序号", "社区", "小区名称", "曾用名", "建成年份"]]})

    assert ledger_of(grids) is GRIDS
    assert ledger_of(compounds) is COMPOUNDS
    with pytest.raises(LookupError):
        ledger_of(xlsx({"表": [["姓名", "年龄"]]}))


def test_a_ledger_is_called_by_its_code_or_its_title():
    assert ledger_called("grids") is ledger_called("网格台账") is GRIDS
    with pytest.raises(LookupError):
        ledger_called("姓名册")


# Files kept between looking through and entering


def test_a_file_is_kept_for_a_day_and_no_longer(cast):
    kept = keep_upload(cast.street, GRIDS, b"content", "台账.xlsx", actor=cast.office, year=2021)
    now = timezone.now()

    assert bytes(Upload.objects.get(pk=kept.pk).content) == b"content"
    assert drop_uploads(now - timedelta(days=1)) == 0
    assert drop_uploads(now + timedelta(seconds=1)) == 1
    assert Upload.objects.count() == 0


def test_keeping_a_file_drops_those_of_the_day_before(cast):
    old = keep_upload(cast.street, GRIDS, b"content", "台账.xlsx", actor=cast.office)
    Upload.objects.filter(pk=old.pk).update(kept_at=timezone.now() - timedelta(days=2))

    new = keep_upload(cast.street, GRIDS, b"content", "台账.xlsx", actor=cast.office)

    assert list(Upload.objects.values_list("pk", flat=True)) == [new.pk]
