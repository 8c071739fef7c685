"""The made-up orders, as they stand after their lives were entered through the actions."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from fenghuang.cli.demo import build
from fenghuang.indicators.figures import figures
from fenghuang.indicators.periods import year
from fenghuang.indicators.registry import indicators
from fenghuang.lines.requests.models import WorkOrder
from fenghuang.lines.requests.states.orders import OPEN

pytestmark = [pytest.mark.django_db, pytest.mark.line("requests")]


def test_the_year_of_orders_is_over_and_the_last_days_are_not(tmp_path, settings):
    settings.HOME = tmp_path
    build(2021, size=0.2, seed=2021, out=tmp_path, progress=lambda *_said: None)
    of_2021 = WorkOrder.objects.filter(happened_on__lt=date(2022, 2, 1))
    lately = WorkOrder.objects.exclude(pk__in=of_2021)
    street = of_2021[0].street

    found = figures(list(indicators("requests")), year(2021), street)

    assert not of_2021.filter(state__in=(*OPEN, "merged")).exists()
    assert not of_2021.exclude(contact="", contact_name="", contact_hash="").exists()
    assert 1 <= lately.filter(state__in=OPEN).count() < lately.count()
    assert lately.exclude(contact="").exists()
    assert found["CASE.RECEIVED"].value > found["CASE.CLOSED"].value - 5
    assert 0 < found["CASE.RES"].value < 100
    assert (found["CASE.ONHOLD"].value, found["CASE.RETURN_RATE"].value > 0) == (1, True)
    befell = Counter(of_2021.values_list("return_decision", flat=True))
    assert befell["agreed"] and befell["refused"]
    assert set(of_2021.values_list("extension_decision", flat=True)) == {"", "agreed", "refused"}
    assert of_2021.filter(reopened=1).exists() and of_2021.filter(is_excluded=True).exists()
    assert of_2021.filter(is_repeat=True).exists() and of_2021.filter(was_reached=False).exists()
