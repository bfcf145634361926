"""What kind of answer a question wants, in which unit, and of how many parts it is made: as the question reader tells.

What is told here without it is closed: the measure word that stands behind 多少, and what several places and terms mean.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from embeddings.reader import default_question_reader
from qa.text.divisions import find
from qa.text.figures import UNIT_KINDS, figures, is_year, unit_kind
from qa.types import Part, QuestionKind

__all__ = [
    "AND",
    "ARITHMETIC",
    "CHANGE",
    "asked_noun",
    "asked_phrase",
    "asked_verb",
    "is_noun",
    "kind_of",
    "parts_of",
    "times_asked",
    "unit_of",
    "without_greeting",
]

_KINDS: Mapping[str, QuestionKind] = {
    "figure": "figure",
    "compute": "computation",
    "compare": "comparison",
    "list": "list",
    "name": "name",
    "date": "name",
    "place": "name",
    "reason": "reason",
    "manner": "summary",
    "summary": "summary",
    "check": "check",
    "chatter": "chatter",
}
_OF_WORK = re.compile(r"做法|经验|[举措]措|成[效绩就]|亮点|情况|特色|重点|机制")  # what is told in sentences
_STATED = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d")  # a figure that is no year
ARITHMETIC = re.compile(  # what is to be worked out
    r"""
    (?P<growth>增长(?:了)?(?:多少|几|百分之几|率))
    |(?P<times>几倍|多少倍|翻了(?:多少|几))
    |(?P<share>占.{0,12}(?:比例|比重|百分之几|几成))
    |(?P<ratio>平均(?:下来)?[每一]|每[人名位户家场件](?!每).{0,6}(?:多少|几)|人均|户均|年均|场均|平摊|摊到|摊下来|每[人名位户家场件份个项].{0,14}平均.{0,6}(?:多少|几)|一个?人摊多少)
    |(?P<difference>相差|差(?:了)?多少|差额|多出|比.{1,12}[多少][一-龥]{0,2}了?多少|少了多少|[多少高低]多少|(?:增加|减少|提高)(?:了)?(?:多少|几))
    |(?P<sum>加起来|合起来|加[在到]?一[块起]|加总|合计|(?<![省市区县])总和|之和|[两二三几]届[^，,。？?]{0,14}(?:一共|累计))
    """,
    re.X,
)
CHANGE = re.compile(
    r"变化|怎么变|怎样变|变的|趋势|走势|历年|逐年|每一?年|各年|分年|这[两三四五几][一-龥]?年[一-龥]{0,4}(?:各|分别)"
)
_CHECK = re.compile(r"吗[？?。\s]*$|是否|是不是")
_ASK = re.compile(
    r"多少\s*[一-龥]{0,3}?|几(?:[家个名场件项次户条份座所间位届天年月倍]|平|公|人|万|亿)?|多大|多长|多高|多久|百分之几|(?<=[一-龥][一-龥][一-龥])呢(?=[？?\s]*$)|各?是?哪(?:些|几|个|位|家|年|一|里|儿|[两二三四五六七八九十])|什么|啥|谁|何时"
)
_ASKS = re.compile(r"多少|几(?!乎)|什么|啥|哪|谁|怎|何")
_UNITS = "|".join(re.escape(u) for us in UNIT_KINDS.values() for u in sorted(us, key=len, reverse=True))
_UNIT_WORD = re.compile(rf"(?:多少|(?<![这那前过头好])几)\s*(?:万|亿|百|千)?\s*({_UNITS})(?<!户(?=外))")
_NOUN_UNITS: tuple[tuple[str, str], ...] = (
    (r"多少钱|花了多少|多少资金|多少经费|多少金额|元/|工资标准", "元"),
    (
        r"(?:多少|几)[名位个]?(?:一线|工会|在职|基层)?(?:职工|工人|农民工|会员|志愿者|学员|学生|干部|劳模|工匠|能手|群众|劳动者|骑手|司机|教师|选手)(?![一-龥]{0,6}(?:书屋|之家|室|所|站|院|中心|基地|屋|队|团|会|点|项目|岗位|企业|单位|家庭)|[一-龥]{0,4}(?:经费|费用|资金|津贴))",
        "人",
    ),
    (r"多长时间|多久", "天"),
    (r"对数", "个"),
    (
        r"几个(?:百分)?点|百分之|几成|增速|增幅|涨幅|降幅|幅度|增长率|同比|环比|占了?多[少大]|比例|占比|比重|份额|[^效频速]率(?!先)|(?:覆盖|推行|普及|受益)面|[涨增降跌](?:了|长了?|加了?)?多少",
        "%",
    ),
    (r"多长|多远|长度|里程", "公里"),
    (r"人次", "人次"),
    (
        r"多少钱|花了多少|省了?多少|[^一-龥]钱|资金|经费|金额|款|投入|投资|补助金|互助金|慰问金|津贴|收入|支出|经济损失|挽回[一-龥]{0,4}损失|损失(?:有|是|达|了)?(?:多少|几)|赔付(?:了|金)?(?:多少)?$|拉动|减负|产值|总额|费用|学费|额度|(?:工资|年薪|薪酬|薪水|奖金|补贴)(?=$|[？?是有达多几涨])|(?:多少|几)[一-龥]{0,2}(?:工资|年薪|薪酬|薪水|奖金|补贴)",
        "元",
    ),
    (r"面积|多大面积", "平方米"),
    (r"哪年|哪一年|什么时候|何时|年份|几时|哪天|啥时候", "年"),
    (r"(?:多少|几)(?:企业|单位|公司)", "家"),
    (
        r"人数|多少人|几个人|(?:会员|职工|劳模|干部|选手)(?:里|中|当中)[^，,、。；？?]{0,8}(?:有)?(?:多少|几)(?=$|[，,？?])|(?:会员|职工|农民工|工人)(?:总数|数|有)?(?:是|达|[涨增升](?:加|长)?到|发展到|[减降](?:少)?到)?(?:多少|几)|会员(?:总)?数|(?:会员|职工|农民工|工人)更?[多少]$|受益的?职工|观众",
        "人",
    ),
    (r"户数|多少户(?!外)", "户"),
    (r"场次|多少场|几场", "场"),
    (r"案件|件数|案件量|信访", "件"),
)
_PERSONS = re.compile(
    r"[一-龥]{0,4}?(?:选手|律师|职工|农民工|学生|会员|干部|劳模|志愿者)(?:$|[？?，,。来参获被受拿入])"
)
_SCALED = re.compile(r"((?:多少|几))个?[万亿](?=$|[？?，,。、])")  # 多少个亿 asks for no 个
_POINTS = re.compile(r"几个(?:百分)?点|百分之[几多]|几成|多少个?百分点")
_NOUN_UNIT_RES = tuple((re.compile(p), u) for p, u in _NOUN_UNITS)
_PAUSE = re.compile(r"[，,。！!~～ ]")
_MEASURED = re.compile(rf"(?:多少|几(?!乎))(?:{_UNITS})?(?:的)?")
_BEFORE = re.compile(
    r"(?:的)?(?:数量|总数|人数|数)?(?:一共|总共|共|各|分别|大概|到底)*(?:有|是|达到?了?|为)?(?:多少|几|数量)|占(?:了|到)?(?:多[大少高]|比|几成|百分之几|[^，,。？?]{0,8}比重)"
)
_QUOTES = re.compile(r"[“”\"‘’'「」『』（）()\s]")
_MEASURE = re.compile(r"[幅重额率长积值价速差]$|[a-z]|全国|目标|金额")
_STOPS = re.compile(r"[，,、。；;：:（(？?了过着呢在是被有能]|(?:得到|参加|受益|入会|拿到|拿|和|与|及)")
_VERB_BEFORE = re.compile(r"([一-龥]{2})(?:了|到|过|出|起)?(?:多少|几)")
_OF = frozenset(("获得者", "获奖者", "得主", "入选者", "名额"))  # 奖章获得者几位 asks for 奖章
_MADE = re.compile(r"(?<=[一-龥]{3})(?:新[建增设]|建成|命名|增加)了?(?:多少|几)")
_MAKERS = frozenset(("工会", "总工会", "系统", "单位", "机关", "公司", "集团", "学院"))
_EMPTY = frozenset({
    "一共", "总共", "共有", "分别", "达到", "大概", "到底", "具体", "现有", "组织", "开展", "举办", "提供", "累计", "新建", "新增"
})  # fmt: skip
AND = r"(?<=[数额量率])\s+|以及|(?<!温)和(?!谐)|(?<![普涉顾])及|(?<!参)与"
_RUN_ON = re.compile(rf"((?:多少|几)(?:{_UNITS}))(?=[一-龥]{{1,2}}了?(?:多少|几))")  # 慰问了多少人花了多少万
_BREAK = re.compile(r"[，,、；;？?。\s]|(?:还有|(?<![普涉顾])及|又|并且?|分别|一共|总共)")
_OF_WHAT = re.compile(r"(?:多少|几)[一-龥]")  # 头猪 is a measure, if not one of reports
_TAIL = re.compile(r"(各|分别)?(?:是|有|为)?(?:多少|几).*$")
_AND = "和与及、"
_JOINS = f"{_AND}，,；;？?。！!：: "  # what stands between two things that are asked


def times_asked(question: str) -> int:
    """How many words of asking a question holds: two in 多少家、花了多少钱."""
    return len(_ASK.findall(question))


def is_noun(thing: str) -> bool:
    """Whether a thing asks nothing by itself, neither in words of asking nor for a summary.

    >>> is_noun("会员人数"), is_noun("主要做法"), is_noun("建了多少家")
    (True, False, False)
    """
    return not _ASKS.search(thing) and not _OF_WORK.search(thing)


def kind_of(question: str) -> QuestionKind:
    """The kind of answer that a question asks for, by its words alone, as the reader tells it.

    A figure may be one to work out or to confirm, a summary one of several years: the words that say so are closed.
    """
    bare = question.strip()
    told = default_question_reader().read(bare)
    kind = _KINDS[told.kind]
    if kind == "chatter" and not (_ASKS.search(bare) or find(bare) or any(map(str.isdigit, bare))):
        said = "".join(bare[a:b] for a, b in told.asides)
        return kind if sum(map(str.isalnum, said)) == sum(map(str.isalnum, bare)) else "summary"
    if kind == "figure":
        confirms = _CHECK.search(bare) and not _ASKS.search(bare)
        return "computation" if ARITHMETIC.search(bare) else "check" if confirms else kind
    if kind == "summary" and CHANGE.search(bare):
        return "comparison"
    return "summary" if kind == "chatter" else kind


def without_greeting(question: str) -> str:
    """The question without a greeting or thanks before it.

    >>> without_greeting("好的，那泉州呢？"), without_greeting("谢谢！")
    ('那泉州呢？', '谢谢！')
    """
    greeting, _, rest = question.partition(mark[0] if (mark := _PAUSE.search(question)) else "\0")
    asks = rest and kind_of(greeting) == "chatter" != kind_of(rest)
    return rest.lstrip(_JOINS) if asks else question


def unit_of(text: str) -> str | None:
    """The kind of unit that a question or a part of it asks for, or None.

    >>> unit_of("建了多少家工会"), unit_of("覆盖率是多少"), unit_of("谁牵头")
    ('家', '%', None)
    """
    if _POINTS.search(text):
        return "%"
    text = _SCALED.sub(r"\1", text)
    if re.search(r"(?:多少|几)个人(?![工才])", text):
        return "人"
    match = _UNIT_WORD.search(text)
    if match and match[1] == "个" and _PERSONS.match(text, match.end()):
        return "人"
    if match and unit_kind(match[1]) != "部门":
        return match[1] if match[1] in UNIT_KINDS else unit_kind(match[1])
    return next((unit for pattern, unit in _NOUN_UNIT_RES if pattern.search(text)), None)


def _unit_told(text: str) -> str | None:
    """The unit that the reader tells where no word of measure does."""
    told = default_question_reader().read(text)
    counts = _KINDS[told.kind] in ("figure", "computation") and not _OF_WHAT.search(text)
    return (told.unit if told.unit in UNIT_KINDS else unit_kind(told.unit)) or None if counts else None


@lru_cache(maxsize=4096)
def asked_noun(text: str) -> str:
    """What is counted, where a question puts it beside its question word; ``""`` where it does not.

    >>> asked_noun("一共有多少工会会员"), asked_noun("职工书屋多少家"), asked_noun("征集了多少项"), asked_noun("有几个劳模工匠工作室")
    ('会员', '书屋', '', '工作室')
    """
    return asked_phrase(text)[1]


@lru_cache(maxsize=4096)
def asked_phrase(text: str) -> tuple[str, str]:
    """What is counted, with the word that says which: ``("", "")`` where a question puts neither at its question word.

    >>> asked_phrase("建了多少个劳模工作室"), asked_phrase("职工书屋多少家")
    (('劳模', '工作室'), ('职工', '书屋'))
    """
    asked = _MEASURED.search(text)
    phrase = _STOPS.split(text[asked.end() :])[0] if asked else ""
    behind = _last_nouns(phrase.rpartition("的")[2] or phrase)  # 多少家供女工用的小屋
    if behind[1]:
        return behind
    if made := _MADE.search(text):  # 职工书屋新建了多少家
        told = _last_nouns(text[: made.start()])
        return ("", "") if told[1] in _MAKERS else told
    before = _BEFORE.search(text)
    return _last_nouns(text[: before.start()]) if before else ("", "")


def _last_nouns(phrase: str) -> tuple[str, str]:
    """The noun that a phrase ends in, and the one before; nothing where it ends in a verb, or in a mere measure."""
    from embeddings.words import cut, part_of_speech

    tokens = cut(_QUOTES.sub("", phrase)[-16:])
    while tokens and tokens[-1] in _OF:
        tokens.pop()
    last = tokens.pop() if tokens else ""
    tag = part_of_speech(last)
    if (
        len(last) == 1
        and tokens
        and len(tokens[-1]) > 1
        and tag[:1] == "n"
        and part_of_speech(tokens[-1])[:1] in "nv"
    ):
        last, tag = tokens.pop() + last, "n"  # 工作法
    named = tag == "vn" or tag[:1] == "n" or (not tag and len(last) > 1)
    if not named or len(last) < 2 or last in _EMPTY or _MEASURE.search(last):
        return "", ""
    before = tokens.pop() if tokens else ""
    while len(before) == 1 and tokens and len(tokens[-1]) == 1:
        before = tokens.pop() + before  # a name that no dictionary has comes in single characters
    tag = part_of_speech(before)
    return (before if len(before) > 1 and (tag[:1] == "n" or not tag) and not before.isascii() else ""), last


def asked_verb(text: str) -> str:
    """The verb before the question word, where it tells: 整改 in 整改了多少处; ``""`` for 有, 达到 and the like."""
    match = _VERB_BEFORE.search(text)
    return match[1] if match and match[1] not in _EMPTY and match[1][-1] not in "有是共达的了计" else ""


def parts_of(topic: str, kind: QuestionKind, compares: bool = False) -> tuple[Part, ...]:
    """Cut a question into what it asks for, one part a thing; the first words stand for those that follow.

    ``compares``: the whole question asks which is more; a part alone (哪个多) hardly says so.

    >>> [p.text for p in parts_of("送了多少场？职工有多少？", "figure")]
    ['送了多少场', '职工有多少']
    """
    if kind == "check" and _STATED.search(topic):
        stated = next((f for f in figures(topic) if not is_year(f)), None)
        return (Part(topic, unit_kind(stated.unit) or None if stated else None, "figure"),)
    if kind in ("summary", "reason", "check", "chatter"):
        return (Part(topic, None, kind),)
    topic = _RUN_ON.sub(r"\1，", topic)
    cuts = [0]
    for here, following in itertools.pairwise(_ASK.finditer(topic)):
        if pause := _BREAK.search(topic, here.end(), following.start()):
            cuts.append(pause.start())
    cut = [topic[a:b] for a, b in itertools.pairwise([*cuts, len(topic)])]
    own = cut if len(cut) > 1 else _conjuncts(topic)
    pieces = [bare for piece in own if (bare := piece.strip(_JOINS))] or [topic]
    parts = tuple(Part(piece, unit_of(piece), _part_kind(piece, kind, compares)) for piece in pieces)
    alone = len(parts) == 1 and parts[0].unit is None
    return (replace(parts[0], unit=_unit_told(topic)),) if alone else parts


def _conjuncts(topic: str) -> list[str]:
    """高温慰问的人数和慰问金额是多少 → two parts, each with what is asked of both; a single noun stays whole."""
    starts = [at for at in default_question_reader().read(topic).starts if topic[at - 1] in _AND]
    tail = _TAIL.search(topic)
    if not starts and tail and tail[1]:  # 前三年和后三年各是多少
        own = max(topic.rfind("，", 0, tail.start()), topic.rfind(",", 0, tail.start())) + 1
        starts = [mark.end() for mark in re.finditer(rf"{AND}|、", topic) if own < mark.end() < tail.start()]
    pieces = [topic[a:b].strip(_JOINS) for a, b in itertools.pairwise([0, *starts, len(topic)])]
    return [piece if tail is None or _ASK.search(piece) else f"{piece}{tail[0]}" for piece in pieces]


def _part_kind(part: str, kind: QuestionKind, compares: bool) -> QuestionKind:
    own = kind_of(part)
    if compares:
        return "summary" if own in ("summary", "reason") else "figure"
    if kind in ("comparison", "computation"):
        return "figure" if own in ("figure", "comparison", "computation") else "summary"
    return own if own in ("figure", "name", "list") else kind
