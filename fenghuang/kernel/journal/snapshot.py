"""What a record's fields say as journal values, and what its database row says; by class."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.db.backends.utils import format_number

from fenghuang.kernel.journal import canonical
from fenghuang.kernel.journal.canonical import Json

Field: TypeAlias = Any
"""A Django field of any kind."""

Record: TypeAlias = Any
"""An object of a class that descends from models.Journaled, which stands upon this module."""

_OWN = frozenset({"id", "commitment_key", "entry"})
_RESERVED = frozenset({"type"})


@dataclass(frozen=True)
class Column:
    """One field: `plain` answers from the Python value, `stored` from what a row holds."""

    name: str
    attname: str
    table: str
    column: str
    plain: Callable[[Any], Json]
    stored: Callable[[Any], Json]
    holds_text: bool
    empty: str | None


@dataclass(frozen=True)
class Many:
    """One many-to-many field: its table, the column of the record, that of the other side."""

    name: str
    table: str
    record: str
    other: str
    stored: Callable[[Any], Json]


@dataclass(frozen=True)
class Plan:
    """How a class is journaled. `tables` are its tables with their key columns, widest first."""

    label: str
    public: tuple[Column, ...]
    personal: tuple[Column, ...]
    many: tuple[Many, ...]
    tables: tuple[tuple[str, str], ...]


@cache
def plan_of(model: Any) -> Plan:
    """The plan of a concrete class; ImproperlyConfigured if its declarations do not fit it."""
    model = model._meta.concrete_model
    fields = {field.name: field for field in _fields(model)}
    many = {field.name: field for field in model._meta.many_to_many}
    kept = {name: field for name, field in fields.items() if name not in model.UNJOURNALED}
    personal = set(model.PERSONAL)
    wrong = {
        "unknown": (personal | model.UNJOURNALED) - set(fields)
        | set(model.JOURNALED_M2M) - set(many),
        "both personal and unjournaled": personal & model.UNJOURNALED,
        "reserved": _RESERVED & set(fields),
        "not erasable": {
            name for name in personal & set(kept) if not (kept[name].null or _is_text(kept[name]))
        },
    }
    for what, names in wrong.items():
        if names:
            raise ImproperlyConfigured(f"{model.__name__}: {what} fields {sorted(names)}")
    return Plan(
        label=model._meta.label_lower,
        public=tuple(_column(field) for name, field in kept.items() if name not in personal),
        personal=tuple(_column(field) for name, field in kept.items() if name in personal),
        many=tuple(_many(many[name]) for name in model.JOURNALED_M2M),
        tables=tuple(
            (each._meta.db_table, str(each._meta.pk.column))
            for each in (*reversed(model._meta.get_parent_list()), model)
        ),
    )


def public_values(record: Record) -> dict[str, Json]:
    """All non-personal values of a record that are not empty, and its type."""
    plan = plan_of(record.__class__)
    values = dict(_values(record, plan.public))
    for many in () if record._state.adding else plan.many:  # a new record has no rows there yet
        if ids := _others(record, many.name):
            values[many.name] = ids
    values["type"] = plan.label
    return values


def _others(record: Record, name: str) -> list[str]:
    """The keys of the other side, in order; from memory where they were fetched with many."""
    related = getattr(record, name)
    if name in getattr(record, "_prefetched_objects_cache", {}):
        return sorted(str(other.pk) for other in related.all())
    return sorted(str(key) for key in related.values_list("pk", flat=True))


def personal_values(record: Record) -> dict[str, Json]:
    """The personal values of a record that are not empty."""
    return dict(_values(record, plan_of(record.__class__).personal))


def is_empty(value: Json) -> bool:
    """None, empty text, list or dict: such a value is not written down; False and 0 are."""
    return value is None or value == "" or value == [] or value == {}


def make_nfc(record: Record) -> None:
    """Bring the text of a record into normal form C, so that row and journal hold the same."""
    plan = plan_of(record.__class__)
    for column in (*plan.public, *plan.personal):
        if column.holds_text:
            value = getattr(record, column.attname)
            if isinstance(value, (list, dict)) or (isinstance(value, str) and not value.isascii()):
                setattr(record, column.attname, canonical.nfc(value))


def moment_text(moment: dt.datetime) -> str:
    """A moment in UTC with microseconds: 2021-12-31T16:00:00.000000Z. ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")[:26] + "Z"


def _values(record: Record, columns: tuple[Column, ...]) -> Iterator[tuple[str, Json]]:
    for column in columns:
        value = getattr(record, column.attname)
        if value is not None and value != "":
            value = column.plain(value)
            if not is_empty(value):
                yield column.name, value


def _fields(model: type[models.Model]) -> Iterator[Field]:
    for field in model._meta.concrete_fields:
        is_parent_link = field.remote_field is not None and field.remote_field.parent_link
        if field.name not in _OWN and not is_parent_link and not field.generated:
            yield field


def _target(field: Field) -> Field:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _is_text(field: Field) -> bool:
    return _kind(field).exact is str


def _kind(field: Field) -> _Kind:
    name = _target(field).get_internal_type()
    if name not in _KINDS:
        raise ImproperlyConfigured(
            f"{field}: a {name} cannot be journaled; keep a decimal or text, or name it UNJOURNALED"
        )
    return _KINDS[name]


def _column(field: Field) -> Column:
    kind, target, is_key = _kind(field), _target(field), isinstance(field, models.ForeignKey)

    def plain(value: Any) -> Json:
        if type(value) is not kind.exact:
            value = target.get_prep_value(value)
        value = kind.plain(value, target)
        return str(value) if is_key else value

    return Column(
        name=field.name,
        attname=field.attname,
        table=field.model._meta.db_table,
        column=field.column,
        plain=plain,
        stored=_stored(field),
        holds_text=kind.exact is str or kind is _KINDS["JSONField"],
        empty=None if field.null else "",
    )


def _many(field: Field) -> Many:
    return Many(
        name=field.name,
        table=field.m2m_db_table(),
        record=field.m2m_column_name(),
        other=field.m2m_reverse_name(),
        stored=_stored(field.related_model._meta.pk, as_text=True),
    )


def _stored(field: Field, *, as_text: bool = False) -> Callable[[Any], Json]:
    kind, target = _kind(field), _target(field)
    as_text = as_text or isinstance(field, models.ForeignKey)
    read = kind.sqlite if connection.vendor == "sqlite" else kind.typed

    if as_text and kind.exact is not uuid.UUID:
        return lambda held: str(read(held, target))
    return lambda held: read(held, target)


# From Python. The value has been prepared by its field, unless it is exactly of the expected type.


def _same(value: Any, _field: Field) -> Json:
    return value


def _iso(value: Any, _field: Field) -> Json:
    return value.isoformat()


def _moment(value: Any, _field: Field) -> Json:
    return moment_text(value)


def _decimal(value: Any, field: Field) -> Json:
    text = format_number(value, field.max_digits, field.decimal_places) or "0"
    if Decimal(text) != value:  # each database would round it in its own way
        raise ValueError(f"{value} has more than the {field.decimal_places} places of {field}")
    return _without_zeros(text)  # so that a column may later be given more places


def _without_zeros(text: str) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _text(value: Any, _field: Field) -> Json:
    return str(value)


def _microseconds(value: Any, _field: Field) -> Json:
    return value // dt.timedelta(microseconds=1)


def _hex(value: Any, _field: Field) -> Json:
    return bytes(value).hex()


def _json(value: Any, _field: Field) -> Json:
    try:
        canonical.encode(value)
    except TypeError:  # coordinates and such: their exact text, because no float is journaled
        return json.dumps(value, sort_keys=True, separators=(",", ":"))
    return value


# From a raw row. PostgreSQL has real types, so a raw value is a Python value. On SQLite a boolean
# may be 3 and a date have a thirteenth month, and Django would read them as something else or as
# nothing: what is not exactly as Django writes it raises ValueError here, or comes out different.


def _typed_json(raw: Any, field: Field) -> Json:
    return _json(json.loads(raw), field)


def _sqlite_text(raw: Any, _field: Field) -> Json:
    if not isinstance(raw, str):
        raise ValueError("not a text")
    return raw


def _sqlite_integer(raw: Any, _field: Field) -> Json:
    if not isinstance(raw, int):
        raise ValueError("not a whole number")
    return raw


def _sqlite_boolean(raw: Any, _field: Field) -> Json:
    if raw not in (0, 1):
        raise ValueError("neither 0 nor 1")
    return bool(raw)


def _sqlite_moment(raw: Any, _field: Field) -> Json:
    if not isinstance(raw, str) or raw[10:11] != " ":
        raise ValueError("not a moment")
    return f"{raw[:10]}T{raw[11:]}{'.000000' if len(raw) == 19 else ''}Z"


def _sqlite_decimal(raw: Any, _field: Field) -> Json:
    if not isinstance(raw, (int, float)):
        raise ValueError("not a number")
    return _without_zeros(format(Decimal(repr(raw)), "f"))


def _sqlite_uuid(raw: Any, _field: Field) -> Json:
    if not isinstance(raw, str) or len(raw) != 32:
        raise ValueError("not a UUID")
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def _sqlite_binary(raw: Any, _field: Field) -> Json:
    if not isinstance(raw, bytes):
        raise ValueError("not bytes")
    return raw.hex()


def _sqlite_json(raw: Any, field: Field) -> Json:
    value = json.loads(_sqlite_text(raw, field))
    if json.dumps(value, cls=field.encoder) != raw:
        raise ValueError("not as it was written")
    return _json(value, field)


@dataclass(frozen=True)
class _Kind:
    """`exact` needs no preparing by the field; `typed` reads PostgreSQL's rows."""

    exact: type[Any] | None
    plain: Callable[[Any, Field], Json]
    sqlite: Callable[[Any, Field], Json]
    typed: Callable[[Any, Field], Json]


def _kinds() -> dict[str, _Kind]:
    text = _Kind(str, _same, _sqlite_text, _same)
    whole = _Kind(int, _same, _sqlite_integer, _same)
    return {
        **dict.fromkeys(
            ("CharField", "TextField", "SlugField", "FileField", "FilePathField"), text
        ),
        **dict.fromkeys(
            (
                *("SmallIntegerField", "IntegerField", "BigIntegerField"),
                *("PositiveSmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField"),
                *("SmallAutoField", "AutoField", "BigAutoField"),
            ),
            whole,
        ),
        "BooleanField": _Kind(bool, _same, _sqlite_boolean, _same),
        "DateField": _Kind(dt.date, _iso, _sqlite_text, _iso),
        "DateTimeField": _Kind(dt.datetime, _moment, _sqlite_moment, _moment),
        "TimeField": _Kind(dt.time, _iso, _sqlite_text, _iso),
        "DurationField": _Kind(dt.timedelta, _microseconds, _sqlite_integer, _microseconds),
        "DecimalField": _Kind(Decimal, _decimal, _sqlite_decimal, _decimal),
        "UUIDField": _Kind(uuid.UUID, _text, _sqlite_uuid, _text),
        "BinaryField": _Kind(bytes, _hex, _sqlite_binary, _hex),
        "JSONField": _Kind(None, _json, _sqlite_json, _typed_json),
    }


_KINDS = _kinds()
