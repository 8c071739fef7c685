"""Markup that somebody typed is shown as what was typed, on every page."""

from __future__ import annotations

import pytest
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat

from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.places.models import OtherName, Place
from tests.architecture.addresses import addresses, asked_at, found_spots

MARKUP = "<u>\"'"
SHOWN = {"&lt;u&gt;&quot;&#x27;", "&lt;u&gt;&quot;&#39;"}


def _typed(model: type[models.Model]) -> dict[str, str]:
    """All fields of a class that people type into, filled with markup."""
    return {
        field.name: MARKUP
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.unique
        and (field.max_length or 1000) >= len(MARKUP)
        and field.name not in ("number", "order_no", "password", "client_key", "pseudonym")
        and field.name != "rule_version"
    }


@pytest.mark.parametrize("name", ["office", "centre", "secretary", "administrator"])
def test_markup_in_every_field_is_text_on_every_page(name, cast, client):
    spot = found_spots(cast)["east"]
    for model in (*spot.records, Place, OtherName):
        model._default_manager.update(**_typed(model))
    Unit.objects.update(name=Concat(Value(MARKUP), "name"))
    User.objects.update(display_name=MARKUP)
    client.force_login(cast.staff[name])
    pages = {
        asked.path
        for address in addresses()
        for asked in asked_at(address, spot)
        if not asked.path.startswith("/api/")
    }

    raw, shown = [], 0
    for path in sorted(pages):
        answer = client.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            text = answer.content.decode()
            raw += [path] if MARKUP in text else []
            shown += any(each in text for each in SHOWN)

    assert raw == []
    assert shown > len(pages) / 4
