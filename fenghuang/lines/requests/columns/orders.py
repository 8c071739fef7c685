"""The hotline’s ledger of work orders (12345工单台账), that of returns, and what programs send.

The ledger tells the days of an order; its state is the furthest that they lead to.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Kind, Street
from fenghuang.kernel.records.models import local_day
from fenghuang.kernel.worktime import LOCAL_ZONE, CalendarMissing
from fenghuang.kit import cells
from fenghuang.kit.cells import Cell, CellProblem, folded, text
from fenghuang.kit.columns import (
    AT_ONCE,
    Choice,
    Code,
    Column,
    Context,
    Day,
    Moment,
    PlaceNamed,
    RunningNumber,
    Text,
    UnitNamed,
    YesNo,
    as_number,
    day_of,
)
from fenghuang.kit.intakes import Intake
from fenghuang.kit.ledger import Ledger
from fenghuang.kit.names import Named

from ..actions import orders as actions
from ..models import Satisfied, Solved, WorkOrder
from ..models.orders import Decision
from ..states.orders import OrderState
from .meetings import PROBLEMS

# Kinds of value


class OrderNumber(Code):
    """The hotline’s number, in half-width capitals without space, so that it is one number."""

    def read(self, cell: Cell, context: Context) -> str:
        return as_number(super().read(cell, context))

    def is_same(self, one: Any, other: Any) -> bool:
        return as_number(one) == as_number(other)


class Clocked(Moment):
    """A moment that is kept, though many offices write its day only: then the day is compared."""

    def write(self, value: date | datetime | None) -> Cell:
        return super().write(_as_told(value))

    def is_same(self, one: Any, other: Any) -> bool:
        held, read = _as_told(one), _as_told(other)
        if isinstance(held, datetime) and isinstance(read, datetime):
            return _minute(held) == _minute(read)
        if held is None or read is None:
            return held is read
        return day_of(held) == day_of(read)


def _as_told(value: date | datetime | None) -> date | datetime | None:
    """The day alone for its first and last instant: no clock showed these."""
    if not isinstance(value, datetime):
        return value
    local = value.astimezone(LOCAL_ZONE)
    return local.date() if local.time() in (time.min, time.max) else local


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


class ByRule(NamedTuple):
    """The first limit of an order that was given more time, as the rule has it."""

    at: datetime


class FirstLimit(Clocked):
    """The limit before any extension. Once it is extended, the books hold only the new one: the
    old is written as the rule has it, and no file is held against that."""

    def write(self, value: Any) -> Cell:
        return super().write(value.at if isinstance(value, ByRule) else value)

    def is_same(self, one: Any, other: Any) -> bool:
        return isinstance(one, ByRule) or super().is_same(one, other)


class Answered(Choice):
    """What the appellant says: a level, or a plain yes or no."""

    def __init__(self, words: Mapping[str, str | tuple[str, ...]], *, yes: str, no: str) -> None:
        super().__init__(words)
        self.yes, self.no = yes, no

    def read(self, cell: Cell, context: Context) -> str:
        if folded(cell) in self.codes:
            return super().read(cell, context)
        try:
            return self.yes if cells.yes_or_no(cell) else self.no
        except CellProblem:
            return super().read(cell, context)


class Outcome(Choice):
    """The result by its word; in other words, the answer as the unit wrote it."""

    def read(self, cell: Cell, context: Context) -> str:
        return self.codes.get(folded(cell), text(cell))

    def write(self, value: str) -> Cell:
        return self.words[value][0] if value in self.words else value or None

    def to_json(self, value: str) -> str | None:
        return value or None

    def is_same(self, one: Any, other: Any) -> bool:
        return folded(one) == folded(other)

    def answers(self, context: Context) -> list[tuple[str, str]]:
        return []


class Personal(Text):
    """Contact data: read where a file has them, never written, and erased on their day; so what
    is held is never compared with a file."""

    def says_nothing(self, cell: Cell) -> bool:
        return cells.says_nothing(cell)

    def is_same(self, one: Any, other: Any) -> bool:
        return True


_CHANNELS = Choice(
    {
        WorkOrder.Channel.HOTLINE: ("12345", "热线", "12345热线", "12345平台", "市长热线"),
        WorkOrder.Channel.WEB: ("网上", "网络", "公众页面", "微信", "小程序"),
        WorkOrder.Channel.PHONE: ("来电", "电话"),
        WorkOrder.Channel.COUNTER: ("来访", "窗口", "群众来访"),
        WorkOrder.Channel.GRID: ("网格走访", "网格", "走访", "网格员上报"),
        WorkOrder.Channel.PROGRAM: ("其他系统", "系统推送"),
    }
)
_KINDS = Choice(
    {
        WorkOrder.Kind.CONSULTATION: ("咨询", "咨询类"),
        WorkOrder.Kind.HELP: ("求助", "求助类", "求决"),
        WorkOrder.Kind.COMPLAINT: ("投诉", "投诉类"),
        WorkOrder.Kind.REPORT_OF_WRONG: ("举报", "举报类"),
        WorkOrder.Kind.SUGGESTION: ("建议", "建议类", "意见建议"),
    }
)
_LEVELS = Choice(
    {
        WorkOrder.Level.URGENT: ("紧急", "特急", "加急"),
        WorkOrder.Level.TIMED: ("限时", "急"),
        WorkOrder.Level.ORDINARY: ("一般", "普通"),
        WorkOrder.Level.HARD: ("疑难", "复杂"),
    }
)
_RESULTS = Outcome(
    {
        WorkOrder.Result.SOLVED: ("已解决", "解决", "办结", "已办结"),
        WorkOrder.Result.PARTLY: ("部分解决", "基本解决"),
        WorkOrder.Result.EXPLAINED: ("已解释", "解释", "解释说明", "已解释说明", "已答复"),
        WorkOrder.Result.IMPOSSIBLE: ("无法解决", "不能解决"),
    }
)
_SOLVED = Answered(
    {
        Solved.YES: ("解决", "已解决"),
        Solved.PARTLY: ("基本解决", "部分解决"),
        Solved.NO: ("未解决", "没解决"),
        Solved.NO_ANSWER: ("未答复", "未评价", "不评价"),
    },
    yes=Solved.YES,
    no=Solved.NO,
)
_SATISFIED = Answered(
    {
        Satisfied.VERY: ("非常满意", "很满意"),
        Satisfied.SATISFIED: ("满意",),
        Satisfied.BASICALLY: ("基本满意", "一般"),
        Satisfied.NOT: ("不满意",),
        Satisfied.VERY_DISSATISFIED: ("非常不满意", "很不满意"),
        Satisfied.NO_ANSWER: ("未评价", "不评价"),
    },
    yes=Satisfied.SATISFIED,
    no=Satisfied.NOT,
)
_GROUNDS = Choice(
    {
        WorkOrder.ReturnGround.NOT_OUR_DUTY: ("不在职责清单", "非本单位职责", "不属于本单位职责"),
        WorkOrder.ReturnGround.WRONG_PLACE: ("非本辖区", "不属于本辖区", "不在本辖区"),
        WorkOrder.ReturnGround.SEVERAL_UNITS: ("应由其他单位牵头", "涉及多部门", "涉及多个单位"),
        WorkOrder.ReturnGround.UNCLEAR: ("内容不明", "诉求不清", "信息不全", "地址不详"),
    }
)
_DECISIONS = Choice({Decision.AGREED: ("同意",), Decision.REFUSED: ("不同意", "驳回")})
_CATEGORIES = PROBLEMS.headers.columns["category"].kind


# Reading a row


def _begin(value: date | datetime, not_before: datetime | None = None) -> datetime:
    """The moment; of a day without one its first instant, or that of what came before it."""
    if isinstance(value, datetime):
        return value
    begin = datetime.combine(value, time.min, tzinfo=LOCAL_ZONE)
    return not_before if not_before and local_day(not_before) == value else begin


def _end(value: date | datetime | None) -> datetime | None:
    """The last instant that is still in time."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time.max, tzinfo=LOCAL_ZONE)


#: Each of these days must not lie before those named with it.
_FOLLOWS = (
    ("dispatched_at", ("registered_at",)),
    ("received_at", ("dispatched_at",)),
    ("due_at", ("dispatched_at",)),
    ("extension_until", ("dispatched_at", "due_at")),
    ("closed_at", ("registered_at", "dispatched_at", "received_at")),
    ("called_back_on", ("closed_at",)),
)


def _is_before(one: date | datetime, other: date | datetime) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


def _check_order_of_days(values: Mapping[str, Any]) -> None:
    for code, before in _FOLLOWS:
        for earlier in before:
            if values[code] and values[earlier] and _is_before(values[code], values[earlier]):
                raise CellProblem(
                    "before_event",
                    _("This lies before “%(column)s” of the same row (%(day)s). Correct one.")
                    % {"column": _HEADERS[earlier], "day": day_of(values[earlier])},
                    column=code,
                )


def _need(code: str, sentence: str) -> CellProblem:
    return CellProblem("empty", sentence, column=code)


def _check_what_is_missing(values: Mapping[str, Any]) -> None:
    """What a later step says must have had the steps before it."""
    if not (values["dispatched_at"] or values["registered_at"]):
        raise _need("dispatched_at", _("Say when it was dispatched, or when it was registered."))
    if values["dispatched_at"] and not values["unit"]:
        raise _need("unit", _("Dispatched, but to which unit? Name it."))
    if not values["dispatched_at"]:
        for code in ("unit", "received_at", "due_at", "extension_until", "return_ground"):
            if values[code]:
                raise _need(
                    "dispatched_at", _("A unit had it: say when it was dispatched to that unit.")
                )
    if not values["closed_at"]:
        if values["called_back_on"]:
            raise _need("closed_at", _("Called back, but closed when? Enter the day."))
        if values["result"] in _RESULTS.words:
            raise _need("closed_at", _("There is a result, but closed when? Enter the day."))
    said = [values[code] for code in ("solved", "satisfied") if values[code]]
    if not values["called_back_on"] and (said or values["was_reached"] is not None):
        raise _need("called_back_on", _("Who was called back, and when? Enter the day."))
    if values["was_reached"] is False and set(said) - {Solved.NO_ANSWER, Satisfied.NO_ANSWER}:
        raise CellProblem(
            "not_reached",
            _("Not reached, and yet there is an answer? Correct one."),
            column="was_reached",
        )


def _state(values: Mapping[str, Any]) -> str:
    """The furthest state to which the days of the row lead."""
    if values["called_back_on"]:
        return OrderState.CALLED_BACK
    if values["closed_at"]:
        return OrderState.CLOSED
    if values["return_ground"] and not values["received_at"]:
        return OrderState.RETURN_ASKED
    if values["received_at"]:
        return OrderState.HANDLING if values["result"] else OrderState.RECEIVED
    return OrderState.DISPATCHED if values["dispatched_at"] else OrderState.REGISTERED


def _place(values: Mapping[str, Any], context: Context) -> uuid.UUID:
    """The compound or community; else that whose unit has it; else the street, which is said."""
    named = values["compound"] or values["community"]
    if named is None and values["unit"]:
        own = context.names.find(values["unit"][0].name, [Kind.COMMUNITY], day=context.day)
        named = own[0] if len(own) == 1 else None
    if isinstance(named, Named):
        return named.id
    context.note(
        "unit",
        "place_open",
        _("Which community it is about is not said: these orders stand with the street."),
    )
    street: uuid.UUID = context.street.pk
    return street


def _answer(values: Mapping[str, Any], context: Context) -> tuple[str, str]:
    """The result and the answer: words of the unit’s own are its answer, and no result."""
    found = values["result"]
    if found in _RESULTS.words:
        return found, values["answer"]
    if found and values["closed_at"]:
        context.note(
            "result",
            "result_open",
            _(
                "Results in the unit’s own words are kept as its answer; whether it was solved is "
                "only known where it says so."
            ),
        )
    return "", "\n".join(part for part in (found, values["answer"]) if part)


def _order(values: Mapping[str, Any], context: Context) -> WorkOrder:
    _check_what_is_missing(values)
    _check_order_of_days(values)
    dispatched = values["dispatched_at"] and _begin(values["dispatched_at"])
    if values["registered_at"]:
        registered = _begin(values["registered_at"])
        if not isinstance(values["dispatched_at"], datetime) and dispatched:
            dispatched = max(dispatched, registered)
    else:
        registered = dispatched
        context.note(
            "dispatched_at",
            "registered_when_dispatched",
            _("When it was registered is not said: it counts from when it was dispatched."),
        )
    received = values["received_at"] and _begin(values["received_at"], dispatched)
    closed = values["closed_at"] and _begin(
        values["closed_at"], received or dispatched or registered
    )
    result, answer = _answer(values, context)
    order = WorkOrder(
        street=context.street,
        place_id=_place(values, context),
        order_no=values["order_no"],
        channel=values["channel"] or WorkOrder.Channel.HOTLINE,
        kind=values["kind"] or WorkOrder.Kind.HELP,
        category=_category(values, context),
        level=values["level"] or WorkOrder.Level.ORDINARY,
        text=values["text"],
        registered_at=registered,
        dispatched_at=dispatched,
        received_at=received,
        unit_id=_leading_unit(values, context),
        due_at=_end(values["due_at"]),
        extension_until=_end(values["extension_until"]),
        closed_at=closed,
        result=result,
        answer=answer,
        called_back_on=values["called_back_on"],
        was_reached=_was_reached(values),
        solved=values["solved"],
        satisfied=values["satisfied"],
        is_repeat=values["is_repeat"],
        return_ground=values["return_ground"],
        state=_state(values),
        **{code: values[code] for code in _PERSONAL},
    )
    if order.return_ground:
        order.return_asked_unit_id = order.unit_id
    return _with_clocks(order, values, context)


def _with_clocks(order: WorkOrder, values: Mapping[str, Any], context: Context) -> WorkOrder:
    try:
        actions.count_clocks(order, today=context.today)
    except CalendarMissing as missing:
        raise CellProblem(
            "calendar_missing",
            _("The calendar of %(year)s is not in the house, so nothing can be counted by it.")
            % {"year": missing.year},
            column="dispatched_at" if values["dispatched_at"] else "registered_at",
        ) from missing
    told = values["closed_at"]
    if told and not isinstance(told, datetime) and order.due_at and order.due_on == told:
        # closed at some hour of the very day on which an hour was the limit: nobody knows
        order.was_on_time = True if _as_told(order.due_at) == told else None
    return order


def _category(values: Mapping[str, Any], context: Context) -> str:
    found: str = values["category"]
    if not found:
        context.note(
            "text",
            "category_open",
            _(
                "The category is not said: these orders are entered under “other”. "
                "A column 类别 would say it."
            ),
        )
    return found or "other"


def _leading_unit(values: Mapping[str, Any], context: Context) -> uuid.UUID | None:
    """Of several units the first leads. The others are told, since they are not entered."""
    units = values["unit"]
    if len(units) > 1:
        context.note(
            "unit",
            "first_leads",
            _("Of several units the first leads; the others are not entered: %(units)s.")
            % {"units": "、".join(unit.name for unit in units[1:])},
        )
    return units[0].id if units else None


def _was_reached(values: Mapping[str, Any]) -> bool | None:
    said = {values["solved"], values["satisfied"]} - {"", "no_answer"}
    return True if values["was_reached"] is None and said else values["was_reached"]


# The ledger


@dataclass(frozen=True, eq=False)
class OrderLedger(Ledger):
    """A row is the order of its number: the hotline’s, or where there is none our own."""

    def held_by_number(self, street: Street, numbers: Iterable[str]) -> dict[str, Any]:
        standing = self.prepare(WorkOrder.objects.standing().filter(street=street))
        wanted = sorted(numbers)
        found: dict[str, Any] = {}
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            for order in standing.filter(number__in=some):
                found[order.number] = order
            for order in standing.filter(order_no__in=some):
                found[as_number(order.order_no)] = order
        return found

    def held_like(self, street: Street, built: Sequence[Any]) -> list[Any]:
        numbered = {order.order_no for order in built} - {""}
        held = list(self.held_by_number(street, numbered).values())
        days = [order.happened_on for order in built if not order.order_no]
        if days:
            standing = self.prepare(WorkOrder.objects.standing().filter(street=street))
            held += standing.filter(order_no="", happened_on__range=(min(days), max(days)))
        return held


def _key(order: WorkOrder, _context: Context) -> Hashable:
    """Its number; without one, the same words dispatched (or registered) at the same time."""
    if order.order_no:
        return as_number(order.order_no)
    return folded(order.text), _minute(order.dispatched_at or order.registered_at)


def _as_unit(order: WorkOrder, context: Context) -> list[Any]:
    found = context.names.unit_by_id.get(order.unit_id) if order.unit_id else None
    return [found] if found else []


def _first_limit(order: WorkOrder, _context: Context) -> Any:
    if order.extension_decision != Decision.AGREED or order.dispatched_at is None:
        return order.due_at
    return ByRule(actions.clock("handling", order.dispatched_at, order.level, order.category).at)


def _extended_to(order: WorkOrder, _context: Context) -> datetime | None:
    return order.extension_until if order.extension_decision == Decision.AGREED else None


def _community(order: WorkOrder, context: Context) -> Named | None:
    return context.names.above(order.place_id, Kind.COMMUNITY, order.happened_on)


def _compound(order: WorkOrder, context: Context) -> Named | None:
    return context.names.above(order.place_id, Kind.COMPOUND, order.happened_on)


def _unofficial(code: str, header: str, kind: Any, *aliases: str, **more: Any) -> Column:
    return Column(code, header, kind, aliases, is_official=False, **more)


_PERSONAL = ("contact_name", "contact", "where_exactly")

ORDERS = OrderLedger(
    code="work_orders",
    title="12345工单台账",
    line="requests",
    model=WorkOrder,
    columns=(
        Column("sequence", "序号", RunningNumber()),
        Column(
            "order_no",
            "工单编号",
            OrderNumber(40),
            ("编号", "工单号", "受理编号", "热线编号", "流水号", "工单编码"),
            get=lambda order, _context: order.order_no or order.number,
        ),
        Column("channel", "来源", _CHANNELS, ("诉求来源", "工单来源", "来源渠道", "受理渠道")),
        Column("kind", "诉求类型", _KINDS, ("工单类型", "诉求性质")),
        Column(
            "text",
            "诉求内容",
            Text(),
            ("内容", "诉求", "反映内容", "反映问题", "工单内容", "主要内容", "问题描述"),
            is_required=True,
        ),
        Column(
            "dispatched_at",
            "派单时间",
            Clocked(is_past=True),
            ("派发时间", "派单日期", "转办时间", "交办时间"),
        ),
        Column("received_at", "签收时间", Clocked(is_past=True), ("签收日期", "接单时间")),
        Column(
            "unit",
            "承办单位",
            UnitNamed(),
            ("办理单位", "责任单位", "主办单位", "承办部门", "承办科室"),
            has_many=True,
            get=_as_unit,
        ),
        Column(
            "due_at",
            "办理期限",
            FirstLimit(),
            ("办理时限", "办结时限", "截止时间", "要求办结时间"),
            get=_first_limit,
        ),
        Column("extension_until", "延期至", Clocked(), ("延期时间", "延期时限"), get=_extended_to),
        Column("closed_at", "办结时间", Clocked(is_past=True), ("办结日期", "结案时间")),
        Column(
            "result",
            "办理结果",
            _RESULTS,
            ("结果", "办理情况", "处理结果"),
            get=lambda order, _context: order.result or order.answer,
        ),
        Column("called_back_on", "回访时间", Day(is_past=True), ("回访日期",)),
        Column("was_reached", "是否联系", YesNo(), ("是否联系上", "是否接通")),
        Column("solved", "是否解决", _SOLVED, ("解决情况", "是否已解决")),
        Column("satisfied", "是否满意", _SATISFIED, ("满意度", "满意情况", "群众评价", "评价")),
        Column("is_repeat", "是否重复", YesNo(empty=False), ("重复件", "是否重复件")),
        Column("return_ground", "退单原因", _GROUNDS, ("退件原因", "退回原因", "退单理由")),
        _unofficial(
            "registered_at",
            "登记时间",
            Clocked(is_past=True),
            "受理时间",
            "来电时间",
            "诉求时间",
            "反映时间",
        ),
        _unofficial("category", "类别", _CATEGORIES, "问题类别", "诉求类别", "问题类型"),
        _unofficial("level", "工单等级", _LEVELS, "等级", "紧急程度"),
        _unofficial(
            "community",
            "社区",
            PlaceNamed(Kind.COMMUNITY, Kind.STREET),
            "所属社区",
            "所在社区",
            "社区名称",
            get=_community,
        ),
        _unofficial(
            "compound",
            "所在小区",
            PlaceNamed(Kind.COMPOUND, Kind.GRID, Kind.BUILDING, within="community"),
            "小区",
            "所属小区",
            "小区名称",
            "网格",
            get=_compound,
        ),
        _unofficial("answer", "答复内容", Text(), "答复", "回复内容", "答复意见"),
        _unofficial("contact_name", "联系人", Personal(40), "来电人", "诉求人", "反映人", "姓名"),
        _unofficial("contact", "联系电话", Personal(80), "来电号码", "联系方式", "电话"),
        _unofficial("where_exactly", "详细地址", Personal(120), "地址", "事发地点", "诉求地址"),
    ),
    build=_order,
    key=_key,
    enter=actions.enter_orders,
    day="dispatched_at",
    own_number="order_no",
)
_HEADERS = {column.code: column.header for column in ORDERS.columns}


# Returns


def _only_out(_values: Mapping[str, Any], _context: Context) -> WorkOrder:
    raise CellProblem(
        "only_out",
        _("Returns are asked for and decided on the order itself; this ledger is only taken out."),
        column="number",
    )


def _returned(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    return orders.filter(~Q(return_ground=""))


def _asking_unit(order: WorkOrder, context: Context) -> Any:
    return context.names.unit_by_id.get(order.return_asked_unit_id or order.unit_id)  # type: ignore[arg-type]  # None is nobody's


def _derived(code: str, header: str, kind: Any, **more: Any) -> Column:
    return Column(code, header, kind, is_derived=True, **more)


RETURNS = Ledger(
    code="returns",
    title="退单台账",
    line="requests",
    model=WorkOrder,
    columns=(
        Column("sequence", "序号", RunningNumber()),
        _derived("number", "编号", Text(40)),
        _derived("order_no", "工单编号", OrderNumber(40)),
        _derived("text", "诉求内容", Text()),
        _derived("return_asked_unit", "申请退单单位", UnitNamed(), get=_asking_unit),
        _derived("return_ground", "退单原因", _GROUNDS),
        _derived("return_citation", "退单依据", Text(200)),
        _derived("return_asked_on", "申请退单日期", Day()),
        _derived("return_decision", "审定结果", _DECISIONS),
        _derived("return_decided_on", "审定日期", Day()),
    ),
    build=_only_out,
    key=lambda order, _context: order.number,
    enter=actions.enter_orders,
    prepare=_returned,
)

LEDGERS = (ORDERS, RETURNS)


# What programs enter and read back


def _sent(values: Mapping[str, Any], context: Context) -> WorkOrder:
    facts = {code: value for code, value in values.items() if value}
    moment = facts.pop("registered_at", None)
    registered = _begin(moment) if moment else timezone.now()
    order = WorkOrder(
        **{"street": context.street, "channel": WorkOrder.Channel.PROGRAM}
        | facts
        | {"registered_at": registered}
    )
    order.happened_on = local_day(registered)
    return order


def _register(orders: Sequence[WorkOrder], *, actor: User, today: date) -> None:
    """All of them or none. `today` is not asked: what is registered has its own moment."""
    actions.raise_orders(orders, actor=actor, now=timezone.now())


_WRITTEN = ORDERS.headers.columns

INTAKES = (
    Intake(
        code="orders",
        line="requests",
        model=WorkOrder,
        columns=(
            _WRITTEN["registered_at"],
            _WRITTEN["text"],
            Column("category", "类别", _CATEGORIES, is_required=True),
            _WRITTEN["kind"],
            _WRITTEN["level"],
            _WRITTEN["channel"],
            Column("order_no", "工单编号", OrderNumber(40)),
            _WRITTEN["where_exactly"],
            _WRITTEN["contact_name"],
            _WRITTEN["contact"],
        ),
        shown=(
            Column("unit", "承办单位", UnitNamed()),
            Column("promised_at", "答复期限", Moment()),
            *(_WRITTEN[code] for code in ("dispatched_at", "received_at")),
            Column("due_at", "办理期限", Moment()),
            *(_WRITTEN[code] for code in ("closed_at", "called_back_on", "solved", "satisfied")),
            Column("result", "办理结果", _RESULTS),
        ),
        build=_sent,
        enter=_register,
        day="registered_at",
    ),
)
