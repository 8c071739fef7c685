"""Enters the made-up orders through the line's own actions, each at the moment it happened.

The lives of the orders run side by side: each goes on at its next moment, and what would come after
the present does not happen, so that those orders are open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any, TypeVar

from django.utils import timezone

from fenghuang.demo.books import DemoBooks, Progress
from fenghuang.demo.orders import DemoOrder
from fenghuang.kernel.records.actions import purge_personal
from fenghuang.kernel.records.models import local_day

from ..actions import orders as actions
from ..models import WorkOrder

Ended = TypeVar("Ended")
#: Yields the moments at which an order's life goes on; returns what that part of it ends with.
Life = Generator[datetime, None, Ended]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HELD_FOR = 75 * DAY


def enter(books: DemoBooks, progress: Progress) -> None:
    """All orders of the made-up year, and those of the last days as far as they have come.

    At the end contact data whose day has come are erased, as on every night: those of the year are
    gone, with a receipt in the journal; those of the last days stand.
    """
    now = timezone.now()
    for told in (books.year.orders, books.year.orders_lately):
        _live(_Orders(books, now, told), progress)
    for _erased in purge_personal(local_day(now), actor=books.staff["centre"]):
        pass


def _live(orders: _Orders, progress: Progress) -> None:
    """Let each order live until the present, always the one that comes next in time."""
    lives = [(one.raised_at, one.key, orders.life(one)) for one in orders.told]
    heapify(lives)
    done = 0
    while lives:
        moment, key, life = heappop(lives)
        following = next(life, None) if moment <= orders.now else None
        if following is not None:
            heappush(lives, (max(moment, following), key, life))
            continue
        done += 1
        if done % 20 == 0 or not lives:
            progress("工单", done, len(orders.told))


@dataclass
class _Orders:
    books: DemoBooks
    now: datetime
    told: tuple[DemoOrder, ...]
    orders: dict[int, WorkOrder] = field(default_factory=dict)
    #: By the order under which their matter is handled: those merged into it.
    waiting: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.centre = self.books.staff["centre"]
        self.caller = self.books.staff["caller"]
        self.leader = self.books.staff["leader"]
        self.checker = self.books.staff["checker"]
        for one in self.told:
            if one.merged_into is not None:
                self.waiting[one.merged_into].append(one.key)

    def life(self, told: DemoOrder) -> Life[None]:
        """Raised, then whatever its end asks for. Each act begins at the moment yielded last."""
        now = told.raised_at
        order = self.orders[told.key] = self.raised(told)
        now += 20 * MINUTE
        yield now
        match told.end:
            case "not_accepted":
                answer = {"turn_to": "司法所或者人民法院", "answer": told.answer}
                ground = WorkOrder.RefusalGround.PRIVATE
                actions.not_accept(order, actor=self.centre, now=now, ground=ground, **answer)
                return
            case "redirected":
                turn_to = {"turn_to": "区级主管部门受理窗口", "answer": told.answer}
                actions.redirect(order, actor=self.centre, now=now, **turn_to)
                return
            case "answered":
                actions.answer(order, actor=self.centre, now=now, answer=told.answer)
                yield from self.called(told, now + DAY)
                return
        actions.accept(order, actor=self.centre, now=now)
        now += 20 * MINUTE
        yield now
        if told.merged_into is not None:
            into = self.orders[told.merged_into]
            actions.merge(order, actor=self.centre, now=now, into=into)
            if order.closed_at is not None:
                yield from self.called(told, now + DAY)
            return
        filed = {"kind": told.kind, "category": told.category, "level": told.level}
        actions.file(order, actor=self.centre, now=now, **filed)
        yield from self.handled(told, order, now + 10 * MINUTE)

    def raised(self, told: DemoOrder) -> WorkOrder:
        new = WorkOrder(
            street=self.books.street,
            place=self.books.finest(told.building, told.compound, told.grid, told.community),
            channel=told.channel,
            kind=told.kind,
            level=told.level,
            category=told.category,
            text=told.text,
            registered_at=told.raised_at,
            contact=told.contact,
            contact_name=told.contact_name,
        )
        if told.channel == WorkOrder.Channel.WEB:
            return actions.raise_publicly(new, now=told.raised_at)
        at_office = told.channel in (WorkOrder.Channel.HOTLINE, WorkOrder.Channel.PHONE)
        actor = self.centre if at_office else self.books.staff[told.community]
        return actions.raise_order(new, actor=actor, now=told.raised_at)

    # --- by the unit

    def handled(self, told: DemoOrder, order: WorkOrder, now: datetime) -> Life[None]:
        """Dispatched, returned where that befalls it, handled, closed, called back."""
        yield now
        if "returned" in told.befalls:
            now = yield from self.sent_back(order, now)
            yield now
        unit = self.books.units[told.unit]
        actions.dispatch(order, actor=self.centre, now=now, unit=unit, handler=self.handler(told))
        now = yield from self.worked_on(told, order, now)
        if "reopened" in told.befalls and not order.reopened:
            said = {"solved": "no", "satisfied": "not"}
            now += DAY
            yield now
            actions.call_back(order, actor=self.caller, now=now, **said)
            now += HOUR
            yield now
            reason = "回访时诉求人说没有解决，现场看属实"
            actions.reopen(order, actor=self.centre, now=now, reason=reason)
            yield from self.handled(told, order, now + HOUR)
            return
        yield from self.called(told, now + DAY)
        for key in self.waiting[told.key]:
            if key in self.orders and self.orders[key].state == "merged":
                self.orders[key].refresh_from_db()
                yield from self.called(self.told[key], now + DAY)

    def handler(self, told: DemoOrder) -> Any:
        """A department's own person, or the worker of the community."""
        of_community = told.unit not in (
            "城建办",
            "平安办",
            "应急办",
            "社会事务办",
            "经发办",
            "党政办",
        )
        return self.books.staff[f"{told.community}/worker" if of_community else "department"]

    def sent_back(self, order: WorkOrder, now: datetime) -> Life[datetime]:
        """A unit to which it does not belong gets it first, and the centre agrees."""
        wrong = self.books.units["经发办"]
        actions.dispatch(order, actor=self.centre, now=now, unit=wrong)
        now += 2 * HOUR
        yield now
        self.ask_return(order, now)
        now += HOUR
        yield now
        actions.agree_return(order, actor=self.centre, now=now)
        return now + HOUR

    def ask_return(self, order: WorkOrder, now: datetime) -> None:
        actions.ask_return(
            order,
            actor=self.books.staff["department"],
            now=now,
            ground=WorkOrder.ReturnGround.NOT_OUR_DUTY,
            citation="街道权责清单（2020年版）",
            reason="不属于本单位职责清单所列事项",
        )

    def worked_on(self, told: DemoOrder, order: WorkOrder, now: datetime) -> Life[datetime]:
        """From the dispatch to the closing; answers the moment of closing."""
        handler, befalls = self.handler(told), told.befalls
        assert order.due_at is not None
        began, allowed = now, order.due_at - now
        now += min(HOUR, allowed / 20)
        yield now
        if "kept" in befalls:
            self.ask_return(order, now)
            now += HOUR
            yield now
            reason = "职责清单第十二项列明，由你单位办理"
            actions.refuse_return(order, actor=self.centre, now=now, reason=reason)
        else:
            actions.receive(order, actor=handler, now=now)
        is_slow = told.key % 23 == 0
        now += 27 * HOUR if is_slow else min(2 * HOUR, allowed / 10)
        yield now
        actions.contact(order, actor=handler, now=now, note="已电话联系诉求人，约定上门查看")
        now += min(HOUR, allowed / 20)
        yield now
        if befalls & {"extended", "not_extended"}:
            now = yield from self.asked_for_time(told, order, now)
            yield now
        if "held" in befalls:
            cause = "需列入年度整治项目，资金和施工季节未到"
            actions.hold(order, actor=self.leader, now=now, cause=cause)
            now += HELD_FOR
            yield now
            actions.resume(order, actor=self.leader, now=now, reason="项目已开工，恢复办理")
        share = 1.3 if "late" in befalls else told.share
        now = max(now + min(HOUR, allowed / 20), began + allowed * share)
        yield now
        result = WorkOrder.Result.PARTLY if told.solved == "partly" else WorkOrder.Result.SOLVED
        actions.submit(order, actor=handler, now=now, result=result, answer=told.answer)
        now += allowed / 50
        yield now
        actions.verify(order, actor=self.checker, now=now, finding="现场查看属实")
        now += allowed / 50
        yield now
        actions.close(order, actor=self.centre, now=now)
        return now

    def asked_for_time(self, told: DemoOrder, order: WorkOrder, now: datetime) -> Life[datetime]:
        assert order.due_at is not None
        until = local_day(order.due_at) + 2 * DAY
        reason = "配件需从厂家调货"
        handler = self.handler(told)
        actions.ask_extension(order, actor=handler, now=now, until=until, reason=reason)
        now += 2 * HOUR
        yield now
        if "extended" in told.befalls:
            how = "已电话告知诉求人延期原因和日期"
            actions.grant_extension(order, actor=self.centre, now=now, told=how)
        else:
            reason = "配件有库存，按原期限办理"
            actions.refuse_extension(order, actor=self.centre, now=now, reason=reason)
        return now + HOUR

    # --- asked, and left out

    def called(self, told: DemoOrder, now: datetime) -> Life[None]:
        """Called back; where nobody answers, three times on two days. Then signed for."""
        order = self.orders[told.key]
        yield now
        if not told.solved:
            for wait in (HOUR, DAY, HOUR):
                actions.record_try(order, actor=self.caller, now=now, note="无人接听")
                now += wait
                yield now
            actions.end_calling(order, actor=self.caller, now=now)
            return
        said = {"solved": told.solved, "satisfied": told.satisfied}
        actions.call_back(order, actor=self.caller, now=now, **said)
        now += HOUR
        yield now
        if told.befalls & {"excluded", "not_excluded"}:
            ground, reason = WorkOrder.ExclusionGround.UNREASONABLE, "要求超出法规允许的范围"
            asks = self.handler(told)
            actions.ask_exclusion(order, actor=asks, now=now, ground=ground, reason=reason)
            if "excluded" in told.befalls:
                actions.grant_exclusion(order, actor=self.caller, now=now)
            else:
                why = "诉求合理，计入考核"
                actions.refuse_exclusion(order, actor=self.caller, now=now, reason=why)
        elif told.end == "handled" and told.solved == "yes":
            actions.strike_off(order, actor=self.checker, now=now)
