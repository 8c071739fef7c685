"""The routing table and the duty lists: rules, actions, screens."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from fenghuang.kernel.journal import read
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.lines.requests.actions import routing as actions
from fenghuang.lines.requests.columns.duties import read_duties
from fenghuang.lines.requests.models import Duty, RoutingRule
from fenghuang.lines.requests.queries import routing as queries
from fenghuang.lines.requests.rules.routing import Matter, Miss, Rule, explained, first, miss
from fenghuang.lines.requests.tests.factories import WorkOrderFactory

TODAY = date(2021, 6, 10)  # a Thursday


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule("u"), None),
        (Rule("u", category="lighting"), None),
        (Rule("u", category="noise"), Miss.CATEGORY),
        (Rule("u", place="east"), None),
        (Rule("u", place="west"), Miss.PLACE),
        (Rule("u", days="working"), None),
        (Rule("u", days="off"), Miss.DAY),
        (Rule("u", from_time=time(9), to_time=time(17)), None),
        (Rule("u", from_time=time(8), to_time=time(9)), Miss.TIME),
        (Rule("u", from_time=time(18), to_time=time(9)), Miss.TIME),
        (Rule("u", from_time=time(18), to_time=time(9, 1)), None),
        (Rule("u", category="noise", place="west"), Miss.CATEGORY),
    ],
)
def test_a_rule_fits_where_all_it_names_fits(rule, why):
    assert miss(rule, Matter("lighting", {"east", "street"}, at(TODAY, 9))) == why


def test_a_day_off_that_is_worked_is_a_working_day():
    worked_sunday, holiday = date(2021, 9, 26), date(2021, 10, 1)
    rule = Rule("u", days="off")

    assert miss(rule, Matter("noise", (), at(worked_sunday, 9))) == Miss.DAY
    assert miss(rule, Matter("noise", (), at(holiday, 9))) is None


def test_the_first_rule_that_fits_fires_and_the_earlier_ones_say_why_not():
    rules = [Rule("a", category="noise"), Rule("b"), Rule("c")]
    matter = Matter("lighting", (), at(TODAY, 9))

    assert first(rules, matter) == rules[1]
    assert [(one.rule.unit, one.miss) for one in explained(rules, matter)] == [
        ("a", Miss.CATEGORY),
        ("b", None),
    ]
    assert first(rules[:1], matter) is None


def add(cast, number=99, **facts):
    rule = RoutingRule(street=cast.street, **{"unit": cast.works} | facts)
    return actions.add_rule(rule, actor=cast.centre, number=number, today=TODAY)


def order_of(cast):
    return [one.pk for one in queries.table_on(cast.street, TODAY)]


def test_rules_are_put_in_moved_and_ended_each_with_an_entry(cast):
    one, two = add(cast, category="lighting"), add(cast, category="noise")
    three = add(cast, number=1, category="road")

    assert order_of(cast) == [three.pk, one.pk, two.pk]

    two = RoutingRule.objects.get(pk=two.pk)
    actions.move_rule(two, actor=cast.centre, number=1, today=TODAY)

    assert order_of(cast) == [two.pk, three.pk, one.pk]

    three = RoutingRule.objects.get(pk=three.pk)
    actions.end_rule(three, actor=cast.centre, today=TODAY)

    assert (order_of(cast), RoutingRule.objects.count()) == ([two.pk, one.pk], 3)
    assert [change.verb for change in read.history(three.pk)] == [
        "add_rule",
        "move_rule",
        "end_rule",
    ]
    assert check(cast.street.pk) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"from_time": time(9)}, "half_a_time"),
        ({"from_time": time(9), "to_time": time(9)}, "no_time"),
    ],
)
def test_a_time_needs_two_ends(cast, facts, code):
    with pytest.raises(Refused) as refused:
        add(cast, **facts)

    assert (refused.value.code, RoutingRule.objects.count()) == (code, 0)


def test_only_the_centre_of_the_whole_street_changes_the_table(cast):
    for user in (cast.secretary, cast.department, cast.outsider):
        with pytest.raises(Refused) as refused:
            actions.add_rule(
                RoutingRule(street=cast.street, unit=cast.works), actor=user, number=1, today=TODAY
            )
        assert refused.value.code == "role"


def test_an_order_in_a_building_is_routed_by_the_rule_of_its_community(cast):
    add(cast, category="noise", unit=cast.district)
    add(cast, place=cast.east, unit=cast.works)
    add(cast, unit=cast.district)
    east = WorkOrderFactory(place=cast.building)
    west = WorkOrderFactory(place=cast.west_first)

    routed = [queries.unit_for(one, at(TODAY, 9)) for one in (east, west)]

    assert [(one.number, one.unit) for one in routed] == [(2, cast.works), (3, cast.district)]
    assert queries.unit_for(east, at(date(2021, 6, 9), 9)) is None  # before the rules held


def test_what_would_change_counts_the_orders_that_would_go_elsewhere(cast):
    add(cast, unit=cast.district)
    moved = WorkOrderFactory(place=cast.east, happened_on=TODAY)
    WorkOrderFactory(place=cast.east, category="noise", happened_on=TODAY)
    WorkOrderFactory(place=cast.east, happened_on=TODAY - timedelta(days=90))
    table = queries.table_on(cast.street, TODAY)
    draft = queries.placed(
        table, RoutingRule(street=cast.street, category="lighting", unit=cast.works), 1
    )

    change = queries.what_would_change(table, draft, cast.street, cast.centre, TODAY)

    assert (change.orders, change.moved) == (2, 1)
    assert [(one.order, one.now, one.then) for one in change.newest] == [
        (moved, cast.district, cast.works)
    ]


def test_a_dry_run_says_which_rule_fires_and_why_not_the_earlier(cast, client):
    add(cast, category="noise", unit=cast.district)
    add(cast, unit=cast.works)
    RoutingRule.objects.update(valid_from=date(2020, 1, 1))
    client.force_login(cast.centre)

    page = client.get(
        "/requests/routing/", {"category": "lighting", "place": cast.east.pk, "at": ""}
    )

    assert page.context["fires"]["number"] == 2
    assert [bool(one["why"]) for one in page.context["tried"]] == [True, False]


def test_a_draft_is_looked_at_before_it_is_added(cast, client):
    client.force_login(cast.centre)
    draft = {"category": "", "place": "", "days": "all", "unit": cast.works.pk, "number": 1}

    looked = client.post("/requests/routing/add/", draft | {"look": "1"})

    assert (looked.context["change"].orders, RoutingRule.objects.count()) == (0, 0)

    client.post("/requests/routing/add/", draft)

    assert [(one.rank, one.unit) for one in RoutingRule.objects.all()] == [(1, cast.works)]


def test_rules_are_moved_and_ended_on_their_screens_by_the_centre_alone(cast, client):
    one, two = add(cast, category="lighting"), add(cast, category="noise")
    client.force_login(cast.secretary)
    assert client.get("/requests/routing/").status_code == 200
    assert client.post("/requests/routing/end/", {"rule": one.pk}).status_code == 403
    client.force_login(cast.centre)
    assert client.get("/requests/routing/move/", {"rule": two.pk, "to": 1}).status_code == 200

    client.post("/requests/routing/move/", {"rule": two.pk, "to": 1})
    client.post("/requests/routing/end/", {"rule": one.pk})

    standing = queries.table_on(cast.street, timezone.localdate())
    assert [(rule.pk, rule.rank) for rule in standing] == [(two.pk, 1)]


@pytest.mark.parametrize("asked", [{}, {"rule": "no-uuid", "to": 1}, {"rule": "", "to": "x"}])
def test_a_rule_that_is_not_there_is_not_found(cast, client, asked):
    client.force_login(cast.centre)

    assert client.get("/requests/routing/move/", asked).status_code == 404


def test_dispatch_offers_the_unit_of_the_rule_and_chooses_nothing(cast, client):
    rule = add(cast, category="lighting")
    order = WorkOrderFactory(state="filed", happened_on=timezone.localdate())
    client.force_login(cast.centre)
    address = f"/requests/orders/{order.number}/dispatch/"

    page = client.get(address)

    offered = f'<button type="submit" name="offered" value="{cast.works.pk}"'
    assert (offered in page.content.decode(), page.context["form"]["unit"].value()) == (True, None)

    # as a browser sends it: the button that was pressed, and the list where nothing is chosen
    client.post(address, {"offered": str(rule.unit_id), "unit": "", "seen": order.entry})
    order.refresh_from_db()

    assert (order.state, order.unit) == ("dispatched", cast.works)


# Duty lists


def duty(cast, **facts):
    return Duty(
        street=cast.street,
        **{"unit": cast.works, "category": "lighting", "citation": "三定方案"} | facts,
    )


def test_a_duty_is_added_once_and_ends_on_a_day(cast):
    listed = actions.add_duty(duty(cast), actor=cast.centre, today=TODAY)

    assert queries.is_off_the_list(cast.works, "noise", TODAY)
    assert not queries.is_off_the_list(cast.works, "lighting", TODAY)
    assert not queries.is_off_the_list(cast.district, "noise", TODAY)  # has no list
    with pytest.raises(Refused) as refused:
        actions.add_duty(duty(cast), actor=cast.centre, today=TODAY)
    assert refused.value.code == "on_the_list"

    actions.end_duty(listed, actor=cast.centre, today=TODAY)

    assert (queries.duties_on(cast.street, TODAY), Duty.objects.count()) == ([], 1)
    assert check(cast.street.pk) == []


def sheet(*rows) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_sheet_names_units_and_several_categories(cast):
    content = sheet(
        ["梧桐街职责清单", None, None],
        ["单位", "类别", "依据"],
        ["城建办", "照明、噪音", "三定方案"],
        [None, None, None],
        ["区住建局", "housing", "条例"],
    )

    found = read_duties(content, "d.xlsx", cast.street, TODAY)

    assert [(one.unit.name, one.category, one.citation) for one in found.duties] == [
        ("城建办", "lighting", "三定方案"),
        ("城建办", "noise", "三定方案"),
        ("区住建局", "housing", "条例"),
    ]
    assert found.faults == []


def test_a_sheet_with_a_wrong_cell_adds_nothing_and_says_which(cast, client):
    content = sheet(["单位", "类别", "依据"], ["城建办", "照明", "x"], ["无此办", "照明", "x"])
    client.force_login(cast.centre)

    page = client.post("/requests/duties/import/", {"file": SimpleUploadedFile("d.xlsx", content)})

    assert ([one.cell for one in page.context["faults"]], Duty.objects.count()) == (["A3"], 0)


def test_duties_are_seen_by_all_and_changed_by_the_centre(cast, client):
    client.force_login(cast.centre)
    content = sheet(["单位", "类别", "依据"], ["城建办", "照明", "x"], ["城建办", "照明", "x"])
    client.post("/requests/duties/import/", {"file": SimpleUploadedFile("d.xlsx", content)})
    [listed] = Duty.objects.all()
    client.force_login(cast.secretary)

    page = client.get("/requests/duties/")
    refused = client.post("/requests/duties/end/", {"duty": listed.pk})

    assert ([unit for unit, _them in page.context["lists"]], refused.status_code) == (
        [cast.works],
        403,
    )
    assert queries.duties_on(cast.street, timezone.localdate()) == [listed]
