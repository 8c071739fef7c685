"""What templates say of records. These tags are there in every template without loading."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone

from fenghuang.kernel import terms
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.worktime import Deadline
from fenghuang.kit import shown

register = template.Library()

register.filter("in_words", shown.in_words)
register.filter("step_in_words", shown.step_in_words)


@register.simple_tag
def term(code: str) -> str:
    """The noun of that code in the reader's language."""
    return str(terms.term(code))


@register.inclusion_tag("kit/state.html")
def state(record: Record) -> dict[str, Any]:
    """The state of a record as a badge: a sign and the word, never colour alone."""
    if record.voided_at is not None:
        return {"tone": "stopped", "is_withdrawn": True}
    cycle = record.CYCLE
    return {
        "tone": shown.tone(cycle, cycle.state_of(record)) if cycle else "going",
        "words": record.state_label,
    }


@register.inclusion_tag("kit/due.html")
def due(day: date | None, today: date | None = None) -> dict[str, Any]:
    """A due date with how far it is, and a sign if it has passed."""
    today = today or timezone.localdate()
    return {
        "day": day,
        "words": shown.days_away(day, today) if day else "",
        "is_late": bool(day and day < today),
    }


@register.inclusion_tag("kit/because.html")
def because(deadline: Deadline) -> dict[str, Any]:
    """The days that explain a due date."""
    return {"deadline": deadline}


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of a group's help and error, as Django writes them for single inputs by itself."""
    ids = [f"{field.auto_id}_helptext"] if field.help_text else []
    return " ".join([*ids, f"{field.auto_id}_error"] if field.errors else ids)


@register.filter
def weekday(day: date) -> str:
    """The day of the week in the reader's language."""
    from django.utils.dates import WEEKDAYS

    return str(WEEKDAYS[day.weekday()])
