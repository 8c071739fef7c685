"""What evidence a record has, and who may see it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from fenghuang.kernel.journal.models import Journaled

from .models import Attachment


def evidence_of(record: Journaled) -> QuerySet[Attachment]:
    """The attachments of a record that were not removed, oldest first.

    One whose file was destroyed at the end of its time is among them and says so (`is_kept`).
    """
    return (
        Attachment.objects.filter(record_id=record.pk, removed_at=None)
        .select_related("file", "added_by")
        .order_by("added_at", "pk")
    )


def evidence_hashes(record: Journaled) -> list[str]:
    """The distinct SHA-256 of those files in hexadecimal, sorted, as `journal.write` takes them."""
    return sorted(set(evidence_of(record).values_list("file", flat=True)))


def can_see(user: Any, attachment: Attachment) -> bool:
    """Is the record that it belongs to among those that this person may look at today?"""
    model: Any = apps.get_model(attachment.record_type)
    return bool(model.objects.visible_to(user).filter(pk=attachment.record_id).exists())
