"""What is asked when a place changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model, Q
from django.forms.models import fields_for_model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.places.models import PARENTS, Kind, Place, Position
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import Day, OfficeForm, PlaceChoice
from fenghuang.kit.lists import day_input, grouped

MANY = 10**9  #: more than any number in a name


class OfPlace(OfficeForm):
    """A form about `place`, which is of the class of its level (None: about no single place)."""

    def __init__(self, *args: Any, place: Any = None, **kwargs: Any) -> None:
        self.place = place
        super().__init__(*args, **kwargs)


class ByDocument(OfPlace):
    """What every change of a place rests on."""

    on = Day(
        label=_("from which day"),
        not_after_today=True,
        help_text=_("The first day on which the change holds, as the document says."),
    )
    document = forms.CharField(
        label=term("ground_document"), max_length=60, help_text=_("for example 凤街发〔2021〕8号")
    )


class Rename(ByDocument):
    name = forms.CharField(label=_("new name"), max_length=80)

    field_order = ("name",)


class Move(ByDocument):
    parent = PlaceChoice(label=_("where it stands from then on"))

    field_order = ("parent",)

    def fill(self) -> None:
        field = self.fields["parent"]
        assert isinstance(field, PlaceChoice)
        field.offer(grouped(Q(street=self.place.street_id), sorted(PARENTS[self.place.kind])))


class Merge(ByDocument):
    into = PlaceChoice(label=_("which place goes on"))

    field_order = ("into",)

    def fill(self) -> None:
        others = Q(street=self.place.street_id) & ~Q(pk=self.place.pk)
        field = self.fields["into"]
        assert isinstance(field, PlaceChoice)
        field.offer(grouped(others, [self.place.kind]))


class Retire(ByDocument):
    """Only the day and the document."""


class Split(ByDocument):
    """The names of the parts, and for everything that stands in the place the part it goes to."""

    first = forms.CharField(label=_("name of the first part"), max_length=80)
    second = forms.CharField(label=_("name of the second part"), max_length=80)
    third = forms.CharField(label=_("name of the third part"), max_length=80, required=False)

    field_order = ("first", "second", "third")
    PARTS = (("0", _("first")), ("1", _("second")), ("2", _("third")))

    def fill(self) -> None:
        self.groups = inside_by_parent(self.place)
        for _parent, places in self.groups:
            for place in places:
                self.fields[f"part-{place.pk}"] = forms.TypedChoiceField(
                    label=place.name,
                    choices=self.PARTS,
                    coerce=int,
                    initial="0",
                    widget=forms.RadioSelect,
                )

    def grouped_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields for what stands in the place, under the name of what else it stands in."""
        return [
            (parent, [self[f"part-{place.pk}"] for place in places])
            for parent, places in self.groups
        ]

    def asked_fields(self) -> list[forms.BoundField]:
        """The other fields."""
        return [field for field in self.visible_fields() if not field.name.startswith("part-")]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = [given.get("first", ""), given.get("second", ""), given.get("third", "")]
        names = [name for name in names if name]
        parts = {
            UUID(name.removeprefix("part-")): part
            for name, part in given.items()
            if name.startswith("part-")
        }
        for place, part in parts.items():
            if part >= len(names):
                self.add_error(f"part-{place}", _("There is no third part without a name."))
        return {
            "names": names,
            "parts": parts,
            "on": given.get("on"),
            "document": given.get("document"),
        }


def inside_by_parent(place: Place) -> list[tuple[str, list[Place]]]:
    """What stands in a place today, by the name of what else it stands in (“” for nothing else).

    Places that were merged into it before stand in it too: their records go on under a part.
    """
    today = timezone.localdate()
    inside = [
        one.place
        for one in Position.objects.valid_on(today).filter(parent=place).select_related("place")
    ]
    other = dict(
        Position.objects.valid_on(today)
        .filter(place__in=inside)
        .exclude(parent=place)
        .values_list("place_id", "parent__name")
    )
    groups: dict[str, list[Place]] = {}
    for one in sorted(
        inside, key=lambda one: (list(Kind).index(Kind(one.kind)), counted(one.name))
    ):
        groups.setdefault(other.get(one.pk, ""), []).append(one)
    return sorted(groups.items())


def counted(name: str) -> list[tuple[int, str]]:
    """By what names with numbers in them are sorted: 2栋 comes before 10栋.

    >>> sorted(["10栋", "2栋", "甲栋"], key=counted)
    ['2栋', '10栋', '甲栋']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(int(part), "") if part.isdecimal() else (MANY, part) for part in parts]


class Describe(OfPlace):
    """The facts of a place, as they now stand."""

    NAMES: Sequence[str] = ()

    def fill(self) -> None:
        model: type[Model] = type(self.place)
        for name, field in fields_for_model(model, self.NAMES).items():
            if isinstance(field, forms.DateField):
                field.widget = day_input()
            field.label = capfirst(str(field.label))
            field.initial = getattr(self.place, name)
            self.fields[name] = field


class BringOutlines(OfficeForm):
    file = forms.FileField(
        label=_("GeoJSON file"),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )


class Redraw(ByDocument):
    """The document by which outlines that differ are drawn anew."""
