"""Word lists around figures in reports: words that say what is counted, and words that only introduce it."""

from __future__ import annotations

import re
from functools import lru_cache

from embeddings.words import cut_at, part_of_speech
from qa.text.when import times_in


def _one_of(words: str) -> str:
    """Return an alternation of words, longest first."""
    return "|".join(sorted(map(re.escape, set(words.split())), key=lambda word: (-len(word), word)))


# Verbs that leave to another clause what is meant: 惠及职工 (by which activity?).
_LIGHT = """
惠及 受惠 受益 参保 涉 直接受益 参与 参加 参赛 覆盖 宣讲覆盖 涵盖 涉及 带动 吸引 拉动 达成 赔付 兑付 占 占比 同比 环比
增长 同比增长 下降 同比下降 增加 减少 提高 提升 吸纳 受众 辐射 观看 服务
"""
# Verbs that jieba's dictionary takes for something else.
_MISTAKEN = """
惠及 新建 建设 培育 办理 落实 服务 盘活 选树 资助 荣获 发动 发展 命名 健全 动员 指导 救助 申报 选派 奖励 培训 宣传 检查 缓缴
"""
_SOFTENED = re.compile("新(?!建)|共|先后|累计|全额|积极|广泛|深入|免费|直接|共同")

PHRASE = 12  # characters in which a verb is looked for


@lru_cache(maxsize=1 << 14)
def leading_verb(text: str) -> str:
    """Return the verbs that a text begins with and what softens them (先后新建), or ``""``.

    >>> leading_verb("新创建职工书屋"), leading_verb("组织开展竞赛"), leading_verb("服务业增加值")
    ('新创建', '组织开展', '')
    """
    start = end = _end(_SOFTENED, text, 0)
    for at, word in cut_at(text[start : start + PHRASE]):
        if start + at != end or not _is_verb(word):
            break
        end += len(word)
    return text[:end] if end > start else ""


def first_verb(text: str) -> int:
    """Return the offset of the first verb of a text, what softens it included, or -1."""
    return next((at for at, word in cut_at(text) if leading_verb(text[at:])), -1)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the offset behind a match at an offset, or that offset."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _is_verb(word: str) -> bool:
    return part_of_speech(word) == "v" or word in _MISTAKEN.split()


PREPOSITION = re.compile(r"[为向给对使让把将由]$")

# Words that introduce what is said.
_INTRODUCTIONS = """
累计 共计 总计 合计 总共 一共 拥有 全部 平均 成功 力争 争取 预计 其中 为此 其间 已经 先后 同时 此外 从中 同步 分别 率先 另外 达到
共 共有 现有 现已 已有 还 并 已 仅 都 又 也 近 且 现 均 各 再 另 约 超 达 多 就 更 按 到 和 及 与 的
目前 现在 当前 如今 现阶段 至今 迄今 截至 截止 为止 全年 年底 年末 年内 同年 当年 每年 年均 本届 任期 任期内 期间 同期 据悉 据统计 今后 未来
"""
_SKIPPED = re.compile(
    r"(?:[，,、；;：:。\s（）()]|有(?![效力关限序色机])|(?:[一二两三四五六七八九十]|\d{1,2})年(?!义务)[内间里]?|"
    r"在?(?:[全我本][省市区县]|市域|[省市区县]内)(?:范围内?)?(?![劳级性大唯首最]))+"
)
_DOES = re.compile("共|累计|已|先后|[为向对给]|还|并|全年")  # behind the one who does something
_WHO = re.compile(
    r"在?(?:(?:全|我|各|本)[省市区县国]|[省市区县](?=总)|各级|各地|市县[区乡]?[两二三]级|[省市区县]、?[市区县乡]?[两三]级|基层)*"
    r"(?:总工会|工会系统|工会|(?<=[省市区县])总)"
)


def without_introduction(text: str) -> str:
    """Return a text without what only introduces it: times, places, adverbs, and the union before a verb.

    >>> without_introduction("五年来，全市各级工会累计提供法律援助"), without_introduction("全市工会经费")
    ('提供法律援助', '工会经费')
    """
    at = _introduction(text)
    who = _end(_WHO, text, at)
    if who > max(at, 2) and (_end(_DOES, text, who) > who or len(leading_verb(text[who:])) > 1):
        return without_introduction(text[who:])
    return text[at:]


def _introduction(text: str) -> int:
    """Return the offset behind the times, places, adverbs and marks that a text begins with."""
    times = dict(times_in(text))
    at, before = 0, -1
    while at > before:
        before = at
        at = _end(_SKIPPED, text, times.get(at + text.startswith(("自", "从"), at), at))
        start, word = next(cut_at(text[at : at + PHRASE]), (0, ""))
        at += len(word) if word in _INTRODUCTIONS.split() and not start else 0
    return at


_MEASURED = r"(?:提高|提升|增长?|增加|上升|下降|降|扩大|发展|减少|缩短|达|升)[至到了]"
_HELD = r"(?:动态)?(?:保持|稳定|维持|控制|确保)(?:在)?"
TRAILING = re.compile(
    rf"(?:{_MEASURED}|{_HELD}|[共总合累]计|超过|突破|分别|全[省市区县]|(?<![要合预签节条契公制])约|(?<![举开主承创新])办|"
    r"[达为是共已超近逾有仅均都各也在到多了的：:（(\s、,，和及与])+$"
)
# Indicators that do not say what is counted.
EMPTY = re.compile(
    rf"(?:{_one_of(_LIGHT)}|"
    + _one_of("""
女职工 职工 员工 人员 群众 企业 资金 金额 单位 会员 项目 活动 经费 观众 现场 劳动者 工人
对象 家庭 各类 各级 各项 相关 有关 线上 线下 市级 省级 全部 一线 以上 比例 比重 比率 案件 服务 价值 其 基层 广大 等 总 发展
在线 发动 动员 慰问金 慰问品 补助金 补助 补贴 奖金 建立 新建 累计 实现 完成 发放 投入 筹集 开展 举办 组织 建成 创建 落实 培训 量 人 的 为 向 个 件 场 次 名 率 额 数 达 余 起
""")
    + r"|[“”\"‘’（）()、，,\s])*"
)
QUALIFIER = re.compile(
    r"全国(?:一级)?|国家级|省部级|地市级|[省市区县](?:一级|级(?:以上)?)|(?<![一-龥])[省市区](?=[劳五工产])|女(?=职工)"
)
