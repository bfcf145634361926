"""Query + Index → Hits: meaning is compared by sentences, words by paragraphs, paragraphs are returned.

Each scope of a query is searched on its own. Dense and sparse scores are fused by measured weights.
"""

from __future__ import annotations

from qa.index import Index
from qa.retrieval.candidates import candidates
from qa.retrieval.passages import passages
from qa.types import Hit, Query, Scope

__all__ = ["interleave", "search", "search_scope"]


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
    return passages(index, found, fuse(found.dense, found.sparse), scope.topic, k)
