"""What every page has: the menu, the language, the size of type, safe headers, plain refusals."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import CalendarMissing
from fenghuang.kit.door import Task, lines
from fenghuang.web import views
from fenghuang.web.context import menus
from fenghuang.web.middleware import refusals


def test_home_greets_somebody_without_a_role(cast, client):
    client.force_login(cast.outsider)

    answer = client.get("/")

    assert (answer.status_code, answer.context["groups"]) == (200, [])
    assert answer.context["menus"] == []


def test_the_menu_offers_entering_to_those_who_enter(cast):
    enters = {menu.line.code: bool(menu.enters) for menu in menus(cast.secretary, "/")}
    looks = {menu.line.code: bool(menu.enters) for menu in menus(cast.leader, "/")}

    assert set(enters) == set(looks)
    assert not any(looks.values())
    assert all(enters.values())


def test_tasks_are_grouped_by_how_pressing_they_are():
    today = date(2021, 5, 10)

    groups = [
        views._pressing(Task(SimpleNamespace(), "do", due), today)
        for due in (
            date(2021, 5, 9),
            date(2021, 5, 10),
            date(2021, 5, 17),
            date(2021, 5, 18),
            None,
        )
    ]

    assert groups == [0, 1, 2, 3, 3]


def test_large_type_is_kept_by_the_browser(client, db):
    answer = client.post("/type-size/", {"size": "large", "next": "/accounts/login/"})

    assert answer["Location"] == "/accounts/login/"
    assert 'class="large"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", ""])
def test_the_way_back_stays_in_the_house(client, db, elsewhere):
    assert client.post("/type-size/", {"size": "x", "next": elsewhere})["Location"] == "/"


def test_the_language_is_chosen_on_every_page(client, db):
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})

    assert '<html lang="en"' in client.get("/accounts/login/").content.decode()


def test_no_page_allows_foreign_or_inline_scripts(cast, client):
    client.force_login(cast.secretary)

    answer = client.get("/")
    policy = answer["Content-Security-Policy"]

    assert "default-src 'self'" in policy and "script-src" not in policy
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert "<script>" not in answer.content.decode() and " style=" not in answer.content.decode()


def test_pages_of_staff_are_kept_nowhere(cast, client):
    client.force_login(cast.secretary)

    assert "no-store" in client.get("/")["Cache-Control"]


def refused_by(problem: Exception, path: str = "/") -> HttpResponse:
    request = RequestFactory().get(path)
    request.user, request._messages = AnonymousUser(), []
    return refusals(lambda _request: HttpResponse()).process_exception(request, problem)


def test_a_refusal_that_no_screen_caught_becomes_a_page():
    answer = refused_by(Refused("anything", "The lift is full. Take the stairs."))

    assert answer.status_code == 422
    assert "Take the stairs." in answer.content.decode()


def test_programs_are_refused_in_json():
    answer = refused_by(Refused("role", "No."), "/api/records/")

    assert answer.status_code == 403
    assert answer.content == b'{"code": "role", "description": "No."}'


def test_a_missing_calendar_says_which_year():
    answer = refused_by(CalendarMissing(2031))

    assert "2031" in answer.content.decode()


def test_a_fault_of_ours_is_not_dressed_up_as_a_refusal():
    assert refused_by(KeyError("x")) is None


def test_an_old_form_is_explained(cast):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/accounts/login/", {"login": "secretary"})

    assert answer.status_code == 403
    assert "/" in answer.content.decode()
    assert answer.templates[0].name == "403_csrf.html"


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_the_pages_for_faults_need_nothing(template):
    assert "<h1>" in render_to_string(template)


def test_an_unknown_address_is_explained(cast, client):
    client.force_login(cast.secretary)

    answer = client.get("/nowhere/")

    assert (answer.status_code, answer.templates[0].name) == (404, "404.html")


def test_search_never_looks_at_personal_fields():
    looked_at = {
        f"{model._meta.label}.{name}"
        for line in lines()
        for model in line.records
        for name in views.text_fields(model)
        if name in model.PERSONAL
    }

    assert looked_at == set()


def test_home_and_search_ask_little_of_the_database(cast, client, django_assert_max_num_queries):
    client.force_login(cast.outsider)

    with django_assert_max_num_queries(6):
        client.get("/")
    with django_assert_max_num_queries(6):
        client.get("/search/", {"q": "灯"})
