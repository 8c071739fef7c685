"""The verbs of evidence: attach a file to a record, remove it, purge what is kept no longer.

Content and rows are changed under the lock of the content's row. Bytes are on the disk before the
row that promises them is committed, and a row has said that they go before they go: whatever a
crash leaves over is content that nobody refers to, and the next purge takes it away.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import User
from fenghuang.kernel.records.parameters import row_on
from fenghuang.kernel.refusal import Refused

from . import disk
from .intake import Accepted, accept
from .models import PICTURE_KINDS, Attachment, StoredFile
from .refusals import refused

RETENTION = Path(__file__).parent / "parameters" / "retention.toml"


class Upload(Protocol):
    """What a form or a telephone hands in: Django's UploadedFile, or any named file."""

    @property
    def name(self) -> str | None: ...

    def read(self, size: int, /) -> bytes: ...


def attach(
    record: Journaled,
    upload: Upload,
    *,
    kind: str,
    actor: User,
    caption: str = "",
    taken_on: date | None = None,
) -> Attachment:
    """Keep a file as evidence of a record, with its journal entry.

    Without `taken_on`, the day that the camera wrote into the picture is taken over, if it has come
    yet. What is attached already as the same kind is not attached again: the answer is the first
    attachment.
    """
    today = timezone.localdate()
    if taken_on and taken_on > today:
        raise Refused(
            "future",
            _("This day lies in the future. Enter the day it was taken."),
            where="taken_on",
        )
    accepted = accept(upload.name or "", upload, settings.FENGHUANG_EVIDENCE_MAX_BYTES)
    if kind in PICTURE_KINDS and accepted.thumbnail is None:
        raise refused("picture_wanted")
    if accepted.taken_on and accepted.taken_on <= today:
        taken_on = taken_on or accepted.taken_on
    attachment = Attachment(
        street_id=record.journal_id,
        record_type=record._meta.label_lower,
        record_id=record.pk,
        file_id=accepted.sha256,
        kind=kind,
        name=accepted.name,
        caption=caption,
        taken_on=taken_on,
        added_by=actor,
        added_at=timezone.now(),
        purge_on=today + timedelta(days=row_on(RETENTION, kind, today)["amount"]),
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                write.add(
                    attachment,
                    by=actor.pseudonym,
                    notes={"@verb": "attach"},
                    evidence=[accepted.sha256],
                )
                _keep(accepted)
        except IntegrityError:
            return Attachment.objects.get(
                record_id=record.pk,
                file=accepted.sha256,
                kind=kind,
                removed_at=None,
                purged_at=None,
            )
    return attachment


def _keep(accepted: Accepted) -> None:
    file, is_new = StoredFile.objects.select_for_update().get_or_create(
        sha256=accepted.sha256,
        defaults={
            "media_type": accepted.media_type,
            "size": len(accepted.data),
            "width": accepted.width,
            "height": accepted.height,
            "stored_at": timezone.now(),
        },
    )
    if not is_new and file.purged_at is not None:
        file.stored_at, file.purged_at = timezone.now(), None
        file.save()
    disk.put(accepted.sha256, accepted.data, accepted.thumbnail)


def remove(attachment: Attachment, *, actor: User, ground: str) -> None:
    """The file was attached by mistake: it is shown no more, and the next purge destroys it."""
    with transaction.atomic():
        attachment.removed_at = timezone.now()
        write.fix(
            attachment,
            by=actor.pseudonym,
            op="void",
            notes={"@verb": "remove", "@ground": ground},
        )


def purge(today: date, *, actor: User) -> int:
    """Destroy what was removed and what `purge_on` (inclusive) has come for; how many contents.

    Name and caption are erased with it, and the entry of the erasure is the receipt (PIPL 47). A
    content stays as long as any other attachment keeps it. A second run finds nothing to do.
    """
    due = Attachment.objects.filter(
        Q(purge_on__lte=today) | Q(removed_at__isnull=False), purged_at=None
    )
    for attachment in due.order_by("pk"):
        try:
            _release(attachment, actor)
        except write.Superseded:  # removed or purged by somebody else at this moment
            continue
    return sum(_sweep(sha256) for sha256 in _unwanted())


def _release(attachment: Attachment, actor: User) -> None:
    with transaction.atomic():
        attachment.purged_at = timezone.now()
        ground = "removed" if attachment.removed_at else f"kept until {attachment.purge_on}"
        write.erase(attachment, ["name", "caption"], ground=ground, by=actor.pseudonym)
        file = StoredFile.objects.select_for_update().get(pk=attachment.file_id)
        if not file.attachments.filter(purged_at=None).exists():
            file.purged_at = attachment.purged_at
            file.save()


def _unwanted() -> list[str]:
    kept = set(StoredFile.objects.filter(purged_at=None).values_list("sha256", flat=True))
    return [sha256 for sha256 in disk.contents() if sha256 not in kept]


def _sweep(sha256: str) -> bool:
    """Destroy a content unless somebody has attached it meanwhile."""
    with transaction.atomic():
        # A row is made where there is none, so that nobody can begin to keep the content now.
        file, is_new = StoredFile.objects.select_for_update().get_or_create(
            sha256=sha256,
            defaults={"size": 0, "stored_at": timezone.now(), "purged_at": timezone.now()},
        )
        if file.purged_at is None:
            return False
        disk.destroy(sha256)
        if is_new:
            file.delete()
    return True
