from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from fenghuang.kernel.journal import write

STREET = UUID("018f0000-0000-7000-8000-0000000000aa")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path: Path) -> None:
    """Keys and checkpoints of one test are not found by another: the street has one id in all."""
    settings.FENGHUANG_KEYS = tmp_path / "keys"
    settings.FENGHUANG_CHECKPOINTS = tmp_path / "checkpoints"


@pytest.fixture
def street(db: None) -> UUID:
    """A street whose journal has just been opened."""
    with transaction.atomic():
        write.create_journal(STREET, f"fenghuang/{STREET}")
    return STREET
