"""Question and history → Query: what is asked for, where, when, and which words must be matched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from qa.question.asides import split_things
from qa.question.budget import BUDGET, affordable, at_most
from qa.question.catalogue import Catalogue, within_filters
from qa.question.columns import columns_of
from qa.question.followup import drop_replaced_names, recent, standalone, without_other_places
from qa.question.form import in_form
from qa.question.intents import about
from qa.question.kinds import kind_of, parts_of
from qa.question.periods import find_when
from qa.question.places import ASKED, Where, find_where
from qa.question.scopes import scopes_of, topic_of
from qa.question.spelling import corrected_spelling
from qa.text.divisions import find
from qa.text.normal import without_punctuation
from qa.text.when import times_in
from qa.types import IN_SENTENCES, About, Form, Part, Query, QuestionKind, Scope

# What a question excludes must not be searched for.
_EXCLUDED = re.compile(r"[（(][^（）()]{0,24}(?:不算|不含|不是)[^（）()]{0,12}[)）]")


def understand(
    question: str,
    history: Sequence[str],
    catalogue: Catalogue,
    *,
    place: str | None = None,
    period: tuple[int, int] | None = None,
    report: str | None = None,
) -> Query:
    """Understand a question against what the library covers.

    Args:
        history: the user's earlier questions, oldest first.
        place: a filter; only reports of this place or inside it are searched.
        period: a filter, (first year, last year).
        report: a filter, the file name of one report.

    Raises:
        QuestionError: it asks more than the budget allows.
    """
    pool = catalogue.narrowed(within_filters, place, period, report)
    form, wanted, earlier = in_form(question, recent(history))
    about_program, asked, own = _completed(wanted, earlier, catalogue, pool if place or report else None)
    within = tuple(term.report_id for term in pool.terms)
    pool, text = _in_titled_report(pool, asked)
    at_most(len({place.name for _, _, place in find(text)}), BUDGET.scopes, "个地区")
    when, where = find_when(text), find_where(text, pool)
    topic = topic_of(text, when, where, keep=None)
    focus = _asked_now(own, pool) if own else topic
    scopes, refusal, outside = scopes_of(text, when, where, pool)
    kind, compares = _kind_over(scopes, asked)
    kind = "chatter" if about_program else _kind_in(form.first, kind, topic)
    parts = _each_asked(parts_of(focus, kind, compares), scopes, own or text, text, pool)
    as_many = len(parts) == len(scopes) >= 2
    by_year = as_many and all(s.year and str(s.year) in p.asked for s, p in zip(scopes, parts, strict=True))
    kind = "comparison" if by_year else kind
    if by_year:
        parts = tuple(replace(p, text=p.topic or p.text) for p in parts)
        scopes = tuple(replace(s, topic=p.text) for s, p in zip(scopes, parts, strict=True))
    if form.shape == "table":
        parts = _columns(text, where)
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
        paired=by_year and form.shape != "table",
        within=within,
        form=form,
        about=about_program,
    )
    return affordable(query)


def _completed(
    wanted: str, earlier: Sequence[str], catalogue: Catalogue, filtered: Catalogue | None
) -> tuple[About, str, str]:
    """Return what is asked of the program itself, the standalone question, and its words of this turn.

    Args:
        wanted: the question without the words that ask for a form.
        filtered: what a filter of places or reports leaves; None if there is no such filter.
    """
    turns = tuple(corrected_spelling(turn, catalogue) for turn in earlier)
    about_program = about(wanted)
    if about_program:
        turns = ()
    if filtered is not None:
        turns = without_other_places(wanted, turns, filtered)
    spelled = corrected_spelling(wanted, catalogue)
    spelled, turns = drop_replaced_names(spelled, turns, catalogue)
    whole = standalone(spelled, turns)
    return about_program, _tidied(whole.text), _tidied(whole.own)


def _kind_over(scopes: Sequence[Scope], asked: str) -> tuple[QuestionKind, bool]:
    """Return the kind of a question over its scopes, and whether its words ask to compare or compute."""
    kind = kind_of(asked)
    compares = kind in ("comparison", "computation")
    if len(scopes) > 1 and not compares and kind != "chatter":
        kind = "comparison"
    return kind, compares


def _columns(text: str, where: Where) -> tuple[Part, ...]:
    """Return the columns of a table, each as a part."""
    places = {(named.start, named.end) for named in where.named}
    common, things = columns_of(text, places.union(times_in(text)))
    asks = (f"{common}，{thing}" if common else thing for thing in things)
    return tuple(Part(thing, None, "figure", ask) for thing, ask in zip(things, asks, strict=True))


def _tidied(text: str) -> str:
    """Normalise the characters of a question and remove what it excludes."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip())
    return _EXCLUDED.sub("", text)


def _kind_in(form: Form, kind: QuestionKind, topic: str) -> QuestionKind:
    """Return the kind in a form: a table compares, a paragraph about what asks nothing summarises."""
    if kind == "chatter":
        return kind
    if form.shape == "table":
        return "comparison"
    in_sentences = kind in IN_SENTENCES or not ASKED.search(topic)
    return "summary" if form.shape == "paragraph" and in_sentences else kind


def _each_asked(
    parts: tuple[Part, ...], scopes: Sequence[Scope], own: str, text: str, catalogue: Catalogue
) -> tuple[Part, ...]:
    """Return the parts, each as its own question if the question can be split into as many."""
    if len(parts) == 1:
        return (replace(parts[0], asked=own if times_in(own) else text, topic=scopes[0].topic),)
    things = split_things(own, len(parts))
    if not all(things) or not things:
        return parts
    topics = [topic_of(t, find_when(t), find_where(t, catalogue), keep=None, bare=True) for t in things]
    return tuple(
        replace(part, asked=thing, topic=topic)
        for part, thing, topic in zip(parts, things, topics, strict=True)
    )


def _in_titled_report(catalogue: Catalogue, text: str) -> tuple[Catalogue, str]:
    """If the question names a report's title, return that report alone and the question without the title."""
    for match in re.finditer(r"《([^》]{4,60})》", text):
        named = tuple(
            t
            for title, terms in catalogue.titles.items()
            if without_punctuation(match[1]) in title or title in without_punctuation(match[1])
            for t in terms
        )
        if named and len({t.report_id for t in named}) == 1:
            return Catalogue(named, catalogue.holding), text[: match.start()] + text[match.end() :]
    return catalogue, text


def _asked_now(own: str, catalogue: Catalogue) -> str:
    """Return the topic of this turn alone, without what is carried over from earlier ones."""
    catalogue, own = _in_titled_report(catalogue, own)
    return topic_of(own, find_when(own), find_where(own, catalogue), keep=None)
