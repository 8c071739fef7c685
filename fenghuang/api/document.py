"""The interface as an OpenAPI 3.1 document, made from the lines' intakes and their columns.

A column that is added to an intake stands in it at once: nothing here knows a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from django.utils.translation import gettext as _

from fenghuang.kernel.terms import term
from fenghuang.kit.door import lines
from fenghuang.kit.intakes import CLIENT_KEY, LATITUDE, LONGITUDE, PLACE, Intake

from .batches import AT_MOST, LONGEST_KEY
from .filters import filters_of
from .schemas import Schema, as_sent
from .shown import entered_schema, full_schema

Words = dict[str, Any]
EXAMPLE_DAY = "2021-03-05"


@lru_cache(maxsize=8)
def document(language: str) -> Words:
    """The document in the language that is on, under whose name it is kept."""
    paths: Words = {}
    schemas: Words = {"Problem": _problem(), "Problems": _problems(), "Entered": entered_schema()}
    for intake in intakes():
        name = f"{intake.line}.{intake.code}"
        schemas[f"{name}.new"] = sent_schema(intake)
        schemas[f"{name}.record"] = full_schema(intake)
        paths |= _paths(intake, name)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Fenghuang, the work ledger: interface for programs"),
            "version": version("fenghuang"),
            "description": _(
                "A program acts in the name of the person whose token it sends: it sees and "
                "enters what this person may, as far as the token is for it."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": line.code, "description": str(line.title)} for line in lines()],
        "paths": {"/api/token/": {"get": _own_token()}} | paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _("Tokens are issued by the system administrator."),
                }
            },
            "schemas": schemas,
            "responses": {str(status): _refused(status) for status in _REFUSALS},
        },
    }


def intakes() -> Iterator[Intake]:
    """The kinds of record of all lines that are on, in their order."""
    for line in lines():
        yield from line.intakes


def sent_schema(intake: Intake) -> Schema:
    """The schema of one record that is sent."""
    place = {"type": "string", "minLength": 1}
    degrees = {LONGITUDE: 180, LATITUDE: 90}
    properties: Words = {column.code: as_sent(column) for column in intake.columns}
    properties[PLACE] = {
        "title": str(term("place")),
        "type": ["string", "null"],
        "description": _("code, name or id; or else “lon” and “lat”"),
    }
    for name, most in degrees.items():
        properties[name] = {
            "type": ["number", "null"],
            "minimum": -most,
            "maximum": most,
            "description": _("degrees (WGS 84)"),
        }
    properties[CLIENT_KEY] = {
        "title": _("your own key"),
        "type": ["string", "null"],
        "minLength": 1,
        "maxLength": LONGEST_KEY,
        "description": _("what is sent twice under one key is entered once"),
    }
    nothing = {"type": "null"}
    number = {"type": "number"}
    return {
        "type": "object",
        "properties": properties,
        "required": [column.code for column in intake.columns if column.is_required],
        "additionalProperties": False,
        "oneOf": [
            {
                "required": [PLACE],
                "properties": {PLACE: place, LONGITUDE: nothing, LATITUDE: nothing},
            },
            {
                "required": [LONGITUDE, LATITUDE],
                "properties": {PLACE: nothing, LONGITUDE: number, LATITUDE: number},
            },
        ],
        "examples": [example(intake)],
    }


def example(intake: Intake) -> Words:
    """A record with what is required, as somebody would send it."""
    required = [column for column in intake.columns if column.is_required]
    return {
        **{column.code: _example(as_sent(column)) for column in required},
        PLACE: _("First Community"),
        CLIENT_KEY: "2021-0001",
    }


def _example(schema: Schema) -> Any:
    match schema:
        case {"enum": [first, *_]}:
            return first
        case {"type": "string", "pattern": _}:
            return "12"
        case {"type": "string", "format": _} | {"type": "string", "anyOf": _}:
            return EXAMPLE_DAY
        case {"type": "string", "title": title}:
            return title
        case {"type": "integer", "minimum": least, "maximum": most}:
            return min(most, max(least, 12))
        case {"type": "boolean"}:
            return True
        case {"type": "array", "items": items, "title": title}:
            return [_example({"title": title, **items})]
    return None


def _paths(intake: Intake, name: str) -> Words:
    title = str(intake.model._meta.verbose_name)
    address = f"/api/{intake.line}/{intake.code}/"
    record = _ref("schemas", f"{name}.record")
    number = {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "description": str(term("number")),
    }
    return {
        address: {
            "get": {
                "operationId": f"list.{name}",
                "summary": _("%(kind)s: list, the newest first") % {"kind": title},
                "tags": [intake.line],
                "parameters": _parameters(intake),
                "responses": _responses({"200": _page(record)}, 400, 401, 403, 422, 429),
            },
            "post": {
                "operationId": f"enter.{name}",
                "summary": _("%(kind)s: enter one, or a list of them, all or none")
                % {"kind": title},
                "tags": [intake.line],
                "requestBody": {"required": True, "content": _json(_one_or_many(name))},
                "responses": _responses(_entered(), 400, 401, 403, 409, 413, 415, 422, 429),
            },
        },
        f"{address}{{number}}/": {
            "get": {
                "operationId": f"read.{name}",
                "summary": _("%(kind)s: one, by its number") % {"kind": title},
                "tags": [intake.line],
                "parameters": [number],
                "responses": _responses(
                    {"200": {"description": title, "content": _json(record)}}, 401, 403, 404, 429
                ),
            }
        },
    }


def _parameters(intake: Intake) -> list[Words]:
    return [
        {"name": one.name, "in": "query", "description": one.title, "schema": one.schema}
        for one in filters_of(intake)
    ]


def _one_or_many(name: str) -> Schema:
    one = _ref("schemas", f"{name}.new")
    return {"oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": AT_MOST}]}


def _page(record: Words) -> Words:
    properties: Words = {
        "records": {"type": "array", "items": record},
        "after": {
            "type": ["string", "null"],
            "description": _("send it as “after” for the records that follow; null at the end"),
        },
        "journal_size": {
            "type": "integer",
            "description": _("send it as “changed_since” later for what has changed since now"),
        },
    }
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"description": _("the records, and where they go on"), "content": _json(schema)}


def _entered() -> Words:
    entered = _ref("schemas", "Entered")
    content = _json({"oneOf": [entered, {"type": "array", "items": entered}]})
    return {
        "201": {"description": _("entered: its number, as it was sent: one or a list")}
        | {"content": content},
        "200": {"description": _("all was entered before, under the same keys")}
        | {"content": content},
    }


def _own_token() -> Words:
    text = {"type": "string"}
    properties: Words = {
        "label": text,
        "street": text,
        "may_read": {"type": "boolean"},
        "may_write": {"type": "boolean"},
        "lines": {"type": "array", "items": text},
        "place": {
            "type": ["object", "null"],
            "properties": {"id": {"type": "string", "format": "uuid"}, "name": text},
        },
        "expires_at": {"type": "string", "format": "date-time"},
    }
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    found = {"description": _("what this token is for"), "content": _json(schema)}
    return {
        "operationId": "token",
        "summary": _("What this token is for, and until when"),
        "responses": _responses({"200": found}, 401, 429),
    }


def _problem() -> Schema:
    properties: Words = {
        "code": {"type": "string", "description": _("stays the same, for programs")},
        "sentence": {"type": "string", "description": _("for people: what is wrong, what to do")},
        "field": {
            "type": "string",
            "description": _("the field or parameter; in a list after its position: “0.text”"),
        },
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _problems() -> Schema:
    return {"type": "array", "items": _ref("schemas", "Problem"), "minItems": 1}


_REFUSALS = (400, 401, 403, 404, 409, 413, 415, 422, 429)


def refusals() -> dict[int, str]:
    """What each status of a refusal means."""
    return {
        400: _("the request was not understood"),
        401: _("no valid token"),
        403: _("the person may not do this, or the token is not for it"),
        404: _("there is no such record, or it is not yours to see"),
        409: _("somebody else used this key"),
        413: _("too much at once"),
        415: _("not JSON"),
        422: _("the record cannot be taken as it is"),
        429: _("too many requests in this minute"),
    }


def _refused(status: int) -> Words:
    headers = {}
    if status == 429:
        seconds = {"type": "integer", "minimum": 1}
        headers["Retry-After"] = {"schema": seconds, "description": _("wait so many seconds")}
    return {
        "description": refusals()[status],
        "headers": headers,
        "content": _json(_ref("schemas", "Problems")),
    }


def _responses(good: Words, *refused: int) -> Words:
    return good | {str(status): _ref("responses", str(status)) for status in refused}


def _json(schema: Schema) -> Words:
    return {"application/json": {"schema": schema}}


def _ref(kind: str, name: str) -> Words:
    return {"$ref": f"#/components/{kind}/{name}"}
