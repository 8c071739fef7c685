"""How facts of a record are written for people: days, money, choices, persons, places, records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from fenghuang.kernel.places.models import Kind, Path, Place
from fenghuang.kernel.records.cycles import LifeCycle
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.terms import term
from fenghuang.kernel.worktime import DayKind, Deadline, Note, Step

_WITHIN_COMPOUND = (Kind.BUILDING, Kind.ENTRANCE, Kind.DWELLING)

NOTHING = "—"
SHORT = 11  #: letters; a day in Chinese has at most eleven


@dataclass(frozen=True)
class Shown:
    """One thing shown of a record, in a list or among its facts. A plain name is short for it.

    `name` is a field, property or dotted path; `label` is the field's own unless given; `value`
    computes it instead (what it returns is shown: text, number, date, record, SafeString).
    `because` answers the Deadline whose days explain a due date; `late` marks it as late.
    """

    name: str
    label: Any = ""
    value: Callable[[Any], Any] | None = None
    because: Callable[[Any], Deadline | None] | None = None
    late: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Fact:
    """A label and what is shown under it, ready for a template."""

    label: str
    text: str | SafeString
    because: Deadline | None = None
    is_late: bool = False

    @property
    def is_short(self) -> bool:
        """Whether it stands better on one line: days, numbers, names of a few letters."""
        return len(self.text) <= SHORT


def fact(record: Model, what: str | Shown) -> Fact:
    """What is shown of the record under that name."""
    shown = Shown(what) if isinstance(what, str) else what
    return Fact(
        label=label(type(record), shown),
        text=in_words(shown.value(record)) if shown.value else _field_in_words(record, shown.name),
        because=shown.because(record) if shown.because else None,
        is_late=bool(shown.late and shown.late(record)),
    )


def facts(record: Model, names: Sequence[str | Shown]) -> list[Fact]:
    """The facts of a record, in that order."""
    return [fact(record, one) for one in names]


def label(model: Any, what: str | Shown) -> str:
    """The heading of a fact: its own, else the field's, else the glossary's word for that name."""
    shown = Shown(what) if isinstance(what, str) else what
    if shown.label:
        return capfirst(str(shown.label))
    *way, last = shown.name.split(".")
    try:
        for step in way:
            model = model._meta.get_field(step).related_model
        return capfirst(str(model._meta.get_field(last).verbose_name))
    except FieldDoesNotExist:
        return capfirst(str(term(last)))


def _field_in_words(record: Any, name: str) -> str | SafeString:
    *way, last = name.split(".")
    for step in way:
        record = getattr(record, step)
        if record is None:
            return NOTHING
    value = getattr(record, last)
    if last.endswith("_fen"):
        return yuan(value)
    words = getattr(record, f"get_{last}_display", None)
    return in_words(words() if words else value)


def in_words(value: Any) -> str | SafeString:
    """A value as it is written on the screen; nothing is “—”, never an empty place or a 0."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        case date():
            return date_format(value, "DATE_FORMAT")
        case time():
            return time_format(value, "TIME_FORMAT")
        case Decimal():
            return f"{value.normalize():f}"
        case Record():
            # Only the number: the title may be told to those alone who may open the record.
            return format_html('<a href="{}">{}</a>', value.get_absolute_url(), value.number)
        case Place():
            return getattr(value, "full_name", value.name)
        case SafeString():
            return value
        case list() | tuple() | set():
            return format_list([in_words(one) for one in value])
        case _:
            return str(value)


def name_places(records: Sequence[Any]) -> None:
    """Give the places of these records, if they are smaller than a compound, their full names.

    A building is called 5 in every compound: people know it by the compound's name and its own.
    """
    small = {
        one.place_id: one.place
        for one in records
        if "place" in one._state.fields_cache and one.place.kind in _WITHIN_COMPOUND
    }
    if not small:
        return
    today = timezone.localdate()
    above = Path.objects.filter(
        place__in=small,
        ancestor__kind__in=(Kind.COMPOUND, *_WITHIN_COMPOUND),
        valid_from__lte=today,
        valid_to__gt=today,
    ).values_list("place_id", "ancestor__kind", "ancestor__name")
    names: dict[Any, list[tuple[int, str]]] = {}
    for place, kind, name in above:
        names.setdefault(place, []).append((list(Kind).index(Kind(kind)), name))
    for one in records:
        if one.place_id in names:
            one.place.full_name = " ".join(name for _level, name in sorted(names[one.place_id]))


def format_list(words: Sequence[str]) -> str | SafeString:
    """Several words in a row, safe if all of them are."""
    if not words:
        return NOTHING
    joined = _(", ").join(words)
    safe = all(isinstance(one, SafeString) for one in words)
    return SafeString(joined) if safe else joined


def yuan(fen: int | None) -> str:
    """An amount of money, kept in fen, in yuan with two decimals, in the reader's language."""
    return (
        NOTHING if fen is None else _("%(amount)s yuan") % {"amount": f"{Decimal(fen) / 100:,.2f}"}
    )


def days_away(day: date, today: date) -> str:
    """How far a due date is, in words: “today”, “in 3 days”, “2 days late”."""
    away = (day - today).days
    if away == 0:
        return _("due today")
    if away == 1:
        return _("due tomorrow")
    if away > 0:
        return ngettext("in %(days)d day", "in %(days)d days", away) % {"days": away}
    return ngettext("%(days)d day late", "%(days)d days late", -away) % {"days": -away}


def from_journal(field: Field[Any, Any], value: Any) -> Any:
    """A value as the journal holds it, back as the field's own, for `in_words`.

    A key of another row stays a key: whoever shows many of them asks for all at once.
    """
    if value is None:
        return None
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    match field.get_internal_type():
        case "DateField":
            return date.fromisoformat(value)
        case "DateTimeField":
            return datetime.fromisoformat(value)
        case "TimeField":
            return time.fromisoformat(value)
        case _:
            return yuan(value) if field.name.endswith("_fen") else value


def tone(cycle: LifeCycle, state: str) -> str:
    """Whether a state of the cycle is a `start`, `going`, `done` or `stopped`.

    A state is an end if only grave verbs (mistakes put right) lead out of it; an end that only
    grave verbs lead to is one without a result. Screens show the tone as a sign beside the word.
    """
    if any(v.leads.get(state, state) != state and not v.is_grave for v in cycle.verbs):
        return "start" if state in cycle.start else "going"
    into = [v for v in cycle.verbs for a, b in v.leads.items() if b == state != a]
    return "stopped" if into and all(v.is_grave for v in into) else "done"


def step_in_words(step: Step) -> str:
    """Why a day stands in the explanation of a due date."""
    words = {
        Note.EVENT_DAY: _("the day itself is not counted"),
        Note.COUNTED: _("counted: %(n)s") % {"n": step.ordinal},
        Note.DAY_OFF: _("day off, not counted"),
        Note.HOURS_RUN: _("hours run on"),
        Note.MONTH_END: _("counted: %(n)s (the last day of the month)") % {"n": step.ordinal},
        Note.ROLLED_OVER: _("day off, so it ends later"),
        Note.ROLLED_TO: _("the next working day"),
    }[step.note]
    if step.kind == DayKind.MAKE_UP_WORKDAY:
        return _("%(words)s (make-up workday)") % {"words": words}
    if step.name is not None:
        chinese = (get_language() or "").startswith("zh")
        return _("%(words)s (%(holiday)s)") % {
            "words": words,
            "holiday": step.name.zh if chinese else step.name.en,
        }
    return words
