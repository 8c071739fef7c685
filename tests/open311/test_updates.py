"""The update extension: what became of a request, and what another system says of it."""

from __future__ import annotations

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from fenghuang.kernel.journal.read import history
from fenghuang.kit.timeline import timeline
from fenghuang.lines.requests.actions.orders import accept, answer, file, not_accept
from fenghuang.lines.requests.models import WorkOrder
from fenghuang.lines.requests.rules.programs import SAID, word
from fenghuang.lines.requests.states.orders import OrderState
from tests.open311 import schemas
from tests.open311.conftest import TEST_ROOT, Program, read

pytestmark = pytest.mark.django_db

NOW = "2026-11-22T10:00:00+08:00"


@pytest.fixture
def number(city) -> str:
    return city.raised()


def told(program) -> list[tuple[str, str, str]]:
    content = program.json("servicerequestupdates")
    assert Draft202012Validator(schemas.UPDATES).is_valid(content)
    return [(one["service_request_id"], one["status"], one["description"]) for one in content]


def say(number: str, **given) -> dict[str, str]:
    whole = {"service_request_id": number, "update_id": "88", "status": "FIXED"}
    return whole | {"updated_datetime": NOW, "description": "修好了"} | given


def test_every_state_has_a_word_of_the_protocol():
    words = {word(state, result) for state in OrderState for result in ("", "solved", "impossible")}

    assert words <= SAID
    assert word("called_back", "solved") == word("closed", "solved") == "FIXED"


def test_a_new_request_has_no_updates(city, number):
    assert told(city) == []


def test_each_step_that_means_something_outside_is_an_update(cast, city, number):
    order = WorkOrder.objects.get(number=number)
    moment = timezone.now()
    accept(order, actor=cast.centre, now=moment)
    file(order, actor=cast.centre, now=moment, kind="help", category="lighting", level="ordinary")

    assert told(city) == [(number, "INVESTIGATING", str(OrderState.ACCEPTED.label))]


def test_the_answer_comes_with_the_closing(cast, city, number):
    order = WorkOrder.objects.get(number=number)
    answer(order, actor=cast.centre, now=timezone.now(), answer="已更换灯泡")

    assert told(city) == [(number, "CLOSED", f"{OrderState.CLOSED.label}：已更换灯泡")]


def test_where_to_turn_comes_with_what_is_not_accepted(cast, city, number):
    order = WorkOrder.objects.get(number=number)
    not_accept(
        order,
        actor=cast.centre,
        now=timezone.now(),
        ground="elsewhere",
        turn_to="银杏街",
        answer="不在本街道",
    )

    [(_number, status, sentence)] = told(city)
    assert (status, sentence.split("：")[1:]) == (
        "NOT_COUNCILS_RESPONSIBILITY",
        ["不在本街道", "银杏街"],
    )


def test_updates_are_for_the_sender_of_the_request(cast, city, other_city, anybody, number):
    accept(WorkOrder.objects.get(number=number), actor=cast.centre, now=timezone.now())

    assert len(told(city)) == 1
    assert told(other_city) == []
    assert anybody.get("servicerequestupdates.json").status_code == 403


def test_updates_are_of_the_time_that_is_asked_for(cast, city, number):
    accept(WorkOrder.objects.get(number=number), actor=cast.centre, now=timezone.now())

    before = {"start_date": "2021-01-01T00:00:00Z", "end_date": "2021-02-01T00:00:00Z"}
    assert city.json("servicerequestupdates", **before) == []
    root = city.xml("servicerequestupdates")
    assert (root.tag, root.findtext("request_update/status")) == (
        "service_request_updates",
        "INVESTIGATING",
    )


@pytest.mark.parametrize("status", ["FIXED", "CLOSED", "REOPEN", "open"])
def test_what_another_system_says_is_a_note_and_changes_no_state(status, city, number):
    said = city.post("servicerequestupdates.xml", say(number, status=status))

    order = WorkOrder.objects.get(number=number)
    note = history(order.pk)[-1]
    root = read(said)
    assert (root.tag, root.findtext("request_update/update_id")) == (
        "service_request_updates",
        str(note.n),
    )
    assert (order.state, note.verb, note.ground) == (
        "registered",
        "note_from_outside",
        f"88 · {status.upper()}：修好了",
    )
    assert timeline(order)[0].ground == note.ground


def test_the_same_update_is_kept_once(city, number):
    first, again, other = (
        city.post("servicerequestupdates.json", say(number, update_id=one)).json()
        for one in ("88", "88", "89")
    )

    assert Draft202012Validator(schemas.UPDATED).is_valid(first)
    assert (first == again, first == other) == (True, False)
    assert len(history(WorkOrder.objects.get(number=number).pk)) == 3


def test_whoever_writes_an_update_is_not_kept(city, number):
    person = {"first_name": "三丰", "last_name": "张", "email": "zhang@example.org", "phone": "138"}

    city.post("servicerequestupdates.xml", say(number, **person))

    note = history(WorkOrder.objects.get(number=number).pk)[-1]
    assert note.ground == "88 · FIXED：修好了"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"update_id": ""}, 400),
        ({"status": ""}, 400),
        ({"status": "DONE"}, 400),
        ({"updated_datetime": ""}, 400),
        ({"updated_datetime": "today"}, 400),
        ({"service_request_id": ""}, 400),
        ({"service_request_id": "REQ-2020-00001"}, 404),
        ({"api_key": "wrong"}, 403),
    ],
)
def test_a_wrong_update_is_refused(given, status, city, number):
    said = city.post("servicerequestupdates.json", say(number, **given))

    assert (said.status_code, said.json()[0]["code"]) == (status, status)
    assert len(history(WorkOrder.objects.get(number=number).pk)) == 1


def test_another_system_says_nothing_of_what_is_not_its_own(other_city, number):
    said = other_city.post("servicerequestupdates.json", say(number))

    assert said.status_code == 404


def test_at_the_test_address_nothing_is_noted(city, number):
    said = Program(city.key, TEST_ROOT).post("servicerequestupdates.json", say(number))

    assert said.status_code == 200
    assert len(history(WorkOrder.objects.get(number=number).pk)) == 1
