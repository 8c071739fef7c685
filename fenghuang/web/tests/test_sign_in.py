"""Who comes in, how, and what is said to those who do not."""

from __future__ import annotations

import json
import re

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from fenghuang.kernel.people.models import User
from fenghuang.web import accounts
from tests.cast import PASSWORD

SIGN_IN = "/accounts/login/"


def sign_in(client, username: str, password: str = PASSWORD):
    return client.post(SIGN_IN, {"login": username, "password": password})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_member_of_staff_signs_in_and_comes_home(cast, client):
    answer = sign_in(client, "secretary")

    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))


def test_the_page_asked_for_comes_after_signing_in(client, db):
    answer = client.get("/places/")

    assert answer["Location"] == f"{SIGN_IN}?next=/places/"


def test_five_wrong_passwords_lock_the_name_until_a_time_that_is_said(cast, client):
    for _attempt in range(4):
        assert sign_in(client, "secretary", "wrong").status_code == 200

    locked = sign_in(client, "secretary", "wrong")
    right = sign_in(client, "secretary")

    assert (locked.status_code, right.status_code) == (429, 429)
    assert re.search(r"\b\d\d:\d\d\b", locked.content.decode())
    assert not is_signed_in(client)
    assert sign_in(client, "west_secretary").status_code == 302


def test_a_suspended_account_does_not_come_in(cast, client):
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)

    sign_in(client, "secretary")

    assert not is_signed_in(client)


def test_nobody_signs_up(client, db):
    assert client.get("/accounts/signup/").status_code == 404
    assert not accounts.OfficeAccounts().is_open_for_signup(None)
    assert not accounts.OfficeIdentities().is_open_for_signup(None, None)


def identity(username: str) -> SocialLogin:
    claims = {"userinfo": {"preferred_username": username}}
    return SocialLogin(
        user=User(username=""),
        account=SocialAccount(provider="office", uid=f"sub-{username}", extra_data=claims),
    )


@pytest.fixture
def asking(settings):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.session = {}
    request._messages = []
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [{"provider_id": "office", "name": "office", "client_id": "x", "secret": "y"}]
        }
    }
    return request


def test_an_identity_is_matched_with_the_account_of_that_name(cast, asking):
    accounts.OfficeIdentities().pre_social_login(asking, identity("secretary"))

    assert SocialAccount.objects.get().user == cast.secretary


def test_an_identity_without_an_account_stays_outside(cast, asking):
    with pytest.raises(ImmediateHttpResponse) as stopped:
        accounts.OfficeIdentities().pre_social_login(asking, identity("nobody"))

    assert stopped.value.response.status_code == 403
    assert not SocialAccount.objects.exists()
    assert not User.objects.filter(username="nobody").exists()


def test_the_identity_of_a_suspended_account_stays_outside(cast, asking):
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)

    with pytest.raises(ImmediateHttpResponse):
        accounts.OfficeIdentities().pre_social_login(asking, identity("secretary"))


def test_the_demo_offers_its_accounts_and_an_office_never(client, db, settings, tmp_path):
    settings.HOME = tmp_path
    row = {"username": "a", "password": "b", "role": "书记", "what_to_try": "录入"}
    (tmp_path / accounts.DEMO_ACCOUNTS).write_text(json.dumps([row]), encoding="utf-8")

    settings.DEMO = True
    demo = client.get(SIGN_IN).content.decode()
    settings.DEMO = False
    office = client.get(SIGN_IN).content.decode()

    assert ("书记" in demo, "书记" in office) == (True, False)


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_second_step_is_set_up_and_asked_for(cast, client):
    sign_in(client, "leader")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)[1]

    client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    client.post("/accounts/logout/")
    first = sign_in(client, "leader")

    assert first["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)


def test_a_session_elsewhere_can_be_ended(cast, client, django_client):
    sign_in(client, "secretary")
    sign_in(django_client, "secretary")
    elsewhere = UserSession.objects.get(session_key=django_client.session.session_key)

    client.post("/accounts/sessions/", {"session": elsewhere.pk})

    assert client.get("/").status_code == 200
    assert django_client.get("/").status_code == 302


def test_the_session_of_somebody_else_cannot_be_ended(cast, client, django_client):
    sign_in(client, "secretary")
    sign_in(django_client, "west_secretary")
    others = UserSession.objects.get(user=cast.west_secretary)

    client.post("/accounts/sessions/", {"session": others.pk})

    assert django_client.get("/").status_code == 200


@pytest.fixture
def django_client():
    from django.test import Client

    return Client()


def test_a_right_password_forgets_the_wrong_ones(cast, client):
    sign_in(client, "secretary", "wrong")

    sign_in(client, "secretary")

    assert not AccessAttempt.objects.filter(username="secretary").exists()
    assert settings.AXES_FAILURE_LIMIT == 5
