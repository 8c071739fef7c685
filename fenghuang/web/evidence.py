"""Handing out and taking in evidence: who may open a record may see its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fenghuang.kernel.evidence import actions
from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.evidence.queries import can_see
from fenghuang.kernel.evidence.serving import (
    THUMBNAIL_HEADERS,
    headers_of,
    path_of,
    thumbnail_path_of,
)
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit.door import lines
from fenghuang.kit.forms import Day, OfficeForm, OneOf, Text
from fenghuang.kit.screens import carried_out, may_add_evidence, record_or_404


def _seen(request: HttpRequest, pk: Any) -> Attachment:
    attachment = get_object_or_404(Attachment.objects.select_related("file"), pk=pk)
    if not (attachment.is_kept and can_see(request.user, attachment)):
        raise Http404(pk)
    return attachment


def _answer(path: Path | None, headers: Any) -> FileResponse:
    if path is None or not path.exists():
        raise Http404(path)
    response = FileResponse(path.open("rb"))
    for name, value in headers.items():
        response.headers[name] = value
    return response


@require_safe
def file(request: HttpRequest, pk: Any) -> FileResponse:
    """The file itself, with headers under which no browser runs anything in it."""
    attachment = _seen(request, pk)
    return _answer(path_of(attachment.file), headers_of(attachment))


@require_safe
def thumbnail(request: HttpRequest, pk: Any) -> FileResponse:
    """A small picture of a picture."""
    return _answer(thumbnail_path_of(_seen(request, pk).file), THUMBNAIL_HEADERS)


class Evidence(OfficeForm):
    """One file and what it shows."""

    upload = forms.FileField(label=gettext_lazy("file"))
    kind = OneOf(Attachment.Kind, label=term("attachment_kind"), initial=Attachment.Kind.PHOTO)
    caption = forms.CharField(label=term("caption"), max_length=200, required=False)
    taken_on = Day(
        label=term("taken_on"),
        required=False,
        not_after_today=True,
        initial=None,
        help_text=gettext_lazy("Leave it empty if the camera wrote it into the picture."),
    )


class Removal(OfficeForm):
    """Why a file was attached by mistake."""

    ground = Text(label=term("disposition_reason"), rows=2, max_length=200)


def _record(request: HttpRequest, kind: str, number: str) -> Record:
    kinds = {model._meta.label_lower: model for line in lines() for model in line.records}
    if kind not in kinds:
        raise Http404(kind)
    record: Record = record_or_404(kinds[kind].objects.visible_to(request.user), number)
    if not may_add_evidence(request.user, record):
        raise Refused(
            "role", _("Your role does not add files here. Ask a colleague who handles this.")
        )
    return record


def add(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Attach a file to a record."""
    record = _record(request, kind, number)
    if request.method == "POST":
        form = Evidence(request.POST, request.FILES, actor=request.user, record=record)
    else:
        form = Evidence(actor=request.user, record=record)
    if carried_out(form, actions.attach, record, actor=request.user):
        messages.success(request, _("The file is attached."))
        return redirect(record)
    return render(request, "web/add_evidence.html", {"form": form, "record": record})


def remove(request: HttpRequest, pk: Any) -> HttpResponse:
    """The file was attached by mistake."""
    attachment = _seen(request, pk)
    model: Any = apps.get_model(attachment.record_type)
    number = get_object_or_404(model, pk=attachment.record_id).number
    record = _record(request, attachment.record_type, number)
    form = Removal(
        request.POST if request.method == "POST" else None, actor=request.user, record=record
    )
    if carried_out(form, actions.remove, attachment, actor=request.user):
        messages.success(request, _("The file is removed."))
        return redirect(record)
    return render(
        request,
        "web/remove_evidence.html",
        {"form": form, "record": record, "attachment": attachment},
    )
