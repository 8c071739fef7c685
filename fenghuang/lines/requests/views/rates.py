"""The rates of orders, the records behind each number, and the monthly bulletin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fenghuang.indicators.catalogue import Entry, entry
from fenghuang.indicators.language import Named, Ratio, percentage
from fenghuang.kernel.people.scope import scope_of
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit.lists import in_own_streets
from fenghuang.kit.screens import record_list, signed_in
from fenghuang.kit.workbooks import Heading, write_workbook

from ..forms.rates import ChosenMonth, ChosenRates, month_in_words, period_named
from ..models import WorkOrder
from ..permissions import LINE
from ..queries import rates as queries
from ..queries.rates import ALL, HITS, By, Measure

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _street(request: HttpRequest) -> Street:
    """The street of whoever sees the line there."""
    street, scope = signed_in(request).street, scope_of(request.user, LINE)
    if street is None or street.pk not in scope.streets | scope.streets_of_places:
        raise Refused(
            "role", _("The rates are for those who see this work line. Ask the office for a role.")
        )
    return street


@dataclass(frozen=True)
class Number:
    """A number with the address of the records it counts; 0 has none."""

    code: str
    label: Any
    number: int
    address: str


@dataclass(frozen=True)
class Share:
    """A rate with what it is a share of; `value` None where there is nothing to divide by."""

    code: str
    label: str
    value: Decimal | None
    hits: Number
    base: Number


@dataclass(frozen=True)
class Row:
    """All numbers of one unit, community, category or month."""

    name: str
    shares: list[Share]
    numbers: list[Number]
    left_out: list[Number]


@require_safe
@login_required
def rates(request: HttpRequest) -> HttpResponse:
    """The rates by unit, community, category or month, over the orders this person looks after."""
    street, chosen = _street(request), ChosenRates(request.GET)
    by, period = chosen.grouping, chosen.period
    visible = in_own_streets(WorkOrder.objects.visible_to(request.user), request.user)
    found = queries.counts(visible, queries.ON_SCREEN, by, period)
    names = queries.named(street, by, found)
    rows = [_row(name, key, found[key], chosen) for key, name in names.items()]
    if len(rows) > 1:
        rows.append(_row(_("Together"), ALL, queries.together(found.values()), chosen))
    return render(
        request,
        "requests/rates.html",
        {
            "chosen": chosen,
            "period": period,
            "rows": rows,
            "definitions": [(_name(one), one) for one in (*queries.RATES, *queries.COUNTS)],
        },
    )


def _name(one: Named | Entry) -> str:
    return capfirst(one.en) if get_language() == "en" else one.zh


def _row(name: str, key: str, found: dict[str, int], chosen: ChosenRates) -> Row:
    def number(measure: Measure) -> Number:
        n = found.get(measure.code, 0)
        address = _address(chosen, key, measure.code) if n else ""
        return Number(measure.code, measure.label, n, address)

    def share(one: Ratio) -> Share:
        base, hits = number(_measure(one.code)), number(_measure(one.code + HITS))
        value = percentage(hits.number, base.number, one.decimals)
        return Share(one.code, _name(one), value, hits, base)

    counted = [one for one in queries.COUNTS if not (chosen.grouping is By.MONTH and one.until)]
    return Row(
        name,
        [share(one) for one in queries.RATES],
        [replace(number(_measure(one.code)), label=_name(one)) for one in counted],
        [one for measure in queries.LEFT_OUT if (one := number(measure)).number],
    )


def _measure(code: str) -> Measure:
    return queries.MEASURES[code]


def _address(chosen: ChosenRates, key: str, code: str) -> str:
    return reverse(
        "requests:rate_records", args=[chosen.period.name, chosen.grouping.value, key, code]
    )


@require_safe
@login_required
def rate_records(
    request: HttpRequest, period: str, by: str, key: str, measure: str
) -> HttpResponse:
    """The orders behind one number of the rates or of the bulletin."""
    try:
        counted, grouping, span = queries.MEASURES[measure], By(by), period_named(period)
        visible = WorkOrder.objects.visible_to(request.user).select_related("place", "unit")
        found = queries.behind(visible, counted, grouping, key, span)
    except (LookupError, ValueError) as unknown:
        raise Http404(measure) from unknown
    street = _street(request)
    name = "" if key == ALL else queries.named(street, grouping, [key]).get(key, "")
    part = str(term("numerator")) if measure.endswith(HITS) else ""
    what = (
        _name(entry(measure.removesuffix(HITS))) if measure.startswith("CASE.") else counted.label
    )
    said = " · ".join(one for one in (str(what), part, name, str(span)) if one)
    return record_list(
        request,
        found,
        columns=("title", "category", "place", "unit", "closed_on"),
        title=said,
        intro=_("These are the orders of your places behind this number."),
        nothing_yet=_("No order counts here."),
    )


# --- the bulletin

#: The header of the office's own paper.
HEADINGS = (
    Heading("序号", 6),
    Heading("单位", 20),
    Heading("派遣案件总数", 14),
    Heading("按时办结数", 12),
    Heading("超时办结数", 12),
    Heading("未办结数", 12),
    Heading("结案率", 10),
    Heading("按时结案率", 12),
    Heading("不满意数", 10),
    Heading("不满意率", 10),
)


def percent(share: Decimal | None) -> str:
    """A share as the bulletin prints it; — where there is nothing to divide by."""
    return "—" if share is None else f"{share}%"


def _cells(place: int | str, unit: str, row: queries.BulletinRow) -> list[Any]:
    return [
        place,
        unit,
        row.sent,
        row.on_time,
        row.late,
        row.open,
        percent(row.closed_rate),
        percent(row.on_time_rate),
        row.dissatisfied,
        percent(row.dissatisfied_rate),
    ]


#: Which columns count orders, and so lead to a list of them.
_COUNTED = {2: "sent", 3: "on_time", 4: "late", 5: "open", 8: "dissatisfied"}


@require_safe
@login_required
def bulletin(request: HttpRequest) -> HttpResponse:
    """The bulletin of a month (通报), to be read, printed or taken along as a workbook."""
    street, chosen = _street(request), ChosenMonth(request.GET)
    told = queries.bulletin(street, chosen.period)
    title = f"{street}{month_in_words(told.month.start)}工单办理情况通报"
    lines = [(row, _cells(n, row.unit, row)) for n, row in enumerate(told.rows, 1)]
    lines.append((told.total, _cells("", "合计", told.total)))
    if "export" in request.GET:
        return _workbook(title, [cells for _row, cells in lines])
    shown = [
        [
            (heading.header, cell, _leads_to(told, row, n, cell))
            for n, (heading, cell) in enumerate(zip(HEADINGS, cells, strict=True))
        ]
        for row, cells in lines
    ]
    return render(
        request,
        "requests/bulletin.html",
        {"chosen": chosen, "told": told, "title": title, "headings": HEADINGS, "rows": shown},
    )


def _leads_to(told: queries.Bulletin, row: queries.BulletinRow, column: int, cell: Any) -> str:
    code = _COUNTED.get(column)
    if code is None or not cell:
        return ""
    return reverse("requests:rate_records", args=[told.month.name, By.UNIT.value, row.key, code])


def _workbook(title: str, rows: list[list[Any]]) -> HttpResponse:
    out = BytesIO()
    write_workbook(out, title, HEADINGS, rows, sheet_name="通报")
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return response
