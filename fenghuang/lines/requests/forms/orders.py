"""What is asked about work orders. A form's fields are the arguments of its action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.evidence.queries import evidence_of
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import (
    Day,
    OfficeForm,
    OneOf,
    PlaceChoice,
    RecordNumber,
    StaffChoice,
    Text,
    UnitChoice,
)

from ..models import Callback, Category, Satisfied, Solved, WorkOrder
from ..states.orders import HANDLES
from .meetings import WHERE
from .offers import offered_units, suggested_categories

LINE = "requests"


class NewOrder(OfficeForm):
    """A request as the clerk takes it down."""

    LINE = LINE

    text = Text(label=term("request_text"), rows=3, max_length=4000)
    place = PlaceChoice(label=term("place"), kinds=WHERE)
    where_exactly = forms.CharField(label=term("where_exactly"), max_length=120, required=False)
    category = OneOf(Category, label=term("category"))
    kind = OneOf(WorkOrder.Kind, label=term("order.kind"), initial=WorkOrder.Kind.HELP)
    level = OneOf(WorkOrder.Level, label=term("order.level"), initial=WorkOrder.Level.ORDINARY)
    channel = OneOf(
        [one for one in WorkOrder.Channel.choices if one[0] not in ("web", "program")],
        label=term("channel"),
        initial=WorkOrder.Channel.HOTLINE,
    )
    order_no = forms.CharField(label=term("order_no"), max_length=40, required=False)
    contact_name = forms.CharField(label=term("contact_name"), max_length=40, required=False)
    contact = forms.CharField(
        label=term("contact"),
        required=False,
        max_length=80,
        help_text=_("Only if the person wants an answer. Kept no longer than needed, then erased."),
    )


class Plain(OfficeForm):
    """Nothing is asked; the button is enough."""


class Reason(OfficeForm):
    reason = Text(label=_("why"), rows=3)


class NotAccept(OfficeForm):
    ground = OneOf(WorkOrder.RefusalGround, label=term("refusal_ground"))
    turn_to = forms.CharField(label=term("turn_to"), max_length=120)
    answer = Text(label=term("answer"), rows=3)


class Redirect(OfficeForm):
    turn_to = forms.CharField(label=term("turn_to"), max_length=120)
    answer = Text(label=term("answer"), rows=3)


class Answer(OfficeForm):
    answer = Text(label=term("answer"), rows=4)


class File(OfficeForm):
    kind = OneOf(WorkOrder.Kind, label=term("order.kind"))
    category = OneOf(Category, label=term("category"))
    level = OneOf(WorkOrder.Level, label=term("order.level"))

    def fill(self) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(self.record, name, None)
        self.fields["category"].help_text = suggested_categories(self.record)


class Dispatch(OfficeForm):
    LINE = LINE

    unit = UnitChoice(label=term("lead_unit"))
    co_unit = UnitChoice(label=term("co_units"), required=False)
    handler = StaffChoice(label=term("handler"), roles=HANDLES, required=False)
    reason = Text(label=_("why this unit, if it is not on its duty list"), rows=2, required=False)

    def fill(self) -> None:
        self.fields["unit"].help_text = offered_units(self.record)
        sent: Any = self.data
        if self.is_bound and sent.get("offered"):  # the button beside the list was pressed
            self.data = {**sent.dict(), "unit": sent["offered"]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        helping = cleaned.pop("co_unit", None)
        cleaned["co_units"] = [helping] if helping else []
        return cleaned


class DispatchMany(OfficeForm):
    """Many orders to one unit."""

    LINE = LINE

    unit = UnitChoice(label=term("lead_unit"))
    handler = StaffChoice(label=term("handler"), roles=HANDLES, required=False)
    reason = Text(label=_("why this unit, if it is not on its duty list"), rows=2, required=False)


class AskReturn(OfficeForm):
    ground = OneOf(WorkOrder.ReturnGround, label=term("return_ground"))
    citation = forms.CharField(label=term("return_citation"), max_length=200)
    reason = Text(label=_("why"), rows=3)


class Contact(OfficeForm):
    note = Text(label=_("what was said, without names"), rows=3)


class HandOver(OfficeForm):
    LINE = LINE

    handler = StaffChoice(label=term("handler"), roles=HANDLES)
    note = Text(label=_("what the colleague should know"), rows=2, required=False)


class AddCoUnit(OfficeForm):
    LINE = LINE

    unit = UnitChoice(label=term("co_units"))


class AskExtension(OfficeForm):
    until = Day(label=term("extension_until"))
    reason = Text(label=term("extension_reason"), rows=3)


class GrantExtension(OfficeForm):
    told = Text(label=_("how and when the appellant was told"), rows=2, required=False)


class Hold(OfficeForm):
    cause = Text(label=term("hold_cause"), rows=4)


class ReviewHold(OfficeForm):
    finding = Text(label=_("what was found"), rows=3)


class Submit(OfficeForm):
    result = OneOf(WorkOrder.Result, label=term("order.result"))
    answer = Text(label=term("answer"), rows=4)


class Verify(OfficeForm):
    finding = Text(label=_("what you saw"), rows=2, required=False)


class CallBack(OfficeForm):
    solved = OneOf(Solved, label=term("solved"))
    satisfied = OneOf(Satisfied, label=term("satisfied"))
    through = OneOf(
        [one for one in Callback.Through.choices if one[0] != Callback.Through.LINK],
        label=term("callback.through"),
        initial=Callback.Through.PHONE,
    )
    note = Text(label=term("callback.note"), rows=2, required=False, max_length=500)


class Try(OfficeForm):
    note = Text(label=term("callback.note"), rows=2, required=False, max_length=500)


class Merge(OfficeForm):
    into = RecordNumber(WorkOrder, label=_("the order under which it is handled"))


class AskExclusion(OfficeForm):
    ground = OneOf(WorkOrder.ExclusionGround, label=term("exclusion_ground"))
    reason = Text(label=term("exclusion_reason"), rows=3)


class Publish(OfficeForm):
    public_text = Text(
        label=term("public_text"),
        rows=4,
        required=False,
        help_text=_("No names, no numbers of doors or telephones. Empty: nothing is shown."),
    )
    shown_photos: Any = forms.ModelMultipleChoiceField(
        label=term("shown_photos"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def fill(self) -> None:
        photos: Any = self.fields["shown_photos"]
        photos.queryset = evidence_of(self.record).filter(file__width__isnull=False)
        self.fields["public_text"].initial = self.record.public_text or self.record.text
        photos.initial = list(self.record.shown_photos.all())
