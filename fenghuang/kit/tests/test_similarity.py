"""Similarity of residents' texts: its laws, wordings of one matter, and pairs judged by people."""

from __future__ import annotations

import csv
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kit.similarity import ALIKE, nearest, similarity

PAIRS = Path(__file__).with_name("similar_pairs.csv")

TEXTS = st.text("路灯坏了没人修垃圾桶满工地噪音，。！ 1２三abＡ", max_size=30)
MARKS = st.text("，。！？、 \n（）“”…", max_size=3)


@given(TEXTS, TEXTS)
def test_it_does_not_matter_which_text_is_first(one, other):
    assert similarity(one, other) == similarity(other, one)


@given(TEXTS, TEXTS)
def test_it_lies_between_0_and_1(one, other):
    assert 0.0 <= similarity(one, other) <= 1.0


@given(TEXTS)
def test_a_text_is_wholly_like_itself_unless_it_says_nothing(text):
    assert similarity(text, f"电梯{text}") > 0 or similarity(text, text) in (0.0, 1.0)
    assert similarity(f"电梯{text}", f"电梯{text}") == 1.0


@given(st.lists(st.sampled_from(["路灯", "电梯", "垃圾", "油烟"]), min_size=1), MARKS, MARKS)
def test_punctuation_changes_nothing(words, before, after):
    assert similarity("，".join(words), before + "！".join(words) + after) == 1.0


@given(st.text("丑寅卯辰巳", max_size=9), st.text("鼠牛虎兔龙", max_size=9))
def test_texts_that_share_nothing_are_not_alike_at_all(one, other):
    assert similarity(one, other) == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KTV唱歌", "ＫＴＶ唱歌"),
        ("3栋路灯坏了", "三栋路灯坏了"),
        ("路燈壞了", "路灯坏了"),
        ("路灯坏了", "您好，路灯坏了，请有关部门尽快处理，谢谢！"),
        ("路灯坏了", "小区门口的路灯不亮"),
    ],
)
def test_width_numerals_script_politeness_and_the_kind_of_place_change_nothing(one, other):
    assert similarity(one, other) == 1.0


@pytest.mark.parametrize("text", ["", "您好，谢谢！", "123"])
def test_what_names_no_matter_is_like_nothing(text):
    assert (similarity(text, text), similarity(text, "路灯坏了")) == (0.0, 0.0)


def test_the_nearest_come_first_and_the_unlike_not_at_all():
    raised = ["门口停车太乱", "路灯坏了", "楼道灯不亮，晚上看不见", "工地半夜施工", "路灯坏了！"]

    found = nearest("路灯不亮", raised)

    assert [one.at for one in found] == [1, 4, 2]
    assert nearest("路灯不亮", raised, most=1) == found[:1]
    assert nearest("路灯不亮", raised, at_least=1.0) == found[:2]
    assert nearest("路灯不亮", []) == []


def test_among_many_candidates_none_that_says_the_same_in_other_words_is_lost():
    many = [f"{at}号门口的广场舞音响太大，孩子没法学习" for at in range(900)]

    assert [one.at for one in nearest("下水道堵了", [*many, "污水管堵塞，请疏通"])] == [900]


def pairs(*parts):
    with PAIRS.open(encoding="utf-8", newline="") as rows:
        found = [row for row in csv.DictReader(row for row in rows) if row["part"] in parts]
    return [(row["alike"] == "1", similarity(row["one"], row["other"])) for row in found]


@pytest.mark.parametrize(
    ("parts", "precision", "recall"),
    [
        (["chosen", "checked", "fresh"], 0.82, 0.79),
        (["fresh"], 0.80, 0.65),  # matters that the lists of words were not made for
    ],
)
def test_pairs_judged_by_people_are_told_apart_as_well_as_is_said(parts, precision, recall):
    judged = pairs(*parts)
    offered = [alike for alike, found in judged if found >= ALIKE]

    assert sum(offered) / len(offered) >= precision
    assert sum(offered) / sum(alike for alike, _found in judged) >= recall


def test_a_thousand_candidates_are_looked_through_at_once():
    texts = [f"{at}栋的住户反映{at % 7}楼水管漏水，物业一直不修，家里都泡了" for at in range(1000)]
    nearest("下水道堵了", texts)

    begun = perf_counter()
    nearest("楼上漏水", texts)

    assert perf_counter() - begun < 0.1  # some 5 ms on an idle machine
