"""Finds places and units of a street by the names that people write, all from memory.

凤凰池, 凤凰池社区 and 凤凰街凤凰池社区居委会 are one community. A name is looked for as the
official name, as another name, as a code, and then without what people add or leave out. The first
way that finds anything is taken. Where it finds several, the answer is all of them.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple, TypeVar

from django.utils import timezone

from fenghuang.claims import numbers
from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.places.models import (
    FOREVER,
    ExternalCode,
    Kind,
    OtherName,
    Place,
    Position,
    Street,
)

from .cells import folded

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

#: The levels that ledgers name places of. Entrances and dwellings are many and rarely named.
LEVELS = (Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.COMPOUND, Kind.BUILDING)


class Named(NamedTuple):
    """A place as far as finding it needs: valid on [valid_from, valid_to)."""

    id: uuid.UUID
    kind: str
    name: str
    valid_from: date = date.min
    valid_to: date = FOREVER

    def __str__(self) -> str:
        return self.name


class NamedUnit(NamedTuple):
    id: uuid.UUID
    name: str

    def __str__(self) -> str:
        return self.name


class Stands(NamedTuple):
    """On [valid_from, valid_to) the child stands under the parent."""

    child: uuid.UUID
    parent: uuid.UUID
    valid_from: date = date.min
    valid_to: date = FOREVER


_TAILS = {
    Kind.STREET: re.compile(r"(?:街道)?办事处$|道$"),
    Kind.COMMUNITY: re.compile(r"(?:社区)?(?:居民|村民)?委员会$|(?:社区)?[居村]委会$|社区$|村$"),
    Kind.GRID: re.compile(r"网格$"),
    Kind.COMPOUND: re.compile(r"小区$"),
    Kind.BUILDING: re.compile(r"[栋幢]$|号楼$|楼$"),
}
_NUMBERED = re.compile(r"第?([0-9〇零一二三四五六七八九十]+)号?")


def _without_tail(name: str, kind: str) -> str:
    return _TAILS[Kind(kind)].sub("", name) if kind in _TAILS else name


def _stem(name: str, kind: str) -> str:
    """What is left of a folded name without its tail; 第三网格, 3网格 and 03网格 are one."""
    stem = _without_tail(name, kind) or name
    if counted := _NUMBERED.fullmatch(stem):
        try:
            return str(int(numbers.parse(counted[1]).value))
        except ValueError:
            return stem
    return stem


@dataclass
class NameIndex:
    """The names of one street. Built from lists, so that it needs no database to be understood."""

    street_name: str
    places: Sequence[Named]
    stands: Sequence[Stands] = ()
    other_names: Sequence[tuple[uuid.UUID, str]] = ()
    codes: Sequence[tuple[uuid.UUID, str]] = ()
    units: Sequence[NamedUnit] = ()
    by_id: dict[uuid.UUID, Named] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.by_id = {place.id: place for place in self.places}
        self._parents: dict[uuid.UUID, list[Stands]] = defaultdict(list)
        for one in self.stands:
            self._parents[one.child].append(one)
        self._known: dict[tuple[object, ...], list[Named]] = {}
        street = folded(self.street_name)
        short = re.escape(_without_tail(street, Kind.STREET))
        self._street = re.compile(rf"^{short}(?:道|办事处)*(?=.)")

    # Going up

    def above(self, place: uuid.UUID, kind: str, day: date) -> Named | None:
        """The place itself or what stands above it, of that level, on that day.

        Where nothing did on that day (the record is older than the books), what does at all.
        """
        known = self.by_id.get(place)
        if known is not None and known.kind == kind:
            return known
        steps = self._parents.get(place, ())
        for step in sorted(steps, key=lambda step: not step.valid_from <= day < step.valid_to):
            if (found := self.above(step.parent, kind, day)) is not None:
                return found
        return None

    def all_above(self, place: uuid.UUID) -> set[uuid.UUID]:
        """The place and all that ever stood above it."""
        found = {place}
        for step in self._parents.get(place, ()):
            found |= self.all_above(step.parent)
        return found

    def below(self, place: uuid.UUID, kind: str, day: date) -> list[Named]:
        """What stands under the place on that day, of that level, by name."""
        found: dict[uuid.UUID, Named] = {}
        for step in self._children.get(place, ()):
            if step.valid_from <= day < step.valid_to:
                child = self.by_id[step.child]
                own = [child] if child.kind == kind else self.below(child.id, kind, day)
                found.update((one.id, one) for one in own)
        return sorted(found.values(), key=lambda one: (one.name, one.id))

    @cached_property
    def _children(self) -> dict[uuid.UUID, list[Stands]]:
        known = [one for one in self.stands if one.child in self.by_id]
        return _index((one.parent, one) for one in known)

    # Looking up

    def find(
        self,
        name: str,
        kinds: Iterable[str],
        *,
        day: date | None = None,
        within: uuid.UUID | None = None,
    ) -> list[Named]:
        """The places of these levels that the name may mean: none, one, or several.

        Of several, those in force on `day` go first. `within` leaves only what stands in it.
        """
        key = (name, frozenset(kinds), day, within)
        if key not in self._known:
            self._known[key] = self._find(folded(name), key[1], day, within)
        return self._known[key]

    def _find(
        self, name: str, kinds: frozenset[str], day: date | None, within: uuid.UUID | None
    ) -> list[Named]:
        for index, keys in (
            (self._official, {name}),
            (self._others, {name}),
            (self._coded, {name}),
            (self._stems, {key for kind in kinds for key in self._keys(name, kind)}),
        ):
            found = {place for key in keys for place in index.get(key, ()) if place.kind in kinds}
            if within is not None:
                found = {place for place in found if within in self.all_above(place.id)}
            if day is not None and len(found) > 1:
                found = {p for p in found if p.valid_from <= day < p.valid_to} or found
            if found:
                return sorted(found, key=lambda place: (place.name, place.id))
        return []

    def close_to(self, name: str, kinds: Iterable[str]) -> list[str]:
        """Up to three official names that look like it."""
        wanted = frozenset(kinds)
        names = {folded(place.name): place.name for place in self.places if place.kind in wanted}
        return [names[one] for one in get_close_matches(folded(name), names, n=3, cutoff=0.6)]

    def community_in(self, title: str) -> Named | None:
        """The one community that a title or sheet name is about: 凤凰池社区2021年台账."""
        found = self.find(title, [Kind.COMMUNITY])
        if not found:
            plain = folded(title)
            named = [p for p in self.places if p.kind == Kind.COMMUNITY and folded(p.name) in plain]
            # 凤凰池社区 also holds the letters of 池社区; the longer name is meant
            found = [p for p in named if not any(p.name in q.name for q in named if q is not p)]
        return found[0] if len(found) == 1 else None

    def unit(self, name: str) -> list[NamedUnit]:
        """The units that the name may mean: none, one, or several."""
        plain = folded(name)
        return self._units.get(plain) or self._units.get(self._short_unit(plain)) or []

    def also_called(self, place: uuid.UUID) -> list[str]:
        """The other names of a place: former official ones and those that residents use."""
        return self._names_beside.get(place, [])

    def code(self, place: uuid.UUID) -> str:
        """A code of the place that is in force, or nothing."""
        return self._codes_of.get(place, [""])[0]

    @cached_property
    def _names_beside(self) -> dict[uuid.UUID, list[str]]:
        return _index(self.other_names)

    @cached_property
    def _codes_of(self) -> dict[uuid.UUID, list[str]]:
        return _index(self.codes)

    @cached_property
    def unit_by_id(self) -> dict[uuid.UUID, NamedUnit]:
        return {unit.id: unit for unit in self.units}

    # Indexes

    @cached_property
    def _official(self) -> dict[str, list[Named]]:
        return _index((folded(place.name), place) for place in self.places)

    @cached_property
    def _others(self) -> dict[str, list[Named]]:
        known = ((name, self.by_id.get(place)) for place, name in self.other_names)
        return _index((folded(name), place) for name, place in known if place is not None)

    @cached_property
    def _coded(self) -> dict[str, list[Named]]:
        known = ((code, self.by_id.get(place)) for place, code in self.codes)
        return _index((folded(code), place) for code, place in known if place is not None)

    @cached_property
    def _stems(self) -> dict[str, list[Named]]:
        names = [(place, place.name) for place in self.places]
        names += [
            (self.by_id[place], name) for place, name in self.other_names if place in self.by_id
        ]
        pairs = []
        for place, name in names:
            plain = folded(name)
            keys = set(self._keys(plain, place.kind))
            if place.kind in (Kind.GRID, Kind.COMPOUND):
                community = self.above(place.id, Kind.COMMUNITY, place.valid_from)
                if community is not None:
                    own = _stem(folded(community.name), Kind.COMMUNITY)
                    rest = _after_community(plain, own)
                    keys |= {_stem(rest, place.kind), f"{own}/{_stem(rest, place.kind)}"}
            pairs += [(key, place) for key in keys]
        return _index(pairs)

    def _keys(self, plain: str, kind: str) -> set[str]:
        """Under which stems a name is kept and looked for."""
        short = self._street.sub("", plain)
        keys = {_stem(short, kind)}
        if kind in (Kind.GRID, Kind.COMPOUND):
            for own in self._communities:
                if short.startswith(own) and (rest := _after_community(short, own)) != short:
                    keys.add(f"{own}/{_stem(rest, kind)}")
        return keys

    @cached_property
    def _communities(self) -> list[str]:
        return [
            _stem(folded(place.name), Kind.COMMUNITY)
            for place in self.places
            if place.kind == Kind.COMMUNITY
        ]

    @cached_property
    def _units(self) -> dict[str, list[NamedUnit]]:
        pairs = []
        for unit in self.units:
            plain = folded(unit.name)
            pairs += [(key, unit) for key in {plain, self._short_unit(plain)}]
        return _index(pairs)

    def _short_unit(self, plain: str) -> str:
        return _stem(self._street.sub("", plain), Kind.COMMUNITY)


def _index(pairs: Iterable[tuple[K, T]]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _after_community(name: str, community: str) -> str:
    """The name of a grid or compound without the community in front of it."""
    rest = re.sub(rf"^{re.escape(community)}(?:社区|村)?(?:居委会|村委会)?", "", name)
    return rest or name


def names_of(street: Street, kinds: Iterable[str] = LEVELS) -> NameIndex:
    """The names of a street from its books: five queries, whatever the size."""
    wanted = list(kinds)
    places = [
        Named(id, kind, name, start, end or FOREVER)
        for id, kind, name, start, end in Place.objects.filter(
            street=street, kind__in=wanted
        ).values_list("id", "kind", "name", "valid_from", "valid_to")
    ]
    about = {"street": street, "place__kind__in": wanted}
    return NameIndex(
        street.name,
        places,
        [
            Stands(child, parent, start, end or FOREVER)
            for child, parent, start, end in Position.objects.filter(**about).values_list(
                "place_id", "parent_id", "valid_from", "valid_to"
            )
        ],
        list(
            OtherName.objects.filter(**about)
            .order_by("valid_from", "name")
            .values_list("place_id", "name")
        ),
        list(
            ExternalCode.objects.valid_on(timezone.localdate())
            .filter(**about)
            .order_by("scheme", "code")
            .values_list("place_id", "code")
        ),
        [NamedUnit(*row) for row in Unit.objects.filter(street=street).values_list("id", "name")],
    )
