"""Everything that can be checked of a street's books, in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.utils.translation import gettext as _

from fenghuang.kernel.evidence.checks import check_files
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.places.paths import path_faults

Progress = Callable[[str, int, int], None]


def _silent(what: str, done: int, total: int) -> None:
    """Nobody is looking."""


def faults(street: Street, progress: Progress = _silent) -> Iterator[str]:
    """One sentence for each thing that is not as it was written; nothing where all is well.

    Journal and records against each other, derived paths against positions, files against their
    hash. `progress` is told what is being checked, how much is done and how much there is.
    """
    for fault in check(street.id, partial(progress, _("journal and records"))):
        yield str(fault)
    yield from path_faults(street.id)
    yield from check_files(partial(progress, _("files")))
