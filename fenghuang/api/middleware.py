"""The short way for programs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

from .views import ADDRESS, answer_of

Handler = Callable[[HttpRequest], HttpResponse]


def directly(get_response: Handler) -> Handler:
    """Requests below /api/ go straight to their view.

    A program has no session, no cookie, no form and no page: what the other middleware does for
    people would cost it more time than entering a record. It reads the sentences of refusals in
    the language that it asks for.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADDRESS):
            return get_response(request)
        request.get_host()  # refuses a host that is not ours
        translation.activate(
            translation.get_language_from_request(request)
            if "Accept-Language" in request.headers
            else settings.LANGUAGE_CODE
        )
        request.resolver_match = found = resolve(request.path_info)
        return answer_of(request, found)

    return middleware
