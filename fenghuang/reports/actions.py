"""The verbs of reports: save a chapter, put definitions on record, sign the head of the journal,
keep a text to be audited, say what a wording means.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.indicators import periods
from fenghuang.indicators.catalogue import NotInCatalogue, entry
from fenghuang.indicators.language import Definition
from fenghuang.kernel.journal import read, write
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.refusal import Refused

from . import chapters, prose
from .filling import read_for, sides, value_text, worded
from .models import AuditedText, Chapter, Correction
from .permissions import may_correct, may_edit
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


# --- texts that are audited

TEXTS_KEPT_FOR = timedelta(days=30)
LONGEST_WORDING = 120  #: characters; a sentence that nobody divided up is longer


def keep_text(place: Place, year: int, text: str, *, name: str, actor: User) -> AuditedText:
    """Keep a text so that its audit can be looked at again; old ones go."""
    drop_texts(timezone.now() - TEXTS_KEPT_FOR)
    return AuditedText.objects.create(
        place=place, year=year, text=text, name=name[-255:], kept_by=actor
    )


def drop_text(text: AuditedText) -> None:
    """Delete a text; what was said of its wordings stays."""
    text.delete()


def drop_texts(before: datetime) -> int:
    """Delete the texts kept before that moment; how many."""
    return AuditedText.objects.filter(kept_at__lt=before).delete()[0]


def say_meaning(
    street: Street, wording: str, indicator: str, *, is_meant: bool, actor: User
) -> Correction:
    """Remember that a wording means an indicator, or that it doesn't; said anew, it replaces.

    A wording means one indicator at most: where it meant another, that is withdrawn.
    """
    if not may_correct(actor, street):
        raise Refused(
            "role",
            _("What a wording means is said by those who write the report. Ask the office."),
        )
    if not 0 < len(wording) <= LONGEST_WORDING:
        raise Refused(
            "no_wording",
            _("The text does not say what this number counts, so nothing can be remembered."),
        )
    try:
        entry(indicator)
    except NotInCatalogue as error:
        raise Refused("no_indicator", _("Choose one of the indicators.")) from error
    try:
        return _say(street, wording, indicator, is_meant, actor)
    except (IntegrityError, write.Superseded) as error:
        raise Refused(
            "said_meanwhile",
            _("Somebody else said what this means at the same moment. Look at it again."),
        ) from error


def _say(street: Street, wording: str, indicator: str, is_meant: bool, actor: User) -> Correction:
    now = timezone.now()
    with transaction.atomic():
        if is_meant:
            others = Correction.objects.filter(
                street=street, wording=wording, is_meant=True, voided_at=None
            ).exclude(indicator=indicator)
            for other in others:
                _withdraw(other, actor)
        said = Correction.objects.filter(
            street=street, wording=wording, indicator=indicator
        ).first()
        keep = write.fix if said else write.add
        said = said or Correction(street=street, wording=wording, indicator=indicator)
        said.is_meant, said.said_by, said.said_at, said.voided_at = is_meant, actor, now, None
        keep(said, by=actor.pseudonym, notes={"@verb": "say_meaning"})
    return said


def withdraw_meaning(said: Correction, *, actor: User) -> None:
    """What was said of a wording no longer holds."""
    if not may_correct(actor, said.street):
        raise Refused(
            "role",
            _("What a wording means is said by those who write the report. Ask the office."),
        )
    with transaction.atomic():
        _withdraw(said, actor)


def _withdraw(said: Correction, actor: User) -> None:
    said.voided_at = timezone.now()
    write.fix(said, by=actor.pseudonym, op="void", notes={"@verb": "withdraw_meaning"})
