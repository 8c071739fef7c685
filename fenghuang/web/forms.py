"""The sign-in, and the forms of the system administrator."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.places.models import Kind
from fenghuang.kernel.terms import term
from fenghuang.kit.door import lines
from fenghuang.kit.forms import Day, OfficeForm, OneOf, PlaceChoice, UnitChoice
from fenghuang.kit.lists import grouped


class SignIn(LoginForm):  # type: ignore[misc]  # the library has no types
    """The library's form with the office's words, and without words inside the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = term("username")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def user_credentials(self) -> dict[str, Any]:
        """What is tried, with the name under which django-axes counts the failures."""
        tried: dict[str, Any] = super().user_credentials()
        return tried | {settings.AXES_USERNAME_FORM_FIELD: tried.get("username")}


_LEVELS = (Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.BUILDING)


class AdministeredPlace(PlaceChoice):
    """A place of the streets whose people the administrator looks after."""

    def fill(self, form: OfficeForm) -> None:
        self.offer(grouped(Q(street__in=administered(form.actor)), self.kinds))


class RoleForm(OfficeForm):
    """What an appointment is made of."""

    role = OneOf(Role, label=term("role"))
    place = AdministeredPlace(
        _LEVELS, label=term("place"), help_text=_("The person looks after all that stands in it.")
    )
    line = forms.ChoiceField(label=term("line"), required=False)

    def fill(self) -> None:
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (Appointment.ALL_LINES, _("all lines")),
            *((line.code, line.title) for line in lines()),
        ]


class Employ(RoleForm):
    """A new member of staff and a first role."""

    display_name = forms.CharField(label=term("display_name"), max_length=60)
    username = forms.CharField(
        label=term("username"),
        max_length=60,
        validators=User._meta.get_field("username").validators,
        help_text=_("Letters and digits, to sign in with; it cannot be changed later."),
    )
    unit = UnitChoice(label=term("unit"), required=False)

    field_order = ("display_name", "username", "unit", "role", "place", "line")


class Appoint(RoleForm):
    """A further role."""

    valid_from = Day(label=term("valid_from"), initial=timezone.localdate)


class Dismiss(OfficeForm):
    """The end of a role."""

    on = Day(
        label=term("valid_to"),
        initial=timezone.localdate,
        help_text=_("The first day on which the role no longer holds."),
    )
