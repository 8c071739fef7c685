"""The screen of units: the departments and outside bodies that work can be given to."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.actions import found_unit
from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import OfficeForm, OneOf
from fenghuang.kit.screens import carried_out, for_administrators, signed_in

from .context import own_street


class NewUnit(OfficeForm):
    name = forms.CharField(label=term("unit"), max_length=60)
    kind = OneOf(Unit.Kind, label=term("unit_kind"), initial=Unit.Kind.DEPARTMENT)


@for_administrators
def units(request: HttpRequest) -> HttpResponse:
    """The units in being today, and a form for another one."""
    user, today = signed_in(request), timezone.localdate()
    street = own_street(user)
    form = NewUnit(request.POST or None, actor=user)

    def found(*, name: str, kind: str) -> Unit:
        return found_unit(street, name, kind, valid_from=today, by=user.pseudonym)

    if carried_out(form, found):
        messages.success(request, _("%(unit)s is added.") % {"unit": form.outcome})
        return redirect("units")
    standing = Unit.objects.valid_on(today).filter(street=street).order_by("kind", "name")
    return render(request, "web/units.html", {"form": form, "units": standing})
