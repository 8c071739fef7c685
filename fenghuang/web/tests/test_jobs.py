"""Imports are carried out beside the web: one sees how far they are and how they ended."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import post_save
from django.utils import timezone

from fenghuang.kernel.places.models import Grid
from fenghuang.kernel.refusal import Refused
from fenghuang.kit import actions, tasks
from fenghuang.kit.ledgers import ledger_called, stage
from fenghuang.kit.models import Batch, Job, Upload
from fenghuang.kit.workbooks import Heading, write_workbook

LEDGER = "grids"


def workbook(*rows: tuple[str, str]) -> SimpleUploadedFile:
    """A ledger of grids: community and name."""
    out = BytesIO()
    headings = [Heading("社区", 12), Heading("网格名称", 12)]
    write_workbook(out, "网格台账", headings, [list(row) for row in rows])
    return SimpleUploadedFile("网格.xlsx", out.getvalue())


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


@pytest.fixture
def brought(office) -> Upload:
    """A file with one new grid, looked through."""
    office.post(f"/ledgers/{LEDGER}/", {"file": workbook(("东园社区", "东园第三网格"))})
    return Upload.objects.get()


@pytest.fixture
def waiting(cast, brought) -> Job:
    """A job with which no worker has begun."""
    return actions.ask_to_enter(
        brought, actor=cast.office, leave_out_faulty=False, language="zh-hans"
    )


def test_the_rows_are_entered_and_the_page_says_how_many(cast, office, brought):
    answer = office.post(f"/uploads/{brought.pk}/enter/")
    page = office.get(answer["Location"])

    job, batch = Job.objects.get(), Batch.objects.get()
    assert answer["Location"] == f"/imports/{job.pk}/"
    assert (job.is_done, job.batch, job.asked_by) == (True, batch, cast.office)
    assert (batch.rows, batch.entered_by) == (1, cast.office)
    assert Grid.objects.filter(name="东园第三网格").count() == 1
    assert not Upload.objects.exists()
    assert "hx-get" not in page.content.decode()


def test_while_it_waits_the_page_asks_again_with_and_without_scripts(office, waiting):
    page = office.get(f"/imports/{waiting.pk}/")

    text = page.content.decode()
    assert 'hx-trigger="every 1s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "<progress" in text


def test_how_far_it_is_is_told_and_only_what_is_new_is_sent(office, waiting):
    actions.begin(waiting)
    tasks.Told(waiting.pk)(300, 3000)
    address = f"/imports/{waiting.pk}/"

    page = office.get(address)
    asked_again = {"seen": page.context["seen"]}
    same = office.get(address, asked_again, headers={"HX-Request": "true"})
    tasks.forget(waiting.pk)
    other = office.get(address, asked_again, headers={"HX-Request": "true"})

    assert '<progress id="come" value="300" max="3000">' in page.content.decode()
    assert (same.status_code, same.content) == (204, b"")
    assert other.status_code == 200


def test_a_long_file_tells_how_many_rows_are_looked_through(cast):
    told: list[tuple[int, int]] = []
    rows = [("东园社区", f"东园新{n}网格") for n in range(30)]

    stage(
        ledger_called(LEDGER),
        workbook(*rows).read(),
        street=cast.street,
        user=cast.office,
        progress=lambda done, total: told.append((done, total)),
    )

    assert [done for done, _total in told] == [*range(30), 32]
    assert {total for _done, total in told} == {32}  # with title and header


def test_asking_twice_is_one_job(cast, office, brought, waiting):
    office.post(f"/uploads/{brought.pk}/enter/")

    assert Job.objects.count() == 1
    assert Batch.objects.count() == 1


def test_what_is_refused_is_said_in_one_sentence_and_nothing_is_entered(cast, office):
    office.post(
        f"/ledgers/{LEDGER}/",
        {"file": workbook(("东园社区", "东园第三网格"), ("无此社区", ""))},
    )
    upload = Upload.objects.get()

    answer = office.post(f"/uploads/{upload.pk}/enter/")
    page = office.get(answer["Location"]).content.decode()

    job = Job.objects.get()
    assert (job.refusal, job.is_done, job.batch) == ("has_errors", False, None)
    assert job.sentence in page
    assert not Grid.objects.filter(name="东园第三网格").exists()
    assert Upload.objects.count() == 1


def test_rows_that_are_wrong_are_left_out_and_can_be_mended(cast, office):
    office.post(
        f"/ledgers/{LEDGER}/",
        {"file": workbook(("东园社区", "东园第三网格"), ("无此社区", ""))},
    )
    upload = Upload.objects.get()

    answer = office.post(f"/uploads/{upload.pk}/enter/", {"leave_out": "1"})

    assert Grid.objects.filter(name="东园第三网格").exists()
    assert f"/uploads/{upload.pk}/" in office.get(answer["Location"]).content.decode()


def test_a_file_whose_day_is_over_is_asked_for_again(waiting):
    actions.drop_uploads(timezone.now())

    tasks.carry_out.call(str(waiting.pk))

    waiting.refresh_from_db()
    assert waiting.refusal == "file_gone"


def test_a_fault_of_ours_leaves_nothing_behind_and_is_told(waiting):
    def fails(**_signal):
        raise ZeroDivisionError

    # The batch is the last that is written: all rows stand already.
    post_save.connect(fails, sender=Batch)
    try:
        with pytest.raises(ZeroDivisionError):
            tasks.carry_out.call(str(waiting.pk))
    finally:
        post_save.disconnect(fails, sender=Batch)

    waiting.refresh_from_db()
    assert (waiting.refusal, waiting.is_done) == ("interrupted", False)
    assert waiting.sentence
    assert not Grid.objects.filter(name="东园第三网格").exists()
    assert Upload.objects.count() == 1


def test_a_worker_that_comes_in_tells_what_a_lost_one_left(cast, brought, waiting):
    begun = waiting
    actions.begin(begun)
    other = Upload.objects.create(
        street=cast.street, ledger=LEDGER, content=b"", kept_by=cast.office
    )
    still = actions.ask_to_enter(other, actor=cast.office, leave_out_faulty=False, language="en")

    actions.give_up_lost()

    begun.refresh_from_db()
    still.refresh_from_db()
    assert (begun.refusal, begun.is_under_way) == ("interrupted", False)
    assert still.is_waiting


def test_an_import_of_places_is_not_undone_and_the_page_says_why(office, brought):
    office.post(f"/uploads/{brought.pk}/enter/")
    batch = Batch.objects.get()

    answer = office.post(f"/imports/{batch.pk}/undo/")

    job = Job.objects.get(kind="undo")
    assert answer["Location"] == f"/imports/{job.pk}/"
    assert job.refusal == "cannot_undo"
    assert job.sentence in office.get(answer["Location"]).content.decode()


def test_the_sentence_is_in_the_language_of_whoever_asked(cast, brought):
    job = actions.ask_to_enter(brought, actor=cast.office, leave_out_faulty=False, language="en")
    actions.drop_upload(brought)

    tasks.carry_out.call(str(job.pk))

    job.refresh_from_db()
    assert job.sentence.isascii()


def test_nobody_else_sees_my_imports(cast, office, waiting, client):
    assert [one for one, _title in office.get("/imports/").context["jobs"]] == [waiting]
    client.force_login(cast.secretary)

    assert client.get(f"/imports/{waiting.pk}/").status_code == 404
    assert client.get("/imports/").context["jobs"] == []


def test_ended_jobs_go_after_a_while_and_others_stay(cast, brought, waiting):
    done = actions.ask_to_undo(
        Batch.objects.create(
            street=cast.street,
            ledger=LEDGER,
            sha256="0" * 64,
            rows=1,
            journal_size=0,
            entered_by=cast.office,
        ),
        actor=cast.office,
        language="en",
    )
    actions.refuse(done, Refused("cannot_undo", "no"))

    actions.drop_jobs(timezone.now())

    assert list(Job.objects.all()) == [waiting]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_little_of_the_database(
    cast, office, waiting, django_assert_max_num_queries, count
):
    for _n in range(count - 1):
        upload = Upload.objects.create(
            street=cast.street, ledger=LEDGER, content=b"", kept_by=cast.office
        )
        actions.ask_to_enter(upload, actor=cast.office, leave_out_faulty=False, language="en")

    with django_assert_max_num_queries(5):
        office.get("/imports/")
