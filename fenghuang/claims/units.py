"""Measure words: what a figure counts or measures, and how it may be scaled when printed.

A measure word is part of the indicator it prints: 人次 is never 人, and 场 is never 次.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """What is counted or measured. Figures of different dimensions are never added or compared."""

    EVENT = "event"  # held occurrences: one date, place and programme
    ACT = "act"  # inspections, lectures, services
    ATTENDANCE = "attendance"  # one person at three sessions is three
    PERSON = "person"  # distinct persons
    DWELLING = "dwelling"  # dwellings or households; the indicator says which
    BUILDING = "building"
    ENTERPRISE = "enterprise"  # distinct enterprises or units
    VISIT = "visit"  # visits to enterprises or households, summed
    THING = "thing"  # projects, problems, compounds, grids
    ITEM = "item"  # items on a list, tasks
    CASE = "case"  # cases, matters, work orders
    SPOT = "spot"  # sites; one spot may have several hazard items
    ENTRY = "entry"  # hazard items, opinions
    DEVICE = "device"  # lifts, devices
    PORTION = "portion"  # meals, leaflets, summed
    DOSE = "dose"  # doses given, summed; not persons
    SHIFT = "shift"
    KIND = "kind"
    OBJECT = "object"  # things with a classifier of their own: banners, lamps, teams
    MONEY = "money"
    AREA = "area"
    LENGTH = "length"
    WEIGHT = "weight"
    DURATION = "duration"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage_points"
    MULTIPLE = "multiple"
    VOLUME = "volume"
    ENERGY = "energy"
    SCORE = "score"
    AGE = "age"  # of persons; a claim only as a mean
    RANK = "rank"  # 全区第1 is the rank 1
    TEACHING = "teaching"  # hours taught, by the timetable and not by the clock


@dataclass(frozen=True, slots=True)
class Unit:
    """One measure word.

    `code` is the word itself; `spellings` are other ways to write it, which are read but never
    printed. `whole` says that only whole numbers exist. `scales` are the numerals, largest first,
    that a writer may put before the word; a reader accepts any.
    """

    code: str
    dimension: Dimension
    whole: bool
    scales: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    printed: str = ""  # only where the code alone would be bad Chinese after a number

    def __str__(self) -> str:
        return self.printed or self.code


_COUNTS = {
    Dimension.EVENT: "场 场次 期",
    Dimension.ACT: "次 批 批次 轮 节",
    Dimension.ATTENDANCE: "人次",
    Dimension.PERSON: "人 名 位",
    Dimension.DWELLING: "户",
    Dimension.BUILDING: "栋 幢",
    Dimension.ENTERPRISE: "家",
    Dimension.VISIT: "家次 户次 车次 件次 条次 处次 台次",
    Dimension.THING: "个",
    Dimension.ITEM: "项",
    Dimension.CASE: "件 起 例 宗 单 笔 通",
    Dimension.SPOT: "处",
    Dimension.ENTRY: "条",
    Dimension.DEVICE: "台 部",
    Dimension.PORTION: "份 餐",
    Dimension.DOSE: "剂次 针次",
    Dimension.SHIFT: "班次",
    Dimension.KIND: "类 种",
    Dimension.OBJECT: (
        "面 支 辆 张 块 套 座 所 间 盏 只 根 棵 株 本 册 篇 幅 封 组 对 艘 架 枚 副 箱 袋 瓶 盒 桶"
        " 片 段 款 口"
    ),
    Dimension.RANK: "名次",
    Dimension.TEACHING: "课时 学时",
}

_MEASURES = (
    Unit("元", Dimension.MONEY, whole=False, scales=("亿", "万")),
    Unit("美元", Dimension.MONEY, whole=False, scales=("亿", "万")),
    Unit(
        "平方米",
        Dimension.AREA,
        whole=False,
        scales=("万",),
        spellings=("平米", "㎡", "m²", "平方"),
    ),
    Unit("平方公里", Dimension.AREA, whole=False, spellings=("平方千米",)),
    Unit("亩", Dimension.AREA, whole=False, scales=("万",)),
    Unit("公顷", Dimension.AREA, whole=False),
    Unit("米", Dimension.LENGTH, whole=False),
    Unit("公里", Dimension.LENGTH, whole=False, spellings=("千米",)),
    Unit("立方米", Dimension.VOLUME, whole=False, scales=("万",), spellings=("立方", "m³")),
    Unit("千瓦时", Dimension.ENERGY, whole=False, scales=("亿", "万")),
    Unit("公斤", Dimension.WEIGHT, whole=False, spellings=("千克",)),
    Unit("吨", Dimension.WEIGHT, whole=False, scales=("万",)),
    Unit("小时", Dimension.DURATION, whole=False, scales=("万",), spellings=("个小时",)),
    Unit("分钟", Dimension.DURATION, whole=False),
    Unit("天", Dimension.DURATION, whole=False),
    Unit("工作日", Dimension.DURATION, whole=False, spellings=("个工作日",), printed="个工作日"),
    Unit("月", Dimension.DURATION, whole=False, spellings=("个月",), printed="个月"),
    Unit("年", Dimension.DURATION, whole=False),
    Unit("%", Dimension.PERCENT, whole=False, spellings=("％",)),
    Unit(
        "百分点",
        Dimension.PERCENTAGE_POINTS,
        whole=False,
        spellings=("个百分点",),
        printed="个百分点",
    ),
    Unit("‰", Dimension.PERCENT, whole=False),
    Unit("倍", Dimension.MULTIPLE, whole=False),
    Unit("番", Dimension.MULTIPLE, whole=False),  # doublings: 翻两番 is four times
    Unit("分", Dimension.SCORE, whole=False),
    Unit("岁", Dimension.AGE, whole=False, spellings=("周岁",)),
)

UNITS = _MEASURES + tuple(
    Unit(code, dimension, whole=True, scales=("万",))
    for dimension, codes in _COUNTS.items()
    for code in codes.split()
)

#: Measure words that count the same things.
_ALIKE = ("场 场次", "人 名 位", "栋 幢", "件 起 例 宗 单", "台 部", "类 种", "份 餐")
_FAMILIES = {code: family.split()[0] for family in _ALIKE for code in family.split()}

_BY_SPELLING = {spelling: unit for unit in UNITS for spelling in (unit.code, *unit.spellings)}

# longest first, so that 人次 is never read as 人
SPELLINGS = tuple(sorted(_BY_SPELLING, key=len, reverse=True))


def unit(spelling: str) -> Unit:
    """The measure word of this spelling; ValueError if it is not in the table.

    >>> unit("㎡").code
    '平方米'
    """
    try:
        return _BY_SPELLING[spelling]
    except KeyError:
        raise ValueError(f"no such measure word: {spelling!r}") from None


def family(code: str) -> str:
    """One measure word for all that count the same: 人 for 名, 场 for 场次."""
    return _FAMILIES.get(code, code)
