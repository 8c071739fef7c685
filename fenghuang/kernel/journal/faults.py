"""What a check finds: where something is not as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

_WHAT = {
    "algorithm": _("the journal names an algorithm that this program does not know"),
    "checkpoint_ahead": _("a checkpoint speaks of more entries than there are: some are gone"),
    "checkpoint_missing": _("a checkpoint is missing"),
    "checkpoint_root": _("the entries do not give the root that the checkpoint states"),
    "checkpoint_signature": _("the checkpoint or a signature under it was changed"),
    "class_unknown": _("no work line that is switched on keeps such records: not checked"),
    "entry_changed": _("the entry does not give the hash that the tree holds for it"),
    "entry_missing": _("the entry is missing"),
    "entry_stray": _("an entry that the journal does not count"),
    "evidence_root": _("the files named in the entry do not give its evidence root"),
    "field_root": _("the fields of the entry do not give its field root"),
    "frontier": _("the entries do not give the tree that the journal holds"),
    "header": _("the header does not read as that of this entry"),
    "journal_missing": _("there is no such journal"),
    "more": _("there are more faults than can be listed"),
    "opening": _("the fields of the entry do not read as they were written"),
    "orphan": _("a row that belongs to no journal"),
    "personal_salt": _("a commitment to a personal value is missing, stray or changed"),
    "personal_value": _("the personal value is not the one that was entered"),
    "predecessor": _("the entry does not follow the one before it on the same record"),
    "row_missing": _("the record has entries, but is gone"),
    "row_stray": _("the record has no entry of its kind in any journal"),
    "row_value": _("the value is not the one that the last entry states"),
    "size": _("the journal has another number of entries than it says"),
    "table_missing": _("the table is missing"),
    "tile": _("the tile is missing, stray or not as the entries give it"),
    "trigger": _("a trigger that guards the journal is not in place"),
}


@dataclass(frozen=True)
class Fault:
    """Something is not as it was written: by `code` what, and where."""

    code: str
    table: str
    record: str = ""
    n: int | None = None
    column: str = ""

    def __str__(self) -> str:
        number = "" if self.n is None else f"n={self.n}"
        where = ", ".join(part for part in (self.table, self.record, number, self.column) if part)
        return f"{where}: {_WHAT[self.code]}"
