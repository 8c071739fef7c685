"""What is perhaps the same matter, as a part of an order's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fenghuang.kit.screens import Part, verb_address

from ..models import WorkOrder
from ..permissions import roles_at
from ..queries.alike import alike_to
from ..states.orders import CENTRE


def same_matter(order: WorkOrder, user: Any) -> list[Part]:
    """The part with the orders that this one might be merged into; none where there are none."""
    found = alike_to(order, user)
    if not found:
        return []
    may_merge = bool(roles_at(user, order.place_id) & CENTRE)
    merge = verb_address(order, "merge") if may_merge else ""
    return [
        Part(
            _("Perhaps the same matter"),
            template="requests/alike.html",
            context={"found": found, "merge": merge},
        )
    ]
