"""Of which place and time a claim speaks: the words of its own, or of its sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from fenghuang.claims.claim import Claim
from fenghuang.claims.matching import Reason
from fenghuang.claims.numbers import parse
from fenghuang.indicators.meant import period_meant
from fenghuang.indicators.periods import Period
from fenghuang.kernel.places.models import Community, Kind, Path, Place

#: What is wider than any street: its figures are not in these books.
_WIDER = re.compile("(?<![安健])全(?:[县省国]|[区市](?![域块间场]))|[市区县省]级?以上范围")

_OTHER_PLACE = Reason("other_place", "说的不是本街道的范围，台账里没有")
_SEVERAL_PLACES = Reason("several_places", "说的是几个社区或网格合计，不能按其中一个或全街核对")
_UNCLEAR_PERIOD = "“{period}”说的是哪一段时间不明确，无法核对"

_END_OF_SENTENCE = re.compile("[。；;！？!?\n]")
_NUMBERED = re.compile("第?([0-9]+|[一二三四五六七八九十]+)号?(?=网格)")


@dataclass(frozen=True)
class About:
    """Where and when a claim is about; `obstacle` if that cannot be answered here."""

    place: Place
    period: Period
    obstacle: Reason | None = None


class Spoken:
    """What the words of claims say of place and time, in a report on a place and period."""

    def __init__(self, place: Place, period: Period) -> None:
        self._place, self._period = place, period
        self._street: Place = place.street
        self._named = _names_of(self._street)
        longest_first = sorted([self._street.name, *self._named], key=len, reverse=True)
        names = "|".join(map(re.escape, longest_first))
        self._places_first = re.compile(f"^(?:(?:{names})[、和与及等]*)+[：:]?(?=.)")

    def of(self, claims: Sequence[Claim], text: str) -> Iterator[About]:
        """What each claim of a text is about, in their order.

        Without a place of its own a claim is about that of the claim before in the same sentence.
        """
        before: Place | None = None
        end = 0
        for claim in claims:
            if _END_OF_SENTENCE.search(text, end, claim.start):
                before = None
            about, before = self._of(claim, before)
            end = claim.end
            yield about

    def _of(self, claim: Claim, before: Place | None) -> tuple[About, Place | None]:
        words = claim.owner + claim.subject
        if _WIDER.search(words):
            return About(self._place, self._period, _OTHER_PLACE), before
        period = period_meant(claim.period, self._period)
        if period is None:
            sentence = _UNCLEAR_PERIOD.format(period=claim.period)
            return About(self._place, self._period, Reason("unclear_period", sentence)), before
        if "全街" in words or self._street.name in words:
            return About(self._street, period), None
        found = self._places_in(words)
        if len(found) > 1:
            return About(self._place, period, _SEVERAL_PLACES), None
        place = found[0] if found else before
        return About(place or self._place, period), place

    def without_place(self, claim: Claim) -> Claim:
        """The claim without the places at the head of its subject; indicators are of any place."""
        return replace(claim, subject=self._places_first.sub("", claim.subject))

    def _places_in(self, words: str) -> list[Place]:
        """The places that the words name; two of them stand for several named together."""
        found = [name for name in self._named if name in words]
        longest = [
            one for one in found if not any(one in longer for longer in found if longer != one)
        ]
        places = list({self._named[name].pk: self._named[name] for name in longest}.values())
        if len(places) == 1 and any(_is_one_of_several(name, words) for name in longest):
            return places * 2
        return places


def _is_one_of_several(name: str, words: str) -> bool:
    """Does the name stand in a list, as in 东园、西园社区 or 东园社区等?"""
    return bool(re.search(f"[、和与及]{re.escape(name)}|{re.escape(name)}[、和与及等]", words))


def _names_of(street: Place) -> dict[str, Place]:
    """Communities and grids of the street by the names that reports give them.

    A grid is named with its community (翰林社区第3网格, 翰林第三网格, 翰林3号网格); without it only
    where no other grid of the street is called so.
    """
    communities: dict[str, Place] = {
        one.name: one for one in Community.objects.filter(street=street.pk)
    }
    named = dict(communities)
    today = timezone.localdate()
    above = Path.objects.filter(
        street=street.pk,
        place__kind=Kind.GRID,
        ancestor__kind=Kind.COMMUNITY,
        valid_from__lte=today,
        valid_to__gt=today,
    ).select_related("place", "ancestor")
    alone: dict[str, Place] = {}
    uses: Counter[str] = Counter()
    for path in above:
        short = path.ancestor.name.removesuffix("社区")
        tail = path.place.name.removeprefix(path.ancestor.name).removeprefix(short)
        own = _spellings(tail)
        named |= {f"{head}{one}": path.place for head in (path.ancestor.name, short) for one in own}
        alone |= dict.fromkeys(own, path.place)
        uses.update(own)
    return named | {name: place for name, place in alone.items() if uses[name] == 1}


def _spellings(name: str) -> set[str]:
    """How reports write the name of a grid: 第3网格 is also 第三网格 and 3号网格."""
    found = _NUMBERED.search(name)
    if found is None:
        return {name}
    number = int(parse(found[1]).value)
    spelled = {f"第{number}", f"第{_in_characters(number)}", f"{number}号"}
    return {f"{name[: found.start()]}{one}{name[found.end() :]}" for one in spelled} | {name}


def _in_characters(number: int) -> str:
    """A number below a hundred as one speaks it: 12 is 十二."""
    tens, ones = divmod(number, 10)
    spoken = (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "")
    return spoken + (_DIGITS[ones] if ones else "")


_DIGITS = "零一二三四五六七八九"
