"""The page of an order, its verbs with reply templates, and the look before a merge."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fenghuang.kernel.refusal import Refused
from fenghuang.lines.requests.actions import templates
from fenghuang.lines.requests.models import Callback, ReplyTemplate, WorkOrder
from fenghuang.lines.requests.permissions import may_see_contact, may_see_spot
from fenghuang.lines.requests.tests.factories import WorkOrderFactory

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def as_(cast, client):
    def sign_in(name):
        client.force_login(cast.staff[name])
        return client

    return sign_in


def page(client, order):
    return client.get(order.get_absolute_url())


@pytest.mark.parametrize("state", WorkOrder.CYCLE.states)
def test_every_state_has_a_step_and_a_page(cast, as_, state):
    answer = page(as_("centre"), WorkOrderFactory(state=state))

    assert [step.is_here for step in answer.context["steps"]].count(True) == 1
    assert len(answer.context["clocks"]) in (1, 2)


def test_both_clocks_stand_side_by_side_with_their_days(cast, as_):
    order = WorkOrderFactory(
        state="handling",
        registered_at=NOW - DAY,
        promised_at=NOW + 9 * DAY,
        dispatched_at=NOW - 4 * DAY,
        due_at=NOW - DAY,
    )

    citizen, unit = page(as_("centre"), order).context["clocks"]

    assert (citizen.pressing, citizen.used, unit.pressing, unit.used) == ("fine", 10, "late", 100)
    assert citizen.because.steps


def test_a_clock_that_stopped_says_whether_it_was_kept(cast, as_):
    fields = {"state": "closed", "registered_at": NOW - 9 * DAY, "promised_at": NOW}
    kept = WorkOrderFactory(**fields, closed_at=NOW - DAY)
    missed = WorkOrderFactory(**fields, closed_at=NOW + DAY)
    client = as_("centre")

    found = [page(client, one).context["clocks"][0].pressing for one in (kept, missed)]

    assert found == ["kept", "missed"]


def test_what_comes_next_stands_first(cast, as_):
    order = WorkOrderFactory(state="filed")

    first = page(as_("centre"), order).context["verbs"][0]

    assert (first.verb.code, first.decision.is_allowed) == ("dispatch", True)


def test_panels_are_there_only_when_something_was_asked(cast, as_):
    plain = WorkOrderFactory(state="received")
    asked = WorkOrderFactory(
        state="handling", extension_asked_at=NOW, extension_reason="雨季", extension_until=NOW + DAY
    )
    called = WorkOrderFactory(state="closed")
    Callback.objects.bulk_create(
        [
            Callback(
                street=cast.street,
                order=called,
                called_at=NOW,
                called_by=cast.centre,
                was_reached=False,
                entry=0,
            )
        ]
    )
    client = as_("centre")

    counts = [len(page(client, one).context["parts"]) for one in (plain, asked, called)]

    assert counts == [1, 2, 2]  # with what residents see


def test_an_order_on_which_nothing_moves_says_so(cast, as_):
    stuck = WorkOrderFactory(state="received", moved_at=NOW - 30 * DAY)
    moving = WorkOrderFactory(state="received", moved_at=NOW)
    client = as_("centre")

    found = [page(client, one).context["stuck_since"] for one in (stuck, moving)]

    assert found == [stuck.moved_at, None]


def test_the_page_costs_the_same_with_more_tries(cast, as_):
    def cost(order) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, order)
        return len(asked)

    def tries(order, n):
        made = [
            Callback(
                street=cast.street,
                order=order,
                called_at=NOW,
                called_by=cast.centre,
                was_reached=False,
                entry=0,
            )
            for _n in range(n)
        ]
        Callback.objects.bulk_create(made)
        return order

    one = tries(WorkOrderFactory(state="closed"), 1)
    three = tries(WorkOrderFactory(state="closed"), 3)
    client = as_("centre")
    page(client, one)

    assert cost(one) == cost(three)


# Who may reach whom


def test_contact_is_shown_to_those_who_need_it_only(cast):
    cast.department.unit = cast.works
    cast.secretary.unit = cast.district
    order = WorkOrderFactory(state="handling", place=cast.east_first, contact="13800000000")
    helped = WorkOrderFactory(
        state="handling", place=cast.east_first, many={"co_units": [cast.district]}
    )
    done = WorkOrderFactory(state="closed", place=cast.east_first)
    people = {name: cast.staff[name] for name in ("centre", "department", "secretary", "checker")}
    people |= {name: cast.staff[name] for name in ("leader", "auditor", "west_secretary")}

    def who(may, one) -> set[str]:
        return {name for name, user in people.items() if may(user, one)}

    assert who(may_see_contact, order) == {"centre", "department"}
    assert who(may_see_contact, helped) == {"centre", "department"}
    assert who(may_see_spot, helped) == {"centre", "department", "secretary"}
    assert who(may_see_contact, done) == {"centre"}


def test_whoever_verifies_finds_the_spot_but_not_the_person(cast, as_):
    order = WorkOrderFactory(
        state="submitted", contact="13800000000", contact_name="王先生", where_exactly="三单元二楼"
    )

    text = page(as_("checker"), order).content.decode()

    assert ("三单元二楼" in text, "13800000000" in text, "王先生" in text) == (True, False, False)


# Reply templates


def test_a_template_is_filled_in_where_it_is_chosen(cast, as_):
    order = WorkOrderFactory(state="registered")
    one = templates.add_template(
        cast.street, actor=cast.centre, verb="answer", title="已答", text="{number}已答复。{sic}"
    )
    ended = templates.add_template(
        cast.street, actor=cast.centre, verb="answer", title="旧", text="…"
    )
    templates.end_template(ended, actor=cast.centre, on=timezone.localdate())
    address = f"{order.get_absolute_url()}answer/"
    client = as_("centre")

    offered = client.get(address).context["texts"]
    chosen = client.get(address, {"template": str(one.pk)}).context["form"]
    elsewhere = client.get(f"{order.get_absolute_url()}not_accept/").context["texts"]

    assert offered == [(one, f"{order.number}已答复。{{sic}}")]
    assert chosen["answer"].value() == f"{order.number}已答复。{{sic}}"
    assert elsewhere == []


def test_only_the_centre_keeps_templates(cast, as_):
    with pytest.raises(Refused) as refused:
        templates.add_template(
            cast.street, actor=cast.secretary, verb="answer", title="x", text="y"
        )
    as_("secretary").post(
        "/requests/reply-templates/", {"verb": "answer", "title": "x", "text": "y"}
    )
    none = ReplyTemplate.objects.count()
    as_("centre").post("/requests/reply-templates/", {"verb": "answer", "title": "x", "text": "y"})

    assert (refused.value.code, none, ReplyTemplate.objects.count()) == ("role", 0, 1)


def test_a_template_is_ended_by_the_centre_of_its_street_only(cast, as_):
    one = templates.add_template(
        cast.street, actor=cast.centre, verb="answer", title="已答", text="…"
    )
    address = f"/requests/reply-templates/{one.pk}/end/"
    as_("secretary").post(address)
    one.refresh_from_db()
    before = one.ended_on
    as_("centre").post(address)
    one.refresh_from_db()

    assert (before, one.ended_on) == (None, timezone.localdate())


# Merging


def test_both_orders_are_shown_before_they_are_merged(cast, as_):
    order = WorkOrderFactory(state="registered", contact="13800000000")
    into = WorkOrderFactory(state="handling")
    client, address = as_("centre"), f"{order.get_absolute_url()}merge/"

    asks = client.get(address)
    wrong = client.get(address, {"into": "REQ-1999-00001"})
    shows = client.get(address, {"into": into.number})
    before = WorkOrder.objects.get(pk=order.pk).state
    client.post(address, {"into": into.number, "seen": order.entry})

    order.refresh_from_db()
    assert [one.context["other"] for one in (asks, wrong, shows)] == [None, None, into]
    assert (shows.context["can_be_reached"], shows.context["is_same_contact"]) == (True, False)
    assert (before, order.state, order.merged_into) == ("registered", "merged", into)
