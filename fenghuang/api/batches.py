"""A batch: what was sent, as records; entered together, and each only once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from fenghuang.kernel.records.actions import AlreadyEntered
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.cells import CellProblem, is_blank
from fenghuang.kit.columns import Column, Context, numbered, read_all
from fenghuang.kit.intakes import CLIENT_KEY, Intake
from fenghuang.kit.names import names_of

from .rows import Faulty, Row
from .schemas import check_fits
from .scope import check_places, leave_out_of_reach, within_sight
from .tokens import Sender
from .where import settle_places

AT_MOST = 500  # records
LONGEST_KEY = 40
_ATTEMPTS = 3


@dataclass(frozen=True)
class Entered:
    """The records in the order in which they were sent; was any of them new?"""

    records: list[Record]
    is_new: bool


def context_of(sender: Sender, today: date) -> Context:
    """What columns may need to read and write; the street's names only if one asks for them."""
    names: Any = SimpleLazyObject(partial(names_of, sender.street))
    return Context(sender.street, names, today)


def read(intake: Intake, content: Any, sender: Sender, today: date) -> list[Record]:
    """New, unsaved records from what was sent: one object, or a list of them. Raises Faulty.

    Asks the database a fixed number of times, however many records there are.
    """
    rows = _rows(content)
    context = context_of(sender, today)
    context.numbered = numbered(
        intake.columns,
        lambda column: [row.fields.get(column.code) for row in rows],
        street=sender.street,
        user=sender.user,
    )
    leave_out_of_reach(sender, context)
    for row in rows:
        _build(intake, row, context)
    settle_places(rows, sender.street)
    _take_keys(rows)
    problems = [problem for row in rows for problem in row.problems]
    if problems:
        raise Faulty(problems)
    return [row.record for row in rows if row.record is not None]


def _rows(content: Any) -> list[Row]:
    items = content if isinstance(content, list) else [content]
    if not items or not all(isinstance(item, dict) for item in items):
        raise Refused(
            "shape", _("Send one record as a JSON object, or a list of them that is not empty.")
        )
    if len(items) > AT_MOST:
        raise Refused(
            "too_big",
            _("Up to %(most)s records are taken at once. Send smaller batches.")
            % {"most": AT_MOST},
        )
    if items is not content:
        return [Row("", content)]
    return [Row(f"{position}.", item) for position, item in enumerate(items)]


def _build(intake: Intake, row: Row, context: Context) -> None:
    unknown = row.fields.keys() - set(intake.fields)
    for name in sorted(unknown):
        row.refuse(
            "unknown_field",
            _("There is no field of this name. There are: %(names)s.")
            % {"names": ", ".join(intake.fields)},
            name[:80],
        )
    problems = read_all(
        intake.columns,
        lambda column: _value(column, row.fields.get(column.code), context),
        context,
        day=intake.day,
    )
    for code, problem in problems.items():
        row.refuse(problem.code, problem.sentence, code)
    if row.problems:
        return
    try:
        row.record = intake.build(context.row, context)
    except CellProblem as problem:
        row.refuse(problem.code, problem.sentence, problem.column)
    else:
        row.record.source = Record.Source.API


def _value(column: Column, data: Any, context: Context) -> Any:
    """What was sent for a column. Stricter than a ledger: a program can keep to the schema."""
    if data is not None:
        check_fits(column, data)
    return column.from_json(None if is_blank(data) else data, context)


def _take_keys(rows: Sequence[Row]) -> None:
    seen = set()
    for row in rows:
        key = row.fields.get(CLIENT_KEY)
        if key is None or row.record is None:
            continue
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
            row.refuse(
                "client_key",
                _("A key is a text of 1 to %(longest)s characters.") % {"longest": LONGEST_KEY},
                CLIENT_KEY,
            )
        elif key in seen:
            row.refuse("client_key_twice", _("Two records of the batch have this key."), CLIENT_KEY)
        else:
            row.record.client_key = key
            seen.add(key)


def enter(intake: Intake, records: Sequence[Record], sender: Sender, today: date) -> Entered:
    """Enter the records that were not entered before under their keys, all or none."""
    check_places(sender, records)
    known: dict[str | None, Record] = {}
    new = list(records)
    for _attempt in range(_ATTEMPTS):  # most are new, so their keys are looked up only on a clash
        try:
            if new:
                intake.enter(new, actor=sender.user, today=today)
            return Entered([known.get(one.client_key, one) for one in records], bool(new))
        except AlreadyEntered:
            known = _known(intake, records, sender)
            new = [one for one in records if one.client_key not in known]
    raise Refused(
        "client_key_taken",
        _("Somebody else entered a record under this key. Send it again with a new key."),
        where=CLIENT_KEY,
    )


def _known(intake: Intake, records: Sequence[Record], sender: Sender) -> dict[str | None, Record]:
    keys = [one.client_key for one in records if one.client_key]
    before = within_sight(sender, intake).filter(client_key__in=keys)
    return {one.client_key: one for one in before}
