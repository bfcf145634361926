"""What the reader makes of the evidence: how likely each sentence answers a part of a question, and where in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from embeddings.reader import Reader, Reading, default_reader

if TYPE_CHECKING:
    from qa.answering.candidates import Evidence
    from qa.answering.wording import Wording
    from qa.types import Part

Readings: TypeAlias = Mapping[int, Reading]  # by the rank of the evidence
AT_ONCE = 4  # sentences that are read together, some 3 ms each
MOST = 8  # sentences that are read for a part where none before promises an answer
PROMISES = 1.0  # log-odds of an answer from which no more are read
BEFORE = 24  # characters that stand before a sentence and are read with it
SURE = 8.0  # log-odds beyond which more makes no difference
DOUBTED = 4.0  # likewise against: reports list more in a sentence than the news the reader learned from
BLIND = 12.0  # likewise for the log-probability of a span


def read(
    question: str, evidence: Sequence[Evidence], wording: Wording, reader: Reader | None = None
) -> Readings:
    """The readings of the sentences that promise most, by the shipped reader unless another is given.

    A few are read at a time, and more where none of them seems to answer.
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


def put(parts: Sequence[Part], at: int, topic: str) -> str:
    """A part as a question of its own: the whole topic where it is the only one, else behind the one it follows."""
    if len(parts) == 1:
        return topic
    return parts[at].text if not at else f"{parts[at - 1].text}，{parts[at].text}"


def relevance(reading: Reading | None) -> float:
    """-0.5 to 1: how likely the sentence answers; -0.5 for one that was not read."""
    told = -DOUBTED if reading is None else reading.relevance
    return max(-DOUBTED, min(SURE, told)) / SURE


def span(reading: Reading | None, start: int, end: int) -> float:
    """-1 to 0: how likely the answer stands between two offsets of the sentence."""
    return -1.0 if reading is None else max(-BLIND, reading.span(start, end)) / BLIND
