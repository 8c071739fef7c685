"""Erases what may not be kept any longer: personal values and files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fenghuang.kernel.evidence import actions as evidence
from fenghuang.kernel.notices.actions import purge_addresses
from fenghuang.kernel.people.models import User
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.records.models import Record


def _label(record: Record, name: str) -> Any:
    field: Any = record._meta.get_field(name)
    return field.verbose_name


def purge_all(today: date, *, actor: User) -> Iterator[str]:
    """Erase all whose last day is today or before; one sentence for each thing erased."""
    for record, names in records.purge_personal(today, actor=actor):
        yield _("%(number)s: erased %(fields)s") % {
            "number": record.number,
            "fields": "、".join(str(_label(record, name)) for name in names),
        }
    yield _("addresses of notices erased: %(count)s") % {"count": purge_addresses(today)}
    files = evidence.purge(today, actor=actor)
    yield _("files erased: %(count)s") % {"count": files}
