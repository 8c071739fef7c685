"""A work order from the telephone to the callback, as those who have a part in it do it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.utils import timezone

from fenghuang.kernel.journal.check import check
from tests.journeys.conftest import DESKTOP, PHONE, axe_faults, sideways

pytestmark = pytest.mark.line("requests")

if apps.is_installed("fenghuang.lines.requests"):
    from fenghuang.lines.requests.models import Callback, WorkOrder
    from fenghuang.lines.requests.tests.factories import WorkOrderFactory

ORDERS = "/requests/orders/"


def looked_at(page) -> list[str]:
    """What is wrong with the page, on a desk and on a telephone."""
    faults = []
    for window in (PHONE, DESKTOP):
        page.set_viewport_size(window)
        faults += axe_faults(page)
        if sideways(page) > 0:
            faults.append(f"{page.url} is {sideways(page)} px too wide at {window['width']}")
    return faults


def do(page, order, verb: str, **fields: str) -> list[str]:
    """Opens the order, presses the verb, fills in its form and sends it; faults of both pages."""
    page.goto(order.get_absolute_url())
    faults = looked_at(page)
    page.click(f"a[data-verb][href$='/{verb}/']")
    page.wait_for_load_state()
    faults += looked_at(page)
    for name, text in fields.items():
        field = page.locator(f"main [name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.check(f"main [name={name}][value={text}]")
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
    page.click("main form.form button[type=submit]")
    page.wait_for_url(f"**{order.get_absolute_url()}")
    return faults


def test_an_order_goes_from_the_telephone_to_the_callback(sign_in, cast):
    cast.department.unit = cast.works
    cast.department.save()
    with sign_in("centre") as page:
        page.goto(f"{ORDERS}register/")
        page.fill("main [name=text]", "三单元楼道灯不亮")
        page.select_option("main select[name=place]", str(cast.east_first.pk))
        page.select_option("main select[name=category]", "lighting")
        page.fill("main [name=contact]", "13800000000")
        page.click("main form.form button[type=submit]")
        page.wait_for_url("**/requests/orders/REQ-*/")
        order = WorkOrder.objects.get()

        faults = do(page, order, "accept")
        faults += do(page, order, "file")
        faults += do(page, order, "dispatch", unit=str(cast.works.pk))
    with sign_in("department") as page:
        page.goto("/")
        waits = page.locator(f".tasks a[href='{order.get_absolute_url()}']").count()
        faults += do(page, order, "receive")
        page.goto(order.get_absolute_url())
        page.keyboard.press("1")  # what comes first: the talk
        page.wait_for_url("**/contact/")
        page.fill("main [name=note]", "约好明天上门")
        page.click("main form.form button[type=submit]")
        page.wait_for_url(f"**{order.get_absolute_url()}")
        faults += do(page, order, "submit", result="solved", answer="已更换灯具")
    with sign_in("checker") as page:
        page.goto(order.get_absolute_url())
        told = page.inner_text("main")
        faults += do(page, order, "verify", finding="灯亮了")
    with sign_in("centre") as page:
        faults += do(page, order, "close")
        faults += do(page, order, "call_back", solved="yes", satisfied="very")

    order.refresh_from_db()
    assert (order.state, order.solved, order.satisfied) == ("called_back", "yes", "very")
    assert (order.verified_by, order.submitted_by) == (cast.checker, cast.department)
    assert Callback.objects.filter(order=order, was_reached=True).count() == 1
    assert (waits, "13800000000" in told) == (1, False)
    assert faults == []
    assert check(cast.street.pk) == []


def test_three_orders_are_dispatched_at_once_by_keyboard(sign_in, cast):
    today = timezone.localdate()
    for _n in range(3):
        WorkOrderFactory(state="filed", place=cast.east_first, happened_on=today)
    taken = WorkOrderFactory(state="dispatched", place=cast.east_first, happened_on=today)
    with sign_in("centre") as page:
        page.goto(ORDERS)
        faults = looked_at(page)
        for _n in range(4):
            page.keyboard.press("j")
            page.keyboard.press("x")
        chosen = page.locator("input[form=many]:checked").count()
        page.click("button[name=verb][value=dispatch]")
        page.wait_for_load_state()
        faults += looked_at(page)
        page.select_option("main select[name=unit]", str(cast.works.pk))
        page.click("main form.form button[type=submit]")
        page.wait_for_load_state()
        faults += looked_at(page)
        told = page.inner_text("[role=alert]")

    assert chosen == 4
    assert set(WorkOrder.objects.values_list("state", "unit__name")) == {("dispatched", "城建办")}
    assert taken.number in told
    assert faults == []


def test_all_of_a_page_are_accepted_without_javascript(sign_in, cast):
    for _n in range(2):
        WorkOrderFactory(state="registered", place=cast.east_first)
    with sign_in("centre", java_script_enabled=False) as page:
        page.goto(f"{ORDERS}?view=accept")
        page.click("[data-tick]")
        page.click("button[name=verb][value=accept]")
        page.wait_for_load_state()

    assert set(WorkOrder.objects.values_list("state", flat=True)) == {"accepted"}


@pytest.mark.parametrize("name", ["centre", "secretary"])
def test_every_screen_of_orders_is_accessible_and_fits(sign_in, cast, name):
    order = WorkOrderFactory(
        state="return_asked",
        place=cast.east_first,
        return_asked_on=timezone.localdate(),
        return_asked_unit=cast.works,
        return_ground="duty",
        return_citation="权责清单第3条",
    )
    filed = WorkOrderFactory(state="filed", place=cast.east_first)
    faults = []
    with sign_in(name) as page:
        for address in (
            "/",
            f"{ORDERS}?view=late",
            f"{ORDERS}?category=lighting",
            order.get_absolute_url(),
            "/requests/returned-orders/",
            "/requests/workload/",
            f"/requests/workload/{cast.works.pk}/",
            "/requests/reply-templates/",
            "/substitutes/",
            f"{filed.get_absolute_url()}merge/?into={order.number}",
        ):
            page.goto(address)
            page.keyboard.press("?")
            faults += looked_at(page)
            page.keyboard.press("Escape")
            faults += looked_at(page)

    assert faults == []
