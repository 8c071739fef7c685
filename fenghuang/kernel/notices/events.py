"""What webhooks may listen for. A line declares its events when the house starts.

declare({"requests.work_order_dispatched": _("work order dispatched")})
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TEST = "test"  #: what a trial delivery is called; nobody has to listen for it

_declared: dict[str, Any] = {}


def declare(events: Mapping[str, Any]) -> None:
    """Make events known: code → how people call it (evaluated when shown)."""
    _declared.update(events)


def declared() -> Mapping[str, Any]:
    """All events that webhooks may listen for, in the order in which they were declared."""
    return dict(_declared)
