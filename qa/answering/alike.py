"""Like with like: whether figures of several places or terms measure the same, so that they may be set against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.computation import counted_alike
from qa.ledger.indicators import levels_counted
from qa.types import Figure

__all__ = ["counted_as", "measured_alike"]

_STOCK = re.compile(r"累计|总数|总量|共有|现有|已有|拥有|保有")
_FLOW = re.compile(
    r"新(?:增|建|创建|设立|认定|命名)|新发展|发展(?=[一-龥]{0,4}会员)|吸纳|吸收|新加入|新入会|净增|新成立|增加(?!到|至)了?"
)


def measured_alike(said: Sequence[tuple[str, Figure]]) -> bool:
    """Whether figures are of one kind of unit and one level, and none was added where another is what there is.

    Args:
        said: each figure, and the words that tell it.
    """
    if {"added", "held"} <= {counted_as(text) for text, _ in said}:
        return False
    same_level = len({levels_counted(text, figure) for text, figure in said}) <= 1
    return same_level and counted_alike([figure for _, figure in said])


def counted_as(text: str) -> str:
    """Whether a text tells what was added, or what there is; ``""`` for neither, or both."""
    added, held = bool(_FLOW.search(text)), bool(_STOCK.search(text))
    return "" if added == held else "added" if added else "held"
