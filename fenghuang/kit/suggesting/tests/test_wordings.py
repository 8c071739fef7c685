"""Texts taken apart: every part stands where it is said to stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kit.suggesting.wordings import fragments, phrases, plain, words


@given(st.text(max_size=40))
def test_the_plain_text_is_as_long_as_the_text(text):
    assert len(plain(text)) == len(text)


@given(st.text("路灯坏了，。ab １２\n", max_size=30))
def test_every_part_stands_where_it_is_said_to_stand(text):
    plain_text = plain(text)

    for part in [*fragments(plain_text), *words(plain_text)]:
        assert plain_text[part.start : part.end] == part.what


def test_script_width_case_and_digits_are_made_one():
    assert plain("Ａ區12號樓ＫＴＶ") == "a区00号楼ktv"


def test_pairs_of_words_do_not_reach_across_a_mark():
    found = [part.what for part in phrases(words("路灯坏。电梯"))]

    assert found == ["路灯", "坏", "电梯", "路灯 坏"]
