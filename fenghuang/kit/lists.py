"""Long lists: filters, pages found by key, counts that stop counting.

A page costs the same at the beginning and at the end of a million records: it is found by the day
and id of the record beside it, through the index over both, and nothing is counted past a limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.people.scope import scope_of, within
from fenghuang.kernel.places.models import Kind, Path, Place, Position
from fenghuang.kernel.records.models import RecordQuerySet
from fenghuang.kernel.records.numbers import human
from fenghuang.kernel.terms import term

from . import door
from .shown import in_words, label

PAGE = 20
COUNT_UP_TO = 1000
LOOK_THROUGH = 100_000

AREAS = (Kind.COMMUNITY, Kind.GRID)

_ANY = ("", gettext_lazy("any"))


def day_input() -> forms.DateInput:
    """The browser's own calendar; it sends and takes days as 2021-12-31 in every language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Filter(Protocol):
    """One thing by which a list may be narrowed."""

    def fields(self, model: Any, user: Any) -> dict[str, forms.Field]:
        """Its fields in the form above the list."""

    def narrow(self, records: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
        """The records that fit what was given; all of them where nothing was."""


@dataclass(frozen=True)
class Choice:
    """Filter: one of a field's choices."""

    name: str
    label: Any = ""

    def fields(self, model: Any, user: Any) -> dict[str, forms.Field]:
        choices = model._meta.get_field(self.name).flatchoices
        return {
            self.name: forms.ChoiceField(
                label=self.label or label(model, self.name), choices=[_ANY, *choices]
            )
        }

    def narrow(self, records: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
        chosen = given.get(self.name)
        return records.filter(**{self.name: chosen}) if chosen else records


@dataclass(frozen=True)
class Days:
    """Filter: from a day until a day, both inclusive."""

    name: str = "happened_on"
    label: Any = ""

    def fields(self, model: Any, user: Any) -> dict[str, forms.Field]:
        of = {"day": self.label or label(model, self.name)}
        return {
            f"{self.name}_from": forms.DateField(label=_("%(day)s from") % of, widget=day_input()),
            f"{self.name}_until": forms.DateField(
                label=_("%(day)s until") % of, widget=day_input()
            ),
        }

    def narrow(self, records: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
        if first := given.get(f"{self.name}_from"):
            records = records.filter(**{f"{self.name}__gte": first})
        if last := given.get(f"{self.name}_until"):
            records = records.filter(**{f"{self.name}__lte": last})
        return records


@dataclass(frozen=True)
class InPlace:
    """Filter: in a community or grid, by where the record's place stood on the day it happened."""

    def fields(self, model: Any, user: Any) -> dict[str, forms.Field]:
        choices = areas(user, model.LINE)
        if len(names(choices)) < 2:
            return {}
        return {"place": forms.ChoiceField(label=term("place"), choices=[_ANY, *choices])}

    def narrow(self, records: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
        if not given.get("place"):
            return records
        on_the_day = Path.objects.filter(
            place=OuterRef("place_id"),
            ancestor=given["place"],
            valid_from__lte=OuterRef("happened_on"),
            valid_to__gt=OuterRef("happened_on"),
        )
        return records.filter(Exists(on_the_day))


@dataclass(frozen=True)
class YesNo:
    """Filter: a yes-or-no field; for a condition give `when` (a Q), and it is that or anything."""

    name: str
    label: Any = ""
    when: Q | None = None

    def fields(self, model: Any, user: Any) -> dict[str, forms.Field]:
        if self.when is not None:
            return {self.name: forms.BooleanField(label=self.label)}
        return {
            self.name: forms.ChoiceField(
                label=self.label or label(model, self.name),
                choices=[_ANY, ("1", _("yes")), ("0", _("no"))],
            )
        }

    def narrow(self, records: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
        chosen = given.get(self.name)
        if not chosen:
            return records
        return records.filter(Q(**{self.name: chosen == "1"}) if self.when is None else self.when)


def grouped(where: Q, kinds: Sequence[str]) -> list[Any]:
    """The places of these levels in being today that fit a condition, grouped for a select.

    A community heads the group of its grids; other places stand under their parent's name.
    """
    today = timezone.localdate()
    parent = Position.objects.valid_on(today).filter(place=OuterRef("pk"))
    rows = (
        Place.objects.valid_on(today)
        .filter(where, kind__in=kinds)
        .annotate(above=Subquery(parent.values("parent__name")[:1]))
        .order_by("name")
        .values_list("pk", "kind", "name", "above")
    )
    streets: list[tuple[str, str]] = []
    groups: dict[str, list[tuple[str, str]]] = {}
    for pk, kind, name, above in rows:
        if kind == Kind.STREET:
            streets.append((str(pk), _("all of %(place)s") % {"place": name}))
        elif kind == Kind.COMMUNITY:
            whole = (str(pk), _("all of %(place)s") % {"place": name})
            groups.setdefault(name, []).insert(0, whole)
        else:
            groups.setdefault(above or "", []).append((str(pk), name))
    return [*streets, *sorted(groups.items())]


def areas(user: Any, line: str, kinds: Sequence[str] = AREAS) -> list[Any]:
    """The places that a person looks after in a line today, grouped for a select."""
    return grouped(within(scope_of(user, line), user, place="pk"), kinds)


def names(choices: Sequence[Any]) -> dict[str, str]:
    """Key and name of all choices, those in groups too."""
    flat: dict[str, str] = {}
    for key, words in choices:
        flat |= dict(words) if isinstance(words, list) else {str(key): str(words)}
    return flat


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it says, and the address of the list without it."""

    text: str
    without: str


class Filters(forms.Form):
    """The form above a list. What is not understood in an address narrows nothing."""

    def __init__(
        self,
        asked: QueryDict,
        *,
        model: Any,
        user: Any,
        filters: Sequence[Filter],
        sorts: Sequence[tuple[str, Any]],
        can_search: bool,
    ) -> None:
        super().__init__(asked)
        self.asked = asked
        self.filters = (*filters, YesNo("withdrawn", _("Show withdrawn ones too"), Q()))
        if can_search:
            self.fields["q"] = forms.CharField(
                label=_("Search"), max_length=80, widget=forms.TextInput(attrs={"type": "search"})
            )
        for each in self.filters:
            self.fields |= each.fields(model, user)
        self.fields["sort"] = forms.ChoiceField(label=_("Order"), choices=list(sorts))
        for field in self.fields.values():
            field.required = False
            field.label = capfirst(str(field.label))
        self.is_valid()
        self.given = {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, records: RecordQuerySet) -> QuerySet[Any]:
        if not self.given.get("withdrawn"):
            records = records.standing()
        narrowed: QuerySet[Any] = records
        for each in self.filters:
            narrowed = each.narrow(narrowed, self.given)
        return narrowed

    def chips(self) -> list[Chip]:
        found = []
        for name, value in self.given.items():
            if name == "sort":
                continue
            field = self.fields[name]
            without = self.asked.copy()
            for one in (name, "older", "newer"):
                without.pop(one, None)
            if isinstance(field, forms.BooleanField):
                text = str(field.label)
            else:
                text = _("%(filter)s: %(value)s") % {
                    "filter": field.label,
                    "value": names(getattr(field, "choices", ())).get(value) or in_words(value),
                }
            found.append(Chip(text, f"?{without.urlencode()}"))
        return found


@dataclass(frozen=True)
class Order:
    """By a day or moment that every record has, and the id where several share it."""

    field: str
    is_descending: bool

    def sorted(self, records: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        sign = "-" if self.is_descending != backwards else ""
        return records.order_by(f"{sign}{self.field}", f"{sign}id")

    def beyond(
        self, records: QuerySet[Any], key: tuple[date, UUID], *, back: bool
    ) -> QuerySet[Any]:
        day, pk = key
        than = "lt" if self.is_descending != back else "gt"
        # The first condition bounds the walk through the index; the second is exact.
        return records.filter(
            Q(**{f"{self.field}__{than}e": day}),
            Q(**{f"{self.field}__{than}": day}) | Q(**{f"id__{than}": pk}),
        )


@dataclass(frozen=True)
class Page:
    """Some records in order, and the keys of those before and after, empty at either end."""

    records: list[Any]
    before: str
    after: str


def page(records: QuerySet[Any], order: Order, *, after: str = "", before: str = "") -> Page:
    """The records that follow a key (or precede it), at most PAGE; from the start without a key."""
    key = _key(before or after)
    back = bool(before and key)
    rows = order.sorted(records, backwards=back)
    if key:
        rows = order.beyond(rows, key, back=back)
    found = list(rows[: PAGE + 1])
    has_more = len(found) > PAGE
    found = found[:PAGE]
    if back:
        found.reverse()
    first, last = (_token(found[0], order), _token(found[-1], order)) if found else ("", "")
    return Page(
        found,
        before=first if (has_more if back else key) else "",
        after=last if back or has_more else "",
    )


def _token(record: Any, order: Order) -> str:
    return f"{getattr(record, order.field).isoformat()}_{record.pk}"


def _key(token: str) -> tuple[date, UUID] | None:
    day, _sign, pk = token.partition("_")
    kind = datetime if "T" in day else date
    try:
        return kind.fromisoformat(day), UUID(pk)
    except ValueError:
        return None


def count_in_words(records: QuerySet[Any]) -> str:
    """How many there are, counted no further than the limit: “17”, “1000+”."""
    count = records.order_by()[: COUNT_UP_TO + 1].count()
    return f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else str(count)


def in_own_streets(records: RecordQuerySet, user: Any) -> RecordQuerySet:
    """The same records, said so that the index over street and day is used to find them.

    Whatever a person may see lies in the streets of their appointments.
    """
    return records.filter(street__in={held.street_id for held in user.current_appointments})


def look_for(
    records: QuerySet[Any], text: str, names: Sequence[str], user: Any
) -> tuple[QuerySet[Any], date | None]:
    """The records with that text among the newest of the street, and since which day was looked.

    None for the day if all were looked through. The number of a record of this year or the last two
    may be given by its last digits alone.
    """
    model = records.model
    looked_since = (
        in_own_streets(model.objects.all(), user)
        .order_by("-happened_on", "-id")
        .values_list("happened_on", flat=True)[LOOK_THROUGH : LOOK_THROUGH + 1]
        .first()
    )
    if looked_since is not None:
        records = records.filter(happened_on__gte=looked_since)
    found = Q(number=text.upper())
    if text.isdecimal() and len(text) < 8:
        code, year = door.line(model.LINE).number_code, timezone.localdate().year
        found |= Q(number__in=[human(code, year - back, int(text)) for back in range(3)])
    for name in names:
        found |= Q(**{f"{name}__icontains": text})
    return records.filter(found), looked_since
