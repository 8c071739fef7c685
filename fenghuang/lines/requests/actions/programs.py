"""What other systems do: raise a request, and say something more about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from fenghuang.kernel.evidence.actions import attach
from fenghuang.kernel.evidence.intake import accept
from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.evidence.refusals import refused
from fenghuang.kernel.journal import read
from fenghuang.kernel.people.actions import system_account
from fenghuang.kernel.records import actions as records

from ..models import WorkOrder
from .orders import raise_publicly


def raise_from_program(
    order: WorkOrder, pictures: Sequence[Any], *, now: datetime, is_test: bool = False
) -> WorkOrder:
    """Register a request with its pictures. A test does all the same, and keeps nothing.

    Every picture is looked at before anything is entered, so that one that is none costs no number.
    Raises AlreadyEntered where the same system sent the same report before.
    """
    for picture in pictures:
        if accept(picture.name, picture, settings.FENGHUANG_EVIDENCE_MAX_BYTES).thumbnail is None:
            raise refused("picture_wanted")
        picture.seek(0)
    with transaction.atomic():
        raise_publicly(order, now=now)
        transaction.set_rollback(is_test)
    if not is_test:
        for picture in pictures:
            attach(order, picture, kind=Attachment.Kind.PHOTO, actor=system_account())
    return order


def note_from_outside(
    order: WorkOrder, *, sent: str, status: str, text: str, is_test: bool = False
) -> int:
    """Another system says something about an order; the number of the entry that keeps it.

    What it calls fixed, closed or open again changes no state: that is decided by a person, who
    reads it in the order's history. The same `sent` is kept once.
    """
    begins = f"{sent} · {status}"
    for change in read.history(order.pk):
        if change.verb == "note_from_outside" and change.ground.startswith(f"{sent} · "):
            return change.n
    ground = f"{begins}：{text}" if text else begins
    with transaction.atomic():
        records.change(order, "note_from_outside", actor=system_account(), ground=ground)
        transaction.set_rollback(is_test)
    return order.entry
