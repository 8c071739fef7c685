"""Plain text: UTF-8, UTF-16 with a byte order mark, GB18030 (and with it GBK and GB 2312)."""

from __future__ import annotations

import codecs
import re

from .document import Note
from .unreadable import Unreadable

GB18030 = Note(
    "gb18030",
    "文本按GB18030编码读取。",
    "The text was read as GB18030.",
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Three bytes that are one Chinese character in UTF-8; in GB18030 they hardly ever stand so.
_CHINESE_UTF8 = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_MOST_STRANGE = 5  # one character in so many may lie beyond GB 2312, which holds what is in use


def read_plain(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text of bytes without any markup; Unreadable if no encoding fits without doubt."""
    text, encoding = decode(data)
    return text, (GB18030,) if encoding == "gb18030" else ()


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text and the encoding found: by byte order mark, as declared, as UTF-8, as GB18030.

    A byte order mark wins over what a page declares of itself. Damaged UTF-8 is refused: read as
    GB18030 it would give other characters, and nobody would be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding), encoding
    if declared:
        return _decoded(data, declared), declared
    try:
        return _printable(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(data):
        raise Unreadable("undecodable")
    text = _decoded(data, "gb18030")
    if _is_strange(text):
        raise Unreadable("undecodable")
    return text, "gb18030"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return _printable(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise Unreadable("undecodable") from error


def _printable(text: str) -> str:
    if _CONTROLS.search(text):
        raise Unreadable("undecodable")
    return text


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether more than half of the bytes beyond ASCII make Chinese characters of UTF-8."""
    beyond = sum(byte > 0x7F for byte in data)
    return 2 * 3 * len(_CHINESE_UTF8.findall(data)) > beyond


def _is_strange(text: str) -> bool:
    """Whether too many characters are rare ones, as when another encoding is taken for GB18030."""
    beyond = [character for character in text if character > "\x7f"]
    known = "".join(beyond).encode("gb2312", "ignore")
    return (len(beyond) - len(known) // 2) * _MOST_STRANGE > len(beyond)
