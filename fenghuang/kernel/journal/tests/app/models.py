"""Records of every kind of column, with personal fields, and of classes that widen one another."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from fenghuang.kernel.journal.models import Journaled


class Kept(Journaled):
    street = models.UUIDField()

    class Meta:
        abstract = True

    @property
    def journal_id(self) -> UUID:
        return self.street


class Tag(Kept):
    word = models.CharField(max_length=40)


class Note(Kept):
    """Ten fields of the usual kinds."""

    UNJOURNALED = frozenset({"seen"})
    JOURNALED_M2M = ("tags",)

    title = models.CharField(max_length=80)
    body = models.TextField(blank=True)
    found_on = models.DateField()
    done_on = models.DateField(null=True)
    entered_at = models.DateTimeField()
    count = models.IntegerField(default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    is_open = models.BooleanField(default=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    seen = models.IntegerField(default=0)
    tags = models.ManyToManyField(Tag)


class Odd(Kept):
    """The other kinds."""

    starts = models.TimeField()
    lasts = models.DurationField()
    digest = models.BinaryField()
    details = models.JSONField()
    outline = models.JSONField(null=True)
    number = models.PositiveBigIntegerField()


class Caller(Kept):
    PERSONAL: ClassVar = {
        "name": "to address the person",
        "phone": "to call back",
        "floor": "to visit",
    }

    topic = models.CharField(max_length=80)
    name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    floor = models.IntegerField(null=True)


class Area(Kept):
    name = models.CharField(max_length=40)


class Plot(Area):
    size_m2 = models.DecimalField(max_digits=8, decimal_places=2)
