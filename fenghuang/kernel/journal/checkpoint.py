"""Checkpoints, cosignatures and proofs as text: C2SP signed-note, tlog-checkpoint, tlog-cosignature
and tlog-proof, with Ed25519. Pure: keys and times are handed in.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG = 0x01
WITNESS = 0x04
_LINE = "— "
_PROOF = "c2sp.org/tlog-proof@v1"


class BadNote(ValueError):
    """A checkpoint, cosignature or proof is not well formed, or its signature does not hold."""


@dataclass(frozen=True)
class Head:
    """What a checkpoint states: of this log, at this size, this is the root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True)
class Key:
    """A public key under a name, for one kind of signature: LOG or WITNESS."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ public key)."""
        return sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def text(self) -> str:
        """The C2SP verifier key: name, key id and kind with key, joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.kind]) + self.public)}"


@dataclass(frozen=True)
class Signature:
    """One signature line. `bytes` is what follows the four bytes of the key id."""

    name: str
    key_id: bytes
    bytes: bytes

    def text(self) -> str:
        return f"{_LINE}{self.name} {_base64(self.key_id + self.bytes)}\n"


@dataclass(frozen=True)
class Note:
    """A signed checkpoint, taken apart; signatures of unknown keys are kept as they are."""

    head: Head
    signatures: tuple[Signature, ...]

    def text(self) -> str:
        return self.head.text() + "\n" + "".join(line.text() for line in self.signatures)


def check_name(name: str) -> None:
    """ValueError unless this can name a log or a witness: visible ASCII without a plus."""
    if not name or any(not "!" <= sign <= "~" or sign == "+" for sign in name):
        raise ValueError(f"{name!r} cannot name a log: only visible ASCII, without a plus")


def key_from_text(text: str) -> Key:
    """The key of a C2SP verifier key; BadNote if it is none or its id does not fit."""
    name, _key_id, encoded = [*text.split("+", 2), "", ""][:3]
    body = _bytes(encoded)
    if len(body) != 33 or body[0] not in (LOG, WITNESS):
        raise BadNote(f"{text!r} is no Ed25519 key of a log or witness")
    key = Key(name, body[0], body[1:])
    if key.text() != text:
        raise BadNote(f"{text!r} does not fit its own key id")
    return key


def sign(head: Head, private: Ed25519PrivateKey) -> str:
    """The checkpoint of a head, signed by its log."""
    key = Key(head.origin, LOG, public_bytes(private))
    line = Signature(key.name, key.id, private.sign(head.text().encode()))
    return Note(head, (line,)).text()


def parse(text: str) -> Note:
    """Take a checkpoint apart; BadNote unless it is one, to the byte. No signature is verified."""
    body, gap, lines = text.rpartition("\n\n")
    fields = body.split("\n")
    if not gap or len(fields) != 3:
        raise BadNote("not a checkpoint: three lines, an empty line, signatures")
    origin, size, root = fields
    if not (size.isascii() and size.isdigit()):
        raise BadNote(f"{size!r} is no tree size")
    signatures = []
    for line in lines.splitlines():
        name, _space, encoded = line.removeprefix(_LINE).partition(" ")
        signed = _bytes(encoded)
        signatures.append(Signature(name, signed[:4], signed[4:]))
    note = Note(Head(origin, int(size), _bytes(root)), tuple(signatures))
    if note.text() != text or len(note.head.root) != 32 or not signatures:
        raise BadNote("not a checkpoint: it does not read back as it was written")
    return note


def verify(text: str, key: Key) -> Note:
    """The checkpoint, if this key signed it (as log, or as witness); otherwise BadNote."""
    note = parse(text)
    found = [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.id)]
    if not found:
        raise BadNote(f"no signature by {key.text()}")
    if key.kind == LOG and note.head.origin != key.name:
        raise BadNote(f"a checkpoint of {note.head.origin}, not of {key.name}")
    for line in found:
        signed, message = line.bytes, note.head.text().encode()
        if key.kind == WITNESS:
            if len(signed) != 72:
                raise BadNote(f"the cosignature by {key.name} has no time")
            message = _cosigned(note.head, int.from_bytes(signed[:8], "big"))
            signed = signed[8:]
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signed, message)
        except InvalidSignature as error:
            raise BadNote(f"the signature by {key.text()} does not hold") from error
    return note


def cosign(text: str, name: str, private: Ed25519PrivateKey, time: int) -> str:
    """The checkpoint with a witness's cosignature (cosignature/v1) added; `time` in POSIX seconds.

    The witness has verified the log's signature and the consistency with what it cosigned before.
    """
    check_name(name)
    note = parse(text)
    key = Key(name, WITNESS, public_bytes(private))
    signed = time.to_bytes(8, "big") + private.sign(_cosigned(note.head, time))
    return Note(note.head, (*note.signatures, Signature(name, key.id, signed))).text()


def proof_text(index: int, proof: Sequence[bytes], checkpoint: str) -> str:
    """The C2SP tlog-proof of one entry: its number, the inclusion proof, the checkpoint."""
    return "\n".join([_PROOF, f"index {index}", *map(_base64, proof), "", checkpoint])


def parse_proof(text: str) -> tuple[int, list[bytes], str]:
    """Number, inclusion proof and checkpoint of a tlog-proof; BadNote unless it is one."""
    head, _gap, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    if lines and lines[0].startswith("extra "):
        del lines[0]  # allowed by the format, not signed, and of no use to us
    index = lines[0].removeprefix("index ") if lines else ""
    if first != _PROOF or not (index.isascii() and index.isdigit()):
        raise BadNote("not a proof of inclusion")
    proof = [_bytes(line) for line in lines[1:]]
    parse(checkpoint)
    if any(len(hashed) != 32 for hashed in proof) or str(int(index)) != index:
        raise BadNote("not a proof of inclusion: an entry number and hashes of 32 bytes")
    return int(index), proof, checkpoint


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key."""
    return private.public_key().public_bytes_raw()


def _cosigned(head: Head, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{head.text()}".encode()


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise BadNote(f"{text!r} is no base64") from error
    # The last character of base64 has spare bits; a bit changed there must not pass unseen.
    if _base64(data) != text:
        raise BadNote(f"{text!r} is no canonical base64")
    return data
