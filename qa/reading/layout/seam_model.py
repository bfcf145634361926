"""Score how well a tail and a head belong together beyond the few characters that n-grams see.

Two small networks turn the sixteen characters on either side of a seam, and the mean of some eighty, into vectors;
their product is the logarithm of how much more likely the head is after this tail than after any other, up to a
constant. They were trained to find the true head among a thousand others (van den Oord et al., "Representation
learning with contrastive predictive coding", 2018). ``python -m qa.reading.train.seams`` makes the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.reading.layout.ngrams import encode

Floats = npt.NDArray[np.float32]
Layers = tuple[Floats, Floats, Floats, Floats]  # weights and biases of two layers

NEAR, FAR = 16, 80  # characters on a side that are seen in order, and as a mean
WEIGHTS = Path(__file__).parents[1] / "data" / "seams.npz"
UNKNOWN = 1  # row of a character that is not in the table; row 0 is no character


@dataclass(frozen=True, slots=True)
class SeamModel:
    """Trained weights; the arrays of a side are named ``tail_…`` and ``head_…`` in the file."""

    rows: npt.NDArray[np.int64]  # code of a character → row of ``table``, shape (65536,)
    table: Floats  # shape (characters, width)
    tail: Layers  # for the text before a seam
    head: Layers  # for the text after it

    def tails(self, texts: Sequence[str]) -> Floats:
        """Return vectors of the ends of texts without white space, shape (texts, size)."""
        return self._side([t[-FAR:].rjust(FAR, "\0") for t in texts], slice(FAR - NEAR, FAR), self.tail)

    def heads(self, texts: Sequence[str]) -> Floats:
        """Return vectors of the beginnings of texts without white space, shape (texts, size)."""
        return self._side([t[:FAR].ljust(FAR, "\0") for t in texts], slice(0, NEAR), self.head)

    def _side(self, texts: Sequence[str], near: slice, layers: Layers) -> Floats:
        first, first_bias, second, second_bias = layers
        results: list[Floats] = [np.zeros((0, second.shape[0]), dtype=np.float32)]
        for start in range(0, len(texts), 1024):
            part = texts[start : start + 1024]
            rows = self.rows[encode("".join(part)).astype(np.int64)].reshape(len(part), FAR)
            vectors = self.table[rows]
            seen = (rows > 0).astype(np.float32)
            count = np.maximum(seen.sum(axis=1, keepdims=True), np.float32(1.0))
            mean = np.einsum("tcw,tc->tw", vectors, seen) / count
            inputs = np.hstack([vectors[:, near].reshape(len(part), -1), mean])
            hidden = inputs @ first.T + first_bias
            hidden /= 1.0 + np.exp(np.float32(-1.702) * hidden)  # GELU, close enough
            results.append((hidden @ second.T + second_bias).astype(np.float32))
        return np.concatenate(results)


@lru_cache(maxsize=1)
def load() -> SeamModel:
    """Return the shipped weights; bytes with a scale for each row become floats at the first call."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        codes = file["codes"]
        names = ("table", "tail_1", "tail_2", "head_1", "head_2")
        floats = {name: file[name].astype(np.float32) * file[f"{name}_scale"] for name in names}
        biases = {name: file[f"{name}_bias"] for name in names[1:]}
    rows = np.full(0x10000, UNKNOWN, dtype=np.int64)
    rows[codes] = np.arange(len(codes)) + UNKNOWN + 1
    rows[0] = 0
    tail, head = (
        (floats[f"{side}_1"], biases[f"{side}_1"], floats[f"{side}_2"], biases[f"{side}_2"])
        for side in ("tail", "head")
    )
    return SeamModel(rows, floats["table"], tail, head)
