"""Whoever comes in with a password that somebody else made chooses one before anything else."""

from __future__ import annotations

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import RequestFactory
from django.urls import reverse

from fenghuang.kernel.people.models import User
from fenghuang.web import actions
from fenghuang.web.accounts import owes_password

OWN = "a sentence of one's own"
FORM = reverse("account_change_password")


@pytest.fixture
def given(cast) -> str:
    """The first password that the administrator made for the checker."""
    return actions.renew_password(cast.checker, actor=cast.administrator)


def sign_in(client, password: str):
    return client.post("/accounts/login/", {"login": "checker", "password": password})


def choose(client, old: str, new: str):
    return client.post(FORM, {"oldpassword": old, "password1": new, "password2": new})


def test_every_page_leads_to_the_form_until_a_password_is_chosen(cast, client, given):
    sign_in(client, given)

    before = {path: client.get(path)["Location"] for path in ("/", "/places/", "/search/?q=1")}
    changed = choose(client, given, OWN)

    assert set(before.values()) == {FORM}
    assert (changed.status_code, changed["Location"]) == (302, "/")
    assert client.get("/places/").status_code == 200
    assert not User.objects.get(username="checker").must_change_password


def test_nothing_can_be_entered_before(cast, client, given):
    sign_in(client, given)

    answer = client.post("/type-size/", {"size": "large"})
    refused = client.post("/units/", {"name": "经发办", "kind": "department"})

    assert answer["Location"] != FORM
    assert refused["Location"] == FORM


def test_the_first_password_itself_is_not_taken_again(cast, client, given):
    sign_in(client, given)

    answer = choose(client, given, given)

    assert "password1" in answer.context["form"].errors
    assert User.objects.get(username="checker").must_change_password


def test_the_form_offers_no_menu_and_a_way_out(cast, client, given):
    sign_in(client, given)

    page = client.get(FORM).content.decode()

    assert 'class="side"' not in page
    assert reverse("account_logout") in page
    assert client.post(reverse("account_logout")).status_code == 302


def test_a_new_member_of_staff_has_a_first_password(cast):
    user, _password = actions.employ(
        actor=cast.administrator,
        username="chen",
        display_name="陈晓",
        role="grid_worker",
        place=cast.east_second,
    )

    assert user.must_change_password
    assert not cast.checker.must_change_password


def test_whoever_comes_in_by_the_provider_uses_no_password(cast, given):
    request = RequestFactory().get("/")
    request.session = {}
    request.user = User.objects.get(username="checker")

    before = owes_password(request)
    record_authentication(request, request.user, "socialaccount")

    assert (before, owes_password(request)) == (True, False)
