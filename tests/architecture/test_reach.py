"""Who reaches what: every address, asked by everybody, for records near, next door and far off."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.shortcuts import resolve_url

from fenghuang.api.actions import issue_token
from fenghuang.kit.door import lines
from fenghuang.web.middleware import API
from tests.architecture.addresses import Address, Asked, Spot, addresses, asked_at, found_spots
from tests.cast import STAFF

#: Where each member of the cast sees records: by the place of the appointment and by the role.
SEES = {
    "leader": {"east", "west"},
    "line_leader": {"east", "west"},
    "office": {"east", "west"},
    "centre": {"east", "west"},
    "department": {"east", "west"},
    "checker": {"east", "west"},
    "statistician": {"east", "west"},
    "auditor": {"east", "west"},
    "administrator": set(),  # looks after people, not after records
    "secretary": {"east"},
    "community_worker": {"east"},
    "grid_worker": {"east"},
    "building_head": set(),  # sees own tasks only, and has none here
    "west_secretary": {"west"},
    "west_grid_worker": {"west"},
    "outsider": set(),  # holds no role
}

REQUESTS_ON = "requests" in {line.code for line in lines()}

#: Pages that somebody may open who has not signed in: none of them knows anything.
OPEN = {
    "account_login",
    "api:index",
    "api:openapi",
    "account_inactive",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "openid_connect_login",
    "openid_connect_callback",
    "set_language",
    "type_size",
    # what is published, as open data; what is not is for the key of its sender
    *(
        f"{space}:{name}"
        for space in ("open311", "open311_test")
        for name in (
            *("discovery", "services", "definition", "requests", "bulk", "updates", "elsewhere"),
            *(("request", "token") if REQUESTS_ON else ()),
        )
    ),
}

#: Pages for residents, who have no account: they hold what is public, or what a secret opens.
PUBLIC = {
    "public",
    *(
        f"requests_public:{name}"
        for name in (
            *("around", "raise", "find", "points", "outlines", "photo", "order"),
            *("slip", "paper", "slip_photo", "slip_verb", "answer"),
            *("follow", "confirm_follow", "end_follow"),
        )
        if REQUESTS_ON
    ),
}

#: Answers to somebody who may look: a page, a way on, a reason why not (now), only for POST.
ANSWERS = {200, 302, 403, 405, 409, 422}

#: A record's number wherever it stands.
NUMBER = r"[A-Z]{2,5}-%d-\d{5}"


@pytest.fixture
def spots(cast) -> dict[str, Spot]:
    return found_spots(cast)


def may_reach(name: str, asked: Asked, where: str) -> bool:
    """May this member of the cast open what stands there? Decided here, not asked of the code."""
    is_staff_there = where != "elsewhere" and name != "outsider"
    match asked.about:
        case "record":
            return where in SEES[name]
        case "place":
            return is_staff_there
        case "ledger":
            return bool(SEES[name]) or name == "building_head"
        case "figure":
            return bool(SEES[name])
        case "batch":
            return is_staff_there and (bool(SEES[name]) or name == "building_head")
        case "upload":
            return name == {"east": "secretary", "west": "west_secretary"}.get(where)
        case "notice":
            return is_staff_there and name in ("administrator", "office", "centre")
        case "template":
            return where != "elsewhere" and name == "centre"
        case "person":
            return is_staff_there and name == "administrator"
    return True


def test_the_cast_is_complete():
    assert set(SEES) == {*STAFF, "outsider"}


def test_every_line_has_a_factory_for_each_kind_of_record(spots):
    kinds = {model for line in lines() for model in line.records}

    assert set(spots["east"].records) == kinds


@pytest.fixture
def sign_in(cast, client):
    """Signs a member of the cast in, on pages and for programs; answers how to ask."""

    def as_(name: str):
        user = cast.outsider if name == "outsider" else cast.staff[name]
        token = issue_token(user, "test", 1, actor=user)[0] if user.street else "none"

        def ask(asked: Asked, method: str = "get"):
            client.force_login(user)
            if asked.path.startswith(API):
                client.logout()
            return getattr(client, method)(asked.path, headers={"Authorization": f"Bearer {token}"})

        return ask

    return as_


@pytest.mark.parametrize("name", SEES)
def test_nobody_reaches_a_record_out_of_scope(name, spots, sign_in):
    ask = sign_in(name)
    hidden = [spot.year for where, spot in spots.items() if where not in SEES[name]]
    seen, wrong = set(), []

    for where, spot in spots.items():
        for asked in (one for address in addresses() for one in asked_at(address, spot)):
            if asked.path not in seen:
                seen.add(asked.path)
                in_scope = may_reach(name, asked, where)
                answer = ask(asked)
                if answer.status_code == 405 and not in_scope:
                    answer = ask(asked, "post")
                wrong += faults(asked, answer, in_scope=in_scope, hidden=hidden)

    assert wrong == []


@pytest.mark.parametrize("name", ["secretary", "west_grid_worker", "administrator", "outsider"])
def test_nobody_does_anything_to_a_record_out_of_scope(name, spots, sign_in):
    ask = sign_in(name)

    answers = {
        asked.path: ask(asked, "post").status_code
        for where, spot in spots.items()
        if where not in SEES[name]
        for address in addresses()
        for asked in asked_at(address, spot)
        if asked.about == "record"
    }

    assert {path for path, status in answers.items() if status not in (401, 404, 405)} == set()


def faults(asked: Asked, answer, *, in_scope: bool, hidden: list[int]) -> list[str]:
    """What is wrong with an answer: its status, or a number on it that should not be there."""
    said = f"{asked.name} {asked.path}: {answer.status_code}"
    if not in_scope:
        # That a record is there at all is not told to whoever may not see it.
        refused = (401, 404) if asked.about == "record" else (403, 404)
        return [] if answer.status_code in refused else [f"{said}, though out of scope"]
    if asked.about == "public":  # numbers are no secret there; what is unknown or hidden is 404
        return [] if answer.status_code in ANSWERS | {404} else [said]
    if answer.status_code not in (ANSWERS if asked.about else ANSWERS | {401, 404}):
        return [said]
    page = text_of(answer)
    return [f"{said} shows {year}" for year in hidden if re.search(NUMBER % year, page)]


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="ignore") + answer.get("Location", "")


@pytest.mark.parametrize("name", ["leader", "secretary", "west_grid_worker", "administrator"])
def test_nobody_finds_a_record_out_of_scope(name, cast, spots, client):
    client.force_login(cast.staff[name])
    lists = [one for one in addresses() if not one.wants and one.line in line_codes()]
    wrong = []

    for where, spot in spots.items():
        for record in spot.records.values() if where not in SEES[name] else ():
            for path in ("/search/", *(resolve_url(one.name) for one in lists)):
                answer = client.get(path, {"q": record.number})
                if answer.status_code == 302 or f"/{record.number}/" in text_of(answer):
                    wrong.append(f"{path} finds {record.number}")

    assert wrong == []


def line_codes() -> set[str]:
    return {line.code for line in lines()}


def test_whoever_has_not_signed_in_is_asked_to(cast, spots, client):
    opened = {
        asked.name
        for address in addresses()
        for asked in asked_at(address, spots["east"])
        if not asks_to_sign_in(asked, client.get(asked.path))
    }

    assert opened == OPEN | PUBLIC


def asks_to_sign_in(asked: Asked, answer) -> bool:
    if asked.path.startswith(API):
        return answer.status_code == 401
    return answer.status_code == 302 and answer["Location"].startswith(
        resolve_url(settings.LOGIN_URL)
    )


def test_what_is_open_to_everybody_knows_nothing(cast, spots, client):
    shown = {
        asked.name
        for address in addresses()
        if address.name in OPEN
        for asked in asked_at(address, spots["east"])
        if re.search(r"[A-Z]{2,5}-\d{4}-\d{5}", text_of(client.get(asked.path)))
    }

    assert shown == set()


def test_an_address_that_nobody_can_fill_is_noticed(spots):
    unknown = Address("requests:meeting_minutes", frozenset({"page"}))

    with pytest.raises(LookupError, match="meeting_minutes"):
        list(asked_at(unknown, spots["east"]))
