"""Staff, units and appointments. Staff are persons too: only what the work needs is kept."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.places.models import Place, Spanned, SpannedQuerySet, Street
from fenghuang.kernel.places.models import span_ends_after_it_begins as span_check
from fenghuang.kernel.terms import term

from .roles import Role


class Unit(Journaled, Spanned):
    """A department of the street, a community, or an outside body that work is handed to."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", term("department")
        COMMUNITY = "community", term("community")
        OUTSIDE = "outside", term("outside_unit")

    street = models.ForeignKey(Street, models.PROTECT, related_name="units")
    name = models.CharField(term("unit"), max_length=60)
    kind = models.CharField(term("unit_kind"), max_length=12, choices=Kind)

    objects = SpannedQuerySet.as_manager()

    class Meta:
        verbose_name = term("unit")
        constraints = [
            span_check("unit_span"),
            models.UniqueConstraint(fields=["street", "name"], name="unit_name_once_a_street"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class Users(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user


def _pseudonym() -> str:
    return secrets.token_hex(8)


class User(AbstractBaseUser):
    """A member of staff who signs in. The journal knows them only by their pseudonym."""

    username = models.CharField(
        term("username"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )
    display_name = models.CharField(term("display_name"), max_length=60)
    email = models.EmailField(term("email"), blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=term("unit")
    )
    pseudonym = models.CharField(max_length=16, unique=True, default=_pseudonym, editable=False)
    is_active = models.BooleanField(term("is_active"), default=True)
    must_change_password = models.BooleanField(term("must_change_password"), default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = term("user")

    def __str__(self) -> str:
        return self.display_name

    @cached_property
    def current_appointments(self) -> list[Appointment]:
        """What this person holds today; read once per request."""
        today = timezone.localdate()
        held = self.appointments.valid_on(today)
        return list(held.select_related("place", "street", "stands_in_for", "user"))

    @property
    def stood_in_for(self) -> set[int]:
        """The absent colleagues (their keys) whose tasks this person has today."""
        return {
            held.stands_in_for_id
            for held in self.current_appointments
            if held.stands_in_for_id is not None
        }

    @property
    def unit_ids(self) -> set[uuid.UUID]:
        """The unit of this person, and those of the colleagues stood in for today."""
        absent = {
            held.stands_in_for.unit_id
            for held in self.current_appointments
            if held.stands_in_for is not None
        }
        return {one for one in (self.unit_id, *absent) if one is not None}

    def roles(self, line: str, *, place: Iterable[uuid.UUID] | None = None) -> frozenset[str]:
        """The roles held today in a line, optionally only where one of these places is covered."""
        wanted = None if place is None else set(place)
        return frozenset(
            held.role
            for held in self.current_appointments
            if held.covers(line) and (wanted is None or held.place_id in wanted)
        )

    @property
    def street(self) -> Street | None:
        """The street this person works for, by their first current appointment."""
        return self.current_appointments[0].street if self.current_appointments else None


class Appointment(Journaled, Spanned):
    """A person holds a role in a line (or in all lines), for a place and what stands in it."""

    ALL_LINES = ""

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    user = models.ForeignKey(
        User, models.PROTECT, related_name="appointments", verbose_name=term("user")
    )
    role = models.CharField(term("role"), max_length=20, choices=Role)
    line = models.CharField(term("line"), max_length=20, blank=True, default=ALL_LINES)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="appointments", verbose_name=term("place")
    )
    stands_in_for = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="substitutes",
        verbose_name=term("stands_in_for"),
    )

    objects = SpannedQuerySet.as_manager()

    class Meta:
        verbose_name = term("appointment")
        constraints = [
            span_check("appointment_span"),
            models.CheckConstraint(
                condition=models.Q(stands_in_for=None) | models.Q(valid_to__isnull=False),
                name="substitute_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.place}"

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street

    def covers(self, line: str) -> bool:
        return self.line in (self.ALL_LINES, line)
