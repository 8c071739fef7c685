"""Any report text against the records: each claim with its indicator, its figure and a verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level
from fenghuang.claims.matching import Match, Matcher, kinship, normalised
from fenghuang.claims.texts import ReportText, understand
from fenghuang.claims.verdicts import Coverage, Outcome, Verdict, judge
from fenghuang.indicators.catalogue import Entry, catalogue, entry
from fenghuang.indicators.figures import Figure, figures
from fenghuang.indicators.language import Definition, Quotient, Ratio
from fenghuang.indicators.periods import Period
from fenghuang.indicators.registry import indicators
from fenghuang.kernel.places.models import Place

from .coverage import Books
from .models import Correction
from .spoken import About, Spoken

#: Verdicts that say that something is wrong.
WRONG = frozenset({Outcome.OVERSTATED, Outcome.UNDERSTATED, Outcome.NOT_BACKED})

#: Characters on each side of a claim within which its sentence lies.
NEAR = 500

#: Told what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Judged:
    """One claim of the text, and what the records say of it.

    `number` counts the claims from 1. `wording` is what the claim counts, wherever that was, as
    matching compares it. `figure` is what was counted, None where nothing was; `entry` is the
    indicator that the claim was matched with.
    """

    number: int
    claim: Claim
    found_at: tuple[int, int]
    wording: str
    match: Match
    verdict: Verdict
    entry: Entry | None
    figure: Figure | None

    @property
    def is_wrong(self) -> bool:
        return self.verdict.outcome in WRONG

    @property
    def candidates(self) -> list[tuple[Entry, float]]:
        """The indicators that might be meant and can be compared with the claim, best first."""
        offered = {one.code for one in comparable(self.claim)}
        found = self.match.candidates
        return [(entry(one.code), one.confidence) for one in found if one.code in offered]


@dataclass(frozen=True)
class Audit:
    """A report text with its claims judged against the records of a place."""

    text: ReportText
    place: Place
    period: Period
    judged: tuple[Judged, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.text.findings

    @cached_property
    def outcomes(self) -> dict[Outcome, int]:
        """How many claims got each verdict; all verdicts, in their order."""
        counted = Counter(one.verdict.outcome for one in self.judged)
        return {outcome: counted[outcome] for outcome in Outcome}

    @cached_property
    def levels(self) -> dict[Level, int]:
        """How many findings there are of each level."""
        counted = Counter(one.level for one in self.findings)
        return {level: counted[level] for level in Level}

    @property
    def finds_fault(self) -> bool:
        """Is a claim wrong, or is there something in the text that does not fit?"""
        return any(one.is_wrong for one in self.judged) or self.text.has_doubts

    def claims_of(self, finding: Finding) -> list[Judged]:
        """The claims that a finding is about."""
        return [
            one
            for one in self.judged
            if any(
                one.claim.start < span.end and span.start < one.claim.end
                for span in finding.fragments
            )
        ]


def audit(
    found: str,
    place: Place,
    period: Period,
    progress: Progress = lambda what, done, total: None,
) -> Audit:
    """Judge every claim of a report text, clean or garbled, on that place and period.

    Claims on other periods (去年, 上半年), communities and grids of the street are judged on those.
    The number of queries depends on how many kinds of records, periods and places the text speaks
    of, not on its length.
    """
    text = understand(found, lambda done, total: progress("restore, read, reckon", done, total))
    definitions = {one.code: one for one in indicators()}
    matcher, spoken = Matcher(answerable(place)), Spoken(place, period)
    matches = []
    for claim in text.claims:
        counted_thing, near = _with_surroundings(spoken.without_place(claim), text.text)
        matches.append(matcher.match(counted_thing, text.heading_above(claim.start), near))
        progress("match", len(matches), len(text.claims))
    wanted = [
        about if match.indicator else About(place, period)
        for about, match in zip(spoken.of(text.claims, text.text), matches, strict=True)
    ]
    counted = _counted(matches, wanted, definitions)
    books = Books(place.street, definitions.values())
    judged = tuple(
        _judged(number, claim, text, match, about, definitions, counted, books, spoken)
        for number, (claim, match, about) in enumerate(
            zip(text.claims, matches, wanted, strict=True), 1
        )
    )
    return Audit(text, place, period, judged)


def _with_surroundings(claim: Claim, text: str) -> tuple[Claim, str]:
    """The claim in the text round it, so that a long text costs no more for each claim."""
    first = max(0, claim.start - NEAR)
    moved = replace(claim, start=claim.start - first, end=claim.end - first)
    return moved, text[first : claim.end + NEAR]


def answerable(place: Place) -> list[Any]:
    """All indicators of the catalogue, with what people of the street said of wordings."""
    meant: dict[str, list[str]] = defaultdict(list)
    not_meant: dict[str, list[str]] = defaultdict(list)
    for said in Correction.objects.filter(street=place.street_id, voided_at=None):
        (meant if said.is_meant else not_meant)[said.indicator].append(said.wording)
    return [
        one.answerable(confirmed=meant[one.code], refused=not_meant[one.code])
        for one in catalogue()
    ]


def comparable(claim: Claim) -> list[Entry]:
    """The indicators of the catalogue whose measure word allows to compare them with the claim."""
    unit = claim.unit.code
    return [one for one in catalogue() if kinship(unit, one.unit).is_exchangeable]


def _counted(
    matches: Sequence[Match], wanted: Sequence[About], definitions: Mapping[str, Definition]
) -> dict[tuple[str, Any, Period], Figure]:
    """The figures that the claims speak of, read together for each place and period."""
    asked: dict[tuple[Any, Period], dict[str, Definition]] = defaultdict(dict)
    places = {}
    for match, about in zip(matches, wanted, strict=True):
        definition = definitions.get(match.indicator or "")
        if definition is not None and about.obstacle is None:
            places[about.place.pk] = about.place
            asked[about.place.pk, about.period][definition.code] = definition
    found = {}
    for (key, period), own in asked.items():
        for code, figure in figures(list(own.values()), period, places[key]).items():
            found[code, key, period] = figure
    return found


def _judged(
    number: int,
    claim: Claim,
    text: ReportText,
    match: Match,
    about: About,
    definitions: Mapping[str, Definition],
    counted: Mapping[tuple[str, Any, Period], Figure],
    books: Books,
    spoken: Spoken,
) -> Judged:
    named = entry(match.indicator) if match.indicator else None
    definition = definitions.get(match.indicator or "")
    figure = counted.get((match.indicator or "", about.place.pk, about.period))
    if about.obstacle:
        verdict = Verdict(Outcome.UNMATCHED, about.obstacle)
    elif definition is None or figure is None:
        verdict = judge(claim, None, Coverage.NOT_KEPT, named.unit if named else None)
    else:
        verdict = judge(
            claim,
            figure.value,
            books.coverage(definition, about.period),
            definition.unit,
            records=figure.base,
            step=_step(definition),
        )
    place = text.found_span(claim.start, claim.end)
    wording = normalised(spoken.without_place(claim).subject)
    return Judged(number, claim, place, wording, match, verdict, named, figure)


def _step(definition: Definition) -> Decimal:
    """The place to which the figure is rounded."""
    if isinstance(definition, Ratio | Quotient):
        return Decimal(1).scaleb(-definition.decimals)
    return Decimal(0)
