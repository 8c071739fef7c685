"""Orders about the same matter, and the hot spots of a year, among very many orders of one street.

The orders are spread over ten years, and over categories as unevenly as in an office: a fifth is of
the most frequent one. The texts are put together from what residents say; each place has its
contacts, some of whom call often.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from statistics import quantiles
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.lines.requests.models import Category, WorkOrder
from fenghuang.lines.requests.queries.alike import alike
from fenghuang.lines.requests.queries.hot_spots import hot_spots

from .books import AT_ONCE, SINCE, Books, found_books
from .results import Result, seconds, timed

YEARS = timedelta(days=3650)
YEAR = timedelta(days=364)
STILL_OPEN = timedelta(days=20)

_WHERE = [
    "三单元楼下",
    "小区东门",
    "菜市场旁边",
    "学校门口",
    "二号楼前坪",
    "地下车库入口",
    "河边步道",
    "公交站后面",
]
_WHAT = [
    "路灯不亮，晚上走路看不见",
    "下水道堵塞，污水外溢有臭味",
    "夜里施工吵得睡不着",
    "垃圾几天没有人清运",
    "违章停车堵住消防通道",
    "路面坑洼，下雨积水",
    "电动车在楼道里充电",
    "楼顶漏水，家里墙面发霉",
    "广场舞音量太大",
    "井盖破损，容易绊倒人",
    "邻居在公共区域堆放杂物",
    "树枝伸到窗户上挡光",
]
_SAYS = [
    "多次反映没有人管",
    "请尽快派人处理",
    "已经有一个星期了",
    "老人小孩出行不便",
    "希望街道协调解决",
]


def measure(quick: bool) -> Iterator[Result]:
    today = timezone.localdate()
    books = found_books("甲街")
    size = 100_000 if quick else 1_000_000
    _fill(books, size, today - YEARS, today)
    took = _searches(books, today, 60 if quick else 200)
    yield Result(
        f"the same matter, p95, {size:,} orders · {connection.vendor}",
        quantiles(took, n=20)[-1] * 1000,
        "ms",
        50,
        at_most=True,
        note=f"median {quantiles(took, n=2)[0] * 1000:.1f} ms",
    )
    orders = WorkOrder.objects.filter(street=books.street)
    found = hot_spots(orders, today - YEAR, today)
    yield Result(
        f"hot spots of a year, {size:,} orders · {connection.vendor}",
        timed(lambda: hot_spots(orders, today - YEAR, today)),
        "s",
        1,
        at_most=True,
        note=f"{len(found)} shown",
    )


def _searches(books: Books, today: date, rounds: int) -> list[float]:
    chance = Random("searches")
    places: list[Place] = [*books.grids, *Place.objects.filter(kind="community")]
    took = []
    for _n in range(rounds):
        place, text, category = chance.choice(places), _text(chance), _category(chance)

        def search(place: Place = place, text: str = text, category: str = category) -> None:
            alike(street=books.street, place=place, category=category, text=text, on=today)

        took.append(seconds(search))
    return took


def _text(chance: Random) -> str:
    where, what, says = (chance.choice(some) for some in (_WHERE, _WHAT, _SAYS))
    return f"{where}{what}，{says}{chance.randrange(99)}"


def _category(chance: Random) -> str:
    weights = [1 / (n + 1) for n in range(len(Category.values))]
    return chance.choices(Category.values, weights)[0]


def _fill(books: Books, count: int, first: date, last: date) -> None:
    """Add so many orders, spread over the days from first to last; those of the end are open."""
    fields = WorkOrder._meta.local_concrete_fields
    database = connections["default"]
    chance = Random("orders")
    moment = datetime.combine(SINCE, time(9), tzinfo=LOCAL_ZONE)
    plain = WorkOrder(
        street=books.street,
        place=books.grids[0],
        happened_on=SINCE,
        entered_at=moment,
        entered_by=books.staff[Role.CENTRE],
        entry=0,
        registered_at=moment,
        moved_at=moment,
        promised_at=moment,
        category=Category.OTHER,
    )
    prepared = {
        field.name: field.get_db_prep_save(field.pre_save(plain, True), database)
        for field in fields
    }
    span = (last - first).days + 1

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(count):
            day = first + timedelta(days=chance.randrange(span))
            place = chance.randrange(len(books.grids))
            registered_at = datetime.combine(day, time(9), tzinfo=LOCAL_ZONE)
            fresh = {
                "id": uuid7(),
                "number": f"REQ-{day.year}-{n:07d}",
                "place": books.grids[place].pk,
                "happened_on": day,
                "registered_at": registered_at,
                "text": _text(chance),
                "category": _category(chance),
                "contact_hash": f"{place:04d}{day.year}{int(chance.expovariate(0.005)):024d}",
                "slip_code": f"{n:010d}",
                "state": "handling" if day > last - STILL_OPEN else "archived",
            }
            row = prepared | {
                name: WorkOrder._meta.get_field(name).get_db_prep_save(value, database)
                for name, value in fresh.items()
            }
            yield tuple(row.values())

    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    holders = ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {WorkOrder._meta.db_table} ({names}) VALUES ({holders})"
    made = rows()
    with transaction.atomic(), connection.cursor() as cursor:
        while some := list(islice(made, AT_ONCE)):
            cursor.executemany(insert, some)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
