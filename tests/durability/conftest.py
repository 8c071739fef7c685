from __future__ import annotations

import pytest
from django.apps import apps

from .offices import ENGINE, opened


def pytest_collection_modifyitems(items):
    if apps.is_installed("fenghuang.lines.requests"):
        return
    for item in items:
        if "tests/durability" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason="shown on requests, switched off now"))


@pytest.fixture(scope="module")
def office():
    """An office that the tests of a module share, one after the other."""
    with opened(ENGINE) as found:
        yield found
