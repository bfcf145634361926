"""Read evidence with the sentence reader: how likely each sentence answers a part, and where in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from embeddings.reader import Reader, Reading, default_reader

if TYPE_CHECKING:
    from qa.answering.candidates import Evidence
    from qa.answering.wording import Wording
    from qa.types import Part

Readings: TypeAlias = Mapping[int, Reading]  # by the rank of the evidence
AT_ONCE = 4  # sentences read together, some 3 ms each
MOST = 8  # sentences read for a part if none before promises an answer
PROMISES = 1.0  # log-odds of an answer from which no more sentences are read
BEFORE = 24  # characters before a sentence that are read with it
SURE = 8.0  # log-odds are clipped here
DOUBTED = 4.0  # below zero here: reports list more in a sentence than the news that the reader learned from
BLIND = 12.0  # the negative log-probability of a span is clipped here


def read(
    question: str, evidence: Sequence[Evidence], wording: Wording, reader: Reader | None = None
) -> Readings:
    """Return readings of the most promising sentences, by the shipped reader unless another is given.

    A few are read at a time; more only if none of them seems to answer.
    """
    reader = reader or default_reader()

    def promise(item: Evidence) -> float:
        return item.share + wording.coverage(question, (item.text, item.context))

    ranked = sorted(evidence, key=promise, reverse=True)[:MOST]
    readings: dict[int, Reading] = {}
    for first in range(0, len(ranked), AT_ONCE):
        chosen = ranked[first : first + AT_ONCE]
        before = [e.hit.paragraph.text[max(0, e.start - BEFORE) : e.start] for e in chosen]
        found = reader.read_each(question, [(b, e.text) for b, e in zip(before, chosen, strict=True)])
        readings |= {e.rank: reading for e, reading in zip(chosen, found, strict=True)}
        if max(reading.relevance for reading in found) >= PROMISES:
            break
    return readings


def as_question(parts: Sequence[Part], at: int, topic: str) -> str:
    """Return a part as its own question: the whole topic if there is only one, else with the part before."""
    if len(parts) == 1:
        return topic
    return parts[at].text if not at else f"{parts[at - 1].text}，{parts[at].text}"


def relevance(reading: Reading | None) -> float:
    """Return how likely the sentence answers, -0.5 to 1; -0.5 if it was not read."""
    log_odds = -DOUBTED if reading is None else reading.relevance
    return max(-DOUBTED, min(SURE, log_odds)) / SURE


def span(reading: Reading | None, start: int, end: int) -> float:
    """Return how likely the answer is between two offsets of the sentence, -1 (not read or unlikely) to 0."""
    return -1.0 if reading is None else max(-BLIND, reading.span(start, end)) / BLIND
