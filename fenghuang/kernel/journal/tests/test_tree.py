from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.journal import tree

# The leaves and roots of the reference implementation of Certificate Transparency.
DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [tree.leaf_hash(str(number).encode()) for number in range(count)]


def defined_root(own: list[bytes]) -> bytes:
    """The root as RFC 9162, 2.1.1 defines it."""
    if not own:
        return sha256(b"").digest()
    if len(own) == 1:
        return own[0]
    half = 1
    while half * 2 < len(own):
        half *= 2
    return tree.node_hash(defined_root(own[:half]), defined_root(own[half:]))


def proof(own: list[bytes], ranges: list[tree.Range]) -> list[bytes]:
    return [
        tree.range_hash(
            span, lambda level, index: tree.root(own[index << level : (index + 1) << level])
        )
        for span in ranges
    ]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size):
    own = [tree.leaf_hash(data) for data in DATA[:size]]

    assert tree.root(own).hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(70))
def test_the_root_is_the_one_that_the_standard_defines(size):
    assert tree.root(leaves(size)) == defined_root(leaves(size))


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_frontier_grown_in_two_steps_gives_the_same_root(first, second):
    own = leaves(first + second)
    frontier: list[bytes] = []

    size = tree.grow(frontier, 0, own[:first])
    size = tree.grow(frontier, size, own[first:])

    assert size == first + second
    assert len(frontier) == size.bit_count()
    assert tree.fold(frontier) == defined_root(own)


def test_every_leaf_of_every_small_tree_is_proved_and_no_other():
    for size in range(1, 65):
        own = leaves(size)
        head = tree.root(own)
        for index in range(size):
            path = proof(own, tree.inclusion_ranges(index, size))

            assert tree.is_included(index, size, own[index], path, head)
            assert not tree.is_included(index, size, tree.leaf_hash(b"other"), path, head)
            if size > 1:
                assert not tree.is_included((index + 1) % size, size, own[index], path, head)
            assert not tree.is_included(index, size, own[index], [*path, head], head)


def test_every_small_tree_is_proved_to_extend_every_smaller_one_and_no_other():
    for new in range(65):
        own = leaves(new)
        head = tree.root(own)
        for old in range(new + 1):
            before = tree.root(own[:old])
            path = proof(own, tree.consistency_ranges(old, new))

            assert tree.is_consistent(old, new, before, head, path)
            assert not tree.is_consistent(old, new, before, head, [*path, head])
            if old:
                assert not tree.is_consistent(old, new, tree.leaf_hash(b"other"), head, path)
                assert not tree.is_consistent(old, new, before, tree.leaf_hash(b"other"), path)


@given(st.data())
def test_a_changed_hash_in_a_proof_of_a_larger_tree_is_noticed(data):
    size = data.draw(st.integers(2, 3000))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    own = leaves(size)
    head = tree.root(own)
    inclusion = proof(own, tree.inclusion_ranges(index, size))
    consistency = proof(own, tree.consistency_ranges(old, size))
    assert tree.is_included(index, size, own[index], inclusion, head)
    assert tree.is_consistent(old, size, tree.root(own[:old]), head, consistency)

    place = data.draw(st.integers(0, len(inclusion) - 1))
    inclusion[place] = tree.leaf_hash(b"other")
    place = data.draw(st.integers(0, len(consistency) - 1))
    consistency[place] = tree.leaf_hash(b"other")

    assert not tree.is_included(index, size, own[index], inclusion, head)
    assert not tree.is_consistent(old, size, tree.root(own[:old]), head, consistency)


@pytest.mark.parametrize("place", [(-1, 4), (4, 4), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(place):
    with pytest.raises(ValueError):
        tree.inclusion_ranges(*place)
    assert not tree.is_included(*place, tree.leaf_hash(b""), [], tree.leaf_hash(b""))


@pytest.mark.parametrize("sizes", [(-1, 4), (5, 4)])
def test_a_smaller_tree_extends_no_larger_one(sizes):
    with pytest.raises(ValueError):
        tree.consistency_ranges(*sizes)
    assert not tree.is_consistent(*sizes, tree.EMPTY_ROOT, tree.EMPTY_ROOT, [])


@given(
    st.integers(0, 90).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1)) if n else st.just(set()))
    )
)
def test_several_leaves_are_proved_at_once(case):
    size, wanted = case
    own = leaves(size)

    hashes = proof(own, tree.multiproof_ranges(wanted, size))

    known = {index: own[index] for index in wanted}
    assert tree.multiproof_root(size, known, hashes) == tree.root(own)
    if wanted:
        known[min(wanted)] = tree.leaf_hash(b"other")
        assert tree.multiproof_root(size, known, hashes) != tree.root(own)


def test_a_multiproof_needs_exactly_its_hashes():
    own = leaves(7)
    hashes = proof(own, tree.multiproof_ranges([2], 7))

    with pytest.raises(ValueError):
        tree.multiproof_root(7, {2: own[2]}, hashes[1:])
    with pytest.raises(ValueError):
        tree.multiproof_root(7, {2: own[2]}, [*hashes, own[0]])
    with pytest.raises(ValueError):
        tree.multiproof_ranges([7], 7)
