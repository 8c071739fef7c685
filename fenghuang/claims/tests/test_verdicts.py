"""Verdicts: the interval that words promise against the value that was counted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fenghuang.claims import reading
from fenghuang.claims.claim import Change, Modality
from fenghuang.claims.tests.claimed import claimed
from fenghuang.claims.verdicts import Coverage, Outcome, judge
from fenghuang.claims.wording import Interval, wordings

FULL = Coverage.FULL
COUNTED = ("件", "人次", "场次", "户", "家")
MEASURED = ("元", "平方米", "小时", "%")


def outcome(fragment, actual, unit, coverage=FULL, **facts):
    return judge(claimed(fragment), actual, coverage, unit, **facts).outcome


@pytest.mark.parametrize(
    ("fragment", "actual", "unit", "expected"),
    [
        ("62场次", 62, "场次", Outcome.SUPPORTED),
        ("62场次", 61, "场次", Outcome.OVERSTATED),
        ("62场次", 63, "场次", Outcome.UNDERSTATED),
        ("180余件", 181, "件", Outcome.SUPPORTED),
        ("180余件", 180, "件", Outcome.OVERSTATED),
        ("180余件", 190, "件", Outcome.UNDERSTATED),
        ("120余万元", 1200000, "元", Outcome.OVERSTATED),
        ("120余万元", Decimal("1200000.01"), "元", Outcome.SUPPORTED),
        ("120余万元", 1300000, "元", Outcome.UNDERSTATED),
        ("2.22亿元", 221500000, "元", Outcome.SUPPORTED),
        ("2.22亿元", 222500000, "元", Outcome.UNDERSTATED),
        ("至少30人", 3000, "人", Outcome.SUPPORTED),  # an open end is never exceeded
        ("5万—10万人次", 50000, "人次", Outcome.SUPPORTED),
        ("5万—10万人次", 100000, "人次", Outcome.SUPPORTED),
        ("5万—10万人次", 100001, "人次", Outcome.UNDERSTATED),
        ("5万—10万人次", 49999, "人次", Outcome.OVERSTATED),
        ("100%", 100, "%", Outcome.SUPPORTED),  # 全覆盖
        ("100%", Decimal("99.99"), "%", Outcome.OVERSTATED),
        ("60余场", 61, "场次", Outcome.SUPPORTED),  # 场 and 场次 are one type
        ("9个", 9, "处", Outcome.SUPPORTED),
    ],
)
def test_the_actual_value_is_held_against_what_the_words_promise(fragment, actual, unit, expected):
    assert outcome(fragment, actual, unit) == expected


@given(st.integers(1, 10**9), st.sampled_from(COUNTED))
def test_every_wording_of_a_count_is_read_back_as_supported(value, unit):
    outcomes = {outcome(wording, value, unit) for wording in wordings(value, unit)}

    assert outcomes == {Outcome.SUPPORTED}


@given(
    st.decimals("0.01", 10**10, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from(MEASURED),
)
def test_every_wording_of_a_measure_is_read_back_as_supported(value, unit):
    outcomes = {outcome(wording, value, unit) for wording in wordings(value, unit)}

    assert outcomes == {Outcome.SUPPORTED}


@given(st.integers(2, 10**7), st.sampled_from(COUNTED))
def test_a_wording_is_supported_through_reading_too(value, unit):
    for wording in wordings(value, unit):
        (claim,) = reading.claims(f"全年完成有关事项{wording}。")

        assert judge(claim, value, FULL, unit).outcome == Outcome.SUPPORTED


@given(st.integers(1, 10**9), st.sampled_from(COUNTED))
def test_a_count_just_outside_is_wrong_in_the_right_direction(value, unit):
    for wording in wordings(value, unit):
        interval = claimed(wording).interval

        below = outcome(wording, interval.low - 1, unit, records=5)
        above = outcome(wording, interval.high + 1, unit, records=5)

        assert (below, above) == (Outcome.OVERSTATED, Outcome.UNDERSTATED)


@given(st.decimals("0.01", 10**8, places=2, allow_nan=False, allow_infinity=False))
def test_a_measure_just_outside_is_wrong_in_the_right_direction(value):
    for wording in wordings(value, "元"):
        interval = claimed(wording).interval
        hair = Decimal("0.000001")
        low = interval.low - hair if interval.low_inclusive else interval.low
        high = interval.high + hair if interval.high_inclusive else interval.high
        assume(low)

        found = [outcome(wording, end, "元", records=5) for end in (low, high)]

        assert found == [Outcome.OVERSTATED, Outcome.UNDERSTATED]


def test_an_open_lower_end_is_never_overstated():
    claim = claimed("62场次")
    any_up_to = Interval(None, Decimal(62), False, True)

    below = judge(replaced(claim, any_up_to), 1, FULL, "场次").outcome
    above = judge(replaced(claim, any_up_to), 63, FULL, "场次").outcome

    assert (below, above) == (Outcome.SUPPORTED, Outcome.UNDERSTATED)


def replaced(claim, interval):
    return type(claim)(
        claim.text,
        claim.start,
        claim.end,
        claim.value,
        claim.unit,
        claim.subject,
        claim.approx,
        interval,
    )


@pytest.mark.parametrize(
    ("fragment", "actual", "expected"),
    [
        ("66.67%", "66.7", Outcome.SUPPORTED),  # the indicator shows one decimal only
        ("66.6%", "66.7", Outcome.SUPPORTED),  # cut instead of rounded
        ("66.9%", "66.7", Outcome.OVERSTATED),
        ("66.5%", "66.7", Outcome.UNDERSTATED),
        ("100%", "99.9", Outcome.OVERSTATED),  # 100 is shown only if all are
    ],
)
def test_a_share_that_is_itself_rounded_gives_the_doubt_to_the_writer(fragment, actual, expected):
    found = outcome(fragment, Decimal(actual), "%", step=Decimal("0.1"), records=3)

    assert found == expected


def test_no_record_backs_a_claim_but_a_stated_zero_needs_none():
    assert outcome("62场次", 0, "场次") == Outcome.NOT_BACKED
    assert outcome("62场次", 0, "场次", records=0) == Outcome.NOT_BACKED
    assert outcome("0件", 0, "件") == Outcome.SUPPORTED
    assert outcome("98%", None, "%") == Outcome.NOT_BACKED


def test_a_share_of_0_percent_rests_on_records_and_is_overstated():
    assert outcome("98%", 0, "%", records=40) == Outcome.OVERSTATED


@pytest.mark.parametrize("coverage", [Coverage.BEGINS_LATER, Coverage.NOT_KEPT])
@pytest.mark.parametrize("actual", [None, 0, 61, 62])
def test_without_coverage_nobody_is_accused(coverage, actual):
    assert outcome("62场次", actual, "场次", coverage) == Outcome.COVERAGE_UNKNOWN


@pytest.mark.parametrize(
    ("facts", "unit", "reason"),
    [
        ({}, None, "no_indicator"),
        ({"change": Change.INCREASE}, "%", "change"),
        ({"change": Change.DECREASE}, "%", "change"),
        ({"modality": Modality.TARGET}, "%", "target"),
        ({"modality": Modality.FORECAST}, "%", "forecast"),
        ({}, "件", "unit"),
    ],
)
def test_what_a_counted_figure_cannot_answer_is_unmatched_with_its_reason(facts, unit, reason):
    verdict = judge(claimed("12%", **facts), 12, FULL, unit)

    assert (verdict.outcome, verdict.reason.code) == (Outcome.UNMATCHED, reason)


@pytest.mark.parametrize(
    ("fragment", "unit"), [("50人次", "人"), ("20件", "个"), ("3亩", "平方米")]
)
def test_measure_words_that_cannot_stand_for_each_other_are_never_compared(fragment, unit):
    verdict = judge(claimed(fragment), claimed(fragment).value, FULL, unit)

    assert (verdict.outcome, verdict.reason.code) == (Outcome.UNMATCHED, "unit")


def test_the_reason_says_what_was_counted_and_what_was_claimed():
    verdict = judge(claimed("180余件"), 97, FULL, "件")

    assert verdict.reason.sentence == "台账为97件，“180余件”说多了"
