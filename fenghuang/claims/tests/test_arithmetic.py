import re
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.claims import reading
from fenghuang.claims.arithmetic import findings
from fenghuang.claims.bounds import Bounds, behind, shown
from fenghuang.claims.claim import Claim, Modality
from fenghuang.claims.finding import Level
from fenghuang.claims.wording import promise, wordings

DATA = Path(__file__).parent / "data"
CLEAN = sorted((DATA / "clean").glob("*.txt"))

ERROR, QUESTION, NOTE = Level.ERROR, Level.QUESTION, Level.NOTE


def marked(text):
    """A text and its claims from one with each claim in square brackets, targets in braces."""
    claims, plain, at = [], "", 0
    for found in re.finditer(r"\[([^\]]+)\]|\{([^}]+)\}", text):
        plain += text[at : found.start()]
        at = found.end()
        fragment = found[1] or found[2]
        claims.append(claim(fragment, len(plain), Modality.TARGET if found[2] else Modality.ACTUAL))
        plain += fragment
    return plain + text[at:], claims


def claim(fragment, start=0, modality=Modality.ACTUAL):
    phrase = promise(fragment)
    return Claim(
        text=fragment,
        start=start,
        end=start + len(fragment),
        value=phrase.number.value if phrase.number else None,
        unit=phrase.unit,
        subject="",
        approx=phrase.marker.approx,
        interval=phrase.interval,
        modality=modality,
    )


def found(text, claims):
    return [(one.code, one.level) for one in findings(text, claims)]


def only(text):
    (one,) = findings(*marked(text))
    return one


FAULTS = {
    "part_exceeds_whole": [
        ("投入资金[120万元]，其中市级资金[150万元]。", ERROR),
        ("发现隐患[46处]，其中重大隐患[58处]。", ERROR),
        ("共有党员[500名]（其中女党员[600名]）。", ERROR),
        ("受理工单[200余件]，其中投诉[300余件]。", ERROR),
        ("总投资近[2亿元]，其中上级资金[2.3亿元]。".replace("近[2亿元]", "[近2亿元]"), ERROR),
    ],
    "sum_differs": [
        ("到位资金[8.29亿元]，其中工业[6.14亿元]、农业[0.891亿元]、服务业[1.31亿元]。", ERROR),
        ("工业[6.14亿元]、农业[0.891亿元]、服务业[1.31亿元]，合计[8.29亿元]。", ERROR),
        ("办理投诉[20件]、求助[30件]、咨询[12件]，合计[63件]。", ERROR),
        ("实有人员[97人]，其中男性[41人]、女性[55人]。", ERROR),
        ("共受理[49件]，其中已办结[45件]、未办结[5件]。", ERROR),
        ("检查企业[100家]，其中工贸[60家]、餐饮[30家]、其他[11家]。", ERROR),
        (
            "投入[10万元]、[20万元]，共投入[40万元]。".replace(
                "投入[10万元]、[20万元]", "道路投入[10万元]、绿化投入[20万元]"
            ),
            ERROR,
        ),
        ("新建项目[10个]（道路[3个]、市场[4个]、绿化[2个]）。", QUESTION),
        ("实施项目[10个]，分别为道路[3个]、市场[4个]、绿化[2个]。", ERROR),
        ("检查企业[100家]，其中工贸[60家]、餐饮[50家]。", QUESTION),
        ("举办讲座[20场]、演出[10场]，共举办[35场]。", QUESTION),
        (
            "合同资金[7.78亿元]，到位资金[8.29亿元]。其中工业项目[35个]，到位资金[6.14亿元]；基建项目[18个]，"
            "到位资金[8910万元]；其它项目[56个]，到位资金[1.31亿元]。",
            ERROR,
        ),
        ("总投资[10.0亿元]，其中固定资产投资[8.0亿元]、设备投资[3.0亿元]。", QUESTION),
        ("发放补贴[100余万元]、救助金[20余万元]，合计[300万元]。", ERROR),
    ],
    "mixed_total": [
        ("慰问老人[20人]、家庭[30户]，共慰问[50户]。", QUESTION),
        ("走访家庭[30户]、企业[20家]，合计[50家]。", QUESTION),
        ("培训党员[200人]、群众[300人次]，合计[500人次]。", QUESTION),
        ("走访群众[120人]、商户[30家]、住户[50户]，共走访[200户]。", QUESTION),
    ],
    "names_and_values": [
        ("东门、西门、南门社区分别完成[3个]、[4个]。", QUESTION),
        ("财政、住建、街道分别出资[3万元]、[4万元]、[5万元]、[6万元]。", QUESTION),
        ("道路、绿化、亮化分别投入[3万元]、[4万元]。", QUESTION),
        ("甲社区、乙社区分别收集[3条]、[4条]、[5条]。", QUESTION),
    ],
    "rate_differs": [
        ("共受理投诉[49件]，办结[48件]，办结率[99%]。", ERROR),
        ("发现隐患[312处]，整改[308处]，整改率达[99.5%]。", ERROR),
        ("党员[120名]，其中女党员[36名]，占[35%]。", ERROR),
        ("计划改造{20个}，完成[18个]，完成任务的[95%]。", ERROR),
        ("派发工单[300件]，办结[299件]，办结率[100%]。", QUESTION),
        ("应签约[180余户]，已签约[100余户]，签约率[45%]。", ERROR),
        ("企业[60家]，规上企业[12家]，占[30%]。", QUESTION),
    ],
    "rate_above_all": [
        ("群众满意率达[102%]。", ERROR),
        ("网格覆盖率[110%]。", ERROR),
        ("隐患整改率[105%]。", QUESTION),
        ("反诈知晓率为[100.5%]。", ERROR),
        ("工单办结率[101%]。", QUESTION),
    ],
    "shares_above_all": [
        ("物业类占[40%]、噪音类占[35%]、其他占[30%]。", QUESTION),
        ("老人占[50.5%]，儿童占[30.2%]，其他占[25.1%]。", QUESTION),
        ("一产占[10%]，二产占[60%]，三产占[35%]。", QUESTION),
        ("投诉占[60%]、求助占[50%]、咨询占[20%]。", QUESTION),
    ],
    "growth_differs": [
        ("表格由[91张]压减到[39张]，压减[65.3%]。", ERROR),
        ("指标项由[1849个]压减到[904个]，下降[51.21%]。", ERROR),
        ("报表由[257张]减少至[81张]，减幅达[70%]。", ERROR),
        ("企业从[100家]增加到[120家]，增长[30%]。", ERROR),
        ("企业从[100家]增加到[120家]，增加[30家]。", ERROR),
        ("受理[120件]，比上年的[100件]增长[25%]。", ERROR),
        ("满意率由[90%]提高到[95%]，提高[8个百分点]。", ERROR),
        ("由[100余件]减少到[50余件]，下降[90%]。", ERROR),
        ("企业从[100家]增加到[120家]，同比增长[30%]。", QUESTION),
    ],
    "direction_differs": [
        ("表格由[39张]减少到[91张]。", ERROR),
        ("企业由[120家]增加到[100家]。", ERROR),
        ("投诉从[50件]下降到[80件]。", ERROR),
        ("满意率由[95%]提高到[90%]。", ERROR),
    ],
    "points_as_percent": [
        ("满意率由[40%]提高到[60%]，提高[20%]。", QUESTION),
        ("占比从[20%]下降到[15%]，下降[5%]。", QUESTION),
        ("覆盖率由[60%]提升至[80%]，提升了[20%]。", QUESTION),
        ("整改率从[88.5%]上升到[96%]，上升[7.5%]。", QUESTION),
    ],
    "percent_as_points": [
        ("企业由[100家]增加到[120家]，增长[20个百分点]。", QUESTION),
        ("投诉由[50件]下降到[40件]，下降[20个百分点]。", QUESTION),
        ("资金从[1.5亿元]增加到[1.8亿元]，增加[20个百分点]。", QUESTION),
        ("表格由[91张]压减到[39张]，压减[57.1个百分点]。", QUESTION),
    ],
    "list_count_differs": [
        ("落成项目[2个]（甲科技项目、乙合金项目、丙电子项目）。", ERROR),
        ("改造小区[3个]（东风小区、柳林小区）。", ERROR),
        ("引进企业[2家]（温州甲公司、南昌乙公司、长沙丙公司）。", ERROR),
        ("新建设施[3处]（球场、凉亭、步道、花池）。", QUESTION),
        ("东风小区、柳林小区、新华小区等[2个]小区完成改造。", QUESTION),
    ],
    "fewer_times_than_persons": [
        ("组织培训[300人]、[250人次]。", ERROR),
        ("全年培训[250人次]，[300人]。", ERROR),
        ("参加培训[500人]，先后参加[300人次]。", QUESTION),
        ("服务老人[300人]（[200人次]）。", ERROR),
    ],
    "fewer_times_than_sessions": [
        ("举办讲座[60场]，参加[50人次]。", QUESTION),
        ("开展宣讲[100余场]，受众[60余人次]。", QUESTION),
        ("举办活动[24场次]，参与[20人次]。", QUESTION),
        ("组织观影[12场]，观众[9人次]。", QUESTION),
    ],
    "more_rectified_than_found": [
        ("排查隐患[46处]，整改[58处]。", QUESTION),
        ("发现问题[46个]，均已整改[58个]。", ERROR),
        ("检查企业[20家]，发现隐患[46处]。当场整改[6处]，限期整改[52处]。", QUESTION),
        ("查出安全隐患[30余处]，全部整改[50余处]。", ERROR),
    ],
    "units_along_a_funnel": [
        ("收集问题[200余个]，列出项目清单[36项]。解决民生小事[180余件]。", NOTE),
        ("征集意见[300条]，形成清单[40项]，办结民生小事[90件]。", NOTE),
        ("反映诉求[80件]，梳理清单[20项]，解决难题[15个]。", NOTE),
        ("收集居民需求[120条]，列入清单[30项]，完成实事[12件]。", NOTE),
    ],
    "told_twice": [
        ("2021年，全街共召开贴心会[62场次]。\n2021年，全街共召开贴心会[65场次]。", QUESTION),
        ("2021年，累计开展志愿服务[300余次]。\n2021年，累计开展志愿服务[420次]。", QUESTION),
        ("全街[31个]网格，各有专人。\n全街[32个]网格全覆盖。", QUESTION),
        ("全年共消除安全隐患[20余处]。\n全年共消除安全隐患[35处]。", QUESTION),
    ],
    "cumulative_without_start": [
        ("2021年工作总结\n累计引进总部经济企业[449家]。", QUESTION),
        ("2021年工作总结\n累计培育社会组织[36个]。", QUESTION),
        ("累计开展巡查[120次]。", QUESTION),
        ("2021年工作总结\n目前，累计建成充电桩[60个]。", QUESTION),
    ],
    "beyond_unknown_target": [
        ("截至目前，[9个]小区建成，超额完成全年目标任务。", QUESTION),
        ("超额完成年度任务。", QUESTION),
        ("新增就业[623人]，超额完成目标。", QUESTION),
        ("各项指标均超额完成。", QUESTION),
    ],
    "target_not_reached": [
        ("目标任务{100个}，实际完成[90个]，超额完成。", ERROR),
        ("计划改造{20栋}，已完成[18栋]，超额完成任务。", ERROR),
        ("年度目标{12亿元}，实现[11.3亿元]，超额完成。", ERROR),
        ("任务{300人}，完成[280余人]，超额完成全年任务。", ERROR),
    ],
    "all_without_base": [
        ("实现网格化管理全覆盖。", NOTE),
        ("雨污分流改造全面完成。", NOTE),
        ("高龄补贴应发尽发。", NOTE),
        ("隐患整改全部完成。", NOTE),
    ],
    "figure_left_out": [
        ("受理各类投诉[49件]，共件，已办结。".replace("，共件", "。\n共件"), ERROR),
        ("投入经费万多元，修复路面。", QUESTION),
        ("总投资xx.x亿元。", ERROR),
        ("走访居民××户。", ERROR),
        ("完成率?8%。", QUESTION),
        ("承接办理各类事务多起，拆除建筑物[3处]。", QUESTION),
        ("拆除非法占地建筑物平方米。", QUESTION),
        ("接待群众累计人次。", ERROR),
    ],
    "works_without_figures": [
        ("统筹推进疫情防控。开展巡查[3次]。", NOTE),
        ("推进老旧小区改造、电梯加装等。改造老旧小区[3个]。", NOTE),
        ("常态化推动扫黑除恶。召开会议[3次]。", NOTE),
        ("大力开展招商引资。召开会议[3次]。", NOTE),
    ],
}

CLEAR = {
    "parts and totals": [
        "总投资[1.36亿元]，其中中央[0.52亿元]、省级[0.31亿元]、区级[0.41亿元]、自筹[0.12亿元]。",
        "到位资金[8.3亿元]，其中工业[6.14亿元]、农业[0.891亿元]、服务业[1.31亿元]。",
        "工业[6.1亿元]、农业[0.9亿元]、服务业[1.3亿元]，合计[8.4亿元]。",
        "党员[120人]，其中女性[50人]，六十岁以上[80人]（有重复）。",
        "受理[500件]，其中投诉[213件]、求助[248件]等。",
        "志愿者[100人]，其中党员[60人]，同时也是网格员的[50人]。",
        "到位资金[8.29亿元]，合同资金[7.78亿元]。",
        "发现隐患[100处]，其中重大隐患[2处]，检查单位[300处]。",
        "举办讲座[3场]、演出[4场]等，共开展各类活动[20场]。",
        "甲社区举办活动[3场]、乙社区举办[4场]，因联合举办，共[6场]。",
        "投入[120余万元]，其中财政资金[90余万元]、自筹[30余万元]。",
        "共[8个]项目，其中道路[3个]；另投入资金[20万元]。",
        "投资[10亿元]（去年[8亿元]、前年[7亿元]）。",
        "新建项目[10个]（道路[3个]、市场[4个]等）。",
        "开展宣讲[20场]、培训[5次]，服务[300人次]。",
        "全街[31个]网格，东片[3个]、西片[4个]，共[7个]。",
        "受众[1.2万人次]，其中线上[7600人次]、线下[4480人次]。",
        "老人[20人]、儿童[30人]，共同参加活动[3场]。",
        "共同开展活动[3场]、[4场]、[8场]。",
        "东门、西门社区分别完成[3个]、[4个]。",
        "东门、西门、南门和北门社区分别完成[3个]、[4个]、[5个]、[6个]。",
        "东门、西门等社区分别完成[3个]、[4个]、[5个]。",
        "慰问老人[20人]、家庭[30户]，共发放[50份]。",
        "走访老人[20人]、家庭[30户]，共投入[5万元]。",
        "完成任务数[132亿元]。其中省外[60亿元]，完成任务数[65亿元]；产业[87亿元]，完成任务数[69亿元]。",
        "到位资金[8.34亿元]。其中工业[35个]，到位资金[6.14亿元]；其他[56个]，到位资金[2.2亿元]。",
        "到位资金[8.34亿元]。其中工业[35个]，到位资金[6.14亿元]；基建[18个]，到位资金[1.2亿元]。",
    ],
    "rates": [
        "共受理投诉[49件]，办结[48件]，办结率[97.96%]。",
        "共受理投诉[49件]，办结[48件]，办结率[98%]。",
        "共受理投诉[49件]，办结[48件]，办结率[97.9%]。",
        "受理[50件]，办结[48件]，满意率[99%]。",
        "受理[50件]，办结[48件]，按时办结率[99%]。",
        "申报[19个]，开工[15个]，投资完成率[90%]。",
        "受理[200余件]，办结[180余件]，办结率[90%]。",
        "企业[60家]，规上企业[12家]，占全区的[30%]。",
        "受理[50件]，办结[48件]（含上年结转[6件]），办结率[84%]。",
        "投诉[40件]，占[40%]，求助[35件]，占[35%]。",
        "完成投资[12亿元]，为年度计划的[120%]。",
        "完成率[120%]，同比增长[135%]。",
        "税收完成年度目标的[105%]。",
        "物业占[33.4%]、噪音占[33.4%]、其他占[33.4%]。",
        "物业占[34%]、噪音占[34%]、其他占[33%]。",
        "选择物业的占[60%]、噪音占[50%]、停车占[40%]（可多选）。",
        "应签约[180余户]，已签约[100余户]，签约率[65%]。",
        "计划改造{20个}，完成[22个]，完成任务的[110%]。",
    ],
    "growth": [
        "表格由[91张]压减到[39张]，压减[57.1%]。",
        "表格由[91张]压减到[39张]，压减[57%]。",
        "表格由[91张]压减到[39张]，压减[近60%]。",
        "报表由[257张]减少至[81张]，平均压减[60%]。",
        "满意率由[90%]提高到[95%]，提高[5个百分点]。",
        "满意率由[90%]提高到[95%]，提高[5.6%]。",
        "企业从[100家]增加到[120家]，净增[20家]。",
        "企业从[100余家]增加到[120余家]，增长[10%]。",
        "从[3个]社区扩展到[8个]社区，投入增长[20%]。",
        "受理[120件]，比上年增长[25%]。",
        "由[5.5天]缩短到[2天]，缩短[63.6%]。",
        "覆盖面由[60%]扩大到[80%]，服务人次增长[30%]。",
        "由原来的[3人]发展到[20余人]，开展服务[50次]。",
    ],
    "lists": [
        "落成项目[2个]（甲科技项目、乙合金项目）。",
        "落成项目[5个]（甲科技项目、乙合金项目等）。",
        "落成项目[3个]（甲项目、乙和丙项目）。",
        "在谈项目[1个]（温州正成照明科技有限公司）。",
        "举办活动[3场]（歌咏、书法、摄影、棋类）。",
        "改造小区[9个]（涉及东门、西门社区）。",
        "建成站点[2个]（投资3万元、5万元、8万元）。",
        "东风小区、柳林小区等[5个]小区完成改造。",
        "聚焦水、电、路，改造小区[2个]。",
        "建立机制[3项]（排查、登记、整改、销号全流程，各负其责）。",
    ],
    "counts": [
        "参加志愿者[500人]，服务群众[300人次]。",
        "培训[300人]、[350人次]。",
        "培训[300人次]、[95人]结业。",
        "举办讲座[60场]，受众[1200人次]。",
        "举办讲座[60场]，获奖[5人次]。",
        "排查隐患[46处]，整改[46处]。",
        "排查隐患[46处]，整改往年遗留隐患[58处]。",
        "排查隐患[46处]，检查单位[58处]。",
        "排查隐患[40余处]，整改[48处]。",
        "东片新发现隐患[1处]；西片需整改[61处]，已整改[56处]。",
        "到位资金[8.29亿元]，签约资金[7.78亿元]。",
        "收集问题[200个]，列出清单[36个]，解决问题[180个]。",
        "收集问题[200个]，投入资金[36万元]，召开会议[180次]。",
    ],
    "repeats": [
        "全街共召开贴心会[62场次]。\n全街共召开贴心会[60余场次]。",
        "上半年，全街共召开贴心会[30场次]。\n下半年，全街共召开贴心会[32场次]。",
        "东门社区共召开贴心会[30场次]。\n西门社区共召开贴心会[32场次]。",
        "一、东门社区\n全年共召开贴心会[30场次]。\n二、西门社区\n全年共召开贴心会[32场次]。",
        "全年目标共召开贴心会[70场次]。\n全年共召开贴心会[62场次]。",
        "在广场发放宣传单[200份]。\n在市场发放宣传单[300份]。",
        "全街[8个]社区党组织完成换届。\n全街[9个]社区食堂开业。",
        "协议总金额[30亿元]。\n协议总金额[20亿元]。",
        "投诉类共[30件]。\n投诉类共[40件]。",
        "2020年，累计开展检查[30次]。\n2021年，累计开展检查[40次]。",
    ],
    "words": [
        "2021年，累计引进总部经济企业[449家]。",
        "2021年工作总结\n累计开展警醒日活动[12次]。",
        "自2015年以来，累计引进企业[449家]。",
        "2021年工作总结\n本届任期内累计引进企业[449家]。",
        "目标任务{8个}，建成[9个]，超额完成。",
        "完成年度任务的[120%]，超额完成。",
        "力争超额完成全年目标。",
        "超额完成[3个]，受到表扬。",
        "[9个]小区全面完成建设。",
        "实现全街背街小巷全覆盖。",
        "力争实现全覆盖。",
        "统筹推进疫情防控，接种疫苗[300剂次]。",
        "受疫情影响，检查[300次]。",
        "2022年将推进老旧小区改造。开展巡查[3次]。",
        "大家共处一室，和平共处，共户口本。",
        "共同投入万元以上项目，共场地。",
        "建成万元户村，某某小区××路。",
        "方案甲为3×5米。",
        "好事多多，每平方米补贴[20元]，面积[30平方米]。",
        "2021年，各社区齐心协力，按照区里的统一部署和要求，大家\n累计引进总部经济企业[449家]。",
    ],
}

POSITIVE = [(code, text, level) for code, cases in FAULTS.items() for text, level in cases]
NEGATIVE = [text for texts in CLEAR.values() for text in texts]


@pytest.mark.parametrize(("code", "text", "level"), POSITIVE)
def test_a_fault_is_found_once_and_with_its_sureness(code, text, level):
    assert found(*marked(text)) == [(code, level)]


@pytest.mark.parametrize("text", NEGATIVE)
def test_what_has_an_honest_reading_stays_silent(text):
    assert found(*marked(text)) == []


def test_every_kind_of_fault_has_enough_cases():
    assert {code: len(cases) >= 4 for code, cases in FAULTS.items()} == dict.fromkeys(FAULTS, True)
    assert {kind: len(texts) >= 6 for kind, texts in CLEAR.items()} == dict.fromkeys(CLEAR, True)


@pytest.mark.parametrize(("code", "text", "level"), POSITIVE)
def test_a_fault_is_found_with_the_claims_that_are_really_read(code, text, level):
    plain, _ = marked(text)

    assert found(plain, reading.claims(plain)) == [(code, level)]


@pytest.mark.parametrize("text", NEGATIVE)
def test_the_claims_that_are_really_read_raise_no_false_alarm(text):
    plain, _ = marked(text)

    assert found(plain, reading.claims(plain)) == []


# tables


def table(*rows, separator="\t"):
    return "\n".join(separator.join(row.split()) for row in rows)


HEAD = "社区 件数 投入（万元） 办结率"

TABLE_FAULTS = [
    table(HEAD, "东门 10 1.5 90%", "西门 20 2.5 80%", "合计 31 4.0 85%"),
    table(HEAD, "东门 10 1.5 90%", "西门 20 2.5 80%", "合计 30 4.6 85%"),
    table(HEAD, "合计 35 4.0 85%", "东门 10 1.5 90%", "西门 20 2.5 80%"),
    table(HEAD, "东门 10 1.5 -", "西门 20 2.5 -", "小计 30 5.0 -", "南门 5 1.0 -", "合计 35 5.0 -"),
    "|社区|件数|\n|---|---|\n|东门|10件|\n|西门|20件|\n|合计|29件|",
    "东门\t10件\n西门\t20件\n合计\t31件",
    "社区\t隐患（处）\t\n\t发现\t整改\n东门\t10\t9\n西门\t20\t18\n合计\t30\t28",
    table("社区 1月 2月", "东门 10 9", "西门 20 18", "合计 30 28"),
]

TABLE_CLEAR = [
    table(HEAD, "东门 10 1.5 90%", "西门 20 2.5 80%", "合计 30 4.0 83%"),
    table(HEAD, "东门 10 1.54 90%", "西门 20 2.54 80%", "合计 30 4.1 83%"),
    table(HEAD, "合计 30 4 85%", "东门 10 1.5 90%", "西门 20 2.5 80%"),
    table(HEAD, "东门 10 1 -", "小计 10 1 -", "南门 5 1 -", "小计 5 1 -", "合计 15 2 -"),
    table(HEAD, "东门 10 1 -", "其中：老旧 4 1 -", "西门 5 1 -", "合计 15 2 -"),
    table(HEAD, "东门 10 1 -", "西门 余 1 -", "合计 15 2 -"),
    table("社区 参加人数（去重）", "东门 10", "西门 20", "合计 25"),
    table("年份 平均用时", "2020年 10", "2021年 20", "合计 15"),
    table("项目 数量", "道路 1,000", "桥梁 2,000", "合计 3,000"),
    table(HEAD, "东门 10 1.5 90%", "西门 — 2.5 80%", "合计 10 4.0 83%"),
    "合计  3个\n共计  4个",
    "东门\t10件\n西门\t20件\n合计\t30件",
    "时间\t件数\n本周\t5\n本月\t10\n累计\t50",
    "项目\t件数\n道路\t5\n桥梁\t10\n总计划\t50",
    "项目\t件数\t备注\n道路\t5\t无\n桥梁\t10\n灯\t4\t无\n椅\t3\t无\n合计\t22\t无",
    table(
        "片区 社区 件数",
        "东片 甲 1",
        "东片 乙 2",
        "东片 小计 3",
        "西片 丙 4",
        "西片 小计 4",
        "合计 - 7",
    ),
    "东门、西门合计  30件\n办结  29件",
    "社区\t隐患（处）\t\n\t发现\t整改\n东门\t10\t9\n西门\t20\t18\n合计\t30\t27",
    table("指标 2020 2021", "办结 10 9", "受理 20 18", "合计 30 27"),
]


@pytest.mark.parametrize("text", TABLE_FAULTS)
def test_a_total_of_a_pasted_table_that_is_not_its_sum_is_an_error(text):
    assert found(text, []) == [("table_total_differs", ERROR)]
    assert found(text, reading.claims(text)) == [("table_total_differs", ERROR)]


@pytest.mark.parametrize("text", TABLE_CLEAR)
def test_a_table_with_an_honest_reading_stays_silent(text):
    assert found(text, []) == []
    assert found(text, reading.claims(text)) == []


def test_a_total_of_a_table_below_the_sum_may_be_of_distinct_ones():
    text = table("社区 活动（场）", "东门 10", "西门 20", "合计 25")

    assert found(text, reading.claims(text)) == [("table_total_differs", QUESTION)]


def test_a_finding_in_a_table_points_at_the_cells():
    text = table(HEAD, "东门 10 1.5 90%", "西门 20 2.5 80%", "合计 31 4.0 85%")

    (one,) = findings(text, [])

    assert [text[span.start : span.end] for span in one.fragments] == ["10", "20", "31"]
    assert (one.printed, one.recomputed.shown) == ("31", "30")


# figures that were really published


@pytest.mark.parametrize(
    ("text", "code", "recomputed"),
    [
        ("表格由[91张]精简到[39张]，精简[65.3%]。", "growth_differs", "57.14%"),
        ("指标项由[1849个]压减至[904个]，压减[51.21%]。", "growth_differs", "51.11%"),
        ("报表从[257张]减少到[81张]，减少[70%]。", "growth_differs", "68.48%"),
        (
            "共受理投诉[49件]，办结[48件]，[1件]正在办理，办结率[99%]。",
            "rate_differs",
            "97.96%",
        ),
        (
            "到位资金[8.29亿元]，其中工业[6.14亿元]、农业[0.891亿元]、商贸[1.31亿元]。",
            "sum_differs",
            "8.341亿元",
        ),
    ],
)
def test_a_published_figure_that_does_not_fit_is_an_error_with_what_fits(text, code, recomputed):
    one = only(text)

    assert (one.code, one.level) == (code, ERROR)
    shown_exactly = one.recomputed.shown
    if not one.recomputed.bounds.is_exact and "—" in shown_exactly:
        low, high = shown_exactly.rstrip("%").replace("%", "").split("—")
        assert float(low) <= float(recomputed.rstrip("%")) <= float(high)
    else:
        assert shown_exactly == recomputed


def test_totals_that_were_published_without_their_number_are_errors():
    text = "受理投诉49件，办结48件。其中环境类共件，治安类共件。"

    assert found(text, reading.claims(text)) == [("figure_left_out", ERROR)] * 2


def test_more_hazards_rectified_than_found_is_asked_about():
    text = "检查场所30家，发现隐患46处。其中当场整改6处，限期整改52处。"

    assert [code for code, _ in found(text, reading.claims(text))] == ["more_rectified_than_found"]


@pytest.mark.parametrize(
    "text",
    [
        "到位资金8.29亿元，合同资金7.78亿元。",
        "住宅用地占34.5%、商业用地占28.6%、工业用地占37.9%。",
        "截至6月底，全县共有水库19座。\n截至9月底，全县共有水库20座。",
    ],
)
def test_published_figures_that_only_look_wrong_stay_silent(text):
    assert found(text, reading.claims(text)) == []


def test_the_report_of_2021_has_four_weaknesses_and_no_error():
    text = (DATA / "phoenix_2021.txt").read_text("utf-8")

    told = findings(text, reading.claims(text))

    assert {(one.code, one.level, one.fragments[0].text) for one in told} == {
        ("cumulative_without_start", QUESTION, "449家"),
        ("beyond_unknown_target", QUESTION, "超额完成"),
        ("works_without_figures", NOTE, "疫情防控"),
        ("units_along_a_funnel", NOTE, "200余个"),
    }
    assert len(told) == 4


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_a_clean_report_raises_neither_error_nor_question(path):
    text = path.read_text("utf-8")
    claims = reading.claims(text)

    assert len(claims) > 40
    assert [one for one in findings(text, claims) if one.level is not NOTE] == []


# honest figures under any rounding, and dishonest ones under none

NAMES = ("道路", "绿化", "亮化", "排水", "消防", "安防")


@st.composite
def honest_reports(draw):
    """Parts and their true total, each in any honest wording, in any of several sentences."""
    unit = draw(st.sampled_from(["件", "人次", "元", "平方米", "户"]))
    values = draw(st.lists(st.integers(1, 10**9), min_size=2, max_size=6))
    worded = [draw(st.sampled_from(wordings(value, unit))) for value in values]
    whole = draw(st.sampled_from(wordings(sum(values), unit)))
    parts = "、".join(f"{name}[{text}]" for name, text in zip(NAMES, worded, strict=False))
    return draw(
        st.sampled_from(
            [
                f"{parts}，合计[{whole}]。",
                f"{parts}，共[{whole}]。",
                f"总量[{whole}]，其中{parts}。",
                f"总量[{whole}]（{parts}）。",
                f"总量[{whole}]，分别为{parts}。",
            ]
        )
    )


@given(honest_reports())
def test_an_honest_total_in_any_wording_is_never_doubted(text):
    assert found(*marked(text)) == []


CUT_OFF = st.integers(0, 6)


@given(st.lists(st.integers(1, 10**12), min_size=2, max_size=5), CUT_OFF, st.booleans())
def test_an_honest_total_is_not_doubted_when_it_or_its_parts_are_cut_off(values, places, wholly):
    def printed(value, decimals):
        scaled = value // 10 ** (8 - decimals)
        digits = (
            f"{scaled // 10**decimals}.{scaled % 10**decimals:0{decimals}d}"
            if decimals
            else str(scaled)
        )
        return f"[{digits}亿元]"

    fine = 6 if wholly else places
    parts = "、".join(f"{n}{printed(v, fine)}" for n, v in zip(NAMES, values, strict=False))

    assert found(*marked(f"{parts}，合计{printed(sum(values), places)}。")) == []


@given(
    st.lists(st.integers(1, 10**7), min_size=2, max_size=6),
    st.integers(-(10**7), 10**7).filter(bool),
)
def test_a_total_of_counts_that_was_changed_at_all_is_an_error(values, change):
    whole = sum(values) + change
    if whole < 1 or any(sum(values[n:]) == whole for n in range(len(values) - 1)):
        return
    parts = "、".join(f"{name}[{value}件]" for name, value in zip(NAMES, values, strict=False))

    assert found(*marked(f"{parts}，合计[{whole}件]。")) == [("sum_differs", ERROR)]


@given(
    st.lists(st.integers(1, 10**5), min_size=2, max_size=6),
    st.integers(1, 10**5),
    st.booleans(),
)
def test_a_total_of_money_changed_beyond_every_rounding_is_an_error(values, change, up):
    def printed(hundredths):
        return f"[{hundredths // 100}.{hundredths % 100:02d}亿元]"

    shift = change + len(values) + 1
    whole = sum(values) + (shift if up else -shift)
    far = all(abs(sum(values[n:]) - whole) > len(values) + 1 for n in range(len(values) - 1))
    if whole < 1 or not far:
        return
    parts = "、".join(f"{n}{printed(v)}" for n, v in zip(NAMES, values, strict=False))

    assert found(*marked(f"{parts}，合计{printed(whole)}。")) == [("sum_differs", ERROR)]


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 3), st.booleans())
def test_an_honest_rate_is_never_doubted_however_it_is_rounded(one, other, decimals, cut):
    part, whole = sorted((one, other))
    exact = Fraction(part, whole) * 100 * 10**decimals
    shown_at = int(exact) if cut else round(exact)
    if shown_at == 100 * 10**decimals and part != whole:
        return  # nearly all is not all
    digits = f"{shown_at // 10**decimals}.{shown_at % 10**decimals:0{decimals}d}"
    digits = digits if decimals else str(shown_at)
    text = f"受理[{whole}件]，办结[{part}件]，办结率[{digits}%]。"

    assert found(*marked(text)) == []


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(2, 90))
def test_a_rate_changed_beyond_every_rounding_is_an_error(one, other, change):
    part, whole = sorted((one, other))
    right = Fraction(part, whole) * 100
    told = int(right) + change if right < 50 else int(right) - change
    if not 0 < told < 100:
        return
    text = f"受理[{whole}件]，办结[{part}件]，办结率[{told}%]。"

    assert found(*marked(text)) == [("rate_differs", ERROR)]


def test_a_list_too_long_to_be_read_is_not_half_read():
    parts = "、".join(["道路[3件]"] * 80)

    assert found(*marked(f"{parts}，合计[240件]。总量[240件]，分别为{parts}。")) == []


@given(
    st.lists(st.sampled_from([text for _, text, _ in POSITIVE] + NEGATIVE), max_size=6), st.data()
)
def test_every_finding_points_into_the_text_whatever_the_text(texts, data):
    plain, _ = marked("".join(texts))
    cut = data.draw(st.integers(0, len(plain)))
    text = plain[cut:] + plain[:cut]

    for one in findings(text, reading.claims(text)):
        assert all(text[span.start : span.end] == span.text for span in one.fragments)
        assert one.as_json()["sentence"] == one.sentence


# bounds, sentences, cost


@pytest.mark.parametrize(
    ("fragment", "low", "high"),
    [
        ("62场次", "62", "62"),
        ("180余件", "181", "189"),
        ("120余万元", "1200000", "1300000"),
        ("2.22亿元", "221500000", "223000000"),
        ("3亿元", "250000000", "400000000"),
        ("1.2万人次", "11500", "13000"),
        ("99%", "98.5", "100"),
        ("12345元", "12344.5", "12346"),
        ("超过1200人次", "1200", None),
        ("近200人", "100", "200"),
        ("约300人", "200", "400"),
        ("5万—10万人", "50000", "100000"),
        ("两面", "2", "2"),
        ("三成", "25", "40"),
        ("一半", "45", "60"),
        ("过半", "50", None),
        ("三四个", "3", "4"),
    ],
)
def test_what_may_stand_behind_a_printed_value(fragment, low, high):
    expected = Bounds(Fraction(low), None if high is None else Fraction(high))

    assert behind(claim(fragment)) == expected


def test_a_cell_is_known_to_the_place_that_its_head_gives_it():
    text = "项目\t投入（万元）\n道路\t12.5"
    (cell,) = reading.claims(text)

    assert behind(cell) == Bounds(Fraction(124500), Fraction(126000))


@pytest.mark.parametrize(
    ("bounds", "unit", "text"),
    [
        (Bounds.exactly(Fraction(52, 91)).times(100), "%", "57.14%"),
        (Bounds(Fraction(31), None), "个", "至少31个"),
        (Bounds(None, Fraction(31)), "个", "至多31个"),
        (Bounds(Fraction(31), Fraction(39)), "个", "31个—39个"),
        (Bounds(None, None), "个", "—"),
    ],
)
def test_recomputed_values_are_printed_with_no_more_digits_than_they_need(bounds, unit, text):
    assert shown(bounds, unit) == text


def test_a_finding_names_fragments_by_their_place_and_gives_exact_values():
    one = only("办理投诉[20件]、求助[30件]、咨询[12件]，合计[63件]。")

    assert one.as_json() == {
        "code": "sum_differs",
        "level": "error",
        "fragments": [
            {"text": "20件", "start": 4, "end": 7},
            {"text": "30件", "start": 10, "end": 13},
            {"text": "12件", "start": 16, "end": 19},
            {"text": "63件", "start": 22, "end": 25},
        ],
        "printed": "63件",
        "recomputed": {"low": "62", "high": "62", "shown": "62件"},
        "sentence": "分项20件、30件、12件相加为62件，总数却写63件。",
    }


@pytest.mark.parametrize(("code", "text", "level"), POSITIVE)
def test_a_sentence_is_short_and_plain(code, text, level):
    for one in findings(*marked(text)):
        assert one.sentence.endswith("。") and len(one.sentence) <= 90


def seconds(text, claims):
    start = time.process_time()
    findings(text, claims)
    return time.process_time() - start


def test_the_work_grows_with_the_length_of_the_text():
    text = "\n".join(path.read_text("utf-8") for path in CLEAN)
    claims = reading.claims(text)

    def longer(times):
        shift = len(text) + 1
        moved = [
            replace(one, start=one.start + n * shift, end=one.end + n * shift)
            for n in range(times)
            for one in claims
        ]
        return "\n".join([text] * times), moved

    assert seconds(*longer(16)) < 9 * max(seconds(*longer(4)), 0.05)


@pytest.mark.parametrize(
    "piece",
    [
        "道路[3件]、",
        "占[3%]、",
        "受理[9件]，办结[8件]，办结率[9%]，",
        "共[9件]，其中[3件]，",
        "由[3件]增加到[4件]，",
    ],
)
def test_the_work_grows_with_the_length_of_one_endless_sentence(piece):
    short, long = marked(piece * 200), marked(piece * 800)

    assert seconds(*long) < 9 * max(seconds(*short), 0.05)
