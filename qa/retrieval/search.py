"""Query + Index → Hits: meaning is compared by sentences, words by paragraphs, paragraphs are returned.

Each scope of a query, and each of several things that are asked of it, is searched on its own, and all that a person's
filter leaves is searched for the whole question: a place or a year that was inferred ranks, it hides nothing. Dense and
sparse scores are fused by measured weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from qa.index import Index
from qa.retrieval.candidates import candidates
from qa.retrieval.coverage import coverages
from qa.retrieval.passages import passages
from qa.types import Hit, Query, Scope

Look: TypeAlias = Callable[[Index, Scope, int], tuple[Hit, ...]]

EACH = 2  # passages of each of several things
BEHIND = 3  # passages of the scopes before the best of everywhere
AHEAD = 0.8  # coverage of the whole question, 0 to 8.5, by which the best of everywhere goes first


def search(index: Index, query: Query, k: int) -> tuple[tuple[Hit, ...], ...]:
    """The best ``k`` passages of every scope of a query, in the order of its scopes.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
    """
    return tuple(_of_scope(index, query, scope, k, search_scope) for scope in query.scopes)


def _of_scope(index: Index, query: Query, scope: Scope, k: int, look: Look) -> tuple[Hit, ...]:
    """The passages of one scope; where several things are asked of it, the last are the best of each that were not found."""
    several = len(query.parts) > 1 and not query.paired
    things = [replace(scope, topic=part.topic) for part in query.parts if part.topic] if several else []
    whole = look(index, scope, k)
    own = interleave([look(index, thing, EACH) for thing in things], k // 2)
    held = {(hit.report.id, hit.paragraph.number) for hit in whole[: k - len(own)]}
    more = [hit for hit in own if (hit.report.id, hit.paragraph.number) not in held]
    return (*whole[: k - len(more)], *more)


def everywhere(query: Query) -> Scope:
    """All that a person's filter leaves, searched for the whole question."""
    return Scope("", None, None, query.within, query.standalone)


def found_and_ranked(
    index: Index, query: Query, k: int, look: Look | None = None
) -> tuple[tuple[tuple[Hit, ...], ...], tuple[Hit, ...]]:
    """The best ``k`` passages of every scope, and of all that was found one list as :func:`ranked` makes it.

    Args:
        look: searches one scope, as :func:`search_scope` does.

    Raises:
        embeddings.EncoderError: the encoder gives no usable vector.
    """
    look = look or search_scope
    found = tuple(_of_scope(index, query, scope, k, look) for scope in query.scopes)
    return found, ranked(index, query, found, k, look)


def ranked(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], k: int, look: Look | None = None
) -> tuple[Hit, ...]:
    """One list of passages, best first: those of the scopes in turn, and the best of everywhere among the first.

    It goes first where it holds clearly more of the question: then the scope was inferred wrongly.

    Args:
        found: the hits of each scope.
        look: as in :func:`found_and_ranked`.
    """
    anywhere = (look or search_scope)(index, everywhere(query), k)
    own = interleave(found, k)
    other = anywhere[:1]
    place = 0 if _holds(index, query, other) > _holds(index, query, own[:BEHIND]) + AHEAD else BEHIND
    return interleave(((*own[:place], *other, *own[place:], *anywhere),), k)


def _holds(index: Index, query: Query, hits: Sequence[Hit]) -> float:
    numbers = [index.layout.number_of[hit.report.id, hit.paragraph.number] for hit in hits]
    return max(coverages(index, query.standalone, numbers), default=0.0)


def interleave(found: Sequence[Sequence[Hit]], k: int) -> tuple[Hit, ...]:
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
