"""What is to be asked about a file, once and together: headers and words that the house does not
know, and the year of days written without one.

Answers are remembered for files with the same headers (`actions.remember_mapping`), so that the
next file of that kind asks nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from .cells import CellProblem, folded, is_blank
from .columns import Column, NotKept, RunningNumber, header_key
from .layouts import WHAT_IS_WRONG, Header
from .staging import Staged, StagedRow, StagedSheet

MOST_WORDS = 100  #: the most frequent ones; the others stay findings at their cells
LOOKS_LIKE = 0.6  #: from here on a header or a word is proposed


@dataclass(frozen=True)
class HeaderAsked:
    """A header of which nobody has said yet which column it means; `guess` is a code or nothing."""

    header: str
    guess: str


@dataclass(frozen=True)
class WordAsked:
    """A word under a column that the house does not know, in how many cells, and its possible
    answers: what is read instead, and how it is called. `guess` is one of them, or nothing."""

    column: Column
    word: str
    cells: int
    answers: tuple[tuple[str, str], ...]
    guess: str


@dataclass(frozen=True)
class Questions:
    """All that is to be asked about a file."""

    headers: tuple[HeaderAsked, ...]
    words: tuple[WordAsked, ...]
    needs_year: bool

    def __bool__(self) -> bool:
        return bool(self.headers or self.words or self.needs_year)

    @property
    def must_be_answered(self) -> bool:
        """Is it likely that rows are kept out until they are answered? A header that looks like
        none of the ledger’s may well mean nothing."""
        return bool(self.words or self.needs_year or any(one.guess for one in self.headers))


def questions(staged: Staged) -> Questions:
    """What is to be asked about a file that was looked through."""
    guessed = {
        (sheet, header): guess
        for sheet in staged.sheets
        if sheet.layout is not None and not sheet.sheet.is_hidden
        for header, guess in _unknown_headers(staged, sheet)
    }
    headers: dict[str, HeaderAsked] = {}
    for (_sheet, header), guess in guessed.items():
        headers.setdefault(header.text, HeaderAsked(header.text, guess.code if guess else ""))
    return Questions(
        tuple(headers.values()),
        tuple(_words(staged, {at: column for at, column in guessed.items() if column})),
        any(finding.code == "year_missing" for finding in staged.findings),
    )


def _unknown_headers(staged: Staged, sheet: StagedSheet) -> Iterator[tuple[Header, Column | None]]:
    """The headers over filled cells that mean no column, each with the one it looks like."""
    assert sheet.layout is not None
    free = {
        header_key(name): column
        for column in staged.ledger.columns
        if column.code not in sheet.headers
        and not isinstance(column.kind, (RunningNumber, NotKept))
        for name in (column.header, *column.aliases)
    }
    below = [sheet.sheet.rows[row.body.row] for row in _rows(staged) if row.at is sheet]
    for header in sheet.layout.headers:
        key = header_key(header.text)
        if header.column is not None or header.is_settled or key == WHAT_IS_WRONG:
            continue
        if all(is_blank(row[header.at]) for row in below):
            continue
        near = get_close_matches(key, free, n=1, cutoff=LOOKS_LIKE)
        yield header, free[near[0]] if near else None


def _words(
    staged: Staged, guessed: dict[tuple[StagedSheet, Header], Column]
) -> Iterator[WordAsked]:
    """The unknown words, the most frequent first; also those under headers that are guessed, so
    that nothing is left to be asked once these are confirmed."""
    counts: Counter[tuple[str, str]] = Counter()
    spelled: dict[tuple[str, str], str] = {}
    rows = _rows(staged)
    for code, word in (*_found(rows), *_found_under(rows, guessed)):
        key = code, folded(word)
        counts[key] += 1
        spelled.setdefault(key, word)
    context = next((one.context for one in staged.sheets if one.is_ledger), None)
    if context is None:
        return
    columns = staged.ledger.headers.columns
    answers = {code: tuple(columns[code].kind.answers(context)) for code, _word in counts}
    for (code, plain), count in counts.most_common(MOST_WORDS):
        if answers[code]:
            names = {folded(name): answer for answer, name in answers[code]}
            near = get_close_matches(plain, names, n=1, cutoff=LOOKS_LIKE)
            guess = names[near[0]] if near else ""
            yield WordAsked(columns[code], spelled[code, plain], count, answers[code], guess)


def _rows(staged: Staged) -> list[StagedRow]:
    return [*staged.new, *staged.known, *staged.faulty]


def _found(rows: list[StagedRow]) -> Iterator[tuple[str, str]]:
    for row in rows:
        yield from row.unknown


def _found_under(
    rows: list[StagedRow], guessed: dict[tuple[StagedSheet, Header], Column]
) -> Iterator[tuple[str, str]]:
    for (sheet, header), column in guessed.items():
        context = sheet.context
        context.row, context.unit = {}, header.unit
        for row in rows:
            if row.at is not sheet:
                continue
            try:
                column.read(sheet.sheet.rows[row.body.row][header.at], context)
            except CellProblem as problem:
                if problem.word:
                    yield column.code, problem.word
