"""Places and their validity-dated names, codes, boundaries and positions in the tree."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.terms import term

FOREVER = date(9999, 12, 31)


class Spanned(models.Model):
    """Something that holds from one day (inclusive) until another (exclusive; none = still)."""

    valid_from = models.DateField(term("valid_from"))
    valid_to = models.DateField(term("valid_to"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class SpannedQuerySet(models.QuerySet[Any]):
    def valid_on(self, day: date) -> SpannedQuerySet:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def span_ends_after_it_begins(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name=name
    )


class Kind(models.TextChoices):
    """The levels of the tree, from the widest to the narrowest."""

    STREET = "street", term("street")
    COMMUNITY = "community", term("community")
    GRID = "grid", term("grid")
    COMPOUND = "compound", term("compound")
    BUILDING = "building", term("building")
    ENTRANCE = "entrance", term("entrance")
    DWELLING = "dwelling", term("dwelling")


#: Under what a place may stand. A building stands in a grid and in a compound: they overlap freely.
PARENTS: dict[str, frozenset[str]] = {
    Kind.STREET: frozenset(),
    Kind.COMMUNITY: frozenset({Kind.STREET}),
    Kind.GRID: frozenset({Kind.COMMUNITY}),
    Kind.COMPOUND: frozenset({Kind.COMMUNITY}),
    Kind.BUILDING: frozenset({Kind.GRID, Kind.COMPOUND}),
    Kind.ENTRANCE: frozenset({Kind.BUILDING}),
    Kind.DWELLING: frozenset({Kind.ENTRANCE, Kind.BUILDING}),
}


class Place(Journaled, Spanned):
    """A place of any level. What only one level has stands in the class of that level."""

    KIND: ClassVar[str]

    street = models.ForeignKey("places.Street", models.PROTECT, related_name="places")
    kind = models.CharField(term("place_kind"), max_length=12, choices=Kind)
    name = models.CharField(term("name"), max_length=80)

    objects = SpannedQuerySet.as_manager()

    class Meta:
        verbose_name = term("place")
        indexes = [models.Index(fields=["street", "kind", "name"], name="place_by_kind")]
        constraints = [span_ends_after_it_begins("place_span")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.kind:
            self.kind = self.KIND
        super().save(*args, **kwargs)

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class Street(Place):
    """A subdistrict office (街道办事处). It owns a journal of its own."""

    KIND = Kind.STREET

    # Named, because the accessor that Django would make clashes with Place.street.
    place_ptr = models.OneToOneField(
        Place, models.CASCADE, parent_link=True, primary_key=True, related_name="as_street"
    )

    class Meta:
        verbose_name = term("street")


class Community(Place):
    """The area of a residents' committee."""

    KIND = Kind.COMMUNITY

    class Committee(models.TextChoices):
        RESIDENTS = "residents", _("residents’ committee")
        VILLAGERS = "villagers", _("villagers’ committee")
        SIMILAR = "similar", _("similar to a residents’ committee")

    committee = models.CharField(
        term("committee_kind"), max_length=12, choices=Committee, default=Committee.RESIDENTS
    )
    dwellings = models.PositiveIntegerField(term("dwelling_count"), null=True, blank=True)
    residents = models.PositiveIntegerField(term("resident_count"), null=True, blank=True)
    counted_on = models.DateField(term("counted_on"), null=True, blank=True)

    class Meta:
        verbose_name = term("community")


class Grid(Place):
    """The area of one grid worker, within one community. Its worker and telephone are public."""

    KIND = Kind.GRID

    class Purpose(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary grid")
        DEDICATED = "dedicated", _("dedicated grid")

    purpose = models.CharField(
        term("grid_kind"), max_length=12, choices=Purpose, default=Purpose.ORDINARY
    )
    limits = models.TextField(term("grid_limits"), blank=True)
    dwellings = models.PositiveIntegerField(term("dwelling_count"), null=True, blank=True)
    shops = models.PositiveIntegerField(term("shop_count"), null=True, blank=True)
    public_phone = models.CharField(term("public_phone"), max_length=30, blank=True)

    class Meta:
        verbose_name = term("grid")


class Compound(Place):
    """A property estate with a name and a boundary, or an open courtyard. Not a community."""

    KIND = Kind.COMPOUND

    class Tenure(models.TextChoices):
        COMMERCIAL = "commercial", _("commercial housing")
        REFORMED = "reformed", _("reformed housing")
        WORK_UNIT = "work_unit", _("work-unit housing")
        AFFORDABLE = "affordable", _("affordable housing")
        OPEN_COURTYARD = "open_courtyard", term("open_courtyard")
        OTHER = "other", _("other housing")

    class Manager(models.TextChoices):
        PROFESSIONAL = "professional", _("professional property management")
        COMMUNITY = "community", _("managed by the community")
        SELF = "self", _("managed by its residents")
        NONE = "none", _("no manager")

    tenure = models.CharField(
        term("compound_kind"), max_length=16, choices=Tenure, default=Tenure.OTHER
    )
    built_year = models.PositiveSmallIntegerField(term("built_year"), null=True, blank=True)
    dwellings = models.PositiveIntegerField(term("dwelling_count"), null=True, blank=True)
    floor_area_m2 = models.DecimalField(
        term("floor_area"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    manager = models.CharField(
        term("property_manager"), max_length=12, choices=Manager, default=Manager.NONE
    )
    is_old = models.BooleanField(term("is_old_compound"), default=False)

    class Meta:
        verbose_name = term("compound")


class Building(Place):
    """One building. Its name is its number within the compound, as residents say it."""

    KIND = Kind.BUILDING

    floors = models.PositiveSmallIntegerField(term("floor_count"), null=True, blank=True)
    entrances = models.PositiveSmallIntegerField(term("entrance_count"), null=True, blank=True)
    dwellings = models.PositiveIntegerField(term("dwelling_count"), null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(term("built_year"), null=True, blank=True)

    class Meta:
        verbose_name = term("building")


class Entrance(Place):
    """One stairwell of a building: the unit of lift projects."""

    KIND = Kind.ENTRANCE

    floors = models.PositiveSmallIntegerField(term("floor_count"), null=True, blank=True)
    dwellings = models.PositiveIntegerField(term("dwelling_count"), null=True, blank=True)
    has_lift = models.BooleanField(term("has_lift"), default=False)

    class Meta:
        verbose_name = term("entrance")


class Dwelling(Place):
    """One flat. The house keeps no list of who lives in it."""

    KIND = Kind.DWELLING

    floor = models.SmallIntegerField(term("floor"), null=True, blank=True)
    area_m2 = models.DecimalField(
        term("dwelling_area"), max_digits=8, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = term("dwelling")


class AboutPlace(Journaled, Spanned):
    """A dated statement about a place, kept in its street's journal."""

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")

    objects = SpannedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class Position(AboutPlace):
    """A place stands under a parent. A merged place stands under its successor from that day on."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="positions")
    parent = models.ForeignKey(Place, models.PROTECT, related_name="child_positions")

    class Meta:
        verbose_name = term("position")
        constraints = [span_ends_after_it_begins("position_span")]


class OtherName(AboutPlace):
    """A former official name, or a name that residents use (电站宿舍)."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="other_names")
    name = models.CharField(term("other_name"), max_length=80)
    was_official = models.BooleanField(term("was_official"), default=False)

    class Meta:
        verbose_name = term("other_name")
        indexes = [models.Index(fields=["street", "name"], name="other_name_by_name")]
        constraints = [span_ends_after_it_begins("other_name_span")]


class ExternalCode(AboutPlace):
    """A code that an authority gave. Codes are retired and reissued: never a key of ours."""

    class Scheme(models.TextChoices):
        STATISTICAL = "statistical", _("statistical division code")
        CITY_MANAGEMENT = "city_management", _("CJ/T 349 grid code")
        LOCAL = "local", _("local code")
        INTERNAL = "internal", _("internal code")

    place = models.ForeignKey(Place, models.PROTECT, related_name="codes")
    scheme = models.CharField(term("code_scheme"), max_length=16, choices=Scheme)
    code = models.CharField(term("external_code"), max_length=40)

    class Meta:
        verbose_name = term("external_code")
        indexes = [models.Index(fields=["street", "code"], name="external_code_by_code")]
        constraints = [span_ends_after_it_begins("external_code_span")]


class Boundary(AboutPlace):
    """The outline of a place: GeoJSON (Multi)Polygon, longitude before latitude (WGS 84)."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="boundaries")
    geometry = models.JSONField(term("boundary"))

    class Meta:
        verbose_name = term("boundary")
        constraints = [span_ends_after_it_begins("boundary_span")]


class Succession(AboutPlace):
    """From that day another place goes on for this one: a part of it, or what took it in."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Place, models.PROTECT, related_name="predecessions")

    class Meta:
        verbose_name = term("succession")
        constraints = [span_ends_after_it_begins("succession_span")]


class Path(models.Model):
    """Derived from the positions: on these days, `ancestor` stands above `place` (or is it).

    Figures and scopes roll up through these rows. They are never edited, only derived again, and
    the journal's check compares them with the positions.
    """

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="paths")
    ancestor = models.ForeignKey(Place, models.PROTECT, related_name="reached_by")
    valid_from = models.DateField()
    valid_to = models.DateField(default=FOREVER)  # never null: kept simple for the database

    class Meta:
        indexes = [
            models.Index(
                fields=["place", "ancestor", "valid_from", "valid_to"], name="path_upwards"
            ),
            models.Index(
                fields=["ancestor", "valid_from", "valid_to", "place"], name="path_downwards"
            ),
        ]
