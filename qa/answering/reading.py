"""What the reader makes of the evidence: how likely each sentence answers a part of a question, and where in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from embeddings.reader import Reader, Reading, default_reader

if TYPE_CHECKING:
    from qa.answering.candidates import Evidence
    from qa.types import Part

__all__ = ["Readings", "put", "read", "relevance", "span"]

Readings: TypeAlias = Mapping[int, Reading]  # by the rank of the evidence
MOST = 14  # sentences that are read for a part, some 3 ms each
BEFORE = 24  # characters that stand before a sentence and are read with it
SURE = 8.0  # log-odds beyond which more makes no difference
DOUBTED = 4.0  # likewise against: reports list more in a sentence than the news the reader learned from
BLIND = 12.0  # likewise for the log-probability of a span


def read(question: str, evidence: Sequence[Evidence], reader: Reader | None = None) -> Readings:
    """The readings of the best sentences, by the shipped reader unless another is given."""
    reader = reader or default_reader()
    found = {}
    for item in sorted(evidence, key=lambda e: e.rank)[:MOST]:
        before = item.hit.paragraph.text[max(0, item.start - BEFORE) : item.start]
        found[item.rank] = reader.read(question, before, item.text)
    return found


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
