"""Numbers that look like claims and are none: dates, codes, slogans, thresholds, norms.

A look-alike is covered before figures are looked for, so it hides exactly the characters that its
pattern matches: in 亿元以上项目2个 the threshold is covered and the count stays. To add one, add a
row to the table that its reason belongs to. Patterns see a text without spaces, with half-width
digits, and must be bounded (no * or + over any character), so that reading stays linear.
Measures that count only behind certain words are in ONLY_BEHIND.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fenghuang.claims.units import Dimension

COVER = "\ue000"  # stands for each covered character; no figure contains it

_CHINESE = "零〇一二两三四五六七八九十百千万亿"
_N = rf"(?:[0-9]{{1,9}}(?:\.[0-9]{{1,4}})?|[{_CHINESE}]{{1,6}})"  # any number
_ALONE = rf"(?<![0-9.{_CHINESE}])"  # not in the middle of a number
_DASH = "(?:[—–~～-]{1,2}|[至到、])"
_SPAN = "(?:年|个?月|天|日|周|个?季度|个?小时|分钟|秒|个?工作日|个?自然日)"

# Things whose number is a matter of arrangement, not of counting.
_ABSTRACT = (
    "方面|层面|维度|环节|阶段|步骤|部分|关键|坚持|意识|自信|维护|确保|着力|聚焦|突出|统一|结合"
    "|不放过|必须|严禁|一律|到位|转变|率先|更加|注重|清楚|务必|导向|抓手|不变|服从|革命|善于|领域|等次|档次|类别|重点(?![\u4e00-\u9fff])"
)
# These only after a Chinese numeral: 四项机制 is an arrangement, 12项制度 may be counted.
_ARRANGED = (
    "重点|责任|清单|机制|体系|平台|制度|措施|目标|任务|工程|行动|要求|原则|举措|改革|规定|纪律"
    "|红线|底线|短板|战略|标准|防线|队伍|台账|网|主题|板块|模式|先锋|效应|带头|区域|文明|能力|优势"
    "|定位|理念|建设|革新|高地|使命|攻坚战|一批|工作法|全面|导向|角度|要素|特色|中心|活动|关系|问题"
)
_SCHEME = "任务|机制|体系|制度|清单|举措|行动|要求|能力|责任|防线|优势|高地"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """What is no claim: the pattern that covers it, and why it says nothing of the world."""

    pattern: str
    why: str


NAMES = (
    Lookalike("《[^《》\n]{1,60}》", "the title of a document: 《关于十条措施的通知》"),
    Lookalike(
        rf"“(?=[^“”\n]{{0,13}}[0-9{_CHINESE}])[^“”，。；：\n]{{1,14}}”",
        "a slogan or name in quotation marks: “老九条”, “1+7+N”, “15分钟生活圈”",
    ),
    Lookalike(
        "[0-9A-Z一二三四五六七八九]{1,3}(?:[+＋][0-9A-Zn一二三四五六七八九]{1,3}){1,5}",
        "a formula of arrangement: 1+7+N, 2+1",
    ),
    Lookalike(
        "[0-9]{3,5}(?=[政便]?[务民]?(?:服务)?(?:便民)?(?:热线|平台))", "a hotline: 12345热线"
    ),
    Lookalike(
        "二、三次产业|[一二三]次产业|千家万户|万家灯火|百家争鸣|四面八方|三天两头|十年如一日|百年大计|五湖四海|万众一心"
        "|[三四五]位一体|成[百千]上[千万]|千[人名]计划|两代表一委员|三支一扶|跑[一1]次",
        "a saying or a fixed name with a numeral in it",
    ),
    Lookalike(
        "(?:[1一][人户企村事楼车网家店岗][1一][策档码卡案员长岗议组屋品证]|[一1]对[一1])",
        "a way of working: 一户一档, 一人一策",
    ),
    Lookalike(r"(?:https?://|www\.)[!-~]{1,200}|[!-~]{1,60}@[!-~]{1,60}", "an address on the net"),
)

DATES = (
    Lookalike(
        rf"{_ALONE}(?:19|20)[0-9]{{2}}(?:{_DASH}(?:19|20)?[0-9]{{2}})?年(?:度|代|底|末|初|前|后)?",
        "a year or span of years: 2021年, 2021—2023年",
    ),
    Lookalike(
        "[〇零一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,2}月)?(?:[一二三四五六七八九十]{1,3}日)?",
        "a year in Chinese numerals: 二〇二一年",
    ),
    Lookalike(
        rf"{_ALONE}[0-9]{{2,4}}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}[日号]?", "a date: 2021.3.5"
    ),
    Lookalike(
        rf"{_ALONE}[0-9]{{1,2}}(?:月?{_DASH}[0-9]{{1,2}})?月(?:份|底|末|初|[上中下]旬)?"
        rf"(?:[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}})?[日号])?",
        "a month or day: 11月底, 1—11月, 5月15日; a span would be 3个月",
    ),
    Lookalike(
        rf"{_ALONE}[一二三四五六七八九十]{{1,2}}月(?:份|底|末|初|[上中下]旬|[一二三四五六七八九十]{{1,3}}[日号])?",
        "a month in Chinese numerals: 十二月",
    ),
    Lookalike(rf"{_ALONE}[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}})?日(?!均)", "a day of the month: 15日"),
    Lookalike(
        rf"{_ALONE}[0-9]{{1,2}}(?:[:：][0-9]{{2}}|[时点](?:[0-9]{{1,2}}分|半|整|许)?(?!务))"
        rf"(?:{_DASH}[0-9]{{1,2}}(?:[:：][0-9]{{2}}|[时点](?:[0-9]{{1,2}}分|半)?))?",
        "a time or clock range: 9:30, 8时30分至17时",
    ),
    Lookalike(
        rf"(?<![计续达长到至了共为满])(?:近|过去|未来|今后|最近|近来|前|这){_N}{_DASH}?(?:{_N})?(?:个?多?)?(?:年|个月|个?季度|周|天)",
        "a stretch of time the text speaks about: 近三年, 前三季度",
    ),
    Lookalike(
        rf"(?<![续持至到在为达]){_ALONE}{_N}(?:{_DASH}{_N})?(?:个?多)?{_SPAN}多?"
        "(?:以来|来|之间|间|之?前|之?后|期(?!间)|行动|计划|规划|任务|目标|攻坚|方案|倒计时|质保|大会战)",
        "a stretch of time or the name of a plan: 五年来, 三年行动, 5年规划",
    ),
    Lookalike("(?:三八|五一|六一|五四|七一|八一|十一)节?(?=[期假前后活劳国青妇儿])", "a feast day"),
)

CODES = (
    Lookalike(
        r"[〔\[【（(](?:19|20)[0-9]{2}[〕\]】）)]第?[0-9]{1,5}号", "a document number: 〔2020〕23号"
    ),
    Lookalike(
        rf"{_ALONE}{_N}(?:{_DASH}{_N})?号(?:楼|线|院|令|文件?|地块|[门店井桥站])?",
        "the number of a house, line, document or day: 3号楼, 18号线, 5号",
    ),
    Lookalike(
        rf"(?<=[舍区院苑园村寓里坊]){_N}{_DASH}{_N}[栋幢]|{_ALONE}{_N}[栋幢](?=[0-9一二三四五]{{1,3}}(?:单元|号|层|楼)|[0-9]{{3}})|{_ALONE}{_N}(?:单元|室)",
        "an address: 3栋2单元, 5栋302",
    ),
    Lookalike(
        "(?:电话|热线|手机|传真|邮编|编号|账号|号码|代码|QQ群?|证号)[:：]?[0-9(（][0-9)）—-]{4,20}",
        "a telephone or other number to call or file by",
    ),
    Lookalike("0[0-9]{2,3}[—-][0-9]{7,8}|1[3-9][0-9]{9}(?![人元件户])", "a telephone number"),
    Lookalike("[0-9]{14,40}", "too long for a count: an account or a code"),
    Lookalike(
        r"(?:PM|pm)(?:2\.5|10)"
        r"|(?<![A-Za-z])[A-Z][A-Z]?[-/]?[0-9]{1,6}(?:\.[0-9]{1,3})?(?![0-9亿万%])",
        "a code, model or road: PM2.5, G320, A3",
    ),
    Lookalike(
        rf"第{_N}(?:{_DASH}第?{_N})?(?:个|批次?|次|届|期|轮|名|位|章|条|款|项|号|类|种|步|节|集|册|辑|年|天|周)?",
        "an ordinal; a rank (全区第1) is found before: 第三季度, 第一批, 第12条, 第一书记",
    ),
    Lookalike(
        rf"(?<![班训刊报办讲了{_CHINESE}])[一二三四五六七八九十]{{1,2}}期|[0-9]{{1,2}}期(?=工程|项目|建设|地块|改造|厂房|园区)",
        "a phase of building: 二期, 3期工程",
    ),
    Lookalike(
        rf"(?<![开了过加行{_CHINESE}])[一二三四五六七八九十]{{1,2}}次(?=全体|会议|全会|党代会|代表)",
        "the number of a meeting: 七届三次会议",
    ),
    Lookalike(
        rf"(?<![0-9{_CHINESE}])二(?=[次级类期等线手维孩胎组队部楼段轮种产件套批节])[次级类期等线手维孩胎组队部楼段轮种产件套批节]",
        "before a measure word 二 is an ordinal; a count is 两: 二次供水, 二类疫苗",
    ),
)

THRESHOLDS = (
    Lookalike(
        rf"(?:{_ALONE}{_N}[万亿]?|[百千万亿]{{1,2}})"
        "(?:元|平方米|平米|公里|周?岁|年|人|米|亩|吨|蒸吨|家|户|层|名|分|个|千瓦)"
        "(?:（含）)?(?:及|或)?以[上下](?:（含）)?(?=的?[\u4e00-\u9fff]|[0-9])"
        "(?!的?(?:参|得|受|完|实|达|通|表|群众|居民))",
        "a threshold inside a noun: 亿元以上项目, 60岁以上老人, 500万元以上的企业",
    ),
    Lookalike(
        rf"(?<![资额金入值]){_ALONE}(?:[0-9]{{1,4}}|[一二三五两十百]{{0,2}})[十百千万亿]{{1,2}}元(?:级|以上)?"
        "(?:重大|重点|优质|龙头|产业|工业|招商|制造业|税收|商务)?(?:项目|企业|园区|集群|楼宇|大单|产业|镇|村|楼)"
        "(?!资金|投资|款|总|产值)",
        "a size inside a noun: 5亿元项目, 百亿级产业",
    ),
    Lookalike(
        rf"(?:超过?|过|逾|突破|不低于|不少于|达到?){_N}[百千万亿]{{0,2}}(?:元|平方米|人)(?:以上)?的?"
        "(?=(?:重大|重点|优质|龙头|产业|工业|招商)?(?:项目|企业|小区|楼宇)[0-9两三四五六七八九十])",
        "a size inside a noun that is counted: 投资超5亿元的项目3个",
    ),
    Lookalike(
        rf"(?:低于|高于|超过|不足|不满|未?达到?){_N}%的(?=单位|社区|企业|街道|小区|部门|地区|乡镇|县|村|个人|项目)",
        "a threshold inside a noun: 满意率低于95%的单位",
    ),
    Lookalike(
        rf"(?:党龄|教龄|工龄)(?:达|满|超过?|近)?{_N}余?年(?:以上)?|{_N}余?年(?:以上)?的?(?=党龄|教龄|工龄|驾龄|工作经)",
        "years of service of persons",
    ),
)

NORMS = (
    Lookalike(
        rf"(?<![至到在为达]){_ALONE}{_N}(?:{_DASH}{_N})?个?{_SPAN}(?:之内|以内|内)",
        "a deadline: 10分钟内派单, 5个工作日内办结",
    ),
    Lookalike(
        rf"{_ALONE}24小时(?=[\u4e00-\u9fff])|7[×xX*]24(?:小时)?|365天",
        "always open: 24小时值班, 7×24小时",
    ),
    Lookalike(rf"{_ALONE}{_N}(?:分钟|小时|公里|刻钟|米)[\u4e00-\u9fff]{{0,8}}?圈", "15分钟生活圈"),
    Lookalike(
        rf"(?<![由从])(?<![由从]每人)每(?:个|隔)?(?:{_N}个?)?(?:季度|半年|学期|工作日|[人户名家件次天日周月年旬亩栋处台辆季餐])"
        rf"[^，。；、：\n0-9]{{0,8}}?{_N}(?:次|场|元|期|节|小时|课时)",
        "a frequency or rate that is laid down: 每月开展2次, 每户补贴2000元",
    ),
    Lookalike("每[百千万]名?(?:常住)?(?:人口?|户|元|老人)", "the base of a rate: 每千人口床位数"),
    Lookalike("[一每](?:年|月|周|日|季|天)[一二两三四][次检评考报调会]", "a frequency: 一月一次"),
    Lookalike(
        rf"{_ALONE}{_N}[万亿]?[\u4e00-\u9fff㎡%]{{1,3}}[/／](?=[\u4e00-\u9fff㎡]|[0-9])",
        "a price or rate per unit: 12元/平方米",
    ),
    Lookalike(
        rf"{_ALONE}{_N}[\u4e00-\u9fff%]{{1,3}}(?:以[上下内])?的[\u4e00-\u9fff]{{0,4}}(?:标准|要求|红线|底线|上限|下限|门槛|警戒线)",
        "what is required, not what is: 低于国家15%的标准",
    ),
    Lookalike(
        rf"(?:标准|定额|单价)(?:为|是|：)?(?!由|从|提)[^，。；0-9由从到]{{0,6}}{_N}元(?:[、，][^，。；0-9]{{0,6}}{_N}元){{0,3}}",
        "a rate that is laid down: 补助标准每人每年610元",
    ),
    Lookalike(
        rf"(?:按|以)照?[^，。；0-9]{{0,14}}{_N}%的?(?:比例|标准)", "a share laid down: 按1%的比例"
    ),
    Lookalike(
        rf"每[\u4e00-\u9fff]{{1,4}}[^，。；、：\n0-9]{{0,12}}?(?:至少|不少于|不低于|不超过|最多)[^，。；0-9]{{0,6}}{_N}"
        rf"|每[年月季周日天][^，。；\n0-9]{{0,16}}?{_N}(?:场次?|次|期|件|名|人|个|篇|条)以上",
        "a duty that is laid down: 每个小区至少召开3次, 每年开展活动100场以上",
    ),
    Lookalike(
        rf"同一[^，。；0-9]{{0,10}}{_N}次以上", "a case that is defined: 就同一事项投诉3次以上"
    ),
    Lookalike(
        rf"连续{_N}(?:次|个?月|年|个季度)[^，。；0-9]{{0,12}}的(?=予以|，|给予|取消|约谈|责令|单位|个人)",
        "a case that a rule provides for: 连续两次排名末位的予以约谈",
    ),
    Lookalike(
        rf"{_ALONE}{_N}米(?=跑|线|安全|间距|跨度)|{_ALONE}[0-9]小时(?=工作制)", "a name by its size"
    ),
)

ARRANGEMENTS = (
    Lookalike(
        rf"{_ALONE}{_N}(?:个|项|条|种|点|大)[“‘\"]?(?:{_ABSTRACT})",
        "the text counts its own structure: 五个方面, 4个坚持",
    ),
    Lookalike(rf"分{_N}(?:批|步|期|轮|类|组)", "a way to proceed: 分三批推进"),
    Lookalike(rf"{_ALONE}{_N}(?:个?人|名|位|户|家)一[组队班桌]", "how people group: 三四个人一组"),
    Lookalike(
        "(?:时间|行程|赛程|年度|全年|征程)过半(?:[、，]任务(?:完成)?过半)?|双过半|另外?一半|一半(?=一半)|(?<=一半)一半",
        "half of the time; the other half",
    ),
    Lookalike(rf"前{_N}(?:名|位|个|家)?的", "a group by its rank: 诉求量居前五位的领域"),
    Lookalike(
        rf"(?<![0-9.{_CHINESE}余多])[两三四五六七八九十](?:个|项|条|张|支|本|种|类|道|份|件|大)"
        rf"[“‘\"]?(?:{_ARRANGED}|[\u4e00-\u9fff]{{2}}(?:{_SCHEME}))",
        "an arrangement, not a count of things: 三项制度, 四张清单, 两个责任",
    ),
    Lookalike(
        r"[三四五六七八九十]个[“‘\"]?(?:百分之?百|100%|第?一|[百千])", "a slogan: 六个百分之百"
    ),
    Lookalike(
        "[零一二两三四五六七八九十百千万]{1,4}分(?![钟之点])|[0-9一二三四五六七八九十]{1,3}分之[0-9一二三四五六七八九十]{1,3}以上"
        "|[三六七九]分之[一二三四五六七八]",
        "十分, 万分; the quorum of a vote; a third is no decimal number",
    ),
    Lookalike(
        "(?:[应须需]|应当|必须)[^，。；0-9]{0,10}(?:过半数|半数以上)"
        "|(?:过半数|半数以上)的?(?:业主|居民|代表|成员|户|人员)?的?(?:同意|通过|表决)",
        "the quorum of a vote: 经半数以上业主同意",
    ),
)

GAPS = (
    Lookalike(
        r"[0-9.]{1,9}[×✕xX*][0-9.]{1,9}|(?:[×✕Ｘ□○]{1,6}|[xX*＊]{2,6}|[xX]{1})\.?[0-9]{1,9}(?:\.[0-9]{1,4})?|[0-9]{1,9}\.?(?:[×✕Ｘ□○]{1,6}|[xX*＊]{2,6})",
        "a placeholder: ××, XX, xx.5亿元",
    ),
    Lookalike(
        rf"(?<![0-9.{_CHINESE}超近逾约])[万亿][多余]元", "a site removed the number: 投入万多元"
    ),
    Lookalike(r"\?\.?[0-9][0-9.,]{0,9}", "a converter swallowed the digit before: ?8%, ?.22亿"),
    Lookalike(r"[0-9]{1,6}(?:\.[0-9]{1,4})?个百(?!分点)", "cut off before its unit: 12.5个百"),
)

# Measures that say something of the world only behind certain words.
ONLY_BEHIND = {
    Dimension.DURATION: Lookalike(
        "(?:连续|持续|历时|长达|[已期]满|平均|用时|耗时|时长|工时|缩短|压缩|压减|减少|延长|提速|累计|提前|节约|节省"
        "|时间|时限|周期|[由从][^，。；]{0,12}|共|合计|服务)"
        "(?:了|为|至|到|达到?|约|近|超过?|逾|不到|的|由|从|仅|只需|时长|时间)*[^，。；0-9]{0,6}$",
        "a span of time is a claim only as a result (连续3年); 三年, 5天 alone are settings",
    ),
    Dimension.AGE: Lookalike(
        "(?:平均年龄|寿命)[^，。；]{0,6}$", "ages of persons are none; a mean age is one"
    ),
}

LOOKALIKES = NAMES + DATES + GAPS + NORMS + THRESHOLDS + ARRANGEMENTS + CODES

_ANY = re.compile("|".join(f"(?:{each.pattern})" for each in LOOKALIKES))


_ONLY_BEHIND = {dimension: re.compile(each.pattern) for dimension, each in ONLY_BEHIND.items()}


def says_something(dimension: Dimension, before: str) -> bool:
    """Whether a measure may be a claim behind these words: 连续3年, but not 3年.

    >>> says_something(Dimension.DURATION, "连续"), says_something(Dimension.DURATION, "近")
    (True, False)
    """
    needed = _ONLY_BEHIND.get(dimension)
    return needed is None or bool(needed.search(before))


def cover(plain: str) -> str:
    """The text, as long as before, with every look-alike covered.

    >>> cover("2021年召开62场").replace(COVER, "_")
    '_____召开62场'
    """
    return _ANY.sub(lambda found: COVER * len(found.group()), plain)
