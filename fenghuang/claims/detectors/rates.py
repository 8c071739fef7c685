"""Rates and shares against the counts they are printed beside, and rates that cannot be.

A rate is recomputed only where the words tie it to its counts: 办结率 to a count of what was 办结,
占总数 to the count before it. 满意率 beside 办结 is of other cases, and stays alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from fenghuang.claims.bounds import Bounds, behind, shown, total
from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level, Recomputed, finding
from fenghuang.claims.passages import (
    Passage,
    Piece,
    count_alike,
    is_relative,
    stands_apart,
)

_RATE = re.compile(
    "(?P<stem>[\u4e00-\u9fff]{2,6})率(?:[已均]?(?:达到?了?|为|是|约|仅|保持在|高达)?)$"
)
_SHARE = re.compile(
    "占(?:比|总数|总量|总额|总人数|总投资|总户数|全部|其)?[^，。；0-9]{0,4}?(?:的|比例?)?(?:达到?|为|约|仅)?$"
)
_SHARE_OF_OTHERS = re.compile("占(?:全[国省市县区街镇]|[^比总全其0-9的]{2,})")
_OF_TARGET = re.compile(
    "(?:完成|占|达到?)(?:了)?(?:全?年度?|总)?(?:目标|任务|计划)[^，。；0-9]{0,6}(?:的|率)?(?:达到?|为)?$"
)
_TARGET = re.compile("目标|任务|计划")
_PART_OF_WHOLE = re.compile("其中")
_ON_TIME = re.compile("按时|按期|及时|一次|当场|平均|累计|综合|加权")
_OTHER_COHORT = re.compile("上年|去年|往年|历年|结转|跨年|同比|比上|较上")

#: Shares of a whole by their meaning: more than all of it cannot be.
_NEVER_ABOVE = re.compile(
    "(?:满意|知晓|覆盖|合格|达标|普及|参与|出勤|优良|好评|签收|在岗|持证|占比|占比例)率?[^，。；]{0,4}$"
)
#: These can exceed all for a time, when older cases are added.
_SELDOM_ABOVE = re.compile(
    "(?:办结|结案|整改|化解|签约|回访|响应|解决|入户|接种|调解成功|处置|反馈|销号|落实|回复)率[^，。；]{0,4}$"
)
_HUNDRED = Bounds.exactly(100)
_MOST_TOGETHER = Bounds.exactly(101)  # shares that were rounded one by one
_MOST_EARLIER = 30  # counts before a share that may be its whole
_MOST_COUNTS = 12  # claims looked at before a rate; a longer sentence says too much to be sure


def rates_of_counts(passage: Passage) -> Iterator[Finding]:
    """受理49件，办结48件，办结率99%: a rate that its printed counts do not give."""
    for sentence in passage.sentences:
        if _OTHER_COHORT.search(sentence.text):
            continue
        for rate in sentence.claims:
            if rate.is_percent and rate.value is not None and rate.change is None:
                yield from _rate(passage, sentence, rate)


def _rate(passage: Passage, sentence: Piece, rate: Claim) -> Iterator[Finding]:
    lead = sentence.lead(rate)
    counts = [
        claim for claim in sentence.claims_before(rate, _MOST_COUNTS) if not is_relative(claim)
    ]
    if _OF_TARGET.search(lead):
        yield from _of_target(sentence, rate, counts)
    elif found := _RATE.search(lead):
        yield from _named_rate(sentence, rate, counts, found["stem"])
    elif _SHARE.search(lead) and not _SHARE_OF_OTHERS.search(lead):
        yield from _share(passage, sentence, rate, counts)


def _named_rate(piece: Piece, rate: Claim, counts: Sequence[Claim], stem: str) -> Iterator[Finding]:
    """办结率 of what was 办结: the part is the count whose clause has the word of the rate."""
    if _ON_TIME.search(stem):
        return
    parts = [
        claim
        for claim in counts
        if re.search(
            f"(?<![未没不待应需拟]){re.escape(stem[-2:])}", piece.lead(claim) + piece.tail(claim)
        )
        and not piece.lead(claim).endswith("率")
        and not _TARGET.search(piece.lead(claim))
        and not _ON_TIME.search(piece.lead(claim))
    ]
    if not parts:
        return
    part = parts[-1]
    wholes = [claim for claim in counts if claim.end <= part.start and count_alike(claim, part)]
    yield from _compare(piece, rate, part, wholes, certain=len(parts) == 1)


def _share(
    passage: Passage, piece: Piece, rate: Claim, counts: Sequence[Claim]
) -> Iterator[Finding]:
    """党员120人，其中女党员36人，占30%: the part is the count just before.

    Any count of the same kind that was printed before may be the whole that is meant.
    """
    if not counts or stands_apart(piece.between(counts[-1], rate)):
        return
    part = counts[-1]
    if part.end < rate.start - 24 or "率" in piece.between(part, rate):
        return
    wholes = [claim for claim in counts[:-1] if count_alike(claim, part)]
    if len(wholes) != 1 or _has_share(piece, wholes[0], part):
        return
    earlier = passage.claims_before(wholes[0], _MOST_EARLIER)
    if any(count_alike(claim, part) and _gives(rate, part, claim) for claim in earlier):
        return
    certain = _PART_OF_WHOLE.search(piece.between(wholes[0], part)) is not None
    yield from _compare(piece, rate, part, wholes, certain)


def _has_share(piece: Piece, whole: Claim, part: Claim) -> bool:
    """Whether the first of two counts is a part with a share: A 20件，占20%，B 10件，占10%."""
    return any(claim.is_percent and whole.end <= claim.start < part.start for claim in piece.claims)


def _of_target(piece: Piece, rate: Claim, counts: Sequence[Claim]) -> Iterator[Finding]:
    """计划改造20个，完成18个，完成任务的95%: the target is the count in its words."""
    targets = [claim for claim in counts if _TARGET.search(piece.lead(claim))]
    actual = [claim for claim in counts if claim not in targets]
    if len(targets) == 1 and actual and count_alike(actual[-1], targets[0]):
        alike = [claim for claim in actual if count_alike(claim, targets[0])]
        yield from _compare(piece, rate, actual[-1], targets, certain=len(alike) == 1)


def _compare(
    piece: Piece, rate: Claim, part: Claim, wholes: Sequence[Claim], certain: bool
) -> Iterator[Finding]:
    """A finding if none of the counts that may be the whole gives the rate."""
    usable = [whole for whole in wholes if behind(whole).low]
    if not usable or any(_gives(rate, part, whole) for whole in usable):
        return
    whole = usable[-1]
    share = behind(part).share_of(behind(whole)).times(100)
    if len(usable) > 1 or not _is_share(share, piece):
        level = Level.QUESTION
    else:
        level = Level.ERROR if certain else Level.QUESTION
    if _rounds_to_all(rate, share):
        level = Level.QUESTION
    recomputed = Recomputed(share, shown(share, "%", decimals=2))
    yield finding(
        "rate_differs",
        level,
        (whole, part, rate),
        f"按{part.text}和{whole.text}重算为{recomputed.shown}，文中写{rate.text}。",
        printed=rate,
        recomputed=recomputed,
    )


def _gives(rate: Claim, part: Claim, whole: Claim) -> bool:
    share = behind(part).share_of(behind(whole)).times(100)
    if rate.value == 100 and rate.text.strip("%％") == "100":
        return share.meets(_HUNDRED)  # all is never rounded
    return share.meets(behind(rate))


def _rounds_to_all(rate: Claim, share: Bounds) -> bool:
    """Whether 100% is printed for nearly all: wrong by custom, but it was only rounded."""
    return rate.value == 100 and share.meets(behind(rate))


def _is_share(share: Bounds, piece: Piece) -> bool:
    return not share.is_above(_HUNDRED) or _TARGET.search(piece.text) is not None


def rates_above_all(passage: Passage) -> Iterator[Finding]:
    """满意率102%: more than all of it. 完成率 and 增长 may exceed 100."""
    for sentence in passage.sentences:
        for rate in sentence.claims:
            if (
                not rate.is_percent
                or rate.change is not None
                or not behind(rate).is_above(_HUNDRED)
            ):
                continue
            lead = sentence.lead(rate)
            if _TARGET.search(lead) or not (
                _NEVER_ABOVE.search(lead) or _SELDOM_ABOVE.search(lead)
            ):
                continue
            never = _NEVER_ABOVE.search(lead) is not None
            yield finding(
                "rate_above_all",
                Level.ERROR if never else Level.QUESTION,
                (rate,),
                f"{rate.text}超过100%，这样的比率不会超过100%。"
                if never
                else f"{rate.text}超过100%，请说明是否含以前年度的件数。",
                printed=rate,
            )


def shares_above_all(passage: Passage) -> Iterator[Finding]:
    """占40%、占35%、占30%: shares of one whole that together exceed all of it beyond rounding."""
    for statement in passage.statements:
        shares = [
            claim
            for claim in statement.claims
            if claim.is_percent
            and claim.change is None
            and "占" in statement.lead(claim)
            and not _TARGET.search(statement.lead(claim))
        ]
        if len(shares) < 3 or re.search("多选|兼|同时|重复|交叉|其中", statement.text):
            continue
        added = total([behind(share) for share in shares])
        if any(_SHARE_OF_OTHERS.search(statement.lead(share)) for share in shares):
            continue
        if added.is_above(_MOST_TOGETHER):
            exact = Bounds.exactly(
                sum((Fraction(share.value or 0) for share in shares), Fraction(0))
            )
            yield finding(
                "shares_above_all",
                Level.QUESTION,
                shares,
                f"各项占比相加为{shown(exact, '%')}，超过100%。",
                recomputed=Recomputed(exact, shown(exact, "%")),
            )
