"""What is asked of the rates and the bulletin: a period, and what numbers are told apart by."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fenghuang.indicators import periods
from fenghuang.indicators.periods import Period
from fenghuang.kernel.terms import term

from ..queries.rates import By

EARLIEST, LATEST = 1990, 2199

_BY = (
    (By.UNIT, term("unit")),
    (By.COMMUNITY, term("community")),
    (By.CATEGORY, term("category")),
    (By.MONTH, _("month")),
)
_MONTHS = (("", _("whole year")), *((str(n), str(n)) for n in range(1, 13)))


def period_named(name: str) -> Period:
    """The year or month of that name, as 2021 or 2021-06. ValueError for anything else."""
    year, _dash, month = name.partition("-")
    if not EARLIEST <= int(year) <= LATEST:
        raise ValueError(name)
    return periods.month(int(year), int(month)) if month else periods.year(int(year))


class ChosenRates(forms.Form):
    """Year, month and grouping. What is not understood is the default: this year, by unit."""

    by = forms.ChoiceField(label=_("Told apart by"), choices=_BY, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST, max_value=LATEST, required=False)
    month = forms.ChoiceField(label=_("Month"), choices=_MONTHS, required=False)

    def __init__(self, data: Any) -> None:
        given = {name: data[name] for name in ("by", "year", "month") if name in data}
        given.setdefault("by", By.UNIT.value)
        given.setdefault("year", str(timezone.localdate().year))
        super().__init__(given)
        self.is_valid()
        year = self.cleaned_data.get("year") or timezone.localdate().year
        month = self.cleaned_data.get("month")
        self.grouping = By(self.cleaned_data.get("by") or By.UNIT)
        self.period = periods.month(year, int(month)) if month else periods.year(year)


class ChosenMonth(forms.Form):
    """A month; last month to begin with, since this one is not over."""

    month = forms.CharField(
        label=_("Month"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )

    def __init__(self, data: Any) -> None:
        last = timezone.localdate().replace(day=1) - timedelta(days=1)
        self.period = periods.month(last.year, last.month)
        if len(data.get("month", "")) == len("2021-06"):
            with suppress(ValueError):  # no month: the last one is shown, and the field says so
                self.period = period_named(data["month"])
        super().__init__({"month": self.period.name})


def month_in_words(month: date) -> str:
    """The month as official papers write it.

    >>> month_in_words(date(2021, 6, 1))
    '2021年6月'
    """
    return f"{month.year}年{month.month}月"
