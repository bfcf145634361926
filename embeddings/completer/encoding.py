"""Turn a question and the turns before it into one row of numbers for the completer.

A row is ``[CLS] question [SEP] turn [SEP] … last turn [SEP]``, one position a character, oldest turn first, in the
reader's alphabet. What does not fit is left out from the oldest turn on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.reader.encoding import BEFORE, CLS, QUESTION, SENTENCE, SEP, Alphabet, fold, shared

from .years import in_full

WIDTH = 200  # positions that the network knows
TURNS = 4  # turns before the question that are read
LONGEST_QUESTION, LONGEST_TURN = 80, 80  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the turns before it; S positions.

    Args:
        text: the character at each position, a line end where none is; years of two digits stand in full.
        asked: positions of the question, which stands first.
        ids: (S,) characters.
        parts: (S,) question, earlier turns or last turn.
        runs: (S,) 0 to 3, how long a run of the other side each character belongs to.
    """

    text: str
    asked: range
    ids: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]


def row_of(alphabet: Alphabet, question: str, history: Sequence[str]) -> Row:
    """The row of a question, with as many of the last turns as fit."""
    question = in_full(question).replace("\n", " ")[:LONGEST_QUESTION]
    turns: list[str] = []
    room = WIDTH - len(question) - 2
    for told_before in reversed(history[-TURNS:]):
        turn = in_full(told_before).replace("\n", " ")[:LONGEST_TURN]
        if len(turn) + 1 > room:
            break
        turns.insert(0, turn)
        room -= len(turn) + 1
    history = "\n".join(turns) + "\n"
    text = f"\n{question}\n{history}" if turns else f"\n{question}\n"
    ids = alphabet.ids(text).astype(np.int64)
    ids[[at for at, character in enumerate(text) if character == "\n"]] = SEP
    ids[0] = CLS
    parts, runs = np.full(len(text), QUESTION, dtype=np.int64), np.zeros(len(text), dtype=np.int64)
    first = len(question) + 2
    if turns:
        parts[first:] = BEFORE
        parts[len(text) - len(turns[-1]) - 1 :] = SENTENCE
        runs[1 : first - 1] = shared(fold(question), fold(history))
        runs[first:] = shared(fold(history), fold(question))
    return Row(text, range(1, first - 1), ids, parts, runs)
