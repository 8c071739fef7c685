"""What the journal answers: the history of a record, and proofs. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from fenghuang.kernel.journal import canonical, commitment, hashes, tree
from fenghuang.kernel.journal.canonical import Json
from fenghuang.kernel.journal.models import Entry, Journal, Journaled, PersonalSalt


@dataclass(frozen=True)
class Change:
    """One entry on a record. `changed` holds name, value before, value after; None is empty.

    Personal fields appear only in `erased`, by name: the journal never held their values.
    """

    n: int
    at: datetime
    by: str
    op: str
    verb: str
    ground: str
    changed: list[tuple[str, Json, Json]]
    erased: list[str]


@dataclass(frozen=True)
class Opened:
    """Some fields of one entry laid open: enough to compute its field root.

    `fields` holds name, salt and value in the order of names; `places` says where each stands among
    all `count` commitments of the entry; `proof` is a multiproof over the others.
    """

    header: str
    count: int
    places: list[int]
    fields: list[tuple[str, bytes, Json]]
    proof: list[bytes]


def size(journal: UUID) -> int:
    """How many entries the journal has."""
    return Journal.objects.values_list("size", flat=True).get(id=journal)


def history(record: UUID) -> list[Change]:
    """All entries on a record, the oldest first; none for a record the journal does not know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n, header, opening FROM journal_entry"
            " WHERE journal_id IN (SELECT id FROM journal_journal) AND record = %s ORDER BY n",
            [hashes.uuid_value(record)],
        )
        return _changes(cursor)


def histories(journal: UUID, records: Iterable[UUID]) -> dict[UUID, list[Change]]:
    """All entries on each of these records of one street, the oldest first; one query."""
    rows: dict[UUID, list[tuple[int, str, str]]] = {}
    entries = Entry.objects.filter(journal=journal, record__in=list(records)).order_by("n")
    for record, n, header, text in entries.values_list("record", "n", "header", "opening"):
        rows.setdefault(record, []).append((n, header, text))
    return {record: _changes(own) for record, own in rows.items()}


def _changes(rows: Iterable[tuple[int, str, str]]) -> list[Change]:
    """The entries of one record as changes from each to the next."""
    changes: list[Change] = []
    before: dict[str, Json] = {}
    for n, header, opening in rows:
        head, after = canonical.decode(header), canonical.decode(opening)
        names = sorted(name for name in before.keys() | after.keys() if name[0] != "@")
        changes.append(
            Change(
                n=n,
                at=datetime.fromisoformat(head["at"]),
                by=head["by"],
                op=head["op"],
                verb=after.get("@verb", ""),
                ground=after.get("@ground", ""),
                changed=[
                    (name, before.get(name), after.get(name))
                    for name in names
                    if before.get(name) != after.get(name) and name != "type"
                ],
                erased=after.get("@erased", []),
            )
        )
        before = after
    return changes


def grounds(journal: UUID, records: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """By which verb and on what ground each of these records was entered; "" for none."""
    found: dict[UUID, tuple[str, str]] = {}
    entries = Entry.objects.filter(journal=journal, record__in=list(records)).order_by("n")
    for record, text in entries.values_list("record", "opening"):
        if record not in found:
            opened = canonical.decode(text)
            found[record] = opened.get("@verb", ""), opened.get("@ground", "")
    return found


def opening(journal: UUID, n: int) -> dict[str, Json]:
    """The non-personal fields and the notes of an entry; Entry.DoesNotExist without one."""
    text = Entry.objects.values_list("opening", flat=True).get(journal=journal, n=n)
    return dict(canonical.decode(text))


def inclusion_proof(journal: UUID, n: int, size: int) -> list[bytes]:
    """The hashes that prove entry `n` in the tree of this size; ValueError if it is not in it."""
    return hashes.range_hashes(journal, size, tree.inclusion_ranges(n, size))


def consistency_proof(journal: UUID, old: int, new: int) -> list[bytes]:
    """The hashes that prove that the tree of size `new` extends that of size `old`."""
    return hashes.range_hashes(journal, new, tree.consistency_ranges(old, new))


def multiproof(journal: UUID, entries: Iterable[int], size: int) -> list[bytes]:
    """The hashes that prove several entries at once, for tree.multiproof_root."""
    return hashes.range_hashes(journal, size, tree.multiproof_ranges(entries, size))


def open_fields(record: Journaled, names: Iterable[str], n: int | None = None) -> Opened:
    """Lay open non-personal fields of a record as they are, or as they were in entry `n`.

    LookupError for a name that the entry does not hold: empty fields are not written down.
    """
    n = record.entry if n is None else n
    entry = Entry.objects.get(journal=record.journal_id, n=n, record=record.id)
    values = canonical.decode(entry.opening)
    salts = dict(
        zip(
            sorted(values),
            commitment.derived_salts(bytes(record.commitment_key), record.id, n, len(values)),
            strict=True,
        )
    )
    made = {
        name: commitment.field_commitment(name, salt, canonical.encode(values[name]))
        for name, salt in salts.items()
    }
    set_before = PersonalSalt.objects.filter(
        journal=record.journal_id, record=record.id, name__in=values.get("@personal", []), n__lte=n
    )
    for name, personal in set_before.order_by("n").values_list("name", "commitment"):
        made[name] = bytes(personal)  # the last one stands
    order = sorted(made)
    fields = [(name, salts[name], values[name]) for name in sorted(set(names))]
    places = [order.index(name) for name, _salt, _value in fields]
    leaves = [made[name] for name in order]
    ranges = tree.multiproof_ranges(places, len(order))
    return Opened(
        header=entry.header,
        count=len(order),
        places=places,
        fields=fields,
        proof=[tree.root(leaves[start:end]) for start, end in ranges],
    )
