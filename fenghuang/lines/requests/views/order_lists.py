"""The lists of work orders: ready-made views, filters, what is done to many, the return ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import OfficeForm, staff
from fenghuang.kit.screens import Choice, Days, InPlace, Shown, record_list, signed_in

from ..actions import orders as actions
from ..forms import orders as forms
from ..models import WorkOrder
from ..permissions import LINE
from ..queries import orders as queries
from ..rules.orders import Pressing
from ..states.orders import HANDLES

MANY_AT_ONCE = 100


@dataclass(frozen=True)
class OneView:
    """Filter: one of the ready-made views."""

    views: tuple[queries.View, ...]

    def fields(self, model: Any, user: Any) -> dict[str, django_forms.Field]:
        choices = [("", _("all")), *((view.code, view.label) for view in self.views)]
        return {"view": django_forms.ChoiceField(label=_("view"), choices=choices)}

    def narrow(self, records: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
        chosen = next((view for view in self.views if view.code == given.get("view")), None)
        return records.filter(chosen.when) if chosen else records


@dataclass(frozen=True)
class WithUnit:
    """Filter: the unit that leads, and the colleague who has it in hand."""

    def fields(self, model: Any, user: Any) -> dict[str, django_forms.Field]:
        streets = {held.street_id for held in user.current_appointments}
        today = timezone.localdate()
        units = Unit.objects.valid_on(today).filter(street__in=streets).order_by("kind", "name")
        colleagues = staff(streets, LINE, HANDLES)
        return {
            "unit": _chosen(term("lead_unit"), units.values_list("pk", "name")),
            "handler": _chosen(term("handler"), colleagues.values_list("pk", "display_name")),
        }

    def narrow(self, records: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
        wanted = {name: given[name] for name in ("unit", "handler") if given.get(name)}
        if wanted.get("handler") == NOBODY:
            wanted.pop("handler")
            records = records.filter(handler=None)
        return records.filter(**wanted)


NOBODY = "none"


def _chosen(label: Any, named: Any) -> django_forms.ChoiceField:
    choices = [("", _("any")), *((str(key), name) for key, name in named)]
    if label == term("handler"):
        choices.append((NOBODY, _("nobody yet")))
    return django_forms.ChoiceField(label=label, choices=choices)


@login_required
def orders(request: HttpRequest) -> HttpResponse:
    """All orders in scope, narrowed by ready-made views and filters, with what is done to many."""
    now, user = timezone.now(), signed_in(request)

    def is_late(one: WorkOrder) -> bool:
        return Pressing.LATE in (one.unit_presses(now), one.promise_presses(now))

    views = tuple(queries.views(now))
    chosen = next((view for view in views if view.code == request.GET.get("view")), None)
    counts = queries.view_counts(user, now)
    return record_list(
        request,
        WorkOrder.objects.visible_to(user).select_related("place", "unit"),
        columns=(
            "title",
            "place",
            "unit",
            Shown("due_at", value=lambda one: one.due_at or one.promised_at, late=is_late),
        ),
        filters=(
            OneView(views),
            Choice("state"),
            Choice("category"),
            Choice("channel"),
            Choice("level"),
            WithUnit(),
            Days("happened_on"),
            Days("due_on"),
            InPlace(),
        ),
        search=("text", "order_no"),
        title=term("work_orders"),
        due=chosen.by if chosen else "",
        first="due" if chosen else "newest",
        ledger="",
        enter="requests:raise_order",
        enter_label=_("Register a request"),
        nothing_yet=_("No order has been registered yet. Register the first request."),
        template="requests/orders.html",
        views=[(view, counts[view.code], view is chosen) for view in views],
        verbs=[(code, WorkOrder.CYCLE.by_code[code]) for code in _for_many(user)],
        tick="many",
        all_ticked="ticked" in request.GET,
        tick_all=_ticking(request),
    )


def _ticking(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["ticked"] = "all"
    return f"?{query.urlencode()}"


@login_required
def returned_orders(request: HttpRequest) -> HttpResponse:
    """The return ledger (退单台账): which unit asked, on which ground, what was decided, when."""
    return record_list(
        request,
        WorkOrder.objects.visible_to(request.user)
        .filter(return_asked_on__isnull=False)
        .select_related("place", "return_asked_unit"),
        columns=(
            "return_asked_unit",
            "return_asked_on",
            "return_ground",
            "return_citation",
            "return_decision",
            "return_decided_on",
            Shown("days_to_decide", label=_("days until the decision"), value=_days_to_decide),
        ),
        filters=(
            Choice("return_ground"),
            Choice("return_decision"),
            Days("return_asked_on"),
            InPlace(),
        ),
        search=("text", "return_citation"),
        title=term("returned_orders"),
        intro=_("Every return that a unit asked for, with its ground and what the centre decided."),
        due="return_asked_on",
        nothing_yet=_("No unit has asked to return an order yet."),
    )


def _days_to_decide(order: WorkOrder) -> int | None:
    if order.return_asked_on is None or order.return_decided_on is None:
        return None
    return (order.return_decided_on - order.return_asked_on).days


# --- what is done to many at once


def _file_as_is(order: WorkOrder, **given: Any) -> WorkOrder:
    return actions.file(order, kind=order.kind, category=order.category, level=order.level, **given)


#: What may be done to many at once: the form that asks once for all, and the action.
MANY: dict[str, tuple[type[OfficeForm], Callable[..., WorkOrder]]] = {
    "accept": (forms.Plain, actions.accept),
    "file": (forms.Plain, _file_as_is),
    "dispatch": (forms.DispatchMany, actions.dispatch),
    "receive": (forms.Plain, actions.receive),
    "hand_over": (forms.HandOver, actions.hand_over),
    "close": (forms.Plain, actions.close),
    "archive": (forms.Plain, actions.archive),
}


def _for_many(user: Any) -> list[str]:
    roles = user.roles(LINE)
    return [code for code in MANY if WorkOrder.CYCLE.by_code[code].who & roles]


@login_required
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """One verb for the orders that were ticked: what it needs is asked once, then each is done.

    The answer says which were done, and why each other was refused; those stay as they are.
    """
    user, code = signed_in(request), request.POST.get("verb", "")
    back = request.POST.get("back", "")
    numbers = list(dict.fromkeys(request.POST.getlist("number")))[:MANY_AT_ONCE]
    visible = WorkOrder.objects.visible_to(user).standing().select_related("place", "unit")
    ticked = list(visible.filter(number__in=numbers).order_by("number"))
    if code not in MANY or not ticked:
        return redirect("requests:orders")
    form_class, action = MANY[code]
    is_answered = form_class is forms.Plain or "answered" in request.POST
    form = form_class(request.POST if is_answered else None, actor=user)
    known = {
        "verb": WorkOrder.CYCLE.by_code[code],
        "code": code,
        "orders": ticked,
        "back": back if back.startswith("?") else "",
        "line_title": term("requests_line"),
    }
    if not is_answered or not form.is_valid():
        return render(request, "requests/many.html", known | {"form": form})
    refused = dict(
        actions.each(ticked, partial(action, now=timezone.now()), actor=user, **form.cleaned_data)
    )
    return render(
        request,
        "requests/many_done.html",
        known
        | {
            "done": [one for one in ticked if one not in refused],
            "refused": list(refused.items()),
        },
    )
