"""What does not fit inside a text, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol

from fenghuang.claims.bounds import Bounds


class Level(StrEnum):
    """How sure a finding is. A false alarm costs more trust than a missed one."""

    ERROR = "error"  # no honest reading survives
    QUESTION = "question"  # a definition could explain it, but the text gives none
    NOTE = "note"  # nothing is wrong; a reader will miss something


class Placed(Protocol):
    """Anything with a place in the text: a claim, a span."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of the text as given: `given[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the printed figures give instead: exact bounds, and how they are printed."""

    bounds: Bounds
    shown: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: a stable code, the fragments in the order of the text.

    `printed` is the figure in doubt as it stands in the text, "" if a figure is what is missing.
    `sentence` is Chinese, as the reports are: what does not fit and what was recomputed.
    """

    code: str
    level: Level
    fragments: tuple[Span, ...]
    sentence: str
    printed: str = ""
    recomputed: Recomputed | None = None

    @property
    def start(self) -> int:
        return self.fragments[0].start

    def as_json(self) -> dict[str, Any]:
        """Plain values; exact ends are strings as "52/91" or "8.341", null for an open end."""
        return {
            "code": self.code,
            "level": str(self.level),
            "fragments": [
                {"text": span.text, "start": span.start, "end": span.end} for span in self.fragments
            ],
            "printed": self.printed,
            "recomputed": _recomputed_as_json(self.recomputed),
            "sentence": self.sentence,
        }


def _recomputed_as_json(recomputed: Recomputed | None) -> dict[str, Any] | None:
    if recomputed is None:
        return None
    return {
        "low": _exact(recomputed.bounds.low),
        "high": _exact(recomputed.bounds.high),
        "shown": recomputed.shown,
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def spans(*placed: Placed) -> tuple[Span, ...]:
    """Where these stand, in the order of the text, each once."""
    return tuple(sorted({Span(one.start, one.end, one.text) for one in placed}))


def finding(
    code: str,
    level: Level,
    involved: Iterable[Placed],
    sentence: str,
    *,
    printed: Placed | None = None,
    recomputed: Recomputed | None = None,
) -> Finding:
    """A finding about the pieces involved."""
    return Finding(
        code, level, spans(*involved), sentence, printed.text if printed else "", recomputed
    )
