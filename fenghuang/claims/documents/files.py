"""From a name and bytes to a text: what kind of file it is, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from .document import Document, Format, Note
from .pdf import read_pdf
from .plain import read_plain
from .unreadable import Unreadable
from .web import read_web
from .word import read_word

#: The largest file, in bytes: an annual report with its photos stays below.
MOST_BYTES = 20 * 1024 * 1024
#: The longest text, in characters: about fifty annual reports of a city.
MOST_CHARACTERS = 1_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "Workbook".encode("utf-16-le")
_SLIDES = "PowerPoint Document".encode("utf-16-le")
_STARTS = (
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"{\\rtf", "rich_text"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
#: A part that only this kind of file has.
_PARTS = (
    ("word/", None),
    ("xl/", "sheet"),
    ("ppt/", "slides"),
    ("OFD.xml", "ofd"),
)
_WEB_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_WEB_NAME = re.compile(r"\.x?html?$", re.I)
_BLANK = re.compile(r"[ \t\u3000]+(?=\n)")


def read_document(name: str, data: bytes) -> Document:
    """The text of a file, the kind of file, and what the reader should know; else Unreadable.

    Line ends are `\\n`. Files over MOST_BYTES and texts over MOST_CHARACTERS are refused.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large", most=MOST_BYTES // 1024 // 1024)
    if not data.strip():
        raise Unreadable("empty")
    format, read = _reader(name, data)
    text, notes = read(data)
    text = _BLANK.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    if not text.strip():
        raise Unreadable("no_text")
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long", most=MOST_CHARACTERS // 10_000)
    return Document(text, format, notes)


_Reader = Callable[[bytes], tuple[str, tuple[Note, ...]]]


def _reader(name: str, data: bytes) -> tuple[Format, _Reader]:
    if b"%PDF-" in data[:1024]:
        return Format.PDF, read_pdf
    if data.startswith(b"PK"):
        _check_is_word(data)
        return Format.WORD, read_word
    if data.startswith(_OLE):
        raise Unreadable(_kind_of_ole(data))
    for start, code in _STARTS:
        if data.startswith(start):
            raise Unreadable(code)
    if _WEB_START.match(data[:4096]) or _WEB_NAME.search(name):
        return Format.WEB, read_web
    return Format.TEXT, read_plain


def _check_is_word(data: bytes) -> None:
    try:
        with ZipFile(BytesIO(data)) as package:
            names = package.namelist()
    except (BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise Unreadable("damaged") from error
    for start, code in _PARTS:
        if any(name.startswith(start) for name in names):
            if code:
                raise Unreadable(code)
            return
    raise Unreadable("archive")


def _kind_of_ole(data: bytes) -> str:
    if _ENCRYPTED_PACKAGE in data:
        return "encrypted"
    if _WORKBOOK in data:
        return "sheet"
    return "slides" if _SLIDES in data else "old_word"
