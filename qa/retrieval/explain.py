"""Query + Index → Hits with the reasons why each was found: the same hits as ``search``, and slower."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.index import Index
from qa.retrieval.candidates import SYNONYM, candidates, query_words
from qa.retrieval.passages import passages
from qa.types import Hit, Matched, Reasons, Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def search_explained(index: Index, scope: Scope, k: int, *, standalone: str) -> tuple[Hit, ...]:
    """The hits of :func:`qa.retrieval.search_scope`, each with its reasons.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
    """
    import numpy as np

    from embeddings.fusion import fuse

    found = candidates(index, scope)
    fused = fuse(found.dense, found.sparse)
    hits = passages(index, found, fused, scope.topic, k)
    nothing = np.zeros(0, dtype=np.float32)
    dense, sparse = fuse(found.dense, nothing), fuse(nothing, found.sparse)
    words, synonyms = query_words(scope.topic)
    numbers = [index.layout.number_of[hit.report.id, hit.paragraph.number] for hit in hits]
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
    """For each paragraph the words that it holds, in the order of the question, synonyms last."""
    matched: list[list[Matched]] = [[] for _ in numbers]
    weights = {word: float(count) for word, count in Counter(words).items()}
    for word, weight in (weights | dict.fromkeys(synonyms, SYNONYM)).items():
        scores = index.words.passage_scores([word], [weight], numbers)
        for held, score in zip(matched, scores.tolist(), strict=True):
            if score > 0:
                held.append(Matched(word, score, word not in weights))
    return [tuple(held) for held in matched]
