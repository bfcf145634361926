"""Turn an elliptic follow-up into a standalone question.

Slots are carried over or replaced: place, time, and the words that say what is counted. Whether anything is missing
at all, a small network says. Only the earlier questions are read, so the same history gives the same question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.question.budget import BUDGET
from qa.question.kinds import kind_of, without_greeting
from qa.question.periods import find_when
from qa.text.beside import NAMES
from qa.text.divisions import find

_LEAD = re.compile(
    r"^(?:(?:刚才)?(?:那个)?(?:[打说弄搞问]?错了?|更正)|应该是|我要的是|那么?|哦|嗯|好的?|对了|还有|另外|再(?:问|说)|换成|换|改成|改|不是|不对|哎呀|我(?:问|说)的是|只看|请问)[，,、\s]*"
)
_TAIL = re.compile(
    r"(?:的)?(?:呢|吧|啊|呀|嘛|情况|也(?:说|查)(?:下|一下)?吧?|看看|(?:又)?是?(?:有)?多少|怎么样|如何){0,8}[？?。.!！…\s]*$"
)
_SHORT_YEAR = re.compile(r"(?<![\d第])([012]\d)年(?![来间期以内前后])")
_NOUN_ONLY = re.compile(r"^[^，,。？?多少几谁哪什么怎吗]{2,16}呢[？?。\s]*$")
_COMPARES = re.compile(r"谁|哪[个边家].{0,4}[多少高低大]|相差|差[多几]|相比|合计|加起来|总共")
_DEICTIC = re.compile(r"^(?:其中的?|它们?的?|这(?:个|些|里)|这|该)")
_ASK = re.compile(
    r"(?:是)?(?:什么时候|哪一?年|哪一?天|几时|几月)|(?:做得|是)?(?:怎么样|怎样|如何|怎么回事|怎么)|的?(?:规模)?有?多[大长高]|(?:各|分别)?(?:是|有)?(?:多少|几)(?:[家个名场件项次条份座所间位期届]|户(?!外)|人|万|亿|钱|元)*|有?(?:哪些|哪[个家年里几一]+|什么|啥|谁)|有没有|为什么|吗|呢"
)
_TERM = re.compile(r"(?:[上这本前]一?届|再?(?:往前|更早)数?的?那?一?个?届|[两二]届)(?:的)?")
_NEXT_YEAR = re.compile(r"下一年(?!度|级)")
_YEAR_BEFORE = re.compile(r"(?:上一|前一)年(?!度|级)")
_DOING = re.compile(r"[办建搞开做评送发花][了过]$")
_ELIDED = re.compile(r"(?:多少|几)[一-龥][^，,。？?]{0,6}的[？?。\s]*$")  # 还建了几家市级的
_PARTICLES = re.compile(r"[的了呢吗吧啊呀么是有那这也又再和与跟及，,。.？?！!、\s]")


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that stands by itself.

    Args:
        text: the whole of it.
        own: its end that was asked in this turn, behind what is carried over; ``""`` where the whole is asked.
    """

    text: str
    own: str = ""


def recent(history: Sequence[str]) -> tuple[str, ...]:
    """The earlier questions that a follow-up is read by: the last ones that hold a word, oldest first."""
    return tuple(turn for turn in history if turn.strip())[-BUDGET.turns :]


def standalone(question: str, history: Sequence[str]) -> Standalone:
    """The question with what it leaves out filled in from the earlier ones; itself where nothing is missing.

    Args:
        question: as asked.
        history: the user's earlier questions, oldest first.

    >>> standalone("那漳州呢？", ["浙江工会组织了多少职工参加疗休养？"]).text
    '漳州工会组织了多少职工参加疗休养？'
    """
    previous, before = "", ""
    for turn in recent(history):
        if kind_of(turn) != "chatter":
            previous, before = _merge(turn, previous, before).text, previous
    return _merge(question, previous, before)


def _merge(question: str, previous: str, before: str) -> Standalone:
    question = without_greeting(question.strip())
    if not previous or kind_of(question) == "chatter":
        return Standalone(question)
    question = _counted_on(_SHORT_YEAR.sub(r"20\1年", question), previous)
    body = _TAIL.sub("", _without_lead(question))
    places, when = _places(body), find_when(body)
    rest = _TERM.sub("", _without(body, places))
    rest = _PARTICLES.sub("", find_when(rest).text) if when else _PARTICLES.sub("", rest)
    rest = re.sub(
        r"(?<=.)(?:也?要|总|数据?|单独|各|就)$|^(?:各|单独|同期)(?=.)|^(?:总|数据?|单独|要|没|各)+$",
        "",
        rest,
    )
    rest = re.sub(r"之后五年|往[前后]数?五年|前面?五年|全省|全市|以后|以前|截至|底", "", rest)
    if not rest and places:
        switched = _replace_place(previous, body, places)
        return Standalone(_replace_time(switched, _without(body, places)) if when else switched)
    if not rest and when:
        return Standalone(_replace_time(previous, body))
    old_places, older = _places(previous), _places(before)
    if not places and _COMPARES.search(body) and older and old_places:
        both = dict.fromkeys((_place_words(before, older), _place_words(previous, old_places)))
        if len(both) > 1:
            return Standalone(f"{_replaced(previous, old_places, '和'.join(both))}，{question}")
    from embeddings.completer import default_completer

    if places and len(_ASK.sub("", re.sub(r"总?工会|[市区县省]$", "", rest))) > 3:
        return Standalone(question)  # it names its place, and what of it
    if default_completer().whole(question, (previous,)):
        return Standalone(question)
    pieces: list[str] = []
    noun_added = False
    if not places and old_places and not (set("全省全市") <= set(body)):
        pieces.append(_place_words(previous, old_places))
    if not when and (old_time := _time_words(previous)):
        pieces.append(old_time)
    noun = _topic_noun(previous)
    if noun and noun not in question:
        pieces.append(noun)
        noun_added = True
    asked = _DEICTIC.sub("", _without_lead(question)).lstrip("，, ")
    if _NOUN_ONLY.search(asked) and kind_of(previous) == "figure":
        asked = re.sub(r"的?呢?[？?。\s]*$", "", asked) + "有多少"  # “法治体检”呢
    head = "".join(pieces)
    apart = noun_added and not _ELIDED.search(asked)  # what leaves its noun out is of the noun carried over
    return Standalone(f"{head}，{asked}", asked if apart else "") if head else Standalone(question)


def _counted_on(question: str, previous: str) -> str:
    """下一年 and 前一年 as years, where the earlier question speaks of one."""
    periods = find_when(previous).periods
    if len(periods) != 1 or periods[0].start != periods[0].end:
        return question
    year = periods[0].start
    return _YEAR_BEFORE.sub(f"{year - 1}年", _NEXT_YEAR.sub(f"{year + 1}年", question))


def _places(text: str) -> tuple[tuple[int, int, object], ...]:
    """The places that a question names, those inside quoted names (“浙江工匠”) left out."""
    quoted = [m.span() for m in NAMES.finditer(text)]
    return tuple(p for p in find(text) if not any(a < p[0] and p[1] < b for a, b in quoted))


def _without_lead(question: str) -> str:
    """The question without the words that only lead over: 不对，我问的是…"""
    while (shorter := _LEAD.sub("", question)) != question:
        question = shorter
    return question


def _without(text: str, places: tuple[tuple[int, int, object], ...]) -> str:
    for start, end, _ in reversed(places):
        text = text[:start] + text[end:]
    return text


def _place_words(previous: str, places: tuple[tuple[int, int, object], ...]) -> str:
    return "、".join(dict.fromkeys(previous[start:end] for start, end, _ in places))


def _replace_place(previous: str, body: str, places: tuple[tuple[int, int, object], ...]) -> str:
    return _replaced(previous, _places(previous), _place_words(body, places))


def _replaced(previous: str, old: tuple[tuple[int, int, object], ...], words: str) -> str:
    """The earlier question with all of its places replaced by these words."""
    if not old:
        return words + previous
    text = previous
    for start, end, _ in reversed(old[1:]):
        text = text[:start].rstrip("和与、跟") + text[end:]
    return text[: old[0][0]] + words + text[old[0][1] :]


def _time_words(text: str) -> str:
    """The years of an earlier question as words that a standalone question can carry."""
    return "至".join(_years(text)[:1] + _years(text)[-1:]) if len(_years(text)) > 1 else "".join(_years(text))


def _years(text: str) -> list[str]:
    return [str(y) + "年" for p in find_when(text).periods for y in dict.fromkeys((p.start, p.end))]


def _replace_time(previous: str, body: str) -> str:
    """The earlier question with its years replaced by those of the follow-up, or by its words (之后的五年)."""
    when, old = find_when(body), find_when(previous)
    if not when.periods and old.periods and re.search(r"之后|以后|后来|下一", body):
        last = old.periods[-1].end
        words = f"{last}年至{last + 5}年"
    elif not when.periods and old.periods and re.search(r"往前", body):
        first = old.periods[0].start
        words = f"{first - 5}年至{first}年"
    else:
        words = body.lstrip("那")
    stripped = _TERM.sub("", old.text if old.periods else previous)
    places = find(stripped)
    at = places[-1][1] if places else 0
    return stripped[:at] + words + stripped[at:]


def _topic_noun(previous: str) -> str:
    """What the earlier question was about: its words before the question word, place and time left out."""
    text = find_when(previous).text if find_when(previous).periods else previous
    text = _without(text, find(text))
    clauses = [c for c in re.split(r"[，,。？?；;]", text) if len(c.strip()) >= 4] or [text]
    return _DOING.sub("", _ASK.sub("", clauses[0]).strip("的，,。？? ")).removesuffix("是")
