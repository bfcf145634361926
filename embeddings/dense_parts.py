"""Nearest vectors over indexes that were built apart: each is searched, and the nearest of all are kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .dense import DenseIndex, Mask, Vectors

__all__ = ["DenseParts"]


class DenseParts:
    """Several indexes as one. Read-only: safe from many threads.

    Args:
        parts: of one dimension.
        places: for each part the rows that its vectors have among all.
    """

    def __init__(self, parts: Sequence[DenseIndex], places: Sequence[npt.NDArray[np.int64]]) -> None:
        self._parts = tuple(zip(parts, places, strict=True))

    @property
    def kind(self) -> str:
        """As :attr:`DenseIndex.kind`, of each kind once."""
        return "、".join(dict.fromkeys(part.kind for part, _ in self._parts))

    def __len__(self) -> int:
        return sum(len(part) for part, _ in self._parts)

    def search(
        self, vector: Vectors, k: int, allowed: Mask | None = None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """As :meth:`DenseIndex.search`; codes of a large part are compared with what others give."""
        found = [
            (places[rows], scores)
            for part, places in self._parts
            for rows, scores in (part.search(vector, k, None if allowed is None else allowed[places]),)
        ]
        rows = np.concatenate([rows for rows, _ in found])
        scores = np.concatenate([scores for _, scores in found])
        order = np.lexsort((rows, -scores))[:k]
        return rows[order], scores[order]
