"""Where contents lie: MEDIA_ROOT/ab/cd/<sha-256>, with a thumbnail beside it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from django.conf import settings

THUMBNAIL = ".thumbnail.jpg"
_HEX_DIGITS = 64


def place_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def thumbnail_place_of(sha256: str) -> Path:
    return place_of(sha256).with_name(sha256 + THUMBNAIL)


def put(sha256: str, data: bytes, thumbnail: bytes | None) -> None:
    """Write a content down for good: when this returns, a power cut cannot take it away.

    What is there already under this hash is replaced, so that a damaged content heals.
    """
    folder = place_of(sha256).parent
    folder.mkdir(parents=True, exist_ok=True)
    if thumbnail is not None:
        _write(thumbnail_place_of(sha256), thumbnail)
    _write(place_of(sha256), data)
    for above in (folder, folder.parent, folder.parent.parent):
        _sync_folder(above)


def is_intact(sha256: str) -> bool:
    """Do the bytes still hash to their name? False, too, if they are not there."""
    try:
        with place_of(sha256).open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def contents() -> Iterator[str]:
    """The hashes of all contents of which anything lies on the disk, even a half-written file."""
    for folder in Path(settings.MEDIA_ROOT).glob("??/??"):
        yield from {path.name[:_HEX_DIGITS] for path in folder.iterdir()}


def destroy(sha256: str) -> None:
    """Take away all that lies under this hash."""
    folder = place_of(sha256).parent
    for path in folder.glob(f"{sha256}*"):
        path.unlink(missing_ok=True)
    _sync_folder(folder)


def _write(place: Path, data: bytes) -> None:
    # Under another name first: nobody ever sees half a file under its hash.
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=place.name, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(place)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
