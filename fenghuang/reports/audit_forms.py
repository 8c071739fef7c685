"""What people fill in to have a text audited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fenghuang.claims.claim import Claim
from fenghuang.claims.documents import Unreadable, read_document
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.terms import term

from .auditing import comparable
from .forms import EARLIEST, LATEST, places_of

MOST = 100_000  #: characters that a page takes; annual reports have a tenth of that


class TextToAudit(forms.Form):
    """A text, pasted or brought as a file, with the year and place that it reports on."""

    text = forms.CharField(
        label=gettext_lazy("paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    file = forms.FileField(
        label=gettext_lazy("or bring the file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf,.html,.htm"}),
        help_text=gettext_lazy("Word (.docx), PDF with text, .txt or a saved web page"),
    )
    year = forms.IntegerField(label=term("report_year"), min_value=EARLIEST, max_value=LATEST)
    place = forms.ChoiceField(label=term("place"))

    def __init__(self, *args: Any, street: Street, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places_of(street)
        field: Any = self.fields["place"]
        field.choices = [(key, one.name) for key, one in self.places.items()]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        file = found.get("file")
        text = found.get("text") or ""
        if file is not None and text.strip():
            raise forms.ValidationError(_("Paste the text or bring a file, not both."), code="both")
        if file is not None:
            try:
                text = read_document(file.name, file.read()).text
            except Unreadable as unreadable:
                is_chinese = (get_language() or "").startswith("zh")
                self.add_error("file", unreadable.chinese if is_chinese else unreadable.english)
                return found
        if not text.strip():
            if "file" not in self.errors:
                self.add_error("text", _("Paste a text here, or bring a file."))
            return found
        if len(text) > MOST:
            self.add_error(
                "file" if file else "text",
                _(
                    "This text has %(count)s characters; a page takes %(most)s. Audit its "
                    "chapters one by one, or use the command “fenghuang audit”."
                )
                % {"count": len(text), "most": MOST},
            )
        found["text"] = text
        found["name"] = file.name if file is not None else ""
        return found


class Meaning(forms.Form):
    """Which indicator a claim means: one that it can be compared with."""

    indicator = forms.ChoiceField(label=term("indicator"))

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.choices = [(one.code, one.zh) for one in comparable(claim)]
