"""How well labels are found on texts that were not learned from, beside two simple ways.

The simple ways are measured on the very same texts: always the most frequent label; and a linear
support vector machine on runs of one to three characters, as any textbook has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .examples import Lesson
from .learning import SEED, Counted, Labels, Progress, learn, numbered
from .suggester import Suggester

PARTS = 5
SHARE = 0.2  #: of the texts that are held back
FEWEST_HELD_BACK = 50  #: rows below which nothing is decided

Split = tuple[NDArray[np.int64], NDArray[np.int64]]


class LabelScore(NamedTuple):
    """How well one label is found. `support` is the number of its texts."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


class Score(NamedTuple):
    """The unweighted mean of F1 over the labels, and the share of texts with the right label."""

    macro_f1: float
    accuracy: float


@dataclass(frozen=True)
class Measured:
    """`how` is folds, held_back or latest; `texts` were held back in all, at least once each.

    `in_three` is the share of texts whose label is among the first three suggestions, `off` how far
    confidences are from the share of right labels (expected calibration error, ten steps), `spread`
    the lowest and highest macro-F1 of the parts.
    """

    how: str
    texts: int
    model: Score
    in_three: float
    off: float
    spread: tuple[float, float]
    labels: tuple[LabelScore, ...]
    most_frequent: Score
    plain: Score


def folds(lesson: Lesson) -> list[Split]:
    """Five parts with the labels in equal shares; each is held back once."""
    from sklearn.model_selection import StratifiedKFold

    labels = numbered(lesson)
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=SEED)
    return list(parts.split(labels, labels))


def held_back(lesson: Lesson) -> list[Split]:
    """One fifth of the texts, with the labels in equal shares."""
    from sklearn.model_selection import StratifiedShuffleSplit

    labels = numbered(lesson)
    one = StratifiedShuffleSplit(1, test_size=SHARE, random_state=SEED)
    return list(one.split(labels, labels))


def latest(lesson: Lesson) -> list[Split]:
    """The latest fifth by day, as `examples.latest` parts them. Every text needs its day."""
    from .examples import latest as part

    _earlier, later = part(lesson.examples, SHARE)
    border = min(one.day for one in later if one.day is not None)
    is_late = np.array([one.day is not None and one.day >= border for one in lesson.examples])
    return [(np.flatnonzero(~is_late), np.flatnonzero(is_late))]


def measure(
    lesson: Lesson, counted: Counted, how: str, splits: Sequence[Split], progress: Progress
) -> Measured:
    """Learn from one side of each split, and hold it against the other side."""
    labels, texts = numbered(lesson), [one.text for one in lesson.examples]
    true, said, frequent, textbook, confidences, spread = [], [], [], [], [], []
    for at, (known, unseen) in enumerate(splits):
        progress("measured", at, len(splits))
        scores = _scores(counted, labels, known, unseen, len(lesson.labels))
        true.append(labels[unseen])
        said.append(scores.argmax(axis=1))
        confidences.append(_softmax(scores))
        frequent.append(np.full(len(unseen), np.bincount(labels[known]).argmax()))
        textbook.append(_textbook(texts, labels, known, unseen))
        spread.append(score(true[-1], said[-1]).macro_f1)
    progress("measured", len(splits), len(splits))
    truth, answer, sure = (np.concatenate(one) for one in (true, said, confidences))
    three = np.argsort(-sure, axis=1)[:, :3]
    return Measured(
        how,
        len(truth),
        score(truth, answer),
        float((three == truth[:, None]).any(axis=1).mean()),
        _off(sure.max(axis=1), answer == truth),
        (min(spread), max(spread)),
        tuple(_by_label(truth, answer, lesson.labels)),
        score(truth, np.concatenate(frequent)),
        score(truth, np.concatenate(textbook)),
    )


def _scores(
    counted: Counted, labels: Labels, known: Labels, unseen: Labels, width: int
) -> NDArray[np.float32]:
    """The scores of all labels. One with fewer than two known texts is never said, and where only
    one has more, it always is.
    """
    often = np.flatnonzero(np.bincount(labels[known], minlength=width) >= 2)
    scores = np.full((len(unseen), width), -np.inf, np.float32)
    if len(often) < 2:
        scores[:, np.bincount(labels[known]).argmax()] = 0.0
        return scores
    taught = known[np.isin(labels[known], often)]
    learned = learn(counted.of(taught), np.searchsorted(often, labels[taught]))
    scores[:, often] = learned.scores(counted.of(unseen))
    return scores


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _textbook(texts: Sequence[str], labels: Labels, known: Labels, unseen: Labels) -> Labels:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    simple = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True),
        LinearSVC(random_state=SEED),
    )
    simple.fit([texts[at] for at in known], labels[known])
    return np.asarray(simple.predict([texts[at] for at in unseen]), np.int64)


def score(true: Sequence[object] | Labels, said: Sequence[object] | Labels) -> Score:
    """The scores over the labels that there truly are."""
    from sklearn.metrics import f1_score

    truth, answer = np.asarray(true), np.asarray(said)
    macro = f1_score(truth, answer, labels=np.unique(truth), average="macro", zero_division=0)
    return Score(float(macro), float((truth == answer).mean()))


def _by_label(truth: Labels, answer: Labels, labels: Sequence[str]) -> Iterator[LabelScore]:
    from sklearn.metrics import precision_recall_fscore_support

    table = precision_recall_fscore_support(
        truth, answer, labels=range(len(labels)), zero_division=0
    )
    for label, precision, recall, f1, support in zip(labels, *table, strict=True):
        yield LabelScore(label, float(precision), float(recall), float(f1), int(support))


def _off(sure: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    steps = np.minimum((sure * 10).astype(int), 9)
    total = 0.0
    for step in np.unique(steps):
        among = steps == step
        total += among.mean() * abs(float(sure[among].mean()) - float(right[among].mean()))
    return float(total)


# Against the routing table


class HeldBack(NamedTuple):
    """A closed order that was not learned from, with the label it got in the end.

    `facts` is whatever the table decides by.
    """

    text: str
    label: str
    facts: object = None


@dataclass(frozen=True)
class Comparison:
    """The model and the table on the same rows. `is_better` switches the suggestions on."""

    rows: int
    model: Score
    table: Score
    is_better: bool


def compare(
    held_back: Sequence[HeldBack], model: Suggester, table: Callable[[HeldBack], str | None]
) -> Comparison:
    """Is the model better than the table, on rows held back?

    It is where its macro-F1 exceeds the table's accuracy, on at least 50 rows. `table` answers None
    where no rule fires, which is wrong. Of no rows nothing is better.
    """
    if not held_back:
        return Comparison(0, Score(0, 0), Score(0, 0), False)
    true = [one.label for one in held_back]
    said = [
        next((found.label for found in model.suggest(one.text, most=1)), "") for one in held_back
    ]
    by_model, by_table = score(true, said), score(true, [table(one) or "" for one in held_back])
    is_better = len(true) >= FEWEST_HELD_BACK and by_model.macro_f1 > by_table.accuracy
    return Comparison(len(true), by_model, by_table, is_better)
