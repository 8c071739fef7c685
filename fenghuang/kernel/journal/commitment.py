"""Commitments to the fields of a record, and the field root over them; docs/journal-format.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from fenghuang.kernel.journal import tree

SALT_BYTES = 16
PUBLIC_KEY = bytes(16)
"""In place of a record's key for entries that are public as a whole: definitions, reports."""


def field_commitment(name: str, salt: bytes, value: str) -> bytes:
    """H(0x02 ‖ length of the name in one byte ‖ name ‖ salt ‖ canonical JSON of the value).

    ValueError for a name that is not ASCII or longer than 255.
    """
    return sha256(_prefix(name) + salt + value.encode()).digest()


def derived_salts(key: bytes, record: UUID, n: int, count: int) -> list[bytes]:
    """The salts of the non-personal fields of entry `n`: 16 bytes each, in the order of names.

    HKDF-Expand (RFC 5869) over SHA-512, of the record's own key. The entry number is part of it,
    so that whoever is shown one field of one entry learns nothing about another entry. ValueError
    for more fields than it can give salts to.
    """
    info = b"fenghuang/salt/v1" + record.bytes + n.to_bytes(8, "big")
    stream = HKDFExpand(_SHA512, count * SALT_BYTES, info).derive(key)
    return [stream[at : at + SALT_BYTES] for at in range(0, len(stream), SALT_BYTES)]


def field_root(
    key: bytes, record: UUID, n: int, fields: Mapping[str, str], personal: Mapping[str, bytes]
) -> bytes:
    """The Merkle root over all commitments of entry `n`, sorted by name.

    `fields` are the non-personal fields as canonical JSON, `personal` the commitments to the
    personal ones: they have random salts, and stay when value and salt are gone.
    """
    names = tuple(sorted(fields))
    salts = derived_salts(key, record, n, len(names))
    made = [  # field_commitment, spelled out, because this is done for every field of every check
        sha256(prefix + salt + fields[name].encode()).digest()
        for prefix, name, salt in zip(_prefixes(names), names, salts, strict=True)
    ]
    if personal:
        every = {**dict(zip(names, made, strict=True)), **personal}
        made = [every[name] for name in sorted(every)]
    return tree.root(made)


def evidence_root(digests: Iterable[str]) -> bytes:
    """The Merkle root over SHA-256 digests of files, in hexadecimal, sorted.

    ValueError for one that is not 64 lower-case hexadecimal digits.
    """
    leaves = []
    for digest in sorted(set(digests)):
        data = bytes.fromhex(digest)
        if len(data) != 32 or data.hex() != digest:
            raise ValueError(f"{digest!r} is no SHA-256 digest")
        leaves.append(tree.leaf_hash(data))
    return tree.root(leaves)


@lru_cache(maxsize=4096)
def _prefixes(names: tuple[str, ...]) -> list[bytes]:
    return [_prefix(name) for name in names]


@lru_cache(maxsize=4096)
def _prefix(name: str) -> bytes:
    encoded = name.encode("ascii")
    if len(encoded) > 255:
        raise ValueError(f"a field name of {len(encoded)} characters: {name[:40]}…")
    return b"\x02" + bytes([len(encoded)]) + encoded


_SHA512 = SHA512()
