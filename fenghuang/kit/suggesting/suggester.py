"""What was learned, in a file, and the suggestions it makes. Needs neither scikit-learn nor SciPy.

The file is a NumPy archive (.npz) of plain arrays; nothing in it is ever executed:

    about      UTF-8 of a JSON object, see `About`; "format" and "version" come first
    fragments  UTF-8 of the fragments that weigh, one in a line; rows 0 … of `weights`
    phrases    likewise the words, and pairs of words; the rows after those
    rarity     float32, one for each row: its inverse document frequency
    weights    float32, a row for each fragment and phrase, a column for each label
    offsets    float32, one for each label

A text is weighed as tf-idf with 1 + ln of the count, fragments and phrases each of length 1; times
the weights, plus the offsets, these are the logarithms of the confidences up to one common summand.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from fenghuang.kernel.refusal import Refused

from .wordings import Part, fragments, phrases, plain, words

FORMAT, VERSION = "fenghuang.suggester", 1
LARGEST = 512 * 1024 * 1024  # bytes of all arrays of a file, unpacked

#: What reading a file of any other kind may raise.
_DAMAGED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)

Floats = NDArray[np.float32]


class Suggestion(NamedTuple):
    """A label, how sure it is from 0 to 1, and the words of the text that speak most for it."""

    label: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class About:
    """Where a model comes from: its labels, how many texts of which day taught it, and how well it
    did on texts held back (`how` says which).

    `fingerprint` is the SHA-256 of the texts and labels.
    """

    labels: tuple[str, ...]
    texts: int
    made_on: date
    fingerprint: str
    how: str
    macro_f1: float
    accuracy: float


@dataclass(frozen=True)
class Suggester:
    """What was learned from labelled texts."""

    about: About
    fragments: tuple[str, ...]
    phrases: tuple[str, ...]
    rarity: Floats
    weights: Floats
    offsets: Floats

    def suggest(self, text: str, *, most: int = 3) -> list[Suggestion]:
        """The most fitting labels, the surest first. None for a text without a known word."""
        seen = self._seen(text)
        if not len(seen.rows):
            return []
        said = seen.values @ self.weights[seen.rows] + self.offsets
        confidences = np.exp(said - said.max())
        confidences /= confidences.sum()
        return [
            Suggestion(
                self.about.labels[at], float(confidences[at]), self._reasons(text, seen, int(at))
            )
            for at in np.argsort(-confidences, kind="stable")[:most]
        ]

    @cached_property
    def _rows(self) -> tuple[dict[str, int], dict[str, int]]:
        first = len(self.fragments)
        return (
            {what: row for row, what in enumerate(self.fragments)},
            {what: row for row, what in enumerate(self.phrases, first)},
        )

    def _seen(self, text: str) -> _Seen:
        plain_text = plain(text)
        of_words = words(plain_text)
        blocks = (fragments(plain_text), phrases(of_words))
        parts: list[tuple[int, Part]] = []
        rows: list[int] = []
        values: list[Floats] = []
        for known, block in zip(self._rows, blocks, strict=True):
            found = [(known[part.what], part) for part in block if part.what in known]
            counts = Counter(row for row, _part in found)
            tf = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
            weighed = tf * self.rarity[list(counts)]
            values.append(weighed / (np.linalg.norm(weighed) or 1))
            rows += counts
            parts += found
        return _Seen(np.array(rows, np.int64), np.concatenate(values), parts, of_words)

    def _reasons(self, text: str, seen: _Seen, label: int, most: int = 3) -> tuple[str, ...]:
        """The words that raise the label above the average of all, as the text has them.

        What a fragment or pair of words adds is shared out among its characters.
        """
        weights = self.weights[seen.rows]
        added = dict(
            zip(seen.rows, seen.values * (weights[:, label] - weights.mean(axis=1)), strict=True)
        )
        times = Counter(row for row, _part in seen.parts)
        by_character: dict[int, float] = defaultdict(float)
        for row, part in seen.parts:
            share = float(added[row]) / times[row] / (part.end - part.start)
            for at in range(part.start, part.end):
                by_character[at] += share
        by_word: dict[str, float] = defaultdict(float)
        for word in seen.words:
            if word.end - word.start > 1 and not word.what.isdigit():
                by_word[text[word.start : word.end]] += sum(
                    by_character[at] for at in range(word.start, word.end)
                )
        ranked = sorted(by_word.items(), key=lambda one: -one[1])
        return tuple(word for word, weight in ranked[:most] if weight > 0)

    def write(self, path: Path) -> None:
        """Write the file; one that is there already is replaced in one step."""
        about = asdict(self.about) | {"made_on": self.about.made_on.isoformat()}
        head = {"format": FORMAT, "version": VERSION} | about
        part = path.with_name(path.name + ".part")
        with part.open("wb") as out:
            np.savez_compressed(
                out,
                about=_as_bytes(json.dumps(head, ensure_ascii=False)),
                fragments=_as_bytes("\n".join(self.fragments)),
                phrases=_as_bytes("\n".join(self.phrases)),
                rarity=self.rarity,
                weights=self.weights,
                offsets=self.offsets,
            )
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Suggester:
        """Read a file of `write`. Refused, in one sentence, if it is none or does not fit."""
        content = path.read_bytes()
        try:
            arrays = _arrays(content)
            head = json.loads(_as_text(arrays["about"]))
            if head.pop("format") != FORMAT:
                raise ValueError("another format")
            if head.pop("version") != VERSION:
                raise _other_version(path)
            head["made_on"] = date.fromisoformat(head["made_on"])
            head["labels"] = tuple(head["labels"])
            found = cls(
                About(**head),
                _terms(arrays["fragments"]),
                _terms(arrays["phrases"]),
                arrays["rarity"].astype(np.float32),
                arrays["weights"].astype(np.float32),
                arrays["offsets"].astype(np.float32),
            )
            found._check()
        except _DAMAGED as error:
            raise _no_model(path) from error
        return found

    def _check(self) -> None:
        rows, labels = len(self.fragments) + len(self.phrases), len(self.about.labels)
        if (self.rarity.shape, self.weights.shape, self.offsets.shape) != (
            (rows,),
            (rows, labels),
            (labels,),
        ):
            raise ValueError("the arrays do not fit each other")
        if not all(np.isfinite(one).all() for one in (self.rarity, self.weights, self.offsets)):
            raise ValueError("a weight is no number")


class _Seen(NamedTuple):
    """A text as the model sees it: rows with their values, the parts they come from, its words."""

    rows: NDArray[np.int64]
    values: Floats
    parts: Sequence[tuple[int, Part]]
    words: Sequence[Part]


def _as_bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _as_text(array: NDArray[Any]) -> str:
    return array.astype(np.uint8).tobytes().decode()


def _terms(array: NDArray[Any]) -> tuple[str, ...]:
    return tuple(_as_text(array).split("\n")) if array.size else ()


def _arrays(content: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(one.file_size for one in archive.infolist()) > LARGEST:
            raise ValueError("too large")
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return dict(archive)


def _no_model(path: Path) -> Refused:
    return Refused(
        "no_model",
        _("%(file)s is no model, or is damaged. Train it again with: fenghuang suggest train")
        % {"file": path.name},
    )


def _other_version(path: Path) -> Refused:
    return Refused(
        "other_version",
        _(
            "%(file)s was made by another version of the program. "
            "Train it again with: fenghuang suggest train"
        )
        % {"file": path.name},
    )
