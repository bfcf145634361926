"""What several rivals need: jieba's words between spaces, vectors in batches, ranks added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder

__all__ = ["encoded", "reciprocal", "spaced", "unspaced"]

AT_ONCE = 1024  # texts that are encoded together
SMOOTHING = 60  # of reciprocal ranks, as everywhere


def spaced(text: str) -> str:
    """jieba's words between spaces, for who splits at white space."""
    import jieba

    return " ".join(word for word in jieba.cut(text) if not word.isspace())


def unspaced(text: str) -> str:
    """The text of jieba's words, for the encoder."""
    return text.replace(" ", "")


def encoded(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """One row a text."""
    import numpy as np

    parts = [encoder.encode_passages(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)]
    return np.concatenate(parts)


def reciprocal(rankings: Iterable[Iterable[int]]) -> list[int]:
    """Numbers by the sum of their reciprocal ranks, best first."""
    total: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, number in enumerate(ranking, 1):
            total[number] += 1 / (SMOOTHING + rank)
    return sorted(total, key=lambda number: (-total[number], number))
