"""One record as it was sent, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fenghuang.kernel.records.models import Record


class Problem(NamedTuple):
    """One thing that is wrong. `field` is its name, in a batch after the record's position."""

    code: str
    sentence: str
    field: str


class Faulty(Exception):
    """Nothing was entered; `problems` is all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass
class Row:
    """What was sent, and the record that it makes, or the problems why it makes none."""

    prefix: str
    fields: Mapping[str, Any]
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, sentence: str, field: str = "") -> None:
        self.record = None
        self.problems.append(Problem(code, sentence, self.prefix + field))
