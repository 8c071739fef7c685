"""Standing in for an absent colleague: named for days, seen by both, never two persons in one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fenghuang.kernel.journal.check import check
from fenghuang.kernel.people.actions import end_substitution, name_substitute
from fenghuang.kernel.people.models import Appointment, User
from fenghuang.kernel.refusal import Refused

TODAY = timezone.localdate()
WEEK = timedelta(days=6)


def named(cast, absent="secretary", substitute="community_worker", actor="secretary", **days):
    span = {"first": TODAY, "last": TODAY + WEEK} | days
    people = cast.staff
    return name_substitute(people[absent], people[substitute], actor=people[actor], **span)


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def test_the_substitute_holds_the_roles_for_these_days_only(cast):
    [held] = named(cast)

    substitute = fresh(cast.community_worker)
    later = Appointment.objects.valid_on(TODAY + WEEK + timedelta(days=1))
    assert (held.role, held.place_id, held.valid_to) == (
        "secretary",
        cast.east.pk,
        TODAY + timedelta(days=7),
    )
    assert "secretary" in substitute.roles("requests")
    assert substitute.stood_in_for == {cast.secretary.pk}
    assert set(later.filter(user=substitute).values_list("role", flat=True)) == {"community_worker"}
    assert check(cast.street.pk) == []


def test_the_unit_of_the_absent_one_comes_with_it(cast):
    cast.secretary.unit = cast.works
    cast.secretary.save()
    named(cast)

    assert fresh(cast.community_worker).unit_ids == {cast.works.pk}


@pytest.mark.parametrize(
    ("absent", "substitute", "actor", "code"),
    [
        ("secretary", "secretary", "secretary", "same_person"),
        ("secretary", "centre", "centre", "second_person"),
        ("secretary", "grid_worker", "west_secretary", "role"),
        ("leader", "centre", "secretary", "role"),
        ("administrator", "office", "administrator", "role"),
    ],
)
def test_who_may_not_name_whom(cast, absent, substitute, actor, code):
    with pytest.raises(Refused) as refused:
        named(cast, absent, substitute, actor)

    assert refused.value.code == code
    assert not Appointment.objects.filter(stands_in_for__isnull=False).exists()


@pytest.mark.parametrize("actor", ["secretary", "centre", "administrator"])
def test_who_may_name_a_substitute_for_a_grid_worker(cast, actor):
    assert len(named(cast, "grid_worker", "community_worker", actor)) == 1


def test_an_outsider_stands_in_for_nobody(cast):
    with pytest.raises(Refused) as refused:
        name_substitute(
            cast.secretary, cast.outsider, actor=cast.secretary, first=TODAY, last=TODAY
        )

    assert refused.value.code == "scope"


def test_what_is_held_as_a_substitute_is_not_handed_on(cast):
    named(cast, "centre", "secretary", "centre")
    given = named(cast, "secretary", "community_worker", "secretary")

    assert {one.role for one in given} == {"secretary"}


def test_it_is_ended_before_its_time_by_either_of_the_two(cast):
    [held] = named(cast)
    with pytest.raises(Refused):
        end_substitution(held, actor=cast.west_secretary)
    end_substitution(held, actor=cast.secretary)

    assert fresh(cast.community_worker).stood_in_for == set()


def test_both_see_it_on_their_first_page_and_the_administrator_on_theirs(cast, client):
    [held] = named(cast)
    shown = {}
    for name in ("secretary", "community_worker", "grid_worker"):
        client.force_login(cast.staff[name])
        shown[name] = client.get("/").context["stands_in"]
    client.force_login(cast.administrator)
    for name in ("secretary", "community_worker"):
        shown[f"{name}'s"] = client.get(f"/people/{name}/").context["stands_in"]

    assert shown == {
        "secretary": [held],
        "community_worker": [held],
        "grid_worker": [],
        "secretary's": [held],
        "community_worker's": [held],
    }


def test_a_substitute_is_named_and_ended_on_the_page(cast, client):
    client.force_login(cast.secretary)
    said = {
        "absent": str(cast.secretary.pk),
        "substitute": str(cast.community_worker.pk),
        "first": TODAY.isoformat(),
        "last": (TODAY + WEEK).isoformat(),
    }
    client.post("/substitutes/", said)
    [held] = client.get("/substitutes/").context["shown"]
    client.post("/substitutes/", {"end": str(held.pk)})

    assert held.user == cast.community_worker
    assert client.get("/substitutes/").context["shown"] == []


def test_the_page_costs_the_same_for_one_pair_and_three(cast, client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/substitutes/")
        return len(asked)

    client.force_login(cast.centre)
    named(cast)
    client.get("/substitutes/")
    one = cost()
    named(cast, "grid_worker", "community_worker", "centre")
    named(cast, "community_worker", "grid_worker", "centre")

    assert cost() == one
