"""Counts beside the names they count: 项目2个（A、B）, A、B、C等2个社区.

Where a name may hold a 、 or a 和 of its own, the count of names is a span, and only a list whose
names end alike (…社区、…社区) is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fenghuang.claims.bounds import behind
from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level, Span, finding
from fenghuang.claims.passages import Passage, Piece
from fenghuang.claims.units import Dimension

_NAMED = frozenset(
    {
        Dimension.THING,
        Dimension.ITEM,
        Dimension.ENTERPRISE,
        Dimension.SPOT,
        Dimension.KIND,
        Dimension.PERSON,
        Dimension.CASE,
    }
)
_BRACKET = re.compile(
    r"^(?P<noun>[^，,；;。（(）)0-9]{0,12})[（(](?P<inside>[^（(）)]{2,200})[）)]"
)
_NO_LIST = re.compile(
    "[，,；;：:。]|[0-9]|其中|包括|含|如|例如|主要|见|均|为|各|共|较|比|分别|涉及|附|不|已|正在|[每又再]"
)
_AND = re.compile("[和与及]|以及")
_LONGEST_NAME = 24
_SHORTEST_ENDING = 2


def names_in_brackets(passage: Passage) -> Iterator[Finding]:
    """项目2个（A、B、C）: other than two names in the brackets behind a count."""
    for sentence in passage.sentences:
        for claim in sentence.claims:
            if claim.unit.dimension in _NAMED and behind(claim).is_exact and claim.value:
                yield from _in_brackets(sentence, claim)


def _in_brackets(piece: Piece, claim: Claim) -> Iterator[Finding]:
    words = piece.whole[claim.end : min(piece.end, claim.end + 240)]
    found = _BRACKET.match(words)
    if found is None:
        return
    inside = found["inside"]
    is_open = inside.rstrip().endswith("等")
    names = [name.strip() for name in inside.rstrip().rstrip("等").split("、")]
    if _NO_LIST.search(inside) or len(names) < 2 or max(map(len, names)) > _LONGEST_NAME:
        return
    least, most = len(names), len(names) + len(_AND.findall(names[-1]))
    printed = int(claim.value or 0)
    if least <= printed <= most or (is_open and printed > most):
        return
    certain = _end_alike(names) and not is_open and least == most
    start = claim.end + found.start("inside")
    yield finding(
        "list_count_differs",
        Level.ERROR if certain else Level.QUESTION,
        (claim, Span(start, start + len(inside), inside)),
        f"写{claim.text}，括号里列出{least}个名称。",
        printed=claim,
    )


def _end_alike(names: Sequence[str]) -> bool:
    """Whether all names end with the same word, so that each is a whole name."""
    endings = {name[-_SHORTEST_ENDING:] for name in names}
    return len(endings) == 1 and all(len(name) > _SHORTEST_ENDING for name in names)


def names_before_count(passage: Passage) -> Iterator[Finding]:
    """A、B、C等2个社区: more names than the count allows."""
    for sentence in passage.sentences:
        for claim in sentence.claims:
            if claim.unit.dimension not in _NAMED or not behind(claim).is_exact or not claim.value:
                continue
            listed = re.split("[，,；;：:（(]", sentence.before(claim))[-1]
            if not listed.endswith("等") or "“" in listed:
                continue
            names = listed.removesuffix("等").split("、")
            if len(names) > claim.value and _end_alike(names):
                yield finding(
                    "list_count_differs",
                    Level.QUESTION,
                    (claim,),
                    f"写{claim.text}，前面却列出{len(names)}个名称。",
                    printed=claim,
                )
