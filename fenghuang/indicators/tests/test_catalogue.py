"""The catalogue: every indicator named once, in words and measure words that the house knows."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from fenghuang.claims import units
from fenghuang.claims.matching import Kinship, kinship, normalised
from fenghuang.indicators.catalogue import (
    Aggregation,
    NotInCatalogue,
    catalogue,
    entry,
    read,
)
from fenghuang.indicators.periods import PeriodKind

LINES = {
    "places",
    "requests",
    "renewal",
    "lifts",
    "safety",
    "security",
    "investment",
    "events",
    "partners",
    "volunteers",
    "meals",
    "health",
    "reports",
}


def test_every_code_and_every_name_stands_once():
    for said in ("code", "zh", "en"):
        counts = Counter(getattr(one, said) for one in catalogue())

        assert [name for name, times in counts.items() if times > 1] == []


def test_every_row_is_complete_and_belongs_to_a_line():
    assert [one.code for one in catalogue() if not (one.zh and one.en)] == []
    assert {one.line for one in catalogue()} == LINES
    assert [
        one.code for one in catalogue() if not re.fullmatch(r"[A-Z]+(\.[A-Z0-9_]+)", one.code)
    ] == []


def test_every_measure_word_is_one_of_the_table_and_in_base_units():
    assert [one.code for one in catalogue() if units.unit(one.unit).code != one.unit] == []


def test_shares_and_only_shares_are_in_per_cent():
    shares = {one.code for one in catalogue() if one.aggregation is Aggregation.RATIO}

    assert shares == {one.code for one in catalogue() if one.unit == "%"}


def test_only_sums_are_measured_and_never_counted():
    measured = [one for one in catalogue() if not units.unit(one.unit).whole and one.unit != "%"]

    assert {one.aggregation for one in measured} == {Aggregation.SUM}


def test_a_word_means_one_indicator_of_a_type_unless_it_needs_company():
    meant: dict[str, list[tuple[str, str]]] = {}
    for one in catalogue():
        short = {normalised(words) for words in one.short}
        for words in {normalised(words) for words in (one.zh, *one.aliases)} - short:
            meant.setdefault(words, []).append((one.code, one.unit))

    doubtful = {
        words: codes
        for words, codes in meant.items()
        for code, unit in codes
        for other, other_unit in codes
        if code != other and kinship(unit, other_unit) in (Kinship.SAME, Kinship.NEAR)
    }

    assert doubtful == {}


def test_words_that_need_company_say_which():
    assert [one.code for one in catalogue() if one.short and not one.context] == []


def test_counts_of_what_a_text_lists_are_marked():
    marked = {one.code for one in catalogue() if one.is_check_only}

    assert {"REN.WORK_KINDS", "MEAL.MODES", "EVT.KINDS", "INV.METHOD_LIST"} < marked
    assert "MEAL.POINTS" not in marked


def test_an_entry_is_found_by_its_code():
    one = entry("INV.HQ_ENTERPRISES_CUM")

    assert (one.unit, one.aggregation) == ("家", Aggregation.DISTINCT)
    assert (one.period, one.line) == (PeriodKind.CUMULATIVE, "investment")
    with pytest.raises(NotInCatalogue, match=r"GONE\.AWAY"):
        entry("GONE.AWAY")


def test_what_people_said_of_wordings_goes_with_the_indicator():
    one = entry("MTG.SESSIONS").answerable(confirmed=["夜谈会"], refused=["院落会"])

    assert (one.name, one.unit) == ("屋场贴心会场次", "场次")
    assert (one.confirmed, one.refused) == (("夜谈会",), ("院落会",))


def test_a_file_that_is_no_catalogue_is_refused(tmp_path):
    path = tmp_path / "catalogue.csv"
    path.write_text(
        "code,line,zh,en,unit,aggregation,period_kind,check_only,aliases,short,context\n"
        "X.Y,requests,甲,first,个,tally,flow,,,,\n",
        encoding="utf-8",
    )

    with pytest.raises(ValueError, match="tally"):
        read(path)
