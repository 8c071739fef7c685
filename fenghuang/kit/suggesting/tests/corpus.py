"""A made-up corpus of residents' messages, for tests only: what it scores says nothing of people's.

Each message is put together from a place, a matter of its category and polite words; the matters of
one category share few words, some words belong to several categories.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from fenghuang.kit.suggesting.examples import Example

MATTERS = {
    "市容环卫": [
        "垃圾桶满了没人清运",
        "垃圾堆在路边发臭",
        "公厕没有水很臭",
        "小广告贴满墙",
        "摊贩占道摆摊",
        "污水流到路上",
        "流动水果摊堵住人行道",
        "建筑垃圾倒在空地",
        "餐馆泔水倒进下水道",
        "道路没人清扫",
    ],
    "市政设施": [
        "路灯不亮",
        "井盖破损",
        "路面有大坑",
        "人行道地砖松动",
        "下水道堵塞积水",
        "红绿灯坏了",
        "公园长椅断了",
        "护栏被撞坏",
        "路边树枝压着电线",
        "雨水井排不出水",
    ],
    "噪音": [
        "工地夜间施工",
        "广场舞音响很大",
        "楼下酒吧唱歌到凌晨",
        "邻居装修敲墙",
        "商店喇叭叫卖",
        "空调外机嗡嗡响",
        "渣土车夜里鸣笛",
        "楼上半夜拖椅子",
        "洗车店水泵声音大",
        "棋牌室整夜吵闹",
    ],
    "物业管理": [
        "物业费涨价没征求意见",
        "电梯坏了没人修",
        "保安态度恶劣",
        "楼道堆放杂物",
        "门禁失灵",
        "车位只卖不租",
        "绿化带杂草没人剪",
        "地下车库漏水",
        "楼道灯不亮物业不修",
        "公共收益不公开",
    ],
    "劳动保障": [
        "老板拖欠工资",
        "公司不签劳动合同",
        "加班没有加班费",
        "养老金没有到账",
        "工伤不给认定",
        "社保断交怎么补",
        "失业金怎么申请",
        "试用期被辞退",
        "农民工工钱没结清",
        "退休手续怎么办",
    ],
    "教育": [
        "学校乱收费",
        "孩子上学的学区怎么划分",
        "幼儿园伙食差",
        "老师有偿补课",
        "放学时校门口堵车",
        "转学怎么办理",
        "学校食堂吃出虫子",
        "培训机构关门不退学费",
        "校服质量差",
        "学校操场气味刺鼻",
    ],
}
PLACES = [
    "幸福里",
    "东门",
    "老电站",
    "和平路",
    "三号院",
    "河边",
    "菜市场",
    "新村",
    "南街",
    "桥头",
]
BEFORE = [
    "您好，",
    "尊敬的领导：",
    "我是这里的居民，",
    "请问",
    "反映一下，",
    "",
    "",
    "",
    "",
]
AFTER = [
    "，请尽快处理。",
    "，希望有关部门管一管！",
    "，谢谢。",
    "，已经反映多次了。",
    "，什么时候能解决？",
    "",
    "。",
]
AND = [
    "，老人出行不方便",
    "，晚上睡不着",
    "，孩子没法学习",
    "，已经三个月了",
    "，打电话没人接",
    "，物业也不管",
    "",
    "",
    "",
    "",
]


def messages(count: int, *, seed: int = 1, mislabelled: float = 0.05) -> list[Example]:
    """That many messages of six categories over a year; a share has the label of another one."""
    chance = random.Random(seed)
    found = []
    for at in range(count):
        label = chance.choice(list(MATTERS))
        text = "".join(
            (
                chance.choice(BEFORE),
                chance.choice(PLACES),
                f"{chance.randint(1, 400)}号",
                chance.choice(MATTERS[label]),
                chance.choice(AND),
                chance.choice(AFTER),
            )
        )
        if chance.random() < mislabelled:
            label = chance.choice(list(MATTERS))
        found.append(Example(text, label, date(2021, 1, 1) + timedelta(at * 365 // count)))
    return found
