"""A text as it is read: without its spaces and broken lines, in sentences under headings.

Every offset leads back to the text as given. Lines that belong to a pasted table are left out
here; `tables` reads them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_DIGITS = str.maketrans("０１２３４５６７８９％－−", "0123456789%--")
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_WIDE_POINT = re.compile("(?<=[0-9０-９])．(?=[0-9０-９])")
_BLANK = re.compile("[\\s\u200b\u200c\u200d\u2060\ufeff]+")
_LINE_END = re.compile("\r\n?|[\n\u2028\u2029\x0b\x0c\x85]")

_NUMBER = "[0-9.,万亿千百十余多]"
_UNIT_HEAD = "[个项件户人次家处元万亿千百平公座场名条台余多%起栋位亩米吨]"
_MARK = re.compile(
    r"(?P<one>第?[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}[章部])"
    r"|(?P<two>[（(][一二三四五六七八九十]{1,3}[）)])"
    r"|(?P<table>附?[表件图][0-9]{1,2})"
    r"|(?P<three>[0-9]{1,2}[、.．](?![0-9]))"
    r"|(?P<four>[（(][0-9]{1,2}[）)]|[①-⑳•·●◆■▪—-])"
)
_LEVELS = {"one": 1, "two": 2, "three": 3, "four": 4, "table": 2}
TITLE = 0.5
PLAIN = 1  # a line of its own without mark or full stop
_LONGEST_HEADING = 45
_SHORTEST_WRAP = 18  # a line of prose is not broken before
_HAN = re.compile("[\u4e00-\u9fff]")
_ENDS_SENTENCE = "。！？；!?;：:"
_SENTENCE = re.compile("[^。！？!?\n]*[。！？!?”’）)]*")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text squeezed for reading; `origin[i]` is where character i stands in the text as given."""

    text: str
    origin: list[int]

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the squeezed text stands in the text as given."""
        return self.origin[start], self.origin[end - 1] + 1

    def place(self, given: int) -> int:
        """The first squeezed character at or behind an offset of the text as given."""
        return bisect_right(self.origin, given - 1)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the squeezed text.

    `level` is that of a heading, from TITLE for the lines that open the text, and 0 for prose.
    """

    start: int
    end: int
    level: float
    opens_paragraph: bool


def half_width(text: str) -> str:
    """Full-width digits, percent and minus made half width; the length stays.

    A full-width comma is part of a number only between full-width digits (１２，０００).
    """
    text = _WIDE_POINT.sub(".", _WIDE_COMMA.sub(",", text))
    return text.translate(_DIGITS)


def lines(given: str) -> list[tuple[int, int]]:
    """Start and end of every line, without its line end."""
    ends = [(found.start(), found.end()) for found in _LINE_END.finditer(given)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(given)]
    return list(zip(starts, stops, strict=True))


def squeeze(given: str, left_out: Collection[int] = ()) -> Plain:
    """The text without blanks inside its lines and without the breaks of wrapped lines.

    `left_out` are the numbers of lines that are not prose; each leaves a line break behind.
    """
    plain = half_width(given)
    text: list[str] = []
    origin: list[int] = []
    previous = ""
    for number, (start, end) in enumerate(lines(given)):
        line = "" if number in left_out else plain[start:end]
        pieces = list(_solid(line))
        squeezed = "".join(piece for _, piece in pieces)
        if number and not _is_wrapped(previous, squeezed):
            text.append("\n")
            origin.append(start - 1)
        for offset, piece in pieces:
            text.append(piece)
            origin.extend(range(start + offset, start + offset + len(piece)))
        previous = squeezed
    return Plain("".join(text), origin)


def _solid(line: str) -> Iterator[tuple[int, str]]:
    """Offset and text of the pieces of a line between its blanks; a blank that parts is kept."""
    at = 0
    for blank in _BLANK.finditer(line):
        end = blank.start() + _parts(line, blank)
        if end > at:
            yield at, line[at:end]
        at = blank.end()
    if at < len(line):
        yield at, line[at:]


def _parts(line: str, blank: re.Match[str]) -> bool:
    """Whether a blank stands between two numbers and not inside one.

    One blank inside a number is an accident of copying (1 200户, 12 0余万元), but not behind a
    year or the number of a paragraph (2021 12月, 1. 22个社区).
    """
    if not line[blank.end() : blank.end() + 1].isdigit():
        return False
    before = line[max(0, blank.start() - 5) : blank.start()]
    if not re.search("[0-9][.、．]?$", before):
        return False
    return (
        len(blank.group()) > 1
        or bool(re.compile("(?:19|20)[0-9]{2}年").match(line, blank.end()))
        or bool(re.search("(?<![0-9])(?:19|20)[0-9]{2}$", before))
        or bool(re.fullmatch("[0-9]{1,2}[.、．]?", line[: blank.start()].strip()))
    )


def _is_wrapped(before: str, after: str) -> bool:
    """Whether the break between two lines only wraps a line of prose."""
    if not before or not after or before[-1] in _ENDS_SENTENCE or _MARK.match(after):
        return False
    if re.search(f"{_NUMBER}$", before) and re.match(f"{_NUMBER}|{_UNIT_HEAD}", after):
        is_prose = len(before) >= _SHORTEST_WRAP and re.search("[，、]", before)
        return bool(is_prose) or (len(before) >= 8 and len(_HAN.findall(before)) >= 4)
    mark = _MARK.match(before)
    if mark and mark.lastgroup in ("one", "two", "table") and "。" not in before:
        return False
    return len(before) >= _SHORTEST_WRAP and bool(re.search("[，。；,]", before))


def sentences(plain: str) -> list[Sentence]:
    """The sentences in order; a heading is a sentence of its own."""
    found: list[Sentence] = []
    start = 0
    in_title = True
    for line in plain.split("\n"):
        level: float = _heading_level(line)
        in_title = in_title and (not line or (level == PLAIN and not _MARK.match(line)))
        if level:
            level = TITLE if in_title else level
            found.append(Sentence(start, start + len(line), level, True))
        else:
            opens = True
            for piece in _SENTENCE.finditer(line):
                if piece.group():
                    found.append(Sentence(start + piece.start(), start + piece.end(), 0, opens))
                    opens = False
        start += len(line) + 1
    return found


def _heading_level(line: str) -> int:
    if not line or len(line) > _LONGEST_HEADING or line[-1] in "。！？；!?;，,、：:":
        return 0
    mark = _MARK.match(line)
    rest = _DATED.sub("", line[mark.end() :] if mark else line)
    if re.search("[0-9]", rest):
        return 0
    if mark:
        return _LEVELS[mark.lastgroup or "one"]
    return 0 if re.search("[，；：]", rest) else PLAIN


_DATED = re.compile("20[0-9]{2}年?|[0-9]{1,2}(?:[—–~～-][0-9]{1,2})?月")
