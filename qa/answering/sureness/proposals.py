"""Collect the possible answers: that of the rules, and the likeliest ones that the reader finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.candidates import Evidence
from qa.answering.compose import Line, compose, merged, with_result
from qa.answering.computation import Derived, Operation, derive, operation_of, states_mean
from qa.answering.statement import EXTRA, WHOLE, Statement, place_label, snippet, whole_sentence
from qa.answering.sureness.span_answers import Read, SpanAnswer, likeliest
from qa.answering.wording import Wording
from qa.text.changes import changes_in
from qa.text.figures import figures, is_year, unit_kind
from qa.text.sentences import split_clauses, split_sentences
from qa.types import Answer, Figure, Hit, Query

_OF_CHANGES = ("difference", "growth", "times")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A possible answer, as it would be shown, and what the reader found; None if it is the rules' answer."""

    answer: Answer
    found: SpanAnswer | None = None


def proposals(
    query: Query, rules: Answer, read: Sequence[Read], passages: Sequence[Hit], wording: Wording
) -> tuple[Proposal, ...]:
    """Return the answer of the rules, if any, and those of the reader, likeliest first.

    Args:
        read: the best passages, read for the question.
    """
    only_figures = all(part.kind == "figure" for part in query.parts)
    known = () if rules.abstained else (Proposal(rules),)
    spans = (one for one in likeliest(read) if figures(one.text) or not only_figures)
    return (*known, *(Proposal(_answer(query, one, passages, wording), one) for one in spans))


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
    return derive(operation, (own.first, own.last)) if own and operation in _OF_CHANGES else None


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
