import re
from collections import Counter
from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghuang.demo.geography import demo_street
from fenghuang.demo.plan import UNTIL, plan_2021

STREET = demo_street()
SMALL_STREET = demo_street(5, communities=3, grids=7)
YEAR = plan_2021(STREET)
SEEDS = settings(deadline=None, max_examples=25)


def in_2021(day):
    return day is not None and day.year == 2021


def raised_in_2021(year):
    return [problem for problem in year.problems if in_2021(problem.raised_on)]


@SEEDS
@given(seed=st.integers(0, 10_000))
def test_the_figures_of_the_year_are_exact_whatever_the_seed(seed):
    year = plan_2021(STREET, seed)

    held = [m for m in year.meetings if m.status == "held" and in_2021(m.held_at)]
    assert len(held) == 62
    assert len(raised_in_2021(year)) == 247
    assert sum(problem.channel == "meeting" for problem in raised_in_2021(year)) == 209
    assert sum(in_2021(item.listed_on) for item in year.project_items) == 36
    assert sum(in_2021(matter.struck_off_on) for matter in year.small_matters) == 186
    assert sum(in_2021(matter.fixed_on) for matter in year.small_matters) == 188


@SEEDS
@given(seed=st.integers(0, 10_000))
def test_every_problem_has_one_disposition_and_they_add_up(seed):
    year = plan_2021(STREET, seed)

    assert Counter(problem.disposition for problem in raised_in_2021(year)) == {
        "answered_on_site": 41,
        "small_matter": 132,
        "project_item": 47,
        "referred_up": 9,
        "merged": 6,
        "not_accepted": 5,
        "open": 7,
    }


def test_records_that_must_not_count_lie_on_both_sides_of_the_year():
    statuses = Counter((m.status, m.held_at.year) for m in YEAR.meetings)

    assert statuses == {
        ("held", 2020): 2,
        ("held", 2021): 62,
        ("cancelled", 2021): 1,
        ("planned", 2021): 1,
        ("held", 2022): 2,
    }
    assert {problem.raised_on.year for problem in YEAR.problems} == {2020, 2021, 2022}
    assert {item.listed_on.year for item in YEAR.project_items} == {2020, 2021, 2022}
    struck_off = Counter(m.struck_off_on and m.struck_off_on.year for m in YEAR.small_matters)
    assert struck_off == {2020: 2, 2021: 186, 2022: 9, None: 7}
    assert sum(m.fixed_on is not None and m.struck_off_on is None for m in YEAR.small_matters) == 3


def test_the_same_seed_plans_the_same_year_and_another_seed_another():
    again = plan_2021(STREET, 2021)
    other = plan_2021(STREET, 2022)

    assert again == YEAR
    assert other.problems != YEAR.problems


@pytest.mark.parametrize("size", [0.1, 0.5, 10.0])
def test_the_counts_grow_with_the_size(size):
    year = plan_2021(STREET, 1, size)

    held = sum(m.status == "held" and in_2021(m.held_at) for m in year.meetings)
    listed = sum(in_2021(item.listed_on) for item in year.project_items)
    struck_off = sum(in_2021(matter.struck_off_on) for matter in year.small_matters)
    assert held == round(62 * size)
    assert listed == round(36 * size)
    assert len(raised_in_2021(year)) == pytest.approx(247 * size, rel=0.1)
    assert struck_off == pytest.approx(186 * size, rel=0.1)


def test_a_year_too_small_for_every_disposition_is_not_told():
    with pytest.raises(ValueError, match="too few problems"):
        plan_2021(STREET, size=0.05)


def test_every_community_has_a_meeting():
    held = {m.community for m in YEAR.meetings if m.status == "held" and in_2021(m.held_at)}

    assert held == {community.key for community in STREET.communities}


def test_meetings_are_on_working_days_or_saturdays_and_mostly_in_the_evening():
    held = [m for m in YEAR.meetings if m.status == "held"]
    evenings = sum(meeting.held_at.hour >= 19 for meeting in held)

    assert all(is_workday(m.held_at.date()) or m.held_at.weekday() == 5 for m in held)
    assert 2 * evenings > len(held)
    assert {meeting.held_at.utcoffset() for meeting in held} == {timedelta(hours=8)}
    assert all(12 <= meeting.attendances <= 60 and meeting.minutes for meeting in held)


def test_a_meeting_that_was_not_held_has_no_attendances_no_minutes_and_no_problems():
    not_held = [meeting for meeting in YEAR.meetings if meeting.status != "held"]

    assert [(m.attendances, m.minutes) for m in not_held] == [(0, ""), (0, "")]
    assert not {m.key for m in not_held} & {problem.meeting for problem in YEAR.problems}


@SEEDS
@given(seed=st.integers(0, 10_000), size=st.sampled_from([0.1, 0.3, 1.0, 3.0]))
def test_days_follow_each_other(seed, size):
    year = plan_2021(SMALL_STREET, seed, size)

    for problem in year.problems:
        known = [d for d in (problem.raised_on, problem.disposed_on, problem.resolved_on) if d]
        assert known == sorted(known)
        assert known[-1] <= UNTIL
        assert (problem.disposed_on is None) == (problem.disposition == "open")
        assert (problem.feedback is None) == (problem.resolved_on is None)
        if problem.channel == "meeting":
            meeting = year.meetings[problem.meeting]
            assert problem.raised_on == meeting.held_at.date()
            assert problem.community == meeting.community
        else:
            assert problem.meeting is None
    for item in year.project_items:
        raised = [year.problems[key].raised_on for key in item.problems]
        assert max(raised) < item.listed_on < item.start_on < item.due_on
        days = [day for day, _ in item.progress]
        percents = [percent for _, percent in item.progress]
        assert days == sorted(days)
        assert percents == sorted(percents)
        assert (percents[-1:] == [100]) == (item.done_on is not None)
        assert item.done_on is None or item.start_on < item.done_on == days[-1] <= UNTIL
    for matter in year.small_matters:
        known = [d for d in (matter.found_on, matter.fixed_on, matter.struck_off_on) if d]
        assert known == sorted(known)
        assert known[-1] <= UNTIL
        assert matter.fixed_on or not matter.struck_off_on
        assert (matter.cost_fen is None) == (matter.fixed_on is None)


@SEEDS
@given(seed=st.integers(0, 10_000))
def test_problems_items_matters_and_merged_problems_find_each_other(seed):
    year = plan_2021(STREET, seed)
    items_of = Counter(key for item in year.project_items for key in item.problems)
    matters_of = Counter(m.problem for m in year.small_matters if m.problem is not None)

    for problem in year.problems:
        assert (items_of[problem.key] > 0) == (problem.disposition == "project_item")
        assert matters_of[problem.key] == (problem.disposition == "small_matter")
        assert (problem.merged_into is not None) == (problem.disposition == "merged")
        if problem.merged_into is not None:
            target = year.problems[problem.merged_into]
            assert target.disposition in {"project_item", "open"}
            assert target.raised_on <= problem.raised_on
            assert target.community == problem.community
    assert [problem.key for problem in year.problems] == list(range(len(year.problems)))
    assert max(items_of.values()) == 2
    assert max(len(item.problems) for item in year.project_items) >= 2


def test_only_what_became_of_a_problem_is_told_of_it():
    for problem in YEAR.problems:
        assert bool(problem.answer) == (problem.disposition == "answered_on_site")
        assert bool(problem.referred_to) == (problem.disposition == "referred_up")
        assert bool(problem.reason) == (problem.disposition in {"referred_up", "not_accepted"})


def test_small_matters_are_mostly_fixed_within_seven_days_but_some_are_late():
    waits = [(m.fixed_on - m.found_on).days for m in YEAR.small_matters if m.fixed_on]

    late = sum(wait > 7 for wait in waits)
    assert 0 < late < len(waits) / 4


def test_places_exist_and_lie_in_the_community_of_the_record():
    grids = {grid.key: grid.community for grid in STREET.grids}
    compounds = {compound.key: compound.community for compound in STREET.compounds}
    buildings = {building.key: building.compound for building in STREET.buildings}

    for record in (*YEAR.problems, *YEAR.small_matters):
        assert record.grid is None or grids[record.grid] == record.community
        assert record.compound is None or compounds[record.compound] == record.community
        assert record.building is None or buildings[record.building] == record.compound


@SEEDS
@given(seed=st.integers(0, 10_000))
def test_texts_are_rarely_alike_and_hold_no_long_number(seed):
    year = plan_2021(STREET, seed)
    texts = [problem.text for problem in year.problems]
    minutes = [meeting.minutes for meeting in year.meetings if meeting.minutes]
    fixes = [f"{matter.title}{matter.measure}" for matter in year.small_matters]

    for said in (texts, minutes, fixes):
        assert len(set(said)) >= 0.8 * len(said)
    assert not re.search(r"\d{5}", "".join(texts + minutes + fixes))


def test_the_year_of_a_street_with_more_communities_than_meetings_can_be_told():
    wide = demo_street(3, communities=70, grids=70)

    year = plan_2021(wide)

    assert len({m.community for m in year.meetings if in_2021(m.held_at)}) >= 62
    assert date(2021, 1, 1) <= min(problem.raised_on for problem in raised_in_2021(year))
