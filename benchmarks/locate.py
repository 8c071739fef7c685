"""Points to grids: a lattice of 3,000 crooked grids that share their borders."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import numpy as np
from shapely import Polygon

from fenghuang.kernel.places.outlines import GridMap

from .results import Result, timed

COLUMNS, ROWS, SIDES = 60, 50, 4  # grids, and straight pieces on each of a grid's four borders
DEGREES = 0.01


def lattice(seed: int = 3000) -> dict[uuid.UUID, Polygon]:
    """Crooked grids without gaps: the corners of a fine lattice, each moved a little."""
    shape = (ROWS * SIDES + 1, COLUMNS * SIDES + 1)
    north, east = np.indices(shape) / SIDES
    moved = np.random.default_rng(seed).uniform(-0.08, 0.08, (2, *shape))
    corners = np.stack((113 + (east + moved[0]) * DEGREES, 27 + (north + moved[1]) * DEGREES), -1)
    grids = {}
    for row in range(0, ROWS * SIDES, SIDES):
        for column in range(0, COLUMNS * SIDES, SIDES):
            rows, columns = slice(row, row + SIDES + 1), slice(column, column + SIDES + 1)
            block = corners[rows, columns]
            border = (block[0, :-1], block[:-1, -1], block[-1, :0:-1], block[:0:-1, 0])
            grids[uuid.UUID(int=len(grids))] = Polygon(np.concatenate(border))
    return grids


def measure(quick: bool) -> Iterator[Result]:
    count = 200_000 if quick else 1_000_000
    grids = GridMap.of(lattice())
    chance = np.random.default_rng(1)
    longitudes = 113 + chance.uniform(0, COLUMNS * DEGREES, count)
    latitudes = 27 + chance.uniform(0, ROWS * DEGREES, count)
    took = timed(lambda: grids.locate_many(longitudes, latitudes))
    yield Result("locate, 3,000 grids, all at once", count / took, "points/s", 500_000)
    some = list(zip(longitudes[:5_000].tolist(), latitudes[:5_000].tolist(), strict=True))
    took = timed(lambda: [grids.locate(*point) for point in some])
    yield Result("locate, 3,000 grids, one by one", len(some) / took, "points/s")
