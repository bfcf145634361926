"""Build the scopes that are searched: one per place and term of a question, with the words to match there."""

import re
from collections.abc import Sequence
from dataclasses import replace

from embeddings.reader import default_question_reader
from qa.question.asides import without_asides
from qa.question.catalogue import Catalogue, Term
from qa.question.kinds import kind_of
from qa.question.periods import When, choose_terms, find_when
from qa.question.places import PLACES, Named, Where, find_where, is_quoted, of_level
from qa.text.divisions import short_name
from qa.types import Period, Reason, Scope

_TIME_WORDS = re.compile(
    r"(?:过去)?(?:[这那近]|(?=[五5]))[五5几]?年[来里间]?|[前后两]+个五年|(?<![往今])[前后]一?个?五年|从?算起|这?[两二2三]届|[上这本前后]一?届|以[来后前]|之后的?|之前|前(?=[，,])|那会儿|期间|如今|眼下|目前|现在|最近|截至"
)
_GAP = "\x00"  # replaces a place
_GAPS = re.compile(
    r"(?:[,，、/和跟与及同]*\x00(?:全[省市区县](?=[、,，/和跟与及\x00]))?)+(?:[两三四][市地]的?)?"
)


def scopes_of(
    text: str, when: When, where: Where, catalogue: Catalogue
) -> tuple[tuple[Scope, ...], Reason | None, str]:
    """Return one scope per place and term, and the refusal if place or period is outside the library."""
    years = "、".join(f"{p}年" for p in when.periods)
    if not where.named:
        terms, outside = (catalogue.terms, False) if where.unknown else _undated(when, catalogue)
        ids, topic = tuple(t.report_id for t in terms), topic_of(text, when, where, keep=None)
        whole = (Scope("", None, None, ids, topic),)
        if where.unknown:
            return whole, "unknown_place", "、".join(where.unknown)
        return whole, "outside_period" if outside else None, years if outside else ""
    scopes: list[Scope] = []
    chosen = [choose_terms(when, named.terms) for named in where.named]
    for named, (terms, _) in zip(where.named, chosen, strict=True):
        topic = topic_of(text, when, where, keep=named)
        outside_year = "" if named.mention else _year_only_mentioned(when, terms)
        mention = named.mention or outside_year
        split = _both_terms(when, terms) or (where.all_places and not when)
        for group in [(t,) for t in terms] if split else [terms]:
            label = group[0].label if len(group) == 1 and not named.mention else short_name(named.place.name)
            period = group[0].period if len(group) == 1 else None
            ids = tuple(t.report_id for t in group)
            ends = {t.period.end for t in terms if t.period} if split else set()
            within = _years_within(when, period, ends) or _years_of_one(when, terms)
            for year in within or (int(outside_year[:4]) if outside_year else None,):
                own = f"{label.partition('（')[0]}{year}年" if len(within) > 1 else label
                scopes.append(Scope(own, named.place, period, ids, topic, mention, year, bool(outside_year)))
    outside = all(none_fits for _, none_fits in chosen)
    before = "" if when.term is None else text[slice(*when.term)]
    alone = all(len(n.terms) == 1 and not (n.mention or n.terms[0].tells_before) for n in where.named)
    if when.relation == "previous" and "届" in before and alone:
        return tuple(scopes), "outside_period", before
    return tuple(scopes), "outside_period" if outside else None, years if outside else ""


def about_place(question: str, place: str, catalogue: Catalogue) -> str:
    """Return a question that names no place as one about this place, which the user has chosen."""
    where = find_where(question, catalogue)
    named = where.named or where.unknown or default_question_reader().read(question).each
    return question if named or kind_of(question) == "chatter" else f"{short_name(place)}{question}"


def _year_only_mentioned(when: When, terms: tuple[Term, ...]) -> str:
    """Return the year that a report mentions outside its own period (到2028年), or ``""`` if a period fits."""
    within = any(t.period and p.meets(t.period) for t in terms for p in when.periods)
    if when.relation in ("before", "after") or within:
        return ""
    single = [p.end for p in when.periods if p.start == p.end]
    return next((f"{year}年" for year in single if any(year in t.years for t in terms)), "")


def _years_within(when: When, term: Period | None, ends: set[int]) -> tuple[int, ...]:
    """Return the single years asked for of a longer term, without the last year of the term before."""
    if term is None or term.start == term.end or when.relation in ("before", "after"):
        return ()
    asked = [p.start for p in when.periods if p.start == p.end and term.start <= p.start <= term.end]
    return tuple(y for y in asked if y != term.start or y not in ends)


def _years_of_one(when: When, terms: Sequence[Term]) -> tuple[int, ...]:
    """Return several single years asked for if the only report is of one year and mentions them all."""
    asked = tuple(p.start for p in when.periods if p.start == p.end)
    one = [t for t in terms if t.period and t.period.start == t.period.end and t.years.issuperset(asked)]
    return asked if len(asked) > 1 and len(one) == len(terms) == 1 else ()


def _both_terms(when: When, terms: tuple[Term, ...]) -> bool:
    same_place = len({t.place for t in terms}) == 1 and len(terms) > 1
    own = [t.period for t in terms if t.period]
    wide = any(sum(p.start <= o.start and o.end <= p.end for o in own) > 1 for p in when.periods)
    return same_place and (when.relation == "both" or wide or (len(when.periods) > 1))


def _undated(when: When, catalogue: Catalogue) -> tuple[tuple[Term, ...], bool]:
    """Return the terms of all places that fit the time, else all, and whether no term fits the years."""
    if not when.periods and not when.congress:
        return catalogue.terms, False
    chosen = catalogue.narrowed(of_time, replace(when, text="")).terms
    return (chosen, False) if chosen else (catalogue.terms, bool(when.periods))


def of_time(catalogue: Catalogue, when: When) -> tuple[Term, ...]:
    """Return the terms of all places that fit the time."""
    chosen = (choose_terms(when, terms) for terms in catalogue.by_place)
    return tuple(term for terms, outside in chosen if not outside for term in terms)


def topic_of(text: str, when: When, where: Where, keep: Named | None, *, bare: bool = False) -> str:
    """Return the words to match; the place ``keep`` stays if it is part of a quoted name.

    ``bare``: the asides are removed already.
    """
    pieces, at = [], 0
    for named in sorted(where.named, key=lambda n: n.start):
        alone = bool(named.mention) and len(where.named) == 1
        kept = alone or (named is keep and (named.mention or is_quoted(text, named.start, named.end)))
        pieces += [text[at : named.start], text[named.start : named.end] if kept else _GAP]
        levelled = text[named.end : named.end + 1] == "级" and text[named.end - 1] in "省市县区"
        at = named.end - 1 if levelled and not kept else named.end  # 市级劳模 stays whole
    pieces.append(text[at:])
    rest = _GAPS.sub("", "".join(pieces))
    rest = find_when(rest).text if when else rest
    rest = _TIME_WORDS.sub("", rest)
    rest = rest if bare else without_asides(rest)
    return re.sub(r"[(（]\s*[)）]", "", rest).lstrip(" ,，、。的和跟与:：").rstrip(" ,，、。;；") or text


def of_each_place(question: str, scopes: Sequence[Scope], catalogue: Catalogue) -> tuple[Scope, ...]:
    """Return the scope of a comparison that names no place as one of each place, by its newest report: 哪个市最多."""
    scope, *others = scopes
    if others or scope.place or scope.mention:
        return tuple(scopes)
    places = of_level(question, catalogue.by_place)
    fitting = ([t for t in terms if t.report_id in scope.report_ids] for terms in places)
    newest = [terms[-1] for terms in fitting if terms and (terms[-1].place.name or terms[-1].organisation)]
    each = tuple(replace(scope, label=t.label, place=t.place, report_ids=(t.report_id,)) for t in newest)
    return each if 1 < len(each) <= PLACES else tuple(scopes)
