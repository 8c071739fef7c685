"""PDF documents: only ever handed out as downloads; those that start programs are not kept."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import is_zipfile

from .refusals import refused

#: Object streams hold names packed; so much of them is looked through.
MOST_UNPACKED = 32 * 1024 * 1024

_END = b"%%EOF"
_STREAM = re.compile(rb"\bstream\r?\n")
_DICTIONARY = 400
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_PROTECTED = re.compile(rb"/Encrypt(?![A-Za-z])")
_RUNS = re.compile(rb"/(?:(?:JavaScript|Launch|RichMedia)(?![A-Za-z])|XFA\s*[\[\d])")


def check_pdf(data: bytes) -> None:
    """Refused if the PDF is cut short, protected, something else as well, or starts programs.

    Names are found in the open, escaped (#4a) and in packed object streams. A name that is packed
    twice is not found: that is why a PDF is never shown inside our pages.
    """
    end = data.rfind(_END)
    if not re.match(rb"%PDF-[12]\.\d", data) or end < 0 or b"startxref" not in data:
        raise refused("file_damaged")
    if data[end + len(_END) :].strip(b"\0\t\n\f\r ") or is_zipfile(BytesIO(data)):
        raise refused("file_two_in_one")
    for text in (data, *_object_streams(data)):
        names = _unescaped(text)
        if _PROTECTED.search(names):
            raise refused("file_protected")
        if _RUNS.search(names):
            raise refused("file_runs_programs")


def _unescaped(text: bytes) -> bytes:
    return _ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), text)


def _object_streams(data: bytes) -> Iterator[bytes]:
    at, left = 0, MOST_UNPACKED
    while stream := _STREAM.search(data, at):
        at = stream.end()
        before = data[max(0, stream.start() - _DICTIONARY) : stream.start()]
        if b"/ObjStm" in _unescaped(before):
            at = data.find(b"endstream", stream.end())
            if at < 0:
                raise refused("file_damaged")
            try:
                unpacked = zlib.decompressobj().decompress(data[stream.end() : at], left)
            except zlib.error as error:
                raise refused("file_damaged") from error
            left -= len(unpacked)
            if left <= 0:
                raise refused("file_unpacks_too_large")
            yield unpacked
