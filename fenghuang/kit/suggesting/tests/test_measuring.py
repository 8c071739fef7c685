"""Measuring what was learned, and holding it against the routing table."""

from __future__ import annotations

from datetime import date

import pytest

from fenghuang.kit.suggesting import learning, measuring
from fenghuang.kit.suggesting.examples import lesson
from fenghuang.kit.suggesting.measuring import HeldBack, Score, compare, score
from fenghuang.kit.suggesting.tests.corpus import MATTERS, messages

FREE = lesson(messages(400, mislabelled=0))


@pytest.fixture(scope="module")
def counted():
    return learning.count([one.text for one in FREE.examples], lambda *_told: None)


@pytest.fixture(scope="module")
def model(counted):
    return learning.train(FREE, counted, learning.Proof("folds", 1, 1), made_on=date(2021, 12, 31))


def test_every_text_is_held_back_once_and_never_learned_from_then():
    splits = measuring.folds(FREE)

    assert sorted(at for _known, unseen in splits for at in unseen) == list(
        range(len(FREE.examples))
    )
    assert not any(set(known) & set(unseen) for known, unseen in splits)


def test_the_latest_texts_are_held_back_by_day():
    (known, unseen), *others = measuring.latest(FREE)

    assert others == []
    assert max(FREE.examples[at].day for at in known) < min(FREE.examples[at].day for at in unseen)


def test_labels_are_found_and_the_simple_ways_stand_beside(counted):
    told = []

    found = measuring.measure(
        FREE, counted, "folds", measuring.folds(FREE), lambda *said: told.append(said)
    )

    assert found.texts == len(FREE.examples) == sum(one.support for one in found.labels)
    assert [one.label for one in found.labels] == FREE.labels
    assert found.model.macro_f1 > 0.95
    assert found.plain.macro_f1 > 0.95
    assert found.most_frequent.macro_f1 < 0.1
    assert found.spread[0] <= found.model.macro_f1 <= found.spread[1] + 0.01
    assert told == [("measured", at, 5) for at in range(6)]


def test_a_label_that_only_the_latest_texts_have_is_never_found():
    early = [one for one in messages(200, mislabelled=0) if one.label != "教育"]
    late = [one._replace(day=date(2022, 1, 1)) for one in messages(400, seed=2, mislabelled=0)]
    late = [one for one in late if one.label in ("教育", "噪音")][:40]
    found = lesson([*early, *late])
    counted = learning.count([one.text for one in found.examples], lambda *_told: None)

    measured = measuring.measure(
        found, counted, "latest", measuring.latest(found), lambda *_told: None
    )

    assert next(one.recall for one in measured.labels if one.label == "教育") == 0.0


def test_macro_f1_weighs_every_label_alike():
    assert score(["甲"] * 8 + ["乙"] * 2, ["甲"] * 10) == Score(pytest.approx(4 / 9), 0.8)


def held_back(count):
    return [HeldBack(one.text, one.label, "东门") for one in messages(count, seed=9, mislabelled=0)]


def test_a_model_that_beats_the_table_is_better(model):
    found = compare(held_back(60), model, lambda _row: "噪音")

    assert (found.rows, found.is_better) == (60, True)
    assert found.model.macro_f1 > found.table.accuracy


def test_a_table_that_knows_every_label_is_not_beaten(model):
    rows = held_back(60)
    right = {one.text: one.label for one in rows}

    found = compare(rows, model, lambda row: right[row.text])

    assert (found.table, found.is_better) == (Score(1.0, 1.0), False)


def test_a_few_rows_decide_nothing(model):
    found = compare(held_back(49), model, lambda _row: None)

    assert (found.table.accuracy, found.is_better) == (0.0, False)
    assert compare([], model, lambda _row: None).is_better is False


def test_the_table_decides_by_the_facts_of_the_row(model):
    seen = []

    compare(held_back(1), model, lambda row: seen.append(row.facts))

    assert seen == ["东门"]


def test_the_made_up_corpus_has_every_category():
    assert set(FREE.labels) == set(MATTERS)
