import datetime as dt
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghuang.kernel.journal import canonical, commitment, read, tree, write
from fenghuang.kernel.journal.models import Entry
from fenghuang.kernel.journal.read import Change
from fenghuang.kernel.journal.tests.records import BY, caller, note

AT = dt.datetime(2021, 3, 2, 1, 0, tzinfo=dt.UTC)


def test_the_history_tells_each_change_with_the_value_before_and_after(street):
    made = note(street, amount=None, body="")
    write.add(made, by=BY, at=AT, notes={"@verb": "enter"})
    made.title, made.body = "路灯修好了", "已更换灯泡"
    write.fix(made, by="checker", at=AT, notes={"@verb": "close", "@ground": "现场核实"})

    first, second = read.history(made.id)

    assert (first.n, first.op, first.verb) == (0, "add", "enter")
    assert ("title", None, "路灯不亮") in first.changed
    assert second == Change(
        n=1,
        at=AT,
        by="checker",
        op="fix",
        verb="close",
        ground="现场核实",
        changed=[("body", None, "已更换灯泡"), ("title", "路灯不亮", "路灯修好了")],
        erased=[],
    )


def test_the_history_names_what_was_erased_and_shows_no_personal_value(street):
    made = caller(street)
    write.add(made, by=BY)
    write.erase(made, ["phone"], ground="本人要求", by=BY)

    entered, erased = read.history(made.id)

    assert [name for name, _before, _after in entered.changed] == ["street", "topic"]
    assert (erased.op, erased.erased, erased.ground) == ("erase", ["phone"], "本人要求")
    assert erased.changed == []


def test_the_history_costs_one_query_and_is_empty_for_a_stranger(street, django_assert_num_queries):
    made = note(street)
    write.add(made, by=BY)
    write.fix(made, by=BY)

    with django_assert_num_queries(1):
        known = read.history(made.id)

    assert len(known) == 2
    assert read.history(uuid4()) == []


def leaves() -> list[bytes]:
    headers = Entry.objects.order_by("n").values_list("header", flat=True)
    return [tree.leaf_hash(header.encode()) for header in headers]


@pytest.fixture
def grown(street):
    """A journal of 700 entries: two whole tiles and a part of a third."""
    write.add_all([note(street) for _ in range(700)], by=BY)
    return street


@settings(max_examples=60)
@given(st.data())
def test_every_entry_is_proved_in_every_tree_that_holds_it(grown, data):
    size = data.draw(st.integers(1, 700))
    n = data.draw(st.integers(0, size - 1))
    own = leaves()[:size]

    path = read.inclusion_proof(grown, n, size)

    assert tree.is_included(n, size, own[n], path, tree.root(own))


@settings(max_examples=60)
@given(st.data())
def test_every_tree_is_proved_to_extend_every_smaller_one(grown, data):
    new = data.draw(st.integers(0, 700))
    old = data.draw(st.integers(0, new))
    own = leaves()

    path = read.consistency_proof(grown, old, new)

    assert tree.is_consistent(old, new, tree.root(own[:old]), tree.root(own[:new]), path)


def test_proofs_cost_at_most_two_queries(grown, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        read.inclusion_proof(grown, 300, 699)
    with django_assert_max_num_queries(2):
        read.consistency_proof(grown, 300, 699)
    with django_assert_max_num_queries(2):
        read.multiproof(grown, range(0, 700, 50), 699 + 1)


def test_several_entries_are_proved_at_once(grown):
    own = leaves()
    wanted = [3, 4, 299, 698]

    proof = read.multiproof(grown, wanted, 699)

    known = {n: own[n] for n in wanted}
    assert tree.multiproof_root(699, known, proof) == tree.root(own[:699])


def test_an_entry_beyond_the_tree_has_no_proof(street):
    write.add(note(street), by=BY)

    with pytest.raises(ValueError):
        read.inclusion_proof(street, 1, 1)


def test_opened_fields_give_the_field_root_and_nothing_of_the_others(street):
    made = caller(street)
    write.add(made, by=BY)
    made.topic = "停电"
    write.fix(made, by=BY)

    opened = read.open_fields(made, ["topic"])

    (name, salt, value), *others = opened.fields
    leaf = commitment.field_commitment(name, salt, canonical.encode(value))
    root = tree.multiproof_root(opened.count, {opened.places[0]: leaf}, opened.proof)
    assert (name, value, others) == ("topic", "停电", [])
    assert canonical.decode(opened.header)["fr"] == root.hex()
    assert opened.count == 7  # @personal, floor, name, phone, street, topic, type
    assert read.open_fields(made, ["topic"], n=0).fields[0][2] == "漏水"


@pytest.mark.parametrize("name", ["phone", "nowhere"])
def test_a_personal_or_empty_field_is_not_opened(street, name):
    made = caller(street)
    write.add(made, by=BY)

    with pytest.raises(LookupError):
        read.open_fields(made, [name])


def test_the_histories_of_many_are_those_of_each_in_one_query(street, django_assert_num_queries):
    one, other = note(street), note(street)
    for made in (one, other):
        write.add(made, by=BY)
    one.title = "路灯修好了"
    write.fix(one, by=BY)

    with django_assert_num_queries(1):
        found = read.histories(street, [one.id, other.id, uuid4()])

    assert found == {made.id: read.history(made.id) for made in (one, other)}
