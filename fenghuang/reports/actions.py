"""The verbs of reports: save a chapter, put definitions on record, sign the head of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.indicators import periods
from fenghuang.indicators.language import Definition
from fenghuang.kernel.journal import read, write
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused

from . import chapters, prose
from .filling import read_for, sides, value_text, worded
from .models import Chapter
from .permissions import may_edit
from .refusals import SavedMeanwhile, explained


def save_chapter(
    street: Street, year: int, line: str, text: str, *, actor: User, seen: int
) -> Chapter:
    """Keep the text of a chapter, with the figures that it prints at this moment.

    `seen` is `Written.seen` of the text that the writer opened. Refused where the actor doesn't
    edit this chapter, where something is typed that belongs in a slot, and, as SavedMeanwhile,
    where somebody else saved since. LookupError for a chapter that the report doesn't have.
    """
    source = chapters.source(line)
    if not may_edit(actor, street, line):
        raise Refused(
            "role",
            _("You may read this chapter but not edit it. Ask the office to change it."),
        )
    text = text.replace("\r\n", "\n")
    if wrong := prose.faults(text, chapters.known_codes()):
        raise Refused("typed_figure", explained(wrong[0], text), where="text")
    figures = read_for(prose.parse(text), periods.year(year), street)
    try:
        with transaction.atomic():
            chapter = Chapter.objects.filter(street=street, year=year, line=line).first()
            if (chapter.entry if chapter else 0) != seen:
                raise _saved_meanwhile(street, year, source)
            keep = write.fix if chapter else write.add
            chapter = chapter or Chapter(street=street, year=year, line=line)
            chapter.text = text
            chapter.figures = {
                code: {"value": value_text(figure.value), "wording": worded(figure)}
                for code, figure in figures.items()
            }
            chapter.saved_by, chapter.saved_at = actor, timezone.now()
            keep(chapter, by=actor.pseudonym, notes={"@verb": "save_chapter"})
    except (IntegrityError, write.Superseded) as error:
        # The other one was between our question and our entry.
        raise _saved_meanwhile(street, year, source) from error
    return chapter


def _saved_meanwhile(street: Street, year: int, source: chapters.Source) -> SavedMeanwhile:
    return SavedMeanwhile(chapters.written(street.pk, year, [source])[0])


def define(street: Street, definitions: Iterable[Definition], by: str) -> None:
    """Put on record how each figure is counted: an entry for each version not yet there.

    Both sides of a share between records of two kinds are defined with it.
    """
    wanted = {part.code: part for one in definitions for part in (*sides(one), one)}
    for code, definition in sorted(wanted.items()):
        if defined_in(street, definition) is None:
            opening = definition.parts() | {"version": definition.version}
            with transaction.atomic():
                write.note(
                    street.pk,
                    op="define",
                    id=_statement(street, code),
                    opening={name: text for name, text in opening.items() if text},
                    by=by,
                )


def defined_in(street: Street, definition: Definition) -> int | None:
    """The journal entry that holds this version of the definition, if it is the latest there."""
    statements = read.history(_statement(street, definition.code))
    versions = [
        after
        for statement in statements
        for name, _before, after in statement.changed
        if name == "version"
    ]
    return statements[-1].n if versions and versions[-1] == definition.version else None


def _statement(street: Street, code: str) -> UUID:
    """The same id for all versions of a definition in one journal: the later supersedes."""
    return uuid5(street.pk, f"definition {code}")


def signed_head(street: Street) -> str:
    """The checkpoint of the street's journal as it stands, signed with its key."""
    return write.checkpoint(street.pk)
