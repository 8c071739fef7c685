from uuid import UUID

import pytest
from django.db import transaction

from fenghuang.kernel.journal import write

STREET = UUID("018f0000-0000-7000-8000-0000000000aa")


@pytest.fixture
def street(db: None) -> UUID:
    """A street whose journal has just been opened."""
    with transaction.atomic():
        write.create_journal(STREET, f"fenghuang/{STREET}")
    return STREET
