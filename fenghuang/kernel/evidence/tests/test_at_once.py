"""Several people, and the purge, at the same moment: real threads, real transactions."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from fenghuang.kernel.evidence import disk
from fenghuang.kernel.evidence.actions import attach, purge, remove
from fenghuang.kernel.evidence.checks import check_files
from fenghuang.kernel.evidence.models import Attachment, StoredFile
from fenghuang.kernel.journal import read

from . import samples


@pytest.fixture(autouse=True)
def media(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def attach_contract(record, actor):
    upload = SimpleUploadedFile("合同.pdf", samples.pdf())
    return attach(record, upload, kind=Attachment.Kind.DOCUMENT, actor=actor)


def all_at_once(calls):
    def run(call):
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_file_sent_several_times_at_once_is_attached_once(cast):
    size = read.size(cast.street.pk)

    made = all_at_once([lambda: attach_contract(cast.building, cast.grid_worker)] * 4)

    assert {one.pk for one in made} == {Attachment.objects.get().pk}
    assert read.size(cast.street.pk) == size + 1


def test_a_purge_never_takes_content_that_is_being_attached_again(cast):
    places = [cast.building, cast.compound, cast.east, cast.west]
    for _ in range(5):
        for old in Attachment.objects.filter(removed_at=None):
            remove(old, actor=cast.grid_worker, ground="wrong record")

        all_at_once(
            [lambda p=place: attach_contract(p, cast.grid_worker) for place in places]
            + [lambda: purge(timezone.localdate(), actor=cast.administrator)] * 2
        )

        assert StoredFile.objects.get().purged_at is None
        assert disk.is_intact(StoredFile.objects.get().sha256)
        assert check_files() == []
