"""Matching with a handful of indicators; how well it does over all is measured by the catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fenghuang.claims.claim import Change, Kind
from fenghuang.claims.matching import THRESHOLD, Answerable, Kinship, Matcher, kinship, match
from fenghuang.claims.tests.claimed import claimed

SESSIONS = Answerable(
    "MTG.SESSIONS", "屋场贴心会场次", "场次", aliases=("屋场贴心会", "召开屋场贴心会")
)
PROBLEMS = Answerable("MTG.PROBLEMS", "收集问题数", "个", aliases=("急难愁盼问题",))
FOUND = Answerable(
    "SAF.HAZARDS_FOUND", "发现隐患数", "处", aliases=("发现安全隐患", "排查安全隐患")
)
ELIMINATED = Answerable(
    "SAF.HAZARDS_ELIMINATED", "消除隐患数", "处", aliases=("消除安全隐患", "整改安全隐患")
)
INVESTED = Answerable(
    "REN.INVEST_TOTAL", "旧改批复金额", "元", short=("总投资",), context=("老旧小区", "旧改")
)
VISITS = Answerable("VOL.ATTENDANCES", "志愿服务人次", "人次", aliases=("参与志愿者",))
BROUGHT_IN = Answerable(
    "INV.HQ_ENTERPRISES_CUM", "累计引进总部企业数", "家", ("总部经济企业",), Kind.CUMULATIVE
)
ACTIVE = Answerable(
    "INV.HQ_ENTERPRISES_ACTIVE", "存续总部企业数", "家", ("总部经济企业",), Kind.STOCK
)
KNOWN = (SESSIONS, PROBLEMS, FOUND, ELIMINATED, INVESTED, VISITS)


def found(fragment, subject, known=KNOWN, **context):
    return match(claimed(fragment, subject), known, **context).indicator


@pytest.mark.parametrize(
    ("fragment", "subject", "code"),
    [
        ("62场次", "召开“屋场贴心会”", "MTG.SESSIONS"),
        ("62场", "全年累计召开屋场贴心会", "MTG.SESSIONS"),
        ("62次", "屋场贴心会", "MTG.SESSIONS"),
        ("200余个", "居民群众反映的急难愁盼问题", "MTG.PROBLEMS"),
        ("20余处", "消除安全隐患", "SAF.HAZARDS_ELIMINATED"),
        ("20余处", "排查出各类安全隐患", "SAF.HAZARDS_FOUND"),
    ],
)
def test_a_claim_finds_its_indicator_whatever_harmless_words_stand_round_it(
    fragment, subject, code
):
    assert found(fragment, subject) == code


@pytest.mark.parametrize(
    ("fragment", "subject"),
    [
        ("31亿元", "地区生产总值"),
        ("62人次", "屋场贴心会"),  # another type of measure word
        ("200余件", "急难愁盼问题"),  # 件 is not 个
        ("20余处", "安全隐患"),  # found or eliminated?
        ("20余处", "发现并整改安全隐患"),
        ("62场次", "全市召开屋场贴心会"),  # not this street's
        ("20处", "未整改安全隐患"),  # turned round
        ("6个", "屋场贴心会示范点"),  # about something else at the meeting
    ],
)
def test_what_is_not_sure_enough_stays_unmatched(fragment, subject):
    assert found(fragment, subject) is None


def test_unmatched_still_names_the_three_best_candidates():
    unmatched = match(claimed("200余件", "急难愁盼问题"), KNOWN)

    assert unmatched.candidates[0].code == "MTG.PROBLEMS"
    assert len(unmatched.candidates) == 3
    assert unmatched.candidates[0].confidence < THRESHOLD
    assert [one.code for one in unmatched.candidates[0].reasons] == ["same_words", "unit_weak"]


def test_fewer_indicators_give_fewer_candidates_and_none_give_none():
    assert len(match(claimed("62场次", "屋场贴心会"), KNOWN[:2]).candidates) == 2
    assert match(claimed("62场次", "屋场贴心会"), ()).candidates == ()


def test_a_short_word_means_an_indicator_only_in_its_company():
    text = "2021年，申报老旧小区改造项目19个，总投资2.22亿元。签约项目3个，总投资5亿元。"
    near, far = text.index("2.22亿元"), text.index("5亿元")
    matcher = Matcher(KNOWN)

    at_home = matcher.match(claimed("2.22亿元", "总投资", start=near), text=text)
    alone = matcher.match(claimed("5亿元", "总投资", start=far), text=text)

    assert (at_home.indicator, alone.indicator) == ("REN.INVEST_TOTAL", None)
    assert "no_context" in {one.code for one in alone.candidates[0].reasons}


def test_the_heading_above_is_company_too():
    assert found("2.22亿元", "总投资", section="老旧小区改造") == "REN.INVEST_TOTAL"
    assert found("2.22亿元", "总投资", section="招商引资") is None


def test_the_clause_says_what_the_subject_leaves_out():
    text = "检查企业40家，消除安全隐患20余处。"

    claim = claimed("20余处", "安全隐患", start=text.index("20余处"))

    assert match(claim, KNOWN).indicator is None
    assert match(claim, KNOWN, text=text).indicator == "SAF.HAZARDS_ELIMINATED"


def test_the_end_of_a_list_says_what_is_counted():
    text = "开展噪音、停车等急难愁盼问题征集，收到停车、照明等急难愁盼问题30个。"

    claim = claimed("30个", "收到停车、照明等急难愁盼问题", start=text.index("30个"))

    assert match(claim, KNOWN, text=text).indicator == "MTG.PROBLEMS"


def test_two_indicators_that_fit_alike_are_left_to_a_person():
    unsure = match(claimed("449家", "总部经济企业"), (BROUGHT_IN, ACTIVE))

    assert (unsure.indicator, unsure.reasons[0].code) == (None, "same_fit")


def test_the_kind_decides_between_indicators_of_the_same_name():
    claim = claimed("449家", "总部经济企业", kind=Kind.CUMULATIVE)

    assert match(claim, (BROUGHT_IN, ACTIVE)).indicator == "INV.HQ_ENTERPRISES_CUM"


@pytest.mark.parametrize("change", [Change.INCREASE, Change.DECREASE])
def test_a_change_is_no_level(change):
    unmatched = match(claimed("12场次", "屋场贴心会", change=change), KNOWN)

    assert (unmatched.indicator, unmatched.reasons[0].code) == (None, "change")


def test_a_confirmed_wording_is_certain_and_outdoes_every_name():
    learned = replace(PROBLEMS, confirmed=("网格夜谈",))
    rival = replace(FOUND, unit="个", aliases=("网格夜谈",))

    sure = match(claimed("20个", "“网格夜谈”"), (learned, rival))

    assert (sure.indicator, sure.confidence) == ("MTG.PROBLEMS", 1.0)
    assert sure.reasons[0].code == "confirmed"


def test_a_confirmed_wording_still_needs_its_type_of_measure_word():
    learned = replace(VISITS, confirmed=("平安志愿者",))

    assert found("50人次", "平安志愿者", (learned,)) == "VOL.ATTENDANCES"
    assert found("50人", "平安志愿者", (learned,)) is None


def test_a_refused_wording_is_not_even_a_candidate():
    refusing = replace(SESSIONS, refused=("屋场贴心会",))

    unmatched = match(claimed("62场次", "屋场贴心会"), (refusing, *KNOWN[1:]))

    assert unmatched.indicator is None
    assert all(one.confidence < THRESHOLD for one in unmatched.candidates)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("场", "场次", Kinship.SAME),
        ("名", "人", Kinship.SAME),
        ("台", "部", Kinship.SAME),
        ("场次", "次", Kinship.NEAR),
        ("个", "家", Kinship.NEAR),
        ("件", "个", Kinship.WEAK),
        ("项", "个", Kinship.WEAK),
        ("亩", "平方米", Kinship.WEAK),
        ("家", "家次", Kinship.NONE),
        ("人", "人次", Kinship.NONE),
        ("次", "人次", Kinship.NONE),
        ("%", "百分点", Kinship.NONE),
    ],
)
def test_measure_words_are_types(one, other, expected):
    assert (kinship(one, other), kinship(other, one)) == (expected, expected)


def test_an_unknown_measure_word_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no such measure word"):
        kinship("个", "坨")
