"""What all tests share: hypothesis without a clock, and tables that can be emptied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from fenghuang.config.lines import LINES
from fenghuang.kernel.journal import triggers

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("house")

# A line that is switched off takes its own tests with it, and no others.
_ON = {line.split(".")[2] for line in LINES}
_ALL = {file.parent.name for file in Path(__file__).parent.glob("fenghuang/lines/*/line.py")}
collect_ignore_glob = [f"fenghuang/lines/{code}/*" for code in _ALL - _ON]


_IMPORTED = re.compile(r"^(?:from|import) fenghuang\.lines\.(\w+)", re.MULTILINE)


def pytest_ignore_collect(collection_path):
    """A file of tests that imports a line stands or falls with it; None leaves it to others."""
    if not collection_path.match("test_*.py"):
        return None
    imported = set(_IMPORTED.findall(collection_path.read_text(encoding="utf-8")))
    return True if (imported & _ALL) - _ON else None


def pytest_collection_modifyitems(config, items):
    """Leave out what is shown on a line that is switched off."""
    kept, left_out = [], []
    for item in items:
        lines = {mark.args[0] for mark in item.iter_markers("line")}
        if unknown := lines - _ALL:
            raise pytest.UsageError(f"{item.nodeid}: there is no line {', '.join(unknown)}")
        (kept if lines <= _ON else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def transactional_db(transactional_db):
    """Real transactions. The journal's tables refuse to be emptied; afterwards they must be."""
    triggers.create(connection)
    yield transactional_db
    triggers.drop(connection)


@pytest.fixture
def cast(db):
    """The fixed people and places of the tests."""
    from tests.cast import found_cast

    return found_cast()
