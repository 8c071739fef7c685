"""What is asked about hot spots."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.terms import term
from fenghuang.kit.forms import Day, OfficeForm, OneOf, Text

from ..models import Category, Problem

LONGEST = timedelta(days=366 * 2)


def _a_year_ago() -> date:
    return timezone.localdate() - timedelta(days=364)


class Period(OfficeForm):
    """The days that are looked through, both inclusive."""

    LINE = "requests"

    first = Day(label=gettext_lazy("from"), initial=_a_year_ago)
    last = Day(label=gettext_lazy("until"), initial=timezone.localdate)
    category = forms.ChoiceField(
        label=term("category"),
        choices=[("", gettext_lazy("every category")), *Category.choices],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not first <= last <= first + LONGEST:
            raise ValidationError(
                _("Give a first day before the last one, two years apart at most."), code="period"
            )
        return cleaned


class ActBeforehand(OfficeForm):
    """What the street takes up by itself."""

    LINE = "requests"

    text = Text(label=term("problem.text"), rows=3)
    urgency = OneOf(Problem.Urgency, label=term("urgency"), initial=Problem.Urgency.DIFFICULT)
