"""Verdicts on real records, and what people say of wordings."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fenghuang.claims.finding import Level
from fenghuang.claims.verdicts import Outcome
from fenghuang.claims.wording import Style
from fenghuang.indicators import periods
from fenghuang.indicators.registry import indicators
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.places.actions import add_places
from fenghuang.kernel.places.models import Community
from fenghuang.kernel.refusal import Refused
from fenghuang.reports import editions, prose
from fenghuang.reports.actions import (
    keep_text,
    save_chapter,
    say_meaning,
    withdraw_meaning,
)
from fenghuang.reports.auditing import audit
from fenghuang.reports.compiling import compile_report
from fenghuang.reports.filling import passages, read_for
from fenghuang.reports.models import AuditedText, Correction
from tests.cast import SINCE, SYSTEM

from . import requests_records as made

with_requests = pytest.mark.line("requests")

YEAR = periods.year(2021)
SUPPORTED, OVERSTATED, UNDERSTATED = Outcome.SUPPORTED, Outcome.OVERSTATED, Outcome.UNDERSTATED
NOT_BACKED, UNMATCHED = Outcome.NOT_BACKED, Outcome.UNMATCHED
COVERAGE_UNKNOWN = Outcome.COVERAGE_UNKNOWN


def judged(text, place, period=YEAR):
    return list(audit(text, place, period).judged)


def verdict(text, place, period=YEAR):
    """The verdict on the only claim of a text."""
    (one,) = judged(text, place, period)
    return one.verdict.outcome


def verdicts(text, place, period=YEAR):
    return [one.verdict.outcome for one in judged(text, place, period)]


def reason(text, place):
    (one,) = judged(text, place)
    return one.verdict.outcome, one.verdict.reason.code


@pytest.fixture
def books(cast):
    """Kept since January 2021: 14 meetings, 187 problems of which 125 are resolved."""
    made.hold_meetings(cast, 12, on=date(2021, 1, 4))
    made.hold_meetings(cast, 2, place=cast.west_first, on=date(2021, 9, 1))
    made.hold_meetings(cast, 1, on=date(2022, 1, 1))
    made.withdraw(made.hold_meetings(cast, 1, on=date(2021, 10, 1))[0], cast)
    made.raise_problems(cast, 187, resolved=125, on=date(2021, 1, 4))
    return cast


# --- verdicts


@with_requests
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("召开“屋场贴心会”14场次。", SUPPORTED),
        ("召开“屋场贴心会”10余场次。", SUPPORTED),
        ("召开“屋场贴心会”近15场次。", SUPPORTED),
        ("召开“屋场贴心会”15场次。", OVERSTATED),
        ("召开“屋场贴心会”20余场次。", OVERSTATED),
        ("召开“屋场贴心会”超过14场次。", OVERSTATED),
        ("召开“屋场贴心会”13场次。", UNDERSTATED),
        ("收集急难愁盼问题180余个。", SUPPORTED),
        ("收集急难愁盼问题200余个。", OVERSTATED),
        ("收集急难愁盼问题170余个。", UNDERSTATED),
        ("问题化解率66.8%。", SUPPORTED),
        ("问题化解率67.1%。", OVERSTATED),
        ("问题化解率达到60%以上。", SUPPORTED),
        ("针对急难愁盼问题，列出项目清单36项。", NOT_BACKED),
        ("针对急难愁盼问题，列出项目清单0项。", SUPPORTED),
        ("前往火星探险12次。", UNMATCHED),
    ],
)
def test_a_claim_is_held_against_what_was_counted(books, text, expected):
    assert verdict(text, books.street) == expected


@with_requests
def test_a_verdict_names_the_figure_and_the_records_behind_it(books):
    (one,) = judged("召开“屋场贴心会”62场次。", books.street)

    assert (one.number, one.entry.code, one.found_at) == (1, "MTG.SESSIONS", (9, 13))
    assert (one.figure.value, one.figure.base, one.figure.records.count()) == (14, 14, 14)
    assert (one.is_wrong, one.verdict.reason.code) == (True, "overstated")


def test_what_the_street_has_always_kept_is_judged(cast):
    assert verdicts("全街3个网格、2个社区。", cast.street) == [SUPPORTED, SUPPORTED]
    assert verdict("全街31个网格。", cast.street) == OVERSTATED


def test_a_line_that_is_not_kept_here_accuses_nobody(cast):
    found = judged("引进总部经济企业449家。", cast.street)

    assert [(one.verdict.outcome, one.figure) for one in found] == [(COVERAGE_UNKNOWN, None)]
    assert found[0].verdict.reason.code == "not_kept"


@with_requests
def test_a_line_without_any_record_accuses_nobody(cast):
    assert reason("召开“屋场贴心会”62场次。", cast.street) == (COVERAGE_UNKNOWN, "not_kept")


@with_requests
def test_records_that_begin_later_than_the_period_accuse_nobody(cast):
    made.hold_meetings(cast, 3, on=date(2021, 6, 1))

    assert reason("召开“屋场贴心会”62场次。", cast.street) == (COVERAGE_UNKNOWN, "begins_later")
    assert verdict("6月召开“屋场贴心会”62场次。", cast.street) == OVERSTATED


@with_requests
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上半年召开“屋场贴心会”12场次。", SUPPORTED),
        ("上半年召开“屋场贴心会”14场次。", OVERSTATED),
        ("1—9月，召开“屋场贴心会”14场次。", SUPPORTED),
        ("截至11月底，召开“屋场贴心会”14场次。", SUPPORTED),
        ("下半年召开“屋场贴心会”2场次。", SUPPORTED),
        ("去年召开“屋场贴心会”14场次。", COVERAGE_UNKNOWN),
        ("2022年召开“屋场贴心会”1场次。", SUPPORTED),
        ("2020年召开“屋场贴心会”14场次。", COVERAGE_UNKNOWN),
    ],
)
def test_a_claim_on_another_period_is_judged_on_that(books, text, expected):
    assert verdict(text, books.street) == expected


@with_requests
def test_a_period_that_is_not_clear_is_not_judged(books):
    text = "春节期间召开“屋场贴心会”99场次。"

    assert reason(text, books.street) == (UNMATCHED, "unclear_period")


@with_requests
def test_what_a_community_did_is_judged_on_its_own_records(books):
    text = "东园社区召开“屋场贴心会”12场次，西园社区召开“屋场贴心会”3场次。"

    found = judged(text, books.street)

    assert [(one.figure.place, one.figure.value) for one in found] == [
        (books.east, 12),
        (books.west, 2),
    ]
    assert [one.verdict.outcome for one in found] == [SUPPORTED, OVERSTATED]


@with_requests
def test_the_report_of_a_community_is_judged_on_that_community(books):
    text = "召开“屋场贴心会”2场次。全街召开“屋场贴心会”14场次。"

    found = judged(text, books.west)

    assert [one.figure.place.name for one in found] == ["西园社区", "梧桐街"]
    assert [one.verdict.outcome for one in found] == [SUPPORTED, SUPPORTED]


@with_requests
@pytest.mark.parametrize(
    "text",
    [
        "东园社区、西园社区召开“屋场贴心会”99场次。",
        "东园社区和西园社区共召开“屋场贴心会”99场次。",
        "东园社区等召开“屋场贴心会”99场次。",
    ],
)
def test_what_several_communities_did_together_is_not_judged_on_one_of_them(books, text):
    assert reason(text, books.street) == (UNMATCHED, "several_places")


@with_requests
@pytest.mark.parametrize(
    "grid", ["东园社区第一网格", "东园第一网格", "东园社区第1网格：", "东园1号网格", "西园第一网格"]
)
def test_a_grid_is_known_however_its_number_is_written(books, grid):
    (one,) = judged(f"{grid}召开“屋场贴心会”0场次。", books.street)

    place = books.west_first if "西" in grid else books.east_first
    assert (one.figure.place.pk, one.figure.value) == (place.pk, figure_of(place))


def figure_of(place):
    from fenghuang.indicators.figures import figure
    from fenghuang.indicators.registry import indicator

    return figure(indicator("MTG.SESSIONS"), YEAR, place).value


@with_requests
def test_a_claim_without_a_place_is_about_that_of_its_sentence(books):
    text = "西园社区召开“屋场贴心会”2场次，召开“屋场贴心会”14场次。召开“屋场贴心会”14场次。"

    found = judged(text, books.street)

    assert [one.figure.place.name for one in found] == ["西园社区", "西园社区", "梧桐街"]
    assert [one.verdict.outcome for one in found] == [SUPPORTED, OVERSTATED, SUPPORTED]


@with_requests
def test_the_whole_street_ends_the_place_of_the_sentence(books):
    text = "西园社区召开“屋场贴心会”2场次，全街召开“屋场贴心会”14场次。"

    assert [one.verdict.outcome for one in judged(text, books.street)] == [SUPPORTED, SUPPORTED]


@with_requests
def test_a_list_of_places_that_is_not_understood_accuses_nobody(books):
    assert verdict("东园、西园社区共召开“屋场贴心会”99场次。", books.street) == UNMATCHED


@with_requests
def test_the_name_of_the_street_changes_nothing(books):
    assert verdict("梧桐街召开“屋场贴心会”14场次。", books.street) == SUPPORTED


@with_requests
def test_a_community_whose_name_holds_that_of_another_is_taken_for_itself(books):
    short = Community(name="园社区", valid_from=SINCE)
    add_places(books.street, [short], {short.id: [books.street]}, by=SYSTEM)

    (one,) = judged("东园社区召开“屋场贴心会”12场次。", books.street)

    assert (one.figure.place, one.verdict.outcome) == (books.east, SUPPORTED)


@with_requests
@pytest.mark.parametrize("whose", ["全区", "全市", "全国"])
def test_what_lies_beyond_the_street_is_not_judged(books, whose):
    (one,) = judged(f"{whose}召开“屋场贴心会”900场次。", books.street)

    assert one.verdict.outcome == UNMATCHED


@pytest.mark.parametrize(("words", "is_wider"), [("全区网格", True), ("安全区域网格", False)])
def test_a_word_that_only_looks_like_the_whole_district_is_none(cast, words, is_wider):
    say_meaning(cast.street, words, "PLC.GRIDS", is_meant=True, actor=cast.office)

    (one,) = judged(f"{words}3个。", cast.street)

    assert one.match.indicator == "PLC.GRIDS"
    assert one.verdict.outcome == (UNMATCHED if is_wider else SUPPORTED)


@with_requests
@pytest.mark.parametrize(
    "text",
    [
        "预计召开“屋场贴心会”99场次。",
        "力争召开“屋场贴心会”99场次。",
        "“屋场贴心会”场次增长12%。",
    ],
)
def test_targets_forecasts_and_changes_are_not_judged(books, text):
    assert verdict(text, books.street) == UNMATCHED


def test_a_text_without_a_claim_has_nothing_to_judge(cast):
    found = audit("凤凰街坚持以人民为中心。", cast.street, YEAR)

    assert (found.judged, found.findings, found.finds_fault) == ((), (), False)
    assert set(found.outcomes.values()) == {0}


def test_sums_name_every_verdict_and_every_level(cast):
    found = audit("全街3个网格、31个社区。", cast.street, YEAR)

    assert found.outcomes == dict.fromkeys(Outcome, 0) | {SUPPORTED: 1, OVERSTATED: 1}
    assert list(found.levels) == list(Level)
    assert found.finds_fault


def test_a_finding_inside_the_text_is_a_fault_even_where_no_record_speaks(cast):
    text = "签约项目3个（甲项目、乙项目），其中工业项目2个、农业项目2个。"
    found = audit(text, cast.street, YEAR)

    assert not any(one.is_wrong for one in found.judged)
    assert found.finds_fault == any(one.level is not Level.NOTE for one in found.findings)
    assert found.finds_fault
    assert all(found.claims_of(one) for one in found.findings)


@with_requests
def test_a_garbled_text_is_judged_like_the_clean_one(books):
    clean = "召开“屋场贴心会”14场次，收集急难愁盼问题200余个。"
    garbled = "召開(kāi)“屋場(chǎng)貼心會(huì)”14場(chǎng)次,收集急難愁盼問(wèn)題200余個(gè)。"

    assert verdicts(garbled, books.street) == verdicts(clean, books.street)
    assert verdicts(clean, books.street) == [SUPPORTED, OVERSTATED]


@with_requests
def test_progress_is_told_step_by_step(books):
    told = []

    audit("3个网格，2个社区。", books.street, YEAR, lambda *step: told.append(step))

    assert [one for one in told if one[0] == "match"] == [("match", 1, 2), ("match", 2, 2)]


@with_requests
def test_the_number_of_queries_grows_neither_with_claims_nor_with_records(cast):
    def queries(text):
        with CaptureQueriesContext(connection) as captured:
            audit(text, cast.street, YEAR)
        return len(captured)

    text = "召开“屋场贴心会”62场次。"
    made.hold_meetings(cast, 1)
    queries(text)  # what is remembered between requests is
    with_one = queries(text)
    made.hold_meetings(cast, 5, on=date(2021, 6, 1))

    assert queries(text * 20) == with_one


# --- what people say of wordings

WORDS = "东园社区凉亭夜话12场次。凉亭夜话14场次。"
WORDING = "凉亭夜话"


@with_requests
def test_a_wording_that_a_person_explained_is_understood_in_every_text(books):
    before = verdicts(WORDS, books.street)

    say_meaning(books.street, WORDING, "MTG.SESSIONS", is_meant=True, actor=books.office)

    found = judged(WORDS, books.street)
    assert before == [UNMATCHED, UNMATCHED]
    assert [(one.verdict.outcome, one.match.confidence) for one in found] == [(SUPPORTED, 1.0)] * 2
    assert {one.wording for one in found} == {WORDING}


@with_requests
def test_what_was_said_in_one_street_holds_there_alone(books):
    say_meaning(books.street, WORDING, "MTG.SESSIONS", is_meant=True, actor=books.office)

    assert verdicts(WORDS, books.other_street) == [UNMATCHED, UNMATCHED]


@with_requests
def test_a_match_that_a_person_refused_is_not_made_again(books):
    text = "召开“屋场贴心会”99场次。"
    say_meaning(books.street, "召开屋场贴心会", "MTG.SESSIONS", is_meant=False, actor=books.office)

    (one,) = judged(text, books.street)

    assert (one.match.indicator, one.verdict.outcome) == (None, UNMATCHED)


def test_a_wording_means_one_indicator_at_most(cast):
    first = say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.office)
    say_meaning(cast.street, "点位", "PLC.COMMUNITIES", is_meant=True, actor=cast.statistician)

    first.refresh_from_db()
    (standing,) = Correction.objects.filter(voided_at=None)
    assert first.voided_at is not None
    assert (standing.indicator, standing.said_by) == ("PLC.COMMUNITIES", cast.statistician)
    assert verdict("点位2个。", cast.street) == SUPPORTED


def test_several_indicators_can_be_refused_for_one_wording(cast):
    for code in ("PLC.GRIDS", "PLC.COMMUNITIES"):
        say_meaning(cast.street, "点位", code, is_meant=False, actor=cast.office)

    assert Correction.objects.filter(voided_at=None, is_meant=False).count() == 2


def test_said_anew_it_replaces_what_was_said(cast):
    for is_meant in (True, False, True):
        said = say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=is_meant, actor=cast.office)

    assert list(Correction.objects.values_list("pk", "is_meant")) == [(said.pk, True)]
    assert check(cast.street.pk) == []


def test_what_was_withdrawn_no_longer_holds_and_can_be_said_again(cast):
    said = say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.office)

    withdraw_meaning(said, actor=cast.statistician)
    between = verdict("点位3个。", cast.street)
    say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.office)

    assert (between, verdict("点位3个。", cast.street)) == (UNMATCHED, SUPPORTED)
    assert check(cast.street.pk) == []


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("office", True),
        ("statistician", True),
        ("department", True),
        ("leader", False),
        ("auditor", False),
        ("secretary", False),
        ("administrator", False),
    ],
)
def test_those_who_write_the_report_say_what_wordings_mean(cast, name, may):
    try:
        say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.staff[name])
    except Refused as refused:
        assert refused.code == "role"

    assert Correction.objects.exists() == may


def test_the_same_people_withdraw_what_was_said(cast):
    said = say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.office)

    with pytest.raises(Refused) as refused:
        withdraw_meaning(said, actor=cast.leader)

    assert refused.value.code == "role"
    assert Correction.objects.get().voided_at is None


def test_those_of_another_street_say_nothing_here(cast):
    with pytest.raises(Refused):
        say_meaning(cast.other_street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.office)


@pytest.mark.parametrize(
    ("wording", "code", "refusal"),
    [
        ("", "PLC.GRIDS", "no_wording"),
        ("点位", "NO.SUCH", "no_indicator"),
        ("点" * 121, "PLC.GRIDS", "no_wording"),
    ],
)
def test_what_cannot_be_remembered_is_refused(cast, wording, code, refusal):
    with pytest.raises(Refused) as refused:
        say_meaning(cast.street, wording, code, is_meant=True, actor=cast.office)

    assert refused.value.code == refusal
    assert not Correction.objects.exists()


# --- texts


def test_texts_go_after_thirty_days(cast, monkeypatch):
    old = keep_text(cast.street, 2021, "旧。", name="", actor=cast.leader)
    AuditedText.objects.filter(pk=old.pk).update(kept_at="2021-01-01T00:00:00Z")

    new = keep_text(cast.street, 2021, "新。", name="甲" * 300, actor=cast.leader)

    assert [(one.pk, len(one.name)) for one in AuditedText.objects.all()] == [(new.pk, 255)]


# --- what compile writes, audit reads back


def faults_of(text, place):
    """All that audit would hold against our own text."""
    found = audit(text, place, YEAR)
    wrong = [
        (one.claim.text, one.claim.subject, str(one.verdict.outcome), one.verdict.reason.sentence)
        for one in found.judged
        if one.verdict.outcome is not SUPPORTED
    ]
    doubts = [one.sentence for one in found.findings if one.level is not Level.NOTE]
    return wrong, doubts


@with_requests
@pytest.mark.parametrize(
    ("meetings", "problems", "resolved"),
    [(1, 1, 0), (1, 1, 1), (2, 3, 1), (9, 10, 10), (10, 11, 5), (12, 99, 33), (21, 101, 100)],
)
def test_what_compile_writes_is_supported_in_every_figure(cast, meetings, problems, resolved):
    made.hold_meetings(cast, meetings, attendances=17, on=date(2021, 1, 4))
    made.raise_problems(cast, problems, resolved=resolved, on=date(2021, 1, 5))
    text = editions.as_text(compile_report(cast.street, 2021))

    found = audit(text, cast.street, YEAR)

    assert faults_of(text, cast.street) == ([], [])
    assert {"MTG.SESSIONS", "MTG.ATTENDANCES", "MTG.PROBLEMS", "MTG.RESOLVED_RATE"} <= {
        one.match.indicator for one in found.judged
    }


@with_requests
@pytest.mark.parametrize("name", ["east", "west"])
def test_the_report_of_a_community_is_supported_too(books, name):
    place = getattr(books, name)

    assert faults_of(editions.as_text(compile_report(place, 2021)), place) == ([], [])


def test_a_report_without_a_record_is_supported(cast):
    text = editions.as_text(compile_report(cast.street, 2021, lines=[]))

    assert faults_of(text, cast.street) == ([], [])


@pytest.mark.parametrize("style", Style)
def test_every_style_of_every_indicator_is_supported_beside_its_own_name(cast, style):
    if made.is_on():
        made.hold_meetings(cast, 13, on=date(2021, 1, 4))
        made.raise_problems(cast, 27, resolved=9, on=date(2021, 1, 4))
    slots = "。".join(f"{one.zh}{prose.FigureSlot(one.code, style)}" for one in indicators())
    text = prose.parse(slots + "。")
    shown = passages(text, YEAR, cast.street, read_for(text, YEAR, cast.street))

    printed = "".join(str(getattr(part, "wording", part)) for one in shown for part in one.parts)

    found = audit(printed, cast.street, YEAR)
    matched = [one for one in found.judged if one.match.indicator]
    assert len(matched) > len(found.judged) // 4
    assert [one.claim.text for one in matched if one.verdict.outcome is not SUPPORTED] == []
    assert [one.sentence for one in found.findings if one.level is not Level.NOTE] == []


@with_requests
def test_a_chapter_that_the_office_edited_is_supported(books):
    written = (
        '今年来，全街累计召开“屋场贴心会”{{ figure "MTG.SESSIONS" style="over" }}，'
        '其中收集急难愁盼问题{{ figure "MTG.PROBLEMS" style="nearly" }}，'
        '问题化解率达到{{ figure "MTG.RESOLVED_RATE" style="exceeding" }}。'
    )
    save_chapter(books.street, 2021, "requests", written, actor=books.office, seen=0)

    text = editions.as_text(compile_report(books.street, 2021))

    assert faults_of(text, books.street) == ([], [])


@with_requests
def test_the_actual_value_of_a_share_is_the_rounded_one(books):
    (one,) = judged("问题化解率66.84%。", books.street)

    assert (one.figure.value, one.verdict.outcome) == (Decimal("66.8"), SUPPORTED)
