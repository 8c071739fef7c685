"""A report text read whole: restored, its claims, and what does not fit inside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from fenghuang.claims import sentences
from fenghuang.claims.arithmetic import findings
from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level
from fenghuang.claims.reading import claims
from fenghuang.claims.repairs import Restored
from fenghuang.claims.restoring import restore


@dataclass(frozen=True)
class ReportText:
    """A text as found and as restored; claims and findings have their offsets in the latter."""

    found: str
    restored: Restored
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        return self.restored.text

    @property
    def has_doubts(self) -> bool:
        """Is there an error or a question among the findings? Notes leave nothing to answer."""
        return any(one.level is not Level.NOTE for one in self.findings)

    def found_span(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the restored text stands in the text as found."""
        return self.restored.found_at(start), self.restored.found_at(end)

    def as_json(self) -> dict[str, Any]:
        """Claims and findings as plain values, with their offsets in the text as found."""
        return {
            "claims": [
                claim_as_json(one, self.found_span(one.start, one.end)) for one in self.claims
            ],
            "findings": [self.finding_as_json(one) for one in self.findings],
        }

    def finding_as_json(self, finding: Finding) -> dict[str, Any]:
        """A finding as plain values, with its offsets in the text as found."""
        told = finding.as_json()
        for fragment in told["fragments"]:
            span = self.found_span(fragment["start"], fragment["end"])
            fragment["start"], fragment["end"] = span
        return told

    def heading_above(self, offset: int) -> str:
        """The nearest heading above an offset of the restored text; "" if there is none."""
        index = bisect_right(self._headings, (offset, "")) - 1
        return self._headings[index][1] if index >= 0 else ""

    @cached_property
    def _headings(self) -> list[tuple[int, str]]:
        plain = sentences.squeeze(self.text)
        return [
            (plain.given(one.start, one.end)[0], plain.text[one.start : one.end])
            for one in sentences.sentences(plain.text)
            if one.level
        ]


def understand(
    found: str, told: Callable[[int, int], None] = lambda done, total: None
) -> ReportText:
    """Read any report text, clean or garbled. `told` hears how many of the steps are done."""
    told(0, 3)
    restored = restore(found)
    told(1, 3)
    read = claims(restored.text)
    told(2, 3)
    whole = ReportText(found, restored, tuple(read), tuple(findings(restored.text, read)))
    told(3, 3)
    return whole


def claim_as_json(claim: Claim, found_at: tuple[int, int]) -> dict[str, Any]:
    """A claim as plain values. `low` and `high` are null where the words leave an end open."""
    interval = claim.interval
    return {
        "text": claim.text,
        "start": found_at[0],
        "end": found_at[1],
        "value": plain_number(claim.value),
        "unit": claim.unit.code,
        "subject": claim.subject,
        "owner": claim.owner,
        "approx": str(claim.approx),
        "low": plain_number(interval.low),
        "high": plain_number(interval.high),
        "low_inclusive": interval.low_inclusive,
        "high_inclusive": interval.high_inclusive,
        "percent": claim.is_percent,
        "change": str(claim.change) if claim.change else None,
        "period": claim.period,
        "kind": str(claim.kind),
        "modality": str(claim.modality),
    }


def plain_number(value: Decimal | int | None) -> int | float | None:
    """The value as a number of JSON: whole where it is whole."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
