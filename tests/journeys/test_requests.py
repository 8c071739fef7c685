"""From a meeting to a figure in the report, as people do it."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.utils import timezone

from fenghuang.kernel.journal.check import check
from tests.journeys.conftest import PHONE, axe_faults, sideways

pytestmark = pytest.mark.line("requests")

if apps.is_installed("fenghuang.lines.requests"):
    from fenghuang.lines.requests.models import Meeting, Problem, SmallMatter
    from fenghuang.lines.requests.tests.factories import (
        MeetingFactory,
        ProblemFactory,
        ProjectItemFactory,
        SmallMatterFactory,
    )


def type_meeting(page, problems: int) -> None:
    """Types a meeting and its problems with the keyboard alone, from the first field on."""
    keys = page.keyboard
    page.focus("[name=happened_on]")
    while page.evaluate("document.activeElement.name") != "place":
        keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    for text in ("梧桐里前坪", "楼道照明", "社区书记", "23"):
        keys.press("Tab")
        keys.type(text)
    while page.evaluate("document.activeElement.name") != "p0-text":
        keys.press("Tab")
    for index in range(problems):
        keys.type(f"{index + 1}单元楼道灯不亮")
        keys.press("Tab")
        keys.type("3")  # the third category is lighting
        keys.press("Tab")
        keys.press("Tab")
        keys.press("Tab")
    while page.evaluate("document.activeElement.type") != "submit":
        keys.press("Tab")  # over the rows left empty, to the button that saves
    keys.press("Enter")


def test_a_clerk_enters_a_meeting_and_ten_problems_by_keyboard(sign_in, cast):
    with sign_in("secretary") as page:
        page.goto("/requests/meetings/hold/")
        type_meeting(page, problems=10)

        page.wait_for_url("**/requests/meetings/REQ-*/")
        shown = page.inner_text("h1")

    held = Meeting.objects.get()
    assert (held.venue, held.attendances, held.state) == ("梧桐里前坪", 23, "held")
    assert "梧桐里前坪" in shown
    assert set(Problem.objects.values_list("category", "disposition")) == {("lighting", "open")}
    assert Problem.objects.filter(meeting=held).count() == 10
    assert check(cast.street.pk) == []


def do(page, record, verb: str, **fields: str) -> None:
    """Opens the record, presses the verb, fills in its form and sends it."""
    page.goto(record.get_absolute_url())
    page.click(f"a[href$='/{verb}/']")
    for name, text in fields.items():
        page.fill(f"main [name={name}]", text)
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url(f"**{record.get_absolute_url()}")


def test_one_problem_worked_to_strike_off_moves_the_figure_by_one(sign_in, cast):
    year = timezone.localdate().year
    today = timezone.localdate().isoformat()
    problem = ProblemFactory(place=cast.building, happened_on=timezone.localdate())
    with sign_in("auditor") as page:
        page.goto(f"/figures/MTG.SMALL_MATTERS_RESOLVED/?year={year}")
        before = page.inner_text("main")

    with sign_in("secretary") as page:
        page.goto(problem.get_absolute_url())
        page.click("a[href$='/make_small_matter/']")
        page.fill("[name=title]", "更换楼道灯")
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_url(f"**{problem.get_absolute_url()}")
    matter = SmallMatter.objects.get()
    with sign_in("grid_worker") as page:
        do(page, matter, "fix", on=today, how="换了新灯")
    with sign_in("checker") as page:
        do(page, matter, "strike_off", on=today)
        page.goto(f"/figures/MTG.SMALL_MATTERS_RESOLVED/?year={year}")
        after = page.inner_text("main")
        page.get_by_role("link", name=matter.number).first.click()
        page.wait_for_url(f"**{matter.get_absolute_url()}")

    matter.refresh_from_db()
    assert (matter.state, matter.struck_off_by) == ("struck_off", cast.checker)
    assert (matter.number in before, matter.number in after) == (False, True)
    assert check(cast.street.pk) == []


def test_the_fixer_is_told_why_the_strike_off_is_not_theirs(sign_in, cast):
    matter = SmallMatterFactory(
        place=cast.east,
        happened_on=date(2021, 6, 1),
        state="fixed",
        fixed_by=cast.secretary,
    )
    with sign_in("secretary") as page:
        page.goto(matter.get_absolute_url())
        links = page.locator("a[href$='/strike_off/']").count()
        page.goto(matter.get_absolute_url() + "strike_off/")
        status_page = page.inner_text("main")

    assert links == 0
    assert "Traceback" not in status_page and len(status_page) > 10


def test_of_two_who_act_at_once_the_second_is_told_what_happened(sign_in, cast):
    matter = SmallMatterFactory(place=cast.east_first, happened_on=timezone.localdate())
    with sign_in("grid_worker") as mine, sign_in("secretary") as yours:
        for page in (mine, yours):
            page.goto(matter.get_absolute_url() + "fix/")
            page.fill("[name=how]", "换了")
        mine.click("main form[method=post] button[type=submit]")
        mine.wait_for_url(f"**{matter.get_absolute_url()}")
        yours.click("main form[method=post] button[type=submit]")
        yours.wait_for_load_state()
        told = yours.inner_text("main")

    matter.refresh_from_db()
    assert matter.fixed_by == cast.grid_worker
    assert len(told) > 10 and "Traceback" not in told


SCREENS = [
    "/",
    "/menu/",
    "/enter/",
    "/search/?q=灯",
    "/places/",
    "/ledgers/",
    "/ledgers/neighbourhood_meetings/",
    "/requests/meetings/",
    "/requests/meetings/hold/",
    "/requests/meetings/plan/",
    "/requests/problems/",
    "/requests/problems/raise/",
    "/requests/project-items/",
    "/requests/small-matters/",
    "/requests/small-matters/enter/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/password/",
]


@pytest.mark.parametrize("window", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_screen_is_accessible_and_fits(sign_in, cast, window, language):
    meeting = MeetingFactory(place=cast.east)
    problem = ProblemFactory(place=cast.building, meeting=meeting)
    item = ProjectItemFactory(place=cast.east, many={"problems": [problem]})
    matter = SmallMatterFactory(place=cast.east_first, problem=problem)
    records = [one.get_absolute_url() for one in (meeting, problem, item, matter)]
    verbs = [
        problem.get_absolute_url() + "make_small_matter/",
        problem.get_absolute_url() + "not_accept/",
        matter.get_absolute_url() + "fix/",
    ]
    faults, wide = [], []
    with sign_in("secretary") as page:
        if window == "phone":
            page.set_viewport_size(PHONE)
        page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
        for address in [*SCREENS, *records, *verbs]:
            answer = page.goto(address)
            assert (address, answer.status) == (address, 200)
            faults += axe_faults(page)
            if sideways(page) > 0:
                wide.append(address)

    assert (faults, wide) == ([], [])


def test_a_grid_worker_enters_a_problem_on_a_phone_without_javascript(sign_in, cast):
    with sign_in("grid_worker", java_script_enabled=False) as page:
        page.set_viewport_size(PHONE)
        page.goto("/requests/problems/raise/")
        page.fill("[name=text]", "井盖松动")
        page.select_option("select[name=category]", "road")
        page.select_option("select[name=place]", str(cast.east_first.pk))
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_url("**/requests/problems/REQ-*/")

    assert Problem.objects.get().text == "井盖松动"


def test_the_language_is_switched_on_the_page_where_one_is(sign_in, cast):
    with sign_in("secretary") as page:
        page.goto("/requests/problems/")
        chinese = page.inner_text("h1")
        page.click("button[name=language]")
        page.wait_for_load_state()
        english, address = page.inner_text("h1"), page.url

    assert (chinese, english) == ("急难愁盼问题", "Problems")
    assert address.endswith("/requests/problems/")
