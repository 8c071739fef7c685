"""The ledgers of the line: in from Excel, out to Excel, and back in with nothing new."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from fenghuang.kernel.journal import read
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.kit.actions import commit_batch, undo_batch
from fenghuang.kit.columns import Context, Text, numbered, read_all
from fenghuang.kit.ledger import Ledger, export
from fenghuang.kit.ledgers import ledger_of
from fenghuang.kit.staging import Staged, stage
from fenghuang.kit.tests.workbook_files import xlsx
from fenghuang.lines.requests.columns.meetings import LEDGERS, MEETINGS, PROBLEMS
from fenghuang.lines.requests.models import Category, Meeting, Problem, ProjectItem
from fenghuang.lines.requests.states.meetings import Disposition

from .factories import MeetingFactory, ProblemFactory, ProjectItemFactory, SmallMatterFactory

pytestmark = pytest.mark.django_db

TODAY = date(2021, 12, 31)
MEETING_HEADER = [
    "序号",
    "召开时间",
    "社区",
    "网格",
    "屋场（地点）",
    "主题",
    "主持人",
    "参会人次",
    "收集问题数",
    "现场答复数",
    "列入项目清单数",
    "转办数",
    "备注",
]
PROBLEM_HEADER = [
    "序号",
    "问题编号",
    "来源（场次编号）",
    "问题描述",
    "类别",
    "所在小区",
    "责任单位",
    "责任人",
    "分管领导",
    "办理措施",
    "办理时限",
    "进展情况",
    "是否办结",
    "办结时间",
    "群众评价",
    "是否销号",
]


def looked_through(cast, ledger, content: bytes, **settings) -> Staged:
    user = settings.pop("user", cast.secretary)
    return stage(ledger, content, street=cast.street, user=user, today=TODAY, **settings)


def meetings(cast, *rows, **settings) -> Staged:
    content = xlsx(
        {"台账": [["梧桐街2021年屋场贴心会台账"], MEETING_HEADER, *rows]}, 台账=["A1:M1"]
    )
    return looked_through(cast, MEETINGS, content, **settings)


def problems(cast, *rows: dict[str, object], **settings) -> Staged:
    lines = [[row.get(header) for header in [*PROBLEM_HEADER, "提出时间"]] for row in rows]
    content = xlsx({"清单": [[*PROBLEM_HEADER, "提出时间"], *lines]})
    return looked_through(cast, PROBLEMS, content, **settings)


def found(staged: Staged) -> list[tuple[str, str, str]]:
    return [(one.column, one.code, str(one.severity)) for one in staged.findings]


def taken_out(cast, ledger, place=None) -> bytes:
    out = io.BytesIO()
    place = place or cast.street
    export(ledger, ledger.rows(place, 2021), out, place=place, year=2021)
    return out.getvalue()


PLAIN = [1, "2021.3.5", "东园", "一网格", "梧桐里前坪", "照明", "王书记", "62人次"]


def test_the_headers_are_the_official_ones():
    assert [column.header for column in MEETINGS.official] == MEETING_HEADER
    assert [column.header for column in PROBLEMS.official] == PROBLEM_HEADER


def test_no_column_takes_more_text_than_its_field_holds():
    for ledger in LEDGERS:
        for column in ledger.columns:
            if isinstance(column.kind, Text) and column.is_stored and column.get is None:
                longest = ledger.model._meta.get_field(column.code).max_length
                assert longest is None or column.kind.longest <= longest


def test_every_category_and_disposition_has_its_word():
    kinds = {column.code: column.kind for column in PROBLEMS.columns}

    assert list(kinds["category"].words) == Category.values
    assert list(kinds["disposition"].words) == Disposition.values
    assert list(kinds["feedback"].words) == Problem.Feedback.values


# Meetings


def test_meetings_come_in_as_held_with_number_batch_and_source(cast):
    staged = meetings(
        cast,
        [
            1,
            "3月5日 晚上7点半",
            "东园社区居委会",
            "一网格",
            "梧桐里前坪",
            "照明",
            "王书记",
            "１２０人",
            0,
            "",
            "",
            "",
            "下雨",
        ],
        [2, "2021.4.2", "东园", "", "社区会议室", "停车", "", 40],
        ["合计", "", "", "", "", "", "", 160],
    )

    batch = commit_batch(staged, actor=cast.secretary)

    first, second = Meeting.objects.filter(batch=batch.id).order_by("happened_on")
    assert (first.number, second.number) == ("REQ-2021-00001", "REQ-2021-00002")
    assert (first.happened_on, first.held_at) == (date(2021, 3, 5), time(19, 30))
    assert (first.place_id, second.place_id) == (cast.east_first.pk, cast.east.pk)
    assert (first.attendances, first.minutes, first.state) == (120, "下雨", "held")
    assert (first.source, first.entered_by) == ("import", cast.secretary)
    assert [change.verb for change in read.history(first.pk)] == ["import"]


def test_counts_that_follow_from_the_problems_are_not_entered(cast):
    staged = meetings(cast, [*PLAIN, 3, 1, 1, 0])

    assert found(staged) == [
        ("收集问题数", "derived", "note"),
        ("现场答复数", "derived", "note"),
        ("列入项目清单数", "derived", "note"),
    ]


def test_the_same_meetings_again_add_nothing(cast):
    commit_batch(meetings(cast, PLAIN), actor=cast.secretary)

    again = meetings(
        cast, [9, "2021年3月5日 19:30", "东园社区", "", "梧桐里 前坪", "照 明", "王书记", 62]
    )

    assert (len(again.new), len(again.known)) == (0, 1)
    assert [(one.column, one.code) for one in again.findings] == [("召开时间", "differs")]


@pytest.mark.parametrize(
    "other",
    [
        {1: "2021.3.6"},
        {2: "西园", 3: ""},
        {4: "后院"},
        {5: "停车"},
    ],
)
def test_another_day_community_venue_or_theme_is_another_meeting(cast, other):
    commit_batch(meetings(cast, PLAIN, user=cast.office), actor=cast.office)
    row = [other.get(n, cell) for n, cell in enumerate(PLAIN)]

    assert len(meetings(cast, row, user=cast.office).new) == 1


def test_a_withdrawn_meeting_may_come_in_again(cast):
    batch = commit_batch(meetings(cast, PLAIN), actor=cast.secretary)
    undo_batch(batch, actor=cast.secretary)

    assert len(meetings(cast, PLAIN).new) == 1


def test_a_meeting_still_to_come_is_not_entered_as_held(cast):
    staged = meetings(cast, [1, "2022.1.1", *PLAIN[2:]])

    assert found(staged) == [("召开时间", "future", "error")]


def test_the_ledger_counts_the_problems_of_each_meeting(cast):
    meeting = MeetingFactory(place=cast.east_first, happened_on=date(2021, 3, 5))
    for disposition in ("open", "answered_on_site", "project_item", "project_item", "referred_up"):
        ProblemFactory(meeting=meeting, disposition=disposition)
    withdrawn = ProblemFactory(meeting=meeting, disposition="project_item")
    records.void(withdrawn, actor=cast.secretary, ground="重复")
    MeetingFactory(place=cast.east_first, state="planned")

    sheet = openpyxl.load_workbook(io.BytesIO(taken_out(cast, MEETINGS))).active

    assert sheet["A1"].value == "梧桐街2021年屋场贴心会台账"
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [
        [
            1,
            datetime.fromisoformat("2021-03-05"),
            "东园社区",
            "东园第一网格",
            "梧桐里前坪",
            "楼道照明",
            "社区书记",
            20,
            5,
            1,
            2,
            1,
            None,
        ]
    ]


def test_a_ledger_goes_out_in_as_many_queries_for_many_rows_as_for_one(
    cast, django_assert_num_queries
):
    for ledger, factory in ((MEETINGS, MeetingFactory), (PROBLEMS, ProblemFactory)):
        for count in (1, 3):
            for n in range(count):
                factory(place=cast.east_first, happened_on=date(2021, count, n + 1))
            with django_assert_num_queries(6):
                taken_out(cast, ledger, cast.east)


def test_a_ledger_of_a_year_and_a_place_holds_nothing_else(cast):
    MeetingFactory(place=cast.east_first, happened_on=date(2021, 1, 1))
    MeetingFactory(place=cast.east_second, happened_on=date(2021, 12, 31))
    MeetingFactory(place=cast.west_first, happened_on=date(2021, 6, 1))
    MeetingFactory(place=cast.east_first, happened_on=date(2022, 1, 1))
    own = MEETINGS.rows(cast.street, 2021, user=cast.west_secretary)

    assert MEETINGS.rows(cast.east, 2021).count() == 2
    assert [meeting.place_id for meeting in own] == [cast.west_first.pk]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
).filter(lambda text: text == text.strip())


@hypothesis(max_examples=25)
@given(
    st.lists(
        st.builds(
            dict,
            happened_on=st.dates(date(2021, 1, 1), TODAY),
            held_at=st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
            venue=WORDS,
            theme=WORDS,
            chair=st.just("") | WORDS,
            attendances=st.integers(0, 10_000),
            minutes=st.just("") | WORDS,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_goes_out_comes_back_as_known_with_nothing_to_say(cast, told):
    made = [
        Meeting(street=cast.street, place=cast.east_first, state="held", **fields)
        for fields in told
    ]
    records.enter_all(made, actor=cast.secretary)

    back = looked_through(cast, MEETINGS, taken_out(cast, MEETINGS))

    standing = Meeting.objects.filter(street=cast.street).count()
    assert (len(back.new), len(back.known), back.errors) == (0, standing, [])


# Problems


def a_problem(cells: dict[str, object] | None = None) -> dict[str, object]:
    plain = {"来源（场次编号）": "12345", "问题描述": "三单元楼道灯不亮", "类别": "照明"}
    return plain | {"所在小区": "梧桐里", "提出时间": "2021.3.5"} | (cells or {})


def test_problems_come_in_under_the_meeting_at_which_they_were_raised(cast):
    meeting = MeetingFactory(place=cast.east_first, happened_on=date(2021, 3, 5))

    staged = problems(
        cast,
        {
            "序号": 1,
            "问题编号": "2021-17",
            "来源（场次编号）": meeting.number.lower(),
            "问题描述": "三单元楼道灯不亮",
            "类别": "路灯",
            "责任单位": "梧桐街城建办",
            "办理措施": "更换灯具",
            "办理时限": "3月20日",
            "进展情况": "民生小事",
            "是否办结": "√",
            "办结时间": "2021.3.12",
            "群众评价": "满意",
        },
        year=2021,
    )
    due_on = staged.new[0].record.due_on
    commit_batch(staged, actor=cast.secretary)

    problem = Problem.objects.get()
    assert found(staged) == [("问题编号", "number_new", "note")]
    assert (problem.meeting, problem.channel, problem.place_id) == (
        meeting,
        "meeting",
        cast.east_first.pk,
    )
    assert (problem.happened_on, problem.disposed_on, problem.resolved_on) == (
        date(2021, 3, 5),
        date(2021, 3, 12),
        date(2021, 3, 12),
    )
    assert (problem.category, problem.disposition, problem.feedback, problem.answer) == (
        "lighting",
        "small_matter",
        "satisfied",
        "更换灯具",
    )
    assert (problem.unit, due_on) == (cast.works, date(2021, 3, 20))


def test_a_problem_from_elsewhere_says_its_channel_and_its_day(cast):
    staged = problems(cast, a_problem(), a_problem({"来源（场次编号）": "来访", "提出时间": None}))

    assert [row.record.channel for row in staged.new] == ["hotline"]
    assert found(staged) == [("来源（场次编号）", "day_missing", "error")]


def test_a_meeting_that_is_not_in_the_books_is_found(cast):
    staged = problems(cast, a_problem({"来源（场次编号）": "REQ-2021-00099"}))

    assert found(staged) == [("来源（场次编号）", "no_such_record", "error")]


def test_a_meeting_of_another_community_is_not_looked_up(cast):
    meeting = MeetingFactory(place=cast.west_first)

    mine = problems(cast, a_problem({"来源（场次编号）": meeting.number}))
    office = problems(cast, a_problem({"来源（场次编号）": meeting.number}), user=cast.office)

    assert found(mine) == [("来源（场次编号）", "no_such_record", "error")]
    assert office.new[0].record.meeting == meeting


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"进展情况": "合并"}, "进展情况", "merged"),
        ({"进展情况": "不予受理"}, "办理措施", "reason_missing"),
        ({"进展情况": "上报"}, "办理措施", "reason_missing"),
        ({"进展情况": "民生小事", "是否办结": "是"}, "办结时间", "empty"),
        ({"是否办结": "是", "办结时间": "2021.3.9"}, "进展情况", "how_resolved"),
        ({"进展情况": "修好了", "办结时间": "2021.3.9"}, "进展情况", "how_resolved"),
        ({"进展情况": "民生小事", "办结时间": "2021.3.4"}, "办结时间", "before_event"),
        ({"是否办结": "否", "办结时间": "2021.3.9"}, "办结时间", "not_resolved"),
        ({"责任单位": "城建办、区住建局"}, "责任单位", "unknown_unit"),
        ({"类别": "天气"}, "类别", "choice"),
        ({"所在小区": "桐花里"}, "所在小区", "unknown_place"),
        ({"所在小区": ""}, "所在小区", "empty"),
        ({"问题描述": ""}, "问题描述", "empty"),
    ],
)
def test_what_would_make_a_figure_wrong_is_found(cast, cells, column, code):
    assert found(problems(cast, a_problem(cells))) == [(column, code, "error")]


def test_progress_in_the_words_of_the_office_is_kept_and_the_problem_stays_open(cast):
    staged = problems(cast, a_problem({"办理措施": "已联系物业", "进展情况": "正在协调"}))

    record = staged.new[0].record
    assert (record.disposition, record.disposed_on) == ("open", None)
    assert record.answer == "已联系物业\n正在协调"


def test_the_reason_of_a_problem_that_is_turned_away_stands_under_the_measures(cast):
    staged = problems(
        cast, a_problem({"办理措施": "不属于街道职责，已告知", "进展情况": "不予受理"})
    )

    record = staged.new[0].record
    assert (record.disposition, record.reason, record.answer) == (
        "not_accepted",
        "不属于街道职责，已告知",
        "",
    )


def test_the_list_comes_back_as_it_went(cast):
    meeting = MeetingFactory(place=cast.east_first, happened_on=date(2021, 3, 5))
    fixed = ProblemFactory(
        meeting=meeting,
        place=cast.building,
        unit=cast.works,
        disposition="small_matter",
        resolved_on=date(2021, 3, 20),
        feedback="satisfied",
    )
    SmallMatterFactory(
        problem=fixed,
        handler=cast.grid_worker,
        state="struck_off",
        fixed_on=date(2021, 3, 18),
        fixed_by=cast.grid_worker,
        struck_off_on=date(2021, 3, 20),
        struck_off_by=cast.secretary,
    )
    ProblemFactory(channel="hotline", place=cast.west_first, text="夜间施工", category="noise")
    ProblemFactory(disposition="not_accepted", place=cast.east, text="与邻居有债务")
    ProblemFactory(disposition="merged", place=cast.compound, text="灯又不亮")

    content = taken_out(cast, PROBLEMS)
    back = looked_through(cast, PROBLEMS, content, user=cast.office)

    rows = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=3)
    ]
    first = next(row for row in rows if row[1] == fixed.number)
    assert (len(back.new), len(back.known), back.findings) == (0, 4, [])
    assert first[2:] == [
        meeting.number,
        "三单元楼道灯不亮",
        "照明",
        "梧桐里",
        "城建办",
        str(cast.grid_worker),
        None,
        None,
        datetime.fromisoformat(fixed.due_on.isoformat()),
        "民生小事",
        "是",
        datetime.fromisoformat("2021-03-20"),
        "满意",
        "是",
    ]


def test_a_row_with_our_number_is_that_problem_whatever_else_it_says(cast):
    problem = ProblemFactory(channel="hotline", place=cast.east_first)

    staged = problems(
        cast,
        a_problem({"问题编号": problem.number, "问题描述": "四单元楼道灯不亮", "提出时间": None}),
    )

    assert [row.held for row in staged.known] == [problem]
    assert [(one.column, one.code) for one in staged.findings] == [
        ("问题描述", "differs"),
        ("所在小区", "differs"),
    ]


def test_the_same_problems_again_add_nothing(cast):
    commit_batch(problems(cast, a_problem()), actor=cast.secretary)

    again = problems(cast, a_problem({"问题描述": " 三单元 楼道灯不亮"}))

    assert (len(again.new), len(again.known), again.findings) == (0, 1, [])


def test_the_ledgers_are_known_by_their_headers():
    assert ledger_of(xlsx({"a": [MEETING_HEADER]})) is MEETINGS
    assert ledger_of(xlsx({"a": [PROBLEM_HEADER]})) is PROBLEMS


# Batches


def test_an_import_can_be_undone_and_its_records_keep_their_numbers(cast):
    batch = commit_batch(meetings(cast, PLAIN, [2, "2021.4.2", *PLAIN[2:]]), actor=cast.secretary)

    undo_batch(batch, actor=cast.secretary)

    batch.refresh_from_db()
    withdrawn = Meeting.objects.filter(batch=batch.id)
    assert (withdrawn.count(), withdrawn.standing().count()) == (2, 0)
    assert (batch.undone_by, batch.undone_at is None) == (cast.secretary, False)
    assert [change.verb for change in read.history(withdrawn[0].pk)] == ["import", "undo_import"]
    with pytest.raises(Refused) as caught:
        undo_batch(batch, actor=cast.secretary)
    assert caught.value.code == "undone"


def test_an_import_is_not_undone_once_a_record_was_changed(cast):
    batch = commit_batch(meetings(cast, PLAIN, [2, "2021.4.2", *PLAIN[2:]]), actor=cast.secretary)
    changed = Meeting.objects.get(happened_on=date(2021, 4, 2))
    records.change(changed, "correct", actor=cast.secretary, attendances=63)

    with pytest.raises(Refused) as caught:
        undo_batch(batch, actor=cast.secretary)

    assert caught.value.code == "changed_since"
    assert changed.number in str(caught.value)
    assert Meeting.objects.standing().filter(batch=batch.id).count() == 2


def test_an_import_is_not_undone_once_others_rest_on_it(cast):
    held = commit_batch(meetings(cast, PLAIN), actor=cast.secretary)
    problem = ProblemFactory(meeting=Meeting.objects.get(batch=held.id))
    raised = commit_batch(problems(cast, a_problem()), actor=cast.secretary)
    ProjectItemFactory(many={"problems": list(Problem.objects.filter(batch=raised.id))})

    for batch, number in ((held, problem.number), (raised, ProjectItem.objects.get().number)):
        with pytest.raises(Refused) as caught:
            undo_batch(batch, actor=cast.secretary)
        assert caught.value.code == "used_since"
        assert number in str(caught.value)


def test_an_import_is_undone_once_what_rested_on_it_is_withdrawn(cast):
    batch = commit_batch(meetings(cast, PLAIN), actor=cast.secretary)
    problem = ProblemFactory(meeting=Meeting.objects.get(batch=batch.id))
    records.void(problem, actor=cast.secretary, ground="重复")

    undo_batch(batch, actor=cast.secretary)

    assert Meeting.objects.standing().count() == 0


def test_somebody_elses_import_is_undone_by_the_centre_or_the_office_only(cast):
    batch = commit_batch(meetings(cast, PLAIN), actor=cast.secretary)
    with pytest.raises(Refused) as caught:
        undo_batch(batch, actor=cast.community_worker)

    undo_batch(batch, actor=cast.centre)

    assert caught.value.code == "not_your_import"


def test_nothing_is_entered_if_the_action_refuses_one_row(cast):
    staged = meetings(cast, PLAIN, [2, "2021.4.2", "西园", "", *PLAIN[4:]], user=cast.office)

    with pytest.raises(Refused) as caught:
        commit_batch(staged, actor=cast.secretary)

    assert caught.value.code == "not_your_place"
    assert Meeting.objects.count() == 0


def test_what_was_entered_meanwhile_is_not_entered_twice(cast):
    first, second = meetings(cast, PLAIN), meetings(cast, PLAIN)
    other = meetings(cast, [1, "2021.5.1", *PLAIN[2:]])
    commit_batch(first, actor=cast.secretary)

    with pytest.raises(Refused) as caught:
        commit_batch(second, actor=cast.secretary)
    commit_batch(other, actor=cast.secretary)

    assert caught.value.code == "entered_meanwhile"
    assert Meeting.objects.count() == 2


# As fields of the interface


def sent(ledger: Ledger, fields: dict[str, object], context: Context) -> tuple[object, dict]:
    """The record that is built from fields in JSON, or the problems by field."""
    problems = read_all(
        ledger.reading_order,
        lambda column: column.from_json(fields.get(column.code), context),
        context,
        day=ledger.day,
    )
    return (None if problems else ledger.build(context.row, context)), problems


def test_fields_come_back_as_they_went(cast):
    made = MeetingFactory(place=cast.east_first, happened_on=date(2021, 3, 5), held_at=time(19, 30))
    context = MEETINGS.context(cast.street, today=TODAY)
    meeting = MEETINGS.prepare(Meeting.objects.filter(pk=made.pk)).get()

    fields = {
        column.code: column.to_json(column.value(meeting, context))
        for column in MEETINGS.reading_order
    }
    back, problems = sent(MEETINGS, fields, context)

    assert fields == {
        "held_at": "2021-03-05T19:30:00+08:00",
        "community": "东园社区",
        "grid": "东园第一网格",
        "venue": "梧桐里前坪",
        "theme": "楼道照明",
        "chair": "社区书记",
        "attendances": 20,
        "problem_count": 0,
        "answered_count": 0,
        "listed_count": 0,
        "referred_count": 0,
        "minutes": "",
    }
    assert problems == {}
    assert MEETINGS.key(back, context) == MEETINGS.key(meeting, context)
    assert (back.held_at, back.attendances, back.place_id) == (time(19, 30), 20, cast.east_first.pk)


def test_a_problem_is_sent_with_the_number_of_its_meeting_or_the_code_of_its_channel(cast):
    meeting = MeetingFactory(place=cast.east_first, happened_on=date(2021, 3, 5))
    context = PROBLEMS.context(cast.street, today=TODAY)
    context.numbered = numbered(
        PROBLEMS.columns, lambda _column: [meeting.number], street=cast.street, user=cast.secretary
    )
    plain = {"text": "路灯不亮", "category": "lighting"}
    visit = {"origin": "visit", "compound": "梧桐里", "raised_on": "2021-03-06"}

    at_meeting, problems = sent(PROBLEMS, plain | {"origin": meeting.number}, context)
    elsewhere, none = sent(PROBLEMS, plain | visit, context)

    assert (problems, none) == ({}, {})
    assert (at_meeting.meeting, at_meeting.happened_on) == (meeting, date(2021, 3, 5))
    assert (elsewhere.channel, elsewhere.happened_on) == ("visit", date(2021, 3, 6))


def test_a_meeting_that_the_sender_may_not_see_is_not_looked_up(cast):
    meeting = MeetingFactory(place=cast.east_first)

    seen = [
        numbered(PROBLEMS.columns, lambda _c: [meeting.number], street=cast.street, user=user)
        for user in (cast.secretary, cast.west_secretary, cast.outsider)
    ]

    assert [len(one["requests.Meeting"]) for one in seen] == [1, 0, 0]


def test_a_moment_is_kept_at_the_offices_clock(cast):
    context = MEETINGS.context(cast.street, today=TODAY)
    meeting = Meeting(
        street=cast.street, place=cast.east, happened_on=date(2021, 3, 5), held_at=time(0)
    )
    held = next(column for column in MEETINGS.columns if column.code == "held_at")

    assert held.value(meeting, context) == datetime(2021, 3, 5, tzinfo=LOCAL_ZONE)


def test_the_batch_is_that_which_the_action_was_given(cast):
    staged = meetings(cast, PLAIN)
    batch = uuid4()

    MEETINGS.enter([row.record for row in staged.new], actor=cast.secretary, batch=batch)

    assert Meeting.objects.get().batch == batch
