"""Record, the root of all that the lines keep; Link between records; the number series."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.scope import scope_of, within
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.terms import term

from .cycles import LifeCycle


class RecordQuerySet(models.QuerySet[Any]):
    """Records reach people only through `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """The records in the scope of this person's appointments today; none for strangers."""
        scope = scope_of(user, self.model.LINE)
        if scope.is_empty:
            return self.none()
        return self.filter(within(scope, user, own=self.model.in_own_hands(user)))

    def standing(self) -> Self:
        """Without those that were withdrawn."""
        return self.filter(voided_at=None)


class Record(Journaled):
    """One thing that happened, entered once, in one place on one day."""

    LINE: ClassVar[str]
    CYCLE: ClassVar[LifeCycle | None] = None
    #: What to call events that are no verbs of the life cycle, by their code.
    EVENTS: ClassVar[Mapping[str, Any]] = {}

    class Source(models.TextChoices):
        FORM = "form", term("source_form")
        IMPORT = "import", term("source_import")
        API = "api", term("source_api")
        MANUAL = "manual", term("source_manual")

    street = models.ForeignKey(
        Street, models.PROTECT, related_name="+", verbose_name=term("street"), db_index=False
    )
    number = models.CharField(term("number"), max_length=24, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=term("place"))
    happened_on = models.DateField(term("happened_on"))
    entered_at = models.DateTimeField(term("entered_at"), editable=False)
    entered_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        verbose_name=term("entered_by"),
        editable=False,
        db_index=False,
    )
    checked_at = models.DateTimeField(term("checked_at"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("checked_by"),
        editable=False,
        db_index=False,
    )
    source = models.CharField(
        term("source"), max_length=8, choices=Source, default=Source.FORM, editable=False
    )
    batch = models.UUIDField(null=True, blank=True, editable=False)
    client_key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # noqa: DJ001 - null, so that records without a key don't collide
    voided_at = models.DateTimeField(term("voided_at"), null=True, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["street", "number"], name="%(class)s_number"),
            models.UniqueConstraint(fields=["street", "client_key"], name="%(class)s_client_key"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("entered_by")),
                name="%(class)s_checker_is_not_enterer",
            ),
        ]
        indexes = [
            models.Index(fields=["street", "-happened_on", "-id"], name="%(class)s_newest"),
            models.Index(
                fields=["batch"], name="%(class)s_batch", condition=Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def in_own_hands(cls, user: User) -> Q:
        """What counts as somebody's own task, for those who see nothing else."""
        return Q(entered_by=user)

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street

    @property
    def title(self) -> str:
        """One line by which people know the record."""
        return self.number

    @property
    def state_label(self) -> str:
        cycle = self.CYCLE
        return str(cycle.states[cycle.state_of(self)]) if cycle else ""

    def get_absolute_url(self) -> str:
        return reverse(f"{self.LINE}:{self._meta.model_name}", args=[self.number])


class NumberSeries(models.Model):
    """The last number given out in a street, line and year. It never goes back."""

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    line = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["street", "line", "year"], name="number_series_once")
        ]


class Link(Journaled):
    """A record leads to another, perhaps of another line: the only way in which lines meet."""

    class Kind(models.TextChoices):
        LED_TO = "led_to", term("link_led_to")
        PART_OF = "part_of", term("link_part_of")
        SAME_MATTER = "same_matter", term("link_same_matter")

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    source_type = models.CharField(max_length=60)
    source_id = models.UUIDField()
    target_type = models.CharField(max_length=60)
    target_id = models.UUIDField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = term("link")
        indexes = [
            models.Index(fields=["source_id"], name="link_source"),
            models.Index(fields=["target_id"], name="link_target"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_id", "target_id", "kind"],
                condition=Q(removed_at=None),
                name="link_once",
            )
        ]

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


def local_day(moment: Any) -> date:
    """The day on which a moment falls at the office (Asia/Shanghai)."""
    return timezone.localtime(moment).date()
