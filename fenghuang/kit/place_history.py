"""What happened to a place: its names, parents, outlines, what it came from and what it became."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fenghuang.kernel.journal import read
from fenghuang.kernel.places.models import AboutPlace, Place

#: The changes that rest on a document; other verbs have another ground, such as a batch.
_BY_DOCUMENT = frozenset({"rename", "redraw", "move", "merge", "split", "retire"})


@dataclass(frozen=True)
class PlaceEvent:
    """One change, from the day on which it holds. `drawn`: it gave the place an outline."""

    day: date
    what: str
    document: str = ""
    others: Sequence[Place] = field(default_factory=list)
    drawn: bool = False


def place_history(place: Place) -> list[PlaceEvent]:
    """All that happened to a place, the newest first: a few queries, however much it is."""
    names = list(place.other_names.filter(was_official=True).order_by("valid_to"))
    positions = list(place.positions.select_related("parent").order_by("valid_from"))
    boundaries = list(place.boundaries.order_by("valid_from"))
    became = list(place.successions.select_related("successor").order_by("valid_from"))
    came_from = list(place.predecessions.select_related("place").order_by("valid_from"))
    told = _Told(place, [*names, *positions, *boundaries, *became, *came_from])
    events = [
        *_founded(place, told, came_from),
        *_renamed(place, names, told),
        *_moved(place, positions, told),
        *_redrawn(boundaries, told),
        *_became(became, told),
        *_took_in(came_from, told),
        *_retired(place, became),
    ]
    return sorted(events, key=lambda event: event.day, reverse=True)


class _Told:
    """By which verb each statement was entered, and on what document."""

    def __init__(self, place: Place, statements: Iterable[AboutPlace]) -> None:
        ids = [one.pk for one in statements]
        self._found: dict[UUID, tuple[str, str]] = read.grounds(place.street_id, ids)

    def verb(self, statement: AboutPlace) -> str:
        return self._found.get(statement.pk, ("", ""))[0]

    def document(self, statement: AboutPlace) -> str:
        verb, ground = self._found.get(statement.pk, ("", ""))
        return ground if verb in _BY_DOCUMENT else ""


def _founded(place: Place, told: _Told, came_from: list[Any]) -> Iterator[PlaceEvent]:
    origins = [one for one in came_from if told.verb(one) == "split"]
    if not origins:
        yield PlaceEvent(place.valid_from, _("in being since this day"))
    for one in origins:
        yield PlaceEvent(
            one.valid_from,
            _("split off from %(place)s") % {"place": one.place},
            told.document(one),
            [one.place],
        )


def _renamed(place: Place, names: list[Any], told: _Told) -> Iterator[PlaceEvent]:
    called = pairwise([*(one.name for one in names), place.name])
    for one, (old, new) in zip(names, called, strict=True):
        words = _("renamed from “%(old)s” to “%(new)s”") % {"old": old, "new": new}
        yield PlaceEvent(one.valid_to, words, told.document(one))


def _moved(place: Place, positions: list[Any], told: _Told) -> Iterator[PlaceEvent]:
    positions = [one for one in positions if one.parent.kind != place.kind]  # not a succession
    by_level = sorted(positions, key=lambda one: (one.parent.kind, one.valid_from))
    for _level, group in groupby(by_level, key=lambda one: one.parent.kind):
        own = list(group)
        for before, after in pairwise(own):
            words = _("moved from %(old)s to %(new)s") % {
                "old": before.parent,
                "new": after.parent,
            }
            others = [before.parent, after.parent]
            yield PlaceEvent(after.valid_from, words, told.document(after), others)


def _redrawn(boundaries: list[Any], told: _Told) -> Iterator[PlaceEvent]:
    for n, one in enumerate(boundaries):
        words = _("outline redrawn") if n else _("outline drawn")
        yield PlaceEvent(one.valid_from, words, told.document(one), drawn=True)


def _became(became: list[Any], told: _Told) -> Iterator[PlaceEvent]:
    for day, group in groupby(became, key=lambda one: one.valid_from):
        own = list(group)
        others = [one.successor for one in own]
        named = {"places": _(", ").join(other.name for other in others)}
        if told.verb(own[0]) == "split":
            words = _("split into %(places)s") % named
        else:
            words = _("merged into %(places)s") % named
        yield PlaceEvent(day, words, told.document(own[0]), others)


def _took_in(came_from: list[Any], told: _Told) -> Iterator[PlaceEvent]:
    for one in came_from:
        if told.verb(one) == "merge":
            words = _("took in %(place)s") % {"place": one.place}
            yield PlaceEvent(one.valid_from, words, told.document(one), [one.place])


def _retired(place: Place, became: list[Any]) -> Iterator[PlaceEvent]:
    if place.valid_to is None or became:
        return
    grounds = [one.ground for one in read.history(place.pk) if one.verb == "retire"]
    yield PlaceEvent(place.valid_to, _("no longer in being"), "".join(grounds[-1:]))
