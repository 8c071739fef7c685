"""The time that a text speaks about, and what it inherits from headings and sentences before."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from fenghuang.claims.sentences import TITLE, Sentence


class Nature(Enum):
    """How long an expression of time goes on to hold in the text behind it."""

    YEAR = "year"  # until another year
    SPAN = "span"  # for its paragraph: 上半年, 11月
    AS_OF = "as of"  # for its sentence, and for one that goes on: 累计…
    SINCE = "since"  # a stated start: 2018年以来


@dataclass(frozen=True, slots=True)
class Period:
    """An expression of time as written, with its offsets in the squeezed text."""

    start: int
    end: int
    text: str
    nature: Nature


_DASH = "(?:[—–~～-]{1,2}|[至到])"
_YEAR = (
    "(?:(?:19|20)[0-9]{2}(?:[—–~～-]{1,2}(?:19|20)[0-9]{2})?年度?|二[〇零][一二三四五六七八九〇零]{2}年"
    "|今年|去年|前年|上一?年度?|本年度?)"
)
_MONTH = f"(?:[0-9]{{1,2}}月?(?:{_DASH}|、))?[0-9]{{1,2}}月(?:份|底|末|初|[上中下]旬)?"
_DAY = f"(?:[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}})?日)"
_DATE = f"(?:{_YEAR}?{_MONTH}{_DAY}?(?:{_DASH}(?:{_MONTH})?{_DAY})?)"
_PART = (
    "(?:[上下]半年|前[一二三1-3]个?季度|前[0-9一二三四五六七八九十]{1,2}个?月"
    "|第?[一二三四1-4](?:[、至—-][一二三四2-4])?季度)"
)
_NUMBER = "[0-9一二两三四五六七八九十]{1,3}"

_EXPRESSION = re.compile(
    rf"(?P<as_of>截[至止]到?(?:目前|今日?|现在|当前|报告期末|[^，。；0-9]{{2,10}}时(?=，)|{_DATE}|{_YEAR}?(?:{_PART})?[底末]?|年[底末]|[本上]?月[底末]|期末)"
    rf"|目前|现阶段|截至|{_YEAR}?年末|{_YEAR}[底末]|期末|月末|年末)"
    rf"|(?P<year_to_date>(?:今年|本年|年初|入[春夏秋冬汛])以来|(?:一年|本年|今年)来)"
    rf"|(?P<since>(?:自|从)?(?:{_DATE}|{_YEAR})(?:以来|至今)|自(?:{_DATE}|{_YEAR})(?:起|开始)?(?=，)"
    rf"|[^，。；：\n]{{2,8}}(?:开展|成立|启动|实施|运行|投用|上线)以来)"
    rf"|(?P<plan>“?十[一二三四五]五”?(?:规划)?(?:期间|时期|以来|期?末)|(?:近|过去|这|未来|最近){_NUMBER}(?:年|个月|个?季度|周|天)(?:来|间)?"
    rf"|{_NUMBER}(?:年|个多?月)来)"
    rf"|(?P<span>{_YEAR}?{_PART}|{_DATE}|(?:本|上|当|今)(?:月|周|季度?|日|期)|(?:春节|国庆|元旦|五一|清明|中秋|两会|节日|假日|汛期|暑假|寒假|暑期)期?间?)"
    rf"|(?P<year>{_YEAR}(?:全年)?|全年|年内|当年|年度内)"
)
# Behind these words an expression of time is what is compared with, not what is spoken about.
_BASE_BEFORE = re.compile(
    "(?:比|较|相比|对比|与|同|跟|高于|低于|快于|多于|少于|超过?|占|是|相当于)$"
)
_BASE_BEHIND = re.compile(
    "同期|相比|持平|的?(?:水平|[0-9.]+倍|近?[0-9.]+倍)|[^，。；0-9]{0,6}(?:倍|相比)|前建[成设]的"
)
_NAME_BEHIND = re.compile("(?:目标|任务|计划数?|预算|指标|工作要点|度?考核)")
_TITLE = re.compile("《[^《》\n]{1,60}》|“[^“”\n]{1,30}”")
_LEADS = re.compile("(?:^|[，。；：！？（(、\n”])(?:[在自从]|其中|一是|[二三四五]是)?$")
_ANNOUNCES = re.compile("现[将就]$")  # 现将2023年9月份情况通报如下
_ISSUE = re.compile("第?[0-9一二三四五六七八九十]{1,3}[期号]")
_RELATIVE = ("去年", "上年", "上一年", "前年")
_GOES_ON = ("累计", "其中", "共", "已", "现", "还", "并")


def periods(plain: str) -> list[Period]:
    """All expressions of time that say when something was, in order."""
    titles = [found.span() for found in _TITLE.finditer(plain)]
    starts = [start for start, _ in titles]
    found = []
    for match in _EXPRESSION.finditer(plain):
        nature = _NATURES[match.lastgroup or "span"]
        title = bisect_right(starts, match.start()) - 1
        plan = match.lastgroup == "plan"
        if title >= 0 and match.end() <= titles[title][1] and not plan:
            continue
        before = plain[max(0, match.start() - 4) : match.start()]
        if match.group().startswith(_RELATIVE):
            # 去年 holds for its paragraph and never for the report
            nature = Nature.SPAN if nature is Nature.YEAR else nature
            if plain.startswith(("结转", "决算"), match.end()):
                continue
        if nature is Nature.AS_OF and plain.startswith(("到", "至"), match.start() - 1):
            nature = Nature.SPAN  # 到2025年底，… is the time of a plan
        if _ISSUE.match(plain, match.end()):
            continue
        if _BASE_BEFORE.search(before) or _BASE_BEHIND.match(plain, match.end()):
            continue
        if match.group() in ("全年", "今年", "本年", "本年度", "年内") and _NAME_BEHIND.match(
            plain, match.end()
        ):
            continue
        found.append(Period(match.start(), match.end(), match.group(), nature))
    return found


_AND = re.compile("、|和|与|及")
_NUMBERS_BEFORE = re.compile("(?:第?[0-9一二三四]{1,2}、)+第?[0-9一二三四]{1,2}(?:季度|月份?)$")


def shared_out(clause: str, count: int) -> list[Period]:
    """The periods that a clause lists, if there is one for each of so many figures; else none.

    What all members end with may stand once: 一、二季度, 3、4月.

    >>> [period.text for period in shared_out("第一季度、第二季度", 2)]
    ['第一季度', '第二季度']
    """
    named = periods(clause)
    if not named:
        return []
    listed = _NUMBERS_BEFORE.search(clause[: named[0].end])
    first = listed.start() if listed else named[0].start
    words = _AND.split(clause[first : named[-1].end])
    ending = re.sub("^第?[0-9一二三四]*", "", words[-1])
    own = [_alone(word) or _alone(word + ending) for word in words]
    found = [period for period in own if period]
    return found if len(found) == len(words) == count else []


def _alone(words: str) -> Period | None:
    """The period that the words are and nothing else."""
    return next((one for one in periods(words) if one.text == words), None)


_NATURES = {
    "as_of": Nature.AS_OF,
    "year_to_date": Nature.YEAR,
    "since": Nature.SINCE,
    "plan": Nature.SPAN,
    "span": Nature.SPAN,
    "year": Nature.YEAR,
}


class Timeline:
    """Which period holds at each place of a text."""

    def __init__(self, plain: str, sentences: Sequence[Sentence]) -> None:
        self._plain = plain
        self._periods = periods(plain)
        self._starts = [period.start for period in self._periods]
        self._sentence_starts = [sentence.start for sentence in sentences]
        self._inherited: list[Period | None] = []
        self._standing: list[Period | None] = []
        self._follow(plain, sentences)

    def at(self, position: int) -> Period | None:
        """The last period named before in the same sentence, else the one inherited."""
        number = bisect_right(self._sentence_starts, position) - 1
        if number < 0:
            return None
        own = bisect_left(self._starts, position) - 1
        while own >= 0 and self._is_left_behind(self._periods[own], position):
            own -= 1
        if own >= 0 and self._starts[own] >= self._sentence_starts[number]:
            return self._periods[own]
        return self._inherited[number]

    def standing_at(self, position: int) -> Period | None:
        """What holds for a table at this place: the heading or year last named before it."""
        number = bisect_left(self._sentence_starts, position) - 1
        return self._standing[number] if number >= 0 else None

    def _is_left_behind(self, period: Period, position: int) -> bool:
        """由上年的第7位升至第3位: the time of the first end is not that of the second."""
        between = self._plain[period.end : min(position, period.end + 40)]
        return self._plain[period.start - 1 : period.start] in ("由", "从") and bool(
            re.search("[到至为]", between)
        )

    def _follow(self, plain: str, sentences: Sequence[Sentence]) -> None:
        headings: dict[float, Period] = {}
        standing: Period | None = None
        passing: Period | None = None
        for sentence in sentences:
            own = self._within(sentence, standing)
            if sentence.level:
                level = sentence.level
                headings = {
                    above: each
                    for above, each in headings.items()
                    if above < level or above == TITLE
                }
                if own:
                    headings[level] = own[-1]
                if headings:
                    standing = headings[max(headings)]
                passing = None
                self._inherited.append(standing)
                self._standing.append(standing)
                continue
            if sentence.opens_paragraph and plain[sentence.start] not in "—-":
                passing = None
            goes_on = plain.startswith(_GOES_ON, sentence.start)
            if passing and passing.nature in (Nature.AS_OF, Nature.SINCE) and not goes_on:
                passing = None
            self._inherited.append(passing or standing)
            for period in own:
                leads = _LEADS.search(plain, max(0, period.start - 6), period.start)
                announced = _ANNOUNCES.search(plain, max(0, period.start - 6), period.start)
                if announced or (period.nature is Nature.YEAR and leads):
                    standing, passing = period, None
                elif leads:
                    passing = period
            self._standing.append(standing)

    def _within(self, sentence: Sentence, standing: Period | None) -> list[Period]:
        """The periods named in a sentence; 2021年以来 in a report of 2021 is the year to date."""
        first = bisect_left(self._starts, sentence.start)
        last = bisect_left(self._starts, sentence.end, first)
        for n in range(first, last):
            period = self._periods[n]
            year = re.match("[0-9]{4}", period.text)
            if (
                period.nature is Nature.SINCE
                and year
                and standing
                and standing.text.startswith(year.group())
            ):
                self._periods[n] = replace(period, nature=Nature.YEAR)
        return self._periods[first:last]
