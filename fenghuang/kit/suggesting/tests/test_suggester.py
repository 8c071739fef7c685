"""What was learned: its suggestions, its reasons, and the file that holds it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import numpy as np
import pytest

from fenghuang.kernel.refusal import Refused
from fenghuang.kit.suggesting import learning
from fenghuang.kit.suggesting.examples import lesson
from fenghuang.kit.suggesting.suggester import Suggester
from fenghuang.kit.suggesting.tests.corpus import MATTERS, messages

TODAY = date(2021, 12, 31)
PROOF = learning.Proof("held_back", 0.9, 0.91)


@pytest.fixture(scope="module")
def taught():
    found = lesson(messages(600))
    return found, learning.count([one.text for one in found.examples], lambda *_told: None)


@pytest.fixture(scope="module")
def model(taught):
    return learning.train(*taught, PROOF, made_on=TODAY)


def test_three_labels_are_suggested_the_surest_first_with_reasons_from_the_text(model):
    found = model.suggest("你好，我們單元的路燈不亮，井盖破損，已经三个月了")

    assert found[0].label == "市政设施"
    assert [one.confidence for one in found] == sorted(
        (one.confidence for one in found), reverse=True
    )
    assert len(found) == 3
    assert {"井盖", "破損"} <= set(found[0].reasons)


def test_confidences_of_all_labels_add_up_to_1(model):
    found = model.suggest("工地夜间施工", most=len(MATTERS))

    assert {one.label for one in found} == set(MATTERS)
    assert sum(one.confidence for one in found) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", "！？", "Xyz"])
def test_a_text_without_a_known_word_gets_no_suggestion(model, text):
    assert model.suggest(text) == []


def test_the_model_says_of_one_text_what_learning_said_of_all(taught, model):
    lesson_, counted = taught
    learned = learning.learn(counted.matrices, learning.numbered(lesson_))

    scores = learned.scores(counted.matrices)

    for example, row in list(zip(lesson_.examples, scores, strict=True))[:50]:
        among = np.exp(row - row.max())
        surest = model.suggest(example.text, most=1)[0]
        assert surest.label == lesson_.labels[int(row.argmax())]
        assert surest.confidence == pytest.approx(float(among.max() / among.sum()), abs=1e-4)


def test_two_labels_are_told_apart_too():
    two = lesson([one for one in messages(300, mislabelled=0) if one.label in ("噪音", "教育")])
    counted = learning.count([one.text for one in two.examples], lambda *_told: None)

    model = learning.train(two, counted, PROOF, made_on=TODAY)

    assert model.suggest("广场舞音响很大")[0].label == "噪音"
    assert model.suggest("幼儿园伙食差")[0].label == "教育"


def test_the_same_rows_teach_the_same(taught, model):
    again = learning.train(*taught, PROOF, made_on=TODAY)

    assert np.array_equal(again.weights, model.weights)


def test_a_saved_model_says_the_same(model, tmp_path):
    model.write(tmp_path / "a.model")

    loaded = Suggester.read(tmp_path / "a.model")

    assert loaded.about == model.about
    assert loaded.suggest("路灯不亮") == model.suggest("路灯不亮")
    assert [one.name for one in tmp_path.iterdir()] == ["a.model"]


@pytest.fixture
def altered(model, tmp_path):
    """`altered(name=array)` the file of the model with other arrays."""

    def saved(**arrays):
        path = tmp_path / "a.model"
        model.write(path)
        with np.load(path) as archive:
            there = dict(archive)
        with path.open("wb") as out:
            np.savez(out, **(there | arrays))
        return path

    return saved


def as_bytes(**about):
    return np.frombuffer(json.dumps(about).encode(), np.uint8)


def test_a_model_of_another_version_is_refused(altered):
    path = altered(about=as_bytes(format="fenghuang.suggester", version=2))

    with pytest.raises(Refused) as refused:
        Suggester.read(path)

    assert refused.value.code == "other_version"


@pytest.mark.parametrize(
    "arrays",
    [
        {"about": as_bytes(format="another", version=1)},
        {"about": as_bytes(format="fenghuang.suggester", version=1)},
        {"about": np.array([255, 254], np.uint8)},
        {"weights": np.zeros((3, 3), np.float32)},
        {"offsets": np.full(len(MATTERS), np.nan, np.float32)},
        {"fragments": np.array([], np.uint8)},
        {"rarity": np.array([object()])},  # would be a pickle
    ],
)
def test_a_file_whose_parts_do_not_fit_is_refused(altered, arrays):
    with pytest.raises(Refused) as refused:
        Suggester.read(altered(**arrays))

    assert refused.value.code == "no_model"


def a_zip(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"\x80\x04K\x01.", a_zip("about.npy", b"?"), a_zip("a.txt", b"")],
)
def test_any_other_file_is_refused(tmp_path, content):
    path = tmp_path / "a.model"
    path.write_bytes(content)

    with pytest.raises(Refused) as refused:
        Suggester.read(path)

    assert refused.value.code == "no_model"
