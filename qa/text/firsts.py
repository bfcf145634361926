"""Find the first match of a pattern, cached, since each figure of a sentence looks for it again."""

from __future__ import annotations

import re
from functools import lru_cache


def first_before(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return the first match of a pattern if it ends before an offset; one search serves all offsets."""
    found = _first(pattern, text)
    return found if found and found.end() <= at else None


@lru_cache(maxsize=64)
def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.search(text)
