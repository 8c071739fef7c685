"""How actions change records. Each writes the record and its journal entry in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.people.models import User
from fenghuang.kernel.refusal import Refused

from .models import Link, Record
from .numbers import human, take
from .together import Together

R = TypeVar("R", bound=Record)


class AlreadyEntered(Refused):
    """The same client key was sent before: `record` is the one that was made then."""

    def __init__(self, record: Record) -> None:
        super().__init__(
            "already_entered",
            _("This was already entered as %(number)s. Nothing was added.")
            % {"number": record.number},
        )
        self.record = record


def _notes(verb: str, ground: str) -> dict[str, Any]:
    return {"@verb": verb} | ({"@ground": ground} if ground else {})


def _number_code(record: Record) -> str:
    # The line's door says it; the kernel does not know doors.
    door: Any = apps.get_app_config(record.LINE)
    return str(door.number_code)


def enter(
    record: R,
    *,
    actor: User,
    verb: str = "enter",
    ground: str = "",
    many: Mapping[str, Sequence[Any]] | None = None,
) -> R:
    """Give a new record its number and keep it, with its journal entry.

    The number's year is that of the event. Raises AlreadyEntered for a client key seen before.
    """
    _prepare([record], actor)
    with _once([record]), transaction.atomic():
        write.add(
            record,
            by=actor.pseudonym,
            notes=_notes(verb, ground),
            m2m=many,
            before=lambda: _number([record]),
        )
    return record


def enter_all(
    records: Sequence[Record], *, actor: User, verb: str = "enter", ground: str = ""
) -> None:
    """Many new records of one street in one transaction, all or none.

    They are numbered in the order given within line and year. Raises AlreadyEntered, with one of
    the records entered before, if a client key was seen before.
    """
    if not records:
        return
    _prepare(records, actor)
    group = write.Group(records, actor.pseudonym, _notes(verb, ground))
    street = records[0].street_id
    with _once(records):
        if connection.in_atomic_block:
            write.add_groups(street, lambda: [group], before=_number)
        else:
            _together.do(street, group)


def _add(street: UUID, groups: Callable[[], Sequence[write.Group]]) -> None:
    with transaction.atomic():
        write.add_groups(street, groups, before=_number)


_together = Together(_add)


def _prepare(records: Sequence[Record], actor: User) -> None:
    now = timezone.now()
    for record in records:
        record.entered_at, record.entered_by = now, actor


def _number(records: Sequence[Any]) -> None:
    def series(record: Record) -> tuple[Any, str, int]:
        return record.street_id, record.LINE, record.happened_on.year

    for (street, line, year), group in groupby(sorted(records, key=series), key=series):
        own = list(group)
        for record, number in zip(own, take(street, line, year, len(own)), strict=True):
            record.number = human(_number_code(record), year, number)


def _entered_before(records: Sequence[Record]) -> Record | None:
    """A record that was entered under the client key of one of these."""
    keys = [record.client_key for record in records if record.client_key]
    if not keys:
        return None
    same = type(records[0]).objects.filter(street=records[0].street_id, client_key__in=keys)
    found: Record | None = same.first()
    return found


@contextmanager
def _once(records: Sequence[Record]) -> Iterator[None]:
    """The database lets a client key through only once; say so, and which record has it."""
    try:
        yield
    except IntegrityError as error:
        before = _entered_before(records)
        if before is None:
            raise
        write.await_disk()  # what was entered before may be on its way there still
        raise AlreadyEntered(before) from error


def change(
    record: R,
    verb: str,
    *,
    actor: User,
    ground: str = "",
    op: str = "fix",
    many: Mapping[str, Sequence[Any]] | None = None,
    **values: Any,
) -> R:
    """Set these fields and keep the record, with its journal entry."""
    with transaction.atomic():
        for name, value in values.items():
            setattr(record, name, value)
        for name, others in (many or {}).items():
            getattr(record, name).set(others)
        write.fix(record, by=actor.pseudonym, op=op, notes=_notes(verb, ground))
    return record


def void(record: R, *, actor: User, ground: str, verb: str = "void") -> R:
    """Withdraw a record: it keeps its number and its history, and counts nowhere."""
    return change(record, verb, actor=actor, ground=ground, op="void", voided_at=timezone.now())


def void_all(records: Sequence[Record], *, actor: User, ground: str, verb: str = "void") -> None:
    """Withdraw many records of one street in one transaction, all or none."""
    now = timezone.now()
    for record in records:
        record.voided_at = now
    with transaction.atomic():
        write.fix_all(records, by=actor.pseudonym, op="void", notes=_notes(verb, ground))


def check(record: R, *, actor: User) -> R:
    """A second person confirms that the record is as it happened."""
    if record.entered_by_id == actor.pk:
        raise Refused(
            "second_person",
            _("You did this yourself; somebody else must confirm it. Ask a colleague."),
        )
    return change(
        record, "check", actor=actor, op="approve", checked_by=actor, checked_at=timezone.now()
    )


def link(source: Record, kind: Link.Kind, target: Record, *, actor: User) -> Link:
    """One record leads to another; seen from both."""
    with transaction.atomic():
        made = Link(
            street_id=source.street_id,
            kind=kind,
            source_type=source._meta.label_lower,
            source_id=source.pk,
            target_type=target._meta.label_lower,
            target_id=target.pk,
        )
        write.add(made, by=actor.pseudonym, notes={"@verb": "link"})
    return made


def unlink(made: Link, *, actor: User, ground: str) -> None:
    """The link was a mistake; it stays in the history."""
    with transaction.atomic():
        made.removed_at = timezone.now()
        write.fix(made, by=actor.pseudonym, op="void", notes=_notes("unlink", ground))


PURGE_ON = "_purge_on"  #: a personal field `contact` has its last day in `contact_purge_on`,
PURGE_ALL_ON = "personal_purge_on"  #: or in this field, where all go on the same day


def purge_personal(today: date, *, actor: User) -> Iterator[tuple[Record, list[str]]]:
    """Erase every personal value whose day has come (that day included), one record at a time.

    The journal keeps a receipt that names the fields and the ground, never the values.
    Source: Personal Information Protection Law 19, 47.
    """
    for model in apps.get_models():
        if not issubclass(model, Record) or not model.PERSONAL:
            continue
        for day, names in _purge_days(model).items():
            held = Q()
            for name in names:
                held |= ~Q(**{name: ""})
            for record in model.objects.filter(held, **{f"{day}__lte": today}).iterator():
                kept = [name for name in names if getattr(record, name)]
                with transaction.atomic():
                    write.erase(
                        record,
                        kept,
                        ground=_("The time for which it may be kept is over."),
                        by=actor.pseudonym,
                    )
                yield record, kept


def _purge_days(model: type[Record]) -> dict[str, list[str]]:
    """The personal fields of a class, by the field with the day on which they go."""
    fields = {field.name for field in model._meta.get_fields()}
    days: dict[str, list[str]] = {}
    for name in model.PERSONAL:
        own = f"{name}{PURGE_ON}"
        days.setdefault(own if own in fields else PURGE_ALL_ON, []).append(name)
    return days
