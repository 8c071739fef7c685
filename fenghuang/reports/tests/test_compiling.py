import json
import re
from datetime import date
from itertools import chain

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fenghuang.claims.wording import Style, promise
from fenghuang.indicators.registry import indicators
from fenghuang.kernel.journal import read
from fenghuang.kernel.places.models import Path
from fenghuang.reports import editions, prose
from fenghuang.reports.actions import defined_in, save_chapter
from fenghuang.reports.compiling import compile_report, write_report
from fenghuang.reports.filling import passages, printed_in, read_for

from . import requests_records as made

with_requests = pytest.mark.line("requests")


def chapter(report, code):
    return next(one for one in report.chapters if one.code == code)


def wordings(report, code):
    return {one.code: one.wording for one in printed_in(chapter(report, code).passages)}


@pytest.fixture
def year_of_requests(cast):
    """187 problems of which 125 are resolved, 12 meetings with 20 attendances each."""
    made.hold_meetings(cast, 12)
    made.hold_meetings(cast, 1, on=date(2022, 1, 1))
    made.withdraw(made.hold_meetings(cast, 1, on=date(2021, 9, 1))[0], cast)
    made.raise_problems(cast, 187, resolved=125)
    made.raise_problems(cast, 1, on=date(2020, 12, 31))
    return cast


@with_requests
def test_figures_are_worded_in_the_style_of_their_slot(year_of_requests):
    report = compile_report(year_of_requests.street, 2021)

    of_meetings = {
        code: words
        for code, words in wordings(report, "requests").items()
        if code.startswith("MTG.")
    }
    assert of_meetings == {
        "MTG.SESSIONS": "12场次",
        "MTG.ATTENDANCES": "240人次",
        "MTG.PROBLEMS": "180余个",
        "MTG.PROJECT_ITEMS": "0项",
        "MTG.SMALL_MATTERS_RESOLVED": "0件",
        "MTG.SMALL_MATTERS_ONTIME_RATE": "—",
        "MTG.RESOLVED_RATE": "66.8%",
    }


@with_requests
def test_every_wording_promises_what_the_records_hold(year_of_requests):
    figures = compile_report(year_of_requests.street, 2021).printed

    claimed = [one for one in figures if one.figure.value is not None]

    assert claimed
    assert [one.code for one in claimed if not one.promised.contains(one.figure.value)] == []


def test_every_style_of_every_indicator_is_read_back_as_true(cast):
    slots = [prose.FigureSlot(one.code, style) for one in indicators() for style in Style]
    text = prose.parse("、".join(map(str, slots)))
    period = compile_report(cast.street, 2021).period

    figures = read_for(text, period, cast.street)
    shown = list(printed_in(passages(text, period, cast.street, figures)))

    assert len(shown) == len(slots)
    claims = [(promise(one.wording).interval, one) for one in shown if one.figure.value is not None]
    assert [one.code for interval, one in claims if not interval.contains(one.figure.value)] == []


def test_the_report_of_a_community_counts_what_stood_in_it(cast):
    street = wordings(compile_report(cast.street, 2021), "opening")
    east = wordings(compile_report(cast.east, 2021), "opening")

    assert street == {"PLC.COMMUNITIES": "2个", "PLC.GRIDS": "3个"}
    assert east == {"PLC.COMMUNITIES": "1个", "PLC.GRIDS": "2个"}


def test_names_in_the_text_are_those_of_the_report(cast):
    text = editions.as_text(compile_report(cast.east, 2021))

    assert text.startswith("东园社区2021年工作总结\n\n2021年，东园社区坚持")
    assert "把2022年的工作" in text


def test_a_report_without_lines_says_why_it_is_short(cast):
    report = compile_report(cast.street, 2021, lines=[])

    assert [one.code for one in report.chapters] == ["opening", "outlook"]
    assert editions.as_text(report).endswith(editions.NO_LINES + "\n")


def test_a_figure_that_no_line_defines_any_more_is_printed_as_nothing(cast):
    text = prose.parse('召开{{ figure "GONE.AWAY" }}。')
    period = compile_report(cast.street, 2021).period

    (passage,) = passages(text, period, cast.street, read_for(text, period, cast.street))

    assert [getattr(part, "wording", part) for part in passage.parts] == ["召开", "—", "。"]


@with_requests
def test_the_number_of_queries_does_not_depend_on_the_number_of_records(cast):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            compile_report(cast.street, 2021)
        return len(captured)

    made.hold_meetings(cast, 1)
    made.raise_problems(cast, 1)
    with_one = queries()
    made.hold_meetings(cast, 5, on=date(2021, 6, 1))
    made.raise_problems(cast, 5)

    assert queries() == with_one


# --- editions


def test_the_text_has_each_paragraph_on_a_line_of_its_own(cast):
    save_chapter(
        cast.street,
        2021,
        "opening",
        '## 小标题\n第一段\n仍是第一段。\n\n有{{ figure "PLC.GRIDS" }}网格。',
        actor=cast.office,
        seen=0,
    )

    text = editions.as_text(compile_report(cast.street, 2021, lines=[]))

    assert text.split("\n\n")[:4] == [
        "梧桐街2021年工作总结",
        "小标题",
        "第一段仍是第一段。",
        "有3个网格。",
    ]


@with_requests
def test_a_written_report_leads_from_each_figure_to_its_records(year_of_requests, tmp_path):
    begin = write_report(tmp_path, year_of_requests.street, 2021)

    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'href="(trace/[^"]+)"', html))
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert begin == [tmp_path / "report.txt", tmp_path / "report.html"]
    assert linked <= files
    assert files - linked == {
        "report.txt", "report.html", "figures.json", "checkpoint.txt",
    }  # fmt: skip
    assert "180余个</a>" in html
    assert "<script" not in html


@with_requests
def test_a_trace_page_lists_as_many_records_as_it_counts(year_of_requests, tmp_path):
    write_report(tmp_path, year_of_requests.street, 2021)

    page = (tmp_path / "trace" / "MTG.PROBLEMS.html").read_text(encoding="utf-8")

    assert len(re.findall(r"<tr><td>REQ-2021-\d{5}</td>", page)) == 187
    assert "<td>181 ≤ 187 ≤ 189</td>" in page
    assert "<strong>187</strong>" in page


@with_requests
def test_what_is_published_of_a_record_has_no_words_of_residents(year_of_requests, tmp_path):
    write_report(tmp_path, year_of_requests.street, 2021)

    published = "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "trace").glob("MTG.*")
    )

    masked = ("13900000000", "王阿姨", "凉亭", "周主任", "1栋", "第一网格")
    assert [one for one in ("东园社区", *masked) if one in published] == ["东园社区"]


@with_requests
def test_a_share_shows_numerator_and_denominator(year_of_requests, tmp_path):
    write_report(tmp_path, year_of_requests.street, 2021)

    page = (tmp_path / "trace" / "MTG.RESOLVED_RATE.html").read_text(encoding="utf-8")

    assert "记录 187 条（分母），其中计入分子 125 条" in page
    assert page.count("<td>✓</td>") == 125


def test_a_share_between_two_kinds_of_records_shows_both_sides(cast, tmp_path):
    save_chapter(
        cast.street,
        2021,
        "opening",
        '网格员配备率{{ figure "PLC.GRID_STAFFED_RATE" }}。',
        actor=cast.office,
        seen=0,
    )

    write_report(tmp_path, cast.street, 2021)

    page = (tmp_path / "trace" / "PLC.GRID_STAFFED_RATE.html").read_text(encoding="utf-8")
    assert (tmp_path / "trace" / "PLC.GRIDS.html").exists()
    assert (tmp_path / "trace" / "PLC.GRIDS_STAFFED.html").exists()
    assert re.findall(r"数值 (\d+)，记录 (\d+) 条", page) == [("2", "2"), ("3", "3")]
    assert cast.grid_worker.display_name not in page


@with_requests
def test_the_data_say_of_each_figure_what_stands_behind_it(year_of_requests, tmp_path):
    write_report(tmp_path, year_of_requests.street, 2021)

    found = {one["code"]: one for one in json.loads((tmp_path / "figures.json").read_text("utf-8"))}

    sessions = found["MTG.SESSIONS"]
    numbers = sessions.pop("records")
    assert sessions == {
        "code": "MTG.SESSIONS",
        "name": "屋场贴心会场次",
        "value": 12,
        "unit": "场次",
        "wording": "12场次",
        "period": "2021",
        "place": "梧桐街",
        "definition": next(one for one in indicators() if one.code == "MTG.SESSIONS").version,
        "journal_size": read.size(year_of_requests.street.pk),
    }
    meetings = apps.get_model("requests", "Meeting").objects.standing()
    assert numbers == sorted(
        meetings.filter(happened_on__year=2021).values_list("number", flat=True)
    )
    assert found["MTG.RESOLVED_RATE"]["value"] == "66.8"
    assert found["MTG.SMALL_MATTERS_ONTIME_RATE"]["value"] is None


@with_requests
def test_the_same_books_give_the_same_bytes(year_of_requests, tmp_path):
    def written(name):
        write_report(tmp_path / name, year_of_requests.street, 2021)
        files = (path for path in (tmp_path / name).rglob("*") if path.is_file())
        return {path.relative_to(tmp_path / name): path.read_bytes() for path in files}

    assert written("first") == written("second")


def test_definitions_are_put_on_record_once_for_each_version(cast, tmp_path):
    before = read.size(cast.street.pk)
    write_report(tmp_path, cast.street, 2021, ["txt"])
    after_first = read.size(cast.street.pk)

    write_report(tmp_path, cast.street, 2021, ["txt"])

    report = compile_report(cast.street, 2021)
    assert after_first - before == len(report.figures)
    assert read.size(cast.street.pk) == after_first
    entries = [defined_in(cast.street, one.definition) for one in report.figures.values()]
    assert sorted(entries) == list(range(before, after_first))
    assert read.opening(cast.street.pk, before)["code"] == sorted(report.figures)[0]


def test_figures_follow_the_path_that_was_in_force(cast):
    Path.objects.filter(place=cast.east_first, ancestor=cast.east).update(valid_to=date(2021, 6, 1))

    assert wordings(compile_report(cast.east, 2021), "opening")["PLC.GRIDS"] == "1个"
    assert wordings(compile_report(cast.east, 2020), "opening")["PLC.GRIDS"] == "2个"


def test_a_page_has_no_number_that_no_figure_stands_for(cast):
    """Outside figures a report prints digits only where the text prints the year."""
    report = compile_report(cast.street, 2021)

    plain = [
        part
        for passage in chain(*(one.passages for one in report.chapters))
        for part in passage.parts
        if isinstance(part, str)
    ]

    assert set(re.findall(r"\d+", "".join(plain))) <= {"2021", "2022"}
