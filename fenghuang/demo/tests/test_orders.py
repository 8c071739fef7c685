from collections import Counter
from datetime import date, timedelta

import pytest

from fenghuang.demo.geography import demo_street
from fenghuang.demo.orders import orders_2021, orders_lately

STREET = demo_street()
SMALL_STREET = demo_street(5, communities=3, grids=7)


def test_the_same_seed_tells_the_same_orders_and_another_one_others():
    assert orders_2021(STREET, 7, 1) == orders_2021(STREET, 7, 1)
    assert orders_2021(STREET, 7, 1) != orders_2021(STREET, 8, 1)


def test_the_year_at_size_one_has_so_many_of_each_end():
    told = [one for one in orders_2021(STREET, 2021, 1) if one.raised_at.year == 2021]

    ends = Counter(one.end for one in told)

    assert ends["answered"] + ends["not_accepted"] + ends["redirected"] == 45 + 8 + 6
    assert ends["handled"] == 128 + 5 + 3
    assert 15 + 12 <= ends["merged"] <= 15 + 12 + 6  # some are raised again in January


@pytest.mark.parametrize("size", [0.1, 3])
def test_the_number_of_orders_follows_the_size(size):
    whole, other = (len(orders_2021(SMALL_STREET, 5, one)) for one in (1, size))

    assert whole * size * 0.9 < other < whole * size * 1.5


def test_three_spots_of_the_year_are_hot_and_one_of_the_last_days():
    def hot(told):
        spots = Counter()
        for lead in told:
            same = [one for one in told if one.merged_into == lead.key]
            voices = {one.contact for one in (lead, *same)}
            spots[len(voices) >= 5] += 1
            last = max((one.raised_at for one in same), default=lead.raised_at)
            assert last - lead.raised_at <= timedelta(days=30)
        return spots[True]

    assert hot(orders_2021(STREET, 2021, 1)) == 3
    assert hot(orders_lately(STREET, 2021, 1, date(2026, 11, 22))) == 1


def test_no_contact_can_be_somebodys():
    told = orders_2021(STREET, 2021, 1)

    assert {one.contact[:9] for one in told} == {"138-0000-"}


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 22), date(2026, 11, 22)),
        (date(2026, 12, 20), date(2026, 12, 1)),
        (date(2031, 6, 1), date(2026, 12, 1)),
    ],
)
def test_the_last_days_end_where_the_days_off_ahead_are_known(today, last):
    raised = [one.raised_at.date() for one in orders_lately(STREET, 2021, 1, today)]

    assert last - timedelta(days=30) <= min(raised) <= max(raised) <= last
