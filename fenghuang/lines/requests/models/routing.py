"""Who is responsible for what: routing rules and duty lists, as data of the street."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.places.models import Place, Spanned, SpannedQuerySet, Street
from fenghuang.kernel.places.models import span_ends_after_it_begins as span_check
from fenghuang.kernel.terms import term

from .meetings import Category


class RoutingRule(Journaled, Spanned):
    """Category × place × time → unit. The first rule that fits, by its rank, says the unit.

    An empty category, place or time fits all. A place stands for all that lies in it.
    """

    class Days(models.TextChoices):
        ALL = "all", _("every day")
        WORKING = "working", _("working days")
        OFF = "off", _("days off")

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(term("routing.rank"))
    category = models.CharField(term("category"), max_length=12, choices=Category, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=term("place")
    )
    days = models.CharField(term("routing.days"), max_length=8, choices=Days, default=Days.ALL)
    from_time = models.TimeField(term("routing.from_time"), null=True, blank=True)
    to_time = models.TimeField(term("routing.to_time"), null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=term("unit"))

    objects = SpannedQuerySet.as_manager()

    class Meta:
        verbose_name = term("routing_rule")
        constraints = [
            span_check("routing_rule_span"),
            models.CheckConstraint(
                condition=models.Q(from_time=None, to_time=None)
                | models.Q(from_time__isnull=False, to_time__isnull=False),
                name="routing_rule_has_both_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank} → {self.unit}"

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class Duty(Journaled, Spanned):
    """A row of a unit's duty list (职责清单): it is responsible for a category, by which rule."""

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=term("unit"))
    category = models.CharField(term("category"), max_length=12, choices=Category)
    citation = models.CharField(term("duty.citation"), max_length=200)

    objects = SpannedQuerySet.as_manager()

    class Meta:
        verbose_name = term("duty")
        constraints = [span_check("duty_span")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_category_display()}"

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class ReplyTemplate(Journaled):
    """A text for an answer, offered at the verb it is for; fields in braces are filled in."""

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    verb = models.CharField(term("reply_template.verb"), max_length=20)
    title = models.CharField(term("reply_template.title"), max_length=60)
    text = models.TextField(term("reply_template.text"))
    ended_on = models.DateField(term("reply_template.ended_on"), null=True, blank=True)

    class Meta:
        verbose_name = term("reply_template")

    def __str__(self) -> str:
        return self.title

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class Follower(models.Model):
    """An e-mail address that asked for news of an area; deleted when it ends. Never journaled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=term("place"))
    email = models.EmailField(term("email"))
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    email_purge_on = models.DateField(term("purge_on"))

    class Meta:
        verbose_name = term("follower")
        constraints = [
            models.UniqueConstraint(fields=["place", "email"], name="follower_once_a_place")
        ]

    def __str__(self) -> str:
        return str(self.place)
