from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.claims import units
from fenghuang.claims.numbers import Number
from fenghuang.claims.wording import (
    Approx,
    Interval,
    Marker,
    Style,
    phrases,
    promise,
    word,
    wordings,
)


def closed(low, high):
    return Interval(Decimal(low), Decimal(high), True, True)


def open_(low, high):
    return Interval(Decimal(low), Decimal(high), False, False)


def rounded(low, high):
    return Interval(Decimal(low), Decimal(high), True, False)


def at_most(high):
    return Interval(None, Decimal(high), False, True)


def at_least(low):
    return Interval(Decimal(low), None, True, False)


@pytest.mark.parametrize(
    ("text", "number", "unit", "marker", "interval"),
    [
        # figures of a street's annual report
        ("62场次", "62", "场次", Marker.NONE, closed(62, 62)),
        ("449家", "449", "家", Marker.NONE, closed(449, 449)),
        ("7740户", "7740", "户", Marker.NONE, closed(7740, 7740)),
        ("2.22亿元", "222000000", "元", Marker.NONE, rounded(221500000, 222500000)),
        ("10余家", "10", "家", Marker.ODD, closed(11, 19)),
        ("20余处", "20", "处", Marker.ODD, closed(21, 29)),
        ("40余场次", "40", "场次", Marker.ODD, closed(41, 49)),
        ("60余场", "60", "场", Marker.ODD, closed(61, 69)),
        ("70余次", "70", "次", Marker.ODD, closed(71, 79)),
        ("180余件", "180", "件", Marker.ODD, closed(181, 189)),
        ("200余个", "200", "个", Marker.ODD, closed(201, 299)),
        ("300余次", "300", "次", Marker.ODD, closed(301, 399)),
        ("120余万元", "1200000", "元", Marker.ODD, open_(1200000, 1300000)),
        ("超过24万平方米", "240000", "平方米", Marker.EXCEEDING, open_(240000, 250000)),
        ("超过1200人次", "1200", "人次", Marker.EXCEEDING, closed(1201, 1299)),
        ("亿元以上", "100000000", "元", Marker.AND_ABOVE, at_least(100000000)),
        # every marker
        ("20多项", "20", "项", Marker.MORE, closed(21, 29)),
        ("超50%", "50", "%", Marker.OVER, open_(50, 60)),
        ("逾1.2万人次", "12000", "人次", Marker.BEYOND, closed(12001, 12999)),
        ("突破3亿元", "300000000", "元", Marker.BREAKING, open_(300000000, 400000000)),
        ("至少5场", "5", "场", Marker.AT_LEAST, at_least(5)),
        ("不少于3次", "3", "次", Marker.NO_FEWER, at_least(3)),
        ("不低于90%", "90", "%", Marker.NO_LOWER, at_least(90)),
        ("近30位", "30", "位", Marker.NEARLY, closed(29, 29)),
        ("近190件", "190", "件", Marker.NEARLY, closed(181, 189)),
        ("将近200人", "200", "人", Marker.ALMOST, closed(190, 199)),
        ("接近1000米", "1000", "米", Marker.APPROACHING, rounded(950, 1000)),
        ("近20%", "20", "%", Marker.NEARLY, rounded(19, 20)),
        ("近1.12亿元", "112000000", "元", Marker.NEARLY, open_(111000000, 112000000)),
        ("不到200人", "200", "人", Marker.UNDER, closed(101, 199)),
        ("不足5公里", "5", "公里", Marker.SHORT_OF, open_(4, 5)),
        ("约300人", "300", "人", Marker.ABOUT, closed(250, 350)),
        ("大约120万元", "1200000", "元", Marker.ROUGHLY, closed(1150000, 1250000)),
        ("80户左右", "80", "户", Marker.OR_SO, closed(75, 85)),
        ("24万平米上下", "240000", "平方米", Marker.MORE_OR_LESS, closed(235000, 245000)),
        # grammar
        ("2亿余元", "200000000", "元", Marker.ODD, open_(200000000, 300000000)),
        ("3万余元", "30000", "元", Marker.ODD, open_(30000, 40000)),
        ("3年多", "3", "年", Marker.MORE, open_(3, 4)),
        ("3个多小时", "3", "小时", Marker.MORE, open_(3, 4)),
        ("2个多百分点", "2", "百分点", Marker.MORE, open_(2, 3)),
        ("12.5个百分点", "12.5", "百分点", Marker.NONE, rounded("12.45", "12.55")),
        ("99.3%", "99.3", "%", Marker.NONE, rounded("99.25", "99.35")),
        ("100%", "100", "%", Marker.NONE, closed(100, 100)),
        ("百分之百", "100", "%", Marker.NONE, closed(100, 100)),
        ("八成", "80", "%", Marker.NONE, Interval(Decimal("79.5"), Decimal("80.5"), True, False)),
        ("三成多", "30", "%", Marker.MORE, open_(30, 40)),
        ("近四分之一", "25", "%", Marker.NEARLY, open_(24, 25)),
        ("不超过5%", "5", "%", Marker.NO_MORE, at_most(5)),
        ("50家以内", "50", "家", Marker.WITHIN, at_most(50)),
        ("上百人", "100", "人", Marker.UPWARDS_OF, at_least(100)),
        ("两番", "2", "番", Marker.NONE, closed(2, 2)),
        ("超过百分之二十", "20", "%", Marker.EXCEEDING, open_(20, 30)),
        ("-3.2%", "-3.2", "%", Marker.NONE, rounded("-3.25", "-3.15")),
        ("2.3万人次", "23000", "人次", Marker.NONE, closed(22500, 23499)),
        ("2.5人", "2.5", "人", Marker.NONE, rounded("2.45", "2.55")),
        ("0起", "0", "起", Marker.NONE, closed(0, 0)),
        # numerals
        ("三十余名", "30", "名", Marker.ODD, closed(31, 39)),
        ("百余个", "100", "个", Marker.ODD, closed(101, 199)),
        ("两面", "2", "面", Marker.NONE, closed(2, 2)),
        ("十几家", "10", "家", Marker.SOME, closed(11, 19)),
        ("十几万元", "100000", "元", Marker.SOME, open_(100000, 200000)),
        ("一百多件", "100", "件", Marker.MORE, closed(101, 199)),
        ("2千米", "2", "公里", Marker.NONE, closed(2, 2)),
        ("20余千米", "20", "公里", Marker.ODD, open_(20, 30)),
        ("１２０ 余万元", "1200000", "元", Marker.ODD, open_(1200000, 1300000)),
        ("1,200㎡", "1200", "平方米", Marker.NONE, closed(1200, 1200)),
        # where custom leaves no whole number, the next one on the promised side
        ("187余件", "187", "件", Marker.ODD, closed(188, 188)),
        ("超过24家", "24", "家", Marker.EXCEEDING, closed(25, 25)),
        ("近10家", "10", "家", Marker.NEARLY, closed(9, 9)),
    ],
)
def test_a_phrase_promises_an_interval(text, number, unit, marker, interval):
    phrase = promise(text)

    assert (phrase.number.value, phrase.unit.code, phrase.marker, phrase.interval) == (
        Decimal(number),
        unit,
        marker,
        interval,
    )


def test_a_phrase_keeps_the_decimals_it_shows():
    assert promise("2.20亿元").number == Number(Decimal(220000000), decimals=2, scale="亿")


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("5万—10万人", closed(50000, 100000)),
        ("5—10万元", closed(50000, 100000)),
        ("500—1万元", closed(500, 10000)),
        ("20-30人", closed(20, 30)),
        ("三至五家", closed(3, 5)),
        ("三至五万元", closed(30000, 50000)),
        ("5万元至10万元", closed(50000, 100000)),
        ("4%—6%", closed(4, 6)),
        ("2.5%～3.5%", rounded("2.45", "3.55")),
    ],
)
def test_a_range_promises_everything_between_its_ends(text, interval):
    phrase = promise(text)

    assert (phrase.number, phrase.marker, phrase.interval) == (None, Marker.TO, interval)


@pytest.mark.parametrize(
    ("text", "markers", "interval"),
    [
        ("约300余人", (Marker.ABOUT, Marker.ODD), closed(250, 399)),
        ("近200多人", (Marker.NEARLY, Marker.MORE), closed(190, 299)),
        ("超过20家以上", (Marker.EXCEEDING, Marker.AND_ABOVE), at_least(20)),
    ],
)
def test_stacked_markers_are_read_generously(text, markers, interval):
    phrase = promise(text)

    assert (phrase.markers, phrase.marker, phrase.interval) == (markers, markers[0], interval)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "—",
        "62",
        "场次",
        "余万元",
        "几家",
        "数百人",
        "六七八个",
        "二百五六个",
        "半",
        "20心",
        "召开62场次",
        "10余家企业",
        "约0件",
        "近-5%",
        "10—5人",
        "5人—10家",
        "一百五人",
        "三分之一",
        "上10人",
    ],
)
def test_what_is_not_a_figure_with_a_measure_word_is_an_error(text):
    with pytest.raises(ValueError):
        promise(text)


def test_phrases_are_found_in_a_running_text_with_their_offsets():
    text = "签约12家，投入120余万元，线上5—9场，东区-3个，附近5个小区，三四个人"

    found = [(text[start:end], phrase.marker) for start, end, phrase in phrases(text)]

    assert found == [
        ("12家", Marker.NONE),
        ("120余万元", Marker.ODD),
        ("5—9场", Marker.TO),
        ("3个", Marker.NONE),
        ("5个", Marker.NONE),
        ("三四个", Marker.TO),
    ]


@pytest.mark.parametrize(
    ("text", "fragment", "low", "high"),
    [
        ("三四个", "三四个", "3", "4"),
        ("约五六十人", "五六十人", "50", "60"),
        ("十五六个", "十五六个", "15", "16"),
        ("两千三四百户", "两千三四百户", "2300", "2400"),
        ("三四百万元", "三四百万元", "3000000", "4000000"),
        ("三五个", "三五个", "3", "5"),
        ("五六十人左右", "五六十人左右", "45", "65"),
        ("七八成", "七八成", "70", "80"),
        ("百分之七八十", "百分之七八十", "70", "80"),
        ("一半", "一半", "49.5", "50.5"),
        ("近一半", "近一半", "47.5", "50"),
        ("不到半数", "不到半数", "40", "50"),
        ("半数以上", "半数以上", "50", None),
        ("过半", "过半", "50", None),
        ("超半数居民", "超半数", "50", None),
    ],
)
def test_digits_side_by_side_and_halves_promise_a_range_and_a_share(text, fragment, low, high):
    ((start, end, phrase),) = phrases(text)

    ends = (phrase.interval.low, phrase.interval.high)
    assert text[start:end] == fragment
    assert [None if end is None else f"{end.normalize():f}" for end in ends] == [low, high]


@pytest.mark.parametrize(
    "text", ["一两个", "二三类疫苗", "十四五项目", "六七八个", "近半年", "通过半年努力", "上半年"]
)
def test_what_only_looks_like_a_range_or_a_half_is_no_phrase(text):
    assert list(phrases(text)) == []


def test_markers_of_one_kind_are_told_by_their_approximation():
    texts = ["62场", "超60场", "至少60场", "近60场", "不到60场", "约60场", "十几场", "5—9场"]

    assert [promise(text).marker.approx for text in texts] == [
        Approx.EXACT,
        Approx.OVER,
        Approx.OVER,
        Approx.NEARLY,
        Approx.NEARLY,
        Approx.ABOUT,
        Approx.RANGE,
        Approx.RANGE,
    ]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (187, "件", ["187件", "180余件", "100余件", "超过180件", "超过100件", "近190件"]),
        (62, "场次", ["62场次", "60余场次", "超过60场次", "约60场次"]),
        (1200000, "元", ["120万元"]),
        (30, "人", ["30人"]),
        (9, "次", ["9次"]),
        (0, "起", ["0起"]),
        (19, "家", ["19家", "10余家", "超过10家", "近20家"]),
        (50000, "人次", ["5万人次"]),
        (Decimal("99.3"), "%", ["99.3%", "超过99%", "超过90%", "约99%"]),
        (Decimal("3.5"), "年", ["3.5年", "3年多", "超过3年", "约3年"]),
        (Decimal("-3.25"), "%", ["-3.25%"]),
        (
            Decimal("12.5"),
            "百分点",
            [
                "12.5个百分点",
                "10余个百分点",
                "超过12个百分点",
                "超过10个百分点",
                "近13个百分点",
                "约12个百分点",
                "约10个百分点",
            ],
        ),
        (
            1234567,
            "元",
            [
                "123.46万元",
                "1234567元",
                "120余万元",
                "100余万元",
                "超过120万元",
                "超过100万元",
                "约120万元",
                "约100万元",
            ],
        ),
        (None, "件", ["—"]),
    ],
)
def test_a_value_has_its_honest_wordings_best_first(value, unit, expected):
    assert wordings(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "style", "expected"),
    [
        (187, "件", "exact", "187件"),
        (187, "件", "over", "180余件"),
        (187, "件", "exceeding", "超过180件"),
        (187, "件", "nearly", "近190件"),
        (1215, "人次", "over", "1200余人次"),
        (1215, "人次", "exceeding", "超过1200人次"),
        (217, "个", "over", "210余个"),
        (303, "人", "about", "约300人"),
        (243500, "㎡", "exceeding", "超过24万平方米"),
        (243500, "㎡", "over", "24万余平方米"),
        (1234567, "元", "over", "120余万元"),
        (34567, "元", "over", "3.4万余元"),
        (30500, "元", "over", "3万余元"),
        (222345678, "元", "over", "2.2亿余元"),
        (Decimal("205000000.5"), "元", "over", "2亿余元"),
        (104500, "人次", "over", "10余万人次"),
        (98000001, "元", "nearly", "近9900万元"),
    ],
)
def test_a_word_is_put_where_grammar_wants_it(value, unit, style, expected):
    assert word(value, unit, style) == expected


@pytest.mark.parametrize(
    ("value", "unit", "style", "expected"),
    [
        (150, "件", "nearly", "150件"),  # 近160 is more than 5 % away
        (200, "个", "over", "200个"),  # 余 excludes the number itself
        (9, "家", "exceeding", "9家"),
        (187, "件", "about", "187件"),  # 约190 would round up
        (Decimal("21.5"), "%", "over", "21.5%"),  # 余 is not said of percentages
        (Decimal("97.2"), "%", "nearly", "近98%"),
        (Decimal("99.6"), "%", "nearly", "99.6%"),  # 100% only if equal
        (Decimal("100.4"), "%", "exceeding", "100.4%"),
        (Decimal("-3.2"), "%", "about", "-3.2%"),
        (None, "%", "over", "—"),
    ],
)
def test_a_word_that_would_not_be_true_gives_way_to_the_exact_one(value, unit, style, expected):
    assert word(value, unit, style) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (222345678, "元", "2.22亿元"),
        (222500000, "元", "2.23亿元"),
        (220000000, "元", "2.2亿元"),
        (3000001, "元", "300.00万元"),
        (3000000, "元", "300万元"),
        (9999, "元", "9999元"),
        (Decimal("12.50"), "元", "12.5元"),
        (243512, "平方米", "24.35万平方米"),
        (12345, "人次", "12345人次"),
        (Decimal("97.9591"), "%", "97.96%"),
        (100, "%", "100%"),
        (0, "%", "0%"),
        (Decimal("0.034"), "%", "0.03%"),
        (Decimal("20.004"), "%", "20.00%"),
        # rounding claims no milestone that was not reached
        (Decimal("29.996"), "%", "29.996%"),
        (Decimal("100.001"), "%", "100.001%"),
        (Decimal("99.996"), "%", "99.996%"),
        (Decimal(99999999) / 1000000, "%", "99.999999%"),
        (Decimal("0.001"), "%", "0.001%"),
        (299960000, "元", "29996万元"),
        (99999999, "元", "99999999元"),
    ],
)
def test_an_exact_figure_is_rounded_only_as_far_as_it_shows(value, unit, expected):
    assert word(value, unit) == expected


def test_a_percentage_is_printed_with_the_stated_decimals():
    value = Decimal(100) * 48 / 49

    assert [word(value, "%", decimals=n) for n in (1, 2, 3)] == ["98.0%", "97.96%", "97.959%"]


@pytest.mark.parametrize(
    ("value", "unit"),
    [(Decimal("2.5"), "人"), (Decimal("NaN"), "元"), (Decimal("Infinity"), "元"), (0.1, "%")],
)
def test_a_value_that_cannot_be_is_an_error(value, unit):
    with pytest.raises(ValueError):
        word(value, unit)


def test_a_figure_without_decimals_cannot_be_asked_to_round():
    with pytest.raises(ValueError, match="without decimals"):
        word(Decimal("97.9"), "%", decimals=0)


def test_an_unknown_style_is_an_error():
    with pytest.raises(ValueError, match="flattering"):
        word(187, "件", "flattering")


COUNTED = [unit.code for unit in units.UNITS if unit.whole]
MEASURED = [unit.code for unit in units.UNITS if not unit.whole]
EDGES = st.builds(
    lambda lead, power, off: lead * 10**power + off,
    st.integers(1, 99),
    st.integers(0, 9),
    st.integers(-2, 2),
)
COUNTS = st.one_of(st.integers(0, 2000), st.integers(0, 10**10), EDGES.filter(lambda n: n >= 0))
FEN = st.one_of(st.integers(-(10**6), 10**13), EDGES)
RATIOS = st.builds(
    lambda part, whole: Decimal(part * 100) / whole, st.integers(0, 10**5), st.integers(1, 10**5)
)
FIGURES = st.one_of(
    st.tuples(COUNTS, st.sampled_from(COUNTED)),
    st.tuples(FEN.map(lambda fen: Decimal(fen) / 100), st.sampled_from(MEASURED)),
    st.tuples(RATIOS, st.just("%")),
)


@given(FIGURES, st.integers(1, 4))
def test_whatever_is_written_is_read_back_as_true(figure, decimals):
    value, unit = figure

    phrases = [promise(text) for text in wordings(value, unit, decimals)]

    assert [phrase.unit.code for phrase in phrases] == [unit] * len(phrases)
    assert [phrase for phrase in phrases if not phrase.interval.contains(value)] == []


@given(FIGURES, st.integers(1, 4), st.sampled_from(Style))
def test_every_style_gives_an_honest_wording(figure, decimals, style):
    value, unit = figure

    text = word(value, unit, style, decimals)

    assert text in wordings(value, unit, decimals)


@given(FIGURES)
def test_a_writer_neither_stacks_markers_nor_says_one_of_its_own_number(figure):
    value, unit = figure

    phrases = [promise(text) for text in wordings(value, unit)]

    assert max(len(phrase.markers) for phrase in phrases) <= 1
    assert [p for p in phrases if p.markers and p.number.value == value] == []


@given(FIGURES)
def test_a_writer_rounds_up_only_with_nearly(figure):
    value, unit = figure

    phrases = [promise(text) for text in wordings(value, unit)]

    assert {p.marker for p in phrases if p.markers and p.number.value > value} <= {Marker.NEARLY}


@given(RATIOS)
def test_only_a_full_rate_is_printed_as_full(value):
    numbers = {promise(text).number.value for text in wordings(value, "%")}

    assert (100 in numbers) == (value == 100)


@given(st.integers(1, 10**9), st.sampled_from(["over", "exceeding", "nearly"]))
def test_a_counted_wording_obeys_the_table_of_intervals(value, style):
    phrase = promise(word(value, "件", style))

    n = int(phrase.number.value)
    digits = str(n)
    u = 10 ** (len(digits) - len(digits.rstrip("0")))
    assert {
        Marker.NONE: value == n,
        Marker.ODD: n < value < n + u and u > 1,
        Marker.EXCEEDING: n < value < n + u,
        Marker.NEARLY: n - u < value < n and Fraction(n - value, n) <= Fraction(1, 20),
    }[phrase.marker]


BOUNDS = st.one_of(st.none(), st.integers(-20, 20).map(lambda n: Decimal(n) / 2))
INTERVALS = st.builds(Interval, BOUNDS, BOUNDS, st.booleans(), st.booleans())


@given(INTERVALS, st.integers(-12, 12))
def test_the_whole_numbers_of_an_interval_are_those_it_contains(interval, value):
    whole = interval.whole()

    assert (whole is not None and whole.contains(value)) == interval.contains(value)


@given(INTERVALS, INTERVALS, st.integers(-24, 24).map(lambda n: Decimal(n) / 2))
def test_a_hull_contains_what_either_contains(one, other, value):
    hull = one.hull(other)

    assert hull.contains(value) or not (one.contains(value) or other.contains(value))
    assert hull == other.hull(one)
