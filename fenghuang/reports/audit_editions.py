"""An audit as data, as a page that needs no server, and as a workbook. They are Chinese."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, BinaryIO

import xlsxwriter
from django.template.loader import render_to_string
from django.utils import translation

from fenghuang.claims.texts import claim_as_json, plain_number
from fenghuang.indicators.figures import Figure

from . import tracing
from .audit_shown import Row, paragraphs, shown_findings, verdicts
from .auditing import Audit, Judged

LISTED = 200  #: records on the page for one claim; the count says how many there are


def as_json(audit: Audit) -> dict[str, Any]:
    """Claims with verdicts, findings and a summary; offsets in the text as found."""
    numbers = cache(tracing.numbers)  # claims on one figure share its records
    return {
        "place": audit.place.name,
        "period": str(audit.period),
        "claims": [_claim(one, numbers) for one in audit.judged],
        "findings": [audit.text.finding_as_json(one) for one in audit.findings],
        "summary": {
            "claims": len(audit.judged),
            **{str(outcome): count for outcome, count in audit.outcomes.items()},
            "findings": {str(level): count for level, count in audit.levels.items()},
            "repairs": len(audit.text.restored.repairs),
        },
    }


def _claim(judged: Judged, numbers: Callable[[Figure], list[str]]) -> dict[str, Any]:
    figure = judged.figure
    return claim_as_json(judged.claim, judged.found_at) | {
        "indicator": judged.match.indicator,
        "confidence": round(judged.match.confidence, 2),
        "candidates": [one.code for one in judged.match.candidates],
        "definition": figure.definition.version if figure else None,
        "actual": plain_number(figure.value) if figure else None,
        "records": numbers(figure) if figure else [],
        "place": figure.place.name if figure else None,
        "verdict": str(judged.verdict.outcome),
        "reason": judged.verdict.reason.sentence,
    }


def as_html(audit: Audit, name: str) -> str:
    """The text with its verdicts, each opening value, definition and records."""
    behind = cache(_behind)
    with translation.override("zh-hans"):
        return render_to_string(
            "reports/edition/audit.html",
            {
                "audit": audit,
                "name": name,
                "paragraphs": paragraphs(audit),
                "verdicts": verdicts(audit),
                "findings": shown_findings(audit),
                "rows": [(Row(one), behind(one.figure)) for one in audit.judged],
            },
        )


def _behind(figure: Figure | None) -> dict[str, Any] | None:
    """The definition of a figure in words, and the first of its records."""
    if figure is None:
        return None
    listed = [one for _n, one in zip(range(LISTED), tracing.rows(figure), strict=False)]
    return {
        "figure": figure,
        "words": tracing.in_words(figure.definition, figure.period),
        "rows": listed,
        "more": max(0, figure.base - len(listed)),
    }


_CLAIM_COLUMNS = (
    ("序号", 6),
    ("原文写法", 16),
    ("说的是什么", 34),
    ("期间", 14),
    ("核查结论", 14),
    ("台账数", 14),
    ("允许范围", 20),
    ("对应指标", 26),
    ("指标代码", 24),
    ("记录数", 8),
    ("说明", 50),
)
_FINDING_COLUMNS = (("序号", 6), ("程度", 10), ("原文", 34), ("说明", 70))


def write_workbook(audit: Audit, out: BinaryIO) -> None:
    """One sheet for the claims, one for what does not fit inside the text."""
    # Cells that begin with = are text here, whatever the report says.
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with translation.override("zh-hans"), xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#F5F0E9", "text_wrap": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _sheet(book, "数据核查", _CLAIM_COLUMNS, map(_claim_row, audit.judged), head, wrap)
        rows = (
            (one.number, one.label, _fragments(one.finding), one.finding.sentence)
            for one in shown_findings(audit)
        )
        _sheet(book, "算术疑点", _FINDING_COLUMNS, rows, head, wrap)


def _fragments(finding: Any) -> str:
    return "；".join(span.text for span in finding.fragments)


def _claim_row(judged: Judged) -> tuple[Any, ...]:
    row, claim, figure = Row(judged), judged.claim, judged.figure
    return (
        judged.number,
        claim.text,
        claim.owner + claim.subject,
        claim.period,
        row.label,
        row.actual,
        row.promised,
        judged.entry.zh if judged.entry else "",
        judged.match.indicator or "",
        figure.base if figure else "",
        judged.verdict.reason.sentence,
    )


def _sheet(book: Any, name: str, columns: Any, rows: Any, head: Any, wrap: Any) -> None:
    sheet = book.add_worksheet(name)
    for index, (title, width) in enumerate(columns):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, title, head)
    last = 0
    for last, row in enumerate(rows, 1):
        for index, value in enumerate(row):
            sheet.write(last, index, value, wrap)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
