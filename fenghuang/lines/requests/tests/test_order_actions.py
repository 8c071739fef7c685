"""What is done to a work order, by the people who do it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings

from fenghuang.kernel.journal import read
from fenghuang.kernel.journal.check import check
from fenghuang.kernel.records.actions import purge_personal
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.lines.requests.actions import orders as actions
from fenghuang.lines.requests.models import Callback, Duty, WorkOrder
from fenghuang.lines.requests.rules.orders import contact_hash
from fenghuang.lines.requests.tests.factories import WorkOrderFactory

#: A Tuesday; the next days off are the weekend and Dragon Boat on Monday the 14th.
NOW = datetime(2021, 6, 8, 9, tzinfo=LOCAL_ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def order(cast, **facts) -> WorkOrder:
    return WorkOrder(
        **{
            "street": cast.street,
            "place": cast.east_first,
            "text": "三单元楼道灯不亮",
            "category": "lighting",
        }
        | facts
    )


def raised(cast, now=NOW, **facts) -> WorkOrder:
    return actions.raise_order(order(cast, **facts), actor=cast.centre, now=now)


def filed(cast, now=NOW, level="ordinary", **facts) -> WorkOrder:
    made = raised(cast, now, level=level, **facts)
    actions.accept(made, actor=cast.centre, now=now)
    return actions.file(
        made, actor=cast.centre, now=now, kind="help", category=made.category, level=level
    )


def dispatched(cast, now=NOW, **facts) -> WorkOrder:
    made = filed(cast, now, **facts)
    return actions.dispatch(made, actor=cast.centre, now=now, unit=cast.works)


def handled(cast, now=NOW, **facts) -> WorkOrder:
    made = dispatched(cast, now, **facts)
    actions.receive(made, actor=cast.department, now=now)
    return actions.contact(made, actor=cast.department, now=now, note="约定明天上门")


def submitted(cast, now=NOW, **facts) -> WorkOrder:
    made = handled(cast, now, **facts)
    return actions.submit(
        made, actor=cast.department, now=now, result="solved", answer="已更换灯泡"
    )


def closed(cast, now=NOW, **facts) -> WorkOrder:
    made = submitted(cast, now, **facts)
    actions.verify(made, actor=cast.checker, now=now)
    return actions.close(made, actor=cast.centre, now=now)


def called_back(cast, now=NOW, **facts) -> WorkOrder:
    made = closed(cast, now, **facts)
    return actions.call_back(made, actor=cast.centre, now=now, solved="yes", satisfied="satisfied")


def code(action, *args, **given) -> str:
    with pytest.raises(Refused) as refused:
        action(*args, **given)
    return refused.value.code


def state(made: WorkOrder) -> str:
    return WorkOrder.objects.get(pk=made.pk).state


# --- raised


def test_the_citizens_clock_starts_when_it_is_registered(cast):
    made = raised(cast, contact="138-0000-0001")

    assert (made.number, made.state, made.happened_on) == (
        "REQ-2021-00001",
        "registered",
        date(2021, 6, 8),
    )
    assert made.promised_at.date() == date(2021, 6, 18)  # seven working days
    assert made.contact_hash == contact_hash("13800000001", settings.SECRET_KEY.encode(), 2021)
    assert made.personal_purge_on == date(2023, 6, 8)


def test_who_leaves_nothing_personal_has_nothing_to_be_erased(cast):
    made = raised(cast)

    assert (made.contact_hash, made.personal_purge_on) == ("", None)


def test_an_exact_point_is_published_rounded(cast):
    made = raised(cast, exactly_at="113.852314,27.622947")

    assert (str(made.lon), str(made.lat)) == ("113.852", "27.623")


def test_nothing_is_registered_ahead_of_time(cast):
    made = order(cast, registered_at=NOW + HOUR)

    assert code(actions.raise_order, made, actor=cast.centre, now=NOW) == "future"
    assert WorkOrder.objects.count() == 0


def test_a_secretary_registers_for_her_own_community_only(cast):
    made = order(cast, place=cast.west)

    refused = code(actions.raise_order, made, actor=cast.secretary, now=NOW)

    assert (refused, WorkOrder.objects.count()) == ("not_your_place", 0)


def test_the_public_needs_no_account(cast):
    made = actions.raise_publicly(order(cast, channel="web"), now=NOW)

    assert (made.entered_by.username, len(made.slip_code)) == ("system", 10)


# --- taken on, or not


def test_what_is_not_accepted_has_ground_answer_and_where_to_turn(cast):
    made = raised(cast, contact="138-0000-0001")

    actions.not_accept(
        made,
        actor=cast.centre,
        now=NOW,
        ground="private",
        turn_to="人民调解委员会",
        answer="属于合同纠纷",
    )

    assert (made.state, made.refusal_ground, made.turn_to) == (
        "not_accepted",
        "private",
        "人民调解委员会",
    )
    assert made.personal_purge_on == date(2021, 12, 8)


def test_without_saying_where_to_turn_nothing_is_refused(cast):
    made = raised(cast)

    refused = code(
        actions.not_accept,
        made,
        actor=cast.centre,
        now=NOW,
        ground="private",
        turn_to=" ",
        answer="属于合同纠纷",
    )

    assert (refused, state(made)) == ("reason_missing", "registered")


def test_what_the_centre_answers_itself_is_closed_and_called_back(cast):
    made = raised(cast)

    actions.answer(made, actor=cast.centre, now=NOW, answer="居住证在便民服务中心办理")

    assert (made.state, made.result, made.was_on_time) == ("closed", "explained", None)
    assert (made.closed_on, made.callback_due_on) == (date(2021, 6, 8), date(2021, 6, 11))


def test_filing_anew_counts_the_promise_from_registration(cast):
    made = raised(cast)
    actions.accept(made, actor=cast.centre, now=NOW + DAY)

    actions.file(
        made, actor=cast.centre, now=NOW + DAY, kind="help", category="safety", level="urgent"
    )

    assert made.promised_at == NOW + 48 * HOUR


# --- dispatched and returned


def test_the_units_clock_starts_when_it_is_dispatched(cast):
    made = filed(cast)

    actions.dispatch(
        made, actor=cast.centre, now=NOW + DAY, unit=cast.works, co_units=[cast.district]
    )

    assert (made.state, made.unit, list(made.co_units.all())) == (
        "dispatched",
        cast.works,
        [cast.district],
    )
    assert (made.response_due_at, made.due_on) == (NOW + 2 * DAY, date(2021, 6, 17))
    assert made.promised_at.date() == date(2021, 6, 18)


def test_off_the_duty_list_a_unit_needs_a_reason(cast):
    duty(cast, "road")
    made = filed(cast)

    refused = code(actions.dispatch, made, actor=cast.centre, now=NOW, unit=cast.works)
    actions.dispatch(made, actor=cast.centre, now=NOW, unit=cast.works, reason="涉及道路照明")

    assert (refused, state(made)) == ("not_on_duty_list", "dispatched")


def test_on_the_duty_list_a_unit_needs_no_reason(cast):
    duty(cast, "lighting")

    made = dispatched(cast)

    assert state(made) == "dispatched"


def duty(cast, category: str) -> Duty:
    from django.db import transaction

    from fenghuang.kernel.journal import write

    made = Duty(
        street=cast.street,
        unit=cast.works,
        category=category,
        citation="职责清单第3条",
        valid_from=date(2020, 1, 1),
    )
    with transaction.atomic():
        write.add(made, by=cast.centre.pseudonym, notes={"@verb": "add"})
    return made


def ask_return(cast, made, now=NOW):
    return actions.ask_return(
        made,
        actor=cast.department,
        now=now,
        ground="duty",
        citation="职责清单第7条",
        reason="路灯归市政公司",
    )


def test_an_agreed_return_waits_for_another_unit_and_keeps_the_citizens_clock(cast):
    made = dispatched(cast)
    promised_at = made.promised_at
    ask_return(cast, made)

    actions.agree_return(made, actor=cast.centre, now=NOW + DAY)

    assert (made.state, made.unit, made.due_at) == ("filed", None, None)
    assert (made.return_asked_unit, made.return_decision) == (cast.works, "agreed")
    assert (made.dispatched_on, made.promised_at) == (date(2021, 6, 8), promised_at)


def test_dispatched_again_the_units_clock_starts_anew(cast):
    made = dispatched(cast)
    ask_return(cast, made)
    actions.agree_return(made, actor=cast.centre, now=NOW + DAY)

    actions.dispatch(made, actor=cast.centre, now=NOW + DAY, unit=cast.district)

    assert (made.due_on, made.unit) == (date(2021, 6, 17), cast.district)


def test_after_the_centre_has_decided_it_is_not_returned_again(cast):
    made = dispatched(cast)
    ask_return(cast, made)
    actions.refuse_return(made, actor=cast.centre, now=NOW, reason="属于楼道公共照明")

    assert (made.state, made.unit) == ("received", cast.works)
    assert code(ask_return, cast, made) == "returned_before"


def test_another_department_does_not_act_on_it(cast):
    cast.department.unit = cast.district
    made = dispatched(cast)

    assert code(actions.receive, made, actor=cast.department, now=NOW) == "other_unit"


def test_a_unit_that_helps_may_act(cast):
    cast.department.unit = cast.district
    made = dispatched(cast)
    actions.add_co_unit(made, actor=cast.centre, now=NOW, unit=cast.district)

    actions.receive(made, actor=cast.department, now=NOW)

    assert (made.state, made.unit) == ("received", cast.works)


# --- handled


@pytest.mark.parametrize(("after", "in_time"), [(24 * HOUR, True), (25 * HOUR, False)])
def test_the_first_talk_decides_whether_the_response_was_in_time(cast, after, in_time):
    made = dispatched(cast)
    actions.receive(made, actor=cast.department, now=NOW)

    actions.contact(made, actor=cast.department, now=NOW + after, note="已电话联系")
    actions.contact(made, actor=cast.department, now=NOW + 3 * DAY, note="再次联系")

    assert (made.was_response_on_time, made.contacted_at) == (in_time, NOW + after)


def test_who_left_a_contact_is_spoken_with_before_a_result_is_submitted(cast):
    made = dispatched(cast, contact="138-0000-0001")
    actions.receive(made, actor=cast.department, now=NOW)

    refused = code(
        actions.submit, made, actor=cast.department, now=NOW, result="solved", answer="已换"
    )

    assert (refused, state(made)) == ("not_contacted", "received")


def test_who_left_no_contact_need_not_be(cast):
    made = dispatched(cast)
    actions.receive(made, actor=cast.department, now=NOW)

    actions.submit(made, actor=cast.department, now=NOW, result="solved", answer="已换")

    assert made.state == "submitted"


def extend(cast, made, until, now=NOW):
    return actions.ask_extension(
        made, actor=cast.department, now=now, until=until, reason="灯具需订货"
    )


def test_granted_time_moves_only_the_units_clock(cast):
    made = handled(cast)
    promised_at = made.promised_at
    extend(cast, made, date(2021, 6, 20))

    actions.grant_extension(made, actor=cast.centre, now=NOW + DAY, told="6月9日电话告知")

    assert (made.due_on, made.extension_decision, made.promised_at) == (
        date(2021, 6, 20),
        "agreed",
        promised_at,
    )


def test_an_appellant_with_a_contact_must_be_told_of_it(cast):
    made = handled(cast, contact="138-0000-0001")
    extend(cast, made, date(2021, 6, 20))

    refused = code(actions.grant_extension, made, actor=cast.centre, now=NOW, told="")

    assert refused == "reason_missing"


def test_more_time_is_asked_for_before_it_is_due(cast):
    made = handled(cast)

    late = made.due_at + HOUR

    assert code(extend, cast, made, date(2021, 6, 20), late) == "overdue"


def test_more_time_is_asked_for_once(cast):
    made = handled(cast)
    extend(cast, made, date(2021, 6, 20))
    actions.refuse_extension(made, actor=cast.centre, now=NOW, reason="市场有现货")

    assert code(extend, cast, made, date(2021, 6, 20)) == "extended_before"


def test_an_extension_is_no_longer_than_the_original_time(cast):
    made = handled(cast)  # Tuesday the 8th to Wednesday the 16th, 24:00

    assert code(extend, cast, made, date(2021, 6, 26)) == "too_long"
    assert code(extend, cast, made, date(2021, 6, 16)) == "no_extension"
    assert extend(cast, made, date(2021, 6, 25)).state == "handling"


def test_what_is_on_hold_stays_open_and_late(cast):
    made = handled(cast)

    actions.hold(made, actor=cast.leader, now=NOW, cause="需待管网改造")

    assert (made.state, made.is_open, made.hold_review_due_on) == (
        "on_hold",
        True,
        date(2021, 9, 8),
    )
    assert made.unit_presses(made.due_at + HOUR) == "late"
    assert made.promise_presses(made.promised_at + HOUR) == "late"


def test_only_a_leader_puts_on_hold_with_the_cause_in_writing(cast):
    made = handled(cast)

    assert code(actions.hold, made, actor=cast.department, now=NOW, cause="等经费") == "role"
    assert code(actions.hold, made, actor=cast.leader, now=NOW, cause=" ") == "reason_missing"


# --- verified, closed, called back


def test_whoever_handled_it_does_not_verify_it(cast):
    made = handled(cast)
    actions.submit(made, actor=cast.secretary, now=NOW, result="solved", answer="已换")

    refused = code(actions.verify, made, actor=cast.secretary, now=NOW)

    assert (refused, state(made)) == ("second_person", "submitted")


@pytest.mark.parametrize(
    ("late_by", "on_time"), [(-HOUR, True), (timedelta(0), True), (HOUR, False)]
)
def test_closing_decides_whether_it_was_on_time(cast, late_by, on_time):
    made = submitted(cast)
    actions.verify(made, actor=cast.checker, now=NOW)

    actions.close(made, actor=cast.centre, now=made.due_at + late_by)

    assert made.was_on_time is on_time


def test_contact_data_go_six_months_after_the_answer(cast):
    made = closed(cast, contact="138-0000-0001", contact_name="王阿姨", where_exactly="3栋2单元")

    early = list(purge_personal(date(2021, 12, 7), actor=cast.administrator))
    [(erased, names)] = purge_personal(date(2021, 12, 8), actor=cast.administrator)
    again = list(purge_personal(date(2021, 12, 9), actor=cast.administrator))

    kept = WorkOrder.objects.get(pk=made.pk)
    assert (early, again, erased.pk) == ([], [], made.pk)
    assert set(names) == {"contact", "contact_name", "where_exactly", "contact_hash"}
    assert (kept.contact, kept.contact_name, kept.contact_hash) == ("", "", "")
    assert check(cast.street.pk) == []


def test_the_callback_is_by_somebody_of_another_unit(cast):
    made = closed(cast)
    cast.centre.unit = cast.works

    refused = code(
        actions.call_back, made, actor=cast.centre, now=NOW, solved="yes", satisfied="very"
    )

    assert refused == "own_unit"


def test_nobody_is_given_up_before_three_tries_on_two_days(cast):
    made = closed(cast)
    for _n in range(3):
        actions.record_try(made, actor=cast.centre, now=NOW)
    too_early = code(actions.end_calling, made, actor=cast.centre, now=NOW)

    actions.record_try(made, actor=cast.centre, now=NOW + DAY)
    actions.end_calling(made, actor=cast.centre, now=NOW + DAY)

    assert (too_early, made.state, made.was_reached) == ("call_again", "called_back", False)
    assert (made.solved, made.callbacks.count()) == ("", 4)


def test_the_appellant_answers_by_the_link_once(cast):
    made = closed(cast)

    actions.answer_by_link(made, now=NOW + DAY, solved="no", satisfied="not")

    said = Callback.objects.get(order=made)
    assert (made.state, made.solved, said.through) == ("called_back", "no", "link")
    assert (
        code(actions.answer_by_link, made, now=NOW + DAY, solved="yes", satisfied="very")
        == "answered_before"
    )


def test_reopened_it_waits_for_dispatch_and_the_citizens_clock_ran_on(cast):
    made = called_back(cast)
    promised_at = made.promised_at

    actions.reopen(made, actor=cast.centre, now=NOW + DAY, reason="当晚又熄灭")

    assert (made.state, made.reopened, made.promised_at) == ("filed", 1, promised_at)
    assert (made.closed_on, made.solved, made.verified_by, made.due_at) == (None, "", None, None)


def test_a_second_person_strikes_it_off(cast):
    made = called_back(cast)

    actions.strike_off(made, actor=cast.checker, now=NOW)
    actions.archive(made, actor=cast.centre, now=NOW)

    assert (made.state, made.struck_off_by) == ("archived", cast.checker)


# --- the same matter


def test_each_appellant_of_a_merged_order_is_answered_and_called_back(cast):
    lead = submitted(cast, contact="138-0000-0001")
    other = raised(cast, contact="138-0000-0002")
    actions.merge(other, actor=cast.centre, now=NOW, into=lead)
    actions.verify(lead, actor=cast.checker, now=NOW)

    actions.close(lead, actor=cast.centre, now=NOW)

    other.refresh_from_db()
    assert (other.state, other.answer, other.is_repeat) == ("closed", "已更换灯泡", False)
    assert other.callback_due_on == lead.callback_due_on
    actions.call_back(other, actor=cast.centre, now=NOW, solved="partly", satisfied="basically")
    assert (state(other), state(lead)) == ("called_back", "closed")


@pytest.mark.parametrize(("days", "is_repeat"), [(30, True), (31, False)])
def test_the_same_contact_within_thirty_days_is_a_repeat(cast, days, is_repeat):
    first = raised(cast, contact="138-0000-0001")
    again = raised(cast, NOW + days * DAY, contact="1380000 0001")

    actions.merge(again, actor=cast.centre, now=NOW + days * DAY, into=first)

    assert again.is_repeat is is_repeat


def test_merged_into_what_is_closed_it_is_closed_with_that_answer(cast):
    lead = closed(cast)
    other = raised(cast)

    actions.merge(other, actor=cast.centre, now=NOW, into=lead)

    assert (other.state, other.answer, other.merged_into) == ("closed", lead.answer, lead)


def test_what_was_merged_follows_into_a_further_merger(cast):
    first, second, third = raised(cast), raised(cast), raised(cast)
    actions.merge(first, actor=cast.centre, now=NOW, into=second)

    actions.merge(second, actor=cast.centre, now=NOW, into=third)

    first.refresh_from_db()
    assert first.merged_into == third


def test_nothing_is_merged_into_what_is_merged_itself(cast):
    first, second, third = raised(cast), raised(cast), raised(cast)
    actions.merge(first, actor=cast.centre, now=NOW, into=second)

    assert code(actions.merge, third, actor=cast.centre, now=NOW, into=first) == "merge_target"
    assert code(actions.merge, third, actor=cast.centre, now=NOW, into=third) == "merge_target"


def test_taken_out_of_a_merger_it_is_handled_on_its_own(cast):
    lead, other = raised(cast), raised(cast)
    actions.merge(other, actor=cast.centre, now=NOW, into=lead)

    actions.unmerge(other, actor=cast.centre, now=NOW, reason="是另一单元")

    assert (other.state, other.merged_into) == ("accepted", None)


# --- the rates and the public


def test_who_asks_to_leave_an_order_out_does_not_decide(cast):
    made = called_back(cast)
    actions.ask_exclusion(
        made, actor=cast.centre, now=NOW, ground="unreasonable", reason="要求违反规划"
    )

    own = code(actions.grant_exclusion, made, actor=cast.centre, now=NOW)
    actions.grant_exclusion(made, actor=cast.checker, now=NOW)

    assert (own, made.is_excluded, made.excluded_by) == ("second_person", True, cast.checker)


def test_a_published_text_stands_beside_the_original_and_can_be_taken_off(cast):
    made = raised(cast, text="张三家门口的灯不亮，电话13800000001")

    actions.publish(made, actor=cast.centre, now=NOW, public_text="楼道灯不亮")
    shown = made.public_text, made.published_on
    actions.publish(made, actor=cast.centre, now=NOW, public_text="")

    assert shown == ("楼道灯不亮", date(2021, 6, 8))
    assert (made.public_text, made.published_on) == ("", None)
    assert made.text == "张三家门口的灯不亮，电话13800000001"


def test_many_at_once_each_stands_for_itself(cast):
    fine, gone, other = raised(cast), raised(cast), raised(cast)
    actions.accept(gone, actor=cast.centre, now=NOW)

    refused = actions.each([fine, gone, other], actions.accept, actor=cast.centre, now=NOW)

    assert [one for one, _why in refused] == [gone]
    assert [state(one) for one in (fine, gone, other)] == ["accepted"] * 3


def test_a_whole_life_is_in_the_journal_and_the_journal_checks(cast):
    made = called_back(cast, contact="138-0000-0001")
    actions.strike_off(made, actor=cast.checker, now=NOW)

    assert [one.verb for one in read.history(made.pk)] == [
        *("register", "accept", "file", "dispatch", "receive", "contact", "submit"),
        *("verify", "close", "call_back", "strike_off"),
    ]
    assert check(cast.street.pk) == []


def test_the_database_itself_refuses_what_can_never_be(cast):
    from django.db import IntegrityError, transaction

    made = WorkOrderFactory(state="closed", happened_on=date(2021, 6, 8))
    for wrong in (
        {"state": "not_accepted"},
        {"state": "merged"},
        {"state": "on_hold"},
        {"unit": None},
        {"is_excluded": True},
        {"submitted_by": cast.centre, "verified_by": cast.centre},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkOrder.objects.filter(pk=made.pk).update(**wrong)
