"""Query + what was found → the answers that might be given: the rules' own, and the likeliest that the reader finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.by_year import ends
from qa.answering.candidates import Evidence
from qa.answering.compose import Line, compose, merged
from qa.answering.computation import Derived, derive, operation_of
from qa.answering.fact import WHOLE
from qa.answering.statement import Statement, place_label, snippet, whole
from qa.answering.sureness.span_answers import Read, SpanAnswer, likeliest
from qa.answering.wording import Wording
from qa.text.figures import figures
from qa.text.sentences import split_sentences
from qa.types import Answer, Figure, Hit, Query

__all__ = ["Proposal", "proposals"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that might be given, with where the reader found it; ``found`` is None for the rules' own."""

    answer: Answer
    found: SpanAnswer | None


def proposals(
    query: Query, rules: Answer, read: Sequence[Read], passages: Sequence[Hit], wording: Wording
) -> tuple[Proposal, ...]:
    """The rules' answer where it is one, then what the reader found, the likeliest first.

    The reader answers what asks of one place; what joins several is the rules' to put together.
    """
    known = () if rules.abstained else (Proposal(rules, None),)
    if len(query.scopes) > 1 or query.refusal:
        return known
    found = [one for one in likeliest(read) if _fits(query, one)]
    return (*known, *(Proposal(_answer(query, one, passages, wording), one) for one in found))


def _fits(query: Query, found: SpanAnswer) -> bool:
    """Whether a figure stands in what was found, where nothing but figures is asked for."""
    return any(part.kind != "figure" for part in query.parts) or bool(figures(found.text))


def _answer(query: Query, found: SpanAnswer, passages: Sequence[Hit], wording: Wording) -> Answer:
    """The clauses that hold the spans, with their place and period, and what is worked out from their figures."""
    statements = merged(tuple(_statements(query, found, wording)))
    label = place_label(statements[0].evidence)
    derived = _derived(query, found, statements[0].evidence)
    return compose(
        query,
        (Line(statements, label=label),),
        passages,
        short=derived.text if derived else found.text,
        calculation=(derived.formula,) if derived else (),
        closing=f"计算：{derived.formula}。" if derived else "",
    )


def _derived(query: Query, found: SpanAnswer, evidence: Evidence) -> Derived | None:
    """What is to be worked out where the order of the figures found is plain: a sum, or how far a printed change went."""
    if query.kind != "computation" or not found.figures:
        return None
    operation = operation_of(query.standalone)
    if operation in ("growth", "difference", "times"):
        return derive(operation, _both_ends(found.figures[0], evidence))
    return derive(operation, found.figures) if operation == "sum" else None


def _both_ends(figure: Figure, evidence: Evidence) -> tuple[Figure, ...]:
    """Both figures of 由96名增加到274名, of which one is given by its offsets in the paragraph."""
    own = next((f for f in figures(evidence.text) if f.start == figure.start - evidence.start), None)
    return (own and ends(evidence, own)) or ()


def _statements(query: Query, found: SpanAnswer, wording: Wording) -> Iterator[Statement]:
    hit = found.read.hit
    for start, end in split_sentences(hit.paragraph.text):
        own = [(a, b) for a, b in found.spans if start <= a < end]
        if not own:
            continue
        evidence = Evidence(hit, start, end, found.read.rank)
        core = (own[0][0] - start, min(own[-1][1], end) - start)
        if end - start <= WHOLE and query.kind != "figure":
            yield whole(evidence)
        else:
            yield snippet(evidence, core, query.topic, wording)
