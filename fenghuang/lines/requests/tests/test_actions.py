"""The verbs of the line, done by the people who do them."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from fenghuang.indicators import registry
from fenghuang.indicators.figures import figure
from fenghuang.indicators.periods import year
from fenghuang.kernel.journal import read
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.journal.write import Superseded
from fenghuang.kernel.records.actions import purge_personal
from fenghuang.kernel.refusal import Refused
from fenghuang.lines.requests.actions import meetings as actions
from fenghuang.lines.requests.models import Meeting, Problem, ProjectItem, SmallMatter
from fenghuang.lines.requests.queries import meetings as queries
from fenghuang.lines.requests.rules import meetings as rules
from fenghuang.lines.requests.tests.factories import (
    MeetingFactory,
    ProblemFactory,
    SmallMatterFactory,
)

TODAY = date(2021, 6, 10)
DAY = date(2021, 6, 8)


def meeting(cast, **facts):
    return Meeting(
        **{
            "street": cast.street,
            "place": cast.east,
            "happened_on": DAY,
            "venue": "梧桐里前坪",
            "theme": "楼道照明",
            "chair": "社区书记",
            "attendances": 23,
        }
        | facts
    )


def verbs(record) -> list[str | None]:
    return [change.verb for change in read.history(record.pk)]


def test_a_meeting_and_its_problems_are_entered_at_once(cast):
    dark = Problem(text="楼道灯不亮", category="lighting")
    asked = Problem(text="何时改造", category="housing", answer="已列入明年计划")

    held = actions.enter_meeting(meeting(cast), [dark, asked], actor=cast.secretary, today=TODAY)

    assert (held.number, held.state) == ("REQ-2021-00001", "held")
    assert [dark.number, asked.number] == ["REQ-2021-00002", "REQ-2021-00003"]
    assert (dark.disposition, dark.due_on) == ("open", date(2021, 6, 11))
    assert (asked.disposition, asked.resolved_on) == ("answered_on_site", DAY)
    assert queries.dispositions(held.problems.all()) == {"open": 1, "answered_on_site": 1}
    assert check(cast.street.pk) == []


def test_a_meeting_is_not_entered_by_halves(cast):
    without_category = Problem(text="楼道灯不亮", category="lighting", disposition="merged")

    with pytest.raises(Exception, match=r"disposed_problem_has_a_day|merged_problem"):
        actions.enter_meeting(meeting(cast), [without_category], actor=cast.secretary, today=TODAY)

    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"happened_on": date(2021, 6, 11)}, "future"),
        ({"attendances": None}, "attendances_missing"),
    ],
)
def test_what_cannot_have_been_held_is_refused(cast, facts, code):
    with pytest.raises(Refused) as refused:
        actions.enter_meeting(meeting(cast, **facts), actor=cast.secretary, today=TODAY)

    assert (refused.value.code, Meeting.objects.count()) == (code, 0)


def test_nobody_enters_for_a_place_that_is_not_theirs(cast):
    with pytest.raises(Refused) as refused:
        actions.enter_meeting(meeting(cast, place=cast.west), actor=cast.secretary, today=TODAY)

    assert refused.value.code == "not_your_place"


def test_a_planned_meeting_is_held_or_cancelled(cast):
    planned = actions.plan_meeting(meeting(cast, attendances=None), actor=cast.secretary)
    other = actions.plan_meeting(meeting(cast, attendances=None), actor=cast.secretary)

    actions.hold(
        planned, actor=cast.secretary, today=TODAY, attendances=0, count_method="headcount"
    )
    actions.cancel(other, actor=cast.secretary, reason="下雨")

    assert (planned.state, planned.attendances, other.state) == ("held", 0, "cancelled")
    assert verbs(other) == ["plan", "cancel"]


def test_a_problem_is_worked_to_strike_off_and_the_figure_moves_by_one(cast):
    indicator = registry.indicator("MTG.SMALL_MATTERS_RESOLVED")
    problem = ProblemFactory(place=cast.building, happened_on=DAY)
    before = figure(indicator, year(2021), cast.street)

    matter = actions.make_small_matter(
        problem, actor=cast.secretary, on=DAY, today=TODAY, title="换灯", handler=cast.grid_worker
    )
    actions.fix(matter, actor=cast.grid_worker, on=TODAY, today=TODAY, how="换了", cost_fen=3500)
    actions.strike_off(matter, actor=cast.checker, on=TODAY, today=TODAY)
    after = figure(indicator, year(2021), cast.street)

    assert (before.value, after.value, set(after.records)) == (0, 1, {matter})
    problem.refresh_from_db()
    assert (problem.disposition, problem.resolved_on) == ("small_matter", TODAY)
    assert (matter.was_on_time, matter.rule_version) == (True, rules.VERSION)
    assert verbs(matter) == ["make_small_matter", "fix", "strike_off"]
    assert verbs(problem) == ["enter", "make_small_matter", "resolve"]
    assert check(cast.street.pk) == []


def test_the_fixer_does_not_strike_off(cast):
    matter = SmallMatterFactory(place=cast.east, happened_on=DAY)
    actions.fix(matter, actor=cast.secretary, on=DAY, today=TODAY, how="换了")

    with pytest.raises(Refused) as refused:
        actions.strike_off(matter, actor=cast.secretary, on=TODAY, today=TODAY)

    assert (refused.value.code, matter.state) == ("second_person", "fixed")


def test_a_matter_sent_back_is_open_and_its_problem_unresolved(cast):
    matter = SmallMatterFactory(place=cast.east, happened_on=DAY)
    actions.fix(matter, actor=cast.secretary, on=DAY, today=TODAY, how="换了")

    actions.send_back(matter, actor=cast.checker, reason="还是不亮")

    assert (matter.state, matter.fixed_on, matter.was_on_time) == ("open", None, None)


def test_work_is_not_done_before_it_was_raised_or_tomorrow(cast):
    matter = SmallMatterFactory(place=cast.east, happened_on=DAY)

    for on, code in [(date(2021, 6, 7), "before_event"), (date(2021, 6, 11), "future")]:
        with pytest.raises(Refused) as refused:
            actions.fix(matter, actor=cast.secretary, on=on, today=TODAY, how="换了")
        assert (refused.value.code, refused.value.where) == (code, "on")


def listed(cast, problem, **facts):
    return actions.put_on_project_list(
        problem,
        **{
            "actor": cast.leader,
            "on": DAY,
            "today": TODAY,
            "title": "管网改造",
            "unit": cast.works,
            "due_on": date(2021, 12, 31),
        }
        | facts,
    )


def test_one_item_answers_many_problems_and_one_problem_may_need_two_items(cast):
    first, second = ProblemFactory(happened_on=DAY), ProblemFactory(happened_on=DAY)
    item = listed(cast, first)
    again = listed(cast, second, item=item)
    further = actions.list_further_item(
        second,
        actor=cast.leader,
        on=DAY,
        today=TODAY,
        title="路面恢复",
        unit=cast.works,
        due_on=TODAY,
    )

    for one in (item, further):
        actions.report_progress(one, actor=cast.department, progress=50, note="开挖")
    actions.complete(item, actor=cast.leader, on=TODAY, today=TODAY)
    resolved = dict(Problem.objects.values_list("pk", "resolved_on"))
    actions.complete(further, actor=cast.leader, on=TODAY, today=TODAY)

    assert again == item and set(item.problems.all()) == {first, second}
    assert resolved == {first.pk: TODAY, second.pk: None}
    assert Problem.objects.get(pk=second.pk).resolved_on == TODAY
    assert ProjectItem.objects.count() == 2
    assert check(cast.street.pk) == []


def test_every_problem_has_exactly_one_disposition_and_they_add_up(cast):
    when = {"on": DAY, "today": TODAY}
    problems = [ProblemFactory(place=cast.east, happened_on=DAY) for _ in range(7)]
    actions.answer_on_site(problems[0], actor=cast.secretary, answer="已解释", **when)
    actions.make_small_matter(problems[1], actor=cast.secretary, title="换灯", **when)
    listed(cast, problems[2])
    actions.refer_up(
        problems[3], actor=cast.centre, reason="属于区级职责", unit=cast.district, **when
    )
    actions.merge(problems[4], actor=cast.centre, into=problems[1], **when)
    actions.not_accept(problems[5], actor=cast.centre, reason="正在诉讼中", **when)

    funnel = queries.dispositions(Problem.objects.all())

    assert set(funnel) == set(rules.DISPOSITIONS)
    assert rules.funnel_faults(len(problems), funnel) == []


def test_a_problem_that_has_a_disposition_gets_no_second_one(cast):
    problem = ProblemFactory(place=cast.east, happened_on=DAY)
    actions.not_accept(problem, actor=cast.centre, reason="正在诉讼中", on=DAY, today=TODAY)

    with pytest.raises(Refused) as refused:
        actions.answer_on_site(problem, actor=cast.centre, answer="答复", on=DAY, today=TODAY)
    actions.reopen(problem, actor=cast.centre, reason="案件已撤回")

    assert (refused.value.code, problem.disposition, problem.reason) == ("state", "open", "")


def test_a_reason_is_asked_for_where_a_person_is_turned_away(cast):
    problem = ProblemFactory(place=cast.east, happened_on=DAY)

    with pytest.raises(Refused) as refused:
        actions.not_accept(problem, actor=cast.centre, reason="  ", on=DAY, today=TODAY)

    assert (refused.value.code, refused.value.where) == ("reason_missing", "reason")


def test_a_problem_is_merged_into_one_that_is_handled(cast):
    first, second, third = (ProblemFactory(place=cast.east, happened_on=DAY) for _ in range(3))
    actions.merge(second, actor=cast.centre, into=first, on=DAY, today=TODAY)

    for into in (third, second):
        with pytest.raises(Refused) as refused:
            actions.merge(third, actor=cast.centre, into=into, on=DAY, today=TODAY)
        assert refused.value.code == "merge_target"


def test_of_two_who_act_at_once_one_wins(cast):
    matter = SmallMatterFactory(place=cast.east, happened_on=DAY)
    mine, yours = (SmallMatter.objects.get(pk=matter.pk) for _ in range(2))
    actions.fix(mine, actor=cast.secretary, on=DAY, today=TODAY, how="换了")

    with pytest.raises(Superseded):
        actions.hand_over(yours, actor=cast.community_worker, handler=cast.grid_worker)

    matter.refresh_from_db()
    assert (matter.state, matter.handler) == ("fixed", None)


def test_a_contact_is_kept_for_its_time_and_then_erased_from_everywhere(cast):
    problem = Problem(
        street=cast.street,
        place=cast.east_first,
        happened_on=date(2021, 1, 4),
        text="井盖松动",
        category="road",
        channel="grid",
        contact="0799-0001234",
    )
    actions.raise_problem(problem, actor=cast.grid_worker, today=TODAY)
    assert problem.contact_purge_on == date(2022, 1, 4)

    too_early = list(purge_personal(date(2022, 1, 3), actor=cast.administrator))
    erased = list(purge_personal(date(2022, 1, 4), actor=cast.administrator))

    problem.refresh_from_db()
    assert (too_early, erased, problem.contact) == ([], [(problem, ["contact"])], "")
    assert [change.op for change in read.history(problem.pk)] == ["add", "erase"]
    assert check(cast.street.pk) == []


def test_an_imported_batch_is_entered_whole_with_its_mark(cast):
    batch = uuid4()

    actions.enter_meetings(
        [meeting(cast, state="held"), meeting(cast, state="held", theme="停车")],
        actor=cast.office,
        batch=batch,
    )

    assert Meeting.objects.filter(batch=batch, source="import").count() == 2


def test_tasks_name_what_waits_for_each_role(cast):
    ProblemFactory(place=cast.east, happened_on=DAY)
    ProblemFactory(place=cast.west, happened_on=DAY)
    mine = SmallMatterFactory(place=cast.east_first, happened_on=DAY, handler=cast.grid_worker)
    SmallMatterFactory(place=cast.east_first, happened_on=DAY, handler=cast.community_worker)
    fixed = SmallMatterFactory(place=cast.east_first, state="fixed", fixed_by=cast.grid_worker)

    assert [task.record for task in queries.tasks(cast.grid_worker, TODAY)] == [mine]
    assert [task.record for task in queries.tasks(cast.checker, TODAY)] == [fixed]
    assert len(queries.tasks(cast.west_secretary, TODAY)) == 1
    assert queries.tasks(cast.auditor, TODAY) == []


def test_a_meeting_counts_what_became_of_its_problems(cast):
    held = MeetingFactory()
    ProblemFactory(meeting=held)
    ProblemFactory(meeting=held, disposition="answered_on_site")
    ProblemFactory()

    [row] = queries.with_funnel(Meeting.objects.all())

    assert (row.problem_count, row.answered_count, row.listed_count) == (2, 1, 0)
