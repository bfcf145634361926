"""Find the years and terms that a question speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.question.catalogue import Term
from qa.types import Period

Relation = Literal["", "previous", "latest", "both", "before", "after", "earlier"]

_RANGE = re.compile(
    r"从?(?<!\d)((?:19|20)\d\d)\s*年?\s*(?:[-—–－~～至到、]|以来到)+\s*((?:19|20)\d\d)(?!\d)\s*(?:年(?:之?间|期间)?)?"
)
_EACH = re.compile(r"各|分别")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)\s*年?(?:底|末|初|度|全年)?")
_BEFORE = re.compile(
    r"(?:换届|大会|召开|十[一二三四五六七八九]?大|二十大)[^，。？]{0,4}(?:以前|之前|前)|(?:年|届)(?:以前|之前)|\d{4}年?(?:以前|之前)"
)
_AFTER = re.compile(
    r"(?:换届|大会|工代会|召开|十[一二三四五六七八九]?大)[^，。？]{0,4}(?:以来|以后|之后|后)|\d{4}年?(?:以后|之后|后的|以来(?![到至])|(?:开始)?算起|起算)"
)
_CONGRESS = re.compile(
    r"第([一二三四五六七八九十]{1,3})次(?:(?:工会)?代表大会|工代会)|(?<!党的)(?<![二三四五六七八九十])(?:工会)?(二?十[一二三四五六七八九]|二?十(?=大[以之召闭开前后期]))大(?![会家型力])"
)
_PREVIOUS = re.compile(
    r"(?:往前|更早|之前)数?的?那?一?个?届|上一?届|前一届|上一?(?:个|任)?(?:任期|五年)|前(?:一个)?五年|换届(?:以|之)?前"
)
_LATEST = re.compile(
    r"这一?届|本届|新一届|[这近](?:过去)?[五5]年|最近|近年|现在|目前|如今|眼下|最新|当前|截至|[五5]年来|过去[五5]年|现任|今|未来|下一步|接下来|今后"
)
_BOTH = re.compile(
    r"[两二2]届|[两二2]个(?:五年|任期)|(?<!年)前后(?=[两二2]|届|任|几|各|对比|比较|相比|相差|有|的?变化|分别|$|[，,？?])|历届|哪一?届.{0,12}[更最多少高低大快]|上一?个五年.{0,6}(?:这|本)一?个?五年|上一?届.{0,6}(?:这|本)一?届|(?:这|本)一?届.{0,6}上一?届|(?:比|较|是)(?:起|于)?(?:上|前)一?届(?:的|同期)?[一-龥]{0,8}(?:多少|几|[多少高低增减]|翻|提高|下降)"
)
_IN_TURN = re.compile(
    r"(?:[上前]一?届|前一?个?五年|之前|以前|先前|原先|早先|换届前)[^，,、；;。？?]{2,24}[，,、；;。？?][^，,。？?]{0,6}(?:[后这本]一?届|后一?个?五年|之后|以后|后来|如今|换届后)"
)
_EARLIER = re.compile(r"(?:往前数?|更早|此前|之前|前面)的?(?:那)?(?:个)?五年")
_LATER = re.compile(
    r"(?:那|此|这)?(?:之后|以后|后来|后)的?(?:那)?(?:个)?五年|下一届|后一届|(?:接下来|往后)的?五年"
)


@dataclass(frozen=True, slots=True)
class When:
    """What a question says of time.

    Args:
        periods: explicit years and ranges, in order.
        relation: how it refers to terms: the previous one, the latest, both, before or after ``congress``.
        congress: the number of a congress (``"十五"``) or ``""``.
        text: the question without these words.
        in_turn: each term is asked something of its own (前一届靠什么、后一届建了什么).
    """

    periods: tuple[Period, ...] = ()
    relation: Relation = ""
    congress: str = ""
    text: str = ""
    in_turn: bool = False

    def __bool__(self) -> bool:
        return bool(self.periods or self.relation or self.congress)


def find_when(question: str) -> When:
    """Read the time words of a question; national congresses of the Party (党的二十大) are no terms."""
    rest, periods = question, []
    if _EACH.search(question):
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
        if _BEFORE.search(question):
            return "before"
        if _AFTER.search(question):
            return "after"
    if _PREVIOUS.search(question) or _EARLIER.search(question):
        return "previous"
    if _LATER.search(question) or _LATEST.search(question):
        return "latest"
    return ""


def choose_terms(when: When, terms: tuple[Term, ...]) -> tuple[tuple[Term, ...], bool]:
    """The terms of one place that the question speaks of, and whether it names years outside of all of them.

    Args:
        when: the time words.
        terms: the reports of the place, oldest first.
    """
    dated = tuple(t for t in terms if t.period)
    if not when or not dated:
        return terms, False
    if when.congress and any(when.congress in t.congresses for t in dated):
        near = [t for t in dated if when.congress in t.congresses]
        if when.relation == "before":
            return (near[0],), False
        if when.relation == "after":
            return (near[-1],), False
        return tuple(near), False
    if when.periods:
        chosen = [t for t in dated if any(_fits(p, t, when.relation) for p in when.periods)]
        if chosen:
            return tuple(chosen), False
        named = tuple(
            t for t in dated if any(t.years.issuperset(range(p.start, p.end + 1)) for p in when.periods)
        )
        return (named, False) if named else (terms, True)
    if len(dated) < 2 or when.relation in ("both", ""):
        return terms, False
    if when.relation in ("previous", "before"):
        return (dated[-2],), False
    return (dated[-1],), False


def _fits(asked: Period, term: Term, relation: Relation) -> bool:
    own = term.period
    if own is None:
        return False
    if relation == "before":
        return own.start < asked.start <= own.end
    if relation == "after":
        return own.start <= asked.end < own.end
    return asked.meets(own)
