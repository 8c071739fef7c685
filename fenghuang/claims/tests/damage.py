"""What the tests of garbling and restoring share: texts, sites, and what a restored text claims."""

import re
from pathlib import Path

from hypothesis import strategies as st

from fenghuang.claims.repairs import Restored

DATA = Path(__file__).parent / "data"

WORDS = re.findall(
    r"\S+",
    """
    社区 居民 街道 改造 老旧小区 安全生产 隐患 排查 整治 责任 责任感 建设 完成
    推进 开展 活动 庆祝 党员 服务 志愿 群众 问题 项目 投资 企业 增长 就业 培训
    宣传 经济 社会 发展 质量 新 状态 的 和 在 了 为 将 对 与 等 全面 进一步
    统筹 当前 当地 实现 现场 回访 可以 或者 会议 保障 保护 裕 海 。可 环境
    绿化 防汛 值守 疏通 管道 电梯 加装 商户 信访 调解 矛盾 纠纷 预算 收入 支出
    教育 卫生 图书室 文化 广场 舞台 排练 节目 着力 看着 著名 显著 后 里 面
    干部 台账 平台 准确 联系 系统 划拨 经费 资金 慰问 困难 家庭 低保 残疾人
    养老 助餐 医生 体检 疫苗 核酸 网格 巡查 乡村
    """,
)
FIGURES = ["12个", "2021年", "58%", "8月", "2.22亿元", "300余次", "1.5万平方米", "24小时", "2+1"]


def prose(*, brackets: bool = True) -> st.SearchStrategy[str]:
    """Clean simplified text: sentences of office words, figures and full-width marks."""
    marks = ["，", "，", "、", "；", "：", "。", "！", "”，", "。”", "“"]
    part = st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS),
        st.sampled_from(WORDS),
        st.sampled_from(FIGURES),
        st.sampled_from(marks),
        *([st.sampled_from(["（含节假日）", "（次）"])] if brackets else []),
    )
    return st.lists(part, min_size=3, max_size=40).map("".join)


def can_be(restored: Restored, original: str) -> bool:
    """Whether the restored text is the original, but for what is listed as uncertain."""
    pattern, at, grown = "", 0, 0
    for repair in restored.repairs:
        start = repair.start + grown
        grown += len(repair.after) - len(repair.before)
        if not repair.certain:
            pattern += re.escape(restored.text[at:start]) + "(?s:.*?)"
            at = start + len(repair.after)
    return re.fullmatch(pattern + re.escape(restored.text[at:]), original) is not None


def repaired(found: str, restored: Restored) -> str:
    """The text as found with all repairs carried out."""
    for repair in reversed(restored.repairs):
        assert found[repair.start : repair.end] == repair.before
        found = found[: repair.start] + repair.after + found[repair.end :]
    return found
