"""Finding the grid in which a point lies."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from fenghuang.kernel.places import actions, outlines
from fenghuang.kernel.places.outlines import NOWHERE, GridMap, check_outline, locate
from fenghuang.kernel.refusal import Refused
from tests.cast import SYSTEM, square

WEST, EAST = "west", "east"
MAP = GridMap.of({WEST: shape(square(113.85, 27.62)), EAST: shape(square(113.86, 27.62))})


@given(st.floats(113.84, 113.88), st.floats(27.61, 27.64))
def test_one_by_one_and_all_at_once_give_the_same_grid(longitude, latitude):
    [index] = MAP.locate_many([longitude], [latitude])

    assert MAP.locate(longitude, latitude) == (None if index == NOWHERE else MAP.grids[index])


def test_a_shared_edge_belongs_to_the_first_grid_and_outside_is_nowhere():
    longitudes, latitudes = np.array([113.86, 113.9]), np.array([27.625, 27.625])

    assert list(MAP.locate_many(longitudes, latitudes)) == [0, NOWHERE]


def test_a_point_is_found_in_the_grid_as_it_was_drawn_on_that_day(cast, monkeypatch):
    monkeypatch.setattr(outlines, "_LOOK_AGAIN_AFTER", -1.0)
    point = (113.855, 27.625)
    assert locate(cast.street.pk, *point, date(2021, 6, 1)) == cast.east_first.pk

    actions.redraw(
        cast.east_first, square(113.90, 27.62), on=date(2021, 7, 1), document="2号", by=SYSTEM
    )

    assert locate(cast.street.pk, *point, date(2021, 6, 1)) == cast.east_first.pk
    assert locate(cast.street.pk, *point, date(2021, 7, 1)) is None


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({}, "outline"),
        ("polygon", "outline"),
        ({"type": "Point", "coordinates": [113, 27]}, "outline"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]},
            "outline_crosses",
        ),
        (square(3_000_000, 400_000, 100), "outline_degrees"),
    ],
)
def test_what_is_no_outline_is_refused(geometry, code):
    with pytest.raises(Refused) as refused:
        check_outline(geometry)

    assert refused.value.code == code
