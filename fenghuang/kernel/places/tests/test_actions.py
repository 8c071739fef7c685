"""Renaming, splitting and merging never rewrite what was."""

from __future__ import annotations

from datetime import date

import pytest

from fenghuang.kernel.journal import read
from fenghuang.kernel.places import actions
from fenghuang.kernel.places.models import Boundary, Community, Grid, OtherName, Path
from fenghuang.kernel.places.paths import above, path_faults
from fenghuang.kernel.places.queries import place_called
from fenghuang.kernel.refusal import Refused
from tests.cast import SINCE, SYSTEM, square

CHANGE = date(2021, 7, 1)


def test_a_renamed_place_is_found_by_both_names(cast):
    actions.rename(cast.east, "东苑社区", on=CHANGE, document="凤街〔2021〕8号", by=SYSTEM)

    assert place_called("东苑社区").pk == cast.east.pk
    assert place_called("东园社区").pk == cast.east.pk
    former = OtherName.objects.get(place=cast.east)
    assert (former.name, former.valid_to, former.was_official) == ("东园社区", CHANGE, True)
    assert [change.verb for change in read.history(cast.east.pk)] == ["add", "rename"]


def test_a_grid_that_moves_stands_where_it_stood_on_each_day(cast):
    actions.move(cast.east_first, cast.west, on=CHANGE, document="9号", by=SYSTEM)

    before = set(above(cast.building.pk, date(2021, 6, 30)))
    after = set(above(cast.building.pk, CHANGE))

    # The compound stays with the east: a building has two ways up.
    common = {cast.building.pk, cast.east_first.pk, cast.compound.pk, cast.street.pk, cast.east.pk}
    assert before == common
    assert after == common | {cast.west.pk}


def test_a_split_names_a_part_for_everything_in_it(cast):
    north = Grid(name="东园北网格", valid_from=CHANGE)
    south = Grid(name="东园南网格", valid_from=CHANGE)
    north_half = square(113.85, 27.625, 0.005)

    with pytest.raises(Refused) as refused:
        actions.split(
            cast.east_first,
            [(north, north_half, []), (south, None, [])],
            on=CHANGE,
            document="10号",
            by=SYSTEM,
        )

    assert refused.value.code == "split_leaves"
    assert not Grid.objects.filter(name="东园北网格").exists()


def test_a_split_grid_keeps_its_past_and_its_parts_take_the_future(cast):
    north = Grid(name="东园北网格", valid_from=CHANGE)
    south = Grid(name="东园南网格", valid_from=CHANGE)
    actions.split(
        cast.east_first,
        [(north, square(113.85, 27.625, 0.005), [cast.building]), (south, None, [])],
        on=CHANGE,
        document="10号",
        by=SYSTEM,
    )

    in_june = set(above(cast.building.pk, date(2021, 6, 30)))
    in_july = set(above(cast.building.pk, CHANGE))

    assert cast.east_first.pk in in_june and north.pk not in in_june
    assert north.pk in in_july and cast.east_first.pk not in in_july
    assert Boundary.objects.get(place=cast.east_first).valid_to == CHANGE
    assert path_faults(cast.street.pk) == []


def test_a_place_stands_only_in_a_place_of_the_right_level(cast):
    grid = Grid(name="悬空网格", valid_from=SINCE)

    with pytest.raises(Refused) as refused:
        actions.add_places(cast.street, [grid], {grid.id: [cast.street]}, by=SYSTEM)

    assert refused.value.code == "place_parent"
    assert not Grid.objects.filter(name="悬空网格").exists()


def test_two_places_of_different_levels_are_not_merged(cast):
    with pytest.raises(Refused) as refused:
        actions.merge([cast.east], cast.east_first, on=CHANGE, document="1号", by=SYSTEM)

    assert refused.value.code == "merge_kind"
    assert Community.objects.get(pk=cast.east.pk).valid_to is None


def test_a_path_that_follows_from_no_position_is_found(cast):
    Path.objects.filter(place=cast.building, ancestor=cast.east).update(ancestor=cast.west)

    faults = path_faults(cast.street.pk)

    assert len(faults) == 2
