"""Query + Index → Hits: sentences are found, their paragraphs are returned.

Each scope of a query is searched on its own, with its filter pushed into the search. Dense and sparse scores
are fused by measured weights; ties go by document order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embeddings import EncoderError
from qa.index import Index
from qa.retrieval.allowed import allowed_rows
from qa.types import Hit, Query, Scope, Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "SYNONYM",
    "Candidates",
    "candidates",
    "interleave",
    "passages",
    "query_words",
    "search",
    "search_scope",
]

CANDIDATES = 256  # sentences that each half of the search offers
SUPPORT = 0.25  # what the second and third sentence of a paragraph add, as a share of their scores
SYNONYM = 0.3  # weight of a synonym's words beside the question's own
SENTENCES = 3  # sentences of a paragraph that its score is made of
SHOWN = 5  # sentences that a hit shows


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


def search(index: Index, query: Query, k: int) -> tuple[tuple[Hit, ...], ...]:
    """The best ``k`` passages of every scope of a query, in the order of its scopes.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
    """
    return tuple(search_scope(index, scope, k) for scope in query.scopes)


def interleave(found: tuple[tuple[Hit, ...], ...], k: int) -> tuple[Hit, ...]:
    """One list out of several: the first of each scope, then the second of each, every passage once."""
    merged: dict[tuple[str, int], Hit] = {}
    for rank in range(max(map(len, found), default=0)):
        for hits in found:
            if rank < len(hits):
                merged.setdefault((hits[rank].report.id, hits[rank].paragraph.number), hits[rank])
    return tuple(merged.values())[:k]


def search_scope(index: Index, scope: Scope, k: int) -> tuple[Hit, ...]:
    """The best ``k`` passages of one scope; fewer where it holds fewer, none where the topic says nothing.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
    """
    from embeddings.fusion import fuse

    found = candidates(index, scope)
    return passages(index, found, fuse(found.dense, found.sparse), k)


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


def passages(index: Index, found: Candidates, fused: NDArray[np.float32], k: int) -> tuple[Hit, ...]:
    """The best ``k`` paragraphs: of each, the best sentence counts whole and the next two a share."""
    import numpy as np

    order = np.lexsort((found.rows, -fused))
    members: dict[int, list[int]] = {}  # paragraph → its sentences' places in ``found``, best first
    for at, paragraph in zip(
        order.tolist(), index.layout.paragraph_of[found.rows[order]].tolist(), strict=True
    ):
        members.setdefault(paragraph, []).append(at)
    scores: list[float] = fused.tolist()
    ranked = sorted(
        (-passage_score([scores[i] for i in own]), int(found.rows[own[0]]), paragraph)
        for paragraph, own in members.items()
    )
    return tuple(
        _hit(index, paragraph, found, members[paragraph], scores, -score)
        for score, _, paragraph in ranked[:k]
    )


def passage_score(sentences: Sequence[float]) -> float:
    """The score of a paragraph out of those of its sentences, best first."""
    return sentences[0] + SUPPORT * sum(max(score, 0.0) for score in sentences[1:SENTENCES])


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


def _hit(
    index: Index, paragraph: int, found: Candidates, members: list[int], scores: list[float], score: float
) -> Hit:
    passage = index.layout.paragraphs[paragraph]
    best, shown = members[0], members[:SHOWN]
    return Hit(
        report=index.report(passage.report_id),
        paragraph=passage,
        sentences=tuple(index.sentences[found.rows[i]] for i in shown),
        scores=Scores(float(found.dense[best]), float(found.sparse[best]), score),
        sentence_scores=tuple(scores[i] for i in shown),
    )
