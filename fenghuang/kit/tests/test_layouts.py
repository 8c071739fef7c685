"""How sheets are laid out: every habit is recognised, nothing is dropped in silence."""

from __future__ import annotations

from fenghuang.kit.cells import Cell
from fenghuang.kit.columns import Column, Headers, NotKept, RunningNumber, Text, Whole, header_key
from fenghuang.kit.layouts import Body, Layout, Skipped, body, lay_out, template_key, twice
from fenghuang.kit.workbooks import Merged, Sheet

COLUMNS = (
    Column("sequence", "序号", RunningNumber()),
    Column("community", "社区", Text(), ("所属社区",)),
    Column("venue", "屋场（地点）", Text(), ("地点",)),
    Column("attendances", "参会人次", Whole("人次")),
    Column("problems", "收集问题数", Whole("个")),
    Column("remarks", "备注", NotKept()),
)
HEADERS = Headers(COLUMNS)
HEADER: list[Cell] = ["序号", "社区", "屋场（地点）", "参会人次", "收集问题数", "备注"]


def sheet(*rows: list[Cell], merged: list[Merged] | None = None) -> Sheet:
    width = max(map(len, rows))
    return Sheet("台账", [row + [""] * (width - len(row)) for row in rows], merged or [])


def laid_out(found: Sheet, **settings) -> Layout:
    layout = lay_out(found, HEADERS, settings.pop("remembered", {}), **settings)
    assert layout is not None
    return layout


def codes(layout: Layout) -> list[str]:
    return [header.column.code for header in layout.mapped if header.column]


def below(found: Sheet) -> tuple[list[Body], list[tuple[int, str, str]]]:
    read = list(body(found, laid_out(found)))
    skipped = [(one.row, one.reason, one.text) for one in read if isinstance(one, Skipped)]
    return [one for one in read if isinstance(one, Body)], skipped


def test_the_header_is_found_below_titles_and_remarks():
    found = sheet(
        ["凤凰街2021年屋场贴心会台账"],
        ["填报单位：凤凰街", "", "", "2021年12月31日"],
        [],
        HEADER,
        [1, "凤凰池", "前坪", 62],
        merged=[Merged(0, 0, 0, 5)],
    )

    layout = laid_out(found)

    assert (layout.start, layout.end) == (3, 4)
    assert codes(layout) == [column.code for column in COLUMNS]
    assert layout.titles == ("凤凰街2021年屋场贴心会台账", "填报单位：凤凰街", "2021年12月31日")


def test_a_header_in_two_rows_is_found_with_and_without_merged_cells():
    upper: list[Cell] = ["序号", "社区", "屋场", "会议情况", "", "备注"]
    lower: list[Cell] = ["", "", "（地点）", "参会人次", "收集问题数", ""]
    groups = [
        Merged(1, 0, 2, 0),
        Merged(1, 1, 2, 1),
        Merged(1, 3, 1, 4),
        Merged(1, 5, 2, 5),
    ]

    plain = laid_out(sheet(["台账"], upper, lower, [1, "凤凰池", "前坪", 62, 3]))
    merged = laid_out(sheet(["台账"], upper, lower, [1, "凤凰池", "前坪", 62, 3], merged=groups))

    assert (plain.start, plain.end, merged.end) == (1, 3, 3)
    assert codes(plain) == codes(merged) == [column.code for column in COLUMNS]


def test_the_first_row_is_not_taken_for_part_of_the_header():
    layout = laid_out(sheet(HEADER, [1]))

    assert (layout.start, layout.end) == (0, 1)


def test_a_unit_in_the_header_is_kept_beside_it():
    layout = laid_out(sheet(["社区", "参会\n人次 (万人次)"], ["凤凰池", 1.2]))

    assert [(header.text, header.unit) for header in layout.mapped] == [
        ("社区", ""),
        ("参会\n人次 (万人次)", "万人次"),
    ]


def test_unusual_headers_mean_what_a_person_says():
    found = sheet(["居委会", "哪里开的", "来了多少"], ["凤凰池", "前坪", 62])
    given = {"居委会": "community", "哪里开的": "venue", "来了多少": ""}

    layout = laid_out(found, given=given)

    assert codes(laid_out(found)) == []
    assert codes(layout) == ["community", "venue"]


def test_what_was_said_of_a_template_is_remembered_in_any_order_of_its_columns():
    said = {"居委会": "community", "哪里 开的": "venue"}
    remembered = {template_key(list(said)): {header_key(name): code for name, code in said.items()}}

    same = laid_out(sheet(["哪里开的", "居委会"], ["前坪", "凤凰池"]), remembered=remembered)
    other = laid_out(
        sheet(["哪里开的", "居委会", "人"], ["前坪", "凤凰池", 1]), remembered=remembered
    )

    assert codes(same) == ["venue", "community"]
    assert codes(other) == []


def test_a_sheet_without_a_header_has_no_layout():
    assert lay_out(sheet(["凤凰街台账"], [], ["注"]), HEADERS, {}) is None


def test_two_columns_of_one_meaning_are_found():
    layout = laid_out(sheet(["社区", "地点", "所属社区", "备注", "备 注"], ["凤凰池", "前坪"]))

    assert [header.at for header in twice(layout)] == [2]


def test_totals_between_and_below_the_rows_are_no_rows():
    rows, skipped = below(
        sheet(
            HEADER,
            [1, "凤凰池", "前坪", 62],
            ["", "凤凰池", "小 计", 62],
            [2, "鹅湖", "后院", 10],
            ["合计", "", "", 72],
            ["总计：", "", "", 72],
        )
    )

    assert [row.row for row in rows] == [1, 3]
    assert skipped == [
        (3, "total", "凤凰池 小 计 62"),
        (5, "total", "合计 72"),
        (6, "total", "总计： 72"),
    ]


def test_a_venue_that_holds_the_word_total_is_a_row():
    rows, skipped = below(sheet(HEADER, [1, "凤凰池", "合计大院", 62]))

    assert ([row.row for row in rows], skipped) == ([1], [])


def test_notes_and_signatures_below_the_table_are_no_rows():
    rows, skipped = below(
        sheet(
            HEADER,
            [1, "凤凰池", "前坪", 62],
            ["注：1.本表一式两份；"],
            ["2.每月5日前上报。"],
            ["填报人：王某", "", "审核人：李某", "", "日期：2021.12.31"],
        )
    )

    assert len(rows) == 1
    assert [(row, reason) for row, reason, _text in skipped] == [
        (3, "note"),
        (4, "note"),
        (5, "note"),
    ]


def test_the_header_repeated_on_every_page_is_no_row():
    rows, skipped = below(sheet(HEADER, [1, "凤凰池", "前坪", 62], HEADER, [2, "鹅湖", "后院", 10]))

    assert [row.row for row in rows] == [1, 3]
    assert [(row, reason) for row, reason, _text in skipped] == [(3, "header_again")]


def test_rows_numbered_ahead_of_time_are_no_rows():
    rows, skipped = below(sheet(HEADER, [1, "凤凰池", "前坪", 62], [2], [3]))

    assert len(rows) == 1
    assert skipped == [(3, "only_numbered", "2"), (4, "only_numbered", "3")]


def test_what_stands_beside_the_table_is_no_row():
    rows, skipped = below(sheet([*HEADER, "", ""], ["", "", "", "", "", "", "", "已核对"]))

    assert rows == []
    assert skipped == [(2, "outside", "已核对")]


def test_empty_rows_are_passed_over():
    rows, skipped = below(sheet(HEADER, [], [" ", "\n"], [1, "凤凰池", "前坪", 62]))

    assert ([row.row for row in rows], skipped) == ([3], [])


def test_a_merged_community_stands_for_each_of_its_rows():
    rows, _skipped = below(
        sheet(
            HEADER,
            [1, "凤凰池", "前坪", 62],
            [2, "", "后院", 10],
            [3, "鹅湖", "广场", 20],
            merged=[Merged(1, 1, 2, 1)],
        )
    )

    assert [row.cells["community"] for row in rows] == ["凤凰池", "凤凰池", "鹅湖"]


def test_a_merged_number_is_not_counted_for_each_of_its_rows():
    rows, _skipped = below(
        sheet(
            HEADER,
            [1, "凤凰池", "前坪", 62],
            [2, "凤凰池", "后院", ""],
            [3, "鹅湖", "广场", 20],
            merged=[Merged(1, 3, 2, 3)],
        )
    )

    assert [row.shared for row in rows] == [{"attendances"}, {"attendances"}, set()]


def test_a_row_of_one_cell_within_merged_ones_is_a_row():
    rows, _skipped = below(
        sheet(
            HEADER,
            [1, "凤凰池", "前坪", 62],
            ["", "", "后院", ""],
            merged=[Merged(1, 0, 2, 0), Merged(1, 1, 2, 1)],
        )
    )

    assert [row.cells["venue"] for row in rows] == ["前坪", "后院"]


def test_every_reason_to_skip_has_a_sentence():
    reasons = "total note header_again only_numbered outside same_row hidden_sheet other_sheet"

    assert all(Skipped("台账", 1, reason, "").sentence for reason in reasons.split())
