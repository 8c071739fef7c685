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
from fenghuang.kit.screens import STATUS, carried_out

from . import actions, chapters, prose, tracing
from .compiling import compile_report
from .filling import (
    Changed,
    CompiledChapter,
    Passage,
    changed,
    name_of,
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
from .tracing import comparison


def own_street(request: HttpRequest) -> Street:
    """The street whose figures this person reads."""
    street: Street | None = getattr(request.user, "street", None)
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
    chosen = Chosen(request.GET, street=own_street(request))
    response = redirect("reports:report", year=chosen.period.year)
    response["Location"] += f"?place={chosen.where.pk}"
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
    street = own_street(request)
    chosen = Chosen(request.GET, street=street, year=year)
    compiled = compile_report(chosen.where, year)
    is_whole = chosen.where.pk == street.pk
    saved = {one.source.code: one.saved for one in chapters.written(street.pk, year)}
    shown = [
        ShownChapter(
            one,
            _title(one.code),
            is_whole and may_edit(request.user, street, one.code),
            changed(own, compiled.figures) if is_whole and (own := saved[one.code]) else [],
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
    """A figure that a writer may put in; `choices` are slots and what each would print now."""

    name: str
    code: str
    choices: list[tuple[str, str]]
    is_used: bool


@require_http_methods(["GET", "HEAD", "POST"])
def chapter(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Edit the text of a chapter; what was saved last stands in it."""
    street = own_street(request)
    written = _written(street, year, code)
    if request.method == "POST":
        form = ChapterText(request.POST)
        save = partial(actions.save_chapter, street, year, code)
        if carried_out(form, save, actor=request.user):
            messages.success(request, _("“%(chapter)s” is saved.") % {"chapter": _title(code)})
            return redirect("reports:report", year=year)
        refusal = form.refusal  # type: ignore[attr-defined]  # set by carried_out
        text = str(form.cleaned_data.get("text", "")) or request.POST.get("text", "")
        if isinstance(refusal, SavedMeanwhile):
            merged = ChapterText(initial={"text": text, "seen": refusal.theirs.seen})
            return _editor(
                request, street, year, refusal.theirs, merged, text, meanwhile=refusal, status=409
            )
        status = STATUS.get(refusal.code, 422) if refusal else 422
        return _editor(request, street, year, written, form, text, status=status)
    form = ChapterText(initial={"text": written.text, "seen": written.seen})
    return _editor(request, street, year, written, form, written.text)


@require_POST
def preview(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The text as it would be printed, and what is wrong with it. Nothing is saved."""
    street = own_street(request)
    written = _written(street, year, code)
    form = ChapterText(request.POST)
    text = request.POST.get("text", "")
    if request.htmx:  # type: ignore[attr-defined]  # set by its middleware
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
    shown: tuple[Passage, ...] = passages(parsed, period, street, read_for(parsed, period, street))
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
            "names": [
                (str(slot), name_of(slot, periods.year(year), street)) for slot in prose.NAME_SLOTS
            ],
            **_preview(street, year, text),
        },
        status=status,
    )


def _offered(read: dict[str, Figure], used: set[str], line: str) -> list[tuple[str, list[Offered]]]:
    """All figures by line, those of the chapter's own line first."""
    groups = _by_line(read)
    own = _title(line)
    return [
        (
            title,
            [
                Offered(
                    name=one.definition.zh,
                    code=one.definition.code,
                    choices=[(slot, wording) for slot, wording, _compared in _honest(one)],
                    is_used=one.definition.code in used,
                )
                for one in figures_of
            ],
        )
        for title, figures_of in sorted(groups.items(), key=lambda group: group[0] != own)
    ]


def _by_line(read: dict[str, Figure]) -> dict[str, list[Figure]]:
    """The figures under the title of the line that keeps their records; the kernel's come last."""
    titles = {one.code: str(one.title) for one in door.lines()}
    groups: dict[str, list[Figure]] = {title: [] for title in titles.values()}
    for one in read.values():
        groups.setdefault(titles.get(one.definition.line, str(term("place"))), []).append(one)
    return {title: own for title, own in groups.items() if own}


# --- figures


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All indicators, by line, with their values for a year and place."""
    chosen = Chosen(request.GET, street=own_street(request))
    read = figures(list(indicators()), chosen.period, chosen.where)
    groups = [(title, [(one, worded(one)) for one in own]) for title, own in _by_line(read).items()]
    return render(request, "reports/figures.html", {"chosen": chosen, "groups": groups})


@require_safe
def trace(request: HttpRequest, code: str) -> HttpResponse:
    """What a figure is, and those of its records that this person may look at."""
    try:
        definition = indicator(code)
    except UnknownIndicator as error:
        raise Http404(code) from error
    street = own_street(request)
    chosen = Chosen(request.GET, street=street)
    read = figures([definition, *sides(definition)], chosen.period, chosen.where)
    figure = read[code]
    found: Any = tracing.listed(figure)
    are_records = issubclass(found.model, Record)
    visible = found.visible_to(request.user) if are_records else found
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
            "total": total,
            "outside": total - count,
            "rows": [tracing.row(one, counted) for one in shown.records],
            "are_records": are_records,
            "before": f"?{chosen.query}&before={shown.before}" if shown.before else "",
            "after": f"?{chosen.query}&after={shown.after}" if shown.after else "",
        },
    )


def _honest(figure: Figure) -> list[tuple[str, str, str]]:
    """Slot, wording, and how the value stands in its promise, for each style that is honest now.

    The exact style comes first and is always there.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for style in Style:
        one = printed(figure.definition.code, style, figure)
        slot = str(prose.FigureSlot(one.code, style))
        promised, value = one.promised, figure.value
        compared = "" if promised is None or value is None else comparison(promised, value)
        found.setdefault(one.wording, (slot, one.wording, compared))
    return list(found.values())
