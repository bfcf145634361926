"""Years as a person types them into a field: 2023, 2018-2023, 2018年至2023年."""

from __future__ import annotations

import re

from qa.types import Period

__all__ = ["typed_years"]

_YEARS = re.compile(r"\s*((?:19|20)\d\d)\s*年?(?:\s*[-—–－~～至到]+\s*((?:19|20)\d\d)\s*年?)?\s*")


def typed_years(words: str) -> Period | None:
    """A year or a term, or None where the words are neither, a term that ends before it begins included."""
    match = _YEARS.fullmatch(words)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2] or match[1])
    return Period(start, end) if start <= end else None
