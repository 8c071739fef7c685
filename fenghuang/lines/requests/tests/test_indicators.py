"""The definitions' own tables, run against real records."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from fenghuang.indicators import registry
from fenghuang.indicators.figures import figure, figures
from fenghuang.indicators.periods import month, year
from fenghuang.indicators.tables import PERIOD, table
from fenghuang.kernel.places import actions as places
from fenghuang.kernel.places.models import Grid
from fenghuang.lines.requests.tests.factories import (
    FACTORIES,
    MeetingFactory,
    ProblemFactory,
    WorkOrderFactory,
)

OWN = list(registry.indicators("requests"))


@pytest.mark.parametrize("definition", OWN, ids=lambda one: one.code)
def test_the_definition_counts_as_its_table_says(definition, cast):
    stated = table(definition.cases)
    made = []
    for case in stated.cases:
        fields = {
            name: definition.of._meta.get_field(name).to_python(text)
            for name, text in case.fields.items()
            if text
        }
        made.append((FACTORIES[definition.of](**fields), case.counts))

    found = figure(definition, PERIOD, cast.street)

    counted = {record for record, counts in made if counts in ("yes", "hit")}
    assert (str(found.value), set(found.records)) == (stated.value, counted)


def test_every_definition_has_a_table_with_a_record_that_must_not_count():
    without = [
        one.code for one in OWN if "no" not in {case.counts for case in table(one.cases).cases}
    ]

    assert without == []


def test_a_share_of_nothing_is_none(cast):
    found = figure(registry.indicator("MTG.RESOLVED_RATE"), PERIOD, cast.street)

    assert (found.value, found.base) == (None, 0)


def test_a_record_counts_where_its_grid_stood_on_the_day(cast):
    before = MeetingFactory(place=cast.east_first, happened_on=date(2021, 3, 31))
    after = MeetingFactory(place=cast.east_first, happened_on=date(2021, 4, 1))
    MeetingFactory(place=cast.west_first, happened_on=date(2021, 4, 1))
    places.move(
        cast.east_first, cast.west, on=date(2021, 4, 1), document="凤街办〔2021〕3号", by="0" * 16
    )
    definition = registry.indicator("MTG.SESSIONS")

    in_east = figure(definition, PERIOD, cast.east)
    in_west = figure(definition, PERIOD, cast.west)

    assert (set(in_east.records), in_west.value) == ({before}, 2)
    assert after in set(in_west.records)


def test_a_merged_grid_keeps_its_past_and_hands_on_its_future(cast):
    earlier = MeetingFactory(place=cast.east_second, happened_on=date(2021, 1, 5))
    later = MeetingFactory(place=cast.east_second, happened_on=date(2021, 9, 5))
    places.merge(
        [cast.east_second], cast.east_first, on=date(2021, 7, 1), document="1号", by="0" * 16
    )
    definition = registry.indicator("MTG.SESSIONS")

    first = figure(definition, PERIOD, cast.east_first)
    second = figure(definition, PERIOD, cast.east_second)
    street = figure(definition, PERIOD, cast.street)

    assert set(first.records) == {later}
    assert set(second.records) == {earlier, later}
    assert street.value == 2
    assert Grid.objects.get(pk=cast.east_second.pk).valid_to == date(2021, 7, 1)


def test_another_streets_records_do_not_count(cast):
    ProblemFactory()

    found = figure(registry.indicator("MTG.PROBLEMS"), PERIOD, cast.other_street)

    assert (found.value, list(found.records)) == (0, [])


def test_all_figures_of_the_line_cost_as_many_queries_with_many_records_as_with_few(
    cast, django_assert_num_queries
):
    MeetingFactory()
    ProblemFactory()
    WorkOrderFactory(state="on_hold")
    with django_assert_num_queries(14):
        figures(OWN, year(2021), cast.street)

    for _more in range(5):
        ProblemFactory()
        WorkOrderFactory(state="on_hold")

    with django_assert_num_queries(14):
        figures(OWN, year(2021), cast.street)


def test_what_is_not_yet_due_is_neither_late_nor_on_time(cast):
    now = timezone.now()
    this_year = year(localdate(now).year)
    days = {"happened_on": this_year.start, "due_on": localdate(now)}
    late = WorkOrderFactory(state="handling", due_at=now - timedelta(minutes=1), **days)
    WorkOrderFactory(state="handling", due_at=now + timedelta(hours=1), **days)

    on_time = figure(registry.indicator("CASE.ONTIME_RATE"), this_year, cast.street)
    overdue = figure(registry.indicator("CASE.OVERDUE"), this_year, cast.street)

    assert (on_time.value, set(on_time.records)) == (0, {late})
    assert (overdue.value, set(overdue.records)) == (1, {late})


def test_a_hold_that_ended_is_on_hold_on_the_days_before(cast):
    order = WorkOrderFactory(
        state="handling", held_on=date(2021, 3, 5), hold_ended_on=date(2021, 5, 6), handler=None
    )
    held = registry.indicator("CASE.ONHOLD")

    march = figure(held, month(2021, 3), cast.street)
    may = figure(held, month(2021, 5), cast.street)
    before = figure(held, month(2021, 2), cast.street)

    assert (set(march.records), may.value, before.value) == ({order}, 0, 0)


def test_a_merged_order_is_one_more_order_and_its_callback_one_more_callback(cast):
    said = {"was_reached": True, "called_back_on": date(2021, 6, 9), "solved": "yes"}
    lead = WorkOrderFactory(state="called_back", closed_on=date(2021, 6, 7), **said)
    WorkOrderFactory(state="merged", merged_into=lead)
    WorkOrderFactory(
        state="called_back",
        dispatched_at=None,
        dispatched_on=None,
        due_at=None,
        merged_into=lead,
        closed_on=date(2021, 6, 7),
        **said | {"solved": "no"},
    )
    wanted = ("CASE.RECEIVED", "CASE.DISPATCHED", "CASE.CLOSED", "CASE.RES")

    found = figures([registry.indicator(code) for code in wanted], PERIOD, cast.street)

    assert [found[code].value for code in wanted] == [3, 1, 2, 50]
