"""The rules of work orders: clocks by law, callbacks, what may be published."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.records.parameters import rows
from fenghuang.kernel.worktime import LOCAL_ZONE, working_days
from fenghuang.lines.requests.actions.orders import LIMITS, clock
from fenghuang.lines.requests.models import Category, WorkOrder
from fenghuang.lines.requests.rules import orders as rules
from fenghuang.lines.requests.rules.orders import Pressing

MORNING = datetime(2021, 6, 1, 9, tzinfo=LOCAL_ZONE)
MOMENTS = st.integers(-150 * 24 * 60, 390 * 24 * 60).map(
    lambda minutes: MORNING + timedelta(minutes=minutes)
)
SECRET = b"of this installation"


@pytest.mark.parametrize(
    ("dispatched_at", "due_on"),
    [
        ("2021-09-30 10:00", "2021-10-13"),
        ("2021-02-10 10:00", "2021-02-23"),
        ("2021-09-17 10:00", "2021-09-26"),
        ("2021-12-31 10:00", "2022-01-10"),
    ],
)
def test_an_ordinary_order_is_due_in_five_working_days(dispatched_at, due_on):
    start = datetime.fromisoformat(dispatched_at).replace(tzinfo=LOCAL_ZONE)

    assert clock("handling", start, "ordinary", "lighting").on.isoformat() == due_on


def test_hours_run_from_the_moment_through_the_night():
    late = datetime(2021, 6, 4, 23, 30, tzinfo=LOCAL_ZONE)

    ends = clock("response", late, "urgent", "lighting")

    assert ends.at == datetime(2021, 6, 5, 1, 30, tzinfo=LOCAL_ZONE)


def test_a_limit_for_the_category_goes_before_that_of_the_level():
    ordinary = clock("handling", MORNING, "timed", "noise")
    water = clock("handling", MORNING, "timed", "pipes")

    assert (ordinary.on.isoformat(), water.at) == ("2021-06-04", MORNING + timedelta(hours=24))


@pytest.mark.parametrize("level", WorkOrder.Level.values)
@pytest.mark.parametrize("category", Category.values)
def test_every_order_has_all_its_clocks_and_the_citizen_waits_longest(level, category):
    response, handling, promise = (
        clock(name, MORNING, level, category).at for name in ("response", "handling", "promise")
    )

    assert response <= handling <= promise


def test_every_limit_names_a_clock_or_a_step():
    clocks = {
        f"{name}.{level}"
        for name in ("response", "handling", "promise")
        for level in WorkOrder.Level.values
    }
    steps = {
        "receive",
        "callback",
        "hold_review",
        "repeat_window",
        "contact_open",
        "contact_closed",
    }
    found = {".".join(row["code"].split(".")[:2]) for row in rows(LIMITS)}

    assert found == clocks | steps


@given(MOMENTS, st.integers(0, 40 * 24 * 60))
def test_an_order_is_late_exactly_when_its_last_instant_has_passed(began_at, minutes):
    due_at = rules.ends(began_at, working_days(5)).at
    now = began_at + timedelta(minutes=minutes)

    late = rules.pressing(now, began_at, due_at) is Pressing.LATE

    assert late is not rules.was_on_time(now, due_at)


@given(MOMENTS)
def test_an_extension_at_most_doubles_the_time(dispatched_at):
    due_at = rules.ends(dispatched_at, working_days(5)).at

    latest = rules.latest_extension(dispatched_at, due_at)

    assert latest - due_at == due_at - dispatched_at


@given(st.lists(MOMENTS, max_size=6))
def test_calling_may_end_after_three_tries_on_two_days(tries):
    days = {moment.date() for moment in tries}

    assert rules.may_end_calling(tries) is (len(tries) >= 3 and len(days) >= 2)


def test_tries_around_midnight_are_on_two_days_here_wherever_the_server_stands():
    before = datetime(2021, 6, 1, 23, 50, tzinfo=LOCAL_ZONE)
    tries = [before, before + timedelta(minutes=5), before + timedelta(minutes=15)]

    assert rules.may_end_calling(tries)


def test_an_order_is_stuck_after_five_working_days_and_not_over_a_holiday():
    eve = datetime(2021, 9, 30, 17, tzinfo=LOCAL_ZONE)  # seven days off follow

    assert not rules.is_stuck(datetime(2021, 10, 13, 9, tzinfo=LOCAL_ZONE), eve)
    assert rules.is_stuck(datetime(2021, 10, 14, 9, tzinfo=LOCAL_ZONE), eve)


@given(st.text(st.characters(categories=["Nd", "L"]), min_size=1, max_size=20))
def test_a_contact_is_known_again_however_it_is_written_but_not_in_another_year(contact):
    written = f" {contact[:3]}-{contact[3:]} "

    assert rules.contact_hash(contact, SECRET, 2021) == rules.contact_hash(written, SECRET, 2021)
    assert rules.contact_hash(contact, SECRET, 2021) != rules.contact_hash(contact, SECRET, 2022)
    assert rules.contact_hash(contact, SECRET, 2021) != rules.contact_hash(contact, b"other", 2021)


def test_nothing_said_has_no_hash():
    assert rules.contact_hash(" - ", SECRET, 2021) == ""


@given(st.floats(73, 135), st.floats(18, 54))
def test_a_published_point_is_near_and_never_exact(lon, lat):
    shown = rules.shown_point(lon, lat)

    assert abs(shown[0] - lon) <= 0.0005001
    assert abs(shown[1] - lat) <= 0.0005001
    assert shown == (round(lon, 3), round(lat, 3))


@pytest.mark.parametrize(
    ("contacts", "unknown", "is_hot"),
    [(5, 0, True), (4, 1, True), (4, 9, True), (3, 9, False), (4, 0, False), (0, 50, False)],
)
def test_a_hot_spot_takes_different_people_not_many_calls(contacts, unknown, is_hot):
    assert rules.is_hot({str(n) for n in range(contacts)}, unknown, 5) is is_hot
