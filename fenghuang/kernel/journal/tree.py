"""The Merkle tree of RFC 9162, section 2.1, over SHA-256; pure functions.

A node is `(level, index)`: the root of the 2^level leaves from index · 2^level on. A range
`[start, end)` is one subtree of RFC 9162: complete, or at the right edge and then folded from
complete nodes. A frontier is the root of a tree taken apart into its complete nodes, widest first;
it is all one needs to append.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

Range: TypeAlias = tuple[int, int]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """H(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """H(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes; SHA-256 of nothing for no leaf."""
    frontier: list[bytes] = []
    grow(frontier, 0, leaves)
    return fold(frontier)


def grow(frontier: list[bytes], size: int, leaves: Iterable[bytes]) -> int:
    """Append leaf hashes to the frontier of a tree of this size, in place; the new size."""
    for leaf in leaves:
        node, left = leaf, size
        while left & 1:
            node = sha256(b"\x01" + frontier.pop() + node).digest()
            left >>= 1
        frontier.append(node)
        size += 1
    return size


def fold(frontier: Sequence[bytes]) -> bytes:
    """The root that the nodes of a frontier, widest first, give."""
    if not frontier:
        return EMPTY_ROOT
    folded = frontier[-1]
    for node in frontier[-2::-1]:
        folded = sha256(b"\x01" + node + folded).digest()
    return folded


def nodes(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete nodes of a range, widest first; `start` must be one where RFC 9162 splits."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def range_hash(span: Range, node: Callable[[int, int], bytes]) -> bytes:
    """The hash of a range, from the hashes of its complete nodes."""
    return fold([node(level, index) for level, index in nodes(*span)])


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove leaf `index` in a tree of `size`, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `new` extends that of `old`, from below.

    None for an empty old tree and for two equal sizes: there is nothing to prove.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not extend a tree of {old}")
    if old == 0:
        return []
    start, end, ranges = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def multiproof_ranges(wanted: Iterable[int], size: int) -> list[Range]:
    """The ranges whose hashes, with the wanted leaves, give the root of a tree of `size`.

    Left to right; a range holds no wanted leaf and is as wide as can be.
    """
    marked = sorted(set(wanted))
    if marked and not 0 <= marked[0] <= marked[-1] < size:
        raise ValueError(f"no leaf {marked[-1]} in a tree of {size}")

    def missing(start: int, end: int, inside: list[int]) -> Iterator[Range]:
        if not inside:
            yield start, end
        elif end - start > 1:
            middle = start + _split(end - start)
            yield from missing(start, middle, [index for index in inside if index < middle])
            yield from missing(middle, end, [index for index in inside if index >= middle])

    return list(missing(0, size, marked)) if size else []


def multiproof_root(size: int, leaves: Mapping[int, bytes], proof: Sequence[bytes]) -> bytes:
    """The root that some leaf hashes and a multiproof give; ValueError if it does not fit."""
    ranges = multiproof_ranges(leaves, size)
    if len(ranges) != len(proof):
        raise ValueError(f"{len(ranges)} hashes are needed, {len(proof)} given")
    given = dict(zip(ranges, proof, strict=True))

    def hash_of(start: int, end: int) -> bytes:
        if (start, end) in given:
            return given[start, end]
        if end - start == 1:
            return leaves[start]
        middle = start + _split(end - start)
        return node_hash(hash_of(start, middle), hash_of(middle, end))

    return hash_of(0, size) if size else EMPTY_ROOT


def is_included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], head: bytes) -> bool:
    """Does the proof show the leaf hash at `index` under this root? RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, folded = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            folded = node_hash(sibling, folded)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            folded = node_hash(folded, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and folded == head


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Does the proof show that the new tree extends the old one? RFC 9162, 2.1.4.2."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_folded = new_folded = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_folded = node_hash(sibling, old_folded)
            new_folded = node_hash(sibling, new_folded)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new_folded = node_hash(new_folded, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_folded == old_root and new_folded == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
