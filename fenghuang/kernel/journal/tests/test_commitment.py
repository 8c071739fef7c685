import hmac
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.journal import commitment, tree

RECORD = UUID("018f2d3c-0000-7000-8000-000000000001")
KEY = bytes(range(16))
FIELDS = {"count": "3", "title": '"路灯"', "type": '"requests.problem"'}


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand over SHA-512, RFC 5869, 2.3, with nothing but the standard library."""
    stream = block = b""
    for number in range(1, -(-length // 64) + 1):
        block = hmac.digest(key, block + info + bytes([number]), "sha512")
        stream += block
    return stream[:length]


def test_a_commitment_covers_length_name_salt_and_value():
    salt = bytes(16)

    made = commitment.field_commitment("title", salt, '"路灯"')

    assert made == sha256(b"\x02\x05title" + salt + '"路灯"'.encode()).digest()


@given(st.binary(min_size=16, max_size=16), st.integers(0, 2**53), st.integers(1, 40))
def test_salts_are_derived_by_hkdf_from_key_record_and_entry(key, n, count):
    info = b"fenghuang/salt/v1" + RECORD.bytes + n.to_bytes(8, "big")

    salts = commitment.derived_salts(key, RECORD, n, count)

    assert b"".join(salts) == expand(key, info, 16 * count)
    assert {len(salt) for salt in salts} == {16}


def test_the_salts_of_two_entries_and_of_two_records_have_nothing_in_common():
    other = UUID(int=RECORD.int + 1)

    salts = [
        *commitment.derived_salts(KEY, RECORD, 7, 20),
        *commitment.derived_salts(KEY, RECORD, 8, 20),
        *commitment.derived_salts(KEY, other, 7, 20),
    ]

    assert len(set(salts)) == 60


def test_the_field_root_is_the_tree_over_commitments_sorted_by_name():
    phone = commitment.field_commitment("phone", b"p" * 16, '"138"')
    count, title, kind = commitment.derived_salts(KEY, RECORD, 7, 3)

    root = commitment.field_root(KEY, RECORD, 7, FIELDS, {"phone": phone})

    assert root == tree.root(
        [
            commitment.field_commitment("count", count, "3"),
            phone,
            commitment.field_commitment("title", title, '"路灯"'),
            commitment.field_commitment("type", kind, '"requests.problem"'),
        ]
    )


def test_the_order_in_which_fields_are_given_does_not_matter():
    turned = dict(reversed(FIELDS.items()))

    assert commitment.field_root(KEY, RECORD, 7, FIELDS, {}) == commitment.field_root(
        KEY, RECORD, 7, turned, {}
    )


@pytest.mark.parametrize("name", ["é", "n" * 256])
def test_a_name_is_ascii_and_fits_its_length_byte(name):
    with pytest.raises(ValueError):
        commitment.field_commitment(name, bytes(16), "1")


def test_the_evidence_root_is_over_the_digests_in_order_each_once():
    one, two = sha256(b"one").hexdigest(), sha256(b"two").hexdigest()

    root = commitment.evidence_root([two, one, two])

    leaves = [tree.leaf_hash(bytes.fromhex(digest)) for digest in sorted([one, two])]
    assert root == tree.root(leaves)


@pytest.mark.parametrize("digest", ["", "ab", "AB" * 32, "zz" * 32])
def test_what_is_no_digest_is_refused(digest):
    with pytest.raises(ValueError):
        commitment.evidence_root([digest])
