"""The indicators of places: stocks at the end of the period."""

from __future__ import annotations

from typing import Any

from fenghuang.kernel.people.models import Appointment
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Building, Community, Compound, Grid

from .conditions import where
from .language import Count, Distinct, Quotient, Sum
from .periods import STOCK
from .registry import register

_SPAN: dict[str, Any] = {"period": STOCK, "dated": "valid_from", "until": "valid_to"}
_OWNER = "党政办"

communities = Count(
    "PLC.COMMUNITIES",
    of=Community,
    source="城市居民委员会组织法第6条",
    owner=_OWNER,
    cases="""
    | valid_from | valid_to   | counts |
    | 2001-01-01 |            | yes    |
    | 2021-12-31 |            | yes    |
    | 2022-01-01 |            | no     |
    | 2001-01-01 | 2021-12-31 | no     |
    | 2001-01-01 | 2022-01-01 | yes    |
    """,
    **_SPAN,
)
grids = Count(
    "PLC.GRIDS",
    of=Grid,
    source="本系统口径：期末在用的网格",
    owner="平安办",
    cases="""
    | valid_from | valid_to   | counts |
    | 2019-05-01 |            | yes    |
    | 2019-05-01 | 2021-06-30 | no     |
    | 2022-03-01 |            | no     |
    """,
    **_SPAN,
)
compounds = Count("PLC.COMPOUNDS", of=Compound, owner=_OWNER, **_SPAN)
buildings = Count("PLC.BUILDINGS", of=Building, owner=_OWNER, **_SPAN)
dwellings = Sum(
    "PLC.DWELLINGS",
    of=Building,
    adds="dwellings",
    owner=_OWNER,
    source="本系统口径：户为住宅套数，不是家庭户",
    cases="""
    | valid_from | valid_to | dwellings | counts |
    | 2001-01-01 |          | 24        | yes    |
    | 2001-01-01 |          |           | yes    |
    | 2022-01-01 |          | 36        | no     |
    = 24
    """,
    **_SPAN,
)
grids_with_worker = Distinct(
    "PLC.GRIDS_STAFFED",
    of=Appointment,
    field_counted="place",
    when=where(role=Role.GRID_WORKER.value, place__kind="grid"),
    owner="平安办",
    **_SPAN,
)
grid_staffed_rate = Quotient(
    "PLC.GRID_STAFFED_RATE",
    numerator=grids_with_worker,
    denominator=grids,
    owner="平安办",
    source="本系统口径：有在任网格员的网格占比",
)

register(
    communities,
    grids,
    compounds,
    buildings,
    dwellings,
    grids_with_worker,
    grid_staffed_rate,
)
