"""Web pages: the words that a reader sees, paragraphs on lines, cells of a row parted by tabs."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .document import Note
from .plain import GB18030, decode

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_CHINESE_CHARSETS = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936"})

#: Never seen on the page. An Inline XBRL header holds facts that are hidden as well.
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "ix:header", "svg"})
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """
    address article aside blockquote body br caption center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section
    summary ul
    """,
    )
)
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)

_SPACE = re.compile(r"[ \t\r\n\f]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]"
_BREAK = "\v"  # a line end in the source; no page holds this character
_BETWEEN_WIDE = re.compile(rf"(?<={_WIDE}){_BREAK}(?={_WIDE}|[0-9])|(?<=[0-9]){_BREAK}(?={_WIDE})")
#: Old pages are laid out by tables: a cell with more lines than this is a part of the page.
_MOST_LINES_IN_A_CELL = 3


def read_web(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """The words on a page; Unreadable if its characters cannot be decoded."""
    text, encoding = decode(data, _declared(data))
    page = _Page()
    page.feed(text)
    page.close()
    return page.text(), (GB18030,) if encoding == "gb18030" else ()


def _declared(data: bytes) -> str:
    """The encoding a page declares, "" if none or UTF-8; GB 2312 means GB18030 on the web."""
    found = _DECLARED.search(data[:4096])
    name = found[1].decode("ascii").lower() if found else ""
    if name in _CHINESE_CHARSETS:
        return "" if _is_utf8(data) else "gb18030"
    try:
        known = codecs.lookup(name).name if name else "utf-8"
    except LookupError:
        return ""
    return "" if known == "utf-8" else known


def _is_utf8(data: bytes) -> bool:
    """Pages that were moved to UTF-8 often still declare GB 2312."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass
class _Frame:
    """What is being gathered: the page, a table, a row or a cell; `cells` only in a row."""

    kind: str
    lines: list[str] = field(default_factory=lambda: [""])
    cells: list[list[str]] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [_Frame("page")]
        self._unseen = ""  # the element whose content is not seen
        self._depth = 0  # of elements of that name inside it
        self._in_pre = False

    def text(self) -> str:
        while len(self._open) > 1:
            self._leave()
        return "\n".join(_tidied(self._open[0].lines))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag not in _VOID and (tag in _UNSEEN or _is_hidden(attrs)):
            self._unseen, self._depth = tag, 1
        elif tag in _CELLS:
            self._leave_within("cell")
            self._open.append(_Frame("cell"))
        elif tag == "tr":
            self._leave_within("cell", "row")
            self._open.append(_Frame("row"))
        elif tag == "table":
            self._open.append(_Frame("table"))
        elif tag in _BLOCKS:
            self._in_pre = self._in_pre or tag == "pre"
            self._open[-1].lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            if not self._depth:
                self._unseen = ""
        elif tag in _CELLS:
            self._leave_within("cell")
        elif tag == "tr":
            self._leave_within("cell", "row")
        elif tag == "table":
            self._leave_within("cell", "row", "table")
        elif tag in _BLOCKS:
            self._in_pre = self._in_pre and tag != "pre"
            self._open[-1].lines.append("")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._in_pre:
            first, *others = data.split("\n")
        else:
            first, *others = [_SPACE.sub(_one_space, data)]
        self._open[-1].lines[-1] += first
        self._open[-1].lines += others

    def _leave_within(self, *kinds: str) -> None:
        """Leave what is open of these kinds, innermost first; elements often lack their end."""
        for kind in kinds:
            if self._open[-1].kind == kind:
                self._leave()

    def _leave(self) -> None:
        left = self._open.pop()
        outer = self._open[-1]
        if left.kind == "cell" and outer.kind == "row":
            outer.cells.append(_tidied(left.lines))
        else:
            outer.lines += [*left.lines, *_row(left.cells), ""]


def _row(cells: list[list[str]]) -> list[str]:
    """One line for the row of a table; the lines as they are if it only lays out the page."""
    if any(len(lines) > _MOST_LINES_IN_A_CELL for lines in cells):
        return [line for lines in cells for line in lines]
    return ["\t".join(" ".join(lines) for lines in cells)]


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    return any(
        name == "hidden" or (name == "style" and bool(value and _HIDDEN.search(value)))
        for name, value in attrs
    )


def _one_space(space: re.Match[str]) -> str:
    return _BREAK if "\n" in space.group() else " "


def _tidied(lines: list[str]) -> list[str]:
    return [line for line in map(_tidy, lines) if line.strip()]


def _tidy(line: str) -> str:
    """One line of a page: a break in the source between Chinese words is no space."""
    line = _INVISIBLE.sub("", line).replace("\u00a0", " ")
    line = _BETWEEN_WIDE.sub("", line).replace(_BREAK, " ")
    return line.strip(" ")
