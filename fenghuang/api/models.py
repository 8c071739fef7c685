"""Tokens by which programs act in a person's name."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.terms import term
from fenghuang.kit.door import lines


class Token(Journaled):
    """A program may act as this person until then. Only the hash of the token is kept.

    `lines` are the codes of the work lines that it opens, all where there are none; `place` is that
    within which its records must lie, the whole of what the person sees where it is empty.
    """

    UNJOURNALED: ClassVar = frozenset({"last_used_on"})

    class Access(models.TextChoices):
        BOTH = "", _("read and enter")  # empty, as tokens from before were journaled
        READ = "read", _("only read")
        WRITE = "write", _("only enter")

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    label = models.CharField(_("what the token is for"), max_length=60)
    access = models.CharField(
        _("what it may do"), max_length=5, choices=Access, blank=True, default=Access.BOTH
    )
    lines = models.CharField(_("work lines"), max_length=200, blank=True, default="")
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("place"),
    )
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # The day is enough to find tokens that nobody uses; more would be a time sheet.
    last_used_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("access token")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_span"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street

    def is_valid_at(self, moment: datetime) -> bool:
        return self.revoked_at is None and moment < self.expires_at

    @property
    def line_codes(self) -> list[str]:
        return self.lines.split()

    @property
    def scope_in_words(self) -> str:
        """What it is for: what it may do, in which work lines, where."""
        titles = [str(line.title) for line in lines() if line.code in self.line_codes]
        return " · ".join(
            [self.get_access_display(), *titles, *([self.place.name] if self.place else [])]
        )

    def opens(self, line: str) -> bool:
        """Does it open this work line?"""
        return not self.lines or line in self.line_codes

    def allows(self, access: str) -> bool:
        """Does it allow to `read`, or to `write`?"""
        return self.access in (self.Access.BOTH, access)


class Taken(models.Model):
    """How many requests were taken out of a minute, for a token or an address (see `limits`)."""

    key = models.CharField(max_length=64, primary_key=True)
    minute = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        verbose_name = _("requests taken")

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
