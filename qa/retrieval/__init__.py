"""Search an index for the passages that fit a query."""

from qa.retrieval.search import (
    PASSAGES,
    found_and_ranked,
    interleave,
    ranked,
    search,
    search_scope,
    with_nearest,
)

__all__ = ["PASSAGES", "found_and_ranked", "interleave", "ranked", "search", "search_scope", "with_nearest"]
