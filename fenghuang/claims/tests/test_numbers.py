from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.claims.numbers import Number, parse, place_value, shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("62", "62"),
        ("0", "0"),
        ("1,200", "1200"),
        ("１，２００．５", "1200.5"),
        ("7740", "7740"),
        ("2.22亿", "222000000"),
        ("120万", "1200000"),
        ("1.5万亿", "1500000000000"),
        ("5百万", "5000000"),
        ("1亿2000万", "120000000"),
        ("3万5千", "35000"),
        ("-3.2", "-3.2"),
        ("两", "2"),
        ("零", "0"),
        ("十", "10"),
        ("十二", "12"),
        ("三十", "30"),
        ("百", "100"),
        ("千", "1000"),
        ("亿", "100000000"),
        ("三百零五", "305"),
        ("两千零一十", "2010"),
        ("一万零三百", "10300"),
        ("十二万", "120000"),
        ("三亿五千万", "350000000"),
        ("一万二千亿", "1200000000000"),
    ],
)
def test_a_number_is_read_with_its_powers_multiplied_out(text, value):
    assert parse(text).value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "万千",
        "一百五",
        "3万5",
        "三四",
        "12,00",
        "1.2.3",
        ".5",
        "三十十",
        "百万万",
        "几十",
        "一百零",
        "十百",
        "--3",
        "XX",
        "1 2",
    ],
)
def test_what_is_not_exactly_one_number_is_an_error(text):
    with pytest.raises(ValueError):
        parse(text)


def test_a_number_knows_the_decimals_and_the_scale_it_shows():
    number = parse("2.20亿")

    assert number == Number(Decimal(220000000), decimals=2, scale="亿")
    assert (number.step, number.digits, str(number)) == (Decimal(1000000), "2.20", "2.20亿")


def test_a_number_in_parts_or_in_chinese_shows_no_scale():
    assert parse("1亿2000万") == Number(Decimal(120000000))
    assert parse("三十万") == Number(Decimal(300000))


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("10", "10"),
        ("70", "10"),
        ("120", "10"),
        ("200", "100"),
        ("1200", "100"),
        ("24", "1"),
        ("222000000", "1000000"),
        ("2.50", "0.1"),
        ("1E+3", "1000"),
        ("-30", "10"),
    ],
)
def test_the_place_value_is_that_of_the_last_digit_that_is_not_zero(number, place):
    assert place_value(Decimal(number)) == Decimal(place)


def test_zero_has_no_place_value():
    with pytest.raises(ValueError, match="zero"):
        place_value(0)


def test_infinity_has_no_place_value():
    with pytest.raises(ValueError, match="finite"):
        place_value(Decimal("Infinity"))


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=4),
    st.sampled_from(["", "千", "万", "亿"]),
)
def test_what_is_shown_at_a_scale_is_read_as_the_same_number(value, scale):
    number = shown(value, scale)

    assert parse(str(number)) == number
    assert number.value == value
