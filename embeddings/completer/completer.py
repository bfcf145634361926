"""Completes a follow-up from the turns before it by the shipped network, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.reader.encoding import Alphabet, fold
from embeddings.sessions import opened

from .encoding import LONGEST_QUESTION, Row, row_of
from .search import written

ENCODER, STEP, CHARACTERS, GLUE = "encoder.onnx", "step.onnx", "characters.txt", "glue.txt"
REMEMBERED = 2048  # questions with their history
DEPTH = 2  # layers of the decoder
MEMORY = 2 * DEPTH + 2  # vectors that it keeps of a position


class Completer:
    """The network and its alphabet; safe to share between threads, the same text for the same conversation."""

    def __init__(self, encoder: Any, step: Any, alphabet: Alphabet, glue: str) -> None:
        self._encoder, self._step = encoder, step
        self._alphabet, self._glue = alphabet, glue
        self._completions = lru_cache(maxsize=REMEMBERED)(self._read)
        self._whole = lru_cache(maxsize=REMEMBERED)(self._misses_nothing)

    @classmethod
    def open(cls, folder: Path) -> Completer:
        """Opens a model folder after comparing its files with their checksums.

        Raises:
            EncoderError: a file is missing or altered.
        """
        (encoder, step), (characters, glue) = opened(folder, (ENCODER, STEP), (CHARACTERS, GLUE))
        return cls(encoder, step, Alphabet(characters), glue)

    def whole(self, question: str, history: Sequence[str]) -> bool:
        """Whether nothing is missing from a question; the arguments are those of :meth:`completions`."""
        turns = tuple(turn for turn in history if turn.strip())
        if not turns or not question.strip() or len(question) > LONGEST_QUESTION:
            return True
        return self._whole(question, turns)

    def completions(self, question: str, history: Sequence[str]) -> tuple[str, ...]:
        """Forms of the question in full, the likeliest first; itself alone where nothing is missing.

        No form at all where something is missing but every form that is found is an earlier turn once more.

        Args:
            question: as asked; one that is too long to leave anything out is itself.
            history: the turns before it, oldest first; the last four count.
        """
        turns = tuple(turn for turn in history if turn.strip())
        if not turns or not question.strip() or len(question) > LONGEST_QUESTION:
            return (question,)
        return self._completions(question, turns)

    def _encoded(self, row: Row) -> tuple[npt.NDArray[np.float32], float]:
        """The memory of a conversation, and the log-odds that nothing is missing."""
        inputs = {"ids": row.ids[None], "parts": row.parts[None], "runs": row.runs[None]}
        memory, whole = self._encoder.run(None, inputs)
        return memory, float(whole[0])

    def _misses_nothing(self, question: str, history: tuple[str, ...]) -> bool:
        return self._encoded(row_of(self._alphabet, question, history))[1] > 0

    def _read(self, question: str, history: tuple[str, ...]) -> tuple[str, ...]:
        row = row_of(self._alphabet, question, history)
        memory, whole = self._encoded(row)
        ids = row.ids[None]
        if whole > 0:
            return (question,)
        decoder = partial(self._stepped, memory, ids)
        state = np.zeros((DEPTH, 1, memory.shape[2] // MEMORY), np.float32)
        texts = written(
            row, fold(row.text), self._glue, self._alphabet, decoder, state, lambda s, chosen: s[:, chosen]
        )
        return tuple(
            text for text in texts if text not in history
        )  # an earlier turn once more asks nothing new

    def _stepped(
        self,
        memory: npt.NDArray[np.float32],
        ids: npt.NDArray[np.int64],
        last: npt.NDArray[np.int64],
        at: npt.NDArray[np.int64],
        latest: npt.NDArray[np.int64],
        used: npt.NDArray[np.float32],
        state: Any,
    ) -> tuple[npt.NDArray[np.float32], Any]:
        rows = len(last)
        chances, after = self._step.run(
            None,
            {
                "memory": np.repeat(memory, rows, 0),
                "ids": np.repeat(ids, rows, 0),
                "last": last,
                "at": at,
                "latest": latest,
                "used": used,
                "state": np.ascontiguousarray(state),
            },
        )
        return chances[:, 0], after


@cache
def default_completer() -> Completer:
    """The shipped completer, opened once.

    Raises:
        EncoderError: its files are missing or altered.
    """
    return Completer.open(Path(__file__).with_name("model"))
