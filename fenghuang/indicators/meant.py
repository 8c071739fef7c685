"""The span of time that the words of a report mean: 上半年, 截至11月底, 2018年以来."""

from __future__ import annotations

import re
from datetime import date, timedelta

from fenghuang.claims.numbers import half_width, parse

from . import periods
from .periods import Period

_NUMERAL = "[0-9一二三四五六七八九十〇零]+"
_YEAR = re.compile(rf"(?P<year>(?:19|20)[0-9]{{2}}|[一二][{'零〇一二三四五六七八九'}]{{3}})年")
_RELATIVE = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "上一年": -1, "前年": -2}
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_MONTHS = re.compile(
    rf"(?:(?P<first>{_NUMERAL})月?(?:[—–~～至到-]|、)+)?(?P<last>{_NUMERAL})月"
    r"(?:份|底|末|初)?(?P<day>[0-9]{1,2})?日?"
)
_QUARTERS = re.compile(
    rf"(?P<so_far>前)?第?(?:(?P<first>{_NUMERAL})[—–~～至到、-]+)?(?P<last>{_NUMERAL})个?季度"
)
_SO_FAR = re.compile(rf"前(?P<months>{_NUMERAL})个?月")
_LAST_YEARS = re.compile(rf"(?:近|过去|最近|这)?(?P<years>{_NUMERAL})年来?间?")
_PLAN = re.compile("十(?P<number>[一二三四五])五")
_WHOLE_YEAR = re.compile(
    "(?:全年|年内|年?[底末]|期末|报告期末|目前|现阶段|今日?|现在|当前|年度内|年度?)?"
)
_SINCE = re.compile("(?:以来|至今|起|开始|来)$")


def period_meant(words: str, report: Period) -> Period | None:
    """The period that a report on the period `report` means by these words; None if unclear.

    No words at all, 目前 and 截至目前 mean the period of the report. Years without a number are
    those of the report: in one on 2021, 去年 is 2020 and 上半年 ends on 30 June 2021. 截至11月底 is
    from the beginning of its year. A span since a stated start ends with the report.

    >>> str(period_meant("上半年", periods.year(2021)).as_of)
    '2021-06-30'
    """
    plain = half_width(re.sub(r"\s", "", words)).strip("自从在“”")
    number, rest = _year_of(plain, report)
    try:
        return _since(rest or plain, number, report, words) or _within(rest, number, report, words)
    except (ValueError, OverflowError):  # a month or a year that does not exist
        return None


def _since(rest: str, number: int, report: Period, words: str) -> Period | None:
    """The span from a stated start to the end of the report; ValueError if it has no days."""
    if not (since := _SINCE.search(rest)):
        return None
    start = _start(rest[: since.start()], number)
    if start is None:
        raise ValueError(words)
    return Period(start, report.end, words)


def _year_of(plain: str, report: Period) -> tuple[int, str]:
    """The year that the words name, and the words without it."""
    if found := _YEAR.search(plain):
        digits = "".join(str(int(parse(one).value)) for one in found["year"])
        return int(digits), (plain[: found.start()] + plain[found.end() :]).removeprefix("度")
    for word, distance in _RELATIVE.items():
        if word in plain:
            return report.year + distance, plain.replace(word, "", 1).removeprefix("度")
    return report.year, plain


def _within(rest: str, number: int, report: Period, words: str) -> Period | None:
    if plan := _PLAN.search(rest):
        first = 1956 + 5 * int(parse(plan["number"]).value + 9)  # 十四五 begins with 2021
        return Period(date(first, 1, 1), min(date(first + 5, 1, 1), report.end), words)
    up_to = rest.startswith("截")
    rest = re.sub("^截[至止]到?|期?间$", "", rest)
    if rest in _HALVES:
        return _months(number, *_HALVES[rest], words)
    if found := _SO_FAR.fullmatch(rest):
        return _months(number, 1, _int(found["months"]), words)
    if found := _QUARTERS.fullmatch(rest):
        last = _int(found["last"])
        first = 1 if found["so_far"] else _int(found["first"] or found["last"])
        return _months(number, 3 * first - 2, 3 * last, words)
    if found := _MONTHS.fullmatch(rest):
        last = _int(found["last"])
        first = 1 if up_to else _int(found["first"] or found["last"])
        whole = _months(number, first, last, words)
        if not found["day"]:
            return whole
        day = date(number, last, int(found["day"]))
        return Period(date(number, 1, 1) if up_to else day, day + timedelta(1), words)
    if found := _LAST_YEARS.fullmatch(rest):
        return Period(date(report.year + 1 - _int(found["years"]), 1, 1), report.end, words)
    if not _WHOLE_YEAR.fullmatch(rest):
        return None
    return report if number == report.year else periods.year(number)


def _start(words: str, number: int) -> date | None:
    """The first day of what began then."""
    if not words or words in ("年初", "自"):
        return date(number, 1, 1)
    if found := _MONTHS.fullmatch(words):
        return date(number, _int(found["last"]), int(found["day"] or 1))
    return None


def _months(number: int, first: int, last: int, words: str) -> Period:
    return Period(periods.month(number, first).start, periods.month(number, last).end, words)


def _int(numeral: str) -> int:
    return int(parse(numeral).value)
