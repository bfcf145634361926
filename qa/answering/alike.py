"""Like with like: whether figures of several places or terms measure the same, so that they may be set against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings.reader import Mention, default_pair_reader
from qa.answering.computation import counted_alike
from qa.text.sentences import split_clauses
from qa.text.when import times_in
from qa.types import Figure

_STOCK = re.compile(r"累计|总[数量]|[共现已拥保]有")
_FLOW = re.compile(r"新[增建创设认命发加入成]|吸[纳收]|净增|发展(?=[一-龥]{0,4}会员)|增加(?![到至])")


def measured_alike(said: Sequence[tuple[str, Figure]]) -> bool:
    """Whether figures are of one kind of unit and count the same thing, as the reader of pairs tells from their words.

    Args:
        said: each figure, and the words that tell it.
    """
    if len(said) < 2 or not counted_alike([figure for _, figure in said]):
        return len(said) < 2
    first, *others = (_mention(text, figure) for text, figure in said)
    return all(default_pair_reader().comparable(first, other) for other in others)


def _mention(text: str, figure: Figure) -> Mention:
    """The figure in its clause, and what stands before that where the clause is a year alone (会员人数，2022年：4900人)."""
    at = text.find(figure.text)
    if at < 0:
        return text, 0, len(text)
    times = times_in(text)
    start, end = next((a, b) for a, b in split_clauses(text) if a <= at < b)
    said = [n for n in range(start, at) if not any(a <= n < b for a, b in times) and text[n].isalnum()]
    start = start if said or text[at + len(figure.text) : end].strip("。；，") else 0
    before = "".join(
        c for n, c in enumerate(text[:at]) if n >= start and not any(a <= n < b for a, b in times)
    )
    before = before.rstrip("，：, ") if start == 0 else before
    return before + text[at:end], len(before), len(before) + len(figure.text)


def counted_as(text: str) -> str:
    """Whether a text tells what was added, or what there is; ``""`` for neither, or both. Questions are read by it too."""
    added, held = bool(_FLOW.search(text)), bool(_STOCK.search(text))
    return "" if added == held else "added" if added else "held"
