"""Screens of reply templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit.screens import carried_out, signed_in

from ..actions import templates as actions
from ..forms.templates import TAKES_TEXT, NewTemplate
from ..models import ReplyTemplate, WorkOrder
from ..permissions import LINE
from ..rules.orders import filled
from ..states.orders import WORK_ORDER


@login_required
def reply_templates(request: HttpRequest) -> HttpResponse:
    """The templates offered now, by verb, and for the centre a form for another one."""
    user = signed_in(request)
    street = user.street
    if street is None or not user.roles(LINE):
        raise Refused("role", _("You hold no role yet. Ask the system administrator for one."))
    form = NewTemplate(request.POST or None, actor=user)

    def add(**said: str) -> ReplyTemplate:
        return actions.add_template(street, actor=user, **said)

    if carried_out(form, add):
        messages.success(request, _("“%(name)s” is offered from now on.") % {"name": form.outcome})
        return redirect("requests:reply_templates")
    kept = list(ReplyTemplate.objects.filter(street=street, ended_on=None).order_by("title"))
    groups = [
        (WORK_ORDER.by_code[verb].label, own)
        for verb in TAKES_TEXT
        if (own := [one for one in kept if one.verb == verb])
    ]
    return render(
        request,
        "requests/reply_templates.html",
        {
            "title": term("reply_templates"),
            "groups": groups,
            "form": form,
            "keeps": Role.CENTRE in user.roles(LINE),
        },
    )


@login_required
@require_POST
def end_template(request: HttpRequest, pk: str) -> HttpResponse:
    """A template is offered no longer."""
    user = signed_in(request)
    streets = {held.street_id for held in user.current_appointments}
    template = get_object_or_404(ReplyTemplate, pk=pk, street__in=streets)
    actions.end_template(template, actor=user, on=timezone.localdate())
    messages.success(request, _("“%(name)s” is offered no longer.") % {"name": template})
    return redirect("requests:reply_templates")


def offered(order: WorkOrder, verb: str) -> list[tuple[ReplyTemplate, str]]:
    """The templates for a verb, each with its text filled in for this order."""
    if verb not in TAKES_TEXT:
        return []
    kept = ReplyTemplate.objects.filter(street=order.street_id, verb=verb, ended_on=None)
    values = _values(order)
    return [(one, filled(one.text, values)) for one in kept.order_by("title")]


def _values(order: WorkOrder) -> Mapping[str, str]:
    due = order.due_at or order.promised_at
    return {
        "number": order.number,
        "category": str(order.get_category_display()),
        "place": str(order.place),
        "due": date_format(timezone.localtime(due), "DATETIME_FORMAT"),
        "unit": str(order.unit or ""),
        "answer": order.answer,
    }


def first_values(request: HttpRequest, verb: str, texts: Any) -> dict[str, str]:
    """The form's first text, where a template was chosen by its link."""
    chosen = request.GET.get("template", "")
    text = next((text for one, text in texts if str(one.pk) == chosen), None)
    return {} if text is None else {TAKES_TEXT[verb]: text}
