"""Suggestions learned from closed orders, and when they are shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from fenghuang.kit.suggesting import office
from fenghuang.kit.suggesting.office import Why
from fenghuang.lines.requests.actions import routing as actions
from fenghuang.lines.requests.models import RoutingRule, WorkOrder
from fenghuang.lines.requests.queries import suggesting
from fenghuang.lines.requests.tests.factories import DAY, at

SAID = {
    "lighting": "{}号楼道{}路灯不亮，晚上看不见路，请更换灯泡",
    "noise": "{}栋楼下{}烧烤摊半夜吵闹，噪音影响休息",
    "road": "{}路口{}路面坑洼积水，行人摔跤，请修补",
}
WHERE = "东西南北前后左右内外"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def enter(cast, count):
    """Closed orders with texts that tell their categories, a unit for each, over some months."""
    units = {"lighting": cast.works, "noise": cast.district, "road": cast.works}
    made = []
    for n in range(count):
        category = list(SAID)[n % 3]
        day = DAY + timedelta(days=n // 3)
        text = SAID[category].format(WHERE[n // 3 % 10] + WHERE[n // 30 % 10], WHERE[n // 300 % 10])
        moment = at(day)
        made.append(
            WorkOrder(
                street=cast.street,
                place=cast.east,
                number=f"REQ-2021-{n:06d}",
                entered_by=cast.centre,
                entered_at=moment,
                entry=0,
                happened_on=day,
                text=text,
                category=category,
                state="closed",
                unit=units[category],
                registered_at=moment,
                promised_at=moment,
                moved_at=moment,
                dispatched_at=moment,
                due_at=moment,
            )
        )
    WorkOrder.objects.bulk_create(made)


def trained(cast):
    return {
        one.code: office.train(one, cast.street, made_on=DAY, progress=lambda *_what: None)
        for one in suggesting.sources()
    }


def test_from_few_orders_nothing_is_suggested(cast):
    enter(cast, 299)

    found = trained(cast)

    assert {code: (one.why, one.is_on) for code, one in found.items()} == {
        "category": (Why.TOO_FEW, False),
        "unit": (Why.TOO_FEW, False),
    }
    assert suggesting.categories_for(cast.street.pk, "路灯不亮") == []


def test_what_beats_the_table_is_suggested_with_its_reasons(cast):
    enter(cast, 300)

    found = trained(cast)

    assert {code: one.is_on for code, one in found.items()} == {"category": True, "unit": True}
    first = suggesting.categories_for(cast.street.pk, "楼道路灯不亮")[0]
    assert (first.value, first.percent > 50, "不亮" in "".join(first.reasons)) == (
        "lighting",
        True,
        True,
    )
    unit = suggesting.units_for(cast.street.pk, "半夜噪音吵闹")[0]
    assert unit.label == "区住建局"
    assert suggesting.categories_for(cast.other_street.pk, "楼道路灯不亮") == []


def test_a_table_that_is_always_right_switches_the_suggestion_of_units_off(cast):
    enter(cast, 300)
    for category, unit in (("noise", cast.district), ("", cast.works)):
        rule = RoutingRule(street=cast.street, category=category, unit=unit)
        actions.add_rule(rule, actor=cast.centre, number=9, today=timezone.localdate())

    found = trained(cast)

    assert (found["unit"].why, found["unit"].table_accuracy) == (Why.NOT_BETTER, 1.0)
    assert (found["category"].is_on, suggesting.units_for(cast.street.pk, "噪音吵闹")) == (True, [])


def test_the_page_says_what_was_learned_or_how_to_begin(cast, client):
    client.force_login(cast.centre)
    before = client.get("/requests/suggestions/")
    enter(cast, 300)
    trained(cast)
    after = client.get("/requests/suggestions/")

    assert [state for _source, state in before.context["states"]] == [None, None]
    assert "fenghuang suggest orders" in before.content.decode()
    assert [state.is_on for _source, state in after.context["states"]] == [True, True]


def test_forms_name_suggestions_and_choose_nothing(cast, client):
    enter(cast, 300)
    trained(cast)
    order = WorkOrder.objects.order_by("number").first()
    WorkOrder.objects.filter(pk=order.pk).update(
        state="filed", unit=None, dispatched_at=None, due_at=None
    )
    client.force_login(cast.centre)

    page = client.get(f"/requests/orders/{order.number}/dispatch/")

    offered = f'name="offered" value="{cast.works.pk}"'
    assert (offered in page.content.decode(), page.context["form"]["unit"].value()) == (True, None)


def test_another_category_than_the_text_suggests_is_asked_about_once(cast, client):
    enter(cast, 300)
    trained(cast)
    client.force_login(cast.centre)
    given = {
        "text": "楼道路灯不亮，晚上看不见路",
        "place": str(cast.west.pk),
        "category": "noise",
        "kind": "help",
        "level": "ordinary",
        "channel": "phone",
        "client_key": "once",
    }

    asked = client.post("/requests/orders/register/", given)
    agreed = client.post(
        "/requests/orders/register/", given | {"category": "lighting", "client_key": "twice"}
    )

    assert (asked.status_code, [one.value for one in asked.context["suggested"]]) == (
        200,
        ["lighting"],
    )
    assert agreed.status_code == 302


def test_the_state_survives_in_a_file_that_people_can_read(cast):
    enter(cast, 300)
    state = trained(cast)["category"]

    assert office.state(cast.street.pk, "category") == state
    [file] = office.settings.HOME.glob("suggestions/*/category.json")
    assert json.loads(file.read_text())["trained_on"] == "2021-06-01"
