"""What the house remembers of imports: batches, mappings of headers, files, and work under way."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.terms import term

#: code of a column → word as it is compared → the word to read instead, "" for none
Words = Mapping[str, Mapping[str, str]]


class Batch(models.Model):
    """The rows of one file that were entered together, and can be undone together.

    `journal_size` is that of the street's journal just after; a record of the batch with a later
    entry was changed since.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    journal_size = models.BigIntegerField()
    entered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=term("entered_by")
    )
    entered_at = models.DateTimeField(term("entered_at"), default=timezone.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        indexes = [models.Index(fields=["street", "ledger", "sha256"], name="batch_of_a_file")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.file_name} ({self.rows})"


class ColumnMapping(models.Model):
    """What the headers of one template mean, and words in its cells, as a person once said."""

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=40)
    template = models.CharField(max_length=64)
    columns = models.JSONField()  #: header as it is compared → code of the column, "" for none
    #: code of the column → word as it is compared → the word to read instead, "" for none
    words = models.JSONField(default=dict)
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mapping of columns")
        constraints = [
            models.UniqueConstraint(
                fields=["street", "ledger", "template"], name="mapping_once_a_template"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.template[:8]}"

    @classmethod
    def said(
        cls, street: Street, ledger: str
    ) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Words]]:
        """All that was said for a ledger, by template: what headers mean, and what words do."""
        kept = cls.objects.filter(street=street, ledger=ledger)
        rows = list(kept.values_list("template", "columns", "words"))
        return (
            {template: columns for template, columns, _words in rows},
            {template: words for template, _columns, words in rows},
        )


class Upload(models.Model):
    """A file between being looked through and being entered: kept for a day at most.

    It may hold personal data, so it is deleted when its rows are entered, or when the day is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255, blank=True)
    content = models.BinaryField()
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    columns = models.JSONField(default=dict)  #: header → code of the column, as the person chose
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("file looked through")

    def __str__(self) -> str:
        return self.file_name


class Job(models.Model):
    """An import, or the undoing of one, that somebody asked for and a worker carries out.

    `sentence` says why it was not done; nothing was then. It is no record: ended ones go after a
    while.
    """

    class Kind(models.TextChoices):
        ENTER = "enter", _("import")
        UNDO = "undo", _("undoing an import")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    ledger = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255, blank=True)
    # The file goes when its rows are entered, or when its day is over; the job stays.
    upload = models.ForeignKey(Upload, models.SET_NULL, null=True, related_name="+")
    leaves_out_faulty = models.BooleanField(default=False)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)

    class Meta:
        verbose_name = _("work under way")
        indexes = [models.Index(fields=["asked_by", "asked_at"], name="job_of_a_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"

    @property
    def is_waiting(self) -> bool:
        return self.began_at is None and self.ended_at is None

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None

    @property
    def is_done(self) -> bool:
        return self.ended_at is not None and not self.refusal


class SavedFilter(models.Model):
    """A way of narrowing a list that a person keeps under a name, for nobody else.

    `query` is what stands behind the question mark of the list's address. No record: its owner
    removes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    path = models.CharField(max_length=120)
    name = models.CharField(term("saved_filter.name"), max_length=40)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = term("saved_filter")
        constraints = [
            models.UniqueConstraint(fields=["user", "path", "name"], name="saved_filter_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}"
