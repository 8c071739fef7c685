"""Claims that say what they mean, to measure matching by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fenghuang.claims.claim import Claim
from fenghuang.claims.tests.claimed import claimed

DATA = Path(__file__).parent / "data"
_LABEL = re.compile(r"\[(?P<text>[^|]+)\|(?P<subject>[^|]+)\|(?P<code>[^]]+)\]")


@dataclass(frozen=True)
class Labelled:
    """A claim with the heading above it, its sentence, and the code it means, if any."""

    claim: Claim
    section: str
    text: str
    code: str | None


def labelled(line: str, section: str) -> Iterator[Labelled]:
    """The claims of one sentence."""
    text = _LABEL.sub(r"\g<text>", line)
    removed = 0
    for label in _LABEL.finditer(line):
        claim = claimed(label["text"], label["subject"], start=label.start() - removed)
        removed += len(label.group()) - len(label["text"])
        yield Labelled(claim, section, text, None if label["code"] == "-" else label["code"])


def development() -> list[Labelled]:
    """The claims that names and weights were chosen by."""
    return read(DATA / "development_claims.txt")


def held_back() -> list[Labelled]:
    """The claims that only measure."""
    return read(DATA / "held_back_claims.txt")


def read(path: Path) -> list[Labelled]:
    """All claims of a file, each under its heading."""
    found: list[Labelled] = []
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            section = line.removeprefix("# ")
        elif not line.startswith("%"):
            found += labelled(line, section)
    return found
