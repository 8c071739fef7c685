from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from fenghuang.indicators.places import grid_staffed_rate, grids, grids_with_worker
from fenghuang.kernel.journal import check, read
from fenghuang.kernel.refusal import Refused
from fenghuang.reports import chapters, checks
from fenghuang.reports.actions import define, defined_in, save_chapter
from fenghuang.reports.models import Chapter
from fenghuang.reports.refusals import SavedMeanwhile

TEXT = '辖{{ figure "PLC.COMMUNITIES" }}社区、{{ figure "PLC.GRIDS" style="over" }}网格。'


def save(cast, text=TEXT, *, line="opening", actor=None, seen=0):
    return save_chapter(cast.street, 2021, line, text, actor=actor or cast.office, seen=seen)


def test_saving_keeps_the_text_and_the_figures_that_the_writer_saw(cast):
    save(cast)

    chapter = Chapter.objects.get()
    assert (chapter.text, chapter.saved_by) == (TEXT, cast.office)
    assert chapter.figures == {
        "PLC.COMMUNITIES": {"value": "2", "wording": "2个"},
        "PLC.GRIDS": {"value": "3", "wording": "3个"},
    }


def test_saving_is_one_entry_of_the_journal(cast):
    before = read.size(cast.street.pk)

    first = save(cast)
    again = save(cast, "换了。", seen=first.entry)

    assert [(one.n, one.op, one.verb) for one in read.history(again.pk)] == [
        (before, "add", "save_chapter"),
        (before + 1, "fix", "save_chapter"),
    ]
    assert check.check(cast.street.pk) == []


def test_the_line_breaks_of_a_browser_are_kept_as_plain_ones(cast):
    assert save(cast, "甲\r\n\r\n乙").text == "甲\n\n乙"


@pytest.mark.parametrize(
    "typed",
    [
        "共62场次",
        "共６２场次",
        "共六十二场",
        '超过{{ figure "PLC.GRIDS" }}',
        '{{ figure "NO.SUCH" }}',
    ],
)
def test_what_belongs_in_a_slot_is_refused_and_nothing_is_kept(cast, typed):
    before = read.size(cast.street.pk)

    with pytest.raises(Refused) as refused:
        save(cast, typed)

    assert (refused.value.code, refused.value.where) == ("typed_figure", "text")
    assert (Chapter.objects.count(), read.size(cast.street.pk)) == (0, before)


def test_the_refusal_names_the_place_in_the_text(cast):
    with pytest.raises(Refused) as refused:
        save(cast, "第一段。\n\n共召开六十二场。")

    assert "3" in str(refused.value)
    assert "六十二场" in str(refused.value)


@pytest.mark.parametrize(
    "name", ["leader", "auditor", "checker", "secretary", "grid_worker", "administrator"]
)
def test_those_who_only_read_may_not_save(cast, name):
    with pytest.raises(Refused) as refused:
        save(cast, actor=cast.staff[name])

    assert (refused.value.code, Chapter.objects.count()) == ("role", 0)


def test_nobody_edits_the_chapters_of_another_street(cast):
    with pytest.raises(Refused) as refused:
        save_chapter(cast.other_street, 2021, "opening", "甲", actor=cast.office, seen=0)

    assert refused.value.code == "role"


def test_a_chapter_that_the_report_does_not_have_is_a_fault_of_ours(cast):
    with pytest.raises(LookupError):
        save(cast, line="finance")


def test_whoever_saves_second_is_shown_what_the_first_one_saved(cast):
    save(cast, "先存的。", actor=cast.statistician)

    with pytest.raises(SavedMeanwhile) as refused:
        save(cast, "后存的。")

    theirs = refused.value.theirs
    assert (theirs.text, theirs.saved.saved_by) == ("先存的。", cast.statistician)
    assert save(cast, "合并了。", seen=theirs.seen).text == "合并了。"


def test_of_two_who_save_at_the_same_moment_one_is_refused(transactional_db, cast):
    ready = Barrier(2)

    def write_down(text):
        ready.wait()
        try:
            save(cast, text)
            return text
        except SavedMeanwhile as refused:
            return refused.theirs.text
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = set(both.map(write_down, ["甲。", "乙。"]))

    assert answers == {Chapter.objects.get().text}
    assert read.size(cast.street.pk) == Chapter.objects.get().entry + 1


def test_the_text_is_that_of_the_line_until_somebody_saves(cast):
    opening = chapters.written(cast.street.pk, 2021)[0]
    save(cast, "自己写的。")

    saved = chapters.written(cast.street.pk, 2021)[0]
    next_year = chapters.written(cast.street.pk, 2022)[0]

    assert (opening.text, opening.seen) == (chapters.OPENING.default, 0)
    assert (saved.text, saved.seen) == ("自己写的。", saved.saved.entry)
    assert next_year.text == chapters.OPENING.default


def test_a_share_between_two_kinds_is_defined_with_both_its_sides(cast):
    before = read.size(cast.street.pk)

    define(cast.street, [grid_staffed_rate], "0" * 16)

    defined = [
        defined_in(cast.street, one) for one in (grid_staffed_rate, grids, grids_with_worker)
    ]
    assert sorted(defined) == [before, before + 1, before + 2]
    assert check.check(cast.street.pk) == []


def test_a_definition_is_on_record_in_each_street_by_itself(cast):
    define(cast.street, [grids], "0" * 16)

    assert defined_in(cast.other_street, grids) is None


def test_the_chapters_that_come_with_the_lines_have_no_fault():
    assert checks.check_chapters() == []


def test_a_chapter_with_an_unknown_figure_or_a_typed_one_does_not_pass_the_check(
    tmp_path, monkeypatch
):
    path = tmp_path / "chapter.md"
    path.write_text('{{ figure "NO.SUCH" }}\n\n共62场次。', encoding="utf-8")
    missing = chapters.Source("missing", "", tmp_path / "none.md")
    monkeypatch.setattr(chapters, "sources", lambda: [chapters.Source("a", "", path), missing])

    found = [one.id for one in checks.check_chapters()]

    assert found == ["fenghuang.reports.E001"] * 2 + ["fenghuang.reports.E002"]
