"""What a figure counts or measures: the noun phrase, with its verb and owner where named.

Chinese puts the figure behind its noun (召开屋场贴心会62场次) or before it (18个共建单位). So the
subject is what stands left of the figure in its clause and what stands right of it, without the
words that only tie them together (`glue`). Where the clause names nothing (同比增长8%), the
subject is that of the figure before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fenghuang.claims.figures import Figure
from fenghuang.claims.glue import ASIDE, QUOTES, clean
from fenghuang.claims.members import member
from fenghuang.claims.units import Dimension
from fenghuang.claims.verbs import BARE_VERB, OPENING_VERB, ORGANISE, PREDICATE, VERB

_FROM = re.compile(
    "(?:由|从)每人每[月年天餐]$"
    "|(?:由|从|(?<!来)自)(?:原来|原先|过去|以前|最初|[年期]初|上年|去年|改革前|[0-9]{4}年[末底初]?)?的?$"
)
_LIST = re.compile(
    "(?P<list>(?:[^、，。；]{1,20}、)+[^、，。；]{1,20}?等)"
    "(?:各[类项级种]|多种|一系列|[多数]?[个项]?方面的?)?(?=.)"
)
_NOUN_ENDS = re.compile(
    "[，。；：！？、（）()\n《》|,;]|与|和(?!谐)|及(?!格)|以及|并|且|等|同比|环比|其中|从|每"
    f"|{PREDICATE}|{ORGANISE}"
)
_NO_NOUN = re.compile(
    "并|且|和(?!谐)|与|及|或|等|以|用于|其中|已|均|全部|比|较|占|到|至|共|计|为|之间|不等|大关"
    "|后|前|时|左右|上下|多|余|口(?=[，。；、]|$)|在(?![职册校建谈岗编库保管院])|的?[，。；、）)]"
    "|明显|显著|大幅|跃|上升|下降|升[至到]|降[至到低]|增[至加长]|提[高升]"
)
_CLAUSE_END = "，。；：！？\n,;:!?"
_OWNER = re.compile("(?:全[市区县街镇乡村国省]|街道|辖区|社区|各|本)[^，。；]{0,4}$")
_CAUSES = re.compile("(?:组织|发动|动员|邀请|吸引|引导|带动|帮助)$")
_REACH = 60  # how far left a clause is followed
_LONGEST = 80  # characters of a subject
_MEASURED = {Dimension.PERCENT, Dimension.PERCENTAGE_POINTS, Dimension.MULTIPLE}


@dataclass(frozen=True, slots=True)
class Subject:
    """The noun phrase, and of what it is a part or share; "" where the text gives none."""

    text: str
    owner: str = ""
    behind: bool = False  # the noun stands behind the figure, and no verb before it


def subjects(plain: str, figures: Sequence[Figure]) -> list[Subject]:
    """The subject of each figure, in the order of the figures."""
    found: list[Subject] = []
    for number, figure in enumerate(figures):
        before = figures[number - 1] if number else None
        after = figures[number + 1] if number + 1 < len(figures) else None
        clause = _Clause(plain, figure, before, after)
        subject = _subject(clause, figures, found, number)
        # what is inherited again and again (占3%占3%…) must not grow without end
        found.append(replace(subject, text=subject.text[:_LONGEST], owner=subject.owner[:_LONGEST]))
    return found


class _Clause:
    """The words round one figure."""

    def __init__(
        self, plain: str, figure: Figure, before: Figure | None, after: Figure | None
    ) -> None:
        self.figure = figure
        self.plain = plain
        first = max(before.end if before else 0, figure.start - _REACH)
        reach = plain[first : figure.start]
        cut = max(reach.rfind(mark) for mark in _CLAUSE_END) + 1
        opened = max(reach.rfind("（"), reach.rfind("("))
        in_aside = opened > max(reach.rfind("）"), reach.rfind(")"))
        self.start = first + max(cut, opened + 1 if in_aside else 0)
        self.left = plain[self.start : figure.start]
        self.figure_before = before is not None and not re.search(
            "[。！？\n]", plain[before.end : figure.start]
        )
        self.follows_bracket = before is not None and before.end == self.start - 1
        self.follows_figure = bool(before) and self.start == (before.end if before else 0)
        last = min(after.start if after else len(plain), figure.end + _REACH)
        self.right = plain[figure.end : last]
        self.meets_figure = after is not None and last == after.start

    @property
    def label(self) -> str:
        """What stands before the colon that opens the clause."""
        if not self.start or self.plain[self.start - 1] not in "：:":
            return ""
        head = self.plain[max(0, self.start - 25) : self.start - 1]
        head = re.split("[，。；！？\n;、（(]|,(?![0-9])", head)[-1]
        return clean(re.sub("(?<![第0-9])[0-9][0-9,.]*[百千万亿]*(?!号)[^0-9]{1,3}$", "", head))

    @property
    def rest(self) -> str:
        """What the clause says behind its figures: 3批次共计86人次参观学习."""
        rest = re.split("[，。；！？\n]", self.plain[self.figure.end : self.figure.end + 30])[0]
        return clean(re.sub("^.*[0-9][0-9.,]*[余多]?[百千万亿]?(?:人次|个|.)", "", rest))

    @property
    def bracketed(self) -> str:
        """What stands before the bracket that the figure opens: 电梯困人（87起）."""
        if self.plain[self.start - 1 : self.start] not in ("（", "(") or self.follows_bracket:
            return ""
        head = self.plain[max(0, self.start - 25) : self.start - 1]
        return clean(re.split("[，。；：！？\n,;:、（）()]", head)[-1])

    @property
    def topic(self) -> str:
        """The short sentence before, if it heads the paragraph: 欠薪类诉求明显上升。"""
        head = self.plain[max(0, self.start - 30) : self.start]
        found = re.search("(?:^|[\n。）)])([^，。；：\n0-9]{4,20})。[^。]{0,4}$", head)
        return clean(found[1]) if found else ""

    @property
    def previous(self) -> str:
        """The clause before in the same sentence, or "" if it has a figure or there is none."""
        if self.plain[self.start - 1 : self.start] not in ("，", ","):
            return ""
        head = self.plain[max(0, self.start - 31) : self.start - 1]
        last = re.split("[，。；：！？\n,;：]", head)[-1]
        return "" if len(last) == len(head) or re.search("[0-9]", last) else clean(last)


def _subject(
    clause: _Clause, figures: Sequence[Figure], found: Sequence[Subject], number: int
) -> Subject:
    before = _governing(clause, figures, found, number)
    if not before.text and not clause.figure_before:
        before = Subject(clause.previous)
    if member := _member(clause, figures, found, number):
        return Subject(member)
    left = clean(_without_list(_FROM.sub("", _without_consumed(clause, found, number))))
    noun = _noun(clause, left)
    if noun and re.search("(?:投资|总额|资金|面积|产值)$", left) and clause.right[:1] == "的":
        return Subject(noun + left)
    if noun and left and clause.left.endswith("的"):
        left += "的"
    if left.startswith("占"):
        if clause.figure.phrase.unit.dimension is not Dimension.PERCENT:
            return Subject(clean(left[1:]) or left, before.text)
        share = "占比" if left in ("占", "占比") else left
        named = before.text if clause.figure_before else ""
        return Subject(named + share, before.text)
    if noun:
        behind = not VERB.search(left)
        return Subject(left + noun, _owner(clause, before), behind)
    if _DIFFERENCE.fullmatch(left):
        return Subject(before.text + left, before.owner)
    if not left and clause.bracketed:
        return Subject(clause.bracketed)
    if not left and (predicate := _predicate(clause)):
        return Subject(predicate)
    if not left or _MOVE.fullmatch(left):
        return _inherited(clause, before, left)
    if re.fullmatch("(?:实现|完成|达到)*", left):
        what = _object_of(before.text, clause, figures, number)
        return Subject(left + what if what else before.text or left)
    if BARE_VERB.fullmatch(left):
        what = _purpose(clause) or _object_of(before.text, clause, figures, number)
        return Subject(left + what, "" if what else clause.topic)
    return Subject(left, _owner(clause, before))


def _inherited(clause: _Clause, before: Subject, left: str) -> Subject:
    """The subject where the clause names none: 同比增长8%, 日均10169件."""
    mean = re.search("[日月年周人户次]均$", clause.left)
    rate = re.search("增幅|降幅|增速|涨幅", clause.left)
    candidates = (
        clause.label,
        before.text + (mean.group() if mean else ""),
        left,
        rate.group() if rate else "",
        clause.rest,
        clause.topic,
    )
    return Subject(next(filter(None, candidates), ""), before.owner)


_DEPENDS = re.compile(
    "其中|总|涉及|惠及|覆盖|受益|受众|参与|改造[楼面户]|平均|人均|(?:完成)?为?(?:年初|年度|全年|调整)*(?:预算|计划|目标|任务)"
)


def _owner(clause: _Clause, before: Subject) -> str:
    """Of what the figure is a part or share, if its own clause does not say."""
    if clause.label:
        return clause.label
    if not _DEPENDS.match(clause.left) and clause.plain[clause.start - 1 : clause.start] not in (
        "（",
        "(",
    ):
        return ""
    return before.owner or before.text or clause.previous


def _governing(
    clause: _Clause, figures: Sequence[Figure], found: Sequence[Subject], number: int
) -> Subject:
    """The subject of the figure before in the same sentence that this one may speak about."""
    unit = clause.figure.phrase.unit.dimension
    nearest = Subject("")
    for n in range(number - 1, max(-1, number - 9), -1):
        between = clause.plain[figures[n].end : figures[n + 1].start]
        if re.search("[。！？\n]", between):
            break
        nearest = nearest if nearest.text else found[n]
        other = figures[n].phrase.unit.dimension
        of_rate = found[n].text.endswith(("率", "度", "比重", "占比")) and n == number - 1
        if other is Dimension.PERCENT and (unit is Dimension.PERCENTAGE_POINTS or of_rate):
            return found[n]
        if unit is not Dimension.PERCENTAGE_POINTS and other not in _MEASURED:
            return found[n]
    return nearest


def _without_consumed(clause: _Clause, found: Sequence[Subject], number: int) -> str:
    """What is left of the figure without the noun that belongs to the figure before."""
    left = clause.left
    if clause.follows_figure and number:
        stop = _NOUN_ENDS.search(left, 1)
        noun = left[: stop.start()] if stop else ""
        if noun and found[number - 1].text.endswith(clean(noun)):
            return left[len(noun) :]
    return left


def _without_list(left: str) -> str:
    """开展A、B等各类C without its list: 开展C; of an open list A、B the last member."""
    left = re.sub("“[^”]*”", lambda quote: quote.group().replace("、", "·"), left)
    listed = _LIST.search(left)
    if not listed:
        return left.removeprefix("、")
    head = listed["list"].partition("、")[0]
    verbs = list(VERB.finditer(left[: listed.start()] + head))
    opening = (left[: listed.start()] + head)[: verbs[0].end()] if verbs else ""
    if opening and (joined := OPENING_VERB.match(head, verbs[0].start() - listed.start())):
        opening = left[: listed.start()] + head[: joined.end()]
    return opening + left[listed.end() :]


def _noun(clause: _Clause, left: str) -> str:
    """The noun phrase behind the figure, with its predicate where the figure opens the clause."""
    right = ASIDE.sub("", clause.right).translate(QUOTES).removeprefix("的")
    if not right or _NO_NOUN.match(right) or _NOUN_ENDS.match(right) or right[0] in _CLAUSE_END:
        return ""
    if left and not VERB.search(left) and not _OWNER.search(left) and VERB.match(right):
        return ""
    stop = _NOUN_ENDS.search(right, 1)
    noun = right[: stop.start()] if stop else right
    opens = (not VERB.search(left) or _CAUSES.search(left)) and not re.search(
        "[与和及对为向由给把]$", clause.left
    )
    if opens and stop and re.match(PREDICATE, stop.group()):
        whole = re.split("[，。；：！？（()\n,;]", right, maxsplit=1)[0]
        ends_clause = len(whole) < len(right) or not clause.meets_figure
        if ends_clause and "、" not in whole and len(whole) <= 24:
            noun = whole
    if left and VERB.match(noun) and not left.endswith(("全街", "全区", "全市")):
        return ""
    return _BEHIND_NOUN.sub("", noun)


_BEHIND_NOUN = re.compile("(?:与|和|及|以及|并|等|的|、|，)+$")


_DIFFERENCE = re.compile("增收|增支|减收|减支|短收|超收")
_MOVE = re.compile(
    "(?:保持|稳定|升|跃升|跃居|控制|增幅|降幅|增速|涨幅|增长率|下降率|位居|位列|名列|列|居)+"
)
_ACTORS = {Dimension.PERSON, Dimension.DWELLING, Dimension.ENTERPRISE, Dimension.DURATION}


def _predicate(clause: _Clause) -> str:
    """What those counted did, where no noun names them: 上百人参加活动, 连续3年获评先进."""
    whole = re.match(f"(?:{PREDICATE})[^，。；：！？、（()\n,;0-9]{{1,16}}", clause.right)
    return clean(whole.group()) if whole and clause.figure.phrase.unit.dimension in _ACTORS else ""


def _purpose(clause: _Clause) -> str:
    """What money was put into, from the clause behind: 投入120余万元，稳步推进X建设."""
    if not re.search("(?:投入|拨付|安排|筹集|争取|资金|经费)$", clean(clause.left)):
        return ""
    behind = re.match(
        "[，,]?(?:用于|主要用于|重点用于|专项用于|稳步|全面|大力|有序|扎实|持续|加快)*(?:推进|推动|用于|实施|支持|保障|开展|对)"
        "(?P<what>[^，。；、\n0-9]{2,18})",
        clause.plain[clause.figure.end : clause.figure.end + 30],
    )
    return clean(behind["what"]) if behind else ""


def _object_of(before: str, clause: _Clause, figures: Sequence[Figure], number: int) -> str:
    """For 受理诉求1250件，办结1200件: 诉求, which the second clause leaves out."""
    if not before or not number:
        return ""
    if figures[number - 1].phrase.unit != clause.figure.phrase.unit:
        return ""
    verb = OPENING_VERB.match(before)
    return before[verb.end() :] if verb else ""


# --- lists with 分别


def _member(
    clause: _Clause, figures: Sequence[Figure], found: Sequence[Subject], number: int
) -> str:
    """The subject of one member of a 分别 list: 社区、网格分别为8个、31个."""
    plain = clause.plain
    listed = member(plain, figures, number)
    if listed is None:
        return ""
    word, first, count, place = listed.word, listed.first, listed.count, listed.place
    between = plain[word + 2 : figures[first].start]
    opening = max(0, figures[first].start - _REACH)
    head = re.split("[，。；：！？\n,;]", plain[opening:word])[-1]
    if first and figures[first - 1].end > word - len(head):
        head = plain[figures[first - 1].end : word]
    members = _members(head)
    verb = clean(between)
    if len(members) >= count:
        return _with_shared_noun(members[-count:], place) + verb
    objects = _members(between)
    if len(objects) == count:
        opens = OPENING_VERB.match(clean(objects[0]))
        lead = opens.group() if opens and place else ""
        return clean(head) + lead + clean(objects[place])
    same_sentence = first >= count and not re.search(
        "[。！？\n]", plain[figures[first - count].end : word]
    )
    if clean(head) in ("", "占比", "比重", "占") and same_sentence:
        return found[first - count + place].text + clean(head)
    return ""


def _members(text: str) -> list[str]:
    return [part for part in re.split("、|和(?!谐)|以及|及(?!格)|与", text) if clean(part)]


_NUMBERED = re.compile("第[0-9一二三四五六七八九十]{1,3}")


def _with_shared_noun(members: Sequence[str], place: int) -> str:
    """收集、解决问题 and 血压、血糖控制率: the noun stands only once."""
    member, last = clean(members[place]), clean(members[-1])
    numbered, last_numbered = _NUMBERED.search(member), _NUMBERED.search(last)
    if numbered and last_numbered:
        # 东门社区第一、第二网格: the owner stands once before, the noun once behind
        owner = member[: numbered.start()] or clean(members[0]).partition("第")[0]
        return owner + numbered.group() + (member[numbered.end() :] or last[last_numbered.end() :])
    verb = OPENING_VERB.match(last)
    if verb and OPENING_VERB.fullmatch(member):
        return member + last[verb.end() :]
    if len(member) <= 3 and len(last) >= len(member) + 2:
        # 血压、血糖控制率: members of one length share what follows them
        return member + last[len(member) :]
    return member
