from datetime import date, datetime, timedelta

import pytest
from chinese_calendar import holidays, workdays
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.worktime import (
    KNOWN_YEARS,
    LOCAL_ZONE,
    CalendarMissing,
    DayKind,
    HolidayName,
    day_kind,
    holiday_name,
    is_working_day,
    working_days_between,
)

DAY = timedelta(days=1)
LAST_YEAR = KNOWN_YEARS[-1]
SETTLED = st.dates(date(KNOWN_YEARS[0], 1, 1), date(LAST_YEAR, 12, 28))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + n * DAY for n in range((date(year + 1, 1, 1) - first).days)]


def test_the_make_up_workdays_of_2021_are_these_seven():
    found = [day for day in days_of(2021) if day_kind(day) is DayKind.MAKE_UP_WORKDAY]

    assert found == [
        date(2021, 2, 7),
        date(2021, 2, 20),
        date(2021, 4, 25),
        date(2021, 5, 8),
        date(2021, 9, 18),
        date(2021, 9, 26),
        date(2021, 10, 9),
    ]


def test_2021_has_250_working_days():
    assert sum(is_working_day(day) for day in days_of(2021)) == 250
    assert working_days_between(date(2021, 1, 1), date(2022, 1, 1)) == 250


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2021, 9, 30), DayKind.WORKDAY, None),
        (date(2021, 9, 25), DayKind.WEEKEND, None),
        (date(2021, 9, 26), DayKind.MAKE_UP_WORKDAY, HolidayName("National Day", "国庆节")),
        (date(2021, 10, 1), DayKind.HOLIDAY, HolidayName("National Day", "国庆节")),
        (date(2021, 10, 2), DayKind.HOLIDAY, HolidayName("National Day", "国庆节")),
        (date(2021, 2, 20), DayKind.MAKE_UP_WORKDAY, HolidayName("Spring Festival", "春节")),
        # two festivals on one day: the data name one
        (date(2020, 10, 1), DayKind.HOLIDAY, HolidayName("National Day", "国庆节")),
    ],
)
def test_a_day_has_a_kind_and_its_festival_a_name(day, kind, name):
    assert (day_kind(day), holiday_name(day)) == (kind, name)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2018, 12, 28), DayKind.WORKDAY),
        (date(2018, 12, 29), DayKind.MAKE_UP_WORKDAY),  # a Saturday, by the notice for 2019
        (date(2018, 12, 30), DayKind.HOLIDAY),
        (date(2018, 12, 31), DayKind.HOLIDAY),
        (date(2019, 1, 1), DayKind.HOLIDAY),
        (date(2019, 1, 2), DayKind.WORKDAY),
        (date(2020, 12, 31), DayKind.WORKDAY),
        (date(2021, 1, 1), DayKind.HOLIDAY),
        (date(2021, 1, 3), DayKind.HOLIDAY),
        (date(2021, 1, 4), DayKind.WORKDAY),
        (date(2021, 12, 31), DayKind.WORKDAY),
        (date(2022, 1, 3), DayKind.HOLIDAY),
        (date(2026, 1, 2), DayKind.HOLIDAY),
        (date(2026, 1, 4), DayKind.MAKE_UP_WORKDAY),  # a Sunday
    ],
)
def test_the_days_around_new_year_follow_both_notices(day, kind):
    assert day_kind(day) is kind


def test_the_known_years_reach_from_2004_at_least_to_2026_without_a_gap():
    national_days = {day.year for day in holidays if (day.month, day.day) == (10, 1)}

    assert set(KNOWN_YEARS) == national_days
    assert set(KNOWN_YEARS) >= set(range(2004, 2027))


@pytest.mark.parametrize("year", [year for year in KNOWN_YEARS if year >= 2008])
def test_a_known_year_is_known_with_all_its_festivals(year):
    before_december_ends = [day for day in days_of(year) if (day.month, day.day) < (12, 29)]
    found = {name.zh for day in before_december_ends if (name := holiday_name(day))}

    seven = {"元旦", "春节", "清明", "劳动节", "端午", "国庆节", "中秋"}

    # 2020-10-01 was both National Day and Mid-autumn, and the data name it once
    assert seven - found == ({"中秋"} if year == 2020 else set())


def test_no_notice_reaches_back_beyond_29_december():
    moved = {(day.month, day.day) for day in {*holidays, *workdays} if day.month == 12}

    assert min(moved) == (12, 29)


def test_a_year_without_a_notice_is_an_alarm():
    with pytest.raises(CalendarMissing) as next_year:
        is_working_day(date(LAST_YEAR + 1, 1, 1))
    with pytest.raises(CalendarMissing) as long_ago:
        day_kind(date(2003, 12, 31))
    with pytest.raises(CalendarMissing) as unnamed:
        holiday_name(date(LAST_YEAR + 1, 5, 1))

    assert next_year.value.year == LAST_YEAR + 1
    assert long_ago.value.year == 2003
    assert unnamed.value.year == LAST_YEAR + 1


@pytest.mark.parametrize("day", [29, 30, 31])
def test_the_last_days_of_the_last_known_year_wait_for_the_next_notice(day):
    assert day_kind(date(LAST_YEAR, 12, 28)) in set(DayKind)

    with pytest.raises(CalendarMissing) as missing:
        day_kind(date(LAST_YEAR, 12, day))

    assert missing.value.year == LAST_YEAR + 1


def test_a_moment_is_not_taken_for_a_day():
    # a datetime never equals the date of a holiday, so it would silently pass as a workday
    with pytest.raises(TypeError):
        is_working_day(datetime(2021, 10, 1, 9, tzinfo=LOCAL_ZONE))


@given(SETTLED, SETTLED)
def test_working_days_between_counts_the_first_day_but_not_the_end(one, other):
    first, end = sorted((one, min(other, one + 400 * DAY)))

    days = [first + n * DAY for n in range((end - first).days)]

    assert working_days_between(first, end) == sum(map(is_working_day, days))


def test_an_empty_span_has_no_working_days_in_any_year():
    assert working_days_between(date(2099, 1, 1), date(2099, 1, 1)) == 0


def test_a_span_reaching_into_a_missing_year_is_an_alarm():
    settled_end = date(LAST_YEAR, 12, 29)

    assert working_days_between(date(LAST_YEAR, 12, 28), settled_end) in {0, 1}
    with pytest.raises(CalendarMissing) as missing_after:
        working_days_between(date(LAST_YEAR, 12, 1), settled_end + DAY)
    with pytest.raises(CalendarMissing) as missing_before:
        working_days_between(date(2003, 12, 31), date(2004, 2, 1))

    assert missing_after.value.year == LAST_YEAR + 1
    assert missing_before.value.year == 2003


def test_a_span_does_not_run_backwards():
    with pytest.raises(ValueError, match="before its first day"):
        working_days_between(date(2021, 1, 2), date(2021, 1, 1))
