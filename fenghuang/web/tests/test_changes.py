"""Places change by a document, by whoever may, and remember what they were."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fenghuang.kernel.journal import read
from fenghuang.kernel.places.models import Boundary, Community, Grid, Place
from fenghuang.kernel.places.paths import above
from fenghuang.kit.models import Upload
from fenghuang.kit.place_history import place_history
from tests.cast import SINCE, square

DAY = date(2021, 5, 1)
PAPER = {"on": DAY.isoformat(), "document": "街发〔2021〕5号"}


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


@pytest.fixture
def centre(cast, client):
    client.force_login(cast.centre)
    return client


def change(client, place, verb: str, **given):
    return client.post(f"/places/{place.pk}/change/{verb}/", PAPER | given)


def told(client, place) -> list[tuple[date, str, list[str]]]:
    """The history on the page of a place: day, document, other places."""
    history = client.get(f"/places/{place.pk}/").context["history"]
    return [(one.day, one.document, [other.name for other in one.others]) for one in history]


def test_the_office_renames_a_community_twice_and_both_names_are_told(cast, office):
    change(office, cast.east, "rename", name="东苑社区")
    change(office, cast.east, "rename", name="东方社区", on="2021-08-01", document="9号")

    assert told(office, cast.east) == [
        (date(2021, 8, 1), "9号", []),
        (DAY, "街发〔2021〕5号", []),
        (SINCE, "", []),
    ]
    former = cast.east.other_names.order_by("valid_from").values_list("name", "valid_from")
    assert list(former) == [("东园社区", SINCE), ("东苑社区", DAY)]


def test_a_change_before_the_last_one_is_refused(cast, office):
    change(office, cast.east, "rename", name="东苑社区")

    answer = change(office, cast.east, "rename", name="早名社区", on="2021-04-30")

    assert answer.context["form"].refusal.code == "later_change"
    assert Place.objects.get(pk=cast.east.pk).name == "东苑社区"


def test_a_change_wants_a_document_and_a_day_that_has_come(cast, office):
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = change(office, cast.east, "rename", name="东苑社区", on=tomorrow, document="")

    assert set(answer.context["form"].errors) == {"on", "document"}
    assert answer.status_code == 422


def test_two_communities_do_not_have_one_name(cast, office):
    answer = change(office, cast.east, "rename", name="西园社区")

    assert answer.context["form"].refusal.code == "name_taken"


@pytest.mark.parametrize(
    ("name", "place", "may"),
    [
        ("office", "east", True),
        ("office", "east_first", False),
        ("centre", "east_first", True),
        ("centre", "east", False),
        ("office", "compound", True),
        ("centre", "building", True),
        ("administrator", "east", False),
        ("secretary", "east", False),
        ("leader", "east_first", False),
    ],
)
def test_only_the_office_changes_communities_and_only_the_centre_grids(
    cast, client, name, place, may
):
    client.force_login(cast.staff[name])
    found = getattr(cast, place)

    page = client.get(f"/places/{found.pk}/change/rename/")
    change(client, found, "rename", name="另一个名字")

    assert page.status_code == (200 if may else 403)
    assert Place.objects.filter(name="另一个名字").exists() == may
    assert bool(client.get(f"/places/{found.pk}/").context["changes"]) == may


def test_the_centre_moves_a_grid_to_another_community(cast, centre):
    change(centre, cast.east_first, "move", parent=cast.west.pk)

    assert cast.west.pk in above(cast.building.pk, DAY)
    assert cast.west.pk not in above(cast.building.pk, DAY - timedelta(days=1))
    assert told(centre, cast.east_first)[0] == (DAY, "街发〔2021〕5号", ["东园社区", "西园社区"])


def test_a_grid_stands_only_in_a_community(cast, centre):
    answer = change(centre, cast.east_first, "move", parent=cast.compound.pk)

    assert set(answer.context["form"].errors) == {"parent"}


def test_a_split_grid_names_its_parts_and_they_name_it(cast, centre):
    page = centre.get(f"/places/{cast.east_first.pk}/change/split/")
    inside = [
        field.label for _parent, fields in page.context["form"].grouped_fields() for field in fields
    ]

    change(
        centre,
        cast.east_first,
        "split",
        first="东园北网格",
        second="东园南网格",
        third="",
        **{f"part-{cast.building.pk}": "1"},
    )

    north, south = Grid.objects.get(name="东园北网格"), Grid.objects.get(name="东园南网格")
    assert inside == ["1栋"]
    assert south.pk in above(cast.building.pk, DAY)
    assert cast.east_first.pk in above(cast.building.pk, DAY - timedelta(days=1))
    assert told(centre, cast.east_first)[0] == (
        DAY,
        "街发〔2021〕5号",
        ["东园北网格", "东园南网格"],
    )
    assert told(centre, north) == [(DAY, "街发〔2021〕5号", ["东园第一网格"])]


def test_nothing_goes_to_a_third_part_that_has_no_name(cast, centre):
    part = f"part-{cast.building.pk}"

    answer = change(
        centre, cast.east_first, "split", first="北网格", second="南网格", **{part: "2"}
    )

    assert set(answer.context["form"].errors) == {part}
    assert not Grid.objects.filter(name="北网格").exists()


def test_a_merged_grid_goes_on_in_the_other_with_its_area(cast, centre):
    change(centre, cast.east_first, "merge", into=cast.east_second.pk)

    drawn = Boundary.objects.valid_on(DAY).get(place=cast.east_second).geometry
    west, east = (
        min(p[0] for p in drawn["coordinates"][0]),
        max(p[0] for p in drawn["coordinates"][0]),
    )
    assert (west, round(east, 6)) == (113.85, 113.87)
    assert told(centre, cast.east_first)[0] == (DAY, "街发〔2021〕5号", ["东园第二网格"])
    # The outline was redrawn on the same day, so two events are told of it.
    assert (DAY, "街发〔2021〕5号", ["东园第一网格"]) in told(centre, cast.east_second)
    assert centre.get(f"/places/{cast.east_first.pk}/").context["changes"] == []


def test_only_an_empty_place_is_retired(cast, office, client):
    full = change(office, cast.compound, "retire")
    client.force_login(cast.centre)
    change(client, cast.east_second, "retire")

    assert full.context["form"].refusal.code == "not_empty"
    assert Place.objects.get(pk=cast.east_second.pk).valid_to == DAY
    assert told(client, cast.east_second)[0] == (DAY, "街发〔2021〕5号", [])


def test_a_retired_place_changes_no_more(cast, centre):
    change(centre, cast.east_second, "retire")

    answer = change(centre, cast.east_second, "rename", name="复活网格", on="2021-06-01")

    assert answer.context["form"].refusal.code == "place_retired"


def test_the_public_telephone_of_a_grid_is_put_right(cast, centre):
    page = centre.get(f"/places/{cast.east_first.pk}/change/describe/")
    given = {"purpose": "ordinary", "limits": "东至江", "public_phone": "0799-0000009"}

    change(centre, cast.east_first, "describe", **given)

    grid = Grid.objects.get(pk=cast.east_first.pk)
    assert page.context["form"]["public_phone"].value() == "0799-0000001"
    assert (grid.public_phone, grid.limits) == ("0799-0000009", "东至江")
    assert [one.verb for one in read.history(grid.pk)] == ["add", "describe"]


def test_a_change_that_places_of_a_level_do_not_know_is_not_there(cast, centre):
    assert centre.get(f"/places/{cast.building.pk}/change/split/").status_code == 404
    assert centre.get(f"/places/{cast.east_first.pk}/change/paint/").status_code == 404


def test_the_history_costs_the_same_after_many_changes(cast, office, django_assert_num_queries):
    place = Place.objects.get(pk=cast.east.pk)
    with django_assert_num_queries(6):
        place_history(place)
    for n in range(3):
        change(office, cast.east, "rename", name=f"第{n}名社区", on=f"2021-0{n + 5}-01")

    place.refresh_from_db()
    with django_assert_num_queries(6):
        history = place_history(place)
    assert len(history) == 4


# Outlines


def geojson(**outlines: object) -> SimpleUploadedFile:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in outlines.items()
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    return SimpleUploadedFile("网格.geojson", content.encode())


def test_outlines_are_looked_at_on_a_map_before_they_are_drawn(cast, centre):
    Boundary.objects.filter(place=cast.east_second).delete()

    kept = centre.post("/places/drawing/", {"file": geojson(东园第二网格=square(114, 27))})
    page = centre.get(kept["Location"])
    shown = centre.get(page.context["outlines"]).json()["features"]
    before = Boundary.objects.filter(place=cast.east_second).count()
    centre.post(kept["Location"])

    assert {one["properties"]["name"]: one["properties"]["is_held"] for one in shown} == {
        "东园第一网格": True,
        "西园第一网格": True,
        "东园第二网格": False,
    }
    assert before == 0
    assert Boundary.objects.get(place=cast.east_second).geometry == square(114, 27)
    assert not Upload.objects.exists()


def test_an_outline_that_differs_is_redrawn_only_by_a_document(cast, centre):
    file = geojson(东园第一网格=square(114, 27), 东园第二网格=square(113.86, 27.62))
    kept = centre.post("/places/drawing/", {"file": file})["Location"]

    nothing_new = centre.post(kept)
    unsigned = centre.post(kept, {"redraw": "1", "on": DAY.isoformat(), "document": ""})
    kept = centre.post("/places/drawing/", {"file": geojson(东园第一网格=square(114, 27))})[
        "Location"
    ]
    centre.post(kept, PAPER | {"redraw": "1"})

    assert (nothing_new.status_code, unsigned.status_code) == (302, 404)
    drawn = Boundary.objects.filter(place=cast.east_first).order_by("valid_from")
    assert [(one.valid_from, one.valid_to) for one in drawn] == [(SINCE, DAY), (DAY, None)]
    then = centre.get(f"/places/outlines.json?place={cast.east_first.pk}&on=2021-04-30").json()
    assert then["features"][0]["geometry"] == square(113.85, 27.62)


def test_a_file_with_a_fault_draws_nothing(cast, centre):
    Boundary.objects.filter(place=cast.east_second).delete()
    file = geojson(东园第二网格=square(114, 27), 无名网格=square(115, 27))

    kept = centre.post("/places/drawing/", {"file": file})["Location"]
    page = centre.get(kept)
    answer = centre.post(kept)

    assert [one.code for one in page.context["errors"]] == ["unknown_grid"]
    assert answer.status_code == 422
    assert not Boundary.objects.filter(place=cast.east_second).exists()


def test_what_is_no_geojson_is_said_at_the_file(cast, centre):
    answer = centre.post("/places/drawing/", {"file": SimpleUploadedFile("a.geojson", b"PK")})

    assert answer.status_code == 422
    assert answer.context["form"].refusal.code == "not_geojson"


def test_the_file_of_somebody_else_is_not_there(cast, centre, client):
    kept = centre.post("/places/drawing/", {"file": geojson(东园第一网格=square(114, 27))})
    client.force_login(cast.secretary)

    assert client.get(kept["Location"]).status_code == 404
    assert client.get("/places/drawing/").status_code == 403


# The notice of a grid


def test_the_notice_names_grid_worker_telephone_and_area(cast, centre):
    answer = centre.get(f"/places/{cast.east_first.pk}/poster/")
    page, drawing = answer.content.decode(), answer.context["drawing"]

    assert answer.context["workers"] == [cast.grid_worker.display_name]
    assert "0799-0000001" in page
    assert len(drawing.areas) == 3
    assert drawing.areas[-1].is_own
    assert answer.context["updated_on"] == SINCE


def test_the_notice_says_since_when_it_holds(cast, centre):
    change(centre, cast.east_first, "rename", name="东园新网格")

    answer = centre.get(f"/places/{cast.east_first.pk}/poster/")

    assert answer.context["updated_on"] == DAY


def test_a_grid_without_outline_or_worker_has_a_notice_too(cast, centre):
    Boundary.objects.filter(place=cast.east_second).delete()

    answer = centre.get(f"/places/{cast.east_second.pk}/poster/")

    assert (answer.status_code, answer.context["drawing"], answer.context["workers"]) == (
        200,
        None,
        [],
    )


def test_only_grids_of_the_own_street_have_a_notice(cast, centre):
    assert centre.get(f"/places/{cast.east.pk}/poster/").status_code == 404
    assert centre.get(f"/places/{cast.other_street.pk}/poster/").status_code == 404
    assert Community.objects.count() == 2
