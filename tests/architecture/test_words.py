"""The glossary is one to one, and every word that is asked for stands in it."""

from __future__ import annotations

from fenghuang.kernel.terms import Term, faults
from upkeep import words


def test_each_chinese_term_has_one_english_word_and_one_code():
    assert faults() == []


def test_a_word_for_two_things_is_found():
    rows = [
        Term("compound", "compound", "小区", "", ""),
        Term("community", "Compound", "社区", "", ""),
        Term("area", "area", "小区", "", ""),
    ]

    assert faults(rows) == ["en 'compound' stands 2 times", "zh '小区' stands 2 times"]


def test_every_word_that_code_and_pages_ask_for_stands_in_the_glossary():
    assert words.unknown() == []


def test_words_are_looked_for_in_code_and_on_pages():
    asked = {(name.rpartition(".")[2], code.pattern) for name, code in words.asked()}

    assert ("py", "street") in asked
    assert any(kind == "html" for kind, _code in asked)
