"""What people fill in: which year and place they look at, and the text of a chapter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.indicators import periods
from fenghuang.indicators.periods import Period
from fenghuang.kernel.places.models import Community, Place, Street
from fenghuang.kernel.terms import term

EARLIEST, LATEST = 1990, 2199


def places_of(street: Street) -> dict[str, Place]:
    """The street and its communities by key: the places that a report may be on."""
    communities = Community.objects.filter(street=street).order_by("name")
    return {str(street.pk): street, **{str(one.pk): one for one in communities}}


class Chosen(forms.Form):
    """A year, and the street or one of its communities. What is not understood is the default.

    `period` and `where` answer what was chosen: this year and the whole street to begin with.
    """

    year = forms.IntegerField(
        label=term("report_year"), min_value=EARLIEST, max_value=LATEST, required=False
    )
    place = forms.ChoiceField(label=term("place"), required=False)

    def __init__(self, data: Any, *, street: Street, year: int | None = None) -> None:
        data = {name: data[name] for name in ("year", "place") if name in data}
        if year is not None:
            data["year"] = str(year)
        data.setdefault("year", str(timezone.localdate().year))
        super().__init__(data)
        self.places = places_of(street)
        choices = [(key, one.name) for key, one in self.places.items()]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.is_valid()
        chosen = self.cleaned_data.get("year") or timezone.localdate().year
        self.period: Period = periods.year(chosen)
        self.where: Place = self.places.get(self.cleaned_data.get("place", ""), street)
        self.query = f"year={chosen}&place={self.where.pk}"


class ChapterText(forms.Form):
    """The text of a chapter; `seen` says what its writer opened."""

    text = forms.CharField(
        label=term("chapter_text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "Figures stand in slots and come from the records. Names with a digit go in “ ”. "
            "An empty line begins a new paragraph, ## a heading."
        )
