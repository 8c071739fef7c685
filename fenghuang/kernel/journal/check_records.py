"""Checks records against the journal: entries by record, personal commitments, rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from fenghuang.kernel.journal import canonical, commitment, raw, snapshot
from fenghuang.kernel.journal.canonical import Json
from fenghuang.kernel.journal.faults import Fault
from fenghuang.kernel.journal.hashes import uuid_value
from fenghuang.kernel.journal.models import CHANGES, STATEMENTS, Journaled

_OPERATIONS = frozenset({"add", "erase", *CHANGES, *STATEMENTS})
_HEADER = re.compile(
    r'\{"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"'
    r',"by":"(?:[^"\\]|\\.)*","ev":(null|"[0-9a-f]{64}"),"fr":"([0-9a-f]{64})"'
    r',"id":"([0-9a-f-]{36})","n":([0-9]+),"op":"([a-z]+)","prev":(null|[0-9]+),"v":1\}'
)


class _Seen(NamedTuple):
    """An entry whose header reads as one. `fields` are names with canonical JSON."""

    n: int
    op: str
    previous: str
    evidence: str
    root: str
    opening: str
    fields: dict[str, str]


class _Salt(NamedTuple):
    name: str
    n: int
    salt: bytes | None
    commitment: bytes


_NO_SALT = _Salt("", 0, None, b"")


class _Row(NamedTuple):
    """The row of a record: its public values, then its personal ones; `many` by name."""

    key: Any
    entry: Any
    values: tuple[Any, ...]
    many: dict[str, list[Json]]


def check_records(
    journal: UUID, models: Iterable[type[Journaled]], low: Any, high: Any
) -> list[Fault]:
    """What is wrong with records of these classes, with keys in `(low, high]`; None is open."""
    where, parameters = "journal_id = %s", [uuid_value(journal)]
    for bound, condition in ((low, " AND record > %s"), (high, " AND record <= %s")):
        if bound is not None:
            where, parameters = where + condition, [*parameters, bound]
    faults: list[Fault] = []
    kinds: dict[str, dict[Any, tuple[UUID, list[_Seen]]]] = defaultdict(dict)
    entries = raw.rows(
        "SELECT record, n, header, opening FROM journal_entry"  # noqa: S608 - constants
        f" WHERE {where} ORDER BY record, n",
        parameters,
    )
    for record, own in groupby(entries, itemgetter(0)):
        id = _id(record)
        text = str(id or record)
        seen = [entry for row in own if (entry := _see(text, row, faults)) is not None]
        if seen and id:
            kinds[_kind(seen[-1])][record] = id, seen
    salts: dict[Any, list[_Salt]] = defaultdict(list)
    for record, name, n, salt, made in raw.rows(
        "SELECT record, name, n, salt, commitment FROM journal_personalsalt"  # noqa: S608 - constants
        f" WHERE {where} ORDER BY record, name, n",
        parameters,
    ):
        salts[record].append(_Salt(name, n, None if salt is None else bytes(salt), bytes(made)))
    plans = {plan.label: plan for plan in map(snapshot.plan_of, models)}
    for kind, histories in kinds.items():
        plan = plans.get(kind)
        if kind and plan is None:
            faults.append(Fault("class_unknown", kind))
            for record in histories:
                salts.pop(record, None)
            continue
        rows = _rows(plan, list(histories)) if plan else {}
        for record, (id, seen) in histories.items():
            checked = _Checked(plan, id, seen, salts.pop(record, ()))
            checked.check(rows.get(record))
            faults += checked.faults
    faults += [Fault("personal_salt", "journal_personalsalt", str(record)) for record in salts]
    return faults


def _id(record: Any) -> UUID | None:
    try:
        return record if isinstance(record, UUID) else UUID(record)
    except (ValueError, AttributeError):
        return None


def _see(record: str, row: tuple[Any, ...], faults: list[Fault]) -> _Seen | None:
    _record, n, header, opening = row
    match = _HEADER.fullmatch(header) if isinstance(header, str) else None
    if match is not None:
        evidence, root, own_id, number, op, previous = match.groups()
        if own_id == record and number == str(n) and op in _OPERATIONS:
            fields = _split(str(opening)) or _parsed(str(opening))
            return _Seen(n, op, previous, evidence, root, str(opening), fields)
    faults.append(Fault("header", "journal_entry", record, n, "header"))
    return None


def _split(opening: str) -> dict[str, str]:
    """The fields of an opening, cut at every comma with a quotation mark: fast, and nearly right.

    A list, or a text that ends in a comma, is cut wrongly. The field root will not fit then, and
    the opening is parsed as it should be. Where it does fit, nothing but these fields can have been
    written: they give back the opening letter by letter.
    """
    parts = opening[2:-1].split(',"')
    try:
        fields = dict([part.split('":', 1) for part in parts])
    except ValueError:  # no name, or no value
        return {}
    is_object = opening[:2] == '{"' and opening[-1:] == "}"
    is_whole = is_object and len(fields) == len(parts) and list(fields) == sorted(fields)
    return fields if is_whole else {}


def _parsed(opening: str) -> dict[str, str]:
    """The fields of an opening; none unless it is as the journal writes it."""
    try:
        values = canonical.decode(opening)
        fields = {name: canonical.encode(value) for name, value in values.items()}
        return fields if canonical.join(fields) == opening else {}
    except (ValueError, AttributeError):  # no JSON, no text of a journal; no object
        return {}


def _words(fields: dict[str, str], name: str) -> list[str]:
    """The texts that a note of the journal lists, such as "@personal"; none if it is not there."""
    if name not in fields:
        return []
    words = canonical.decode(fields[name])
    if not isinstance(words, list) or any(not isinstance(word, str) for word in words):
        raise ValueError(f"{name} is no list of texts")
    return words


def _kind(entry: _Seen) -> str:
    """The class of a record; nothing for a statement, which has no row."""
    return "" if entry.op in STATEMENTS else entry.fields.get("type", "?").strip('"')


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
    one_of, parameters = raw.among(keys)
    many: dict[Any, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for each in plan.many:
        for record, other in raw.rows(
            f"SELECT {raw.column(each.table, each.record)}, {raw.column(each.table, each.other)}"  # noqa: S608 - our own names
            f" FROM {raw.quoted(each.table)} WHERE {raw.quoted(each.record)} {one_of}",
            parameters,
        ):
            many[record][each.name].append(_value(each.stored, other))
    return {
        row[0]: _Row(row[1], row[2], row[3:], many.get(row[0], {}))
        for row in raw.rows(
            f"SELECT {listed} FROM {raw.quoted(first)}{joins}"  # noqa: S608 - our own names
            f" WHERE {raw.quoted(first)}.{raw.quoted(key)} {one_of}",
            parameters,
        )
    }


_UNREADABLE = object()


def _value(stored: Callable[[Any], Json], held: Any) -> Json:
    """The journal value of what a row holds; something that equals none if it does not read."""
    try:
        return None if held is None else stored(held)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return _UNREADABLE


class _Checked:
    """One record with its entries, in order, and the commitments to its personal values."""

    def __init__(
        self, plan: snapshot.Plan | None, record: UUID, seen: list[_Seen], salts: Iterable[_Salt]
    ) -> None:
        self.faults: list[Fault] = []
        self._plan = plan
        self._record = record
        self._seen = seen
        self._salts: dict[str, list[_Salt]] = {}
        for salt in salts:
            self._salts.setdefault(salt.name, []).append(salt)

    def check(self, row: _Row | None) -> None:
        """Compare entries, commitments and row; a statement has no row, and a key that all know."""
        key = commitment.PUBLIC_KEY
        if self._plan:
            table = self._plan.tables[0][0]
            if row is None:
                self._fault("row_missing", table=self._plan.tables[-1][0])
                return
            if not isinstance(row.key, (bytes, memoryview)):
                self._fault("row_value", table=table, column="commitment_key")
                return
            key = bytes(row.key)
            if row.entry != self._seen[-1].n:
                self._fault("row_value", table=table, column="entry")
        fields = self._check_entries(key)
        if self._salts:
            self._check_salts(fields)
        if self._plan and row and fields[-1]:
            self._check_row(self._plan, row)

    def _check_entries(self, key: bytes) -> list[dict[str, str]]:
        """The fields of each entry as they truly read; none of one that does not."""
        previous, every = "null", []
        for entry in self._seen:
            starts = previous == "null"
            if entry.previous != previous or (self._plan and (entry.op == "add") != starts):
                self._fault("predecessor", entry.n)
            previous, fields = str(entry.n), entry.fields
            if not self._gives_root(key, entry, fields):
                fields = _parsed(entry.opening)
                if not fields:
                    self._fault("opening", entry.n, "opening")
                elif not self._gives_root(key, entry, fields):
                    self._fault("field_root", entry.n)
            if entry.evidence != "null" or "@evidence" in fields:
                self._check_evidence(entry, fields)
            every.append(fields)
        return every

    def _gives_root(self, key: bytes, entry: _Seen, fields: dict[str, str]) -> bool:
        try:
            personal = self._standing(entry.n, fields) if "@personal" in fields else {}
            root = commitment.field_root(key, self._record, entry.n, fields, personal)
        except ValueError:  # no fields, a text that is no UTF-8, a commitment that is not there
            return False
        return root.hex() == entry.root

    def _standing(self, n: int, fields: dict[str, str]) -> dict[str, bytes]:
        """The commitments that stood at entry `n`: for each name the last one made until then."""
        standing = {}
        for name in _words(fields, "@personal"):
            made = [salt.commitment for salt in self._salts.get(name, ()) if salt.n <= n]
            if not made:
                raise ValueError(f"no commitment to {name}")
            standing[name] = made[-1]
        return standing

    def _check_evidence(self, entry: _Seen, fields: dict[str, str]) -> None:
        try:
            fits = f'"{commitment.evidence_root(_words(fields, "@evidence")).hex()}"'
        except ValueError:
            fits = ""
        if fits != entry.evidence:
            self._fault("evidence_root", entry.n)

    def _check_salts(self, fields: list[dict[str, str]]) -> None:
        """Each was made in an entry that has the field; only a standing value keeps its salt."""
        personal = {}
        for entry, own in zip(self._seen, fields, strict=True):
            try:
                personal[entry.n] = _words(own, "@personal")
            except ValueError:  # found before, in the field root
                personal[entry.n] = []
        for name, salts in self._salts.items():
            for salt in salts:
                stands = salt is salts[-1] and name in personal[self._seen[-1].n]
                if name not in personal.get(salt.n, ()) or stands != (salt.salt is not None):
                    self._fault("personal_salt", salt.n, name, "journal_personalsalt")

    def _check_row(self, plan: snapshot.Plan, row: _Row) -> None:
        stated = canonical.decode(self._seen[-1].opening)
        for column, held in zip(plan.public, row.values, strict=False):
            value, expected = _value(column.stored, held), stated.get(column.name)
            if value != expected and not (
                (expected is None and snapshot.is_empty(value)) or _is_same_number(held, expected)
            ):
                self._fault("row_value", table=column.table, column=column.name)
        for many in plan.many:
            if sorted(map(str, row.many.get(many.name, ()))) != stated.get(many.name, []):
                self._fault("row_value", table=many.table, column=many.name)
        for column, held in zip(plan.personal, row.values[len(plan.public) :], strict=True):
            value = _value(column.stored, held)
            if not self._is_personal_value(column.name, value, stated.get("@personal", ())):
                self._fault("personal_value", table=column.table, column=column.name)

    def _is_personal_value(self, name: str, value: Json, standing: Iterable[str]) -> bool:
        if name not in standing:
            return snapshot.is_empty(value)
        _name, _n, salt, made = self._salts.get(name, [_NO_SALT])[-1]
        if salt is None or value is _UNREADABLE:
            return False
        try:
            return commitment.field_commitment(name, salt, canonical.encode(value)) == made
        except ValueError:
            return False

    def _fault(
        self, code: str, n: int | None = None, column: str = "", table: str = "journal_entry"
    ) -> None:
        self.faults.append(Fault(code, table, str(self._record), n, column))


def _is_same_number(held: Any, expected: Json) -> bool:
    # SQLite keeps a decimal as the nearest double; a long one is no longer the text it came from.
    try:
        return isinstance(held, float) and held == float(expected)
    except (ValueError, TypeError):
        return False
