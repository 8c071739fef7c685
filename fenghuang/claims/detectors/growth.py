"""Growth between two printed levels: 由A压减到B，下降x%; B，比上年的A增长x%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fenghuang.claims.bounds import Bounds, behind, shown
from fenghuang.claims.claim import Claim
from fenghuang.claims.finding import Finding, Level, Recomputed, finding
from fenghuang.claims.passages import Passage, Piece, count_alike, is_relative
from fenghuang.claims.units import Dimension

_UP = "增长|增加|提高|提升|上升|扩大|新增|多|增|翻|涨"
_DOWN = "减少|下降|降低|压减|压缩|精简|缩减|缩短|减|降|少"
_FROM = re.compile("(?:由|从|自)[^，,；;。、]{0,14}$")
_TO = re.compile(
    f"^[^，,；;。0-9]{{0,14}}?(?P<word>(?:{_UP}|{_DOWN}|发展|扩展|整合|调整|变)?(?:到了?|至|为|成)|→|->)[^，,；;。0-9]{{0,6}}$"
)
_THAN = re.compile(
    "(?:比|较|对比)(?:上年|去年|前年|同期|年初|以前|改革前|之前|20[0-9]{2}年)[^，,；;。0-9]{0,8}$"
)
_CHANGE = re.compile(
    "^[^，,；;。]{0,10}?[，,]?"
    "(?:共|净|总体|整体|大幅|数量|总[量数]|累计|合计|实际|同比|环比|[较比]上年(?:同期)?)?"
    f"(?:{_UP}|{_DOWN}|增幅|降幅|减幅)(?:了|幅度|率|比例|达到?|为|约|近|超过?|共|幅){{0,3}}$"
)
_OTHER_BASE = re.compile("同比|环比|[较比]上年|实际|累计|可比|剔除")
_MEAN = re.compile("平均|[年月日]均|年化")
_IS_DOWN = re.compile(f"{_DOWN}|降幅|减幅")


@dataclass(frozen=True, slots=True)
class _Step:
    """Two levels of one thing; `down` is whether the words say that it fell, None if neither."""

    old: Claim
    new: Claim
    down: bool | None
    is_certain: bool = True

    @property
    def difference(self) -> Bounds:
        return behind(self.new) - behind(self.old)

    @property
    def fell(self) -> bool:
        return behind(self.old).is_above(behind(self.new))

    @property
    def rose(self) -> bool:
        return behind(self.new).is_above(behind(self.old))


def growth(passage: Passage) -> Iterator[Finding]:
    """A rate of growth or a difference that the two printed levels do not give."""
    for sentence in passage.sentences:
        for number, step in _steps(sentence):
            yield from _direction(step)
            if number < len(sentence.claims):
                yield from _change(sentence, step, sentence.claims[number])


def _steps(piece: Piece) -> Iterator[tuple[int, _Step]]:
    """Pairs of levels with the number of the claim that follows them."""
    for number in range(len(piece.claims) - 1):
        one, other = piece.claims[number : number + 2]
        if not count_alike(one, other) or not (one.value and other.value):
            continue
        words = piece.between(one, other)
        to = _TO.match(words)
        if to and _FROM.search(piece.before(one)):
            down = bool(_IS_DOWN.search(words)) if re.search(f"{_UP}|{_DOWN}", words) else None
            yield number + 2, _Step(one, other, down)
        elif _THAN.search(words):
            yield number + 2, _Step(other, one, None)


def _direction(step: _Step) -> Iterator[Finding]:
    """由39个减少到91个: the words say one way and the figures the other."""
    if step.down is None or is_multiple(step.old):
        return
    if (step.down and step.rose) or (not step.down and step.fell):
        said, shown_as = ("减少", "增加") if step.down else ("增加", "减少")
        yield finding(
            "direction_differs",
            Level.ERROR,
            (step.old, step.new),
            f"文中说{said}，但由{step.old.text}到{step.new.text}是{shown_as}。",
            printed=step.new,
        )


def is_multiple(claim: Claim) -> bool:
    return claim.unit.dimension in {Dimension.MULTIPLE, Dimension.RANK}


def _change(piece: Piece, step: _Step, change: Claim) -> Iterator[Finding]:
    words = piece.between(max(step.old, step.new, key=lambda claim: claim.start), change)
    said = _CHANGE.match(words)
    if said is None or _MEAN.search(words) or change.value is None or is_multiple(step.old):
        return
    certain = not _OTHER_BASE.search(words)
    if change.unit.code == "%" and not is_relative(step.old):
        yield from _rate(step, change, certain)
    elif change.unit.code == "%":
        yield from _points_or_percent(step, change)
    elif change.unit.dimension is Dimension.PERCENTAGE_POINTS:
        yield from _points(step, change, certain)
    elif count_alike(change, step.new):
        yield from _difference(step, change, certain)


def _rate(step: _Step, change: Claim, certain: bool) -> Iterator[Finding]:
    rate = _relative(step)
    if not rate.meets(behind(change)):
        yield _differs("growth_differs", step, change, rate, "%", certain)


def _relative(step: _Step) -> Bounds:
    """Growth or fall as a share of the old level, without sign, in percent."""
    share = behind(step.new).share_of(behind(step.old)).times(100)
    hundred = Bounds.exactly(100)
    if step.fell:
        return hundred - share
    return share - hundred


def _points_or_percent(step: _Step, change: Claim) -> Iterator[Finding]:
    """由90%提高到95%，提高5%: that is five percentage points."""
    points, rate = _absolute(step), _relative(step)
    if rate.meets(behind(change)):
        return
    if points.meets(behind(change)):
        yield finding(
            "points_as_percent",
            Level.QUESTION,
            (step.old, step.new, change),
            f"由{step.old.text}到{step.new.text}相差的是百分点，{change.text}应写作{change.text.rstrip('%％')}个百分点。",
            printed=change,
            recomputed=Recomputed(points, shown(points, "个百分点")),
        )
        return
    yield _differs("growth_differs", step, change, points, "个百分点", True)


def _points(step: _Step, change: Claim, certain: bool) -> Iterator[Finding]:
    if not is_relative(step.old):
        rate = _relative(step)
        yield finding(
            "percent_as_points",
            Level.QUESTION,
            (step.old, step.new, change),
            f"{step.old.text}和{step.new.text}不是百分比，变化幅度应写%，不写百分点。",
            printed=change,
            recomputed=Recomputed(rate, shown(rate, "%")),
        )
    elif not _absolute(step).meets(behind(change)):
        yield _differs("growth_differs", step, change, _absolute(step), "个百分点", certain)


def _difference(step: _Step, change: Claim, certain: bool) -> Iterator[Finding]:
    if not _absolute(step).meets(behind(change)):
        unit = str(change.unit)
        yield _differs("growth_differs", step, change, _absolute(step), unit, certain)


def _absolute(step: _Step) -> Bounds:
    if step.fell:
        return behind(step.old) - behind(step.new)
    return step.difference


def _differs(
    code: str, step: _Step, change: Claim, right: Bounds, unit: str, certain: bool
) -> Finding:
    scale = "".join(re.findall("[万亿]", change.text)) if unit == str(change.unit) else ""
    recomputed = Recomputed(right, shown(right, unit, scale))
    return finding(
        code,
        Level.ERROR if certain else Level.QUESTION,
        (step.old, step.new, change),
        f"由{step.old.text}到{step.new.text}，变化应为{recomputed.shown}，文中写{change.text}。",
        printed=change,
        recomputed=recomputed,
    )
