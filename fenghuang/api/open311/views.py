"""The addresses of Open311: read what was given, one call, answer in the form asked for."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from math import cos, radians

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from fenghuang.kernel.places.outlines import locate
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import CalendarMissing
from fenghuang.kit.door import lines
from fenghuang.kit.open311 import Desk, Point, Told, Wanted
from fenghuang.kit.screens import calendar_sentence

from . import content
from .callers import called
from .forms import TYPES, Answer, w3c
from .given import LONGEST, MOST, MOST_PAGES, Given
from .reports import report_of, service_called

View = Callable[..., Answer]
LOOKS = ("GET", "HEAD")
NEAR, FARTHEST = 1_000, 20_000  # metres
_METRES = 111_320  # of one degree of latitude

#: Everything else that is refused is the caller's mistake: 400.
_STATUS = {
    "key": 403,
    "unknown_jurisdiction": 404,
    "unknown_service": 404,
    "unknown_request": 404,
    "unknown_token": 404,
    "no_such_address": 404,
}


def spoken(*methods: str, is_plain: bool = False) -> Callable[[View], Callable[..., HttpResponse]]:
    """The view's answer, or why it was refused, in the form that the address ends with.

    `is_plain` leaves the encoding out of the type, as one validator of discovery documents wants.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def speaking(request: HttpRequest, form: str | None = None, **words: str) -> HttpResponse:
            form, status = form or "xml", 200
            try:
                if request.method not in methods:
                    raise Refused(
                        "method", _("Use: %(methods)s.") % {"methods": "、".join(methods)}
                    )
                said = view(request, **words)
            except Refused as refused:
                status = _STATUS.get(refused.code, 400)
                said = content.error(status, str(refused))
            except CalendarMissing as missing:
                status, said = 400, content.error(400, calendar_sentence(missing))
            kind = TYPES[form] if is_plain and status == 200 else f"{TYPES[form]}; charset=utf-8"
            response = HttpResponse(said.written(form), content_type=kind, status=status)
            response["Cache-Control"] = "no-store"
            return response

        return login_not_required(csrf_exempt(speaking))

    return decorate


def _desk() -> Desk:
    for line in lines():
        if line.open311 is not None:
            return line.open311
    raise Refused("no_such_address", _("Nothing is offered here."))


@spoken(*LOOKS, is_plain=True)
def discovery(request: HttpRequest, is_test: bool = False) -> Answer:
    """Where the interface is, in production and for tests."""
    return content.discovery(
        contact=_("The governance centre of the street office"),
        key_service=_("Ask the system administrator of the street office for an access token."),
        urls={
            "production": request.build_absolute_uri(_root("open311")),
            "test": request.build_absolute_uri(_root("open311_test")),
        },
    )


def _root(space: str) -> str:
    return reverse(f"{space}:services", kwargs={"form": "xml"}).removesuffix("/services.xml")


@spoken(*LOOKS)
def services(request: HttpRequest, is_test: bool = False) -> Answer:
    """What may be reported; nothing for a point outside of the street."""
    given = Given.of(request)
    desk, point = _desk(), given.point()
    to = called(given)
    if point and locate(to.street.pk, *point, timezone.localdate()) is None:
        return content.services([])
    return content.services(desk.services())


@spoken(*LOOKS)
def definition(request: HttpRequest, code: str, is_test: bool = False) -> Answer:
    """What more a service asks for."""
    called(Given.of(request))
    return content.definition(service_called(_desk(), _named(code, "service_code")))


def _named(text: str, name: str) -> str:
    if not text.strip():
        raise Refused("missing", _("“%(name)s” is missing.") % {"name": name})
    return text


@spoken(*LOOKS, "POST")
def requests(request: HttpRequest, is_test: bool = False) -> Answer:
    """POST reports a matter, GET lists what was reported."""
    given, desk = Given.of(request), _desk()
    to = called(given)
    if request.method == "POST":
        report = report_of(request, given, to, desk)
        number = desk.take(report, timezone.now(), is_test=is_test)
        notice = _("This is a test; nothing was entered.") if is_test else ""
        return content.posted(number, notice)
    with_extensions = given.one("extensions").lower() == "true"
    found = desk.requests(to.street, to.user, _wanted(given, desk), with_notes=with_extensions)
    return content.requests(found, with_extensions=with_extensions)


def _wanted(given: Given, desk: Desk) -> Wanted:
    most = given.whole("page_size", most=MOST) or given.whole("count", most=MOST) or MOST
    page = given.whole("page", most=MOST_PAGES) or 1
    start = (page - 1) * most
    if numbers := given.many("service_request_id"):
        return Wanted(numbers=numbers[:MOST], start=start, most=most)
    since, until = given.span()
    return Wanted(
        services=[service_called(desk, code).code for code in given.many("service_code")],
        is_open=_is_open(given.many("status")),
        since=since,
        until=until,
        around=_around(given),
        start=start,
        most=most,
    )


def _is_open(words: list[str]) -> bool | None:
    """Open, closed, or both."""
    known = {word.lower() for word in words}
    if not known <= {"open", "closed"}:
        raise Refused("status", _("“status” is one of: %(words)s.") % {"words": "open, closed"})
    return None if len(known) != 1 else known == {"open"}


def _around(given: Given) -> tuple[Point, Point] | None:
    """The square around `lat` and `long`, with `radius` metres (or 1,000) to each side."""
    point, metres = given.point(), given.whole("radius", most=FARTHEST) or NEAR
    if point is None:
        return None
    lon, lat = point
    north = metres / _METRES
    east = north / max(cos(radians(lat)), 0.01)
    return (lon - east, lat - north), (lon + east, lat + north)


@spoken(*LOOKS)
def request_of(request: HttpRequest, number: str, is_test: bool = False) -> Answer:
    """One request, as a list of one."""
    given = Given.of(request)
    return content.requests(
        [_told(given, _named(number, "service_request_id"), "unknown_request")],
        with_extensions=given.one("extensions").lower() == "true",
    )


@spoken(*LOOKS)
def token(request: HttpRequest, token: str, is_test: bool = False) -> Answer:
    """A report has its number at once, so the number is its own token."""
    told = _told(Given.of(request), _named(token, "token"), "unknown_token")
    return content.token(told.number)


def _told(given: Given, number: str, code: str) -> Told:
    to, desk = called(given), _desk()
    found = (
        desk.requests(to.street, to.user, Wanted(numbers=[number]), with_notes=True)
        if number.isprintable()
        else []
    )
    if not found:
        raise Refused(code, _("There is no such request, or it is not published."))
    return found[0]


@spoken(*LOOKS, "POST")
def updates(request: HttpRequest, is_test: bool = False) -> Answer:
    """GET tells what became of the caller's requests, POST keeps what the caller says of one."""
    given, desk = Given.of(request), _desk()
    to = called(given)
    caller = to.caller
    if request.method != "POST":
        return content.updates(desk.updates(to.street, caller, *given.span()))
    given.wanted("updated_datetime")
    given.moment("updated_datetime")
    number = desk.note(
        to.street,
        caller,
        given.wanted("service_request_id"),
        given.wanted("update_id", longest=40),
        given.wanted("status").upper(),
        given.one("description", longest=LONGEST),
        is_test=is_test,
    )
    return content.updated(number)


@login_not_required
def bulk(request: HttpRequest, is_test: bool = False) -> HttpResponseBase:
    """All that is published, as open data in the bulk format (CSV)."""
    try:
        if request.method not in LOOKS:
            raise Refused("method", _("Use: %(methods)s.") % {"methods": "、".join(LOOKS)})
        given = Given.of(request)
        to, desk = called(given), _desk()
        found = desk.all_published(to.street, given.moment("start_date"), given.moment("end_date"))
    except Refused as refused:
        status = _STATUS.get(refused.code, 400)
        said = content.error(status, str(refused)).written("xml")
        return HttpResponse(said, content_type="text/xml; charset=utf-8", status=status)
    return StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")


class _Line:
    """A file that gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _lines(found: Iterator[Told]) -> Iterator[str]:
    rows = csv.DictWriter(_Line(), content.BULK, extrasaction="ignore")
    yield rows.writerow(dict(zip(content.BULK, content.BULK, strict=True)))
    for told in found:
        row = content.bulk(told)
        yield rows.writerow(
            {name: w3c(row[name]) if isinstance(row[name], datetime) else row[name] for name in row}
        )


@spoken(*LOOKS, "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
def elsewhere(request: HttpRequest, is_test: bool = False) -> Answer:
    """For addresses that mean nothing."""
    raise Refused("no_such_address", _("There is nothing here."))
