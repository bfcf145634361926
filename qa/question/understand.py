"""Question and history → Query: what is asked for, where, when, and which words must be matched."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypedDict, Unpack

from embeddings.completer import Completed
from embeddings.reader import default_question_reader
from qa.errors import QuestionError
from qa.question.asides import without, without_background, without_idle_clauses
from qa.question.budget import BUDGET, affordable, at_most
from qa.question.catalogue import Catalogue, in_titled_report, within_filters
from qa.question.edits import edited
from qa.question.followup import completions, recent, with_own_names, without_other_places
from qa.question.form import columns_of, in_form, names_rows_and_columns
from qa.question.intents import about
from qa.question.kinds import each_asks, kind_in, kind_of, parts_of, unit_of
from qa.question.periods import When, choose_terms, find_when, in_years
from qa.question.places import Where, find_where, is_quoted
from qa.question.question_words import ASKED
from qa.question.scopes import about_place, of_each_place, scopes_of, topic_of
from qa.question.spelling import corrected_spelling
from qa.question.things import Thing, split_things, things_of
from qa.text.divisions import find
from qa.text.normal import without_inner_brackets
from qa.text.spans import replaced
from qa.text.when import Calendar, time_expressions, times_in, with_full_years
from qa.types import IN_SENTENCES, About, Form, Part, Period, Query, QuestionKind, Scope, Span

# What a question excludes must not be searched for.
_EXCLUDED = re.compile(r"[（(][^（）()]{0,24}(?:不算|不含|不是)[^（）()]{0,12}[)）]")


class Filters(TypedDict, total=False):
    """What a person sets: only reports of a place or inside it, of some years (first, last), or one by its file name."""

    place: str | None
    period: tuple[int, int] | None
    report: str | None


def understand(
    question: str, history: Sequence[str], catalogue: Catalogue, **filters: Unpack[Filters]
) -> Query:
    """Understand a question, a follow-up as it is likeliest meant, against what the library covers.

    ``history`` are the user's earlier questions, oldest first. Raises QuestionError if more is asked than the budget allows.
    """
    return next(meanings(question, history, catalogue, **filters))


def meanings(
    question: str, history: Sequence[str], catalogue: Catalogue, **filters: Unpack[Filters]
) -> Iterator[Query]:
    """Yield each way in which a question may be meant, the likeliest first; arguments and errors as above.

    A follow-up may be completed in several ways; the last way of a whole question leaves out what asks nothing.
    """
    place, report = filters.get("place"), filters.get("report")
    pool = catalogue.narrowed(within_filters, place, filters.get("period"), report)
    turns = (corrected_spelling(turn, catalogue) for turn in (*recent(history), question))
    *before, typed = map(with_full_years, turns)
    form, wanted, earlier = in_form(typed, [_of_congress(turn, pool) for turn in before])
    filtered = pool if place or report else None
    about_program, forms = _completed(wanted, earlier, form, catalogue, filtered)
    for swap in [edit for edit in form.edits[-1:] if edit.change == "swap" and not edit.instead]:
        if swap.words in _understood(question, forms[0], form, about_program, pool).form.undone:
            form, wanted, earlier = Form(), typed, (*earlier, wanted)  # a question of its own
            about_program, forms = _completed(wanted, earlier, form, catalogue, filtered)
    if place and pool.terms and not about_program and form.shape != "table":
        forms = tuple(replace(one, text=about_place(one.text, place, pool)) for one in forms)
    whole = _understood(question, forms[0], form, about_program, pool)
    yield whole
    for completed in forms[1:]:
        with suppress(QuestionError):
            yield _understood(question, completed, form, about_program, pool)
    short = without_idle_clauses(forms[0].text)
    if len(forms) == 1 and short != forms[0].text:
        with suppress(QuestionError):
            query = _understood(question, Completed(short), form, about_program, pool)
            if query.report_ids <= whole.report_ids:  # none that the whole question does not ask of
                yield replace(query, shortened=True)


def _understood(
    question: str, completed: Completed, form: Form, about_program: About, pool: Catalogue
) -> Query:
    """Return what a question asks of the reports of a pool, completed in one way; errors as above."""
    asked, own = _tidied(completed.text), _tidied(completed.own)
    within = tuple(term.report_id for term in pool.terms)
    pool, text = in_titled_report(pool, asked)
    at_most(len({place.name for _, _, place in find(text)}), BUDGET.scopes, "个地区")
    when, where = find_when(text), find_where(text, pool)
    operation = default_question_reader().read(text).operation
    if when.relation == "previous" and operation != "none":
        when = replace(when, relation="both")  # the last term is worked out with this one
    if text == asked and (years := _with_years(text, when, where)):
        asked = text = years
        when, where = find_when(text), find_where(text, pool)
    narrow = unicodedata.normalize("NFKC", question)
    carried = when.periods and not find_when(with_full_years(narrow)).periods  # from an earlier question
    if carried and where.named and all(choose_terms(when, each.terms)[1] for each in where.named):
        asked = text = when.text  # no report of these places is of those years
        when, where = find_when(text), find_where(text, pool)
    if where.all_places and form.shape == "table":  # whose rows are all reports anyway
        where = Where((), ())
    topic = topic_of(text, when, where, keep=None)
    own_pool, own_text = in_titled_report(pool, own)  # of this turn alone
    focus = _topic(own_text, own_pool) if own else topic
    scopes, refusal, outside = scopes_of(text, when, where, pool)
    # Each place is asked without the words that stand for all.
    plain = without(text, [(where.named[0].start, where.named[0].end)]) if where.all_places else text
    kind, compares = _kind_over(scopes, asked)
    kind = "chatter" if about_program else kind_in(form.first, kind, topic)
    if kind == "comparison" and not refusal and form.shape != "table":
        scopes = of_each_place(text, scopes, pool)
    parts = _each_asked(parts_of(focus, kind, compares), scopes, own or plain, plain, pool)
    if kind == "comparison" and len(parts) == len(scopes) == 1 and operation == "extreme":
        kind, parts = "name", (replace(parts[0], kind="name"),)  # the text says which (哪三个县最多)
    as_many = len(parts) == len(scopes) >= 2
    by_year = as_many and all(s.year and str(s.year) in p.asked for s, p in zip(scopes, parts, strict=True))
    paired = by_year and len({s.year for s in scopes}) == len(scopes)
    if paired:
        kind = "comparison"
        parts = tuple(replace(p, text=p.topic or p.text) for p in parts)
        scopes = tuple(replace(s, topic=p.text) for s, p in zip(scopes, parts, strict=True))
    elif form.shape != "table" and (found := _looked_up(text, kind, parts, scopes, where)):
        parts, paired = found
        topic = "，".join(part.topic for part in parts)
        scopes = tuple(replace(s, topic=topic) for s in scopes)
    if form.shape == "table":
        parts, scopes, form = edited(_columns(text, where, scopes), scopes, form, pool)
        asked, paired = "；".join((asked, *(edit.words for edit in form.edits))), False
    elif kind == "computation" and each_asks(parts, text):  # 一共接了多少件，办成多少件
        kind = "figure"
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
        unnamed=where.all_places or (len(scopes) > 1 and not where.named),
        within=within,
        form=form,
        about=about_program,
        meant=completed.meant,
    )
    return affordable(query)


def _with_years(text: str, when: When, where: Where) -> str:
    """Return a question about one place with the years of the term that it names otherwise, ``""`` if it names none so."""
    return in_years(text, when, where.named[0].terms) if len(where.named) == 1 else ""


def _of_congress(turn: str, pool: Catalogue) -> str:
    """Return an earlier question with the years of the term that it names by a congress, from which others are reckoned."""
    when = find_when(turn)
    return (when.congress and _with_years(turn, when, find_where(turn, pool))) or turn


def _completed(
    wanted: str, earlier: Sequence[str], form: Form, catalogue: Catalogue, filtered: Catalogue | None
) -> tuple[About, tuple[Completed, ...]]:
    """Return what is asked of the program itself, and what the question may mean in full, the likeliest first.

    ``wanted`` is the question without the words that ask for a form; ``filtered`` what a filter of places or reports leaves.
    """
    turns = tuple(earlier)
    about_program = about(wanted)
    if about_program in ("ability", "identity") and turns and completions(wanted, turns)[0].text != wanted:
        about_program = ""  # 有什么用 as a follow-up asks about the topic before
    rows = {(start, end) for start, end, _ in find(wanted)} | set(times_in(wanted))
    if about_program or (form.shape == "table" and names_rows_and_columns(wanted, rows)):
        turns = ()
    if filtered is not None:
        turns = without_other_places(wanted, turns, filtered)
    return about_program, completions(*with_own_names(wanted, turns, catalogue))


def _kind_over(scopes: Sequence[Scope], asked: str) -> tuple[QuestionKind, bool]:
    """Return the kind of a question over its scopes, and whether its words ask to compare or compute."""
    kind = kind_of(asked)
    if kind == "computation" and len(scopes) == 1:  # 2013到2018年 names a term, and is no difference
        kind = kind_of(replaced(asked, (time.at for time in time_expressions(asked, Calendar(None)))))
    compares = kind in ("comparison", "computation")
    if len(scopes) > 1 and not compares and kind != "chatter":
        kind = "comparison"
    return kind, compares


def _columns(text: str, where: Where, scopes: Sequence[Scope]) -> tuple[Part, ...]:
    """Return the columns of a table, each as a part."""
    places = {(named.start, named.end) for named in where.named}
    common, things = columns_of(text, places | _times_of(scopes, text))
    own = zip(things, _with_shared_time(things), strict=True)
    return tuple(Part(thing, None, "figure", f"{common}，{ask}".lstrip("，")) for thing, ask in own)


def _times_of(scopes: Sequence[Scope], text: str) -> set[Span]:
    """Return the spans of the scopes' years and terms; another time (今年, 2026年) belongs to what is asked."""
    years = {time.at: time.period for time in time_expressions(text, Calendar(None))}
    of = {s.period for s in scopes} | {Period(s.year, s.year) for s in scopes if s.year and not s.mention}
    return {at for at in times_in(text) if (years[at] in of if at in years else "届" in text[slice(*at)])}


def _with_shared_time(things: Sequence[str]) -> list[str]:
    """Put the time at the beginning of the first column before all, if no other names a time: 今年的甲、乙."""
    first, *others = things
    times = times_in(first)
    if len(times) != 1 or times[0][0] > 0 or any(map(times_in, others)):
        return list(things)
    return [first, *(f"{first[: times[0][1]]}{thing}" for thing in others)]


def _tidied(text: str) -> str:
    """Normalise the characters of a question and remove what it excludes, and places told in passing."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip())
    return without_background(with_full_years(without_inner_brackets(_EXCLUDED.sub("", text))))


def _each_asked(
    parts: tuple[Part, ...], scopes: Sequence[Scope], own: str, text: str, catalogue: Catalogue
) -> tuple[Part, ...]:
    """Return the parts, each as its own question if the question can be split into as many."""
    if len(parts) == 1:
        return (replace(parts[0], asked=own if times_in(own) else text, topic=scopes[0].topic),)
    ways = (split_things(one, len(parts)) for one in dict.fromkeys((text, own)))
    things = next(filter(None, ways), ())
    if not all(things) or not things:
        return parts
    topics = (_topic(thing, catalogue, bare=True) for thing in things)
    return tuple(replace(p, asked=a, topic=t) for p, a, t in zip(parts, things, topics, strict=True))


def _looked_up(
    text: str, kind: QuestionKind, parts: Sequence[Part], scopes: Sequence[Scope], where: Where
) -> tuple[tuple[Part, ...], bool] | None:
    """Return the things to look up for a comparison or a computation, and whether each place has its own.

    None if the reader marks none, or nothing is to be worked out: how much each place has grown is printed, and of some
    in one place the text says which has the most.
    """
    operation = default_question_reader().read(text).operation
    works = kind == "computation" or operation not in ("none", "compare", "extreme")
    grown = operation == "growth" and len({scope.place for scope in scopes}) > 1
    told = kind == "comparison" and all(part.kind in IN_SENTENCES for part in parts)
    if kind not in ("comparison", "computation") or grown or told:
        return None
    outside = [n for n in where.named if not is_quoted(text, n.start, n.start)]
    places = [(n.start, n.end + 2 * text.startswith("全", n.end)) for n in outside]  # 浙江全省
    terms = _times_of(scopes, text) if len(scopes) > 1 else set[Span]()
    terms |= {term} if (term := find_when(text).term) else set()
    things = things_of(text, {*places, *terms})
    if not things or not (works or len(scopes) > 1 or len(things) > 1):
        return None
    unit = unit_of(text) if len(things) == 1 and kind == "comparison" else None
    of_place = [sum(start <= a < end for a, _ in places) for start, end in (t.stretch for t in things)]
    found = tuple(_part(thing, unit, may_name=kind == "comparison") for thing in things)
    return found, len(things) == len(scopes) > 1 and of_place == [1] * len(scopes)


def _part(thing: Thing, unit: str | None, may_name: bool) -> Part:
    """Return a thing as what is asked; ``unit`` is the one expected if its own words name none."""
    topic = topic_of(thing.words, find_when(thing.words), Where((), ()), keep=None, bare=True)
    unit, asks = unit_of(topic) or unit, ASKED.search(topic) is not None
    kind = kind_of(topic) if asks and may_name else "figure"
    measured = f"有多少{unit}" if unit and unit != "%" else "是多少"
    asked = f"{thing.time}{topic}{'' if asks else measured}"
    return Part(topic, unit, kind if kind in ("name", "list") else "figure", asked, topic)


def _topic(text: str, catalogue: Catalogue, *, bare: bool = False) -> str:
    """Return the topic of a text without any place; ``bare``: the asides are removed already."""
    return topic_of(text, find_when(text), find_where(text, catalogue), keep=None, bare=bare)
