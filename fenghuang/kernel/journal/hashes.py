"""The hashes of a journal's tree, from the database: whole tiles, and what no tile holds yet.

A tile of level L holds 256 neighbouring nodes of tree level 8 · L; a hash of level L + 1 is the
root over one tile of level L. So nothing but entries and whole tiles is ever stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from fenghuang.kernel.journal import tree

TILE_LEVELS = 8
TILE = 1 << TILE_LEVELS
HASH = 32


def uuid_value(value: UUID) -> Any:
    """A UUID as a parameter of raw SQL."""
    return value if connection.features.has_native_uuid_field else value.hex


def split(hashes: bytes) -> list[bytes]:
    """Hashes that were stored as one."""
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


def loose(journal: UUID, level: int, start: int, end: int) -> list[bytes]:
    """The hashes `[start, end)` of a tile level, from entries or from the tiles below."""
    if start >= end:
        return []
    with connection.cursor() as cursor:
        if level == 0:
            cursor.execute(
                "SELECT header FROM journal_entry"
                " WHERE journal_id = %s AND n >= %s AND n < %s ORDER BY n",
                [uuid_value(journal), start, end],
            )
            return [tree.leaf_hash(header.encode()) for (header,) in cursor]
        cursor.execute(
            "SELECT root FROM journal_tile"
            " WHERE journal_id = %s AND level = %s AND number >= %s AND number < %s"
            " ORDER BY number",
            [uuid_value(journal), level - 1, start, end],
        )
        return [bytes(root) for (root,) in cursor]


def range_hashes(journal: UUID, size: int, ranges: Iterable[tree.Range]) -> list[bytes]:
    """The hashes of ranges of a tree of this size, with one query for tiles and one for entries."""
    ranges = list(ranges)
    whole: dict[int, set[int]] = defaultdict(set)
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in ranges:
        for level, index in tree.nodes(*span):
            tile_level, width = level // TILE_LEVELS, 1 << level % TILE_LEVELS
            number = index * width // TILE
            if (number + 1) * TILE <= size >> TILE_LEVELS * tile_level:
                whole[tile_level].add(number)
            else:
                spans[tile_level].append((index * width, (index + 1) * width))
    known = _tiles(journal, whole, {level: _hull(some) for level, some in spans.items() if level})
    if 0 in spans:
        start, end = _hull(spans[0])
        known |= {(0, start + at): leaf for at, leaf in enumerate(loose(journal, 0, start, end))}

    def node(level: int, index: int) -> bytes:
        tile_level, width = level // TILE_LEVELS, 1 << level % TILE_LEVELS
        return tree.root([known[tile_level, index * width + at] for at in range(width)])

    return [tree.range_hash(span, node) for span in ranges]


def _hull(spans: list[tuple[int, int]]) -> tuple[int, int]:
    return min(start for start, _end in spans), max(end for _start, end in spans)


def _tiles(
    journal: UUID, whole: dict[int, set[int]], spans: dict[int, tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    """Hashes by level and index: all of the whole tiles, and for the spans the roots below."""
    parts, parameters = [], []
    for level, numbers in whole.items():
        places = ",".join(["%s"] * len(numbers))
        parts.append(
            "SELECT level, number, hashes FROM journal_tile"  # noqa: S608 - only placeholders
            f" WHERE journal_id = %s AND level = %s AND number IN ({places})"
        )
        parameters += [uuid_value(journal), level, *sorted(numbers)]
    for level, (start, end) in spans.items():
        parts.append(
            "SELECT level, number, root FROM journal_tile"
            " WHERE journal_id = %s AND level = %s AND number >= %s AND number < %s"
        )
        parameters += [uuid_value(journal), level - 1, start, end]
    known: dict[tuple[int, int], bytes] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            for level, number, data in cursor:
                if len(data) == HASH:
                    known[level + 1, number] = bytes(data)
                else:
                    every = enumerate(split(bytes(data)))
                    known |= {(level, number * TILE + at): one for at, one in every}
    return known
