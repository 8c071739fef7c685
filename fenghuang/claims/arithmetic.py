"""Arithmetic inside a text: what does not fit, told without any records.

    findings(text, claims(text))

Each kind of fault has a detector of its own in `detectors`; DETECTORS is all there are. Every
detector walks once over the sentences, so the work grows with the length of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fenghuang.claims.claim import Claim
from fenghuang.claims.detectors import columns, counts, growth, lists, rates, repeats, totals, words
from fenghuang.claims.finding import Finding, Level
from fenghuang.claims.passages import Passage, passage

Detector = Callable[[Passage], Iterator[Finding]]

DETECTORS: tuple[Detector, ...] = (
    totals.parts_among,
    totals.parallel_parts,
    totals.parts_added_up,
    totals.parts_listed,
    totals.mixed_total,
    totals.names_and_values,
    columns.table_totals,
    rates.rates_of_counts,
    rates.rates_above_all,
    rates.shares_above_all,
    growth.growth,
    lists.names_in_brackets,
    lists.names_before_count,
    counts.fewer_attendances_than_persons,
    counts.fewer_attendances_than_sessions,
    counts.more_rectified_than_found,
    counts.units_along_a_funnel,
    repeats.told_twice,
    words.cumulative_since_when,
    words.beyond_which_target,
    words.all_of_what,
    words.figures_left_out,
    words.works_without_figures,
)

_SURENESS = tuple(Level)


def findings(text: str, claims: Sequence[Claim]) -> list[Finding]:
    """What does not fit in a text, in its order; of two about the same fragments the surer one.

    `claims` are those read from this very text. Rounding, cutting off and markers are honoured
    exactly: an error means that no value a reader may take from the words makes them fit.
    """
    whole = passage(text, claims)
    found: dict[tuple[int, ...], Finding] = {}
    for detector in DETECTORS:
        for one in detector(whole):
            key = tuple(span.start for span in one.fragments)
            if key not in found or _sureness(one) < _sureness(found[key]):
                found[key] = one
    return sorted(found.values(), key=lambda one: (one.start, _sureness(one), one.code))


def _sureness(one: Finding) -> int:
    return _SURENESS.index(one.level)
