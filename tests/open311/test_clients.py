"""The client `georeport` against the real server; what it lacks is asked with plain requests."""

from __future__ import annotations

import pytest
import requests
from georeport import GeoReport

from fenghuang.api.actions import issue_token
from fenghuang.lines.requests.models import Category, WorkOrder
from tests.cast import found_cast
from tests.open311.conftest import POINT, ROOT, STREET, picture
from tests.open311.test_standard import published

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 20


@pytest.fixture
def cast(transactional_db):
    return found_cast()


@pytest.fixture
def address(live_server) -> str:
    return f"{live_server.url}{ROOT}"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_real_client_reads_services_definitions_and_requests(form, cast, address):
    one, two = published(cast), published(cast, category="road")
    client = GeoReport(address, jurisdiction=STREET, output_format=form)

    services = client.get_service_list()
    definition = client.get_service_definition("other")
    listed = client.get_service_requests(status="open")
    roads = client.get_service_requests(service_request_id=f"{one.number},{two.number}")
    single = client.get_service_request(one.number)

    assert [service["service_code"] for service in services] == Category.values
    attributes = definition["attributes"]
    if form == "xml":  # whose reader keeps the wrapper
        attributes = attributes["attribute"]
    assert [attribute["code"] for attribute in attributes] == [
        "kind",
        "where_exactly",
        "fixmystreet_id",
    ]
    assert {row["service_request_id"] for row in listed} == {one.number, two.number}
    assert {row["service_code"] for row in roads} == {"lighting", "road"}
    assert (single["service_request_id"], single["description"]) == (one.number, "路灯不亮")


def test_a_report_goes_over_the_wire_and_comes_back(cast, address):
    key = issue_token(cast.centre, "城市平台", 30, actor=cast.centre)[0]
    given = {"api_key": key, "service_code": "lighting", "description": "路灯不亮"} | POINT
    files = [("media", ("lamp.png", picture().read(), "image/png"))]

    found = requests.get(f"{address}/discovery.json", timeout=SECONDS).json()
    url = next(one["url"] for one in found["endpoints"] if one["type"] == "production")
    posted = requests.post(f"{url}/requests.json", data=given, files=files, timeout=SECONDS)
    number = posted.json()[0]["service_request_id"]
    asked = requests.get(f"{url}/tokens/{number}.json", {"api_key": key}, timeout=SECONDS)
    told = requests.get(f"{url}/requests/{number}.json", {"api_key": key}, timeout=SECONDS)

    assert url == address
    assert (posted.status_code, asked.json()[0]["token"]) == (200, number)
    assert told.json()[0]["description"] == "路灯不亮"
    assert WorkOrder.objects.get(number=number).place_id == cast.east_first.pk
