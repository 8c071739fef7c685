"""The line's decisions, by example and by property."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.records.parameters import limit_on
from fenghuang.lines.requests.actions.meetings import LIMITS
from fenghuang.lines.requests.rules import meetings as rules


def test_a_small_matter_is_due_seven_natural_days_later_or_on_the_next_working_day():
    limit = limit_on(LIMITS, "small_matter", date(2021, 6, 1))

    on_a_tuesday = rules.due_by(date(2021, 6, 1), limit).on
    over_the_national_day = rules.due_by(date(2021, 9, 28), limit).on

    assert (on_a_tuesday, over_the_national_day) == (date(2021, 6, 8), date(2021, 10, 8))


def test_a_disposition_is_due_three_working_days_later_make_up_days_counted():
    limit = limit_on(LIMITS, "disposition", date(2021, 9, 16))

    # Saturday 18 September was a make-up workday, 19 to 21 were the mid-autumn holiday.
    assert rules.due_by(date(2021, 9, 16), limit).on == date(2021, 9, 22)


def test_done_on_the_last_day_is_on_time():
    last = date(2021, 6, 8)

    assert rules.was_on_time(last, last) is True
    assert rules.was_on_time(date(2021, 6, 9), last) is False


@given(st.dictionaries(st.sampled_from(rules.DISPOSITIONS), st.integers(0, 500)))
def test_the_funnel_holds_exactly_when_the_dispositions_add_up(dispositions):
    total = sum(dispositions.values())

    assert rules.funnel_faults(total, dispositions) == []
    assert len(rules.funnel_faults(total + 1, dispositions)) == 1


def test_what_nobody_knows_as_a_disposition_is_a_fault():
    assert rules.funnel_faults(1, {"lost": 1}) == ["unknown disposition 'lost'"]


@given(st.sampled_from(rules.DISPOSITIONS), st.booleans())
def test_what_is_resolved_without_its_parts_is_resolved_with_them(disposition, parts_done):
    if rules.resolves(disposition, parts_done=False):
        assert rules.resolves(disposition, parts_done=True)
    if disposition in ("open", "merged", "not_accepted"):
        assert not rules.resolves(disposition, parts_done)
