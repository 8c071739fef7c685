"""Learning from labelled texts: scikit-learn's linear classifiers on fragments and words.

A linear support vector machine and complement naive Bayes each score every label. How far either
is to be believed is learned from texts that they had not seen, which also makes the confidences
hold. All of it is linear, so what is kept is one matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .examples import Lesson
from .suggester import About, Floats, Suggester
from .wordings import fragments, phrases, plain, words

SEED = 2021
INNER_PARTS = 3  #: parts of the texts for learning whom to believe
MANY = 2000  #: texts from which on what stands in only one of them is not learned

Progress = Callable[[str, int, int], None]
Labels = NDArray[np.int64]


class Counted(NamedTuple):
    """How often each text has which fragments and phrases: two sparse matrices, and their terms."""

    matrices: tuple[Any, Any]
    terms: tuple[NDArray[np.str_], NDArray[np.str_]]

    def of(self, rows: NDArray[np.int64]) -> tuple[Any, Any]:
        one, other = self.matrices
        return one[rows], other[rows]


class Kept(NamedTuple):
    """Which columns of the two matrices weigh, and how rare each is."""

    columns: tuple[NDArray[np.int64], ...]
    rarity: tuple[Floats, ...]


class Learned(NamedTuple):
    """What is kept of the parts of texts, and what each says of each label."""

    kept: Kept
    weights: Floats  #: a row for each column that is kept, a column for each label
    offsets: Floats

    def scores(self, matrices: Sequence[Any]) -> Floats:
        """The logarithms of the confidences, up to one summand for each text."""
        return np.asarray(_weighed(matrices, self.kept) @ self.weights + self.offsets, np.float32)


def count(texts: Sequence[str], progress: Progress) -> Counted:
    """Take all texts apart. Slow: some two thousand short texts in a second."""
    from sklearn.feature_extraction.text import CountVectorizer

    taken: list[list[str]] = []

    def first() -> Iterator[list[str]]:
        for at, text in enumerate(texts, 1):
            plain_text = plain(text)
            taken.append([part.what for part in phrases(words(plain_text))])
            yield [part.what for part in fragments(plain_text)]
            if at % 100 == 0 or at == len(texts):
                progress("texts", at, len(texts))

    matrices, terms = [], []
    for parts in (first(), taken):
        vectorizer = CountVectorizer(analyzer=_as_they_are, dtype=np.float32)
        matrices.append(vectorizer.fit_transform(parts).tocsr())
        terms.append(vectorizer.get_feature_names_out())
    return Counted((matrices[0], matrices[1]), (terms[0], terms[1]))


def _as_they_are(parts: list[str]) -> list[str]:
    return parts


def learn(matrices: Sequence[Any], labels: Labels) -> Learned:
    """Learn from counted texts. Labels are numbers from 0, each of at least two texts."""
    from sklearn.model_selection import StratifiedKFold

    parts = StratifiedKFold(
        min(INNER_PARTS, int(np.bincount(labels).min())), shuffle=True, random_state=SEED
    )
    unseen = np.zeros((2, len(labels), int(labels.max()) + 1))
    for known, held_back in parts.split(labels, labels):
        kept, both = _both([one[known] for one in matrices], labels[known])
        seen = _weighed([one[held_back] for one in matrices], kept)
        for at, scored in enumerate(both):
            unseen[at, held_back] = seen @ scored.weights + scored.offsets
    belief = _belief(unseen, labels)

    kept, both = _both(matrices, labels)
    weights = sum(far * one.weights for far, one in zip(belief, both, strict=True))
    offsets = sum(far * one.offsets for far, one in zip(belief, both, strict=True))
    return Learned(kept, np.asarray(weights, np.float32), np.asarray(offsets, np.float32))


def _belief(scores: NDArray[np.float64], labels: Labels) -> NDArray[np.float64]:
    """How far each classifier is to be believed: the two factors, none negative, with which the
    scores of unseen texts make the true labels most likely.
    """
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    def unlikely(factors: NDArray[np.float64]) -> float:
        likely = log_softmax(np.tensordot(factors, scores, 1), axis=1)
        return float(-likely[np.arange(len(labels)), labels].mean())

    found = minimize(unlikely, np.ones(len(scores)), bounds=[(0.0, 100.0)] * len(scores))
    return np.asarray(found.x)


def _kept(matrices: Sequence[Any]) -> Kept:
    texts = matrices[0].shape[0]
    fewest = 2 if texts >= MANY else 1
    columns, rarity = [], []
    for counts in matrices:
        having = counts.getnnz(axis=0)
        columns.append(np.flatnonzero(having >= fewest))
        rare = np.log((1 + texts) / (1 + having[columns[-1]])) + 1
        rarity.append(np.asarray(rare, np.float32))
    return Kept(tuple(columns), tuple(rarity))


def _weighed(matrices: Sequence[Any], kept: Kept) -> Any:
    """The texts as tf-idf, each of the two kinds of parts of length 1."""
    from scipy.sparse import hstack
    from sklearn.preprocessing import normalize

    blocks = []
    for counts, columns, rarity in zip(matrices, *kept, strict=True):
        block = counts[:, columns].copy()
        block.data = (1 + np.log(block.data)) * rarity[block.indices]
        blocks.append(normalize(block))
    return hstack(blocks, format="csr", dtype=np.float32)


class _Scored(NamedTuple):
    """What a classifier gives each label: a column of weights, and an offset."""

    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]


def _both(matrices: Sequence[Any], labels: Labels) -> tuple[Kept, tuple[_Scored, _Scored]]:
    """What both classifiers learn from the texts, and of which parts of them."""
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC

    kept = _kept(matrices)
    seen = _weighed(matrices, kept)
    machine = LinearSVC(C=0.5, random_state=SEED).fit(seen, labels)
    margins, offsets = machine.coef_, machine.intercept_
    if len(margins) == 1:  # of two labels only the second is scored
        margins, offsets = np.vstack([-margins, margins]), np.append(-offsets, offsets)
    bayes = ComplementNB(alpha=0.2).fit(seen, labels).feature_log_prob_
    bayes = bayes - bayes.mean(axis=0)  # what all labels share tells none from another
    return kept, (_Scored(margins.T, offsets), _Scored(bayes.T, np.zeros(len(bayes))))


def numbered(lesson: Lesson) -> Labels:
    """The labels of the examples, as places among the labels of the lesson."""
    places = {label: at for at, label in enumerate(lesson.labels)}
    return np.array([places[one.label] for one in lesson.examples], np.int64)


class Proof(NamedTuple):
    """How well the same way of learning did on texts held back, for the record in the file."""

    how: str
    macro_f1: float
    accuracy: float


def train(lesson: Lesson, counted: Counted, proof: Proof, *, made_on: date) -> Suggester:
    """Learn from all examples of a lesson; `counted` are their texts, in their order."""
    learned = learn(counted.matrices, numbered(lesson))
    about = About(tuple(lesson.labels), len(lesson.examples), made_on, lesson.fingerprint, *proof)
    of_fragments, of_phrases = (
        tuple(map(str, terms[columns]))
        for terms, columns in zip(counted.terms, learned.kept.columns, strict=True)
    )
    return Suggester(
        about,
        of_fragments,
        of_phrases,
        np.concatenate(learned.kept.rarity),
        learned.weights,
        learned.offsets,
    )
