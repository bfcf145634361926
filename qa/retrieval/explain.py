"""Query + Index → Hits with the reasons why each was found: the same hits as ``search``, and slower."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from qa.index import Index
from qa.retrieval.candidates import SYNONYM, candidates, query_words
from qa.retrieval.passages import passages, sentences_score
from qa.types import Hit, Matched, Query, Reasons, Scope

__all__ = ["search_explained"]


def search_explained(index: Index, query: Query, k: int) -> tuple[tuple[Hit, ...], ...]:
    """The hits of :func:`qa.retrieval.search`, each with its reasons.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
    """
    return tuple(_scope_explained(index, query.standalone, scope, k) for scope in query.scopes)


def _scope_explained(index: Index, standalone: str, scope: Scope, k: int) -> tuple[Hit, ...]:
    import numpy as np

    from embeddings.fusion import fuse

    found = candidates(index, scope)
    hits = passages(index, found, fuse(found.dense, found.sparse), scope.topic, k)
    nothing = np.zeros(0, dtype=np.float32)
    dense, sparse = fuse(found.dense, nothing), fuse(nothing, found.sparse)
    words, synonyms = query_words(scope.topic)
    rows = [_best_row(index, hit) for hit in hits]
    matched = _matched(index, words, synonyms, rows)
    reports = tuple(index.by_id[i].source.name for i in scope.report_ids if i in index.by_id)
    return tuple(
        replace(
            hit,
            reasons=Reasons(
                standalone=standalone,
                scope=scope,
                reports=reports,
                words=tuple(dict.fromkeys(words)),
                synonyms=tuple(synonyms),
                matched=shared,
                dense=float(dense[at]),
                sparse=float(sparse[at]),
                support=sentences_score(hit.sentence_scores) - hit.sentence_scores[0],
                coverage=hit.scores.fused - sentences_score(hit.sentence_scores),
            ),
        )
        for hit, at, shared in zip(hits, found.rows.searchsorted(rows), matched, strict=True)
    )


def _best_row(index: Index, hit: Hit) -> int:
    rows = index.rows(hit.report.id, hit.paragraph.number)
    return next(row for row in rows if index.sentences[row] == hit.sentences[0])


def _matched(
    index: Index, words: Sequence[str], synonyms: Sequence[str], rows: Sequence[int]
) -> list[tuple[Matched, ...]]:
    """For each row the words that it holds, in the order of the question, synonyms last."""
    matched: list[list[Matched]] = [[] for _ in rows]
    weights = {word: float(count) for word, count in Counter(words).items()}
    for word, weight in (weights | dict.fromkeys(synonyms, SYNONYM)).items():
        scores = index.sparse.scores([word], [weight])[list(rows)]
        for held, score in zip(matched, scores.tolist(), strict=True):
            if score > 0:
                held.append(Matched(word, score, word not in weights))
    return [tuple(held) for held in matched]
