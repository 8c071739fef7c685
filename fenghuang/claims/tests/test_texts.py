from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.claims.finding import Level
from fenghuang.claims.texts import claim_as_json, plain_number, understand

DATA = Path(__file__).parent / "data"
GARBLED = (DATA / "phoenix_2021_web.txt").read_text(encoding="utf-8")
CLEAN = (DATA / "phoenix_2021.txt").read_text(encoding="utf-8")

SECTIONS = """凤凰街2021年工作总结
坚持以人民为中心，辖31个网格。
一、民情工作
召开“屋场贴心会”62场次。
（一）解决小事
解决民生小事180余件。

二、平安建设
消除安全隐患20余处。
"""


def found_at(read):
    return {
        one.text: read.found[slice(*read.found_span(one.start, one.end))] for one in read.claims
    }


def test_offsets_of_a_garbled_text_lead_to_the_place_in_the_text_as_found():
    found = found_at(understand(GARBLED))

    wanted = {
        "62场次": "62場(chǎng)次",
        "200余个": "200余個(gè)",
        "2.22亿元": "2.22億元",
        "超过24万平方米": "超過(guò)24萬(wàn)平方米",
        "347名": "347名",
        "31个": "31個(gè)",
    }
    assert {text: found[text] for text in wanted} == wanted


def test_every_claim_of_a_garbled_text_stands_where_it_is_said_to_stand():
    read = understand(GARBLED)
    spans = [read.found_span(one.start, one.end) for one in read.claims]

    digits = [
        ("".join(filter(str.isdigit, one.text)), "".join(filter(str.isdigit, GARBLED[start:end])))
        for one, (start, end) in zip(read.claims, spans, strict=True)
    ]
    assert [pair for pair in digits if pair[0] != pair[1]] == []
    assert spans == sorted(spans)


def test_the_clean_and_the_garbled_copy_claim_the_same():
    clean, garbled = understand(CLEAN), understand(GARBLED)

    assert [one.text for one in garbled.claims] == [one.text for one in clean.claims]


def test_offsets_of_a_clean_text_are_its_own():
    read = understand(CLEAN)

    assert read.restored.repairs == ()
    assert [read.found_span(one.start, one.end) for one in read.claims] == [
        (one.start, one.end) for one in read.claims
    ]
    assert all(CLEAN[one.start : one.end] == one.text for one in read.claims)


def test_findings_have_their_offsets_in_the_text_as_found_too():
    found = "簽約項(xiàng)目3個(gè)(甲項(xiàng)目、乙項(xiàng)目)。"

    (told,) = understand(found).as_json()["findings"]

    places = [found[one["start"] : one["end"]] for one in told["fragments"]]
    assert told["code"] == "list_count_differs"
    assert places[0] == "3個(gè)"


def test_the_heading_above_a_claim_is_the_nearest_one():
    read = understand(SECTIONS)

    assert [(one.text, read.heading_above(one.start)) for one in read.claims] == [
        ("31个", "凤凰街2021年工作总结"),
        ("62场次", "一、民情工作"),
        ("180余件", "（一）解决小事"),
        ("20余处", "二、平安建设"),
    ]


def test_above_the_first_heading_and_in_a_text_without_any_there_is_none():
    assert understand(SECTIONS).heading_above(0) == ""
    assert understand("召开会议62场次。").heading_above(5) == ""


def test_line_ends_of_windows_change_neither_claims_nor_headings():
    plain, windows = understand(SECTIONS), understand(SECTIONS.replace("\n", "\r\n"))

    def said(read):
        return [(one.text, one.subject, read.heading_above(one.start)) for one in read.claims]

    assert said(windows) == said(plain)


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("召开会议62场次。", False),
        ("签约项目3个（甲项目、乙项目）。", True),
        ("签约项目2个（甲项目、乙项目）。", False),
    ],
)
def test_only_errors_and_questions_leave_doubts(text, doubts):
    read = understand(text)

    assert read.has_doubts == doubts
    assert read.has_doubts == any(one.level is not Level.NOTE for one in read.findings)


def test_a_claim_as_plain_values_has_every_field():
    read = understand("截至目前，投入120余万元，稳步推进智能安防小区建设。")
    (claim,) = read.claims

    assert claim_as_json(claim, (7, 14)) == {
        "text": "120余万元",
        "start": 7,
        "end": 14,
        "value": 1200000,
        "unit": "元",
        "subject": claim.subject,
        "owner": claim.owner,
        "approx": "over",
        "low": plain_number(claim.interval.low),
        "high": plain_number(claim.interval.high),
        "low_inclusive": claim.interval.low_inclusive,
        "high_inclusive": claim.interval.high_inclusive,
        "percent": False,
        "change": None,
        "period": "截至目前",
        "kind": str(claim.kind),
        "modality": "actual",
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (62, 62),
        (Decimal("62.0"), 62),
        (Decimal("2.2E+8"), 220000000),
        (Decimal("28.69"), 28.69),
    ],
)
def test_whole_numbers_are_whole(value, shown):
    assert (plain_number(value), type(plain_number(value))) == (shown, type(shown))


def test_progress_is_told_from_beginning_to_end():
    told = []

    understand("62场次。", lambda done, total: told.append((done, total)))

    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


@given(
    st.text(
        alphabet="召开会议屋場(chǎng)贴心会62万亿%余近，。（）、\r\n \u3000一二?;\x00\ud7ff😀",
        max_size=60,
    )
)
def test_any_text_is_understood_and_every_offset_lies_in_it(text):
    read = understand(text)

    spans = [read.found_span(one.start, one.end) for one in read.claims]
    fragments = [part for one in read.as_json()["findings"] for part in one["fragments"]]
    spans += [(one["start"], one["end"]) for one in fragments]
    assert [span for span in spans if not 0 <= span[0] <= span[1] <= len(text)] == []
    assert all(isinstance(read.heading_above(one.start), str) for one in read.claims)
