"""What is written when ledgers come in: batches entered and undone, mappings, files kept for a day.

Records themselves are entered by the action of their line, all or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import ForeignObjectRel, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from uuid_utils.compat import uuid7

from fenghuang.kernel.journal.models import Journal
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.actions import add_places, redraw
from fenghuang.kernel.places.models import (
    AboutPlace,
    Community,
    ExternalCode,
    Kind,
    OtherName,
    Place,
    Street,
)
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.refusal import Refused

from .cells import folded
from .columns import AT_ONCE, header_key
from .founding import NewPlace
from .layouts import Layout
from .ledger import Ledger
from .models import Batch, ColumnMapping, Job, SavedFilter, Upload, Words
from .names import Named
from .outlines import StagedOutlines
from .staging import Staged

KEPT_FOR = timedelta(days=1)
OUTLINES = "outlines"  #: stands where the code of a ledger does, for a file of outlines
NAMED_AT_MOST = 20  # records in a refusal


def commit_batch(staged: Staged, *, actor: User, leave_out_faulty: bool = False) -> Batch:
    """Enter the new rows of a file in one transaction.

    Refused while rows are faulty, unless these are to be left out (`staging.write_faulty` hands
    them back to be mended), and if the books have changed since the file was looked through.
    """
    if staged.errors and not leave_out_faulty:
        raise Refused(
            "has_errors",
            _("%(count)s things in the file are wrong. Mend them, or leave these rows out.")
            % {"count": len(staged.errors)},
        )
    if not staged.new:
        raise Refused("nothing_new", _("Nothing in the file is new. There is nothing to enter."))
    ledger = staged.ledger
    new = [row.record for row in staged.new]
    with transaction.atomic():
        journal = Journal.objects.select_for_update().get(pk=staged.street.pk)
        _check_still_new(staged, new)
        _attach_places(new)
        batch = Batch(
            id=uuid7(),
            street=staged.street,
            ledger=ledger.code,
            file_name=staged.file_name[-255:],
            sha256=staged.sha256,
            rows=len(new),
            entered_by=actor,
        )
        ledger.enter(new, actor=actor, batch=batch.id)
        journal.refresh_from_db(fields=["size"])
        batch.journal_size = journal.size
        batch.save(force_insert=True)
    return batch


def _check_still_new(staged: Staged, new: list[Any]) -> None:
    ledger, context = staged.ledger, staged.sheets[0].context
    since = ledger.model.objects.filter(street=staged.street, entry__gte=staged.journal_size)
    if not since.exists():
        return
    if issubclass(ledger.model, Record):
        held = {ledger.key(record, context) for record in ledger.held_like(staged.street, new)}
        are_new = all(ledger.key(record, context) not in held for record in new)
    else:
        are_new = False  # what names mean may have changed with the places
    if not are_new:
        raise Refused(
            "entered_meanwhile",
            _("Somebody else entered some of these rows meanwhile. Look the file through again."),
        )


def _attach_places(new: list[Any]) -> None:
    """Give records that name their place by id the place itself, in one query for all."""
    unread = [r for r in new if isinstance(r, Record) and not Record.place.is_cached(r)]
    places = Place.objects.in_bulk({record.place_id for record in unread})
    for record in unread:
        record.place = places[record.place_id]


def undo_batch(batch: Batch, *, actor: User) -> None:
    """Withdraw all records of a batch. Refused if one was changed since, or others rest on it."""
    if batch.undone_at is not None:
        raise Refused("undone", _("This import was undone already. Nothing needs to be done."))
    with transaction.atomic():
        Journal.objects.select_for_update().get(pk=batch.street_id)
        entered = [
            record
            for model in _record_models()
            for record in model.objects.standing().filter(street=batch.street_id, batch=batch.id)
        ]
        if not entered:
            raise Refused(
                "cannot_undo",
                _("No records of this import stand. Places are retired with a document instead."),
            )
        _check_may_undo(batch, entered, actor)
        changed = [record for record in entered if record.entry >= batch.journal_size]
        _refuse_for("changed_since", changed, _("These records were changed since: %(numbers)s."))
        resting = list(_resting_on(entered, batch))
        _refuse_for("used_since", resting, _("These records rest on the import: %(numbers)s."))
        records.void_all(entered, actor=actor, verb="undo_import", ground=str(batch.id))
        batch.undone_by, batch.undone_at = actor, timezone.now()
        batch.save(update_fields=["undone_by", "undone_at"])


def _record_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


def _check_may_undo(batch: Batch, entered: Iterable[Record], actor: User) -> None:
    if batch.entered_by_id == actor.pk:
        return
    for line in {record.LINE for record in entered}:
        if not actor.roles(line, place=[batch.street_id]) & {Role.CENTRE, Role.OFFICE}:
            raise Refused(
                "not_your_import",
                _("Somebody else entered this. Ask them, the governance centre or the office."),
            )


def _refuse_for(code: str, found: list[Any], sentence: str) -> None:
    if found:
        numbers = "、".join(record.number for record in found[:NAMED_AT_MOST])
        more = "…" if len(found) > NAMED_AT_MOST else ""
        raise Refused(
            code,
            sentence % {"numbers": numbers + more}
            + _(" Nothing was undone. Withdraw single records on their own pages."),
        )


def _resting_on(entered: Sequence[Record], batch: Batch) -> Iterator[Record]:
    """Standing records outside the batch that point to one in it."""
    for model in {type(record) for record in entered}:
        own = [record.pk for record in entered if type(record) is model]
        for relation in model._meta.get_fields(include_hidden=True):
            other: Any = relation.related_model
            if not isinstance(relation, ForeignObjectRel) or not issubclass(other, Record):
                continue
            for start in range(0, len(own), AT_ONCE):
                some = {f"{relation.field.name}__in": own[start : start + AT_ONCE]}
                pointing = other.objects.standing().filter(**some).exclude(batch=batch.id)
                yield from pointing.distinct()


def remember_mapping(
    street: Street,
    ledger: Ledger,
    layout: Layout,
    columns: Mapping[str, str],
    words: Words | None = None,
    *,
    actor: User,
) -> ColumnMapping:
    """Keep what a person said the headers of this template mean, and words in its cells.

    It goes before what was said of them earlier. `columns` gives for a header the code of the
    ledger's column, `words` for such a code and a word the word to read instead, "" for none.
    """
    said = {code: dict(own) for code, own in (words or {}).items()}
    unknown = sorted({*columns.values(), *said} - set(ledger.headers.columns) - {""})
    if unknown:
        raise Refused(
            "unknown_column",
            _("The ledger has no column %(codes)s. Choose from its columns.")
            % {"codes": "、".join(unknown)},
        )
    key: dict[str, Any] = {
        "street": street,
        "ledger": ledger.code,
        "template": layout.template,
    }
    with transaction.atomic():
        before = ColumnMapping.objects.select_for_update().filter(**key).first()
        known = before.words if before else {}
        mapping, _was_made = ColumnMapping.objects.update_or_create(
            **key,
            defaults={
                "columns": (before.columns if before else {})
                | {header_key(header): code for header, code in columns.items()},
                "words": {
                    code: known.get(code, {})
                    | {folded(word): meant for word, meant in said.get(code, {}).items()}
                    for code in {*known, *said}
                },
                "chosen_by": actor,
                "chosen_at": timezone.now(),
            },
        )
    return mapping


def keep_upload(
    street: Street,
    ledger: Ledger,
    content: bytes,
    file_name: str,
    *,
    actor: User,
    year: int | None = None,
) -> Upload:
    """Keep a file between looking it through and entering it; old ones go."""
    drop_uploads(timezone.now() - KEPT_FOR)
    return Upload.objects.create(
        street=street,
        ledger=ledger.code,
        file_name=file_name[-255:],
        content=content,
        year=year,
        kept_by=actor,
    )


def say_year(upload: Upload, year: int) -> None:
    """In which year the days of a kept file lie that are written without one."""
    upload.year = year
    upload.save(update_fields=["year"])


def keep_outlines(street: Street, content: bytes, file_name: str, *, actor: User) -> Upload:
    """Keep a GeoJSON file between looking it through and drawing it; old files go."""
    drop_uploads(timezone.now() - KEPT_FOR)
    return Upload.objects.create(
        street=street,
        ledger=OUTLINES,
        file_name=file_name[-255:],
        content=content,
        kept_by=actor,
    )


def drop_uploads(before: datetime) -> int:
    """Delete the files kept before that moment; how many."""
    return Upload.objects.filter(kept_at__lt=before).delete()[0]


def drop_upload(upload: Upload) -> None:
    """The file has been entered; it is not needed any more."""
    upload.delete()


# Work that a worker carries out

JOBS_KEPT_FOR = timedelta(days=30)


def ask_to_enter(upload: Upload, *, actor: User, leave_out_faulty: bool, language: str) -> Job:
    """Ask for the rows of a file to be entered; asked again meanwhile, it is the same job."""
    same = Job.objects.filter(upload=upload, kind=Job.Kind.ENTER, ended_at=None).first()
    return same or Job.objects.create(
        street=upload.street,
        kind=Job.Kind.ENTER,
        ledger=upload.ledger,
        file_name=upload.file_name,
        upload=upload,
        leaves_out_faulty=leave_out_faulty,
        language=language,
        asked_by=actor,
    )


def ask_to_undo(batch: Batch, *, actor: User, language: str) -> Job:
    """Ask for an import to be undone."""
    same = Job.objects.filter(batch=batch, kind=Job.Kind.UNDO, ended_at=None).first()
    return same or Job.objects.create(
        street=batch.street,
        kind=Job.Kind.UNDO,
        ledger=batch.ledger,
        file_name=batch.file_name,
        batch=batch,
        language=language,
        asked_by=actor,
    )


def begin(job: Job) -> None:
    """A worker has begun with the job."""
    job.began_at = timezone.now()
    job.save(update_fields=["began_at"])


def enter_for(job: Job, staged: Staged) -> None:
    """Enter what was staged and end the job, both or neither."""
    with transaction.atomic():
        job.batch = commit_batch(staged, actor=job.asked_by, leave_out_faulty=job.leaves_out_faulty)
        if job.upload is not None and not staged.faulty:
            drop_upload(job.upload)
            job.upload = None
        job.save(update_fields=["batch", "upload"])
        _end(job)


def undo_for(job: Job) -> None:
    """Undo the batch and end the job, both or neither."""
    assert job.batch is not None
    with transaction.atomic():
        undo_batch(job.batch, actor=job.asked_by)
        _end(job)


def _end(job: Job, refusal: str = "", sentence: str = "") -> None:
    job.ended_at, job.refusal, job.sentence = timezone.now(), refusal, sentence
    job.save(update_fields=["ended_at", "refusal", "sentence"])


def refuse(job: Job, refused: Refused) -> None:
    """The job was not done, for a reason that is told to whoever asked."""
    _end(job, refused.code, str(refused))


def give_up(jobs: QuerySet[Job]) -> int:
    """End those of the jobs that no worker is at any more, as not done; how many."""
    return jobs.filter(ended_at=None).update(
        ended_at=timezone.now(),
        refusal="interrupted",
        sentence=_("The work was interrupted, and nothing of it was kept. Please start it again."),
    )


def give_up_lost() -> None:
    """End what was begun by a worker that is gone: only one is at work at a time."""
    give_up(Job.objects.filter(began_at__isnull=False))
    DBTaskResult.objects.running().update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now()
    )


def drop_jobs(before: datetime) -> int:
    """Delete the jobs that ended before that moment; how many."""
    return Job.objects.filter(ended_at__lt=before).delete()[0]


# Places


#: Only the office changes communities, and the governance centre or the office grids.
FOUNDS_COMMUNITIES = frozenset({Role.OFFICE})
FOUNDS_PLACES = frozenset({Role.OFFICE, Role.CENTRE})

#: Who changes places that are there, each change by a document; nobody changes a street.
CHANGES_PLACES: Mapping[str, frozenset[Role]] = {
    Kind.COMMUNITY: frozenset({Role.OFFICE}),
    Kind.GRID: frozenset({Role.CENTRE}),
    Kind.COMPOUND: FOUNDS_PLACES,
    Kind.BUILDING: FOUNDS_PLACES,
    Kind.ENTRANCE: FOUNDS_PLACES,
    Kind.DWELLING: FOUNDS_PLACES,
}


def may_change(actor: User, street: Place, kind: str) -> bool:
    """Whether the person changes places of that level in the street."""
    return bool(
        actor.roles("", place=[street.pk]) & CHANGES_PLACES.get(Kind(kind), frozenset[Role]())
    )


def check_may_change(actor: User, street: Place, kind: str) -> None:
    """Refused for whoever does not change places of that level."""
    if not may_change(actor, street, kind):
        raise Refused(
            "role",
            _("Communities are changed by the office, grids by the governance centre. Ask there."),
        )


def enter_places(new: Sequence[NewPlace], *, actor: User, batch: UUID) -> None:
    """Found the places of a ledger, with new communities, buildings, codes and other names."""
    street = new[0].place.street
    by_name = {str(one.community): one for one in new if isinstance(one.community, str)}
    roles = actor.roles("", place=[street.pk])
    if not roles & (FOUNDS_COMMUNITIES if by_name else FOUNDS_PLACES):
        raise Refused(
            "who_founds",
            _("Communities are founded by the office; grids and compounds by it or the centre."),
        )
    communities = {
        name: Community(street=street, name=name, valid_from=one.place.valid_from)
        for name, one in by_name.items()
    }
    held = Place.objects.in_bulk(
        {one.id for each in new for one in (each.community, each.grid) if isinstance(one, Named)}
    )
    founded: list[Place] = list(communities.values())
    parents: dict[Any, Sequence[Place]] = {one.id: [street] for one in founded}
    about: list[AboutPlace] = []
    for one in new:
        place = one.place
        founded += [place, *one.buildings]
        parents[place.id] = [
            communities[one.community] if isinstance(one.community, str) else held[one.community.id]
        ]
        for building in one.buildings:
            parents[building.id] = [place, *([held[one.grid.id]] if one.grid else [])]
        since = {"place": place, "valid_from": place.valid_from}
        about += [OtherName(name=name, **since) for name in one.other_names]
        if one.code:
            about.append(ExternalCode(scheme=ExternalCode.Scheme.LOCAL, code=one.code, **since))
    add_places(
        street, founded, parents, by=actor.pseudonym, about=about, verb="import", ground=str(batch)
    )


def draw_outlines(
    staged: StagedOutlines, *, actor: User, document: str = "", on: date | None = None
) -> int:
    """Draw the grids that have no outline yet, from the day each came into force; how many.

    With a document, grids that have another outline are redrawn as well, from the day it names.
    """
    if staged.errors:
        raise Refused(
            "has_errors",
            _("%(count)s things in the file are wrong. Mend them, or leave these rows out.")
            % {"count": len(staged.errors)},
        )
    if not actor.roles("", place=[staged.street.pk]) & FOUNDS_PLACES:
        raise Refused(
            "who_founds",
            _("Communities are founded by the office; grids and compounds by it or the centre."),
        )
    anew = staged.changed if document and on else []
    if anew:
        check_may_change(actor, staged.street, Kind.GRID)
    grids = Place.objects.in_bulk({grid.id for grid, _geometry in (*staged.new, *anew)})
    with transaction.atomic():
        for named, geometry in staged.new:
            grid = grids[named.id]
            redraw(
                grid, geometry, on=grid.valid_from, document=staged.file_name, by=actor.pseudonym
            )
        for named, geometry in anew:
            assert on is not None
            redraw(grids[named.id], geometry, on=on, document=document, by=actor.pseudonym)
    return len(staged.new) + len(anew)


# Saved filters

KEPT_FILTERS = 20  # of one list and person


def keep_filter(*, actor: User, path: str, query: str, name: str) -> SavedFilter:
    """Keep the present filter of a list under a name; an older one of that name gives way."""
    if not query:
        raise Refused("no_filter", _("Nothing is filtered now. Filter the list first."))
    own = SavedFilter.objects.filter(user=actor, path=path)
    if own.exclude(name=name).count() >= KEPT_FILTERS:
        raise Refused(
            "too_many",
            _("%(count)s filters of this list are saved. Remove one first.")
            % {"count": KEPT_FILTERS},
        )
    kept, _is_new = own.update_or_create(
        name=name,
        defaults={"query": query, "saved_at": timezone.now()},
        create_defaults={"user": actor, "path": path, "query": query},
    )
    return kept


def forget_filter(kept: SavedFilter, *, actor: User) -> None:
    """Remove a saved filter: one's own only."""
    if kept.user_id != actor.pk:
        raise Refused("scope", _("This filter was saved by somebody else."))
    kept.delete()
