"""The public side: raise, follow, answer, look around, follow an area; and what must not show."""

from __future__ import annotations

import io
import re
import time
from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.journal import read
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.notices.models import Notice
from fenghuang.kernel.places.models import Position
from fenghuang.kit.pace import Pace
from fenghuang.lines.requests.actions import orders as orders_actions
from fenghuang.lines.requests.actions import public as actions
from fenghuang.lines.requests.models import Callback, Follower, WorkOrder
from fenghuang.lines.requests.queries import public as queries
from fenghuang.lines.requests.rules.public import GivenAway, given_away, typed_code
from fenghuang.lines.requests.tests.factories import WorkOrderFactory
from fenghuang.lines.requests.views import public as views

SECRET_WORDS = "三单元张三丰家楼道灯不亮"


@pytest.fixture(autouse=True)
def _begin_anew():
    for pace in (views.RAISED, views.FOLLOWED, views.WRONG_CODES):
        pace.clear()


def picture(name="photo.jpg", *, with_place=False) -> SimpleUploadedFile:
    file = io.BytesIO()
    image = Image.new("RGB", (40, 30), (200, 30, 30))
    exif = Image.Exif()
    if with_place:
        exif[0x8825] = {1: "N", 2: (27.0, 37.0, 0.0), 3: "E", 4: (113.0, 51.0, 0.0)}
    image.save(file, "JPEG", exif=exif)
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def given(cast, **changes):
    return {
        "step": "send",
        "text": "楼道灯不亮",
        "place": str(cast.compound.pk),
        "category": "",
        "client_key": str(uuid4()),
    } | changes


def send(client, cast, **changes):
    return client.post("/p/requests/raise/", given(cast, **changes))


def closed(**facts) -> WorkOrder:
    now = timezone.now()
    return WorkOrderFactory(
        state="closed",
        happened_on=timezone.localdate() - timedelta(days=3),
        closed_at=now,
        closed_on=timezone.localdate(),
        answer="已换新灯",
        **facts,
    )


def published(**facts) -> WorkOrder:
    facts = {"public_text": "楼道灯不亮", "published_on": date(2021, 6, 2)} | facts
    return WorkOrderFactory(text=SECRET_WORDS, **facts)


# Raising


def test_a_request_without_any_contact_is_registered_with_its_picture(cast, client):
    answer = send(client, cast, photos=[picture(with_place=True)])

    order = WorkOrder.objects.get()
    [photo] = Attachment.objects.all()
    assert answer["Location"] == f"/p/requests/slip/{order.slip_code}/"
    assert (order.channel, order.category, order.place_id) == ("web", "other", cast.compound.pk)
    assert (order.contact, order.personal_purge_on, order.published_on) == ("", None, None)
    assert (photo.record_id, photo.added_by.username) == (order.pk, "system")
    assert b"Exif" not in client.get(f"{answer['Location']}photos/{photo.pk}/").getvalue()
    assert check(cast.street.pk) == []


def test_the_first_step_asks_what_and_where_and_keeps_nothing(cast, client):
    page = client.post(
        "/p/requests/raise/", {"step": "what", "text": "灯不亮", "place": str(cast.east.pk)}
    )

    form = page.context["form"]
    assert (page.context["is_second"], form["place"].value()) == (True, cast.east.pk)
    assert form["text"].value() == "灯不亮"
    assert not WorkOrder.objects.exists()


def test_a_tap_on_the_map_says_the_grid_and_the_point_is_rounded_for_the_public(cast, client):
    send(client, cast, place="", lon="113.85231", lat="27.62294")

    order = WorkOrder.objects.get()
    assert order.place_id == cast.east_first.pk
    assert (order.exactly_at, str(order.lon), str(order.lat)) == (
        "113.852310,27.622940",
        "113.852",
        "27.623",
    )


@pytest.mark.parametrize("text", ["梧桐里", "东园"])
def test_a_place_is_found_by_what_residents_call_it(cast, client, text):
    page = client.post("/p/requests/raise/", {"step": "find", "find": text, "text": "灯不亮"})

    assert cast.compound.name in page.content.decode()
    assert cast.west_first.name not in page.content.decode()
    assert not page.context["form"].errors


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"place": ""}, "place", "no_place"),
        ({"place": "", "lon": "1", "lat": "1"}, "place", "no_place"),
        ({"place": str(uuid4())}, "place", "invalid_choice"),
        ({"text": "长" * 2001}, "text", "max_length"),
        ({"website": "https://spam.example"}, "website", "robot"),
        ({"email": "nobody"}, "email", "invalid"),
        ({"lon": "nan", "lat": "nan"}, "lon", "invalid"),
        ({"category": "<b>"}, "category", "invalid_choice"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_kept(
    cast, client, changes, field, code
):
    page = send(client, cast, **changes)

    assert [one.code for one in page.context["form"].errors.as_data()[field]] == [code]
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("x.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("x.html", b"<html><script>alert(1)</script></html>"),
        ("x.txt", "只是文字".encode()),
        ("x.jpg", b"\xff\xd8\xff\xe0broken"),
    ],
)
def test_what_is_no_sound_picture_is_refused_with_the_whole_request(cast, client, name, content):
    page = send(client, cast, photos=[SimpleUploadedFile(name, content)])

    assert "photos" in page.context["form"].errors
    assert (WorkOrder.objects.count(), Attachment.objects.count()) == (0, 0)


def test_more_than_three_pictures_are_refused(cast, client):
    page = send(client, cast, photos=[picture() for _n in range(4)])

    assert [one.code for one in page.context["form"].errors.as_data()["photos"]] == ["too_many"]
    assert not WorkOrder.objects.exists()


def test_a_second_press_makes_one_request_and_one_picture(cast, client):
    same = given(cast)

    first = client.post("/p/requests/raise/", same | {"photos": [picture()]})
    second = client.post("/p/requests/raise/", same | {"photos": [picture()]})

    assert first["Location"] == second["Location"]
    assert (WorkOrder.objects.count(), Attachment.objects.count()) == (1, 1)


def test_from_one_address_only_so_many_requests_are_taken_in_a_day(cast, client, monkeypatch):
    monkeypatch.setattr(views, "RAISED", Pace(1, 60))

    send(client, cast)
    page = send(client, cast)
    elsewhere = client.post("/p/requests/raise/", given(cast), REMOTE_ADDR="192.0.2.7")

    assert page.context["form"].refusal.code == "too_often"
    assert elsewhere.status_code == 302
    assert WorkOrder.objects.count() == 2


def test_a_form_without_its_token_is_refused(cast):
    answer = Client(enforce_csrf_checks=True).post("/p/requests/raise/", given(cast))

    assert answer.status_code == 403
    assert not WorkOrder.objects.exists()


def test_whoever_leaves_an_address_is_written_to_and_the_letter_is_purged(cast, client):
    send(client, cast, email="li@example.org", contact="13800001234")

    order, letter = WorkOrder.objects.get(), Notice.objects.get()
    assert (letter.address, letter.address_purge_on) == (
        "li@example.org",
        timezone.localdate() + timedelta(days=30),
    )
    assert f"/p/requests/slip/{order.slip_code}/" in letter.body
    assert order.text not in letter.body
    assert order.personal_purge_on > timezone.localdate()


def test_typed_markup_is_text_on_every_public_page(cast, client):
    markup = "<script>alert(1)</script>"
    order = published(public_text=markup, place=cast.east)
    WorkOrder.objects.update(text=markup, answer=markup)

    pages = [
        client.get(path).content.decode()
        for path in (
            "/p/requests/",
            f"/p/requests/{order.number}/",
            f"/p/requests/slip/{order.slip_code}/",
        )
    ]

    assert [markup in page for page in pages] == [False] * 3
    assert ["&lt;script&gt;" in page for page in pages] == [True] * 3


# Following


def test_by_its_number_a_request_shows_how_far_it_is_and_nothing_else(cast, client):
    order = WorkOrderFactory(
        text=SECRET_WORDS,
        place=cast.building,
        contact_name="张三丰",
        contact="13800001234",
        where_exactly="501室",
        state="handling",
        answer="已换新灯",
    )

    page = client.get(f"/p/requests/{order.number}/")

    text = page.content.decode()
    hidden = (SECRET_WORDS, "张三丰", "13800001234", "501室", "1栋", "已换新灯", order.slip_code)
    assert [word for word in hidden if word in text] == []
    assert page.context["order"].area == "东园社区 梧桐里"
    assert [is_now for _words, is_now in page.context["way"]] == [False, True, False, False]
    assert page.context["order"].is_late


def test_the_answer_shows_only_when_somebody_decided_on_it_after_it_was_given(cast, client):
    before = closed(public_text="灯不亮", published_on=date(2021, 6, 1))
    after = closed(public_text="灯不亮", published_on=timezone.localdate())
    never = closed()

    assert [
        client.get(f"/p/requests/{one.number}/").context["answer"] for one in (before, after, never)
    ] == ["", "已换新灯", ""]


@pytest.mark.parametrize("facts", [{"kind": "report"}, {"voided_at": timezone.now()}])
def test_reports_of_wrong_and_what_was_withdrawn_are_not_told_by_number(cast, client, facts):
    order = published(**facts)

    assert client.get(f"/p/requests/{order.number}/").status_code == 404
    assert list(queries.published()) == []


def test_of_two_streets_with_the_same_number_one_chooses(cast, client):
    here = WorkOrderFactory()
    there = WorkOrderFactory(street=cast.other_street)

    page = client.get(f"/p/requests/{here.number}/")
    chosen = client.get(f"/p/requests/{here.number}/?street={there.street_id}")

    assert here.number == there.number
    assert {one.pk for one in page.context["others"]} == {here.pk, there.pk}
    assert (chosen.context["order"], chosen.context["others"]) == (there, [])


def test_the_slip_opens_ones_own_text_however_the_code_is_typed(cast, client):
    order = WorkOrderFactory(text=SECRET_WORDS, contact="13800001234")
    typed = f" {order.slip_code[:5].lower()}－{order.slip_code[5:]} "

    answer = client.post("/p/requests/find/", {"code": typed})
    page = client.get(answer["Location"])

    assert SECRET_WORDS in page.content.decode()
    assert "13800001234" not in page.content.decode()
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_guessing_codes_is_slow(cast, client, monkeypatch):
    order = WorkOrderFactory()
    monkeypatch.setattr(views, "WRONG_CODES", Pace(3, 60))

    statuses = [client.get(f"/p/requests/slip/{'2' * 9}{n}/").status_code for n in range(5)]
    right = client.get(f"/p/requests/slip/{order.slip_code}/").status_code

    assert statuses == [404, 404, 404, 429, 429]
    assert right == 429


@pytest.mark.parametrize("code", ["", "%00", "a" * 4000, "<b>", "'"])
def test_any_code_is_answered(cast, client, code):
    assert client.post("/p/requests/find/", {"code": code}).status_code == 200


def test_what_is_added_and_withdrawn_stands_in_the_history_for_a_person_to_decide(cast, client):
    order = WorkOrderFactory(state="handling", handler=cast.secretary)
    address = f"/p/requests/slip/{order.slip_code}/"

    client.post(f"{address}add/", {"note": "又坏了一盏", "photos": [picture()]})
    client.post(f"{address}withdraw/", {"note": "自己修好了"})

    order.refresh_from_db()
    changes = read.history(order.pk)
    assert [one.verb for one in changes if one.verb and one.verb.endswith("slip")] == [
        "add_by_slip",
        "withdraw_by_slip",
    ]
    assert (order.state, Attachment.objects.count()) == ("handling", 1)
    assert [one.user for one in Notice.objects.all()] == [cast.secretary] * 2
    assert check(cast.street.pk) == []


def test_pictures_of_the_office_are_not_on_the_slip(cast, client):
    order = WorkOrderFactory()
    office = actions.attach(order, picture(), kind="photo_after", actor=cast.secretary)

    page = client.get(f"/p/requests/slip/{order.slip_code}/")
    direct = client.get(f"/p/requests/slip/{order.slip_code}/photos/{office.pk}/")

    assert (page.context["photos"], direct.status_code) == ([], 404)


def test_the_paper_slip_has_number_code_and_a_picture_to_scan(cast, client):
    order = WorkOrderFactory()

    page = client.get(f"/p/requests/slip/{order.slip_code}/print/").content.decode()
    client.force_login(cast.centre)
    again = client.get(f"/requests/orders/{order.number}/slip/").content.decode()

    for one in (page, again):
        assert order.number in one and f"{order.slip_code[:5]}-{order.slip_code[5:]}" in one
        assert "<svg" in one


# Answering


def test_by_the_link_the_callback_is_answered_once(cast, client):
    order = closed(email="li@example.org")
    address = reverse("requests_public:answer", args=[queries.answer_token(order)])
    said = {"solved": "partly", "satisfied": "not", "note": "还有一盏"}

    client.post(address, said)
    again = client.post(address, {"solved": "yes", "satisfied": "very"})

    order.refresh_from_db()
    callback = Callback.objects.get()
    assert (order.state, order.solved, order.satisfied) == ("called_back", "partly", "not")
    assert (callback.through, callback.note) == ("link", "还有一盏")
    assert again.context["is_done"]


def test_a_link_is_dead_after_another_closing_or_when_it_was_changed(cast, client):
    order = closed()
    token = queries.answer_token(order)
    WorkOrder.objects.update(closed_at=order.closed_at + timedelta(hours=1))

    statuses = [
        client.get(reverse("requests_public:answer", args=[one])).status_code
        for one in (token, token[:-1] + ("a" if token[-1] != "a" else "b"), "x")
    ]

    assert statuses == [404, 404, 404]


def test_a_link_is_dead_after_thirty_days(cast, monkeypatch):
    order = closed()
    token = queries.answer_token(order)
    made = time.time()

    found = []
    for days in (29.9, 30.1):
        monkeypatch.setattr("django.core.signing.time.time", lambda days=days: made + days * 86400)
        found.append(queries.by_answer_token(token))

    assert found == [order, None]


def test_an_open_request_cannot_be_answered_by_its_slip(cast, client):
    order = WorkOrderFactory(state="handling")

    page = client.post(
        f"/p/requests/slip/{order.slip_code}/answer/", {"solved": "yes", "satisfied": "very"}
    )

    order.refresh_from_db()
    assert (page.status_code, order.state) == (200, "handling")
    assert not Callback.objects.exists()


def test_whoever_left_an_address_is_asked_once_for_each_closing(cast):
    closed(email="li@example.org")
    closed()

    first, again = (actions.ask_for_answers(timezone.now()) for _n in range(2))

    letter = Notice.objects.get()
    path = urlsplit(re.search(r"http\S+", letter.body)[0]).path
    assert (first, again, letter.address) == (1, 1, "li@example.org")
    assert Client().get(path).status_code == 200


# Around


def test_the_list_holds_only_what_was_published(cast, client):
    shown = published(place=cast.east_first, lon="113.852", lat="27.623")
    WorkOrderFactory(text=SECRET_WORDS, place=cast.east_first)

    page = client.get("/p/requests/")
    points = client.get("/p/requests/points.json").json()["features"]

    assert page.context["orders"] == [shown]
    assert SECRET_WORDS not in page.content.decode()
    assert [one["geometry"]["coordinates"] for one in points] == [[113.852, 27.623]]
    assert set(points[0]["properties"]) == {"name", "address"}


def test_the_list_is_narrowed_by_area_category_and_state(cast, client):
    east = published(place=cast.building, category="lighting")
    west = published(place=cast.west, category="road", state="closed")

    def asked(**given):
        return client.get("/p/requests/", given).context["orders"]

    assert asked(place=str(cast.east.pk)) == [east]
    assert asked(category="road") == [west]
    assert (asked(state="open"), asked(state="finished")) == ([east], [west])
    assert set(asked(place="<b>", category="'", page="x")) == {east, west}


def test_the_list_asks_the_same_for_one_and_for_three(
    cast, client, django_assert_max_num_queries, django_assert_num_queries
):
    published(place=cast.building)
    client.get("/p/requests/")
    with django_assert_max_num_queries(12) as one:
        client.get("/p/requests/")
    published(place=cast.west)
    published(place=cast.east_second)

    with django_assert_num_queries(len(one.captured_queries)):
        client.get("/p/requests/")


def test_public_pages_may_be_kept_a_minute_and_leave_no_cookie(cast, client):
    order = published()

    answers = [client.get(path) for path in ("/p/", "/p/requests/", f"/p/requests/{order.number}/")]

    assert [one.cookies.output() for one in answers] == [""] * 3
    assert [set(one["Cache-Control"].split(", ")) for one in answers[1:]] == [
        {"max-age=60", "public"}
    ] * 2


def test_a_picture_is_public_only_while_it_is_chosen_and_the_text_published(cast, client):
    order = published()
    shown, hidden = (
        actions.attach(order, one, kind=kind, actor=cast.secretary)
        for one, kind in ((picture(), "photo"), (picture(), "photo_after"))
    )
    order.shown_photos.add(shown)

    def status(photo):
        return client.get(f"/p/requests/photos/{photo.pk}/").status_code

    before = (status(shown), status(hidden))
    orders_actions.publish(order, actor=cast.centre, now=timezone.now(), public_text="")
    assert (before, status(shown)) == ((200, 404), 404)


# Following an area


def test_an_address_is_written_to_only_after_it_confirmed(cast, client):
    asked = {"place": str(cast.east.pk), "email": "Li@example.org", "website": ""}
    client.post("/p/requests/follow/", asked)
    follower, letter = Follower.objects.get(), Notice.objects.get()
    published(place=cast.building, published_on=timezone.localdate() - timedelta(days=7))
    path = urlsplit(re.search(r"http\S+", letter.body)[0]).path

    unconfirmed = actions.tell_followers(timezone.now())
    looked = client.get(path)  # a mail scanner opens links
    still = Follower.objects.get().confirmed_at
    client.post(path)
    told = [actions.tell_followers(timezone.now()) for _n in range(2)]

    assert (follower.email, unconfirmed, looked.status_code, still) == (
        "li@example.org",
        0,
        200,
        None,
    )
    assert told == [1, 1]
    assert Notice.objects.count() == 2


def test_news_are_of_the_area_and_of_what_is_public(cast):
    monday = date(2021, 6, 7)
    east = published(place=cast.building, published_on=date(2021, 6, 2))
    published(place=cast.west, published_on=date(2021, 6, 2))
    published(place=cast.east, published_on=date(2021, 6, 8))
    WorkOrderFactory(place=cast.east, closed_on=date(2021, 6, 2))

    assert queries.news(cast.east, monday - timedelta(days=7), monday) == [east]


def test_one_press_ends_it_and_erases_the_address(cast, client):
    actions.follow(cast.east, email="li@example.org", now=timezone.now())
    path = reverse(
        "requests_public:end_follow", args=[queries.follow_token(Follower.objects.get())]
    )

    client.get(path)
    still = Follower.objects.count()
    client.post(path)
    again = client.post(path)

    assert (still, Follower.objects.count(), again.status_code) == (1, 0, 200)


def test_who_never_confirmed_is_forgotten_after_seven_days(cast):
    now = timezone.now()
    actions.follow(cast.east, email="li@example.org", now=now - timedelta(days=7))
    actions.follow(cast.east, email="wang@example.org", now=now - timedelta(days=6))

    actions.tend(now)

    assert [one.email for one in Follower.objects.all()] == ["wang@example.org"]


def test_nobody_learns_who_follows_already(cast, client):
    asked = {"place": str(cast.east.pk), "email": "li@example.org", "website": ""}

    pages = [client.post("/p/requests/follow/", asked).context["sentence"] for _n in range(2)]

    assert pages[0] == pages[1]
    assert (Follower.objects.count(), Notice.objects.count()) == (1, 1)


# Publishing


def test_what_residents_sent_waits_until_somebody_decides(cast, client):
    waiting = WorkOrderFactory(channel="web", place=cast.east)
    shown = WorkOrderFactory(channel="web", place=cast.east)
    kept_back = WorkOrderFactory(channel="web", place=cast.east)
    WorkOrderFactory(channel="hotline", place=cast.east)
    now = timezone.now()
    orders_actions.publish(shown, actor=cast.centre, now=now, public_text="楼道灯不亮")
    orders_actions.publish(kept_back, actor=cast.centre, now=now, public_text="")
    client.force_login(cast.centre)

    listed = [row for row, _facts in client.get("/requests/publishing/").context["rows"]]

    assert listed == [waiting]


def test_before_publishing_a_person_is_warned_and_then_decides(cast, client):
    order = WorkOrderFactory(text="张先生电话13800001234，灯不亮", channel="web")
    client.force_login(cast.centre)
    path = f"/requests/orders/{order.number}/publish/"
    said = {"seen": str(order.entry), "public_text": "张先生说灯不亮"}

    warned = client.post(path, said)
    before = WorkOrder.objects.get().published_on
    client.post(path, said | {"is_checked": "on"})

    order.refresh_from_db()
    [error] = warned.context["form"].errors.as_data()["is_checked"]
    assert (error.code, before) == ("given_away", None)
    assert (order.public_text, order.text) == ("张先生说灯不亮", "张先生电话13800001234，灯不亮")
    assert order.published_on == timezone.localdate()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证360302199001011234", [GivenAway.ID_NUMBER]),
        ("电话 138-0000-1234 或 0799-6661234", [GivenAway.TELEPHONE, GivenAway.TELEPHONE]),
        ("赣J12345违停", [GivenAway.PLATE]),
        ("赣J·D12345违停", [GivenAway.PLATE]),
        ("3栋2单元501室", [GivenAway.DOOR]),
        ("三栋二单元", [GivenAway.DOOR]),
        ("住3-2-501", [GivenAway.DOOR]),
        ("王师傅态度差", [GivenAway.NAME]),
        ("我叫李小明，住这里", [GivenAway.NAME]),
        ("li@example.org", [GivenAway.EMAIL]),
        ("2021年6月1日东门路灯不亮，已有3天", []),
        ("小区有1200户，高峰8-9点堵车", []),
        ("路面塌陷2米，深0.5米", []),
    ],
)
def test_what_gives_somebody_away_is_found_and_what_does_not_is_left(text, found):
    assert [hint.kind for hint in given_away(text)] == found


def test_a_code_is_read_as_somebody_types_it():
    assert [typed_code(one) for one in ("abcde-23456", "ＡＢＣＤＥ２３４５６", " ", "的")] == [
        "ABCDE23456",
        "ABCDE23456",
        "",
        "",
    ]


def test_the_worker_lets_the_line_do_what_it_does_by_itself(cast):
    from fenghuang.kit.door import line

    actions.follow(cast.east, email="li@example.org", now=timezone.now() - timedelta(days=8))

    line("requests").by_the_clock(timezone.now())

    assert not Follower.objects.exists()
    assert Position.objects.exists()
