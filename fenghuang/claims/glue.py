"""Words that stand between a noun phrase and its figure and say nothing of what is counted.

A word that can also be part of a noun carries the letters that would make it one: 共(?!建) is
taken off 共召开, and 共建单位 is kept.
"""

from __future__ import annotations

import re

from fenghuang.claims.verbs import VERBS

QUOTES = str.maketrans("", "", "“”‘’\"'「」『』 \u3000")
ASIDE = re.compile("[（(][^（）()]{0,40}[）)]")

# In front of the phrase.
_LEADING = (
    # conjunctions
    "其中|同时|此外|另外|并且?|且|还|又|以及|和(?!谐)|与|及(?![格时])|或|而|则",
    # sums
    "共计|总共|一共|共(?![建享青同])|合计|累计|累积|总计|总数|仅|包括|包含|含(?!量)|大约",
    # time
    "先后|陆续|相继|连续|全年|今年以来|今年|去年|本年度?|年内|截至目前|目前|截至|上半年|下半年|当前"
    "|现已|现有|现(?![役场代])|已经?(?!婚)",
    "(?:五一|国庆|春节|元旦|中秋|端午|节日|疫情|汛期|暑假|寒假)期间",
    # how well it was done
    "成功|积极|深入|扎实|及时|有序|有效|持续|认真|大力|全面(?=..)|高质量|高标准|高效|不断|进一步"
    "|切实|严格|稳步|加快|着力|坚决|妥善|常态化|广泛|顺利|圆满|依法|主动|充分|率先|努力"
    "|统筹(?=[推抓])|集中(?=[整开])",
    # plans
    "力争|确保|计划(?!生育)|预计|拟|将(?!军)|要(?!素)|争取(?=[完实新建])",
    # prepositions and particles
    "分别|用于|主要(?:反映|是|包括)?|通过|经(?![济营费])|对(?![口接])|为(?!民)|向(?!上)|由|从|给|把|于|是|有(?![效限])|的|了"
    "|在(?![职册校建谈岗编库保管院])",
    # numbers of paragraphs, marks
    "[0-9]{1,2}[.、．]|[（(][一二三四五六七八九十0-9]{1,2}[）)]|[一二三四五六]是|[、，。；：—]",
)
# Behind the phrase.
_TRAILING = (
    # standing and holding, if a noun is left
    "(?<=..)(?:(?<!实际)(?:实现|完成)|预计|力争|控制|位居|位列|名列|进入|保持|稳定|跃居)",
    "(?<=[价赛选比核])中列?|首次|连续|用于|实际|先后",
    # comparison
    "(?:是|为|相当于)[^，。；]{1,12}的|同比|环比|平均|年均|月均|日均|高出",
    "^[高低多少快]|(?<=率)[高低]|(?<=[量数额])[多少]|(?<=..)(?:目前|当前|现在)|来自",
    # sums and copulas
    "原有|现有|共有|拥有|已?有|共计?|总共|一共|累计|累积|总数|达到?了?|高达|多达|为|是|了|约|近",
    "仅|只|均|各|分别|依次|的|等|各类|各项|突破|超过?|逾|已|再",
    # prepositions, conjunctions, marks
    "于|至|到|在|由|从|对|给|向|和|与|(?<![涉惠普])及|以及|并|其中|[：:、，,—]",
    # growth
    "(?:增长?加?|提高?升?|上升|上涨|扩大|下降|降低?|(?<![审核])减少?|压减|压缩|缩短|缩减|回落|下滑"
    "|精简|发展|跃升|(?:清理)?(?:归并|整合|合并)|翻|净增)(?:了|幅度?)?[到至为]?",
    "(?<=..)(?:明显|显著|大幅)",
)
_LEAD = re.compile(f"^(?:{'|'.join(_LEADING)})")
_TAIL = re.compile(f"(?:{'|'.join(_TRAILING)})$")
# Between an owner and its verb: 社区共召开, 辖区共有商户.
_INSIDE = re.compile(
    rf"(?<=..)(?:全年|今年|累计|先后|陆续|总共|(?<!公)共计?|已经?)+(?={VERBS})"
    "|(?<=..)(?:共有|现有|已有)(?=..)"
)
# What a figure is compared with, or how it was computed.
_COMPARED = re.compile(
    "同比|环比|按可比[价口][格径]?(?:计算)?|同口径|自然口径|[两三五]年平均|[比较]“?十[一二三四五]五”?期?末"
    "|[比较与](?:上年|去年|上月|上周|上季度|年初|上期|前期|改革前|[0-9]{4}年|[0-9]{1,2}月份?)"
    "(?:同期|[末底初])?(?:相比)?"
)
_TIME = re.compile(
    "(?:截[至止]到?|到)?(?:19|20)[0-9]{2}年度?"
    "(?:[0-9]{1,2}(?:[—–~至到-][0-9]{1,2})?月(?:[份底末初]|[0-9]{1,2}日)?|[上下]半年|第?[一二三四]季度|[底末])?(?:以来|前)?"
    "|(?:截[至止]到?)?[0-9]{1,2}(?:[—–~至到-][0-9]{1,2})?月(?:份|底|末|[0-9]{1,2}日)?前?"
    "|第?[一二三四](?:[、至—-][一二三四]){0,3}季度|前[一二三]季度|今年(?=前)"
)


def clean(phrase: str) -> str:
    """The phrase without marks and words that only tie it to its figure.

    >>> clean("累计召开“屋场贴心会”共")
    '召开屋场贴心会'
    """
    phrase = _TIME.sub("", _COMPARED.sub("", ASIDE.sub("", phrase).translate(QUOTES)))
    before = None
    while phrase != before:
        before = phrase
        phrase = _TAIL.sub("", _LEAD.sub("", phrase))
    return _INSIDE.sub("", phrase)
