"""The ledgers of places: 网格台账 and 小区底册, and outlines of grids as GeoJSON.

They found communities, grids, compounds and buildings; of places that are held they list what
differs, and change nothing: that takes a document. Who works in a grid follows from appointments;
a sheet gives nobody access.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.people.scope import scope_of, within
from fenghuang.kernel.places.models import (
    Building,
    Compound,
    Grid,
    Kind,
    Path,
    Place,
    Street,
)

from . import actions
from .cells import Cell, CellProblem, text
from .columns import (
    Choice,
    Code,
    Column,
    Context,
    Measured,
    NotKept,
    PlaceNamed,
    RunningNumber,
    Text,
    Whole,
    YesNo,
    as_number,
)
from .founding import NewPlace
from .ledger import Ledger
from .names import Named


@dataclass(frozen=True, eq=False)
class PlaceLedger(Ledger):
    """A ledger of places of one level. It is entered at once; nothing in it can be withdrawn."""

    own_number: str = "code"

    def place_of(self, record: Any) -> uuid.UUID:
        if not isinstance(record, NewPlace):
            return record.pk  # type: ignore[no-any-return]  # of any model
        if isinstance(record.community, Named):
            return record.community.id
        return record.place.street_id

    def held_by_number(self, street: Street, numbers: Iterable[str]) -> dict[str, Any]:
        wanted = set(numbers)
        places = self._standing(street).filter(codes__code__in=wanted, codes__valid_to=None)
        return {as_number(code): place for place in places for code in _codes(place, wanted)}

    def held_like(self, street: Street, built: Sequence[Any]) -> list[Any]:
        wanted = {new.held.id for new in built if new.held is not None}
        return list(self._standing(street).filter(pk__in=wanted))

    def _standing(self, street: Street) -> QuerySet[Any]:
        today = timezone.localdate()
        return self.prepare(self.model.objects.valid_on(today).filter(street=street))

    def rows(
        self, place: Place, year: int | None = None, *, user: User | None = None
    ) -> QuerySet[Any]:
        """The places that stand under a place today, or stood there at the end of a past year.

        With a user, only those in what the user looks after.
        """
        today = timezone.localdate()
        day = min(today, date(year, 12, 31)) if year else today
        under = Path.objects.filter(ancestor=place.pk, valid_from__lte=day, valid_to__gt=day)
        places = self.model.objects.valid_on(day).filter(pk__in=under.values("place"))
        if user is not None:
            places = places.filter(within(scope_of(user, self.line), user, place="pk"))
        return places.order_by("name", "pk")  # type: ignore[no-any-return]  # of any model


def _codes(place: Any, wanted: set[str]) -> list[str]:
    return [one.code for one in place.codes.all() if as_number(one.code) in wanted]


def _key(place: Any, context: Context) -> Hashable:
    if not isinstance(place, NewPlace):
        return place.pk  # type: ignore[no-any-return]  # of any model
    if place.held is not None:
        return place.held.id
    return str(place.community), as_number(place.place.name)


class CommunityOrNew(PlaceNamed):
    """A community of the books, or the name of one that is to be founded."""

    def __init__(self) -> None:
        super().__init__(Kind.COMMUNITY)

    def read(self, cell: Cell, context: Context) -> Any:
        try:
            return super().read(cell, context)
        except CellProblem as problem:
            if problem.code != "unknown_place":
                raise
        near = context.names.close_to(text(cell), self.kinds)
        sentence = _("“%(name)s” is not in the books yet: it is founded.") % {"name": text(cell)}
        if near:
            sentence += _(" Or is it one of these: %(names)s?") % {"names": "、".join(near)}
        context.note("community", "founded", sentence)
        return text(cell)

    def write(self, value: Any) -> Cell:
        return None if value is None else str(value)

    def is_same(self, one: Any, other: Any) -> bool:
        return str(one) == str(other)


def _begins(context: Context) -> date:
    """From when a place of the ledger is in force: the year of the ledger, or today."""
    begin = date(context.year, 1, 1) if context.year else context.today
    return max(begin, context.street.valid_from)


def _community_of(place: Place, context: Context) -> Named | None:
    return context.names.above(place.pk, Kind.COMMUNITY, context.today)


def _found(kind: str, values: Mapping[str, Any], context: Context) -> Named | None:
    """The place of the books that has this name in this community; CellProblem if several have."""
    community = values["community"]
    if not isinstance(community, Named):
        return None
    found = context.names.find(values["name"], [kind], day=context.today, within=community.id)
    if len(found) > 1:
        raise CellProblem(
            "ambiguous",
            _("Several places in the books have this name: %(names)s. Write the full name.")
            % {"names": "、".join(map(str, found))},
            column="name",
        )
    return found[0] if found else None


# Grids


def _grid(values: Mapping[str, Any], context: Context) -> NewPlace:
    grid = Grid(
        street=context.street,
        name=values["name"],
        valid_from=_begins(context),
        limits=values["limits"],
        dwellings=values["dwellings"],
        shops=values["shops"],
        public_phone=values["public_phone"],
    )
    held = _found(Kind.GRID, values, context)
    return NewPlace(grid, values["community"], held, code=values["code"])


def _with_workers(grids: QuerySet[Any]) -> QuerySet[Any]:
    current = Appointment.objects.valid_on(timezone.localdate()).filter(role=Role.GRID_WORKER)
    workers = Prefetch("appointments", current.select_related("user"), to_attr="workers")
    return grids.prefetch_related("codes", workers)


def _buildings(place: Place, context: Context) -> list[Named]:
    return context.names.below(place.pk, Kind.BUILDING, context.today)


def _compound_count(grid: Place, context: Context) -> int:
    """How many compounds stand in the grid, wholly or in part: those of its buildings."""
    compounds = {
        context.names.above(building.id, Kind.COMPOUND, context.today)
        for building in _buildings(grid, context)
    }
    return len(compounds - {None})


GRIDS = PlaceLedger(
    code="grids",
    title="网格台账",
    line="",
    model=Grid,
    columns=(
        Column("sequence", "序号", RunningNumber()),
        Column(
            "community",
            "社区",
            CommunityOrNew(),
            ("所属社区", "社区名称", "所在社区"),
            is_required=True,
            get=_community_of,
        ),
        Column(
            "code",
            "网格编号",
            Code(40),
            ("网格编码", "网格代码"),
            get=lambda grid, context: context.names.code(grid.pk),
        ),
        Column("name", "网格名称", Text(80), ("网格",), is_required=True),
        Column("limits", "四至范围", Text(), ("四至", "网格范围", "范围")),
        Column(
            "compound_count",
            "小区（院落）数",
            Whole("个"),
            ("小区数", "院落数"),
            is_derived=True,
            get=_compound_count,
        ),
        Column(
            "building_count",
            "楼栋数",
            Whole("栋"),
            is_derived=True,
            get=lambda grid, context: len(_buildings(grid, context)),
        ),
        Column("dwellings", "户数", Whole("户")),
        Column("shops", "商户数", Whole("家", "户", "个"), ("商铺数", "门店数")),
        Column("head", "网格长", NotKept()),
        Column(
            "workers",
            "网格员",
            Text(),
            ("网格员姓名", "专职网格员"),
            is_derived=True,
            get=lambda grid, _context: "、".join(sorted(str(one.user) for one in grid.workers)),
        ),
        Column("public_phone", "联系电话", Text(30), ("公示电话", "电话", "联系方式")),
        Column("line_leader", "包联领导", NotKept(), ("包片领导", "联系领导")),
        Column("remarks", "备注", NotKept()),
    ),
    build=_grid,
    key=_key,
    enter=actions.enter_places,
    prepare=_with_workers,
)


# Compounds


def _compound(values: Mapping[str, Any], context: Context) -> NewPlace:
    begins, grids = _begins(context), values["grids"]
    compound = Compound(
        street=context.street,
        name=values["name"],
        valid_from=begins,
        built_year=values["built_year"],
        dwellings=values["dwellings"],
        floor_area_m2=values["floor_area_m2"],
        manager=values["manager"] or Compound.Manager.NONE,
        is_old=values["is_old"],
    )
    count, entrances = values["building_count"] or 0, values["entrance_count"]
    # One building has all the entrances; as many as buildings is one in each. Else it is open.
    each = entrances if count == 1 else 1 if entrances == count else None
    if entrances and each is None:
        context.note(
            "entrance_count",
            "entrances_open",
            _("Which building has how many entrances is not said. Enter it at the buildings."),
        )
    if count and len(grids) != 1:
        context.note(
            "grids",
            "grid_open",
            _("In which grid each building stands is not said. Enter it at the buildings."),
        )
    buildings = [
        Building(street=context.street, name=f"{n}栋", valid_from=begins, entrances=each)
        for n in range(1, count + 1)
    ]
    return NewPlace(
        compound,
        values["community"],
        _found(Kind.COMPOUND, values, context),
        other_names=values["other_names"],
        buildings=buildings,
        grid=grids[0] if len(grids) == 1 else None,
    )


def _grids_of(compound: Place, context: Context) -> list[Named]:
    """The grids in which the buildings of a compound stand, by name."""
    found = {
        context.names.above(building.id, Kind.GRID, context.today)
        for building in _buildings(compound, context)
    }
    return sorted((grid for grid in found if grid is not None), key=lambda grid: grid.name)


def _with_entrances(compounds: QuerySet[Any]) -> QuerySet[Any]:
    own = (
        Building.objects.filter(positions__parent=OuterRef("pk"), positions__valid_to=None)
        .order_by()
        .values("positions__parent")
    )
    found: QuerySet[Any] = compounds.annotate(
        entrances=Subquery(own.annotate(n=Sum("entrances")).values("n")),
        unknown=Subquery(own.annotate(n=Count("pk", filter=Q(entrances=None))).values("n")),
    )
    return found


MOST_BUILDINGS = 500

COMPOUNDS = PlaceLedger(
    code="compounds",
    title="小区底册",
    line="",
    model=Compound,
    columns=(
        Column("sequence", "序号", RunningNumber()),
        Column(
            "community",
            "社区",
            CommunityOrNew(),
            ("所属社区", "社区名称", "所在社区"),
            is_required=True,
            get=_community_of,
        ),
        Column(
            "grids",
            "网格",
            PlaceNamed(Kind.GRID, within="community"),
            ("所属网格", "网格名称"),
            has_many=True,
            get=_grids_of,
        ),
        Column(
            "name", "小区名称", Text(80), ("小区", "院落名称", "小区（院落）名称"), is_required=True
        ),
        Column(
            "other_names",
            "曾用名",
            Text(80),
            ("别名", "原名", "俗称"),
            has_many=True,
            get=lambda compound, context: context.names.also_called(compound.pk),
        ),
        Column(
            "built_year",
            "建成年份",
            Whole("年", least=1900, most=2100),
            ("建成年代", "建造年份", "竣工年份"),
        ),
        Column(
            "building_count",
            "楼栋数",
            Whole("栋", most=MOST_BUILDINGS),
            ("栋数", "幢数"),
            get=lambda compound, context: len(_buildings(compound, context)),
        ),
        Column(
            "entrance_count",
            "单元数",
            Whole("个"),
            get=lambda compound, _context: None if compound.unknown else compound.entrances,
        ),
        Column("dwellings", "户数", Whole("户"), ("总户数", "住户数")),
        Column("floor_area_m2", "建筑面积(㎡)", Measured("㎡"), ("面积(㎡)", "总建筑面积(㎡)")),
        Column(
            "manager",
            "有无物业",
            Choice(
                {
                    Compound.Manager.PROFESSIONAL: ("有", "专业物业", "是"),
                    Compound.Manager.COMMUNITY: ("社区托管", "社区代管"),
                    Compound.Manager.SELF: ("自管", "业主自管"),
                    Compound.Manager.NONE: ("无", "没有", "否"),
                }
            ),
            ("物业管理方式", "是否有物业"),
        ),
        Column("management_company", "物业公司", NotKept(), ("物业公司名称",)),
        Column("owners_committee", "业委会", NotKept(), ("有无业委会",)),
        Column("is_old", "是否老旧小区", YesNo(empty=False), ("老旧小区",)),
        Column("remarks", "备注", NotKept()),
    ),
    build=_compound,
    key=_key,
    enter=actions.enter_places,
    prepare=_with_entrances,
)

PLACE_LEDGERS = (GRIDS, COMPOUNDS)
