"""Score how much of a heading a paragraph holds, in pairs of characters weighted by rarity."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from qa.reading.layout.records import Line

_CLAUSE = re.compile(r"[，。；、：,;:\s“”\"'‘’《》（）()]")


def pairs(lines: Sequence[Line], chain: Iterable[int]) -> frozenset[str]:
    """Return the pairs of neighbouring characters inside the clauses of these lines."""
    return frozenset().union(*(_pairs(lines[i].ink) for i in chain))


@lru_cache(maxsize=4096)
def _pairs(ink: str) -> frozenset[str]:
    return frozenset(part[k : k + 2] for part in _CLAUSE.split(ink) for k in range(len(part) - 1))


def rarity(headings: Iterable[frozenset[str]], texts: Iterable[frozenset[str]]) -> Counter[str]:
    """Return for each pair of characters of the headings how many texts hold it."""
    wanted = frozenset().union(*headings)
    return Counter(pair for text in texts for pair in wanted & text)


def likeness(
    heading: frozenset[str], texts: Iterable[frozenset[str]], counts: Mapping[str, int]
) -> list[float]:
    """Return for each text the share, 0 to 1, of the heading's pairs in it; a pair in n texts weighs 1/n."""
    weight = {pair: 1.0 / (counts.get(pair) or 1) for pair in heading}
    total = sum(weight.values()) or 1.0
    return [sum(weight[pair] for pair in heading & text) / total for text in texts]
