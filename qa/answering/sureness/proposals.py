"""Collect the possible answers: that of the rules, and the likeliest ones that the reader finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp

from qa.answering.candidates import Evidence
from qa.answering.compose import Line, compose, lines_of, merged, named, with_result
from qa.answering.computation import Derived, Operation, derive, operation_of, states_mean
from qa.answering.fact import Fact
from qa.answering.statement import EXTRA, WHOLE, Statement, place_label, snippet, whole_sentence
from qa.answering.sureness.span_answers import Read, SpanAnswer, alone_asked, likeliest, single_things
from qa.answering.wording import Wording
from qa.text.changes import changes_in
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.sentences import split_clauses, split_sentences
from qa.text.states import asks_of_plans, state_of
from qa.types import Answer, Figure, Hit, Part, Query

_OF_CHANGES = ("difference", "growth", "times")
NOT = -3.0  # log-odds below which a single thing counts as not found
EVEN = 0.5  # chance from which a passage rather answers a single thing than not


@dataclass(frozen=True, slots=True)
class Proposal:
    """A possible answer, as it would be shown."""

    answer: Answer
    # The reader's spans, one per single thing; empty for the rules' answer.
    found: tuple[SpanAnswer, ...] = ()
    # If it is joined: each single thing as its own question, with its proposals, the chosen one first.
    things: tuple[tuple[Query, tuple[Proposal, ...]], ...] = ()
    missing: tuple[str, ...] = ()  # those of several things that no passage read for them answers


def proposals(
    query: Query,
    rules: Answer,
    read: Sequence[Read],
    each: Sequence[Read],
    passages: Sequence[Hit],
    wording: Wording,
) -> tuple[Proposal, ...]:
    """Return the answer of the rules, if any, those of the reader, likeliest first, and the joined one.

    Args:
        read: the best passages, read for the whole question.
        each: the passages of each single thing, read for that thing.
    """
    spans = likeliest(read)
    only_figures = all(part.kind == "figure" for part in query.parts)
    things = [*_things(query, each, passages, wording)] if each else []
    known = () if rules.abstained else (Proposal(rules, missing=rules.missing or _missing(things, rules)),)
    alone = (
        (_answer(query, one, passages, wording), one)
        for one in spans
        if figures(one.text) or not only_figures
    )
    single = (Proposal(answer, (one,), missing=_missing(things, answer)) for answer, one in alone)
    all_found = things and all(thing.fact for thing in things)
    return (*known, *single, *([_joined(query, things, passages)] if all_found else []))


def _missing(things: Sequence[_Thing], answer: Answer) -> tuple[str, ...]:
    """Return the things that an answer does not state and that no passage rather answers than not."""
    stated = figures(answer.text)

    def told(thing: _Thing) -> bool:
        fact = thing.fact
        if fact is None or fact.support >= EVEN:
            return fact is not None
        return fact.figure is not None and any(same_value(fact.figure.value, f.value) for f in stated)

    return tuple(named(thing.part) for thing in things if not told(thing))


@dataclass(frozen=True, slots=True)
class _Thing:
    """One of several single things, and what the passages read for it say."""

    part: Part
    alone: Query  # it as its own question
    fact: Fact | None  # None: not found
    proposals: tuple[Proposal, ...]  # the fact's first


def _things(
    query: Query, each: Sequence[Read], passages: Sequence[Hit], wording: Wording
) -> Iterator[_Thing]:
    """Yield the single things in order; what answers one of them answers no other."""
    taken = set()
    for number, (scope, part) in enumerate(single_things(query)):
        likely = likeliest([r for r in each if r.thing == number])
        free = [s for s in likely if (s.read.hit.position, s.best) not in taken]
        alone = alone_asked(query, query.scopes[scope], part)
        spans = _of_its_time_first(alone.standalone, free)
        fact = _fact_of(alone, part, spans[0], wording) if spans else None
        if fact:
            taken.add((spans[0].read.hit.position, spans[0].best))
        own = tuple(Proposal(_answer(alone, s, passages, wording), (s,)) for s in spans)
        yield _Thing(part, alone, fact, own)


def _joined(query: Query, things: Sequence[_Thing], passages: Sequence[Hit]) -> Proposal:
    """Join what was found of each single thing."""
    answer = compose(query, lines_of([thing.fact.statement for thing in things if thing.fact]), passages)
    chosen = tuple(thing.proposals[0].found[0] for thing in things)
    return Proposal(answer, chosen, tuple((thing.alone, thing.proposals) for thing in things))


def _of_its_time_first(asked: str, found: Iterable[SpanAnswer]) -> list[SpanAnswer]:
    """Sort what was found: what answers first, and of that first what is a result, or a plan, as is asked; stable."""

    def order(one: SpanAnswer) -> tuple[bool, bool]:
        hit = one.read.hit
        planned = state_of(hit, *one.best) == "plan"
        return one.read.reading.answered < 0, planned != asks_of_plans(asked, hit.report)

    return sorted(found, key=order)


def _fact_of(alone: Query, part: Part, found: SpanAnswer, wording: Wording) -> Fact | None:
    """Return what was found of one thing as a fact; None if the reader doubts that its passage answers."""
    if found.read.reading.answered < NOT:
        return None
    support = 1.0 / (1.0 + exp(-found.read.reading.answered))
    statements = list(_statements(alone, found, wording))
    if part.kind != "figure":
        return Fact(part, statements[0], found.text, None, support)
    for figure in sorted(found.figures, key=lambda f: unit_kind(f.unit) != unit_kind(part.unit or "")):
        for statement in statements:
            start, (first, last) = statement.evidence.start, statement.clauses
            if start + first <= figure.start < start + last:
                own = replace(figure, start=figure.start - start, end=figure.end - start)
                return Fact(part, statement, own.text, own, support)
    return None


def _answer(query: Query, found: SpanAnswer, passages: Sequence[Hit], wording: Wording) -> Answer:
    """Return the clauses that hold the spans, with place and period, and what is computed from their figures."""
    statements = merged(tuple(_statements(query, found, wording)))
    lines = (Line(statements, label=place_label(statements[0].evidence)),)
    derived = _derived(operation_of(query.standalone), found) if query.kind == "computation" else None
    made = compose(query, lines, passages, short=found.text)
    return with_result(made, derived, derived.text) if derived else made


def _derived(operation: Operation, found: SpanAnswer) -> Derived | None:
    """Compute from the figures of one passage: their sum, an amount per head, or by how much one became the other (由A增加到B).

    Other figures have no order that an operation could rely on.
    """
    if operation == "sum":
        return derive(operation, found.figures)
    if operation == "ratio":
        return derive(operation, _amount_and_count(found))
    start, end = found.best
    changes = changes_in(found.read.hit.paragraph.text)
    own = next((c for c in changes if c.first.start < end and start < c.last.end), None)
    return derive(operation, (own.last, own.first)) if own and operation in _OF_CHANGES else None


def _amount_and_count(found: SpanAnswer) -> tuple[Figure, ...]:
    """Return the figure found and the one other in its clause, if these count different things and are no mean."""
    text = found.read.hit.paragraph.text
    start, end = next((a, b) for a, b in split_clauses(text) if a <= found.best[0] < b)
    inside = [f for f in figures(text) if start <= f.start < end and f.unit and not is_year(f)]
    kinds = {unit_kind(figure.unit) for figure in inside}
    apart = len(inside) == len(kinds) == 2 and "%" not in kinds and not states_mean(text[start:end])
    return tuple(inside) if apart and any(f.start < found.best[1] for f in inside) else ()


def _statements(query: Query, found: SpanAnswer, wording: Wording) -> Iterator[Statement]:
    """Yield for each sentence with spans the whole sentence, or the clauses around the spans."""
    hit = found.read.hit
    for start, end in split_sentences(hit.paragraph.text):
        own = [(a, b) for a, b in found.spans if start <= a < end]
        if not own:
            continue
        evidence = Evidence(hit, start, end, found.read.rank)
        core = (own[0][0] - start, min(own[-1][1], end) - start)
        others = [f for f in figures(evidence.text) if not is_year(f) and not core[0] <= f.start < core[1]]
        if end - start <= WHOLE and query.kind != "figure" and len(others) <= EXTRA:
            yield whole_sentence(evidence)
        else:
            cores = [(a - start, min(b, end) - start) for a, b in own] if query.kind == "figure" else [core]
            for each in cores:  # figures one by one, without others between them
                yield snippet(evidence, each, query.topic, wording)
