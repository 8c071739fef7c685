"""Counts that must stand in an order: 人次 and 人, sessions and attendances, found and rectified.

Also the funnel whose measure word changes on the way (问题 个 → 清单 项 → 小事 件), from which no
rate can be worked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fenghuang.claims.bounds import behind
from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level, Recomputed, finding
from fenghuang.claims.passages import (
    Passage,
    Piece,
    count_alike,
    is_actual,
    kind_of_count,
    stands_apart,
)
from fenghuang.claims.units import Dimension

_BESIDE = re.compile("^[、，,（(/]?(?:共|共计|计|合计|累计|达|约)?$")
_JOINED_IN = re.compile("培训|参训|参加|参与|受训|到场|听众|受众|观众")
_FOUND = re.compile("排查|发现|查出|检出|摸排|查处|排出|梳理出|收到|受理")
_OWED = re.compile("[需应待]整改")
_HAZARD = re.compile("隐患|问题|线索|风险点")
_RECTIFIED = re.compile("(?<![需应待未拟])(?:整改|消除|整治|治理|化解|处置|销号|办结|解决)")
_OF_THESE = re.compile("其中|均已|全部|已全|当场|现场|立即|立行立改|逐一|随即")
_OLD_ONES = re.compile("历年|往年|上年|去年|结转|存量|遗留|此前|以前|累计|含|包括|上级|交办|转办")
_HELD = re.compile("讲座|宣讲|活动|演出|培训|授课|会议|观影|展览|课堂")

_STAGES = (
    re.compile("收集|征集|反映|梳理出|摸排|排查"),
    re.compile("列出|列入|形成|建立|梳理|项目清单"),
    re.compile("解决|办结|化解|完成|办理|办好"),
)
_FUNNEL = frozenset({Dimension.THING, Dimension.ITEM, Dimension.CASE, Dimension.ENTRY})
_MATTER = re.compile("问题|诉求|意见|建议|清单|小事|事项|心愿|实事|需求|难题")


def fewer_attendances_than_persons(passage: Passage) -> Iterator[Finding]:
    """培训300人、250人次: one attendance each would already be more."""
    for statement in passage.statements:
        for one, other in zip(statement.claims, statement.claims[1:], strict=False):
            dimensions = {one.unit.dimension, other.unit.dimension}
            if dimensions != {Dimension.PERSON, Dimension.ATTENDANCE}:
                continue
            persons, times = (
                (one, other) if one.unit.dimension is Dimension.PERSON else (other, one)
            )
            if not behind(persons).is_above(behind(times)):
                continue
            level = _same_people(statement, one, other)
            if level:
                yield finding(
                    "fewer_times_than_persons",
                    level,
                    (one, other),
                    f"人次{times.text}少于人数{persons.text}，人次不会少于人数。",
                    printed=times,
                    recomputed=Recomputed(behind(persons), f"至少{persons.text}"),
                )


def _same_people(piece: Piece, one: Claim, other: Claim) -> Level | None:
    """How sure it is that both figures are of the same people; None if it is not."""
    words = piece.between(one, other)
    if _BESIDE.match(words):
        return Level.ERROR
    verbs = set(_JOINED_IN.findall(piece.lead(one))) & set(_JOINED_IN.findall(piece.lead(other)))
    return Level.QUESTION if verbs and not stands_apart(words) else None


def fewer_attendances_than_sessions(passage: Passage) -> Iterator[Finding]:
    """讲座60场，参加50人次: not one person at each."""
    for statement in passage.statements:
        for one, other in zip(statement.claims, statement.claims[1:], strict=False):
            if (
                one.unit.dimension is Dimension.EVENT
                and other.unit.dimension is Dimension.ATTENDANCE
                and behind(one).is_above(behind(other))
                and _HELD.search(statement.lead(one) + statement.between(one, other))
                and _JOINED_IN.search(statement.between(one, other))
            ):
                yield finding(
                    "fewer_times_than_sessions",
                    Level.QUESTION,
                    (one, other),
                    f"{other.text}少于{one.text}，平均每场不到一人次。",
                    printed=other,
                    recomputed=Recomputed(behind(one), f"至少{one.text}"),
                )


def more_rectified_than_found(passage: Passage) -> Iterator[Finding]:
    """排查隐患46处，整改58处. Older ones may be among them, unless the words say 均已 or 其中."""
    for paragraph in passage.paragraphs:
        if _OLD_ONES.search(paragraph.text):
            continue
        found: Claim | None = None
        rectified: list[Claim] = []
        for claim in filter(is_actual, paragraph.claims):
            lead, words = paragraph.lead(claim), paragraph.lead(claim) + paragraph.tail(claim)
            if _OWED.search(lead) or (_FOUND.search(lead) and _HAZARD.search(words)):
                yield from _more_rectified(paragraph, found, rectified)
                found, rectified = claim, []
            elif found and _RECTIFIED.search(lead) and _same_hazards(found, claim):
                rectified.append(claim)
        yield from _more_rectified(paragraph, found, rectified)


def _same_hazards(found: Claim, claim: Claim) -> bool:
    return count_alike(found, claim) and claim.start - found.end < 80


def _more_rectified(
    piece: Piece, found: Claim | None, rectified: Sequence[Claim]
) -> Iterator[Finding]:
    if found is None:
        return
    for claim in rectified:
        if behind(claim).is_above(behind(found)):
            words = piece.before(claim)
            certain = _OF_THESE.search(words) and not stands_apart(words)
            yield finding(
                "more_rectified_than_found",
                Level.ERROR if certain else Level.QUESTION,
                (found, claim),
                f"发现{found.text}，整改却有{claim.text}，整改数多于发现数。",
                printed=claim,
                recomputed=Recomputed(behind(found), f"至多{found.text}"),
            )
            return


def units_along_a_funnel(passage: Passage) -> Iterator[Finding]:
    """问题200余个 → 清单36项 → 小事180余件: three measure words, so no rate follows."""
    for paragraph in passage.paragraphs:
        stages: list[Claim] = []
        for claim in paragraph.claims:
            if len(stages) < len(_STAGES) and _is_stage(paragraph, claim, len(stages)):
                stages.append(claim)
        units = {kind_of_count(claim) for claim in stages}
        if len(stages) == len(_STAGES) and len(units) == len(_STAGES):
            chain = "→".join(str(claim.unit) for claim in stages)
            yield finding(
                "units_along_a_funnel",
                Level.NOTE,
                stages,
                f"从收集到解决，量词由{chain}变化，没有对应关系，算不出办结率。",
            )


def _is_stage(piece: Piece, claim: Claim, number: int) -> bool:
    words = piece.before(claim)
    return (
        claim.unit.dimension in _FUNNEL
        and _STAGES[number].search(words) is not None
        and _MATTER.search(words + piece.tail(claim)) is not None
    )
