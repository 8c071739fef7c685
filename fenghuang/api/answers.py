"""What programs are answered: JSON in any case, a list of problems where something is wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused
from fenghuang.kit import screens

from .limits import OF_STRANGERS, TooMany, address_key
from .rows import Faulty, Problem

#: What is wrong with a record is 422; what is wrong with the request itself stands here.
STATUS = screens.STATUS | {
    "json": 400,
    "shape": 400,
    "parameter": 400,
    "not_your_place": 403,
    "token_line": 403,
    "token_access": 403,
    "token_place": 403,
    "no_such_address": 404,
    "no_such_record": 404,
    "method": 405,
    "client_key_taken": 409,
    "too_big": 413,
    "media_type": 415,
}


def answer(content: Any, status: int = 200) -> JsonResponse:
    response = JsonResponse(
        content, safe=False, status=status, json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(len(response.content))
    return response


def faults(faulty: Faulty) -> JsonResponse:
    """All that is wrong with the records that were sent."""
    return answer([problem._asdict() for problem in faulty.problems], 422)


def refusal(refused: Refused) -> JsonResponse:
    """What went wrong, as the list of one problem."""
    return _one(refused.code, str(refused), STATUS.get(refused.code, 422), refused.where)


def wrong_method(methods: tuple[str, ...]) -> JsonResponse:
    refused = _one("method", _("Use: %(methods)s.") % {"methods": "、".join(methods)}, 405)
    refused["Allow"] = ", ".join(methods)
    return refused


def too_many(spent: TooMany) -> JsonResponse:
    sentence = _(
        "Up to %(most)s requests a minute are answered. Ask again in %(seconds)s seconds."
    ) % {"most": spent.most, "seconds": spent.seconds}
    refused = _one("too_many", sentence, 429)
    refused["Retry-After"] = str(spent.seconds)
    return refused


def no_token(request: HttpRequest) -> JsonResponse:
    """For somebody who sends no valid token; whoever goes on doing so is told to wait."""
    try:
        OF_STRANGERS.count(address_key(request))
    except TooMany as spent:
        return too_many(spent)
    refused = _one("token", _("Send a valid token: “Authorization: Bearer …”."), 401)
    refused["WWW-Authenticate"] = "Bearer"
    return refused


def no_such_address() -> JsonResponse:
    return _one("no_such_address", _("There is nothing here. /api/ lists what there is."), 404)


def not_understood() -> JsonResponse:
    return _one("request", _("This request was not understood."), 400)


def broken() -> JsonResponse:
    sentence = _("Something broke on our side. Nothing was entered; send it again later.")
    return _one("broken", sentence, 500)


def _one(code: str, sentence: str, status: int, field: str = "") -> JsonResponse:
    return answer([Problem(code, sentence, field)._asdict()], status)
