"""Decide whether figures of several places or terms measure the same thing and may be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from embeddings.reader import Mention, default_pair_reader
from qa.answering.computation import counted_alike
from qa.text.figure_context import pace
from qa.text.sentences import split_clauses
from qa.text.when import times_in
from qa.types import Figure

_STOCK = re.compile(r"累计|总[数量]|[共现已拥保]有")
_FLOW = re.compile(r"新[增建创设认命发加入成]|吸[纳收]|净增|发展(?=[一-龥]{0,4}会员)|增加(?![到至])")


def measured_alike(said: Sequence[tuple[str, Figure]]) -> bool:
    """Whether figures, each with the text that states it, share a kind of unit and count the same thing.

    A figure per year (每年200元) and one for all years are not alike; else the reader of pairs decides from the texts.
    """
    if len(said) < 2 or not counted_alike(figure.unit for _, figure in said):
        return len(said) < 2
    if len({_pace(text, figure) for text, figure in said}) > 1:
        return False
    first, *others = (_mention(text, figure) for text, figure in said)
    return all(default_pair_reader().comparable(first, other) for other in others)


def _pace(text: str, figure: Figure) -> str:
    at = text.find(figure.text)
    return pace(text, replace(figure, start=at, end=at + len(figure.text))) if at >= 0 else ""


def _mention(text: str, figure: Figure) -> Mention:
    """Return a figure's clause and its offsets there; a clause that is only a year (2022年：4900人) gets the text before."""
    at = text.find(figure.text)
    if at < 0:
        return text, 0, len(text)
    times = times_in(text)
    start, end = next((a, b) for a, b in split_clauses(text) if a <= at < b)
    undated = [n for n in range(at) if not any(a <= n < b for a, b in times)]
    says_more = any(n >= start and text[n].isalnum() for n in undated)
    start = start if says_more or text[at + len(figure.text) : end].strip("。；，") else 0
    before = "".join(text[n] for n in undated if n >= start)
    before = before.rstrip("，：, ") if start == 0 else before
    return before + text[at:end], len(before), len(before) + len(figure.text)


def counted_as(text: str) -> str:
    """Return "added" or "held" (a flow or a stock) for a text or a question; ``""`` for neither or both."""
    added, held = bool(_FLOW.search(text)), bool(_STOCK.search(text))
    return "" if added == held else "added" if added else "held"
