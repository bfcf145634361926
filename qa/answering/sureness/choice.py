"""Choose the answer that is shown, with its calibrated chance, or abstain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

import numpy as np

from qa.answering.ranking import forest, limit, ranker
from qa.answering.refusal import refuse, unsure
from qa.answering.statement import Fact, Hits, place_label
from qa.answering.sureness.features import (
    EARLIER,
    FEATURES,
    OF_STATE,
    SOURCES,
    features,
    of_each_source,
    source_of,
)
from qa.answering.sureness.proposals import Proposal, proposals
from qa.answering.sureness.span_answers import Read, read_further, read_passages
from qa.answering.wording import Wording
from qa.retrieval import with_nearest
from qa.types import Answer, Hit, Query

OF_ONE = ("figure", "name", "computation")  # kinds of questions that one thing answers
EVEN = 0.5  # chance from which an answer is rather right than wrong


@dataclass(frozen=True, slots=True)
class _Judged:
    """A proposal with its features and how likely it is right."""

    proposal: Proposal
    values: tuple[float, ...]
    chance: float

    def is_(self, *names: str) -> bool:
        """Whether one of these features is not 0."""
        return any(self.values[FEATURES.index(name)] for name in names)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer, what it states, what other passages rather state than not, and all that it was chosen from.

    Each the likeliest first.
    """

    answer: Answer
    fact: Fact | None = None  # None if it abstains, or if no passage was read for it
    others: tuple[Fact, ...] = ()
    weighed: tuple[Answer, ...] = ()


def choose_answer(query: Query, written: Answer, passages: Hits, wording: Wording, least: float) -> Chosen:
    """Return the likeliest answer that the reader finds if its chance is at least ``least``, else abstain.

    With 0 it is to be set beside others, and its short form keeps all that was found.
    What was ``written`` without it stays: small talk, a place without reports, the overview of a report, a row of a
    table. Key sentences stay if they are likely about the topic, a single one only if that is as sure; a question how
    something was done is answered with a clause instead, if the reader is sure of one. A clause of one place does not
    sum up several.
    """
    on_topic = written.chance or 0.0  # of key sentences: how likely they are about the topic
    enough = max(limit("sureness", "summary"), 0.0 if len(written.citations) > 1 else least)
    if _stays(query, written, passages) or (query.sums_up and on_topic >= enough):
        return Chosen(written)
    read = read_passages(query, passages)
    judged = _judged(query, read, passages, wording) if len(query.scopes) == 1 else []
    if not judged:
        abstained = unsure(query, passages) if written.chance else refuse(query, "no_support", passages, ())
        return Chosen(with_nearest(abstained, _likely(query, read)))
    best, *rest = judged
    chance, answer = best.chance, best.proposal.answer
    each = sorted(judged, key=lambda one: -one.chance)
    every = tuple(replace(one.proposal.answer, chance=one.chance) for one in each)
    if chance >= least:
        short = _short(query, best.proposal) if least else answer.short
        shown = replace(answer, short=short, chance=chance)
        return Chosen(shown, best.proposal.fact, _facts(rest), every)
    if on_topic >= least:
        return Chosen(written, weighed=every)
    if chance >= limit("sureness", "near"):
        of_term = place_label(best.proposal.statements[0]) if best.is_(EARLIER) else ""
        abstained = unsure(query, passages, of_term)
    else:
        abstained = refuse(query, "no_support", passages, ())
    further = read_further(query, passages) if len(query.scopes) == 1 else ()
    likely = _likely(query, (*read, *further))
    return Chosen(with_nearest(replace(abstained, chance=chance), likely, answer.citations), weighed=every)


def _short(query: Query, proposal: Proposal) -> str | None:
    """Return the short answer of a proposal; to a question for one thing without what is doubtful beside the rest."""
    found, short = proposal.found, proposal.answer.short
    of_one = len(query.parts) == 1 and query.kind in OF_ONE
    if not of_one or short != found.text:
        return short
    return found.without_doubtful().in_unit(query.parts[0].unit).text


def facts_in(query: Query, passages: Hits, wording: Wording) -> tuple[Fact, ...]:
    """Return what passages rather state than not in answer to a question, the likeliest first."""
    return _facts(_judged(query, read_passages(query, passages), passages, wording))


def _facts(judged: Sequence[_Judged]) -> tuple[Fact, ...]:
    answering = (one for one in judged if one.proposal.found.read.reading.answered > 0)
    return tuple(one.proposal.fact for one in answering)


def weighed(
    query: Query, written: Answer, passages: Hits, wording: Wording
) -> tuple[tuple[Answer, tuple[float, ...]], ...]:
    """Return every possible answer with its features; none if what was written stays anyway."""
    if _stays(query, written, passages):
        return ()
    judged = _judged(query, read_passages(query, passages), passages, wording)
    return tuple((one.proposal.answer, one.values) for one in judged)


def _judged(query: Query, read: Sequence[Read], passages: Hits, wording: Wording) -> list[_Judged]:
    """Return the proposals with their chances, the likeliest first, but what is rather right before the wrong state."""
    every = proposals(query, read, passages, wording)
    valued = [features(query, one, every, read, wording) for one in every]
    judged = list(map(_Judged, every, valued, chances_of(valued)))
    return sorted(judged, key=lambda one: (one.chance < EVEN or one.is_(*OF_STATE), -one.chance))


def _stays(query: Query, written: Answer, passages: Hits) -> bool:
    """Whether what was written stays, whatever the reader finds."""
    return query.kind == "chatter" or bool(query.refusal) or written.certain or not passages


def _likely(query: Query, read: Sequence[Read]) -> tuple[Hit, ...]:
    """Return the passages read, nearest first by chance of an answer and rank, those of several scopes in turn."""
    hits = [one.hit for one in sorted(read, key=lambda one: one.rank / 2 - one.reading.answered)]
    of_each = ([hit for hit in hits if hit.report.id in scope.report_ids] for scope in query.scopes)
    in_turn = (hit for row in zip_longest(*of_each) for hit in row if hit)
    return tuple({hit.position: hit for hit in chain(in_turn, hits)}.values())


def chances_of(every: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return how likely each of the answers to one question is right, by a linear model and a forest."""
    table = np.array(every, dtype=np.float64).reshape(-1, len(FEATURES))
    sources = source_of(table)
    models = [ranker(f"sureness: {SOURCES[source]}", FEATURES) for source in sources]
    scores = np.array([model.score(row) for model, row in zip(models, every, strict=True)])
    chances = np.zeros(len(table))
    for own in of_each_source(table):
        chances[own] = forest().chances_among(table[own], scores[own], limit("sureness", "forest"))
    return tuple(chances.tolist())
