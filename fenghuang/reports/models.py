"""The chapters as the office has edited them."""

from __future__ import annotations

import uuid

from django.db import models

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street
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
