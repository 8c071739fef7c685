"""Tokens from the command line."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from fenghuang.api.models import Token
from fenghuang.kernel.journal import read
from fenghuang.kit.door import lines


def said(*words: str) -> str:
    out = StringIO()
    call_command("token", *words, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_a_token_is_issued_listed_and_revoked(cast, django_capture_on_commit_callbacks):
    text = said("issue", "--user", "secretary", "--label", "热线网关")
    asked = Client().get("/api/token/", headers={"Authorization": f"Bearer {text}"}).status_code
    [listed] = json.loads(said("list", "--json"))
    with django_capture_on_commit_callbacks(execute=True):
        said("revoke", listed["id"])

    [after] = json.loads(said("list", "--json"))
    refused = Client().get("/api/token/", headers={"Authorization": f"Bearer {text}"}).status_code
    assert (listed["user"], listed["label"], listed["is_valid"]) == ("secretary", "热线网关", True)
    assert (after["id"], after["is_valid"]) == (listed["id"], False)
    assert (asked, refused) == (200, 401)
    assert [one.verb for one in read.history(Token.objects.get().pk)] == [
        "issue_token",
        "revoke_token",
    ]


def test_the_list_for_people_names_each_token_without_its_text(cast):
    text = said("issue", "--user", "secretary", "--label", "热线网关", "--days", "30")

    line = said("list")

    assert "secretary  热线网关  until" in line and line.endswith("never used")
    assert text not in line


@pytest.mark.line("requests")
def test_a_token_is_issued_for_a_line_and_a_place(cast):
    [line] = [one.code for one in lines()][:1]
    scope = ("--access", "write", "--lines", line, "--place", cast.east.name)
    said("issue", "--user", "secretary", "--label", "热线网关", *scope)

    [listed] = json.loads(said("list", "--json"))
    assert (listed["access"], listed["lines"], listed["place"]) == ("write", line, cast.east.name)
    assert f"write {line} {cast.east.name}" in said("list")


@pytest.mark.parametrize(
    "words",
    [
        ("issue", "--user", "nobody", "--label", "x"),
        ("issue", "--user", "secretary", "--label", "x", "--days", "4000"),
        ("issue", "--user", "outsider", "--label", "x"),
        ("issue", "--user", "secretary", "--label", "x", "--lines", "moon"),
        ("issue", "--user", "secretary", "--label", "x", "--place", "moon"),
        ("revoke", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_wrong_use_is_said_with_exit_code_2(cast, words):
    with pytest.raises(CommandError) as refused:
        said(*words)

    assert refused.value.returncode == 2
    assert not Token.objects.exists()
