"""The rows of the older beginning: a question with each of some sentences, and what stands before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.reader.base import BEFORE, CLS, SENTENCE, SEP, Alphabet, fold, shared

LONGEST_QUESTION, LONGEST_BEFORE, LONGEST_SENTENCE = 44, 24, 116  # characters


@dataclass(frozen=True, slots=True)
class Rows:
    """Sentences that are read together with one question; B rows of T positions.

    Args:
        ids: (B, T) characters.
        parts: (B, T) ``QUESTION``, ``BEFORE`` or ``SENTENCE``.
        runs: (B, T) 0 to 3.
        start: first position of each sentence, (B,).
        lengths: characters of each sentence that are read, (B,).
    """

    ids: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]


def rows_of(alphabet: Alphabet, question: str, passages: Sequence[tuple[str, str]]) -> Rows:
    """The rows of a question with each of some (what stands before, sentence)."""
    asked = fold(question[-LONGEST_QUESTION:])
    cut = [(fold(before[-LONGEST_BEFORE:]), fold(text[:LONGEST_SENTENCE])) for before, text in passages]
    width = 4 + len(asked) + max((len(b) + len(s) for b, s in cut), default=0)
    ids, parts, runs = (np.zeros((len(cut), width), dtype=np.int64) for _ in range(3))
    start, lengths = (np.zeros(len(cut), dtype=np.int64) for _ in range(2))
    own = alphabet.ids(asked)
    for row, (before, text) in enumerate(cut):
        first = len(asked) + 2
        second = first + len(before) + 1
        end = second + len(text)
        ids[row, 0], ids[row, [first - 1, second - 1, end]] = CLS, SEP
        ids[row, 1 : first - 1] = own
        ids[row, first : second - 1] = alphabet.ids(before)
        ids[row, second:end] = alphabet.ids(text)
        parts[row, first:second], parts[row, second : end + 1] = BEFORE, SENTENCE
        read = f"{before}\n{text}"
        runs[row, 1 : first - 1] = shared(asked, read)
        runs[row, first:end] = shared(read, asked)
        start[row], lengths[row] = second, len(text)
    return Rows(ids, parts, runs, start, lengths)
