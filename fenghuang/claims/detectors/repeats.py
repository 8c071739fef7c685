"""The same figure printed twice with different values.

Only figures that say of themselves that they are the whole (全街, 全年, 累计, 共) in the very same
words are compared, and only where no other time, place or owner stands beside either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fenghuang.claims.bounds import behind
from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level, finding
from fenghuang.claims.passages import Passage, Piece, is_actual, is_relative, kind_of_count

_WHOLE = re.compile("全[街年镇乡](?:道)?|累计|总共|共计|共|辖区|一年来")
_TIME = re.compile(
    "(?:20[0-9]{2}|今|去|上|前|本|明|次|往)年|[0-9一二三四五六七八九十]{1,3}月|[上下]半年|[一二三四]季度|上周|本周|[上本]月"
    "|以来|同期|年初|年底|年末|截至|目前|期间|此前|当前|第[一二三四五]"
)
_OWNER = re.compile(
    "[\u4e00-\u9fff]{2,4}(?:社区|村|镇|乡|街道|小区|网格|支部|中心|学校|公司|站|所|大队|局|办|街|路|协会|队)"
)
_NOT_FINAL = re.compile(
    "目标|任务|计划|预计|力争|确保|将|拟|其中|由|从|较|比|增|减|每|均|提高|下降|降|新增"
)
_STOCK = re.compile(
    "(?:网格|小区|社区|楼栋|党组织|党支部|行政村|居民小组)(?=[，,。、；;）)]|$|[已均全实开常和与都召])"
)
_LONGEST_HEADING = 30
_SHORTEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Key:
    """By what two figures are the same: words, measure word, times and owners beside them."""

    words: str
    count: str
    times: frozenset[str]
    owners: frozenset[str]


def told_twice(passage: Passage) -> Iterator[Finding]:
    """全街共召开贴心会62场次 … 全街共召开贴心会65场次."""
    first: dict[_Key, Claim] = {}
    for sentence, owners in _sentences_with_owners(passage):
        for claim in sentence.claims:
            key = _key(sentence, claim, owners)
            if key is None:
                continue
            earlier = first.setdefault(key, claim)
            if not behind(earlier).meets(behind(claim)):
                yield finding(
                    "told_twice",
                    Level.QUESTION,
                    (earlier, claim),
                    f"“{key.words}”前后写法不一：{earlier.text}和{claim.text}。",
                    printed=claim,
                )


def _sentences_with_owners(passage: Passage) -> Iterator[tuple[Piece, frozenset[str]]]:
    """Each sentence with the owners that its heading, its paragraph's begin and itself name."""
    heading: frozenset[str] = frozenset()
    for paragraph in passage.paragraphs:
        sentences = paragraph.sentences()
        opening = _owners(sentences[0].text) if sentences else heading
        if len(paragraph.text) <= _LONGEST_HEADING and "。" not in paragraph.text:
            heading = _owners(paragraph.text)
        for sentence in sentences:
            yield sentence, heading | opening | _owners(sentence.text)


def _owners(text: str) -> frozenset[str]:
    return frozenset(_OWNER.findall(text))


def _key(sentence: Piece, claim: Claim, owners: frozenset[str]) -> _Key | None:
    """None if the figure does not say that it is the whole."""
    lead = sentence.lead(claim)
    if is_relative(claim) or not is_actual(claim) or _NOT_FINAL.search(lead):
        return None
    timeless = _TIME.sub("", lead)
    if not _WHOLE.match(timeless):
        return None
    words = _WHOLE.sub("", timeless)
    if not words and (noun := _STOCK.match(sentence.after(claim))):
        words = "全街" + noun.group()
    if len(words) < _SHORTEST_WORDS:
        return None
    times = frozenset(_TIME.findall(sentence.text))
    return _Key(words, kind_of_count(claim), times, owners)
