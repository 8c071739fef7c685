"""The second step of restoring: simplified script, full-width marks, headings on their own lines.

Works on the mended text, character for character: each keeps its place and gets what it becomes.
Only what lies in damaged clauses is touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from fenghuang.claims import units
from fenghuang.claims.garbling import FULL_WIDTH, HALF_WIDTH
from fenghuang.claims.repairs import Kind
from fenghuang.claims.script import is_simplified, is_traditional_only, particle, simplified
from fenghuang.claims.torn import LOST

_CLAUSE = re.compile(r"[^，,。；;！!？?：:、\n]*[，,。；;！!？?：:、\n]*")
_SENTENCE_END = "。！？”）"
_LONGEST_HEADING = 30
_BLANKS = re.compile(r"[ \u3000\xa0]+")
_NO_HEADING = re.compile(r"[，。；：！？,;:!?\n]")
_QUESTION = re.compile(r"[吗呢谁哪怎何几]|什么|是否|多少|能否|可否|能不能|是不是|有没有")
_DECORATION = re.compile(r"\s*[|｜]\s*\Z")
_EXTRA_COMMA = re.compile(r"[,，]+(?=[,，。、；;：:！!])")
_BRACKETED = re.compile(r"\([^()\n]*\)|[()]")
_MEASURE = "|".join(map(re.escape, units.SPELLINGS))
_AFTER_NUMBER = rf"%|[余多]?[百千万亿]*(?:{_MEASURE}|日|号|时)"
_SWALLOWED = re.compile(rf"[?{LOST}]+(?:\.?[0-9][0-9.]*%?|(?={_AFTER_NUMBER}))")
_BLANKED = re.compile(
    rf"(?:[xX]{{1,4}}\.[xX]{{1,2}}|[xX]{{2,4}}|[×＊○_]{{2,4}})"
    rf"(?=[余多]?[百千万亿]*(?:{_MEASURE}|月|日|号))"
)
_REMOVED = re.compile(
    rf"(?<![0-9０-９.一二三四五六七八九十百千万亿两几数上余多半若])"
    rf"(?=[万亿][余多](?:{_MEASURE})|[余多][万亿](?:{_MEASURE}))"
    r"|(?<=投入|经费|资金|投资|金额|总额|收入|共计|合计)(?=[万亿]元(?!以))"
)
_QUOTES = {"“": 1, "”": -1}


@dataclass(slots=True)
class Finish:
    """What one character of the mended text becomes; `kind` is None if nothing was done to it."""

    after: str
    kind: Kind | None = None
    certain: bool = True


def finish(text: str, touched: list[bool]) -> list[Finish]:
    """What each character becomes; `touched` says which were mended."""
    finished = [Finish(each) for each in text]
    damaged = _damaged(text, touched)
    if any(damaged):
        _simplify(text, damaged, finished)
        _punctuate("".join(each.after for each in finished), damaged, finished)
        _break_lines("".join(each.after for each in finished), damaged, finished)
    return finished


def missing_numbers(text: str) -> list[tuple[int, int]]:
    """Where a restored text shows that a number is not there: 投入经费万多元, xx.x亿元, ××人."""
    return sorted(
        found.span() for pattern in (_BLANKED, _REMOVED) for found in pattern.finditer(text)
    )


def _damaged(text: str, touched: list[bool]) -> list[bool]:
    """For each character whether its clause is damaged: mended or traditional.

    A clause with simplified characters only is clean; one that shows neither goes with the one
    before it.
    """
    spans = [clause.span() for clause in _CLAUSE.finditer(text) if clause.group()]
    signs = [_is_damaged(text[start:end], touched[start:end]) for start, end in spans]
    last = next((sign for sign in signs if sign is not None), False)
    damaged: list[bool] = []
    for (start, end), sign in zip(spans, signs, strict=True):
        last = last if sign is None else sign
        damaged += [last] * (end - start)
    return damaged


def _is_damaged(clause: str, touched: list[bool]) -> bool | None:
    if any(touched):
        return True
    if any(map(is_simplified, clause)):
        return False
    return True if any(map(is_traditional_only, clause)) else None


def _set(finished: list[Finish], at: int, after: str, kind: Kind, *, certain: bool) -> None:
    each = finished[at]
    each.after, each.kind = after, kind
    each.certain = each.certain and certain


def _simplify(text: str, damaged: list[bool], finished: list[Finish]) -> None:
    plain = simplified(text)
    for at, (old, new) in enumerate(zip(text, plain, strict=True)):
        if not damaged[at]:
            continue
        if new == "著":
            _set(finished, at, particle(plain, at), Kind.TRADITIONAL, certain=False)
        elif new != old:
            _set(finished, at, new, Kind.TRADITIONAL, certain=True)


def _punctuate(text: str, damaged: list[bool], finished: list[Finish]) -> None:
    for at, mark in enumerate(text):
        if damaged[at] and mark in ",;:!.":
            _widen(text, at, finished)
        elif damaged[at] and mark in "?\0" and finished[at].kind is None:
            _doubt(text, at, finished)
        elif damaged[at] and mark in HALF_WIDTH and text[at - 1 : at] == "?":
            _set(finished, at, mark, Kind.LEFT_AS_FOUND, certain=False)
    for swallowed in _SWALLOWED.finditer(text):
        if damaged[swallowed.start()] and finished[swallowed.start()].after in "?\0":
            for at in range(*swallowed.span()):
                _set(finished, at, text[at].replace(LOST, "?"), Kind.NUMBER_MISSING, certain=False)
    for bracketed in _BRACKETED.finditer(text):
        if damaged[bracketed.start()]:
            certain = any("\u4e00" <= each <= "\u9fff" for each in bracketed.group())
            for at in range(*bracketed.span()):
                if text[at] in "()":
                    _set(finished, at, FULL_WIDTH[text[at]], Kind.PUNCTUATION, certain=certain)
    for extra in _EXTRA_COMMA.finditer(text):
        if damaged[extra.start()]:
            for at in range(*extra.span()):
                _set(finished, at, "", Kind.PUNCTUATION, certain=False)
    _pair_quotes(text, damaged, finished)


def _is_latin(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and (text[at].isalnum() or text[at] in "/\\@")


def _widen(text: str, at: int, finished: list[Finish]) -> None:
    """A mark inside Latin letters or figures stays, though it may have been a full-width one."""
    mark = text[at]
    if _is_latin(text, at - 1) and _is_latin(text, at + 1):
        if mark != ".":
            _set(finished, at, mark, Kind.LEFT_AS_FOUND, certain=False)
        return
    if mark == ".":
        if at and "\u4e00" <= text[at - 1] <= "\u9fff" and not _is_latin(text, at + 1):
            _set(finished, at, "。", Kind.PUNCTUATION, certain=False)
        return
    # 。” leaves a mere ! or a ?! on some sites, and other pairs ?, or ?;
    certain = mark != "!" and text[at - 1 : at] != "?"
    _set(finished, at, FULL_WIDTH[mark], Kind.PUNCTUATION, certain=certain)


def _doubt(text: str, at: int, finished: list[Finish]) -> None:
    """A ? is a question mark where something is asked; else nobody knows what it was."""
    start = max(map(text.rfind, "。！；\n", [0] * 4, [at] * 4))
    if text[at] == "?" and _QUESTION.search(text, start + 1, at) and not _is_latin(text, at + 1):
        _set(finished, at, "？", Kind.PUNCTUATION, certain=False)
    else:
        _set(finished, at, "?", Kind.LEFT_AS_FOUND, certain=False)


def _pair_quotes(text: str, damaged: list[bool], finished: list[Finish]) -> None:
    """Straight quotation marks by turns; a curly one that has no partner is only noted."""
    start = 0
    for line in text.splitlines(keepends=True):
        straight = [start + n for n, each in enumerate(line) if each == '"' and damaged[start + n]]
        if len(straight) % 2 == 0:
            for n, at in enumerate(straight):
                _set(finished, at, "“”"[n % 2], Kind.PUNCTUATION, certain=False)
        curly = [start + n for n, each in enumerate(line) if each in _QUOTES]
        for at, following in pairwise(curly):
            if damaged[following] and text[at] == text[following]:
                _set(finished, following, text[following], Kind.LEFT_AS_FOUND, certain=False)
        start += len(line)


def _break_lines(text: str, damaged: list[bool], finished: list[Finish]) -> None:
    """Spaces that stand for line breaks: behind a sentence, and behind the heading that follows."""
    if (decoration := _DECORATION.search(text)) and damaged[decoration.start()]:
        for at in range(*decoration.span()):
            _set(finished, at, "", Kind.DECORATION, certain=False)
        text = text[: decoration.start()]
    blanks = [blank.span() for blank in _BLANKS.finditer(text)]
    heading_from = 0 if blanks else -1
    for start, end in blanks:
        if not (damaged[start] and start > 0 and end < len(text)):
            continue
        if text[start - 1] in _SENTENCE_END:
            _break(finished, start, end, "\n\n")
            heading_from = end
        elif heading_from >= 0 and _is_heading(text[heading_from:start]):
            _break(finished, start, end, "\n")
            heading_from = -1
        else:
            heading_from = -1


def _is_heading(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST_HEADING and not _NO_HEADING.search(text)


def _break(finished: list[Finish], start: int, end: int, after: str) -> None:
    for at in range(start, end):
        _set(finished, at, after if at == start else "", Kind.LINE_BREAK, certain=False)
