"""The compiled report as text, as pages that need no server, and as data. The report is Chinese.

Of a record only number, day, community, category and state are published, and what it adds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from fenghuang.indicators.figures import Figure
from fenghuang.indicators.language import Definition, Quotient
from fenghuang.kernel.journal.checkpoint import Head

from .actions import defined_in
from .filling import CompiledReport, Printed, sides, value_text
from .tracing import Row, comparison, counted_by, evidence_count, in_words, numbers, rows

NO_LINES = "本年度没有启用任何条线，报告暂无分章内容。启用条线并录入记录后，重新编制即可。"


def as_text(report: CompiledReport) -> str:
    """The report as plain text: title, headings and paragraphs on lines of their own."""
    blocks = [report.title]
    for chapter in report.chapters:
        blocks += [chapter.heading] if chapter.heading else []
        blocks += ["".join(_words(part) for part in one.parts) for one in chapter.passages]
    if not report.has_lines:
        blocks.append(NO_LINES)
    return "\n\n".join(blocks) + "\n"


def as_html(report: CompiledReport, head: Head) -> str:
    """The report as one page; each figure leads to the page that traces it."""
    shown: dict[str, Printed] = {}
    for one in report.printed:
        if one.figure is not None:
            shown.setdefault(one.code, one)
    return _page(
        "report.html",
        report=report,
        no_lines=NO_LINES,
        shown=list(shown.values()),
        size=_size(report),
        head=head,
    )


@dataclass(frozen=True)
class Behind:
    """The records of one kind that a figure rests on; `hits` of them are a share's numerator."""

    figure: Figure
    definition: Definition
    rows: list[Row]
    hits: int | None
    evidence: int

    @property
    def shows(self) -> dict[str, bool]:
        """Which columns say anything."""
        columns = ("community", "category", "state", "counted")
        return {name: any(getattr(row, name) for row in self.rows) for name in columns}


def trace_html(report: CompiledReport, code: str, head: Head) -> str:
    """The page that says what a figure of the report is, and lists the records behind it."""
    figure = report.figures[code]
    wordings = {one.wording: one.promised for one in report.printed if one.code == code}
    with translation.override("zh-hans"):
        words = in_words(figure.definition, figure.period)
        behind = [_behind(one) for one in _rests_on(report, figure)]
    return _page(
        "trace.html",
        report=report,
        figure=figure,
        words=words,
        value=value_text(figure.value),
        wordings=[
            (wording, comparison(promised, figure.value) if promised else "")
            for wording, promised in wordings.items()
            if figure.value is not None
        ],
        behind=behind,
        is_quotient=isinstance(figure.definition, Quotient),
        defined_in=defined_in(figure.place.street, figure.definition),
        head=head if head.size == figure.journal_size else None,
    )


def as_json(report: CompiledReport) -> str:
    """The figures as data: one object for each wording of each figure, by code."""
    printed = {(one.code, one.wording): one.figure for one in report.printed if one.figure}
    behind = {code: numbers(report.figures[code]) for code in {code for code, _ in printed}}
    found = [
        {
            "code": code,
            "name": figure.definition.zh,
            "value": figure.value if isinstance(figure.value, int) else value_text(figure.value),
            "unit": figure.definition.unit,
            "wording": wording,
            "period": str(figure.period),
            "place": figure.place.name,
            "definition": figure.definition.version,
            "records": behind[code],
            "journal_size": figure.journal_size,
        }
        for (code, wording), figure in sorted(printed.items(), key=lambda item: item[0])
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _words(part: str | Printed) -> str:
    return part.wording if isinstance(part, Printed) else part


def _size(report: CompiledReport) -> int | None:
    return next((figure.journal_size for figure in report.figures.values()), None)


def _rests_on(report: CompiledReport, figure: Figure) -> list[Figure]:
    """Both sides of a share between records of two kinds, otherwise the figure itself."""
    return [report.figures[side.code] for side in sides(figure.definition)] or [figure]


def _behind(figure: Figure) -> Behind:
    listed = list(rows(figure))
    hits = [one.is_hit for one in listed if one.is_hit is not None]
    return Behind(
        figure=figure,
        definition=counted_by(figure.definition),
        rows=listed,
        hits=sum(hits) if hits else None,
        evidence=evidence_count(figure),
    )


def _page(template: str, **context: Any) -> str:
    with translation.override("zh-hans"):
        return render_to_string(f"reports/edition/{template}", context)
