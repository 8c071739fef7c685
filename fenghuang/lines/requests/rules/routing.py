"""Which unit an order goes to: the first rule that fits its category, place and moment."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from fenghuang.kernel.worktime import LOCAL_ZONE, is_working_day

U = TypeVar("U")


@dataclass(frozen=True)
class Rule(Generic[U]):
    """What a rule asks for; an empty category, place or time fits all.

    From a time until another, half-open; a span that ends no later than it begins passes midnight.
    """

    unit: U
    category: str = ""
    place: Hashable = None
    days: str = "all"  #: all, working or off
    from_time: time | None = None
    to_time: time | None = None


class Miss(StrEnum):
    """Why a rule does not fit: the first thing that does not."""

    CATEGORY = "category"
    PLACE = "place"
    DAY = "day"
    TIME = "time"


class Matter(NamedTuple):
    """What is routed. `places` are its place and all that stand above it."""

    category: str
    places: Collection[Hashable]
    at: datetime


def miss(rule: Rule[U], matter: Matter) -> Miss | None:
    """Why the rule does not fit; None where it does.

    The kind of day is asked for only by rules that name one: CalendarMissing where it is not known.
    """
    local = matter.at.astimezone(LOCAL_ZONE)
    if rule.category and rule.category != matter.category:
        return Miss.CATEGORY
    if rule.place is not None and rule.place not in matter.places:
        return Miss.PLACE
    if rule.days != "all" and is_working_day(local.date()) != (rule.days == "working"):
        return Miss.DAY
    if not _is_within(local.time(), rule.from_time, rule.to_time):
        return Miss.TIME
    return None


def _is_within(moment: time, start: time | None, end: time | None) -> bool:
    if start is None or end is None:
        return True
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


def first(rules: Iterable[Rule[U]], matter: Matter) -> Rule[U] | None:
    """The first rule that fits; None where none does."""
    return next((rule for rule in rules if miss(rule, matter) is None), None)


class Tried(NamedTuple, Generic[U]):
    """A rule that was tried, and why it does not fit; None for the one that fires."""

    rule: Rule[U]
    miss: Miss | None


def explained(rules: Sequence[Rule[U]], matter: Matter) -> list[Tried[U]]:
    """The rules in their order, each with why it does not fit, up to the first that does."""
    tried = []
    for rule in rules:
        tried.append(Tried(rule, miss(rule, matter)))
        if tried[-1].miss is None:
            break
    return tried
