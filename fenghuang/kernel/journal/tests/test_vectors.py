"""The test vectors of docs/journal-format.md: bytes that no later version may write differently."""

import json
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fenghuang.kernel.journal import canonical, commitment, tree
from fenghuang.kernel.journal.checkpoint import (
    LOG,
    WITNESS,
    Head,
    Key,
    cosign,
    parse_proof,
    public_bytes,
    sign,
    verify,
)

FILE = Path(__file__).with_name("vectors.json")
PAGE = Path(__file__).parents[4] / "docs" / "journal-format.md"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


def private(vector: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS[vector]["private_key"]))


def test_the_page_shows_the_vectors_as_they_are():
    assert f"```json\n{FILE.read_text(encoding='utf-8')}```\n" in PAGE.read_text(encoding="utf-8")


def test_canonical_text():
    vector = VECTORS["canonical"]

    assert canonical.encode(vector["value"]) == vector["text"]


def test_the_commitment_to_a_field():
    vector = VECTORS["commitment"]
    salt = bytes.fromhex(vector["salt"])

    made = commitment.field_commitment(vector["name"], salt, vector["value"])

    preimage = b"\x02\x05phone" + salt + b'"13800000000"'
    assert made.hex() == sha256(preimage).hexdigest() == vector["commitment"]


def test_derived_salts():
    vector = VECTORS["salts"]

    salts = commitment.derived_salts(
        bytes.fromhex(vector["key"]), UUID(vector["record"]), vector["n"], len(vector["salts"])
    )

    assert [salt.hex() for salt in salts] == vector["salts"]


def test_an_entry_from_its_fields_to_its_leaf():
    vector, salts = VECTORS["entry"], VECTORS["salts"]
    fields = canonical.decode(vector["opening"])
    encoded = {name: canonical.encode(value) for name, value in fields.items()}
    personal = {"phone": bytes.fromhex(VECTORS["commitment"]["commitment"])}

    root = commitment.field_root(
        bytes.fromhex(salts["key"]), UUID(salts["record"]), salts["n"], encoded, personal
    )

    header = canonical.decode(vector["header"])
    assert root.hex() == header["fr"] == vector["field_root"]
    assert commitment.evidence_root(fields["@evidence"]).hex() == header["ev"]
    assert canonical.encode(header) == vector["header"]
    assert tree.leaf_hash(vector["header"].encode()).hex() == vector["leaf"]


def test_the_roots_of_small_trees():
    vector = VECTORS["tree"]
    leaves = [tree.leaf_hash(bytes.fromhex(data)) for data in vector["data"]]

    roots = [tree.root(leaves[:size]).hex() for size in range(len(leaves) + 1)]

    assert roots == vector["roots"]


def test_a_checkpoint():
    vector = VECTORS["checkpoint"]
    head = Head(vector["origin"], vector["size"], bytes.fromhex(vector["root"]))

    assert sign(head, private("checkpoint")) == vector["text"]
    key = Key(head.origin, LOG, public_bytes(private("checkpoint")))
    assert key.text() == vector["verifier_key"]


def test_a_cosignature():
    vector = VECTORS["cosignature"]
    key = Key(vector["name"], WITNESS, public_bytes(private("cosignature")))

    text = cosign(
        VECTORS["checkpoint"]["text"], vector["name"], private("cosignature"), vector["time"]
    )

    assert (text, key.text()) == (vector["text"], vector["verifier_key"])
    assert verify(text, key).head.size == VECTORS["checkpoint"]["size"]


def test_a_proof_leads_from_the_entry_to_the_checkpoint():
    index, path, checkpoint = parse_proof(VECTORS["proof"]["text"])
    key = Key("fenghuang/phoenix", LOG, public_bytes(private("checkpoint")))

    head = verify(checkpoint, key).head

    leaf = bytes.fromhex(VECTORS["entry"]["leaf"])
    assert tree.is_included(index, head.size, leaf, path, head.root)
