"""The office looks at what did not arrive; the administrator lets a program listen."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.utils import timezone

from fenghuang.kernel.notices.actions import mark_undelivered, notify
from fenghuang.kernel.notices.models import Notice
from fenghuang.kernel.notices.tests.servers import listening
from fenghuang.kernel.notices.undelivered import Undelivered
from tests.journeys.conftest import PHONE, axe_faults, sideways

WIDTHS = [{"width": 1280, "height": 900}, PHONE]


@pytest.fixture
def failed(cast) -> Notice:
    with transaction.atomic():
        notice = notify(
            cast.secretary, street=cast.street, key="due:1", subject="工单明天到期", body="…"
        )
    notice.tries = 1
    mark_undelivered(notice, Undelivered("连不上邮件服务器。"), at=timezone.now())
    return notice


def test_the_office_sends_again_what_failed(sign_in, failed):
    with sign_in("office", java_script_enabled=False) as page:
        page.click("nav.side >> text=通知")
        page.click("summary:has-text('筛选')")
        page.select_option("[name=state]", "not_sent")
        page.click("button:has-text('应用')")
        page.click("button:has-text('重新发送')")
        page.wait_for_url("**/notices/")

    failed.refresh_from_db()
    assert failed.state == Notice.State.WAITING


def test_the_administrator_adds_a_webhook_and_tries_it(sign_in, settings):
    settings.FENGHUANG_PRIVATE_WEBHOOKS = True
    with listening() as listener, sign_in("administrator", java_script_enabled=False) as page:
        page.click("nav.side >> text=推送地址")
        page.click("a:has-text('添加推送地址') >> nth=0")
        page.fill("[name=name]", "热线网关")
        page.fill("[name=url]", listener.url)
        page.click("main button[type=submit]")
        page.click("a:has-text('完成')")
        page.click("button:has-text('试推送')")
        page.wait_for_selector(".message.success")

    assert len(listener.received) == 1


@pytest.mark.parametrize("size", WIDTHS, ids=lambda size: size["width"])
def test_every_page_fits_its_window_and_is_fit_for_everybody(sign_in, failed, size):
    with sign_in("administrator") as page:
        page.set_viewport_size(size)
        found = []
        for path in ("/notices/", "/notices/?state=sent", "/notices/sender/", "/webhooks/",
                     "/webhooks/new/", "/accounts/email/"):  # fmt: skip
            page.goto(path)
            found += [*axe_faults(page), *([path] if sideways(page) > 0 else [])]
        page.goto("/webhooks/new/")
        page.fill("[name=name]", "热线网关")
        page.fill("[name=url]", "https://93.184.215.14/a-long-address/" + "x" * 200)
        page.click("main button[type=submit]")
        found += [*axe_faults(page), *(["secret"] if sideways(page) > 0 else [])]
        page.click("a:has-text('完成')")
        page.wait_for_url(re.compile(r"/webhooks/[0-9a-f-]{36}/$"))
        found += [*axe_faults(page), *(["webhook"] if sideways(page) > 0 else [])]

    assert found == []
