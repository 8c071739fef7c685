"""The documents in docs/generated, made from what the program itself reads.

    python -m upkeep.generated update    write them anew
    python -m upkeep.generated check     name those that the code has outrun

They are Chinese, as the screens are, with our codes beside. Exit codes: 0 fine, 1 out of date,
2 wrong use.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "generated"

#: Time limits as `parameters/limits.toml` writes them.
UNITS = {"hour": "小时", "natural_day": "自然日", "working_day": "工作日", "month": "个月"}


def table(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table.

    >>> print(table(["a", "b"], [[1, "x|y"]]))
    | a | b |
    |---|---|
    | 1 | x\\|y |
    """
    head = list(header)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "|".join(["", *(cell if cell == "---" else f" {escaped(cell)} " for cell in line), ""])
        for line in lines
    )


def escaped(cell: Any) -> str:
    return " ".join(str(cell).replace("|", "\\|").split())


def life_cycles() -> Iterator[str]:
    """Every line's states and verbs, and the limits that its verbs name."""
    from fenghuang.kit.door import lines

    yield "# 生命周期"
    yield "每条线的记录有哪些状态，谁可以做什么，限多长时间。“—”表示不能做，系统会说明原因。"
    for line in lines():
        yield f"## {line.title}（{line.code}）"
        for cycle in line.cycles:
            yield f"### {_names(line)[cycle.code]}（{cycle.code}）"
            yield f"```mermaid\n{cycle.diagram()}\n```"
            yield _matrix(cycle)
            yield _verbs(cycle)
        yield "### 时限"
        yield _limits(line)


def _names(line: Any) -> dict[str, Any]:
    """What each cycle's records are called, by the cycle's code."""
    return {one.CYCLE.code: one._meta.verbose_name for one in line.records if one.CYCLE}


def _matrix(cycle: Any) -> str:
    leads = {(state, verb): target for state, verb, target in cycle.matrix()}
    return table(
        ["状态", *(verb.label for verb in cycle.verbs)],
        (
            [label, *(cycle.states.get(leads[state, verb.code], "—") for verb in cycle.verbs)]
            for state, label in cycle.states.items()
        ),
    )


def _verbs(cycle: Any) -> str:
    from fenghuang.kernel.people.roles import Role

    return table(
        ["操作", "代码", "谁", "时限", "另须", "说明"],
        (
            [
                verb.label,
                f"`{verb.code}`",
                "、".join(str(role.label) for role in Role if role in verb.who),
                f"`{verb.limit}`" if verb.limit else "",
                verb.guard.__name__.strip("_").replace("_", " ") if verb.guard else "",
                verb.explains,
            ]
            for verb in cycle.verbs
        ),
    )


def _limits(line: Any) -> str:
    from fenghuang.kernel.records.parameters import rows

    return table(
        ["代码", "自何日起", "时限", "逢休息日", "依据"],
        (
            [
                f"`{row['code']}`",
                row["valid_from"],
                f"{row['amount']} {UNITS[row['unit']]}",
                "顺延" if row.get("roll_if_off") else "",
                row["source"],
            ]
            for row in rows(Path(line.path) / "parameters" / "limits.toml")
        ),
    )


def indicators() -> Iterator[str]:
    """Every definition that is registered, with its version."""
    from fenghuang.indicators import registry

    yield "# 指标目录"
    yield (
        "每个数字怎么数、数哪些记录、算在哪个时间、依据是什么。定义有任何改动，版本就变；"
        "报告里的数字记着它所用的版本。"
    )
    yield table(
        [
            "代码",
            "名称",
            "英文",
            "单位",
            "算法",
            "数哪些记录",
            "条件",
            "期间",
            "版本",
            "依据",
            "责任部门",
        ],
        (
            [
                f"`{one.code}`",
                one.zh,
                one.en,
                one.unit,
                one.aggregation.value,
                f"`{one.parts()['records']}`",
                _condition(one.parts()),
                one.period.value,
                f"`{one.version}`",
                one.source,
                one.owner,
            ]
            for one in registry.indicators()
        ),
    )


def _condition(parts: dict[str, str]) -> str:
    """What must be so of a record, and which day puts it in a period."""
    told = [parts.get("condition", "always"), *(f"hits: {x}" for x in [parts.get("hits")] if x)]
    if "numerator" in parts:
        told = [f"{parts['numerator']} / {parts['denominator']}"]
    named = {
        "dated": "by",
        "until": "until",
        "since": "since",
        "adds": "adds",
        "distinct": "distinct",
    }
    return "; ".join(
        [*told, *(f"{word} {parts[key]}" for key, word in named.items() if parts.get(key))]
    )


def ledgers() -> Iterator[str]:
    """Every ledger with the headers that it writes, and those that it reads as well."""
    from fenghuang.kit.ledgers import ledgers as known

    yield "# 台账表头"
    yield (
        "导入、导出和接口用同一套列。导入时表头写成“也认作”里的哪一个都行，列的次序不论；"
        "由系统推算的列，导出时填好，导入时只作比对。"
    )
    for ledger in known():
        yield f"## {ledger.title}（{ledger.code}）"
        yield table(
            ["表头", "代码", "内容", "必填", "也认作"],
            (
                [
                    column.header,
                    f"`{column.code}`",
                    _kind(column),
                    "是" if column.is_required else "",
                    "、".join(column.aliases),
                ]
                for column in ledger.columns
            ),
        )


def _kind(column: Any) -> str:
    """What stands in the cells of a column, for people who fill it in."""
    from fenghuang.kit import columns

    kinds: list[tuple[type[Any], str]] = [
        (columns.RunningNumber, "序号，不读"),
        (columns.NotKept, "不保存"),
        (columns.RecordNumber, "记录的编号"),
        (columns.PlaceNamed, "地点名称"),
        (columns.UnitNamed, "单位名称"),
        (columns.YesNo, "是／否"),
        (columns.Choice, "选一"),
        (columns.Moment, "日期，可带时刻"),
        (columns.Day, "日期"),
        (columns.Percent, "百分数"),
        (columns.Money, "金额"),
        (columns.Measured, "数"),
        (columns.Whole, "整数"),
        (columns.Text, "文字"),
    ]
    kind = column.kind
    told = next((words for one, words in kinds if isinstance(kind, one)), type(kind).__name__)
    if isinstance(kind, columns.Choice):
        told += "：" + "、".join(own[0] for own in kind.words.values())
    more = ["可写多个"] if column.has_many else []
    more += ["由系统推算"] if column.is_derived else []
    more += [] if column.is_official else ["只读入，不导出"]
    return told + (f"（{'；'.join(more)}）" if more else "")


def glossary() -> Iterator[str]:
    """The field's words."""
    from fenghuang.kernel.terms import GLOSSARY

    yield "# 术语"
    yield (
        "一个中文词、一个英文词、一个代码，一一对应。来源是 `fenghuang/kernel/terms/glossary.csv`，"
        "改词只改那里。末栏是不能混用的词。"
    )
    yield table(
        ["中文", "英文", "代码", "来源", "不用或另有所指"],
        ([one.zh, one.en, f"`{one.code}`", one.source, one.avoid] for one in GLOSSARY.values()),
    )


DOCUMENTS: dict[str, Callable[[], Iterator[str]]] = {
    "life-cycles.md": life_cycles,
    "indicators.md": indicators,
    "ledgers.md": ledgers,
    "glossary.md": glossary,
}


def documents() -> Iterator[tuple[Path, str]]:
    """Each document's path and text, as the code would have it now."""
    from django.utils import translation

    with translation.override("zh-hans"):
        for name, write in DOCUMENTS.items():
            title, *rest = write()
            made = "<!-- python -m upkeep.generated update -->"
            yield FOLDER / name, "\n\n".join([title, made, *rest]) + "\n"


def outrun() -> list[str]:
    """The documents that are not what the code would have."""
    return [
        path.name
        for path, text in documents()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(verb: str = "", *_more: str) -> None:
    if verb not in ("update", "check"):
        print("python -m upkeep.generated update|check", file=sys.stderr)
        sys.exit(2)
    import django

    with tempfile.TemporaryDirectory() as home:  # the settings want a place for keys
        os.environ["FENGHUANG_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
        django.setup()
        if verb == "update":
            FOLDER.mkdir(parents=True, exist_ok=True)
            for path, text in documents():
                path.write_text(text, encoding="utf-8")
        found = outrun()
    print("\n".join(found) or "The documents in docs/generated are as the code is.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
