"""Numbers are given without gaps and without repeats, whatever happens to others at the moment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from fenghuang.kernel.checks import faults
from fenghuang.kernel.journal.models import Journal
from fenghuang.kernel.records.actions import enter_all

from .problems import unbroken

pytestmark = pytest.mark.line("requests")

DAY = date(2021, 6, 1)
THREADS = 12
ROUNDS = 24

#: What a record has besides, and what becomes of it: in the journal, at the insert, at the commit.
KINDS = (
    ({}, None),
    ({"text": "\ud800"}, UnicodeEncodeError),  # half a surrogate pair
    ({}, None),
    ({"disposition": "merged"}, IntegrityError),  # into nothing
    ({}, None),
    ({"place": None, "place_id": uuid4()}, IntegrityError),  # nowhere
)


def test_who_comes_together_with_a_record_that_cannot_be_written_loses_nothing(
    transactional_db, cast
):
    from fenghuang.lines.requests.models import Problem

    def problem(n, fields):
        usual = {"place": cast.east, "text": str(n), "category": "lighting"}
        day = DAY.replace(year=2021 + n % 2)
        return Problem(street=cast.street, happened_on=day, due_on=day, **usual | fields)

    def failure(record):
        try:
            enter_all([record], actor=cast.secretary)
        except (IntegrityError, UnicodeEncodeError) as error:
            return type(error)
        finally:
            connection.close()

    records = [problem(n, fields) for n in range(ROUNDS) for fields, _failure in KINDS]

    with ThreadPoolExecutor(THREADS) as pool:
        with transaction.atomic():  # a change that takes its time, so that others come together
            Journal.objects.select_for_update().get(pk=cast.street.pk)
            failures = pool.map(failure, records)
            time.sleep(0.2)
        found = list(failures)

    entered = Problem.objects.values_list("text", "number")
    numbers = sorted(number for _text, number in entered)
    assert found == [failure for _fields, failure in KINDS] * ROUNDS
    assert sorted(text for text, _number in entered) == sorted(
        record.text for record, failure in zip(records, found, strict=True) if failure is None
    )
    assert numbers == unbroken(numbers)
    assert list(faults(cast.street)) == []
