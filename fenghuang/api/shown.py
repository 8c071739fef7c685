"""Records as JSON: what stands of them in an answer, and the schema of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from fenghuang.kernel.kept import Kept
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.terms import term
from fenghuang.kit import door
from fenghuang.kit.columns import Column, Context, NotKept, RunningNumber
from fenghuang.kit.intakes import CLIENT_KEY, PLACE, Intake
from fenghuang.kit.ledger import Ledger
from fenghuang.kit.names import NameIndex, names_of

from .schemas import DAY, Schema, as_read, choices, or_nothing

#: A renamed place may be read under its former name for this long.
_names: Kept[UUID, NameIndex] = Kept(seconds=10.0, most=50)


def entered(record: Record) -> dict[str, Any]:
    """What a sender wants to know of a record just entered."""
    due_on = getattr(record, "due_on", None)
    return {
        "number": record.number,
        "id": str(record.pk),
        PLACE: {"id": str(record.place_id), "name": record.place.name},
        "due_on": due_on and due_on.isoformat(),
        CLIENT_KEY: record.client_key,
    }


def entered_schema() -> Schema:
    """The schema of `entered`."""
    place = {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}}
    properties: dict[str, Schema] = {
        "number": {"type": "string", "title": str(term("number"))},
        "id": {"type": "string", "format": "uuid"},
        PLACE: _object(place) | {"title": str(term("place"))},
        "due_on": or_nothing(DAY) | {"title": str(term("due_on"))},
        CLIENT_KEY: {"type": ["string", "null"], "title": _("your own key")},
    }
    return _object(properties)


def in_full(intake: Intake, records: Sequence[Record], street: Street) -> list[dict[str, Any]]:
    """All fields of records, but the personal ones: these are for the screen of who needs them."""
    columns = columns_read(intake)
    names: Any = SimpleLazyObject(lambda: _known_names(street))
    context = Context(street, names, timezone.localdate())
    return [_in_full(columns, record, context) for record in records]


def _in_full(columns: Sequence[Column], record: Record, context: Context) -> dict[str, Any]:
    cycle = record.CYCLE
    return {
        **entered(record),
        "happened_on": record.happened_on.isoformat(),
        "state": cycle.state_of(record) if cycle else None,
        "is_withdrawn": record.voided_at is not None,
        **{column.code: column.to_json(column.value(record, context)) for column in columns},
    }


def full_schema(intake: Intake) -> Schema:
    """The schema of a record in full."""
    states = states_of(intake)
    properties: dict[str, Schema] = {
        **entered_schema()["properties"],
        "happened_on": DAY | {"title": str(term("happened_on"))},
        "state": (choices(states) if states else {"type": "null"}) | {"title": str(term("state"))},
        "is_withdrawn": {"type": "boolean", "title": _("withdrawn")},
    }
    for column in columns_read(intake):
        properties[column.code] = as_read(column, field_choices(intake, column))
    return _object(properties)


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def columns_read(intake: Intake) -> list[Column]:
    """The columns that are read back: its own, and those of the ledger of these records."""
    ledger = ledger_of(intake)
    columns = {
        column.code: column
        for column in (*(ledger.columns if ledger else ()), *intake.shown, *intake.columns)
        if not isinstance(column.kind, (RunningNumber, NotKept))
        and column.code not in intake.model.PERSONAL
    }
    return list(columns.values())


def ledger_of(intake: Intake) -> Ledger | None:
    """The ledger that holds records of this kind, if the line keeps one."""
    ledgers: Sequence[Ledger] = door.line(intake.line).ledgers
    return next((one for one in ledgers if one.model is intake.model), None)


def prepared(intake: Intake, records: QuerySet[Any]) -> QuerySet[Any]:
    """The same records, asked for with all that their columns read."""
    ledger = ledger_of(intake)
    return ledger.prepare(records) if ledger else records


def states_of(intake: Intake) -> dict[str, str]:
    """The states of these records with their words; none where they have no life cycle."""
    cycle = intake.model.CYCLE
    return {code: str(word) for code, word in cycle.states.items()} if cycle else {}


def field_choices(intake: Intake, column: Column) -> dict[str, str]:
    """The choices of the field behind a column, with their words; none if it has none."""
    try:
        field: Any = intake.model._meta.get_field(column.code)
    except FieldDoesNotExist:
        return {}
    return {str(code): str(word) for code, word in getattr(field, "flatchoices", ()) if code}


def _known_names(street: Street) -> NameIndex:
    found = _names.get(street.pk)
    if found is None:
        found = names_of(street)
        _names.put(street.pk, found)
    return found


def is_dated(intake: Intake, column: Column) -> bool:
    """Does a field that holds a day stand behind the column?"""
    try:
        field = intake.model._meta.get_field(column.code)
    except FieldDoesNotExist:
        return False
    return field.get_internal_type() == "DateField"
