"""What the line counts of work orders.

The three rates rest on valid callbacks and on due cases, never on all cases closed. A merged order
counts as one order, and its appellant's callback as one callback; on hold is open. What is left out
of a rate is counted by a condition of its own, so that a screen can show it beside the rate.
"""

from __future__ import annotations

from fenghuang.indicators.conditions import NOW, where
from fenghuang.indicators.language import Count, Ratio
from fenghuang.indicators.periods import FLOW, STOCK
from fenghuang.indicators.registry import register

from ..models import WorkOrder

OWNER = "综治中心"

#: Pointed to the statutory way (转法定途径), whether or not it lies in the archive by now.
REDIRECTED = where(refusal_ground="", closed_on__isnull=True) & where(
    state__in=("redirected", "archived")
)
NOT_ACCEPTED = ~where(refusal_ground="")
WITH_UNIT = where(dispatched_at__isnull=False)
#: Decided by the closing, or late without it: neither can become better any more.
DUE = WITH_UNIT & (where(closed_on__isnull=False) | where(due_at__lt=NOW))
DUE_TO_RESPOND = WITH_UNIT & (where(contacted_at__isnull=False) | where(response_due_at__lt=NOW))

REACHED = where(was_reached=True)
IN_RATES = REACHED & where(is_excluded=False)
SAYS_IF_SOLVED = where(solved__in=("yes", "partly", "no"))
SAYS_IF_SATISFIED = where(satisfied__in=("very", "satisfied", "basically", "not", "very_not"))

# What the rates of callbacks leave out; each callback is left out for one of these.
UNREACHED = where(was_reached=False, is_excluded=False)
EXCLUDED = where(is_excluded=True)
SAID_NOTHING_OF_SOLVED = IN_RATES & ~SAYS_IF_SOLVED
SAID_NOTHING_OF_SATISFIED = IN_RATES & ~SAYS_IF_SATISFIED

received = Count(
    "CASE.RECEIVED",
    of=WorkOrder,
    period=FLOW,
    dated="happened_on",
    when=where(refusal_ground=""),
    source="本系统口径：期内登记的工单，不予受理的另计；并案的每件各计一件",
    owner=OWNER,
    cases="""
    | happened_on | state        | counts |
    | 2021-01-01  | registered   | yes    |
    | 2021-12-31  | archived     | yes    |
    | 2021-06-01  | merged       | yes    |
    | 2021-06-01  | redirected   | yes    |
    | 2021-06-01  | not_accepted | no     |
    | 2020-12-31  | closed       | no     |
    """,
)
dispatched = Count(
    "CASE.DISPATCHED",
    of=WorkOrder,
    period=FLOW,
    dated="dispatched_on",
    when=WITH_UNIT,
    source="本系统口径：期内派遣；改派或重办的按最后一次派遣计一件，中心直接答复的不计",
    owner=OWNER,
    cases="""
    | happened_on | state      | dispatched_on | counts |
    | 2021-05-01  | dispatched | 2021-05-03    | yes    |
    | 2020-12-31  | closed     | 2021-01-01    | yes    |
    | 2021-12-31  | on_hold    | 2022-01-01    | no     |
    | 2021-05-01  | filed      | 2021-05-02    | no     |
    | 2021-05-01  | accepted   |               | no     |
    """,
)
closed = Count(
    "CASE.CLOSED",
    of=WorkOrder,
    period=FLOW,
    dated="closed_on",
    source="本系统口径：期内结案，含中心直接答复的；挂账不是结案",
    owner=OWNER,
    cases="""
    | happened_on | state     | closed_on  | counts |
    | 2020-12-30  | closed    | 2021-01-01 | yes    |
    | 2021-12-01  | archived  | 2021-12-31 | yes    |
    | 2021-12-31  | closed    | 2022-01-01 | no     |
    | 2021-06-01  | on_hold   |            | no     |
    | 2021-06-01  | submitted |            | no     |
    """,
)
responded = Ratio(
    "CASE.RSP",
    of=WorkOrder,
    period=FLOW,
    dated="response_due_on",
    when=DUE_TO_RESPOND,
    hits=where(was_response_on_time=True),
    source="接诉即办“响应率”：响应时限在期内届满的工单中，时限内联系了诉求人的占比",
    owner=OWNER,
    cases="""
    |state   |response_due_on|response_due_at |contacted_at    |was_response_on_time|counts|
    |closed  |2021-06-02     |2021-06-02T09+08|2021-06-01T15+08|True                |hit   |
    |on_hold |2021-06-02     |2021-06-02T09+08|2021-06-01T10+08|True                |hit   |
    |closed  |2021-06-02     |2021-06-02T09+08|2021-06-03T15+08|False               |yes   |
    |received|2021-06-02     |2021-06-02T09+08|                |                    |yes   |
    |received|2022-01-01     |2022-01-01T09+08|2021-12-31T10+08|True                |no    |
    |filed   |               |                |                |                    |no    |
    = 50.0
    """,
)
solved = Ratio(
    "CASE.RES",
    of=WorkOrder,
    period=FLOW,
    dated="called_back_on",
    when=IN_RATES & SAYS_IF_SOLVED,
    hits=where(solved="yes"),
    source="接诉即办“解决率”：有效回访中答“已解决”的占比；未联系上、未表态和批准剔除的另列",
    owner=OWNER,
    cases="""
    |state      |called_back_on|was_reached|solved   |is_excluded|exclusion_ground|counts|
    |called_back|2021-06-01    |True       |yes      |           |                |hit   |
    |archived   |2021-12-31    |True       |yes      |           |                |hit   |
    |called_back|2021-06-01    |True       |partly   |           |                |yes   |
    |struck_off |2021-06-01    |True       |no       |           |                |yes   |
    |called_back|2021-06-01    |True       |no_answer|           |                |no    |
    |called_back|2021-06-01    |False      |         |           |                |no    |
    |called_back|2021-06-01    |True       |no       |True       |facts           |no    |
    |closed     |              |           |         |           |                |no    |
    |called_back|2022-01-01    |True       |yes      |           |                |no    |
    = 50.0
    """,
)
satisfied = Ratio(
    "CASE.SAT",
    of=WorkOrder,
    period=FLOW,
    dated="called_back_on",
    when=IN_RATES & SAYS_IF_SATISFIED,
    hits=where(satisfied__in=("very", "satisfied", "basically")),
    source="接诉即办“满意率”：有效回访中非常满意、满意、基本满意的占比（好差评前三级）；"
    "未联系上、未表态和批准剔除的另列",
    owner=OWNER,
    cases="""
    |state      |called_back_on|was_reached|satisfied|is_excluded|exclusion_ground|counts|
    |called_back|2021-06-01    |True       |very     |           |                |hit   |
    |called_back|2021-06-01    |True       |satisfied|           |                |hit   |
    |called_back|2021-06-01    |True       |basically|           |                |hit   |
    |called_back|2021-06-01    |True       |not      |           |                |yes   |
    |struck_off |2021-06-01    |True       |very_not |           |                |yes   |
    |called_back|2021-06-01    |True       |no_answer|           |                |no    |
    |called_back|2021-06-01    |False      |         |           |                |no    |
    |called_back|2021-06-01    |True       |very_not |True       |unreasonable    |no    |
    |called_back|2020-12-31    |True       |very     |           |                |no    |
    = 60.0
    """,
)
closed_rate = Ratio(
    "CASE.CLOSED_RATE",
    of=WorkOrder,
    period=FLOW,
    dated="dispatched_on",
    when=WITH_UNIT,
    hits=where(closed_on__isnull=False),
    source="本系统口径：期内派遣的工单中已结案的占比；挂账算未结案",
    owner=OWNER,
    cases="""
    | happened_on | state    | closed_on  | counts |
    | 2021-05-01  | closed   | 2021-05-04 | hit    |
    | 2021-12-31  | closed   | 2022-01-04 | hit    |
    | 2021-05-01  | on_hold  |            | yes    |
    | 2021-05-01  | handling |            | yes    |
    | 2021-05-01  | accepted |            | no     |
    | 2022-01-01  | closed   | 2022-01-02 | no     |
    = 50.0
    """,
)
on_time_rate = Ratio(
    "CASE.ONTIME_RATE",
    of=WorkOrder,
    period=FLOW,
    dated="due_on",
    when=DUE,
    hits=where(was_on_time=True),
    source="本系统口径：期限在期内的工单中，按时结案数 ÷（已结案数 + 超期未结数）；挂账不停表",
    owner=OWNER,
    cases="""
    | state    | due_on     | due_at           | closed_on  | was_on_time | counts |
    | closed   | 2021-06-08 | 2021-06-08T09+08 | 2021-06-07 | True        | hit    |
    | archived | 2021-06-08 | 2021-06-08T09+08 | 2021-06-08 | True        | hit    |
    | closed   | 2021-12-31 | 2021-12-31T09+08 | 2022-01-05 | False       | yes    |
    | on_hold  | 2021-06-08 | 2021-06-08T09+08 |            |             | yes    |
    | closed   | 2022-01-01 | 2022-01-01T09+08 | 2021-12-31 | True        | no     |
    | accepted |            |                  |            |             | no     |
    = 50.0
    """,
)
first_time_rate = Ratio(
    "CASE.FIRST_TIME_RATE",
    of=WorkOrder,
    period=FLOW,
    dated="called_back_on",
    when=IN_RATES & SAYS_IF_SOLVED,
    hits=where(solved="yes", reopened=0, is_repeat=False),
    source="本系统口径：有效回访中答“已解决”、且未重办也非重复诉求的占比",
    owner=OWNER,
    cases="""
    | state       | called_back_on | was_reached | solved | reopened | is_repeat | counts |
    | called_back | 2021-06-01     | True        | yes    | 0        |           | hit    |
    | called_back | 2021-06-01     | True        | yes    | 1        |           | yes    |
    | called_back | 2021-06-01     | True        | yes    | 0        | True      | yes    |
    | called_back | 2021-06-01     | True        | no     | 0        |           | yes    |
    | called_back | 2021-06-01     | False       |        | 0        |           | no     |
    = 25.0
    """,
)
return_rate = Ratio(
    "CASE.RETURN_RATE",
    of=WorkOrder,
    period=FLOW,
    dated="dispatched_on",
    hits=where(return_decision="agreed"),
    source="本系统口径：期内派遣的工单中，中心同意退回的占比；申请未获同意的不算退单",
    owner=OWNER,
    cases="""
    | happened_on | state      | dispatched_on | return_decision | counts |
    | 2021-05-01  | dispatched | 2021-05-02    | agreed          | hit    |
    | 2021-05-01  | filed      | 2021-05-02    | agreed          | hit    |
    | 2021-05-01  | closed     | 2021-05-02    | refused         | yes    |
    | 2021-05-01  | closed     | 2021-05-02    |                 | yes    |
    | 2021-05-01  | registered |               |                 | no     |
    | 2020-12-31  | closed     | 2020-12-31    | agreed          | no     |
    = 50.0
    """,
)
repeat_rate = Ratio(
    "CASE.REPEAT_RATE",
    of=WorkOrder,
    period=FLOW,
    dated="happened_on",
    when=where(refusal_ground="") & ~REDIRECTED,
    hits=where(is_repeat=True),
    source="本系统口径：有效工单（不含不予受理和转法定途径）中，同一联系方式 30 日内重复提出的占比",
    owner=OWNER,
    cases="""
    | happened_on | state        | is_repeat | counts |
    | 2021-05-01  | merged       | True      | hit    |
    | 2021-05-01  | merged       |           | yes    |
    | 2021-05-01  | closed       |           | yes    |
    | 2021-05-01  | registered   |           | yes    |
    | 2021-05-01  | not_accepted |           | no     |
    | 2021-05-01  | redirected   |           | no     |
    | 2021-05-01  | archived     |           | no     |
    | 2022-01-01  | merged       | True      | no     |
    = 25.0
    """,
)
overdue = Count(
    "CASE.OVERDUE",
    of=WorkOrder,
    period=STOCK,
    dated="due_on",
    until="closed_on",
    when=WITH_UNIT & where(due_at__lt=NOW),
    source="本系统口径：期末已过办理期限而未结案的工单，挂账的也算；重办的按重新派遣的期限",
    owner=OWNER,
    cases="""
    | happened_on | state    | due_on     | due_at           | closed_on  | counts |
    | 2021-06-01  | handling | 2021-06-08 | 2021-06-08T09+08 |            | yes    |
    | 2021-06-01  | on_hold  | 2021-06-08 | 2021-06-08T09+08 |            | yes    |
    | 2021-12-20  | closed   | 2021-12-31 | 2021-12-31T17+08 | 2022-01-02 | yes    |
    | 2021-06-01  | closed   | 2021-06-08 | 2021-06-08T09+08 | 2021-12-31 | no     |
    | 2021-12-30  | handling | 2022-01-01 | 2022-01-01T09+08 |            | no     |
    """,
)
on_hold = Count(
    "CASE.ONHOLD",
    of=WorkOrder,
    period=STOCK,
    dated="held_on",
    until="hold_ended_on",
    source="本系统口径：期末仍在挂账的工单；再次挂账的按最近一次",
    owner=OWNER,
    cases="""
    | happened_on | state    | held_on    | hold_ended_on | counts |
    | 2021-05-01  | on_hold  | 2021-05-05 |               | yes    |
    | 2021-05-01  | closed   | 2021-05-05 | 2022-01-01    | yes    |
    | 2021-05-01  | handling | 2021-05-05 | 2021-12-31    | no     |
    | 2021-12-01  | on_hold  | 2022-01-01 |               | no     |
    | 2021-12-01  | handling |            |               | no     |
    """,
)

register(
    received,
    dispatched,
    closed,
    responded,
    solved,
    satisfied,
    closed_rate,
    on_time_rate,
    first_time_rate,
    return_rate,
    repeat_rate,
    overdue,
    on_hold,
)
