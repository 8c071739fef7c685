"""What the clock does in this line, and nobody of the office."""

from __future__ import annotations

from datetime import datetime

from .actions.public import tend
from .actions.reminders import remind


def by_the_clock(now: datetime) -> str:
    """Remind staff of what is due, and tell followers; one line on what was done."""
    reminded = remind(now)
    tend(now)
    return f"requests: {reminded} reminders"
