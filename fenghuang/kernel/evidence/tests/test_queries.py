from datetime import date
from hashlib import sha256

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from fenghuang.kernel.evidence import disk
from fenghuang.kernel.evidence.actions import attach, purge, remove
from fenghuang.kernel.evidence.checks import check_files
from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.evidence.queries import can_see, evidence_hashes, evidence_of
from fenghuang.kernel.evidence.serving import (
    HEADERS,
    THUMBNAIL_HEADERS,
    headers_of,
    path_of,
    thumbnail_path_of,
)
from fenghuang.kernel.records.actions import enter

from . import samples

Kind = Attachment.Kind
MINUTES, CONTRACT, PHOTO = samples.docx(), samples.pdf(), samples.picture("PNG")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.FENGHUANG_EVIDENCE_MAX_BYTES = samples.LIMIT


@pytest.fixture
def attach_here(cast):
    def attach_here(data, name, *, to=None, kind=Kind.DOCUMENT):
        upload = SimpleUploadedFile(name, data)
        return attach(to or cast.building, upload, kind=kind, actor=cast.grid_worker)

    return attach_here


def test_the_evidence_of_a_record_comes_in_order_and_without_what_was_removed(cast, attach_here):
    minutes = attach_here(MINUTES, "纪要.docx")
    mistake = attach_here(CONTRACT, "合同.pdf")
    photo = attach_here(PHOTO, "现场.png", kind=Kind.PHOTO)
    attach_here(MINUTES, "纪要.docx", to=cast.compound)

    remove(mistake, actor=cast.grid_worker, ground="wrong record")

    assert list(evidence_of(cast.building)) == [minutes, photo]
    assert evidence_hashes(cast.building) == sorted([minutes.file_id, photo.file_id])
    assert minutes.file_id == sha256(MINUTES).hexdigest()


def test_one_content_under_two_kinds_has_one_hash(cast, attach_here):
    attach_here(PHOTO, "现场.png", kind=Kind.PHOTO)
    one = attach_here(PHOTO, "现场.png", kind=Kind.PHOTO_AFTER)

    assert evidence_hashes(cast.building) == [one.file_id]


def test_purged_evidence_is_still_named(cast, attach_here):
    photo = attach_here(PHOTO, "现场.png", kind=Kind.PHOTO)
    minutes = attach_here(MINUTES, "纪要.docx")

    purge(photo.purge_on, actor=cast.administrator)

    assert [one.is_kept for one in evidence_of(cast.building)] == [False, True]
    assert evidence_hashes(cast.building) == sorted([minutes.file_id, photo.file_id])


def test_showing_evidence_takes_one_query(cast, attach_here, django_assert_num_queries):
    attach_here(MINUTES, "纪要.docx")
    attach_here(CONTRACT, "合同.pdf")
    attach_here(PHOTO, "现场.png", kind=Kind.PHOTO)

    with django_assert_num_queries(1):
        shown = [(str(one.added_by), one.file.size) for one in evidence_of(cast.building)]

    assert len(shown) == 3


@pytest.mark.line("requests")
def test_a_file_is_seen_by_those_who_see_its_record(cast, attach_here):
    meeting = apps.get_model("requests.Meeting")(
        street=cast.street,
        place=cast.east_first,
        happened_on=date(2021, 11, 8),
        venue="东园",
        theme="路灯",
        chair="主持人",
    )
    made = attach_here(MINUTES, "纪要.docx", to=enter(meeting, actor=cast.grid_worker))

    seen_by = {
        name
        for name in ("leader", "secretary", "west_secretary")
        if can_see(cast.staff[name], made)
    }

    assert seen_by == {"leader", "secretary"}
    assert not can_see(cast.outsider, made)


def test_pictures_are_shown_and_everything_else_is_only_downloaded(attach_here):
    photo = attach_here(PHOTO, "现场.png", kind=Kind.PHOTO)
    note = attach_here("路灯".encode(), "说明.txt")

    assert headers_of(photo) == {
        **HEADERS,
        "Content-Type": "image/png",
        "Content-Disposition": "inline; filename*=utf-8''%E7%8E%B0%E5%9C%BA.png",
    }
    assert headers_of(note) == {
        **HEADERS,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Disposition": "attachment; filename*=utf-8''%E8%AF%B4%E6%98%8E.txt",
    }


@pytest.mark.parametrize(
    ("data", "name"),
    [(CONTRACT, "a.pdf"), (MINUTES, "a.docx"), (samples.xlsx(), "a.xlsx"), (b"a", "a.txt")],
)
def test_no_document_is_shown_inside_our_pages(attach_here, data, name):
    headers = headers_of(attach_here(data, name))

    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_only_pictures_have_a_thumbnail(attach_here):
    photo = attach_here(PHOTO, "现场.png", kind=Kind.PHOTO).file
    minutes = attach_here(MINUTES, "纪要.docx").file

    assert path_of(minutes).read_bytes() == MINUTES
    assert thumbnail_path_of(photo).read_bytes()[:3] == b"\xff\xd8\xff"
    assert thumbnail_path_of(minutes) is None
    assert THUMBNAIL_HEADERS == {**HEADERS, "Content-Type": "image/jpeg"}


def test_the_check_names_files_that_are_gone_or_changed(cast, attach_here):
    sound = attach_here(MINUTES, "纪要.docx").file_id
    gone = attach_here(CONTRACT, "合同.pdf").file_id
    changed = attach_here(b"a", "说明.txt").file_id
    purged = attach_here(b"b", "说明.txt")
    remove(purged, actor=cast.grid_worker, ground="wrong record")
    purge(date(2021, 1, 1), actor=cast.administrator)
    assert check_files() == []

    disk.place_of(gone).unlink()
    disk.place_of(changed).write_bytes(b"b")

    steps = []
    faults = check_files(lambda done, of: steps.append((done, of)))
    assert sorted(faults) == sorted(
        [
            f"file {gone} is missing",
            f"file {changed} was changed: its content does not have this hash",
        ]
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert disk.is_intact(sound)
