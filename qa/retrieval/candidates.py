"""Scope → the paragraphs that are worth a look, with the scores of both retrievers.

Meaning is compared sentence by sentence, for one vector blurs what a long paragraph says; words are counted over
whole paragraphs, for what a question names may stand in several of their sentences. The filter of a scope is part
of the search, not applied to what it found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from embeddings import EncoderError
from qa.index import Index
from qa.retrieval.allowed import allowed_paragraphs
from qa.types import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = 256  # sentences that the dense half offers, and paragraphs that the sparse one does
SYNONYM = 0.3  # weight of a synonym's words beside the question's own


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Paragraphs that either half of the search found, with their scores, (n,), higher is better.

    Args:
        paragraphs: by their numbers, rising.
        dense: cosines of their best sentences, -1 to 1.
        sparse: BM25 of their words, 0 and up.
        rows: of all their sentences, (m,), rising.
        cosines: of the sentences, (m,).
        words: BM25 of the sentences, (m,).
    """

    paragraphs: NDArray[np.int64]
    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]
    rows: NDArray[np.int64]
    cosines: NDArray[np.float32]
    words: NDArray[np.float32]


def candidates(index: Index, scope: Scope, count: int = CANDIDATES) -> Candidates:
    """The paragraphs of a scope that are worth a look: the best ``count`` of each half.

    There are none where the topic has no word to search for, such as one of function words only. Where no report
    holds any of its words, the dense half stands alone; where the encoder knows none of them, the sparse one.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
        StoreError: the store of the index does not answer.
    """
    import numpy as np

    layout = index.layout
    allowed = allowed_paragraphs(index, scope)
    words, synonyms = query_words(scope.topic)
    if not words or not allowed.any():
        return _none()
    vector = _query_vector(index, scope.topic)
    asked, weights = words + synonyms, [1.0] * len(words) + [SYNONYM] * len(synonyms)
    found, sparse = index.words.fitting(asked, weights, count, allowed)
    if vector.any():
        found = np.union1d(index.dense.near(vector, count, allowed), found)
    if not len(found):
        return _none()
    sizes = layout.rows[found + 1] - layout.rows[found]  # 1 and up: what has no sentence is not found
    begins = np.cumsum(sizes) - sizes
    rows = np.repeat(layout.rows[found] - begins, sizes) + np.arange(sizes.sum())
    cosines = index.dense.cosines(vector, rows)
    return Candidates(
        paragraphs=found,
        dense=np.maximum.reduceat(cosines, begins),
        sparse=sparse(found),
        rows=rows,
        cosines=cosines,
        words=index.words.sentence_scores(asked, weights, rows),
    )


def query_words(topic: str) -> tuple[list[str], list[str]]:
    """The words of a topic, repeated ones again, and the words of their synonyms."""
    from embeddings.words import expand, words

    own = words(topic)
    return own, expand(own)


def _query_vector(index: Index, topic: str) -> NDArray[np.float32]:
    import numpy as np

    vector = index.encoder.encode_query(topic)
    if vector.shape != (index.manifest.dimension,) or not np.isfinite(vector).all():
        raise EncoderError(
            f"编码器 {index.encoder.identity} 给这个问题的向量用不了（含有非数值，或维数不是 {index.manifest.dimension}）。"
            "请用 --encoder shipped 换回自带的编码器，并运行 union-qa rebuild 报告文件夹 重建索引。"
        )
    return vector


def _none() -> Candidates:
    import numpy as np

    numbers, scores = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    return Candidates(numbers, scores, scores, numbers, scores, scores)
