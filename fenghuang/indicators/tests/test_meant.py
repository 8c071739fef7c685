"""The words of reports for spans of time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.indicators import periods
from fenghuang.indicators.meant import period_meant

REPORT = periods.year(2021)


@pytest.mark.parametrize(
    ("words", "start", "as_of"),
    [
        ("", "2021-01-01", "2021-12-31"),
        ("2021年", "2021-01-01", "2021-12-31"),
        ("２０２１年度", "2021-01-01", "2021-12-31"),
        ("二〇二一年", "2021-01-01", "2021-12-31"),
        ("今年", "2021-01-01", "2021-12-31"),
        ("全年", "2021-01-01", "2021-12-31"),
        ("目前", "2021-01-01", "2021-12-31"),
        ("截至目前", "2021-01-01", "2021-12-31"),
        ("截至2021年底", "2021-01-01", "2021-12-31"),
        ("年末", "2021-01-01", "2021-12-31"),
        ("今年以来", "2021-01-01", "2021-12-31"),
        ("2020年", "2020-01-01", "2020-12-31"),
        ("去年", "2020-01-01", "2020-12-31"),
        ("前年", "2019-01-01", "2019-12-31"),
        ("上半年", "2021-01-01", "2021-06-30"),
        ("2020年下半年", "2020-07-01", "2020-12-31"),
        ("第一季度", "2021-01-01", "2021-03-31"),
        ("三季度", "2021-07-01", "2021-09-30"),
        ("前三季度", "2021-01-01", "2021-09-30"),
        ("1—11月", "2021-01-01", "2021-11-30"),
        ("1至11月份", "2021-01-01", "2021-11-30"),
        ("11月", "2021-11-01", "2021-11-30"),
        ("2020年12月", "2020-12-01", "2020-12-31"),
        ("前10个月", "2021-01-01", "2021-10-31"),
        ("截至11月底", "2021-01-01", "2021-11-30"),
        ("截止2021年11月15日", "2021-01-01", "2021-11-15"),
        ("7月1日", "2021-07-01", "2021-07-01"),
        ("2018年以来", "2018-01-01", "2021-12-31"),
        ("自2019年7月以来", "2019-07-01", "2021-12-31"),
        ("近三年", "2019-01-01", "2021-12-31"),
        ("“十四五”期间", "2021-01-01", "2021-12-31"),
        ("“十三五”期间", "2016-01-01", "2020-12-31"),
    ],
)
def test_words_mean_days(words: str, start: str, as_of: str):
    found = period_meant(words, REPORT)

    assert found is not None
    assert (found.start, found.as_of) == (date.fromisoformat(start), date.fromisoformat(as_of))


@pytest.mark.parametrize(
    "words",
    [
        "春节期间",
        "汛期",
        "去年同期",
        "近年来",
        "13月",
        "2月30日",
        "13月以来",
        "2月30日以来",
        "第5季度",
        "活动开展以来",
        "2022年以来",
        "近9999年",
        "近99999999999999999999年",
    ],
)
def test_what_is_unclear_is_not_guessed(words: str):
    assert period_meant(words, REPORT) is None


@given(st.text(max_size=12) | st.text("0123456789年月日上半季度前近截至目底自起以来—", max_size=12))
def test_any_words_give_a_period_or_none(words: str):
    found = period_meant(words, REPORT)

    assert found is None or found.start < found.end
