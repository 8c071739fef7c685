"""Programs read and enter records: within the person's scope, the token's, and by the columns."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client

from fenghuang.api.actions import issue_token
from fenghuang.api.tests.programs import PROBLEMS, Program, codes
from fenghuang.kernel.records.actions import void
from fenghuang.kernel.refusal import Refused

pytestmark = pytest.mark.line("requests")

MEETINGS = "/api/requests/meetings/"


def sent(cast, day: str = "2021-03-05", **more):
    place = {} if "lon" in more else {"place": cast.east_first.name}
    return {"happened_on": day, "text": "路灯不亮", "category": "lighting"} | place | more


def problems():
    return apps.get_model("requests", "Problem").objects


@pytest.fixture
def centre(cast):
    return Program(cast.centre)


@pytest.fixture
def kept(cast, centre):
    """The numbers of one problem in the east and one in the west, a day apart."""
    content = [
        sent(cast, "2021-03-05"),
        sent(cast, "2021-03-06", place=cast.west.name, category="road"),
    ]
    status, entered = centre.post(PROBLEMS, content)
    assert status == 201
    return [one["number"] for one in entered]


def test_a_record_sent_twice_under_one_key_is_entered_once(transactional_db, cast, centre):
    first = centre.post(PROBLEMS, sent(cast, client_key="a1"))
    again = centre.post(PROBLEMS, sent(cast, client_key="a1"))

    assert (first[0], again[0], first[1] == again[1]) == (201, 200, True)
    assert problems().count() == 1


def test_a_batch_is_entered_as_a_whole_or_not_at_all(cast, centre):
    status, content = centre.post(PROBLEMS, [sent(cast), sent(cast, category="moon")])

    assert (status, codes(content)) == (422, [("choice", "1.category")])
    assert not problems().exists()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"happened_on": "2021.3.5"}, ("type", "happened_on")),
        ({"happened_on": 44260}, ("type", "happened_on")),
        ({"happened_on": "2021-02-30"}, ("type", "happened_on")),
        ({"happened_on": "2999-01-01"}, ("year", "happened_on")),
        ({"happened_on": None}, ("empty", "happened_on")),
        ({"text": 7}, ("type", "text")),
        ({"text": " "}, ("empty", "text")),
        ({"category": "照明"}, ("choice", "category")),
        ({"colour": "red"}, ("unknown_field", "colour")),
        ({"place": "月球"}, ("unknown_place", "place")),
        ({"place": None}, ("place", "place")),
        ({"lon": 113.855, "lat": 27.625}, ("place", "place")),
        ({"client_key": "x" * 41}, ("client_key", "client_key")),
    ],
)
def test_what_does_not_fit_is_named_by_field(cast, centre, change, wrong):
    status, content = centre.post(PROBLEMS, {**sent(cast), "place": "东园社区", **change})

    assert (status, codes(content)) == (422, [wrong])


def test_the_newest_come_first_and_pages_stay_while_records_are_added(cast, centre):
    days = ["2021-03-01", "2021-03-02", "2021-03-03"]
    _status, entered = centre.post(PROBLEMS, [sent(cast, day) for day in days])
    first, second, third = (one["number"] for one in entered)

    status, page = centre.get(PROBLEMS, limit=2)
    centre.post(PROBLEMS, sent(cast, "2021-03-09"))
    _status, rest = centre.get(PROBLEMS, limit=2, after=page["after"])

    assert (status, [one["number"] for one in page["records"]]) == (200, [third, second])
    assert ([one["number"] for one in rest["records"]], rest["after"]) == ([first], None)


def test_lists_are_narrowed_by_choice_day_place_and_state(cast, centre, kept):
    east, west = kept

    assert centre.numbers(PROBLEMS) == [west, east]
    assert centre.numbers(PROBLEMS, category="road") == [west]
    assert centre.numbers(PROBLEMS, happened_on_until="2021-03-05") == [east]
    assert centre.numbers(PROBLEMS, happened_on_from="2021-03-06") == [west]
    assert centre.numbers(PROBLEMS, place=cast.east.name) == [east]
    assert centre.numbers(PROBLEMS, place=str(cast.west.pk)) == [west]
    assert centre.numbers(PROBLEMS, state="open") == [west, east]
    assert centre.numbers(PROBLEMS, state="referred_up") == []


@pytest.mark.parametrize(
    ("query", "status", "wrong"),
    [
        ({"category": "moon"}, 400, ("parameter", "category")),
        ({"categry": "road"}, 400, ("parameter", "categry")),
        ({"category": ["road", "lighting"]}, 400, ("parameter", "category")),
        ({"limit": "201"}, 400, ("parameter", "limit")),
        ({"limit": "٣"}, 400, ("parameter", "limit")),
        ({"happened_on_from": "5.3.2021"}, 400, ("parameter", "happened_on_from")),
        ({"place": "a\0b"}, 400, ("parameter", "place")),
        ({"place": "月球"}, 422, ("unknown_place", "place")),
        ({"after": "tomorrow"}, 422, ("key", "after")),
    ],
)
def test_an_address_that_is_not_understood_is_refused(centre, query, status, wrong):
    answered, content = centre.get(PROBLEMS, **query)

    assert (answered, codes(content)) == (status, [wrong])


def test_what_changed_since_an_answer_is_told_and_withdrawn_ones_only_when_asked(
    cast, centre, kept
):
    east, _west = kept
    size = centre.get(PROBLEMS)[1]["journal_size"]
    nothing = centre.numbers(PROBLEMS, changed_since=size)
    void(problems().get(number=east), actor=cast.centre, ground="录错了")

    assert nothing == []
    assert centre.numbers(PROBLEMS, changed_since=size) == []
    assert centre.numbers(PROBLEMS, changed_since=size, withdrawn="true") == [east]
    assert east not in centre.numbers(PROBLEMS)
    assert centre.get(f"{PROBLEMS}{east}/")[1]["is_withdrawn"] is True


def test_a_record_is_read_with_the_columns_of_its_ledger_and_no_personal_ones(cast, centre):
    _status, entered = centre.post(PROBLEMS, sent(cast, contact="13800000000"))

    status, record = centre.get(f"{PROBLEMS}{entered['number']}/")

    assert (status, record["category"], record["is_struck_off"]) == (200, "lighting", False)
    assert record["compound"] == cast.east_first.name
    assert "contact" not in record
    assert "13800000000" not in str(record)


def test_nobody_reads_beyond_the_person(cast, kept):
    east, west = kept
    secretary = Program(cast.secretary)

    assert secretary.numbers(PROBLEMS) == [east]
    assert secretary.get(f"{PROBLEMS}{west}/")[0] == 404
    status, content = secretary.post(PROBLEMS, sent(cast, place=cast.west.name))
    assert (status, codes(content)) == (403, [("not_your_place", "place")])


def test_a_token_for_a_place_reads_and_enters_nothing_outside(cast, kept):
    east, west = kept
    program = Program(cast.centre, place=cast.east)

    assert program.numbers(PROBLEMS) == [east]
    assert program.get(f"{PROBLEMS}{west}/")[0] == 404
    assert program.post(PROBLEMS, sent(cast))[0] == 201
    status, content = program.post(PROBLEMS, sent(cast, place=cast.west.name))
    assert (status, codes(content)) == (403, [("token_place", "place")])
    assert problems().filter(place=cast.west).count() == 1


def test_a_token_for_a_place_finds_no_key_used_outside(transactional_db, cast, centre):
    centre.post(PROBLEMS, sent(cast, place=cast.west.name, client_key="a1"))

    status, content = Program(cast.centre, place=cast.east).post(
        PROBLEMS, sent(cast, client_key="a1")
    )

    assert (status, codes(content)) == (409, [("client_key_taken", "client_key")])


def test_a_token_for_reading_enters_nothing_and_one_for_entering_reads_nothing(cast, kept):
    reads = Program(cast.centre, access="read")
    writes = Program(cast.centre, access="write")

    assert (reads.get(PROBLEMS)[0], writes.get(PROBLEMS)[0]) == (200, 403)
    assert writes.get(f"{PROBLEMS}{kept[0]}/")[0] == 403
    status, content = reads.post(PROBLEMS, sent(cast))
    assert (status, codes(content)) == (403, [("token_access", "")])
    assert writes.post(PROBLEMS, sent(cast))[0] == 201


def test_a_token_for_a_line_opens_no_other(cast, kept):
    program = Program(cast.centre, lines=["requests"])
    type(program.token).objects.filter(pk=program.token.pk).update(lines="lifts")

    status, content = program.get(PROBLEMS)

    assert (status, codes(content)) == (403, [("token_line", "")])
    assert program.get("/api/token/")[1]["lines"] == []


def test_tokens_are_issued_only_for_lines_and_places_that_there_are(cast):
    for scope, code in (
        ({"lines": ["moon"]}, "unknown_line"),
        ({"place": cast.other_street}, "unknown_place"),
    ):
        with pytest.raises(Refused) as refused:
            issue_token(cast.centre, "x", 1, actor=cast.centre, **scope)
        assert refused.value.code == code


def test_a_token_says_what_it_is_for(cast):
    program = Program(cast.secretary, access="read", lines=["requests"], place=cast.east_first)

    status, said = program.get("/api/token/")

    assert (status, said["may_read"], said["may_write"]) == (200, True, False)
    assert (said["lines"], said["place"]["name"]) == (["requests"], cast.east_first.name)


def test_every_failure_is_json_with_code_sentence_and_field(cast, centre):
    ask = Client(headers={"Authorization": f"Bearer {centre.text}"})
    json = {"content_type": "application/json"}
    answers = [
        (ask.post(PROBLEMS, "{", **json), 400, "json"),
        (ask.post(PROBLEMS, "[]", **json), 400, "shape"),
        (ask.post(PROBLEMS, '{"text": "\\u0000"}', **json), 422, "characters"),
        (ask.post(PROBLEMS, "[" + "{}," * 500 + "{}]", **json), 413, "too_big"),
        (ask.post(PROBLEMS, "text=1", content_type="text/plain"), 415, "media_type"),
        (ask.delete(PROBLEMS), 405, "method"),
        (ask.delete("/api/"), 405, "method"),
        (ask.get("/api/requests/nothing/"), 404, "no_such_address"),
        (ask.get("/api/nothing"), 404, "no_such_address"),
        (ask.get(f"{PROBLEMS}REQ-1999-00001/"), 404, "no_such_record"),
        (ask.get(f"{PROBLEMS}%00/"), 404, "no_such_record"),
        (Client().get(PROBLEMS), 401, "token"),
        (ask.get(PROBLEMS, headers={"Host": "elsewhere.example"}), 400, "request"),
    ]

    for answer, status, code in answers:
        assert (answer.status_code, [one["code"] for one in answer.json()]) == (status, [code])
        assert all(set(one) == {"code", "sentence", "field"} for one in answer.json())
    assert answers[5][0]["Allow"] == "GET, HEAD, POST"
    assert answers[11][0]["WWW-Authenticate"] == "Bearer"


def test_what_broke_is_told_as_json_and_without_a_trace(cast, centre, monkeypatch):
    def breaks(*_words):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("fenghuang.api.views.in_full", breaks)
    client = Client(raise_request_exception=False)

    answer = client.get(PROBLEMS, headers={"Authorization": f"Bearer {centre.text}"})

    assert (answer.status_code, codes(answer.json())) == (500, [("broken", "")])
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_the_database_no_more_for_more_records(
    cast, centre, django_assert_max_num_queries, count
):
    centre.post(PROBLEMS, [sent(cast) for _n in range(count)])

    with django_assert_max_num_queries(13):
        found = centre.numbers(PROBLEMS)

    assert len(found) == count


def test_a_meeting_is_dated_by_the_moment_at_which_it_was_held(cast, centre):
    meeting = {
        "held_at": "2021-03-05T15:30:00+08:00",
        "venue": "梧桐里",
        "theme": "加装电梯",
        "attendances": 20,
        "place": cast.east_first.name,
    }

    status, entered = centre.post(MEETINGS, meeting)
    refused = centre.post(MEETINGS, meeting | {"held_at": "2021-03-05 15:30"})

    read = centre.get(f"{MEETINGS}{entered['number']}/")[1]
    assert (status, read["held_at"]) == (201, "2021-03-05T15:30:00+08:00")
    assert (refused[0], codes(refused[1])) == (422, [("type", "held_at")])
