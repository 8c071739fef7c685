"""Made-up work orders: what people raised in 2021 and lately, and what became of it.

Told apart from the rest of the year by a lot of its own, so that nothing else changes with it.
Here stands who said what, when and where, and how it went; deadlines and moments in between are
the line's own.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from chinese_calendar import is_workday  # type: ignore[import-untyped]  # ships no types

from . import stories
from .geography import DemoStreet

CHINA = timezone(timedelta(hours=8), "CST")
TOLD: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("orders.toml").read_text(encoding="utf-8")
)

# How many orders of 2021 there are of each at size 1.
HANDLED, ANSWERED, NOT_ACCEPTED, REDIRECTED, HELD = 128, 45, 8, 6, 5
RAISED_TOO, REPEATED, OF_A_SPOT = 12, 6, 6
# What befalls those handled, each another one.
RETURNED, KEPT, EXTENDED, NOT_EXTENDED, LATE, REOPENED = 6, 4, 6, 2, 8, 5
EXCLUDED, NOT_EXCLUDED, UNREACHED = 3, 1, 10
#: Raised in the last thirty days before the demo; what is not finished by then is open.
LATELY, LATELY_DAYS = 16, 30
#: After the last of them, all deadlines end within so many days.
AHEAD = timedelta(days=30)

UNITS = {
    "safety": "应急办",
    "noise": "平安办",
    "neighbours": "平安办",
    "elderly": "社会事务办",
    "education": "社会事务办",
    "medical": "社会事务办",
    "employment": "经发办",
    "other": "党政办",
}
_BY_COMMUNITY = ("lighting", "sanitation", "neighbours", "elderly")
_SURNAMES = "王李张刘陈杨黄吴周徐孙胡朱高林何郭罗"


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """One order. `end` is what became of it: handled, answered, not_accepted, redirected or merged.

    `befalls` names what happened on the way: returned, kept (a return refused), extended,
    not_extended, late, slow (contacted late), held, reopened, excluded, not_excluded.
    """

    key: int
    raised_at: datetime
    channel: str
    kind: str
    level: str
    category: str
    text: str
    community: str
    grid: str | None
    compound: str | None
    building: str | None
    contact: str
    contact_name: str
    end: str
    unit: str
    answer: str
    befalls: frozenset[str] = frozenset()
    solved: str = "yes"  # empty if nobody was reached
    satisfied: str = "satisfied"
    share: float = 0.5  # of the time allowed that the handling took
    merged_into: int | None = None


def orders_2021(street: DemoStreet, seed: int, size: float) -> tuple[DemoOrder, ...]:
    """The orders of 2021, with two of December 2020 and two of January 2022 that do not count."""
    told = _Orders(street, Random(f"{seed}/orders"), size)  # noqa: S311 - a story, not a secret
    told.year()
    return told.by_day()


def orders_lately(street: DemoStreet, seed: int, size: float, today: date) -> tuple[DemoOrder, ...]:
    """Orders of the thirty days until today; earlier, if the days off ahead are not known yet."""
    told = _Orders(street, Random(f"{seed}/lately"), size)  # noqa: S311 - a story, not a secret
    told.lately(_last_known(today))
    return told.by_day()


def _last_known(today: date) -> date:
    """Today, or the last first of December after which the working days are known long enough."""
    earlier = (date(year, 12, 1) for year in range(today.year, 2020, -1))
    return next(day for day in (today, *earlier) if day <= today and _is_known(day + AHEAD))


def _is_known(day: date) -> bool:
    try:
        is_workday(day)
    except NotImplementedError:
        return False
    return True


class _Orders:
    """The orders while they are being told."""

    def __init__(self, street: DemoStreet, rng: Random, size: float) -> None:
        self.street, self.rng, self.size = street, rng, size
        self.told: list[DemoOrder] = []
        self.contacts = 0

    def scaled(self, count: int) -> int:
        return max(1, round(count * self.size))

    def by_day(self) -> tuple[DemoOrder, ...]:
        """Numbered anew by the moment they were raised."""
        in_order = sorted(self.told, key=lambda one: (one.raised_at, one.key))
        number = {one.key: i for i, one in enumerate(in_order)}
        return tuple(
            replace(
                one,
                key=number[one.key],
                merged_into=None if one.merged_into is None else number[one.merged_into],
            )
            for one in in_order
        )

    # --- the year

    def year(self) -> None:
        first, last = date(2021, 1, 1), date(2021, 12, 24)
        handled = self.raise_all("small_matter", "handled", self.scaled(HANDLED), first, last)
        self.befall(handled)
        self.raise_all("answered_on_site", "answered", self.scaled(ANSWERED), first, last)
        self.raise_all("not_accepted", "not_accepted", self.scaled(NOT_ACCEPTED), first, last)
        self.raise_all("referred_up", "redirected", self.scaled(REDIRECTED), first, last)
        for n in range(self.scaled(HELD)):
            month = date(2021, 11 - 2 * (n % 5), 1)  # the last is on hold on New Year’s Eve
            for one in self.raise_all(
                "project_item", "handled", 1, month, month + timedelta(days=20)
            ):
                self.change(one, befalls=frozenset({"held"}), satisfied="basically")
        self.raise_again(handled)
        for spot in TOLD["spot"]:
            days = monthrange(2021, spot["month"])[1]
            month = date(2021, spot["month"], 1)
            self.spot(spot, month, month + timedelta(days=days - 4))
        for day in (date(2020, 12, 30), date(2022, 1, 5)):
            self.raise_all("small_matter", "handled", 2, day, day)

    def lately(self, until: date) -> None:
        first = until - timedelta(days=LATELY_DAYS)
        handled = self.raise_all("small_matter", "handled", self.scaled(LATELY), first, until)
        for one in handled:
            self.change(one, share=self.rng.uniform(0.5, 0.95))
        self.change(handled[0], befalls=frozenset({"late"}))
        self.raise_all("answered_on_site", "answered", self.scaled(4), first, until)
        self.spot(TOLD["recent"], until - timedelta(days=9), until - timedelta(days=1))

    # --- one by one

    def raise_all(
        self, disposition: str, end: str, count: int, first: date, last: date
    ) -> list[DemoOrder]:
        """So many orders between the two days, each with a story that suits its end."""
        rng = self.rng
        communities = [rng.choice(self.street.communities).key for _n in range(count)]
        told = stories.problems(self.street, rng, [(key, disposition) for key in communities])
        found = []
        for story in told:
            category = story.category
            own = category in _BY_COMMUNITY and rng.random() < 0.6
            level = rng.choices(["ordinary", "timed", "urgent", "hard"], [76, 15, 4, 5])[0]
            consults = disposition == "answered_on_site"
            found.append(
                self.add(
                    raised_at=self.moment(first, last),
                    kind="consultation" if consults else rng.choice(["help", "help", "complaint"]),
                    level="hard" if disposition == "project_item" else level,
                    category=category,
                    text=story.text,
                    community=story.community,
                    grid=story.grid,
                    compound=story.compound,
                    building=story.building,
                    end=end,
                    unit=self.name_of(story.community) if own else UNITS.get(category, "城建办"),
                    answer=story.measure
                    or story.answer
                    or story.reason
                    or "已列入整治项目，完工验收。",
                )
            )
        return found

    def add(self, *, contact: str = "", name: str = "", **told: Any) -> DemoOrder:
        rng = self.rng
        self.contacts += 1
        channel = rng.choices(["hotline", "phone", "counter", "web", "grid"], [60, 10, 10, 12, 8])[
            0
        ]
        solved, satisfied = rng.choices(
            [
                ("yes", "very"),
                ("yes", "satisfied"),
                ("yes", "basically"),
                ("partly", "basically"),
                ("no", "not"),
                ("no_answer", "no_answer"),
            ],
            [24, 44, 14, 8, 6, 4],
        )[0]
        made = DemoOrder(
            key=len(self.told),
            channel=channel,
            contact=contact or f"138-0000-{self.contacts:04d}",
            contact_name=name or rng.choice(_SURNAMES) + rng.choice(["先生", "女士"]),
            solved=solved,
            satisfied=satisfied,
            share=rng.uniform(0.1, 0.9),
            **told,
        )
        self.told.append(made)
        return made

    def change(self, one: DemoOrder, **new: Any) -> None:
        self.told[one.key] = replace(self.told[one.key], **new)

    def moment(self, first: date, last: date) -> datetime:
        """Some moment of the working hours between two days, both inclusive."""
        day = first + timedelta(days=self.rng.randint(0, (last - first).days))
        return datetime.combine(day, time(8), tzinfo=CHINA) + timedelta(
            minutes=self.rng.randint(0, 9 * 60)
        )

    def name_of(self, key: str) -> str:
        return next(one.name for one in self.street.communities if one.key == key)

    def befall(self, handled: Sequence[DemoOrder]) -> None:
        """What happens on the way, to another order each time."""
        rng = self.rng
        fates = {
            "returned": RETURNED,
            "kept": KEPT,
            "extended": EXTENDED,
            "not_extended": NOT_EXTENDED,
            "late": LATE,
            "reopened": REOPENED,
            "excluded": EXCLUDED,
            "not_excluded": NOT_EXCLUDED,
            "unreached": UNREACHED,
        }
        left: Iterator[DemoOrder] = iter(rng.sample(handled, len(handled)))
        for fate, count in fates.items():
            for one, _n in zip(left, range(self.scaled(count)), strict=False):
                self.change(one, befalls=frozenset({fate}), **self.of_fate(fate))

    def of_fate(self, fate: str) -> dict[str, Any]:
        match fate:
            case "excluded" | "not_excluded":
                return {"solved": "no", "satisfied": "very_not"}
            case "unreached":
                return {"solved": "", "satisfied": ""}
            case "returned" | "kept":
                return {"level": "ordinary", "unit": "城建办"}
            case "extended" | "not_extended" | "reopened":
                return {"level": "ordinary"}
        return {}

    def raise_again(self, handled: Sequence[DemoOrder]) -> None:
        """Others raise the same matter, and some raise their own once more."""
        rng = self.rng
        leads = [one for one in handled if not self.told[one.key].befalls]
        for n, lead in enumerate(
            rng.sample(leads, min(len(leads), self.scaled(RAISED_TOO + REPEATED)))
        ):
            is_repeat = n >= self.scaled(RAISED_TOO)
            said = "上次反映的还没有弄好：" if is_repeat else "我们这里也一样："
            self.raise_with(lead, said + lead.text, is_repeat, rng.randint(1, 20))

    def raise_with(self, lead: DemoOrder, text: str, is_repeat: bool, days: int) -> None:
        whose = {"contact": lead.contact, "name": lead.contact_name} if is_repeat else {}
        self.add(
            **whose,
            raised_at=lead.raised_at + timedelta(days=days, minutes=7),
            kind=lead.kind,
            level=lead.level,
            category=lead.category,
            text=text,
            community=lead.community,
            grid=lead.grid,
            compound=lead.compound,
            building=lead.building,
            end="merged",
            unit=lead.unit,
            answer=lead.answer,
            merged_into=lead.key,
        )

    def spot(self, spot: dict[str, Any], first: date, last: date) -> None:
        """One matter at one place, raised by six people: the orders of five are merged."""
        rng = self.rng
        community = rng.choice(self.street.communities)
        place = stories.spot_in(self.street, rng, community)
        at_compound = "{compound}" in spot["texts"][0]
        lead: DemoOrder | None = None
        moments = sorted(self.moment(first, last) for _n in range(self.scaled(OF_A_SPOT)))
        for n, moment in enumerate(moments):
            text = stories.worded(rng, spot["texts"][n % len(spot["texts"])], place.slots)
            if lead is not None:
                self.raise_with(lead, text, False, 0)
                self.told[-1] = replace(self.told[-1], raised_at=moment)
                continue
            lead = self.add(
                raised_at=moment,
                kind="complaint",
                level=spot["level"],
                category=spot["category"],
                text=text,
                community=community.key,
                grid=place.building.grid if at_compound else None,
                compound=place.compound.key if at_compound else None,
                building=None,
                end="handled",
                unit=spot["unit"],
                answer=spot["answer"].format_map(place.slots),
            )
            self.change(lead, share=0.85)
