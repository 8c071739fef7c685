import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from fenghuang.kernel.journal import canonical, checkpoint, files, read, tree, write
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.journal.checkpoint import LOG, WITNESS, Key, cosign, public_bytes
from fenghuang.kernel.journal.models import Checkpoint, Entry, Journal, PersonalSalt, Tile
from fenghuang.kernel.journal.tests.app.models import Area, Caller, Note, Odd, Plot, Tag
from fenghuang.kernel.journal.tests.conftest import STREET
from fenghuang.kernel.journal.tests.records import BY, caller, note, odd, plot
from fenghuang.kernel.refusal import Refused

AT = dt.datetime(2021, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def opening(record) -> dict:
    return read.opening(record.journal_id, record.entry)


def header(record) -> dict:
    entry = Entry.objects.get(journal=record.journal_id, n=record.entry)
    return canonical.decode(entry.header)


def test_a_new_record_is_one_entry_with_all_its_fields(street):
    made = note(street, done_on=None)

    write.add(made, by=BY, at=AT, notes={"@verb": "enter"})

    assert opening(made) == {
        "@verb": "enter",
        "amount": "1250.5",
        "body": "三栋一单元，晚上看不见,",
        "count": 3,
        "entered_at": "2021-03-01T08:30:00.000000Z",
        "found_on": "2021-03-01",
        "is_open": True,
        "street": str(street),
        "title": "路灯不亮",
        "type": "journal_testing.note",
    }
    assert Note.objects.get() == made
    assert made.entry == 0 and read.size(street) == 1


def test_the_header_says_who_when_what_and_after_which_entry(street):
    made = note(street)
    write.add(made, by=BY, at=AT)
    write.add(note(street), by=BY)
    made.count = 4
    write.fix(made, by="another", at=AT, op="approve")

    said = header(made)

    root = said.pop("fr")
    assert said == {
        "at": "2021-03-02T01:00:00.000000Z",
        "by": "another",
        "ev": None,
        "id": str(made.id),
        "n": 2,
        "op": "approve",
        "prev": 0,
        "v": 1,
    }
    assert len(bytes.fromhex(root)) == 32


def test_a_header_is_canonical_whatever_the_pseudonym(street):
    made = note(street)

    write.add(made, by='"\\\n凤')

    text = Entry.objects.get(n=made.entry).header
    assert canonical.encode(canonical.decode(text)) == text
    assert header(made)["by"] == '"\\\n凤'


def test_kinds_of_fields_are_written_as_text_whole_numbers_and_lists(street):
    made = odd(street)

    write.add(made, by=BY)

    assert opening(made) == {
        "details": {"count": 2, "is_new": True, "kinds": ["门", "窗"], "none": None},
        "digest": "00ff10",
        "lasts": 3600000007,
        "number": 9007199254740991,
        "outline": '{"coordinates":[[113.85,27.6],[113.86,27.61]],"type":"Polygon"}',
        "starts": "14:30:00",
        "street": str(street),
        "type": "journal_testing.odd",
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("100"), "100"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.50"), "-0.5"),
        (Decimal("999999999999.99"), "999999999999.99"),
        (Decimal("1.500"), "1.5"),
        ("12.30", "12.3"),
        (7, "7"),
    ],
)
def test_a_decimal_is_written_as_the_column_keeps_it(street, value, written):
    made = note(street, amount=value)

    write.add(made, by=BY)

    assert opening(made)["amount"] == written
    assert check(street) == []


def test_a_decimal_with_more_places_than_its_column_is_refused(street):
    with pytest.raises(ValueError), transaction.atomic():
        write.add(note(street, amount=Decimal("1.005")), by=BY)

    assert Note.objects.count() == 0


def test_values_not_yet_of_their_type_are_written_as_what_is_read_back(street):
    made = note(street, found_on="2021-05-06", count="8", is_open="True")

    write.add(made, by=BY)

    assert Note.objects.get().snapshot() == made.snapshot()
    assert (opening(made)["found_on"], opening(made)["count"]) == ("2021-05-06", 8)


def test_text_is_kept_in_normal_form_in_row_and_journal(street):
    made = note(street, title="cafe\u0301")
    details = odd(street, details={"a": ["e\u0301"]})

    write.add(made, by=BY, notes={"@ground": "e\u0301"})
    write.add(details, by=BY)

    assert (opening(made)["title"], opening(made)["@ground"]) == ("café", "é")
    assert Note.objects.get().title == "café"
    assert Odd.objects.get().details == {"a": ["é"]}


def test_a_moment_without_a_zone_is_refused(street):
    with pytest.raises(ValueError), transaction.atomic():
        write.add(note(street), by=BY, at=dt.datetime(2021, 1, 1))  # noqa: DTZ001 - the point

    assert read.size(street) == 0


def test_many_to_many_rows_belong_to_the_entry(street):
    tags = [Tag(street=street, word=word) for word in ("灯", "路")]
    write.add_all(tags, by=BY)
    made = note(street)

    write.add(made, by=BY, m2m={"tags": tags})
    first = opening(made)["tags"]
    made.tags.set(tags[:1])
    write.fix(made, by=BY)

    assert first == sorted(str(tag.id) for tag in tags)
    assert opening(made)["tags"] == [str(tags[0].id)]


def test_a_change_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        write.add(note(STREET), by=BY)
    with pytest.raises(RuntimeError):
        write.create_journal(STREET, "fenghuang/x")

    assert Note.objects.count() == 0


def test_a_record_of_a_street_without_journal_is_refused(street):
    with pytest.raises(Journal.DoesNotExist), transaction.atomic():
        write.add(note(uuid4()), by=BY)

    assert Note.objects.count() == 0


def test_what_was_rolled_back_left_no_entry(street):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write.add(note(street), by=BY)
        1 / 0  # noqa: B018 - something fails

    assert (Note.objects.count(), read.size(street), check(street)) == (0, 0, [])


def test_of_two_who_change_the_same_record_the_second_is_told(street):
    write.add(note(street), by=BY)
    mine, hers = Note.objects.get(), Note.objects.get()
    mine.title, hers.title = "一", "二"
    write.fix(mine, by=BY)

    with pytest.raises(write.Superseded) as refused, transaction.atomic():
        write.fix(hers, by=BY)

    assert (refused.value.code, refused.value.record) == ("superseded", hers)
    assert Note.objects.get().title == "一"
    assert read.size(street) == 2
    assert check(street) == []


def test_a_record_that_was_never_added_cannot_be_fixed(street):
    with pytest.raises(ValueError), transaction.atomic():
        write.fix(note(street), by=BY)


@pytest.mark.parametrize("op", ["add", "erase", "define", "delete"])
def test_a_change_is_a_fix_a_void_or_an_approval(street, op):
    made = note(street)
    write.add(made, by=BY)

    with pytest.raises(ValueError):
        write.fix(made, by=BY, op=op)


@pytest.mark.parametrize("name", ["verb", "@personal", "@erased", "@evidence"])
def test_a_note_has_an_at_sign_and_no_name_of_the_journals_own(street, name):
    with pytest.raises(ValueError):
        write.add(note(street), by=BY, notes={name: "x"})


def test_what_a_record_is_given_in_turn_is_given_before_it_is_written(street):
    one, many = note(street), [note(street), note(street)]

    def give(records: list[Note]) -> None:
        for record in records:
            record.count = read.size(street) * 10

    write.add(one, by=BY, before=lambda: give([one]))
    write.add_all(many, by=BY, before=lambda: give(many))

    assert [opening(record)["count"] for record in (one, *many)] == [0, 10, 10]


def test_many_records_of_several_classes_are_entries_in_their_order(street):
    records = [note(street, title="一"), plot(street), note(street, title="二"), caller(street)]

    write.add_all(records, by=BY, notes={"@verb": "import"})

    assert [record.entry for record in records] == [0, 1, 2, 3]
    assert [header(record)["id"] for record in records] == [str(r.id) for r in records]
    assert [opening(record)["@verb"] for record in records] == ["import"] * 4
    assert set(Note.objects.all()) == {records[0], records[2]}
    assert (Plot.objects.get().name, Plot.objects.get().size_m2) == ("一号地块", Decimal("88.5"))
    assert check(street) == []


def test_records_entered_together_are_the_same_as_entered_one_by_one(street):
    one, other = caller(street), caller(street)

    write.add(one, by=BY)
    write.add_all([other], by=BY)

    assert opening(one) == opening(other)
    assert Caller.objects.get(id=other.id).snapshot() == one.snapshot()


def test_nothing_to_add_is_nothing_done(street):
    write.add_all([], by=BY)

    assert read.size(street) == 0


def test_records_of_two_streets_are_not_entered_together(street):
    with pytest.raises(ValueError):
        write.add_all([note(street), note(uuid4())], by=BY)


def test_records_changed_together_are_the_same_as_changed_one_by_one(street):
    one, other, untagged = note(street), note(street), note(street)
    write.add_all([one, other, untagged], by=BY)
    lamp = Tag(street=street, word="灯")
    write.add(lamp, by=BY)
    for record in (one, other):
        record.title, record.is_open = "路灯 不亮", False
        record.tags.set([lamp])
    write.fix(one, by=BY, op="void", notes={"@verb": "undo"})

    write.fix_all([other, untagged], by=BY, op="void", notes={"@verb": "undo"})

    assert opening(other) == opening(one)
    assert "tags" not in opening(untagged)
    assert [header(other)[key] for key in ("op", "prev", "n")] == ["void", 1, 5]
    assert Note.objects.get(id=other.id).snapshot() == one.snapshot()
    assert check(street) == []


def test_personal_values_changed_together_get_salts_of_their_own(street):
    kept, changed, emptied = caller(street), caller(street), caller(street)
    write.add_all([kept, changed, emptied], by=BY)
    changed.phone, emptied.name = "13900000000", ""

    write.fix_all([kept, changed, emptied], by=BY)

    assert salts(kept) == [("floor", 0, True), ("name", 0, True), ("phone", 0, True)]
    assert salts(changed)[2:] == [("phone", 1, False), ("phone", 4, True)]
    assert salts(emptied)[1] == ("name", 2, False)
    assert opening(emptied)["@personal"] == ["floor", "phone"]
    assert check(street) == []


def test_of_records_changed_together_one_that_was_changed_meanwhile_stops_all(street):
    one, other = note(street), note(street)
    write.add_all([one, other], by=BY)
    stale = [Note.objects.get(id=one.id), Note.objects.get(id=other.id)]
    other.title = "先改"
    write.fix(other, by=BY)

    with pytest.raises(write.Superseded) as refused, transaction.atomic():
        write.fix_all(stale, by=BY)

    assert refused.value.record == other
    assert read.size(street) == 3
    assert check(street) == []


def test_many_changes_cost_as_many_statements_as_one(street, django_assert_max_num_queries):
    records = [note(street) for _n in range(20)]
    write.add_all(records, by=BY)

    with django_assert_max_num_queries(6):
        write.fix_all(records, by=BY)


def test_a_record_held_as_its_wider_class_is_written_whole(street):
    write.add(plot(street), by=BY)
    area = Area.objects.get()
    area.name = "二号地块"

    write.fix(area, by=BY)

    assert opening(area) == {
        "name": "二号地块",
        "size_m2": "88.5",
        "street": str(street),
        "type": "journal_testing.plot",
    }
    assert check(street) == []


def test_personal_values_never_enter_the_journal(street):
    made = caller(street)

    write.add(made, by=BY)

    entry = Entry.objects.get(n=made.entry)
    assert opening(made) == {
        "@personal": ["floor", "name", "phone"],
        "street": str(street),
        "topic": "漏水",
        "type": "journal_testing.caller",
    }
    assert "李某" not in entry.header + entry.opening
    assert "13800000000" not in entry.header + entry.opening


def salts(record) -> list[tuple[str, int, bool]]:
    rows = PersonalSalt.objects.filter(record=record.id).order_by("name", "n")
    return [(row.name, row.n, row.salt is not None) for row in rows]


def test_the_salt_of_a_personal_value_lasts_as_long_as_the_value(street):
    made = caller(street)
    write.add(made, by=BY)
    made.topic = "停电"
    write.fix(made, by=BY)
    kept = salts(made)
    made.phone, made.floor = "13900000000", None
    write.fix(made, by=BY)

    assert kept == [("floor", 0, True), ("name", 0, True), ("phone", 0, True)]
    assert salts(made) == [
        ("floor", 0, False),
        ("name", 0, True),
        ("phone", 0, False),
        ("phone", 2, True),
    ]
    assert opening(made)["@personal"] == ["name", "phone"]
    assert check(street) == []


def test_erasure_empties_fields_and_destroys_salts_and_leaves_a_receipt(street):
    made = caller(street)
    write.add(made, by=BY)

    write.erase(made, ["phone", "floor"], ground="保存期限届满", by=BY)

    erased = Caller.objects.get()
    assert (erased.name, erased.phone, erased.floor) == ("李某", "", None)
    assert salts(made) == [("floor", 0, False), ("name", 0, True), ("phone", 0, False)]
    assert header(made)["op"] == "erase"
    assert opening(made) == {
        "@erased": ["floor", "phone"],
        "@ground": "保存期限届满",
        "@personal": ["name"],
        "street": str(street),
        "topic": "漏水",
        "type": "journal_testing.caller",
    }
    assert check(street) == []


def test_what_was_proved_before_an_erasure_is_proved_after_it(street):
    write.add_all([note(street) for _ in range(9)], by=BY)
    made = caller(street)
    write.add(made, by=BY)
    head = checkpoint.parse(write.checkpoint(street)).head
    leaf = tree.leaf_hash(Entry.objects.get(n=9).header.encode())
    path = read.inclusion_proof(street, 9, 10)
    opened = read.open_fields(made, ["topic"])

    write.erase(made, ["name", "phone", "floor"], ground="本人要求", by=BY)

    assert tree.is_included(9, 10, leaf, path, head.root)
    assert read.inclusion_proof(street, 9, 10) == path
    assert read.open_fields(made, ["topic"], n=9) == opened
    assert check(street) == []


@pytest.mark.parametrize("names", [[], ["topic"], ["phone", "street"]])
def test_only_personal_fields_can_be_erased(street, names):
    made = caller(street)
    write.add(made, by=BY)

    with pytest.raises(ValueError):
        write.erase(made, names, ground="…", by=BY)


def test_files_that_come_with_a_change_are_named_and_give_the_evidence_root(street):
    digests = [sha256(b"two").hexdigest(), sha256(b"one").hexdigest()]
    made = note(street)

    write.add(made, by=BY, evidence=digests)

    leaves = [tree.leaf_hash(bytes.fromhex(digest)) for digest in sorted(digests)]
    assert opening(made)["@evidence"] == sorted(digests)
    assert header(made)["ev"] == tree.root(leaves).hex()
    assert check(street) == []


def test_a_definition_stands_for_itself_and_supersedes_the_one_before(street):
    about = uuid4()
    first = write.note(street, op="define", id=about, opening={"code": "A", "version": 1}, by=BY)
    write.add(note(street), by=BY)

    second = write.note(street, op="define", id=about, opening={"code": "A", "version": 2}, by=BY)

    assert (first, second) == (0, 2)
    said = canonical.decode(Entry.objects.get(n=2).header)
    assert (said["op"], said["id"], said["prev"]) == ("define", str(about), 0)
    assert read.opening(street, 2) == {"code": "A", "version": 2}
    assert check(street) == []
    with pytest.raises(ValueError):
        write.note(street, op="fix", id=about, opening={"code": "A"}, by=BY)


def test_every_256_hashes_are_a_tile(street):
    write.add_all([note(street) for _ in range(255)], by=BY)
    before = Tile.objects.count()
    write.add(note(street), by=BY)
    write.add_all([note(street) for _ in range(300)], by=BY)

    headers = Entry.objects.order_by("n").values_list("header", flat=True)
    leaves = [tree.leaf_hash(header.encode()) for header in headers]
    tiles = Tile.objects.order_by("level", "number")
    assert before == 0
    assert [(tile.level, tile.number) for tile in tiles] == [(0, 0), (0, 1)]
    assert bytes(tiles[1].hashes) == b"".join(leaves[256:512])
    assert bytes(tiles[1].root) == tree.root(leaves[256:512])


def test_one_entry_costs_four_statements(street, django_assert_num_queries):
    with django_assert_num_queries(4):
        write.add(Tag(street=street, word="灯"), by=BY)


def test_a_change_costs_five_statements(street, django_assert_num_queries):
    made = Tag(street=street, word="灯")
    write.add(made, by=BY)

    with django_assert_num_queries(5):
        write.fix(made, by=BY)


def test_a_checkpoint_states_size_and_root_under_the_key_of_the_journal(street):
    write.add_all([note(street) for _ in range(3)], by=BY)

    text = write.checkpoint(street)

    journal = Journal.objects.get()
    headers = Entry.objects.order_by("n").values_list("header", flat=True)
    key = Key(journal.origin, LOG, bytes(journal.public_key))
    head = checkpoint.verify(text, key).head
    assert (head.origin, head.size) == (f"fenghuang/{street}", 3)
    assert head.root == tree.root([tree.leaf_hash(header.encode()) for header in headers])
    assert write.checkpoint(street) == text
    assert [made.size for made in Checkpoint.objects.order_by("size")] == [0, 3]


def test_copies_of_checkpoints_lie_beside_the_database(
    street, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.FENGHUANG_CHECKPOINTS = tmp_path
    write.add(note(street), by=BY)

    with django_capture_on_commit_callbacks(execute=True):
        text = write.checkpoint(street)

    assert (tmp_path / str(street) / "1.txt").read_text(encoding="utf-8") == text


def test_a_witness_countersigns_and_only_what_is_ours_is_kept(street):
    witness = Ed25519PrivateKey.generate()
    key = Key("district.example/w", WITNESS, public_bytes(witness)).text()
    text = write.checkpoint(street)
    cosigned = cosign(text, "district.example/w", witness, 1700000000)

    write.countersign(street, cosigned, key)
    write.countersign(street, cosigned, key)

    kept = Checkpoint.objects.get(size=0)
    assert (kept.text, kept.witnesses) == (cosigned, f"{key}\n")
    assert check(street) == []
    foreign = checkpoint.sign(checkpoint.Head(f"fenghuang/{street}", 0, b"x" * 32), witness)
    for wrong in (text, cosign(foreign, "district.example/w", witness, 1700000000), "…"):
        with pytest.raises(Refused):
            write.countersign(street, wrong, key)


def test_the_private_key_is_readable_by_its_owner_only(street):
    path = files.key_path(street)

    assert path.stat().st_mode & 0o777 == 0o600
    assert public_bytes(files.load_key(street)) == bytes(Journal.objects.get().public_key)


def test_a_lost_key_is_named(street, settings, tmp_path):
    settings.FENGHUANG_KEYS = tmp_path
    with pytest.raises(ImproperlyConfigured):
        files.load_key(street)
    files.key_path(street).write_text("no key")
    with pytest.raises(ImproperlyConfigured):
        files.load_key(street)


def test_two_journals_in_one_database_are_two_trees(street):
    other = UUID("018f0000-0000-7000-8000-0000000000bb")
    write.create_journal(other, "fenghuang/other")

    write.add(note(street), by=BY)
    write.add(note(other), by=BY)
    write.add(caller(other), by=BY)

    assert (read.size(street), read.size(other)) == (1, 2)
    assert (check(street), check(other)) == ([], [])


def test_writers_at_the_same_time_stand_in_line(transactional_db):
    with transaction.atomic():
        write.create_journal(STREET, "fenghuang/line")

    def enter() -> int:
        try:
            for _ in range(5):
                with transaction.atomic():
                    write.add(note(STREET), by=BY)
        finally:
            connection.close()
        return 5

    with ThreadPoolExecutor(4) as writers:
        entered = [writer.result() for writer in [writers.submit(enter) for _ in range(4)]]

    assert entered == [5] * 4
    assert (Note.objects.count(), read.size(STREET)) == (20, 20)
    assert check(STREET) == []


def test_keys_are_made_once_even_after_a_rollback(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write.create_journal(STREET, "fenghuang/again")
        before = files.key_path(STREET).read_bytes()
        1 / 0  # noqa: B018 - something fails

    with transaction.atomic():
        write.create_journal(STREET, "fenghuang/again")

    assert files.key_path(STREET).read_bytes() == before
