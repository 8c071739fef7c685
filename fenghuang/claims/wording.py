"""What the words round a figure promise, and which words a figure may be given.

One table, `Marker`, serves both ways: `promise` reads it to find the interval in which the true
value must lie, and `wordings` writes only what that interval allows. So a text written here is
always read back as true. No standard fixes the width of 余; the intervals are the customary
reading of official texts, numerals follow GB/T 15835-2011.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_UP,
    Decimal,
)
from enum import Enum, StrEnum

from fenghuang.claims import numbers, units
from fenghuang.claims.numbers import Number, place_value
from fenghuang.claims.units import Dimension, Unit

NOTHING = "—"  # printed where there is no value; never 0


@dataclass(frozen=True, slots=True)
class Interval:
    """The values for which a wording is true; None leaves an end open."""

    low: Decimal | None
    high: Decimal | None
    low_inclusive: bool
    high_inclusive: bool

    def contains(self, value: Decimal | int) -> bool:
        above = self.low is None or self.low < value or (self.low_inclusive and self.low == value)
        below = (
            self.high is None or value < self.high or (self.high_inclusive and self.high == value)
        )
        return above and below

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        low, low_inclusive = min(
            ((each.low, each.low_inclusive) for each in (self, other)),
            key=lambda end: (end[0] is not None, end[0] or 0, not end[1]),
        )
        high, high_inclusive = max(
            ((each.high, each.high_inclusive) for each in (self, other)),
            key=lambda end: (end[0] is None, end[0] or 0, end[1]),
        )
        return Interval(low, high, low_inclusive, high_inclusive)

    def whole(self) -> Interval | None:
        """The whole numbers inside, from the first to the last, both included; None if none is."""
        low, high = self.low, self.high
        if low is not None:
            first = low.to_integral_value(ROUND_CEILING)
            low = first + 1 if first == low and not self.low_inclusive else first
        if high is not None:
            last = high.to_integral_value(ROUND_FLOOR)
            high = last - 1 if last == high and not self.high_inclusive else last
        if low is not None and high is not None and low > high:
            return None
        return Interval(low, high, low is not None, high is not None)


def _exactly(number: Number) -> Interval:
    """N itself, or every value that rounds to N at the decimals shown."""
    half = number.step / 2 if number.decimals else Decimal(0)
    return Interval(number.value - half, number.value + half, True, not number.decimals)


def _above(number: Number) -> Interval:
    return Interval(number.value, number.value + place_value(number.value), False, False)


def _from(number: Number) -> Interval:
    return Interval(number.value, None, True, False)


def _up_to(number: Number) -> Interval:
    return Interval(None, number.value, False, True)


def _below(number: Number) -> Interval:
    return Interval(number.value - place_value(number.value), number.value, False, False)


def _close_below(number: Number) -> Interval:
    """Below N by less than one place value, and by no more than 5 %, which is a house limit."""
    near = number.value * Decimal("0.95")
    below = number.value - place_value(number.value)
    return Interval(max(near, below), number.value, near > below, False)


def _around(number: Number) -> Interval:
    half = place_value(number.value) / 2
    return Interval(number.value - half, number.value + half, True, True)


class Approx(StrEnum):
    """How a wording stands to its number."""

    EXACT = "exact"
    OVER = "over"
    NEARLY = "nearly"
    ABOUT = "about"
    RANGE = "range"


class Position(Enum):
    FRONT = "front"  # 超过24万平方米
    INSIDE = "inside"  # 120余万元
    BACK = "back"  # 300人左右
    BETWEEN = "between"  # 5万—10万人
    BEFORE_POWER = "before a bare power"  # 上百人, but 线上10人


class Marker(Enum):
    """A word of approximation: how it is written, where it stands, what it promises of N."""

    ODD = "余", (Position.INSIDE, Position.BACK), Approx.OVER, _above
    MORE = "多", (Position.INSIDE, Position.BACK), Approx.OVER, _above
    SOME = "几", (Position.INSIDE,), Approx.RANGE, _above
    EXCEEDING = "超过", (Position.FRONT,), Approx.OVER, _above
    OVER = "超", (Position.FRONT,), Approx.OVER, _above
    BEYOND = "逾", (Position.FRONT,), Approx.OVER, _above
    BREAKING = "突破", (Position.FRONT,), Approx.OVER, _above
    AND_ABOVE = "以上", (Position.BACK,), Approx.OVER, _from
    AT_LEAST = "至少", (Position.FRONT,), Approx.OVER, _from
    NO_FEWER = "不少于", (Position.FRONT,), Approx.OVER, _from
    NO_LOWER = "不低于", (Position.FRONT,), Approx.OVER, _from
    UPWARDS_OF = "上", (Position.BEFORE_POWER,), Approx.OVER, _from
    NEARLY = "近", (Position.FRONT,), Approx.NEARLY, _close_below
    ALMOST = "将近", (Position.FRONT,), Approx.NEARLY, _close_below
    APPROACHING = "接近", (Position.FRONT,), Approx.NEARLY, _close_below
    UNDER = "不到", (Position.FRONT,), Approx.NEARLY, _below
    SHORT_OF = "不足", (Position.FRONT,), Approx.NEARLY, _below
    NO_MORE = "不超过", (Position.FRONT,), Approx.NEARLY, _up_to
    NO_HIGHER = "不高于", (Position.FRONT,), Approx.NEARLY, _up_to
    AT_MOST = "至多", (Position.FRONT,), Approx.NEARLY, _up_to
    AND_BELOW = "以下", (Position.BACK,), Approx.NEARLY, _up_to
    WITHIN = "以内", (Position.BACK,), Approx.NEARLY, _up_to
    ABOUT = "约", (Position.FRONT,), Approx.ABOUT, _around
    ROUGHLY = "大约", (Position.FRONT,), Approx.ABOUT, _around
    OR_SO = "左右", (Position.BACK,), Approx.ABOUT, _around
    MORE_OR_LESS = "上下", (Position.BACK,), Approx.ABOUT, _around
    TO = "—", (Position.BETWEEN,), Approx.RANGE, _exactly
    NONE = "", (), Approx.EXACT, _exactly

    def __init__(
        self,
        text: str,
        positions: tuple[Position, ...],
        approx: Approx,
        span: Callable[[Number], Interval],
    ) -> None:
        self.text = text
        self.positions = positions
        self.approx = approx
        self.span = span

    def promised(self, number: Number, unit: Unit) -> Interval:
        """The interval for this number; of things counted, the whole numbers inside it.

        Where custom leaves a count no whole number at all (超过24家, 187余件, 近10家), the next
        one on the promised side is meant: 25, 188, 9. A writer never uses such a wording.
        """
        interval = self.span(number)
        if self is Marker.NONE and _is_rounded_share(number, unit):
            half = Decimal("0.5")
            return Interval(number.value - half, number.value + half, True, False)
        if not unit.whole:
            return interval
        if whole := interval.whole():
            return whole
        if number.value % 1:
            return interval  # 2.5人 is a mean, not a count
        next_whole = number.value + (-1 if self.approx is Approx.NEARLY else 1)
        return Interval(next_whole, next_whole, True, True)


def _is_rounded_share(number: Number, unit: Unit) -> bool:
    """Is it a share of whole per cent? It is rounded like any other, but 0 % and 100 % say all."""
    is_share = unit.dimension is Dimension.PERCENT
    return is_share and not number.decimals and number.value not in (0, 100)


_MARKERS = {marker.text: marker for marker in Marker}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A figure as read: number, measure word, markers in the order written, and the promise.

    `number` is None for a range of two numbers. Two markers are a fault of the text (约300余人);
    their intervals are read generously, as everything that either allows.
    """

    number: Number | None
    unit: Unit
    markers: tuple[Marker, ...]
    interval: Interval

    @property
    def marker(self) -> Marker:
        return self.markers[0] if self.markers else Marker.NONE


def _one_of(texts: tuple[str, ...]) -> str:
    return "|".join(sorted(map(re.escape, texts), key=len, reverse=True))


def _at(position: Position) -> str:
    return _one_of(tuple(marker.text for marker in Marker if position in marker.positions))


# 百 and 千 may begin a measure word: 2个百分点, 3千米
_SCALE = r"(?:万|亿|百(?!分)|千(?![米克瓦]))"
_NUMERAL = rf"-?(?:[0-9,.零〇一二两三四五六七八九十]|{_SCALE})+"
_UNIT = _one_of(units.SPELLINGS)
_FRONT = rf"(?:{_at(Position.FRONT)}|(?:{_at(Position.BEFORE_POWER)})(?=[百千万亿]))"
_PHRASE = re.compile(
    rf"(?P<front>{_FRONT})?"
    rf"(?P<head>{_NUMERAL})(?P<inside>{_at(Position.INSIDE)})?(?P<scale>{_SCALE}*)"
    rf"(?P<unit>{_UNIT})(?P<back>{_at(Position.BACK)})?"
)
BETWEEN = "(?:[—–~～-]{1,2}|至|到)"
_RANGE = re.compile(
    rf"(?P<low>{_NUMERAL})(?P<low_unit>{_UNIT})?{BETWEEN}"
    rf"(?P<high>{_NUMERAL})(?P<unit>{_UNIT})(?P<back>左右|上下)?"
)

_NOT_INSIDE = "(?<![零〇一二两三四五六七八九十百千万亿])"  # the numeral begins here
# Two digits that follow each other are the ends of a range: 三四个, 五六十人, 十七八万元; 三五个 by
# custom. 一两个 says nothing definite, 二三类 are ordinals, and 十四五 is a plan.
_TWO_DIGITS = "两三|三四|四五|五六|六七|七八|八九|三五|二三(?=[十百千万])|(?<=[十百千])二三"
_HEAD = "(?:[一二两三四五六七八九]?[十百千万亿]){0,4}"
_TWO_ENDED = f"{_NOT_INSIDE}(?!十四五){_HEAD}(?:{_TWO_DIGITS})[十百千万亿]{{0,3}}(?:{_UNIT}|成)"
_TWO_ENDS = re.compile(
    f"(?!十四五)(?P<head>{_HEAD})(?P<digits>{_TWO_DIGITS})(?P<rest>[十百千万亿]{{0,3}}(?:{_UNIT}|成))"
)


def _ends_written_out(found: re.Match[str]) -> str:
    head, digits, rest = found.group("head", "digits", "rest")
    return f"{head}{digits[0]}{rest}—{head}{digits[1]}{rest}"


_TENTHS = re.compile("(?<![0-9])(?P<digit>[0-9一二两三四五六七八九十])成")


def _tenths(digit: str) -> int:
    return int(numbers.parse(digit).value * 10)


_PART_OF = "(?:[二四五八]|二?十)分之(?:[一二三四五六七八九]|十[一二三四五六七八九]?)"
_FRACTION = re.compile(_PART_OF)

_HALF = re.compile(rf"(?P<front>{_FRONT}|过)?(?P<half>一半|半数?)(?P<back>{_at(Position.BACK)})?")
# 近半 and 过半 need their marker, and are none in 近半年, 通过半数
_A_HALF = (
    rf"(?:(?:{_FRONT})?(?:一半|半数)"
    "|(?<![通超经越胜度])(?:过半数?|[近超逾]半)(?![年月天日夜场程个小分]))"
)


def _percentage(fraction: re.Match[str]) -> str:
    base, part = map(numbers.parse, fraction.group().split("分之"))
    return f"{(part.value * 100 / base.value).normalize():f}%"


def promise(text: str) -> Phrase:
    """What one phrase of marker, number and measure word promises; ValueError if it is not one.

    The text is the phrase and nothing else: 120余万元, 超过24万平方米, 十几家, 5万—10万人.
    Shares in words (百分之二十, 八成, 四分之一, 过半) are read as %; more than half may be all.

    >>> promise("10余家").interval.low, promise("10余家").interval.high
    (Decimal('11'), Decimal('19'))
    """
    plain = numbers.half_width(re.sub(r"\s", "", text))
    if half := _HALF.fullmatch(plain):
        return _half(half)
    plain = re.sub(rf"百分之({_NUMERAL})", r"\1%", plain)
    plain = _TWO_ENDS.sub(_ends_written_out, plain)
    plain = _FRACTION.sub(_percentage, plain)
    plain = _TENTHS.sub(lambda tenths: f"{_tenths(tenths['digit'])}%", plain)
    plain = re.sub(r"个([多余])(月|小时|百分点)", r"个\2\1", plain)
    if ends := _RANGE.fullmatch(plain):
        return _range(ends)
    found = _PHRASE.fullmatch(plain)
    if found is None:
        raise ValueError(f"not a number with a measure word: {text!r}")
    unit = units.unit(found["unit"])
    number = numbers.parse(found["head"] + found["scale"])
    written = filter(None, found.group("front", "inside", "back"))
    markers = tuple(_MARKERS[word] for word in written)
    if markers and number.value <= 0:
        raise ValueError(f"approximates nothing: {text!r}")
    interval, *others = [marker.promised(number, unit) for marker in markers or (Marker.NONE,)]
    for other in others:
        interval = interval.hull(other)
    return Phrase(number, unit, markers, interval)


def _range(ends: re.Match[str]) -> Phrase:
    unit = units.unit(ends["unit"])
    if ends["low_unit"] and units.unit(ends["low_unit"]) != unit:
        raise ValueError(f"a range of two measures: {ends.group()!r}")
    low, high = numbers.parse(ends["low"]), numbers.parse(ends["high"])
    if not ends["low_unit"] and ends["low"][-1] not in "万亿":
        # 5—10万元 is 5万—10万元, but 500—1万元 can only be meant as it stands
        scale = ends["high"][len(ends["high"].rstrip("万亿")) :]
        scaled = numbers.parse(ends["low"] + scale)
        low = scaled if scaled.value < high.value else low
    if low.value >= high.value:
        raise ValueError(f"a range that does not rise: {ends.group()!r}")
    marker = _MARKERS[ends["back"] or Marker.TO.text]
    interval = marker.promised(low, unit).hull(marker.promised(high, unit))
    return Phrase(None, unit, (Marker.TO,), interval)


def _half(found: re.Match[str]) -> Phrase:
    """近一半, 过半数: fifty per cent with its marker."""
    words = filter(None, found.group("front", "back"))
    markers = tuple(Marker.EXCEEDING if word == "过" else _MARKERS[word] for word in words)
    if found["half"] == "半" and not markers:
        raise ValueError("半 alone is no share")
    number, unit = Number(Decimal(50)), units.unit("%")
    interval, *others = [marker.promised(number, unit) for marker in markers or (Marker.NONE,)]
    for other in others:
        interval = interval.hull(other)
    if markers and markers[0].approx is Approx.OVER:
        interval = Interval(interval.low, None, interval.low_inclusive, False)
    return Phrase(number, unit, markers, interval)


# 签约, 附近, 商超 … end like a marker and are none; 多次 and 上下游 begin like one
_NO_MARKER_AFTER = "(?<![签节预公条合邀履违契制相])(?<![附最邻临靠贴就相])(?<![赶反商])"
_ABOUT_BEHIND = "左右(?!两|岸)|上下(?![联游班楼级同])"
_MARKER_BEHIND = f"(?:以上|以下|以内|{_ABOUT_BEHIND}|[余多](?![\u4e00-\u9fff]))"
# A measure word that goes on like this is the beginning of another word.
_OTHER_WORDS = (
    "部(?=[门队分级署])|支(?=部|书|付|出|持|撑|援)|分(?=[别析类管局队期批级之组])|组(?=[织建成])"
    "|名(?=[优称]|单(?![亲身位]))|家(?=[庭园])|人(?=民)|面(?=[积向])|单(?=[位元])|条(?=[件例])"
    "|节(?=[约能水点假日目])|对(?=[口接标外内])|处(?=[理置罚])|起(?=[来步点])|期(?=[间限])"
    "|座(?=谈)|项(?=目标)|本(?=[级地])|场(?=[所地])|块(?=状)|口(?=[径岸])|次(?=[日月])|年(?=[度级])"
    "|通(?=[道过讯知信])"
)
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9])|[0-9]{1,13}(?![0-9]))(?:\.[0-9]{1,6})?"
_CHINESE = f"{_NOT_INSIDE}[零〇一二两三四五六七八九十百千万亿]{{1,12}}"
_FIGURE = rf"(?:{_ARABIC}(?:{_SCALE}{{1,2}}{_ARABIC}){{0,2}}|{_CHINESE})"
_FIND = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])(?:"
    # 5万—10万元; 5—10万元
    rf"(?:{_FIGURE}{_SCALE}{{0,2}}(?:{_UNIT})?{BETWEEN}{_FIGURE}{_SCALE}{{0,2}}(?:{_UNIT})"
    # 三四个; 七八成; 百分之七八十
    rf"|{_TWO_ENDED}|百分之(?:{_TWO_DIGITS})十)(?:{_ABOUT_BEHIND})?"
    # 近一半; 过半数
    rf"|{_A_HALF}{_MARKER_BEHIND}?"
    # 120余万元; 百分之二十; 近八成
    rf"|(?:{_NO_MARKER_AFTER}{_FRONT})?(?!(?:百分之)?{_TWO_ENDED})"
    rf"(?:百分之{_FIGURE}|{_PART_OF}"
    "|[0-9一二两三四五六七八九]成(?![员立果功长效为绩就本熟套都才年])"
    rf"|-?{_FIGURE}{_SCALE}{{0,3}}(?:{_at(Position.INSIDE)})?{_SCALE}{{0,2}}"
    rf"(?:个[余多](?:月|小时|百分点)|(?!{_OTHER_WORDS})(?:{_UNIT})))"
    rf"{_MARKER_BEHIND}?)"
)


def phrases(text: str) -> Iterator[tuple[int, int, Phrase]]:
    """Start, end and promise of every phrase in a running text without spaces.

    Whether a phrase says something about the world is for the reader to judge: 2021年 and 二次
    are phrases too. What cannot be read as one number (三万五个, 5—3人) is left out.
    """
    for found in _FIND.finditer(text):
        start, end = found.span()
        try:
            phrase = promise(found.group())
        except ValueError:
            continue
        if phrase.unit.whole and found.group().startswith("-"):
            # what is counted is never negative: 东区-3个
            start += 1
            phrase = promise(text[start:end])
        yield start, end, phrase


class Style(StrEnum):
    """The wordings a writer can ask for. One paragraph keeps to one style."""

    EXACT = "exact"  # 187件, 2.22亿元
    OVER = "over"  # 180余件
    EXCEEDING = "exceeding"  # 超过180件
    NEARLY = "nearly"  # 近190件
    ABOUT = "about"  # 约180件


_STYLES = {
    Style.OVER: Marker.ODD,
    Style.EXCEEDING: Marker.EXCEEDING,
    Style.NEARLY: Marker.NEARLY,
    Style.ABOUT: Marker.ABOUT,
}


def wordings(value: Decimal | int | None, unit: str, decimals: int = 2) -> list[str]:
    """All honest wordings of a value in base units (元, 平方米, a percentage as its figure).

    Best first: exact, then 余, 超过, 近, 约, each with two significant digits before one. 约 never
    rounds up. A value that is itself round has only its exact wording. None is “—”.

    `decimals` (at least 1) is how many a measured figure shows when it has to be rounded; one that
    needs fewer shows fewer, so 300万元 is exact and 300.00万元 is rounded. Counts are not rounded.
    Rounding never claims a milestone: 99.996% and 2.9996亿元 get more digits or a smaller scale.

    ValueError for an unknown measure word, a fraction of something counted, or a value that is not
    a finite Decimal or int.

    >>> wordings(187, "件")[:2], wordings(1200000, "元")
    (['187件', '180余件'], ['120万元'])
    """
    if value is None:
        return [NOTHING]
    measure = units.unit(unit)
    amount = _amount(value, measure)
    written = list(_exact(amount, measure, decimals))
    for style in _STYLES:
        written += _approximate(amount, measure, style)
    return list(dict.fromkeys(written))


def word(
    value: Decimal | int | None, unit: str, style: str = Style.EXACT, decimals: int = 2
) -> str:
    """The best wording of a value in a style, or its exact wording if the style has none.

    Never untrue: a marker is printed only if the interval that `promise` will read from it
    contains the value. The exact wording is the value itself, or the value rounded half up at the
    decimals shown, which is the interval that `promise` reads from decimals. So falling back to it
    is always allowed. Errors as in `wordings`, and ValueError for an unknown style.

    >>> word(187, "件", "nearly"), word(150, "件", "nearly")
    ('近190件', '150件')
    """
    asked = Style(style)
    if value is None:
        return NOTHING
    measure = units.unit(unit)
    amount = _amount(value, measure)
    exact = next(_exact(amount, measure, decimals))
    return exact if asked is Style.EXACT else next(_approximate(amount, measure, asked), exact)


def _amount(value: Decimal | int, unit: Unit) -> Decimal:
    if not isinstance(value, int | Decimal):  # a float is never the number it was typed as
        raise ValueError(f"neither Decimal nor int: {value!r}")
    amount = Decimal(value)
    if not amount.is_finite():
        raise ValueError(f"not a finite number: {value}")
    if unit.whole and amount != amount.to_integral_value():
        raise ValueError(f"{unit} is counted in whole numbers: {value}")
    return amount


def _exact(amount: Decimal, unit: Unit, decimals: int) -> Iterator[str]:
    """Exact wordings, largest scale first, as far as the first that loses nothing."""
    if decimals < 1:
        raise ValueError("a figure without decimals promises to be exact, not rounded")
    # the interval of the decimals shown is half-open upwards, below zero too
    rounding = ROUND_HALF_UP if amount >= 0 else ROUND_HALF_DOWN
    for scale in _scales(amount, unit):
        places = 0 if unit.whole else decimals
        rounded = amount.quantize(Number(amount, places, scale).step, rounding)
        while not scale and _misleads(rounded, amount, unit):
            places += 1
            rounded = amount.quantize(Number(amount, places).step, rounding)
        if rounded == amount:
            yield f"{numbers.shown(amount, scale)}{unit}"
            return
        if not unit.whole and not _misleads(rounded, amount, unit):
            yield f"{Number(rounded, places, scale)}{unit}"


def _scales(amount: Decimal, unit: Unit) -> Iterator[str]:
    yield from (scale for scale in unit.scales if abs(amount) >= numbers.factor(scale))
    yield ""


def _misleads(rounded: Decimal, amount: Decimal, unit: Unit) -> bool:
    """Whether rounding says nothing (0.00%), everything (100.00%) or a milestone (3.00亿元).

    A milestone is a round number of one digit; only rounding up claims one that was not reached.
    """
    if rounded == amount:
        return False
    if not rounded or _is_full(rounded, unit):
        return True
    one_digit = len(rounded.normalize().as_tuple().digits) == 1
    return abs(rounded) > abs(amount) and one_digit and _is_round(rounded)


def _is_full(value: Decimal, unit: Unit) -> bool:
    return unit.dimension is Dimension.PERCENT and value == 100


def _approximate(amount: Decimal, unit: Unit, style: Style) -> Iterator[str]:
    if amount <= 0:
        return
    nearest = ROUND_CEILING if style is Style.NEARLY else ROUND_FLOOR  # 约 never rounds up
    for digits in (2, 1):
        value = amount.quantize(Decimal(1).scaleb(amount.adjusted() + 1 - digits), nearest)
        if value == amount and _is_round(value):
            return
        number = numbers.shown(value, next(_scales(value, unit)))
        if (
            value != amount
            and not _is_full(value, unit)
            and _STYLES[style].span(number).contains(amount)
        ):
            if style is not Style.OVER:
                yield f"{_STYLES[style].text}{number}{unit}"
            elif over := _over(number, unit):
                yield over


def _is_round(value: Decimal) -> bool:
    return place_value(value) >= 10


def _over(number: Number, unit: Unit) -> str | None:
    """Number, 余 and measure word in the order of grammar; None where 余 is not said.

    余 follows round digits (10余家, 120余万元) and otherwise the scale (3万余元, 2.2亿余元). After
    a single digit that is measured and not counted, 多 follows the measure word (3年多).
    """
    if unit.dimension is Dimension.PERCENT:
        return None
    if _is_round(number.value / numbers.factor(number.scale)):
        return f"{number.digits}余{number.scale}{unit}"
    if _is_round(number.value):
        return f"{number}余{unit}"
    measured = not unit.whole and not unit.printed
    if measured and number.value < 10 and not number.decimals:
        return f"{number}{unit}多"
    return None
