"""How much of a heading a paragraph holds, counted in pairs of characters, rare ones weighing more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from qa.reading.layout.records import Line

__all__ = ["likeness", "pairs", "rarity"]

_CLAUSE = re.compile(r"[，。；、：,;:\s“”\"'‘’《》（）()]")


def pairs(lines: Sequence[Line], chain: Iterable[int]) -> frozenset[str]:
    """Neighbouring characters inside the clauses of these lines."""
    return frozenset().union(*(_pairs(lines[i].ink) for i in chain))


@lru_cache(maxsize=4096)
def _pairs(ink: str) -> frozenset[str]:
    return frozenset(part[k : k + 2] for part in _CLAUSE.split(ink) for k in range(len(part) - 1))


def rarity(texts: Iterable[frozenset[str]]) -> Counter[str]:
    """For each pair of characters, how many of the texts hold it."""
    return Counter(pair for text in texts for pair in text)


def likeness(heading: frozenset[str], text: frozenset[str], counts: Mapping[str, int]) -> float:
    """0 to 1: share of the heading's pairs that the text holds; one that stands in n texts counts 1/n."""
    weight = {pair: 1.0 / (counts.get(pair) or 1) for pair in heading}
    total = sum(weight.values())
    return sum(weight[pair] for pair in heading & text) / total if total else 0.0
