"""Translate JSON in, one call, translate JSON out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from fenghuang.kernel.journal import read as journal
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import CalendarMissing
from fenghuang.kit.door import lines
from fenghuang.kit.intakes import Intake
from fenghuang.kit.screens import calendar_sentence

from . import answers
from .answers import answer
from .batches import enter, read
from .bodies import content_of
from .document import document
from .filters import filters_of, narrowed, page
from .limits import OF_TOKENS, TooMany
from .rows import Faulty
from .scope import check_opens, within_sight
from .shown import entered, in_full, prepared
from .tokens import Sender, sender_of

View = Callable[..., HttpResponse]
LOOKS = ("GET", "HEAD")


def for_senders(*methods: str) -> Callable[[View], View]:
    """The view is for those with a valid token; what it refuses is answered as JSON."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **words: str) -> HttpResponse:
            sender = sender_of(request)
            if sender is None:
                return answers.no_token(request)
            if request.method not in methods:
                return answers.wrong_method(methods)
            try:
                OF_TOKENS.count(str(sender.token.pk))
                return view(request, sender, **words)
            except TooMany as spent:
                return answers.too_many(spent)
            except Faulty as faulty:
                return answers.faults(faulty)
            except Refused as refused:
                return answers.refusal(refused)
            except CalendarMissing as missing:
                return answers.refusal(Refused("calendar_missing", calendar_sentence(missing)))
            except RequestDataTooBig:
                return answers.refusal(
                    Refused(
                        "too_big", _("This is more than is taken at once. Send smaller batches.")
                    )
                )

        return login_not_required(csrf_exempt(guarded))

    return decorate


@login_not_required
@csrf_exempt
def openapi(request: HttpRequest) -> HttpResponse:
    """The whole interface as an OpenAPI document; it tells nothing of what is kept."""
    if request.method not in LOOKS:
        return answers.wrong_method(LOOKS)
    return answer(document(get_language() or ""))


@for_senders(*LOOKS)
def token(request: HttpRequest, sender: Sender) -> HttpResponse:
    """What the token that was sent is for."""
    own = sender.token
    return answer(
        {
            "label": own.label,
            "street": sender.street.name,
            "may_read": own.allows("read"),
            "may_write": own.allows("write"),
            "lines": [line.code for line in lines() if own.opens(line.code)],
            "place": own.place and {"id": str(own.place_id), "name": own.place.name},
            "expires_at": timezone.localtime(own.expires_at).isoformat(timespec="seconds"),
        }
    )


@for_senders(*LOOKS, "POST")
def records(request: HttpRequest, sender: Sender, line: str, code: str) -> HttpResponse:
    """GET lists the records within sight, POST enters one or a list of them, all or none."""
    intake = _intake(line, code)
    if request.method == "POST":
        check_opens(sender, line, "write")
        return _enter(request, sender, intake)
    check_opens(sender, line, "read")
    return _list(request, sender, intake)


def _enter(request: HttpRequest, sender: Sender, intake: Intake) -> HttpResponse:
    if request.content_type != "application/json":
        raise Refused("media_type", _("Send JSON: “Content-Type: application/json”."))
    content, today = content_of(request), timezone.localdate()
    made = enter(intake, read(intake, content, sender, today), sender, today)
    shown = [entered(record) for record in made.records]
    status = 201 if made.is_new else 200
    return answer(shown if isinstance(content, list) else shown[0], status)


def _list(request: HttpRequest, sender: Sender, intake: Intake) -> HttpResponse:
    size = journal.size(sender.street.pk)  # first: what changes meanwhile is told twice, never lost
    sight = prepared(intake, within_sight(sender, intake))
    found, after = page(narrowed(sight, filters_of(intake), request.GET, sender.street))
    return answer(
        {"records": in_full(intake, found, sender.street), "after": after, "journal_size": size}
    )


@for_senders(*LOOKS)
def record(request: HttpRequest, sender: Sender, line: str, code: str, number: str) -> HttpResponse:
    """One record within sight, by its number; a withdrawn one too, and it says so."""
    intake = _intake(line, code)
    check_opens(sender, line, "read")
    sight = prepared(intake, within_sight(sender, intake))
    found = sight.filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise Refused("no_such_record", _("There is no such record, or it is not yours to see."))
    return answer(in_full(intake, [found], sender.street)[0])


def _intake(line_code: str, code: str) -> Intake:
    for line in lines():
        if line.code == line_code:
            for intake in line.intakes:
                if intake.code == code:
                    found: Intake = intake
                    return found
    raise Refused("no_such_address", _("There is nothing here. /api/ lists what there is."))


def no_such_address(request: HttpRequest, exception: object = None) -> HttpResponse:
    """For addresses below /api/ that mean nothing."""
    return answers.no_such_address()


def not_understood(request: HttpRequest, exception: object = None) -> HttpResponse:
    """For requests that no view was asked about: a foreign host name, for example."""
    return answers.not_understood()


def forbidden(request: HttpRequest, exception: object = None) -> HttpResponse:
    """For what Django itself forbids."""
    return answers.refusal(Refused("role", _("This is not open to you.")))


def broken(request: HttpRequest) -> HttpResponse:
    """For what nobody foresaw; the log says what it was."""
    return answers.broken()
