"""What the line counts, beside the records it counts."""

from __future__ import annotations

from fenghuang.indicators.conditions import where
from fenghuang.indicators.language import Count, Distinct, Ratio, Sum
from fenghuang.indicators.periods import FLOW
from fenghuang.indicators.registry import register

from ..models import Meeting, Problem, ProjectItem, SmallMatter

OWNER = "综治中心"

sessions = Count(
    "MTG.SESSIONS",
    of=Meeting,
    period=FLOW,
    dated="happened_on",
    when=where(state="held"),
    source="本系统口径：已召开的场次，一时一地一次为一场",
    owner=OWNER,
    cases="""
    | happened_on | state     | voided_at            | counts |
    | 2021-01-01  | held      |                      | yes    |
    | 2021-12-31  | held      |                      | yes    |
    | 2022-01-01  | held      |                      | no     |
    | 2021-06-01  | planned   |                      | no     |
    | 2021-06-01  | cancelled |                      | no     |
    | 2021-06-01  | held      | 2021-06-02 08:00+0800 | no    |
    """,
)
attendances = Sum(
    "MTG.ATTENDANCES",
    of=Meeting,
    period=FLOW,
    dated="happened_on",
    when=where(state="held"),
    adds="attendances",
    source="本系统口径：各场参会人次相加，一人参加三场计三人次",
    owner=OWNER,
    cases="""
    | happened_on | state   | attendances | counts |
    | 2021-03-01  | held    | 30          | yes    |
    | 2021-04-01  | held    | 12          | yes    |
    | 2021-05-01  | planned | 50          | no     |
    = 42
    """,
)
problems = Count(
    "MTG.PROBLEMS",
    of=Problem,
    period=FLOW,
    dated="happened_on",
    when=~where(disposition="merged"),
    source="本系统口径：合并的问题只计一次",
    owner=OWNER,
    cases="""
    | happened_on | disposition  | counts |
    | 2021-01-01  | open         | yes    |
    | 2021-12-31  | small_matter | yes    |
    | 2021-06-01  | not_accepted | yes    |
    | 2021-06-01  | merged       | no     |
    | 2020-12-31  | open         | no     |
    """,
)
project_items = Count(
    "MTG.PROJECT_ITEMS",
    of=ProjectItem,
    period=FLOW,
    dated="happened_on",
    source="本系统口径：期内列入清单的事项",
    owner=OWNER,
    cases="""
    | happened_on | counts |
    | 2021-02-01  | yes    |
    | 2022-01-01  | no     |
    """,
)
small_matters_resolved = Count(
    "MTG.SMALL_MATTERS_RESOLVED",
    of=SmallMatter,
    period=FLOW,
    dated="struck_off_on",
    when=where(state="struck_off"),
    source="本系统口径：期内经第二人核实销号",
    owner=OWNER,
    cases="""
    | state      | struck_off_on | counts |
    | struck_off | 2021-12-31    | yes    |
    | struck_off | 2022-01-01    | no     |
    | fixed      |               | no     |
    | open       |               | no     |
    """,
)
small_matter_kinds = Distinct(
    "MTG.SMALL_MATTER_KINDS",
    of=SmallMatter,
    period=FLOW,
    dated="struck_off_on",
    when=where(state="struck_off"),
    field_counted="category",
    is_additive=False,
    source="本系统口径：期内销号小事的类别数",
    owner=OWNER,
    cases="""
    | state      | struck_off_on | category | counts |
    | struck_off | 2021-05-01    | lighting | yes    |
    | struck_off | 2021-06-01    | lighting | yes    |
    | struck_off | 2021-07-01    | road     | yes    |
    | open       |               | pipes    | no     |
    = 2
    """,
)
small_matters_on_time = Ratio(
    "MTG.SMALL_MATTERS_ONTIME_RATE",
    of=SmallMatter,
    period=FLOW,
    dated="struck_off_on",
    when=where(state="struck_off"),
    hits=where(was_on_time=True),
    source="本系统口径：民生小事办理时限 7 个自然日",
    owner=OWNER,
    cases="""
    | state      | struck_off_on | was_on_time | counts |
    | struck_off | 2021-05-01    | True        | hit    |
    | struck_off | 2021-05-01    | True        | hit    |
    | struck_off | 2021-05-01    | False       | yes    |
    | open       |               |             | no     |
    = 66.7
    """,
)
resolved_rate = Ratio(
    "MTG.RESOLVED_RATE",
    of=Problem,
    period=FLOW,
    dated="happened_on",
    when=~where(disposition="merged"),
    hits=where(resolved_on__isnull=False),
    source="本系统口径：期内提出的问题中已化解的占比",
    owner=OWNER,
    cases="""
    | happened_on | disposition      | resolved_on | counts |
    | 2021-05-01  | answered_on_site | 2021-05-01  | hit    |
    | 2021-05-01  | small_matter     | 2022-01-05  | hit    |
    | 2021-05-01  | open             |             | yes    |
    | 2021-05-01  | merged           |             | no     |
    = 66.7
    """,
)

register(
    sessions,
    attendances,
    problems,
    project_items,
    small_matters_resolved,
    small_matter_kinds,
    small_matters_on_time,
    resolved_rate,
)
