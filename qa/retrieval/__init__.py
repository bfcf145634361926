"""Query + Index → Hits."""

from __future__ import annotations

from qa.retrieval.explain import search_explained
from qa.retrieval.search import interleave, search, search_scope

__all__ = ["interleave", "search", "search_explained", "search_scope"]
