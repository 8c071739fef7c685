"""The screens of ledgers: export, look a file through, enter its rows, undo an import."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.scope import scope_of
from fenghuang.kernel.places.models import Kind
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit import actions, tasks
from fenghuang.kit.forms import OfficeForm, PlaceChoice
from fenghuang.kit.ledgers import Ledger, export, ledger_called, ledgers
from fenghuang.kit.models import Batch, Job, Upload
from fenghuang.kit.questions import Questions, questions
from fenghuang.kit.screens import working_page
from fenghuang.kit.staging import Staged, stage, write_faulty

from .context import own_street

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_YEAR, LAST_YEAR = 2000, 2100
SHOWN = 200  #: findings on the page; the workbook of faulty rows holds them all
LAST_BATCHES = 20
LEAVE_EMPTY = "-"  #: the answer that a word means nothing that the ledger holds
LARGE = 200_000  #: bytes: more rows than a second or two is enough for


class ExportForm(OfficeForm):
    place = PlaceChoice(
        (Kind.STREET, Kind.COMMUNITY, Kind.GRID), label=term("place"), required=False
    )
    year = forms.TypedChoiceField(label=gettext_lazy("year"), coerce=int, empty_value=None)

    def fill(self) -> None:
        this_year = timezone.localdate().year
        years = [(str(year), str(year)) for year in range(this_year, FIRST_YEAR, -1)]
        field: Any = self.fields["year"]
        field.choices = [("", gettext_lazy("all years")), *years]
        field.required = False


class UploadForm(OfficeForm):
    file = forms.FileField(
        label=gettext_lazy("Excel file"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    year = forms.IntegerField(
        label=gettext_lazy("year of days written without one"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.FENGHUANG_LEDGER_MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than %(size)s MB. Divide it into smaller ones.")
                % {"size": settings.FENGHUANG_LEDGER_MAX_BYTES // 2**20},
                code="too_large",
            )
        return file


def _me(request: HttpRequest) -> User:
    """Whoever is signed in; nobody else comes here."""
    assert isinstance(request.user, User)
    return request.user


def _ledger(request: HttpRequest, code: str) -> Ledger:
    """The ledger, for those who look after a place in its line."""
    try:
        found = ledger_called(code)
    except LookupError as unknown:
        raise Http404(code) from unknown
    if scope_of(request.user, found.line).is_empty:
        raise Refused(
            "role", _("You look after no place in this line, so it has no ledger for you.")
        )
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All ledgers that the person works with."""
    own_street(request.user)
    mine = [one for one in ledgers() if not scope_of(request.user, one.line).is_empty]
    return render(request, "web/ledgers.html", {"ledgers": mine})


def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """One ledger: take it out, bring one in, and the imports so far."""
    found, street = _ledger(request, code), own_street(request.user)
    upload = UploadForm(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST" and upload.is_valid():
        file = upload.cleaned_data["file"]
        kept = actions.keep_upload(
            street,
            found,
            file.read(),
            file.name,
            actor=_me(request),
            year=upload.cleaned_data["year"],
        )
        return redirect("upload", kept.pk)
    batches = Batch.objects.filter(street=street, ledger=found.code).select_related("entered_by")
    return render(
        request,
        "web/ledger.html",
        {
            "ledger": found,
            "export": ExportForm(actor=request.user),
            "upload": upload,
            "batches": batches.order_by("-entered_at")[:LAST_BATCHES],
            "under_way": Job.objects.filter(
                asked_by=_me(request), ledger=found.code, ended_at=None
            ).order_by("asked_at"),
        },
        status=422 if upload.errors else 200,
    )


@require_safe
def take_out(request: HttpRequest, code: str) -> HttpResponse:
    """The ledger as a workbook, with the rows that the person may see."""
    found = _ledger(request, code)
    form = ExportForm(request.GET, actor=request.user)
    if not form.is_valid():
        return redirect("ledger", code)
    place = form.cleaned_data["place"] or own_street(request.user)
    year = form.cleaned_data["year"]
    out = io.BytesIO()
    export(found, found.rows(place, year, user=_me(request)), out, place=place, year=year)
    return _workbook(out, f"{place.name}{f'{year}年' if year else ''}{found.title}.xlsx")


def _workbook(out: io.BytesIO, name: str) -> HttpResponse:
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _upload(request: HttpRequest, pk: Any) -> tuple[Upload, Staged]:
    """A file that the person brought, looked through as the books stand now."""
    kept = get_object_or_404(Upload, pk=pk, kept_by=request.user)
    staged = stage(
        _ledger(request, kept.ledger),
        bytes(kept.content),
        kept.file_name,
        street=kept.street,
        user=_me(request),
        year=kept.year,
        mapping=kept.columns,
    )
    return kept, staged


@require_safe
def upload(request: HttpRequest, pk: Any) -> HttpResponse:
    """What is in the file: how many rows are new, known, or wrong, and what is wrong where."""
    found = get_object_or_404(Upload, pk=pk, kept_by=request.user)
    if len(found.content) > LARGE:
        sentence = _("The file is being looked through, row by row.")
        if waiting := working_page(request, found.file_name, sentence):
            return waiting
    kept, staged = _upload(request, pk)
    errors, notes = staged.errors, [one for one in staged.findings if not one.is_error]
    return render(
        request,
        "web/upload.html",
        {
            "upload": kept,
            "ledger": staged.ledger,
            "staged": staged,
            "errors": errors[:SHOWN],
            "more_errors": max(0, len(errors) - SHOWN),
            "notes": notes[:SHOWN],
            "asked": questions(staged),
            "leave_empty": LEAVE_EMPTY,
            "columns": staged.ledger.reading_order,
        },
    )


@require_POST
def map_columns(request: HttpRequest, pk: Any) -> HttpResponse:
    """The person says what unusual headers and unknown words mean, all at once; it is kept for
    this set of headers. What is left open is asked again."""
    kept, staged = _upload(request, pk)
    asked = questions(staged)
    columns = {
        one.header: request.POST.get(f"h{index}", "") for index, one in enumerate(asked.headers)
    }
    words = _said_words(request, asked)
    for sheet in staged.sheets:
        if sheet.layout is not None:
            actions.remember_mapping(
                kept.street, staged.ledger, sheet.layout, columns, words, actor=_me(request)
            )
    year = request.POST.get("year", "")
    if asked.needs_year and year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR:
        actions.say_year(kept, int(year))
    return redirect("upload", kept.pk)


def _said_words(request: HttpRequest, asked: Questions) -> dict[str, dict[str, str]]:
    """The answers among those offered, by column and word."""
    said: dict[str, dict[str, str]] = {}
    for one in asked.words:
        answer = request.POST.get(f"word.{one.column.code}.{one.word}", "")
        if answer == LEAVE_EMPTY and not one.column.is_required:
            said.setdefault(one.column.code, {})[one.word] = ""
        elif answer in (offered for offered, _name in one.answers):
            said.setdefault(one.column.code, {})[one.word] = answer
    return said


@require_POST
def enter(request: HttpRequest, pk: Any) -> HttpResponse:
    """Have the new rows entered; those that are wrong are left out only if the person says so."""
    kept = get_object_or_404(Upload, pk=pk, kept_by=request.user)
    _ledger(request, kept.ledger)
    job = tasks.start_entering(
        kept, actor=_me(request), leave_out_faulty="leave_out" in request.POST
    )
    return redirect("job", job.pk)


@require_safe
def faulty(request: HttpRequest, pk: Any) -> HttpResponse:
    """The rows that are wrong as a workbook, with what is wrong beside each."""
    _kept, staged = _upload(request, pk)
    out = io.BytesIO()
    write_faulty(staged, out)
    return _workbook(out, _("to mend") + f" {staged.ledger.title}.xlsx")


def undo(request: HttpRequest, pk: Any) -> HttpResponse:
    """Have all records of an import withdrawn, after asking."""
    batch = get_object_or_404(Batch, pk=pk, street=own_street(request.user))
    found = _ledger(request, batch.ledger)
    if request.method == "POST":
        return redirect("job", tasks.start_undoing(batch, actor=_me(request)).pk)
    return render(request, "web/undo.html", {"batch": batch, "ledger": found})
