"""Which indicator answers a claim.

The measure word comes first, as a type: persons are never matched with attendances. Then the
words of the claim are compared with the names that reports use for each indicator, by the pairs
of characters that both have: what one side says and the other does not costs. Words that carry no
meaning of their own (开展, 累计, 全街) cost nothing. Some words mean an indicator only in the
right company (总投资 beside 老旧小区); without it they are only a suggestion.

A wrong match does more harm than none, so below `THRESHOLD` nothing is matched, and where two
indicators fit alike neither is. What people confirmed or refused decides over all reckoning.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from fenghuang.claims import numbers, units
from fenghuang.claims.claim import Claim, Kind
from fenghuang.claims.units import Dimension


@dataclass(frozen=True, slots=True)
class Answerable:
    """What matching must know of an indicator.

    `aliases` mean it wherever they stand; `short` only where a word of `context` stands in the
    claim, its sentence or the heading above. `confirmed` are wordings that a person said mean this
    indicator, `refused` those that a person said don't.
    """

    code: str
    name: str
    unit: str
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.FLOW
    line: str = ""
    context: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was found so: a code, and a Chinese sentence for whoever reads the report."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that might be meant, and how surely (0 to 1)."""

    code: str
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator that a claim speaks of; None where that is not sure enough.

    `confidence` is that of the best candidate. `candidates` are the three best, best first, and
    fewer only if there are fewer indicators.
    """

    indicator: str | None
    confidence: float
    candidates: tuple[Candidate, ...]
    reasons: tuple[Reason, ...]


# --- measure words as types


class Kinship(Enum):
    """How the measure word of a claim stands to that of an indicator, and what that leaves."""

    SAME = 1.0, "量词相同"
    NEAR = 0.95, "量词不同，但常常通用"
    WEAK = 0.5, "量词不同，不能互认"
    NONE = 0.3, "量词表示的不是一回事"

    def __init__(self, weight: float, sentence: str) -> None:
        self.weight = weight
        self.sentence = sentence

    @property
    def is_exchangeable(self) -> bool:
        """May figures with these measure words be compared?"""
        return self in (Kinship.SAME, Kinship.NEAR)


_OFTEN_EXCHANGED = set(map(frozenset, ("场次", "场期", "个家", "个处", "个座", "个所", "个间")))
_COUNTED_ALIKE = {
    Dimension.THING,
    Dimension.ITEM,
    Dimension.CASE,
    Dimension.SPOT,
    Dimension.ENTRY,
    Dimension.KIND,
}


@cache
def kinship(one: str, other: str) -> Kinship:
    """How the measure words with these codes stand to each other; ValueError for an unknown one.

    Units of measurement are not converted, so 亩 and 平方米 are only weakly akin.

    >>> kinship("场次", "场").name, kinship("件", "个").name, kinship("人", "人次").name
    ('SAME', 'WEAK', 'NONE')
    """
    types = {units.family(code) for code in (one, other)}
    if len(types) == 1:
        return Kinship.SAME
    if types in _OFTEN_EXCHANGED:
        return Kinship.NEAR
    dimensions = {units.unit(code).dimension for code in (one, other)}
    if len(dimensions) == 1 or dimensions <= _COUNTED_ALIKE:
        return Kinship.WEAK
    return Kinship.NONE


# --- words


def _one_of(words: Iterable[str] | str) -> re.Pattern[str]:
    """Any of the words, the longest first; a string holds them between spaces."""
    words = words.split() if isinstance(words, str) else words
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


_PUNCTUATION = re.compile(r"[\W_]+")
_COUNTED = re.compile(
    "(?<=..)(?:总数|数量|个数|次数|场次|场数|人次|人数|件数|份数|台数|家数|户数|栋数|数)$"
)
#: said of anything counted; extra in a claim, they change nothing
_LIGHT = _one_of(
    """
    开展 召开 举办 组织 策划 举行 进行 实施 推进 推动 完成 实现 落实 做好 抓好 建立
    累计 共计 总计 合计 共 已 先后 均 全年 年内 全街道 全街 街道 辖区内 辖区 我街 本街道
    目前 截至目前 截止目前 今年以来 今年 本年度 年度 其中 期间 一年来 各社区
    各级 各类 各项 各种 各式 各 类 多种 有效 及时 深入 扎实 积极 大力 高质量 高标准 高效 圆满
    全面 常态化 稳步 持续 集中 统一 一线 广泛 切实 重点 充分 认真 顺利 成功 主动 自主 专项
    居民群众 居民 群众 市民 公众 反映 提出 的 了 出 为 达到 达 至 等 和 及 与 在 对 将 把 约 有
    从 向 活动 工作 情况 事项 工程 行动 服务 涉及 相关 人员 全部 所有 总共
    """
)
#: absent from a claim, they change nothing
_OPTIONAL = _one_of("各类 累计 新 的 书")
_ENDING = re.compile("(?:活动|工作)$")
#: what makes it another figure: of another place, turned round, of another time, a mean
_OTHERWISE = _one_of(
    """
    全区 全市 全省 全国 全县 区级 市级 省级 国家级 我区 我市 上级 周边
    未 不 无 拟 非 没有 尚 待 去年 上年 同期 计划 任务 目标 人均 平均 每 户均 场均
    """
)
_LIST = re.compile("^.*等(?![级待候额奖同])(?:各[类项种]|多[类项种])?(?=..)")
_SENTENCE_ENDS = re.compile("[。！？!?\n]")
_CLAUSE_ENDS = re.compile("[，。；：！？,;:!?\n（）()]")


def normalised(words: str) -> str:
    """The words without punctuation and without what only says that something is counted.

    >>> normalised("“屋场贴心会”场次")
    '屋场贴心会'
    """
    return _COUNTED.sub("", _PUNCTUATION.sub("", numbers.half_width(words)))


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)] or [text]


def _unshared(text: str, pairs: list[str], shared: Container[str]) -> Iterator[tuple[int, str]]:
    """The runs of characters, with their starts, that stand in no shared pair."""
    start = 0
    for i, pair in enumerate(pairs):
        if pair in shared:
            if i > start:
                yield start, text[start:i]
            start = i + len(pair)
    if start < len(text):
        yield start, text[start:]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One wording of one indicator, normalised."""

    owner: int
    words: str
    text: str
    pairs: frozenset[str]
    is_short: bool

    @classmethod
    def of(cls, owner: int, words: str, is_short: bool) -> _Phrase:
        text = normalised(words)
        return cls(owner, words, text, frozenset(_pairs(text)), is_short)


@dataclass(frozen=True, slots=True)
class _Setting:
    """A claim as matching reads it: ways to say what is counted, and the words round it."""

    readings: tuple[str, ...]
    ends_of_lists: tuple[str, ...]
    near: str


def _clause(claim: Claim, text: str) -> tuple[str, str]:
    """The words just before and just after the claim, as far as the clause and other numbers."""
    before = _CLAUSE_ENDS.split(text[: claim.start])[-1]
    after = _CLAUSE_ENDS.split(text[claim.end :])[0]
    return re.split(r"\d", before)[-1], re.split(r"\d", after)[0]


def _sentence(claim: Claim, text: str) -> str:
    before = _SENTENCE_ENDS.split(text[: claim.start])[-1]
    return before + claim.text + _SENTENCE_ENDS.split(text[claim.end :])[0]


def _setting(claim: Claim, section: str, text: str) -> _Setting:
    subject = normalised(claim.subject)
    readings = [subject]
    near = [subject, normalised(claim.owner), normalised(section)]
    if text:
        before, after = (normalised(words) for words in _clause(claim, text))
        # the clause may say more than the subject (消除 before 安全隐患), but not of another thing
        readings += [before] if before.endswith(subject) else []
        readings += [after, before + after] if after.startswith(subject) else []
        near.append(normalised(_sentence(claim, text)))
    ends = [_LIST.sub("", reading) for reading in readings if _LIST.search(reading)]
    return _Setting(_distinct(readings), _distinct(ends), "\n".join(near))


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))


# --- the reckoning

#: what each character costs that only one side says
_COST = 0.12
#: what a word costs that means an indicator only in company, in that company and without it
_SHORT, _ALONE = 0.93, 0.6
#: By score, from the lowest for which it holds: the share of best candidates that were right among
#: examples, with one right and one wrong added. Scores between 0.5 and 0.88 were right in 47 of 80
#: cases, above 0.88 in 295 of 295; there the share is kept lower, since the examples are few.
_CALIBRATION = ((0.0, 0.0), (0.3, 0.03), (0.5, 0.58), (0.88, 0.98), (0.96, 0.99))
#: below this nothing is matched: half right is not good enough
THRESHOLD = 0.9
#: the score of what a person confirmed: above all reckoning
_SAID = 2.0
#: by how much the best must lead
_CLEAR = 0.02


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well one wording of an indicator fits one reading of the claim."""

    score: float
    phrase: _Phrase
    reading: str
    kinship: Kinship
    is_at_home: bool = True


class Matcher:
    """The indicators, made ready for many claims."""

    def __init__(self, answerable: Sequence[Answerable]) -> None:
        self._answerable = tuple(answerable)
        self._phrases: list[_Phrase] = []
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        for owner, one in enumerate(self._answerable):
            short = {normalised(words) for words in one.short}
            for words in _distinct([one.name, *one.aliases, *one.short]):
                self._add(_Phrase.of(owner, words, normalised(words) in short))
        self._homes = [_one_of(one.context) for one in self._answerable]
        self._confirmed = [frozenset(map(normalised, one.confirmed)) for one in self._answerable]
        self._refused = [frozenset(map(normalised, one.refused)) for one in self._answerable]

    def _add(self, phrase: _Phrase) -> None:
        for pair in phrase.pairs:
            self._by_pair[pair].append(len(self._phrases))
        self._phrases.append(phrase)

    def match(self, claim: Claim, section: str = "", text: str = "") -> Match:
        """See `match`."""
        best = self._best(claim, _setting(claim, section, text))
        ranked = sorted(best.values(), key=lambda fit: -fit.score)
        candidates = [self._candidate(fit) for fit in ranked[:3]]
        if len(candidates) < 3:
            candidates += self._of_unit(claim, best)[: 3 - len(candidates)]
        return _decided(claim, ranked, candidates)

    def _best(self, claim: Claim, setting: _Setting) -> dict[int, _Fit]:
        """The best fit of each indicator that fits at all, by its index."""
        subject = normalised(claim.subject)
        akin = [kinship(claim.unit.code, one.unit) for one in self._answerable]
        best = {
            owner: _Fit(_SAID, _Phrase.of(owner, claim.subject, False), subject, akin[owner])
            for owner, confirmed in enumerate(self._confirmed)
            if subject in confirmed and akin[owner].is_exchangeable
        }
        for reading in (*setting.readings, *setting.ends_of_lists):
            pairs = _pairs(reading)
            for phrase in self._alike(pairs):
                owner = phrase.owner
                weight = akin[owner].weight
                if owner in best and best[owner].score >= weight:
                    continue  # even the same words would not fit better
                if subject in self._refused[owner]:
                    continue
                if phrase.is_short and reading not in setting.readings:
                    continue  # 咨询、讲座等各类活动: what is left of it says too little
                weight *= _kinds(claim.kind, self._answerable[owner].kind)
                is_at_home = not phrase.is_short or bool(self._homes[owner].search(setting.near))
                if phrase.is_short:
                    weight *= _SHORT if is_at_home else _ALONE
                score = weight * _wording(reading, pairs, phrase)
                if owner not in best or best[owner].score < score:
                    best[owner] = _Fit(score, phrase, reading, akin[owner], is_at_home)
        return best

    def _alike(self, pairs: list[str]) -> Iterator[_Phrase]:
        """The phrases that have half their pairs, or half of these, in common."""
        pairs_once = set(pairs)
        common = Counter(index for pair in pairs_once for index in self._by_pair.get(pair, ()))
        for index, count in common.items():
            phrase = self._phrases[index]
            if 2 * count >= min(len(pairs_once), len(phrase.pairs)):
                yield phrase

    def _of_unit(self, claim: Claim, without: Container[int]) -> list[Candidate]:
        """The other indicators, nearest measure words first."""
        others = [one for owner, one in enumerate(self._answerable) if owner not in without]
        others.sort(key=lambda one: -kinship(claim.unit.code, one.unit).weight)
        return [Candidate(one.code, 0.0, (_UNIT_ONLY,)) for one in others]

    def _candidate(self, fit: _Fit) -> Candidate:
        one = self._answerable[fit.phrase.owner]
        return Candidate(one.code, confidence(fit.score), tuple(_reasons(fit, one)))


def _wording(reading: str, pairs: list[str], phrase: _Phrase) -> float:
    """How far a reading and a phrase say the same, 0 to 1."""
    if reading == phrase.text:
        return 1.0
    extra = list(_unshared(reading, pairs, phrase.pairs))
    left = [_LIGHT.sub("", run) for _start, run in extra]
    missing = [
        _OPTIONAL.sub("", _ENDING.sub("", run) if start + len(run) == len(phrase.text) else run)
        for start, run in _unshared(phrase.text, _pairs(phrase.text), frozenset(pairs))
    ]
    score = 0.97 if phrase.text in reading else 0.93
    score -= _COST * sum(map(len, [*left, *missing]))
    if extra and left[-1] and extra[-1][0] + len(extra[-1][1]) == len(reading):
        score *= 0.8  # the last word is what a Chinese phrase is about, and it is another
    if any(_OTHERWISE.search(run) for _start, run in extra):
        score *= 0.6
    return max(score, 0.0)


def _kinds(claimed: Kind, counted: Kind) -> float:
    """What a difference of kinds leaves. A flow is also what a text leaves open."""
    if claimed is counted or claimed is Kind.FLOW:
        return 1.0
    reached = {claimed, counted} == {Kind.STATE_REACHED, Kind.FLOW}
    return 1.0 if reached else 0.97


def confidence(score: float) -> float:
    """The share of examples with this score that were right; 1 for what a person confirmed."""
    if score == _SAID:
        return 1.0
    return next(share for least, share in reversed(_CALIBRATION) if score >= least)


# --- the answer

_UNIT_ONLY = Reason("unit_only", "只有量词相近")
_SAME_FIT = Reason("same_fit", "有两个指标同样接近，请人工选定")
_CHANGE = Reason("change", "说的是增减或增幅，没有指标记增减")
_UNSURE = Reason("unsure", "没有足够接近的指标")


def _reasons(fit: _Fit, one: Answerable) -> Iterator[Reason]:
    if fit.score == _SAID:
        yield Reason("confirmed", f"已有人确认“{fit.reading}”就是“{one.name}”")
        return
    if fit.reading == fit.phrase.text:
        yield Reason("same_words", f"“{fit.reading}”就是“{one.name}”的说法")
    else:
        yield Reason("like_words", f"“{fit.reading}”与“{one.name}”的说法“{fit.phrase.words}”相近")
    yield Reason(f"unit_{fit.kinship.name.lower()}", fit.kinship.sentence)
    if not fit.is_at_home:
        yield Reason("no_context", f"单说“{fit.phrase.words}”不足以认定，上下文没有提到有关工作")


def _decided(claim: Claim, ranked: Sequence[_Fit], candidates: list[Candidate]) -> Match:
    best = candidates[0] if candidates else None
    if best is None:
        return Match(None, 0.0, (), (_UNSURE,))
    reasons = best.reasons
    sure = best.confidence
    if claim.change is not None:
        return Match(None, 0.0, tuple(candidates), (_CHANGE,))
    if len(ranked) > 1 and ranked[0].score - ranked[1].score < _CLEAR:
        return Match(None, sure / 2, tuple(candidates), (_SAME_FIT,))
    if sure < THRESHOLD:
        return Match(None, sure, tuple(candidates), (_UNSURE, *reasons))
    return Match(best.code, sure, tuple(candidates), reasons)


def match(
    claim: Claim, answerable: Sequence[Answerable], section: str = "", text: str = ""
) -> Match:
    """The indicator that the claim speaks of, or none, with the three best candidates.

    `section` is the heading above the claim, `text` the text that its offsets point into; both
    only help. A change (增长12%, 减少5件) is never matched, since indicators count levels. For
    more than one claim make a `Matcher` once.
    """
    return Matcher(answerable).match(claim, section, text)
