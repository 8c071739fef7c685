"""Words that promise a figure and give none: 累计, 超额完成, 全覆盖, 共件, works without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fenghuang.claims.bounds import behind
from fenghuang.claims.claim import Claim, Modality
from fenghuang.claims.finding import Finding, Level, Span, finding
from fenghuang.claims.passages import Passage, Piece, count_alike, is_relative
from fenghuang.claims.units import SPELLINGS

_SINCE = re.compile(
    "(?:19|20)[0-9]{2}年?|今年|去年|上年|本年|全年|年度|年内|一年|年来|以来|自[^，。；]{1,14}[起来]|[0-9一二三四五六七八九十]{1,3}月"
    "|季度|[上下]半年|截至(?!目前)|期间|十[三四五]五|本周|上周|任期|本届|活动日|历年"
)
_CUMULATIVE = re.compile("累计|迄今")
#: What is gathered over years; what is held or done is counted by the report's own year.
_GATHERED = re.compile(
    "引进|招引|引入|引育|培育|孵化|建成|建立|发展|吸纳|注册|落户|入驻|成立|拥有|储备|创建|认定|登记|落地|开发"
)
_ANY_TIME = re.compile("(?:19|20)[0-9]{2}年?|今年|全年|年度|[0-9]{1,2}月|半年|季度")

_BEYOND_TARGET = re.compile("超额完成|超额实现|超额达成|超目标完成")
_TARGET = re.compile("目标|任务|计划|指标")
_NEGATED = re.compile("未|没有|力争|确保|争取|将|努力|拟|计划$|目标$|不能")
_ALL_COVERED = re.compile(
    "全覆盖|全面完成|全部完成|应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|(?:实现|达到)[^，。；]{0,6}全部"
)
_PLANNED = re.compile(
    "将|力争|确保|下一步|明年|计划|目标|要求|争取|努力|推动实现|拟|推进|为目标|展望"
)
_SCOPE = re.compile("全[街区镇乡辖市县]|辖区|所有|各社区|每[个户]|[0-9一二三四五六七八九十百]")

_UNITS = "|".join(
    map(
        re.escape,
        sorted(
            set(SPELLINGS) - {"处", "家", "人", "次", "年", "月", "分", "番", "天"},
            key=len,
            reverse=True,
        ),
    )
)
_NO_NUMBER = re.compile(
    "(?:(?<!公)共|共计|合计|总计|累计)(?:余|多)?"
    "(?:[万亿]元|件|户|场次?|人次|个|栋|起|家次|项|条|平方米)(?=[，,。；;、）)]|$)",
    re.M,
)
_NO_AMOUNT = re.compile(
    "(?:投入|经费|资金|投资|补贴|筹集|发放|争取|到位|总额|拨付)[^，。；0-9零一二三四五六七八九十百千两几数XxＸ×*＊（(]{0,4}"
    "[万亿][多余]?元(?=[，,。；;、）)]|$)",
    re.M,
)
_DROPPED = re.compile(
    "(?<=[\u4e00-\u9fff])(?<![十百千万亿几许很众大更最较不诸])多(?:起|人次|户|件|名|场次|平方米)(?=[，,。；;]|$)"
    "|(?<=[\u4e00-\u9fff])(?<![一两三四五六七八九十百千万亿几数多余每单位个第首])平方米(?=[，,。；;]|$)"
)
_MASKED = re.compile(
    "(?<![0-9A-Za-z×*])(?:[XxＸ×]{1,6}\\.[XxＸ×]{1,6}|[XxＸ×*＊]{2,6})"
    rf"[余多]?[万亿]?(?:{_UNITS})"
)
_SWALLOWED = re.compile(r"(?<=[\u4e00-\u9fff，；])\?[0-9]+(?:\.[0-9]+)?(?=[%％])")

_ACTING = re.compile(
    "推进|开展|统筹|推动|做好|抓好|加强|打击|整治|落实|实施|强化|加快|深化|建设|启动|打造|防范|提升|抓实|组织"
)
_PLAN = re.compile(
    "下一步|明年|展望|将(?!近)|来年|今后|计划|打算|力争|规划|20[0-9]{2}年是|奋斗的20"
)
#: The lines of work of a street office: how each is named, and what else its figures speak of.
_WORKS = (
    ("疫情防控", "疫情防控|疫苗接种|核酸", "核酸|疫苗|接种|隔离|抗疫|防疫|疫情防控"),
    ("老旧小区改造", "老旧小区改造", "老旧小区|小区改造"),
    ("电梯加装", "电梯加装|加装电梯", "电梯"),
    ("菜市场提质", "菜市场(?:提质|改造)|农贸市场(?:提质|改造)", "市场"),
    ("特色巷道", "特色巷道", "巷道"),
    ("安全生产", "安全生产", "安全|隐患|消防|警醒日"),
    ("扫黑除恶", "扫黑除恶", "扫黑|涉黑|恶势力"),
    (
        "打击电信网络诈骗",
        "电信网络(?:新型)?(?:违法)?(?:犯罪|诈骗)|反诈",
        "反诈|诈骗|涉诈|预警|劝阻",
    ),
    ("打击非法集资", "非法集资", "集资"),
    ("招商引资", "招商引资", "招商|引进|签约|企业|对接|项目"),
    ("志愿服务", "志愿服务", "志愿"),
    ("社区食堂", "社区食堂|助餐", "食堂|助餐|用餐|供餐|餐"),
    ("智能安防", "智能安防|智慧安防", "安防"),
    ("结对共建", "结对共建", "结对|共建"),
)


def cumulative_since_when(passage: Passage) -> Iterator[Finding]:
    """累计引进企业449家: since when? What is held or done counts for the year of the report."""
    has_time = _ANY_TIME.search(passage.text) is not None
    for sentence in passage.sentences:
        if _SINCE.search(sentence.text):
            continue
        for claim in sentence.claims:
            lead = sentence.lead(claim)
            if not _CUMULATIVE.search(lead):
                continue
            if has_time and not _GATHERED.search(lead):
                continue
            yield finding(
                "cumulative_without_start",
                Level.QUESTION,
                (claim,),
                f"累计{claim.text}没有写明从什么时候算起。",
                printed=claim,
            )


def beyond_which_target(passage: Passage) -> Iterator[Finding]:
    """超额完成全年目标: how much was the target? And a target that was not reached after all."""
    for sentence in passage.sentences:
        for found in _BEYOND_TARGET.finditer(sentence.text):
            words = re.split("[，,；;：:]", sentence.text[: found.start()])[-1]
            if _NEGATED.search(words):
                continue
            targets = [claim for claim in sentence.claims if _is_target(sentence, claim)]
            if targets:
                yield from _not_reached(sentence, targets[-1])
            elif not _says_how_much(sentence, sentence.start + found.end()):
                yield finding(
                    "beyond_unknown_target",
                    Level.QUESTION,
                    (_span(sentence, found),),
                    "写了超额完成，没有写目标是多少。",
                )


def _is_target(piece: Piece, claim: Claim) -> bool:
    words = re.split("[，,；;]", piece.before(claim))[-1]
    return claim.modality is Modality.TARGET or _TARGET.search(words) is not None


def _says_how_much(piece: Piece, at: int) -> bool:
    """Whether a percentage or multiple of the target, or the surplus, stands in the sentence."""
    return any(is_relative(claim) for claim in piece.claims) or any(
        at <= claim.start < at + 16 for claim in piece.claims
    )


def _not_reached(piece: Piece, target: Claim) -> Iterator[Finding]:
    done = [
        claim
        for claim in piece.claims
        if claim != target
        and count_alike(claim, target)
        and re.search("完成|实现|达|实际", piece.lead(claim))
        and not _is_target(piece, claim)
    ]
    if len(done) == 1 and behind(target).is_above(behind(done[0])):
        yield finding(
            "target_not_reached",
            Level.ERROR,
            (target, done[0]),
            f"写了超额完成，但{done[0].text}少于目标{target.text}。",
            printed=done[0],
        )


def all_of_what(passage: Passage) -> Iterator[Finding]:
    """实现全覆盖: of how many? A figure or a named scope in the same sentence is enough."""
    for sentence in passage.sentences:
        found = _ALL_COVERED.search(sentence.text)
        if (
            found
            and not sentence.claims
            and not _SCOPE.search(sentence.text)
            and not _PLANNED.search(sentence.text)
        ):
            yield finding(
                "all_without_base",
                Level.NOTE,
                (_span(sentence, found),),
                f"写了“{found.group()}”，没有写总数是多少。",
            )


def figures_left_out(passage: Passage) -> Iterator[Finding]:
    """共件, 投入经费万多元, XX个, ?8%: a figure that was dropped, masked or swallowed."""
    for sentence in passage.sentences:
        for pattern, level, why in _LEFT_OUT:
            for found in pattern.finditer(sentence.text):
                span = _span(sentence, found)
                if not any(
                    one.start <= span.start and span.end <= one.end for one in sentence.claims
                ):
                    yield finding("figure_left_out", level, (span,), f"“{span.text}”{why}。")


_LEFT_OUT = (
    (_NO_NUMBER, Level.ERROR, "缺了数字"),
    (_NO_AMOUNT, Level.QUESTION, "前面可能缺了数字"),
    (_MASKED, Level.ERROR, "没有填数字"),
    (_DROPPED, Level.QUESTION, "前面可能缺了数字"),
    (_SWALLOWED, Level.QUESTION, "前面可能缺了一位数字"),
)


def works_without_figures(passage: Passage) -> Iterator[Finding]:
    """The lines of work that a report claims and gives no figure for; one note for all of them."""
    if not passage.claims:
        return
    missing = [
        (name, mention)
        for name, named, figures in _WORKS
        if (mention := _claimed(passage, re.compile(named)))
        and not _has_figure(passage, re.compile(figures))
    ]
    if missing:
        listed = "、".join(name for name, _ in missing)
        yield finding(
            "works_without_figures",
            Level.NOTE,
            [mention for _, mention in missing],
            f"写了这些工作，没有一个数字：{listed}。",
        )


def _claimed(passage: Passage, named: re.Pattern[str]) -> Span | None:
    """Where the text first says that the work was done."""
    for sentence in passage.sentences:
        found = named.search(sentence.text)
        if found and _ACTING.search(sentence.text) and not _PLAN.search(sentence.text):
            return _span(sentence, found)
    return None


def _has_figure(passage: Passage, figures: re.Pattern[str]) -> bool:
    """Whether a figure speaks of the work in its own clause, not as one of several (A、B等)."""
    for sentence in passage.sentences:
        for claim in sentence.claims:
            lead = re.sub("^.*等", "", sentence.lead(claim))
            tail = re.match("[^，,；;：:、（）]*(?!、)", sentence.after(claim))
            if figures.search(lead + (tail.group() if tail else "")):
                return True
    return False


def _span(piece: Piece, found: re.Match[str]) -> Span:
    start = piece.start + found.start()
    return Span(start, start + len(found.group()), found.group())
