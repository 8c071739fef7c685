from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from fenghuang.kernel.evidence import disk
from fenghuang.kernel.evidence.actions import _sweep, attach, purge, remove
from fenghuang.kernel.evidence.intake import accept
from fenghuang.kernel.evidence.models import Attachment, StoredFile
from fenghuang.kernel.journal import commitment, read
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.journal.models import Entry
from fenghuang.kernel.refusal import Refused

from . import samples

Kind = Attachment.Kind


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.FENGHUANG_EVIDENCE_MAX_BYTES = samples.LIMIT
    return tmp_path


@pytest.fixture
def attach_here(cast):
    """Attach by the grid worker, to the building unless said otherwise."""

    def attach_here(data, name="合同.pdf", *, to=None, kind=Kind.DOCUMENT, **values):
        upload = SimpleUploadedFile(name, data)
        return attach(to or cast.building, upload, kind=kind, actor=cast.grid_worker, **values)

    return attach_here


def on_disk(media):
    return {path.name for path in media.rglob("*") if path.is_file()}


def test_a_photo_is_kept_with_its_facts_and_without_its_metadata(cast, attach_here):
    data = samples.telephone_photo()

    made = attach_here(data, "现场.jpg", kind=Kind.PHOTO_BEFORE, caption="路灯")

    kept = accept("现场.jpg", data, samples.LIMIT)
    made.refresh_from_db()
    assert made.file_id == kept.sha256 != sha256(data).hexdigest()
    assert disk.place_of(made.file_id).read_bytes() == kept.data
    assert disk.thumbnail_place_of(made.file_id).read_bytes() == kept.thumbnail
    assert (made.record_type, made.record_id) == ("places.building", cast.building.pk)
    assert (made.name, made.caption, made.added_by) == ("现场.jpg", "路灯", cast.grid_worker)
    assert made.taken_on == date(2021, 11, 8)
    assert made.purge_on == timezone.localdate(made.added_at) + timedelta(days=730)
    assert (made.file.media_type, made.file.size) == ("image/jpeg", len(kept.data))
    assert (made.file.width, made.file.height, made.file.purged_at) == (64, 48, None)


def test_the_entry_commits_to_the_hash_and_holds_no_name(cast, attach_here):
    made = attach_here(samples.pdf(), "张三的合同.pdf", caption="张三")

    digest = sha256(samples.pdf()).hexdigest()
    entry = Entry.objects.get(journal=cast.street.pk, n=made.entry)
    opening = read.opening(cast.street.pk, made.entry)
    assert (opening["file"], opening["@evidence"]) == (digest, [digest])
    assert commitment.evidence_root([digest]).hex() in entry.header
    assert "张三" not in entry.opening + entry.header
    assert [change.verb for change in read.history(made.pk)] == ["attach"]
    assert check(cast.street.pk) == []


def test_a_day_that_is_given_goes_before_that_of_the_camera(attach_here):
    day = date(2021, 12, 1)

    made = attach_here(samples.telephone_photo(), "a.jpg", kind=Kind.PHOTO, taken_on=day)

    assert made.taken_on == day


def test_a_day_in_the_future_is_refused(attach_here):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(Refused) as refusal:
        attach_here(samples.pdf(), taken_on=tomorrow)

    assert (refusal.value.code, refusal.value.where) == ("future", "taken_on")


def test_a_camera_ahead_of_its_time_is_not_believed(attach_here):
    tags = samples.exif()
    tags.get_ifd(0x8769)[0x9003] = "2999:01:01 00:00:00"

    made = attach_here(samples.picture("JPEG", exif=tags), "a.jpg", kind=Kind.PHOTO)

    assert made.taken_on is None


@pytest.mark.parametrize("kind", [Kind.PHOTO, Kind.PHOTO_BEFORE, Kind.PHOTO_AFTER, Kind.SIGNATURE])
def test_only_a_picture_can_be_a_photo_or_a_signature(attach_here, kind):
    with pytest.raises(Refused) as refusal:
        attach_here(samples.pdf(), kind=kind)

    assert refusal.value.code == "picture_wanted"
    assert attach_here(samples.picture("PNG"), "a.png", kind=kind).kind == kind


def test_what_is_refused_leaves_nothing_behind(attach_here, media):
    for data in (b"", samples.SVG, bytes(samples.LIMIT + 1)):
        with pytest.raises(Refused):
            attach_here(data, "a.jpg", kind=Kind.PHOTO)

    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert on_disk(media) == set()


def test_every_kind_has_a_time_to_be_kept(attach_here):
    days = {
        kind: attach_here(samples.picture("PNG"), "a.png", kind=kind).purge_on
        - timezone.localdate()
        for kind in Kind
    }

    assert days == {
        Kind.PHOTO: timedelta(days=730),
        Kind.PHOTO_BEFORE: timedelta(days=730),
        Kind.PHOTO_AFTER: timedelta(days=730),
        Kind.DOCUMENT: timedelta(days=3653),
        Kind.SIGNATURE: timedelta(days=1096),
    }


def test_the_same_content_is_kept_once_for_several_records(cast, attach_here, media):
    one = attach_here(samples.pdf())
    other = attach_here(samples.pdf(), to=cast.compound)

    assert one.pk != other.pk
    assert StoredFile.objects.get() == one.file == other.file
    assert on_disk(media) == {one.file_id}


def test_the_same_content_is_attached_to_a_record_once(cast, attach_here):
    once = attach_here(samples.pdf(), "一.pdf")
    size = read.size(cast.street.pk)

    twice = attach_here(samples.pdf(), "二.pdf")

    assert (twice, twice.name) == (once, "一.pdf")
    assert read.size(cast.street.pk) == size


def test_a_removed_file_can_be_attached_again(cast, attach_here):
    first = attach_here(samples.pdf())
    remove(first, actor=cast.grid_worker, ground="wrong record")

    assert attach_here(samples.pdf()).pk != first.pk


def test_removing_says_why_and_keeps_the_bytes_until_the_purge(cast, attach_here, media):
    made = attach_here(samples.pdf())

    remove(made, actor=cast.secretary, ground="wrong record")

    made.refresh_from_db()
    last = read.history(made.pk)[-1]
    assert (last.op, last.verb, last.ground) == ("void", "remove", "wrong record")
    assert last.by == cast.secretary.pseudonym
    assert (made.is_kept, made.file.purged_at) == (False, None)
    assert on_disk(media) == {made.file_id}


def test_purge_on_is_the_first_day_without_the_file(cast, attach_here, media):
    made = attach_here(samples.telephone_photo(), "a.jpg", kind=Kind.PHOTO, caption="路灯")

    the_day_before = purge(made.purge_on - timedelta(days=1), actor=cast.administrator)
    assert (the_day_before, on_disk(media)) == (
        0,
        {made.file_id, f"{made.file_id}.thumbnail.jpg"},
    )

    assert purge(made.purge_on, actor=cast.administrator) == 1
    made.refresh_from_db()
    assert on_disk(media) == set()
    assert (made.name, made.caption, made.is_kept) == ("", "", False)
    assert made.purged_at == made.file.purged_at is not None


def test_a_purge_leaves_a_receipt_and_the_hash(cast, attach_here):
    made = attach_here(samples.pdf())

    purge(made.purge_on, actor=cast.administrator)

    last = read.history(made.pk)[-1]
    assert (last.op, last.ground) == ("erase", f"kept until {made.purge_on}")
    assert (last.erased, last.by) == (["caption", "name"], cast.administrator.pseudonym)
    assert read.opening(cast.street.pk, last.n)["file"] == sha256(samples.pdf()).hexdigest()
    assert check(cast.street.pk) == []


def test_a_removed_file_is_purged_at_once(cast, attach_here, media):
    made = attach_here(samples.pdf())
    remove(made, actor=cast.grid_worker, ground="a face is seen")

    assert purge(timezone.localdate(), actor=cast.administrator) == 1
    assert on_disk(media) == set()
    assert read.history(made.pk)[-1].ground == "removed"


def test_a_second_purge_finds_nothing_to_do(cast, attach_here):
    made = attach_here(samples.pdf())
    purge(made.purge_on, actor=cast.administrator)
    size = read.size(cast.street.pk)

    assert purge(made.purge_on, actor=cast.administrator) == 0
    assert read.size(cast.street.pk) == size


def test_content_stays_while_another_attachment_keeps_it(cast, attach_here, media):
    short = attach_here(samples.picture("PNG"), "a.png", kind=Kind.PHOTO)
    long = attach_here(samples.picture("PNG"), "a.png", kind=Kind.DOCUMENT)

    assert purge(short.purge_on, actor=cast.administrator) == 0
    short.refresh_from_db()
    long.refresh_from_db()
    assert (short.is_kept, long.is_kept, long.file.purged_at) == (False, True, None)
    assert disk.is_intact(long.file_id)

    assert purge(long.purge_on, actor=cast.administrator) == 1
    assert on_disk(media) == set()


def test_content_that_comes_back_after_a_purge_is_kept_again(cast, attach_here):
    before = attach_here(samples.pdf())
    purge(before.purge_on, actor=cast.administrator)

    again = attach_here(samples.pdf())

    assert (again.file_id, again.file.purged_at) == (before.file_id, None)
    assert purge(timezone.localdate(), actor=cast.administrator) == 0
    assert disk.is_intact(again.file_id)


def test_content_that_was_attached_while_a_purge_made_its_list_is_spared(attach_here):
    made = attach_here(samples.pdf())

    assert not _sweep(made.file_id)
    assert disk.is_intact(made.file_id)


def test_attaching_again_heals_bytes_that_were_damaged(cast, attach_here):
    place = disk.place_of(attach_here(samples.pdf()).file_id)
    place.write_bytes(b"damaged")

    attach_here(samples.pdf(), to=cast.compound)

    assert place.read_bytes() == samples.pdf()


def test_bytes_whose_transaction_failed_are_collected(cast, attach_here, media):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        made = attach_here(samples.pdf())
        raise ZeroDivisionError
    assert on_disk(media) == {made.file_id}

    assert purge(timezone.localdate(), actor=cast.administrator) == 1
    assert on_disk(media) == set()
    assert StoredFile.objects.count() == 0


def test_a_purge_that_broke_off_before_the_disk_is_finished_by_the_next(cast, attach_here, media):
    made = attach_here(samples.pdf())
    purge(made.purge_on, actor=cast.administrator)
    disk.put(made.file_id, samples.pdf(), None)  # as if the bytes had not been reached

    assert purge(timezone.localdate(), actor=cast.administrator) == 1
    assert on_disk(media) == set()


def test_half_a_file_left_by_a_crash_is_collected(cast, media):
    digest = sha256(b"half").hexdigest()
    folder = disk.place_of(digest).parent
    folder.mkdir(parents=True)
    (folder / f"{digest}.thumbnail.jpgx7f3k").write_bytes(b"ha")

    assert purge(timezone.localdate(), actor=cast.administrator) == 1
    assert on_disk(media) == set()


def test_nothing_is_acknowledged_that_the_disk_did_not_take(attach_here, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not-a-folder"
    settings.MEDIA_ROOT.write_bytes(b"")

    with pytest.raises(NotADirectoryError):
        attach_here(samples.pdf())

    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_stale_attachment_is_not_purged_twice(cast, attach_here):
    made = attach_here(samples.pdf())
    stale = Attachment.objects.get(pk=made.pk)
    remove(made, actor=cast.grid_worker, ground="wrong record")

    with pytest.raises(Refused) as refusal:
        remove(stale, actor=cast.secretary, ground="wrong record")

    assert refusal.value.code == "superseded"


def test_any_named_file_can_be_attached(cast):
    file = BytesIO(samples.pdf())
    file.name = "/tmp/合同.pdf"

    made = attach(cast.building, file, kind=Kind.DOCUMENT, actor=cast.grid_worker)

    assert made.name == "合同.pdf"
