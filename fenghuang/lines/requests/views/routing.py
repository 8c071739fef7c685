"""Screens of the routing table and of the duty lists."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.door import line
from fenghuang.kit.screens import carried_out, refusal_page, signed_in

from ..actions import routing as actions
from ..columns.duties import Read, read_duties
from ..forms import routing as forms
from ..models import Duty, RoutingRule
from ..permissions import LINE
from ..queries import routing as queries
from ..rules.routing import Miss

_WHY_NOT = {
    Miss.CATEGORY: gettext_lazy("another category"),
    Miss.PLACE: gettext_lazy("another place"),
    Miss.DAY: gettext_lazy("another kind of day"),
    Miss.TIME: gettext_lazy("another time of day"),
}


def _street(request: HttpRequest) -> Street:
    street = signed_in(request).street
    if street is None:
        raise Refused("role", _("You hold no role yet. Ask the system administrator for one."))
    return street


def _may_route(request: HttpRequest) -> bool:
    return actions.may_route(signed_in(request), _street(request).pk)


def _one(request: HttpRequest, model: Any, name: str) -> Any:
    """The rule or duty in force that is asked for, of one's own street; else 404."""
    key = request.POST.get(name) or request.GET.get(name, "")
    standing = model.objects.valid_on(timezone.localdate()).filter(street=_street(request))
    try:
        found = standing.filter(pk=key).first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise Http404(key)
    return found


@login_required
def routing(request: HttpRequest) -> HttpResponse:
    """The rules in their order, and a dry run: which fires, and why the earlier ones do not."""
    table = queries.table_on(_street(request), timezone.localdate())
    form = forms.Try(request.GET if "category" in request.GET else None, actor=request.user)
    tried: list[dict[str, Any]] = []
    if form.is_valid():
        facts = form.cleaned_data
        tried = [
            {"number": number, "rule": one.rule.unit, "why": one.miss and _WHY_NOT[one.miss]}
            for number, one in enumerate(
                queries.explained(table, facts["category"], facts["place"].pk, facts["at"]), 1
            )
        ]
    return render(
        request,
        "requests/routing.html",
        {
            "line": line(LINE),
            "table": [(number, rule) for number, rule in enumerate(table, 1)],
            "form": form,
            "tried": tried,
            "fires": tried[-1] if tried and tried[-1]["why"] is None else None,
            "was_tried": form.is_bound and form.is_valid(),
            "may_route": _may_route(request),
        },
    )


def _centre_only(request: HttpRequest) -> HttpResponse | None:
    if _may_route(request):
        return None
    return refusal_page(
        request,
        Refused(
            "role",
            _("The governance centre looks after the routing table. Ask there for a change."),
        ),
    )


def _change(
    request: HttpRequest, table: Sequence[RoutingRule], draft: Sequence[RoutingRule]
) -> queries.Change:
    return queries.what_would_change(
        table, draft, _street(request), signed_in(request), timezone.localdate()
    )


@login_required
def routing_add(request: HttpRequest) -> HttpResponse:
    """A new rule. “What would change” tries it on the last 90 days and enters nothing."""
    if refused := _centre_only(request):
        return refused
    street, today = _street(request), timezone.localdate()
    table, change = queries.table_on(street, today), None

    def add(*, number: int, **facts: Any) -> RoutingRule:
        rule = RoutingRule(street=street, **facts)
        return actions.add_rule(rule, actor=signed_in(request), number=number, today=today)

    if request.method == "POST":
        form = forms.NewRule(request.POST, actor=request.user)
        if "look" in request.POST:
            if form.is_valid():
                facts = dict(form.cleaned_data)
                number = facts.pop("number")
                draft = queries.placed(table, RoutingRule(street=street, **facts), number)
                change = _change(request, table, draft)
        elif carried_out(form, add):
            messages.success(request, _("The rule holds from now on."))
            return redirect("requests:routing")
    else:
        form = forms.NewRule(actor=request.user, initial={"number": len(table) + 1})
    return render(
        request,
        "requests/routing_add.html",
        {"line": line(LINE), "form": form, "change": change, "title": _("Add a rule")},
    )


@login_required
def routing_move(request: HttpRequest) -> HttpResponse:
    """Move a rule to another place of the table, after a look at what that would change."""
    if refused := _centre_only(request):
        return refused
    rule, today = _one(request, RoutingRule, "rule"), timezone.localdate()
    to = request.POST.get("to") or request.GET.get("to", "")
    if not to.isdecimal() or len(to) > 3:
        raise Http404(to)
    if request.method == "POST":
        actions.move_rule(rule, actor=signed_in(request), number=int(to), today=today)
        messages.success(request, _("The rule was moved."))
        return redirect("requests:routing")
    table = queries.table_on(_street(request), today)
    draft = queries.placed(table, rule, int(to))
    return _confirm(request, rule, table, draft, _("Move rule to place %(to)s") % {"to": to}, to)


@login_required
def routing_end(request: HttpRequest) -> HttpResponse:
    """End a rule today, after a look at what that would change."""
    if refused := _centre_only(request):
        return refused
    rule, today = _one(request, RoutingRule, "rule"), timezone.localdate()
    if request.method == "POST":
        actions.end_rule(rule, actor=signed_in(request), today=today)
        messages.success(request, _("The rule has ended."))
        return redirect("requests:routing")
    table = queries.table_on(_street(request), today)
    draft = [one for one in table if one.pk != rule.pk]
    return _confirm(request, rule, table, draft, _("End the rule"), "")


def _confirm(
    request: HttpRequest,
    rule: RoutingRule,
    table: Sequence[RoutingRule],
    draft: Sequence[RoutingRule],
    title: str,
    to: str,
) -> HttpResponse:
    return render(
        request,
        "requests/routing_change.html",
        {
            "line": line(LINE),
            "rule": rule,
            "change": _change(request, table, draft),
            "title": title,
            "to": to,
        },
    )


@login_required
def duties(request: HttpRequest) -> HttpResponse:
    """The duty lists by unit, and a form that adds to them."""
    street, today = _street(request), timezone.localdate()

    def add(**facts: Any) -> Duty:
        return actions.add_duty(Duty(street=street, **facts), actor=signed_in(request), today=today)

    form = forms.NewDuty(request.POST or None, actor=request.user)
    if request.method == "POST" and carried_out(form, add):
        messages.success(request, _("%(duty)s is on the list.") % {"duty": form.outcome})
        return redirect("requests:duties")
    standing = queries.duties_on(street, today)
    return render(
        request,
        "requests/duties.html",
        {
            "line": line(LINE),
            "lists": [(unit, list(them)) for unit, them in groupby(standing, _unit)],
            "form": form,
            "may_route": _may_route(request),
        },
    )


def _unit(duty: Duty) -> Any:
    return duty.unit


@login_required
@require_POST
def duty_end(request: HttpRequest) -> HttpResponse:
    """The unit is not responsible any more from today."""
    duty = _one(request, Duty, "duty")
    actions.end_duty(duty, actor=signed_in(request), today=timezone.localdate())
    messages.success(request, _("%(duty)s has ended.") % {"duty": duty})
    return redirect("requests:duties")


@login_required
def duties_import(request: HttpRequest) -> HttpResponse:
    """Duties from a workbook: all of it or, where a cell is wrong, nothing."""
    if refused := _centre_only(request):
        return refused
    street, today = _street(request), timezone.localdate()
    read: Read | None = None

    def enter(*, file: Any) -> list[Duty]:
        nonlocal read
        read = read_duties(file.read(), file.name, street, today)
        if read.faults:
            raise Refused(
                "has_errors",
                _("%(count)s cells are wrong. Mend them and send the file again.")
                % {"count": len(read.faults)},
                where="file",
            )
        return actions.add_duties(read.duties, actor=signed_in(request), today=today)

    form = forms.DutySheet(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST" and carried_out(form, enter):
        messages.success(request, _("%(count)s duties were added.") % {"count": len(form.outcome)})
        return redirect("requests:duties")
    return render(
        request,
        "requests/duties_import.html",
        {"line": line(LINE), "form": form, "faults": read.faults[:20] if read else []},
    )
