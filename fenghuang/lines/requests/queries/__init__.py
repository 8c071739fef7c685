"""What the line's screens ask, within the scope of the person who asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from fenghuang.kit.door import Task

from . import meetings, orders

AT_MOST = 50


def tasks(user: Any, today: date) -> list[Task]:
    """What waits for this person in the line, most urgent first, at most 50."""
    found = [*meetings.tasks(user, today), *orders.tasks(user, today)]
    return sorted(found, key=lambda task: task.due_on or date.max)[:AT_MOST]


__all__ = ["tasks"]
