"""Which chapters a report has, and their texts: as the office edited them, or as they came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from fenghuang.indicators.registry import indicators
from fenghuang.kit import door

from .models import Chapter

_OWN = Path(__file__).parent / "templates" / "reports"


@dataclass(frozen=True)
class Source:
    """Where a chapter comes from. `code` is that of its line; the heading may be empty."""

    code: str
    heading: str
    path: Path

    @property
    def is_of_line(self) -> bool:
        return self not in (OPENING, OUTLOOK)

    @property
    def default(self) -> str:
        """The text as it came with the line."""
        return self.path.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Written:
    """A chapter of one street and year: the text, and how it was saved last, if it ever was."""

    source: Source
    text: str
    saved: Chapter | None

    @property
    def seen(self) -> int:
        """What a person who looks at this text has seen: the journal entry, 0 for the default."""
        return self.saved.entry if self.saved else 0


OPENING = Source("opening", "", _OWN / "opening.md")
OUTLOOK = Source("outlook", "", _OWN / "outlook.md")


def sources(lines: Iterable[door.Line] | None = None) -> list[Source]:
    """The chapters in their order: opening, one for each line (all switched on), outlook."""
    own = door.lines() if lines is None else lines
    return [OPENING, *(Source(one.code, one.heading, one.chapter) for one in own), OUTLOOK]


def source(code: str) -> Source:
    """The chapter with that code; LookupError if there is none."""
    for one in sources():
        if one.code == code:
            return one
    raise LookupError(code)


def written(street: UUID, year: int, wanted: Iterable[Source] | None = None) -> list[Written]:
    """The chapters of a street's report for a year, in one query."""
    saved = {one.line: one for one in Chapter.objects.filter(street=street, year=year)}
    return [
        Written(
            one, saved[one.code].text if one.code in saved else one.default, saved.get(one.code)
        )
        for one in (sources() if wanted is None else wanted)
    ]


def known_codes() -> frozenset[str]:
    """The codes of all indicators there are, for `prose.faults`."""
    return frozenset(one.code for one in indicators())
