"""How often a word of a question stands in the sentence that answers it: learned from questions, see ``train``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

CARRIED_FILE = Path(__file__).with_name("carried.txt")
USUALLY = 0.25  # share of all words of the questions that were counted


def carried(word: str) -> float:
    """How often a question's word stands in what answers it, 0 to 1: 驿站 nearly always, 一共 hardly ever.

    >>> carried("驿站") > carried("□") > carried("一共")
    True
    """
    return _table().get(word, USUALLY)


def worth(word: str) -> float:
    """How much a question's word is worth in search, 0 to 1: 1 unless answers take it over less often than usual.

    >>> worth("驿站"), worth("□")
    (1.0, 1.0)
    >>> worth("一共") < 0.1
    True
    """
    return min(carried(word) / USUALLY, 1.0)


@cache
def _table() -> dict[str, float]:
    lines = CARRIED_FILE.read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {word: float(share) for word, share in rows}
