"""Find the years and terms that a question names, and the reports of these terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.question.catalogue import Term
from qa.types import Period

Relation = Literal["", "previous", "latest", "both", "before", "after", "earlier"]

_RANGE = re.compile(
    r"从?(?<!\d)((?:19|20)\d\d)\s*年?\s*(?:[-—–－~～至到、]|以来到)+\s*((?:19|20)\d\d)(?!\d)\s*(?:年(?:[之期]?间)?)?"
)
EACH = re.compile(r"各|分别")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)\s*年?(?:[底末初度]|全年)?")
_OF_CONGRESS = r"(?:换届|大会|工代会|召开|十[一二三四五六七八九]?大)[^，。？]{0,4}"
_BEFORE = re.compile(rf"{_OF_CONGRESS}[以之]?前|[年届\d][以之]前")
_AFTER = re.compile(
    rf"{_OF_CONGRESS}(?:以来|[以之]?后)|\d{{4}}年?(?:[以之]后|后的|以来(?![到至])|(?:开始)?算起|起算)"
)
_CONGRESS = re.compile(
    r"第([一二三四五六七八九十]{1,3})次(?:(?:工会)?代表大会|工代会)|(?<!党的)(?<![二三四五六七八九十])(?:工会)?(二?十[一二三四五六七八九]|二?十(?=大[以之召闭开前后期]))大(?![会家型力])"
)
_PREVIOUS = re.compile(
    r"(?:往前数?|更早|[此之]前|前面)的?那?一?个?(?:届|五年)|上一?届|前一届|上一?[个任]?(?:任期|五年)|前(?:一个)?五年|换届[以之]?前"
)
_LATEST = re.compile(
    r"[这本新]一?届|(?:[这近]|过去)[五5]年|最[近新]|近年|现在|目前|眼下|当前|截至|[五5]年来|今|未来|下一步|接下来"
)
_BOTH = re.compile(
    r"[两二2](?:届|个(?:五年|任期))|(?<!年)前后(?=[两二2届任几各对比相有分，,？?]|的?变化|$)|历届|哪一?届.{0,12}[更最多少高低大快]|上一?(?:届|个五年).{0,6}[这本]一?(?:届|个?五年)|[这本]一?届.{0,6}上一?届|[比较是][起于]?[上前]一?届[一-龥]{0,10}[多少高低增减几翻提降]"
)
_IN_TURN = re.compile(
    r"(?:[上前]一?届|前一?个?五年|[之以先届]前|[原早]先)[^，,、；;。？?]{2,24}[，,、；;。？?][^，,。？?]{0,6}(?:[后这本]一?届|后一?个?五年|[之以届]后|后来|如今)"
)
_LATER = re.compile(r"后来?的?那?个?五年|[下后]一届|接下来的?五年")


@dataclass(frozen=True, slots=True)
class When:
    """The time that a question names."""

    periods: tuple[Period, ...] = ()  # explicit years and ranges, in order
    relation: Relation = ""  # to terms: the previous one, the latest, both, before or after ``congress``
    congress: str = ""  # its number: 十五
    text: str = ""  # the question without its years
    in_turn: bool = False  # each term is asked something of its own: 前一届靠什么、后一届建了什么

    def __bool__(self) -> bool:
        return bool(self.periods or self.relation or self.congress)


def find_when(question: str) -> When:
    """Parse the time words of a question; national congresses of the Party (党的二十大) are no terms."""
    rest, periods = question, []
    if EACH.search(question):
        rest = re.sub(r"(?<=\d年)、(?=(?:19|20)\d\d年)", "，", rest)  # 2011年、2013年各多少 are two years
    for match in _RANGE.finditer(rest):
        first, last = int(match[1]), int(match[2])
        periods.append((match.start(), Period(min(first, last), max(first, last))))
    rest = _RANGE.sub(lambda m: "□" * len(m.group()), rest)
    periods += [(m.start(), Period(int(m[1]), int(m[1]))) for m in _YEAR.finditer(rest)]
    rest = _YEAR.sub("", rest).replace("□", "")
    congress = next(((m[1] or m[2]) for m in _CONGRESS.finditer(question)), "")
    found = tuple(p for _, p in sorted(periods))
    in_turn = _IN_TURN.search(question) is not None
    relation: Relation = "both" if in_turn else _relation(question, bool(found), congress)
    return When(() if in_turn else found, relation, congress, rest, in_turn)


def _relation(question: str, dated: bool, congress: str) -> Relation:
    if _BOTH.search(question):
        return "both"
    if dated or congress:
        before, after = _BEFORE.search(question), _AFTER.search(question)
        if before or after:
            return "both" if before and after else "before" if before else "after"
    if _PREVIOUS.search(question):
        return "previous"
    if _LATER.search(question) or _LATEST.search(question):
        return "latest"
    return ""


def choose_terms(when: When, terms: tuple[Term, ...]) -> tuple[tuple[Term, ...], bool]:
    """Return the terms of a place (oldest first) that are meant, and whether the years are outside all."""
    dated = tuple(t for t in terms if t.period)
    if not when or not dated:
        return terms, False
    near = tuple(t for t in dated if when.congress and when.congress in t.congresses)
    if near:
        return {"before": near[:1], "after": near[-1:]}.get(when.relation, near), False
    if when.periods:
        chosen = tuple(t for t in dated if any(_fits(p, t, when.relation) for p in when.periods))
        if chosen:
            return chosen, False
        named = tuple(
            t for t in dated if any(t.years.issuperset(range(p.start, p.end + 1)) for p in when.periods)
        )
        return (named, False) if named else (terms, True)
    if len(dated) < 2 or when.relation in ("both", ""):
        return terms, False
    return (dated[-2 if when.relation in ("previous", "before") else -1],), False


def _fits(asked: Period, term: Term, relation: Relation) -> bool:
    own = term.period
    if own is None:
        return False
    if relation == "before":
        return own.start < asked.start <= own.end
    if relation == "after":
        return own.start <= asked.end < own.end
    return asked.meets(own)
