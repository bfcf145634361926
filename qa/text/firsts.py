"""What is looked for before each figure of a sentence, found once a sentence."""

from __future__ import annotations

import re
from functools import lru_cache


def first_before(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """The first match of a pattern, where it ends before an offset: the text is searched once for all offsets."""
    found = _first(pattern, text)
    return found if found and found.end() <= at else None


@lru_cache(maxsize=64)
def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.search(text)
