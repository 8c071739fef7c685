"""Word documents (.docx): paragraphs and tables in the order of the body.

Read is what a reader sees with all changes accepted: insertions and content controls belong to the
text, deletions and hidden words do not. Headers, footers and notes at the foot are left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from .document import Note
from .unreadable import Unreadable

#: What a document may unpack to: all of it, and its XML, which takes ten times that in memory.
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_XML_BYTES = 20 * 1024 * 1024

CHANGES = Note(
    "changes_accepted",
    "文件里有修订标记，按全部接受后的文字读取。",
    "The file holds tracked changes; it was read as if all were accepted.",
)
NOTES_LEFT_OUT = Note(
    "notes_left_out",
    "脚注、尾注和批注没有读取。",
    "Footnotes, endnotes and comments were not read.",
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_STRICT = b"http://purl.oclc.org/ooxml/"


def _tags(names: str) -> frozenset[str]:
    return frozenset(_W + name for name in names.split())


_DELETED = _tags("del moveFrom")
_INSERTED = _tags("ins moveTo")
_NOTE_REFERENCES = _tags("footnoteReference endnoteReference commentReference")
_PASSED_OVER = _DELETED | {_FALLBACK, _W + "pPr", _W + "tbl"}
_WRITTEN = {
    _W + "tab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
}


def read_word(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text of a .docx; Unreadable if it is damaged or unpacks to too much."""
    _check_size(data)
    body = _body(data)
    lines = list(_lines(body))
    found = {element.tag for element in body.iter()}
    notes = [CHANGES] * bool(found & (_DELETED | _INSERTED))
    notes += [NOTES_LEFT_OUT] * bool(found & _NOTE_REFERENCES)
    return "\n".join(lines), tuple(notes)


def _check_size(data: bytes) -> None:
    """Sizes are read from the directory of the archive; more than it says is never unpacked."""
    with ZipFile(BytesIO(data)) as package:
        parts = package.infolist()
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if xml > MOST_XML_BYTES or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Unreadable("unpacks_too_large")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")


def _body(data: bytes) -> Any:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        # SyntaxError is what lxml raises for XML that is not well formed
        return docx.Document(BytesIO(data)).element.body
    except (OpcError, BadZipFile, zlib.error, EOFError, SyntaxError, AttributeError) as error:
        raise Unreadable("damaged") from error
    except (KeyError, ValueError) as error:  # a part is missing, or is of another kind
        with ZipFile(BytesIO(data)) as package:
            strict = "_rels/.rels" in package.namelist() and _STRICT in package.read("_rels/.rels")
        raise Unreadable("strict_word" if strict else "damaged") from error


def _lines(container: Any) -> Iterator[str]:
    """One line for each paragraph and each row of a table, in their order."""
    for element in container.iterchildren():
        if element.tag == _W + "p":
            yield from _paragraph(element)
        elif element.tag == _W + "tbl":
            yield from _rows(element)
        elif element.tag not in _DELETED:
            yield from _lines(element)  # content controls, insertions, custom XML


def _paragraph(paragraph: Any) -> Iterator[str]:
    """The line of a paragraph, and after it what its text boxes say."""
    boxes: list[Any] = []
    yield "".join(_pieces(paragraph, boxes))
    for box in boxes:
        yield from _lines(box)


def _pieces(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _WRITTEN:
            yield _WRITTEN[child.tag]
        elif child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag not in _PASSED_OVER and not _is_hidden(child):
            yield from _pieces(child, boxes)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val") not in {"0", "false", "off"}


def _rows(table: Any) -> Iterator[str]:
    for row in _found(table, _W + "tr"):
        yield "\t".join(text for cell in _found(row, _W + "tc") for text in _cell(cell))


def _found(container: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also inside content controls."""
    for element in container.iterchildren():
        if element.tag == tag:
            yield element
        elif element.tag not in _DELETED:
            yield from _found(element, tag)


def _cell(cell: Any) -> Iterator[str]:
    """The text of a cell on one line, and an empty one for each further column it spans."""
    text = " ".join(" ".join(line.split()) for line in _lines(cell) if line.strip())
    yield text
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    yield from [""] * (int(span.get(_W + "val", "1")) - 1 if span is not None else 0)
