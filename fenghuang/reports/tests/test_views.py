from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fenghuang.reports.actions import save_chapter
from fenghuang.reports.models import Chapter

from . import requests_records as made

with_requests = pytest.mark.line("requests")
GRIDS = '辖{{ figure "PLC.GRIDS" }}网格。'


@pytest.fixture
def signed_in(client):
    def as_(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_


def address(name, *args, **query):
    return reverse(f"reports:{name}", args=args, query=query)


ADDRESSES = [
    ("latest", ()),
    ("report", (2021,)),
    ("chapter", (2021, "opening")),
    ("figures", ()),
    ("figure", ("PLC.GRIDS",)),
]


@pytest.mark.parametrize(("name", "args"), ADDRESSES)
def test_nobody_reads_without_signing_in(cast, client, name, args):
    response = client.get(address(name, *args))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["administrator", "building_head", "outsider"])
@pytest.mark.parametrize(("name", "args"), ADDRESSES)
def test_figures_are_not_for_those_who_do_not_work_in_the_street(cast, signed_in, who, name, args):
    user = cast.outsider if who == "outsider" else cast.staff[who]

    assert signed_in(user).get(address(name, *args)).status_code == 403


@pytest.mark.parametrize("name", ["leader", "auditor", "grid_worker", "secretary", "office"])
def test_everybody_who_works_in_the_street_reads_the_report(cast, signed_in, name):
    response = signed_in(cast.staff[name]).get(address("report", 2021))

    shown = [one.chapter.code for one in response.context["shown"]]
    assert (shown[0], shown[-1]) == ("opening", "outlook")
    assert response.content.decode().count("3个</a>") == 1


def test_the_year_and_place_that_were_chosen_are_shown(cast, signed_in):
    client = signed_in(cast.leader)

    answer = client.get(address("latest", year=2021, place=cast.east.pk))
    page = client.get(answer["Location"])

    assert answer["Location"] == f"/reports/2021/?place={cast.east.pk}"
    assert page.context["report"].title == "东园社区2021年工作总结"


def test_a_place_of_another_street_is_not_shown(cast, signed_in):
    page = signed_in(cast.leader).get(address("report", 2021, place=cast.other_street.pk))

    assert page.context["report"].title == "梧桐街2021年工作总结"


@pytest.mark.parametrize("year", [1, 1989, 2200, 9999])
def test_a_year_in_which_there_are_no_books_is_not_found(cast, signed_in, year):
    assert signed_in(cast.leader).get(address("report", year)).status_code == 404


# --- editing


@pytest.mark.parametrize(
    ("name", "edits"),
    [
        ("office", True),
        ("statistician", True),
        ("department", True),
        ("leader", False),
        ("auditor", False),
        ("secretary", False),
    ],
)
def test_the_editor_opens_for_those_who_edit_and_shows_the_text_to_others(
    cast, signed_in, name, edits
):
    response = signed_in(cast.staff[name]).get(address("chapter", 2021, "opening"))

    assert (response.context["may_edit"], b"<textarea" in response.content) == (edits, edits)


def test_a_text_is_saved_and_read_back(cast, signed_in):
    client = signed_in(cast.office)

    answer = client.post(address("chapter", 2021, "opening"), {"text": GRIDS, "seen": 0})
    page = client.get(address("chapter", 2021, "opening"))

    assert answer["Location"] == address("report", 2021)
    assert page.context["form"].initial["text"] == GRIDS
    assert Chapter.objects.get().saved_by == cast.office


def test_a_typed_digit_is_refused_and_the_text_is_not_lost(cast, signed_in):
    typed = "召开会议62场次。"

    response = signed_in(cast.office).post(
        address("chapter", 2021, "opening"), {"text": typed, "seen": 0}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["text"]
    assert response.context["form"]["text"].value() == typed
    assert not Chapter.objects.exists()


def test_those_who_only_read_save_nothing(cast, signed_in):
    response = signed_in(cast.leader).post(
        address("chapter", 2021, "opening"), {"text": "改了。", "seen": 0}
    )

    assert (response.status_code, Chapter.objects.exists()) == (403, False)


def test_when_two_save_the_second_sees_both_texts_and_can_save_again(cast, signed_in):
    save_chapter(cast.street, 2021, "opening", "先存的。", actor=cast.statistician, seen=0)
    client = signed_in(cast.office)

    refused = client.post(address("chapter", 2021, "opening"), {"text": "后存的。", "seen": 0})
    again = client.post(
        address("chapter", 2021, "opening"),
        {"text": "先存的。后存的。", "seen": refused.context["form"]["seen"].value()},
    )

    assert refused.status_code == 409
    assert refused.context["written"].text == "先存的。"
    assert refused.context["form"]["text"].value() == "后存的。"
    assert again.status_code == 302
    assert Chapter.objects.get().text == "先存的。后存的。"


def test_a_preview_prints_the_figures_and_saves_nothing(cast, signed_in):
    client = signed_in(cast.office)

    part = client.post(
        address("preview", 2021, "opening"),
        {"text": GRIDS, "seen": 0},
        headers={"HX-Request": "true"},
    )
    whole = client.post(address("preview", 2021, "opening"), {"text": GRIDS + "9", "seen": 0})

    assert "3个</a>网格。" in part.content.decode()
    assert b"<html" not in part.content
    assert b"<html" in whole.content
    assert (part.context["faults"], len(whole.context["faults"])) == ([], 1)
    assert not Chapter.objects.exists()


def test_markup_in_a_text_is_only_text(cast, signed_in):
    response = signed_in(cast.office).post(
        address("preview", 2021, "opening"),
        {"text": "<script>甲</script>", "seen": 0},
        headers={"HX-Request": "true"},
    )

    assert "&lt;script&gt;甲" in response.content.decode()
    assert b"<script" not in response.content


def test_a_chapter_that_does_not_exist_is_not_found(cast, signed_in):
    assert signed_in(cast.office).get(address("chapter", 2021, "finance")).status_code == 404


@with_requests
def test_a_figure_that_changed_since_the_text_was_saved_is_shown(cast, signed_in):
    made.hold_meetings(cast, 61)
    text = '召开“屋场贴心会”{{ figure "MTG.SESSIONS" }}，参会{{ figure "MTG.ATTENDANCES" }}。'
    save_chapter(cast.street, 2021, "requests", text, actor=cast.office, seen=0)
    made.hold_meetings(cast, 1, attendances=0, on=date(2021, 12, 31))
    client = signed_in(cast.leader)

    editor = client.get(address("chapter", 2021, "requests"))
    report = client.get(address("report", 2021))

    (changed,) = editor.context["changed"]
    assert (changed.definition.code, changed.was, changed.now) == (
        "MTG.SESSIONS",
        "61场次",
        "62场次",
    )
    shown = {one.chapter.code: one.changed for one in report.context["shown"]}
    assert shown == {"opening": [], "requests": [changed], "outlook": []}


# --- figures


def test_the_index_leads_to_every_figure(cast, signed_in):
    response = signed_in(cast.leader).get(address("figures", year=2021))

    html = response.content.decode()
    codes = [one.definition.code for _, own in response.context["groups"] for one, _ in own]
    assert "PLC.GRIDS" in codes
    assert [code for code in codes if f"{address('figure', code)}?year=2021" not in html] == []


def test_an_unknown_figure_is_not_found(cast, signed_in):
    assert signed_in(cast.leader).get(address("figure", "NO.SUCH")).status_code == 404


@with_requests
def test_a_trace_lists_exactly_the_records_that_count(cast, signed_in):
    counted = made.hold_meetings(cast, 3)
    made.hold_meetings(cast, 1, on=date(2022, 1, 1))
    made.withdraw(made.hold_meetings(cast, 1, on=date(2021, 9, 1))[0], cast)

    response = signed_in(cast.leader).get(address("figure", "MTG.SESSIONS", year=2021))

    listed = [row.record for row in response.context["rows"]]
    assert (listed, response.context["figure"].value) == (counted[::-1], 3)
    assert response.context["outside"] == 0


@with_requests
def test_a_person_sees_the_count_and_only_the_records_of_their_own_places(cast, signed_in):
    own = made.hold_meetings(cast, 2, place=cast.east_first)
    made.hold_meetings(cast, 3, place=cast.west_first)

    response = signed_in(cast.secretary).get(address("figure", "MTG.SESSIONS", year=2021))

    assert response.context["figure"].value == 5
    assert (response.context["total"], response.context["outside"]) == (5, 3)
    assert {row.record for row in response.context["rows"]} == set(own)


@with_requests
def test_the_records_behind_a_figure_come_in_pages(cast, signed_in):
    everything = made.hold_meetings(cast, 25)
    client = signed_in(cast.leader)

    first = client.get(address("figure", "MTG.SESSIONS", year=2021))
    second = client.get(address("figure", "MTG.SESSIONS") + first.context["after"])

    listed = [row.record for page in (first, second) for row in page.context["rows"]]
    assert listed == everything[::-1]
    assert (first.context["before"], second.context["after"]) == ("", "")


@with_requests
def test_a_share_names_how_many_are_in_its_numerator(cast, signed_in):
    made.raise_problems(cast, 3, resolved=2)

    response = signed_in(cast.leader).get(address("figure", "MTG.RESOLVED_RATE", year=2021))

    assert (response.context["hits"], response.context["figure"].base) == (2, 3)
    assert sorted(row.is_hit for row in response.context["rows"]) == [False, True, True]


def test_places_behind_a_figure_are_listed_by_name(cast, signed_in):
    response = signed_in(cast.grid_worker).get(address("figure", "PLC.GRIDS", place=cast.east.pk))

    names = sorted(row.label for row in response.context["rows"])
    assert names == ["东园第一网格", "东园第二网格"]


def test_who_the_grid_workers_are_is_not_part_of_their_number(cast, signed_in):
    response = signed_in(cast.leader).get(address("figure", "PLC.GRIDS_STAFFED"))

    assert "东园第一网格" in response.content.decode()
    assert cast.grid_worker.display_name not in response.content.decode()


@with_requests
def test_a_trace_costs_the_same_with_one_record_and_with_three(cast, signed_in):
    client = signed_in(cast.leader)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address("figure", "MTG.SESSIONS", year=2021))
        return len(captured)

    made.hold_meetings(cast, 1)
    with_one = queries()
    made.hold_meetings(cast, 2, on=date(2021, 5, 1))

    assert queries() == with_one


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("name", "args"), ADDRESSES)
def test_pages_speak_both_languages(cast, signed_in, name, args, language):
    client = signed_in(cast.office)
    client.cookies["django_language"] = language

    response = client.get(address(name, *args), follow=True)

    assert response.status_code == 200
    assert response["Content-Language"] == language
