"""The only way to change a record. A change and its journal entry are one transaction.

Every function that changes something needs a transaction its caller has opened (RuntimeError
otherwise) and first locks the end of the street's journal, so that the changes of one street come
one after the other. `by` is the pseudonym of who acts; `at` the moment of entry, now if not given;
`notes` what belongs to the change and not to the record, under names with an @ ("@verb",
"@ground"), without personal data; `evidence` the SHA-256 digests, in hexadecimal, of the files
that come with the change.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import canonical, commitment, files, hashes, snapshot, tree
from fenghuang.kernel.journal.canonical import Json
from fenghuang.kernel.journal.checkpoint import (
    WITNESS,
    BadNote,
    Head,
    Note,
    check_name,
    key_from_text,
    parse,
    public_bytes,
    sign,
    verify,
)
from fenghuang.kernel.journal.models import (
    CHANGES,
    STATEMENTS,
    Checkpoint,
    Journal,
    Journaled,
    PersonalSalt,
    journaled_models,
)
from fenghuang.kernel.journal.statements import bare_cursor, in_one_go
from fenghuang.kernel.refusal import Refused

_OURS: Final = frozenset({"@erased", "@evidence", "@personal"})
_AT_ONCE: Final = 500  # records in one question; SQLite takes no more than 32,766 values


def _nothing() -> None:
    pass


class Superseded(Refused):
    """Somebody else changed the record after it was read; `record` is the one not saved."""

    def __init__(self, record: Journaled) -> None:
        super().__init__(
            "superseded",
            _(
                "Somebody else changed this meanwhile, so your change was not saved. "
                "Open it again, look at it, and enter your change once more."
            ),
        )
        self.record = record


def create_journal(street: UUID, origin: str) -> Journal:
    """Open the journal of a street, with a key of its own and a checkpoint of the empty tree.

    `origin` names the log in every checkpoint, for ever: visible ASCII without a plus.
    """
    _check_transaction()
    check_name(origin)
    public = public_bytes(files.make_key(street))
    journal = Journal.objects.create(id=street, origin=origin, public_key=public)
    checkpoint(street)
    return journal


def add(
    record: Journaled,
    *,
    by: str,
    at: datetime | None = None,
    notes: Mapping[str, Json] | None = None,
    m2m: Mapping[str, Iterable[Any]] | None = None,
    evidence: Iterable[str] = (),
    before: Callable[[], object] = _nothing,
) -> None:
    """Insert a new record, with its many-to-many rows, and write its first entry.

    `before` is called with the journal locked and nothing written: for what the record is given in
    turn, such as its number. Whoever locks a series of numbers first and the journal then may
    stand in the way of somebody who does both the other way round.
    """
    end = _End(record.journal_id, by=by, at=at, notes=notes, evidence=evidence, before=before)
    snapshot.make_nfc(record)
    record.entry = end.size
    record.save(force_insert=(models.Model,))
    for name, others in (m2m or {}).items():
        getattr(record, name).set(others)
    end.write("add", record, None, _commit_anew(end, record))
    end.close()


class Group(NamedTuple):
    """Records that one person adds at once."""

    records: Sequence[Journaled]
    by: str
    notes: Mapping[str, Json] | None = None


def add_all(
    records: Sequence[Journaled],
    *,
    by: str,
    at: datetime | None = None,
    notes: Mapping[str, Json] | None = None,
    before: Callable[[], object] = _nothing,
) -> None:
    """Insert many new records of one street, of one or several classes, one entry each, in order.

    `before` as for `add`. Like Django's bulk_create it calls no `save` and sends no signals; it
    sets no many-to-many rows.
    """
    if records:
        end = _End(records[0].journal_id, by=by, at=at, before=before)
        _add_groups(end, [Group(records, by, notes)])


def add_groups(
    journal: UUID,
    groups: Callable[[], Sequence[Group]],
    *,
    at: datetime | None = None,
    before: Callable[[Sequence[Journaled]], object],
) -> None:
    """What several people add to one journal, as `add_all` does it for each, in one go.

    `groups` is asked when the journal is locked, so that those who came while others had it can
    be among them; `before` is then called with all their records, and nothing written.
    """
    end = _End(journal, by="", at=at)
    found = groups()
    before([record for group in found for record in group.records])
    _add_groups(end, found)


def _check_street(end: _End, record: Journaled) -> None:
    if record.journal_id != end.journal:
        raise ValueError(f"{record.id} belongs to another street than those before it")


def _add_groups(end: _End, groups: Sequence[Group]) -> None:
    classes: dict[type[Journaled], list[Journaled]] = {}
    for group in groups:
        end.speak_for(group.by, group.notes)
        for record in group.records:
            _check_street(end, record)
            snapshot.make_nfc(record)
            record.entry = end.size
            end.write("add", record, None, _commit_anew(end, record))
            classes.setdefault(type(record), []).append(record)
    with in_one_go():
        for model, own in classes.items():
            _insert(model, own)
        end.close()
    for own in classes.values():
        for record in own:
            record._state.adding = False
            record._state.db = connection.alias


def fix(
    record: Journaled,
    *,
    by: str,
    at: datetime | None = None,
    notes: Mapping[str, Json] | None = None,
    op: str = "fix",
    evidence: Iterable[str] = (),
) -> None:
    """Save a changed record and write an entry: `op` is fix, void or approve.

    Raises Superseded if the record was changed since this object was read.
    """
    if op not in CHANGES:
        raise ValueError(f"{op!r} is not one of {CHANGES}")
    _change(record, op, _End(record.journal_id, by=by, at=at, notes=notes, evidence=evidence))


def fix_all(
    records: Sequence[Journaled],
    *,
    by: str,
    at: datetime | None = None,
    notes: Mapping[str, Json] | None = None,
    op: str = "fix",
) -> None:
    """Save many changed records of one street, one entry each, in order.

    Raises Superseded if one was changed since these objects were read. Like Django's bulk_update
    it calls no `save` and sends no signals. ValueError for a class that others extend.
    """
    if op not in CHANGES:
        raise ValueError(f"{op!r} is not one of {CHANGES}")
    if not records:
        return
    end = _End(records[0].journal_id, by=by, at=at, notes=notes)
    classes: dict[type[Journaled], list[Journaled]] = {}
    for record in records:
        _check_street(end, record)
        snapshot.make_nfc(record)
        classes.setdefault(type(record), []).append(record)
    salts: dict[UUID, dict[str, _Salt]] = {}
    for model, own in classes.items():
        if _has_narrower(model):
            raise ValueError(f"{model} is extended by others: fix them one by one")
        _check_entries(model, own)
        models.prefetch_related_objects(own, *(many.name for many in snapshot.plan_of(model).many))
        salts |= _standing_salts(end.journal, model, own)
    for record in records:
        previous, record.entry = record.entry, end.size
        end.write(op, record, previous, _commit_changes(end, record, salts.get(record.id, {})))
    with in_one_go():
        for model, own in classes.items():
            _update(model, own)
        end.close()


def erase(
    record: Journaled, names: Iterable[str], *, ground: str, by: str, at: datetime | None = None
) -> None:
    """Empty personal fields and destroy their salts (PIPL 47); the entry is the signed receipt.

    All proofs made before still verify. ValueError for a name that is not a personal field.
    """
    wanted = set(names)
    columns = [c for c in snapshot.plan_of(type(record)).personal if c.name in wanted]
    if not wanted or len(columns) < len(wanted):
        raise ValueError(f"{sorted(wanted)}: not all are personal fields of {type(record)}")
    for column in columns:
        setattr(record, column.attname, column.empty)
    end = _End(record.journal_id, by=by, at=at, notes={"@ground": ground})
    end.notes["@erased"] = canonical.encode(sorted(wanted))
    _change(record, "erase", end)


def note(
    journal: UUID,
    *,
    op: str,
    id: UUID,
    opening: Mapping[str, Json],
    by: str,
    at: datetime | None = None,
    evidence: Iterable[str] = (),
) -> int:
    """Write an entry that stands for itself: `op` is define or report; the entry's number.

    The opening is public as a whole: its salts come from a key that everybody knows. A later
    statement under the same id supersedes the earlier one.
    """
    if op not in STATEMENTS:
        raise ValueError(f"{op!r} is not one of {STATEMENTS}")
    end = _End(journal, by=by, at=at, evidence=evidence)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(n) FROM journal_entry WHERE journal_id = %s AND record = %s",
            [hashes.uuid_value(journal), hashes.uuid_value(id)],
        )
        (previous,) = cursor.fetchone()
    fields = {name: canonical.encode(canonical.nfc(value)) for name, value in opening.items()}
    n = end.size
    end.put(op, id, previous, fields, commitment.PUBLIC_KEY, {})
    end.close()
    return n


def checkpoint(journal: UUID) -> str:
    """The signed head of the journal as it stands, kept in the database and beside it."""
    with transaction.atomic():
        size, frontier = _lock(journal)
        made = Checkpoint.objects.filter(journal=journal, size=size).first()
        if made is None:
            origin = Journal.objects.values_list("origin", flat=True).get(id=journal)
            text = sign(Head(origin, size, tree.fold(frontier)), files.load_key(journal))
            made = Checkpoint.objects.create(journal_id=journal, size=size, text=text)
            transaction.on_commit(partial(files.keep_checkpoint, journal, size, text))
    return made.text


def countersign(journal: UUID, text: str, witness: str) -> None:
    """Keep a witness's cosignature of one of our checkpoints; `witness` is its verifier key.

    Raises Refused if the text is not such a checkpoint with a cosignature that holds.
    """
    try:
        key = key_from_text(witness)
        signed = verify(text, key)
    except BadNote as error:
        raise _no_cosignature() from error
    with transaction.atomic():
        _lock(journal)
        mine = Checkpoint.objects.filter(journal=journal, size=signed.head.size)
        made = mine.first()
        if made is None or parse(made.text).head != signed.head or key.kind != WITNESS:
            raise _no_cosignature()
        if witness not in made.witnesses.splitlines():
            line = next(line for line in signed.signatures if line.key_id == key.id)
            cosigned = Note(signed.head, (*parse(made.text).signatures, line)).text()
            mine.update(text=cosigned, witnesses=f"{made.witnesses}{witness}\n")
            transaction.on_commit(partial(files.keep_checkpoint, journal, made.size, cosigned))


class _Line(NamedTuple):
    record: UUID
    header: str
    opening: str


class _Salt(NamedTuple):
    """What was committed to a personal value in entry `n`."""

    n: int
    salt: bytes
    commitment: bytes


class _End:
    """The locked end of a journal: takes entries one by one, then writes them in one go."""

    def __init__(
        self,
        journal: UUID,
        *,
        by: str,
        at: datetime | None = None,
        notes: Mapping[str, Json] | None = None,
        evidence: Iterable[str] = (),
        before: Callable[[], object] = _nothing,
    ) -> None:
        _check_transaction()
        self.journal = journal
        self.at = snapshot.moment_text(at or timezone.now())
        self.speak_for(by, notes)
        digests = sorted(set(evidence))
        if digests:
            self.notes["@evidence"] = canonical.encode(digests)
        self.evidence = f'"{commitment.evidence_root(digests).hex()}"' if digests else "null"
        self.size, self._frontier = _lock(journal, before)
        self._written = self.size
        self._lines: list[_Line] = []
        self._leaves: list[bytes] = []
        self._salts: list[tuple[UUID, str, int, bytes, bytes]] = []
        self._spent: list[tuple[UUID, str, int]] = []

    def speak_for(self, by: str, notes: Mapping[str, Json] | None) -> None:
        """Who changes what follows, and what belongs to these changes."""
        self.by = canonical.encode(by)
        self.notes = {}
        for name, value in (notes or {}).items():
            if not name.startswith("@") or name in _OURS:
                raise ValueError(f"{name!r} cannot name a note")
            self.notes[name] = canonical.encode(canonical.nfc(value))

    def commit(self, record: UUID, name: str, value: str) -> bytes:
        """The commitment to a new personal value, under a new salt."""
        salt = secrets.token_bytes(commitment.SALT_BYTES)
        made = commitment.field_commitment(name, salt, value)
        self._salts.append((record, name, self.size, salt, made))
        return made

    def spend(self, record: UUID, name: str, n: int) -> None:
        """Destroy the salt of the personal value set in entry `n`; its commitment stays."""
        self._spent.append((record, name, n))

    def write(
        self, op: str, record: Journaled, previous: int | None, personal: Mapping[str, bytes]
    ) -> None:
        """One entry on a record, with its fields as they are now."""
        fields = {name: canonical.encode(value) for name, value in record.snapshot().items()}
        if personal:
            fields["@personal"] = canonical.encode(sorted(personal))
        self.put(op, record.id, previous, fields, bytes(record.commitment_key), personal)

    def put(
        self,
        op: str,
        record: UUID,
        previous: int | None,
        fields: dict[str, str],
        key: bytes,
        personal: Mapping[str, bytes],
    ) -> None:
        fields |= self.notes
        root = commitment.field_root(key, record, self.size, fields, personal)
        # This is canonical: the keys are in order, and only `by` could need escaping.
        header = (
            f'{{"at":"{self.at}","by":{self.by},"ev":{self.evidence},"fr":"{root.hex()}",'
            f'"id":"{record}","n":{self.size},"op":"{op}",'
            f'"prev":{"null" if previous is None else previous},"v":1}}'
        )
        self._lines.append(_Line(record, header, canonical.join(fields)))
        self._leaves.append(tree.leaf_hash(header.encode()))
        self.size += 1

    def close(self) -> None:
        """Write down all that was taken."""
        journal = hashes.uuid_value(self.journal)
        with bare_cursor() as cursor:
            _many(
                cursor,
                "INSERT INTO journal_entry (journal_id, n, record, header, opening)"
                " VALUES (%s, %s, %s, %s, %s)",
                [
                    (journal, n, hashes.uuid_value(line.record), line.header, line.opening)
                    for n, line in enumerate(self._lines, self._written)
                ],
            )
            _many(
                cursor,
                "INSERT INTO journal_personalsalt (journal_id, record, name, n, salt, commitment)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [
                    (journal, hashes.uuid_value(record), name, n, salt, made)
                    for record, name, n, salt, made in self._salts
                ],
            )
            _many(
                cursor,
                "UPDATE journal_personalsalt SET salt = NULL"
                " WHERE journal_id = %s AND record = %s AND name = %s AND n = %s",
                [(journal, hashes.uuid_value(r), name, n) for r, name, n in self._spent],
            )
            _many(
                cursor,
                "INSERT INTO journal_tile (journal_id, level, number, root, hashes)"
                " VALUES (%s, %s, %s, %s, %s)",
                [(journal, *tile) for tile in self._tiles()],
            )
            tree.grow(self._frontier, self._written, self._leaves)
            cursor.execute(
                "UPDATE journal_journal SET size = %s, frontier = %s WHERE id = %s",
                [self.size, b"".join(self._frontier), journal],
            )

    def _tiles(self) -> list[tuple[int, int, bytes, bytes]]:
        """The tiles that these entries complete, with level, number and root."""
        made = []
        level, old, new, fresh = 0, self._written, self.size, self._leaves
        while old // hashes.TILE < new // hashes.TILE:
            first = old // hashes.TILE
            every = hashes.loose(self.journal, level, first * hashes.TILE, old) + fresh
            fresh = []
            for number in range(first, new // hashes.TILE):
                at = (number - first) * hashes.TILE
                own = every[at : at + hashes.TILE]
                fresh.append(tree.root(own))
                made.append((level, number, fresh[-1], b"".join(own)))
            level, old, new = level + 1, first, new // hashes.TILE
        return made


def _check_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a change and its entry need transaction.atomic() around both")


def _lock(journal: UUID, before: Callable[[], object] = _nothing) -> tuple[int, list[bytes]]:
    """Size and frontier of a journal, which nobody else can change before this transaction ends."""
    # SQLite locks at BEGIN IMMEDIATE, which the settings demand.
    query = "SELECT size, frontier FROM journal_journal WHERE id = %s"
    if connection.vendor == "postgresql":
        query = (
            "SELECT size, frontier, set_config('synchronous_commit', 'off', true)"
            " FROM journal_journal WHERE id = %s FOR UPDATE"
        )
        if not any(await_disk in waiting for waiting in connection.run_on_commit):
            transaction.on_commit(await_disk)
    with in_one_go(), bare_cursor() as cursor:
        cursor.execute(query, [hashes.uuid_value(journal)])
        before()
        row = cursor.fetchone()
    if row is None:
        raise Journal.DoesNotExist(f"there is no journal {journal}")
    return row[0], hashes.split(bytes(row[1]))


def await_disk() -> None:
    """Return when all that was committed before has reached the disk, and its replicas if any.

    Entries of one street follow one another, and a commit that waits for the disk would keep the
    next one waiting as well: PostgreSQL would sync for each alone. So the commit itself does not
    wait, and lets go of the journal. This message then does, for all commits before it at once:
    nobody is told that a change was made before it is as durable as any other. Elsewhere a commit
    waits for the disk itself.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'fenghuang', '')")


def _many(cursor: Any, query: str, rows: list[tuple[Any, ...]]) -> None:
    if len(rows) == 1:
        cursor.execute(query, rows[0])
    elif rows:
        cursor.executemany(query, rows)


class _Table(NamedTuple):
    """One table of a class: its name and key, how a row is inserted, and the wider keys."""

    name: str
    key: str
    insert: str
    fields: tuple[Any, ...]
    links: tuple[str, ...]


_TAKEN = {"CharField": str, "TextField": str, "BigIntegerField": int, "BooleanField": bool}


def _prepared(
    field: Any, taken: type | None, record: Journaled, database: Any, *, is_new: bool
) -> Any:
    """The value of a field as the database wants it; most need no preparing, and that is slow."""
    value = field.pre_save(record, is_new)
    if value is None or type(value) is taken:
        return value
    return field.get_db_prep_save(value, database)


@cache
def _tables_of(model: type[Journaled]) -> tuple[_Table, ...]:
    """The tables of a class, widest first."""
    quoted = connection.ops.quote_name
    tables = []
    for table in (*reversed(model._meta.get_parent_list()), model):
        fields = tuple(field for field in table._meta.local_concrete_fields if not field.generated)
        names = ", ".join(quoted(str(field.column)) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        name, key = quoted(table._meta.db_table), quoted(str(table._meta.pk.column))
        insert = f"INSERT INTO {name} ({names}) VALUES ({places})"  # noqa: S608 - our own names
        links = tuple(link.attname for link in table._meta.parents.values() if link is not None)
        taken = tuple((field, _TAKEN.get(field.get_internal_type())) for field in fields)
        tables.append(_Table(name, key, insert, taken, links))
    return tuple(tables)


def _insert(model: type[Journaled], records: Sequence[Journaled]) -> None:
    """Insert records of one class into all its tables; bulk_create would know only one."""
    database = connections[DEFAULT_DB_ALIAS]  # itself: the proxy is slow for each field
    for table in _tables_of(model):
        for record in records:
            for link in table.links:
                setattr(record, link, record.id)
        rows = [
            tuple(
                [
                    _prepared(field, taken, record, database, is_new=True)
                    for field, taken in table.fields
                ]
            )
            for record in records
        ]
        with bare_cursor() as cursor:
            _many(cursor, table.insert, rows)


def _update(model: type[Journaled], records: Sequence[Journaled]) -> None:
    """Save records of one class in all its tables."""
    database = connections[DEFAULT_DB_ALIAS]
    for table in _tables_of(model):
        fields = [(field, taken) for field, taken in table.fields if not field.primary_key]
        if not fields:
            continue
        places = ", ".join(f"{database.ops.quote_name(field.column)} = %s" for field, _ in fields)
        rows = [
            (
                *[
                    _prepared(field, taken, record, database, is_new=False)
                    for field, taken in fields
                ],
                hashes.uuid_value(record.id),
            )
            for record in records
        ]
        with bare_cursor() as cursor:
            _many(cursor, f"UPDATE {table.name} SET {places} WHERE {table.key} = %s", rows)  # noqa: S608 - our own names


def _check_entries(model: type[Journaled], records: Sequence[Journaled]) -> None:
    """Superseded for the first that is no longer as it was read; the journal is locked."""
    stand: dict[UUID, int | None] = {}
    for some in _ids(records):
        stand |= model._base_manager.filter(pk__in=some).values_list("pk", "entry")
    for record in records:
        if record.entry is None or stand.get(record.id) != record.entry:
            raise Superseded(record)


def _ids(records: Sequence[Journaled]) -> Iterator[list[UUID]]:
    for start in range(0, len(records), _AT_ONCE):
        yield [record.id for record in records[start : start + _AT_ONCE]]


def _change(record: Journaled, op: str, end: _End) -> None:
    previous = record.entry
    if previous is None:
        raise ValueError(f"{record.id} was never added")
    snapshot.make_nfc(record)
    table = record._meta.get_field("entry").model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {connection.ops.quote_name(table)} SET entry = %s"  # noqa: S608 - our own name
            " WHERE id = %s AND entry = %s",
            [end.size, hashes.uuid_value(record.id), previous],
        )
        if cursor.rowcount != 1:
            raise Superseded(record)
    record.entry = end.size
    record.save(force_update=True)
    whole = _whole(record, previous)
    salts = _standing_salts(end.journal, type(whole), [whole]).get(whole.id, {})
    end.write(op, whole, previous, _commit_changes(end, whole, salts))
    end.close()


def _whole(record: Journaled, previous: int) -> Journaled:
    """The record as what it was added as, where it is held as a wider class: a grid as a place."""
    if not _has_narrower(type(record)):
        return record
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opening FROM journal_entry WHERE journal_id = %s AND n = %s",
            [hashes.uuid_value(record.journal_id), previous],
        )
        label = canonical.decode(cursor.fetchone()[0])["type"]
    if label == snapshot.plan_of(type(record)).label:
        return record
    return apps.get_model(label)._base_manager.get(pk=record.id)  # type: ignore[no-any-return]  # of Journaled


@cache
def _has_narrower(model: type[Journaled]) -> bool:
    concrete = model._meta.concrete_model
    return any(issubclass(m, model) and m is not concrete for m in journaled_models())


def _commit_anew(end: _End, record: Journaled) -> dict[str, bytes]:
    return {
        name: end.commit(record.id, name, canonical.encode(value))
        for name, value in snapshot.personal_values(record).items()
    }


def _standing_salts(
    journal: UUID, model: type[Journaled], records: Sequence[Journaled]
) -> dict[UUID, dict[str, _Salt]]:
    """Of each record the salts of its personal values as the journal has them, by name."""
    found: dict[UUID, dict[str, _Salt]] = {}
    if snapshot.plan_of(model).personal:
        for some in _ids(records):
            rows = PersonalSalt.objects.filter(
                journal=journal, record__in=some, salt__isnull=False
            ).values_list("record", "name", "n", "salt", "commitment")
            for record, name, n, salt, made in rows:
                found.setdefault(record, {})[name] = _Salt(n, bytes(salt or b""), bytes(made))
    return found


def _commit_changes(end: _End, record: Journaled, known: Mapping[str, _Salt]) -> dict[str, bytes]:
    """All commitments to the personal values: the old one while a value stands, else a new one."""
    standing = {}
    for name, value in snapshot.personal_values(record).items():
        text = canonical.encode(value)
        old = known.get(name)
        if old and commitment.field_commitment(name, old.salt, text) == old.commitment:
            standing[name] = old.commitment
        else:
            standing[name] = end.commit(record.id, name, text)
    for name, old in known.items():
        if standing.get(name) != old.commitment:
            end.spend(record.id, name, old.n)
    return standing


def _no_cosignature() -> Refused:
    return Refused(
        "cosignature",
        _(
            "This is not one of our checkpoints with a cosignature by that key. "
            "Ask the witness for the file again, together with its key."
        ),
    )
