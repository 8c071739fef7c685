"""Saved filters of lists: kept under a name, and removed again, each by their owner."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fenghuang.kit import actions
from fenghuang.kit.models import SavedFilter
from fenghuang.kit.screens import signed_in

#: What belongs to a moment's look at the list and not to the filter.
NOT_KEPT = ("after", "before", "export", "ticked")


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Save what the list is narrowed by just now; back to the list."""
    path, _sign, query = request.POST.get("list", "").partition("?")
    if not url_has_allowed_host_and_scheme(path, None) or not path.startswith("/"):
        return redirect("home")
    name = request.POST.get("name", "").strip()[:40]
    if name:
        kept = actions.keep_filter(
            actor=signed_in(request), path=path[:120], query=kept_part(query), name=name
        )
        messages.success(request, _("The filter is saved as “%(name)s”.") % {"name": kept})
        return redirect(kept.address)
    messages.error(request, _("Give the filter a name."))
    return redirect(f"{path}?{query}")


def kept_part(query: str) -> str:
    """The filter alone, without empty fields and without the page one is on.

    >>> kept_part("category=road&level=&after=2021-06-01_x")
    'category=road'
    """
    asked = QueryDict(query, mutable=True)
    for name in [*NOT_KEPT, *(name for name in asked if not asked[name])]:
        asked.pop(name, None)
    return asked.urlencode()


@require_POST
def forget(request: HttpRequest, pk: str) -> HttpResponse:
    """Remove a saved filter; back to the list, which shows everything again."""
    kept = get_object_or_404(SavedFilter.objects.filter(user=signed_in(request)), pk=pk)
    actions.forget_filter(kept, actor=signed_in(request))
    messages.success(request, _("The saved filter is removed."))
    return redirect(kept.path)
