"""What happened to a record so far, read from the journal and put in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.journal import read
from fenghuang.kernel.journal.read import Change
from fenghuang.kernel.people.models import User
from fenghuang.kernel.records.models import Record

from .shown import from_journal, in_words

#: Verbs that every record has, whatever its life cycle.
GENERAL = {
    "enter": gettext_lazy("Entered"),
    "import": gettext_lazy("Imported"),
    "correct": gettext_lazy("Corrected"),
    "void": gettext_lazy("Withdrawn"),
    "check": gettext_lazy("Checked by a second person"),
    "purge": gettext_lazy("Personal data removed"),
    "note_from_outside": gettext_lazy("Note from another system"),
}
_BY_OP = {
    "add": GENERAL["enter"],
    "fix": GENERAL["correct"],
    "void": GENERAL["void"],
    "approve": GENERAL["check"],
    "erase": GENERAL["purge"],
}

#: Bookkeeping that says nothing to people beside who and when.
_SILENT = frozenset(
    {"street", "number", "entered_at", "entered_by", "checked_at", "checked_by", "voided_at"}
    | {
        "source",
        "batch",
        "client_key",
        "rule_version",
        "contact_purge_on",
        "personal_purge_on",
        "slip_code",
        "moved_at",
    }
)


@dataclass(frozen=True)
class Changed:
    """One field, before and after in words; `before` is empty where nothing stood there."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One journal entry in words."""

    n: int
    at: datetime
    who: str
    what: str
    ground: str
    changed: list[Changed]
    erased: list[str]


def timeline(record: Record, *, since: int = -1) -> list[Event]:
    """What happened to the record after entry `since`, newest first (all of it by default)."""
    changes = [change for change in read.history(record.pk) if change.n > since]
    names = dict(
        User.objects.filter(pseudonym__in={change.by for change in changes}).values_list(
            "pseudonym", "display_name"
        )
    )
    others = _Others(type(record), changes)
    return [
        Event(
            n=change.n,
            at=change.at,
            who=names.get(change.by, _("the system")),
            what=_what(record, change),
            ground=change.ground,
            changed=[
                Changed(
                    capfirst(str(field.verbose_name)),
                    others.in_words(field, before) if before is not None else "",
                    others.in_words(field, after),
                )
                for name, before, after in change.changed
                if name not in _SILENT and (field := _field(type(record), name)) is not None
            ],
            erased=[
                capfirst(str(field.verbose_name))
                for name in change.erased
                if (field := _field(type(record), name)) is not None
            ],
        )
        for change in reversed(changes)
    ]


def _what(record: Record, change: Change) -> str:
    verb = record.CYCLE.by_code.get(change.verb) if record.CYCLE else None
    if verb is not None:
        return str(verb.label)
    names = {**GENERAL, **record.EVENTS}
    return str(names.get(change.verb, _BY_OP.get(change.op, change.op)))


def _field(model: type[Model], name: str) -> Field[Any, Any] | None:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:  # a field of an earlier version of the house
        return None
    return field if isinstance(field, Field) else None


class _Others:
    """The other rows that the changes name, fetched with one query for each kind of row."""

    def __init__(self, model: type[Model], changes: Iterable[Change]) -> None:
        wanted: dict[type[Model], set[str]] = {}
        for change in changes:
            for name, before, after in change.changed:
                field = None if name in _SILENT else _field(model, name)
                if isinstance(field, ForeignKey | ManyToManyField):
                    keys = wanted.setdefault(field.related_model, set())
                    keys |= {*_keys(before), *_keys(after)}
        self.rows = {
            related: {
                str(key): row for key, row in related._base_manager.in_bulk(_typed(keys)).items()
            }
            for related, keys in wanted.items()
        }

    def in_words(self, field: Field[Any, Any], value: Any) -> str:
        if isinstance(field, ForeignKey | ManyToManyField):
            rows = self.rows[field.related_model]
            return in_words([rows.get(key, key) for key in _keys(value)])
        return in_words(from_journal(field, value))


def _keys(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [str(value)]


def _typed(keys: set[str]) -> list[int | UUID]:
    return [int(key) if key.isdigit() else UUID(key) for key in keys]
