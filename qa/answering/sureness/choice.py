"""Choose the answer that is shown, with its calibrated chance, or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from qa.answering.computation import operation_of
from qa.answering.corrections import DISAGREE
from qa.answering.ranking import limit, ranker
from qa.answering.refusal import refuse, unsure
from qa.answering.sureness.by_source import states
from qa.answering.sureness.features import FEATURES, SOURCES, features, source_of
from qa.answering.sureness.proposals import Proposal, proposals
from qa.answering.sureness.span_answers import Read, read_further, read_passages
from qa.answering.wording import Wording
from qa.retrieval import with_nearest
from qa.types import IN_SENTENCES, Answer, Hit, Query


def choose_answer(
    query: Query,
    rules: Answer,
    passages: Sequence[Hit],
    wording: Wording,
    least: float,
) -> Answer:
    """Return the likeliest proposal of the rules and the reader if its chance is at least ``least``, else abstain.

    Four kinds of answers of the rules stay as they are: small talk, a place without reports, a corrected
    premise, the overview of a report. Key sentences are shown if they are likely about the topic; a question how
    something was done is answered with a clause instead, if the reader is sure of one.
    """
    in_sentences = query.sums_up or query.kind in IN_SENTENCES
    on_topic = rules.chance or 0.0  # of key sentences: how likely they are about the topic
    if _is_certain(query, rules, passages) or (query.sums_up and on_topic >= limit("sureness", "summary")):
        return rules
    read = read_passages(query, passages)
    every = proposals(query, rules, read, passages, wording)
    judged = [
        (chance_of(features(query, one, every, read, wording)), one)
        for one in every
        if not (in_sentences and one.answer is rules)
    ]
    if not judged:
        return rules if rules.abstained else with_nearest(unsure(query, passages), _likely(query, read))
    chance, likeliest = max(judged, key=lambda pair: pair[0])
    best = _summed(query, likeliest, [one for _, one in judged]).answer
    if not in_sentences and _contains(rules, best):
        best = rules  # which say the same and more
    if chance >= least:
        return replace(best, chance=chance)
    if in_sentences and on_topic >= least:
        return rules
    near = chance >= limit("sureness", "near")
    abstained = unsure(query, passages) if near else refuse(query, "no_support", passages, ())
    further = read_further(query, passages) if len(query.scopes) == 1 else ()
    return with_nearest(replace(abstained, chance=chance), _likely(query, (*read, *further)), best.citations)


def weighed(
    query: Query, rules: Answer, passages: Sequence[Hit], wording: Wording
) -> tuple[tuple[Answer, tuple[float, ...]], ...]:
    """Return every possible answer with its features; none if the answer of the rules stays anyway."""
    if _is_certain(query, rules, passages):
        return ()
    read = read_passages(query, passages)
    every = proposals(query, rules, read, passages, wording)
    return tuple((one.answer, features(query, one, every, read, wording)) for one in every)


def _is_certain(query: Query, rules: Answer, passages: Sequence[Hit]) -> bool:
    """Whether the answer of the rules stays, whatever the reader finds."""
    known = rules.reason == "false_premise" or rules.certain
    return query.kind == "chatter" or bool(query.refusal) or known or not passages


def _likely(query: Query, read: Sequence[Read]) -> tuple[Hit, ...]:
    """Return the passages read, nearest first by chance of an answer and rank, those of several scopes in turn."""
    hits = [one.hit for one in sorted(read, key=lambda one: one.rank / 2 - one.reading.answered)]
    of_each = ([hit for hit in hits if hit.report.id in scope.report_ids] for scope in query.scopes)
    in_turn = (hit for row in zip_longest(*of_each) for hit in row if hit)
    return tuple({hit.position: hit for hit in chain(in_turn, hits)}.values())


def _summed(query: Query, likeliest: Proposal, every: Sequence[Proposal]) -> Proposal:
    """Return the proposal that computes the sum asked for from the figures that the likeliest states, if there is one."""
    if query.kind != "computation" or operation_of(query.standalone) != "sum" or likeliest.answer.calculation:
        return likeliest
    stated = replace(likeliest.answer, short=None)
    sums = (one for one in every if one.found and one.answer.calculation and states(stated, one.found))
    return next(sums, likeliest)


def _contains(rules: Answer, best: Answer) -> bool:
    """Whether the rules state the best answer and more: of other passages, or that reports disagree."""
    own, more = ({(one.report_id, one.paragraph) for one in answer.citations} for answer in (best, rules))
    further = own < more or rules.text.startswith(DISAGREE)
    return not rules.abstained and further and best.short is not None and best.short in rules.text


def chance_of(values: Sequence[float]) -> float:
    """Return how likely an answer with these features is right."""
    return ranker(f"sureness: {SOURCES[source_of(values)]}", FEATURES).probability(values)
