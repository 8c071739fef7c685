"""What is asked of residents without an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.places.models import Place
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import OfficeForm, OneOf, Text
from fenghuang.kit.lists import names

from ..models import Category, Satisfied, Solved
from ..queries import public as queries
from ..rules.public import given_away
from .orders import Publish

if TYPE_CHECKING:
    ModelChoice = forms.ModelChoiceField[Any]
else:
    ModelChoice = forms.ModelChoiceField

PHOTOS = 3
PHOTO_BYTES = 8 * 1024 * 1024


class SomePictures(forms.ClearableFileInput):
    """Several pictures in one field."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class Pictures(forms.FileField):
    """At most three pictures; what they are is found out when they are kept."""

    widget = SomePictures

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > PHOTOS:
            raise ValidationError(
                _("Please choose %(most)s pictures at most.") % {"most": PHOTOS}, code="too_many"
            )
        for one in given:
            if one.size > PHOTO_BYTES:
                raise ValidationError(
                    _("A picture may have 8 MB at most. Choose a smaller one."), code="too_large"
                )
        return [super(Pictures, self).clean(one, initial) for one in given]


def pictures() -> Pictures:
    return Pictures(
        label=term("photo"),
        required=False,
        widget=SomePictures(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy(
            "Up to 3, 8 MB each. Camera and place are taken out; only staff see them, unless "
            "somebody checked and published them. Avoid faces and number plates."
        ),
    )


class Area(ModelChoice):
    """A community, grid or compound; `text` narrows the list to what residents call so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Place.objects.none(), empty_label=gettext_lazy("Choose …"), **kwargs
        )

    def offer(self, text: str = "") -> int:
        """Offer what is called so; how many there are. Any place of the whole list is taken."""
        today = timezone.localdate()
        choices: Sequence[Any] = queries.places(text, today)
        self.queryset = Place.objects.valid_on(today).filter(kind__in=queries.AREAS)
        self.choices = [("", self.empty_label), *choices]
        return len(names(choices))


class What(OfficeForm):
    """The first step: what it is, and where."""

    text = Text(label=gettext_lazy("What is the matter?"), rows=4, max_length=2000)
    find = forms.CharField(
        label=gettext_lazy("Find the place by its name"), max_length=40, required=False
    )
    place = Area(label=term("place"), required=False)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    category = forms.ChoiceField(
        label=term("category"),
        choices=[("", gettext_lazy("not sure")), *Category.choices],
        required=False,
    )

    def fill(self) -> None:
        wanted = str(self.data.get("find", ""))[:40] if self.is_bound else ""
        area: Any = self.fields["place"]
        self.found = area.offer(wanted)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.pop("find", None)
        longitude, latitude = cleaned.get("lon"), cleaned.get("lat")
        has_point = longitude is not None and latitude is not None
        if has_point and not cleaned.get("place"):
            cleaned["place"] = queries.place_at(
                float(longitude or 0), float(latitude or 0), timezone.localdate()
            )
        if not cleaned.get("place") and "place" not in self.errors:
            self.add_error(
                "place",
                ValidationError(
                    _("Please choose where it is; the community is enough."), code="no_place"
                ),
            )
        cleaned["category"] = cleaned.get("category") or Category.OTHER
        cleaned["exactly_at"] = f"{longitude:.6f},{latitude:.6f}" if has_point else ""
        return cleaned


class Send(What):
    """The second step: pictures, and how to reach whoever sends it, if they wish."""

    where_exactly = forms.CharField(
        label=gettext_lazy("Where exactly"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: beside the east gate. Only staff see this."),
    )
    photos: Any = pictures()
    contact_name = forms.CharField(
        label=gettext_lazy("How shall we address you?"), max_length=40, required=False
    )
    contact = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("The last field must stay empty. Empty it and send again."), code="robot"
            )
        return ""


class Number(OfficeForm):
    number = forms.CharField(
        label=term("number"), max_length=24, help_text=gettext_lazy("for example REQ-2021-00017")
    )


class Code(OfficeForm):
    code = forms.CharField(
        label=gettext_lazy("Code on the slip"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class Add(OfficeForm):
    note = Text(label=gettext_lazy("What is new?"), rows=3, max_length=1000)
    photos: Any = pictures()


class Withdraw(OfficeForm):
    note = Text(label=gettext_lazy("why"), rows=2, max_length=300, required=False)


class Answer(OfficeForm):
    """The callback, answered by the appellant."""

    solved = OneOf(
        [one for one in Solved.choices if one[0] != Solved.NO_ANSWER],
        label=gettext_lazy("Is it solved?"),
    )
    satisfied = OneOf(
        [one for one in Satisfied.choices if one[0] != Satisfied.NO_ANSWER],
        label=gettext_lazy("Are you satisfied?"),
    )
    note = Text(label=gettext_lazy("Anything to add?"), rows=3, max_length=500, required=False)


class Follow(OfficeForm):
    place = Area(label=term("place"))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def fill(self) -> None:
        area: Any = self.fields["place"]
        area.offer()

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("The last field must stay empty. Empty it and send again."), code="robot"
            )
        return ""


def _thumbnail(photo: Any) -> SafeString:
    """A picture to choose, as a small picture."""
    return format_html(
        '<img src="{}" alt="{}" width="160" loading="lazy">',
        reverse("evidence_thumbnail", args=[photo.pk]),
        photo,
    )


class PublishChecked(Publish):
    """What is published, after a look at what it may give away: the person decides."""

    is_checked = forms.BooleanField(
        label=gettext_lazy("I have looked at it: it may be published so"), required=False
    )

    def fill(self) -> None:
        super().fill()
        photos: Any = self.fields["shown_photos"]
        photos.label_from_instance = _thumbnail
        if not photos.queryset.exists():
            del self.fields["shown_photos"]
        if self.record.closed_on and self.record.answer:
            self.fields["public_text"].help_text = _("With it the answer is shown: %(answer)s") % {
                "answer": self.record.answer
            }
        self.warnings = given_away(self._text())

    def _text(self) -> str:
        text = self.data.get("public_text", "") if self.is_bound else ""
        return f"{text}\n{self.record.answer if self.record.closed_on else ''}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_checked = cleaned.pop("is_checked", False)
        if cleaned.get("public_text") and self.warnings and not is_checked:
            self.add_error(
                "is_checked",
                ValidationError(
                    _("This may say who somebody is or where they live: %(words)s")
                    % {"words": "、".join(one.words for one in self.warnings)},
                    code="given_away",
                ),
            )
        return cleaned
