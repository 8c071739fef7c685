"""What the line asks people. A form's fields are the arguments of its action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.places.models import Kind
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import (
    Day,
    Number,
    OfficeForm,
    OneOf,
    PlaceChoice,
    RecordNumber,
    StaffChoice,
    Text,
    TimeOfDay,
    UnitChoice,
    Yuan,
)

from ..models import Category, Meeting, Problem, ProjectItem
from ..states.meetings import FIXES

WHERE = (Kind.COMMUNITY, Kind.GRID, Kind.COMPOUND)
LINE = "requests"


class MeetingFacts(OfficeForm):
    """A meeting that was held: what the clerk types first."""

    LINE = LINE

    happened_on = Day(label=term("happened_on"), not_after_today=True)
    held_at = TimeOfDay(label=term("meeting.held_at"), required=False)
    place = PlaceChoice(label=term("place"))
    venue = forms.CharField(label=term("venue"), max_length=80)
    theme = forms.CharField(label=term("theme"), max_length=80)
    chair = forms.CharField(
        label=term("chair"),
        max_length=40,
        help_text=gettext_lazy(
            "the office held, for example community secretary; no name is needed"
        ),
    )
    attendances = Number(label=term("attendances"), max_value=100_000)
    count_method = OneOf(
        Meeting.CountMethod, label=term("count_method"), initial=Meeting.CountMethod.SIGN_IN
    )
    minutes = Text(label=term("minutes"), required=False, rows=2)


class PlannedMeeting(OfficeForm):
    LINE = LINE

    happened_on = Day(label=term("happened_on"))
    held_at = TimeOfDay(label=term("meeting.held_at"), required=False)
    place = PlaceChoice(label=term("place"))
    venue = forms.CharField(label=term("venue"), max_length=80)
    theme = forms.CharField(label=term("theme"), max_length=80)
    chair = forms.CharField(label=term("chair"), max_length=40)


def numbered(choices: Any) -> list[tuple[str, str]]:
    """Choices with a number before each, so that two keys choose one.

    >>> numbered([("road", "roads")])
    [('road', '1 roads')]
    """
    return [(code, f"{index} {label}") for index, (code, label) in enumerate(choices, 1)]


class ProblemRow(OfficeForm):
    """One row of the quick form. A row without a description is not there."""

    LINE = LINE
    use_required_attribute = False

    text = forms.CharField(
        label=term("problem.text"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    category = forms.ChoiceField(label=term("category"), required=False)
    urgency = forms.ChoiceField(
        label=term("urgency"), choices=Problem.Urgency.choices, initial=Problem.Urgency.WORRYING
    )
    answer = forms.CharField(
        label=term("disposition.answered_on_site"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )

    def fill(self) -> None:
        self.fields["category"].choices = [("", "—"), *numbered(Category.choices)]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def is_empty(self) -> bool:
        return not self.cleaned_data.get("text", "").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("text", "").strip():
            if not cleaned.get("category"):
                self.add_error("category", _("Choose a category for this problem."))
        elif cleaned.get("answer", "").strip():
            self.add_error(
                "text", _("There is an answer here, but no problem. Describe the problem.")
            )
        return cleaned


class NewProblem(OfficeForm):
    LINE = LINE

    text = Text(label=term("problem.text"), rows=3, max_length=2000)
    category = OneOf(Category, label=term("category"))
    place = PlaceChoice(label=term("place"), kinds=WHERE)
    happened_on = Day(label=term("happened_on"), not_after_today=True)
    urgency = OneOf(Problem.Urgency, label=term("urgency"), initial=Problem.Urgency.WORRYING)
    channel = OneOf(
        [one for one in Problem.Channel.choices if one[0] != Problem.Channel.MEETING],
        label=term("channel"),
        initial=Problem.Channel.GRID,
    )
    contact = forms.CharField(
        label=term("contact"),
        required=False,
        max_length=80,
        help_text=gettext_lazy(
            "Only if the person wants an answer. Kept no longer than needed, then erased."
        ),
    )


class Hold(OfficeForm):
    attendances = Number(label=term("attendances"), max_value=100_000)
    count_method = OneOf(
        Meeting.CountMethod, label=term("count_method"), initial=Meeting.CountMethod.SIGN_IN
    )
    minutes = Text(label=term("minutes"), required=False)


class Reason(OfficeForm):
    reason = Text(label=term("disposition_reason"), rows=3)


class OnDay(OfficeForm):
    on = Day(label=gettext_lazy("on"), not_after_today=True)


class Answer(OnDay):
    answer = Text(label=term("answer"), rows=3)


class MakeSmallMatter(OnDay):
    title = forms.CharField(label=term("matter_title"), max_length=120)
    handler = StaffChoice(label=term("handler"), roles=FIXES, required=False)
    unit = UnitChoice(label=term("unit"), required=False)

    def fill(self) -> None:
        if self.record is not None:
            self.fields["title"].initial = self.record.text[:120]


class PutOnProjectList(OnDay):
    item = RecordNumber(
        ProjectItem,
        label=gettext_lazy("item that answers it already"),
        required=False,
        help_text=gettext_lazy("the number of an item on the list; leave it empty for a new item"),
    )
    title = forms.CharField(label=term("item_title"), max_length=120)
    unit = UnitChoice(label=term("responsible_unit"))
    due_on = Day(label=term("due_on"))
    budget_fen = Yuan(label=term("budget"), required=False)

    def fill(self) -> None:
        if self.record is not None:
            self.fields["title"].initial = self.record.text[:120]


class ListFurtherItem(OnDay):
    title = forms.CharField(label=term("item_title"), max_length=120)
    unit = UnitChoice(label=term("responsible_unit"))
    due_on = Day(label=term("due_on"))
    budget_fen = Yuan(label=term("budget"), required=False)


class NewSmallMatter(OfficeForm):
    LINE = LINE

    matter_title = forms.CharField(label=term("matter_title"), max_length=120)
    category = OneOf(Category, label=term("category"))
    place = PlaceChoice(label=term("place"), kinds=WHERE)
    happened_on = Day(label=term("happened_on"), not_after_today=True)
    handler = StaffChoice(label=term("handler"), roles=FIXES, required=False)


class ReferUp(OnDay):
    unit = UnitChoice(label=term("unit"))
    reason = Text(label=term("disposition_reason"), rows=3)


class Merge(OnDay):
    into = RecordNumber(Problem, label=gettext_lazy("the other problem"))


class NotAccept(OnDay):
    reason = Text(
        label=term("disposition_reason"),
        rows=3,
        help_text=gettext_lazy("Say why, and where the person can turn instead."),
    )


class Feedback(OfficeForm):
    feedback = OneOf(Problem.Feedback, label=term("feedback"))


class Progress(OfficeForm):
    progress = Number(label=term("progress"), max_value=100, help_text=gettext_lazy("in per cent"))
    note = Text(label=gettext_lazy("what was done"), rows=2, required=False)


class AddProblem(OfficeForm):
    problem = RecordNumber(Problem, label=term("problem"))


class Fix(OnDay):
    how = Text(label=term("fixed_how"), rows=2)
    cost_fen = Yuan(label=term("cost"), required=False)


class HandOver(OfficeForm):
    handler = StaffChoice(label=term("handler"), roles=FIXES, required=False)
    unit = UnitChoice(label=term("unit"), required=False)
