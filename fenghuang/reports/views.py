"""The screens of reports: read a year, edit a chapter, follow a figure back to its records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fenghuang.claims.wording import Style
from fenghuang.indicators import periods
from fenghuang.indicators.figures import Figure, figures
from fenghuang.indicators.registry import UnknownIndicator, indicator, indicators
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit import door
from fenghuang.kit.lists import Order, page
from fenghuang.kit.screens import carried_out

from . import actions, chapters, prose, tracing
from .compiling import compile_report
from .filling import (
    Changed,
    CompiledChapter,
    Passage,
    changed,
    passages,
    printed,
    read_for,
    sides,
    value_text,
    worded,
)
from .forms import EARLIEST, LATEST, ChapterText, Chosen
from .permissions import may_edit, may_read
from .refusals import SavedMeanwhile, explained


def _street(request: HttpRequest) -> Street:
    """The street whose figures this person reads."""
    street = getattr(request.user, "street", None)
    if street is None or not may_read(request.user, street):
        raise Refused(
            "role",
            _("Reports are for those who work in the street. Ask the office for a role in it."),
        )
    return street


def _check_year(year: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise Http404(year)


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The report of this year, or of the year that was chosen."""
    chosen = Chosen(request.GET, street=_street(request))
    response = redirect("reports:report", year=chosen.period.year)
    response["Location"] += f"?place={chosen.place.pk}"
    return response


@dataclass(frozen=True)
class ShownChapter:
    """A chapter of the report as one person sees it."""

    chapter: CompiledChapter
    title: str
    may_edit: bool
    changed: list[Changed]


@require_safe
def report(request: HttpRequest, year: int) -> HttpResponse:
    """The report of a year, over the street or one of its communities."""
    _check_year(year)
    street = _street(request)
    chosen = Chosen(request.GET, street=street, year=year)
    compiled = compile_report(chosen.place, year)
    is_whole = chosen.place.pk == street.pk
    saved = {one.source.code: one.saved for one in chapters.written(street.pk, year)}
    shown = [
        ShownChapter(
            one,
            _title(one.code),
            is_whole and may_edit(request.user, street, one.code),
            changed(chapter, compiled.figures)
            if is_whole and (chapter := saved[one.code])
            else [],
        )
        for one in compiled.chapters
    ]
    return render(
        request,
        "reports/report.html",
        {"chosen": chosen, "report": compiled, "shown": shown, "year": year},
    )


def _title(code: str) -> str:
    """What a chapter is called among people, even where it has no heading."""
    if code == chapters.OPENING.code:
        return _("Opening")
    if code == chapters.OUTLOOK.code:
        return _("Outlook")
    return str(door.line(code).title)


# --- editing


@dataclass(frozen=True)
class Offered:
    """A figure that a writer may put in: as it would be worded now, and the slot to insert."""

    name: str
    code: str
    wording: str
    slot: str
    is_used: bool


@require_http_methods(["GET", "HEAD", "POST"])
def chapter(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Edit the text of a chapter; what was saved last stands in it."""
    street = _street(request)
    written = _written(street, year, code)
    if request.method == "POST":
        form = ChapterText(request.POST)
        save = partial(actions.save_chapter, street, year, code)
        if carried_out(form, save, actor=request.user):
            messages.success(request, _("“%(chapter)s” is saved.") % {"chapter": _title(code)})
            return redirect("reports:report", year=year)
        refusal = form.refusal  # type: ignore[attr-defined]
        text = str(form.cleaned_data.get("text", "")) or request.POST.get("text", "")
        if isinstance(refusal, SavedMeanwhile):
            merged = ChapterText(initial={"text": text, "seen": refusal.theirs.seen})
            return _editor(
                request, street, year, refusal.theirs, merged, text, meanwhile=refusal, status=409
            )
        return _editor(request, street, year, written, form, text, status=422)
    form = ChapterText(initial={"text": written.text, "seen": written.seen})
    return _editor(request, street, year, written, form, written.text)


@require_POST
def preview(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The text as it would be printed, and what is wrong with it. Nothing is saved."""
    street = _street(request)
    written = _written(street, year, code)
    form = ChapterText(request.POST)
    text = request.POST.get("text", "")
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reports/preview.html", _preview(street, year, text))
    return _editor(request, street, year, written, form, text)


def _written(street: Street, year: int, code: str) -> chapters.Written:
    _check_year(year)
    try:
        source = chapters.source(code)
    except LookupError as error:
        raise Http404(code) from error
    return chapters.written(street.pk, year, [source])[0]


def _preview(street: Street, year: int, text: str) -> dict[str, Any]:
    parsed, period = prose.parse(text), periods.year(year)
    shown: tuple[Passage, ...] = passages(
        parsed, period, street, read_for(parsed, period, street)
    )
    return {
        "passages": shown,
        "faults": [explained(one, text) for one in prose.faults(text, chapters.known_codes())],
        "query": f"year={year}&place={street.pk}",
    }


def _editor(
    request: HttpRequest,
    street: Street,
    year: int,
    written: chapters.Written,
    form: ChapterText,
    text: str,
    *,
    meanwhile: SavedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    code = written.source.code
    read = figures(list(indicators()), periods.year(year), street)
    used = {slot.code for slot in prose.slots(text)}
    return render(
        request,
        "reports/chapter.html",
        {
            "title": _title(code),
            "written": written,
            "year": year,
            "form": form,
            "may_edit": may_edit(request.user, street, code),
            "changed": changed(written.saved, read) if written.saved else [],
            "meanwhile": meanwhile,
            "offered": _offered(read, used, code),
            **_preview(street, year, text),
        },
        status=status,
    )


def _offered(read: dict[str, Figure], used: set[str], line: str) -> list[Offered]:
    """All figures, those of the chapter's own line first."""
    ordered = sorted(read.values(), key=lambda one: (one.definition.line != line, one.definition.code))
    return [
        Offered(
            name=one.definition.zh,
            code=one.definition.code,
            wording=worded(one),
            slot=str(prose.FigureSlot(one.definition.code)),
            is_used=one.definition.code in used,
        )
        for one in ordered
    ]


# --- figures


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All indicators, by line, with their values for a year and place."""
    chosen = Chosen(request.GET, street=_street(request))
    read = figures(list(indicators()), chosen.period, chosen.place)
    titles = {one.code: str(one.title) for one in door.lines()}
    groups: dict[str, list[tuple[Figure, str]]] = {title: [] for title in titles.values()}
    for one in read.values():
        title = titles.get(one.definition.line, str(term("place")))
        groups.setdefault(title, []).append((one, worded(one)))
    return render(
        request,
        "reports/figures.html",
        {"chosen": chosen, "groups": [(title, own) for title, own in groups.items() if own]},
    )


@require_safe
def trace(request: HttpRequest, code: str) -> HttpResponse:
    """What a figure is, and those of its records that this person may look at."""
    try:
        definition = indicator(code)
    except UnknownIndicator as error:
        raise Http404(code) from error
    street = _street(request)
    chosen = Chosen(request.GET, street=street)
    read = figures([definition, *sides(definition)], chosen.period, chosen.place)
    figure = read[code]
    found = tracing.listed(figure)
    visible = found.visible_to(request.user) if issubclass(found.model, Record) else found
    count, total = visible.count(), found.count()
    shown = page(
        visible,
        Order("traced_on", True),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    counted = tracing.counted_by(definition)
    return render(
        request,
        "reports/trace.html",
        {
            "chosen": chosen,
            "figure": figure,
            "wording": worded(figure),
            "value": value_text(figure.value),
            "words": tracing.in_words(definition, chosen.period),
            "honest": _honest(figure),
            "sides": [(read[one.code], worded(read[one.code])) for one in sides(definition)],
            "hits": tracing.hits(figure),
            "evidence": tracing.evidence_count(figure),
            "defined_in": actions.defined_in(street, definition),
            "count": count,
            "total": total,
            "outside": total - count,
            "rows": [tracing.row(one, counted) for one in shown.records],
            "are_records": issubclass(found.model, Record),
            "page": shown,
        },
    )


def _honest(figure: Figure) -> list[tuple[str, str, str]]:
    """Each style that is honest now: the slot, what it prints, how the value stands in the promise."""
    if figure.value is None:
        return []
    exact = worded(figure)
    found = []
    for style in Style:
        one = printed(figure.definition.code, style, figure)
        if one.promised and (style is Style.EXACT or one.wording != exact):
            slot = str(prose.FigureSlot(one.code, style))
            found.append((slot, one.wording, tracing.comparison(one.promised, figure.value)))
    return found
