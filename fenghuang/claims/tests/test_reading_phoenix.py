"""The annual report of a real street: every claim in it, and nothing else."""

from pathlib import Path

from fenghuang.claims.reading import claims

REPORT = (Path(__file__).parent / "data" / "phoenix_2021.txt").read_text(encoding="utf-8")

# text, value, unit, approx, low, high, period, kind, subject, owner
EXPECTED = [
    ("6家", 6, "家", "exact", 6, 6, "2021年", "flow", "实地对接企业", ""),
    ("10余家", 10, "家", "over", 11, 19, "2021年", "flow", "线上对接企业", ""),
    ("2个", 2, "个", "exact", 2, 2, "目前", "state_reached", "签约并落成亿元以上项目", ""),
    ("1个", 1, "个", "exact", 1, 1, "目前", "stock", "在谈项目", ""),
    ("449家", 449, "家", "exact", 449, 449, "目前", "cumulative", "引进总部经济企业", ""),
    ("19个", 19, "个", "exact", 19, 19, "2021年", "flow", "申报老旧小区改造项目", ""),
    ("2.22亿元", 222000000, "元", "exact", 221500000, 222500000, "2021年", "flow",
     "总投资", "申报老旧小区改造项目"),
    ("307栋", 307, "栋", "exact", 307, 307, "2021年", "flow",
     "改造楼栋", "申报老旧小区改造项目"),
    ("7740户", 7740, "户", "exact", 7740, 7740, "2021年", "flow",
     "涉及居民", "申报老旧小区改造项目"),
    ("超过24万平方米", 240000, "平方米", "over", 240000, 250000, "2021年", "flow",
     "改造面积", "完成小街小巷白改黑工程"),
    ("120余万元", 1200000, "元", "over", 1200000, 1300000, "2021年", "flow",
     "投入智能安防小区建设", ""),
    ("9个", 9, "个", "exact", 9, 9, "截至目前", "stock", "全街小区全面完成智能安防设施建设", ""),
    ("12次", 12, "次", "exact", 12, 12, "2021年", "flow", "开展安全警醒日活动", ""),
    ("70余次", 70, "次", "over", 71, 79, "2021年", "flow", "开展安全摸排", ""),
    ("20余处", 20, "处", "over", 21, 29, "2021年", "flow", "消除安全隐患", ""),
    ("8次", 8, "次", "exact", 8, 8, "2021年", "flow", "邀请专家教授专题授课", ""),
    ("60余场", 60, "场", "over", 61, 69, "2021年", "flow", "红色宣讲队深入一线开展宣讲", ""),
    ("超过1200人次", 1200, "人次", "over", 1201, 1299, "2021年", "flow",
     "受众", "红色宣讲队深入一线开展宣讲"),
    ("40余场次", 40, "场次", "over", 41, 49, "2021年", "flow", "策划组织群众性庆祝活动", ""),
    ("62场次", 62, "场次", "exact", 62, 62, "2021年", "flow", "召开屋场贴心会", ""),
    ("200余个", 200, "个", "over", 201, 299, "2021年", "flow",
     "收集居民群众反映的急难愁盼问题", ""),
    ("36项", 36, "项", "exact", 36, 36, "2021年", "flow", "列出项目清单", ""),
    ("180余件", 180, "件", "over", 181, 189, "2021年", "flow", "解决民生小事", ""),
    ("8个", 8, "个", "exact", 8, 8, "2021年", "stock", "全街社区党组织", ""),
    ("18个", 18, "个", "exact", 18, 18, "2021年", "stock", "党建结对共建单位", ""),
    ("347名", 347, "名", "exact", 347, 347, "2021年", "stock", "在职党员进社区报到", ""),
    ("31个", 31, "个", "exact", 31, 31, "2021年", "stock", "全街网格", ""),
    ("300余次", 300, "次", "over", 301, 399, "2021年", "flow", "开展志愿服务", ""),
]  # fmt: skip


def test_every_claim_of_the_phoenix_report_is_read_and_nothing_else():
    found = [
        (
            claim.text,
            claim.value,
            claim.unit.code,
            claim.approx.value,
            claim.interval.low,
            claim.interval.high,
            claim.period,
            claim.kind.value,
            claim.subject,
            claim.owner,
        )
        for claim in claims(REPORT)
    ]

    assert found == EXPECTED


def test_all_of_them_are_done_and_none_is_a_difference():
    assert {(claim.modality.value, claim.change) for claim in claims(REPORT)} == {("actual", None)}


def test_every_claim_stands_in_the_report_where_it_says():
    assert [REPORT[claim.start : claim.end] for claim in claims(REPORT)] == [
        claim.text for claim in claims(REPORT)
    ]
