"""What screens say and ask, without any line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.records.cycles import LifeCycle, Verb
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import LOCAL_ZONE, CalendarMissing, due, working_days
from fenghuang.kit.forms import Day, OfficeForm, OneOf, PlaceChoice, StaffChoice, UnitChoice, Yuan
from fenghuang.kit.lists import Order, areas, names
from fenghuang.kit.screens import carried_out
from fenghuang.kit.shown import days_away, in_words, label, step_in_words, tone, yuan

ANYBODY = frozenset({Role.SECRETARY})
CYCLE = LifeCycle(
    code="errand",
    state_field="state",
    line="",
    states={"new": "new", "begun": "begun", "finished": "finished", "dropped": "dropped"},
    start=frozenset({"new"}),
    verbs=(
        Verb("begin", "Begin", {"new": "begun"}, ANYBODY),
        Verb("note", "Note", {"finished": "finished"}, ANYBODY),
        Verb("finish", "Finish", {"begun": "finished"}, ANYBODY),
        Verb("drop", "Drop", {"new": "dropped", "begun": "dropped"}, ANYBODY, is_grave=True),
        Verb("reopen", "Reopen", {"finished": "begun"}, ANYBODY, is_grave=True),
    ),
)


@pytest.fixture
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def test_the_tone_of_a_state_follows_from_the_verbs():
    assert {state: tone(CYCLE, state) for state in CYCLE.states} == {
        "new": "start",
        "begun": "going",
        "finished": "done",
        "dropped": "stopped",
    }


def test_values_are_written_as_the_office_writes_them(chinese):
    assert [
        in_words(date(2021, 5, 3)),
        in_words(datetime(2021, 12, 31, 16, 30, tzinfo=UTC)),
        in_words(time(19, 30)),
        in_words(Decimal("12.50")),
        in_words(0),
        in_words(None),
        in_words(""),
        in_words([]),
    ] == ["2021年5月3日", "2022年1月1日 00:30", "19:30", "12.5", "0", "—", "—", "—"]


def test_a_list_is_as_safe_as_its_least_safe_word(english):
    assert in_words(["<b>", "b"]) == "<b>, b"
    assert not hasattr(in_words(["<b>"]), "__html__")


@given(st.integers(min_value=0, max_value=10**14))
def test_yuan_lose_no_fen(fen):
    with translation.override("en"):
        written = yuan(fen)

    assert Decimal(written.removesuffix(" yuan").replace(",", "")) * 100 == fen


def test_how_far_a_due_date_is(english):
    today = date(2021, 5, 10)

    assert [days_away(date(2021, 5, day), today) for day in (8, 9, 10, 11, 13)] == [
        "2 days late",
        "1 day late",
        "due today",
        "due tomorrow",
        "in 3 days",
    ]


def test_every_day_of_a_due_date_is_explained(english):
    friday = datetime(2021, 9, 17, 10, tzinfo=LOCAL_ZONE)

    said = [step_in_words(step) for step in due(friday, working_days(2)).steps]

    assert said == [
        "the day itself is not counted",
        "counted: 1 (make-up workday)",
        "day off, not counted (Mid-autumn Festival)",
        "day off, not counted (Mid-autumn Festival)",
        "day off, not counted (Mid-autumn Festival)",
        "counted: 2",
    ]


def test_a_heading_is_the_fields_own_or_the_glossarys(english):
    assert [label(User, "username"), label(User, "unit.name"), label(User, "number")] == [
        "User name",
        "Unit",
        "Number",
    ]


class Errand(OfficeForm):
    on = Day(not_after_today=True)
    cost_fen = Yuan(required=False)


def sent(**data):
    return Errand({"on": "2021-05-03", **data}, actor=None)


def test_the_fields_of_a_form_are_the_arguments_of_the_action():
    form = sent(cost_fen="12.34")

    assert carried_out(form, lambda *args, **named: (args, named), "errand", actor="someone")
    assert form.outcome == (
        ("errand",),
        {"actor": "someone", "on": date(2021, 5, 3), "cost_fen": 1234},
    )


def refuse(code: str, where: str = ""):
    def action(**_named):
        raise Refused(code, "no", where=where)

    return action


def test_a_refusal_stands_at_its_field():
    form = sent()

    assert not carried_out(form, refuse("too_late", where="on"))
    assert (form.refusal.code, dict(form.errors)) == ("too_late", {"on": ["no"]})


def test_a_refusal_about_no_field_stands_above_the_form():
    form = sent()

    assert not carried_out(form, refuse("role", where="elsewhere"))
    assert form.non_field_errors() == ["no"]


def test_a_missing_calendar_is_said_and_nothing_breaks():
    def action(**_named):
        raise CalendarMissing(2031)

    form = sent()

    assert not carried_out(form, action)
    assert "2031" in form.non_field_errors()[0]


def test_an_incomplete_form_calls_no_action():
    form = sent(on="")

    assert not carried_out(form, refuse("must not be reached"))
    assert form.refusal is None


def test_what_has_happened_cannot_lie_in_the_future():
    form = sent(on="2999-01-01")

    assert form.errors.as_data()["on"][0].code == "future"


def test_few_choices_are_buttons_and_many_are_a_list():
    few = OneOf([(str(n), str(n)) for n in range(6)])
    many = OneOf([(str(n), str(n)) for n in range(7)])
    optional = OneOf([("a", "a")], required=False)

    assert isinstance(few.widget, forms.RadioSelect)
    assert isinstance(many.widget, forms.Select) and not isinstance(many.widget, forms.RadioSelect)
    assert (few.choices[0][0], many.choices[0][0], optional.choices[0][0]) == ("0", "", "")


class Whereabouts(OfficeForm):
    LINE = "requests"

    place = PlaceChoice()
    unit = UnitChoice()
    handler = StaffChoice(roles=frozenset({Role.GRID_WORKER}))


def test_a_person_chooses_among_the_places_they_look_after(cast):
    assert set(names(areas(cast.secretary, "requests"))) == {
        str(cast.east.pk),
        str(cast.east_first.pk),
        str(cast.east_second.pk),
    }
    assert names(areas(cast.administrator, "requests")) == {}


def test_a_single_place_is_chosen_already(cast):
    form = Whereabouts(actor=cast.grid_worker)

    assert form["place"].initial == str(cast.east_first.pk)


def test_a_place_of_others_is_not_taken(cast):
    sent_elsewhere = {"place": str(cast.west_first.pk), "unit": cast.works.pk, "handler": ""}

    form = Whereabouts(sent_elsewhere, actor=cast.grid_worker)

    assert "place" in form.errors and "unit" not in form.errors


def test_units_and_colleagues_are_those_of_the_own_street(cast):
    fields = Whereabouts(actor=cast.secretary).fields

    assert set(fields["unit"].queryset) == {cast.works, cast.district}
    assert set(fields["handler"].queryset) == {cast.grid_worker, cast.west_grid_worker}


def test_the_order_of_a_list_is_total():
    assert Order("joined_at", True).sorted(User.objects.all()).query.order_by == (
        "-joined_at",
        "-id",
    )
