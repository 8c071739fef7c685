"""Reads the claims out of a report text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fenghuang.claims import sentences as layout
from fenghuang.claims import tenses, wording
from fenghuang.claims.claim import Claim, Modality
from fenghuang.claims.figures import Figure, figures
from fenghuang.claims.glue import QUOTES
from fenghuang.claims.members import joined, member
from fenghuang.claims.periods import Period, Timeline, periods, shared_out
from fenghuang.claims.subjects import Subject, subjects
from fenghuang.claims.tables import Table, tables
from fenghuang.claims.tables import figures as cells
from fenghuang.claims.tenses import Tenses


def claims(text: str) -> list[Claim]:
    """All claims of a text in order of start; `text[claim.start:claim.end] == claim.text`.

    >>> [(claim.text, claim.subject) for claim in claims("2021年，召开“屋场贴心会”62场次。")]
    [('62场次', '召开屋场贴心会')]
    """
    lines = layout.lines(text)
    found_tables = tables(layout.half_width(text), lines)
    left_out = {number for table in found_tables for number in range(table.first, table.last)}
    plain = layout.squeeze(text, left_out)
    context = _Context(plain.text)
    found = [*_of_prose(text, plain, context)]
    for table in found_tables:
        found += _of_table(text, plain, context, table)
    return sorted(found, key=lambda claim: claim.start)


class _Context:
    """What a text says about time, at each of its places."""

    def __init__(self, plain: str) -> None:
        sentences = layout.sentences(plain)
        self.timeline = Timeline(plain, sentences)
        self.tenses = Tenses(plain, sentences)


def _of_prose(given: str, plain: layout.Plain, context: _Context) -> list[Claim]:
    found = figures(plain.text)
    read: list[Claim] = []
    for n, (figure, subject) in enumerate(zip(found, subjects(plain.text, found), strict=True)):
        period = _listed(plain.text, found, n) or context.timeline.at(figure.start)
        claim = _claim(given, plain, context, figure, subject, period)
        if n and joined(plain.text, found, n - 1) and read[-1].unit == claim.unit:
            # 分别增长3%、6.4%: the word stands once for all members
            claim = replace(claim, change=claim.change or read[-1].change)
        read.append(claim)
    return read


def _listed(plain: str, found: Sequence[Figure], number: int) -> Period | None:
    """The own period of a figure where a list gives one to each: 一季度、二季度分别…."""
    listed = member(plain, found, number)
    if listed is None:
        return None
    end = listed.word - (plain[listed.word - 1 : listed.word] in ("，", ","))
    own = shared_out(_clause_before(plain, end), listed.count)
    return own[listed.place] if own else None


def _claim(
    given: str,
    plain: layout.Plain,
    context: _Context,
    figure: Figure,
    subject: Subject,
    period: Period | None,
) -> Claim:
    start, end = plain.given(figure.start, figure.end)
    before = _clause_before(plain.text, figure.start)
    behind = plain.text[figure.end : figure.end + 8]
    phrase = figure.phrase
    return Claim(
        text=given[start:end],
        start=start,
        end=end,
        value=phrase.number.value if phrase.number else None,
        unit=phrase.unit,
        subject=subject.text,
        owner=subject.owner,
        approx=phrase.marker.approx,
        interval=phrase.interval,
        change=tenses.change(before, behind, phrase.unit),
        period=period.text if period else "",
        kind=tenses.kind(before, phrase.unit, period, subject.behind),
        modality=context.tenses.at(figure.start),
    )


_CLAUSE_START = re.compile("[，。；：！？（(\n;:!?]|,(?![0-9]{3})")


def _clause_before(plain: str, end: int) -> str:
    """The clause up to a place."""
    reach = plain[max(0, end - 60) : end]
    return _CLAUSE_START.split(reach)[-1]


def _of_table(given: str, plain: layout.Plain, context: _Context, table: Table) -> list[Claim]:
    found = []
    for cell in cells(table):
        try:
            phrase = wording.promise(cell.phrase)
        except ValueError:
            continue
        place = plain.place(cell.start)
        own = periods(cell.column) or periods(cell.row)
        period = own[0] if own else context.timeline.standing_at(place)
        label = cell.row + ("" if own and own[0].text == cell.column else cell.column)
        planned = tenses.is_planned(label)
        found.append(
            Claim(
                text=given[cell.start : cell.end],
                start=cell.start,
                end=cell.end,
                value=phrase.number.value if phrase.number else None,
                unit=phrase.unit,
                subject=label.translate(QUOTES),
                approx=phrase.marker.approx,
                interval=phrase.interval,
                change=tenses.change(tenses.moved(cell.column), "", phrase.unit),
                period=period.text if period else "",
                kind=tenses.kind(label, phrase.unit, period, False),
                modality=Modality.TARGET if planned else context.tenses.at(place),
            )
        )
    return found
