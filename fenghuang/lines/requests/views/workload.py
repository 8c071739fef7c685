"""How much lies with a unit, and with each of its handlers: counts by name, never a ranking."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit.screens import signed_in

from ..permissions import LINE
from ..queries import orders as queries
from .order_lists import NOBODY


@login_required
def workload(request: HttpRequest) -> HttpResponse:
    """The open orders of each unit, as far as this person sees them."""
    user = signed_in(request)
    if not user.roles(LINE):
        raise Refused("role", _("You hold no role yet. Ask the system administrator for one."))
    units = queries.loads(user, "unit__name", timezone.now())
    return render(
        request,
        "requests/workload.html",
        {
            "title": term("workload"),
            "heading": term("unit"),
            "rows": [(load, f"unit={load.key}", load.key) for load in units],
            "own": user.unit,
        },
    )


@login_required
def unit_workload(request: HttpRequest, pk: str) -> HttpResponse:
    """The open orders of a unit by who has them in hand."""
    user = signed_in(request)
    streets = {held.street_id for held in user.current_appointments}
    unit = get_object_or_404(Unit, pk=pk, street__in=streets)
    handlers = queries.loads(user, "handler__display_name", timezone.now(), unit=unit)
    return render(
        request,
        "requests/workload.html",
        {
            "title": unit.name,
            "heading": term("handler"),
            "rows": [
                (load, f"unit={unit.pk}&handler={load.key or NOBODY}", "") for load in handlers
            ],
            "unit": unit,
        },
    )
