"""Query + what was found → the answers that might be given: the rules' own, and the likeliest that the reader finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp

from qa.answering.candidates import Evidence
from qa.answering.compose import Line, compose, lines_of, merged
from qa.answering.computation import Derived, derive, operation_of
from qa.answering.fact import Found
from qa.answering.side_by_side import side_by_side
from qa.answering.statement import CROWDED, WHOLE, Statement, place_label, snippet, whole
from qa.answering.sureness.span_answers import Read, SpanAnswer, alone_asked, likeliest, single_things
from qa.answering.wording import Wording
from qa.answering.worked_out import worked_out
from qa.text.figures import figures, is_year, unit_kind
from qa.text.sentences import split_sentences
from qa.text.told import asks_of_plans, state_of
from qa.types import Answer, Hit, Part, Query

NOT = -3.0  # log-odds under which a single thing counts as not found


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that might be given.

    Args:
        answer: it, as it would be shown.
        found: where the reader found it, each single thing by itself; empty for the rules' own.
        things: where it is put together, each single thing as a question of its own, with what the reader found of it,
            what was taken first.
    """

    answer: Answer
    found: tuple[SpanAnswer, ...] = ()
    things: tuple[tuple[Query, tuple[Proposal, ...]], ...] = ()


def proposals(
    query: Query,
    rules: Answer,
    read: Sequence[Read],
    each: Sequence[Read],
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
) -> tuple[Proposal, ...]:
    """The rules' answer where it is one, then what the reader found, the likeliest first, then what it found one by one.

    Args:
        read: the best passages, read for the whole question; of several places no single one answers it.
        each: those of each single thing, read for it by itself.
        found: the hits of each scope.
    """
    known = () if rules.abstained else (Proposal(rules),)
    spans = [one for one in likeliest(read) if _fits(query, one)] if len(query.scopes) == 1 else []
    whole = (Proposal(_answer(query, one, passages, wording), (one,)) for one in spans)
    joined = _joined(query, each, found, passages, wording) if each else None
    return (*known, *whole, joined) if joined else (*known, *whole)


def _joined(
    query: Query,
    each: Sequence[Read],
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
) -> Proposal | None:
    """What was found of each single thing, put together by the one operation that is asked for.

    None where one of them was not found, or where nothing can be worked out that is asked to be.
    """
    told: list[list[Found]] = [[] for _ in query.scopes]
    things: list[tuple[Query, tuple[Proposal, ...]]] = []
    for thing, (scope, part) in enumerate(single_things(query)):
        taken = {(own[0].found[0].read.passage, own[0].found[0].best) for _, own in things}
        likely = (
            s
            for s in likeliest([r for r in each if r.thing == thing])
            if (s.read.passage, s.best) not in taken
        )
        alone = alone_asked(query, scope, part)
        spans = _of_its_time_first(alone.standalone, likely)
        item = _item(query, part, spans[0], wording) if spans else None
        if item is None:
            return None
        told[scope].append(item)
        things.append((alone, tuple(Proposal(_answer(alone, s, passages, wording), (s,)) for s in spans)))
    items = [item for own in told for item in own]
    if query.kind == "computation":
        answer = worked_out(query, operation_of(query.standalone), items, passages)
    elif len(query.scopes) > 1:
        answer = side_by_side(query, found, passages, wording, told)
    else:
        answer = compose(query, lines_of([item.statement for item in items]), passages)
    chosen = tuple(own[0].found[0] for _, own in things)
    return Proposal(answer, chosen, tuple(things)) if answer else None


def _of_its_time_first(asked: str, found: Iterable[SpanAnswer]) -> list[SpanAnswer]:
    """What was found, the likeliest first; of what answers, that first which was done or planned as is asked."""

    def order(one: SpanAnswer) -> tuple[bool, bool]:
        hit = one.read.hit
        planned = state_of(hit, *one.best) == "plan"
        return one.read.reading.answered < 0, planned != asks_of_plans(asked, hit.report)

    return sorted(found, key=order)


def _item(query: Query, part: Part, found: SpanAnswer, wording: Wording) -> Found | None:
    """One thing as it was found; None where the reader takes its passages not to answer it."""
    if found.read.reading.answered < NOT:
        return None
    support = 1.0 / (1.0 + exp(-found.read.reading.answered))
    statements = list(_statements(query, found, wording))
    if part.kind != "figure":
        return Found(part, statements[0], found.text, None, support)
    for figure in sorted(found.figures, key=lambda f: unit_kind(f.unit) != unit_kind(part.unit or "")):
        for said in statements:
            start, (first, last) = said.evidence.start, said.clauses
            if start + first <= figure.start < start + last:
                own = replace(figure, start=figure.start - start, end=figure.end - start)
                return Found(part, said, own.text, own, support)
    return None


def _fits(query: Query, found: SpanAnswer) -> bool:
    """Whether a figure stands in what was found, where nothing but figures is asked for."""
    return any(part.kind != "figure" for part in query.parts) or bool(figures(found.text))


def _answer(query: Query, found: SpanAnswer, passages: Sequence[Hit], wording: Wording) -> Answer:
    """The clauses that hold the spans, with their place and period, and what is worked out from their figures."""
    statements = merged(tuple(_statements(query, found, wording)))
    label = place_label(statements[0].evidence)
    derived = _sum(query, found)
    return compose(
        query,
        (Line(statements, label=label),),
        passages,
        short=derived.text if derived else found.text,
        calculation=(derived.formula,) if derived else (),
        closing=f"计算：{derived.formula}。" if derived else "",
    )


def _sum(query: Query, found: SpanAnswer) -> Derived | None:
    """The sum of the figures found, where that is asked for: their order does not matter."""
    asked = query.kind == "computation" and operation_of(query.standalone) == "sum"
    return derive("sum", found.figures) if asked else None


def _statements(query: Query, found: SpanAnswer, wording: Wording) -> Iterator[Statement]:
    hit = found.read.hit
    for start, end in split_sentences(hit.paragraph.text):
        own = [(a, b) for a, b in found.spans if start <= a < end]
        if not own:
            continue
        evidence = Evidence(hit, start, end, found.read.rank)
        core = (own[0][0] - start, min(own[-1][1], end) - start)
        beside = [f for f in figures(evidence.text) if not is_year(f) and not core[0] <= f.start < core[1]]
        if end - start <= WHOLE and query.kind != "figure" and len(beside) <= CROWDED:
            yield whole(evidence)
        else:
            cores = [(a - start, min(b, end) - start) for a, b in own] if query.kind == "figure" else [core]
            for each in cores:  # of figures no other that stands between
                yield snippet(evidence, each, query.topic, wording)
