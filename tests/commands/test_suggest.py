"""Learning labels from a sheet by command: what it prints, what it leaves out, what it refuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import openpyxl
import pytest
from click.testing import CliRunner

from fenghuang.cli.main import main
from fenghuang.kit.suggesting.suggester import Suggester
from fenghuang.kit.suggesting.tests.corpus import messages

HEADER = ["序号", "留言详情", "一级标签", "日期"]
COLUMNS = ["--text", "留言详情", "--label", "一级标签"]


def run(*words: object):
    return CliRunner().invoke(main, [str(one) for one in words], catch_exceptions=False)


def rows(count):
    found = enumerate(messages(count, mislabelled=0), 1)
    return [[at, one.text, one.label, one.day.isoformat()] for at, one in found]


@pytest.fixture
def sheet(tmp_path):
    """`sheet(rows)` a workbook with titles, the header and those rows."""

    def written(those, header=HEADER):
        book = openpyxl.Workbook()
        for row in [["街道诉求台账"], ["2021年度"], header, *those]:
            book.active.append(row)
        path = tmp_path / "a.xlsx"
        book.save(path)
        return path

    return written


def test_a_sheet_is_evaluated_for_people(sheet):
    answer = run("suggest", "evaluate", sheet(rows(200)), *COLUMNS)

    told = answer.stdout.splitlines()
    assert answer.exit_code == 0
    assert told[-6].startswith("在200条文本上测得")
    assert [line.partition("：")[0] for line in told[-5:-2]] == [
        "本系统所学",
        "普通字符n元组线性SVM",
        "一律取最常见标签",
    ]
    assert sum(line.startswith(("噪音", "教育")) for line in told) == 2


def test_a_sheet_is_evaluated_for_programs(sheet):
    answer = run("suggest", "evaluate", sheet(rows(200)), *COLUMNS, "--json")

    told = json.loads(answer.stdout)
    assert list(told) == [
        "learned_from",
        "fingerprint",
        "left_out",
        "how",
        "held_back",
        "macro_f1",
        "accuracy",
        "spread",
        "in_three",
        "confidence_off",
        "labels",
        "most_frequent",
        "plain",
        "model",
    ]
    assert (told["how"], told["held_back"], told["model"]) == ("folds", told["learned_from"], None)
    assert told["most_frequent"]["macro_f1"] < 0.1 < 0.8 < told["macro_f1"]


def test_evaluating_twice_says_the_same(sheet):
    path = sheet(rows(150))

    assert run("suggest", "evaluate", path, *COLUMNS).stdout == (
        run("suggest", "evaluate", path, *COLUMNS).stdout
    )


def test_a_trained_model_suggests(sheet, tmp_path):
    out = tmp_path / "requests.model"

    answer = run("suggest", "train", sheet(rows(200)), *COLUMNS, "--out", out, "--json")

    told, model = json.loads(answer.stdout), Suggester.read(out)
    assert (told["how"], told["model"]) == ("held_back", str(out))
    assert (model.about.texts, model.about.fingerprint, model.about.macro_f1) == (
        told["learned_from"],
        told["fingerprint"],
        told["macro_f1"],
    )
    assert model.suggest("广场舞音响很大")[0].label == "噪音"


def test_the_latest_fifth_by_date_is_held_back(sheet):
    answer = run(
        "suggest", "evaluate", sheet([*rows(200), [0, "校服", "教育", "不详"]]), *COLUMNS,
        "--date", "日期", "--json",
    )  # fmt: skip

    told = json.loads(answer.stdout)
    assert (told["how"], told["left_out"]["without_day"]) == ("latest", 1)
    assert told["held_back"] < told["learned_from"] / 4


def test_several_columns_of_text_are_read_as_one(sheet):
    halves = [[at, text[:4], text[4:], label] for at, text, label, _day in rows(150)]
    path = sheet(halves, ["序号", "留言主题", "留言详情", "一级标签"])

    one = json.loads(run("suggest", "evaluate", path, *COLUMNS, "--json").stdout)
    both = run("suggest", "evaluate", path, "--text", "留言主题", *COLUMNS, "--json")

    assert json.loads(both.stdout)["learned_from"] >= one["learned_from"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_text_files_of_either_encoding_are_read(tmp_path, encoding):
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows(120)])
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode(encoding))

    answer = run("suggest", "evaluate", path, *COLUMNS, "--json")

    assert json.loads(answer.stdout)["learned_from"] == 120


def test_what_is_left_out_is_named(sheet):
    some = [
        *rows(100),
        [101, "", "噪音", ""],
        [102, "没有标签", "", ""],
        *[[103 + at, f"{name}方言", "方言", ""] for at, name in enumerate("甲乙丙")],
        [1, rows(1)[0][1] + "！", rows(1)[0][2], ""],
        HEADER,
    ]

    told = json.loads(run("suggest", "evaluate", sheet(some), *COLUMNS, "--json").stdout)

    assert told["learned_from"] == 100
    assert told["left_out"] == {
        "without_text": 1,
        "without_label": 1,
        "without_day": 0,
        "repeated": 1,
        "disputed": 0,
        "rare_labels": [{"label": "方言", "texts": 3}],
    }
    said = run("suggest", "evaluate", sheet(some), *COLUMNS).stdout
    assert "方言 (3)" in said


def test_a_merged_label_stands_for_all_its_rows(sheet):
    ordered = sorted(rows(150), key=lambda row: row[2])
    path = sheet(ordered)
    book = openpyxl.load_workbook(path)
    labels = [row[2] for row in ordered]
    for label in set(labels):
        first = labels.index(label) + 4
        last = first + labels.count(label) - 1
        book.active.merge_cells(start_row=first, end_row=last, start_column=3, end_column=3)
    book.save(path)

    told = json.loads(run("suggest", "evaluate", path, *COLUMNS, "--json").stdout)

    assert (told["learned_from"], told["left_out"]["without_label"]) == (150, 0)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (
            ["--text", "正文", "--label", "一级标签"],
            "没有“正文”这一列。现有的列：序号、留言详情、一级标签、日期",
        ),
        (["--text", "留言详情", "--label", "留言详情"], "文本、标签和日期须是不同的列"),
    ],
)
def test_a_wrong_column_is_refused_in_one_sentence(sheet, columns, sentence):
    answer = run("suggest", "evaluate", sheet(rows(20)), *columns)

    assert answer.exit_code == 2
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("those", "sentence"),
    [
        ([[1, "", "噪音", ""], [2, "", "教育", ""]], "所指的列中没有任何文本"),
        (
            [[at, f"{name}吵", "噪音", ""] for at, name in enumerate("甲乙丙丁戊己")],
            "至少要有两个标签",
        ),
        ([], "所指的列中没有任何文本"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_one_sentence(sheet, those, sentence):
    answer = run("suggest", "train", sheet(those), *COLUMNS)

    assert (answer.exit_code, sentence in answer.stderr) == (2, True)


def test_what_is_no_sheet_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\x00\x01")

    assert run("suggest", "evaluate", path, *COLUMNS).exit_code == 2


def test_help_and_suggesting_need_no_heavy_library():
    program = (
        "import sys, fenghuang.cli.main, fenghuang.kit.suggesting.suggester, "
        "fenghuang.kit.suggesting.measuring, fenghuang.kit.similarity\n"
        "print(sorted({'sklearn', 'scipy', 'jieba', 'opencc'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.line("requests")
def test_orders_are_learned_from_and_few_of_them_are_too_few(cast, settings, tmp_path):
    settings.HOME = tmp_path

    answer = run("suggest", "orders", "--street", "梧桐街", "--json")

    told = json.loads(answer.stdout)
    assert {one: (state["why"], state["is_on"]) for one, state in told.items()} == {
        "category": ("too_few", False),
        "unit": ("too_few", False),
    }
    assert len(list(tmp_path.glob("suggestions/*/*.json"))) == 2


@pytest.mark.line("requests")
def test_what_came_of_learning_is_told_in_a_line_for_each(cast, settings, tmp_path):
    settings.HOME = tmp_path

    answer = run("suggest", "orders", "--street", "梧桐街")

    assert answer.stdout.splitlines() == [
        "类别：未启用：已办结工单仅 0 件，不足以学习。",
        "主办单位：未启用：已办结工单仅 0 件，不足以学习。",
    ]
