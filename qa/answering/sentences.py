"""Rank evidence sentences for a part of a question that asks for words, and find the shortest answer in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.candidates import Evidence
from qa.answering.wording import Wording, pairs_shared, run_shared, words_of
from qa.text.divisions import find, short_name
from qa.text.normal import squeezed
from qa.types import Part

__all__ = [
    "AUTHOR",
    "SENTENCE_FEATURES",
    "best_clause",
    "names_held",
    "people",
    "sentence_features",
    "short_answer",
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
)
_QUOTED = re.compile(r"《[^》]{2,60}》|“[^”]{1,30}”|\"[^\"]{1,30}\"|‘[^’]{1,30}’|『[^』]{1,30}』")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|(?:19|20)\d\d年(?:\d{1,2}月)?(?:底|初|末)?|(?<!\d)\d{1,2}月\d{1,2}日"
)
_LISTING = re.compile(
    r"[^，,。；;：:、]{1,24}(?:、[^，,。；;：:、]{1,24}){1,}(?:(?:和|及|与|以及)[^，,。；;：:、]{1,16})?"
)
_WHO = re.compile(
    r"谁|(?:骑手|司机|师傅|职工|工人|员|主席|书记|主任|会长|劳模|工匠|小哥)叫(?:什么|啥)|哪位|什么人|何人|人名"
)
_WHEN = re.compile(r"哪[一]?[年天]|哪个?月|什么时候|何时|几时|啥时候|几月|几号|年份|日期|时间")
_WHERE = re.compile(r"哪(?:个|一个|座)?(?:省|市|区|县|镇|乡|街道|地方|城市)|哪[里儿]|何处|什么地方")
_TITLE = re.compile(
    r"叫(?:什么|啥)|什么名[字称]?|名称|哪[个一份]+(?:文件|意见|方案|办法|条例|通知|活动|平台|项目|学院|机制)|什么(?:文件|称号|奖|荣誉|评价|平台|活动|主题|认可|口号)|口号|主题是|提法"
)
_BYLINE = re.compile(
    r"(?:撰文|记者|通讯员|作者|摄影|文|图)[:：/\s]+([一-龥]{2,4}(?:[ 、 ][一-龥]{2,4})*)|^■\s*([一-龥]{2,4}(?:\s[一-龥]{2,4})*)$"
)
_INTRODUCES = re.compile(
    r"是|由|小哥|骑手|司机|师傅|同志|书记|主席|主任|会长|职工|工人|记者|工匠|劳模|名叫|叫|[”\"]"
)
AUTHOR = re.compile(r"(?<!工)作者|谁写|撰文|撰稿|执笔|记者是|通讯员是|写的(?:人|记者)|署名")
_KIND_ASKED = re.compile(
    r"(?:哪|什么)(?:一|几|两)?[个家所座位支项类种条]?([一-龥]{1,3}?)(?=的|是|在|被|获|拿|有|最|率|全|首|脱|一[道起]|[，,？?]|$)"
)
_ENDINGS = {
    "部门": "局|委员会|办公室|部|厅|院|中心",
    "单位": "局|公司|委员会|院|中心|集团|总工会",
    "企业": "公司|集团|企业|厂",
    "公司": "公司|集团",
}
_LEADING = re.compile(r"^.*(?:帮助|成立|建立|联合|会同|由|与|和|获|为|在|通过|依托|是|对|向|、)")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤竺邰"
)


def sentence_features(part: Part, topic: str, item: Evidence, wording: Wording) -> tuple[float, ...]:
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
    )


def names_held(topic: str, text: str) -> float:
    """0 to 1: the share of the names quoted in the topic that the text holds; a half where none is quoted."""
    names = [squeezed(q) for q in _QUOTED.findall(topic)]
    return sum(n in squeezed(text) for n in names) / len(names) if names else 0.5


def best_clause(part: Part, item: Evidence, wording: Wording) -> tuple[int, int]:
    """Offsets of the clause that holds most of what is asked; a list or a quoted name that answers draws it."""
    text = item.text
    clauses = item.clauses
    asked = part.text

    def worth(span: tuple[int, int]) -> tuple[float, int]:
        clause = text[span[0] : span[1]]
        return (wording.coverage(asked, clause) + 0.25 * _holds(part, clause), -span[0])

    return max(clauses, key=worth)


def _holds(part: Part, text: str) -> bool:
    """Whether a text holds something of the kind that is asked for."""
    asked = part.text
    if _WHEN.search(asked):
        return bool(_DATE.search(text))
    if _WHERE.search(asked):
        return bool(find(text))
    if part.kind == "list":
        return bool(_LISTING.search(text)) or len(_QUOTED.findall(text)) > 1
    if AUTHOR.search(asked):
        return bool(_BYLINE.search(text))
    if _WHO.search(asked):
        return bool(_BYLINE.search(text)) or bool(_names(text, asked)) or "牵头" in text
    if _TITLE.search(asked):
        return bool([q for q in _QUOTED.findall(text) if q.strip('《》“”"‘’『』') not in asked])
    return False


def short_answer(part: Part, topic: str, said: str, sentence: str, wording: Wording) -> str | None:
    """The shortest direct answer that stands in the sentence, or None where nothing is sure.

    Args:
        part: what is asked for.
        topic: the question's words.
        said: the clauses that the answer says.
        sentence: the whole sentence.
    """
    asked = part.text
    for text in (said, sentence):
        if _WHEN.search(asked) and (found := _nearest(_DATE.findall(text), text, asked, wording)):
            return found
        if _WHERE.search(asked):
            places = [
                text[a : b + _beyond(text, b)] for a, b, _ in find(text) if short_name(text[a:b]) not in topic
            ]
            if found := _nearest(places, text, asked, wording):
                return found
        if found := _nearest(_of_kind(text, asked, topic), text, asked, wording):
            return found
        if _TITLE.search(asked) or re.search(r"哪[个项条]|什么", asked):
            quoted = [q for q in _QUOTED.findall(text) if q.strip('《》“”"‘’『』') not in topic]
            if found := _nearest(quoted, text, asked, wording):
                return found if found.startswith("《") else found.strip('“”"‘’『』')
        if _WHO.search(asked) or AUTHOR.search(asked):
            byline = _BYLINE.search(text)
            if byline:
                return byline[1] or byline[2]
            if found := _nearest([*_names(text, topic), *_doers(text, asked)], text, asked, wording):
                return found
        if part.kind == "list" and (listing := _LISTING.search(text)):
            return listing.group()
    return _left_over(asked, said)


def _beyond(text: str, end: int) -> int:
    """How far a place name goes on: 苏州 in 苏州工业园区."""
    match = re.match(r"[一-龥]{0,4}?(?:工业园区|开发区|高新区|园区|街道|[镇乡村])", text[end : end + 10])
    return match.end() if match else 0


def _of_kind(text: str, asked: str, topic: str) -> list[str]:
    """Names that end in what is asked for: 哪个行业 → 民办教育培训行业, 哪个部门 → 市场监管局."""
    heads = [m[1] for m in _KIND_ASKED.finditer(asked)]
    found: list[str] = []
    for head in heads:
        endings = _ENDINGS.get(head, re.escape(head))
        for match in re.finditer(rf"[一-龥A-Za-z]{{2,16}}?(?:{endings})(?![一-龥]{{0,1}}(?:们|性|化))", text):
            name = _LEADING.sub("", match.group())
            if len(name) > len(head) and name not in topic and not name.endswith(topic[:2]):
                found.append(name)
    return found


def _doers(text: str, asked: str) -> list[str]:
    """Who does what the question names the doing of: 是谁开发的 → 区总工会 in 区总工会开发的."""
    verb = re.search(r"谁([一-龥]{2})的?|由谁(?:来)?([一-龥]{2})|([一-龥]{2})(?:的|者|单位)?是谁", asked)
    if verb is None:
        return []
    word = verb[1] or verb[2] or verb[3]
    return [_LEADING.sub("", m[1]) for m in re.finditer(rf"([一-龥]{{2,14}}?){word}", text)]


def _nearest(found: Sequence[str], text: str, asked: str, wording: Wording) -> str | None:
    """The one whose surroundings hold most of what is asked; the first of equals."""
    if not found:
        return None

    def worth(item: str) -> float:
        at = text.find(item)
        around = text[max(0, at - 14) : at] + " " + text[at + len(item) : at + len(item) + 14]
        return wording.coverage(asked, around)

    return max(dict.fromkeys(found), key=worth)


def _names(text: str, topic: str) -> list[str]:
    """Names of people, after the words that introduce them (小哥李刚, 由王芳)."""
    found = (_name_at(text[m.end() : m.end() + 5]) for m in _INTRODUCES.finditer(text))
    return [name for name in found if name and name not in topic]


def _name_at(text: str) -> str:
    """The name that a text begins with: a surname and one or two characters that make no other word."""
    from embeddings.words import cut

    tokens = cut(re.split(r"[^一-龥]", text)[0])
    if not tokens or tokens[0][0] not in _SURNAMES:
        return ""
    name = tokens[0] if len(tokens[0]) > 1 or len(tokens) == 1 else tokens[0] + tokens[1]
    return name if 2 <= len(name) <= 3 else ""


def _left_over(asked: str, said: str) -> str | None:
    """What a clause says beyond the words of the question: its longest run of whole words that were not asked."""
    from embeddings.words import cut

    known = frozenset(words_of(asked)) | frozenset(cut(asked))
    best = ""
    for clause in re.split(r"[，,。；;：:“”\"《》（）()]", said):
        run = ""
        for word in [*cut(clause), ""]:
            if word and word not in known and not word[0].isdigit():
                run += word
                continue
            if len(best) < len(run) <= 24 and len(run) > 1 and run in clause:
                best = run
            run = ""
    return best or None


def people(text: str) -> list[str]:
    """Names of people in a text, as far as their surnames, a byline or a title give them away."""
    byline = _BYLINE.search(text)
    return [
        *([byline.group()] if byline else []),
        *_names(text, ""),
    ]
