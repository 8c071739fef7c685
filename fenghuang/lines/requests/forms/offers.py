"""What the forms of an order offer beside a field: never chosen beforehand."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from fenghuang.kernel.worktime import CalendarMissing

from ..models import WorkOrder
from ..queries import routing
from ..queries.suggesting import categories_for, units_for


def offered_units(order: WorkOrder) -> str:
    """The unit that the routing table says, those that texts suggest, and whose duty it is."""
    today = timezone.localdate()
    try:
        routed = routing.routed_today(order)
    except CalendarMissing:  # whether today is a working day is not known
        routed = None
    suggested = [
        one
        for one in units_for(order.street_id, order.text)
        if routed is None or str(routed.unit.pk) != one.value
    ]
    lists = [
        one.unit
        for one in routing.duties_on(order.street_id, today)
        if one.category == order.category
    ]
    return _rendered(
        "requests/offered_units.html",
        {
            "routed": routed,
            "suggested": suggested,
            "on_duty": lists,
            "category": order.get_category_display(),
            "is_off": routed is not None
            and routing.is_off_the_list(routed.unit, order.category, today),
        },
    )


def suggested_categories(order: WorkOrder) -> str:
    """The categories that the text suggests, as a sentence; empty while that is off."""
    found = categories_for(order.street_id, order.text)
    return _rendered("requests/suggested.html", {"suggested": found}) if found else ""


def _rendered(template: str, context: dict[str, Any]) -> str:
    return render_to_string(template, context)
