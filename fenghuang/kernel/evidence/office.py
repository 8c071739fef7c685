"""Word and Excel documents: their package is unpacked and looked through before it is kept."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from .refusals import BROKEN, refused

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"

MOST_PARTS = 2000
MOST_UNPACKED = 100 * 1024 * 1024
#: Tables of equal rows pack very well; up to this size nobody is asked how well.
ALWAYS_UNPACKED = 10 * 1024 * 1024
MOST_RATIO = 200
#: Lists of types and relations are parsed here; real ones have a few kilobytes.
MOST_LISTED = 1024 * 1024

_MAIN = {f"{DOCX}.main+xml".lower(): DOCX, f"{XLSX}.main+xml".lower(): XLSX}
_TYPES = "[Content_Types].xml"
_END = b"PK\x05\x06"
_END_SIZE = 22


def check_office(data: bytes) -> str | None:
    """The media type of a Word or Excel document without macros; None for any other package.

    Refused if the package is damaged, protected, has something before or behind it, unpacks too
    large (as declared and in truth), holds macros, controls or other packages, or draws anything in
    from outside; hyperlinks may lead there.
    """
    media_type = None
    try:
        with ZipFile(BytesIO(data)) as package:
            if _TYPES not in package.namelist():
                return None
            _check_directory(package, data)
            for part in package.infolist():
                content = _unpacked(package, part, data)
                _check_part(part.filename, content)
                if part.filename == _TYPES:
                    media_type = _media_type(content)
    except BROKEN as error:
        raise refused("file_damaged") from error
    return media_type


def _check_directory(package: ZipFile, data: bytes) -> None:
    parts = package.infolist()
    is_whole = data[-_END_SIZE:].startswith(_END) and min(p.header_offset for p in parts) == 0
    if not is_whole:
        raise refused("file_two_in_one")
    if any(part.flag_bits & 1 for part in parts):
        raise refused("file_protected")
    if len(parts) > MOST_PARTS or len({part.filename.casefold() for part in parts}) < len(parts):
        raise BadZipFile("too many parts, or two of one name")
    if not all(_is_sound(part) for part in parts):
        raise BadZipFile("a part has an impossible name or an unusual compression")
    if sum(part.file_size for part in parts) > _most_unpacked(len(data)):
        raise refused("file_unpacks_too_large")


def _most_unpacked(packed: int) -> int:
    return min(MOST_UNPACKED, max(ALWAYS_UNPACKED, MOST_RATIO * packed))


def _is_sound(part: ZipInfo) -> bool:
    path = PurePosixPath(part.filename)
    return (
        part.filename == part.orig_filename
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in part.filename
        and part.compress_type in (ZIP_STORED, ZIP_DEFLATED)
    )


def _unpacked(package: ZipFile, part: ZipInfo, data: bytes) -> bytes:
    """The content of a part. zipfile would stop at the declared size, so we unpack it ourselves."""
    package.open(part).close()  # compares the part's own header with the directory
    name, extra = struct.unpack_from("<HH", data, part.header_offset + 26)
    start = part.header_offset + 30 + name + extra
    content = data[start : start + part.compress_size]
    if part.compress_type == ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        content = inflater.decompress(content, part.file_size + 1)
    if len(content) > part.file_size:
        raise refused("file_unpacks_too_large")
    if len(content) < part.file_size or zlib.crc32(content) != part.CRC:
        raise BadZipFile(f"{part.filename} is not whole")
    return content


def _check_part(name: str, content: bytes) -> None:
    if content.startswith((OLE, ZIP)):
        raise refused("file_macros" if name.endswith("vbaProject.bin") else "file_embedded")
    if name.endswith((".xml", ".rels", ".vml")) and (b"<!DOCTYPE" in content or b"\0" in content):
        # Office writes neither entities nor UTF-16; both serve to hide things from a check.
        raise BadZipFile(f"{name} is not as Office writes it")
    if name.endswith(".rels"):
        for relation in _listed(content):
            is_outside = relation.get("TargetMode", "").lower() == "external"
            if is_outside and not relation.get("Type", "").endswith("/hyperlink"):
                raise refused("file_embedded")


def _media_type(content: bytes) -> str | None:
    types = {entry.get("ContentType", "").lower() for entry in _listed(content)}
    if any(word in kind for kind in types for word in ("macro", "vba", "activex")):
        raise refused("file_macros")
    found = {_MAIN[kind] for kind in types if kind in _MAIN}
    return found.pop() if len(found) == 1 else None


def _listed(content: bytes) -> ElementTree.Element:
    if len(content) > MOST_LISTED:
        raise BadZipFile("a list of parts is too long")
    return ElementTree.fromstring(content)  # noqa: S314 - short, and without entities
