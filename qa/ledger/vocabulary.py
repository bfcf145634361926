"""Words around a figure: the verb that says what was done, what only introduces a clause, and what leaves the thing open."""

import re
from functools import lru_cache

from embeddings.words import cut_at, part_of_speech
from qa.text.when import times_in


def _one_of(words: str) -> str:
    return "|".join(words.split())


# Verbs that jieba's dictionary takes for something else.
_MISTAKEN = """
惠及 新建 建设 培育 办理 落实 服务 盘活 资助 荣获 发动 发展 命名 动员 奖励 培训 检查
"""
# Words before a verb that belong to it.
_SOFTENERS = "新 共 先后 全额 积极 免费"

PHRASE = 12  # characters in which a verb is looked for, and of a predicate that the items of a list share


@lru_cache(maxsize=1 << 14)
def leading_verb(text: str) -> str:
    """Return the verbs that a text begins with and what softens them (先后新建), or ``""``.

    Before 的 they say which are counted (领到补助的职工), and lead nothing.

    >>> leading_verb("新创建职工书屋"), leading_verb("组织开展竞赛"), leading_verb("服务业增加值"), leading_verb("得到赔付的职工")
    ('新创建', '组织开展', '', '')
    """
    end, has_verb = 0, False
    for at, word in cut_at(text[:PHRASE]):
        bare = word.removeprefix("新") if len(word) > 2 else word  # 新创建 is one word
        is_verb = part_of_speech(bare) == "v" or bare in _MISTAKEN.split()
        if at != end or not (is_verb or (not has_verb and word in _SOFTENERS.split())):
            break
        end, has_verb = end + len(word), has_verb or is_verb
    return text[:end] if has_verb and not text.startswith("的", end) else ""


def first_verb(text: str) -> int:
    """Return the offset of the first verb of a text, what softens it included, or -1."""
    return next((at for at, _ in cut_at(text) if leading_verb(text[at : at + PHRASE])), -1)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the offset behind a match at an offset, or that offset."""
    match = pattern.match(text, at)
    return match.end() if match else at


# Words that introduce what is said.
_INTRODUCTIONS = """
累计 共计 总计 合计 拥有 全部 平均 成功 力争 争取 预计 其中 已经 先后 同时 此外 分别 率先 达到
共 共有 现有 现已 还 并 已 仅 且 现 均 再 约 超 达 就 更 按 到 和 及 与 的
目前 现在 当前 如今 至今 截至 全年 年底 年末 同年 当年 每年 年均
"""
_SKIPPED = re.compile(
    r"(?:[，,、；;：:。\s（）()]|有(?![效力关限序色机])|[一二两三四五六七八九十\d]{1,2}年(?!义务)[内间里]?|"
    r"在?(?:[全我本][省市区县]|[省市区县]内)(?![劳级性大唯首最]))+"
)
_DOES = "共 累计 已 先后 为 向 对 给 还 并 全年"  # behind the one who does something
_WHO = re.compile(
    r"在?(?:[全我各本]?[省市区县国乡]|各级|基层|[两二三]级|、)*(?:总工会|工会系统|工会|(?<=[省市区县])总)"
)


def without_introduction(text: str) -> str:
    """Return a text without what only introduces it: times, places, adverbs, and the union before a verb.

    >>> without_introduction("五年来，全市各级工会累计提供法律援助"), without_introduction("全市工会经费")
    ('提供法律援助', '工会经费')
    """
    at = _introduction(text)
    who = _end(_WHO, text, at)
    _, word = next(cut_at(text[who : who + PHRASE]), (0, ""))
    does = word in _DOES.split() or len(leading_verb(text[who : who + PHRASE])) > 1
    if not does or who <= max(at, 2):
        return text[at:]
    return text[who + _introduction(text[who:]) :]


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
# Indicators that do not say what is counted, or leave it to another clause: 惠及职工 (by which activity?).
EMPTY = re.compile(
    r"(?:"
    + _one_of("""
惠及 受惠 受益 涉及 带动 直接受益 参与 参加 覆盖 宣讲覆盖 涵盖 吸引 赔付 占比 增长 同比增长 同比下降 观看
职工 员工 人员 群众 企业 资金 单位 会员 项目 活动 经费 观众 现场 劳动者 家庭 一线 基层 市级 省级 总 发展 在线 发动
慰问金 慰问品 补助金 建立 完成 发放 投入 筹集 开展 举办 组织 建成 落实 培训 量 人 的 为 向 个 件 场 次 名 率 额 数 达 余 起
""")
    + r"|[“”\"‘’（）()、，,\s])*"
)
QUALIFIER = re.compile(
    r"全国(?:一级)?|国家级|省部级|地市级|[省市区县乡镇](?:一级|级(?:以上)?)|(?<![一-龥])[省市区](?=[劳五工产])|女(?=职工)"
)
