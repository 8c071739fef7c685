"""How a figure stands to time: done, planned or expected; flow, stock, cumulative; growth.

Each question has its small table of words. A word decides for the figures behind it, until the
sentence ends or a word of another sense follows.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from fenghuang.claims.claim import Change, Kind, Modality
from fenghuang.claims.periods import Nature, Period
from fenghuang.claims.sentences import TITLE, Sentence
from fenghuang.claims.units import Dimension, Unit

# --- modality

_SENTENCE_TARGET = (
    "力争|争取(?=[在到年全完实达]|[0-9])|确保(?=[^，。；]{0,12}[0-9])|拟(?![定订])"
    "|(?<![\u4e00-\u9fff])到20[0-9]{2}年[底末]?|[底末月日]前(?=[完建实全达启开投])"
    "|(?:今后|未来|下一步|明年|(?<![0-9])年底前)|目标(?:任务)?(?:是|为|：)|预期目标"
    "|将(?=[新建改完实投引组开达举培打加持继进再全])"
    "|(?<![按照据度项])计划(?:在|于|用|到|今年|全年|年内|[新建改完实投引组开举召培打达收解化办消整服])"
    "|(?<![按照据度项])目标(?=[召开举建完改办])"
    "|规划(?:在|于|[新建投到])|要(?=[完实达确新建力])"
)
_CLAUSE_TARGET = (
    "(?:计划|目标|任务|指标|规划|预算)(?:总?投资|数|值|量|总数|面积|总额|安排)?"
    "(?:为|是|：|:|共|约|达)?$"
)
# 完成年度计划的, 高于目标: the plan is what a figure is measured by
_MEASURED_BY_PLAN = re.compile(
    "(?:完成|占|超|为|围绕|对照|高于|低于|高出|超出|快于|慢于|距|塌)[^，。；]{0,8}$"
)
_FORECAST = "预计|预测|有望|预估|估计"
_ACTUAL = "实际|目前|截[至止]|已(?![定])|累计(?!投资)|同比|超额|超出|完成率|现有|今年以来|去年|上年"
_CUES = re.compile(
    f"(?P<target>{_SENTENCE_TARGET})|(?P<forecast>{_FORECAST})|(?P<actual>{_ACTUAL})"
)
_MODALITIES = {
    "target": Modality.TARGET,
    "forecast": Modality.FORECAST,
    "actual": Modality.ACTUAL,
}
_PLAN_CLAUSE = re.compile(_CLAUSE_TARGET)
_PLAN_HEADING = re.compile(
    "计划|打算|思路|安排|目标|展望|草案|下一步|行动方案|实施方案|工作要点|任务分解|规划"
)
_DONE_HEADING = re.compile(
    "总结|回顾|情况|执行|成效|基础|现状|完成|进展|通报|报告|做法|问题|特点|分析|亮点"
)

# --- kind

_STATE = re.compile(
    "并(?:已)?(?:落成|竣工|投产|投用|建成|落地|开工|交付|运营|达产|投入)|(?:建成|竣工|交付)(?:并)?(?:投产|投用|使用|运营)|签约落地"
)
_CUMULATIVE = re.compile("累计|累积|历年|总计达")
_STOCK = re.compile(
    "现有|共有|拥有|[下所]辖|辖(?!区)|设有|存量|在册|保有|在谈|实有|(?:常住|户籍|总)人口|余额|总数|建有|配有|在建|登记在册"
)
_ACTS = {
    Dimension.EVENT,
    Dimension.ACT,
    Dimension.ATTENDANCE,
    Dimension.VISIT,
    Dimension.DOSE,
    Dimension.PORTION,
    Dimension.SHIFT,
    Dimension.TEACHING,
}
_STANDING = {
    Dimension.PERSON,
    Dimension.DWELLING,
    Dimension.BUILDING,
    Dimension.ENTERPRISE,
    Dimension.THING,
    Dimension.OBJECT,
    Dimension.DEVICE,
}

# --- change

_RISE = "增长?加?|提高|提升|上升|上涨|扩大|上浮|净增|增收|增支"
_FALL = "下降|(?<![审核])减少?|降低?|压减|压缩|缩短|缩减|回落|下滑|精简|减收|减支"
_MOVED = re.compile(
    rf"(?:(?:(?P<rise>{_RISE})|(?P<fall>{_FALL}))(?:了|幅度)?达?"
    "|(?:(?P<rising>增[幅速]|涨幅|增长率)|(?P<falling>降幅|下降率))(?:为|达到?|是)?)$"
)
_APART = re.compile(
    "(?:(?P<rise>高于|高出|快于|超出|超过)|(?P<fall>低于|慢于|塌|落后))[^，。；0-9]{0,8}$"
)
_DIFFERENCE = re.compile(
    "(?:比|较)[^，。；]{1,10}(?:(?P<rise>多|高|快|增)|(?P<fall>少|低|慢|减))(?:了|出)?$"
)
_MOVE_BEHIND = re.compile("的?(?:(?P<rise>增[长幅速]|涨幅)|(?P<fall>降幅|下降))")
_COMPARING_COLUMN = re.compile(
    "^(?:同比|环比|较[^（(]{2,6})(?:增长|增减|变化|增速)?(?:率|幅度?)?$|^增减(?:率|幅度?|额)?$"
)
_RATES = {Dimension.PERCENT, Dimension.PERCENTAGE_POINTS, Dimension.MULTIPLE}


def change(before: str, behind: str, unit: Unit) -> Change | None:
    """Increase or decrease, where the figure itself is a difference or a rate of growth.

    提高到85% and 增至150个 are levels. `before` and `behind` are the words round the figure.
    """
    if unit.code == "番":
        return Change.INCREASE
    moved = _MOVED.search(before) or _DIFFERENCE.search(before)
    if not moved and unit.dimension is Dimension.PERCENTAGE_POINTS:
        moved = _APART.search(before)
    if not moved and unit.dimension in _RATES:
        moved = _MOVE_BEHIND.match(behind)
    if not moved:
        return None
    rises = any(name.startswith("ris") and words for name, words in moved.groupdict().items())
    return Change.INCREASE if rises else Change.DECREASE


def moved(column: str) -> str:
    """A column's label as words before a figure: 同比 stands for 同比增长, with its sign."""
    return "增长" if _COMPARING_COLUMN.search(column) else column


def kind(words: str, unit: Unit, period: Period | None, stands_before_noun: bool) -> Kind:
    """How a figure stands to time.

    `words` is the figure's clause up to it; a figure before its noun and without a verb (全街8个
    社区党组织) tells of what is there. 累计 needs a stated start, else it is cumulative; in a year
    it is the year to date.
    """
    if _STATE.search(words):
        return Kind.STATE_REACHED
    nature = period.nature if period else None
    cumulative = bool(_CUMULATIVE.search(words))
    if nature is Nature.SINCE or (cumulative and nature in (None, Nature.AS_OF)):
        return Kind.CUMULATIVE
    acts = unit.dimension in _ACTS
    if nature is Nature.AS_OF:
        return Kind.CUMULATIVE if acts else Kind.STOCK
    if cumulative or acts:
        return Kind.FLOW
    if _STOCK.search(words) or (stands_before_noun and unit.dimension in _STANDING):
        return Kind.STOCK
    return Kind.FLOW


def is_planned(label: str) -> bool:
    """Whether the label of a row or column names something planned: 计划投资, 目标值."""
    return bool(_PLAN_LABEL.search(label)) and not re.search("完成|实际|占|率", label)


_PLAN_LABEL = re.compile("计划|目标|任务|拟|规划|指标")


class Tenses:
    """The modality at each place of a text."""

    def __init__(self, plain: str, sentences: Sequence[Sentence]) -> None:
        self._plain = plain
        self._starts = [sentence.start for sentence in sentences]
        cues = [
            (found.start(), _MODALITIES[found.lastgroup or "actual"])
            for found in _CUES.finditer(plain)
        ]
        self._cue_starts = [start for start, _ in cues]
        self._cues = [modality for _, modality in cues]
        self._sections = list(_sections(plain, sentences))

    def at(self, position: int) -> Modality:
        """What the nearest word before says, in the sentence or else in the heading above."""
        sentence = bisect_right(self._starts, position) - 1
        if sentence < 0:
            return Modality.ACTUAL
        before = self._plain[max(0, position - 24) : position]
        planned = _PLAN_CLAUSE.search(before)
        if planned and not _MEASURED_BY_PLAN.search(before, 0, planned.start()):
            return Modality.TARGET
        cue = bisect_left(self._cue_starts, position) - 1
        if cue >= 0 and self._cue_starts[cue] >= self._starts[sentence]:
            modality = self._cues[cue]
            # an expectation holds to the end of its part: 预计达到420亿元；楼宇达9座
            part_ends = self._plain.rfind("；", self._cue_starts[cue], position) >= 0
            if modality is not Modality.FORECAST or not part_ends:
                return modality
        return self._sections[sentence]


def _sections(plain: str, sentences: Sequence[Sentence]) -> list[Modality]:
    """The modality of the section that each sentence stands in."""
    found: list[Modality] = []
    headings: dict[float, Modality] = {}
    done = ""  # the year of the last heading over work that is done
    for sentence in sentences:
        if sentence.level:
            level = sentence.level
            headings = {
                above: each for above, each in headings.items() if above < level or above == TITLE
            }
            words = plain[sentence.start : sentence.end]
            year = max(re.findall("(?:19|20)[0-9]{2}(?=年)", words), default="")
            if _DONE_HEADING.search(words):
                headings[level] = Modality.ACTUAL
                done = done if level == TITLE else year
            elif done and year > done:
                # 一、2021年工作回顾 … 二、2022年主要工作
                headings[level] = Modality.TARGET
            elif _PLAN_HEADING.search(words):
                headings[level] = Modality.TARGET
        found.append(headings[max(headings)] if headings else Modality.ACTUAL)
    return found
