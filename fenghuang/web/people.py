"""The screens of the system administrator, and everybody's own sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fenghuang.kernel.people.actions import SYSTEM
from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.people.scope import administered
from fenghuang.kit.door import lines
from fenghuang.kit.screens import carried_out, for_administrators, signed_in

from . import actions, forms
from .substitutes import now_for

MOST = 200

#: What stands in a browser's description of itself, and how people call that browser or system.
_BROWSERS = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def device(described: str) -> str:
    """A browser and system as people call them, from how the browser describes itself.

    >>> device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36")
    'Chrome · Windows'
    >>> device("curl/8.1")
    'curl/8.1'
    """
    known = [
        next((name for sign, name in signs.items() if sign in described), "")
        for signs in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, known)) or described[:40]


@require_safe
@for_administrators
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody who works here, with the roles they hold today."""
    text = request.GET.get("q", "").strip()[:60]
    today = timezone.localdate()
    people = (
        actions.staff_of(signed_in(request))
        .exclude(username=SYSTEM)
        .select_related("unit")
        .order_by("display_name", "pk")
    )
    if text:
        people = people.filter(Q(display_name__icontains=text) | Q(username__icontains=text))
    held = Appointment.objects.valid_on(today).select_related("place").order_by("valid_from")
    found = list(people.prefetch_related(Prefetch("appointments", held, "held_today"))[: MOST + 1])
    return render(
        request,
        "web/staff.html",
        {
            "people": found[:MOST],
            "has_more": len(found) > MOST,
            "text": text,
            "locked": locked_names(),
            "line_titles": line_titles(),
        },
    )


def line_titles() -> dict[str, Any]:
    """How the lines are called, by code."""
    return {line.code: line.title for line in lines()}


def locked_names(username: str | None = None) -> set[str]:
    """The user names that cannot sign in just now after too many wrong passwords."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    if username is not None:
        attempts = attempts.filter(username=username)
    return set(attempts.values_list("username", flat=True))


@for_administrators
def employ(request: HttpRequest) -> HttpResponse:
    """Add a person; the first password is shown on the page that answers, and never again."""
    form = forms.Employ(
        request.POST if request.method == "POST" else None, actor=signed_in(request)
    )
    if carried_out(form, actions.employ, actor=signed_in(request)):
        user, password = form.outcome
        return render(request, "web/password.html", {"person": user, "password": password})
    return render(request, "web/employ.html", {"form": form})


def _colleague(request: HttpRequest, username: str) -> User:
    return get_object_or_404(actions.staff_of(signed_in(request)), username=username)


@require_safe
@for_administrators
def person(request: HttpRequest, username: str) -> HttpResponse:
    """A member of staff: roles, account, sessions."""
    colleague = _colleague(request, username)
    today = timezone.localdate()
    appointments = list(
        colleague.appointments.filter(street__in=administered(signed_in(request)))
        .select_related("place")
        .order_by("-valid_from", "-pk")
    )
    return render(
        request,
        "web/person.html",
        {
            "person": colleague,
            "held": [one for one in appointments if one.valid_to is None or one.valid_to > today],
            "former": [one for one in appointments if one.valid_to and one.valid_to <= today],
            "sessions": _sessions(colleague),
            "is_locked": bool(locked_names(colleague.username)),
            "is_oneself": colleague == signed_in(request),
            "line_titles": line_titles(),
            "stands_in": [one for side in now_for(colleague) for one in side],
        },
    )


@for_administrators
def appoint(request: HttpRequest, username: str) -> HttpResponse:
    """Give a further role."""
    colleague = _colleague(request, username)
    form = forms.Appoint(
        request.POST if request.method == "POST" else None, actor=signed_in(request)
    )
    if carried_out(form, actions.appoint, colleague, actor=signed_in(request)):
        messages.success(request, _("The role is given."))
        return redirect("person", username)
    return render(request, "web/appoint.html", {"form": form, "person": colleague})


@for_administrators
def dismiss(request: HttpRequest, username: str, pk: str) -> HttpResponse:
    """End a role."""
    colleague = _colleague(request, username)
    appointment = get_object_or_404(
        colleague.appointments.filter(street__in=administered(signed_in(request)), valid_to=None),
        pk=pk,
    )
    form = forms.Dismiss(
        request.POST if request.method == "POST" else None, actor=signed_in(request)
    )
    if carried_out(form, actions.dismiss, appointment, actor=signed_in(request)):
        messages.success(request, _("The role ends on the day you gave."))
        return redirect("person", username)
    return render(
        request,
        "web/dismiss.html",
        {"form": form, "person": colleague, "appointment": appointment},
    )


@require_POST
@for_administrators
def account(request: HttpRequest, username: str) -> HttpResponse:
    """One of the small things done to an account, named by the button that was pressed."""
    colleague, actor = _colleague(request, username), signed_in(request)
    match request.POST.get("do"):
        case "unlock":
            actions.unlock(colleague, actor=actor)
            messages.success(request, _("The account is unlocked."))
        case "suspend":
            actions.set_active(colleague, actor=actor, is_active=False)
            messages.success(request, _("The account is suspended and signed out everywhere."))
        case "restore":
            actions.set_active(colleague, actor=actor, is_active=True)
            messages.success(request, _("The account may sign in again."))
        case "end_sessions":
            actions.end_sessions(colleague, actor=actor)
            messages.success(request, _("Signed out everywhere."))
        case "renew_password":
            password = actions.renew_password(colleague, actor=actor)
            return render(request, "web/password.html", {"person": colleague, "password": password})
    return redirect("person", username)


def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in oneself; each session can be ended."""
    if request.method == "POST":
        one = request.POST.get("session", "")
        actions.end_sessions(
            signed_in(request), actor=signed_in(request), only=int(one) if one.isdecimal() else None
        )
        messages.success(request, _("Signed out there."))
        return redirect("usersessions_list")
    return render(
        request,
        "usersessions/usersession_list.html",
        {"sessions": _sessions(signed_in(request))},
    )


def _sessions(user: User) -> list[tuple[UserSession, str]]:
    """Where somebody is signed in, the newest first, and with what."""
    held = UserSession.objects.purge_and_list(user)
    held.sort(key=lambda one: one.created_at, reverse=True)
    return [(one, device(one.user_agent)) for one in held]
