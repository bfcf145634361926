"""Find the paragraphs of a scope that are worth scoring, with the scores of both retrievers.

Meaning is compared by sentence, as one vector blurs a long paragraph; words are counted over whole
paragraphs, as the words of a question may be in several sentences. The search itself applies the scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import EncoderError
from embeddings.words import expand, words, worth
from qa.index import Index
from qa.types import Scope

CANDIDATES = 256  # sentences from the dense search, and paragraphs from the sparse one
SYNONYM = 0.3  # weight of a synonym's words, relative to the question's own
MENTION_SPAN = 4  # paragraphs that a passage on a place may take, including the one that names it


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Paragraphs, (n,), that either search found, and their sentences, (m,); a higher score is better."""

    paragraphs: NDArray[np.int64]  # (n,), rising
    dense: NDArray[np.float32]  # (n,), cosines of the best sentences, -1 to 1
    sparse: NDArray[np.float32]  # (n,), BM25 from 0
    rows: NDArray[np.int64]  # (m,), all their sentences, rising
    cosines: NDArray[np.float32]  # (m,)
    words: NDArray[np.float32]  # (m,), BM25


def candidates(index: Index, scope: Scope, count: int = CANDIDATES) -> Candidates:
    """Return the best ``count`` paragraphs of each search.

    A topic of function words only finds none. If no report contains its words, the dense search is used
    alone; if the encoder knows none of them, the sparse one. Raises embeddings.EncoderError for an unusable
    vector, StoreError if the store does not answer.
    """
    layout = index.layout
    allowed = allowed_paragraphs(index, scope)
    words, synonyms = query_words(scope.topic)
    if not words or not allowed.any():
        return _no_candidates()
    vector = _query_vector(index, scope.topic)
    asked, weights = words + synonyms, word_weights(words, synonyms)
    found, sparse = index.words.fitting(asked, weights, count, allowed)
    if vector.any():
        found = np.union1d(index.dense.near(vector, count, allowed), found)
    if not len(found):
        return _no_candidates()
    sizes = layout.rows[found + 1] - layout.rows[found]  # at least 1: without a sentence it is not found
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
    """Return the words of a topic, repeated ones again, and the words of their synonyms."""
    own = words(topic)
    return own, expand(own)


def word_weights(own: Sequence[str], synonyms: Sequence[str]) -> list[float]:
    """Return the weights of a query's words, less for those that answers seldom take over, then of their synonyms."""
    return [*map(worth, own), *[SYNONYM] * len(synonyms)]


def _query_vector(index: Index, topic: str) -> NDArray[np.float32]:
    vector = index.encoder.encode_query(topic)
    if vector.shape != (index.manifest.dimension,) or not np.isfinite(vector).all():
        raise EncoderError(
            f"编码器 {index.encoder.identity} 给这个问题的向量用不了（含有非数值，或维数不是 {index.manifest.dimension}）。"
            "请用 --encoder shipped 换回自带的编码器，并运行 union-qa rebuild 报告文件夹 重建索引。"
        )
    return vector


def _no_candidates() -> Candidates:
    numbers, scores = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    return Candidates(numbers, scores, scores, numbers, scores, scores)


def allowed_paragraphs(index: Index, scope: Scope) -> NDArray[np.bool_]:
    """Return the mask of the paragraphs that a scope may return, (paragraphs,)."""
    ids, runs = frozenset(scope.report_ids), index.layout.paragraphs_of
    everything = ids >= runs.keys()
    allowed = np.full(len(index.layout.paragraphs), everything)
    for report_id in () if everything else ids & runs.keys():
        allowed[runs[report_id].start : runs[report_id].stop] = True
    return _on_mention(index, allowed, scope.mention) if scope.mention else allowed


def _on_mention(index: Index, allowed: NDArray[np.bool_], mention: str) -> NDArray[np.bool_]:
    """Keep the paragraphs that contain the word, and those that continue under the same heading."""
    layout, about = index.layout, np.zeros(len(allowed), dtype=bool)
    named = index.holding(mention)
    named = named[allowed[named]]
    if not len(named):
        return about
    near = np.unique(named[:, None] + np.arange(MENTION_SPAN))
    near = near[near < len(about)]
    latest = named[named.searchsorted(near, side="right") - 1]  # the mention that each would continue
    about[near[layout.heading_of[near] == layout.heading_of[latest]]] = True
    return about & allowed
