"""The language by itself: conditions, shares, versions, tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.indicators import places, registry
from fenghuang.indicators.catalogue import NotInCatalogue
from fenghuang.indicators.conditions import where
from fenghuang.indicators.figures import figure
from fenghuang.indicators.language import Count, percentage
from fenghuang.indicators.periods import CUMULATIVE, FLOW, STOCK, Period, month, year
from fenghuang.indicators.tables import PERIOD, Case, table
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.actions import add_places
from fenghuang.kernel.places.models import Building, Community, Grid
from tests.cast import SYSTEM


class _Meta:
    label_lower = "requests.meeting"
    app_label = "requests"


class Meeting:
    _meta = _Meta


def sessions(**changes):
    facts = {"of": Meeting, "period": FLOW, "dated": "happened_on"} | changes
    return Count("MTG.SESSIONS", **facts)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 3))
def test_a_share_is_100_only_if_all_are_hits_and_none_without_a_base(a, b, decimals):
    hits, total = sorted((a, b))

    share = percentage(hits, total, decimals)

    assert (share is None) == (total == 0)
    assert (share == 100) == (0 < total == hits)
    if share is not None:
        assert abs(share - Decimal(100) * hits / total) <= Decimal(1).scaleb(-decimals)


def test_the_version_changes_with_the_meaning_and_not_with_the_name_of_the_module():
    same, other = sessions(), sessions(when=where(state="held"))

    assert (sessions().version == same.version, same.version == other.version) == (True, False)


def test_conditions_read_as_words():
    condition = where(state="held", attendances__gte=1) & ~where(place__kind__in=["grid", "street"])

    assert str(condition) == "state = held and attendances ≥ 1 and not (place.kind ∈ grid/street)"


def test_a_cumulative_figure_needs_its_start_and_no_other_has_one():
    with pytest.raises(ValueError, match="start date"):
        sessions(period=CUMULATIVE)
    with pytest.raises(ValueError, match="start date"):
        sessions(since=date(2020, 1, 1))
    with pytest.raises(ValueError, match="end of standing"):
        sessions(until="valid_to")
    assert sessions(period=STOCK, until="valid_to").until == "valid_to"


def test_the_months_of_a_year_follow_each_other_without_a_gap():
    months = [month(2021, number) for number in range(1, 13)]

    assert [one.end for one in months[:-1]] == [one.start for one in months[1:]]
    assert (months[0].start, months[-1].end) == (year(2021).start, year(2021).end)


def test_a_period_without_days_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no days"):
        Period(date(2021, 1, 1), date(2021, 1, 1))


def test_a_table_is_read_with_its_value():
    read = table("| state | counts |\n| held | yes |\n| planned | no |\n= 1")

    assert read.cases == (Case({"state": "held"}, "yes"), Case({"state": "planned"}, "no"))
    assert read.value == "1"


def test_a_code_is_defined_once():
    with pytest.raises(ValueError, match="defined twice"):
        registry.register(replace(places.grids, owner="党政办"))


def test_a_definition_counts_as_its_row_of_the_catalogue_says():
    with pytest.raises(ValueError, match=r"catalogue\.csv"):
        registry.register(sessions(period=STOCK))
    with pytest.raises(NotInCatalogue, match=r"X\.SESSIONS"):
        registry.register(replace(sessions(), code="X.SESSIONS"))


def test_names_and_measure_word_of_a_definition_are_those_of_the_catalogue():
    named = sessions()

    assert (named.zh, named.en) == ("屋场贴心会场次", "neighbourhood meetings held")
    assert (named.unit, named.line) == ("场次", "requests")


PARENT = {Community: "street", Grid: "east", Building: "east_second"}


@pytest.mark.parametrize(
    "definition",
    [one for one in registry.indicators("places") if one.cases],
    ids=lambda one: one.code,
)
def test_the_definition_counts_as_its_table_says(definition, cast):
    stated = table(definition.cases)
    before = figure(definition, PERIOD, cast.street)
    stood = set(before.records)
    made = []
    for index, case in enumerate(stated.cases):
        fields = {
            name: definition.of._meta.get_field(name).to_python(text)
            for name, text in case.fields.items()
            if text
        }
        place = definition.of(name=f"新{index}", **fields)
        above = getattr(cast, PARENT[definition.of])
        add_places(cast.street, [place], {place.id: [above]}, by=SYSTEM)
        made.append((place, case.counts))

    found = figure(definition, PERIOD, cast.street)

    counted = {place for place, counts in made if counts == "yes"}
    assert str(found.value - before.value) == stated.value
    assert set(found.records) - stood == counted


def test_the_share_of_grids_with_a_worker(cast):
    found = figure(places.grid_staffed_rate, PERIOD, cast.street)

    assert (found.value, found.base) == (Decimal("66.7"), 3)
    assert User.objects.filter(username="grid_worker").exists()
