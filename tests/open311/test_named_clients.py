"""What only one client or validator asks for: each has a test of its own, named after it."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from fenghuang.kernel.evidence.queries import evidence_of
from fenghuang.lines.requests.models import WorkOrder
from tests.open311 import schemas
from tests.open311.conftest import POINT, picture, read
from tests.open311.test_standard import published

pytestmark = pytest.mark.django_db


def test_seeclickfix_wants_discovery_without_the_encoding(anybody):
    types = {form: anybody.get(f"discovery.{form}")["Content-Type"] for form in ("xml", "json")}

    assert types == {"xml": "text/xml", "json": "application/json"}


def test_seeclickfix_wants_changesets_with_a_zone_in_the_past(anybody):
    root = anybody.xml("discovery")

    moments = [datetime.fromisoformat(one.text) for one in root.iter("changeset")]
    assert len(moments) == 3
    assert all(one.tzinfo and one < timezone.now() for one in moments)


def test_seeclickfix_wants_two_endpoints_for_its_reader_and_one_for_tests(anybody):
    endpoints = anybody.xml("discovery").findall("endpoints/endpoint")

    assert [one.findtext("type") for one in endpoints] == ["production", "test"]
    assert all(one.findtext("specification").endswith("_v2") for one in endpoints)
    assert all(len(one.findall("formats/format")) == 2 for one in endpoints)


def test_fixmystreet_wants_names_without_blanks_and_unique(anybody):
    names = [one.text for one in anybody.xml("services").iter("service_name")]

    assert [name.strip() for name in names] == names
    assert len(set(names)) == len(names)


def test_fixmystreet_reads_groups_and_flags_among_the_keywords(anybody):
    services = anybody.xml("services").findall("service")

    assert all(one.findtext("groups/group") == one.findtext("group") for one in services)
    flags = {"private", "inactive", "staff", "waste_only"}
    assert not any(flags & set(one.findtext("keywords").split(",")) for one in services)


def test_fixmystreet_sends_its_own_number_again_and_gets_the_same_answer(cast, city):
    attributes = {"attribute[fixmystreet_id]": "4711", "attribute[easting]": "1"}

    first, again = city.raised(**attributes), city.raised(**attributes, description="又一次")
    other = city.raised(**{"attribute[fixmystreet_id]": "4712"})

    assert (first == again, first == other) == (True, False)
    assert WorkOrder.objects.count() == 2


def test_two_systems_may_have_the_same_numbers_of_their_own(city, other_city):
    attributes = {"attribute[fixmystreet_id]": "4711"}

    assert city.raised(**attributes) != other_city.raised(**attributes)


def test_fixmystreet_sends_a_form_with_files(cast, city):
    answer = city.post(
        "requests.xml",
        {
            "service_code": "road",
            "lat": "27.625432",
            "long": "113.855678",
            "deviceid": "1",
            "account_id": "7",
            "description": "标题：坑\r\n\r\n很深",
            "upload_files": picture(),
            "attribute[title]": "坑",
        },
    )

    order = WorkOrder.objects.get(number=read(answer).findtext("request/service_request_id"))
    assert (answer.status_code, order.text) == (200, "标题：坑\n\n很深")
    assert evidence_of(order).count() == 1


def test_fixmystreet_imports_only_what_has_a_point(cast, anybody):
    for place in (cast.street, cast.west, cast.compound, cast.building):
        published(cast, place=place)

    told = anybody.xml("requests").findall("request")

    assert len(told) == 4
    assert all(float(one.findtext("lat")) and float(one.findtext("long")) for one in told)


def test_fixmystreet_polls_the_token_it_was_given(city):
    number = city.raised()

    assert city.xml(f"tokens/{number}").findtext("request/token") == number


def test_adapter_wants_numbers_of_letters_digits_and_dashes(city):
    assert re.fullmatch(r"[\w-]+", city.raised())


def test_adapter_wants_moments_without_fractions_of_a_second(cast, anybody):
    published(cast, state="closed", closed_at=timezone.now())

    moments = [
        one.text
        for one in anybody.xml("requests", extensions="true").iter()
        if one.tag.endswith("datetime")
    ]

    pattern = re.compile(schemas.MOMENT["pattern"])
    assert len(moments) >= 2
    assert all(pattern.fullmatch(one) for one in moments)


def test_adapter_wants_address_zipcode_and_media_even_if_empty(cast, anybody):
    published(cast)

    [told] = anybody.xml("requests").findall("request")

    assert {name: told.findtext(name) for name in ("zipcode", "media_url")} == {
        "zipcode": "",
        "media_url": "",
    }
    assert told.findtext("address")
    assert told.findtext("address_id")


def test_adapter_fills_in_what_is_automated(anybody):
    attributes = anybody.json("services/lighting")["attributes"]

    assert [one["code"] for one in attributes if one.get("automated") == "server_set"] == [
        "fixmystreet_id"
    ]


def test_adapter_wants_a_description_of_each_service(anybody):
    assert all(one.text for one in anybody.xml("services").iter("description"))


def test_validopen311_wants_no_empty_moments_but_a_zipcode(cast, anybody):
    published(cast, state="closed", closed_at=timezone.now())

    [told] = anybody.xml("requests").findall("request")

    assert told.find("expected_datetime") is None
    assert told.find("zipcode") is not None


def test_validopen311_wants_status_200_and_the_encoding(city):
    answer = city.post("requests.xml", {"service_code": "lighting"} | POINT)

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")


def test_chicago_reads_the_code_of_an_error_as_a_number(anybody):
    [error] = anybody.get("requests.json", start_date="x").json()

    assert error["code"] == 400


def test_three_counts_its_pages_and_sends_media(cast, city):
    published(cast)
    published(cast)

    assert len(city.json("requests", count=1, start_date="2026-01-01T00:00:00Z")) in (0, 1)
    assert city.raised(media=picture())


def test_no_text_makes_the_answer_unreadable(cast, anybody):
    published(cast, text="路灯\x0b<b>&不亮\ud7ff😀")

    xml, json = anybody.get("requests.xml"), anybody.get("requests.json")

    assert ET.fromstring(xml.content).findtext("request/description") == "路灯<b>&不亮\ud7ff😀"
    assert json.json()[0]["description"] == "路灯<b>&不亮\ud7ff😀"
    assert Draft202012Validator(schemas.REQUESTS).is_valid(json.json())
