"""The screens on which the system administrator gives out tokens and takes them back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.terms import term
from fenghuang.kit.door import lines
from fenghuang.kit.forms import OfficeForm, OneOf, PlaceChoice, StaffChoice
from fenghuang.kit.lists import AREAS, grouped
from fenghuang.kit.screens import carried_out, for_administrators, signed_in

from . import actions
from .models import Token

MOST = 200  #: tokens on the page


def _as_access(code: str) -> str:
    return code if code in Token.Access.values else Token.Access.BOTH


class NewToken(OfficeForm):
    user = StaffChoice(
        label=term("user"),
        help_text=gettext_lazy("The program may do what this person may do, and nothing else."),
    )
    label = forms.CharField(
        label=gettext_lazy("what the token is for"),
        max_length=60,
        help_text=gettext_lazy(
            "The program and its machine, for example “hotline gateway, room 3”."
        ),
    )
    access = OneOf(
        [("both", Token.Access.BOTH.label)]
        + [(one.value, one.label) for one in (Token.Access.READ, Token.Access.WRITE)],
        label=gettext_lazy("what it may do"),
        initial="both",
        coerce=_as_access,
    )
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("work lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("All of them, if none is chosen."),
    )
    place = PlaceChoice(
        label=term("place"),
        required=False,
        empty_label=gettext_lazy("wherever the person works"),
        help_text=gettext_lazy("The program sees and enters only what lies there."),
    )
    days = OneOf(
        [
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            ("180", gettext_lazy("half a year")),
            ("365", gettext_lazy("a year")),
        ],
        label=gettext_lazy("valid for"),
        initial="90",
        coerce=int,
    )

    def fill(self) -> None:
        self.fields["lines"].choices = [(line.code, line.title) for line in lines()]  # type: ignore[attr-defined]  # it is the field of choices above
        place = self.fields["place"]
        assert isinstance(place, PlaceChoice)
        place.offer(grouped(Q(street__in=administered(self.actor)), AREAS))


def _tokens(actor: User) -> QuerySet[Token]:
    return Token.objects.filter(street__in=administered(actor))


@require_safe
@for_administrators
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that open something today; those that do no more stand below."""
    now = timezone.now()
    found = list(
        _tokens(signed_in(request))
        .select_related("user", "place")
        .order_by("-created_at")[: MOST + 1]
    )
    return render(
        request,
        "api/tokens.html",
        {
            "valid": [one for one in found[:MOST] if one.is_valid_at(now)],
            "former": [one for one in found[:MOST] if not one.is_valid_at(now)],
            "has_more": len(found) > MOST,
        },
    )


@for_administrators
def issue(request: HttpRequest) -> HttpResponse:
    """Issue a token; its text is shown on the page that answers, and never again."""
    actor = signed_in(request)
    form = NewToken(request.POST if request.method == "POST" else None, actor=actor)
    if carried_out(form, actions.issue_token, actor=actor):
        secret, token = form.outcome
        return render(request, "api/issued.html", {"secret": secret, "token": token})
    return render(request, "api/issue.html", {"form": form})


@for_administrators
def revoke(request: HttpRequest, pk: Any) -> HttpResponse:
    """Revoke a token, after asking."""
    actor = signed_in(request)
    token = get_object_or_404(_tokens(actor).select_related("user"), pk=pk)
    if request.method == "POST":
        actions.revoke_token(token, actor=actor)
        messages.success(request, _("The token opens nothing any more."))
        return redirect("tokens")
    return render(request, "api/revoke.html", {"token": token})
