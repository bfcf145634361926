"""Search as ``search`` does, with the reasons why each hit was found; slower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from embeddings.fusion import fuse
from qa.index import Index
from qa.retrieval.candidates import candidates, query_words, word_weights
from qa.retrieval.passages import passages
from qa.types import Hit, Matched, Reasons, Scope


def search_explained(index: Index, scope: Scope, k: int, *, standalone: str) -> tuple[Hit, ...]:
    """Return the hits of :func:`qa.retrieval.search_scope`, each with its reasons; raises as that does."""
    found = candidates(index, scope)
    fused = fuse(found.dense, found.sparse)
    hits = passages(index, found, fused, scope.topic, k)
    nothing = np.zeros(0, dtype=np.float32)
    dense, sparse = fuse(found.dense, nothing), fuse(nothing, found.sparse)
    words, synonyms = query_words(scope.topic)
    numbers = [index.layout.number_of[hit.position] for hit in hits]
    places = found.paragraphs.searchsorted(numbers)
    matched = _matched(index, words, synonyms, found.paragraphs[places])
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
                coverage=hit.scores.fused - float(fused[at]),
            ),
        )
        for hit, at, shared in zip(hits, places.tolist(), matched, strict=True)
    )


def _matched(
    index: Index, words: Sequence[str], synonyms: Sequence[str], numbers: NDArray[np.int64]
) -> list[tuple[Matched, ...]]:
    """Return for each paragraph the words that it contains, in the order of the question, synonyms last."""
    matched: list[list[Matched]] = [[] for _ in numbers]
    weights = dict.fromkeys((*words, *synonyms), 0.0)
    for word, weight in zip((*words, *synonyms), word_weights(words, synonyms), strict=True):
        weights[word] += weight
    for word, weight in weights.items():
        scores = index.words.passage_scores([word], [weight], numbers)
        for words_of, score in zip(matched, scores.tolist(), strict=True):
            if score > 0:
                words_of.append(Matched(word, score, word not in words))
    return [tuple(words_of) for words_of in matched]
