"""StoredFile, some content kept once; Attachment, by which a record refers to it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.terms import term


class StoredFile(models.Model):
    """A content under its SHA-256, however many records refer to it; the row outlives the bytes.

    The size is in bytes, width and height in pixels; only pictures have these two.
    """

    sha256 = models.CharField(max_length=64, primary_key=True, editable=False)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("stored file")

    def __str__(self) -> str:
        return self.sha256

    @property
    def is_picture(self) -> bool:
        return self.width is not None


class Attachment(Journaled):
    """A file that bears out a record. Its entry in the journal commits to the SHA-256 (`file`).

    `purge_on` is the first day on which the file is no longer kept for this record.
    """

    PERSONAL: ClassVar = {
        "name": "to find the file again among one’s own",
        "caption": "to say what the file shows",
    }

    class Kind(models.TextChoices):
        PHOTO = "photo", term("photo")
        PHOTO_BEFORE = "photo_before", term("photo_before")
        PHOTO_AFTER = "photo_after", term("photo_after")
        DOCUMENT = "document", term("document")
        SIGNATURE = "signature", term("signature")

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    record_type = models.CharField(max_length=60, editable=False)
    record_id = models.UUIDField(editable=False)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="attachments", verbose_name=term("content_hash")
    )
    kind = models.CharField(term("attachment_kind"), max_length=16, choices=Kind)
    name = models.CharField(term("file_name"), max_length=80, blank=True)
    caption = models.CharField(term("caption"), max_length=200, blank=True)
    taken_on = models.DateField(term("taken_on"), null=True, blank=True)
    added_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=term("added_by"), editable=False
    )
    added_at = models.DateTimeField(term("added_at"), editable=False)
    removed_at = models.DateTimeField(term("removed_at"), null=True, editable=False)
    purge_on = models.DateField(term("purge_on"), editable=False)
    purged_at = models.DateTimeField(term("purged_at"), null=True, editable=False)

    class Meta:
        verbose_name = term("attachment")
        indexes = [
            models.Index(fields=["record_id"], name="attachment_record"),
            models.Index(
                fields=["purge_on"], condition=Q(purged_at=None), name="attachment_to_purge"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record_id", "file", "kind"],
                condition=Q(removed_at=None, purged_at=None),
                name="attachment_once",
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street

    @property
    def is_kept(self) -> bool:
        """May its file still be looked at?"""
        return self.removed_at is None and self.purged_at is None


#: Kinds that are worth nothing unless they can be seen.
PICTURE_KINDS = frozenset(
    {
        Attachment.Kind.PHOTO,
        Attachment.Kind.PHOTO_BEFORE,
        Attachment.Kind.PHOTO_AFTER,
        Attachment.Kind.SIGNATURE,
    }
)
