"""The journal's own tables, and Journaled, from which every record descends."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from fenghuang.kernel.journal import snapshot
from fenghuang.kernel.journal.canonical import Json

SHA256_ED25519 = "sha256-ed25519"
CHANGES = ("fix", "void", "approve")
"""What an entry may do to a record besides add and erase."""
STATEMENTS = ("define", "report")
"""What an entry may be that stands for itself, without a record."""


def fresh_key() -> bytes:
    """Sixteen random bytes."""
    return secrets.token_bytes(16)


class Journal(models.Model):
    """The journal of one street, under the id of the street; `frontier` stands for its tree."""

    id = models.UUIDField(primary_key=True, editable=False)
    origin = models.CharField(max_length=200, unique=True)
    algorithm = models.CharField(max_length=20, default=SHA256_ED25519)
    public_key = models.BinaryField(max_length=32)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = _("journal")

    def __str__(self) -> str:
        return self.origin


class Entry(models.Model):
    """One change: the header that the tree covers, and all non-personal fields at that moment."""

    pk = models.CompositePrimaryKey("journal_id", "n")
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+", db_index=False)
    n = models.BigIntegerField()
    record = models.UUIDField()
    header = models.TextField()
    opening = models.TextField()

    class Meta:
        verbose_name = _("journal entry")
        indexes = [models.Index(fields=["journal", "record", "n"], name="entry_of_record")]


class Tile(models.Model):
    """256 neighbouring hashes of the tree, complete, and the root over them (C2SP tlog-tiles)."""

    pk = models.CompositePrimaryKey("journal_id", "level", "number")
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+", db_index=False)
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        verbose_name = _("tile of the tree")


class PersonalSalt(models.Model):
    """The commitment to a personal value set in entry `n`; the salt only while the value stands."""

    pk = models.CompositePrimaryKey("journal_id", "record", "name", "n")
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+", db_index=False)
    record = models.UUIDField()
    name = models.CharField(max_length=255)
    n = models.BigIntegerField()
    salt = models.BinaryField(max_length=16, null=True)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("commitment to a personal value")


class Checkpoint(models.Model):
    """A signed head of the tree, as text; the verifier keys of its cosignatures, one a line."""

    pk = models.CompositePrimaryKey("journal_id", "size")
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+", db_index=False)
    size = models.BigIntegerField()
    text = models.TextField()
    witnesses = models.TextField(blank=True)

    class Meta:
        verbose_name = _("checkpoint")

    def __str__(self) -> str:
        return self.text


class Journaled(models.Model):
    """A record whose every change is an entry of its street's journal.

    Records are made and changed through `journal.write` only. PERSONAL names the personal fields,
    each with the purpose for which it is kept; UNJOURNALED names bookkeeping columns that no proof
    needs; JOURNALED_M2M names the many-to-many fields that belong to the record.
    """

    PERSONAL: ClassVar[Mapping[str, str]] = {}
    UNJOURNALED: ClassVar[frozenset[str]] = frozenset()
    JOURNALED_M2M: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    commitment_key = models.BinaryField(max_length=16, default=fresh_key, editable=False)
    entry = models.BigIntegerField(editable=False, blank=True)

    class Meta:
        abstract = True

    @property
    def journal_id(self) -> uuid.UUID:
        """The street whose journal holds this record."""
        raise NotImplementedError

    def snapshot(self) -> dict[str, Json]:
        """All non-personal values that are not empty, as the journal holds them, and the type."""
        return snapshot.public_values(self)


def journaled_models() -> list[type[Journaled]]:
    """All classes with a table of their own whose records are journaled."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Journaled) and not model._meta.proxy
    ]
