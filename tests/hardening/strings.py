"""The Big List of Naughty Strings, and what can be expected of finding one of them again."""

import json
import unicodedata
from collections import Counter
from functools import lru_cache

from tests.hardening.sizes import BAD_INPUT

__all__ = ["distinct", "naughty", "some", "visible"]


@lru_cache(maxsize=1)
def naughty() -> tuple[str, ...]:
    """All 515, in their order."""
    return tuple(json.loads((BAD_INPUT / "blns" / "blns.json").read_text(encoding="utf-8")))


def some(n: int) -> tuple[str, ...]:
    """``n`` of them, evenly over the list."""
    every = naughty()
    return tuple(every[i * len(every) // n] for i in range(min(n, len(every))))


def visible(text: str) -> str:
    """Letters and digits, in their compatible forms: what a search can go by."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN")


def distinct() -> tuple[str, ...]:
    """Those whose letters and digits are their own, and two or more."""
    count = Counter(map(visible, naughty()))
    return tuple(text for text in naughty() if count[visible(text)] == 1 and len(visible(text)) > 1)
