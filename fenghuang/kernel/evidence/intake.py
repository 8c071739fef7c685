"""What becomes of a file that somebody hands in: taken as harmless content, or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Protocol

import puremagic

from .office import DOCX, OLE, XLSX, ZIP, check_office
from .pdf import check_pdf
from .pictures import redraw
from .refusals import refused

PDF = "application/pdf"
TEXT = "text/plain"
PICTURES = frozenset({"image/jpeg", "image/png"})

LONGEST_NAME = 80
MEGABYTE = 1024 * 1024

_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    PDF: ".pdf",
    DOCX: ".docx",
    XLSX: ".xlsx",
    TEXT: ".txt",
}
#: Telephones often give a picture the ending of another kind; it is drawn anew and renamed anyway.
_PICTURE_NAMES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"})
_KNOWN_NAMES = _PICTURE_NAMES | frozenset(_SUFFIXES.values())

_ENDING = re.compile(r"\.(?=\d*[a-z])[a-z0-9]{1,6}$", re.IGNORECASE)
_HEIC = re.compile(rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffe\uffff]")
_MARKUP = re.compile(r"\s*<(?:!|\?|/?(?:html|head|body|svg|script|iframe|img)\b)", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Accepted:
    """A file as it will be kept. Pictures have a size in pixels and a thumbnail (JPEG).

    `taken_on` is the day that the camera had written into the picture.
    """

    data: bytes
    media_type: str
    name: str = ""
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None
    taken_on: date | None = None

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def accept(name: str, content: bytes | Readable, limit: int) -> Accepted:
    """The content under a clean name, pictures and text rewritten; `limit` in bytes, inclusive.

    Refused for everything that is not a sound JPEG, PNG, WebP, PDF, DOCX, XLSX or text, or whose
    name claims to be something else. A name without an ending is given the right one.
    """
    data = content if isinstance(content, bytes) else content.read(limit + 1)
    if not data:
        raise refused("file_empty")
    if len(data) > limit:
        raise refused("file_too_large", limit=limit // MEGABYTE)
    stem = clean_name(name)
    named = ending[0].lower() if (ending := _ENDING.search(stem)) else ""
    taken = _take(data, named)
    suffix = _SUFFIXES[taken.media_type]
    fitting = _PICTURE_NAMES if taken.media_type in PICTURES else {suffix}
    if named and named not in fitting:
        raise refused("file_name_lies", named=named)
    if len(taken.data) > limit:  # an artful PNG grows when it is drawn anew
        raise refused("file_too_large", limit=limit // MEGABYTE)
    stem = stem.removesuffix(ending[0] if ending else "")[: LONGEST_NAME - len(suffix)].rstrip(" .")
    return replace(taken, name=f"{stem or 'file'}{suffix}")


def clean_name(name: str) -> str:
    """The name without folders, control and formatting characters, in normal form C; perhaps empty.

    >>> clean_name("../../etc/现场\\x00照片.jpg")
    '现场照片.jpg'
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in " ".join(last.split()) if unicodedata.category(c)[0] != "C")
    return _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", shown)).strip(" .")


def _take(data: bytes, named: str) -> Accepted:
    for beginning, take in _TAKEN:
        if beginning.match(data) and (taken := take(data)):
            return taken
    if data.startswith(OLE):
        is_protected = "EncryptedPackage".encode("utf-16-le") in data
        raise refused("file_protected" if is_protected else "file_old_office")
    if _HEIC.match(data):
        raise refused("file_heic")
    if named == _SUFFIXES[TEXT]:
        return _text(data)
    if named in _KNOWN_NAMES:
        raise refused("file_name_lies", named=named)
    kind = named.removeprefix(".").upper() or _recognised(data)
    raise refused("file_type", kind=kind) if kind else refused("file_unknown")


def _picture(data: bytes, *, form: str) -> Accepted:
    return Accepted(**vars(redraw(data, form)))


def _pdf(data: bytes) -> Accepted:
    check_pdf(data)
    return Accepted(data, PDF)


def _office(data: bytes) -> Accepted | None:
    media_type = check_office(data)
    return Accepted(data, media_type) if media_type else None


def _text(data: bytes) -> Accepted:
    """Text in UTF-8, UTF-16 or GB 18030, as UTF-8: nobody has to guess its encoding again."""
    for encoding in ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text) or _MARKUP.match(text):
            break
        if not text.strip():
            raise refused("file_empty")
        return Accepted(text.encode(), TEXT)
    raise refused("file_name_lies", named=_SUFFIXES[TEXT])


def _recognised(data: bytes) -> str:
    """What the file is called by those who know all kinds, such as GIF; empty if nobody knows."""
    try:
        return puremagic.from_string(data[:4096]).removeprefix(".").upper()
    except (puremagic.PureError, ValueError):
        return ""


_TAKEN: list[tuple[re.Pattern[bytes], Callable[[bytes], Accepted | None]]] = [
    (re.compile(rb"\xff\xd8\xff"), partial(_picture, form="JPEG")),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), partial(_picture, form="PNG")),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), partial(_picture, form="WEBP")),
    (re.compile(rb"%PDF-"), _pdf),
    (re.compile(re.escape(ZIP)), _office),
]
