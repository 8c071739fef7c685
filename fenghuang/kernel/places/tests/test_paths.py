"""The derived paths say what the positions say, for any history."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.places.models import FOREVER
from fenghuang.kernel.places.paths import Reach, Step, reaches, united

FIRST = date(2021, 1, 1)
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(n))
spans = st.tuples(days, days).filter(lambda span: span[0] < span[1])
# Leaf stands in grids, grids in communities: any number of spans, touching, overlapping or apart.
histories = st.lists(st.tuples(st.sampled_from(["g1", "g2"]), st.sampled_from(["c1", "c2"]), spans))
leaves = st.lists(st.tuples(st.sampled_from(["g1", "g2"]), spans))


@given(leaves, histories, days)
def test_on_each_day_the_leaf_reaches_what_a_walk_up_reaches(leaf_in, grid_in, day):
    steps = defaultdict(list)
    for grid, span in leaf_in:
        steps["leaf"].append(Step(grid, *span))
    for grid, community, span in grid_in:
        steps[grid].append(Step(community, *span))
    grids = {grid for grid, (start, end) in leaf_in if start <= day < end}
    communities = {
        community
        for grid, community, (start, end) in grid_in
        if grid in grids and start <= day < end
    }

    found = united(reaches("leaf", steps, date.min, FOREVER))
    reached = [one.ancestor for one in found if one.valid_from <= day < one.valid_to]

    assert sorted(reached) == sorted({"leaf"} | grids | communities)


def test_spans_that_touch_are_one():
    parts = [Reach("a", FIRST, date(2021, 2, 1)), Reach("a", date(2021, 2, 1), FOREVER)]

    assert united(parts) == [Reach("a", FIRST, FOREVER)]
