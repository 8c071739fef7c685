"""What the documents point at is there, under the name they give it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.modules import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)#\s]+)[^)]*\)")


def links(document: Path) -> list[tuple[str, Path]]:
    """The text and target of each link within the tree."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [
        (found["text"], document.parent / found["target"])
        for found in LINK.finditer(text)
        if "://" not in found["target"]
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document):
    missing = [str(target) for _text, target in links(document) if not target.exists()]

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_name_stands_in_the_file_that_the_link_names(document):
    named = [
        (text.strip("`"), target)
        for text, target in links(document)
        if target.suffix == ".py" and text.startswith("`")
    ]

    absent = [
        name
        for name, target in named
        if not re.search(
            rf"^\s*(?:def |class )?{name}\b\s*[\[(:=]", target.read_text(encoding="utf-8"), re.M
        )
    ]

    assert absent == []


def test_the_tour_stops_at_most_files_of_the_line():
    tour = ROOT / "docs" / "tour.md"
    line = ROOT / "fenghuang" / "lines" / "requests"

    seen = {target.resolve() for _text, target in links(tour)}
    files = [*line.glob("*.py"), *line.glob("*/meetings.py")]
    passed_by = {path.relative_to(line).as_posix() for path in files if path not in seen}

    assert passed_by == {
        "__init__.py",
        "columns/meetings.py",
        "demo/meetings.py",
        "tasks.py",
        "urls.py",
    }
