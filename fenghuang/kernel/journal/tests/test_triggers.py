import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from fenghuang.kernel.journal import read, triggers, write
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.journal.faults import Fault
from fenghuang.kernel.journal.tests.records import BY, caller, note


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET opening = '{}'",
        "DELETE FROM journal_entry",
        "UPDATE journal_tile SET level = 5",
        "DELETE FROM journal_tile",
        "DELETE FROM journal_checkpoint",
        "DELETE FROM journal_personalsalt",
    ],
)
def test_what_the_journal_has_written_is_neither_changed_nor_taken_away(street, statement):
    write.add_all([note(street) for _ in range(256)], by=BY)
    write.add(caller(street), by=BY)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert read.size(street) == 257
    assert check(street) == []


def test_a_trigger_that_was_dropped_is_missed(street):
    triggers.drop(connection)

    assert set(check(street)) == {Fault("trigger", name) for name in triggers.missing(connection)}
    assert len(triggers.missing(connection)) >= 6


def test_triggers_can_be_put_in_place_again_and_again(db):
    with triggers.lifted(connection):
        pass
    triggers.create(connection)

    assert triggers.missing(connection) == []
