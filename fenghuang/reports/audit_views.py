"""The screens of audits: bring a text, see what the records say of it, say what a claim means."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fenghuang.claims.verdicts import Outcome
from fenghuang.indicators import periods
from fenghuang.indicators.catalogue import Entry, entry
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit import door
from fenghuang.kit.screens import signed_in, working_page

from . import actions
from .audit_editions import write_workbook
from .audit_forms import Meaning, TextToAudit
from .audit_shown import CLAIMS_ON_PAGE, Row, paragraphs, shown_findings, verdicts
from .auditing import Audit, Judged, audit, comparable
from .models import AuditedText, Correction
from .permissions import may_correct
from .views import own_street

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_TEXTS = 20
ONLY_WRONG = "wrong"
FILTERS = frozenset({ONLY_WRONG, *Outcome})
MEANINGS_ON_PAGE = 50
LONG = 20_000  #: characters: a longer text may take more than a second or two


@require_http_methods(["GET", "HEAD", "POST"])
def audits(request: HttpRequest) -> HttpResponse:
    """Bring a text to be audited, and the texts that this person brought before."""
    street = own_street(request)
    initial = {"year": request.GET.get("year", timezone.localdate().year), "place": str(street.pk)}
    form = TextToAudit(request.POST or None, request.FILES or None, street=street, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kept = actions.keep_text(
            form.places[given["place"]],
            given["year"],
            given["text"],
            name=given["name"],
            actor=signed_in(request),
        )
        return redirect("reports:audit", kept.pk)
    texts = AuditedText.objects.filter(kept_by=signed_in(request), place__street=street)
    return render(
        request,
        "reports/audits.html",
        {
            "form": form,
            "texts": texts.select_related("place").defer("text").order_by("-kept_at")[:LAST_TEXTS],
        },
        status=422 if form.errors else 200,
    )


def _kept(request: HttpRequest, pk: Any) -> AuditedText:
    street = own_street(request)
    texts = AuditedText.objects.select_related("place__street")
    return get_object_or_404(texts, pk=pk, kept_by=request.user, place__street=street)


def _audited(kept: AuditedText) -> Audit:
    return audit(kept.text, kept.place, periods.year(kept.year))


@require_safe
def shown(request: HttpRequest, pk: Any) -> HttpResponse:
    """The text with its verdicts; the list beside it may be narrowed to what is wrong."""
    kept = _kept(request, pk)
    if len(kept.text) > LONG:
        sentence = _("The text is being read and held against the records.")
        if waiting := working_page(request, kept.name or _("pasted text"), sentence):
            return waiting
    found = _audited(kept)
    only = _filter(request.GET)
    rows = [Row(one) for one in found.judged if _is_wanted(one, only)]
    page = Paginator(rows, CLAIMS_ON_PAGE).get_page(request.GET.get("page", 1))
    return render(
        request,
        "reports/audit.html",
        {
            "kept": kept,
            "audit": found,
            "paragraphs": paragraphs(found),
            "verdicts": verdicts(found),
            "wrong": sum(one.is_wrong for one in found.judged),
            "only": only,
            "page": page,
            "shown_numbers": {row.judged.number for row in page},
            "before": f"?only={only}&page={page.previous_page_number()}"
            if page.has_previous()
            else "",
            "after": f"?only={only}&page={page.next_page_number()}" if page.has_next() else "",
            "findings": shown_findings(found),
            "repairs": found.text.restored.repairs,
            "doubts": [one for one in found.text.restored.repairs if not one.certain],
            "may_correct": may_correct(request.user, _street(kept)),
        },
    )


def _street(kept: AuditedText) -> Street:
    street: Street = kept.place.street
    return street


def _filter(asked: QueryDict) -> str:
    """Which claims are asked for; "" for all."""
    only = str(asked.get("only", ""))
    return only if only in FILTERS else ""


def _is_wanted(judged: Judged, only: str) -> bool:
    if only == ONLY_WRONG:
        return judged.is_wrong
    return not only or judged.verdict.outcome == only


def _indicators_by_line(offered: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """The indicators under the name of their line, in the order of the catalogue."""
    titles = {one.code: str(one.title) for one in door.lines()}
    groups: dict[str, list[Entry]] = {}
    for one in offered:
        groups.setdefault(titles.get(one.line) or str(term(f"{one.line}_line")), []).append(one)
    return list(groups.items())


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """A person says which indicator the claim means, or that it isn't the one found."""
    kept = _kept(request, pk)
    found = _audited(kept)
    if not 1 <= number <= len(found.judged):
        raise Http404(number)
    judged = found.judged[number - 1]
    if request.method != "POST":
        return render(
            request,
            "reports/meaning.html",
            {
                "kept": kept,
                "row": Row(judged),
                "may_correct": may_correct(request.user, _street(kept)),
                "indicators": _indicators_by_line(comparable(judged.claim)),
            },
        )
    wording = judged.wording
    me = signed_in(request)
    if "not_this" in request.POST and judged.match.indicator:
        said = actions.say_meaning(
            _street(kept), wording, judged.match.indicator, is_meant=False, actor=me
        )
        sentence = _("Remembered: “%(wording)s” does not mean “%(indicator)s”.")
    else:
        form = Meaning(request.POST, claim=judged.claim)
        if not form.is_valid():
            raise Refused("no_indicator", _("Choose one of the indicators."))
        said = actions.say_meaning(
            _street(kept), wording, form.cleaned_data["indicator"], is_meant=True, actor=me
        )
        sentence = _("Remembered: “%(wording)s” means “%(indicator)s”.")
    messages.success(
        request, sentence % {"wording": wording, "indicator": entry(said.indicator).zh}
    )
    only = _filter(request.POST)
    response = redirect("reports:audit", kept.pk)
    response["Location"] += f"?only={only}" if only else f"?page={Row(judged).page}"
    response["Location"] += f"#c{number}"
    return response


@require_safe
def workbook(request: HttpRequest, pk: Any) -> HttpResponse:
    """The audit as a workbook."""
    kept = _kept(request, pk)
    out = io.BytesIO()
    write_workbook(_audited(kept), out)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    name = f"{kept.place.name}{kept.year}年{_('audit')}.xlsx"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@require_POST
def drop(request: HttpRequest, pk: Any) -> HttpResponse:
    """Delete the text."""
    actions.drop_text(_kept(request, pk))
    messages.success(request, _("The text is deleted."))
    return redirect("reports:audits")


@require_http_methods(["GET", "HEAD", "POST"])
def meanings(request: HttpRequest) -> HttpResponse:
    """What people of the street said of wordings; what was said by mistake can be withdrawn."""
    street = own_street(request)
    standing = Correction.objects.filter(street=street, voided_at=None)
    if request.method == "POST":
        try:
            said = standing.get(pk=request.POST.get("said", ""))
        except (Correction.DoesNotExist, ValidationError) as error:
            raise Http404 from error
        actions.withdraw_meaning(said, actor=signed_in(request))
        messages.success(request, _("“%(wording)s” is open again.") % {"wording": said.wording})
        return redirect(reverse("reports:meanings"))
    newest: Any = standing.select_related("said_by").order_by("-said_at")
    page: Any = Paginator(newest, MEANINGS_ON_PAGE).get_page(request.GET.get("page", 1))
    return render(
        request,
        "reports/meanings.html",
        {
            "page": page,
            "rows": [(one, entry(one.indicator)) for one in page],
            "may_correct": may_correct(request.user, street),
            "before": f"?page={page.previous_page_number()}" if page.has_previous() else "",
            "after": f"?page={page.next_page_number()}" if page.has_next() else "",
        },
    )
