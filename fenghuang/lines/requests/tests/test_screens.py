"""The screens that all lines share, on the records of this one."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.records.models import Link
from fenghuang.kit import lists
from fenghuang.kit.timeline import timeline
from fenghuang.kit.workbooks import open_workbook
from fenghuang.lines.requests.actions import meetings as actions
from fenghuang.lines.requests.models import Problem, SmallMatter
from fenghuang.lines.requests.tests.factories import (
    MeetingFactory,
    ProblemFactory,
    SmallMatterFactory,
)

PROBLEMS = "/requests/problems/"


@pytest.fixture
def secretary(cast, client):
    client.force_login(cast.secretary)
    return client


@pytest.fixture
def centre(cast, client):
    client.force_login(cast.centre)
    return client


def shown(answer) -> list[str]:
    return [record.number for record, _facts in answer.context["rows"]]


# Lists


def test_pages_follow_each_other_without_gap_or_repeat(cast, centre, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 3)
    days = [date(2021, 6, 1), date(2021, 6, 2), date(2021, 6, 2), date(2021, 6, 2)] * 2
    made = [ProblemFactory(place=cast.east, happened_on=day) for day in days]

    for sort, descending in (("newest", True), ("oldest", False)):
        order = sorted(made, key=lambda one: (one.happened_on, one.pk), reverse=descending)
        first = centre.get(PROBLEMS, {"sort": sort})
        second = centre.get(PROBLEMS + first.context["after"])
        third = centre.get(PROBLEMS + second.context["after"])
        back = centre.get(PROBLEMS + third.context["before"])

        assert [*shown(first), *shown(second), *shown(third)] == [one.number for one in order]
        assert shown(back) == shown(second)
        assert (first.context["before"], third.context["after"]) == ("", "")
        assert (centre.get(PROBLEMS + second.context["before"]).context["before"]) == ""


def test_a_key_that_is_none_shows_the_beginning(cast, centre):
    one = ProblemFactory(place=cast.east)

    assert shown(centre.get(PROBLEMS, {"after": "x_y", "before": "2021-99-99_z"})) == [one.number]


def test_counting_stops(cast, centre, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_UP_TO", 2)
    for _n in range(2):
        ProblemFactory(place=cast.east)
    exact = centre.get(PROBLEMS).context["count"]
    ProblemFactory(place=cast.east)

    assert (exact, centre.get(PROBLEMS).context["count"]) == ("2", "2+")


def test_filters_narrow_and_can_be_taken_off_one_by_one(cast, centre):
    wanted = ProblemFactory(place=cast.east, category="road", happened_on=date(2021, 6, 5))
    ProblemFactory(place=cast.east, category="road", happened_on=date(2021, 6, 6))
    ProblemFactory(place=cast.east, category="noise", happened_on=date(2021, 6, 5))

    answer = centre.get(PROBLEMS, {"category": "road", "happened_on_until": "2021-06-05"})

    assert shown(answer) == [wanted.number]
    assert [chip.without for chip in answer.context["chips"]] == [
        "?happened_on_until=2021-06-05",
        "?category=road",
    ]


def test_days_of_a_filter_are_inclusive(cast, centre):
    inside = [ProblemFactory(place=cast.east, happened_on=date(2021, 6, day)) for day in (2, 4)]
    for day in (1, 5):
        ProblemFactory(place=cast.east, happened_on=date(2021, 6, day))

    span = {"happened_on_from": "2021-06-02", "happened_on_until": "2021-06-04", "sort": "oldest"}

    assert shown(centre.get(PROBLEMS, span)) == [one.number for one in inside]


def test_a_community_is_chosen_with_its_grids(cast, centre):
    inside = ProblemFactory(place=cast.east_first)
    ProblemFactory(place=cast.west_first)

    assert shown(centre.get(PROBLEMS, {"place": str(cast.east.pk)})) == [inside.number]


def test_what_is_not_understood_in_an_address_narrows_nothing(cast, centre):
    one = ProblemFactory(place=cast.east)

    answer = centre.get(PROBLEMS, {"category": "'; DROP", "happened_on_from": "soon", "sort": "x"})

    assert (shown(answer), answer.context["chips"]) == ([one.number], [])


def test_words_are_looked_for_and_a_number_leads_to_its_record(cast, centre):
    wanted = ProblemFactory(place=cast.east, text="单元门坏了")
    ProblemFactory(place=cast.east, text="路灯不亮")

    assert shown(centre.get(PROBLEMS, {"q": "单元门"})) == [wanted.number]
    assert centre.get(PROBLEMS, {"q": wanted.number.lower()})["Location"] == (
        wanted.get_absolute_url()
    )


def test_search_says_how_far_it_looked(cast, centre, monkeypatch):
    monkeypatch.setattr(lists, "LOOK_THROUGH", 2)
    for day in (1, 2, 3, 4):
        ProblemFactory(place=cast.east, text="路灯", happened_on=date(2021, 6, day))

    answer = centre.get(PROBLEMS, {"q": "路灯"})

    assert answer.context["looked_since"] == date(2021, 6, 2)
    assert len(shown(answer)) == 3


def test_withdrawn_records_are_shown_when_asked_for(cast, centre):
    gone = ProblemFactory(place=cast.east)
    records.void(gone, actor=cast.centre, ground="录入有误")

    assert shown(centre.get(PROBLEMS)) == []
    assert shown(centre.get(PROBLEMS, {"withdrawn": "on"})) == [gone.number]


def test_an_empty_list_says_what_to_do(cast, secretary):
    empty = secretary.get(PROBLEMS)
    nothing_fits = secretary.get(PROBLEMS, {"category": "road"})

    assert empty.context["enter"] and empty.context["nothing_yet"]
    assert [chip.without for chip in nothing_fits.context["chips"]] == ["?"]


def test_who_does_not_enter_is_not_offered_it(cast, client):
    client.force_login(cast.leader)

    assert client.get(PROBLEMS).context["enter"] == ""


def test_the_export_is_the_list_as_it_is_narrowed(cast, centre):
    ProblemFactory(place=cast.east, text="路面破损", category="road")
    ProblemFactory(place=cast.east, text="夜里太吵", category="noise")

    answer = centre.get(PROBLEMS, {"category": "road", "export": "xlsx"})

    [sheet] = open_workbook(answer.content, "list.xlsx")
    cells = {cell for row in sheet.rows for cell in row}
    assert ("路面破损" in cells, "夜里太吵" in cells) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_one_row_and_for_three(
    cast, centre, count, django_assert_max_num_queries
):
    for _n in range(count):
        ProblemFactory(place=cast.building)

    with django_assert_max_num_queries(10):
        answer = centre.get(PROBLEMS)

    assert len(shown(answer)) == count


def test_a_building_is_named_with_its_compound(cast, centre):
    ProblemFactory(place=cast.building)

    [(record, _facts)] = centre.get(PROBLEMS).context["rows"]

    assert record.place.full_name == "梧桐里 1栋"


# A record


def test_a_verb_that_is_not_allowed_says_why(cast, client):
    matter = SmallMatterFactory(place=cast.east, state="fixed", fixed_by=cast.secretary)
    client.force_login(cast.secretary)

    context = client.get(matter.get_absolute_url()).context

    now = {one.verb.code: one.decision.code for one in context["verbs"]}
    assert now == {"strike_off": "second_person", "send_back": "second_person"}
    assert {one.verb.code for one in context["other_verbs"]} == {"fix", "hand_over"}


def test_a_withdrawn_record_offers_nothing(cast, centre):
    gone = ProblemFactory(place=cast.east)
    records.void(gone, actor=cast.centre, ground="录入有误")

    context = centre.get(gone.get_absolute_url()).context

    assert (context["verbs"], context["other_verbs"]) == ([], [])
    assert context["may_add_evidence"] is False


def test_the_way_back_leads_to_the_list(cast, centre):
    problem = ProblemFactory(place=cast.east)

    crumbs = centre.get(problem.get_absolute_url()).context["crumbs"]

    assert [address for address, _label in crumbs] == [PROBLEMS]


def test_the_timeline_says_who_did_what_and_what_changed(cast, centre):
    problem = ProblemFactory(place=cast.east, text="路灯不亮", actor=cast.secretary)
    actions.answer_on_site(
        problem,
        actor=cast.centre,
        on=date(2021, 6, 3),
        answer="已换灯泡",
        today=date(2021, 6, 3),
    )

    events = centre.get(problem.get_absolute_url()).context["timeline"]

    assert [event.who for event in events] == [
        cast.centre.display_name,
        cast.secretary.display_name,
    ]
    changed = {one.label: (one.before, one.after) for one in events[0].changed}
    field = Problem._meta.get_field
    assert changed[str(field("answer").verbose_name)] == ("", "已换灯泡")
    assert changed[str(field("disposition").verbose_name)] == (
        str(Problem(disposition="open").get_disposition_display()),
        str(Problem(disposition="answered_on_site").get_disposition_display()),
    )


def test_the_timeline_names_people_and_records_instead_of_keys(cast, db):
    meeting = MeetingFactory(place=cast.east)
    matter = SmallMatterFactory(
        place=cast.east,
        problem=ProblemFactory(place=cast.east, meeting=meeting),
        handler=cast.grid_worker,
    )

    [entered] = timeline(matter)

    after = {one.label: one.after for one in entered.changed}
    field = SmallMatter._meta.get_field
    assert after[str(field("handler").verbose_name)] == cast.grid_worker.display_name
    assert matter.problem.number in after[str(field("problem").verbose_name)]


def test_personal_data_stand_in_no_timeline(cast, centre):
    problem = ProblemFactory(place=cast.east, contact="王阿姨 13700000000")

    page = centre.get(problem.get_absolute_url())

    assert not any(
        "13700000000" in one.after for event in page.context["timeline"] for one in event.changed
    )


def test_linked_records_out_of_scope_stay_hidden(cast, secretary):
    here = ProblemFactory(place=cast.east)
    beside = ProblemFactory(place=cast.east_second)
    far = ProblemFactory(place=cast.west)
    records.link(here, Link.Kind.LED_TO, far, actor=cast.centre)
    records.link(beside, Link.Kind.SAME_MATTER, here, actor=cast.centre)

    links = secretary.get(here.get_absolute_url()).context["links"]

    assert [one.record for one in links] == [beside]


# A verb


def hand_over(matter, client, user, **data):
    return client.post(
        f"{matter.get_absolute_url()}hand_over/", {"handler": user.pk, "unit": "", **data}
    )


def test_a_verb_is_done_and_leads_back(cast, secretary):
    matter = SmallMatterFactory(place=cast.east, handler=cast.secretary)

    answer = hand_over(matter, secretary, cast.grid_worker, seen=matter.entry)

    matter.refresh_from_db()
    assert answer["Location"] == matter.get_absolute_url()
    assert matter.handler == cast.grid_worker
    assert len(list(get_messages(answer.wsgi_request))) == 1


def test_what_somebody_else_did_meanwhile_is_shown_before_anything_is_saved(cast, secretary):
    matter = SmallMatterFactory(place=cast.east, handler=cast.secretary)
    seen = matter.entry
    actions.hand_over(matter, actor=cast.centre, handler=cast.community_worker)

    answer = hand_over(matter, secretary, cast.grid_worker, seen=seen)
    unchanged = SmallMatter.objects.get(pk=matter.pk).handler
    hand_over(matter, secretary, cast.grid_worker, seen=answer.context["record"].entry)

    assert [event.who for event in answer.context["meanwhile"]] == [cast.centre.display_name]
    assert unchanged == cast.community_worker
    assert SmallMatter.objects.get(pk=matter.pk).handler == cast.grid_worker


@pytest.mark.parametrize("seen", ["", "x", "-1"])
def test_a_form_without_its_mark_saves_nothing(cast, secretary, seen):
    matter = SmallMatterFactory(place=cast.east, handler=cast.secretary)

    answer = hand_over(matter, secretary, cast.grid_worker, seen=seen)

    assert answer.status_code == 200
    assert SmallMatter.objects.get(pk=matter.pk).handler == cast.secretary


def test_a_verb_of_another_state_is_refused_with_a_reason(cast, centre):
    matter = SmallMatterFactory(place=cast.east)

    assert centre.get(f"{matter.get_absolute_url()}strike_off/").status_code == 409
    assert centre.get(f"{matter.get_absolute_url()}dance/").status_code == 404


def test_a_verb_of_another_role_is_refused_with_a_reason(cast, client):
    problem = ProblemFactory(place=cast.east)
    client.force_login(cast.auditor)

    answer = client.get(f"{problem.get_absolute_url()}merge/")

    assert (answer.status_code, answer.templates[0].name) == (403, "kit/refused.html")


# A new record


def entered(client, **data):
    return client.post(
        f"{PROBLEMS}raise/",
        {
            "text": "路灯不亮",
            "category": "lighting",
            "happened_on": "2021-06-01",
            "urgency": "worrying",
            "channel": "grid",
            **data,
        },
    )


def test_a_double_click_makes_one_record(cast, secretary):
    key = secretary.get(f"{PROBLEMS}raise/").context["client_key"]

    first, second = (entered(secretary, place=cast.east.pk, client_key=key) for _click in range(2))

    [problem] = Problem.objects.all()
    assert (first["Location"], second["Location"]) == (problem.get_absolute_url(),) * 2


def test_an_incomplete_form_keeps_what_was_typed_and_its_key(cast, secretary):
    answer = entered(secretary, place="", client_key="k1")

    assert (answer.status_code, answer.context["client_key"]) == (200, "k1")
    assert list(answer.context["form"].errors) == ["place"]
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page and 'aria-describedby="id_place_error"' in page


def test_who_enters_nothing_gets_no_form(cast, client):
    client.force_login(cast.auditor)

    assert client.get(f"{PROBLEMS}raise/").status_code == 403


# Evidence


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "#a3161f").save(out, "JPEG")
    return SimpleUploadedFile("before.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def attached(cast, secretary, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    problem = ProblemFactory(place=cast.east)
    address = f"/evidence/add/requests.problem/{problem.number}/"
    secretary.post(address, {"upload": picture(), "kind": "photo", "caption": "灯杆"})
    return problem, Attachment.objects.get()


def test_a_picture_is_attached_and_shown_to_whoever_may_open_the_record(attached, cast, secretary):
    problem, attachment = attached

    listed = secretary.get(problem.get_absolute_url()).context["evidence"]
    small = secretary.get(f"/evidence/{attachment.pk}/thumbnail/")
    whole = secretary.get(f"/evidence/{attachment.pk}/")

    assert [one.caption for one in listed] == ["灯杆"]
    for answer in (small, whole):
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert next(iter(answer.streaming_content)).startswith(b"\xff\xd8")


def test_a_picture_is_not_there_for_others(attached, cast, client):
    _problem, attachment = attached
    client.force_login(cast.west_secretary)

    assert client.get(f"/evidence/{attachment.pk}/").status_code == 404


def test_an_auditor_looks_at_evidence_and_adds_none(attached, cast, client):
    problem, attachment = attached
    client.force_login(cast.auditor)

    looked = client.get(f"/evidence/{attachment.pk}/").status_code
    added = client.post(
        f"/evidence/add/requests.problem/{problem.number}/", {"upload": picture(), "kind": "photo"}
    )

    assert (looked, added.status_code, Attachment.objects.count()) == (200, 403, 1)


def test_a_removed_picture_is_shown_no_more(attached, cast, secretary):
    problem, attachment = attached

    secretary.post(f"/evidence/{attachment.pk}/remove/", {"ground": "拍到了人脸"})

    assert secretary.get(problem.get_absolute_url()).context["evidence"] == []
    assert secretary.get(f"/evidence/{attachment.pk}/").status_code == 404


# Home and search


def test_what_is_late_comes_first_among_the_tasks(cast, secretary):
    today = timezone.localdate()
    late = ProblemFactory(place=cast.east, due_on=today - timedelta(days=1))
    soon = ProblemFactory(place=cast.east, due_on=today + timedelta(days=3))
    ProblemFactory(place=cast.west, due_on=today)

    groups = secretary.get("/").context["groups"]

    assert {
        group.code: [task.record.number for _line, task in group.tasks] for group in groups
    } == {"late": [late.number], "soon": [soon.number]}


def test_tasks_come_twenty_a_page_under_headings_that_count_them_all(cast, secretary):
    late = timezone.localdate() - timedelta(days=1)
    entered = [ProblemFactory(place=cast.east, due_on=late) for _n in range(23)]

    pages = [secretary.get("/", {"page": number}).context["groups"] for number in (1, 2)]

    (first,), (second,) = pages
    shown = [task.record.pk for group in (first, second) for _line, task in group.tasks]
    assert (first.count, second.count) == (23, 23)
    assert (len(first.tasks), len(second.tasks)) == (20, 3)
    assert sorted(shown) == sorted(one.pk for one in entered)


def test_search_finds_in_all_kinds_what_the_person_may_open(cast, secretary):
    problem = ProblemFactory(place=cast.east, text="东园路灯")
    matter = SmallMatterFactory(place=cast.east_first, matter_title="换东园路灯")
    ProblemFactory(place=cast.west, text="东园路灯")

    found = secretary.get("/search/", {"q": "东园路灯"}).context["found"]

    assert {one.kind: one.page.records for one in found} == {
        "requests.problem": [problem],
        "requests.smallmatter": [matter],
    }


def test_search_pages_through_one_kind(cast, secretary, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    for _n in range(3):
        ProblemFactory(place=cast.east, text="路灯")

    query = {"q": "路灯", "in": "requests.problem"}
    [first] = secretary.get("/search/", query).context["found"]
    [second] = secretary.get("/search/", {**query, "after": first.page.after}).context["found"]

    assert (len(first.page.records), len(second.page.records)) == (2, 1)


def test_nobody_is_found_by_their_contact(cast, secretary):
    ProblemFactory(place=cast.east, contact="王阿姨 13700000000")

    assert secretary.get("/search/", {"q": "13700000000"}).context["found"] == []
