"""Checks the tree of a journal: entries by number, tiles, frontier, checkpoints."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from fenghuang.kernel.journal import files, hashes, raw, tree
from fenghuang.kernel.journal.checkpoint import LOG, Head, Key, key_from_text, verify
from fenghuang.kernel.journal.faults import Fault
from fenghuang.kernel.journal.hashes import TILE, uuid_value
from fenghuang.kernel.journal.models import SHA256_ED25519

_SHARE = 16 * TILE
_MOST = 1000


def check_tree(journal: UUID) -> list[Fault]:
    """Everything that is wrong with the tree, except with what its entries say about records."""
    key = uuid_value(journal)
    copies = files.kept_checkpoints(journal)  # before the moment at which the size is read
    [(origin, algorithm, public, size, frontier)] = raw.rows(
        "SELECT origin, algorithm, public_key, size, frontier FROM journal_journal WHERE id = %s",
        [key],
    )
    [(last,)] = raw.rows("SELECT max(n) FROM journal_entry WHERE journal_id = %s", [key])
    strays = raw.rows(
        "SELECT n FROM journal_entry WHERE journal_id = %s AND (n < 0 OR n >= %s) LIMIT 10",
        [key, size],
    )
    faults = [Fault("entry_stray", "journal_entry", n=n) for (n,) in strays]
    if algorithm != SHA256_ED25519:
        faults.append(Fault("algorithm", "journal_journal", column="algorithm"))
    end = max(0, min(size, -1 if last is None else last + 1))
    if end != size:
        faults.append(Fault("size", "journal_journal", column="size"))
    signed, wrong = _signed_heads(journal, Key(origin, LOG, bytes(public)), copies)
    rebuilt = _Rebuilt(key, [head.size for head in signed])
    rebuilt.read(end)
    faults += wrong + rebuilt.faults
    if b"".join(rebuilt.frontier) != bytes(frontier):
        faults.append(Fault("frontier", "journal_journal", column="frontier"))
    for head in signed:
        if head.size > end:
            faults.append(Fault("checkpoint_ahead", "journal_checkpoint", n=head.size))
        elif head.root != rebuilt.roots[head.size]:
            faults.append(Fault("checkpoint_root", "journal_checkpoint", n=head.size))
    return faults


def _signed_heads(
    journal: UUID, log: Key, copies: Iterable[tuple[str, str]]
) -> tuple[list[Head], list[Fault]]:
    """The heads that are truly signed, in rows and copies, and what is wrong with the others."""
    heads: dict[int, Head] = {}
    faults = []
    for size, text, witnesses in raw.rows(
        "SELECT size, text, witnesses FROM journal_checkpoint WHERE journal_id = %s",
        [uuid_value(journal)],
    ):
        try:
            note = verify(text, log)
            lines = witnesses.split("\n")
            if note.head.size != size or lines.pop() or len(note.signatures) != 1 + len(lines):
                raise ValueError("a signature without its key, or a key without its signature")
            for line in lines:
                verify(text, key_from_text(line))
            heads[size] = note.head
        except ValueError:
            faults.append(Fault("checkpoint_signature", "journal_checkpoint", n=size))
    if 0 not in heads:
        faults.append(Fault("checkpoint_missing", "journal_checkpoint", n=0))
    beside = []
    for path, text in copies:
        try:
            head = verify(text, log).head
        except ValueError:
            faults.append(Fault("checkpoint_signature", path))
            continue
        if heads.get(head.size) != head:
            faults.append(Fault("checkpoint_missing", "journal_checkpoint", n=head.size))
            beside.append(head)
    return [*heads.values(), *beside], faults


class _Rebuilt:
    """The tree of a journal, computed anew from its entries and compared with its tiles."""

    def __init__(self, journal: Any, sizes: Iterable[int]) -> None:
        """`sizes` are those whose roots are wanted."""
        self.faults: list[Fault] = []
        self.frontier: list[bytes] = []
        self.roots = {0: tree.EMPTY_ROOT}
        self._journal = journal
        self._wanted = sorted(sizes)

    def read(self, end: int) -> None:
        """Go through the entries `[0, end)` and all tiles."""
        roots: list[bytes] = []
        own: list[bytes] = []
        for start in range(0, end, _SHARE):
            tiles = self._tiles(0, start // TILE, (start + _SHARE) // TILE)
            leaves = self._leaves(start, min(end, start + _SHARE))
            for at in range(0, len(leaves), TILE):
                own = leaves[at : at + TILE]
                self._answer(start + at, own)
                if len(own) == TILE:
                    number = len(roots)
                    roots.append(tree.root(own))
                    self._compare(0, number, own, roots[-1], tiles.get(number))
                    tree.grow(self.frontier, number, roots[-1:])
        if end % TILE:
            self.frontier += _frontier(own)
        self._read_upper_tiles(roots)

    def _answer(self, start: int, leaves: list[bytes]) -> None:
        """Note the wanted roots from `start`, where whole tiles end, to the end of these leaves."""
        first = bisect_left(self._wanted, start)
        for size in self._wanted[first : bisect_right(self._wanted, start + len(leaves))]:
            self.roots[size] = tree.fold(self.frontier + _frontier(leaves[: size - start]))

    def _leaves(self, start: int, end: int) -> list[bytes]:
        rows = raw.rows(
            "SELECT n, header FROM journal_entry WHERE journal_id = %s AND n >= %s AND n < %s"
            " ORDER BY n",
            [self._journal, start, end],
        )
        if [n for n, _header in rows] == list(range(start, end)):
            try:
                return [sha256(b"\x00" + header.encode()).digest() for _n, header in rows]
            except (AttributeError, UnicodeEncodeError):  # bytes, or no UTF-8
                pass
        headers = dict(rows)
        for n in range(start, end):
            if n not in headers:
                self._fault("entry_missing", "journal_entry", n=n)
        return [tree.leaf_hash(_bytes(headers.get(n, b""))) for n in range(start, end)]

    def _tiles(self, level: int, first: int, end: int) -> dict[int, tuple[bytes, bytes]]:
        rows = raw.rows(
            "SELECT number, root, hashes FROM journal_tile"
            " WHERE journal_id = %s AND level = %s AND number >= %s AND number < %s",
            [self._journal, level, first, end],
        )
        return {number: (bytes(root), bytes(own)) for number, root, own in rows}

    def _compare(
        self,
        level: int,
        number: int,
        own: list[bytes],
        root: bytes,
        stored: tuple[bytes, bytes] | None,
    ) -> None:
        """Find what is wrong with a tile; with the entries under it, if it is whole in itself."""
        if stored == (root, b"".join(own)):
            return
        kept = hashes.split(stored[1]) if stored else []
        if level == 0 and stored and len(kept) == TILE and stored[0] == tree.root(kept):
            for at in range(TILE):
                if own[at] != kept[at]:
                    self._fault("entry_changed", "journal_entry", n=number * TILE + at)
        else:
            self._fault("tile", "journal_tile", f"{level}/{number}")

    def _read_upper_tiles(self, roots: list[bytes]) -> None:
        """Compare the tiles above the lowest level, and find those that should not be there."""
        due = {(0, number) for number in range(len(roots))}
        level = 1
        while len(roots) >= TILE:
            tiles = self._tiles(level, 0, len(roots) // TILE)
            below, roots = roots, []
            for number in range(len(below) // TILE):
                own = below[number * TILE : (number + 1) * TILE]
                roots.append(tree.root(own))
                self._compare(level, number, own, roots[-1], tiles.get(number))
                due.add((level, number))
            level += 1
        query = "SELECT level, number FROM journal_tile WHERE journal_id = %s"
        for place in set(raw.rows(query, [self._journal])) - due:
            self._fault("tile", "journal_tile", f"{place[0]}/{place[1]}")

    def _fault(self, code: str, table: str, record: str = "", n: int | None = None) -> None:
        if len(self.faults) < _MOST:
            self.faults.append(Fault(code, table, record, n))


def _frontier(leaves: list[bytes]) -> list[bytes]:
    grown: list[bytes] = []
    tree.grow(grown, 0, leaves)
    return grown


def _bytes(value: Any) -> bytes:
    """The bytes of a text as they are, be they UTF-8 or not."""
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")
