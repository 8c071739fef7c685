"""The map on the notice of a grid: true to shape, neighbours cut off at its edge."""

from __future__ import annotations

from shapely.geometry import shape

from fenghuang.web.posters import WIDTH, drawing
from tests.cast import square


def test_the_frame_is_as_high_as_the_area_is_in_metres():
    at_the_equator = drawing(shape(square(0, -0.005)), [])
    at_sixty_degrees = drawing(shape(square(0, 60)), [])

    assert (at_the_equator.width, at_the_equator.height) == (WIDTH, WIDTH)
    # A degree of longitude is half as long there: twice as high as wide, so drawn half as wide.
    assert (at_sixty_degrees.height, round(at_sixty_degrees.width, -1)) == (WIDTH, WIDTH // 2)


def test_neighbours_are_cut_off_and_what_is_far_is_left_out():
    east, far = shape(square(0.01, 0)), shape(square(1, 1))

    areas = drawing(shape(square(0, 0)), [("东", east), ("远", far)]).areas

    own, neighbour = areas[-1], areas[0]
    assert [(one.name, one.is_own) for one in areas] == [("东", False), ("", True)]
    assert "1000.0" in neighbour.path and "1625" not in neighbour.path
    assert own.path.startswith("M") and own.path.endswith("Z")


def test_a_name_for_which_there_is_no_room_is_not_written():
    areas = drawing(
        shape(square(0, 0)), [("很长很长很长很长很长很长的网格名称", shape(square(0.01, 0)))]
    ).areas

    assert areas[0].name == ""


def test_an_area_of_several_parts_is_drawn_with_all_of_them():
    parts = shape(square(0, 0)).union(shape(square(0.02, 0)))

    assert drawing(parts, []).areas[-1].path.count("M") == 2
