"""The administrator issues tokens, sees which are used, and revokes them; nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fenghuang.api.actions import issue_token, revoke_token
from fenghuang.api.models import Token
from fenghuang.kernel.journal import read
from fenghuang.kernel.people.actions import appoint
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.door import lines
from tests.cast import PASSWORD, SINCE, SYSTEM


@pytest.fixture
def admin(cast, client):
    client.force_login(cast.administrator)
    return client


def asks(text: str) -> int:
    return Client().get("/api/token/", headers={"Authorization": f"Bearer {text}"}).status_code


def test_an_issued_token_opens_the_interface_and_is_shown_once(cast, admin):
    answer = admin.post(
        "/tokens/new/",
        {"user": cast.secretary.pk, "label": "热线网关", "days": "90", "access": "both"},
    )
    text = answer.context["secret"]

    token = Token.objects.get()
    assert answer.content.decode().count(text) == 1
    assert "no-store" in answer["Cache-Control"]
    assert (token.user, token.label) == (cast.secretary, "热线网关")
    assert token.expires_at.date() == (timezone.now() + timedelta(days=90)).date()
    assert asks(text) == 200
    assert text not in admin.get("/tokens/").content.decode()


@pytest.mark.line("requests")
def test_a_token_is_issued_for_what_was_chosen(cast, admin):
    [line] = list(lines())[:1]
    chosen = {"access": "read", "lines": [line.code], "place": cast.east.pk}
    admin.post("/tokens/new/", {"user": cast.secretary.pk, "label": "大屏", "days": "30"} | chosen)

    token = Token.objects.get()
    assert (token.access, token.line_codes) == ("read", [line.code])
    assert token.place_id == cast.east.pk
    assert str(line.title) in token.scope_in_words
    assert token.scope_in_words in admin.get("/tokens/").content.decode()


def test_a_revoked_token_opens_nothing_and_stands_below(
    cast, admin, django_capture_on_commit_callbacks
):
    text, token = issue_token(cast.secretary, "旧网关", 30, actor=cast.administrator)
    asked = asks(text)

    page = admin.get(f"/tokens/{token.pk}/revoke/")
    still_valid = Token.objects.get().revoked_at
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"/tokens/{token.pk}/revoke/")

    context = admin.get("/tokens/").context
    assert (asked, page.status_code, still_valid) == (200, 200, None)
    assert asks(text) == 401
    assert (context["valid"], [one.label for one in context["former"]]) == ([], ["旧网关"])
    assert [change.verb for change in read.history(token.pk)] == ["issue_token", "revoke_token"]


def test_the_day_of_the_last_use_is_shown(cast, admin):
    used, _token = issue_token(cast.secretary, "在用", 30, actor=cast.administrator)
    issue_token(cast.secretary, "未用", 30, actor=cast.administrator)

    asks(used)

    shown = {one.label: one.last_used_on for one in admin.get("/tokens/").context["valid"]}
    assert shown == {"在用": timezone.localdate(), "未用": None}


def test_a_program_without_a_name_or_days_gets_no_token(cast, admin):
    answer = admin.post(
        "/tokens/new/", {"user": cast.secretary.pk, "label": " ", "days": "4000", "access": "both"}
    )

    assert set(answer.context["form"].errors) == {"label", "days"}
    assert not Token.objects.exists()


def test_nobody_else_opens_these_pages(cast, client):
    _text, token = issue_token(cast.secretary, "网关", 30, actor=cast.administrator)
    client.force_login(cast.leader)

    paths = ("/tokens/", "/tokens/new/", f"/tokens/{token.pk}/revoke/")

    assert {client.get(path).status_code for path in paths} == {403}
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 403
    assert Token.objects.get().revoked_at is None


def test_tokens_of_another_street_are_out_of_reach(cast, admin):
    stranger = User.objects.create_user("stranger", PASSWORD, display_name="stranger")
    appoint(stranger, Role.LEADER, cast.other_street, valid_from=SINCE, by=SYSTEM)
    _text, token = issue_token(stranger, "别处", 30, actor=stranger)

    assert admin.get("/tokens/").context["valid"] == []
    assert admin.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert (
        admin.post(
            "/tokens/new/", {"user": stranger.pk, "label": "网关", "days": "90", "access": "both"}
        )
        .context["form"]
        .errors
    )
    with pytest.raises(Refused) as refused:
        revoke_token(token, actor=cast.administrator)
    assert refused.value.code == "role"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_little_of_the_database(cast, admin, django_assert_max_num_queries, count):
    for n in range(count):
        issue_token(cast.secretary, f"网关{n}", 30, actor=cast.administrator)

    with django_assert_max_num_queries(8):
        admin.get("/tokens/")
