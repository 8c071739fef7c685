"""Long work, done beside the web by `fenghuang worker`: imports, and undoing them."""

from __future__ import annotations

import time
from uuid import UUID

from django.core.cache import caches
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from fenghuang.kernel.people.models import User
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import CalendarMissing

from . import actions
from .ledgers import ledger_called, stage
from .models import Batch, Job, Upload
from .screens import calendar_sentence


def start_entering(upload: Upload, *, actor: User, leave_out_faulty: bool) -> Job:
    """Have the rows of a file entered; answers the job, which may have ended already."""
    with transaction.atomic():
        job = actions.ask_to_enter(
            upload,
            actor=actor,
            leave_out_faulty=leave_out_faulty,
            language=translation.get_language() or "",
        )
        carry_out.enqueue(str(job.pk))
    return job


def start_undoing(batch: Batch, *, actor: User) -> Job:
    """Have an import undone; answers the job, which may have ended already."""
    with transaction.atomic():
        job = actions.ask_to_undo(batch, actor=actor, language=translation.get_language() or "")
        carry_out.enqueue(str(job.pk))
    return job


@task()
def carry_out(key: str) -> None:
    """Do what was asked, all or nothing; however it ends, whoever asked is told."""
    job = Job.objects.select_related("street", "asked_by", "upload", "batch").get(pk=key)
    if job.began_at is not None:
        return
    actions.begin(job)
    try:
        with translation.override(job.language):
            _carry_out(job)
    finally:
        # A fault of ours, or a worker that is stopped: the transaction is rolled back.
        with translation.override(job.language):
            actions.give_up(Job.objects.filter(pk=job.pk))
        forget(job.pk)


def _carry_out(job: Job) -> None:
    try:
        if job.kind == Job.Kind.UNDO:
            actions.undo_for(job)
        else:
            _enter(job)
    except Refused as refused:
        actions.refuse(job, refused)
    except CalendarMissing as missing:
        actions.refuse(job, Refused("calendar_missing", calendar_sentence(missing)))


def _enter(job: Job) -> None:
    if job.upload is None:
        raise Refused(
            "file_gone", _("The file is kept for a day and is gone now. Bring it in again.")
        )
    upload = job.upload
    staged = stage(
        ledger_called(upload.ledger),
        bytes(upload.content),
        upload.file_name,
        street=job.street,
        user=job.asked_by,
        year=upload.year,
        mapping=upload.columns,
        progress=Told(job.pk),
    )
    forget(job.pk)  # the rest is one transaction, of which nothing shows before its end
    actions.enter_for(job, staged)


class Told:
    """Tells the page how many of the rows have been looked through, a few times a second."""

    OFTEN = 0.3  # seconds

    def __init__(self, job: UUID) -> None:
        self._job, self._next = str(job), 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            caches["progress"].set(self._job, (done, total))
            self._next = time.monotonic() + self.OFTEN


def how_far(job: UUID) -> tuple[int, int] | None:
    """How many rows of how many; None where that is not known."""
    found: tuple[int, int] | None = caches["progress"].get(str(job))
    return found


def forget(job: UUID) -> None:
    """Nothing is told of the job any more."""
    caches["progress"].delete(str(job))
