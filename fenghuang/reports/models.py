"""Chapters as the office has edited them, texts to be audited, and what wordings mean."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.terms import term


class Chapter(Journaled):
    """The text of one chapter in a street's report for one year.

    `line` is the code of the line, or of a chapter that belongs to no line. `figures` holds, by
    code, the exact value and the wording that the writer saw when saving, both as text (the value
    of nothing is null).
    """

    street = models.ForeignKey(
        Street, models.PROTECT, related_name="+", verbose_name=term("street"), db_index=False
    )
    year = models.PositiveSmallIntegerField(term("report_year"))
    line = models.CharField(term("line"), max_length=20)
    text = models.TextField(term("chapter_text"), blank=True)
    figures = models.JSONField(term("figures_seen"), default=dict, blank=True)
    saved_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=term("saved_by"), db_index=False
    )
    saved_at = models.DateTimeField(term("saved_at"))

    class Meta:
        verbose_name = term("chapter")
        constraints = [
            models.UniqueConstraint(fields=["street", "year", "line"], name="chapter_once")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.line}"

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class AuditedText(models.Model):
    """A text that somebody wants to have audited: kept for a while, then deleted.

    It may hold personal data, so only who asked sees it. It is no record: what it says is found
    anew each time it is looked at.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=term("place"))
    year = models.PositiveSmallIntegerField(term("report_year"))
    name = models.CharField(term("file_name"), max_length=255, blank=True)
    text = models.TextField(term("report_text"))
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = term("audited_text")

    def __str__(self) -> str:
        return self.name


class Correction(Journaled):
    """What a person said of a wording: it means this indicator, or it does not.

    `wording` is the subject of a claim as matching compares it.
    """

    street = models.ForeignKey(
        Street, models.PROTECT, related_name="+", verbose_name=term("street"), db_index=False
    )
    wording = models.CharField(term("wording"), max_length=120)
    indicator = models.CharField(term("indicator_code"), max_length=60)
    is_meant = models.BooleanField(term("is_meant"))
    said_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=term("said_by"), db_index=False
    )
    said_at = models.DateTimeField(term("said_at"))
    voided_at = models.DateTimeField(term("voided_at"), null=True, blank=True)

    class Meta:
        verbose_name = term("correction")
        constraints = [
            models.UniqueConstraint(
                fields=["street", "wording", "indicator"], name="correction_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.wording} {'=' if self.is_meant else '≠'} {self.indicator}"

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street
