import pytest

from fenghuang.claims.units import SPELLINGS, UNITS, Dimension, unit


def test_each_spelling_belongs_to_one_measure_word():
    spellings = [spelling for each in UNITS for spelling in (each.code, *each.spellings)]

    assert len(spellings) == len(set(spellings)) == len(SPELLINGS)


@pytest.mark.parametrize("spelling", ["平米", "㎡", "m²", "平方米"])
def test_other_spellings_of_square_metres_are_square_metres(spelling):
    assert (unit(spelling).code, unit(spelling).dimension) == ("平方米", Dimension.AREA)


def test_measure_words_that_are_easily_confused_have_different_dimensions():
    words = ["场次", "次", "人次", "人", "户", "栋", "家", "家次", "个", "项", "件", "处", "条"]

    assert len({unit(word).dimension for word in words}) == len(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [("场", "场次"), ("人", "名"), ("名", "位"), ("栋", "幢"), ("台", "部"), ("份", "餐")],
)
def test_words_for_the_same_thing_share_a_dimension_but_stay_apart(one, other):
    assert unit(one).dimension == unit(other).dimension
    assert unit(one) != unit(other)


def test_people_are_whole_and_money_is_not():
    assert (unit("人").whole, unit("元").whole, unit("%").whole) == (True, False, False)


def test_a_rank_an_age_and_a_score_have_dimensions_of_their_own():
    assert (
        len({unit(word).dimension for word in ("名次", "名", "位", "岁", "年", "分", "分钟")}) == 5
    )
    assert unit("周岁") == unit("岁")


def test_percentage_points_are_not_percent():
    assert unit("个百分点") == unit("百分点")
    assert unit("百分点").dimension != unit("%").dimension


@pytest.mark.parametrize("spelling", ["", "心", "万元", "人 次"])
def test_an_unknown_measure_word_is_an_error(spelling):
    with pytest.raises(ValueError, match="no such measure word"):
        unit(spelling)
