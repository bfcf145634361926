"""Proposals → the answer that is shown, with its calibrated chance; or that nothing sure was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TypeAlias

from qa.answering.corrections import DISAGREE
from qa.answering.ranking import limit, ranker
from qa.answering.refusal import refuse, unsure
from qa.answering.sureness.features import FEATURES, SOURCES, features, source_of
from qa.answering.sureness.proposals import proposals
from qa.answering.sureness.span_answers import Read, read_each, read_further, read_passages
from qa.answering.wording import Wording
from qa.retrieval import with_nearest
from qa.types import IN_SENTENCES, Answer, Hit, Query

Weighed: TypeAlias = tuple[Answer, tuple[float, ...]]  # with its features


def settle(
    query: Query,
    rules: Answer,
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
) -> Answer:
    """The likeliest of what the rules and the reader propose, where it is sure enough; else one of the other outcomes.

    What is known before any search (small talk, a place that no report knows, a corrected premise, the overview of
    a report) stays as it is. Key sentences are given where they are likely about the topic themselves; to a question how
    something was done a clause is the better answer, where the reader is sure of one.
    """
    in_sentences, about = query.sums_up or query.kind in IN_SENTENCES, rules.chance or 0.0
    if _is_settled(query, rules, passages) or (query.sums_up and about >= limit("sureness", "summary")):
        return rules
    read, each = _read(query, found, passages, wording)
    judged = [
        (_chance(values), answer)
        for answer, values in _weighed(query, rules, read, each, found, passages, wording)
        if not (in_sentences and answer is rules)
    ]
    if not judged:
        # That places could not be set side by side does not say that each is silent.
        several = len(query.scopes) > 1 or not rules.abstained
        return with_nearest(unsure(query, passages), _likely(query, read)) if several else rules
    chance, best = max(judged, key=lambda pair: pair[0])
    if not in_sentences and _holds(rules, best):
        best = rules
    if chance >= limit("sureness", "sure"):
        return replace(best, chance=chance)
    if in_sentences and about >= limit("sureness", "sure"):
        return rules
    near = chance >= limit("sureness", "near")
    told = unsure(query, passages) if near else refuse(query, "no_support", passages, ())
    further = read_further(query, passages) if len(query.scopes) == 1 else ()
    return with_nearest(replace(told, chance=chance), _likely(query, (*read, *further)))


def weighed(
    query: Query,
    rules: Answer,
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
) -> tuple[Weighed, ...]:
    """Every answer that might be given, with its features; none where nothing is to be chosen."""
    if _is_settled(query, rules, passages):
        return ()
    read, each = _read(query, found, passages, wording)
    return _weighed(query, rules, read, each, found, passages, wording)


def _read(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> tuple[tuple[Read, ...], tuple[Read, ...]]:
    """What the reader makes of the best passages, and of those of each single thing where several are asked."""
    each = read_each(query, found, wording)
    return (each if each and len(query.scopes) > 1 else read_passages(query, passages)), each


def _is_settled(query: Query, rules: Answer, passages: Sequence[Hit]) -> bool:
    """Whether nothing is to be chosen, whatever the reader finds."""
    known = rules.reason == "false_premise" or rules.certain
    return query.kind == "chatter" or bool(query.refusal) or known or not passages


def _weighed(
    query: Query,
    rules: Answer,
    read: Sequence[Read],
    each: Sequence[Read],
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
) -> tuple[Weighed, ...]:
    every = proposals(query, rules, read, each, found, passages, wording)
    return tuple((one.answer, features(query, one, every, read, wording)) for one in every)


def _likely(query: Query, read: Sequence[Read]) -> tuple[Hit, ...]:
    """The passages that were read, by how likely each answers and where the search put it; those of each place in turn."""
    hits = [one.hit for one in sorted(read, key=lambda one: one.rank / 2 - one.reading.answered)]
    of_each = ([hit for hit in hits if hit.report.id in scope.report_ids] for scope in query.scopes)
    in_turn = (hit for row in zip_longest(*of_each) for hit in row if hit)
    return tuple({(hit.report.id, hit.paragraph.number): hit for hit in chain(in_turn, hits)}.values())


def _holds(rules: Answer, best: Answer) -> bool:
    """Whether the rules say what the best answer says, and what more passages say: of other places, or against it."""
    own, more = ({(one.report_id, one.paragraph) for one in answer.citations} for answer in (best, rules))
    further = own < more or rules.text.startswith(DISAGREE)
    return not rules.abstained and further and best.short is not None and best.short in rules.text


def _chance(values: Sequence[float]) -> float:
    """By the weights of the source that proposes it."""
    return ranker(f"sureness: {SOURCES[source_of(values)]}", FEATURES).probability(values)
