"""What all tests share: hypothesis without a clock, and tables that can be emptied."""

from __future__ import annotations

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
collect_ignore_glob = [
    f"fenghuang/lines/{folder.name}/*"
    for folder in (Path(__file__).parent / "fenghuang" / "lines").iterdir()
    if folder.is_dir() and folder.name not in _ON
]


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
