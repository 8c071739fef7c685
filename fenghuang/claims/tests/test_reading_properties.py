"""What holds for the reading of every text."""

import time
from decimal import Decimal
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fenghuang.claims import units
from fenghuang.claims.reading import claims
from fenghuang.claims.units import Dimension
from fenghuang.claims.wording import wordings

REPORT = (Path(__file__).parent / "data" / "phoenix_2021.txt").read_text(encoding="utf-8")

# A span of time, a mean age, a count by one: words that make a bare number of them a claim.
SUBJECTS = {
    Dimension.DURATION: "连续服务时长累计",
    Dimension.AGE: "志愿者平均年龄",
    Dimension.RANK: "考核得到",
}
COUNTED = [unit.code for unit in units.UNITS if unit.whole]
MEASURED = [unit.code for unit in units.UNITS if not unit.whole]
FIGURES = st.one_of(
    st.tuples(st.one_of(st.integers(0, 3000), st.integers(0, 10**9)), st.sampled_from(COUNTED)),
    st.tuples(
        st.integers(-(10**6), 10**11).map(lambda fen: Decimal(fen) / 100),
        st.sampled_from(MEASURED),
    ),
)


@settings(deadline=None)
@given(FIGURES, st.sampled_from(["", "全年", "2021年，", "（一）", "召开“屋场贴心会”，"]))
def test_every_wording_a_writer_may_print_is_read_back_as_one_true_claim(figure, opening):
    value, code = figure
    subject = SUBJECTS.get(units.unit(code).dimension, "便民服务事项办结")
    # 2021年 is a year, and nobody is younger than nothing
    assume(not (code == "年" and value >= 1000) and not (code == "岁" and value < 0))

    for wording in wordings(value, code):
        text = f"{opening}{subject}{wording}。"
        found = claims(text)

        assert [(claim.text, claim.unit.code) for claim in found] == [(wording, code)], text
        assert found[0].interval.contains(value), text
        assert found[0].subject, text


def check(text):
    found = claims(text)
    assert [text[claim.start : claim.end] for claim in found] == [claim.text for claim in found]
    starts = [claim.start for claim in found]
    assert starts == sorted(starts)
    ends = [0, *(claim.end for claim in found)]
    assert all(end <= start for end, start in zip(ends, starts, strict=False))


@given(st.text(max_size=300))
def test_no_text_whatever_is_too_strange_to_read(text):
    check(text)


SIGNS = "0123456789０５，。、；：,.（）()“”《》—-~%％|｜\t\n\r \u3000"
WORDS = (
    "余 多 近 超 约 第 前 由 从 到 至 百 千 万 亿 一 二 两 三 十 几 个 家 次 人 元 项 月 日 年"
    " 万元 人次"
    " 个百分点 增长 其中 分别 分别为 2021年 截至目前 ×× （个） 以上"
)
PIECES = st.sampled_from([*SIGNS, *WORDS.split(), "\r\n"])


@given(st.lists(PIECES, max_size=80).map("".join))
def test_no_jumble_of_figures_is_too_strange_to_read(text):
    check(text)


@given(st.integers(0, len(REPORT)), st.integers(0, len(REPORT)))
def test_a_report_torn_out_anywhere_is_still_read_exactly(one, other):
    check(REPORT[min(one, other) : max(one, other)])


@given(st.integers(0, len(REPORT) - 1), st.sampled_from(["\n", " ", "\u3000", "\t"]))
def test_offsets_hold_wherever_a_blank_is_slipped_in(place, blank):
    check(REPORT[:place] + blank + REPORT[place:])


def seconds(text):
    begun = time.perf_counter()
    claims(text)
    return time.perf_counter() - begun


def test_reading_takes_time_in_proportion_to_the_text():
    seconds(REPORT)  # compiles what is compiled once
    once = min(seconds(REPORT * 4) for _ in range(3))

    assert seconds(REPORT * 40) < 25 * once


def test_hostile_texts_take_no_longer():
    longest = 40_000
    texts = [
        "1" * longest,
        "第" * longest,
        "一二三四五六七八九十" * (longest // 10),
        "分别1、" * (longest // 4),
        "万亿" * (longest // 2),
        "1\t2\n" * (longest // 4),
        "a\tb\n" * (longest // 4),
        "近" * longest,
        "（" * longest,
        "“" * longest,
        "、3个" * (longest // 3),
        "每" * longest,
        "由1增" * (longest // 3),
        "占3%" * (longest // 3),
        "日均3个" * (longest // 4),
        "A、" * (longest // 2) + "等3个",
        "2021年" * (longest // 5),
        "3个（" * (longest // 3),
    ]

    assert [text[:6] for text in texts if seconds(text) > 8] == []
