"""Who is told that a clock is near its end, and who that it has passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from fenghuang.kernel.notices.models import Notice
from fenghuang.kernel.records.parameters import rows
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.lines.requests.actions.reminders import CLOCKS, ROLES, RULES, remind
from fenghuang.lines.requests.rules.reminders import Reminder, in_force
from fenghuang.lines.requests.tests.factories import WorkOrderFactory, at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDS = datetime(2021, 6, 10, 18, tzinfo=LOCAL_ZONE)


def told() -> set[tuple[str, str]]:
    """The codes of the reminders, and the persons."""
    return {(one.key.split("/")[1], one.user.username) for one in Notice.objects.all()}


@pytest.fixture
def handler(cast):
    cast.department.unit = cast.works
    cast.department.save()
    return cast.department


def due(**facts):
    far = ENDS + 30 * DAY
    given = {
        "state": "handling",
        "due_at": ENDS,
        "promised_at": far,
        "contacted_at": at(date(2021, 6, 2)),
    }
    return WorkOrderFactory(**given | facts)


def test_the_people_of_the_unit_hear_of_it_a_day_before(cast, handler):
    due()

    early = remind(ENDS - 24 * HOUR - timedelta(minutes=1))
    told_now = remind(ENDS - 24 * HOUR)

    assert (early, told_now, told()) == (0, 1, {("due_soon", "department")})


def test_whoever_has_it_in_hand_hears_instead_of_the_whole_unit(cast, handler):
    due(handler=cast.grid_worker)

    remind(ENDS - HOUR)

    assert told() == {("due_soon", "grid_worker")}


def test_what_is_late_goes_up_step_by_step(cast, handler):
    due()

    steps = []
    for after in (HOUR, 24 * HOUR, 72 * HOUR):
        Notice.objects.all().delete()
        remind(ENDS + after)
        steps.append(told())

    assert steps == [
        {("overdue", "department")},
        {("overdue_line_leader", "line_leader")},
        {("overdue_leader", "leader")},
    ]


def test_nobody_is_told_the_same_twice(cast, handler):
    due()

    for minutes in (0, 5, 300):
        remind(ENDS + timedelta(minutes=minutes))

    assert Notice.objects.count() == 1


def test_more_time_starts_the_reminders_anew(cast, handler):
    made = due()
    remind(ENDS - HOUR)
    made.due_at = ENDS + 5 * DAY
    type(made).objects.filter(pk=made.pk).update(due_at=made.due_at)

    remind(made.due_at - HOUR)

    assert Notice.objects.count() == 2


def test_what_is_on_hold_is_late_like_any_other(cast, handler):
    due(state="on_hold")

    remind(ENDS + HOUR)

    assert told() == {("overdue", "department")}


def test_of_what_is_over_or_withdrawn_or_old_nobody_is_told(cast, handler):
    due(state="closed")
    due(voided_at=ENDS)
    due(due_at=ENDS - 20 * DAY)

    assert remind(ENDS + HOUR) == 0


def test_the_day_of_a_callback_ends_at_midnight(cast):
    WorkOrderFactory(state="closed", callback_due_on=date(2021, 6, 10))

    remind(datetime(2021, 6, 9, 23, tzinfo=LOCAL_ZONE))
    before = told()
    remind(datetime(2021, 6, 10, 0, 30, tzinfo=LOCAL_ZONE))

    assert (before, told()) == (set(), {("callback_soon", "centre")})


def test_a_reminder_says_nothing_about_whoever_raised_it(cast, handler):
    due(text="张三家门口的灯不亮", contact="138-0000-0001")

    remind(ENDS + HOUR)

    notice = Notice.objects.get()
    assert "张三" not in notice.subject + notice.body
    assert "138" not in notice.body
    assert notice.subject == f"{notice.number} 已超期"


def test_every_rule_names_a_clock_and_whom_it_tells():
    known = [
        (one.clock in CLOCKS, one.to in {*ROLES, "unit"})
        for one in in_force(rows(RULES), date(2026, 1, 1))
    ]

    assert known == [(True, True)] * len(rows(RULES))


def test_a_later_row_replaces_or_ends_a_reminder():
    first = {
        "code": "a",
        "valid_from": date(2021, 1, 1),
        "clock": "due",
        "hours": -24,
        "to": "unit",
    }
    longer = first | {"valid_from": date(2022, 1, 1), "hours": -48}
    ended = {"code": "a", "valid_from": date(2023, 1, 1)}

    found = [
        list(in_force([longer, ended, first], date(year, 1, 1))) for year in (2021, 2022, 2023)
    ]

    assert found == [
        [Reminder("a", "due", -24, "unit")],
        [Reminder("a", "due", -48, "unit")],
        [],
    ]
