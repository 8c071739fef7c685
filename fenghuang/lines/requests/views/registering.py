"""Registering a request, with a look at what is perhaps the same matter; likely repeats."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fenghuang.kit.door import line
from fenghuang.kit.screens import signed_in

from ..forms.orders import NewOrder
from ..models import WorkOrder
from ..permissions import LINE, may_enter
from ..queries.alike import alike, hash_of, likely_repeats
from ..queries.suggesting import categories_for
from .orders import raise_order

#: From here on a suggested category is shown before an order of another one is entered, in percent.
SURE = 60


@login_required
def register(request: HttpRequest) -> HttpResponse:
    """Registers a request. Where orders are alike, they are shown first; it can be entered anyway.

    So is a category that the text suggests where another one was chosen.
    """
    if request.method == "POST" and "anyway" not in request.POST and may_enter(request.user):
        form = NewOrder(request.POST, actor=request.user)
        if form.is_valid():
            facts, today = form.cleaned_data, timezone.localdate()
            found = alike(
                street=facts["place"].street_id,
                place=facts["place"],
                category=facts["category"],
                text=facts["text"],
                on=today,
                contact_hash=hash_of(facts["contact"], today),
                among=WorkOrder.objects.visible_to(request.user),
            )
            suggested = categories_for(facts["place"].street_id, facts["text"])[:1]
            if suggested and (
                suggested[0].value == facts["category"] or suggested[0].percent < SURE
            ):
                suggested = []
            if found or suggested:
                return render(
                    request,
                    "requests/register_alike.html",
                    {
                        "line": line(LINE),
                        "form": form,
                        "found": found,
                        "suggested": suggested,
                        "client_key": request.POST.get("client_key", ""),
                    },
                )
    return raise_order(request)


@login_required
def repeats(request: HttpRequest) -> HttpResponse:
    """Orders that are likely repeats, for the centre to confirm by merging. Nobody is named."""
    user = signed_in(request)
    orders = WorkOrder.objects.visible_to(user)
    if user.street is not None:
        orders = orders.filter(street=user.street)
    found = likely_repeats(orders, timezone.localdate())
    return render(request, "requests/repeats.html", {"line": line(LINE), "found": found})
