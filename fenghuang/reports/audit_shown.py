"""An audit as people read it: the text in pieces, each verdict with a word and a sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level
from fenghuang.claims.verdicts import Outcome
from fenghuang.kernel.terms import term

from .auditing import Audit, Judged
from .filling import value_text

#: So that no verdict is told by colour alone.
SIGNS = {
    Outcome.SUPPORTED: "✓",
    Outcome.OVERSTATED: "▲",
    Outcome.UNDERSTATED: "▼",
    Outcome.NOT_BACKED: "∅",
    Outcome.UNMATCHED: "?",
    Outcome.COVERAGE_UNKNOWN: "…",
}
CLAIMS_ON_PAGE = 50
LEVEL_SIGNS = {Level.ERROR: "✕", Level.QUESTION: "?", Level.NOTE: "i"}


@dataclass(frozen=True)
class Verdicts:
    """One verdict with its sign and how many claims got it."""

    outcome: Outcome
    sign: str
    count: int

    @property
    def label(self) -> str:
        return str(term(f"verdict_{self.outcome}"))


def verdicts(audit: Audit) -> list[Verdicts]:
    """All verdicts with their numbers."""
    return [Verdicts(one, SIGNS[one], count) for one, count in audit.outcomes.items()]


def in_sum(audit: Audit) -> str:
    """How many claims got which verdict, and how many findings there are, in one line."""
    sums = "，".join(f"{one.label}{one.count}" for one in verdicts(audit) if one.count)
    levels = "，".join(
        f"{term(f'level_{level}')}{count}" for level, count in audit.levels.items() if count
    )
    return f"数据{len(audit.judged)}个：{sums}" + (f"；文内{levels}" if levels else "")


@dataclass(frozen=True)
class Row:
    """A claim as it is shown."""

    judged: Judged

    @property
    def sign(self) -> str:
        return SIGNS[self.judged.verdict.outcome]

    @property
    def label(self) -> str:
        return str(term(f"verdict_{self.judged.verdict.outcome}"))

    @property
    def page(self) -> int:
        """On which page the claim stands where all are listed."""
        return (self.judged.number - 1) // CLAIMS_ON_PAGE + 1

    @property
    def promised(self) -> str:
        return promised(self.judged.claim)

    @property
    def actual(self) -> str:
        """What was counted, with its measure word; a dash where there was nothing to divide by."""
        figure = self.judged.figure
        if figure is None:
            return ""
        value = value_text(figure.value)
        return "—" if value is None else f"{value} {figure.definition.unit}"


def promised(claim: Claim) -> str:
    """The values that the words of a claim allow.

    >>> from fenghuang.claims.reading import claims
    >>> promised(claims("解决民生小事180余件。")[0])
    '181 – 189'
    """
    interval = claim.interval
    low, high = value_text(interval.low), value_text(interval.high)
    if low == high:
        return str(low)
    if interval.low is None:
        return f"{'≤' if interval.high_inclusive else '<'} {high}"
    if interval.high is None:
        return f"{'≥' if interval.low_inclusive else '>'} {low}"
    if interval.low_inclusive and interval.high_inclusive:
        return f"{low} – {high}"
    begin, end = "[" if interval.low_inclusive else "(", "]" if interval.high_inclusive else ")"
    return f"{begin}{low}, {high}{end}"


@dataclass(frozen=True)
class Piece:
    """A stretch of the text: plain, a claim, or something that a finding is about."""

    text: str
    row: Row | None = None
    finding: int | None = None


def paragraphs(audit: Audit) -> list[list[Piece]]:
    """The restored text, line by line, in pieces; empty lines are left out."""
    found: list[list[Piece]] = [[]]
    for piece in _pieces(audit):
        first, *others = piece.text.split("\n") if piece.row is None else [piece.text]
        found[-1].append(Piece(first, piece.row, piece.finding))
        found += [[Piece(line, None, piece.finding)] for line in others]
    kept = [[piece for piece in line if piece.text] for line in found]
    return [line for line in kept if any(piece.text.strip() for piece in line)]


def _pieces(audit: Audit) -> Iterator[Piece]:
    text, at = audit.text.text, 0
    for start, end, row, finding in _marked(audit):
        if start < at:
            continue  # told already, by the claim that it lies in
        yield Piece(text[at:start])
        yield Piece(text[start:end], row, finding)
        at = end
    yield Piece(text[at:])


def _marked(audit: Audit) -> list[tuple[int, int, Row | None, int | None]]:
    """What stands out, in order; where a finding is about a claim, the claim is marked."""
    claims = [(one.claim.start, one.claim.end, Row(one), None) for one in audit.judged]
    taken = [(start, end) for start, end, *_rest in claims]
    others = [
        (span.start, span.end, None, number)
        for number, finding in enumerate(_surest_first(audit), 1)
        for span in finding.fragments
        if all(span.end <= start or end <= span.start for start, end in taken)
    ]
    marked: list[tuple[int, int, Row | None, int | None]] = [*claims, *others]
    return sorted(marked, key=lambda one: (one[0], -one[1]))


@dataclass(frozen=True)
class ShownFinding:
    """A finding with its number, its level in words, and the claims it is about."""

    number: int
    finding: Finding
    rows: list[Row]

    @property
    def sign(self) -> str:
        return LEVEL_SIGNS[self.finding.level]

    @property
    def label(self) -> str:
        return str(term(f"level_{self.finding.level}"))


def shown_findings(audit: Audit) -> list[ShownFinding]:
    """The findings, those that are sure first."""
    return [
        ShownFinding(number, one, [Row(judged) for judged in audit.claims_of(one)])
        for number, one in enumerate(_surest_first(audit), 1)
    ]


def _surest_first(audit: Audit) -> list[Finding]:
    levels = list(Level)
    return sorted(audit.findings, key=lambda one: (levels.index(one.level), one.start))
