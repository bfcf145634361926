"""Question and history → Query: what is asked for, where, when, and what must be matched."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from qa.question.apart import taken_apart
from qa.question.budget import BUDGET, Budget, affordable, at_most
from qa.question.catalogue import Catalogue, Term
from qa.question.columns import columns_of, names_rows_and_columns
from qa.question.earlier import as_a_name, of_another, of_the_pool, of_the_same
from qa.question.followup import recent, standalone
from qa.question.form import in_form
from qa.question.intents import about
from qa.question.kinds import kind_of, parts_of, sum_unsaid
from qa.question.periods import When, find_when
from qa.question.places import Where, find_where
from qa.question.scopes import scopes_of
from qa.question.spelling import respelled, which_for_that
from qa.question.topic import ASKED, topic_of
from qa.text.divisions import find, short_name
from qa.text.normal import squeezed
from qa.text.when import Calendar, said, times_in
from qa.types import IN_SENTENCES, Form, Part, Period, Query, QuestionKind, Scope, Span

_IN_ALL = re.compile(r"一共|总共|共计|累计")
_EXCLUDED = re.compile(
    r"[（(][^（）()]{0,24}(?:不算|不含|不是)[^（）()]{0,12}[)）]"
)  # what is asked to be left out is not to be found
_IN_A_WORD = re.compile(r"(?<=[一-龥])\(([一-龥])\)(?=[一-龥])")  # 疗(休)养


def understand(
    question: str,
    history: Sequence[str],
    catalogue: Catalogue,
    *,
    place: str | None = None,
    period: tuple[int, int] | None = None,
    report: str | None = None,
    budget: Budget = BUDGET,
) -> Query:
    """Understand a question against what the library covers.

    Args:
        question: as typed.
        history: the user's earlier questions, oldest first.
        catalogue: what the library covers.
        place: a filter; only reports of this place or inside it are searched.
        period: a filter, (first year, last year).
        report: a filter, the file name of one report.
        budget: how much it may ask.

    Raises:
        QuestionError: it asks more than the budget allows.
    """
    pool = catalogue.narrowed(_filtered, place, period, report)
    form, wanted, earlier = in_form(question, recent(history))
    turns = tuple(respelled(turn, catalogue) for turn in earlier)
    if form.shape == "table" and names_rows_and_columns(wanted, _rows(wanted)):
        turns = ()
    of_itself = about(wanted)
    if of_itself:
        turns = ()
    if place or report:
        turns = of_the_pool(wanted, turns, pool)
    spelled = respelled(wanted, catalogue)
    spelled = spelled if turns else which_for_that(spelled)
    spelled = as_a_name(spelled, turns, catalogue)
    spelled, turns = of_another(spelled, turns, catalogue)
    whole = standalone(spelled, turns)
    asked, own = of_the_same(_tidied(whole.text), turns, catalogue), _tidied(whole.own)
    within = tuple(term.report_id for term in pool.terms)
    pool, text = _titled(pool, asked)
    at_most(len({place.name for _, _, place in find(text)}), budget.scopes, "个地区")
    when, where = find_when(text), find_where(text, pool)
    topic = topic_of(text, when, where, keep=None)
    focus = _asked_now(own, pool) if own else topic
    scopes, refusal, outside = scopes_of(text, when, where, pool)
    kind = kind_of(asked)
    added = sum_unsaid(asked) and not _IN_ALL.search(text)
    if kind == "computation" and len({s.place for s in scopes}) > 1 and added:
        kind = "comparison"  # figures of several places are added only where that is said
    compares = kind in ("comparison", "computation")
    if len(scopes) > 1 and kind not in ("comparison", "computation", "chatter"):
        kind = "comparison"
    if kind == "figure" and len(scopes) == 1 and _IN_ALL.search(text) and _part_of(when, scopes[0].period):
        kind = "computation"
    kind = "chatter" if of_itself else _kind_in(form.first, kind, topic)
    by_name = len(scopes) > 1 and all(s.place is None for s in scopes)
    apart = partial(parts_of, kind=kind, compares=compares)
    parts = tuple(apart(s.topic)[0] for s in scopes) if by_name else apart(focus)
    parts = _each_asked(parts, scopes, own or text, text, pool)
    as_many = len(parts) == len(scopes) >= 2
    by_year = as_many and all(s.year and str(s.year) in p.asked for s, p in zip(scopes, parts, strict=True))
    kind = "comparison" if by_year else kind
    in_turn = by_name or by_year or when.in_turn or _in_turn(text, where)
    paired = kind == "comparison" and as_many and in_turn
    if paired and not by_name:
        parts = tuple(replace(p, text=p.topic or p.text) for p in parts)
        scopes = tuple(replace(s, topic=p.text) for s, p in zip(scopes, parts, strict=True))
    if form.shape == "table":
        named = ((named.start, named.end) for named in where.named)
        common, things = columns_of(text, {*named, *_times_of(scopes, text)})
        asks = (f"{common}，{thing}" if common else thing for thing in _of_one_time(things))
        parts, paired = (
            tuple(Part(thing, None, "figure", asked) for thing, asked in zip(things, asks, strict=True)),
            False,
        )
    query = Query(
        asked=question,
        standalone=asked,
        topic=topic,
        focus=focus,
        kind=kind,
        parts=parts,
        scopes=scopes,
        refusal=None if kind == "chatter" else refusal,
        outside=outside,
        paired=paired,
        within=within,
        form=form,
        about=of_itself,
    )
    return affordable(query, budget)


def _rows(text: str) -> set[Span]:
    """Where a question names places and times."""
    return {(start, end) for start, end, _ in find(text)} | set(times_in(text))


def _times_of(scopes: Sequence[Scope], text: str) -> set[Span]:
    """Where a question names the years or terms that scopes are of; another time (今年, 2026年) is of what is asked."""
    years = {time.at: time.period for time in said(text, Calendar(None))}
    of = {s.period for s in scopes} | {Period(s.year, s.year) for s in scopes if s.year and not s.mention}
    return {at for at in times_in(text) if (years[at] in of if at in years else "届" in text[slice(*at)])}


def _of_one_time(things: Sequence[str]) -> list[str]:
    """The columns, each with the time that the first of them opens with, where no other says when: 今年的甲、乙."""
    first, *others = things
    times = times_in(first)
    if len(times) != 1 or times[0][0] > 0 or any(map(times_in, others)):
        return list(things)
    return [first, *(f"{first[: times[0][1]]}{thing}" for thing in others)]


def _tidied(text: str) -> str:
    """A question in plain characters, without what it asks to leave out."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip())
    text = _IN_A_WORD.sub(r"\1", _EXCLUDED.sub("", text))
    return re.sub(r"^不是[^，,。]{1,10}[，,]\s*(?:是)?", "", text)


def _kind_in(form: Form, kind: QuestionKind, topic: str) -> QuestionKind:
    """The kind that a form leaves: a table compares, and a paragraph on what asks nothing sums up."""
    if kind == "chatter":
        return kind
    if form.shape == "table":
        return "comparison"
    told = kind in IN_SENTENCES or not ASKED.search(topic)
    return "summary" if form.shape == "paragraph" and told else kind


def _part_of(when: When, term: Period | None) -> bool:
    """Whether some years of a term are asked for, and not all of them."""
    return any(p.start < p.end and p != term for p in when.periods)


def _in_turn(text: str, where: Where) -> bool:
    """Whether each place is asked something of its own: 苏州建成多少？泉州培育了多少？"""
    starts = [n.start for n in where.named]
    pieces = [text[a:b] for a, b in itertools.pairwise([*starts, len(text)])]
    return len(pieces) > 1 and all(ASKED.search(piece) for piece in pieces)


def _each_asked(
    parts: tuple[Part, ...], scopes: Sequence[Scope], own: str, text: str, catalogue: Catalogue
) -> tuple[Part, ...]:
    """The parts, each as a question of its own where as many things are taken apart."""
    if len(parts) == 1:
        return (replace(parts[0], asked=own if times_in(own) else text, topic=scopes[0].topic),)
    things = taken_apart(own, len(parts))
    if not all(things) or not things:
        return parts
    topics = [topic_of(t, find_when(t), find_where(t, catalogue), keep=None, bare=True) for t in things]
    return tuple(
        replace(part, asked=thing, topic=topic)
        for part, thing, topic in zip(parts, things, topics, strict=True)
    )


def _titled(catalogue: Catalogue, text: str) -> tuple[Catalogue, str]:
    """Where the question names a report by its title, that report alone, and the question without the title."""
    for match in re.finditer(r"《([^》]{4,60})》", text):
        named = tuple(
            t
            for title, terms in catalogue.titles.items()
            if squeezed(match[1]) in title or title in squeezed(match[1])
            for t in terms
        )
        if named and len({t.report_id for t in named}) == 1:
            return Catalogue(named, catalogue.holding), text[: match.start()] + text[match.end() :]
    return catalogue, text


def _filtered(
    catalogue: Catalogue, place: str | None, period: tuple[int, int] | None, report: str | None
) -> tuple[Term, ...]:
    terms = catalogue.terms
    if report:
        terms = tuple(t for t in terms if t.name == report)
    if place:
        terms = tuple(
            t for t in terms if any(place in (n, short_name(n)) for n in (t.place.name, *t.place.parents))
        )
    if period:
        first, last = period
        exact = tuple(t for t in terms if t.period and (t.period.start, t.period.end) == (first, last))
        terms = exact or tuple(t for t in terms if t.period and Period(first, last).meets(t.period))
    return terms


def _asked_now(own: str, catalogue: Catalogue) -> str:
    """The topic of what was asked in this turn, without what is carried over."""
    catalogue, own = _titled(catalogue, own)
    return topic_of(own, find_when(own), find_where(own, catalogue), keep=None)
