"""What happens to every request: who may come in, what is said when something is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import CalendarMissing
from fenghuang.kit.screens import STATUS, calendar_sentence, refusal_page

from .accounts import owes_password

API = "/api/"


class StaffOnly(LoginRequiredMiddleware):
    """Every page wants a sign-in unless it says otherwise by Django's `login_not_required`.

    The interfaces under /api/ ask for tokens themselves.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.path.startswith(API):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


#: What is open to somebody who has not yet chosen a password: the form, and the way to read it.
_BEFORE_OWN_PASSWORD = {"account_change_password", "account_logout", "set_language", "type_size"}


def own_password_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Whoever comes in with a first password chooses one before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.url_name in _BEFORE_OWN_PASSWORD or not owes_password(request):
            return None
        return redirect("account_change_password")

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django looks for it there
    return middleware


def refusals(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A refusal that no screen caught becomes a page with its sentence, or JSON for programs.

    What staff see is kept nowhere on the way: neither by the browser nor by a proxy.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def process_exception(request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, CalendarMissing):
            problem = Refused("calendar_missing", calendar_sentence(problem))
        if not isinstance(problem, Refused):
            return None
        if request.path.startswith(API):
            return JsonResponse(
                {"code": problem.code, "description": str(problem)},
                status=STATUS.get(problem.code, 422),
            )
        return refusal_page(request, problem)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django looks for it there
    return middleware
