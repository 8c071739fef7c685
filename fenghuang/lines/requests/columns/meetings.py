"""The ledgers of the line, with the headers that the offices know."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from fenghuang.kernel.places.models import Kind
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.kit.cells import Cell, CellProblem, folded, text
from fenghuang.kit.columns import (
    Choice,
    Column,
    Context,
    Day,
    Moment,
    NotKept,
    PlaceNamed,
    RecordNumber,
    RunningNumber,
    Text,
    UnitNamed,
    Whole,
    YesNo,
    as_number,
    day_of,
)
from fenghuang.kit.intakes import Intake
from fenghuang.kit.ledger import Ledger
from fenghuang.kit.names import LEVELS, Named

from ..actions import meetings as actions
from ..models import Category, Meeting, Problem, SmallMatter
from ..queries.meetings import with_funnel
from ..states.meetings import Disposition, MatterState, MeetingState

# Meetings


def _moment_of(meeting: Meeting, _context: Context) -> date | datetime:
    day, at = meeting.happened_on, meeting.held_at
    return day if at is None else datetime.combine(day, at, tzinfo=LOCAL_ZONE)


def _community_of(meeting: Meeting, context: Context) -> Named | None:
    """The community; for a meeting of the whole street, the street."""
    names, day = context.names, meeting.happened_on
    return names.above(meeting.place_id, Kind.COMMUNITY, day) or names.by_id.get(meeting.street_id)


def _grid_of(meeting: Meeting, context: Context) -> Named | None:
    return context.names.above(meeting.place_id, Kind.GRID, meeting.happened_on)


def _meeting(values: Mapping[str, Any], context: Context) -> Meeting:
    held = values["held_at"]
    return Meeting(
        street=context.street,
        place_id=(values["grid"] or values["community"]).id,
        happened_on=day_of(held),
        held_at=held.time() if isinstance(held, datetime) else None,
        venue=values["venue"],
        theme=values["theme"],
        chair=values["chair"],
        attendances=values["attendances"],
        minutes=values["minutes"],
        state=MeetingState.HELD,
    )


def _meeting_key(meeting: Meeting, context: Context) -> Hashable:
    """One theme at one venue of a community on one day: the grid and the hour may come later."""
    where = _community_of(meeting, context)
    return meeting.happened_on, where, folded(meeting.venue), folded(meeting.theme)


def _held(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Planned and cancelled meetings are not in the ledger."""
    return with_funnel(meetings.filter(state=MeetingState.HELD))


def _counted(code: str, header: str, *aliases: str) -> Column:
    return Column(code, header, Whole("个", "件"), aliases, is_derived=True)


MEETINGS = Ledger(
    code="neighbourhood_meetings",
    title="屋场贴心会台账",
    line="requests",
    model=Meeting,
    columns=(
        Column("sequence", "序号", RunningNumber()),
        Column(
            "held_at",
            "召开时间",
            Moment(is_past=True),
            ("时间", "日期", "召开日期", "会议时间", "开会时间"),
            is_required=True,
            get=_moment_of,
        ),
        Column(
            "community",
            "社区",
            PlaceNamed(Kind.COMMUNITY, Kind.STREET),
            ("所属社区", "社区名称", "所在社区"),
            is_required=True,
            get=_community_of,
        ),
        Column(
            "grid",
            "网格",
            PlaceNamed(Kind.GRID, within="community"),
            ("所属网格", "网格名称", "所在网格"),
            get=_grid_of,
        ),
        Column(
            "venue",
            "屋场（地点）",
            Text(80),
            ("地点", "会议地点", "召开地点", "屋场名称"),
            is_required=True,
        ),
        Column("theme", "主题", Text(80), ("会议主题", "议题", "会议内容"), is_required=True),
        Column("chair", "主持人", Text(40)),
        Column(
            "attendances",
            "参会人次",
            # at one meeting nobody is counted twice, so persons and attendances are the same number
            Whole("人次", "人"),
            ("参会人数", "参加人数", "参加人次", "到会人数"),
            is_required=True,
        ),
        _counted("problem_count", "收集问题数", "收集问题", "问题数"),
        _counted("answered_count", "现场答复数", "现场答复", "现场解决数"),
        _counted("listed_count", "列入项目清单数", "列入清单数", "列入项目清单"),
        _counted("referred_count", "转办数", "转办", "上报数"),
        Column("minutes", "备注", Text()),
    ),
    build=_meeting,
    key=_meeting_key,
    enter=actions.enter_meetings,
    prepare=_held,
    day="held_at",
)


# Problems

_CHANNELS = Choice(
    {
        Problem.Channel.MEETING: ("屋场贴心会", "贴心会", "会议"),
        Problem.Channel.HOTLINE: ("12345", "热线", "12345热线", "市长热线"),
        Problem.Channel.GRID: ("网格走访", "网格", "走访", "网格员上报", "入户走访"),
        Problem.Channel.VISIT: ("来访", "群众来访", "信访"),
        Problem.Channel.ONLINE: ("网络", "网上", "微信", "微信群"),
        Problem.Channel.OTHER: ("其他", "其它"),
    }
)


class Origin(RecordNumber):
    """The meeting at which a problem was raised, by its number, or else the channel it came by."""

    def read(self, cell: Cell, context: Context) -> Any:
        if as_number(cell) in context.numbered.get(self.label, {}):
            return super().read(cell, context)
        code = _CHANNELS.codes.get(folded(cell))
        if code is None:
            raise CellProblem(
                "no_such_record",
                _("“%(cell)s” is neither the number of a meeting nor one of: %(words)s.")
                % {
                    "cell": text(cell),
                    "words": "、".join(own[0] for own in _CHANNELS.words.values()),
                },
            )
        return code

    def write(self, value: Any) -> Cell:
        return value.number if isinstance(value, Meeting) else _CHANNELS.write(value)

    def to_json(self, value: Any) -> str:
        return value.number if isinstance(value, Meeting) else str(value)


class Progress(Choice):
    """What became of a problem: a word for its disposition, or what else offices write there."""

    def read(self, cell: Cell, context: Context) -> str:
        return self.codes.get(folded(cell), text(cell))

    def write(self, value: str) -> Cell:
        return self.words[value][0] if value in self.words else value or None


_TURNED_AWAY = frozenset({Disposition.REFERRED_UP, Disposition.NOT_ACCEPTED})


def _measures_of(problem: Problem, _context: Context) -> str:
    if problem.disposition in _TURNED_AWAY:
        return problem.answer or problem.reason
    return problem.answer


def _compound_of(problem: Problem, context: Context) -> Named | None:
    """The compound; for a problem that is in none, the grid or community where it is."""
    for kind in (Kind.COMPOUND, Kind.GRID, Kind.COMMUNITY):
        found = context.names.above(problem.place_id, kind, problem.happened_on)
        if found is not None:
            return found
    return None


def _problem(values: Mapping[str, Any], context: Context) -> Problem:
    origin = values["origin"]
    meeting = origin if isinstance(origin, Meeting) else None
    raised_on = meeting.happened_on if meeting else values["raised_on"]
    if raised_on is None:
        raise CellProblem(
            "day_missing",
            _("Name the meeting by its number, or add a column 提出时间 with the day."),
            column="origin",
        )
    place = values["compound"].id if values["compound"] else meeting.place_id if meeting else None
    if place is None:
        raise CellProblem("empty", _("Say where: name the compound."), column="compound")
    problem = Problem(
        street=context.street,
        place_id=place,
        happened_on=raised_on,
        meeting=meeting,
        channel=Problem.Channel.MEETING if meeting else origin,
        text=values["text"],
        category=values["category"],
        unit_id=values["unit"].id if values["unit"] else None,
        due_on=values["due_on"],
        feedback=values["feedback"],
    )
    _take_disposition(problem, values)
    return problem


def _take_disposition(problem: Problem, values: Mapping[str, Any]) -> None:
    """What became of it, and when: the ledger has no day for a disposition, so it is that of the
    solution, or else that on which the problem was raised."""
    progress, measures, resolved_on = (
        values["disposition"],
        values["measures"],
        values["resolved_on"],
    )
    is_resolved = values["is_resolved"] or (values["is_resolved"] is None and bool(resolved_on))
    if progress not in Disposition.values:
        # in the words of the office: kept with the measures, and the problem is open
        measures = "\n".join(part for part in (measures, progress) if part)
        progress = Disposition.OPEN
    _check_disposition(problem, progress, measures, is_resolved, resolved_on)
    problem.disposition = progress
    if progress != Disposition.OPEN:
        problem.disposed_on = (resolved_on if is_resolved else None) or problem.happened_on
    if is_resolved:
        problem.resolved_on = resolved_on
    if progress in _TURNED_AWAY:
        problem.reason = measures
    else:
        problem.answer = measures


def _check_disposition(
    problem: Problem, progress: str, measures: str, is_resolved: bool, resolved_on: date | None
) -> None:
    if progress == Disposition.MERGED:
        raise CellProblem(
            "merged",
            _("The ledger does not say into which problem. Enter it open, and merge it then."),
            column="disposition",
        )
    if progress in _TURNED_AWAY and not measures:
        raise CellProblem("reason_missing", _("Say why, under 办理措施."), column="measures")
    if not is_resolved:
        if resolved_on is not None:
            raise CellProblem(
                "not_resolved",
                _("Not resolved, and yet on this day? Correct one."),
                column="resolved_on",
            )
        return
    if resolved_on is None:
        raise CellProblem("empty", _("Resolved on which day? Enter it."), column="resolved_on")
    if resolved_on < problem.happened_on:
        raise CellProblem(
            "before_event",
            _("This day lies before %(day)s, when it was raised.") % {"day": problem.happened_on},
            column="resolved_on",
        )
    if progress in (Disposition.OPEN, Disposition.NOT_ACCEPTED):
        raise CellProblem(
            "how_resolved",
            _("Say how it was resolved: %(words)s.")
            % {"words": "、".join(_DISPOSITIONS.words[code][0] for code in _SOLUTIONS)},
            column="disposition",
        )


_SOLUTIONS = (
    Disposition.ANSWERED_ON_SITE,
    Disposition.SMALL_MATTER,
    Disposition.PROJECT_ITEM,
    Disposition.REFERRED_UP,
)
_DISPOSITIONS = Progress(
    {
        Disposition.OPEN: ("待处置", "待办", "未办理"),
        Disposition.ANSWERED_ON_SITE: ("现场答复", "当场答复", "现场解决"),
        Disposition.SMALL_MATTER: ("民生小事", "列为民生小事"),
        Disposition.PROJECT_ITEM: ("项目清单", "列入项目清单", "列入清单"),
        Disposition.REFERRED_UP: ("上报", "转办", "上报转办"),
        Disposition.MERGED: ("合并", "并案"),
        Disposition.NOT_ACCEPTED: ("不予受理", "不受理"),
    }
)


def _problem_key(problem: Problem, context: Context) -> Hashable:
    """The same words about the same compound on the same day are the same problem."""
    where = _compound_of(problem, context)
    return problem.happened_on, where.id if where else problem.place_id, folded(problem.text)


def _with_matters(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    matters = SmallMatter.objects.standing().filter(problem=OuterRef("pk"))
    return problems.select_related("meeting").annotate(
        handler=Subquery(matters.order_by("-id").values("handler__display_name")[:1]),
        is_struck_off=Exists(matters.filter(state=MatterState.STRUCK_OFF)),
    )


PROBLEMS = Ledger(
    code="problem_list",
    title="急难愁盼问题清单",
    line="requests",
    model=Problem,
    columns=(
        Column("sequence", "序号", RunningNumber()),
        Column("number", "问题编号", Text(40), ("编号",), is_derived=True),
        Column(
            "origin",
            "来源（场次编号）",
            Origin("requests.Meeting"),
            ("来源", "场次编号", "问题来源"),
            is_required=True,
            get=lambda problem, _context: problem.meeting or problem.channel,
        ),
        Column(
            "text",
            "问题描述",
            Text(),
            ("问题", "问题内容", "反映问题", "主要问题", "诉求内容"),
            is_required=True,
        ),
        Column(
            "category",
            "类别",
            Choice(
                {
                    Category.HOUSING: "房屋",
                    Category.ROAD: ("道路", "道路交通"),
                    Category.LIGHTING: ("照明", "路灯"),
                    Category.PIPES: ("管网", "下水道", "水电气"),
                    Category.PARKING: "停车",
                    Category.SANITATION: ("环卫", "环境卫生", "卫生"),
                    Category.NOISE: "噪音",
                    Category.NEIGHBOURS: ("邻里", "邻里纠纷"),
                    Category.SAFETY: ("安全", "安全隐患"),
                    Category.ELDERLY: "养老",
                    Category.EDUCATION: "教育",
                    Category.MEDICAL: "医疗",
                    Category.EMPLOYMENT: "就业",
                    Category.OTHER: ("其他", "其它"),
                }
            ),
            ("问题类别", "类型", "问题类型"),
            is_required=True,
        ),
        Column(
            "compound",
            "所在小区",
            PlaceNamed(Kind.COMPOUND, Kind.GRID, Kind.COMMUNITY),
            ("小区", "所在地", "地点", "所属小区"),
            get=_compound_of,
        ),
        Column("unit", "责任单位", UnitNamed(), ("承办单位", "办理单位")),
        Column("handler", "责任人", Text(60), is_derived=True),
        Column("line_leader", "分管领导", NotKept(), ("包联领导",)),
        Column("measures", "办理措施", Text(), ("措施", "处理措施"), get=_measures_of),
        Column("due_on", "办理时限", Day(), ("完成时限", "办结时限")),
        Column("disposition", "进展情况", _DISPOSITIONS, ("进展", "办理进展", "处置去向")),
        Column(
            "is_resolved",
            "是否办结",
            YesNo(),
            get=lambda problem, _context: problem.resolved_on is not None,
        ),
        Column("resolved_on", "办结时间", Day(is_past=True), ("办结日期", "完成时间")),
        Column(
            "feedback",
            "群众评价",
            Choice(
                {
                    Problem.Feedback.SATISFIED: ("满意", "非常满意"),
                    Problem.Feedback.BASICALLY: "基本满意",
                    Problem.Feedback.DISSATISFIED: "不满意",
                    Problem.Feedback.UNREACHED: ("未联系上", "联系不上"),
                }
            ),
            ("评价", "满意度"),
        ),
        Column("is_struck_off", "是否销号", YesNo(), is_derived=True),
        Column(
            "raised_on",
            "提出时间",
            Day(is_past=True),
            ("收集时间", "登记时间", "反映时间", "受理时间"),
            is_official=False,
            get=lambda problem, _context: problem.happened_on,
        ),
    ),
    build=_problem,
    key=_problem_key,
    enter=actions.enter_problems,
    prepare=_with_matters,
    day="raised_on",
    levels=(*LEVELS, Kind.ENTRANCE, Kind.DWELLING),
)

LEDGERS = (MEETINGS, PROBLEMS)


# What programs enter and read back


def _of(ledger: Ledger, *codes: str) -> tuple[Column, ...]:
    known = {column.code: column for column in ledger.columns}
    return tuple(known[code] for code in codes)


def _sent_meeting(values: Mapping[str, Any], context: Context) -> Meeting:
    facts = dict(values)
    held = facts.pop("held_at")
    at = held.time() if isinstance(held, datetime) else None
    return Meeting(street=context.street, happened_on=day_of(held), held_at=at, **facts)


def _sent_problem(values: Mapping[str, Any], context: Context) -> Problem:
    facts = {code: value for code, value in values.items() if value}
    return Problem(**{"street": context.street, "channel": Problem.Channel.OTHER} | facts)


_OTHER_CHANNELS = Choice(
    {code: words for code, words in _CHANNELS.words.items() if code != Problem.Channel.MEETING}
)

INTAKES = (
    Intake(
        code="meetings",
        line="requests",
        model=Meeting,
        columns=_of(MEETINGS, "held_at", "venue", "theme", "chair", "attendances", "minutes"),
        build=_sent_meeting,
        enter=actions.hold_meetings,
        day="held_at",
    ),
    Intake(
        code="problems",
        line="requests",
        model=Problem,
        columns=(
            Column("happened_on", "提出时间", Day(is_past=True), is_required=True),
            *_of(PROBLEMS, "text", "category"),
            Column(
                "urgency",
                "急难愁盼",
                Choice(
                    {
                        Problem.Urgency.URGENT: "急",
                        Problem.Urgency.DIFFICULT: "难",
                        Problem.Urgency.WORRYING: "愁",
                        Problem.Urgency.HOPED_FOR: "盼",
                    }
                ),
            ),
            Column("channel", "来源", _OTHER_CHANNELS),
            Column("contact", "联系方式", Text(80)),
        ),
        shown=_of(PROBLEMS, "resolved_on", "feedback"),
        build=_sent_problem,
        enter=actions.raise_problems,
    ),
)
