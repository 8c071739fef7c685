"""The commands that read report texts, as a machine calls them: JSON, lists and exit codes."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from django.apps import apps

from fenghuang.claims import tests as claims_tests
from fenghuang.cli.main import main

DATA = Path(claims_tests.__file__).parent / "data"
GARBLED, CLEAN = DATA / "phoenix_2021_web.txt", DATA / "phoenix_2021.txt"

with_requests = pytest.mark.line("requests")

FITS, DIFFERS = "签约项目2个（甲项目、乙项目）。", "签约项目3个（甲项目、乙项目）。"
CLAIM = {
    "text",
    "start",
    "end",
    "value",
    "unit",
    "subject",
    "owner",
    "approx",
    "low",
    "high",
    "low_inclusive",
    "high_inclusive",
    "percent",
    "change",
    "period",
    "kind",
    "modality",
}
JUDGED = CLAIM | {
    "indicator",
    "confidence",
    "candidates",
    "definition",
    "actual",
    "records",
    "place",
    "verdict",
    "reason",
}


def run(*words: object):
    return CliRunner().invoke(main, [str(one) for one in words], catch_exceptions=False)


@pytest.fixture
def write(tmp_path):
    """`write("a.txt", text)` a file with that text or those bytes."""

    def written(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def as_docx(text):
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


# --- claims and restore


def test_claims_are_listed_with_their_findings(write):
    answer = run("claims", write("a.txt", DIFFERS), "--json")

    told = json.loads(answer.stdout)
    assert (answer.exit_code, list(told)) == (1, ["claims", "findings"])
    assert [set(one) for one in told["claims"]] == [CLAIM]
    assert [(one["text"], one["value"], one["unit"]) for one in told["claims"]] == [
        ("3个", 3, "个")
    ]
    assert [(one["code"], one["level"]) for one in told["findings"]] == [
        ("list_count_differs", "error")
    ]


@pytest.mark.parametrize(("text", "exit_code"), [(FITS, 0), (DIFFERS, 1), ("没有数字。", 0)])
def test_claims_end_with_1_where_something_does_not_fit(write, text, exit_code):
    assert run("claims", write("a.txt", text)).exit_code == exit_code


def test_claims_are_read_by_people_too(write):
    answer = run("claims", write("a.txt", "2021年，召开“屋场贴心会”62场次。"))

    assert answer.stdout == "62场次\t召开屋场贴心会  2021年\n"
    assert answer.stderr == "1 claims, 0 findings\n"


@pytest.mark.parametrize(
    "text",
    [
        "召开会议62场次。\n解决小事180余件。\n",
        "\n\n　　召开会议62场次。  \n\t解决小事180余件。\n\n",
        "召开会议62场次。 　\n\n\n解决小事180余件。",
    ],
)
def test_offsets_point_into_the_file_as_given(write, text):
    told = json.loads(run("claims", write("a.txt", text), "--json").stdout)

    found = [text[one["start"] : one["end"]] for one in told["claims"]]
    assert found == ["62场次", "180余件"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_offsets_are_characters_whatever_the_encoding_and_line_ends(write, encoding):
    text = "\r\n一、会议\r\n召开会议62场次。\r\n"

    told = json.loads(run("claims", write("a.txt", text.encode(encoding)), "--json").stdout)

    (one,) = told["claims"]
    assert text.replace("\r\n", "\n")[one["start"] : one["end"]] == "62场次"


def test_offsets_in_the_garbled_page_point_to_what_stands_there():
    told = json.loads(run("claims", GARBLED, "--json").stdout)

    given = GARBLED.read_text(encoding="utf-8")
    found = {one["text"]: given[one["start"] : one["end"]] for one in told["claims"]}
    assert (found["62场次"], found["31个"]) == ("62場(chǎng)次", "31個(gè)")


def test_several_files_give_a_list_in_their_order(write):
    files = [
        write("b.txt", DIFFERS),
        write("a.txt", FITS),
        write("c.docx", as_docx("会议62场次。")),
    ]

    answer = run("claims", *files, "--json")

    told = json.loads(answer.stdout)
    assert [[one["text"] for one in each["claims"]] for each in told] == [
        ["3个"],
        ["2个"],
        ["62场次"],
    ]
    assert answer.exit_code == 1


def test_several_files_are_told_apart_for_people(write):
    files = [write("b.txt", FITS), write("a.txt", FITS)]

    heads = [one for one in run("claims", *files).stdout.splitlines() if one.startswith("==")]

    assert heads == [f"== {one}" for one in files]


def test_restore_mends_the_garbled_page():
    answer = run("restore", GARBLED, "--json")

    told = json.loads(answer.stdout)
    given = GARBLED.read_text(encoding="utf-8")
    assert (answer.exit_code, list(told)) == (0, ["text", "repairs"])
    assert "召开“屋场贴心会”62场次" in told["text"]
    assert set(told["repairs"][0]) == {"start", "end", "before", "after", "kind", "certain"}
    assert [
        one for one in told["repairs"] if given[one["start"] : one["end"]] != one["before"]
    ] == []


def test_restore_leaves_a_clean_text_as_it_is(write):
    text = "\n　　召开会议62场次。 \n"

    told = json.loads(run("restore", write("a.txt", text), "--json").stdout)

    assert told == {"text": text, "repairs": []}


def test_restore_says_what_it_does_not_know(write):
    answer = run("restore", GARBLED)

    assert answer.stdout.startswith("2021年")
    assert f"{GARBLED}: " in answer.stderr


def test_restore_gives_a_list_for_several_files(write):
    told = json.loads(run("restore", write("a.txt", "甲。"), GARBLED, "--json").stdout)

    assert (told[0], len(told)) == ({"text": "甲。", "repairs": []}, 2)


UNREADABLE = {
    "damaged.docx": b"PK\x03\x04 no zip",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "picture.png": b"\x89PNG\r\n",
    "bytes.txt": bytes(range(256)),
    "empty.txt": b"",
    "cut.pdf": b"%PDF-1.4 cut",
}


@pytest.mark.parametrize("command", [["claims"], ["restore"], ["audit", "--year", "2021"]])
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_one_clear_line_and_exit_code_2(write, name, command):
    good, bad = write("good.txt", FITS), write(name, UNREADABLE[name])

    answer = run(*command, good, bad)

    said = [line for line in answer.stderr.splitlines() if line.startswith("Error: ")]
    assert (answer.exit_code, answer.stdout, len(said)) == (2, "", 1)
    assert said[0].startswith(f"Error: {bad}: ")
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["claims"],
        ["claims", "no-such-file.txt"],
        ["restore", "."],
        ["audit", str(CLEAN)],
        ["audit", str(CLEAN), "--year", "last"],
        ["audit", str(CLEAN), "--year", "1200"],
    ],
)
def test_wrong_use_ends_with_2(words):
    answer = run(*words)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.count("Error: ") == 1


@pytest.mark.parametrize("command", ["claims", "restore"])
def test_without_a_database_nothing_is_started_and_nothing_is_made(tmp_path, command):
    program = (
        "import sys\n"
        "from fenghuang.cli.main import main\n"
        "try:\n"
        f"    main([{command!r}, {str(GARBLED)!r}, '--json'])\n"
        "finally:\n"
        "    heavy = {'django', 'rich', 'docx', 'pypdf'} & set(sys.modules)\n"
        "    print(sorted(heavy), file=sys.stderr)\n"
    )
    environment = {
        key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"
    }

    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment | {"FENGHUANG_HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert json.loads(done.stdout)
    assert done.stderr.splitlines()[-1] == "[]"
    assert list(tmp_path.iterdir()) == []


# --- audit


@pytest.fixture
def street(cast):
    if apps.is_installed("fenghuang.lines.requests"):
        from fenghuang.lines.requests.tests.factories import MeetingFactory

        MeetingFactory(happened_on=date(2021, 1, 4), place=cast.east)
        MeetingFactory(happened_on=date(2022, 3, 1))
    return cast


AUDIT = ("audit", "--year", "2021", "--place", "990102003000")


@with_requests
def test_an_audit_adds_to_each_claim_what_the_records_say(street, write):
    answer = run(*AUDIT, write("a.txt", "召开“屋场贴心会”62场次。"), "--json")

    told = json.loads(answer.stdout)
    (one,) = told["claims"]
    assert (answer.exit_code, set(one)) == (1, JUDGED)
    assert {"claims", "findings", "summary"} <= set(told)
    assert one.pop("definition").startswith("1-")
    assert [one[key] for key in ("indicator", "actual", "records", "verdict")] == [
        "MTG.SESSIONS",
        1,
        ["REQ-2021-00001"],
        "overstated",
    ]
    assert told["summary"] == {
        "claims": 1,
        "supported": 0,
        "overstated": 1,
        "understated": 0,
        "not_backed": 0,
        "unmatched": 0,
        "coverage_unknown": 0,
        "findings": {"error": 0, "question": 0, "note": 0},
        "repairs": 0,
    }


@pytest.mark.parametrize(
    ("text", "exit_code"),
    [
        ("全街3个网格。", 0),
        ("全街31个网格。", 1),
        ("全街2个网格。", 1),
        ("前往火星探险12次。", 0),
        ("引进总部经济企业449家。", 0),
        (DIFFERS, 1),
        ("没有数字。", 0),
    ],
)
def test_an_audit_ends_with_1_where_something_is_wrong(street, write, text, exit_code):
    assert run(*AUDIT, write("a.txt", text)).exit_code == exit_code


def test_an_audit_of_several_files_is_a_list_in_their_order(street, write):
    files = [write("b.txt", "全街31个网格。"), write("a.txt", "全街3个网格。")]

    answer = run(*AUDIT, *files, "--json")

    told = json.loads(answer.stdout)
    assert [[one["verdict"] for one in each["claims"]] for each in told] == [
        ["overstated"],
        ["supported"],
    ]
    assert answer.exit_code == 1


def test_an_audit_is_read_by_people_too(street, write):
    lines = run(*AUDIT, write("a.txt", "全街31个网格。")).stdout.splitlines()

    assert lines[0].startswith("▲ 31个\t全街网格\t台账为3个")
    assert lines[-1].startswith("数据1个：")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--year", "2021"], "Name one of the streets"),
        (["--year", "2021", "--place", "无"], "There is no place"),
    ],
)
def test_the_place_of_an_audit_must_be_known(street, words, said):
    answer = run("audit", CLEAN, *words)

    assert (answer.exit_code, said in answer.stderr, answer.stdout) == (2, True, "")


def test_an_audit_is_written_as_a_page(street, write, tmp_path):
    page = tmp_path / "new" / "page.html"

    answer = run(*AUDIT, write("总结.txt", "全街31个网格。"), "--html", page)

    html = page.read_text(encoding="utf-8")
    assert (answer.exit_code, "<title>总结 · 数据核查</title>" in html) == (1, True)


def test_several_files_give_a_page_each(street, write, tmp_path):
    files = [write("甲.txt", FITS), write("乙.txt", FITS)]

    run(*AUDIT, *files, "--html", tmp_path / "pages")

    assert sorted(one.name for one in (tmp_path / "pages").iterdir()) == ["乙.html", "甲.html"]


def test_two_files_of_one_name_are_not_written_over_each_other(street, write, tmp_path):
    files = [write("east/总结.txt", FITS), write("west/总结.txt", FITS)]

    answer = run(*AUDIT, *files, "--html", tmp_path / "pages")

    assert (answer.exit_code, "总结" in answer.stderr) == (2, True)
    assert not (tmp_path / "pages").exists()


def test_a_page_that_cannot_be_written_ends_with_2(street, write, tmp_path):
    answer = run(*AUDIT, write("a.txt", FITS), "--html", tmp_path)

    assert (answer.exit_code, "Traceback" in answer.stderr) == (2, False)
    assert str(tmp_path) in answer.stderr


def test_a_community_is_audited_on_its_own(street, write):
    file = write("a.txt", "划分网格2个。")

    answer = run("audit", file, "--year", "2021", "--place", "东园社区", "--json")

    told = json.loads(answer.stdout)
    assert (told["place"], told["claims"][0]["verdict"]) == ("东园社区", "supported")


def test_a_copy_of_the_page_under_another_kind_of_name_is_read_alike(street, tmp_path):
    copy = shutil.copy(GARBLED, tmp_path / "report")

    answers = [json.loads(run("claims", one, "--json").stdout) for one in (GARBLED, copy)]

    assert answers[0] == answers[1]
