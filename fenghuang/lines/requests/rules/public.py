"""What is decided about the public side: what a text gives away, and the steps in plain words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

#: A link by which the appellant answers holds so long, from the closing; a confirmation so long.
ANSWER_DAYS, CONFIRM_DAYS = 30, 7
#: Following an area ends by itself after so many days, unless it is asked for again.
FOLLOW_DAYS = 365


class GivenAway(StrEnum):
    """What a text may say about a person."""

    ID_NUMBER = "id_number"
    TELEPHONE = "telephone"
    PLATE = "plate"
    DOOR = "door"
    NAME = "name"
    EMAIL = "email"


@dataclass(frozen=True)
class Hint:
    """Words of a text that may say who somebody is or where they live."""

    kind: GivenAway
    words: str


_NUMERAL = "[0-9一二三四五六七八九十百零〇]"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤欧文易柳"
)
_FINDS = (
    (GivenAway.ID_NUMBER, r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)"),
    (GivenAway.TELEPHONE, r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    (GivenAway.TELEPHONE, r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),
    (GivenAway.EMAIL, r"[\w.+-]+@[\w-]+\.[\w.]+"),
    (
        GivenAway.PLATE,
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][· ]?[A-Z0-9]{5,6}",
    ),
    (
        GivenAway.DOOR,
        rf"(?:{_NUMERAL}+(?:号楼|栋|幢|座))?(?:{_NUMERAL}+单元)?{_NUMERAL}+(?:室|号房)",
    ),
    (GivenAway.DOOR, rf"{_NUMERAL}+(?:号楼|栋|幢|座){_NUMERAL}+单元"),
    (GivenAway.DOOR, r"(?<![\d-])\d{1,3}-\d{1,2}-\d{3,4}(?![\d-])"),
    (
        GivenAway.NAME,
        rf"[{_SURNAMES}](?:[\u4e00-\u9fff]{{0,2}})(?:先生|女士|小姐|老师|师傅|主任|阿姨|大爷|大妈|老板|书记|某某|某)",
    ),
    (
        GivenAway.NAME,
        rf"(?<=我叫|名叫|姓名|我是|业主|居民|户主|邻居)[::]?[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}",
    ),
)


def given_away(text: str) -> list[Hint]:
    """What a text to be published may give away, in the order it stands there; perhaps too much.

    Names, telephone and ID numbers, plates, doors, e-mail addresses, in any width of digits. A
    hint is a question to a person, never an answer: what is not found may still be there.
    Source: Personal Information Protection Law 25, 28; the house’s rule on published texts.

    >>> [hint.words for hint in given_away("3栋2单元501室漏水，电话１３８００００１２３４")]
    ['3栋2单元501室', '13800001234']
    """
    plain = unicodedata.normalize("NFKC", text)
    found: list[tuple[int, int, GivenAway]] = []
    for kind, pattern in _FINDS:
        for match in re.finditer(pattern, plain):
            if not any(start < match.end() and match.start() < end for start, end, _k in found):
                found.append((match.start(), match.end(), kind))
    return [Hint(kind, plain[start:end]) for start, end, kind in sorted(found)]


class Step(StrEnum):
    """How far a request has come, as a resident needs to know it."""

    RECEIVED = "received"
    WITH_UNIT = "with_unit"
    ON_HOLD = "on_hold"
    VERIFYING = "verifying"
    FINISHED = "finished"
    ELSEWHERE = "elsewhere"
    TOGETHER = "together"


_STEPS = {
    "registered": Step.RECEIVED,
    "accepted": Step.RECEIVED,
    "filed": Step.RECEIVED,
    "dispatched": Step.WITH_UNIT,
    "received": Step.WITH_UNIT,
    "handling": Step.WITH_UNIT,
    "return_asked": Step.WITH_UNIT,
    "on_hold": Step.ON_HOLD,
    "submitted": Step.VERIFYING,
    "verified": Step.VERIFYING,
    "not_accepted": Step.ELSEWHERE,
    "redirected": Step.ELSEWHERE,
    "merged": Step.TOGETHER,
}


def step(state: str) -> Step:
    """The step to which a state of the office belongs; every end with a result is “finished”.

    >>> step("return_asked").value
    'with_unit'
    """
    return _STEPS.get(state, Step.FINISHED)


def way(now: Step) -> tuple[Step, ...]:
    """All steps from the first to the last, with the one that stands now in its place.

    >>> [one.value for one in way(Step.ON_HOLD)]
    ['received', 'on_hold', 'verifying', 'finished']
    """
    match now:
        case Step.ELSEWHERE:
            return Step.RECEIVED, Step.ELSEWHERE
        case Step.TOGETHER:
            return Step.RECEIVED, Step.TOGETHER, Step.FINISHED
        case Step.ON_HOLD:
            return Step.RECEIVED, Step.ON_HOLD, Step.VERIFYING, Step.FINISHED
    return Step.RECEIVED, Step.WITH_UNIT, Step.VERIFYING, Step.FINISHED


def spoken_code(code: str) -> str:
    """A slip code as it stands on paper, in two halves.

    >>> spoken_code("ABCDE23456")
    'ABCDE-23456'
    """
    return f"{code[:5]}-{code[5:]}"


def typed_code(text: str) -> str:
    """A slip code as somebody typed it, without what is not of it. Empty for no code at all.

    >>> typed_code(" abcde－２３４５６ ")
    'ABCDE23456'
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())[:12]
