"""A journal's files beside the database: its private key, and copies of its checkpoints."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def key_path(journal: UUID) -> Path:
    """The key file of a journal, in the directory that the setting FENGHUANG_KEYS names."""
    return Path(settings.FENGHUANG_KEYS) / f"journal-{journal}.pem"


def make_key(journal: UUID) -> Ed25519PrivateKey:
    """Make the key of a new journal; the one that is there already, if there is one.

    A transaction that was rolled back leaves its key file behind: the next attempt uses it.
    """
    path = key_path(journal)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError:
        return load_key(journal)
    return private


def load_key(journal: UUID) -> Ed25519PrivateKey:
    """The key of a journal; ImproperlyConfigured if its file is missing or is no Ed25519 key."""
    path = key_path(journal)
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (FileNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(f"{path} does not hold the key of journal {journal}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path} does not hold an Ed25519 key")
    return private


def keep_checkpoint(journal: UUID, size: int, text: str) -> None:
    """Write a copy of a checkpoint, if the setting FENGHUANG_CHECKPOINTS names a directory."""
    if directory := _checkpoint_directory(journal):
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"{size}.txt").write_text(text, encoding="utf-8")


def kept_checkpoints(journal: UUID) -> list[tuple[str, str]]:
    """Path and text of all copies of checkpoints."""
    directory = _checkpoint_directory(journal)
    paths = sorted(directory.glob("*.txt")) if directory else []
    return [(str(path), path.read_text(encoding="utf-8", errors="replace")) for path in paths]


def _checkpoint_directory(journal: UUID) -> Path | None:
    directory = getattr(settings, "FENGHUANG_CHECKPOINTS", None)
    return Path(directory) / str(journal) if directory else None
