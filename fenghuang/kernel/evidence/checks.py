"""Are all files still what they were?"""

from __future__ import annotations

from collections.abc import Callable

from . import disk
from .models import StoredFile


def check_files(progress: Callable[[int, int], None] = lambda done, of: None) -> list[str]:
    """One line for each kept file whose bytes are gone or no longer hash to its name.

    `progress` is told after each file how many of how many have been looked at.
    """
    kept = StoredFile.objects.filter(purged_at=None)
    of, faults = kept.count(), []
    names = kept.order_by("sha256").values_list("sha256", flat=True)
    for done, sha256 in enumerate(names.iterator(), 1):
        if not disk.place_of(sha256).exists():
            faults.append(f"file {sha256} is missing")
        elif not disk.is_intact(sha256):
            faults.append(f"file {sha256} was changed: its content does not have this hash")
        progress(done, of)
    return faults
