"""Find the years and terms that a question names, and the reports of these terms."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.question.catalogue import PREVIOUS, Term
from qa.text.figures import amounts_in
from qa.text.numerals import hanzi_value
from qa.text.spans import replaced
from qa.text.when import years_beside
from qa.types import Period, Span

Relation = Literal["", "previous", "latest", "both", "before", "after", "earlier"]

_YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
_YEARS = re.compile(
    rf"从?{_YEAR}\s*年?\s*[-—–－~～至到]+\s*{_YEAR}\s*(?:年(?:[之期]?间)?)?|{_YEAR}\s*年?(?:[底末初度]|全年)?"
)
_OF_CONGRESS = r"(?:换届|大会|工代会|十[一二三四五六七八九]?大)[^，。？]{0,4}"
_BEFORE = re.compile(rf"{_OF_CONGRESS}[以之]?前夕?|[年届\d][以之]前")
_AFTER = re.compile(rf"{_OF_CONGRESS}(?:以来|[以之]?后)|\d{{4}}年?(?:[以之]后|以来|算起)")
_CONGRESS = re.compile(
    r"(?P<since>\d{4}年?[^，,。？?]{0,2}[至到])?(?:召?开)?"
    r"(?:第([一二三四五六七八九十]{1,3})次(?:工会)?(?:代表大会|工代会)|(?<!党的)(二?十[一二三四五六七八九])大)"
)
_LATEST = re.compile(
    r"[这本新下]一?届|[这近][五5]年|后来?的?那?个?五年|最[近新]|现在|目前|今|未来|下一步|接下来"
)
_BOTH = re.compile(r"[两二2]个?(?:届|五年)|(?<!年)前后(?![^两二2届任几各对比相有分，,？?])")
_TERM = re.compile(r"(?<!第.)(?<!第..)(?<!换)届|(?<!未来)(?<!今后)(?<!下来)五年")


@dataclass(frozen=True, slots=True)
class When:
    """The time that a question names."""

    periods: tuple[Period, ...] = ()  # explicit years and ranges, in order
    relation: Relation = ""  # to terms: the previous one, the latest, both, before or after ``congress``
    congress: str = ""  # its number: 十五
    term: Span | None = None  # the stretch that names a term as 上一届 or by its congress (十五大之前那五年)
    text: str = ""  # the question without its years and that stretch

    def __bool__(self) -> bool:
        return bool(self.periods or self.relation or self.congress)


def find_when(question: str) -> When:
    """Parse the time words of a question; national congresses of the Party (党的二十大) are no terms."""
    beside = [*years_beside(question)]
    left = replaced(question, (time.at for time in beside))
    years = (sorted((int(m[1] or m[3]), int(m[2] or m[3]))) for m in _years_in(left))
    periods = (*(time.period for time in beside), *(Period(first, last) for first, last in years))
    found = _CONGRESS.search(question)
    congress = (found[2] or found[3]) if found else ""
    since = found is not None and found["since"] is not None  # 2013年到十五大
    relation = "before" if since else _relation(question, bool(periods), congress)
    named = found if relation in ("before", "after") else PREVIOUS.search(question)
    term = _term_at(question, named) if named and relation in ("before", "after", "previous") else None
    left = left if term is None or relation == "previous" else question[: term[0]] + question[term[1] :]
    return When(periods, relation, congress, term, replaced(left, [m.span() for m in _years_in(left)]))


def _years_in(text: str) -> list[re.Match[str]]:
    """Return the years and ranges of years; 2000户 is none."""
    counted = [figure for figure in amounts_in(text) if figure.unit]
    found = _YEARS.finditer(text)
    return [m for m in found if not any(one.start <= m.start() < one.end for one in counted)]


def _term_at(question: str, named: re.Match[str]) -> Span:
    """Return the stretch that names a term: 上一届, or before or after a congress, 十五大之前那五年."""
    found = (each.search(question, named.start()) for each in (_BEFORE, _AFTER))
    years = _TERM.search(question, end := max([named.end(), *(each.end() for each in found if each)]))
    beside = years and not question[end : years.start()].strip("的那这")
    return named.start(), years.end() if years and beside else end


def _relation(question: str, dated: bool, congress: str) -> Relation:
    terms = Counter(_TERM.findall(question)).values()
    if _BOTH.search(question) or max(terms, default=0) > 1:  # 后面那届比前面那届
        return "both"
    if dated or congress:
        before, after = _BEFORE.search(question), _AFTER.search(question)
        if before or after:
            return "both" if before and after else "before" if before else "after"
    if PREVIOUS.search(question):
        return "previous"
    return "latest" if _LATEST.search(question) else ""


def choose_terms(when: When, terms: tuple[Term, ...]) -> tuple[tuple[Term, ...], bool]:
    """Return the terms of a place (oldest first) that are meant, and whether the years are outside all."""
    years = {term: term.period for term in terms if term.period}
    dated = tuple(years)
    if not when or not dated:
        return terms, False
    near = tuple(t for t in dated if when.congress and when.congress in t.congresses)
    if near:
        return {"before": near[:1], "after": near[-1:]}.get(when.relation, near), False
    if when.periods:
        shared = {
            term: max(min(p.end, own.end) - max(p.start, own.start) for p in when.periods)
            for term, own in years.items()
            if any(_fits(p, own, when.relation) for p in when.periods)
        }
        if shared:  # not one that a range of years hardly touches
            fitting = tuple(term for term in shared if 2 * shared[term] >= max(shared.values()))
            whole = all(asked == years[dated[-1]] for asked in when.periods)
            before = dated[-2:-1] if when.relation == "previous" and whole else ()
            if when.relation == "both" and [years[term] for term in fitting] == list(when.periods):
                at = dated.index(fitting[0])  # 2018到2023年比上一届: with the one before it
                return dated[max(at - 1, 0) : at + len(fitting)], False
            return before or fitting, False  # the one before the newest, whose years a follow-up took over
        asked = {year for p in when.periods for year in range(p.start, p.end + 1)}
        named = tuple(t for t in dated if not t.years.isdisjoint(asked))
        return (named, False) if named else (terms, True)
    if len(dated) < 2 or when.relation in ("both", ""):
        return terms, False
    earlier = when.relation in ("previous", "before") and not _is_next(when.congress, terms)
    return (dated[-2 if earlier else -1],), False


def _is_next(congress: str, terms: Sequence[Term]) -> bool:
    """Whether a congress is the one after those that reports name: it ended the newest term."""
    numbers = [hanzi_value(each) or 0 for term in terms for each in term.congresses]
    return bool(numbers) and hanzi_value(congress) == max(numbers) + 1


def in_years(question: str, when: When, terms: tuple[Term, ...]) -> str:
    """Write out the years of the one term that a question names as 上一届 or by a congress (十五大之前那五年), or ``""``.

    Of the congresses in a report the first began its term and the last ended it; one that two reports name is both.
    """
    chosen, outside = choose_terms(when, terms)
    if when.term is None or len(chosen) != 1 or outside or (period := chosen[0].period) is None:
        return ""
    numbers = sorted(number for each in chosen[0].congresses if (number := hanzi_value(each)))
    edge = numbers[-(when.relation != "after")] if len(numbers) > 1 else None
    held = sum(when.congress in term.congresses for term in terms)
    begun_or_ended = edge is not None and hanzi_value(when.congress) == edge
    last = when.relation == "previous" and chosen[0] != terms[-1]
    next_one = when.relation == "before" and _is_next(when.congress, terms)
    known = last or held > 1 or begun_or_ended or next_one
    return replaced(question, [when.term], f"{period.start}到{period.end}年") if known else ""


def _fits(asked: Period, own: Period, relation: Relation) -> bool:
    if relation in ("before", "after") and asked.start == asked.end:
        ends = relation == "before"  # the year of a congress ends the term before it, and begins the next
        return own.start + ends <= asked.start < own.end + ends
    return asked.meets(own)
