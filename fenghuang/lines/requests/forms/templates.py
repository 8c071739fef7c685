"""What is asked about reply templates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.terms import term
from fenghuang.kit.forms import OfficeForm, Text

from ..states.orders import WORK_ORDER

#: The verbs at which a text is written, and the field of their form that takes it.
TAKES_TEXT = {
    "not_accept": "answer",
    "redirect": "answer",
    "answer": "answer",
    "ask_return": "reason",
    "refuse_return": "reason",
    "contact": "note",
    "grant_extension": "told",
    "refuse_extension": "reason",
    "submit": "answer",
    "send_back": "reason",
    "call_back": "note",
    "reopen": "reason",
}


class NewTemplate(OfficeForm):
    """A text, with fields in braces that are filled in from the order."""

    LINE = "requests"

    verb = forms.ChoiceField(label=term("reply_template.verb"))
    title = forms.CharField(label=term("reply_template.title"), max_length=60)
    text = Text(
        label=term("reply_template.text"),
        rows=4,
        max_length=2000,
        help_text=_("Filled in: {number} {category} {place} {due} {unit} {answer}"),
    )

    def fill(self) -> None:
        field = self.fields["verb"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, WORK_ORDER.by_code[code].label) for code in TAKES_TEXT]
