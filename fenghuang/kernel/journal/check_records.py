"""Checks records against the journal: entries by record, personal commitments, rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from itertools import groupby
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from fenghuang.kernel.journal import canonical, commitment, raw, snapshot
from fenghuang.kernel.journal.canonical import Json
from fenghuang.kernel.journal.faults import Fault
from fenghuang.kernel.journal.hashes import uuid_value
from fenghuang.kernel.journal.write import CHANGES, STATEMENTS

_OPERATIONS = frozenset({"add", "erase", *CHANGES, *STATEMENTS})
_HEADER = re.compile(
    r'\{"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"'
    r',"by":"(?:[^"\\]|\\.)*","ev":(null|"[0-9a-f]{64}"),"fr":"([0-9a-f]{64})"'
    r',"id":"([0-9a-f-]{36})","n":([0-9]+),"op":"([a-z]+)","prev":(null|[0-9]+),"v":1\}'
)


class _Seen(NamedTuple):
    """An entry that reads as one. `encoded` holds its values as canonical JSON."""

    n: int
    op: str
    previous: str
    evidence: str
    root: str
    values: dict[str, Json]
    encoded: dict[str, str]


class _Salt(NamedTuple):
    name: str
    n: int
    salt: bytes | None
    commitment: bytes


_NO_SALT = _Salt("", 0, None, b"")


class _Row(NamedTuple):
    """The row of a record; `many` by the name of the field."""

    key: Any
    entry: Any
    values: tuple[Any, ...]
    many: dict[str, list[Json]]


def check_records(journal: UUID, low: Any, high: Any) -> list[Fault]:
    """Everything that is wrong with the records whose keys lie in `(low, high]`; None is open."""
    where, parameters = "journal_id = %s", [uuid_value(journal)]
    for bound, condition in ((low, " AND record > %s"), (high, " AND record <= %s")):
        if bound is not None:
            where, parameters = where + condition, [*parameters, bound]
    entries = raw.rows(
        "SELECT record, n, header, opening FROM journal_entry"  # noqa: S608 - constants
        f" WHERE {where} ORDER BY record, n",
        parameters,
    )
    salts: dict[Any, list[_Salt]] = defaultdict(list)
    for record, name, n, salt, made in raw.rows(
        "SELECT record, name, n, salt, commitment FROM journal_personalsalt"  # noqa: S608 - constants
        f" WHERE {where} ORDER BY record, name, n",
        parameters,
    ):
        salts[record].append(_Salt(name, n, None if salt is None else bytes(salt), bytes(made)))
    faults: list[Fault] = []
    kinds: dict[str, dict[Any, list[_Seen]]] = defaultdict(dict)
    for record, rows in groupby(entries, itemgetter(0)):
        id_text = _id_text(record)
        own = [_see(id_text, row, faults) for row in rows]
        if seen := [entry for entry in own if entry is not None]:
            kinds[_kind(seen[-1])][record] = seen
    classes = {snapshot.plan_of(m).label: m for m in snapshot.journaled_models()}
    for kind, histories in kinds.items():
        if kind and kind not in classes:
            faults.append(Fault("class_unknown", kind))
            for record in histories:
                salts.pop(record, None)
            continue
        plan = snapshot.plan_of(classes[kind]) if kind else None
        found = _rows(plan, list(histories)) if plan else {}
        for record, seen in histories.items():
            checked = _Checked(plan, _id_text(record), seen, salts.pop(record, []))
            checked.check(found.get(record))
            faults += checked.faults
    faults += [Fault("personal_salt", "journal_personalsalt", str(record)) for record in salts]
    return faults


def _id_text(record: Any) -> str:
    try:
        return str(record if isinstance(record, UUID) else UUID(record))
    except ValueError:
        return str(record)


def _see(record: str, row: tuple[Any, ...], faults: list[Fault]) -> _Seen | None:
    _key, n, header, opening = row
    match = _HEADER.fullmatch(header) if isinstance(header, str) else None
    if match is None or match[3] != record or match[4] != str(n) or match[5] not in _OPERATIONS:
        faults.append(Fault("header", "journal_entry", record, n, "header"))
        return None
    try:
        values = canonical.decode(opening)
        encoded = {
            name: encode_basestring(value) if type(value) is str else canonical.encode(value)
            for name, value in values.items()
        }
        if canonical.join(encoded) != opening or any(
            not isinstance(name, str)
            for key in ("@personal", "@evidence")
            for name in values.get(key, ())
        ):
            raise ValueError("not as the journal writes")
    except (ValueError, TypeError, AttributeError):
        faults.append(Fault("opening", "journal_entry", record, n, "opening"))
        return None
    return _Seen(n, match[5], match[6], match[1], match[2], values, encoded)


def _kind(entry: _Seen) -> str:
    """The class of a record; nothing for a statement, which has no row."""
    return "" if entry.op in STATEMENTS else str(entry.values.get("type", "?"))


def _rows(plan: snapshot.Plan, keys: list[Any]) -> dict[Any, _Row]:
    (first, key), *narrower = plan.tables
    columns = [(first, "id"), (first, "commitment_key"), (first, "entry")]
    columns += [(column.table, column.column) for column in (*plan.public, *plan.personal)]
    listed = ", ".join(raw.column(*column) for column in columns)
    joins = "".join(
        f" JOIN {raw.quoted(table)} ON {raw.quoted(table)}.{raw.quoted(link)}"
        f" = {raw.quoted(first)}.{raw.quoted(key)}"
        for table, link in narrower
    )
    places = ", ".join(["%s"] * len(keys))
    many: dict[Any, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for each in plan.many:
        for record, other in raw.rows(
            f"SELECT {raw.column(each.table, each.record)}, {raw.column(each.table, each.other)}"  # noqa: S608 - our own names
            f" FROM {raw.quoted(each.table)} WHERE {raw.quoted(each.record)} IN ({places})",
            keys,
        ):
            many[record][each.name].append(_value(each.stored, other))
    return {
        row[0]: _Row(row[1], row[2], row[3:], many.get(row[0], {}))
        for row in raw.rows(
            f"SELECT {listed} FROM {raw.quoted(first)}{joins}"  # noqa: S608 - our own names
            f" WHERE {raw.quoted(first)}.{raw.quoted(key)} IN ({places})",
            keys,
        )
    }


def _value(stored: Callable[[Any], Json], held: Any) -> Json:
    """The journal value of what a row holds; something that equals none if it does not read."""
    try:
        return stored(held)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return _UNREADABLE


_UNREADABLE = object()


class _Checked:
    """One record with its entries, in order, and the commitments to its personal values."""

    def __init__(
        self, plan: snapshot.Plan | None, record: str, seen: list[_Seen], salts: list[_Salt]
    ) -> None:
        self.faults: list[Fault] = []
        self._plan = plan
        self._record = record
        self._seen = seen
        self._last = seen[-1]
        self._salts: dict[str, list[_Salt]] = defaultdict(list)
        for salt in salts:
            self._salts[salt.name].append(salt)

    def check(self, row: _Row | None) -> None:
        """Compare entries, commitments and row; a statement has no row and a key all know."""
        key = commitment.PUBLIC_KEY
        if self._plan:
            table = self._plan.tables[-1][0]
            if row is None:
                self._fault("row_missing", table=table)
                return
            if not isinstance(row.key, (bytes, memoryview)):
                self._fault("row_value", table=table, column="commitment_key")
                return
            key = bytes(row.key)
            self._check_row(self._plan, row)
        if self._salts:
            self._check_salts()
        self._check_entries(key)

    def _check_entries(self, key: bytes) -> None:
        record, previous = UUID(self._record), "null"
        for entry in self._seen:
            starts = previous == "null"
            if entry.previous != previous or (self._plan and (entry.op == "add") != starts):
                self._fault("predecessor", entry.n)
            previous = str(entry.n)
            names = entry.values.get("@personal")
            personal = self._personal(entry, names) if names else {}
            try:
                root = commitment.field_root(key, record, entry.n, entry.encoded, personal)
                fits = root.hex() == entry.root
            except ValueError:  # a text that is no UTF-8, too many fields
                fits = False
            if not fits:
                self._fault("field_root", entry.n)
            self._check_evidence(entry)

    def _personal(self, entry: _Seen, names: list[str]) -> dict[str, bytes]:
        """The commitments that stood at an entry: for each name the last one made before."""
        standing = {}
        for name in names:
            made = [salt.commitment for salt in self._salts[name] if salt.n <= entry.n]
            if made:
                standing[name] = made[-1]
            else:
                self._fault("personal_salt", entry.n, name, "journal_personalsalt")
        return standing

    def _check_evidence(self, entry: _Seen) -> None:
        digests = entry.values.get("@evidence")
        if entry.evidence == "null" and digests is None:
            return
        try:
            fits = f'"{commitment.evidence_root(digests or ()).hex()}"' == entry.evidence
        except ValueError:
            fits = False
        if not fits:
            self._fault("evidence_root", entry.n)

    def _check_salts(self) -> None:
        """Each was made in an entry that has the field; only the salt of a standing value is left."""
        entries = {entry.n: entry for entry in self._seen}
        standing = self._last.values.get("@personal", ())
        for name, salts in self._salts.items():
            for salt in salts:
                maker = entries.get(salt.n)
                is_due = salt is salts[-1] and name in standing
                if (
                    maker is None
                    or name not in maker.values.get("@personal", ())
                    or is_due != (salt.salt is not None)
                ):
                    self._fault("personal_salt", salt.n, name, "journal_personalsalt")

    def _check_row(self, plan: snapshot.Plan, row: _Row) -> None:
        table = plan.tables[0][0]
        if row.entry != self._last.n:
            self._fault("row_value", table=table, column="entry")
        stated = self._last.values
        for column, held in zip(plan.public, row.values, strict=False):
            expected = stated.get(column.name)
            if held is None:
                fits = expected is None
            else:
                value = _value(column.stored, held)
                fits = (
                    value == expected
                    or (expected is None and snapshot.is_empty(value))
                    or _is_same_number(held, expected)
                )
            if not fits:
                self._fault("row_value", table=column.table, column=column.name)
        for many in plan.many:
            if sorted(map(str, row.many.get(many.name, ()))) != stated.get(many.name, []):
                self._fault("row_value", table=many.table, column=many.name)
        for column, held in zip(plan.personal, row.values[len(plan.public) :], strict=True):
            self._check_personal(column, held)

    def _check_personal(self, column: snapshot.Column, held: Any) -> None:
        value = None if held is None else _value(column.stored, held)
        _name, _n, salt, made = (self._salts.get(column.name) or [_NO_SALT])[-1]
        if column.name not in self._last.values.get("@personal", ()):
            fits = snapshot.is_empty(value)
        elif salt is None or value is _UNREADABLE:
            fits = False
        else:
            try:
                text = canonical.encode(value)
                fits = commitment.field_commitment(column.name, salt, text) == made
            except ValueError:
                fits = False
        if not fits:
            self._fault("personal_value", table=column.table, column=column.name)

    def _fault(
        self, code: str, n: int | None = None, column: str = "", table: str = "journal_entry"
    ) -> None:
        self.faults.append(Fault(code, table, self._record, n, column))


def _is_same_number(held: Any, expected: Json) -> bool:
    # SQLite keeps a decimal as the nearest double; a long one is no longer the text it came from.
    try:
        return isinstance(held, float) and held == float(expected)
    except (ValueError, TypeError):
        return False
