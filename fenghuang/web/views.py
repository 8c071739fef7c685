"""The pages that belong to no line: home, menu, search, and what is said when a form is too old."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import CharField, Q, TextField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from fenghuang.kernel.places.models import Place
from fenghuang.kernel.records.models import Record
from fenghuang.kit.door import Line, Task, lines
from fenghuang.kit.lists import Order, Page, in_own_streets, look_for, page
from fenghuang.kit.screens import signed_in
from fenghuang.kit.shown import name_places

from .context import TYPE_SIZE, menus
from .substitutes import now_for

SOON = timedelta(days=7)
FEW = 5
TASKS_A_PAGE = 20
_NUMBER = re.compile(r"[A-Z]{2,5}-\d{4}-\d{5,}", re.IGNORECASE)


@dataclass
class TaskGroup:
    """Tasks that are equally pressing: how many there are, and those on this page."""

    code: str
    title: str
    count: int
    tasks: list[tuple[Line, Task]]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, the most pressing first."""
    user, today = signed_in(request), timezone.localdate()
    tasks = [
        (line, task)
        for line in lines()
        if user.roles(line.code)
        for task in line.tasks(user, today)
    ]
    tasks.sort(key=lambda pair: (pair[1].due_on is None, pair[1].due_on or today))
    shown = Paginator(tasks, TASKS_A_PAGE).get_page(request.GET.get("page"))
    name_places([task.record for _line, task in shown])
    groups = [
        TaskGroup("late", _("Late"), 0, []),
        TaskGroup("today", _("Today"), 0, []),
        TaskGroup("soon", _("In the next seven days"), 0, []),
        TaskGroup("later", _("Later"), 0, []),
    ]
    for _line, task in tasks:
        groups[_pressing(task, today)].count += 1
    for line, task in shown:
        groups[_pressing(task, today)].tasks.append((line, task))
    return render(
        request,
        "web/home.html",
        {
            "groups": [one for one in groups if one.tasks],
            "today": today,
            "count": len(tasks),
            "before": shown.has_previous() and f"?page={shown.previous_page_number()}",
            "after": shown.has_next() and f"?page={shown.next_page_number()}",
            "stands_in": [one for side in now_for(user) for one in side],
            "enters": [one for menu in menus(user, request.path) for one in menu.enters],
        },
    )


def _pressing(task: Task, today: Any) -> int:
    if task.due_on is None:
        return 3
    if task.due_on < today:
        return 0
    if task.due_on == today:
        return 1
    return 2 if task.due_on <= today + SOON else 3


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """All that this person may open, on one page: the menu of a telephone."""
    return render(request, "web/menu.html")


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """All that this person may enter, on one page."""
    return render(
        request,
        "web/enter.html",
        {"entering": [one for one in menus(request.user, request.path) if one.enters]},
    )


@dataclass(frozen=True)
class Found:
    """The records of one kind in which the text was found."""

    line: Line
    kind: str
    label: Any
    page: Page
    has_more: bool


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A number leads straight to its record; text is looked for in all lines.

    `in` names one kind of record (requests.problem), which is then shown page by page.
    """
    text = request.GET.get("q", "").strip()[:80]
    only = request.GET.get("in", "")
    found: list[Found] = []
    places: list[Place] = []
    if _NUMBER.fullmatch(text) and (record := _by_number(request.user, text.upper())):
        return redirect(record)
    if text:
        places = [] if only else _places(request.user, text)
        found = _records(request, text, only)
    return render(
        request,
        "web/search.html",
        {"text": text, "found": found, "places": places, "only": only},
    )


def _kinds(user: Any) -> list[tuple[Line, type[Record]]]:
    return [(line, kind) for line in lines() if user.roles(line.code) for kind in line.records]


def _by_number(user: Any, number: str) -> Record | None:
    for line, kind in _kinds(user):
        if number.startswith(f"{line.number_code}-"):
            record: Record | None = kind.objects.visible_to(user).filter(number=number).first()
            if record is not None:
                return record
    return None


def _records(request: HttpRequest, text: str, only: str) -> list[Found]:
    found = []
    for line, kind in _kinds(request.user):
        if only not in ("", kind._meta.label_lower):
            continue
        visible = in_own_streets(kind.objects.visible_to(request.user), request.user)
        standing = visible.standing().select_related("place")
        hits, _since = look_for(standing, text, text_fields(kind), request.user)
        shown = page(
            hits,
            Order("happened_on", True),
            after=request.GET.get("after", "") if only else "",
            before=request.GET.get("before", "") if only else "",
        )
        has_more = not only and len(shown.records) > FEW
        if not only:
            del shown.records[FEW:]
        name_places(shown.records)
        if shown.records:
            found.append(
                Found(line, kind._meta.label_lower, kind._meta.verbose_name, shown, has_more)
            )
    return found


def text_fields(kind: type[Record]) -> list[str]:
    """Where the words of a record stand; never its personal fields: nobody is looked up by name."""
    return [
        field.name
        for field in kind._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and field.editable
        and not field.choices
        and field.name not in kind.PERSONAL
    ]


def _places(user: Any, text: str) -> list[Place]:
    streets = {held.street_id for held in user.current_appointments}
    named = Q(name__icontains=text) | Q(other_names__name__icontains=text) | Q(codes__code=text)
    return list(
        Place.objects.filter(named, street__in=streets).distinct().order_by("name")[: FEW + 1]
    )


@login_not_required
@csrf_exempt  # changes nothing but how the browser shows a page; so public pages need no cookie
@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """Large type or ordinary type, kept by the browser for a year."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    if request.POST.get("size") == "large":
        response.set_cookie(TYPE_SIZE, "large", max_age=365 * 24 * 60 * 60, samesite="Lax")
    else:
        response.delete_cookie(TYPE_SIZE)
    return response


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from another page."""
    return render(request, "403_csrf.html", status=403)
