"""The modules of the house, read as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "fenghuang"


def modules(*, with_tests: bool = False) -> Iterator[tuple[str, ast.Module]]:
    """Path within the tree, and what stands there; migrations are Django's, and left out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" in name or ("/tests/" in name and not with_tests):
            continue
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def calls(module: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield node
