"""Translate JSON in, one call, translate JSON out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import CalendarMissing
from fenghuang.kit.door import lines
from fenghuang.kit.intakes import OF_ALL, Intake
from fenghuang.kit.lists import Order, page
from fenghuang.kit.screens import STATUS, calendar_sentence

from .batches import enter, read
from .bodies import content_of
from .rows import Faulty, Problem
from .shown import entered, in_full
from .tokens import Sender, sender_of

_STATUS = STATUS | {
    "not_your_place": 403,
    "client_key_taken": 409,
    "no_such_address": 404,
    "no_such_record": 404,
    "method": 405,
    "too_big": 413,
}
View = Callable[..., HttpResponse]


def for_senders(*methods: str) -> Callable[[View], View]:
    """The view is for those with a valid token; what it refuses is answered as JSON."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **words: str) -> HttpResponse:
            sender = sender_of(request)
            if sender is None:
                return _no_token()
            try:
                if request.method not in methods:
                    raise Refused(
                        "method", _("Use: %(methods)s.") % {"methods": "、".join(methods)}
                    )
                return view(request, sender, **words)
            except Faulty as faulty:
                return answer([problem._asdict() for problem in faulty.problems], 400)
            except Refused as refused:
                return refusal(refused)
            except CalendarMissing as missing:
                return refusal(Refused("calendar_missing", calendar_sentence(missing)))
            except RequestDataTooBig:
                return refusal(
                    Refused(
                        "too_big", _("This is more than is taken at once. Send smaller batches.")
                    )
                )

        return login_not_required(csrf_exempt(guarded))

    return decorate


def answer(content: Any, status: int = 200) -> JsonResponse:
    response = JsonResponse(
        content, safe=False, status=status, json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(len(response.content))
    return response


def refusal(refused: Refused) -> JsonResponse:
    """What went wrong, as the list of one problem."""
    problem = Problem(refused.code, str(refused), refused.where)
    return answer([problem._asdict()], _STATUS.get(refused.code, 400))


def _no_token() -> JsonResponse:
    response = answer(
        [Problem("token", _("Send a valid token: “Authorization: Bearer …”."), "")._asdict()], 401
    )
    response["WWW-Authenticate"] = "Bearer"
    return response


def no_such_address(request: HttpRequest) -> JsonResponse:
    """For addresses below /api/ that mean nothing."""
    return refusal(
        Refused("no_such_address", _("There is nothing here. /api/ lists what there is."))
    )


@for_senders("GET", "HEAD")
def index(request: HttpRequest, sender: Sender) -> HttpResponse:
    """What there is: each kind of record with its address and fields."""
    return answer(
        [
            {
                "address": f"{request.path}{line.code}/{intake.code}/",
                "title": str(intake.model._meta.verbose_name),
                "fields": [
                    *(
                        {
                            "name": column.code,
                            "title": column.header,
                            "is_required": column.is_required,
                        }
                        for column in intake.columns
                    ),
                    *({"name": name, "is_required": False} for name in OF_ALL),
                ],
            }
            for line in lines()
            for intake in line.intakes
        ]
    )


def _intake(line_code: str, code: str) -> Intake:
    for line in lines():
        if line.code == line_code:
            for intake in line.intakes:
                if intake.code == code:
                    found: Intake = intake
                    return found
    raise Refused("no_such_address", _("There is nothing here. /api/ lists what there is."))


@for_senders("GET", "HEAD", "POST")
def records(request: HttpRequest, sender: Sender, line: str, code: str) -> HttpResponse:
    """GET lists the records within sight, POST enters one or a list of them, all or none."""
    intake = _intake(line, code)
    if request.method == "POST":
        return _enter(request, sender, intake)
    return _list(request, sender, intake)


def _enter(request: HttpRequest, sender: Sender, intake: Intake) -> HttpResponse:
    content, today = content_of(request), timezone.localdate()
    made = enter(intake, read(intake, content, sender, today), sender, today)
    shown = [entered(record) for record in made.records]
    status = 201 if made.is_new else 200
    return answer(shown if isinstance(content, list) else shown[0], status)


def _list(request: HttpRequest, sender: Sender, intake: Intake) -> HttpResponse:
    found = _within_sight(sender, intake).standing()
    if since := request.GET.get("since", ""):
        try:
            found = found.filter(happened_on__gte=date.fromisoformat(since))
        except ValueError as error:
            raise Refused("day", _("“since” is a day, as 2021-03-05."), where="since") from error
    shown = page(found, Order("happened_on", False), after=request.GET.get("after", ""))
    return answer({"records": in_full(intake, shown.records, sender), "after": shown.after or None})


@for_senders("GET", "HEAD")
def record(request: HttpRequest, sender: Sender, line: str, code: str, number: str) -> HttpResponse:
    """One record within sight, by its number; a withdrawn one too, and it says so."""
    intake = _intake(line, code)
    found = _within_sight(sender, intake).filter(number=number).first()
    if found is None:
        raise Refused("no_such_record", _("There is no such record, or it is not yours to see."))
    return answer(in_full(intake, [found], sender)[0])


def _within_sight(sender: Sender, intake: Intake) -> Any:
    records = intake.model.objects.visible_to(sender.user).filter(street=sender.street)
    return records.select_related("place")
