"""The private keys of the journals: one file each, readable by the office's account only."""

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


def path_of(journal: UUID) -> Path:
    """The key file of a journal, in the directory of the setting FENGHUANG_KEYS."""
    return Path(settings.FENGHUANG_KEYS) / f"journal-{journal}.pem"


def make(journal: UUID) -> Ed25519PrivateKey:
    """Make the key of a new journal; the one that is there already, if there is one.

    A transaction that was rolled back leaves its key file behind: the next attempt uses it.
    """
    path = path_of(journal)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError:
        return load(journal)
    return private


def load(journal: UUID) -> Ed25519PrivateKey:
    """The key of a journal; ImproperlyConfigured if its file is missing or is no Ed25519 key."""
    path = path_of(journal)
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (FileNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(f"{path} does not hold the key of journal {journal}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path} does not hold an Ed25519 key")
    return private
