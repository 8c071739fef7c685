"""Documents that the code has outrun are noticed, and are the same each time they are made."""

from __future__ import annotations

import pytest

from upkeep import generated


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(generated, "FOLDER", tmp_path)
    for path, text in generated.documents():
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_what_was_just_made_is_as_the_code_is(folder):
    assert generated.outrun() == []


def test_a_missing_and_an_edited_document_are_named(folder):
    (folder / "glossary.md").unlink()
    with (folder / "indicators.md").open("a") as file:
        file.write("by hand")

    assert generated.outrun() == ["indicators.md", "glossary.md"]


def test_every_indicator_and_every_word_has_its_row(folder):
    from fenghuang.indicators.registry import indicators
    from fenghuang.kernel.terms import GLOSSARY

    catalogue = (folder / "indicators.md").read_text(encoding="utf-8")
    glossary = (folder / "glossary.md").read_text(encoding="utf-8")

    assert [one.code for one in indicators() if f"`{one.code}`" not in catalogue] == []
    assert [code for code in GLOSSARY if f"| `{code}` |" not in glossary] == []
