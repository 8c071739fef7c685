"""How files are handed out: from where, and with which headers so that no browser runs anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.utils.http import content_disposition_header

from . import disk
from .intake import TEXT
from .models import Attachment, StoredFile

#: Every answer that carries a file or a thumbnail has these.
HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}

THUMBNAIL_HEADERS: Final[Mapping[str, str]] = {**HEADERS, "Content-Type": "image/jpeg"}


def path_of(file: StoredFile) -> Path:
    """Where the bytes lie, if `purged_at` is None."""
    return disk.place_of(file.sha256)


def thumbnail_path_of(file: StoredFile) -> Path | None:
    """Where the thumbnail of a picture lies; None for other files."""
    return disk.thumbnail_place_of(file.sha256) if file.is_picture else None


def headers_of(attachment: Attachment) -> dict[str, str]:
    """The headers of its file: pictures may be shown, everything else is only ever downloaded."""
    file = attachment.file
    kind = f"{TEXT}; charset=utf-8" if file.media_type == TEXT else file.media_type
    disposition = content_disposition_header(not file.is_picture, attachment.name) or "inline"
    return {**HEADERS, "Content-Type": kind, "Content-Disposition": disposition}
