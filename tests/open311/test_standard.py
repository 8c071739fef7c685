"""GeoReport v2, point by point."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator

from fenghuang.kernel.evidence.queries import evidence_of
from fenghuang.kernel.records.models import Record
from fenghuang.lines.requests.actions.orders import accept, publish
from fenghuang.lines.requests.models import Category, WorkOrder
from fenghuang.lines.requests.tests.factories import WorkOrderFactory, at
from tests.open311 import schemas
from tests.open311.conftest import POINT, SHOWN, TEST_ROOT, Program, picture, read

pytestmark = pytest.mark.django_db


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def wrong(schema, content) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(content)]


def published(cast, text="路灯不亮", **given) -> WorkOrder:
    """An order that the centre published in other words than it was raised."""
    order = WorkOrderFactory(
        **{"place": cast.east_first, "happened_on": yesterday(), "actor": cast.centre} | given
    )
    return publish(order, actor=cast.centre, now=timezone.now(), public_text=text)


def refusal(answer) -> tuple[int, int]:
    """The status, and the code in the body, which has the shape of the standard."""
    content = answer.json()
    assert wrong(schemas.ERRORS, content) == []
    return answer.status_code, content[0]["code"]


def test_discovery_names_two_endpoints_in_two_formats(anybody):
    content = anybody.json("discovery")

    assert wrong(schemas.DISCOVERY, content) == []
    assert [(one["type"], one["url"], one["formats"]) for one in content["endpoints"]] == [
        ("production", "http://testserver/open311/v2", ["text/xml", "application/json"]),
        ("test", "http://testserver/open311/test/v2", ["text/xml", "application/json"]),
    ]


def test_discovery_in_xml_says_the_same(anybody):
    root = anybody.xml("discovery")

    assert root.tag == "discovery"
    assert [one.text for one in root.findall("endpoints/endpoint/type")] == ["production", "test"]
    assert len(root.findall("endpoints/endpoint/formats/format")) == 4


@pytest.mark.parametrize("path", ["services", "services/other", "requests"])
def test_the_encoding_stands_in_the_type_and_in_the_declaration(path, anybody):
    xml, json = anybody.get(f"{path}.xml"), anybody.get(f"{path}.json")

    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    assert xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert json["Content-Type"] == "application/json; charset=utf-8"


def test_each_category_is_a_service(anybody):
    content = anybody.json("services")

    assert wrong(schemas.SERVICES, content) == []
    assert [one["service_code"] for one in content] == Category.values
    assert [one.text for one in anybody.xml("services").findall("service/service_code")] == (
        Category.values
    )


def test_services_at_a_point_outside_of_the_street_are_none(anybody):
    assert len(anybody.json("services", **POINT)) == len(Category.values)
    assert anybody.json("services", lat="39.9", long="116.4") == []


def test_a_definition_says_what_more_is_asked(anybody):
    content = anybody.json("services/other")

    assert wrong(schemas.DEFINITION, content) == []
    assert [(one["code"], one["required"], one["order"]) for one in content["attributes"]] == [
        ("kind", True, 1),
        ("where_exactly", False, 2),
        ("fixmystreet_id", False, 3),
    ]
    root = anybody.xml("services/lighting")
    assert root.tag == "service_definition"
    assert [one.text for one in root.findall("attributes/attribute/required")] == ["false"] * 3
    assert root.findtext("attributes/attribute/values/value/key") == "consultation"


def test_a_report_becomes_an_order_of_the_grid_around_its_point(cast, city):
    number = city.raised(
        email="resident@example.org",
        first_name="三",
        last_name="张",
        phone="13800000000",
        **{"attribute[kind]": "complaint", "attribute[where_exactly]": "三单元门口"},
    )

    order = WorkOrder.objects.get(number=number)
    assert (order.channel, order.source, order.state) == ("program", "api", "registered")
    assert (order.place_id, order.category, order.kind) == (
        cast.east_first.pk,
        "lighting",
        "complaint",
    )
    assert (order.text, order.where_exactly) == ("路灯不亮", "三单元门口")
    assert (order.contact_name, order.contact, order.email) == (
        "张三",
        "13800000000",
        "resident@example.org",
    )
    assert order.exactly_at == "113.855678,27.625432"
    assert order.personal_purge_on is not None


def test_a_number_is_answered_at_once_in_either_form(city):
    given = {"service_code": "lighting"} | POINT

    json, xml = city.post("requests.json", given), city.post("requests.xml", given)

    assert wrong(schemas.POSTED, json.json()) == []
    assert read(xml).findtext("request/service_request_id").startswith("REQ-")


def test_an_address_or_its_code_says_the_place_where_there_is_no_point(cast, city):
    where = {"lat": "", "long": ""}

    by_name = city.raised(address_string="梧桐里", **where)
    by_code = city.raised(address_id=str(cast.west.pk), **where)

    assert [WorkOrder.objects.get(number=one).place_id for one in (by_name, by_code)] == [
        cast.compound.pk,
        cast.west.pk,
    ]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "dragons"}, 404),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "27.625", "long": ""}, 400),
        ({"lat": "north", "long": "113.855"}, 400),
        ({"lat": "nan", "long": "113.855"}, 400),
        ({"lat": "39.9", "long": "116.4"}, 400),
        ({"lat": "", "long": "", "address_string": "没有的地方"}, 400),
        ({"service_code": "other"}, 400),
        ({"attribute[kind]": "dragons"}, 400),
        ({"email": "nobody"}, 400),
        ({"description": "长" * 4001}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"jurisdiction_id": "990102009999"}, 404),
        ({"api_key": "wrong"}, 403),
        ({"api_key": ""}, 403),
    ],
)
def test_a_wrong_report_is_refused_and_nothing_entered(given, status, city):
    whole = {"service_code": "lighting", "jurisdiction_id": "990102003000"} | POINT | given

    answer = city.post("requests.json", whole)

    assert refusal(answer) == (status, status)
    assert WorkOrder.objects.count() == 0


def test_errors_in_xml_have_code_and_description(anybody):
    root = read(anybody.get("services/dragons.xml"))

    assert root.tag == "errors"
    assert (root.findtext("error/code"), bool(root.findtext("error/description"))) == ("404", True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/", 400),
        ("requests/", 400),
        ("tokens/", 400),
        ("requests/REQ-2020-00001", 404),
        ("tokens/REQ-2020-00001", 404),
        ("dragons", 404),
        ("servicerequestupdates", 403),
    ],
)
def test_what_is_not_there_is_refused(path, status, anybody):
    assert refusal(anybody.get(f"{path}.json")) == (status, status)


def test_with_several_streets_the_jurisdiction_must_be_said(cast):
    assert refusal(Program().get("services.json", jurisdiction_id="")) == (400, 400)
    assert Program().get("services.json", jurisdiction_id="银杏街").status_code == 200


def test_requests_are_told_as_the_standard_wants(cast, anybody):
    order = published(cast, text="一盏路灯不亮", lat="27.625", lon="113.856")

    content = anybody.json("requests")

    assert wrong(schemas.REQUESTS, content) == []
    [told] = content
    moment = timezone.localtime(order.registered_at).isoformat(timespec="seconds")
    assert told | {"expected_datetime": "", "updated_datetime": ""} == {
        "service_request_id": order.number,
        "status": "open",
        "status_notes": order.state_label,
        "service_name": str(Category.LIGHTING.label),
        "service_code": "lighting",
        "description": "一盏路灯不亮",
        "agency_responsible": "梧桐街",
        "service_notice": None,
        "requested_datetime": moment,
        "updated_datetime": "",
        "expected_datetime": "",
        "address": "东园第一网格，东园社区，梧桐街",
        "address_id": str(cast.east_first.pk),
        "zipcode": None,
        "lat": SHOWN[0],
        "long": SHOWN[1],
        "media_url": None,
    }
    assert anybody.json(f"requests/{order.number}") == content


def test_a_finished_request_is_closed_and_expected_no_more(cast, anybody):
    closed = published(cast, state="closed", closed_at=timezone.now())

    [told] = anybody.json("requests", status="closed")

    assert (told["service_request_id"], told["status"]) == (closed.number, "closed")
    assert "expected_datetime" not in told
    assert anybody.json("requests", status="open") == []


def test_filters_narrow_and_a_number_goes_before_them(cast, anybody):
    lamp = published(cast)
    road = published(cast, category="road", place=cast.west_first)
    old = published(cast, happened_on=timezone.localdate() - timedelta(days=120))

    def found(**given) -> set[str]:
        return {one["service_request_id"] for one in anybody.json("requests", **given)}

    assert found() == {lamp.number, road.number}
    assert found(service_code="lighting") == {lamp.number}
    assert found(service_code="lighting,road") == {lamp.number, road.number}
    assert found(status="open,closed") == {lamp.number, road.number}
    assert found(service_request_id=f"{old.number},{lamp.number}", service_code="noise") == {
        old.number,
        lamp.number,
    }
    begin = timezone.localtime() - timedelta(days=150)
    assert found(start_date=begin.isoformat()) == {old.number}
    assert found(end_date=(begin + timedelta(days=60)).isoformat()) == {old.number}
    assert found(lat="27.635", long="113.855", radius="500") == {road.number}


def test_pages_follow_one_another_the_newest_first(cast, anybody):
    today = timezone.localdate()
    numbers = [
        published(cast, happened_on=today - timedelta(days=days)).number for days in range(2, 5)
    ]

    pages = [anybody.json("requests", page=page, page_size=2) for page in (1, 2, 3)]

    assert [[one["service_request_id"] for one in page] for page in pages] == [
        numbers[:2],
        numbers[2:],
        [],
    ]
    assert len(anybody.json("requests", count=1)) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"start_date": "yesterday"},
        {"start_date": "2021-01-01T00:00:00Z", "end_date": "2021-05-01T00:00:00Z"},
        {"start_date": "2021-02-01T00:00:00Z", "end_date": "2021-01-01T00:00:00Z"},
        {"start_date": "0001-01-01T00:00:00Z"},
        {"end_date": "9999-12-31T23:59:59-12:00"},
        {"status": "lost"},
        {"page": "0"},
        {"page_size": "many"},
        {"page_size": "1001"},
        {"lat": "27.6"},
    ],
)
def test_a_wrong_filter_is_refused(given, anybody):
    assert refusal(anybody.get("requests.json", **given)) == (400, 400)


def test_extensions_show_attributes_and_each_step(cast, anybody):
    order = published(cast)
    accept(order, actor=cast.centre, now=timezone.now())

    [told] = content = anybody.json("requests", extensions="true")

    assert wrong(schemas.EXTENDED, content) == []
    assert told["attributes"] == [{"code": "kind", "value": "help"}]
    assert [one["type"] for one in told["notes"]] == ["INVESTIGATING"]


def test_a_token_is_the_number_itself(city, anybody):
    number = city.raised()

    content = city.json(f"tokens/{number}")

    assert wrong(schemas.TOKENS, content) == []
    assert content == [{"service_request_id": number, "token": number}]
    assert city.xml(f"tokens/{number}").findtext("request/service_request_id") == number
    assert anybody.get(f"tokens/{number}.json").status_code == 404


@pytest.mark.parametrize("name", ["media", "upload_files"])
def test_pictures_come_with_the_report(name, city):
    number = city.raised(**{name: picture()})

    order = WorkOrder.objects.get(number=number)
    assert [one.kind for one in evidence_of(order)] == ["photo"]


def test_addresses_of_pictures_are_kept_with_the_text_and_not_fetched(city):
    number = city.raised(media_url=["https://example.org/a.jpg", "https://example.org/b.jpg"])

    assert WorkOrder.objects.get(number=number).text == (
        "路灯不亮\nhttps://example.org/a.jpg\nhttps://example.org/b.jpg"
    )


def test_at_the_test_address_everything_is_checked_and_nothing_kept(cast, city):
    trial = Program(city.key, TEST_ROOT)

    answer = trial.post("requests.json", {"service_code": "lighting", "media": picture()} | POINT)

    assert (answer.status_code, wrong(schemas.POSTED, answer.json())) == (200, [])
    assert WorkOrder.objects.count() == 0
    assert refusal(trial.post("requests.json", {"service_code": "lighting"})) == (400, 400)


def test_lists_cost_the_same_for_one_and_for_three(cast, anybody):
    published(cast, place=cast.building)
    anybody.get("requests.json")

    with CaptureQueriesContext(connection) as one:
        anybody.get("requests.json", extensions="true")
    published(cast, place=cast.west_first)
    published(cast, place=cast.east)
    with CaptureQueriesContext(connection) as three:
        assert len(anybody.json("requests", extensions="true")) == 3
    assert len(three) - len(one) <= 1  # a place that has no outline itself asks what lies in it


def test_bulk_data_have_fourteen_columns(cast, anybody):
    order = published(cast, text='门口,"坑"\n很深', happened_on=date(2021, 6, 1))
    WorkOrderFactory(place=cast.east_first)

    answer = anybody.get("requests.csv")

    lines = b"".join(answer.streaming_content).decode()
    header, _break, rest = lines.partition("\r\n")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert header == (
        "service_request_id,requested_datetime,updated_datetime,closed_date,status_description,"
        "status_notes,source,service_name,service_subtype,description,agency_responsible,address,"
        "lat,long"
    )
    assert rest.startswith(f"{order.number},2021-06-01T09:00:00+08:00,")
    assert '"门口,""坑""\n很深"' in rest
    assert rest.count("\r\n") == 1


def test_an_order_from_outside_is_not_entered_by_anybody_of_the_office(cast, city):
    order = WorkOrder.objects.get(number=city.raised())

    assert order.entered_by_id not in {user.pk for user in cast.staff.values()}
    assert order.source == Record.Source.API
    assert at(order.happened_on).date() == timezone.localdate()
