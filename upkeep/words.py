"""The glossary against itself and against the words that code and pages ask of it.

    python -m upkeep.words check

A row that nobody asks for is only noted: it may be agreed before it is needed. Exit codes: 0 fine,
1 something is amiss, 2 wrong use.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from fenghuang.kernel.terms import GLOSSARY, faults

PACKAGE = Path(__file__).resolve().parent.parent / "fenghuang"
IN_PAGES = re.compile(r"""{%\s*term\s+["']([^"']+)["']""")


def asked() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Where a word is asked for, and the code; a code put together there is a pattern."""
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE.parent).as_posix()
        if "/tests/" in name:
            continue
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="term"), args=[ast.Constant(str(code))]):
                        yield name, re.compile(re.escape(code))
                    case ast.Call(func=ast.Name(id="term"), args=[ast.JoinedStr(values=parts)]):
                        yield name, _pattern(parts)
        elif path.suffix == ".html":
            for code in IN_PAGES.findall(path.read_text(encoding="utf-8")):
                yield name, re.compile(re.escape(code))


def _pattern(parts: list[ast.expr]) -> re.Pattern[str]:
    texts = (re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in parts)
    return re.compile("".join(texts))


def unknown() -> list[str]:
    """Words that are asked for and that the glossary does not have."""
    return [
        f"{name}: the glossary has no term {code.pattern!r}"
        for name, code in asked()
        if not any(map(code.fullmatch, GLOSSARY))
    ]


def unasked() -> list[str]:
    """Rows of the glossary that nothing asks for."""
    codes = {code for _name, code in asked()}
    return [row for row in GLOSSARY if not any(code.fullmatch(row) for code in codes)]


def main(verb: str = "", *_more: str) -> None:
    if verb != "check":
        print("python -m upkeep.words check", file=sys.stderr)
        sys.exit(2)
    found = [*faults(), *unknown()]
    print("\n".join(found) or "Every word of the house has its row, one to one.")
    if agreed := unasked():
        print(f"Not asked for yet: {', '.join(agreed)}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
