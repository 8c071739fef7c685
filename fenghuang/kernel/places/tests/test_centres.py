"""Where a place lies, however little is drawn."""

from __future__ import annotations

import pytest
from django.utils import timezone

from fenghuang.kernel.places.centres import centres

pytestmark = pytest.mark.django_db


def test_a_place_lies_in_its_outline_or_the_smallest_around_or_what_is_near(cast):
    asked = [cast.east_first, cast.building, cast.compound, cast.east, cast.street]

    found = centres(cast.street.pk, {place.pk for place in asked}, timezone.localdate())

    rounded = {place.name: tuple(round(x, 4) for x in found[place.pk]) for place in asked}
    assert rounded == {
        "东园第一网格": (113.855, 27.625),
        "1栋": (113.855, 27.625),
        "梧桐里": (113.86, 27.625),
        "东园社区": (113.86, 27.625),
        "梧桐街": (113.8583, 27.6283),
    }


def test_where_nothing_is_drawn_there_is_no_answer(cast):
    street = cast.other_street

    assert centres(street.pk, {street.pk}, timezone.localdate()) == {}
