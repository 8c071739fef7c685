from __future__ import annotations

import pytest

from .offices import ENGINE, opened


@pytest.fixture(scope="module")
def office():
    """An office that the tests of a module share, one after the other."""
    with opened(ENGINE) as found:
        yield found
