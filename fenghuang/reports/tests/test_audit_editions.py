import io
import re
from datetime import date
from html.parser import HTMLParser

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fenghuang.indicators import periods
from fenghuang.reports.audit_editions import LISTED, as_html, as_json, write_workbook
from fenghuang.reports.audit_shown import SIGNS, Row, paragraphs, promised, verdicts
from fenghuang.reports.auditing import audit

from . import requests_records as made

with_requests = pytest.mark.line("requests")

YEAR = periods.year(2021)
HOSTILE = '<script>alert("甲")</script>全街网格31个，<img src=x onerror=alert(1)>全街社区2个。'
MIXED = (
    "一、基本情况\n全街3个网格、31个社区，引进总部经济企业449家。\n"
    "二、其他\n签约项目3个（甲项目、乙项目），前往火星探险12次。\n"
)


def audited(text, place):
    return audit(text, place, YEAR)


class Tags(HTMLParser):
    """The elements of a page with their attributes, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def values(self, name):
        return [attrs[name] for _tag, attrs in self.found if name in attrs]


# --- as data


@with_requests
def test_a_judged_claim_as_data(cast):
    made.hold_meetings(cast, 2, on=date(2021, 1, 4))

    told = as_json(audited("2021年，召开“屋场贴心会”62场次。", cast.street))

    (claim,) = told["claims"]
    assert claim.pop("definition").startswith("1-")
    assert claim.pop("candidates")[0] == "MTG.SESSIONS"
    assert claim.pop("reason")
    assert claim == {
        "text": "62场次",
        "start": 15,
        "end": 19,
        "value": 62,
        "unit": "场次",
        "subject": "召开屋场贴心会",
        "owner": "",
        "approx": "exact",
        "low": 62,
        "high": 62,
        "low_inclusive": True,
        "high_inclusive": True,
        "percent": False,
        "change": None,
        "period": "2021年",
        "kind": "flow",
        "modality": "actual",
        "indicator": "MTG.SESSIONS",
        "confidence": claim["confidence"],
        "actual": 2,
        "records": ["REQ-2021-00001", "REQ-2021-00002"],
        "place": "梧桐街",
        "verdict": "overstated",
    }
    assert 0.9 <= claim["confidence"] <= 1


def test_what_nothing_answers_has_no_figure_in_the_data(cast):
    (claim,) = as_json(audited("前往火星探险12次。", cast.street))["claims"]

    names = ("indicator", "definition", "actual", "records", "place", "verdict")
    assert [claim[one] for one in names] == [None, None, None, [], None, "unmatched"]


def test_the_summary_counts_claims_findings_and_repairs(cast):
    told = as_json(audited(MIXED, cast.street))

    assert (told["place"], told["period"]) == ("梧桐街", "2021")
    assert told["summary"] == {
        "claims": 5,
        "supported": 1,
        "overstated": 1,
        "understated": 0,
        "not_backed": 0,
        "unmatched": 1,
        "coverage_unknown": 2,
        "findings": {"error": 1, "question": 0, "note": 0},
        "repairs": 0,
    }
    assert [one["code"] for one in told["findings"]] == ["list_count_differs"]


def test_offsets_in_the_data_are_those_of_the_text_as_found(cast):
    found = "全街網(wǎng)格31個(gè),全街社區(qū)2個(gè)。"

    told = as_json(audited(found, cast.street))

    assert [found[one["start"] : one["end"]] for one in told["claims"]] == ["31個(gè)", "2個(gè)"]
    assert told["summary"]["repairs"] > 0


@pytest.mark.parametrize("write", [as_json, lambda found: as_html(found, "总结")])
def test_data_and_page_cost_the_same_with_one_claim_and_with_many(cast, write):
    def queries(text):
        found = audited(text, cast.street)
        with CaptureQueriesContext(connection) as captured:
            write(found)
        return len(captured)

    assert queries("全街3个网格。") == queries("全街3个网格。" * 20) == 1


# --- as people read it


def test_the_pieces_of_the_text_are_the_text(cast):
    found = audited(MIXED, cast.street)

    lines = ["".join(piece.text for piece in line) for line in paragraphs(found)]
    rows = [piece.row.judged.number for line in paragraphs(found) for piece in line if piece.row]

    assert lines == MIXED.strip().split("\n")
    assert rows == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", ["", "\n\n", "没有数字。", "31个网格", "\r\n31个网格\r\n"])
def test_pieces_of_short_texts(cast, text):
    found = audited(text, cast.street)

    said = "".join(piece.text for line in paragraphs(found) for piece in line)
    assert said.strip() == text.strip()


def test_every_verdict_has_a_sign_and_a_word_of_its_own(cast):
    shown = verdicts(audited(MIXED, cast.street))

    assert len({one.sign for one in shown}) == len({one.label for one in shown}) == len(SIGNS)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("解决民生小事180余件。", "181 – 189"),
        ("召开会议62场次。", "62"),
        ("召开会议超过62场次。", None),
        ("召开会议不到62场次。", None),
        ("召开会议至少62场次。", None),
        ("召开会议50—60场次。", "50 – 60"),
        ("总投资2.22亿元。", None),
        ("召开会议十几场次。", None),
        ("召开会议上百场次。", None),
        ("满意率98.5%。", None),
    ],
)
def test_what_the_words_allow_is_said_in_numbers(cast, text, allowed):
    (one,) = audited(text, cast.street).judged

    shown = promised(one.claim)

    assert "None" not in shown and re.search(r"\d", shown)
    assert allowed in (None, shown)


# --- as a page


def test_the_page_has_every_claim_with_sign_and_word(cast):
    found = audited(MIXED, cast.street)

    html = as_html(found, "总结")

    tags = Tags(html)
    assert [one for one in tags.values("id") if one.startswith("c") and one != "claims"] == [
        f"c{one.number}" for one in found.judged
    ]
    for one in found.judged:
        row = Row(one)
        assert f">{row.sign} {row.label}</span>" in html
    assert len(tags.values("id")) == len(set(tags.values("id")))


def test_every_link_of_the_page_leads_to_something_on_it(cast):
    tags = Tags(as_html(audited(MIXED, cast.street), "总结"))

    assert [
        one for one in tags.values("href") if one.removeprefix("#") not in tags.values("id")
    ] == []


def test_the_page_needs_nothing_from_elsewhere(cast):
    html = as_html(audited(MIXED, cast.street), "总结")
    tags = Tags(html)

    assert {tag for tag, _attrs in tags.found} & {
        "link",
        "img",
        "iframe",
        "object",
    } == set()
    assert tags.values("src") == []
    assert re.findall(r"url\(|@import|https?:", html) == []
    assert [one for one in tags.values("href") if not one.startswith("#")] == []


def test_markup_in_the_text_and_in_its_name_is_only_text(cast):
    html = as_html(audited(HOSTILE, cast.street), "<b>名</b>")

    tags = {tag for tag, _attrs in Tags(html).found}
    assert tags & {"img", "b"} == set()
    assert html.count("<script") == as_html(audited("没有数字。", cast.street), "名").count(
        "<script"
    )
    assert "&lt;script&gt;alert(" in html
    assert "<title>&lt;b&gt;名&lt;/b&gt;" in html


@with_requests
def test_the_page_lists_the_records_and_says_how_many_there_are(cast):
    made.raise_problems(cast, LISTED + 3, on=date(2021, 1, 4))

    html = as_html(audited("收集急难愁盼问题200余个。", cast.street), "总结")

    assert html.count("<td>REQ-2021-") == LISTED
    assert f"记录 {LISTED + 3} 条，列出前 {LISTED} 条" in html
    assert "王阿姨" not in html and "13900000000" not in html


def test_the_page_is_chinese_whatever_the_reader_speaks(cast):
    from django.utils import translation

    found = audited(MIXED, cast.street)
    with translation.override("en"):
        english = as_html(found, "总结")
    with translation.override("zh-hans"):
        chinese = as_html(found, "总结")

    assert english == chinese


# --- as a workbook


def workbook(found):
    out = io.BytesIO()
    write_workbook(found, out)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def test_the_workbook_has_a_sheet_of_claims_and_one_of_findings(cast):
    book = workbook(audited(MIXED, cast.street))

    claims, findings = (list(one.iter_rows(values_only=True)) for one in book.worksheets)
    assert [one.title for one in book] == ["数据核查", "算术疑点"]
    assert [row[:2] for row in claims[1:]] == [
        (1, "3个"),
        (2, "31个"),
        (3, "449家"),
        (4, "3个"),
        (5, "12次"),
    ]
    assert [row[8] for row in claims[1:3]] == ["PLC.GRIDS", "PLC.COMMUNITIES"]
    assert [(row[0], row[2]) for row in findings[1:]] == [(1, findings[1][2])]
    assert {len(row) for row in claims} == {len(claims[0])}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM", "{=1}", "http://a.b/", "\t=1"])
def test_a_cell_is_text_whatever_it_begins_with(cast, start):
    book = workbook(audited(f"{start}网格31个。", cast.street))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []


def test_a_text_without_claims_makes_a_workbook_with_heads_alone(cast):
    book = workbook(audited("没有数字。", cast.street))

    assert [sheet.max_row for sheet in book] == [1, 1]
