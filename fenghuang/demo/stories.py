"""Made-up words of a made-up street: what is said at its meetings and what becomes of it.

The words are data (meetings.toml, problems.toml); here they are only chosen and given a place. The
entries are dealt like cards, so that all of them are told before one is told again.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from .geography import (
    OLD_COMPOUND_UNTIL,
    DemoBuilding,
    DemoCommunity,
    DemoCompound,
    DemoStreet,
)

MEETINGS: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "meetings.toml").read_text(encoding="utf-8")
)
PROBLEMS: dict[str, dict[str, list[dict[str, Any]]]] = tomllib.loads(
    (Path(__file__).parent / "problems.toml").read_text(encoding="utf-8")
)
CATEGORIES = tuple(PROBLEMS)
"""housing road lighting pipes parking sanitation noise neighbours safety elderly education medical
employment other: 房屋,道路,照明,管网,停车,环卫,噪音,邻里,安全,养老,教育,医疗,就业,其他."""

URGENCIES = {
    "small_matter": ("urgent", "urgent", "difficult", "worrying", "hoped_for"),
    "project_item": ("urgent", "difficult", "difficult", "hoped_for", "hoped_for"),
    "answered_on_site": ("worrying", "worrying", "hoped_for", "difficult"),
    "referred_up": ("urgent", "difficult", "worrying"),
    "not_accepted": ("worrying", "difficult"),
}
"""急 urgent, 难 difficult, 愁 worrying, 盼 hoped_for; as often as each is likely."""


@dataclass(frozen=True, slots=True)
class MeetingStory:
    month: int
    community: str
    grid: str
    venue: str
    theme: str
    chair: str  # a role
    attendances: int
    count_method: str  # sign_in, head_count, estimate
    minutes: str


@dataclass(frozen=True, slots=True)
class ProblemStory:
    """A problem and what would become of it; only the fields of its disposition are filled."""

    category: str
    disposition: str
    urgency: str
    text: str
    community: str
    grid: str | None
    compound: str | None
    building: str | None
    entry: Mapping[str, Any]
    slots: Mapping[str, str]
    title: str = ""  # of the small matter or project item
    measure: str = ""  # how the small matter was put right
    cost_fen: int = 0
    owner: str = ""  # unit that owns the project item
    budget_fen: int = 0
    days: int = 0  # natural days the project item takes
    answer: str = ""
    referred_to: str = ""
    reason: str = ""  # of referring up or of not accepting


def meetings(
    street: DemoStreet, rng: Random, count: int, months: Sequence[int] = tuple(range(1, 13))
) -> tuple[MeetingStory, ...]:
    """So many meetings, spread evenly over the months in their order, communities taking turns."""
    places = _Places(street)
    themes = {month: _dealt(rng, MEETINGS["themes"][str(month)]) for month in set(months)}
    turns = cycle(rng.sample(street.communities, len(street.communities)))
    told: list[MeetingStory] = []
    for i, community in enumerate(islice(turns, count)):
        month = months[i * len(months) // count]
        spot = places.spot(rng, community)
        slots = {**spot.slots, "theme": next(themes[month])}
        parts = (["opening"], ["opening", "closing"], ["opening", "middle", "closing"])
        told.append(
            MeetingStory(
                month=month,
                community=community.key,
                grid=spot.building.grid,
                venue=worded(rng, rng.choice(MEETINGS["venues"]), slots),
                theme=slots["theme"],
                chair=rng.choice(MEETINGS["chairs"]),
                attendances=round(rng.triangular(12, 60, 24)),
                count_method=rng.choice(["sign_in", "sign_in", "head_count", "estimate"]),
                minutes="".join(
                    worded(rng, rng.choice(MEETINGS[part]), slots) for part in rng.choice(parts)
                ),
            )
        )
    return tuple(told)


def problems(
    street: DemoStreet, rng: Random, wanted: Iterable[tuple[str, str]]
) -> tuple[ProblemStory, ...]:
    """One problem for each pair of a community's key and a disposition.

    The disposition is one of answered_on_site, small_matter, project_item, referred_up and
    not_accepted; a problem that is still open or merged is told as what it may become.
    """
    places = _Places(street)
    communities = {community.key: community for community in street.communities}
    decks = {
        disposition: _dealt(
            rng,
            [
                (category, entry)
                for category, entries in PROBLEMS.items()
                for entry in entries.get(disposition, ())
            ],
        )
        for disposition in URGENCIES
    }
    return tuple(
        _problem(rng, places, communities[key], disposition, *next(decks[disposition]))
        for key, disposition in wanted
    )


def retold(rng: Random, story: ProblemStory) -> ProblemStory:
    """The same matter at the same place in the words of somebody else."""
    return replace(story, text=worded(rng, story.entry["text"], story.slots))


def _problem(
    rng: Random,
    places: _Places,
    community: DemoCommunity,
    disposition: str,
    category: str,
    entry: dict[str, Any],
) -> ProblemStory:
    spot = places.spot(rng, community, old=entry.get("old", False))
    text = entry["text"]
    at_building = "{building}" in text or "{entrance}" in text
    at_compound = at_building or "{compound}" in text
    lowest, highest = entry.get("yuan", (0, 0))
    least, most = entry.get("wan", (0, 0))
    return ProblemStory(
        category=category,
        disposition=disposition,
        urgency=rng.choice(URGENCIES[disposition]),
        text=worded(rng, text, spot.slots),
        community=community.key,
        grid=spot.building.grid if at_compound else None,
        compound=spot.compound.key if at_compound else None,
        building=spot.building.key if at_building else None,
        entry=entry,
        slots=spot.slots,
        title=worded(rng, entry.get("title", ""), spot.slots),
        measure=worded(rng, entry.get("fixed", ""), spot.slots),
        cost_fen=rng.randint(lowest * 2, highest * 2) * 50,
        owner=entry.get("owner", ""),
        budget_fen=rng.randint(least * 10, most * 10) * 100_000,
        days=rng.randint(*entry.get("days", (0, 0))),
        answer=worded(rng, entry.get("answer", ""), spot.slots),
        referred_to=entry.get("to", ""),
        reason=entry.get("reason", ""),
    )


def spot_in(street: DemoStreet, rng: Random, community: DemoCommunity) -> Spot:
    """Some building of the community, with the words for it."""
    return _Places(street).spot(rng, community)


@dataclass(frozen=True, slots=True)
class Spot:
    """A building, and what stands in the slots of a story told of it."""

    compound: DemoCompound
    building: DemoBuilding
    slots: Mapping[str, str]


class _Places:
    """Where in a community something may happen."""

    def __init__(self, street: DemoStreet) -> None:
        self.compounds: dict[str, list[DemoCompound]] = defaultdict(list)
        self.buildings: dict[str, list[DemoBuilding]] = defaultdict(list)
        self.roads: dict[str, list[str]] = defaultdict(list)
        for compound in street.compounds:
            self.compounds[compound.community].append(compound)
        for building in street.buildings:
            self.buildings[building.compound].append(building)
        for kinds in ({"lane"}, {"road", "ring"}):  # a community of one grid has no lane of its own
            served = set(self.roads)
            for road in street.roads:
                if road.kind in kinds:
                    for community in set(road.communities) - served:
                        self.roads[community].append(road.name)

    def spot(self, rng: Random, community: DemoCommunity, old: bool = False) -> Spot:
        """A building of the community; of an old compound if asked and if there is one."""
        compounds = self.compounds[community.key]
        aged = [compound for compound in compounds if compound.built_year <= OLD_COMPOUND_UNTIL]
        compound = rng.choice(aged if old and aged else compounds)
        building = rng.choice(self.buildings[compound.key])
        name = f"{compound.name}{building.no}栋"
        slots = {
            "community": community.name,
            "compound": compound.name,
            "building": name,
            "entrance": f"{name}{rng.randint(1, building.entrances)}单元",
            "floor": str(rng.randint(2, max(2, building.floors - 1))),
            "lane": rng.choice(self.roads[community.key]),
        }
        return Spot(compound, building, slots)


_CHOICE = re.compile(r"\(([^()]*)\)")


def worded(rng: Random, template: str, slots: Mapping[str, str]) -> str:
    """One of the ways to say a template, with its place filled in.

    >>> worded(Random(1), "{lane}(路灯|路灯)不亮。", {"lane": "桐音巷"})
    '桐音巷路灯不亮。'
    """
    return _CHOICE.sub(lambda ways: rng.choice(ways[1].split("|")), template).format_map(slots)


Card = TypeVar("Card")


def _dealt(rng: Random, cards: Sequence[Card]) -> Iterator[Card]:
    """The cards in random order, again and again, each once before any comes twice."""
    while True:
        yield from rng.sample(cards, len(cards))
