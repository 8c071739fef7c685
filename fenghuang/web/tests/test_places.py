"""The tree of places, the map, and a place with its history."""

from __future__ import annotations

from datetime import date

import pytest

from fenghuang.kernel.places.actions import redraw, rename
from tests.cast import SINCE, SYSTEM, square

CHANGED = date(2021, 5, 1)


@pytest.fixture
def reader(cast, client):
    client.force_login(cast.secretary)
    return client


def test_communities_show_their_grids_and_who_looks_after_them(cast, reader):
    communities = reader.get("/places/").context["communities"]

    assert [
        (one.name, secretaries, [(grid.name, workers) for grid, workers in grids])
        for one, secretaries, grids in communities
    ] == [
        (
            "东园社区",
            [cast.secretary.display_name],
            [("东园第一网格", [cast.grid_worker.display_name]), ("东园第二网格", [])],
        ),
        (
            "西园社区",
            [cast.west_secretary.display_name],
            [("西园第一网格", [cast.west_grid_worker.display_name])],
        ),
    ]


def test_the_map_shows_the_grids_as_they_are_drawn_today(cast, reader):
    redraw(cast.east_first, square(113.5, 27.5), on=CHANGED, document="街发〔2021〕5号", by=SYSTEM)

    features = reader.get("/places/outlines.json").json()["features"]

    drawn = {one["properties"]["name"]: one["geometry"] for one in features}
    assert set(drawn) == {"东园第一网格", "东园第二网格", "西园第一网格"}
    assert drawn["东园第一网格"] == square(113.5, 27.5)


def test_a_place_remembers_its_former_name(cast, reader):
    rename(cast.east, "东苑社区", on=CHANGED, document="街发〔2021〕6号", by=SYSTEM)

    context = reader.get(f"/places/{cast.east.pk}/").context

    assert context["place"].name == "东苑社区"
    assert [(one.day, one.document) for one in context["history"]] == [
        (CHANGED, "街发〔2021〕6号"),
        (SINCE, ""),
    ]
    assert {one.name for one in context["inside"]} == {
        "东园第一网格",
        "东园第二网格",
        "梧桐里",
    }


def test_the_places_of_another_street_are_not_there(cast, reader):
    other = cast.other_street.pk

    assert reader.get(f"/places/{other}/").status_code == 404
    assert reader.get(f"/places/outlines.json?place={other}").status_code == 404


def test_somebody_without_a_role_sees_no_places(cast, client):
    client.force_login(cast.outsider)

    assert client.get("/places/").status_code == 403


def test_places_are_found_by_a_name_they_had(cast, reader):
    rename(cast.west, "西苑社区", on=CHANGED, document="街发〔2021〕7号", by=SYSTEM)

    places = reader.get("/search/", {"q": "西园社区"}).context["places"]

    assert [one.pk for one in places] == [cast.west.pk]


def test_the_tree_asks_little_of_the_database(cast, reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        reader.get("/places/")
