"""What a cell of an office's ledger says: a number, a day, a moment, yes or no, some text.

Cells come as Excel, WPS or a CSV file hands them over: text, numbers, dates, truth values. People
write 2021.3.5, 3月5日, 44260, １２０人次, 1.2万 and √. What has one exact meaning is read; what has
none (120余, 3月) is a CellProblem that says what to write instead. Nothing here knows a ledger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from fenghuang.claims import numbers
from fenghuang.claims.units import SPELLINGS
from fenghuang.claims.units import unit as measure
from fenghuang.kernel.worktime import LOCAL_ZONE

#: A cell as a workbook hands it over.
Cell = Any


class CellProblem(Exception):
    """The cell cannot be taken as it is: a stable code, and what is wrong and what to do.

    `column` names another column than the one read, where several together are wrong. `word` is
    what the cell says, if the house only does not know it and somebody can say what it means.
    """

    def __init__(self, code: str, sentence: str, *, column: str = "", word: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.column = column
        self.word = word


class Broken:
    """Stands in a cell whose formula has no value: an error such as #REF!, or never calculated."""

    def __str__(self) -> str:
        return "#"


BROKEN: Final = Broken()

_CONTROLS = {n: None for n in range(32) if chr(n) not in "\n\t"} | {
    9: " ",
    0x7F: None,
    0xFEFF: None,
}
_SPACES = re.compile(r"\s+")
_LINES = re.compile(r"\r\n?|\u2028|\u2029|_x000D_\n?")
_NOTHING = frozenset({"", "/", "\\", "-", "--", "---", "—", "——", "–", "无", "暂无", "none", "n/a"})


def text(cell: Cell) -> str:
    """The cell as text, exactly as written, without outer space and control characters.

    Numbers lose the “.0” that Excel gives them; days and times are written as ISO 8601 has them.

    >>> text(13700000000.0), text("  凤凰\\r\\n池 "), text(True)
    ('13700000000', '凤凰\\n池', '是')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell.isprintable() and "_x000D_" not in cell:  # as most are: nothing to clean
            return cell.strip()
        return _LINES.sub("\n", cell).translate(_CONTROLS).strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return format(decimal(cell).normalize(), "f")
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return str(cell)


def folded(cell: Cell) -> str:
    """The text as it is compared: one width, one case, no space.

    >>> folded("凤 凰\\n池（Ａ）") == folded("凤凰池(a)")
    True
    """
    written = text(cell)
    return _folded_word(written) if len(written) <= WORD else _folded(written)


def _folded(written: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", written)).casefold()


#: A ledger says the same few words thousands of times.
_folded_word = lru_cache(maxsize=4096)(_folded)
WORD = 20  # characters


def is_blank(cell: Cell) -> bool:
    if isinstance(cell, str):
        return not (cell[:1].isalnum() or text(cell))
    return cell is None


def says_nothing(cell: Cell) -> bool:
    """Is the cell empty, or does it hold a mark for “nothing”, such as / or —?"""
    return is_blank(cell) or (isinstance(cell, str) and folded(cell) in _NOTHING)


def decimal(cell: float) -> Decimal:
    """The number that Excel shows: it keeps 15 digits, so that 0.1 + 0.2 is 0.3."""
    return Decimal(f"{cell:.15g}")


# Numbers

_INEXACT = re.compile(
    r"[余约多近超逾几数]|左右|上下|以[上下内]|不[到足]|至少|大概|[0-9][-~～—–至到][0-9]"
)
_CURRENCY = re.compile(r"^(?:人民币|rmb|cny|[¥￥])|(?:人民币|块钱?)$")
_SCALE = re.compile(r"[十百千万亿]")


def _not_a_number(shown: str) -> CellProblem:
    return CellProblem(
        "number", _("“%(cell)s” is not a number. Enter it in digits.") % {"cell": shown}
    )


def number(cell: Cell, *, units: Sequence[str] = (), header_unit: str = "") -> Decimal:
    """The exact number in the cell, counted in one of `units` (人次, 元, ㎡; none for any).

    `header_unit` is what stands in brackets in the header (万元); a unit or scale written in the
    cell itself goes before it: 5万元 under 万元 is 50,000. Raises CellProblem for 120余 and for a
    measure word that counts something else (人 where 人次 is counted).

    >>> number("１,２００人次", units=["人次"]), number("1.2万"), number("3.5", header_unit="万元")
    (Decimal('1200'), Decimal('12000.0'), Decimal('35000.0'))
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if isinstance(cell, float) and not cell - cell == 0:
            raise _not_a_number(str(cell))
        return decimal(cell) * _header_scale(header_unit, units)
    if not isinstance(cell, str):
        raise _not_a_number(text(cell))
    shown = text(cell)
    plain = _CURRENCY.sub("", folded(shown))
    if _INEXACT.search(plain):
        raise CellProblem(
            "inexact",
            _("“%(cell)s” is not exact. Enter the exact number, as the records have it.")
            % {"cell": shown},
        )
    digits, own_unit = _without_unit(plain)
    _check_unit(shown, own_unit, units)
    try:
        value = numbers.parse(digits).value
    except (ValueError, ArithmeticError) as error:
        raise _not_a_number(shown) from error
    if own_unit or _SCALE.search(digits):
        return value
    return value * _header_scale(header_unit, units)


def _without_unit(plain: str) -> tuple[str, str]:
    for spelling in _SPELLINGS:
        if plain.endswith(spelling) and len(plain) > len(spelling):
            return plain.removesuffix(spelling), spelling
    return plain, ""


#: As they look after folding: m² is m2 and ㎡ is m2.
_MEASURES = {folded(spelling): measure(spelling) for spelling in SPELLINGS}
_SPELLINGS = sorted(_MEASURES, key=len, reverse=True)


def _check_unit(shown: str, found: str, wanted: Sequence[str]) -> None:
    dimensions = {_MEASURES[folded(unit)].dimension for unit in wanted}
    if found and dimensions and _MEASURES[found].dimension not in dimensions:
        raise CellProblem(
            "unit",
            _("“%(cell)s” does not count in %(unit)s. Enter the number of %(unit)s.")
            % {"cell": shown, "unit": wanted[0]},
        )


def _header_scale(header_unit: str, wanted: Sequence[str]) -> Decimal:
    plain = folded(header_unit).removeprefix("单位:")
    digits, own_unit = _without_unit("1" + plain) if plain else ("1", "")
    _check_unit(header_unit, own_unit, wanted)
    try:
        return numbers.parse(digits).value
    except (ValueError, ArithmeticError):
        return Decimal(1)  # the brackets hold a remark, not a unit


def whole(cell: Cell, *, units: Sequence[str] = (), header_unit: str = "") -> int:
    """The whole number in the cell, not below zero; otherwise as `number`.

    >>> whole("六十二"), whole(62.0)
    (62, 62)
    """
    value = number(cell, units=units, header_unit=header_unit)
    if value != value.to_integral_value() or value < 0:
        raise CellProblem(
            "whole",
            _("“%(cell)s” is not a whole number from 0 up. Enter one.") % {"cell": text(cell)},
        )
    return int(value)


def percentage(cell: Cell, *, header_unit: str = "") -> Decimal:
    """Percent, from 0 to 100. A number below 1 is a share, as Excel keeps 85 % as 0.85.

    The bare number 1 has two readings and is a CellProblem, unless the header says %.

    >>> percentage("85%"), percentage(0.85), percentage(85)
    (Decimal('85'), Decimal('85.00'), Decimal('85'))
    """
    if isinstance(cell, str) and folded(cell).endswith("%"):
        value = number(folded(cell).removesuffix("%"))
    else:
        value = number(cell)
        if folded(header_unit) != "%":
            if value == 1:
                raise CellProblem("percent_one", _("Write “1%” or “100%”: both are possible here."))
            if 0 < value < 1:
                value *= 100
    if not 0 <= value <= 100:
        raise CellProblem(
            "percent",
            _("“%(cell)s” is not between 0 and 100 per cent.") % {"cell": text(cell)},
        )
    return value


# Days and moments

_SEPARATOR = r"[./\-、,_—–]"
_DAY = re.compile(
    rf"(?:(?P<year>\d{{4}})(?:年|{_SEPARATOR})(?P<month>\d{{1,2}})(?:月|{_SEPARATOR})(?P<day>\d{{1,2}})"
    r"|(?P<month_only>\d{1,2})月(?P<day_only>\d{1,2})"
    r"|(?P<packed>\d{8}))(?:[日号]|\.$)?"
)
_MONTH = re.compile(rf"\d{{4}}(?:年|{_SEPARATOR})\d{{1,2}}月?份?|\d{{1,2}}月(?:份|[上中下]旬)?")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_GAPS = re.compile(rf"\s*([年月日号时点分:]|{_SEPARATOR})\s*")
_PART = "凌晨|清晨|早上|早|上午|中午|下午|傍晚|晚上|晚"
_TIME = re.compile(
    rf"t?(?P<part>{_PART})?"
    r"(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})(?::\d{2})?分?|(?P<half>半)|整)?"
)
_SOME_TIME = re.compile(rf"(?:{_PART})|{_TIME.pattern}(?:[-~—–至到].*)?")
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚"})
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's count, which takes 1900 for a leap year
_SERIALS = range(14_611, 73_416)  # 1940-01-01 to 2100-12-31; smaller numbers are no dates here
_YEARS = range(1900, 2101)


def day(cell: Cell, *, year: int | None = None) -> date:
    """The day in the cell. `year` is that of the ledger, for days written without one (3月5日).

    A time of day behind the day is not looked at. Raises CellProblem for a month, for two days and
    for a year outside 1900–2100.

    >>> day("2021.3.5") == day("２０２１年3月5日（周五）") == day(44260) == day("3月5日", year=2021)
    True
    """
    found, rest = _day_and_rest(cell, year)
    if isinstance(rest, str) and rest and not _SOME_TIME.fullmatch(rest):
        raise _no_day(text(cell))
    return found


def moment(cell: Cell, *, year: int | None = None) -> date | datetime:
    """The moment in the cell, at the office's clock (Asia/Shanghai); the day, if no time is given.

    >>> moment("2021年3月5日 下午3点半").isoformat()
    '2021-03-05T15:30:00+08:00'
    >>> moment("2021.3.5")
    datetime.date(2021, 3, 5)
    """
    found, rest = _day_and_rest(cell, year)
    if rest == "":
        return found
    at = _clock(rest, text(cell)) if isinstance(rest, str) else rest
    return datetime.combine(found, at, tzinfo=LOCAL_ZONE)


def _clock(rest: str, shown: str) -> time:
    spelt = _TIME.fullmatch(rest)
    if spelt is not None:
        hour, part = int(spelt["hour"]), spelt["part"]
        if hour < 12 and (part in _AFTERNOON or (part == "中午" and hour < 10)):
            hour += 12
        elif hour == 12 and part in {"凌晨", "晚上", "晚"}:
            hour = 24  # midnight, but of which day?
        minute = 30 if spelt["half"] else int(spelt["minute"] or 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise CellProblem(
        "time",
        _("“%(cell)s”: the time of day is not clear. Enter when it began, as 2021-3-5 19:30.")
        % {"cell": shown},
    )


def _day_and_rest(cell: Cell, year: int | None) -> tuple[date, time | str]:
    """The day, and the time of day as a time or as the text that is left."""
    if isinstance(cell, datetime):
        at = cell.time().replace(second=0, microsecond=0)
        return _within_years(cell.date()), at if at != time() else ""
    if isinstance(cell, date):
        return _within_years(cell), ""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        raise _no_day(text(cell))
    shown = text(cell)
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", shown).casefold().replace("。", "."))
    plain = _GAPS.sub(r"\1", plain).strip()
    serial = int(float(plain)) if _SERIAL.fullmatch(plain) else 0
    if serial in _SERIALS:
        return _EPOCH + timedelta(days=serial), ""
    spelt = _DAY.match(plain)
    if spelt is None:
        raise _no_day(shown)
    return _within_years(_spelt(spelt, shown, year)), plain[spelt.end() :].strip()


_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


def _spelt(found: re.Match[str], shown: str, year: int | None) -> date:
    if packed := found["packed"]:
        parts = int(packed[:4]), int(packed[4:6]), int(packed[6:])
    elif found["year"]:
        parts = int(found["year"]), int(found["month"]), int(found["day"])
    elif year is None:
        raise CellProblem(
            "year_missing",
            _("“%(cell)s” does not say which year, and neither does the ledger. Enter the year.")
            % {"cell": shown},
        )
    else:
        parts = year, int(found["month_only"]), int(found["day_only"])
    try:
        return date(*parts)
    except ValueError as error:
        raise CellProblem(
            "no_such_day", _("“%(cell)s”: there is no such day. Correct it.") % {"cell": shown}
        ) from error


def _within_years(found: date) -> date:
    if found.year not in _YEARS:
        raise CellProblem(
            "year", _("%(day)s cannot be right. Correct the year.") % {"day": found.isoformat()}
        )
    return found


def _no_day(shown: str) -> CellProblem:
    if _MONTH.fullmatch(folded(shown)):
        return CellProblem(
            "day_missing", _("“%(cell)s” does not say which day. Enter the day.") % {"cell": shown}
        )
    return CellProblem(
        "day", _("“%(cell)s” is not one day. Enter it as 2021-3-5.") % {"cell": shown}
    )


# Yes and no

_YES = re.compile(r"是|有|对|[√✓✔☑]|y|yes|true|1|已?(?:办结|销号|完成|解决)|已")
_NO = re.compile(r"否|无|没有|不是|[×x✗✘☐]|n|no|false|0|[/—-]|未(?:办结|销号|完成|解决)?")


def yes_or_no(cell: Cell) -> bool:
    """Yes (是 有 √ 已办结 …) or no (否 无 × 未办结 …); any other word is a CellProblem."""
    if isinstance(cell, bool):
        return cell
    word = folded(cell)
    if _YES.fullmatch(word):
        return True
    if _NO.fullmatch(word):
        return False
    raise CellProblem(
        "yes_or_no", _("“%(cell)s” is neither yes nor no. Enter 是 or 否.") % {"cell": text(cell)}
    )


# Several values

_BETWEEN = re.compile(r"[、，,;；\n]+")


def several(cell: Cell) -> list[str]:
    """The values that stand in one cell, parted by 、 commas, semicolons or line breaks.

    >>> several("电站宿舍、老电站；")
    ['电站宿舍', '老电站']
    """
    return [part for part in (text(one) for one in _BETWEEN.split(text(cell))) if part]
