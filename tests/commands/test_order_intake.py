"""Work orders as other programs send them and read what became of them."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps

from fenghuang.api.actions import issue_token

pytestmark = [pytest.mark.django_db, pytest.mark.line("requests")]

if apps.is_installed("fenghuang.lines.requests"):
    from fenghuang.lines.requests.models import WorkOrder
    from fenghuang.lines.requests.tests.factories import WorkOrderFactory, at


@pytest.fixture
def program(cast, client):
    """Sends JSON in the name of the centre: the answer’s status and content."""
    text, _token = issue_token(cast.centre, "热线网关", 30, actor=cast.administrator)
    headers = {"Authorization": f"Bearer {text}"}

    def asks(content=None, path=""):
        address = f"/api/requests/orders/{path}"
        answer = (
            client.get(address, headers=headers)
            if content is None
            else client.post(address, content, content_type="application/json", headers=headers)
        )
        return answer.status_code, answer.json()

    return asks


SENT = {
    "registered_at": "2021-06-01T09:30:00+08:00",
    "text": "三单元楼道灯不亮",
    "category": "lighting",
    "place": "东园社区",
}


def test_a_program_registers_an_order_and_reads_what_became_of_it(cast, program):
    contact = {"contact": "13700000000", "where_exactly": "3栋501", "order_no": "px 7"}
    status, made = program(SENT | contact)
    order = WorkOrder.objects.get(number=made["number"])

    seen, told = program(path=f"{order.number}/")

    assert (status, seen) == (201, 200)
    assert (order.channel, order.kind, order.state) == ("program", "help", "registered")
    assert (order.order_no, order.contact, order.place_id) == ("PX7", "13700000000", cast.east.pk)
    assert (order.source, order.happened_on) == ("api", date(2021, 6, 1))
    assert (told["state"], told["unit"], told["due_at"], told["result"]) == (
        "registered",
        None,
        None,
        None,
    )
    assert told["promised_at"] == "2021-06-10T23:59:59.999999+08:00"
    assert "13700000000" not in str(told)
    assert "3栋501" not in str(told)


def test_a_program_reads_the_unit_and_the_result(cast, program):
    order = WorkOrderFactory(
        state="closed",
        result="solved",
        happened_on=date(2021, 6, 1),
        closed_at=at(date(2021, 6, 3)),
    )

    _status, told = program(path=f"{order.number}/")

    assert (told["state"], told["unit"], told["result"]) == ("closed", "城建办", "solved")
    assert told["closed_at"] == "2021-06-03T09:00:00+08:00"


def test_what_a_program_sends_wrong_is_refused_field_by_field(cast, program):
    wrong = SENT | {
        "category": "weather",
        "registered_at": "2099-01-01",
        "level": 7,
        "unit": "城建办",
    }

    status, problems = program(wrong)

    assert status == 422
    assert sorted((one["field"], one["code"]) for one in problems) == [
        ("category", "choice"),
        ("level", "choice"),
        ("registered_at", "future"),
        ("unit", "unknown_field"),
    ]


def test_a_program_that_sends_a_number_twice_enters_nothing(cast, program):
    program(SENT | {"order_no": "PX7"})

    again = program(SENT | {"order_no": "PX7"})
    both = program([SENT | {"order_no": "PX8"}, SENT | {"order_no": "ＰＸ8"}])

    assert [(status, [one["code"] for one in told]) for status, told in (again, both)] == [
        (422, ["order_no_taken"]),
        (422, ["order_no_taken"]),
    ]
    assert WorkOrder.objects.count() == 1
