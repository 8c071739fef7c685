import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.journal import tree
from fenghuang.kernel.journal.checkpoint import (
    LOG,
    WITNESS,
    BadNote,
    Head,
    Key,
    check_name,
    cosign,
    key_from_text,
    parse,
    parse_proof,
    proof_text,
    public_bytes,
    sign,
    verify,
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
HEAD = Head("fenghuang/phoenix", 7, tree.leaf_hash(b"root"))
LOG_KEY = Key(HEAD.origin, LOG, public_bytes(PRIVATE))
SIGNED = sign(HEAD, PRIVATE)

# The example of the C2SP specification tlog-cosignature.
EXAMPLE = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGz\
Gku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin\
1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


def test_the_example_of_the_specification_reads_and_writes_back():
    note = parse(EXAMPLE)

    assert (note.head.origin, note.head.size) == ("example.com/behind-the-sofa", 20852163)
    assert [line.name for line in note.signatures] == [
        "example.com/behind-the-sofa",
        "witness.example.com/w1",
    ]
    assert note.text() == EXAMPLE


def test_a_key_of_another_program_has_the_id_that_it_states():
    # From the documentation of Go's signed notes.
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    key = key_from_text(text)

    assert (key.name, key.kind, key.id.hex(), key.text()) == ("PeterNeumann", LOG, "c74f20a3", text)


def test_a_checkpoint_verifies_under_its_key_and_no_other():
    other = Key(HEAD.origin, LOG, public_bytes(OTHER))

    assert verify(SIGNED, LOG_KEY).head == HEAD
    with pytest.raises(BadNote):
        verify(SIGNED, other)


@given(st.integers(0, len(SIGNED.encode()) * 8 - 1))
def test_a_checkpoint_with_one_bit_changed_does_not_verify(bit):
    changed = bytearray(SIGNED.encode())
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(ValueError):
        verify(changed.decode(), LOG_KEY)


def test_a_log_cannot_sign_in_the_name_of_another():
    stranger = sign(Head("stranger", 7, HEAD.root), OTHER)
    text = stranger.replace("stranger\n", "fenghuang/phoenix\n", 1)

    with pytest.raises(BadNote):
        verify(text, Key("stranger", LOG, public_bytes(OTHER)))


def test_a_witness_cosigns_and_the_signature_of_the_log_stays():
    cosigned = cosign(SIGNED, "district.example/w", OTHER, 1679315147)

    witness = Key("district.example/w", WITNESS, public_bytes(OTHER))
    assert verify(cosigned, witness).head == verify(cosigned, LOG_KEY).head == HEAD
    assert cosigned.startswith(SIGNED)
    with pytest.raises(BadNote):
        verify(cosigned, Key("district.example/w", WITNESS, public_bytes(PRIVATE)))


@given(st.integers(0, 71), st.integers(0, 7))
def test_a_cosignature_with_one_bit_changed_does_not_verify(place, bit):
    witness = Key("district.example/w", WITNESS, public_bytes(OTHER))
    note = parse(cosign(SIGNED, witness.name, OTHER, 1679315147))
    line = note.signatures[1]
    signed = bytearray(line.bytes)
    signed[place] ^= 1 << bit
    changed = type(line)(line.name, line.key_id, bytes(signed))

    with pytest.raises(BadNote):
        verify(type(note)(note.head, (note.signatures[0], changed)).text(), witness)


def test_a_proof_names_entry_hashes_and_checkpoint():
    hashes = [tree.leaf_hash(b"a"), tree.leaf_hash(b"b")]

    text = proof_text(5, hashes, SIGNED)

    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 5\n")
    assert parse_proof(text) == (5, hashes, SIGNED)
    assert parse_proof(text.replace("index", "extra AAAA\nindex")) == (5, hashes, SIGNED)
    assert parse_proof(proof_text(0, [], SIGNED)) == (0, [], SIGNED)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 5", "index 05"),
        ("index 5", "index -5"),
        ("index 5\n", ""),
        ("index 5", "index 5\nAAAA"),
        ("index 5", "index 5\n*"),
        ("\n\nfeng", "\nfeng"),
        ("\n7\n", "\n07\n"),
    ],
)
def test_a_proof_that_is_not_well_formed_is_refused(part, instead):
    text = proof_text(5, [tree.leaf_hash(b"a")], SIGNED)
    assert part in text

    with pytest.raises(BadNote):
        parse_proof(text.replace(part, instead, 1))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "凤凰", "a\u00a0b"])
def test_a_name_with_spaces_or_a_plus_cannot_name_a_log(name):
    with pytest.raises(ValueError):
        check_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name+00000000+AAAA",
        LOG_KEY.text().replace("fenghuang", "fenghuanG"),
        LOG_KEY.text() + "=",
        LOG_KEY.text().replace("+AQ", "+Ag"),
    ],
)
def test_a_key_that_does_not_fit_its_own_id_is_refused(text):
    with pytest.raises(BadNote):
        key_from_text(text)
