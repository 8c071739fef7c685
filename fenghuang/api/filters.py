"""By what a list may be narrowed, from the columns of its records; and its pages, found by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fenghuang.kernel.journal.models import Entry
from fenghuang.kernel.places.models import Path, Street
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit.columns import Choice, YesNo
from fenghuang.kit.intakes import PLACE, Intake
from fenghuang.kit.lists import Order

from .schemas import DAY, Schema, choices, in_words, is_day
from .shown import columns_read, field_choices, is_dated, states_of
from .where import place_called

AFTER, LIMIT, WITHDRAWN, CHANGED_SINCE = "after", "limit", "withdrawn", "changed_since"
PAGE, LARGEST_PAGE = 50, 200  # records
NEWEST = Order("happened_on", is_descending=True)
#: a day and an id; empty at the beginning
_KEY = "^([0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$"

Narrow = Callable[[QuerySet[Any], Any, Street], QuerySet[Any]]


@dataclass(frozen=True)
class Filter:
    """One parameter of a list: its name, what it is about, and the schema of its value."""

    name: str
    title: str
    schema: Schema
    narrow: Narrow

    def read(self, text: str) -> Any:
        """The value that stands in an address. Refused if the schema does not take it."""
        try:
            return _read(self.schema, text)
        except ValueError as error:
            raise Refused(
                "parameter",
                _("“%(name)s” must be: %(what)s.")
                % {"name": self.name, "what": in_words(self.schema)},
                where=self.name,
            ) from error


def _read(schema: Schema, text: str) -> Any:
    if schema["type"] == "boolean":
        return {"true": True, "false": False}[text] if text in ("true", "false") else _no(text)
    if schema["type"] == "integer":
        found = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else _no(text)
        return found if schema["minimum"] <= found <= schema["maximum"] else _no(text)
    if "enum" in schema:
        return text if text in schema["enum"] else _no(text)
    if schema.get("format") == "date":
        return date.fromisoformat(text) if is_day(text) else _no(text)
    return text if len(text) >= schema.get("minLength", 0) and "\0" not in text else _no(text)


def _no(text: str) -> Any:
    raise ValueError(text)


def filters_of(intake: Intake) -> list[Filter]:
    """All parameters by which the records of this kind are narrowed and their pages are found."""
    return [
        *_days("happened_on", str(term("happened_on"))),
        Filter(PLACE, _("within this place: code, name or id"), _TEXT, _in_place),
        *_states(intake),
        *_of_columns(intake),
        Filter(
            CHANGED_SINCE,
            _("changed since the journal had this size, which each answer tells"),
            {"type": "integer", "minimum": 0, "maximum": 2**53},
            _changed,
        ),
        Filter(WITHDRAWN, _("withdrawn ones too"), {"type": "boolean"}, _unchanged),
        Filter(
            AFTER,
            _("the records that follow this key, which the answer before has told"),
            {"type": "string", "pattern": _KEY},
            _unchanged,
        ),
        Filter(
            LIMIT,
            _("so many records at most; %(usual)s if it is not said") % {"usual": PAGE},
            {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
            _unchanged,
        ),
    ]


_TEXT: Schema = {"type": "string", "minLength": 1}


def _states(intake: Intake) -> Iterator[Filter]:
    cycle = intake.model.CYCLE
    if cycle is not None:
        schema = choices(states_of(intake))
        yield Filter("state", str(term("state")), schema, _equal(cycle.state_field))


def _of_columns(intake: Intake) -> Iterator[Filter]:
    for column in columns_read(intake):
        if column.get is not None or column.has_many or column.code == "happened_on":
            continue
        words = field_choices(intake, column)
        if isinstance(column.kind, Choice) and words:
            yield Filter(column.code, column.header, choices(words), _equal(column.code))
        elif isinstance(column.kind, YesNo) and column.is_stored:
            yield Filter(column.code, column.header, {"type": "boolean"}, _equal(column.code))
        elif is_dated(intake, column):
            yield from _days(column.code, column.header)


def _days(name: str, title: str) -> Iterator[Filter]:
    words = {"day": capfirst(title)}
    yield Filter(f"{name}_from", _("%(day)s from") % words, DAY, _equal(f"{name}__gte"))
    yield Filter(f"{name}_until", _("%(day)s until") % words, DAY, _equal(f"{name}__lte"))


def _equal(lookup: str) -> Narrow:
    return lambda records, value, _street: records.filter(**{lookup: value})


def _unchanged(records: QuerySet[Any], _value: Any, _street: Street) -> QuerySet[Any]:
    return records


def _in_place(records: QuerySet[Any], text: str, street: Street) -> QuerySet[Any]:
    """By where the record's place stood on the day it happened."""
    place = place_called(text, street)
    if place is None:
        raise Refused(
            "unknown_place",
            _("No place with this code, name or id is in the books."),
            where=PLACE,
        )
    on_the_day = Path.objects.filter(
        place=OuterRef("place_id"),
        ancestor=place,
        valid_from__lte=OuterRef("happened_on"),
        valid_to__gt=OuterRef("happened_on"),
    )
    return records.filter(Exists(on_the_day))


def _changed(records: QuerySet[Any], size: int, street: Street) -> QuerySet[Any]:
    changes = Entry.objects.filter(journal_id=street.pk, n__gte=size)
    return records.filter(pk__in=changes.values("record"))


class Narrowed(NamedTuple):
    """The records that were asked for, from where, and how many of them."""

    records: QuerySet[Any]
    after: str
    limit: int


def narrowed(
    sight: QuerySet[Any], filters: Sequence[Filter], query: QueryDict, street: Street
) -> Narrowed:
    """The records that an address asks for. Refused where it says something not understood."""
    known = {one.name: one for one in filters}
    given: dict[str, Any] = {}
    for name, texts in query.lists():
        if name not in known or len(texts) != 1:
            raise Refused(
                "parameter",
                _("There are these parameters, each once: %(names)s.")
                % {"names": "、".join(known)},
                where=name[:80],
            )
        given[name] = known[name].read(texts[0])
    found = sight if given.get(WITHDRAWN) else sight.filter(voided_at=None)
    for name, value in given.items():
        found = known[name].narrow(found, value, street)
    return Narrowed(found, given.get(AFTER, ""), given.get(LIMIT, PAGE))


def page(asked: Narrowed) -> tuple[list[Any], str | None]:
    """The newest records that follow the key, and the key of those that follow them, if any.

    A key is the day and the id of a record, so that what is entered meanwhile moves no page.
    """
    rows = NEWEST.sorted(asked.records)
    if asked.after:
        rows = NEWEST.beyond(rows, _key(asked.after), back=False)
    found = list(rows[: asked.limit + 1])
    has_more = len(found) > asked.limit
    found = found[: asked.limit]
    return found, f"{found[-1].happened_on.isoformat()}_{found[-1].pk}" if has_more else None


def _key(text: str) -> tuple[date, UUID]:
    day, _sign, pk = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(pk)
    except ValueError as error:
        raise Refused(
            "key", _("“after” is the key that the answer before has told."), where=AFTER
        ) from error
