"""A ledger as an office has it: brought in, asked about once, and entered."""

from __future__ import annotations

import pytest
from django.apps import apps

from tests.journeys.conftest import PHONE, axe_faults, sideways

pytestmark = pytest.mark.line("requests")

if apps.is_installed("fenghuang.lines.requests"):
    from fenghuang.lines.requests.models import WorkOrder
    from fenghuang.lines.requests.tests.test_order_ledger import nasty


def test_what_the_books_do_not_know_is_answered_on_one_page(sign_in, tmp_path):
    file = tmp_path / "热线台账.xlsx"
    file.write_bytes(nasty())
    with sign_in("centre") as page:
        page.goto("/ledgers/work_orders/")
        page.set_input_files("[name=file]", file)
        page.click("form[enctype] button[type=submit]")
        page.wait_for_url("**/uploads/**")
        faults = axe_faults(page)
        page.set_viewport_size(PHONE)
        too_wide = sideways(page)
        page.select_option("[name='word.category.车位']", "parking")
        page.select_option("[name='word.channel.领导信箱']", "web")
        page.select_option("[name='word.kind.感谢']", "-")
        page.select_option("[name='word.unit.城建科']", "城建办")
        page.click("form[action$='/columns/'] button")
        page.click("form[action$='/enter/'] button")
        page.wait_for_url("**/imports/**")

    assert (faults, too_wide) == ([], 0)
    assert WorkOrder.objects.filter(source="import").count() == 5
