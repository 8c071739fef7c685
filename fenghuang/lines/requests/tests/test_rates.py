"""The rates screen and the monthly bulletin, over real orders."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fenghuang.indicators.periods import month, year
from fenghuang.kernel.people.actions import found_unit
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.records import actions as records
from fenghuang.kit.workbooks import open_workbook
from fenghuang.lines.requests.models import WorkOrder
from fenghuang.lines.requests.queries import rates as queries
from fenghuang.lines.requests.queries.rates import ALL, MEASURES, By
from fenghuang.lines.requests.tests.factories import WorkOrderFactory, at
from fenghuang.lines.requests.views.rates import HEADINGS
from tests.cast import SINCE, SYSTEM

pytestmark = pytest.mark.django_db
JUNE = month(2021, 6)
CALLED = {"state": "called_back", "closed_on": date(2021, 6, 4), "was_on_time": True}
SAID = {"called_back_on": date(2021, 6, 5), "was_reached": True}


@pytest.fixture
def leader(cast, client):
    client.force_login(User.objects.get(username="leader"))
    return client


def unit(name):
    return Unit.objects.get(name=name)


def test_every_number_is_the_length_of_its_list_however_it_is_grouped(cast):
    WorkOrderFactory(place=cast.east_first, **CALLED, **SAID, solved="yes", satisfied="very")
    WorkOrderFactory(place=cast.west_first, **CALLED, **SAID, solved="no", satisfied="not")
    WorkOrderFactory(**CALLED, called_back_on=date(2021, 7, 1), was_reached=False)
    WorkOrderFactory(state="not_accepted", category="noise")
    WorkOrderFactory(state="on_hold", place=cast.east_first)
    WorkOrderFactory(happened_on=date(2020, 12, 31))

    for by in By:
        found = queries.counts(WorkOrder.objects.all(), MEASURES.values(), by, year(2021))

        for code, measure in MEASURES.items():
            listed = {
                key: set(queries.behind(WorkOrder.objects.all(), measure, by, key, year(2021)))
                for key in found
            }
            if by is By.MONTH and measure.is_stock:
                continue
            together = queries.behind(WorkOrder.objects.all(), measure, by, ALL, year(2021))
            assert {key: len(orders) for key, orders in listed.items()} == {
                key: numbers.get(code, 0) for key, numbers in found.items()
            }
            assert set().union(*listed.values()) == set(together)


def test_an_agreed_return_counts_with_the_unit_that_returned_it(cast):
    returned = WorkOrderFactory(
        state="received",
        unit=unit("城建办"),
        return_decision="agreed",
        return_asked_unit=unit("区住建局"),
    )
    WorkOrderFactory(state="received", unit=unit("城建办"), return_decision="refused")
    hits = MEASURES["CASE.RETURN_RATE.hits"]

    found = queries.counts(WorkOrder.objects.all(), [hits], By.UNIT, JUNE)
    behind = queries.behind(WorkOrder.objects.all(), hits, By.UNIT, str(unit("区住建局").pk), JUNE)

    assert found == {str(unit("区住建局").pk): {hits.code: 1}}
    assert set(behind) == {returned}


def test_the_screen_says_dash_for_a_share_of_nothing_and_leads_to_the_orders(leader):
    counts = WorkOrderFactory(**CALLED, **SAID, solved="yes", satisfied="no_answer")
    WorkOrderFactory(**CALLED, called_back_on=date(2022, 1, 1), was_reached=True, solved="yes")

    page = leader.get(reverse("requests:rates"), {"year": "2021", "by": "category"})
    [row] = page.context["rows"]
    shares = {one.code: one for one in row.shares}
    behind = leader.get(shares["CASE.RES"].base.address)

    assert (shares["CASE.RES"].value, shares["CASE.SAT"].value) == (100, None)
    assert [(one.code, one.number) for one in row.left_out] == [("not_said_satisfied", 1)]
    assert [record for record, _facts in behind.context["rows"]] == [counts]


def test_whoever_looks_after_one_community_sees_its_rates_only(cast, client):
    WorkOrderFactory(place=cast.east_first)
    WorkOrderFactory(place=cast.west_first)
    client.force_login(User.objects.get(username="secretary"))

    page = client.get(reverse("requests:rates"), {"year": "2021", "by": "community"})

    assert [row.name for row in page.context["rows"]] == [cast.east.name]


def test_an_address_that_means_nothing_is_not_found(leader):
    made_up = [
        ("2021", "unit", "all", "nothing"),
        ("2021", "person", "all", "CASE.RES"),
        ("soon", "unit", "all", "CASE.RES"),
        ("2021-13", "unit", "all", "CASE.RES"),
        ("2021", "unit", "7", "CASE.RES"),
    ]

    status = [leader.get(reverse("requests:rate_records", args=a)).status_code for a in made_up]

    assert status == [404] * 5


@pytest.mark.parametrize("name", ["rates", "bulletin"])
def test_the_pages_ask_as_many_questions_with_three_orders_as_with_one(name, leader, cast):
    asked = {"year": "2021", "month": "2021-06", "by": "unit"}
    places = [cast.east_first, cast.west_first, cast.street]

    def count():
        with CaptureQueriesContext(connection) as context:
            assert leader.get(reverse(f"requests:{name}"), asked).status_code == 200
        return len(context)

    WorkOrderFactory(place=places[0], **CALLED, **SAID, solved="yes")
    leader.get(reverse(f"requests:{name}"), asked)
    with_one = count()
    for place, own in zip(places, ("城建办", "区住建局", "城建办"), strict=True):
        WorkOrderFactory(place=place, unit=unit(own), **CALLED, **SAID, solved="no")

    assert count() == with_one


# --- the bulletin


def test_the_bulletin_follows_the_orders_dispatched_in_the_month(cast):
    town = unit("城建办")
    WorkOrderFactory(**CALLED, **SAID, satisfied="not")
    WorkOrderFactory(state="closed", closed_on=date(2021, 7, 9), was_on_time=False)
    WorkOrderFactory(state="on_hold")
    WorkOrderFactory(
        **CALLED, **SAID, satisfied="very_not", is_excluded=True, exclusion_ground="facts"
    )
    WorkOrderFactory(state="closed", happened_on=date(2021, 5, 31), closed_on=date(2021, 6, 4))
    WorkOrderFactory(state="filed", dispatched_on=date(2021, 6, 2))

    office = found_unit(cast.street, "党政办", "department", valid_from=SINCE, by=SYSTEM)
    found_unit(cast.street, "平安办", "department", valid_from=date(2021, 7, 1), by=SYSTEM)

    told = queries.bulletin(cast.street, JUNE)
    row = next(one for one in told.rows if one.unit == town.name)

    assert (row.sent, row.on_time, row.late, row.open) == (4, 2, 1, 1)
    assert (row.on_time_rate, row.dissatisfied, row.dissatisfied_rate) == (50, 1, 100)
    assert [one.unit for one in told.rows] == [office.name, town.name]
    [empty, _town] = told.rows
    assert (empty.sent, empty.closed_rate, empty.on_time_rate) == (0, None, None)
    for name in ("sent", "on_time", "late", "open", "open_late", "asked", "dissatisfied"):
        assert sum(getattr(one, name) for one in told.rows) == getattr(told.total, name)


def test_the_bulletin_of_a_county_comes_out_as_it_was_printed(cast):
    """Received 2,877 = answered by the centre 2,276 + dispatched 601 (597 on time, 4 late)."""
    town, actor = unit("城建办"), User.objects.get(username="secretary")
    moment = at(date(2021, 6, 1))

    def order(**fields):
        return WorkOrder(
            street=cast.street,
            place=cast.street,
            text="路灯不亮",
            category="lighting",
            registered_at=moment,
            moved_at=moment,
            promised_at=moment,
            happened_on=moment.date(),
            state="closed",
            closed_at=moment,
            closed_on=date(2021, 6, 8),
            **fields,
        )

    sent = {"dispatched_at": moment, "dispatched_on": moment.date(), "due_at": moment, "unit": town}
    orders = [order() for _n in range(2276)]
    orders += [order(**sent, was_on_time=True) for _n in range(597)]
    orders += [order(**sent, was_on_time=False) for _n in range(4)]
    records.enter_all(orders, actor=actor, verb="import")

    told = queries.bulletin(cast.street, JUNE)

    assert (told.received, told.answered_here, told.total.sent) == (2877, 2276, 601)
    assert (told.total.on_time, told.total.late, told.total.open) == (597, 4, 0)
    assert (str(told.total.closed_rate), str(told.total.on_time_rate)) == ("100.0", "99.3")


def test_the_workbook_has_the_papers_own_header_and_no_formula(leader):
    town = unit("城建办")
    WorkOrderFactory(unit=town, **CALLED, **SAID, satisfied="satisfied")
    Unit.objects.filter(pk=town.pk).update(name="=1+1")

    file = leader.get(reverse("requests:bulletin"), {"month": "2021-06", "export": "xlsx"})
    [sheet] = open_workbook(file.content)
    rows = [list(row) for row in sheet.rows]

    header = (
        "序号｜单位｜派遣案件总数｜按时办结数｜超时办结数｜未办结数｜"
        "结案率｜按时结案率｜不满意数｜不满意率"
    )
    assert "｜".join(rows[1]) == header == "｜".join(one.header for one in HEADINGS)
    assert rows[-1][1:] == ["合计", 1, 1, 0, 0, "100.0%", "100.0%", 0, "0.0%"]
    assert [row[2:] for row in rows if row[1] == "=1+1"] == [
        [1, 1, 0, 0, "100.0%", "100.0%", 0, "0.0%"]
    ]
    assert b"<f>" not in BytesIO(file.content).getvalue()


def test_the_bulletins_page_names_units_in_one_order_and_links_its_numbers(leader):
    WorkOrderFactory(**CALLED, **SAID, satisfied="not")

    page = leader.get(reverse("requests:bulletin"), {"month": "2021-06"}).content.decode()
    links = re.findall(r'href="([^"]*/rates/2021-06/unit/[^"]+)"', page)

    assert len(links) == 6
    assert all(leader.get(link).context["rows"] for link in links)
