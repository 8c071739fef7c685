"""The verbs of office reports, by what they do to the noun phrase beside a figure."""

from __future__ import annotations

import re

# Verbs of office reports. Those of the first list end a noun phrase right of a figure; those of
# the second also stand inside noun phrases (服务站, 培训班, 改造项目).
_PREDICATES = tuple(
    verb
    for line in (
        "签订 签署 签约 参加 参与 报名 完成 实现 达到 获得 荣获 获评 获批 纳入",
        "列入 列出 进入 进 入驻 入选 通过 被 已 均 全部 全面 正在 位于 得到 提出",
        "承担 收到 接到 占 用于 开展 召开 举办 举行 涉及 惠及 解决 消除 形成 建成",
        "建立 设立 成立 落成 开工 竣工 投产 投用 申报 报到 到位 带动 推动 推进",
        "实施 常态化 深入 主动 积极 有序 进行 细分 增至 升至 降至 位居 位列 名列",
        "排名 增长 下降 提高 上升 减少 压减 压缩",
    )
    for verb in line.split()
)
_OTHERS = tuple(
    verb
    for line in (
        "策划 收集 排查 整改 整治 化解 调解 受理 办理 办结 处理 处置 回复 答复",
        "新建 改建 扩建 改造 修复 修建 铺设 安装 加装 更换 增设 设置 设立 组建",
        "建立 打造 建设 引进 引入 落地 投入 投放 投资 发放 拨付 筹集 争取 安排",
        "兑现 减免 下达 走访 慰问 入户 服务 帮助 帮扶 救助 资助 受益 覆盖 招募",
        "培训 宣传 发动 动员 出动 巡查 检查 抽查 督查 查处 查获 拆除 清理 清运",
        "清除 疏通 取缔 立案 发现 发布 发送 张贴 悬挂 印发 制作 接种 接诊 诊疗",
        "体检 筛查 随访 建档 登记 注册 录入 采集 核查 核实 审核 审批 转办 派发",
        "派单 交办 督办 梳理 选派 配备 聘请 邀请 吸纳 促进 新增 净增 增加 减少",
        "创建 表彰 推荐 提供 优化 提升 取得 接听 接待 转诊 回访 评选 废止 追回",
        "栽植 种植 摸排 指导 制定 修订 出台 划分 发生 造成 派出 督导 督促",
    )
    for verb in line.split()
)
PREDICATE = "|".join(sorted(_PREDICATES, key=len, reverse=True))
ORGANISE = "(?<![党会团济群治机])组织"  # 社区党组织 is a noun
VERBS = (
    "|".join(
        sorted({*_PREDICATES, *_OTHERS} - {"进", "占", "已", "均", "被"}, key=len, reverse=True)
    )
    + f"|{ORGANISE}"
)
VERB = re.compile(VERBS)
BARE_VERB = re.compile(rf"(?:{VERBS}|处|并)+(?:了|资金|经费)?")
OPENING_VERB = re.compile(rf"(?:{VERBS})+")
