"""PDF documents: lines joined to paragraphs again, rows of tables parted by tabs.

A PDF knows characters at places, not paragraphs. A line that reaches the right margin goes on in
the next one unless that is indented, so that a number broken over a line end is whole again. A gap
wider than half a character parts two cells of a table; a smaller one beside a Chinese character is
only how the line was set, and no space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .document import Note
from .unreadable import Unreadable

MOST_PAGES = 1000

_CELL_GAP = 0.5  # of a character; a justified line opens smaller gaps
_SHORTEST_COLUMN = 12  # characters; a shorter line does not go on in the next

_PAGE_NUMBER = re.compile(
    r"[-—–―·\s]*第?\s*(?P<page>[0-9]{1,4})\s*页?(?:\s*[/／,，]?\s*共?\s*[0-9]{1,4}\s*页?)?[-—–―·\s]*"
)
_DRESSED = re.compile(r"[-—–―·]\s*[0-9]+\s*[-—–―·]|第\s*[0-9]+\s*页.*")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0e-\x1f\ue000-\uf8ff\ufffd\uffff]")
_SENTENCE_ENDS = re.compile("[。！？：]”?$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page with its left and right end and the height of its characters, in points."""

    text: str
    left: float
    right: float
    height: float

    @property
    def is_row(self) -> bool:
        return "\t" in self.text

    def reaches(self, margin: float) -> bool:
        """Whether it is a line of prose that ends where the column ends."""
        is_wide = self.right - self.left > _SHORTEST_COLUMN * self.height
        return is_wide and self.right > margin - 1.5 * self.height and not self.is_row


def read_pdf(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text of a PDF; Unreadable if it is protected, damaged, scanned or without characters."""
    pages = list(_pages(data))
    text = "".join(line.text for page in pages for line in page)
    if not text:
        raise Unreadable("scanned")
    if len(_NO_CHARACTER.findall(text)) * 5 > len(text):
        raise Unreadable("pdf_without_characters")
    empty = [number for number, page in enumerate(pages, start=1) if not page]
    notes = (_without_text(empty),) if empty else ()
    return "\n".join(_paragraphs(_without_page_numbers(pages))), notes


def _without_text(pages: Sequence[int]) -> Note:
    listed = "、".join(map(str, pages))
    return Note(
        "pages_without_text",
        f"第{listed}页没有文字（空白页或图片），没有读取。",
        f"Without text, and so not read (empty or pictures): page {listed}.",
    )


def _pages(data: bytes) -> Iterator[list[_Line]]:
    import pypdfium2  # type: ignore[import-untyped]  # it brings no types
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # it brings no types

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        protected = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Unreadable("encrypted" if protected else "damaged") from error
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable("too_many_pages", most=MOST_PAGES)
        for number in range(len(document)):
            yield _page(document, number)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged") from error
    finally:
        document.close()


def _page(document: Any, number: int) -> list[_Line]:
    page = document[number]
    characters = _Characters(page.get_textpage())
    lines = [
        line
        for found in re.finditer(r"[^\r\n]+", characters.text)
        if (line := characters.line(found.start(), found.end())) is not None
    ]
    page.close()
    return lines


class _Characters:
    """The characters of one page and where they stand."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.text: str = page.get_text_range()

    def line(self, start: int, end: int) -> _Line | None:
        """The line that the characters from start to end make; None if they are only spaces."""
        words = list(re.finditer(r"\S+", self.text[start:end]))
        if not words:
            return None
        first = self._box(start + words[0].start())
        last = self._box(start + words[-1].end() - 1)
        height = max(first[3], last[3])
        text = words[0].group()
        for one, other in pairwise(words):
            gap = self._box(start + other.start())[0] - self._box(start + one.end() - 1)[1]
            text += _parting(text[-1], other.group()[0], gap, height) + other.group()
        return _Line(text, first[0], last[1], height)

    def _box(self, index: int) -> tuple[float, float, float, float]:
        """Left, right and bottom end of a character as it is set, and its size."""
        import pypdfium2.raw as pdfium

        at = pdfium.FPDFText_GetCharIndexFromTextIndex(self._page, index)
        left, bottom, right, _top = self._page.get_charbox(at, loose=True)
        return left, right, bottom, float(pdfium.FPDFText_GetFontSize(self._page, at))


def _parting(before: str, after: str, gap: float, height: float) -> str:
    if gap > _CELL_GAP * height:
        return "\t"
    return "" if _WIDE.match(before) or _WIDE.match(after) else " "


def _joint(before: str, after: str) -> str:
    """Between two lines of one paragraph: a space only between words of another script."""
    in_number = before in "0123456789.," and after in "0123456789.,%"
    return "" if in_number or _WIDE.match(before) or _WIDE.match(after) else " "


def _without_page_numbers(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without their numbers, where it is certain that they are page numbers.

    Certain are numbers that stand first or last on the page and count on from page to page, and a
    number in the dress of one (— 3 —, 第3页).
    """
    for position in (0, -1):
        numbers = [_page_number(page[position]) if page else None for page in pages]
        counted = _count_on(numbers)
        pages = [
            [line for line in page if line is not page[position]]
            if number is not None and (counted or _DRESSED.fullmatch(page[position].text))
            else page
            for page, number in zip(pages, numbers, strict=True)
        ]
    return pages


def _page_number(line: _Line) -> int | None:
    found = _PAGE_NUMBER.fullmatch(line.text)
    return int(found["page"]) if found else None


def _count_on(numbers: Sequence[int | None]) -> bool:
    """Whether two or more numbers each count on with the pages; a cover may have none."""
    differences = {number - page for page, number in enumerate(numbers) if number is not None}
    counted = sum(number is not None for number in numbers)
    return len(differences) == 1 and counted >= 2 and counted >= len(numbers) - 2


def _paragraphs(pages: list[list[_Line]]) -> Iterator[str]:
    margins = [_margins(pages[parity::2]) for parity in (0, 1)]
    text, goes_on = "", False
    for number, page in enumerate(pages):
        left, right = margins[number % 2]
        for line in page:
            indented = line.left > left + line.height / 2
            if goes_on and not indented and not line.is_row:
                text += _joint(text[-1], line.text[0]) + line.text
            else:
                if text:
                    yield text
                text = line.text
            goes_on = line.reaches(right) and not _SENTENCE_ENDS.search(line.text)
    if text:
        yield text


def _margins(pages: list[list[_Line]]) -> tuple[float, float]:
    """The left and right margin that the lines of left or of right pages keep."""
    lines = [line for page in pages for line in page]
    return min((line.left for line in lines), default=0), max(
        (line.right for line in lines), default=0
    )
