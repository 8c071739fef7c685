"""How values look in JSON: the schema of each kind of column, and whether a value fits it.

A column's schema is what programs are told of it and what they are held to. Lengths, ranges and
what a name means are left to the column itself, which says more precisely what is wrong.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache, singledispatch
from typing import Any

from django.utils.translation import gettext as _

from fenghuang.kit.cells import CellProblem
from fenghuang.kit.columns import (
    Choice,
    Column,
    Day,
    Kind,
    Measured,
    Moment,
    Money,
    Percent,
    PlaceNamed,
    RecordNumber,
    Text,
    UnitNamed,
    Whole,
    YesNo,
)

Schema = dict[str, Any]

DAY: Schema = {"type": "string", "format": "date"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: RFC 3339, with its offset from UTC
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@singledispatch
def schema_of(kind: Kind) -> Schema:
    """The JSON Schema of one value of this kind; a kind that is not known here may be anything."""
    return {}


@schema_of.register
def _text(kind: Text) -> Schema:
    return {"type": "string", "maxLength": kind.longest}


@schema_of.register
def _whole(kind: Whole) -> Schema:
    return {"type": "integer", "minimum": kind.least, "maximum": kind.most}


@schema_of.register
def _measured(kind: Measured) -> Schema:
    places = -int(kind.step.as_tuple().exponent)
    fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    pattern = f"^[0-9]{{1,10}}{fraction}$"
    return {"type": "string", "format": "decimal", "pattern": pattern, "description": kind.unit}


@schema_of.register
def _money(_kind: Money) -> Schema:
    return {"type": "integer", "minimum": 0, "maximum": 2**53, "description": _("in fen")}


@schema_of.register
def _percent(_kind: Percent) -> Schema:
    return {"type": "integer", "minimum": 0, "maximum": 100, "description": "%"}


@schema_of.register
def _day(_kind: Day) -> Schema:
    return dict(DAY)


@schema_of.register
def _moment(_kind: Moment) -> Schema:
    return {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}


@schema_of.register
def _choice(kind: Choice) -> Schema:
    return choices({code: own[0] for code, own in kind.words.items()})


@schema_of.register
def _yes_no(_kind: YesNo) -> Schema:
    return {"type": "boolean"}


@schema_of.register
def _place(_kind: PlaceNamed) -> Schema:
    return {"type": "string", "minLength": 1, "description": _("name or code of a place")}


@schema_of.register
def _unit(_kind: UnitNamed) -> Schema:
    return {"type": "string", "minLength": 1, "description": _("name of a unit")}


@schema_of.register
def _record(_kind: RecordNumber) -> Schema:
    return {"type": "string", "minLength": 1, "description": _("number of a record")}


def choices(words: dict[str, str]) -> Schema:
    """One of some codes; the words that people know them by are their description."""
    return {
        "type": "string",
        "enum": [str(code) for code in words],
        "description": "；".join(f"{code}：{word}" for code, word in words.items()),
    }


def as_sent(column: Column) -> Schema:
    """The schema of a column in what is sent: its header is its title."""
    schema = schema_of(column.kind)
    if column.has_many:
        schema = {"type": "array", "items": schema} | (
            {"minItems": 1} if column.is_required else {}
        )
    elif column.is_required:
        schema |= {"minLength": 1} if schema.get("type") == "string" else {}
    else:
        schema = or_nothing(schema)
    return {"title": column.header, **schema}


_as_sent = cache(as_sent)  # only what it says in words differs between languages

_OF_WHAT_IS_SENT = {"minLength", "maxLength", "pattern", "minimum", "maximum", "minItems"}


def as_read(column: Column, words: dict[str, str] | None = None) -> Schema:
    """The schema of a column in what is read: any may be empty, and older values may be longer.

    `words` are the choices of the record's own field, which may be more than can be sent.
    """
    schema = schema_of(column.kind)
    if schema.get("enum"):
        schema = choices(words) if words else {"type": "string"}
    schema = {name: value for name, value in schema.items() if name not in _OF_WHAT_IS_SENT}
    if column.has_many:
        return {"title": column.header, "type": "array", "items": schema}
    return {"title": column.header, **or_nothing(schema)}


def or_nothing(schema: Schema) -> Schema:
    """The same, or null."""
    if "type" not in schema:
        return schema
    nothing: Schema = {"type": [schema["type"], "null"]}
    if "enum" in schema:
        nothing["enum"] = [*schema["enum"], None]
    return schema | nothing


def check_fits(column: Column, data: Any) -> None:
    """CellProblem unless a value that is not null has the type and form that the column wants."""
    _check_fits(_as_sent(column), data)


def _check_fits(schema: Schema, data: Any) -> None:
    types = schema.get("type")
    if types is None:
        return
    if not any(_is_of(data, one) for one in ([types] if isinstance(types, str) else types)):
        raise _misfit(schema)
    if isinstance(data, list):
        for one in data:
            _check_fits(schema["items"], one)
    if isinstance(data, str) and not _has_form(schema, data):
        raise _misfit(schema)


def _misfit(schema: Schema) -> CellProblem:
    code = "choice" if "enum" in schema else "type"
    return CellProblem(code, _("This must be: %(what)s.") % {"what": in_words(schema)})


def _is_of(data: Any, name: str) -> bool:
    match name:
        case "boolean":
            return isinstance(data, bool)
        case "integer":
            is_whole = isinstance(data, float) and data.is_integer()
            return is_whole or (isinstance(data, int) and not isinstance(data, bool))
        case "number":
            return isinstance(data, int | float) and not isinstance(data, bool)
        case "string":
            return isinstance(data, str)
        case "array":
            return isinstance(data, list)
        case _:
            return data is None


def _has_form(schema: Schema, text: str) -> bool:
    if "enum" in schema:
        return text in schema["enum"]
    if "pattern" in schema and not re.search(schema["pattern"], text):
        return False
    forms = {one.get("format") for one in (schema, *schema.get("anyOf", ()))} & _FORMS.keys()
    return not forms or any(_FORMS[one](text) for one in forms)


def is_day(text: str) -> bool:
    """Is this a day of the calendar, as 2021-03-05?"""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    return bool(_MOMENT.fullmatch(text)) and is_day(text[:10])


_FORMS = {"date": is_day, "date-time": _is_moment}


def in_words(schema: Schema) -> str:
    """What a value must be, for people."""
    types = schema.get("type")
    kinds = [one for one in ([types] if isinstance(types, str) else types or ()) if one != "null"]
    match kinds[0] if kinds else "":
        case "string":
            return _text_in_words(schema)
        case "integer" if "maximum" in schema and schema["maximum"] <= 1000:
            return _("a whole number from %(least)s to %(most)s") % {
                "least": schema["minimum"],
                "most": schema["maximum"],
            }
        case "integer":
            return _("a whole number")
        case "number":
            return _("a number")
        case "boolean":
            return _("“true” or “false”")
        case "array":
            return _("a list, each of them %(what)s") % {"what": in_words(schema["items"])}
        case _:
            return _("a value")


def _text_in_words(schema: Schema) -> str:
    if "enum" in schema:
        return _("one of: %(codes)s") % {"codes": "、".join(one for one in schema["enum"] if one)}
    if "anyOf" in schema:
        return _("a day, as 2021-03-05, or a moment, as 2021-03-05T15:30:00+08:00")
    if schema.get("format") == "date":
        return _("a day, as 2021-03-05")
    if schema.get("format") == "decimal":
        return _("digits as text, as “12.50”")
    if "maxLength" in schema:
        return _("text of at most %(most)s characters") % {"most": schema["maxLength"]}
    return _("text")
