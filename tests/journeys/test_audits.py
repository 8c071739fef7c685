"""From a text found on the web to verdicts and records, as people do it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fenghuang.claims import tests as claims_tests
from fenghuang.kernel.journal.check import check
from fenghuang.reports.actions import keep_text, say_meaning
from fenghuang.reports.models import AuditedText, Correction
from fenghuang.reports.tests import requests_records as made
from tests.journeys.conftest import PHONE, axe_faults, sideways

DATA = Path(claims_tests.__file__).parent / "data"
GARBLED = (DATA / "phoenix_2021_web.txt").read_text(encoding="utf-8")


def paste(page, text: str) -> None:
    page.goto("/audits/")
    page.fill("[name=text]", text)
    page.fill("[name=year]", "2021")
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url("**/audits/*-*/")


@pytest.mark.line("requests")
def test_a_clerk_holds_a_garbled_page_against_the_records(sign_in, cast):
    made.hold_meetings(cast, 3, on=date(2021, 1, 4))
    with sign_in("office") as page:
        paste(page, GARBLED)
        mended = page.inner_text("article.audited")
        everything = page.locator("article.claim").count()

        page.click("nav a[href='?only=wrong']")
        page.wait_for_url("**/?only=wrong")
        wrong = page.locator("article.claim").count()
        claim = page.locator("article.claim", has_text="62场次")
        told = claim.inner_text()
        claim.locator("a[href*='#records']").click()
        page.wait_for_url("**/figures/MTG.SESSIONS/**")
        traced = page.inner_text("main")

    assert "召开“屋场贴心会”62场次" in mended
    assert everything > wrong > 0
    assert "3 场次" in told
    assert all(f"REQ-2021-0000{n}" in traced for n in (1, 2, 3))


def test_what_a_person_says_of_a_claim_is_seen_at_once_and_kept(sign_in, cast):
    with sign_in("office") as page:
        paste(page, "全街共有服务点位3个。")
        before = page.inner_text("article.claim .verdict")
        page.click("article.claim summary")
        page.click("article.claim details p a")
        page.wait_for_url("**/claims/1/")
        page.select_option("[name=indicator]", "PLC.GRIDS")
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_url("**/audits/*-*/?page=1#c1")
        after = page.inner_text("article.claim .verdict")

        page.goto("/audits/meanings/")
        listed = page.inner_text("main table")
        page.click("main button[name=said]")
        page.wait_for_load_state()
        withdrawn = page.locator("main table").count()

    assert (before[:1], after[:1]) == ("?", "✓")
    assert "PLC.GRIDS" in listed and cast.office.display_name in listed
    assert (withdrawn, Correction.objects.filter(voided_at=None).count()) == (0, 0)
    assert check(cast.street.pk) == []


def test_a_claim_on_a_later_page_is_reached_from_the_text(sign_in, cast):
    with sign_in("leader") as page:
        paste(page, "全街3个网格，2个社区。" * 30)
        page.click("#t60")
        page.wait_for_url("**/?page=2#c60")
        shown = page.inner_text("#c60 .said")

    assert shown == "2个"


def test_a_file_is_brought_and_the_text_deleted_again(sign_in, cast, tmp_path):
    file = tmp_path / "总结.txt"
    file.write_text("全街31个网格。", encoding="utf-8")
    with sign_in("secretary") as page:
        page.goto("/audits/")
        page.set_input_files("[name=file]", file)
        page.fill("[name=year]", "2021")
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_url("**/audits/*-*/")
        title = page.inner_text("h1")
        with page.expect_download() as downloaded:
            page.click("a[href$='/workbook/']")
        name = downloaded.value.suggested_filename
        page.click("form[action$='/drop/'] button")
        page.wait_for_url("**/audits/")

    assert (title, name.startswith("梧桐街2021年"), name.endswith(".xlsx")) == (
        "总结.txt",
        True,
        True,
    )
    assert not AuditedText.objects.exists()


def test_an_audit_works_without_javascript_on_a_phone(sign_in, cast):
    with sign_in("grid_worker", java_script_enabled=False) as page:
        page.set_viewport_size(PHONE)
        paste(page, "全街31个网格。")
        told = page.inner_text("article.claim")

    assert "31个" in told and "▲" in told


@pytest.mark.parametrize("window", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_screen_of_audits_is_accessible_and_fits(sign_in, cast, window, language):
    if made.is_on():
        made.hold_meetings(cast, 3, on=date(2021, 1, 4))
    text = GARBLED + "\n签约项目3个（甲项目、乙项目）。"
    kept = keep_text(cast.street, 2021, text, name="凤凰街2021年工作总结" * 4, actor=cast.office)
    say_meaning(cast.street, "服务点位", "PLC.GRIDS", is_meant=True, actor=cast.office)
    screens = [
        "/audits/",
        "/audits/meanings/",
        f"/audits/{kept.pk}/",
        f"/audits/{kept.pk}/?only=wrong",
        f"/audits/{kept.pk}/?only=supported",
        f"/audits/{kept.pk}/claims/1/",
    ]
    faults, wide = [], []
    with sign_in("office") as page:
        if window == "phone":
            page.set_viewport_size(PHONE)
        page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
        for address in screens:
            answer = page.goto(address)
            assert (address, answer.status) == (address, 200)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            faults += axe_faults(page)
            if sideways(page) > 0:
                wide.append(address)

    assert (faults, wide) == ([], [])
