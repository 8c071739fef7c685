"""The hotline's ledger: in from whatever an office has, out with the real header, known again."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from fenghuang.kernel.journal import read
from fenghuang.kernel.people.actions import found_unit
from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.kit.actions import commit_batch, keep_upload, remember_mapping, undo_batch
from fenghuang.kit.cells import CellProblem
from fenghuang.kit.columns import Text
from fenghuang.kit.ledger import export
from fenghuang.kit.ledgers import ledger_of
from fenghuang.kit.questions import questions
from fenghuang.kit.staging import Staged, stage, write_faulty
from fenghuang.kit.tests.workbook_files import xlsx
from fenghuang.lines.requests.actions import orders as actions
from fenghuang.lines.requests.columns.orders import ORDERS, RETURNS
from fenghuang.lines.requests.models import Category, Satisfied, Solved, WorkOrder
from tests.cast import SINCE, SYSTEM

from .factories import WorkOrderFactory, at

pytestmark = pytest.mark.django_db

TODAY = date(2021, 12, 31)
HEADER = [
    "序号",
    "工单编号",
    "来源",
    "诉求类型",
    "诉求内容",
    "派单时间",
    "签收时间",
    "承办单位",
    "办理期限",
    "延期至",
    "办结时间",
    "办理结果",
    "回访时间",
    "是否联系",
    "是否解决",
    "是否满意",
    "是否重复",
    "退单原因",
]
ANSWERED: dict[str, object] = {
    "序号": 1,
    "工单编号": "PX20210600017",
    "来源": "12345热线",
    "诉求类型": "投诉",
    "诉求内容": "三单元楼道灯不亮",
    "派单时间": "2021-06-01 09:30",
    "签收时间": "2021-06-01 10:00",
    "承办单位": "城建办",
    "办理期限": "2021.6.8",
    "办结时间": "2021-06-04 16:00",
    "办理结果": "已解决",
    "回访时间": "2021.6.7",
    "是否联系": "是",
    "是否解决": "是",
    "是否满意": "非常满意",
    "是否重复": "否",
}
DISPATCHED = {
    code: ANSWERED[code]
    for code in ("工单编号", "来源", "诉求类型", "诉求内容", "派单时间", "承办单位", "办理期限")
}


def looked_through(cast, content: bytes, **settings) -> Staged:
    settings.setdefault("user", cast.centre)
    return stage(ORDERS, content, street=cast.street, today=TODAY, **settings)


def orders(cast, *rows: dict[str, object], **settings) -> Staged:
    header = [*HEADER, *dict.fromkeys(name for row in rows for name in row if name not in HEADER)]
    lines = [[row.get(name) for name in header] for row in rows]
    return looked_through(cast, xlsx({"台账": [header, *lines]}), **settings)


def entered(cast, *rows: dict[str, object], **settings) -> WorkOrder:
    batch = commit_batch(orders(cast, *rows, **settings), actor=cast.centre)
    return WorkOrder.objects.filter(batch=batch.id).order_by("number")[0]


def errors(staged: Staged) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in staged.errors]


def notes(staged: Staged) -> set[str]:
    return {one.code for one in staged.findings if not one.is_error}


def taken_out(cast, ledger=ORDERS) -> bytes:
    out = io.BytesIO()
    export(ledger, ledger.rows(cast.street, 2021), out, place=cast.street, year=2021)
    return out.getvalue()


def rows_of(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]


def test_the_header_is_the_real_one():
    assert [column.header for column in ORDERS.official] == HEADER
    assert ledger_of(xlsx({"a": [HEADER]})) is ORDERS


def test_every_word_of_the_model_has_one_of_the_office():
    kinds = {column.code: column.kind for column in ORDERS.columns}

    assert set(kinds["channel"].words) == set(WorkOrder.Channel.values)
    assert set(kinds["kind"].words) == set(WorkOrder.Kind.values)
    assert set(kinds["level"].words) == set(WorkOrder.Level.values)
    assert set(kinds["result"].words) == set(WorkOrder.Result.values)
    assert set(kinds["solved"].words) == set(Solved.values)
    assert set(kinds["satisfied"].words) == set(Satisfied.values)
    assert set(kinds["return_ground"].words) == set(WorkOrder.ReturnGround.values)
    assert set(kinds["category"].words) == set(Category.values)


def test_no_column_takes_more_text_than_its_field_holds():
    for column in ORDERS.columns:
        if isinstance(column.kind, Text) and column.is_stored:
            longest = WorkOrder._meta.get_field(column.code).max_length
            assert longest is None or column.kind.longest <= longest


def test_a_row_becomes_an_order_with_all_that_became_of_it(cast):
    order = entered(cast, ANSWERED)

    assert (order.order_no, order.channel, order.kind) == ("PX20210600017", "hotline", "complaint")
    assert (order.category, order.level, order.unit) == ("other", "ordinary", cast.works)
    assert (
        order.registered_at == order.dispatched_at == at(date(2021, 6, 1)) + timedelta(minutes=30)
    )
    assert (order.dispatched_on, order.due_on) == (date(2021, 6, 1), date(2021, 6, 8))
    assert (order.closed_on, order.was_on_time, order.result) == (date(2021, 6, 4), True, "solved")
    assert (order.called_back_on, order.was_reached) == (date(2021, 6, 7), True)
    assert (order.solved, order.satisfied, order.is_repeat) == ("yes", "very", False)
    assert (order.state, order.source, order.place_id) == ("called_back", "import", cast.street.pk)
    assert [change.verb for change in read.history(order.pk)] == ["import"]


def test_what_the_ledger_does_not_say_is_said_once(cast):
    staged = orders(cast, ANSWERED, ANSWERED | {"工单编号": "2"})

    assert notes(staged) == {"registered_when_dispatched", "category_open", "place_open"}
    assert len([one for one in staged.findings if one.code == "category_open"]) == 1


def test_more_columns_say_what_the_official_ones_leave_out(cast):
    more = {"类别": "路灯", "社区": "东园", "小区": "梧桐里", "受理时间": "2021-05-31 20:00"}
    order = entered(cast, ANSWERED | more | {"紧急程度": "紧急"})

    assert (order.category, order.level, order.place_id) == (
        "lighting",
        "urgent",
        cast.compound.pk,
    )
    assert order.registered_at == datetime(2021, 5, 31, 20, tzinfo=LOCAL_ZONE)
    assert order.happened_on == date(2021, 5, 31)


def test_an_order_of_a_community_unit_stands_with_that_community(cast):
    found_unit(cast.street, "东园社区", Unit.Kind.COMMUNITY, valid_from=SINCE, by=SYSTEM)

    order = entered(cast, ANSWERED | {"承办单位": "东园社区居委会"})

    assert (order.place_id, order.unit.name) == (cast.east.pk, "东园社区")


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({}, "dispatched"),
        ({"签收时间": "2021-06-01 10:00"}, "received"),
        ({"签收时间": "2021-06-01 10:00", "办理结果": "正在协调物业"}, "handling"),
        ({"退单原因": "非本辖区"}, "return_asked"),
        ({"签收时间": "2021.6.2", "退单原因": "非本辖区"}, "received"),
        ({"办结时间": "2021.6.4", "办理结果": "解释说明"}, "closed"),
        ({"办结时间": "2021.6.4", "回访时间": "2021.6.4", "是否联系": "否"}, "called_back"),
    ],
)
def test_the_state_is_the_furthest_that_the_days_lead_to(cast, cells, state):
    assert entered(cast, DISPATCHED | cells).state == state


def test_an_order_that_is_only_registered_has_no_clock_of_a_unit(cast):
    order = entered(cast, {"诉求内容": "路面坑洼", "登记时间": "2021.6.1"})

    assert (order.state, order.unit, order.due_at) == ("registered", None, None)
    assert order.promised_at.astimezone(LOCAL_ZONE).date() == date(2021, 6, 10)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"回访时间": "2021.6.3"}, "回访时间", "before_event"),
        ({"办结时间": "2021.5.31"}, "办结时间", "before_event"),
        ({"签收时间": "2021-06-01 09:29"}, "签收时间", "before_event"),
        ({"办理期限": "2021.5.30"}, "办理期限", "before_event"),
        ({"延期至": "2021.6.7"}, "延期至", "before_event"),
        ({"登记时间": "2021.6.2"}, "派单时间", "before_event"),
        ({"派单时间": "2022.1.1"}, "派单时间", "future"),
        ({"派单时间": None}, "派单时间", "empty"),
        ({"承办单位": None}, "承办单位", "empty"),
        ({"办结时间": None, "回访时间": None}, "办结时间", "empty"),
        ({"办结时间": None, "办理结果": None}, "办结时间", "empty"),
        ({"回访时间": None}, "回访时间", "empty"),
        ({"是否联系": "否"}, "是否联系", "not_reached"),
        ({"承办单位": "城管科"}, "承办单位", "unknown_unit"),
        ({"来源": "领导信箱"}, "来源", "choice"),
        ({"是否满意": "凑合"}, "是否满意", "choice"),
        ({"诉求内容": " "}, "诉求内容", "empty"),
        ({"工单编号": 1234567890123456789.0}, "工单编号", "digits_lost"),
        ({"派单时间": "6月"}, "派单时间", "day_missing"),
    ],
)
def test_what_contradicts_itself_is_found_at_its_cell(cast, cells, column, code):
    assert errors(orders(cast, ANSWERED | cells)) == [(column, code)]


def test_years_without_a_calendar_are_found_and_not_guessed(cast):
    old = {"派单时间": "1998.6.1", "诉求内容": "旧事", "承办单位": "城建办"}

    assert errors(orders(cast, old)) == [("派单时间", "calendar_missing")]


def test_days_without_hours_never_run_backwards(cast):
    row = {"签收时间": "2021.6.1", "办结时间": "2021.6.1", "办理结果": "已解决"}

    order = entered(cast, DISPATCHED | row)

    assert order.dispatched_at == order.received_at == order.closed_at


def test_whether_it_was_in_time_is_open_if_nobody_wrote_the_hour(cast):
    row = {"办理期限": "2021-06-04 12:00", "办结时间": "2021.6.4", "办理结果": "已解决"}

    assert entered(cast, DISPATCHED | row).was_on_time is None
    assert entered(cast, DISPATCHED | row | {"工单编号": "2", "办理期限": "2021.6.4"}).was_on_time


def test_an_order_that_was_given_more_time_is_measured_by_it(cast):
    order = entered(
        cast, ANSWERED | {"延期至": "2021.6.20", "办结时间": "2021.6.18", "回访时间": "2021.6.20"}
    )

    assert (order.due_on, order.was_on_time) == (date(2021, 6, 20), True)
    assert order.extension_decision == "agreed"


def test_words_of_the_unit_are_its_answer_and_no_result(cast):
    staged = orders(cast, ANSWERED | {"办理结果": "已联系物业更换灯具"})

    record = staged.new[0].record
    assert (record.result, record.answer) == ("", "已联系物业更换灯具")
    assert "result_open" in notes(staged)


def test_of_several_units_the_first_leads_and_the_others_are_told(cast):
    staged = orders(cast, ANSWERED | {"承办单位": "城建办、区住建局"})

    assert staged.new[0].record.unit_id == cast.works.pk
    told = [one.sentence for one in staged.findings if one.code == "first_leads"]
    assert (len(told), "区住建局" in told[0], "城建办" in told[0]) == (1, True, False)


# Contact data


def test_contact_data_come_in_with_their_day_and_never_go_out(cast):
    today = date(2021, 6, 10)
    contact = {"联系人": "张三", "联系电话": "13700000000", "地址": "3栋2单元501"}
    staged = orders(cast, ANSWERED | contact)
    fresh = stage(
        ORDERS,
        xlsx({"a": [[*ANSWERED, *contact], [*ANSWERED.values(), *contact.values()]]}),
        street=cast.street,
        user=cast.centre,
        today=today,
    )

    late, record = staged.new[0].record, fresh.new[0].record
    assert (record.contact, record.personal_purge_on) == ("13700000000", date(2021, 12, 4))
    assert (late.contact, late.contact_name, late.where_exactly, late.contact_hash) == ("",) * 4
    assert late.personal_purge_on is None
    commit_batch(fresh, actor=cast.centre)
    assert "13700000000" not in str(rows_of(taken_out(cast)))


# Known again


def test_the_same_file_again_adds_nothing_and_has_nothing_to_say(cast):
    extended = ANSWERED | {"工单编号": "2", "延期至": "2021.6.12"}
    without_number = ANSWERED | {"工单编号": None, "诉求内容": "下水道堵塞"}
    rows = (ANSWERED, extended, without_number, DISPATCHED | {"工单编号": "3"})
    commit_batch(orders(cast, *rows), actor=cast.centre)

    again = orders(cast, *rows)

    assert (len(again.new), len(again.known), again.errors) == (0, 4, [])
    assert "differs" not in notes(again)


def test_an_order_that_went_on_meanwhile_is_told_cell_by_cell(cast):
    commit_batch(orders(cast, DISPATCHED), actor=cast.centre)

    later = orders(cast, ANSWERED)

    assert (len(later.new), len(later.known), later.errors) == (0, 1, [])
    assert [one.column for one in later.findings if one.code == "differs"] == [
        "签收时间",
        "办结时间",
        "办理结果",
        "回访时间",
        "是否联系",
        "是否解决",
        "是否满意",
    ]


def test_a_row_sent_twice_in_one_file_counts_once_and_says_where_it_differs(cast):
    staged = orders(cast, DISPATCHED, DISPATCHED | {"签收时间": "2021-06-01 10:00"})

    assert (len(staged.new), [one.reason for one in staged.skipped]) == (1, ["same_row"])
    assert [(one.cell, one.code) for one in staged.findings if one.code == "said_otherwise"] == [
        ("G3", "said_otherwise")
    ]


def test_a_number_of_our_own_is_known_again(cast):
    order = WorkOrderFactory(state="handling", happened_on=date(2021, 6, 1))

    back = looked_through(cast, taken_out(cast))

    assert rows_of(taken_out(cast))[0][1] == order.number
    assert [row.held for row in back.known] == [order]


def test_a_number_is_the_same_in_full_width_and_small_letters(cast):
    commit_batch(orders(cast, ANSWERED), actor=cast.centre)

    assert len(orders(cast, ANSWERED | {"工单编号": "ｐｘ２０２１ 0600017"}).known) == 1


def test_the_ledger_goes_out_with_the_words_of_the_office(cast):
    entered(cast, ANSWERED | {"延期至": "2021.6.12"})

    assert rows_of(taken_out(cast)) == [
        [
            1,
            "PX20210600017",
            "12345",
            "投诉",
            "三单元楼道灯不亮",
            datetime.fromisoformat("2021-06-01 09:30"),
            datetime.fromisoformat("2021-06-01 10:00"),
            "城建办",
            datetime.fromisoformat("2021-06-08"),
            datetime.fromisoformat("2021-06-12"),
            datetime.fromisoformat("2021-06-04 16:00"),
            "已解决",
            datetime.fromisoformat("2021-06-07"),
            "是",
            "解决",
            "非常满意",
            "否",
            None,
        ]
    ]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1"])
def test_text_never_goes_out_as_a_formula(cast, text):
    WorkOrderFactory(happened_on=date(2021, 6, 1), text=text, answer=text)

    sheet = openpyxl.load_workbook(io.BytesIO(taken_out(cast))).active

    for cell in (sheet["E3"], sheet["L3"]):
        assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_the_ledger_goes_out_in_as_many_queries_for_many_rows_as_for_one(
    cast, django_assert_num_queries
):
    for count in (1, 3):
        for n in range(count):
            WorkOrderFactory(happened_on=date(2021, count, n + 1), state="closed")
        with django_assert_num_queries(7):
            taken_out(cast)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
DAYS = st.dates(date(2021, 1, 4), date(2021, 11, 30))


@hypothesis(max_examples=25)
@given(st.lists(st.tuples(WORDS, DAYS, st.integers(0, 5), st.integers(0, 6)), max_size=4), WORDS)
def test_whatever_goes_out_comes_back_as_known_with_nothing_to_say(cast, told, result):
    for text, day, steps, hours in told:
        done = at(day) + timedelta(days=steps, hours=hours)
        WorkOrderFactory(
            text=text,
            happened_on=day,
            state=("dispatched", "received", "closed", "called_back")[steps % 4],
            received_at=done if steps % 4 else None,
            closed_at=done if steps % 4 > 1 else None,
            answer=result if steps % 4 > 1 else "",
            called_back_on=done.date() if steps % 4 > 2 else None,
            was_reached=True if steps % 4 > 2 else None,
        )

    back = looked_through(cast, taken_out(cast)) if WorkOrder.objects.exists() else None

    if back is not None:
        standing = WorkOrder.objects.count()
        assert (len(back.new), len(back.known), back.errors) == (0, standing, [])
        assert "differs" not in notes(back)


# Batches


def test_an_import_is_undone_and_may_come_in_again(cast):
    batch = commit_batch(orders(cast, ANSWERED), actor=cast.centre)

    undo_batch(batch, actor=cast.centre)

    assert WorkOrder.objects.standing().count() == 0
    assert len(orders(cast, ANSWERED).new) == 1


def test_a_secretary_enters_only_for_the_own_community(cast):
    mine = orders(cast, ANSWERED | {"社区": "东园"}, user=cast.secretary)
    other = orders(cast, ANSWERED | {"社区": "西园"}, user=cast.secretary)

    assert (len(mine.new), errors(other)) == (1, [("社区", "not_your_place")])


def test_a_number_of_the_hotline_is_registered_once(cast):
    WorkOrderFactory(order_no="PX1")
    again = WorkOrder(
        street=cast.street, place=cast.east, text="灯", category="lighting", order_no="PX1"
    )

    with pytest.raises(Refused) as caught:
        actions.raise_order(again, actor=cast.centre, now=at(TODAY))

    assert (caught.value.code, caught.value.where) == ("order_no_taken", "order_no")


# Returns


def test_the_returns_go_out_as_a_ledger_of_their_own(cast):
    returned = WorkOrderFactory(
        happened_on=date(2021, 6, 1),
        state="filed",
        order_no="PX9",
        return_ground="place",
        return_citation="职责清单第3条",
        return_asked_on=date(2021, 6, 2),
        return_asked_unit=cast.works,
        return_decision="agreed",
        return_decided_on=date(2021, 6, 3),
    )
    WorkOrderFactory(happened_on=date(2021, 6, 1))

    content = taken_out(cast, RETURNS)
    back = stage(RETURNS, content, street=cast.street, user=cast.centre, today=TODAY)

    assert rows_of(content) == [
        [
            1,
            returned.number,
            "PX9",
            "三单元楼道灯不亮，晚上走路看不见",
            "城建办",
            "非本辖区",
            "职责清单第3条",
            datetime.fromisoformat("2021-06-02"),
            "同意",
            datetime.fromisoformat("2021-06-03"),
        ]
    ]
    assert (len(back.new), len(back.known), back.findings) == (0, 1, [])


def test_a_return_is_not_entered_by_its_ledger(cast):
    content = xlsx({"a": [["编号", "诉求内容"], ["REQ-2021-00099", "灯"]]})

    staged = stage(RETURNS, content, street=cast.street, user=cast.centre, today=TODAY)

    assert [one.code for one in staged.errors] == ["only_out"]


# All habits of offices at once (one workbook, one question)


def nasty() -> bytes:
    """Title rows, two-row headers, notes, totals, merged cells, days in every form, full width,
    several units in a cell, unknown headers and words, a sheet a community, rows sent twice."""
    upper = ["序号", "热线编号", "诉求", None, "派单", None, "办理科室", "办理", None, None]
    upper += ["回访", None, None, "备注", "所在社区"]
    lower = [None, None, "诉求性质", "诉求内容（简要）", "派单时间", "签收时间", None, "办理期限"]
    lower += ["办结时间", "办理结果", "回访时间", "是否解决", "满意情况", None, None]
    merged = ["A1:O1", "A2:O2", "C3:D3", "E3:F3", "H3:J3", "K3:M3", "O5:O6"]
    merged += [f"{letter}3:{letter}4" for letter in "ABGNO"]
    east = [
        ["梧桐街12345工单台账"],
        ["填报单位：东园社区居委会　２０２１年　单位：件"],
        upper,
        lower,
        [
            1,
            "ＰＸ００１",
            "投诉类",
            "楼道灯不亮",
            "2021.3.5",
            44260,
            "城建科、区住建局",
            "3月12日",
            "3月10日",
            "解决",
            "2021年3月11日",
            "√",
            "非常满意",
            "",
            "东园",
        ],
        [
            2,
            "PX002",
            "求助",
            "下水道\n堵塞",
            "３月6日",
            "2021/3/6",
            "城建办",
            "20210315",
            "",
            "",
            "",
            "",
            "",
            "",
            None,
        ],
        ["小计", 2],
        [
            3,
            210600003,
            "咨询",
            "如何办理老年证",
            "2021-3-8 9:00",
            "",
            "梧桐街城建办",
            "",
            "2021.3.9",
            "电话解释政策",
            "2021.3.10",
            "是",
            "满意",
            "",
            "东园社区居委会",
        ],
        upper,
        [
            4,
            "PX002",
            "求助",
            "下水道堵塞",
            "3月6日",
            "3月6日",
            "城建办",
            "3月15日",
            "",
            "",
            "",
            "",
            "",
            "",
            "东园社区",
        ],
        ["合计", 4],
        ["注：本表每月报送"],
        ["1.退单另附"],
    ]
    west = [
        ["西园社区2021年热线工单"],
        [
            "序号",
            "热线编号",
            "诉求性质",
            "诉求内容",
            "派单时间",
            "承办单位",
            "类别",
            "来源",
            "电话",
        ],
        [1, "PX101", "建议", "增设停车位", "2021.4.1", "城建科", "车位", "12345", 13700000000],
        [2, "PX102", "感谢", "感谢信", "2021.4.2", "城建办", "停车", "领导信箱", "－"],
    ]
    return hidden_column(xlsx({"东园": east, "西园社区": west}, 东园=merged), "东园", "J")


def hidden_column(content: bytes, sheet: str, letter: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[sheet].column_dimensions[letter].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_all_habits_at_once_are_one_form_and_then_every_row_is_entered(cast, client):
    client.force_login(cast.centre)
    kept = keep_upload(cast.street, ORDERS, nasty(), "台账.xlsx", actor=cast.centre)
    page = client.get(f"/uploads/{kept.pk}/").content.decode()
    staged = looked_through(cast, nasty())
    asked = questions(staged)

    assert [(one.header, one.guess) for one in asked.headers] == [("办理科室", "unit")]
    assert sorted((one.column.code, one.word, one.cells) for one in asked.words) == [
        ("category", "车位", 1),
        ("channel", "领导信箱", 1),
        ("kind", "感谢", 1),
        ("unit", "城建科", 2),
    ]
    assert page.count('action="/uploads/') == 1  # the one form: nothing can be entered before
    answer = {
        "h0": "unit",
        "word.category.车位": "parking",
        "word.channel.领导信箱": "web",
        "word.kind.感谢": "-",
        "word.unit.城建科": "城建办",
    }
    client.post(f"/uploads/{kept.pk}/columns/", answer)

    again = looked_through(cast, nasty())
    assert (errors(again), len(again.new), bool(questions(again))) == ([], 5, False)
    commit_batch(again, actor=cast.centre)
    assert list(
        WorkOrder.objects.order_by("happened_on", "order_no").values_list(
            "order_no", "happened_on", "kind", "category", "channel", "unit__name", "place__name"
        )
    ) == [
        ("PX001", date(2021, 3, 5), "complaint", "other", "hotline", "城建办", "东园社区"),
        ("PX002", date(2021, 3, 6), "help", "other", "hotline", "城建办", "东园社区"),
        ("210600003", date(2021, 3, 8), "consultation", "other", "hotline", "城建办", "东园社区"),
        ("PX101", date(2021, 4, 1), "suggestion", "parking", "hotline", "城建办", "西园社区"),
        ("PX102", date(2021, 4, 2), "help", "parking", "web", "城建办", "西园社区"),
    ]
    assert {"column_hidden", "first_leads"} <= notes(again)
    assert Counter(one.reason for one in again.skipped) == {
        "total": 2,
        "note": 2,
        "header_again": 1,
        "same_row": 1,
    }


def test_what_is_answered_is_remembered_for_such_files_only(cast):
    staged = orders(cast, ANSWERED | {"承办单位": "城管科"})
    layout = staged.sheets[0].layout
    remember_mapping(
        cast.street, ORDERS, layout, {}, {"unit": {"城管科": "城建办"}}, actor=cast.centre
    )

    assert errors(orders(cast, ANSWERED | {"承办单位": " 城管 科"})) == []
    assert errors(orders(cast, ANSWERED | {"承办单位": "城管科", "类别": "其他"})) == [
        ("承办单位", "unknown_unit")
    ]


def test_the_rows_to_be_mended_come_back_mended(cast):
    staged = orders(cast, ANSWERED, ANSWERED | {"工单编号": "2", "承办单位": "城管科"})
    out = io.BytesIO()
    write_faulty(staged, out)

    back = looked_through(cast, out.getvalue(), words={"unit": {"城管科": "城建办"}})

    assert (len(back.new), back.errors) == (1, [])


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "'; DROP TABLE x;--", "\x00\x07灯", "灯" * 40_000, "\u202e灯"],
)
def test_hostile_text_is_text_or_is_refused(cast, hostile):
    content = xlsx({"a": [["诉求内容", "派单时间", "承办单位"], ["X", "2021.6.1", "城建办"]]})
    staged = looked_through(cast, content)
    column = ORDERS.headers.columns["text"]
    context = staged.sheets[0].context

    try:
        found = column.read(hostile, context)
    except CellProblem as problem:
        assert problem.code == "too_long"
    else:
        assert "\x00" not in found
