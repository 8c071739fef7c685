"""The same matter raised twice, likely repeats, and hot spots."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.places.models import Place
from fenghuang.kernel.records.models import Link
from fenghuang.lines.requests.models import Problem, WorkOrder
from fenghuang.lines.requests.queries.alike import alike, alike_to, likely_repeats
from fenghuang.lines.requests.queries.hot_spots import hot_spots, orders_of, proposed
from fenghuang.lines.requests.rules.alike import Nearness, Raised, Trend, peak
from fenghuang.lines.requests.tests.factories import DAY, WorkOrderFactory

DARK = "三单元楼道灯不亮，晚上走路看不见"
ALIKE = "楼道灯坏了，夜里看不见路"
NOISE = "楼下烧烤摊半夜吵闹"


def found(cast, place, **given):
    given = {"category": "lighting", "text": ALIKE, "on": DAY} | given
    return alike(street=cast.street, place=place, **given)


def test_an_order_in_like_words_at_the_place_is_the_same_matter(cast):
    dark = WorkOrderFactory(place=cast.building, text=DARK)
    WorkOrderFactory(place=cast.building, text="路面坑洼", category="lighting")
    WorkOrderFactory(place=cast.building, text=NOISE, category="noise")

    [one] = found(cast, cast.building)

    assert (one.order, one.nearness, one.is_same_contact) == (dark, Nearness.SAME, False)


@pytest.mark.parametrize(
    ("place", "nearness"),
    [
        ("building", Nearness.SAME),
        ("compound", Nearness.WITHIN),
        ("east_first", Nearness.WITHIN),
        ("east", Nearness.WITHIN),
        ("east_second", None),
        ("west", None),
        ("street", None),
    ],
)
def test_what_stands_above_a_place_is_looked_at_and_what_lies_elsewhere_is_not(
    cast, place, nearness
):
    WorkOrderFactory(place=getattr(cast, place), text=DARK)

    assert [one.nearness for one in found(cast, cast.building)] == ([nearness] if nearness else [])


def test_from_above_all_that_lies_within_is_looked_at(cast):
    WorkOrderFactory(place=cast.building, text=DARK)

    assert [one.nearness for one in found(cast, cast.east)] == [Nearness.WITHIN]
    assert [one.nearness for one in found(cast, cast.street)] == [Nearness.WITHIN]
    assert found(cast, cast.west) == []


@pytest.mark.parametrize(
    ("days", "state", "is_found"),
    [
        (0, "closed", True),
        (29, "closed", True),
        (30, "closed", False),
        (30, "handling", True),
        (89, "on_hold", True),
        (90, "handling", False),
        (-1, "registered", False),
        (1, "not_accepted", False),
    ],
)
def test_looked_for_are_orders_of_thirty_days_and_open_ones_of_ninety(cast, days, state, is_found):
    WorkOrderFactory(
        place=cast.compound, text=DARK, state=state, happened_on=DAY - timedelta(days=days)
    )

    assert bool(found(cast, cast.compound)) == is_found


def test_another_category_must_be_very_alike(cast):
    WorkOrderFactory(place=cast.compound, text=DARK, category="other")

    assert found(cast, cast.compound, text="楼道灯不亮，三楼住户反映有异味") == []
    assert len(found(cast, cast.compound, text=DARK)) == 1


def test_the_same_contact_comes_first_and_an_empty_one_is_nobody(cast):
    WorkOrderFactory(place=cast.compound, text=ALIKE)
    own = WorkOrderFactory(place=cast.compound, text=DARK, contact_hash="a" * 32)

    first, second = found(cast, cast.compound, contact_hash="a" * 32)

    assert (first.order, first.is_same_contact, second.is_same_contact) == (own, True, False)
    assert [one.is_same_contact for one in found(cast, cast.compound)] == [False, False]


def test_a_merged_order_counts_for_the_one_under_which_it_is_handled(cast):
    lead = WorkOrderFactory(place=cast.compound, text="灯的事", state="handling")
    WorkOrderFactory(place=cast.compound, text=DARK, state="merged", merged_into=lead)

    assert [one.order for one in found(cast, cast.compound)] == [lead]


def test_nobody_is_shown_an_order_that_they_may_not_see(cast):
    WorkOrderFactory(place=cast.east, text=DARK)
    own = WorkOrderFactory(place=cast.east_first, text=ALIKE)

    assert len(alike_to(own, cast.secretary)) == 1
    assert alike_to(own, cast.grid_worker) == []


def test_an_order_that_is_decided_on_is_not_offered_for_merging(cast):
    WorkOrderFactory(place=cast.east, text=DARK)
    closed = WorkOrderFactory(place=cast.east, text=DARK, state="closed")

    assert alike_to(closed, cast.centre) == []


def test_a_likely_repeat_names_the_earlier_order_of_the_same_contact(cast):
    first = WorkOrderFactory(text=DARK, contact_hash="a" * 32, state="handling")
    again = WorkOrderFactory(
        text=ALIKE, contact_hash="a" * 32, happened_on=DAY + timedelta(days=10)
    )
    WorkOrderFactory(text=ALIKE, contact_hash="b" * 32, happened_on=DAY + timedelta(days=10))
    WorkOrderFactory(text=NOISE, contact_hash="a" * 32, happened_on=DAY + timedelta(days=11))
    WorkOrderFactory(text=ALIKE, contact_hash="a" * 32, happened_on=DAY + timedelta(days=41))

    repeats = likely_repeats(WorkOrder.objects.visible_to(cast.centre), DAY)

    assert [(one.order, one.before) for one in repeats] == [(again, first)]


# Hot spots

CONTACTS = st.lists(
    st.tuples(st.integers(0, 100), st.sampled_from(["", "a", "b", "c", "d"])), max_size=40
)


@given(CONTACTS, st.integers(1, 40))
def test_the_peak_is_what_counting_each_window_anew_gives(raised, days):
    orders = sorted(Raised(DAY + timedelta(days=on), contact) for on, contact in raised)

    found = peak(orders, days)

    counted = [
        len({o.contact for o in orders if last.on - timedelta(days=days) < o.on <= last.on})
        for last in orders
    ]
    assert (found.voices if found else 0) == max(counted, default=0)


def raise_many(place, contacts, *, every=1, start=DAY, **facts):
    return [
        WorkOrderFactory(
            place=place,
            contact_hash=contact,
            happened_on=start + timedelta(days=n * every),
            **facts,
        )
        for n, contact in enumerate(contacts)
    ]


def spots(cast, **given):
    orders = WorkOrder.objects.visible_to(cast.centre)
    return hot_spots(orders, DAY - timedelta(days=30), DAY + timedelta(days=330), **given)


def test_five_contacts_in_thirty_days_make_a_hot_spot_of_the_compound(cast):
    orders = raise_many(cast.building, "abcd", every=7) + raise_many(cast.compound, "e")
    raise_many(cast.east_second, "abcd")  # four are not enough
    raise_many(cast.west_first, "abcde", every=8)  # nor are five in 33 days
    raise_many(cast.west_first, "aaaaaaaaa", category="road")  # nor one that calls often

    [spot] = spots(cast)

    assert (spot.place, spot.category, spot.peak.voices) == (
        Place.objects.get(pk=cast.compound.pk),
        "lighting",
        5,
    )
    assert set(orders_of(WorkOrder.objects.all(), spot)) == set(orders)
    assert sum(month.orders for month in spot.months) == spot.orders == 5


def test_orders_without_a_contact_are_one_voice_together(cast):
    raise_many(cast.east_first, ["", "", "", "", "", "a", "b", "c"])

    assert spots(cast) == []

    raise_many(cast.east_first, "d")

    assert [spot.peak.voices for spot in spots(cast)] == [5]


def test_withdrawn_orders_and_other_categories_do_not_heat_a_spot(cast):
    *_others, last = raise_many(cast.east_first, "abcde")
    WorkOrder.objects.filter(pk=last.pk).update(voided_at=timezone.now())
    raise_many(cast.east_first, "f", category="noise")

    assert spots(cast) == []


def test_the_trend_compares_the_last_window_with_the_one_before(cast):
    end = DAY + timedelta(days=330)
    raise_many(cast.east_first, "ab", start=end - timedelta(days=40))
    raise_many(cast.east_first, "abcde", start=end - timedelta(days=10))

    [spot] = spots(cast)

    assert (spot.before, spot.lately, spot.trend) == (2, 5, Trend.RISING)


@pytest.mark.django_db
def test_a_spot_is_rolled_up_once_whatever_the_number_of_places(cast, django_assert_num_queries):
    raise_many(cast.building, "abcde")
    spots(cast)
    with django_assert_num_queries(3):
        spots(cast)
    raise_many(cast.east_first, "abcde")
    raise_many(cast.west_first, "abcde")
    with django_assert_num_queries(3):
        assert len(spots(cast)) == 3


# Screens

HOT = {"first": "2021-05-02", "last": "2022-04-30"}


def test_acting_beforehand_raises_a_problem_linked_from_the_orders(cast, client):
    orders = raise_many(cast.building, "abcde")
    client.force_login(cast.secretary)
    page = f"/requests/hot-spots/one/?first=2021-05-02&last=2022-04-30&place={cast.compound.pk}"
    page += "&category=lighting"

    answer = client.post(
        page, {"text": "楼道灯成片不亮", "urgency": "difficult", "client_key": "k"}
    )

    problem = Problem.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, problem.get_absolute_url())
    assert (problem.place_id, problem.category, problem.channel) == (
        cast.compound.pk,
        "lighting",
        "grid",
    )
    led = Link.objects.filter(kind=Link.Kind.LED_TO, target_id=problem.pk)
    assert set(led.values_list("source_id", flat=True)) == {one.pk for one in orders}
    assert proposed(spots(cast), Problem.objects.all()) == {(cast.compound.pk, "lighting"): problem}
    assert problem.number in client.get("/requests/hot-spots/", HOT).content.decode()


def test_no_hash_and_no_contact_stands_on_the_pages_of_hot_spots(cast, client):
    raise_many(cast.building, [f"{n}beef{n}" for n in range(5)], contact="13900000000")
    client.force_login(cast.centre)

    pages = [
        client.get("/requests/hot-spots/", HOT).content.decode(),
        client.get(
            "/requests/hot-spots/one/",
            HOT | {"place": cast.compound.pk, "category": "lighting"},
        ).content.decode(),
    ]

    assert [("梧桐里" in page, "beef" in page, "139000" in page) for page in pages] == [
        (True, False, False)
    ] * 2


def test_a_place_that_is_not_hot_has_no_page(cast, client):
    raise_many(cast.building, "abcd")
    client.force_login(cast.centre)

    answer = client.get(
        "/requests/hot-spots/one/", HOT | {"place": cast.compound.pk, "category": "lighting"}
    )

    assert answer.status_code == 404


def new_order(cast, **given):
    return {
        "text": ALIKE,
        "place": str(cast.compound.pk),
        "category": "lighting",
        "kind": "help",
        "level": "ordinary",
        "channel": "phone",
        "client_key": "once",
    } | given


def test_what_is_alike_is_shown_before_it_is_entered_and_can_be_entered_anyway(cast, client):
    there = WorkOrderFactory(place=cast.compound, text=DARK, happened_on=timezone.localdate())
    client.force_login(cast.centre)

    shown = client.post("/requests/orders/register/", new_order(cast))

    assert (shown.status_code, WorkOrder.objects.count()) == (200, 1)
    assert there.get_absolute_url() in shown.content.decode()

    entered = client.post("/requests/orders/register/", new_order(cast, anyway="1"))

    assert (entered.status_code, WorkOrder.objects.count()) == (302, 2)


def test_what_is_like_nothing_is_entered_at_once(cast, client):
    WorkOrderFactory(place=cast.compound, text=NOISE, happened_on=timezone.localdate())
    client.force_login(cast.centre)

    client.post("/requests/orders/register/", new_order(cast))

    assert WorkOrder.objects.count() == 2


def test_an_order_page_leads_to_the_merge_form_for_the_centre_alone(cast, client):
    there = WorkOrderFactory(place=cast.compound, text=DARK, contact_hash="a" * 32)
    order = WorkOrderFactory(place=cast.compound, text=ALIKE, contact_hash="a" * 32)
    merge = f"/requests/orders/{order.number}/merge/?into={there.number}"
    shown = {}
    for user in (cast.centre, cast.secretary):
        client.force_login(user)
        page = client.get(order.get_absolute_url()).content.decode()
        shown[user] = (there.number in page, merge in page)

    assert shown == {cast.centre: (True, True), cast.secretary: (True, False)}


@pytest.mark.parametrize("rows", [1, 3])
def test_repeats_ask_as_often_for_three_as_for_one(
    cast, client, rows, django_assert_max_num_queries
):
    for n in range(rows):
        for after in (0, 1):
            WorkOrderFactory(
                text=DARK,
                contact_hash=f"{n}" * 32,
                happened_on=timezone.localdate() - timedelta(days=5 - after),
            )
    client.force_login(cast.centre)
    client.get("/requests/repeats/")

    with django_assert_max_num_queries(10):
        page = client.get("/requests/repeats/").content.decode()

    assert page.count("/merge/?into=") == rows


def test_the_peak_of_nothing_is_none():
    assert peak([], 30) is None
    assert peak([Raised(date(2021, 1, 1), "a")], 30).voices == 1
