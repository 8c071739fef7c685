"""What the kernel promises of every record, shown on this line's: numbers, keys, links, scope."""

from __future__ import annotations

from datetime import date

import pytest

from fenghuang.kernel.people.actions import appoint, dismiss
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.records import actions
from fenghuang.kernel.records.models import Link
from fenghuang.kernel.records.numbers import take
from fenghuang.kernel.refusal import Refused
from fenghuang.lines.requests.models import Problem
from fenghuang.lines.requests.tests.factories import MeetingFactory, ProblemFactory


def test_numbers_count_up_within_street_line_and_year(cast):
    first = ProblemFactory(happened_on=date(2021, 1, 1))
    second = MeetingFactory(happened_on=date(2021, 12, 31))
    other_year = ProblemFactory(happened_on=date(2022, 1, 1))

    numbers = [first.number, second.number, other_year.number]

    assert numbers == ["REQ-2021-00001", "REQ-2021-00002", "REQ-2022-00001"]
    assert list(take(cast.other_street.pk, "requests", 2021, 3)) == [1, 2, 3]


def test_a_client_key_seen_before_adds_nothing(cast):
    first = ProblemFactory(client_key="a-key")

    with pytest.raises(actions.AlreadyEntered) as again:
        ProblemFactory(client_key="a-key")

    assert again.value.record == first
    assert list(Problem.objects.all()) == [first]


def test_the_enterer_does_not_check_their_own_record(cast):
    problem = ProblemFactory(actor=cast.secretary)

    with pytest.raises(Refused) as refused:
        actions.check(problem, actor=cast.secretary)
    actions.check(problem, actor=cast.checker)

    assert (refused.value.code, problem.checked_by) == ("second_person", cast.checker)


def test_a_link_is_seen_from_both_records(cast):
    meeting, problem = MeetingFactory(), ProblemFactory()

    made = actions.link(meeting, Link.Kind.LED_TO, problem, actor=cast.secretary)

    assert list(Link.objects.filter(source_id=meeting.pk)) == [made]
    assert list(Link.objects.filter(target_id=problem.pk)) == [made]


def scope(user: User) -> set[str]:
    fresh = User.objects.get(pk=user.pk)  # as in a new request
    return set(Problem.objects.visible_to(fresh).values_list("text", flat=True))


@pytest.fixture
def problems(cast):
    for place in ("street", "east", "east_first", "east_second", "west_first", "building"):
        ProblemFactory(place=getattr(cast, place), text=place)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("leader", {"street", "east", "east_first", "east_second", "west_first", "building"}),
        ("auditor", {"street", "east", "east_first", "east_second", "west_first", "building"}),
        ("secretary", {"east", "east_first", "east_second", "building"}),
        ("grid_worker", {"east_first", "building"}),
        ("west_secretary", {"west_first"}),
        ("administrator", set()),
        ("building_head", set()),
    ],
)
def test_a_person_sees_the_records_of_their_places(cast, problems, who, sees):
    assert scope(getattr(cast, who)) == sees


def test_strangers_see_nothing(cast, problems):
    assert scope(cast.outsider) == set()
    assert Problem.objects.visible_to(None).count() == 0


def test_an_appointment_opens_and_closes_with_its_days(cast, problems):
    held = appoint(
        cast.outsider, Role.GRID_WORKER, cast.west_first, valid_from=date(2021, 1, 1), by="0" * 16
    )
    seen = scope(cast.outsider)
    dismiss(held, on=date(2022, 1, 1), by="0" * 16)

    assert (seen, scope(cast.outsider)) == ({"west_first"}, set())


def test_an_appointment_for_another_line_opens_nothing_here(cast, problems):
    appoint(
        cast.outsider,
        Role.DEPARTMENT,
        cast.street,
        valid_from=date(2021, 1, 1),
        by="0" * 16,
        line="safety",
    )

    assert scope(cast.outsider) == set()
