"""Forms as the office fills them in, and the fields that lines share.

    class Fix(OfficeForm):
        fixed_on = Day(label=term("fixed_on"), not_after_today=True)
        fixed_how = Text(label=term("fixed_how"))
        cost_fen = Yuan(label=term("cost"), required=False)

The names of the fields are the names of the action's arguments. A form whose choices depend on who
fills it in, or on the record, narrows them in `fill`; fields with a `fill` of their own
(`PlaceChoice`, `UnitChoice`, `StaffChoice`, `RecordNumber`) do so by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.people.models import Appointment, Unit, User
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.refusal import Refused

from .lists import AREAS, areas, day_input, names

if TYPE_CHECKING:
    ModelChoice = forms.ModelChoiceField[Any]
else:
    ModelChoice = forms.ModelChoiceField


class OfficeForm(forms.Form):
    """`actor` fills it in; `record` is what it is about (None for a new one)."""

    LINE = ""  #: whose scope the fields are narrowed by, where there is no record

    def __init__(self, *args: Any, actor: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.record = actor, record
        self.line_code: str = record.LINE if record is not None else self.LINE
        self.outcome: Any = None
        self.refusal: Refused | None = None
        for field in self.fields.values():
            field.error_messages["required"] = _("Please fill this in.")
            if isinstance(field, Narrowed):
                field.fill(self)
        self.fill()

    def fill(self) -> None:
        """For forms whose choices or first values depend on actor or record."""


class Narrowed(forms.Field):
    """A field whose choices depend on who fills in the form."""

    def fill(self, form: OfficeForm) -> None:
        raise NotImplementedError


class Day(forms.DateField):
    """A day. `not_after_today` for what has happened already; the first value is then today."""

    def __init__(self, *, not_after_today: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", day_input())
        if not_after_today:
            kwargs.setdefault("initial", timezone.localdate)
        super().__init__(**kwargs)
        self.not_after_today = not_after_today

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.not_after_today and value > timezone.localdate():
            raise ValidationError(
                _("This day is still to come. Enter the day on which it happened."), code="future"
            )


class TimeOfDay(forms.TimeField):
    """A time of day, to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(**kwargs)


class Text(forms.CharField):
    """Some sentences."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault("max_length", 4000)
        super().__init__(**kwargs)


class Number(forms.IntegerField):
    """A whole number, from 0 unless told."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(**kwargs)


class Yuan(forms.DecimalField):
    """An amount in yuan with at most two decimals; its value is a whole number of fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("help_text", gettext_lazy("in yuan, for example 1280.50"))
        super().__init__(max_digits=14, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> int | None:
        amount: Decimal | None = super().clean(value)
        return None if amount is None else int(amount * 100)

    def prepare_value(self, value: Any) -> Any:
        # What the database holds is fen; what somebody typed is text.
        return Decimal(value) / 100 if isinstance(value, int) else value


class OneOf(forms.TypedChoiceField):
    """One of a few choices: as buttons to press where there are at most six, else as a list."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        choices = list(getattr(choices, "choices", choices))
        if not kwargs.get("required", True):
            choices = [("", gettext_lazy("not stated")), *choices]
        if len(choices) <= 6:
            kwargs.setdefault("widget", forms.RadioSelect)
        elif kwargs.get("required", True):
            choices = [("", gettext_lazy("Choose …")), *choices]
        super().__init__(choices=choices, **kwargs)


class PlaceChoice(Narrowed, ModelChoice):
    """A place that the person looks after: communities and grids unless other levels are named."""

    def __init__(self, kinds: Sequence[str] = AREAS, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", gettext_lazy("Choose …"))
        super().__init__(queryset=Place.objects.none(), **kwargs)
        self.kinds = kinds

    def fill(self, form: OfficeForm) -> None:
        self.offer(areas(form.actor, form.line_code, self.kinds))

    def offer(self, choices: list[Any]) -> None:
        """Let the person choose among these; a single one is chosen already."""
        offered = names(choices)
        self.queryset = Place.objects.filter(pk__in=offered)
        self.choices = [("", self.empty_label), *choices]
        if len(offered) == 1 and self.required:
            [self.initial] = offered


class UnitChoice(Narrowed, ModelChoice):
    """A unit of the person's street, in being today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Unit.objects.none(), empty_label=gettext_lazy("Choose …"), **kwargs
        )

    def fill(self, form: OfficeForm) -> None:
        self.queryset = (
            Unit.objects.valid_on(timezone.localdate())
            .filter(street__in=_streets(form.actor))
            .order_by("kind", "name")
        )


class StaffChoice(Narrowed, ModelChoice):
    """A colleague who works in the line today, optionally in one of these roles."""

    def __init__(self, roles: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(
            queryset=User.objects.none(), empty_label=gettext_lazy("Choose …"), **kwargs
        )
        self.roles = roles

    def fill(self, form: OfficeForm) -> None:
        self.queryset = staff(_streets(form.actor), form.line_code, self.roles)


class RecordNumber(Narrowed, forms.CharField):
    """Another record, by its number; its value is the record. `model` may be left to `fill`."""

    def __init__(self, model: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("help_text", gettext_lazy("its number, for example REQ-2021-00017"))
        super().__init__(**kwargs)
        self.records: QuerySet[Any] | None = None
        self.model = model

    def fill(self, form: OfficeForm) -> None:
        self.records = self.model.objects.visible_to(form.actor).standing()
        if form.record is not None and isinstance(form.record, self.model):
            self.records = self.records.exclude(pk=form.record.pk)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        assert self.records is not None
        found = self.records.filter(number=number.upper()).first()
        if found is None:
            raise ValidationError(
                _("There is no such number among the records you can open. Look in the list."),
                code="unknown_number",
            )
        return found


def _streets(user: Any) -> set[Any]:
    return {held.street_id for held in user.current_appointments}


def staff(streets: Any, line: str, roles: frozenset[str] = frozenset()) -> QuerySet[User]:
    """Those who hold a role in the line today in these streets, by name."""
    held = Appointment.objects.valid_on(timezone.localdate()).filter(
        street__in=streets, line__in=(Appointment.ALL_LINES, line)
    )
    if roles:
        held = held.filter(role__in=roles)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("display_name")
