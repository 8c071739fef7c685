"""Labelled texts, and which of them teach: each text once, no label with too few of them."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .wordings import plain

FEWEST = 5  #: texts of a label, so that each of five parts holds one


class Example(NamedTuple):
    """A text with the label that people gave it, and the day it came in, if that is known."""

    text: str
    label: str
    day: date | None = None


class RareLabel(NamedTuple):
    """A label that is not learned, since it has too few texts."""

    label: str
    texts: int


@dataclass(frozen=True)
class Lesson:
    """What is learned from, in the order given, and what is not and why, in numbers of rows.

    `repeated` are further rows with the same text, whatever its punctuation, width and digits;
    `disputed` are rows of such a text with another label than the one kept, the most frequent.
    """

    examples: tuple[Example, ...]
    without_text: int = 0
    without_label: int = 0
    repeated: int = 0
    disputed: int = 0
    rare: tuple[RareLabel, ...] = ()

    @property
    def labels(self) -> list[str]:
        return sorted({one.label for one in self.examples})

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the texts and labels, whatever their order."""
        rows = sorted(f"{one.label}\t{one.text}" for one in self.examples)
        return hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()


def lesson(examples: Sequence[Example], *, fewest: int = FEWEST) -> Lesson:
    """What of the examples is learned from. A text counts once, at its first place."""
    alike: dict[str, list[Example]] = defaultdict(list)
    without_text = without_label = 0
    for one in examples:
        heart = _heart(one.text)
        if not heart:
            without_text += 1
        elif not one.label:
            without_label += 1
        else:
            alike[heart].append(one)
    once, disputed = [], 0
    for same in alike.values():
        label, times = Counter(one.label for one in same).most_common(1)[0]
        once.append(same[0]._replace(label=label))
        disputed += len(same) - times
    texts = Counter(one.label for one in once)
    rare = [RareLabel(label, n) for label, n in texts.most_common() if n < fewest]
    taught = [one for one in once if texts[one.label] >= fewest]
    repeated = sum(map(len, alike.values())) - len(alike)
    return Lesson(tuple(taught), without_text, without_label, repeated, disputed, tuple(rare))


def _heart(text: str) -> str:
    """The text without marks and spaces, which may be nothing."""
    return "".join(filter(str.isalnum, plain(text)))


def latest(examples: Sequence[Example], share: float = 0.2) -> tuple[list[Example], list[Example]]:
    """The examples parted into the earlier and the latest `share` of them, by their days.

    Those of one day stay together, on the later side. Every example needs its day.
    """
    days = sorted(one.day for one in examples if one.day is not None)
    if len(days) < len(examples):
        raise ValueError("an example without its day is neither early nor late")
    if not days:
        return [], []
    border = days[min(len(days) - 1, round(len(days) * (1 - share)))]
    earlier = [one for one in examples if one.day is not None and one.day < border]
    later = [one for one in examples if one.day is not None and one.day >= border]
    return earlier, later
