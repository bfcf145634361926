"""Like with like: whether figures of several places or terms measure the same, so that they may be set against each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from qa.answering.computation import counted_alike
from qa.answering.support import stock_for_flow
from qa.ledger.indicators import levels_counted
from qa.types import Figure

__all__ = ["measured_alike"]


def measured_alike(said: Sequence[tuple[str, Figure]]) -> bool:
    """Whether figures are of one kind of unit and one level, and none was added where another is what there is.

    Args:
        said: each figure, and the words that tell it.
    """
    texts, figures = [text for text, _ in said], [figure for _, figure in said]
    if any(stock_for_flow(one, other) for one, other in combinations(texts, 2)):
        return False
    return counted_alike(figures) and len({levels_counted(text, figure) for text, figure in said}) <= 1
