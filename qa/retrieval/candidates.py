"""Scope → the sentences that are worth a look, with the scores of both halves of the search.

The filter of a scope is part of the search, not applied to what it found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from embeddings import EncoderError
from qa.index import Index
from qa.retrieval.allowed import allowed_rows
from qa.types import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SYNONYM", "Candidates", "candidates", "query_words"]

CANDIDATES = 256  # sentences that each half of the search offers
SYNONYM = 0.3  # weight of a synonym's words beside the question's own


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Sentences that either half of the search found, by row, with their scores, (n,), higher is better.

    Args:
        rows: rising.
        dense: cosines, -1 to 1.
        sparse: BM25, 0 and up.
    """

    rows: NDArray[np.int64]
    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]


def candidates(index: Index, scope: Scope, count: int = CANDIDATES) -> Candidates:
    """The sentences of a scope that are worth a look: the best ``count`` of each half.

    There are none where the topic has no word to search for, such as one of function words only. Where no report
    holds any of its words, the dense half stands alone; where the encoder knows none of them, the sparse one.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
    """
    import numpy as np

    allowed = allowed_rows(index, scope)
    words, synonyms = query_words(scope.topic)
    if not words or not allowed.any():
        return _none()
    vector = _query_vector(index, scope.topic)
    sparse = index.sparse.scores(words + synonyms, [1.0] * len(words) + [SYNONYM] * len(synonyms))
    rows = _best(sparse, allowed, count)
    if vector.any():
        near, _ = index.dense.search(vector, count, None if allowed.all() else allowed)
        rows = np.union1d(near, rows)
    rows = rows.astype(np.int64)
    return Candidates(rows, index.vectors[rows] @ vector, sparse[rows])


def query_words(topic: str) -> tuple[list[str], list[str]]:
    """The words of a topic, repeated ones again, and the words of their synonyms."""
    from embeddings.words import expand, words

    own = words(topic)
    return own, expand(own)


def _query_vector(index: Index, topic: str) -> NDArray[np.float32]:
    import numpy as np

    vector = index.encoder.encode_query(topic)
    if vector.shape != index.vectors.shape[1:] or not np.isfinite(vector).all():
        raise EncoderError(
            f"编码器 {index.encoder.identity} 给这个问题的向量用不了（含有非数值，或维数不是 {index.vectors.shape[1]}）。"
            "请用 --encoder shipped 换回自带的编码器，并运行 union-qa rebuild 报告文件夹 重建索引。"
        )
    return vector


def _best(scores: NDArray[np.float32], allowed: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """The allowed rows of the highest positive scores, ties by row."""
    import numpy as np

    rows = np.flatnonzero((scores > 0) & allowed)
    if len(rows) <= count:
        return rows
    own = scores[rows]
    least = np.partition(own, -count)[-count]
    above = rows[own > least]
    return np.concatenate([above, rows[own == least][: count - len(above)]])


def _none() -> Candidates:
    import numpy as np

    nothing = np.zeros(0, dtype=np.float32)
    return Candidates(np.zeros(0, dtype=np.int64), nothing, nothing)
