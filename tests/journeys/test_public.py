"""A resident without an account, at a telephone without JavaScript, and the office behind it."""

from __future__ import annotations

import io
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.utils import timezone
from PIL import Image

from fenghuang.kernel.journal.check import check
from tests.journeys.conftest import DESKTOP, PHONE, axe_faults, sideways

pytestmark = pytest.mark.line("requests")

if apps.is_installed("fenghuang.lines.requests"):
    from fenghuang.lines.requests.actions import orders as actions
    from fenghuang.lines.requests.models import WorkOrder
    from fenghuang.lines.requests.queries.public import answer_token
    from fenghuang.lines.requests.tests.factories import WorkOrderFactory


@pytest.fixture
def resident(browser, live_server, cast):
    @contextmanager
    def opened(*, has_scripts: bool = False, window=PHONE):
        context = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            viewport=window,
            java_script_enabled=has_scripts,
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page
        context.close()

    return opened


def photo() -> dict[str, object]:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 90, 60)).save(file, "JPEG")
    return {"name": "灯.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def finish(order, cast) -> None:
    """What the office does with it, up to the last step before closing."""
    now = timezone.now()
    actions.accept(order, actor=cast.centre, now=now)
    actions.file(
        order, actor=cast.centre, now=now, kind="help", category="lighting", level="ordinary"
    )
    actions.dispatch(order, actor=cast.centre, now=now, unit=cast.works)
    actions.receive(order, actor=cast.secretary, now=now)
    actions.submit(order, actor=cast.secretary, now=now, result="solved", answer="已更换楼道灯")
    actions.verify(order, actor=cast.checker, now=now)


def test_a_resident_raises_follows_and_answers_without_javascript(resident, sign_in, cast):
    with resident() as page:
        page.goto("/p/")
        page.click("main a[href='/p/requests/raise/']")
        page.fill("[name=text]", "三单元楼道灯不亮")
        page.fill("[name=find]", "梧桐")
        page.click("button[value=find]")
        page.select_option("[name=place]", str(cast.compound.pk))
        page.click("button[value=what]")
        page.set_input_files("[name=photos]", photo())
        page.click("button[value=send]")
        page.wait_for_url("**/p/requests/slip/*/")
        slip, own = page.url, page.inner_text("main")
        order = WorkOrder.objects.get()
        page.goto(f"/p/requests/find/?number={order.number}")
        followed = page.inner_text("main")
        pictures = page.locator("img").count()

        finish(order, cast)
        with sign_in("centre") as office:
            office.goto(f"/requests/orders/{order.number}/close/")
            office.click("main form[method=post] button[type=submit]")
            office.wait_for_url(f"**/requests/orders/{order.number}/")

        page.goto(slip)
        answered = page.inner_text("main")
        page.click("a[href$='/answer/']")
        page.check("[name=solved][value=yes]", force=True)
        page.check("[name=satisfied][value=very]", force=True)
        page.fill("[name=note]", "修得很快")
        page.click("main form[method=post] button")
        page.wait_for_load_state()

    order.refresh_from_db()
    with sign_in("centre") as office:
        office.goto(f"/requests/orders/{order.number}/")
        seen = office.inner_text("main")

    assert order.number in own and "三单元楼道灯不亮" in own
    assert order.number in followed and "三单元楼道灯不亮" not in followed
    assert pictures <= 1  # the sign in the head; not the resident's picture
    assert "已更换楼道灯" in answered
    assert (order.state, order.solved, order.satisfied) == ("called_back", "yes", "very")
    assert "非常满意" in seen or "很满意" in seen
    assert check(cast.street.pk) == []


def test_a_tap_on_the_map_chooses_the_grid(resident, cast):
    with resident(has_scripts=True, window=DESKTOP) as page:
        page.goto("/p/requests/raise/")
        page.fill("[name=text]", "路灯不亮")
        page.locator(".leaflet-interactive").first.click()
        chosen = page.input_value("[name=place]")
        point = page.input_value("[name=lon]")
        page.click("button[value=what]")
        page.click("button[value=send]")
        page.wait_for_url("**/p/requests/slip/*/")

    order = WorkOrder.objects.get()
    assert (str(order.place_id), bool(point)) == (chosen, True)
    assert order.exactly_at and order.lon is not None


@pytest.mark.parametrize("window", ["desktop", "phone"])
@pytest.mark.parametrize("size", ["ordinary", "large"])
def test_every_public_page_is_accessible_and_fits(resident, cast, window, size):
    order = WorkOrderFactory(
        place=cast.building,
        public_text="三单元楼道灯不亮",
        published_on=timezone.localdate(),
        state="closed",
        closed_at=timezone.now(),
        closed_on=timezone.localdate(),
        answer="已更换",
        lon="113.852",
        lat="27.623",
    )
    slip = f"/p/requests/slip/{order.slip_code}/"
    addresses = [
        "/p/",
        "/p/requests/",
        "/p/requests/raise/",
        "/p/requests/find/",
        "/p/requests/follow/",
        f"/p/requests/{order.number}/",
        slip,
        f"{slip}print/",
        f"{slip}add/",
        f"{slip}answer/",
        f"/p/requests/answer/{answer_token(order)}/",
    ]
    faults, wide = [], []
    with resident(has_scripts=True, window=PHONE if window == "phone" else DESKTOP) as page:
        page.goto("/p/")
        page.context.add_cookies([{"name": "type_size", "value": size, "url": page.url}])
        said = []
        page.on("console", lambda message: said.append(message.text))
        for address in addresses:
            answer = page.goto(address)
            assert (address, answer.status) == (address, 200)
            faults += axe_faults(page)
            wide += [address] if sideways(page) > 0 else []
        page.goto("/p/requests/raise/")
        page.fill("[name=text]", "灯不亮")
        page.select_option("[name=place]", str(cast.east.pk))
        page.click("button[value=what]")
        faults += axe_faults(page)
        wide += ["second step"] if sideways(page) > 0 else []

    assert (faults, wide) == ([], [])
    assert [one for one in said if "Content Security Policy" in one] == []
