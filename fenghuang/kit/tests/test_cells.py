"""What cells say: forgiving in form, strict in meaning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.kit import cells
from fenghuang.kit.cells import CellProblem

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
#: Moments of a workbook have no zone.
in_excel = datetime.fromisoformat
FULL_WIDTH = str.maketrans("0123456789.,-/", "０１２３４５６７８９．，－／")


def problem(read, *args, **settings) -> str:
    with pytest.raises(CellProblem) as caught:
        read(*args, **settings)
    assert caught.value.sentence
    return caught.value.code


@pytest.mark.parametrize(
    "cell",
    [
        "2021.3.5",
        "2021-3-5",
        "2021/03/05",
        "2021年3月5日",
        "2021 年 3 月 5 号",
        "2021。3。5",
        "２０２１．３．５",
        "2021.3.5.",
        "2021-03-05（周五）",
        "2021年3月5日星期五",
        "2021年3月5日 下午3点",
        "2021.3.5 9:00-11:00",
        "20210305",
        20210305,
        "44260",
        44260,
        44260.0,
        44260.75,
        date(2021, 3, 5),
        in_excel("2021-03-05 19:30"),
    ],
)
def test_a_day_is_read_however_it_is_written(cell):
    assert cells.day(cell) == date(2021, 3, 5)


@given(
    DAYS, st.sampled_from(["{0}.{1}.{2}", "{0}-{1:02}-{2:02}", "{0}年{1}月{2}日", "{0}/{1}/{2}"])
)
def test_every_day_is_read_back_in_either_width(day, form):
    written = form.format(day.year, day.month, day.day)

    assert cells.day(written) == day
    assert cells.day(written.translate(FULL_WIDTH)) == day


@given(DAYS)
def test_the_serial_number_of_excel_is_the_day(day):
    serial = (day - date(1899, 12, 30)).days

    assert cells.day(serial) == cells.day(str(serial)) == day


@given(DAYS)
def test_a_day_without_year_takes_that_of_the_ledger(day):
    written = f"{day.month}月{day.day}日"

    assert cells.day(written, year=day.year) == day
    assert problem(cells.day, written) == "year_missing"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2021年3月", "day_missing"),
        ("2021.3", "day_missing"),
        (2021.3, "day_missing"),
        ("3月上旬", "day_missing"),
        ("3月5日-6日", "day"),
        ("2021.3.5-3.8", "day"),
        ("2021.3.15-18", "day"),
        ("21.3.5", "day"),
        ("春节前", "day"),
        (12, "day"),
        (True, "day"),
        ("2021-02-30", "no_such_day"),
        ("20211340", "no_such_day"),
        ("0021-03-05", "year"),
        ("2210-03-05", "year"),
        (date(1, 1, 1), "year"),
    ],
)
def test_what_is_no_single_day_is_not_guessed(cell, code):
    assert problem(cells.day, cell, year=2021) == code


@given(st.text())
def test_any_text_is_a_day_or_a_problem(text):
    try:
        found = cells.day(text, year=2021)
    except CellProblem:
        return

    assert 1900 <= found.year <= 2100


@pytest.mark.parametrize(
    "cell",
    [
        "2021-3-5 19:30",
        "2021-03-05T19:30",
        "2021-03-05 19:30:15",
        "2021年3月5日19：30",
        "2021年3月5日 19时30分",
        "2021年3月5日晚上7点半",
        "2021.3.5（周五） 下午7:30",
        in_excel("2021-03-05 19:30:15"),
    ],
)
def test_a_moment_is_that_of_the_offices_clock(cell):
    assert cells.moment(cell) == datetime(2021, 3, 5, 19, 30, tzinfo=LOCAL_ZONE)


@given(DAYS, st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_every_moment_is_read_back(day, at):
    written = f"{day.year}.{day.month}.{day.day} {at:%H:%M}"

    assert cells.moment(written) == datetime.combine(day, at, tzinfo=LOCAL_ZONE)


def test_a_moment_without_a_time_is_a_day():
    assert cells.moment("2021.3.5") == date(2021, 3, 5)
    assert cells.moment(in_excel("2021-03-05")) == date(2021, 3, 5)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("中午12点", time(12)),
        ("中午1点", time(13)),
        ("中午11点半", time(11, 30)),
        ("上午9点", time(9)),
        ("下午12点半", time(12, 30)),
    ],
)
def test_noon_is_noon(cell, at):
    assert cells.moment(f"2021年3月5日{cell}").time() == at


@pytest.mark.parametrize("cell", ["下午", "晚上12点", "25:00", "9:75", "14:30-16:00"])
def test_an_unclear_hour_is_not_guessed(cell):
    assert problem(cells.moment, f"2021年3月5日{cell}") == "time"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("62", 62),
        (" ６２ ", 62),
        ("62人次", 62),
        ("1,200", 1200),
        ("１，２００ 人次", 1200),
        ("1.2万", 12000),
        ("1.2万人次", 12000),
        ("六十二", 62),
        ("一百零五", 105),
        (62, 62),
        (62.0, 62),
        (0, 0),
    ],
)
def test_a_whole_number_is_read_however_it_is_written(cell, number):
    assert cells.whole(cell, units=["人次"]) == number


@given(st.integers(0, 10**12))
def test_every_whole_number_is_read_back_in_either_width(number):
    assert cells.whole(f"{number:,}".translate(FULL_WIDTH)) == cells.whole(str(number)) == number


@given(
    st.integers(1, 10**6),
    st.sampled_from(["余", "多", "左右", "以上"]),
    st.sampled_from("约近超逾"),
)
def test_a_number_that_is_not_exact_is_never_taken(number, after, before):
    assert problem(cells.whole, f"{number}{after}人次") == "inexact"
    assert problem(cells.whole, f"{before}{number}") == "inexact"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("10-20", "inexact"),
        ("几十", "inexact"),
        ("不到100", "inexact"),
        ("12.5", "whole"),
        (12.5, "whole"),
        (-3, "whole"),
        ("-3", "whole"),
        ("一百五", "number"),
        ("3万5", "number"),
        ("1e5", "number"),
        ("许数", "inexact"),
        ("很少", "number"),
        ("1,20", "number"),
        (True, "number"),
        (float("inf"), "number"),
        (float("nan"), "number"),
        (date(2021, 3, 5), "number"),
    ],
)
def test_what_is_no_whole_number_is_not_guessed(cell, code):
    assert problem(cells.whole, cell) == code


@given(st.text())
def test_any_text_is_a_whole_number_or_a_problem(text):
    try:
        found = cells.whole(text)
    except CellProblem:
        return

    assert found >= 0


def test_persons_are_not_taken_for_attendances():
    assert problem(cells.whole, "62人", units=["人次"]) == "unit"
    assert problem(cells.whole, 62, units=["人次"], header_unit="人") == "unit"
    assert cells.whole("62场", units=["场次"]) == 62


def test_the_unit_of_the_header_holds_for_bare_numbers_only():
    assert cells.number("3.5", units=["元"], header_unit="万元") == Decimal(35000)
    assert cells.number(3.5, units=["元"], header_unit="单位：万元") == Decimal(35000)
    assert cells.number("5万元", units=["元"], header_unit="万元") == Decimal(50000)
    assert cells.number("5万", units=["元"], header_unit="万元") == Decimal(50000)
    assert cells.number("800元", units=["元"], header_unit="万元") == Decimal(800)
    assert cells.number(3.5, units=["元"], header_unit="含税") == Decimal("3.5")


def test_a_number_is_what_excel_shows_of_it():
    assert cells.number(0.1 + 0.2) == Decimal("0.3")


@pytest.mark.parametrize(
    ("cell", "percent"), [("85%", 85), ("８５％", 85), (0.85, 85), (85, 85), ("85", 85), (0, 0)]
)
def test_a_percentage_may_be_a_share(cell, percent):
    assert cells.percentage(cell) == percent


def test_one_may_be_one_or_all_of_a_hundred():
    assert problem(cells.percentage, 1) == "percent_one"
    assert cells.percentage(1, header_unit="%") == 1
    assert cells.percentage("1%") == 1
    assert problem(cells.percentage, "120%") == "percent"


@pytest.mark.parametrize("cell", ["是", "有", "√", "已办结", "Y", True, "１"])
def test_yes_has_many_forms(cell):
    assert cells.yes_or_no(cell) is True


@pytest.mark.parametrize("cell", ["否", "无", "×", "未办结", "N", False, "/"])
def test_no_has_many_forms(cell):
    assert cells.yes_or_no(cell) is False


def test_neither_yes_nor_no():
    assert problem(cells.yes_or_no, "部分") == "yes_or_no"


def test_text_is_kept_as_written_without_what_cannot_be_seen():
    assert cells.text("  凤凰\r\n池\x00\x07\ufeff\t路 ") == "凤凰\n池 路"
    assert cells.text(13700000000.0) == "13700000000"
    assert cells.text(0.5) == "0.5"
    assert cells.text(in_excel("2021-03-05 09:00")) == "2021-03-05 09:00"
    assert cells.text(timedelta(hours=1)) == "1:00:00"


def test_several_values_in_one_cell_are_parted():
    assert cells.several("电站宿舍、老电站\n一号院；，") == ["电站宿舍", "老电站", "一号院"]
