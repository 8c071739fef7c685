import datetime as dt
import struct
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction

from fenghuang.kernel.journal import check as checking
from fenghuang.kernel.journal import files, raw, triggers, write
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.journal.checkpoint import WITNESS, Key, cosign, public_bytes
from fenghuang.kernel.journal.faults import Fault
from fenghuang.kernel.journal.models import Entry, Journal, journaled_models
from fenghuang.kernel.journal.tests.app.models import Area, Caller, Note, Tag
from fenghuang.kernel.journal.tests.conftest import STREET
from fenghuang.kernel.journal.tests.records import BY, caller, note, odd, plot

FLIPS_OF_A_COLUMN = 8
TABLES = {
    "journal_journal": "id origin algorithm public_key size frontier",
    "journal_entry": "journal_id n record header opening",
    "journal_tile": "journal_id level number root hashes",
    "journal_personalsalt": "journal_id record name n salt commitment",
    "journal_checkpoint": "journal_id size text witnesses",
    "journal_testing_note": "id commitment_key entry street title body found_on done_on entered_at"
    " count amount is_open parent_id",
    "journal_testing_note_tags": "note_id tag_id",
    "journal_testing_tag": "id commitment_key entry street word",
    "journal_testing_odd": "id commitment_key entry street starts lasts digest details outline"
    " number",
    "journal_testing_caller": "id commitment_key entry street topic name phone floor",
    "journal_testing_area": "id commitment_key entry street name",
    "journal_testing_plot": "area_ptr_id size_m2",
}


@pytest.fixture
def kept(street):
    """A journal with everything in it: a tile, all kinds of records, changes, an erasure."""
    tags = [Tag(street=street, word=word) for word in ("灯", "路", "水")]
    write.add_all(tags, by=BY)
    first = note(street)
    write.add(first, by=BY, m2m={"tags": tags[:2]}, notes={"@verb": "enter"}, evidence=["ab" * 32])
    others = [
        note(street, parent=first, done_on=dt.date(2021, 4, 1), count=n, is_open=bool(n % 2))
        for n in range(260)
    ]
    write.add_all([*others, odd(street), plot(street), caller(street)], by=BY)
    first.is_open, first.amount = False, Decimal("0.01")
    write.fix(first, by=BY, notes={"@verb": "close", "@ground": "修好了"})
    changed = caller(street)
    write.add(changed, by=BY)
    changed.phone = "13900000000"
    write.fix(changed, by=BY)
    write.erase(changed, ["name"], ground="本人要求", by=BY)
    write.note(street, op="define", id=uuid4(), opening={"code": "A", "list": ["x", "y"]}, by=BY)
    witness = Ed25519PrivateKey.generate()
    cosigned = cosign(write.checkpoint(street), "district.example/w", witness, 1700000000)
    key = Key("district.example/w", WITNESS, public_bytes(witness))
    write.countersign(street, cosigned, key.text())
    write.add(note(street), by=BY)
    return street


def test_what_was_not_touched_has_no_fault(kept):
    assert check(kept) == []


def cells(table: str, column: str) -> list[tuple[Any, Any]]:
    """The address of each row, and what the database holds in this column, if that is anything."""
    row = "rowid" if connection.vendor == "sqlite" else "ctid::text"
    held = raw.rows(f"SELECT {row}, {raw.column(table, column)} FROM {table}")
    return [(address, value) for address, value in held if value not in (None, "", b"")]


def flipped(value: Any, random: Random) -> Any:
    """The value with one bit changed; one of PostgreSQL's typed values a little changed."""
    match value:
        case bool():
            return not value
        case int():
            return value ^ 1 << random.randrange(63)
        case float():
            data = bytearray(struct.pack("<d", value))
            data[random.randrange(8)] ^= 1 << random.randrange(8)
            return struct.unpack("<d", data)[0]
        case str() | bytes() | memoryview():
            data = bytearray(value.encode() if isinstance(value, str) else value)
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
            return bytes(data)
        case UUID():
            return UUID(int=value.int ^ 1 << random.randrange(128))
        case Decimal():
            return value + Decimal(1 << random.randrange(10)) / 100
        case dt.time():
            return value.replace(microsecond=value.microsecond ^ 1 << random.randrange(15))
        case dt.date() | dt.datetime():
            return value + dt.timedelta(days=1 << random.randrange(10))
        case dt.timedelta():
            return value + dt.timedelta(microseconds=1 << random.randrange(10))
    raise AssertionError(f"no bit of {value!r} can be changed")


def put(table: str, column: str, address: Any, before: Any, value: Any) -> None:
    """Write into the database what nobody is allowed to write; DatabaseError if it refuses."""
    sqlite = connection.vendor == "sqlite"
    if isinstance(before, str) and not sqlite:
        value = value.decode(errors="replace")  # PostgreSQL holds no stray bytes
        assert value != before
    given = "CAST(%s AS TEXT)" if isinstance(before, str) and sqlite else "%s"
    row = "rowid = %s" if sqlite else "ctid = %s::tid"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {given} WHERE {row}", [value, address])


@pytest.mark.parametrize("table", TABLES)
def test_any_changed_bit_is_found(kept, table):
    triggers.drop(connection)
    without_triggers = set(check(kept))

    for column in TABLES[table].split():
        random = Random(f"{table}.{column}")
        found = 0
        for _ in range(FLIPS_OF_A_COLUMN):
            address, before = random.choice(cells(table, column))
            after = flipped(before, random)
            try:
                with transaction.atomic():
                    put(table, column, address, before, after)
                    faults = set(check(kept)) - without_triggers
                    raise Undone
            except Undone:
                found += 1
            except (DatabaseError, OverflowError):  # out of range, not unique, no JSON
                continue

            assert faults, f"{table}.{column} {address}: {before!r} became {after!r} unseen"
            assert all(str(fault) for fault in faults)

        assert found > 0, f"{table}.{column} could not be changed at all"


class Undone(Exception):
    """Ends a transaction."""


def tamper(statement: str, *parameters: Any) -> None:
    with triggers.lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def codes(street: UUID) -> list[str]:
    return sorted({fault.code for fault in check(street)})


def test_a_row_changed_behind_the_journal_is_named_by_record_and_column(kept):
    made = Note.objects.order_by("entry")[5]
    tamper("UPDATE journal_testing_note SET title = 'x' WHERE entry = %s", made.entry)

    assert check(kept) == [Fault("row_value", "journal_testing_note", str(made.id), column="title")]


def test_a_row_taken_away_and_a_row_put_in_are_found(kept):
    Tag.objects.filter(word="水").delete()
    stray = note(kept, entry=3)
    stray.save(force_insert=True)

    assert codes(kept) == ["row_missing", "row_stray"]


def test_a_row_of_a_class_that_its_entry_does_not_name_is_found(kept):
    area = Area(street=kept, name="空地")
    write.add(area, by=BY)
    tamper(
        "INSERT INTO journal_testing_plot (area_ptr_id, size_m2)"
        " SELECT id, 5 FROM journal_testing_area WHERE name = '空地'"
    )

    assert codes(kept) == ["row_stray"]


def test_a_forged_entry_with_a_root_of_its_own_does_not_fit_the_tree(kept):
    entry = Entry.objects.get(n=100)
    tamper(
        "UPDATE journal_entry SET header = %s WHERE n = 100",
        entry.header.replace(BY, "somebody else"),
    )

    assert Fault("entry_changed", "journal_entry", n=100) in check(kept)
    assert codes(kept) == ["checkpoint_root", "entry_changed", "frontier"]


def test_an_entry_taken_out_is_missed_at_its_place(kept):
    tamper("DELETE FROM journal_entry WHERE n = 100")

    assert Fault("entry_missing", "journal_entry", n=100) in check(kept)


def test_a_journal_cut_back_is_betrayed_by_its_checkpoint(kept):
    size, frontier = raw.rows("SELECT size, frontier FROM journal_journal")[0]
    with pytest.raises(Undone), transaction.atomic():
        write.add_all([note(kept) for _ in range(3)], by=BY)
        write.checkpoint(kept)
        tamper("DELETE FROM journal_entry WHERE n >= %s", size)
        tamper("DELETE FROM journal_testing_note WHERE entry >= %s", size)
        tamper("UPDATE journal_journal SET size = %s, frontier = %s", size, frontier)

        assert check(kept) == [Fault("checkpoint_ahead", "journal_checkpoint", n=size + 3)]
        raise Undone


def test_a_copy_beside_the_database_betrays_a_checkpoint_taken_away(
    kept, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.FENGHUANG_CHECKPOINTS = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        write.checkpoint(kept)
    assert check(kept) == []
    [[path, _text]] = files.kept_checkpoints(kept)

    size = Journal.objects.get().size
    tamper("DELETE FROM journal_checkpoint WHERE size = %s", size)
    taken = check(kept)
    (tmp_path / str(kept) / f"{size}.txt").write_text("…", encoding="utf-8")

    assert taken == [Fault("checkpoint_missing", "journal_checkpoint", n=size)]
    assert check(kept) == [Fault("checkpoint_signature", path)]


def test_a_personal_value_that_came_back_after_its_erasure_is_found(kept):
    erased = Caller.objects.get(name="")
    tamper("UPDATE journal_testing_caller SET name = '李某' WHERE name = ''")

    assert check(kept) == [
        Fault("personal_value", "journal_testing_caller", str(erased.id), column="name")
    ]


def test_a_class_of_a_line_that_is_switched_off_is_said_to_be_unchecked(kept, monkeypatch):
    on = [model for model in journaled_models() if model is not Tag]
    monkeypatch.setattr(checking, "journaled_models", lambda: on)

    assert check(kept) == [Fault("class_unknown", "journal_testing.tag")]


def test_a_table_that_is_gone_is_a_fault(street):
    write.add(Tag(street=street, word="灯"), by=BY)
    tamper("DROP TABLE journal_testing_note_tags")
    tamper("DROP TABLE journal_testing_tag")

    assert codes(street) == ["class_unknown", "table_missing"]


def test_a_journal_that_is_not_there_is_a_fault(db):
    assert check(STREET) == [Fault("journal_missing", "journal_journal", str(STREET))]


def test_a_great_many_faults_are_cut_short(kept):
    tamper("UPDATE journal_testing_note SET title = 'x', body = 'x', count = -1, amount = 9")
    tamper("UPDATE journal_entry SET header = '{}'")

    faults = check(kept)

    assert len(faults) <= checking.MOST
    assert str(faults[-1])


def test_many_entries_are_checked_by_several_processes(transactional_db, monkeypatch):
    monkeypatch.setattr(checking, "WORTH_SHARING", 500)
    monkeypatch.setattr(checking, "SHARE", 200)
    with transaction.atomic():
        write.create_journal(STREET, "fenghuang/processes")
        write.add_all([note(STREET) for _ in range(1000)], by=BY)
        made = caller(STREET)
        write.add(made, by=BY)
    seen = []

    sound = check(STREET, lambda done, total: seen.append((done, total)))
    Caller.objects.update(phone="1")

    assert sound == []
    assert seen[-1] == (1001, 1001)
    assert check(STREET) == [
        Fault("personal_value", "journal_testing_caller", str(made.id), column="phone")
    ]
