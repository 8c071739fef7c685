"""A request comes in by Open311, and by the form on the web: how fast is the one to the other?

Both enter the same work order with its journal entry, number and clocks, on the same server, in
turns. The form is the clerk's, with a session; the protocol finds the grid by the point.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from statistics import median
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils.crypto import get_random_string

from fenghuang.api.actions import issue_token
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role

from .books import Books, found_books
from .load import FORM, Load, post, send
from .results import Result
from .servers import served

CONNECTIONS = 8
LEAST = 0.7
TEXT = "三单元楼道灯不亮，晚上走路看不见，请尽快修理。"


def measure(quick: bool) -> Iterator[Result]:
    rounds, seconds = (3, 1.5) if quick else (7, 4.0)
    books = found_books("甲街")
    engine = connection.vendor
    ours, form = _reports(books), _filled_in(books)
    protocols: list[Load] = []
    forms: list[Load] = []
    workers = 1 if engine == "sqlite" else 2
    application = "fenghuang.config.wsgi:application"
    with served(application, workers=workers, environment=os.environ) as port:
        for turn in range(rounds + 1):
            protocol_now = send(ours, port, connections=CONNECTIONS, seconds=seconds)
            form_now = send(form, port, connections=CONNECTIONS, seconds=seconds)
            if turn:  # the first warms up
                protocols.append(protocol_now)
                forms.append(form_now)
    assert {status for load in protocols for status in load.statuses} == {200}, protocols
    assert {status for load in forms for status in load.statuses} == {302}, forms
    assert check(books.street.pk) == []
    ratio = median(a.rate / b.rate for a, b in zip(protocols, forms, strict=True))
    yield Result(f"Open311, {CONNECTIONS} connections · {engine}", _rate(protocols), "requests/s")
    yield Result(f"form on the web · {engine}", _rate(forms), "requests/s")
    yield Result(f"Open311 against the form · {engine}", ratio, "times", LEAST)


def _rate(loads: list[Load]) -> float:
    return median(load.rate for load in loads)


def _reports(books: Books) -> Iterator[bytes]:
    centre = books.staff[Role.CENTRE]
    key, _token = issue_token(centre, "bench", 1, actor=centre)
    n = 0
    while True:
        lon, lat = books.point_in(n % len(books.grids))
        given = {"service_code": "lighting", "description": TEXT, "lat": lat, "long": lon}
        body = urlencode({"api_key": key, "attribute[fixmystreet_id]": n} | given).encode()
        yield post("/open311/v2/requests.json", body, kind=FORM)
        n += 1


def _filled_in(books: Books) -> Iterator[bytes]:
    secret = get_random_string(CSRF_SECRET_LENGTH)
    cookies = f"Cookie: sessionid={_session(books.staff[Role.CENTRE])}; csrftoken={secret}\r\n"
    given = {"csrfmiddlewaretoken": secret, "text": TEXT, "category": "lighting", "kind": "help"}
    given |= {"level": "ordinary", "channel": "hotline"}
    n = 0
    while True:
        place = books.grids[n % len(books.grids)].pk
        body = urlencode(given | {"place": place, "client_key": uuid4()}).encode()
        yield post("/requests/orders/register/", body, cookies, kind=FORM)
        n += 1


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
