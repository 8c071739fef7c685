"""Whether a claim is borne out by what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fenghuang.claims.claim import Claim, Modality
from fenghuang.claims.matching import Reason, kinship
from fenghuang.claims.wording import Interval


class Outcome(StrEnum):
    SUPPORTED = "supported"  # the actual value lies in the interval that the words promise
    OVERSTATED = "overstated"  # it lies below
    UNDERSTATED = "understated"  # it lies above
    NOT_BACKED = "not_backed"  # there is an indicator, but no record of the period
    UNMATCHED = "unmatched"  # no indicator answers this claim
    COVERAGE_UNKNOWN = "coverage_unknown"  # nobody can say: the records don't cover the period


class Coverage(StrEnum):
    """Whether the records can tell what happened in the period of the claim."""

    FULL = "full"
    BEGINS_LATER = "begins_later"  # the records begin after the period did
    NOT_KEPT = "not_kept"  # the line of work is not kept here


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a claim, and why."""

    outcome: Outcome
    reason: Reason


def judge(
    claim: Claim,
    actual: Decimal | int | None,
    coverage: Coverage,
    unit: str | None,
    *,
    records: int | None = None,
    step: Decimal = Decimal(0),
) -> Verdict:
    """The verdict on a claim.

    `actual` is the value of the matched indicator in base units, None where there was nothing to
    divide by; `unit` is the code of its measure word, None where no indicator was matched.
    `records` is how many records the value rests on; left out, a value of 0 rests on none. `step`
    is the place to which the actual value itself was rounded or cut (0.1 for a share of one
    decimal): a claim is supported if any value that may stand behind it would support it.

    Targets, forecasts and changes are never judged against what was counted. Without full coverage
    nothing is, so that a young ledger accuses nobody. ValueError for an unknown measure word.
    """
    if unit is None:
        return Verdict(Outcome.UNMATCHED, Reason("no_indicator", "没有指标回答这句话"))
    if obstacle := _obstacle(claim, unit):
        return Verdict(Outcome.UNMATCHED, obstacle)
    if coverage is not Coverage.FULL:
        return Verdict(Outcome.COVERAGE_UNKNOWN, Reason(coverage.value, _UNCOVERED[coverage]))
    if actual is None:
        return Verdict(Outcome.NOT_BACKED, Reason("no_base", "期内没有可作分母的记录"))
    value = Decimal(actual)
    outcome = _compared(claim.interval, value, step)
    has_none = value == 0 if records is None else records == 0
    if has_none and outcome is not Outcome.SUPPORTED:
        return Verdict(Outcome.NOT_BACKED, Reason("no_records", "期内没有一条记录支持"))
    sentence = _COMPARED[outcome].format(value=f"{value:f}{unit}", claimed=claim.text)
    return Verdict(outcome, Reason(outcome.value, sentence))


def _obstacle(claim: Claim, unit: str) -> Reason | None:
    """Why a counted figure can say nothing of the claim."""
    if claim.change is not None:
        return Reason("change", "说的是增减或增幅，指标记的是数量，不能互相核对")
    if claim.modality is not Modality.ACTUAL:
        return Reason(claim.modality.value, _NOT_ACTUAL[claim.modality])
    if not kinship(claim.unit.code, unit).is_exchangeable:
        return Reason("unit", f"文中以“{claim.unit}”计，指标以“{unit}”计，不能互认")
    return None


def _compared(interval: Interval, actual: Decimal, step: Decimal) -> Outcome:
    """Where the actual value, or all that may stand behind it, lies."""
    if interval.contains(actual):
        return Outcome.SUPPORTED
    if interval.low is not None and actual <= interval.low:
        return Outcome.SUPPORTED if actual + step > interval.low else Outcome.OVERSTATED
    if interval.high is not None and actual - step < interval.high:
        return Outcome.SUPPORTED
    return Outcome.UNDERSTATED


_NOT_ACTUAL = {
    Modality.TARGET: "说的是目标，不与实际数核对",
    Modality.FORECAST: "说的是预计，不与实际数核对",
}
_UNCOVERED = {
    Coverage.BEGINS_LATER: "台账开始的时间晚于所说的期间，无法核对",
    Coverage.NOT_KEPT: "本系统没有这项工作的台账，无法核对",
}
_COMPARED = {
    Outcome.SUPPORTED: "台账为{value}，“{claimed}”属实",
    Outcome.OVERSTATED: "台账为{value}，“{claimed}”说多了",
    Outcome.UNDERSTATED: "台账为{value}，“{claimed}”说少了",
}
