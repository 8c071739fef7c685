"""Screens of hot spots, by place and category; never by person."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kit.door import line
from fenghuang.kit.lists import areas, names
from fenghuang.kit.screens import Shown, enter_page, may_enter, signed_in
from fenghuang.kit.shown import facts, in_words, label, name_places

from ..actions.hot_spots import act_beforehand
from ..forms.hot_spots import ActBeforehand, Period
from ..forms.meetings import WHERE
from ..models import Problem, WorkOrder
from ..permissions import LINE
from ..queries import hot_spots as queries
from ..queries.alike import amount

SHOWN = 50  #: orders of a hot spot, the newest


def _orders(request: HttpRequest) -> QuerySet[WorkOrder]:
    user = signed_in(request)
    orders: QuerySet[WorkOrder] = WorkOrder.objects.visible_to(user)
    return orders.filter(street=user.street) if user.street is not None else orders


def _period(request: HttpRequest) -> Period:
    asked: Any = request.GET
    if "first" not in asked:
        blank = Period(actor=request.user)
        asked = {
            name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()
        }
    return Period(asked, actor=request.user)


@login_required
def hot_spots(request: HttpRequest) -> HttpResponse:
    """The hot spots of a period, a year unless another is asked for."""
    form = _period(request)
    spots: list[queries.HotSpot] = []
    proposed: dict[queries.Cell, Problem] = {}
    if form.is_valid():
        spots = queries.hot_spots(_orders(request), **form.cleaned_data)
        proposed = queries.proposed(spots, Problem.objects.visible_to(request.user))
    today = timezone.localdate()
    rows = [
        {
            "spot": spot,
            "address": _address(spot, form),
            "proposed": proposed.get((spot.place.pk, spot.category)),
        }
        for spot in spots
    ]
    return render(
        request,
        "requests/hot_spots.html",
        {
            "line": line(LINE),
            "form": form,
            "rows": rows,
            "contacts": amount("hot_spot.contacts", today),
            "days": amount("hot_spot.days", today),
        },
    )


def _address(spot: queries.HotSpot, form: Period) -> str:
    period = {name: form.cleaned_data[name].isoformat() for name in ("first", "last")}
    about = {"place": str(spot.place.pk), "category": spot.category}
    return f"{reverse('requests:hot_spot')}?{urlencode(period | about)}"


def _spot(request: HttpRequest) -> queries.HotSpot:
    """The hot spot that is asked for; 404 if what is asked for is not hot."""
    form = _period(request)
    if not form.is_valid():
        raise Http404("period")
    for spot in queries.hot_spots(_orders(request), **form.cleaned_data):
        if str(spot.place.pk) == request.GET.get("place"):
            return spot
    raise Http404("not hot")


@login_required
def hot_spot(request: HttpRequest) -> HttpResponse:
    """One hot spot: its months, its orders, and the form for acting beforehand."""
    user, spot = signed_in(request), _spot(request)
    found = list(queries.orders_of(_orders(request), spot).select_related("place", "unit")[:SHOWN])
    name_places(found)
    columns = ("title", "place", "unit", Shown("happened_on"))

    def act(*, actor: Any, client_key: str, **given: Any) -> Problem:
        return act_beforehand(
            spot.place,
            spot.category,
            found,
            actor=actor,
            today=timezone.localdate(),
            client_key=client_key,
            **given,
        )

    sentence = _("%(place)s, %(category)s: %(orders)s requests from %(first)s to %(last)s.") % {
        "place": spot.place,
        "category": spot.category_label,
        "orders": spot.peak.orders,
        "first": in_words(spot.peak.first_on),
        "last": in_words(spot.peak.last_on),
    }
    context = {
        "spot": spot,
        "labels": [label(WorkOrder, one) for one in columns],
        "rows": [(order, facts(order, columns)) for order in found],
        "has_states": True,
        "most": max((month.orders for month in spot.months), default=1) or 1,
        "problem": queries.proposed([spot], Problem.objects.visible_to(user)).get(
            (spot.place.pk, spot.category)
        ),
        "may_act": may_enter(user, LINE) and str(spot.place.pk) in names(areas(user, LINE, WHERE)),
    }
    if not context["may_act"]:
        return render(
            request, "requests/hot_spot.html", {"line": line(LINE), "title": sentence, **context}
        )
    return enter_page(
        request,
        ActBeforehand,
        act,
        Problem,
        initial={"text": sentence},
        template="requests/hot_spot.html",
        **context,
    )
