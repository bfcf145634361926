"""Proposals → the answer that is shown, with its calibrated chance; or that nothing sure was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.corrections import DISAGREE
from qa.answering.ranking import limit, ranker
from qa.answering.refusal import refuse, unsure
from qa.answering.sureness.features import FEATURES, features
from qa.answering.sureness.found import read_passages
from qa.answering.sureness.proposals import proposals
from qa.answering.wording import Wording
from qa.retrieval import with_nearest
from qa.types import Answer, Hit, Query

__all__ = ["settle", "weighed"]


def settle(query: Query, rules: Answer, passages: Sequence[Hit], wording: Wording) -> Answer:
    """The likeliest of what the rules and the reader propose, where it is sure enough; else one of the other outcomes.

    What is known before any search (small talk, a place that no report knows, a corrected premise, the overview of
    a report) stays as it is.
    """
    judged = [(_chance(values), answer) for answer, values in weighed(query, rules, passages, wording)]
    if not judged:
        return rules
    chance, best = max(judged, key=lambda pair: pair[0])
    if rules.text.startswith(DISAGREE) and (best.short or "") in rules.text:
        best = rules  # it holds that answer, and what is said against it
    least = limit("sureness", "summary" if query.kind == "summary" and best is rules else "sure")
    # A summary claims less than an answer, and gives way where the reader is surer of one.
    if chance >= least:
        return replace(best, chance=chance)
    if chance >= limit("sureness", "near"):
        return with_nearest(unsure(query, passages), _likely(query, passages))
    return with_nearest(refuse(query, "no_support", passages, ()), _likely(query, passages))


def _likely(query: Query, passages: Sequence[Hit]) -> tuple[Hit, ...]:
    """The passages that were read, in the order that search and reader give them together: the sum of both ranks."""
    read = sorted(read_passages(query, passages), key=lambda r: -r.reading.answered)
    both = sorted(enumerate(read), key=lambda item: (item[0] + item[1].rank, item[1].rank))
    return tuple(one.hit for _, one in both)


def weighed(
    query: Query, rules: Answer, passages: Sequence[Hit], wording: Wording
) -> tuple[tuple[Answer, tuple[float, ...]], ...]:
    """Every answer that might be given, with its features; none where nothing is to be chosen."""
    if (
        query.kind == "chatter"
        or query.refusal
        or rules.reason == "false_premise"
        or rules.certain
        or not passages
    ):
        return ()
    read = read_passages(query, passages)
    every = proposals(query, rules, read, passages, wording)
    return tuple((one.answer, features(query, one, every, read, wording)) for one in every)


def _chance(values: Sequence[float]) -> float:
    return ranker("sureness", FEATURES).probability(values)
