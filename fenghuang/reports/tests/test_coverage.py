from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fenghuang.claims.verdicts import Coverage
from fenghuang.indicators import periods
from fenghuang.indicators.registry import indicator, indicators
from fenghuang.kernel.records.actions import enter
from fenghuang.reports.coverage import Books

from . import requests_records as made

with_requests = pytest.mark.line("requests")
YEAR = periods.year(2021)


def coverage(street, code, period=YEAR):
    return Books(street, indicators()).coverage(indicator(code), period)


@with_requests
@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2020, 6, 1), Coverage.FULL),
        (date(2021, 1, 1), Coverage.FULL),
        (date(2021, 2, 1), Coverage.FULL),
        (date(2021, 2, 2), Coverage.BEGINS_LATER),
        (date(2022, 1, 1), Coverage.BEGINS_LATER),
    ],
)
def test_a_ledger_that_begins_in_the_first_month_covers_the_period(cast, first, expected):
    made.hold_meetings(cast, 1, on=first)

    assert coverage(cast.street, "MTG.SESSIONS") == expected


@with_requests
def test_a_line_without_records_is_not_kept(cast):
    assert coverage(cast.street, "MTG.SESSIONS") == Coverage.NOT_KEPT


@with_requests
def test_a_kind_without_records_was_kept_since_its_line_began(cast):
    made.hold_meetings(cast, 1, on=date(2021, 1, 4))

    assert coverage(cast.street, "MTG.PROJECT_ITEMS") == Coverage.FULL
    assert coverage(cast.street, "MTG.SMALL_MATTERS_RESOLVED") == Coverage.FULL
    assert coverage(cast.street, "MTG.PROJECT_ITEMS", periods.year(2020)) == Coverage.BEGINS_LATER


@with_requests
def test_a_kind_that_is_closed_late_was_kept_since_it_was_opened(cast):
    matter = apps.get_model("requests", "SmallMatter")
    enter(
        matter(
            street=cast.street,
            place=cast.east_first,
            happened_on=date(2021, 1, 4),
            matter_title="更换楼道灯",
            category="lighting",
            due_on=date(2021, 1, 11),
            state="struck_off",
            fixed_on=date(2021, 6, 1),
            fixed_by=cast.grid_worker,
            struck_off_on=date(2021, 6, 1),
            struck_off_by=cast.checker,
        ),
        actor=cast.community_worker,
    )

    assert coverage(cast.street, "MTG.SMALL_MATTERS_RESOLVED") == Coverage.FULL


@with_requests
def test_withdrawn_records_and_those_of_other_streets_begin_nothing(cast):
    made.withdraw(made.hold_meetings(cast, 1, on=date(2021, 1, 4))[0], cast)
    made.hold_meetings(cast, 1, on=date(2021, 6, 1))

    assert coverage(cast.street, "MTG.SESSIONS") == Coverage.BEGINS_LATER
    assert coverage(cast.other_street, "MTG.SESSIONS") == Coverage.NOT_KEPT


def test_a_stock_is_known_from_the_first_record_on(cast):
    assert coverage(cast.street, "PLC.GRIDS", periods.year(2010)) == Coverage.FULL
    assert coverage(cast.street, "PLC.GRIDS", periods.year(2009)) == Coverage.BEGINS_LATER
    assert coverage(cast.street, "PLC.GRID_STAFFED_RATE") == Coverage.FULL


@with_requests
def test_the_books_are_opened_once_for_each_kind_of_record(cast):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            books = Books(cast.street, indicators())
            for one in indicators():
                books.coverage(one, YEAR)
        return len(captured)

    made.hold_meetings(cast, 1)
    with_one = queries()
    made.hold_meetings(cast, 3, on=date(2021, 6, 1))

    assert queries() == with_one
