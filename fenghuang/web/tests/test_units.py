"""Units are added by the administrator, once each, and kept in the journal."""

from __future__ import annotations

from fenghuang.kernel.journal import read
from fenghuang.kernel.people.models import Unit


def test_the_administrator_adds_a_unit_once(cast, client):
    client.force_login(
        cast.administrator, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    for _twice in range(2):
        client.post("/units/", {"name": "经发办", "kind": "department"})

    unit = Unit.objects.get(name="经发办")
    assert [change.verb for change in read.history(unit.pk)] == ["found_unit"]
    assert "经发办" in client.get("/units/").content.decode()


def test_nobody_else_adds_a_unit(cast, client):
    client.force_login(
        cast.secretary, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    client.post("/units/", {"name": "经发办", "kind": "department"})

    assert not Unit.objects.filter(name="经发办").exists()
