"""The screens on which places change, and on which outlines are brought in and drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Boundary, Kind, Place
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.actions import (
    OUTLINES,
    check_may_change,
    draw_outlines,
    drop_upload,
    keep_outlines,
    may_change,
)
from fenghuang.kit.models import Upload
from fenghuang.kit.names import names_of
from fenghuang.kit.outlines import StagedOutlines, stage_outlines
from fenghuang.kit.screens import carried_out, signed_in

from ..context import own_street
from ..levels import FACTS, LEVELS
from . import actions, forms

SHOWN = 200  #: findings on the page

_AREAS = frozenset({Kind.COMMUNITY, Kind.GRID, Kind.COMPOUND})
_BELOW_AREAS = frozenset({Kind.BUILDING, Kind.ENTRANCE, Kind.DWELLING})
_IN_AREAS = frozenset({Kind.GRID, Kind.COMPOUND, Kind.BUILDING})


@dataclass(frozen=True)
class Change:
    """One thing that may happen to places of these levels."""

    label: Any
    form: type[forms.OfPlace]
    action: Callable[..., None]
    explains: Any
    kinds: frozenset[Kind]
    is_grave: bool = False


CHANGES: Mapping[str, Change] = {
    "describe": Change(
        gettext_lazy("Put facts right"),
        forms.Describe,
        actions.describe,
        gettext_lazy(
            "What is said of the place, as it now stands. Name and outline are changed by a "
            "document."
        ),
        _AREAS | _BELOW_AREAS,
    ),
    "rename": Change(
        gettext_lazy("Rename"),
        forms.Rename,
        actions.rename,
        gettext_lazy("The former name stays in the history, and the place is still found by it."),
        _AREAS | _BELOW_AREAS,
    ),
    "move": Change(
        gettext_lazy("Move elsewhere"),
        forms.Move,
        actions.move,
        gettext_lazy(
            "Earlier records go on counting where the place stood on their day; who looks "
            "after the place changes from that day."
        ),
        _IN_AREAS,
    ),
    "split": Change(
        gettext_lazy("Split"),
        forms.Split,
        actions.split,
        gettext_lazy(
            "The place ends on that day and its parts begin. Earlier records stay with it. "
            "Bring the outlines of the parts in afterwards."
        ),
        _AREAS,
        is_grave=True,
    ),
    "merge": Change(
        gettext_lazy("Merge into another place"),
        forms.Merge,
        actions.merge,
        gettext_lazy(
            "The place ends on that day. What stands in it, its open work and its area go "
            "over to the one that goes on; earlier records count where they happened."
        ),
        _AREAS,
        is_grave=True,
    ),
    "retire": Change(
        gettext_lazy("Retire"),
        forms.Retire,
        actions.retire,
        gettext_lazy(
            "The place ends on that day and nothing goes on for it. It must be empty; its "
            "history stays."
        ),
        _AREAS | _BELOW_AREAS,
        is_grave=True,
    ),
}


def changes_of(place: Place, user: User) -> list[tuple[str, Change]]:
    """What the person may do to the place today: address and label."""
    if place.valid_to is not None or not may_change(user, place.street, place.kind):
        return []
    return [
        (reverse("place_change", args=[place.pk, code]), one)
        for code, one in CHANGES.items()
        if place.kind in one.kinds
    ]


def change(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """GET asks, POST changes the place, for those who may."""
    user = signed_in(request)
    found = get_object_or_404(Place, pk=pk, street=own_street(user))
    asked = CHANGES.get(verb)
    if asked is None or found.kind not in asked.kinds:
        raise Http404(verb)
    check_may_change(user, found.street, found.kind)
    place = LEVELS[found.kind].objects.get(pk=pk)
    given = request.POST if request.method == "POST" else None
    form = _form(asked, found.kind)(given, actor=user, place=place)
    if carried_out(form, asked.action, place, actor=user):
        messages.success(
            request, _("%(place)s: “%(verb)s” is done.") % {"place": found, "verb": asked.label}
        )
        return redirect("place", pk)
    template = "web/changes/split.html" if verb == "split" else "web/changes/change.html"
    return render(
        request,
        template,
        {"place": found, "change": asked, "form": form},
        status=422 if form.errors else 200,
    )


def _form(asked: Change, kind: str) -> type[forms.OfPlace]:
    if asked.form is forms.Describe:
        return type("Describe", (forms.Describe,), {"NAMES": FACTS[kind]})
    return asked.form


# Outlines


def bring_outlines(request: HttpRequest) -> HttpResponse:
    """Bring a GeoJSON file in; nothing is drawn before somebody has looked at it."""
    user = signed_in(request)
    street = own_street(user)
    check_may_change(user, street, Kind.GRID)
    form = forms.BringOutlines(request.POST or None, request.FILES or None, actor=user)

    def keep(*, file: Any) -> Upload:
        if file.size > settings.FENGHUANG_LEDGER_MAX_BYTES:
            raise Refused(
                "file_too_large", _("The file is too large. Simplify the outlines."), where="file"
            )
        content = file.read()
        stage_outlines(content, names_of(street), street=street)  # refuses what is no GeoJSON
        return keep_outlines(street, content, file.name, actor=user)

    if carried_out(form, keep):
        return redirect("staged_outlines", form.outcome.pk)
    return render(
        request, "web/changes/bring.html", {"form": form}, status=422 if form.errors else 200
    )


def _staged(request: HttpRequest, pk: Any) -> tuple[Upload, StagedOutlines]:
    kept = get_object_or_404(Upload, pk=pk, kept_by=request.user, ledger=OUTLINES)
    check_may_change(signed_in(request), kept.street, Kind.GRID)
    return kept, stage_outlines(
        bytes(kept.content), names_of(kept.street), street=kept.street, file_name=kept.file_name
    )


def staged_outlines(request: HttpRequest, pk: Any) -> HttpResponse:
    """What is in the file, on a map and in words; POST draws it."""
    user = signed_in(request)
    kept, staged = _staged(request, pk)
    is_redrawing = "redraw" in request.POST
    form = forms.Redraw(request.POST if is_redrawing else None, actor=user)
    if request.method == "POST" and not is_redrawing:
        return _drawn(request, kept, draw_outlines(staged, actor=user))
    if carried_out(form, draw_outlines, staged, actor=user):
        return _drawn(request, kept, form.outcome)
    return render(
        request,
        "web/changes/staged.html",
        {
            "upload": kept,
            "staged": staged,
            "form": form,
            "notes": [one for one in staged.findings if not one.is_error][:SHOWN],
            "errors": staged.errors[:SHOWN],
            "outlines": reverse("staged_outlines_map", args=[pk]),
        },
        status=422 if form.errors else 200,
    )


def _drawn(request: HttpRequest, kept: Upload, count: int) -> HttpResponse:
    drop_upload(kept)
    messages.success(
        request,
        ngettext("%(n)d outline is drawn.", "%(n)d outlines are drawn.", count) % {"n": count},
    )
    return redirect("places")


@require_safe
def staged_outlines_map(request: HttpRequest, pk: Any) -> JsonResponse:
    """The outlines that the file would draw, over those of today, as GeoJSON for the map."""
    kept, staged = _staged(request, pk)
    today = (
        Boundary.objects.valid_on(timezone.localdate())
        .filter(street=kept.street, place__kind=Kind.GRID)
        .values_list("place_id", "place__name", "geometry")
    )
    features = [_feature(*row, is_held=True) for row in today]
    new = [*staged.new, *staged.changed]
    features += [_feature(grid.id, grid.name, geometry) for grid, geometry in new]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _feature(place: Any, name: str, geometry: Any, *, is_held: bool = False) -> dict[str, Any]:
    address = reverse("place", args=[place])
    properties = {"name": name, "address": address, "is_held": is_held}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
