"""Rank evidence sentences for a part of a question that asks for words, and find the shortest answer in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings.reader import Reading
from qa.answering.candidates import Evidence
from qa.answering.reading import relevance
from qa.answering.wording import Wording, pairs_shared, run_shared
from qa.text.divisions import find
from qa.text.normal import squeezed
from qa.types import Part

__all__ = [
    "AUTHOR",
    "SENTENCE_FEATURES",
    "asks_rank",
    "best_clause",
    "names_held",
    "people",
    "quotes",
    "sentence_features",
    "titled",
    "wanting",
]

SENTENCE_FEATURES = (
    "sentence covers part",
    "sentence and context cover topic",
    "best clause covers part",
    "rank",
    "score",
    "holds what is asked",
    "length",
    "prose",
    "run shared",
    "pairs of the question held",
    "names held",
    "read relevance",
)
_QUOTED = re.compile(r"《[^》]{2,60}》|“[^”]{1,30}”|\"[^\"]{1,30}\"")
_DATE = re.compile(
    r"[同次当翌]年\d{1,2}月|(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|(?:19|20)\d\d年(?:\d{1,2}月)?(?:底|初)?"
)
_LISTING = re.compile(r"[^，,。；;：:、]{1,24}(?:、[^，,。；;：:、]{1,24}){1,}")
_WHO = re.compile(r"谁|(?:骑手|员|主席|小哥)叫什么|哪位")
_WHEN = re.compile(r"哪[一]?[年天]|哪个?月|什么时候|啥时候|几月|几号|日期|时间")
_WHERE = re.compile(r"哪(?:个|座)?(?:市|区|县|州|地方|城市)|哪[里儿]|什么地方")
_TITLE = re.compile(
    r"叫(?:什么|啥)|什么名[字称]?|名称|标题|(?:出台?|制定|印发|发布?|下发|修订)了?(?:一?[个份部项])?(?:什么|啥|哪[个份部项])(?:样的)?(?:文件|意见|方案|办法|条例|制度|规定)|哪[个一份]+(?:文件|意见|方案|办法|条例|通知|活动|平台|项目|学院|机制)|什么(?:文件|称号|奖|荣誉|评价|平台|活动|主题|认可|口号)|口号|主题是|提法"
)
_BYLINE = re.compile(
    r"(?:撰文|记者|通讯员|作者|摄影|文|图)[:：/\s]+([一-龥]{2,4}(?:[ 、 ](?!(?:本[报刊])?(?:通讯员|记者|摄影|撰文))[一-龥]{2,4})*)|^■\s*([一-龥]{2,4}(?:\s[一-龥]{2,4})*)$"
)
_INTRODUCES = re.compile(
    r"是|由|小哥|骑手|司机|师傅|同志|书记|主席|职工|工人|工匠|劳模|选手|技师|教师|医生|(?<=[解术管检服教])员|[班队组]长|干部|叫|[”\"]"
)
_HONOURED_PERSON = re.compile(r"(?<=的)([一-龥]{2,3})(?=[获夺摘斩荣])")  # 机修厂的李强获…
AUTHOR = re.compile(
    r"(?<!工)作者|(?:谁|哪[几一两二三]?[位个]人?)写|撰文|撰稿|执笔|(?:记者|通讯员)(?:是|叫|姓)|哪位记者|写的(?:人|记者)|署名"
)
_ENDINGS = {
    "部门": "局|委员会|办公室|部|厅|院|中心",
    "单位": "局|公司|委员会|院|中心|集团|总工会",
    "企业": "公司|集团|企业|厂",
    "公司": "公司|集团",
}
OF_ITS_KIND = 0.5  # what a clause gains that names a thing of the kind that is asked for
_QUOTED_WORDS = re.compile(r"原话|怎么讲的|什么数字|哪(?:几)?个?(?:数字|字)")
_WHEREABOUTS = frozenset(("地方", "地区", "城市", "省份", "县市"))
_WHICH = re.compile(r"(?:哪(?:几|两)?[个家所座位支]|什么(?:样的)?)([一-龥]{2,8})")
_RANK_ASKED = re.compile(r"第几(?![届次批期个])|名次")
_WORK = re.compile(r"[那哪][本部首](?:书|片)")
_DOCUMENT = re.compile(r"办法|方案|纲要")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤竺邰"
)


def sentence_features(
    part: Part, topic: str, item: Evidence, wording: Wording, reading: Reading | None
) -> tuple[float, ...]:
    """The features of one evidence sentence, in the order of ``SENTENCE_FEATURES``."""
    text = item.text
    clauses = [text[a:b] for a, b in item.clauses]
    return (
        wording.coverage(part.text, text),
        wording.coverage(topic, (text, item.context)),
        max(wording.coverage(part.text, c) for c in clauses),
        1.0 / (1.0 + item.rank),
        item.share,
        float(_holds(part, text)),
        min(len(text) / 100.0, 2.0),
        float(item.hit.paragraph.kind == "prose"),
        run_shared(part.text, text) / 12.0,
        pairs_shared(part.text, text),
        names_held(topic, text),
        relevance(reading),
    )


def names_held(topic: str, text: str) -> float:
    """0 to 1: the share of the names quoted in the topic that the text holds; a half where none is quoted."""
    names = [re.split(r"…+", q) for q in _QUOTED.findall(topic)]
    if not names:
        return 0.5
    bare = squeezed(text)
    return sum(_in_order([squeezed(p) for p in name], bare) for name in names) / len(names)


def _in_order(pieces: Sequence[str], text: str) -> bool:
    """Whether a text holds the pieces one behind the other: “一年……两年……” is quoted with gaps."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def best_clause(part: Part, item: Evidence, wording: Wording) -> tuple[int, int]:
    """Offsets of the clause that holds most of what is asked; a list or a quoted name that answers draws it."""
    text = item.text
    clauses = item.clauses
    asked = part.text

    def worth(span: tuple[int, int]) -> tuple[float, int]:
        clause = text[span[0] : span[1]]
        fits = 0.25 * _holds(part, clause) + OF_ITS_KIND * (not wanting(asked, clause))
        return (wording.coverage(asked, clause) + fits, -span[0])

    return max(clauses, key=worth)


def _holds(part: Part, text: str) -> bool:
    """Whether a text holds something of the kind that is asked for."""
    asked = part.text
    if _WHEN.search(asked):
        return bool(_DATE.search(text))
    if _WHERE.search(asked):
        return bool(find(text))
    if _QUOTED_WORDS.search(asked):
        return bool(_told_in_quotes(text, asked))
    if part.kind == "list":
        return bool(_LISTING.search(text)) or len(_QUOTED.findall(text)) > 1
    if AUTHOR.search(asked):
        return bool(_BYLINE.search(text))
    if _WHO.search(asked):
        return bool(_BYLINE.search(text)) or bool(_names(text, asked)) or "牵头" in text
    if _TITLE.search(asked):
        return bool([q for q in _QUOTED.findall(text) if q.strip('《》“”"‘’『』') not in asked])
    return False


def _told_in_quotes(text: str, asked: str) -> list[str]:
    """What a text says in quotation marks and the question does not; with figures, where figures are asked for."""
    quoted = [q.strip('“”"‘’『』') for q in _QUOTED.findall(text)]
    figured = "数字" in asked
    return [q for q in quoted if q not in asked and (not figured or any(c.isdigit() for c in q))]


def asks_rank(asked: str) -> bool:
    """Whether a place in a ranking or a prize is asked for, which is no amount."""
    return bool(_RANK_ASKED.search(asked))


def wanting(asked: str, text: str) -> bool:
    """Whether the kind of name that is asked for (哪家出版社, 哪个行业) stands nowhere in a text."""
    from embeddings.words import cut, part_of_speech

    told = [word for m in _WHICH.finditer(asked) for word in cut(m[1]) if len(word) > 1]
    heads = [word for word in told if part_of_speech(word).startswith("n")]
    heads = [head for head in heads if head not in _WHEREABOUTS]  # the place of its report answers
    return bool(heads) and not any(_stands(head, text) for head in heads)


def _stands(head: str, text: str) -> bool:
    """Whether a kind of thing stands in a text, as a name that ends so or as a word: 社会, not 社会主义."""
    from embeddings.words import cut

    if head in _ENDINGS:
        return bool(re.search(_ENDINGS[head], text))
    return head in text and any(word.endswith(head) for word in cut(text))


def quotes(asked: str, text: str) -> bool:
    """Whether the very words of somebody are asked for, and a text gives some in quotation marks."""
    return bool(_QUOTED_WORDS.search(asked)) and bool(_told_in_quotes(text, asked))


def titled(asked: str, text: str) -> bool:
    """Whether a document is asked for by its kind (那份办法叫什么), and a text gives the title of one."""
    if _WORK.search(asked) and "《" in text:
        return True
    kinds = _DOCUMENT.findall(asked) if _TITLE.search(asked) else []
    return any(re.search(rf"《[^》]*{kind}[^》]{{0,12}}》", text) for kind in kinds)


def _names(text: str, topic: str) -> list[str]:
    """Names of people, after the words that introduce them (小哥李刚, 由王芳)."""
    found = [_name_at(text[m.end() : m.end() + 5]) for m in _INTRODUCES.finditer(text)]
    found += [m[1] for m in _HONOURED_PERSON.finditer(text) if m[1][0] in _SURNAMES]
    return [name for name in found if name and name not in topic]


def _name_at(text: str) -> str:
    """The name that a text begins with: a surname and one or two characters that make no other word."""
    from embeddings.words import cut

    alone = re.match(r"[一-龥]{2,3}(?=[、，,。；;“”\"（(]|和|等|获|夺|被|带领|担任|$)", text)
    if alone and text[0] in _SURNAMES:
        return alone.group()
    if in_office := re.match(r"[一-龥]{3}(?=[担出兼]任)", text):
        return in_office.group()  # whatever the surname
    tokens = cut(re.split(r"[^一-龥]", text)[0])
    if not tokens or tokens[0][0] not in _SURNAMES:
        return ""
    name = tokens[0] if len(tokens[0]) > 1 or len(tokens) == 1 else tokens[0] + tokens[1]
    return name if 2 <= len(name) <= 3 else ""


def people(text: str) -> list[str]:
    """Names of people in a text, as far as their surnames, a byline or a title give them away."""
    byline = _BYLINE.search(text)
    return [
        *([byline.group()] if byline else []),
        *_names(text, ""),
    ]
