"""The figures of a text: numbers that say something about the world, and what they promise.

Look-alikes are covered first; what is left is read by `wording.phrases` and by the few forms that
are written otherwise: ranks, members of a list that share a measure word, doublings, brackets
between number and measure word, the first end of 由91增加到150个.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fenghuang.claims import lookalikes, numbers, units, wording
from fenghuang.claims.units import SPELLINGS
from fenghuang.claims.wording import Interval, Marker, Phrase


@dataclass(frozen=True, slots=True)
class Figure:
    """A phrase with its offsets in the squeezed text."""

    start: int
    end: int
    phrase: Phrase


def figures(plain: str) -> list[Figure]:
    """All figures of a squeezed text, in order, none overlapping another."""
    covered = lookalikes.cover(plain)
    found = [
        *_ranks(plain),
        *_firsts(covered),
        *_zeros(covered),
        *_bracketed(covered),
        *_first_ends(covered),
        *_shared(plain, covered),
        *_doublings(covered),
        *_phrases(plain, covered),
    ]
    return list(_apart(found))


def _apart(found: list[Figure]) -> Iterator[Figure]:
    """In order of start; where two overlap, the one that was found by the earlier rule."""
    taken: dict[int, Figure] = {}
    for figure in found:
        if not any(at in taken for at in (figure.start, figure.end - 1)):
            taken |= dict.fromkeys(range(figure.start, figure.end), figure)
    yield from sorted(set(taken.values()), key=lambda figure: figure.start)


# --- phrases with a measure word

_BETWEEN = re.compile(wording.BETWEEN)
_TO_BE_SPLIT = re.compile("(?:由|从|自)[^，。；0-9]{0,10}$")


def _phrases(plain: str, covered: str) -> Iterator[Figure]:
    for start, end, phrase in wording.phrases(covered):
        before = plain[max(0, start - 16) : start]
        has_two_ends = phrase.number is None and _BETWEEN.search(plain, start, end)
        if has_two_ends and _TO_BE_SPLIT.search(before):
            yield from _both_ends(covered, start, end)
        elif _counts(plain[start:end], phrase, before):
            yield Figure(start, end, phrase)


def _both_ends(covered: str, start: int, end: int) -> Iterator[Figure]:
    """由5个到8个 is no range but two levels."""
    low, between, high = re.split(f"({wording.BETWEEN})", covered[start:end], maxsplit=1)
    unit = re.search(f"(?:{_SCALED_UNIT})$", high)
    ends = ((start, low), (start + len(low) + len(between), high))
    for at, text in ends:
        whole = text if re.search(f"(?:{_UNIT})$", text) or not unit else text + unit.group()
        if phrase := _promise(whole):
            yield Figure(at, at + len(text), phrase)


def _counts(text: str, phrase: Phrase, before: str) -> bool:
    """Whether a phrase says something about the world."""
    if re.search("[A-Za-z]$", before) and not re.search("(?:GDP|App|APP)$", before):
        return False
    if not lookalikes.says_something(phrase.unit.dimension, before):
        return False
    return not _is_indefinite(text, phrase, before)


def _is_indefinite(text: str, phrase: Phrase, before: str) -> bool:
    """一批, 百家企业, 一个: a numeral in words that counts nothing definite."""
    if re.search("[0-9]", text) or phrase.number is None or phrase.unit.code == "%":
        return False
    if re.search("[数几好多上]$", before) and not phrase.markers:
        return True
    return not phrase.markers and (phrase.number.value < 2 or text[0] in "百千万亿")


def _promise(text: str) -> Phrase | None:
    try:
        return wording.promise(text)
    except ValueError:
        return None


# --- brackets between number and measure word: 36（项）, 投资（万元）2200

_UNIT = "|".join(map(re.escape, SPELLINGS))
_SCALED_UNIT = f"[百千万亿]{{0,2}}(?:{_UNIT})"
_AMOUNT = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,13})(?:\.[0-9]{1,6})?"
_BEHIND = re.compile(rf"(?<![0-9.])(?P<amount>{_AMOUNT})[（(](?P<unit>{_SCALED_UNIT})[）)]")
_AHEAD = re.compile(
    rf"[（(](?:单位[:：])?(?P<unit>{_SCALED_UNIT})[）)](?:[:：为达]|共)?(?P<amount>{_AMOUNT})"
    rf"(?![0-9.]|{_SCALED_UNIT})"
)


def _bracketed(covered: str) -> Iterator[Figure]:
    for pattern in (_BEHIND, _AHEAD):
        for found in pattern.finditer(covered):
            if phrase := _promise(found["amount"] + found["unit"]):
                yield Figure(*found.span(), phrase)


# --- figures without a measure word of their own

_RISES = (
    "(?:逐步|逐年|大幅|快速|直接|稳步|进一步|快)?"
    "(?:增长?加?|提高?升?|上升|升|扩大?展?|下降|降低?|减少?|压减|压缩|缩短|缩减|精简|回落|发展|变为?|优化|整合|细分)"
)
_FIRST_END = re.compile(
    rf"(?:由|从|自)[^，。；：0-9]{{0,16}}?(?P<amount>{_AMOUNT}[百千万亿]{{0,2}})"
    rf"(?={_RISES}[^，。；：0-9]{{0,6}}?[到至为成][^，。；：0-9]{{0,6}}?{_AMOUNT}(?P<unit>{_SCALED_UNIT}))"
)


def _first_ends(covered: str) -> Iterator[Figure]:
    for found in _FIRST_END.finditer(covered):
        if phrase := _promise(_with_unit(found["amount"], found["unit"])):
            yield Figure(*found.span("amount"), phrase)


_SHARED = re.compile(
    # 1.2个、2.3个和3.4个百分点: 个 alone is no measure word of a fraction
    rf"(?<![0-9.])(?P<members>(?:(?:{_AMOUNT}[百千万亿]{{0,2}}|[0-9]{{1,3}}\.[0-9]{{1,3}}个)"
    rf"(?:、|和|及|与|，|,)){{1,12}})"
    rf"{_AMOUNT}余?多?(?P<unit>{_SCALED_UNIT})"
)
_MEMBER = re.compile(rf"{_AMOUNT}[百千万亿]{{0,2}}个?")


def _shared(plain: str, covered: str) -> Iterator[Figure]:
    """The members of a 分别 list that leave the measure word to the last: 分别为8、31个."""
    for found in _SHARED.finditer(covered):
        if "分别" not in plain[max(0, found.start() - 30) : found.start()]:
            continue
        for member in _MEMBER.finditer(covered, *found.span("members")):
            amount = member.group().removesuffix("个")
            if phrase := _promise(_with_unit(amount, found["unit"])):
                yield Figure(*member.span(), phrase)


def _with_unit(amount: str, unit: str) -> str:
    """The amount with the measure word of another; a scale of its own is kept."""
    return amount + (unit.lstrip("百千万亿") if amount[-1] in "百千万亿" else unit)


# --- zeros without a measure word

_ZERO = re.compile(
    "零(?:(?:安全|生产|伤亡|责任)*(?:(?P<起>事故|火灾|案件|发案|上访|信访)|(?P<人>伤亡|死亡)"
    "|(?P<例>感染)|(?P<件>投诉|举报|差评)))(?=$|[，。；、！）)\n])"
)


def _zeros(covered: str) -> Iterator[Figure]:
    """零事故, 零上访: an explicit 0, of what has one customary measure word.

    It says something about the world that the records can refute. As part of a name or way of
    working it says nothing (零上访社区, 零距离服务), and in quotation marks it is a slogan.
    """
    for found in _ZERO.finditer(covered):
        if phrase := _promise(f"0{found.lastgroup}"):
            yield Figure(found.start(), found.start() + 1, phrase)


# --- doublings and ranks

_DOUBLING = re.compile(r"翻了?(?P<amount>[一两二三四五0-9](?:\.[0-9]{1,2})?)番(?P<more>多|以上)?")


def _doublings(covered: str) -> Iterator[Figure]:
    for found in _DOUBLING.finditer(covered):
        if phrase := _promise(f"{found['amount']}番{found['more'] or ''}"):
            yield Figure(*found.span(), phrase)


_SCOPE = (
    "(?:在?(?:全[国省市区县街镇乡盟州]|全街道|[东中西]部地区|同类(?:城市|街道|地区|城区)|同级)"
    "(?:[0-9]{1,3}个?)?(?:同类|各|所有)?(?:街道|乡镇|镇街|县区|县市区|区县)?中?)"
)
_STANDING = (
    "(?:位居|位列|位于|名列|列|居|排名|排位|排在|排列|排|跃居|跃升至?|升至|上升[至到]|前移至|提升[至到]"
    "|荣获|获评?|获得|夺得|取得|摘得|并列|保持|稳居|评为|总分|得分)"
)
_PLACE = re.compile(
    rf"(?P<lead>[为是](?=第[0-9一二三四五六七八九十]{{1,3}}名)|[由从](?:(?:上年|去年|年初|原来|上月|上期)的?)?(?=第[0-9一二三四五六七八九十]{{1,3}}[位名])|(?:{_SCOPE})?(?:综合|总分|考核|总成绩|团体)*{_STANDING}?了?)"
    r"(?P<rank>(?P<kind>[第前])(?P<amount>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?P<word>名|位|强)?)"
    "(?!名|位|强|批|次|届|季|期|轮|阶|条|章|款|项|号|种|类|步|个|方|书记|时间|责|议|线|要|资|动|生产|梯|人民|小|中|医"
    "|家|座|部|代|年|天|周|站|课|图|目|党|社|巡|回|月|产|曲|者|的|[0-9.])"
)

_PRIZE = re.compile(
    "第(?P<amount>[0-9]{1,3}|[一二三四五六七八九十])名(?=[，。；、！）)\n]|$|的?(?:好?成绩|佳绩))"
)


def _ranks(plain: str) -> Iterator[Figure]:
    """第1 where it is a result: behind a scope (全区第1) or a word of standing (位居第二).

    第一名 at the end of its clause is always one.
    """
    for found in _PLACE.finditer(plain):
        lead = found["lead"]
        if lead:
            scoped = re.match(_SCOPE, lead)
            start = found.start() if scoped else found.start("rank")
            yield Figure(start, found.end(), _place(found["kind"], found["amount"]))
    for found in _PRIZE.finditer(plain):
        yield Figure(*found.span(), _place("第", found["amount"]))


_FIRST = re.compile("全[国省市区县街](?:范围内?)?首[个家例座条部支所张单宗台]")


def _firsts(covered: str) -> Iterator[Figure]:
    """全国首个 is rank 1 in time; 首批 and 首次 are shared or said of anything."""
    for found in _FIRST.finditer(covered):
        yield Figure(*found.span(), _place("第", "1"))


def _place(kind: str, amount: str) -> Phrase:
    number = numbers.parse(amount)
    rank = units.unit("名次")
    if kind == "第":
        return Phrase(number, rank, (), Interval(number.value, number.value, True, True))
    return Phrase(None, rank, (Marker.TO,), Interval(Decimal(1), number.value, True, True))
