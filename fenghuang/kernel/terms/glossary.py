"""Reads glossary.csv once and answers its terms."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.utils.functional import lazystr
from django.utils.translation import get_language


class UnknownTerm(LookupError):
    """A code that the glossary does not have: a fault of ours, found at import."""


@dataclass(frozen=True)
class Term:
    """One row of the glossary. `avoid` are words that mean something else or are not used."""

    code: str
    en: str
    zh: str
    source: str
    avoid: str

    def __str__(self) -> str:
        # No active language (migrations, logs) reads English, so that migrations stay stable.
        return self.zh if (get_language() or "en").startswith("zh") else self.en


def _read(path: Path) -> list[Term]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Term(row["code"], row["en"], row["zh"], row["source"], row["not"])
            for row in csv.DictReader(file)
        ]


ROWS = _read(Path(__file__).with_name("glossary.csv"))
GLOSSARY = {row.code: row for row in ROWS}


def term(code: str) -> str:
    """The noun with that code, in the language of whoever reads it (evaluated when shown).

    Raises UnknownTerm at once, so that a misspelt code never reaches a screen.
    """
    if code not in GLOSSARY:
        raise UnknownTerm(f"glossary.csv has no term {code!r}")
    return cast(str, lazystr(GLOSSARY[code]))


def faults(rows: Iterable[Term] = ROWS) -> list[str]:
    """What breaks the glossary's promise: one code, one English word, one Chinese term each."""
    rows = list(rows)
    found = [
        f"{row.code}: {column} is empty"
        for row in rows
        for column in ("en", "zh")
        if not getattr(row, column)
    ]
    for column in ("code", "en", "zh"):
        counts = Counter(getattr(row, column).casefold() for row in rows)
        found += [f"{column} {text!r} stands {n} times" for text, n in counts.items() if n > 1]
    return found
