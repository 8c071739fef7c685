"""The short way for programs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, set_urlconf
from django.utils import translation

from .views import no_such_address

ADDRESS = "/api/"
Handler = Callable[[HttpRequest], HttpResponse]


def directly(get_response: Handler) -> Handler:
    """Requests below /api/ go straight to their view.

    A program has no session, no cookie, no form and no page: what the other middleware does for
    people would take longer than to enter a record. Refusals are in the language that is asked for.
    Only the page that explains the interface is for people.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_page = request.path_info == ADDRESS and request.method in ("GET", "HEAD")
        if is_page or not request.path_info.startswith(ADDRESS):
            return get_response(request)
        set_urlconf("fenghuang.api.urls")  # whose answers to failures are JSON too
        request.get_host()  # refuses a host that is not ours
        translation.activate(
            translation.get_language_from_request(request)
            if "Accept-Language" in request.headers
            else settings.LANGUAGE_CODE
        )
        try:
            found = resolve(request.path_info[len(ADDRESS) - 1 :])
        except Resolver404:
            return no_such_address(request)
        request.resolver_match = found
        answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return answer

    return middleware
