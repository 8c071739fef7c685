"""What is asked about routing rules and duty lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.terms import term
from fenghuang.kit.forms import Number, OfficeForm, OneOf, PlaceChoice, TimeOfDay, UnitChoice

from ..models import Category, RoutingRule
from .meetings import WHERE

LINE = "requests"


class NewRule(OfficeForm):
    """A rule, and where in the table it is put. What is left empty fits all."""

    LINE = LINE

    category = forms.ChoiceField(
        label=term("category"),
        choices=[("", _("every category")), *Category.choices],
        required=False,
    )
    place = PlaceChoice(
        label=term("place"), kinds=WHERE, required=False, empty_label=_("everywhere")
    )
    days = OneOf(RoutingRule.Days, label=term("routing.days"), initial=RoutingRule.Days.ALL)
    from_time = TimeOfDay(label=term("routing.from_time"), required=False)
    to_time = TimeOfDay(
        label=term("routing.to_time"),
        required=False,
        help_text=_("Not included. A span such as 18:00 to 8:00 goes through the night."),
    )
    unit = UnitChoice(label=term("unit"))
    number = Number(
        label=term("routing.rank"),
        min_value=1,
        max_value=999,
        help_text=_("The rules are tried in this order; the first that fits says the unit."),
    )


class Try(OfficeForm):
    """A dry run: an order as it might come in."""

    LINE = LINE

    category = OneOf(Category, label=term("category"))
    place = PlaceChoice(label=term("place"), kinds=WHERE)
    at = forms.DateTimeField(
        label=_("moment"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Now, if left empty."),
    )

    def clean_at(self) -> Any:
        return self.cleaned_data["at"] or timezone.now()


class NewDuty(OfficeForm):
    LINE = LINE

    unit = UnitChoice(label=term("unit"))
    category = OneOf(Category, label=term("category"))
    citation = forms.CharField(label=term("duty.citation"), max_length=200)


class DutySheet(OfficeForm):
    """A workbook with the columns 单位, 类别 and 依据."""

    LINE = LINE

    file = forms.FileField(
        label=_("file"),
        help_text=_("An Excel file or CSV with the columns 单位, 类别 and 依据."),
    )
