from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.worktime import (
    KNOWN_YEARS,
    LOCAL_ZONE,
    CalendarMissing,
    DayKind,
    HolidayName,
    Limit,
    Note,
    StartRule,
    Step,
    Unit,
    due,
    hours,
    is_late,
    is_working_day,
    months,
    natural_days,
    was_on_time,
    working_days,
    working_days_between,
)

INSTANT = timedelta.resolution
NATIONAL_DAY = HolidayName("National Day", "国庆节")
LAST_YEAR = KNOWN_YEARS[-1]
MOMENTS = st.builds(
    datetime.combine,
    st.dates(date(2010, 1, 1), date(2024, 1, 1)),
    st.times(),
    st.just(LOCAL_ZONE),
)
ZONES = st.sampled_from([UTC, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati")])
AMOUNTS = st.integers(1, 120)
LIMITS = st.one_of(
    st.builds(hours, AMOUNTS),
    st.builds(working_days, AMOUNTS),
    st.builds(natural_days, AMOUNTS, roll_if_off=st.booleans()),
    st.builds(months, AMOUNTS.filter(lambda n: n <= 24), roll_if_off=st.booleans()),
)


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL_ZONE)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, LOCAL_ZONE)


def marks(start: datetime, limit: Limit) -> list[tuple[date, int | None, Note]]:
    return [(step.day, step.ordinal, step.note) for step in due(start, limit).steps]


@pytest.mark.parametrize(
    ("dispatched_at", "last_day"),
    [
        (local(2021, 9, 30), date(2021, 10, 13)),  # over National Day, with 9 October made up
        (local(2021, 2, 10), date(2021, 2, 23)),  # over Spring Festival, with 20 February made up
        (local(2021, 9, 17), date(2021, 9, 26)),  # over Mid-autumn, to a Sunday
        (local(2021, 12, 31), date(2022, 1, 10)),  # over New Year, through two notices
    ],
)
def test_five_working_days_pass_holidays_and_use_make_up_workdays(dispatched_at, last_day):
    deadline = due(dispatched_at, working_days(5))

    assert (deadline.on, deadline.at) == (last_day, end_of(last_day))


def test_sixty_natural_days_that_end_in_a_holiday_run_to_the_next_working_day():
    start = local(2021, 8, 3)

    rolling = due(start, natural_days(60))
    strict = due(start, natural_days(60, roll_if_off=False))

    assert (strict.on, rolling.on) == (date(2021, 10, 2), date(2021, 10, 8))


def test_a_working_day_deadline_shows_every_day_that_made_it():
    deadline = due(local(2021, 9, 17), working_days(5))

    mid_autumn = HolidayName("Mid-autumn Festival", "中秋")
    workday, off = (DayKind.WORKDAY, None), (DayKind.HOLIDAY, mid_autumn)
    assert deadline.steps == (
        Step(date(2021, 9, 17), *workday, False, None, Note.EVENT_DAY),
        Step(date(2021, 9, 18), DayKind.MAKE_UP_WORKDAY, mid_autumn, True, 1, Note.COUNTED),
        Step(date(2021, 9, 19), *off, False, None, Note.DAY_OFF),
        Step(date(2021, 9, 20), *off, False, None, Note.DAY_OFF),
        Step(date(2021, 9, 21), *off, False, None, Note.DAY_OFF),
        Step(date(2021, 9, 22), *workday, True, 2, Note.COUNTED),
        Step(date(2021, 9, 23), *workday, True, 3, Note.COUNTED),
        Step(date(2021, 9, 24), *workday, True, 4, Note.COUNTED),
        Step(date(2021, 9, 25), DayKind.WEEKEND, None, False, None, Note.DAY_OFF),
        Step(date(2021, 9, 26), DayKind.MAKE_UP_WORKDAY, NATIONAL_DAY, True, 5, Note.COUNTED),
    )


def test_a_natural_day_deadline_shows_how_it_rolled():
    assert marks(local(2021, 10, 3), natural_days(2)) == [
        (date(2021, 10, 3), None, Note.EVENT_DAY),
        (date(2021, 10, 4), 1, Note.COUNTED),
        (date(2021, 10, 5), 2, Note.COUNTED),
        (date(2021, 10, 6), None, Note.ROLLED_OVER),
        (date(2021, 10, 7), None, Note.ROLLED_OVER),
        (date(2021, 10, 8), None, Note.ROLLED_TO),
    ]


def test_natural_days_that_end_on_a_make_up_sunday_do_not_roll():
    assert due(local(2021, 9, 21), natural_days(5)).on == date(2021, 9, 26)


def test_hours_run_from_the_moment_through_a_holiday():
    deadline = due(local(2021, 9, 30, 17, 30), hours(48))

    assert deadline.at == local(2021, 10, 2, 17, 30)
    assert deadline.on == date(2021, 10, 2)
    assert deadline.steps == (
        Step(date(2021, 9, 30), DayKind.WORKDAY, None, True, None, Note.HOURS_RUN),
        Step(date(2021, 10, 1), DayKind.HOLIDAY, NATIONAL_DAY, True, None, Note.HOURS_RUN),
        Step(date(2021, 10, 2), DayKind.HOLIDAY, NATIONAL_DAY, True, None, Note.HOURS_RUN),
    )


@pytest.mark.parametrize(
    ("start", "amount", "last_day"),
    [
        (local(2021, 3, 15), 1, date(2021, 4, 15)),
        (local(2021, 1, 31), 1, date(2021, 2, 28)),
        (local(2020, 1, 31), 1, date(2020, 2, 29)),
        (local(2021, 1, 31), 2, date(2021, 3, 31)),
        (local(2020, 2, 29), 12, date(2021, 2, 28)),
        (local(2021, 11, 30), 1, date(2021, 12, 30)),
        (local(2021, 12, 31), 12, date(2022, 12, 31)),
    ],
)
def test_months_end_on_the_same_day_number_or_at_month_end(start, amount, last_day):
    assert due(start, months(amount, roll_if_off=False)).on == last_day


def test_a_month_deadline_shows_where_each_month_ends_and_how_it_rolled():
    # 28 February 2021 is a Sunday; 31 May a Monday
    assert marks(local(2021, 1, 31), months(1)) == [
        (date(2021, 1, 31), None, Note.EVENT_DAY),
        (date(2021, 2, 28), 1, Note.MONTH_END),
        (date(2021, 3, 1), None, Note.ROLLED_TO),
    ]
    assert marks(local(2021, 1, 31), months(4)) == [
        (date(2021, 1, 31), None, Note.EVENT_DAY),
        (date(2021, 2, 28), 1, Note.MONTH_END),
        (date(2021, 3, 31), 2, Note.COUNTED),
        (date(2021, 4, 30), 3, Note.MONTH_END),
        (date(2021, 5, 31), 4, Note.COUNTED),
    ]


def test_a_cutoff_time_ends_the_last_day_and_is_itself_in_time():
    closing = local(2021, 3, 8, 17, 30)

    deadline = due(local(2021, 3, 1), working_days(5, cutoff_time=time(17, 30)))

    assert (deadline.on, deadline.at) == (date(2021, 3, 8), closing)
    assert was_on_time(closing, deadline)
    assert not was_on_time(closing + INSTANT, deadline)


def test_without_a_cutoff_the_last_day_counts_to_its_last_instant():
    midnight = local(2021, 3, 9, 0)

    deadline = due(local(2021, 3, 1), working_days(5))

    assert was_on_time(midnight - INSTANT, deadline)
    assert not was_on_time(midnight, deadline)


def test_within_24_hours_includes_the_twenty_fourth():
    deadline = due(local(2021, 3, 1), hours(24))

    assert was_on_time(local(2021, 3, 2), deadline)
    assert not was_on_time(local(2021, 3, 2) + INSTANT, deadline)


def test_an_open_matter_is_late_only_after_its_last_instant():
    deadline = due(local(2021, 3, 1), hours(24))

    assert not is_late(local(2021, 3, 2), deadline)
    assert is_late(local(2021, 3, 2) + INSTANT, deadline)


def test_a_stored_moment_judges_like_the_deadline_it_came_from():
    stored = due(local(2021, 3, 1), hours(24)).at.astimezone(UTC)

    assert was_on_time(local(2021, 3, 2), stored)
    assert is_late(local(2021, 3, 2) + INSTANT, stored)


def test_the_day_of_the_event_is_the_local_day():
    # 17:00 on 29 September in UTC is 01:00 on the 30th at the street
    start = datetime(2021, 9, 29, 17, tzinfo=UTC)

    assert due(start, working_days(5)).on == date(2021, 10, 13)


def test_a_moment_without_a_zone_is_not_judged():
    naive = datetime(2021, 9, 30, 10)  # noqa: DTZ001 - the naive moment is the point
    deadline = due(local(2021, 3, 1), hours(24))

    with pytest.raises(ValueError, match="no zone"):
        due(naive, working_days(5))
    with pytest.raises(ValueError, match="no zone"):
        was_on_time(naive, deadline)
    with pytest.raises(ValueError, match="no zone"):
        is_late(local(2021, 3, 2), naive)


@pytest.mark.parametrize(
    "limit", [working_days(10), natural_days(20), months(1)], ids=["working", "natural", "month"]
)
def test_a_deadline_that_needs_a_missing_year_is_an_alarm(limit):
    with pytest.raises(CalendarMissing) as missing:
        due(local(LAST_YEAR, 12, 20), limit)

    assert missing.value.year == LAST_YEAR + 1


def test_hours_and_strict_days_need_no_calendar_and_leave_unknown_days_unnamed():
    start = local(LAST_YEAR, 12, 31)

    urgent = due(start, hours(24))
    strict = due(start, natural_days(3, roll_if_off=False))

    assert urgent.at == local(LAST_YEAR + 1, 1, 1)
    assert strict.on == date(LAST_YEAR + 1, 1, 3)
    assert {(step.kind, step.name) for step in urgent.steps + strict.steps} == {(None, None)}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"amount": 0, "unit": Unit.WORKING_DAY}, "at least 1"),
        ({"amount": -1, "unit": Unit.MONTH}, "at least 1"),
        ({"amount": 24, "unit": Unit.HOUR}, "from the moment"),
        ({"amount": 5, "unit": Unit.WORKING_DAY, "start_rule": StartRule.MOMENT}, "next day"),
        ({"amount": 5, "unit": Unit.WORKING_DAY, "roll_if_off": True}, "roll"),
        (
            {
                "amount": 24,
                "unit": Unit.HOUR,
                "start_rule": StartRule.MOMENT,
                "roll_if_off": True,
            },
            "roll",
        ),
        (
            {
                "amount": 24,
                "unit": Unit.HOUR,
                "start_rule": StartRule.MOMENT,
                "cutoff_time": time(17, 30),
            },
            "no cutoff",
        ),
        (
            {"amount": 5, "unit": Unit.NATURAL_DAY, "cutoff_time": time(17, 30, tzinfo=UTC)},
            "no zone",
        ),
        ({"amount": 5, "unit": Unit.NATURAL_DAY, "cutoff_time": time(0)}, "leaves nothing"),
    ],
)
def test_a_limit_that_contradicts_itself_is_not_made(settings, reason):
    with pytest.raises(ValueError, match=reason):
        Limit(**settings)


def test_the_short_forms_are_limits_with_the_settings_of_the_civil_code():
    closing = time(17, 30)

    assert hours(24) == Limit(24, Unit.HOUR, StartRule.MOMENT, False, None)
    assert working_days(5) == Limit(5, Unit.WORKING_DAY, StartRule.NEXT_DAY, False, None)
    assert natural_days(60) == Limit(60, Unit.NATURAL_DAY, StartRule.NEXT_DAY, True, None)
    assert months(1, cutoff_time=closing) == Limit(1, Unit.MONTH, StartRule.NEXT_DAY, True, closing)


@given(MOMENTS, AMOUNTS)
def test_working_days_end_on_a_working_day_with_exactly_so_many_between(start, amount):
    deadline = due(start, working_days(amount))

    next_day = start.date() + timedelta(days=1)
    assert is_working_day(deadline.on)
    assert working_days_between(next_day, deadline.on + timedelta(days=1)) == amount


@given(MOMENTS, LIMITS.filter(lambda limit: limit.unit is not Unit.HOUR))
def test_the_counted_steps_are_numbered_up_to_the_amount(start, limit):
    steps = due(start, limit).steps

    counted = [step.ordinal for step in steps if step.counted]
    others = {step.ordinal for step in steps if not step.counted}

    assert counted == list(range(1, limit.amount + 1))
    assert others == {None}


@given(MOMENTS, LIMITS)
def test_the_steps_run_forward_from_the_day_of_the_event_to_the_last_day(start, limit):
    deadline = due(start, limit)

    days = [step.day for step in deadline.steps]
    assert days == sorted(set(days))
    assert (days[0], days[-1]) == (start.date(), deadline.at.date())
    if limit.unit is not Unit.MONTH:
        assert len(days) == (deadline.on - start.date()).days + 1


@given(MOMENTS, LIMITS.filter(lambda limit: limit.roll_if_off))
def test_a_rolling_limit_ends_on_the_first_working_day_not_before_the_strict_end(start, limit):
    strict = due(start, Limit(limit.amount, limit.unit)).on
    rolled = due(start, limit).on

    assert is_working_day(rolled)
    assert working_days_between(strict, rolled + timedelta(days=1)) == 1


@given(MOMENTS, LIMITS)
def test_a_longer_limit_is_never_due_earlier(start, limit):
    longer = Limit(limit.amount + 1, limit.unit, limit.start_rule, limit.roll_if_off)

    assert due(start, limit).at <= due(start, longer).at


@given(MOMENTS, MOMENTS, LIMITS)
def test_what_began_later_is_never_due_earlier(one, other, limit):
    earlier, later = sorted((one, other))

    assert due(earlier, limit).at <= due(later, limit).at


@given(MOMENTS, ZONES, LIMITS)
def test_the_deadline_does_not_depend_on_the_zone_the_moment_is_told_in(start, zone, limit):
    told_elsewhere = due(start.astimezone(zone), limit)

    assert told_elsewhere == due(start, limit)
    assert told_elsewhere.at.tzinfo is LOCAL_ZONE
