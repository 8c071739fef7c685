"""Who stands in for whom: named for some days, seen by both, ended by itself or before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.people.actions import (
    end_substitution,
    may_name_substitute,
    name_substitute,
)
from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import Day, ModelChoice, OfficeForm
from fenghuang.kit.screens import carried_out, signed_in


class NameSubstitute(OfficeForm):
    absent = ModelChoice(label=gettext_lazy("who is absent"), queryset=User.objects.none())
    substitute = ModelChoice(label=term("substitute"), queryset=User.objects.none())
    first = Day(label=gettext_lazy("first day"), initial=timezone.localdate)
    last = Day(label=gettext_lazy("last day"))

    def fill(self) -> None:
        held = list(_held_in_streets(self.actor))
        may = {one.user_id for one in held if may_name_substitute(self.actor, one)}
        staff = {one.user_id for one in held}
        for name, offered in (("absent", may), ("substitute", staff - {self.actor.pk})):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = User.objects.filter(is_active=True, pk__in=offered).order_by(
                "display_name"
            )
        self.fields["absent"].initial = self.actor.pk


def _held_in_streets(user: User) -> Any:
    streets = {held.street_id for held in user.current_appointments}
    return (
        Appointment.objects.valid_on(timezone.localdate())
        .filter(street__in=streets, user__is_active=True)
        .select_related("place", "user")
    )


def substitutes(request: HttpRequest) -> HttpResponse:
    """Those who stand in for somebody now or later, as far as it concerns this person."""
    user = signed_in(request)
    if "end" in request.POST:
        return _end(request, user)
    form = NameSubstitute(request.POST or None, actor=user)

    def name(*, absent: User, substitute: User, first: date, last: date) -> list[Appointment]:
        return name_substitute(absent, substitute, actor=user, first=first, last=last)

    if carried_out(form, name):
        messages.success(request, _("The substitute is named. It ends by itself."))
        return redirect("substitutes")
    return render(request, "web/substitutes.html", {"form": form, "shown": concerning(user)})


def _end(request: HttpRequest, user: User) -> HttpResponse:
    shown = {str(one.pk): one for one in concerning(user)}
    if request.POST["end"] in shown:
        end_substitution(shown[request.POST["end"]], actor=user)
        messages.success(request, _("The substitution has ended."))
    return redirect("substitutes")


def concerning(user: User) -> list[Appointment]:
    """One appointment for each pair of people and span in which this person has a part, by day."""
    today = timezone.localdate()
    streets = {held.street_id for held in user.current_appointments}
    held = (
        Appointment.objects.filter(
            stands_in_for__isnull=False, valid_to__gt=today, street__in=streets
        )
        .select_related("user", "stands_in_for", "place")
        .order_by("valid_from", "pk")
    )
    own = _held_in_streets(user)
    looked_after = {one.user_id for one in own if may_name_substitute(user, one)}
    pairs: dict[Any, Appointment] = {}
    for one in held:
        if user.pk in (one.user_id, one.stands_in_for_id) or one.stands_in_for_id in looked_after:
            pairs.setdefault((one.user_id, one.stands_in_for_id, one.valid_from), one)
    return list(pairs.values())


def now_for(user: User) -> tuple[list[Appointment], list[Appointment]]:
    """Whom the person stands in for today, and who stands in for the person; one of each pair."""
    mine = {
        held.stands_in_for_id: held
        for held in user.current_appointments
        if held.stands_in_for_id is not None
    }
    today = Appointment.objects.valid_on(timezone.localdate())
    for_me = {
        held.user_id: held for held in today.filter(stands_in_for=user).select_related("user")
    }
    return list(mine.values()), list(for_me.values())
