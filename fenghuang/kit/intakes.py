"""Intakes: the kinds of record that programs may enter and read back, with their fields.

A line lists them as INTAKES in `columns.py`. Their fields are columns, as those of its ledgers, and
besides them the same for all: where it happened, and the key by which the sender knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fenghuang.kernel.records.models import Record

from .columns import Column, Context

#: Fields of every intake: the place by code, name or id, or else the point (degrees, WGS 84).
PLACE, LONGITUDE, LATITUDE = "place", "lon", "lat"
#: The sender's own key: what is sent twice under one key is entered once.
CLIENT_KEY = "client_key"
OF_ALL = (PLACE, LONGITUDE, LATITUDE, CLIENT_KEY)


@dataclass(frozen=True, eq=False)
class Intake:
    """One kind of record as programs know it. `code` stands in the address, in the plural.

    `build` makes a new record, still without a place, from the values of the columns; it raises
    CellProblem where several together make none. `enter` is the action that enters a batch, all or
    none: `enter(records, actor=…, today=…)`. `day` is the code of the column that dates the record.
    `shown` are fields that are read back besides.
    """

    code: str
    line: str
    model: type[Record]
    columns: tuple[Column, ...]
    build: Callable[[Mapping[str, Any], Context], Record]
    enter: Callable[..., None]
    shown: tuple[Column, ...] = ()
    day: str = "happened_on"

    @property
    def fields(self) -> list[str]:
        """The names of all fields that may be sent."""
        return [*(column.code for column in self.columns), *OF_ALL]
