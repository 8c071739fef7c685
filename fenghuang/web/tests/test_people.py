"""The system administrator looks after people, and nobody else does."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fenghuang.kernel.people.actions import appoint as appoint_in_kernel
from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.refusal import Refused
from fenghuang.web import actions
from fenghuang.web.people import locked_names
from tests.cast import PASSWORD, SINCE, SYSTEM


@pytest.fixture
def admin(cast, client):
    client.force_login(cast.administrator)
    return client


def held_today(user: User) -> set[tuple[str, str]]:
    today = timezone.localdate()
    return {(one.role, one.place.name) for one in user.appointments.valid_on(today)}


def test_a_new_person_can_work_at_once_with_a_password_shown_once(cast, admin):
    answer = admin.post(
        "/people/new/",
        {
            "display_name": "陈晓",
            "username": "chen",
            "unit": cast.works.pk,
            "role": "grid_worker",
            "place": cast.east_second.pk,
            "line": "",
        },
    )
    password = re.search(r'class="secret">([^<]+)<', answer.content.decode())[1]

    assert held_today(User.objects.get(username="chen")) == {("grid_worker", "东园第二网格")}
    signed_in = Client().post("/accounts/login/", {"login": "chen", "password": password})
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/")
    assert "no-store" in answer["Cache-Control"]


def test_a_user_name_is_given_once(cast, admin):
    answer = admin.post(
        "/people/new/",
        {
            "display_name": "另一人",
            "username": "secretary",
            "role": "checker",
            "place": cast.street.pk,
            "line": "",
        },
    )

    assert "username" in answer.context["form"].errors
    assert User.objects.filter(display_name="另一人").count() == 0


def test_a_role_is_given_and_ended(cast, admin):
    today = timezone.localdate()

    admin.post(
        "/people/checker/appoint/",
        {"role": "auditor", "place": cast.west.pk, "line": "", "valid_from": today.isoformat()},
    )
    given = held_today(cast.checker)
    former = cast.checker.appointments.get(role="checker")
    admin.post(f"/people/checker/dismiss/{former.pk}/", {"on": today.isoformat()})

    assert given == {("checker", "梧桐街"), ("auditor", "西园社区")}
    assert held_today(cast.checker) == {("auditor", "西园社区")}


def test_a_role_does_not_end_before_it_began(cast, admin):
    held = cast.checker.appointments.get()

    answer = admin.post(
        f"/people/checker/dismiss/{held.pk}/", {"on": (SINCE - timedelta(days=1)).isoformat()}
    )

    held.refresh_from_db()
    assert "on" in answer.context["form"].errors
    assert held.valid_to is None


def test_nobody_gives_a_role_to_themselves(cast, admin):
    with pytest.raises(Refused) as refused:
        actions.appoint(
            cast.administrator,
            actor=cast.administrator,
            role="leader",
            place=cast.street,
            line="",
            valid_from=date(2021, 1, 1),
        )

    assert refused.value.code == "second_person"


def test_a_leader_is_no_administrator(cast, client):
    client.force_login(cast.leader)

    answers = {
        path: client.get(path).status_code
        for path in ("/people/", "/people/new/", "/people/checker/", "/people/checker/appoint/")
    }

    assert set(answers.values()) == {403}


def test_an_administrator_of_one_line_looks_after_nobody(cast, client):
    one_line = User.objects.create_user("line_admin", PASSWORD, display_name="line_admin")
    appoint_in_kernel(
        one_line, Role.ADMINISTRATOR, cast.street, valid_from=SINCE, by=SYSTEM, line="requests"
    )
    client.force_login(one_line)

    assert client.get("/people/").status_code == 403


def test_staff_of_another_office_are_out_of_reach(cast, admin):
    stranger = User.objects.create_user("stranger", PASSWORD, display_name="stranger")
    appoint_in_kernel(stranger, Role.LEADER, cast.other_street, valid_from=SINCE, by=SYSTEM)

    listed = {one.username for one in admin.get("/people/").context["people"]}

    assert "stranger" not in listed and "secretary" in listed
    assert admin.get("/people/stranger/").status_code == 404
    assert admin.post("/people/stranger/account/", {"do": "suspend"}).status_code == 404
    with pytest.raises(Refused) as refused:
        actions.set_active(stranger, actor=cast.administrator, is_active=False)
    assert refused.value.code == "scope"


def test_no_role_is_given_in_another_street(cast):
    with pytest.raises(Refused) as refused:
        actions.appoint(
            cast.checker,
            actor=cast.administrator,
            role="leader",
            place=cast.other_street,
            line="",
            valid_from=date(2021, 1, 1),
        )

    assert refused.value.code == "role"
    assert not Appointment.objects.filter(place=cast.other_street).exists()


def test_a_suspended_person_is_out_at_once_and_may_come_back(cast, admin):
    window = Client()
    window.post("/accounts/login/", {"login": "checker", "password": PASSWORD})

    admin.post("/people/checker/account/", {"do": "suspend"})
    out = window.get("/").status_code
    admin.post("/people/checker/account/", {"do": "restore"})
    window.post("/accounts/login/", {"login": "checker", "password": PASSWORD})

    assert (out, window.get("/").status_code) == (302, 200)


def test_a_locked_person_is_unlocked(cast, admin):
    window = Client()
    for _attempt in range(5):
        window.post("/accounts/login/", {"login": "checker", "password": "wrong"})
    locked = locked_names()

    admin.post("/people/checker/account/", {"do": "unlock"})

    assert (locked, locked_names()) == ({"checker"}, set())
    right = window.post("/accounts/login/", {"login": "checker", "password": PASSWORD})
    assert right.status_code == 302


def test_a_new_password_replaces_the_old_one_and_signs_out(cast, admin):
    window = Client()
    window.post("/accounts/login/", {"login": "checker", "password": PASSWORD})

    answer = admin.post("/people/checker/account/", {"do": "renew_password"})
    password = re.search(r'class="secret">([^<]+)<', answer.content.decode())[1]

    assert window.get("/").status_code == 302
    assert not User.objects.get(username="checker").check_password(PASSWORD)
    assert User.objects.get(username="checker").check_password(password)


def test_first_passwords_differ_and_leave_out_what_is_mistaken():
    made = {actions.first_password() for _n in range(200)}

    assert len(made) == 200
    assert not set("".join(made)) & set("il1o0")


def test_the_list_of_staff_asks_little_of_the_database(cast, admin, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        admin.get("/people/")
