"""What the clock does in this line, and nobody of the office."""

from __future__ import annotations

from datetime import datetime

from .actions.reminders import remind


def by_the_clock(now: datetime) -> str:
    """Remind of what is due; done every few minutes. Says in one line what was done."""
    return f"requests: {remind(now)} reminders"
