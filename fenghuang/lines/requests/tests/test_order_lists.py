"""What waits for whom among the orders, the lists, and what is done to many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from fenghuang.kernel.people.actions import name_substitute
from fenghuang.kernel.people.models import User
from fenghuang.kit.models import SavedFilter
from fenghuang.lines.requests import queries
from fenghuang.lines.requests.models import WorkOrder
from fenghuang.lines.requests.queries import orders as order_queries
from fenghuang.lines.requests.tests.factories import WorkOrderFactory

ORDERS = "/requests/orders/"
NOW = timezone.now()
TODAY = timezone.localdate()


@pytest.fixture
def as_(cast, client):
    def sign_in(name):
        client.force_login(cast.staff[name])
        return client

    return sign_in


def waiting(user) -> dict[str, str]:
    with translation.override("en"):
        return {task.record.number: str(task.what) for task in order_queries.tasks(user, TODAY)}


def shown(answer) -> list[str]:
    return [record.number for record, _facts in answer.context["rows"]]


# What waits


def test_each_order_waits_for_the_next_step_of_the_centre(cast):
    made = {
        state: WorkOrderFactory(state=state)
        for state in ("registered", "accepted", "filed", "return_asked", "verified")
    }
    closed = WorkOrderFactory(state="closed", callback_due_on=TODAY)
    extension = WorkOrderFactory(state="handling", extension_asked_at=NOW, extension_reason="雨季")
    held = WorkOrderFactory(state="on_hold", hold_review_due_on=TODAY)
    WorkOrderFactory(state="on_hold", hold_review_due_on=TODAY + timedelta(days=30))
    WorkOrderFactory(state="archived")
    WorkOrderFactory(state="closed", callback_due_on=TODAY, handler=cast.centre)

    found = waiting(cast.centre)

    assert found == {
        made["registered"].number: "accept it, or say where to turn",
        made["accepted"].number: "file the case",
        made["filed"].number: "dispatch it",
        made["return_asked"].number: "decide on the return",
        made["verified"].number: "close the case",
        closed.number: "call back",
        extension.number: "decide whether there is more time",
        held.number: "review the hold",
    }


def test_a_unit_sees_what_is_its_own_or_helped_with_and_in_nobody_elses_hands(cast):
    cast.department.unit = cast.works
    cast.department.save()
    own = WorkOrderFactory(state="dispatched")
    WorkOrderFactory(state="dispatched", unit=cast.district)
    WorkOrderFactory(state="received", handler=cast.secretary)
    mine = WorkOrderFactory(state="received", handler=cast.department, unit=cast.district)
    helped = WorkOrderFactory(
        state="handling", unit=cast.district, contacted_at=NOW, many={"co_units": [cast.works]}
    )

    assert waiting(cast.department) == {
        own.number: "receive it",
        mine.number: "speak with the appellant",
        helped.number: "handle it",
    }


def test_whoever_handled_it_is_not_asked_to_verify_it(cast):
    other = WorkOrderFactory(state="submitted", submitted_by=cast.department)
    WorkOrderFactory(state="submitted", submitted_by=cast.checker)
    WorkOrderFactory(state="submitted", handler=cast.checker)
    called = WorkOrderFactory(state="called_back", called_back_on=TODAY)

    assert waiting(cast.checker) == {
        other.number: "look at it and verify it",
        called.number: "look at it and strike it off",
    }


def test_nobody_without_a_part_in_it_is_told(cast):
    WorkOrderFactory(state="registered", place=cast.west_first)
    WorkOrderFactory(state="on_hold", hold_review_due_on=TODAY)

    found = [waiting(one) for one in (cast.auditor, cast.outsider, cast.secretary)]

    assert (found, len(waiting(cast.leader))) == ([{}, {}, {}], 1)


def test_tasks_cost_two_questions_however_many_there_are(cast):
    def cost() -> int:
        cast.centre.__dict__.pop("current_appointments", None)
        with CaptureQueriesContext(connection) as asked:
            order_queries.tasks(cast.centre, TODAY)
        return len(asked)

    WorkOrderFactory(state="registered")
    one = cost()
    for state in ("registered", "filed", "submitted", "received", "closed"):
        WorkOrderFactory(state=state)

    assert (one, cost()) == (3, 3)


@pytest.mark.parametrize("name", ["centre", "secretary", "department", "checker", "leader"])
def test_my_tasks_cost_ten_questions_at_most(cast, as_, name):
    for state in ("registered", "filed", "submitted", "received", "verified", "on_hold"):
        WorkOrderFactory(state=state, place=cast.east_first)
    client = as_(name)
    client.get("/")

    with CaptureQueriesContext(connection) as asked:
        client.get("/")

    assert len(asked) <= 10


def test_at_most_fifty_wait(cast, monkeypatch):
    monkeypatch.setattr(order_queries, "AT_MOST", 2)
    for _n in range(3):
        WorkOrderFactory(state="registered")

    assert len(order_queries.tasks(cast.centre, TODAY)) == 2
    assert len(queries.tasks(cast.centre, TODAY)) == 2


# Views and filters


def test_each_view_shows_its_own_and_counts_them(cast, as_):
    day = timedelta(days=1)
    fine = WorkOrderFactory(
        state="handling", dispatched_at=NOW - day, due_at=NOW + 4 * day, moved_at=NOW
    )
    soon = WorkOrderFactory(
        state="handling", dispatched_at=NOW - 4 * day, due_at=NOW + day, moved_at=NOW
    )
    late = WorkOrderFactory(
        state="received", dispatched_at=NOW - 4 * day, due_at=NOW - day, moved_at=NOW - 20 * day
    )
    closed = WorkOrderFactory(
        state="closed", dispatched_at=NOW - 4 * day, due_at=NOW - day, callback_due_on=TODAY
    )
    client = as_("centre")

    found = {
        code: sorted(shown(client.get(ORDERS, {"view": code})))
        for code in ("open", "late", "soon", "stuck", "callback", "accept")
    }
    counts = {view.code: count for view, count, _here in client.get(ORDERS).context["views"]}

    assert found == {
        "open": sorted([fine.number, soon.number, late.number]),
        "late": [late.number],
        "soon": [soon.number],
        "stuck": [late.number],
        "callback": [closed.number],
        "accept": [],
    }
    assert [counts[code] for code in found] == ["3", "1", "1", "1", "1", "0"]


def test_views_are_counted_no_further_than_asked(cast, as_, monkeypatch):
    monkeypatch.setattr(order_queries, "COUNT_UP_TO", 1)
    for _n in range(3):
        WorkOrderFactory(state="registered")

    counts = {view.code: n for view, n, _h in as_("centre").get(ORDERS).context["views"]}

    assert (counts["accept"], counts["close"]) == ("1+", "0")


def test_a_view_is_sorted_by_its_clock_and_turned_page_by_page(cast, as_, monkeypatch):
    monkeypatch.setattr("fenghuang.kit.lists.PAGE", 2)
    days = (3, 1, 2)
    made = {
        n: WorkOrderFactory(state="handling", dispatched_at=NOW, due_at=NOW + timedelta(days=n))
        for n in days
    }
    client = as_("centre")

    first = client.get(ORDERS, {"view": "handled"})
    second = client.get(ORDERS + first.context["after"])

    assert shown(first) + shown(second) == [made[n].number for n in (1, 2, 3)]


def test_orders_are_found_by_unit_and_by_who_has_them(cast, as_):
    free = WorkOrderFactory(state="received")
    taken = WorkOrderFactory(state="received", handler=cast.secretary)
    WorkOrderFactory(state="received", unit=cast.district)
    client = as_("centre")

    by_unit = shown(client.get(ORDERS, {"unit": str(cast.works.pk), "sort": "oldest"}))
    by_person = shown(client.get(ORDERS, {"handler": str(cast.secretary.pk)}))
    by_nobody = shown(client.get(ORDERS, {"handler": "none", "unit": str(cast.works.pk)}))

    assert (by_unit, by_person, by_nobody) == (
        [free.number, taken.number],
        [taken.number],
        [free.number],
    )


@pytest.mark.parametrize("address", [ORDERS, "/requests/returned-orders/"])
def test_a_list_costs_the_same_with_more_rows(cast, as_, address):
    client = as_("centre")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    fields = {"state": "return_asked", "return_asked_on": TODAY, "return_asked_unit": cast.works}
    WorkOrderFactory(**fields)
    client.get(address)
    one = cost()
    WorkOrderFactory(**fields)
    WorkOrderFactory(**fields)

    assert cost() == one


def test_the_return_ledger_names_unit_ground_decision_and_days(cast, as_):
    returned = WorkOrderFactory(
        state="filed",
        return_asked_unit=cast.works,
        return_asked_on=TODAY - timedelta(days=3),
        return_ground="duty",
        return_citation="权责清单第3条",
        return_decision="agreed",
        return_decided_on=TODAY - timedelta(days=1),
    )
    WorkOrderFactory(state="received")

    [(record, facts)] = as_("centre").get("/requests/returned-orders/").context["rows"]

    assert record == returned
    texts = [str(fact.text) for fact in facts]
    assert (texts[0], texts[3], texts[-1]) == ("城建办", "权责清单第3条", "2")


# Many at once


def test_a_verb_is_done_to_those_chosen_and_each_refusal_says_why(cast, as_):
    two = [WorkOrderFactory(state="registered") for _n in range(2)]
    other = WorkOrderFactory(state="filed")
    untouched = WorkOrderFactory(state="registered")
    numbers = [one.number for one in (*two, other)]

    answer = as_("centre").post(f"{ORDERS}many/", {"verb": "accept", "number": numbers})

    assert answer.context["done"] == two
    [(refused, why)] = answer.context["refused"]
    assert (refused, bool(why)) == (other, True)
    states = dict(WorkOrder.objects.values_list("number", "state"))
    assert [states[one.number] for one in (*two, other, untouched)] == [
        "accepted",
        "accepted",
        "filed",
        "registered",
    ]


def test_many_are_dispatched_to_the_unit_that_is_asked_for_once(cast, as_):
    two = [WorkOrderFactory(state="filed") for _n in range(2)]
    numbers = [one.number for one in two]
    client = as_("centre")

    asks = client.post(f"{ORDERS}many/", {"verb": "dispatch", "number": numbers})
    missing = client.post(
        f"{ORDERS}many/", {"verb": "dispatch", "number": numbers, "answered": "1"}
    )
    done = client.post(
        f"{ORDERS}many/",
        {"verb": "dispatch", "number": numbers, "answered": "1", "unit": str(cast.works.pk)},
    )

    assert (asks.context["form"].is_bound, bool(missing.context["form"].errors)) == (False, True)
    assert done.context["done"] == two
    assert set(WorkOrder.objects.values_list("state", "unit__name")) == {("dispatched", "城建办")}


def test_orders_out_of_scope_are_not_touched(cast, as_):
    west = WorkOrderFactory(state="dispatched", place=cast.west_first)

    answer = as_("secretary").post(f"{ORDERS}many/", {"verb": "receive", "number": [west.number]})

    west.refresh_from_db()
    assert (answer.status_code, west.state) == (302, "dispatched")


def test_all_of_a_page_can_be_chosen_by_a_link(cast, as_):
    WorkOrderFactory(state="registered")
    client = as_("centre")

    plain, ticked = client.get(ORDERS), client.get(ORDERS + client.get(ORDERS).context["tick_all"])

    assert (b' checked aria-label="' in plain.content) is False
    assert b' checked aria-label="' in ticked.content


# Saved filters


def test_a_filter_is_saved_shown_and_removed_by_its_owner(cast, as_):
    client = as_("centre")
    client.post(
        "/filters/keep/", {"list": f"{ORDERS}?view=late&level=&after=2021-06-01_x", "name": "我的"}
    )
    kept = SavedFilter.objects.get()
    others = as_("secretary")
    stolen = others.post(f"/filters/{kept.pk}/forget/").status_code
    seen_by_others = others.get(ORDERS).context["saved"]
    client = as_("centre")
    seen = client.get(ORDERS).context["saved"]
    client.post(f"/filters/{kept.pk}/forget/")

    assert (kept.address, stolen, seen_by_others, seen) == (f"{ORDERS}?view=late", 404, [], [kept])
    assert not SavedFilter.objects.exists()


def test_a_filter_of_another_site_is_not_saved(cast, as_):
    answer = as_("centre").post("/filters/keep/", {"list": "//evil.example/?a=1", "name": "x"})

    assert (answer["Location"], SavedFilter.objects.exists()) == ("/", False)


# While somebody is absent


def test_the_substitute_has_the_tasks_and_confirms_nothing_the_absent_one_did(cast):
    mine = WorkOrderFactory(state="received", place=cast.east_first, handler=cast.secretary)
    done = WorkOrderFactory(state="submitted", place=cast.east_first, submitted_by=cast.secretary)
    before = [
        task.record for task in order_queries.tasks(User.objects.get(pk=cast.grid_worker.pk), TODAY)
    ]
    name_substitute(cast.secretary, cast.grid_worker, actor=cast.secretary, first=TODAY, last=TODAY)
    substitute = User.objects.get(pk=cast.grid_worker.pk)
    after = [task.record for task in order_queries.tasks(substitute, TODAY)]
    decision = done.CYCLE.decide("verify", done, substitute, substitute.roles("requests"))

    assert (before, after, decision.code) == ([], [mine], "second_person")


# Workload


def test_the_workload_of_a_unit_is_counted_by_name_and_leads_to_its_lists(cast, as_):
    day = timedelta(days=1)
    WorkOrderFactory(state="received", handler=cast.secretary, due_at=NOW - day)
    WorkOrderFactory(state="on_hold", handler=cast.department, due_at=NOW + 60 * day)
    WorkOrderFactory(state="dispatched", dispatched_at=NOW - 4 * day, due_at=NOW + day)
    WorkOrderFactory(state="closed", handler=cast.secretary)
    WorkOrderFactory(state="received", unit=cast.district)

    answer = as_("centre").get(f"/requests/workload/{cast.works.pk}/")

    found = [
        (load.name, load.open, load.soon, load.late, load.hold)
        for load, _query, _key in answer.context["rows"]
    ]
    assert sorted(found) == sorted(
        [
            (cast.secretary.display_name, 1, 0, 1, 0),
            (cast.department.display_name, 1, 0, 0, 1),
            ("", 1, 1, 0, 0),
        ]
    )
