"""Reads a sentence with a question in mind: whether it answers, and where, without torch.

The passage reader has taken its place; the recipes begin with its network and measure against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.reader.base import Array, NetworkReader, log_softmax, span_score, threads
from embeddings.reader.encoding import Alphabet, rows_of

REMEMBERED = 8192  # sentences read, with their questions


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one sentence.

    Args:
        relevance: log-odds that the sentence answers, against none answering.
        begun: log-probability that the answer begins at each character, (length,); sentences are read to some
            hundred characters.
        ended: likewise that it ends there.
    """

    relevance: float
    begun: Array
    ended: Array

    def span(self, start: int, end: int) -> float:
        """Log-probability that the answer begins in the first and ends in the last two characters of a span."""
        return span_score(self.begun, self.ended, start, end)

    def best(self, most: int = 30) -> tuple[int, int]:
        """Offsets of the likeliest answer of at most so many characters."""
        both = self.begun[:, None] + self.ended[None, :]
        within = np.triu(np.ones_like(both, dtype=bool)) & ~np.triu(np.ones_like(both, dtype=bool), most)
        first, last = np.unravel_index(int(np.argmax(np.where(within, both, -np.inf))), both.shape)
        return int(first), int(last) + 1


class Reader(NetworkReader):
    """Reads single sentences."""

    FOLDER = Path(__file__).with_name("model")

    def __init__(self, session: Any, alphabet: Alphabet) -> None:
        super().__init__(session, alphabet)
        self.read = lru_cache(maxsize=REMEMBERED)(self._read)

    def read_each(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """The readings of several (what stands before, sentence), on as many cores as there are, up to four."""
        return list(threads().map(lambda passage: self.read(question, *passage), passages))

    def _read(self, question: str, before: str, sentence: str) -> Reading:
        rows = rows_of(self._alphabet, question, [(before, sentence)])
        relevance, marks = self._run(ids=rows.ids[0], parts=rows.parts[0], runs=rows.runs[0])
        start, length = int(rows.start[0]), int(rows.lengths[0])
        log_chances = log_softmax(marks[start : start + length])
        return Reading(float(relevance), log_chances[:, 0], log_chances[:, 1])


default_reader = cache(Reader.open)  # opened once
