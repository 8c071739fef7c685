"""Names say what a thing is, in English; silence where something is passed over is explained."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.modules import PACKAGE, ROOT, modules

SAYS_NOTHING = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "base",
    "manager",
    "managers",
}

#: How the field's nouns would be spelt by whoever forgot that there is a glossary.
PINYIN = frozenset(
    re.findall(
        r"\w+",
        """
    baogao banjie banshichu baoming biaoge bumen chengban chuzhi danwei danyuan dangyuan dianti
    dizhi duban fangwu fenlei fuwu gaizao gongdan gongzuo hedui huifang huiyi jiaban jiedao jieguo
    jihua jilu jingfei jubao jumin juweihui laojiu leibie liebiao loudong louzhang lvli menpai
    minjing minqing minsheng mubiao paidan paizhao peixun pingjia qiye quyu renci renwu renyuan
    shangbao shebao shenhe shequ shenpi shijian shixian shuju suqiu taizhang tongji tousu wangge
    wangge wangyuan wenti wuchang wuye xiangmu xiaohao xiaoqu xiaoshi xinfang xinxi xitong yanshou
    yinhuan yonghu zerenren zhibiao zhiyuan zhongzhi zhuangtai zongzhi zuzhang
    """,
    )
)

REASONED = re.compile(r"# (noqa: [A-Z0-9, ]+ - |type: ignore\[[\w, -]+\]  # )\w")


def identifiers(module: ast.AST) -> Iterator[str]:
    """Everything that the module gives a name to."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def words(identifier: str) -> list[str]:
    """The words of an identifier, in lower case.

    >>> words("_WenTi_of_street")
    ['of', 'street', 'ti', 'wen', 'wenti']
    """
    parts = identifier.strip("_").split("_")
    camels = [one for part in parts for one in re.findall(r"[A-Z]?[a-z0-9]+", part)]
    return sorted({one.lower() for one in [*parts, *camels]})


def python_files() -> Iterator[Path]:
    for folder in (PACKAGE, ROOT / "tests", ROOT / "upkeep"):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    yield ROOT / "bootstrap.py"
    yield ROOT / "conftest.py"


def test_no_module_is_called_by_what_says_nothing():
    files = [path for path in PACKAGE.rglob("*.py") if path.stem in SAYS_NOTHING]
    folders = [path for path in PACKAGE.rglob("*") if path.is_dir() and path.name in SAYS_NOTHING]

    assert files + folders == []


def test_no_function_and_no_class_is_called_by_what_says_nothing():
    found = {
        (name, node.name)
        for name, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and SAYS_NOTHING & set(words(node.name))
    }

    # Who manages a compound (物业管理方式) is a fact of the field.
    assert found == {("fenghuang/kernel/places/models.py", "Manager")}


def test_no_name_is_pinyin():
    found = [
        (name, one)
        for name, module in modules(with_tests=True)
        for one in identifiers(module)
        if PINYIN & set(words(one))
    ]

    assert found == []


def test_pinyin_is_seen_in_any_case():
    module = ast.parse("class WangGe: pass\ndef tally(shequ, place): xiangMu = wenti_count = 1")

    found = [one for one in identifiers(module) if PINYIN & set(words(one))]

    assert sorted(found) == ["WangGe", "shequ", "wenti_count", "xiangMu"]


def test_nothing_catches_every_exception():
    found = [
        (name, node.lineno)
        for name, module in modules(with_tests=True)
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    ]

    assert found == []


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Unless it passes on what it doesn't know."""
    if any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler)):
        return False
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))
        for kind in kinds
    )


def test_every_noqa_and_every_ignored_type_says_why():
    found = []
    for path in python_files():
        with path.open("rb") as file:
            comments = [
                one for one in tokenize.tokenize(file.readline) if one.type == tokenize.COMMENT
            ]
        found += [
            (path.relative_to(ROOT).as_posix(), one.start[0], one.string)
            for one in comments
            if re.search(r"noqa|type: ignore", one.string) and not REASONED.search(one.string)
        ]

    assert found == []
