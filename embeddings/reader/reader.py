"""Reads a sentence with a question in mind: whether it answers, and where, by the shipped network, without torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.checksums import REINSTALL, verified
from embeddings.errors import EncoderError

from .encoding import Alphabet, rows_of

__all__ = ["CHARACTERS", "MODEL", "Reader", "Reading", "default_reader"]

MODEL, CHARACTERS = "reader.onnx", "characters.txt"
REMEMBERED = 8192  # sentences read, with their questions
NOWHERE = -24.0  # log-probability of what the reader does not see


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
    begun: npt.NDArray[np.float32]
    ended: npt.NDArray[np.float32]

    def span(self, start: int, end: int) -> float:
        """Log-probability that the answer begins in the first and ends in the last two characters of a span."""
        if not 0 <= start < end <= len(self.begun):
            return NOWHERE
        first, last = self.begun[start : min(start + 2, end)], self.ended[max(start, end - 2) : end]
        return max(float(first.max()) + float(last.max()), NOWHERE)

    def best(self, most: int = 30) -> tuple[int, int]:
        """Offsets of the likeliest answer of at most so many characters."""
        both = self.begun[:, None] + self.ended[None, :]
        within = np.triu(np.ones_like(both, dtype=bool)) & ~np.triu(np.ones_like(both, dtype=bool), most)
        first, last = np.unravel_index(int(np.argmax(np.where(within, both, -np.inf))), both.shape)
        return int(first), int(last) + 1


class Reader:
    """The network and its alphabet; safe to share between threads.

    Each row is read by itself, so that what it gives does not depend on what else is read.
    """

    def __init__(self, session: Any, alphabet: Alphabet) -> None:
        self._session = session
        self._alphabet = alphabet
        self.read = lru_cache(maxsize=REMEMBERED)(self._read)

    @classmethod
    def open(cls, folder: Path) -> Reader:
        """Opens a model folder after comparing its files with their checksums.

        Raises:
            EncoderError: a file is missing or altered.
        """
        import onnxruntime

        verified(folder, (MODEL, CHARACTERS))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises classes of its own
            raise EncoderError(f"模型文件 {folder / MODEL} 无法读取。{REINSTALL}") from error
        return cls(session, Alphabet((folder / CHARACTERS).read_bytes().decode("utf-8")))

    def read_each(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """The readings of several (what stands before, sentence), on as many cores as there are, up to four."""
        return list(_threads().map(lambda passage: self.read(question, *passage), passages))

    def _read(self, question: str, before: str, sentence: str) -> Reading:
        rows = rows_of(self._alphabet, question, [(before, sentence)])
        relevance, marks = self._session.run(None, {"ids": rows.ids, "parts": rows.parts, "runs": rows.runs})
        start, length = int(rows.start[0]), int(rows.lengths[0])
        told = _log_softmax(marks[0, start : start + length])
        return Reading(float(relevance[0]), told[:, 0], told[:, 1])


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="reader")


def _log_softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Over the first axis."""
    if not len(logits):
        return logits
    shifted = logits - logits.max(axis=0)
    normal: npt.NDArray[np.float32] = (shifted - np.log(np.exp(shifted).sum(axis=0))).astype(np.float32)
    return normal


@cache
def default_reader() -> Reader:
    """The shipped reader, opened once.

    Raises:
        EncoderError: its files are missing or altered.
    """
    return Reader.open(Path(__file__).with_name("model"))
