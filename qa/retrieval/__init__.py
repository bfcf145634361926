"""Search an index for the passages that fit a query."""

from .search import PASSAGES, SHOWN, found_and_ranked, interleave, ranked, search, search_scope, with_nearest

__all__ = [
    "PASSAGES", "SHOWN", "found_and_ranked", "interleave", "ranked", "search", "search_scope", "with_nearest",
]  # fmt: skip
