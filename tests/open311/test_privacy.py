"""Who is told what: the published words to everybody, one's own words to the one who sent them."""

from __future__ import annotations

import pytest

from fenghuang.kernel.places.actions import add_places
from fenghuang.kernel.places.models import Entrance
from fenghuang.lines.requests.models import WorkOrder
from fenghuang.lines.requests.tests.factories import WorkOrderFactory
from tests.cast import SINCE, SYSTEM
from tests.open311.conftest import POINT, SHOWN
from tests.open311.test_standard import published, yesterday

pytestmark = pytest.mark.django_db

SECRETS = {
    "first_name": "三丰",
    "last_name": "张",
    "phone": "13800000000",
    "email": "zhang@example.org",
    "attribute[where_exactly]": "三单元501室",
    "attribute[fixmystreet_id]": "report-47110815",
}


def test_what_is_not_published_is_told_to_its_sender_only(city, other_city, anybody):
    number = city.raised(description="我家门口的路灯不亮")

    [told] = city.json("requests")

    assert (told["service_request_id"], told["description"]) == (number, "我家门口的路灯不亮")
    for other in (other_city, anybody):
        assert other.json("requests") == []
        assert other.json("requests", service_request_id=number) == []
        assert other.get(f"requests/{number}.json").status_code == 404


def test_what_is_published_is_told_in_the_published_words(cast, city, other_city, anybody):
    order = published(cast, text="一盏路灯不亮", client_key=f"{cast.centre.pseudonym}/4711")

    def words(program) -> str:
        return program.json(f"requests/{order.number}")[0]["description"]

    assert (words(anybody), words(other_city), words(city)) == (
        "一盏路灯不亮",
        "一盏路灯不亮",
        order.text,
    )


def test_taken_off_the_public_pages_it_is_told_no_more(cast, anybody):
    order = published(cast)
    published(cast, text="", happened_on=yesterday())

    assert len(anybody.json("requests")) == 1
    WorkOrder.objects.filter(pk=order.pk).update(published_on=None)
    assert anybody.json("requests") == []


def test_withdrawn_it_is_told_no_more(cast, city):
    number = city.raised()
    order = WorkOrder.objects.get(number=number)
    WorkOrder.objects.filter(pk=order.pk).update(voided_at=order.entered_at)

    assert city.json("requests") == []


def test_nobody_is_told_who_asked_or_where_they_live(cast, city, anybody):
    number = city.raised(**SECRETS)
    WorkOrder.objects.update(public_text="路灯不亮", published_on=yesterday())
    secrets = {*SECRETS.values(), POINT["lat"], POINT["long"], "张三丰"}

    for program in (city, anybody):
        for path in ("requests.json", f"requests/{number}.xml", "requests.csv"):
            answer = program.get(path, extensions="true")
            page = b"".join(answer).decode()
            assert number in page
            assert {secret for secret in secrets if secret in page} == set()
    [told] = anybody.json("requests")
    assert (told["lat"], told["long"]) == SHOWN


def test_a_door_is_told_as_the_compound_it_stands_in(cast, anybody):
    entrance = Entrance(name="3单元", valid_from=SINCE)
    add_places(cast.street, [entrance], {entrance.id: [cast.building]}, by=SYSTEM)
    published(cast, place=entrance)

    [told] = anybody.json("requests")

    assert told["address"] == "梧桐里，东园第一网格，东园社区，梧桐街"
    assert (told["lat"], told["long"]) == (27.625, 113.855)


def test_orders_of_another_street_are_not_told(cast, anybody):
    there = WorkOrderFactory(
        street=cast.other_street,
        place=cast.other_street,
        happened_on=yesterday(),
        public_text="路灯不亮",
        published_on=yesterday(),
    )

    assert anybody.json("requests") == []
    [told] = anybody.json("requests", jurisdiction_id="银杏街")
    assert (told["service_request_id"], told["lat"]) == (there.number, None)


def test_a_key_is_for_its_own_street(city):
    assert city.get("requests.json", jurisdiction_id="银杏街").status_code == 403


def test_the_answer_is_told_to_the_sender_alone(cast, city, anybody):
    order = published(
        cast, state="closed", answer="已更换灯泡", client_key=f"{cast.centre.pseudonym}/1"
    )

    def notes(program) -> str:
        return program.json(f"requests/{order.number}")[0]["status_notes"]

    assert notes(anybody) == order.state_label
    assert notes(city) == f"{order.state_label}：已更换灯泡"
