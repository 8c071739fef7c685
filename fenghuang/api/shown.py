"""Records as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from fenghuang.kernel.records.models import Record
from fenghuang.kit.columns import Context
from fenghuang.kit.intakes import CLIENT_KEY, Intake

from .batches import context_of
from .tokens import Sender


def entered(record: Record) -> dict[str, Any]:
    """What a sender wants to know of a record just entered."""
    due_on = getattr(record, "due_on", None)
    return {
        "number": record.number,
        "id": str(record.pk),
        "place": {"id": str(record.place_id), "name": record.place.name},
        "due_on": due_on and due_on.isoformat(),
        CLIENT_KEY: record.client_key,
    }


def in_full(intake: Intake, records: Sequence[Record], sender: Sender) -> list[dict[str, Any]]:
    """All fields of records, but the personal ones: these are for the screen of who needs them."""
    context = context_of(sender, timezone.localdate())
    return [_in_full(intake, record, context) for record in records]


def _in_full(intake: Intake, record: Record, context: Context) -> dict[str, Any]:
    cycle = record.CYCLE
    return {
        **entered(record),
        "happened_on": record.happened_on.isoformat(),
        "state": cycle.state_of(record) if cycle else None,
        "is_withdrawn": record.voided_at is not None,
        **{
            column.code: column.to_json(column.value(record, context))
            for column in (*intake.columns, *intake.shown)
            if column.code not in record.PERSONAL
        },
    }
