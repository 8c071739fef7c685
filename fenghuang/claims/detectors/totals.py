"""Totals and their parts: 其中, 合计, lists in brackets, 分别.

Three things keep honest totals silent. Printed values are bounds (rounded, cut off, marked). Parts
of things counted may overlap: somebody is a member and a volunteer. And 其中 only says that the
parts are among the whole, not that they are all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from fenghuang.claims.bounds import Bounds, behind, shown, total
from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level, Recomputed, finding
from fenghuang.claims.passages import (
    Passage,
    Piece,
    count_alike,
    is_measured,
    is_relative,
    kind_of_count,
    stands_apart,
)
from fenghuang.claims.units import Dimension
from fenghuang.claims.wording import Approx

_AMONG = re.compile("其中")
_ADDED = re.compile("(?:合计|总计|共计|总和|累计合计|相加)(?!划)[^，。、；0-9]{0,8}$")
_ALTOGETHER = re.compile("(?:^|[，,：:]|总|一)共(?!同|建|享|有产)[^，。、；0-9]{0,8}$")
_ALL_KINDS = re.compile("各类|各种|各项|系列|等")
_OPEN = re.compile("等|包括|含|如：|例如|主要")
_REST = re.compile("^[^，,；;]{0,2}(?:其余|其他|其它|剩余|余下|另外)[^，,；;]{0,8}$")
_ACTION = re.compile(
    "开展|组织|召开|举办|检查|完成|投入|发放|收集|整改|消除|走访|服务|惠及|受益|带动|覆盖|涉及|帮助"
    "|慰问|培训|吸引|新增|解决|参与|参加|辐射|化解|排查|改造|建成|打造|引进|影响|达"
)
_CHAIN = re.compile("^[^，,；;。（(]{0,6}?[、和及与][^，,；;。0-9]{0,14}$|^[)）]?[、]")
_NEXT_CLAUSE = re.compile("^[^，,；;。]{0,6}?[，,；;][^，,；;。0-9]{0,14}$")
_BEGINS_PARTS = re.compile(
    "^(?:[^，。；]{0,8})?[（(：:]|^[^，。；]{0,8}[，,]?(?:分别为|分别是|分别|分为)"
)
_PARTED = re.compile("分别|分为")
_COMPLEMENT = re.compile("(?:未|没有?|尚未|不)(?P<stem>[\u4e00-\u9fff]{2})")
_BY_USE = re.compile("固定资产|用于|支付|到位|已付|拨付|使用|支出|其中|当年|本年|新增|实际")
_MOST_PARTS = 60  # of one total; a longer list is not read
_MOST_WHOLES = 8  # claims before 其中 that may be its whole
#: What is never added to another kind.
_HARD = frozenset(
    {
        Dimension.PERSON,
        Dimension.ATTENDANCE,
        Dimension.DWELLING,
        Dimension.ENTERPRISE,
        Dimension.MONEY,
        Dimension.AREA,
    }
)


def parts_among(passage: Passage) -> Iterator[Finding]:
    """共100件，其中A 60件、B 50件: a part larger than the whole, or parts that exceed it."""
    for sentence in passage.sentences:
        marks = list(_AMONG.finditer(sentence.text))
        for number, mark in enumerate(marks):
            end = marks[number + 1].start() if number + 1 < len(marks) else len(sentence.text)
            if not sentence.text.startswith(("：", ":"), mark.end()):
                end = min(end, _statement_end(sentence.text, mark.end()))
            yield from _among(sentence, sentence.start + mark.end(), sentence.start + end)


def _statement_end(text: str, start: int) -> int:
    semicolon = re.compile("[；;]").search(text, start)
    return semicolon.start() if semicolon else len(text)


def _among(sentence: Piece, start: int, end: int) -> Iterator[Finding]:
    following = sentence.claims_from(start, _MOST_PARTS)
    parts = _chain(sentence, [claim for claim in following if claim.start < end])
    if (
        not 0 < len(parts) < _MOST_PARTS
        or is_relative(parts[0])
        or _says_more(sentence, start, parts[0])
    ):
        return
    before = sentence.claims_before(parts[0], _MOST_WHOLES)
    wholes = [claim for claim in before if claim.end <= start and _comparable(claim, parts[0])]
    if not wholes:
        return
    whole = max(wholes, key=lambda claim: behind(claim).high or 0)
    if behind(whole).high is None:
        return
    if behind(parts[0]).is_above(behind(whole)):
        yield _part_too_large(parts[0], whole)
        return
    nearest = wholes[-1]
    if len(parts) > 1 and not sentence.may_overlap:
        yield from _too_much(sentence, parts, whole)
        if _is_exhaustive(sentence, parts) and len(wholes) == 1:
            yield from _too_little(parts, nearest)


def _says_more(sentence: Piece, start: int, first: Claim) -> bool:
    """Whether 其中 begins a statement of its own: 其中组织党员服务群众800人."""
    words = re.sub(r"\s", "", sentence.whole[start : first.start])
    return len(words) > 16 or _ACTION.search(words) is not None or stands_apart(words)


def _comparable(one: Claim, other: Claim) -> bool:
    return count_alike(one, other) and one.modality == other.modality


def _chain(piece: Piece, claims: Sequence[Claim]) -> list[Claim]:
    """The first claim and those that go on in the same manner: A 3个、B 4个，C 5个."""
    chain = list(claims[:1])
    for claim in claims[1:]:
        words = piece.between(chain[-1], claim)
        if not _comparable(chain[-1], claim) or not (
            _CHAIN.match(words) or (_NEXT_CLAUSE.match(words) and not _ACTION.search(words))
        ):
            break
        if stands_apart(words):
            break
        chain.append(claim)
    return chain


def _is_tight(piece: Piece, parts: Sequence[Claim]) -> bool:
    """Whether the parts are one list: A 3个、B 4个和C 5个."""
    return all(_CHAIN.match(piece.between(one, other)) for one, other in pairwise(parts))


def _is_exhaustive(piece: Piece, parts: Sequence[Claim]) -> bool:
    """Whether the parts must be all there are: the rest is named, or one half is what is not."""
    leads = [piece.lead(part) for part in parts]
    if _REST.match(leads[-1]):
        return True
    if len(parts) != 2:
        return False
    one, other = leads
    if {"男", "女"} <= {word[:1] for word in (one.removeprefix("其中"), other)}:
        return True
    not_so = _COMPLEMENT.search(other)
    return not_so is not None and not_so["stem"] in one and not _COMPLEMENT.search(one)


def _may_be_nested(piece: Piece, parts: Sequence[Claim]) -> bool:
    """Whether one part may hold another: 固定资产投资 and 设备投资, 住宅 and 老旧住宅, 用于…."""
    leads = [piece.lead(part).removeprefix("其中") for part in parts]
    return any(_BY_USE.search(lead) for lead in leads) or any(
        one != other and len(one) > 1 and one in other for one in leads for other in leads
    )


def parallel_parts(passage: Passage) -> Iterator[Finding]:
    """到位资金8.29亿元。其中工业35个，到位资金6.14亿元；其他56个，到位资金3亿元: items alike."""
    before: Piece | None = None
    for sentence in passage.sentences:
        if mark := _AMONG.search(sentence.text):
            start = sentence.start + mark.end()
            earlier = [*(before.claims if before else ()), *sentence.claims]
            wholes = [claim for claim in earlier if claim.end <= start]
            items = [
                [claim for claim in item.claims if claim.start >= start]
                for item in sentence.statements()
                if item.end > start
            ]
            yield from _items_alike(sentence, before or sentence, wholes, items)
        before = sentence


def _items_alike(
    piece: Piece, before: Piece, wholes: Sequence[Claim], items: Sequence[Sequence[Claim]]
) -> Iterator[Finding]:
    if len(items) < 2 or not all(items) or piece.may_overlap:
        return
    named = [{_name(piece, claim): claim for claim in item[1:]} for item in items]
    for name in set.intersection(*map(set, named)):
        parts = [item[name] for item in named]
        alike = [
            whole
            for whole in wholes
            if len(name) > 1
            and not stands_apart(name)
            and _comparable(whole, parts[0])
            and _name(before if whole.start < piece.start else piece, whole).endswith(name)
        ]
        if (
            len(alike) == 1
            and is_measured(alike[0])
            and all(_comparable(part, parts[0]) for part in parts)
        ):
            is_all = re.search("其[他它余]", piece.lead(items[-1][0])) is not None
            if _added(parts).is_above(behind(alike[0])):
                yield _sum_differs(Level.ERROR if is_all else Level.QUESTION, parts, alike[0])
            elif is_all and behind(alike[0]).is_above(_added(parts)):
                yield _sum_differs(Level.ERROR, parts, alike[0])


def _name(piece: Piece, claim: Claim) -> str:
    """What the figure is called in its clause: 到位资金 of 到位资金为."""
    return re.sub("(?:约?为|达到?|约|共计?)$", "", piece.lead(claim))


def _part_too_large(part: Claim, whole: Claim) -> Finding:
    return finding(
        "part_exceeds_whole",
        Level.ERROR,
        (whole, part),
        f"“其中”的{part.text}大于总数{whole.text}。",
        printed=part,
        recomputed=Recomputed(behind(whole), f"至多{whole.text}"),
    )


def _too_much(piece: Piece, parts: Sequence[Claim], whole: Claim) -> Iterator[Finding]:
    """Parts that together exceed the whole; of things counted they may overlap."""
    added = _added(parts)
    if not added.is_above(behind(whole)):
        return
    certain = _is_exhaustive(piece, parts) or (
        is_measured(whole) and _is_tight(piece, parts) and not _may_be_nested(piece, parts)
    )
    level = Level.ERROR if certain else Level.QUESTION
    yield _sum_differs(level, parts, whole)


def _too_little(parts: Sequence[Claim], whole: Claim) -> Iterator[Finding]:
    if behind(whole).is_above(_added(parts)):
        yield _sum_differs(Level.ERROR, parts, whole)


def _added(parts: Sequence[Claim]) -> Bounds:
    return total([behind(part) for part in parts])


def _sum_differs(level: Level, parts: Sequence[Claim], whole: Claim) -> Finding:
    recomputed = recomputed_sum(parts, whole)
    listed = "、".join(part.text for part in parts)
    return finding(
        "sum_differs",
        level,
        (*parts, whole),
        f"分项{listed}相加为{recomputed.shown}，总数却写{whole.text}。",
        printed=whole,
        recomputed=recomputed,
    )


def recomputed_sum(parts: Sequence[Claim], whole: Claim) -> Recomputed:
    """The sum of the parts as printed, at the scale of the printed total."""
    exact = [part.value for part in parts if part.approx is Approx.EXACT and part.value is not None]
    if len(exact) == len(parts):
        bounds = total([Bounds.exactly(value) for value in exact])
    else:
        bounds = _added(parts)
    return Recomputed(bounds, shown(bounds, str(whole.unit), _scale(whole), decimals=6))


def _scale(claim: Claim) -> str:
    found = re.search("[万亿]+", claim.text)
    return found.group() if found else ""


def parts_added_up(passage: Passage) -> Iterator[Finding]:
    """A 3个、B 4个，合计8个: the total behind its parts."""
    for statement in passage.statements:
        for claim in statement.claims:
            lead = statement.before(claim)
            adds = _ADDED.search(lead) is not None
            if (adds or _ALTOGETHER.search(lead)) and not is_relative(claim):
                yield from _added_up(statement, claim, adds)


def _added_up(piece: Piece, whole: Claim, adds: bool) -> Iterator[Finding]:
    parts = _parts_before(piece, piece.claims_before(whole, _MOST_PARTS), whole)
    lead = piece.before(whole)
    if not 2 <= len(parts) < _MOST_PARTS or piece.may_overlap or stands_apart(lead):
        return
    sums = _sums_of_the_last(parts)
    if any(behind(whole).meets(added) for added in sums):
        return
    if behind(whole).is_above(sums[0]):
        is_open = _OPEN.search(lead) or _OPEN.search(piece.after(parts[-1])[:2])
        if is_open or (not adds and _ALL_KINDS.search(lead)):
            return  # the list is not all there is
        certain = _is_the_sum(piece, parts, whole, adds)
    elif any(behind(part).is_above(behind(whole)) for part in parts):
        certain = adds or _is_tight(piece, parts)  # not even all of them together
    else:
        certain = _is_alone(piece, parts) and _is_the_sum(piece, parts, whole, adds)
    yield _sum_differs(Level.ERROR if certain else Level.QUESTION, parts, whole)


def _is_the_sum(piece: Piece, parts: Sequence[Claim], whole: Claim, adds: bool) -> bool:
    """Whether the total can only be the sum: 合计 adds; after 共, parts counted may overlap."""
    if adds:
        return _is_tight(piece, parts) or _is_alone(piece, parts)
    return is_measured(whole) and _is_tight(piece, parts)


def _sums_of_the_last(parts: Sequence[Claim]) -> list[Bounds]:
    """The sum of all parts, of all but the first, and so on: the first may be none of them."""
    bounds = [behind(part) for part in reversed(parts)]
    return list(accumulate(bounds))[:0:-1]


def _is_alone(piece: Piece, parts: Sequence[Claim]) -> bool:
    """Whether the parts begin the statement, so that no other figure can belong to them."""
    return bool(piece.claims) and piece.claims[0] == parts[0]


def _parts_before(piece: Piece, before: Sequence[Claim], whole: Claim) -> list[Claim]:
    """The claims that lead up to a total without a break, in their order."""
    parts: list[Claim] = []
    for claim in reversed(before):
        words = piece.between(claim, parts[-1] if parts else whole)
        if not _comparable(claim, whole) or stands_apart(piece.lead(claim)):
            break
        if parts and not (_CHAIN.match(words) or _NEXT_CLAUSE.match(words)):
            break
        parts.append(claim)
    return parts[::-1]


def parts_listed(passage: Passage) -> Iterator[Finding]:
    """10个（A 3个、B 4个、C 2个）, 8.29亿元：A…, 分别为…: the total before its parts."""
    for sentence in passage.sentences:
        for number, whole in enumerate(sentence.claims):
            words = sentence.after(whole)
            if is_relative(whole) or not _BEGINS_PARTS.match(words) or "其中" in words:
                continue
            following = sentence.claims[number + 1 : number + 1 + _MOST_PARTS]
            yield from _listed(sentence, whole, following, words)


def _listed(
    piece: Piece, whole: Claim, following: Sequence[Claim], words: str
) -> Iterator[Finding]:
    opened = re.search("[（(]", words)
    inside = _in_brackets(piece, whole, following) if opened else following
    parts = _chain(piece, inside)
    if not 2 <= len(parts) < _MOST_PARTS or not _comparable(parts[0], whole):
        return
    covered = piece.whole[whole.end : parts[-1].end + 3]
    if stands_apart(covered) or piece.may_overlap or _ACTION.search(words):
        return
    added, printed = _added(parts), behind(whole)
    if added.is_above(printed):
        certain = is_measured(whole) and _is_tight(piece, parts)
        certain = certain and not _may_be_nested(piece, parts)
    elif printed.is_above(added):
        if _OPEN.search(covered) or len(parts) < len(inside):
            return
        certain = _PARTED.search(words) is not None
    else:
        return
    yield _sum_differs(Level.ERROR if certain else Level.QUESTION, parts, whole)


def _in_brackets(piece: Piece, whole: Claim, following: Sequence[Claim]) -> list[Claim]:
    closed = re.compile("[)）]").search(piece.whole, whole.end, piece.end)
    end = closed.start() if closed else piece.end
    return [claim for claim in following if claim.start < end]


def mixed_total(passage: Passage) -> Iterator[Finding]:
    """20人、30户，共50户: a total that was made by adding different things."""
    for statement in passage.statements:
        for claim in statement.claims:
            lead = statement.before(claim)
            if _ADDED.search(lead) or _ALTOGETHER.search(lead):
                yield from _mixed(statement, claim)


def _mixed(piece: Piece, whole: Claim) -> Iterator[Finding]:
    before = piece.claims_before(whole, 4)
    for count in (2, 3, 4):
        parts = before[-count:]
        kinds = {kind_of_count(part) for part in parts}
        if len(parts) < count or len(kinds) < 2 or not all(_is_hard(c) for c in (*parts, whole)):
            continue
        if all(behind(part).is_exact for part in parts) and behind(whole) == _added(parts):
            listed = "、".join(part.text for part in parts)
            yield finding(
                "mixed_total",
                Level.QUESTION,
                (*parts, whole),
                f"{whole.text}正好是{listed}相加，量词不同，不能相加。",
                printed=whole,
            )
            return


def _is_hard(claim: Claim) -> bool:
    return claim.unit.dimension in _HARD and bool(claim.value)


def names_and_values(passage: Passage) -> Iterator[Finding]:
    """A、B、C分别完成3个、4个: as many values as names are needed."""
    for statement in passage.statements:
        for found in re.finditer("分别", statement.text):
            at = statement.start + found.start()
            following = statement.claims_from(at, _MOST_PARTS)
            values = _chain(statement, following)
            named = _named(statement.text[: found.start()])
            if len(values) < 2 or values[-1] != following[-1] or named in (0, len(values)):
                continue
            yield finding(
                "names_and_values",
                Level.QUESTION,
                values,
                f"“分别”前面列了{named}项，后面有{len(values)}个数，对不上。",
            )


def _named(words: str) -> int:
    """How many names the list that ends here has; 0 if that cannot be said."""
    listed = re.split("[，,：:]", re.sub(r"\s", "", words))[-1]
    names = listed.split("、")
    if re.search("等|[0-9]", listed) or len(names) < 2 or any(len(name) > 12 for name in names[1:]):
        return 0
    return len(names) + len(re.findall("[和及与]", names[-1]))
