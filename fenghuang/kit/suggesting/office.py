"""What an office learns from its own closed records, kept in its home and shown if it helps.

A line names its sources at its door (`Line.suggestion_sources`). Training holds the latest fifth
back, learns from the rest, and holds what it learned against the table that decides so far: only
where it does better, and was learned from enough, are suggestions shown. Then it learns from all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings

from fenghuang.kernel.places.models import Street

from .examples import Example, latest, lesson
from .suggester import Suggester, Suggestion

Progress = Callable[[str, int, int], None]


class Taught(NamedTuple):
    """A closed record with the label it got in the end; `facts` is what a table decides by."""

    text: str
    label: str
    day: date
    facts: Any = None


Table = Callable[[Taught], str | None]


@dataclass(frozen=True)
class Source:
    """Something that is learned. `of` groups the sources of one command, such as orders.

    `taught` are the closed records of a street. `table` makes, from the earlier ones, what is to be
    beaten on the later. `fewest` is the number of records below which nothing is suggested.
    """

    of: str
    code: str
    title: Any
    fewest: int
    taught: Callable[[Street], Sequence[Taught]]
    table: Callable[[Street, Sequence[Taught]], Table]


class Why(StrEnum):
    """Why suggestions are shown, or not."""

    BETTER = "better"
    NOT_BETTER = "not_better"
    TOO_FEW = "too_few"
    ONE_LABEL = "one_label"


@dataclass(frozen=True)
class State:
    """What came of the last training. Scores are None where nothing could be learned.

    `records` taught, `held_back` were then decided by model and table; the table's accuracy is to
    be beaten by the model's macro-F1.
    """

    trained_on: date
    records: int
    held_back: int
    why: Why
    labels: int = 0
    model_macro_f1: float | None = None
    model_accuracy: float | None = None
    table_accuracy: float | None = None

    @property
    def is_on(self) -> bool:
        return self.why == Why.BETTER


def train(source: Source, street: Street, *, made_on: date, progress: Progress) -> State:
    """Learn anew, and write the model and its state into the home."""
    taught = source.taught(street)
    state, model = _trained(source, street, taught, made_on, progress)
    folder = _folder(street.pk)
    folder.mkdir(parents=True, exist_ok=True)
    if model is not None:
        model.write(folder / f"{source.code}.model")
    path = folder / f"{source.code}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(state) | {"trained_on": made_on.isoformat()}), "utf-8")
    part.replace(path)
    return state


def _trained(
    source: Source, street: Street, taught: Sequence[Taught], made_on: date, progress: Progress
) -> tuple[State, Suggester | None]:
    from . import learning
    from .measuring import HeldBack, compare

    if len(taught) < source.fewest:
        return State(made_on, len(taught), 0, Why.TOO_FEW), None
    border = _border(taught)
    earlier = [one for one in taught if one.day < border]
    later = _unheard([one for one in taught if one.day >= border], earlier)
    known, whole = (
        lesson([Example(one.text, one.label, one.day) for one in some])
        for some in (earlier, taught)
    )
    if len(known.labels) < 2:
        return State(made_on, len(taught), len(later), Why.ONE_LABEL, len(whole.labels)), None
    unproven = learning.Proof("latest", 0.0, 0.0)
    counted = learning.count([one.text for one in known.examples], progress)
    first = learning.train(known, counted, unproven, made_on=made_on)
    table = source.table(street, earlier)
    found = compare(
        [HeldBack(one.text, one.label, one) for one in later],
        first,
        lambda one: table(one.facts) if isinstance(one.facts, Taught) else None,
    )
    proof = learning.Proof("latest", found.model.macro_f1, found.model.accuracy)
    counted = learning.count([one.text for one in whole.examples], progress)
    model = learning.train(whole, counted, proof, made_on=made_on)
    state = State(
        made_on,
        len(taught),
        found.rows,
        Why.BETTER if found.is_better else Why.NOT_BETTER,
        len(whole.labels),
        found.model.macro_f1,
        found.model.accuracy,
        found.table.accuracy,
    )
    return state, model


def _border(taught: Sequence[Taught]) -> date:
    """The first day of the latest fifth."""
    _earlier, later = latest([Example(one.text, one.label, one.day) for one in taught])
    return min(one.day for one in later if one.day is not None)


def _unheard(later: Sequence[Taught], earlier: Sequence[Taught]) -> list[Taught]:
    """The later records with a text of their own: what was learned word for word proves nothing."""
    heard = {one.text for one in earlier}
    return list({one.text: one for one in later if one.text not in heard}.values())


def state(street: UUID, code: str) -> State | None:
    """What came of the last training; None where there was none."""
    path = _folder(street) / f"{code}.json"
    if not path.exists():
        return None
    held = json.loads(path.read_text("utf-8"))
    held["trained_on"] = date.fromisoformat(held["trained_on"])
    return State(**held | {"why": Why(held["why"])})


def suggestions(street: UUID, code: str, text: str, *, most: int = 2) -> list[Suggestion]:
    """The most fitting labels for a text; none while suggestions are switched off."""
    found = state(street, code)
    path = _folder(street) / f"{code}.model"
    if found is None or not found.is_on or not path.exists():
        return []
    return _read(path, path.stat().st_mtime_ns).suggest(text, most=most)


@lru_cache(maxsize=8)
def _read(path: Path, _written: int) -> Suggester:
    return Suggester.read(path)


def _folder(street: UUID) -> Path:
    home: Path = settings.HOME
    return home / "suggestions" / str(street)
