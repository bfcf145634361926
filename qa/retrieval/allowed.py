"""Scope → the paragraphs that it may return: whole reports, or what is told of a place that they only mention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.index import Index
from qa.types import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CARRIES_ON = 4  # paragraphs that a story goes on for, the one that names the place included


def allowed_paragraphs(index: Index, scope: Scope) -> NDArray[np.bool_]:
    """Which paragraphs a scope may return, (paragraphs,)."""
    import numpy as np

    ids, runs = frozenset(scope.report_ids), index.layout.paragraphs_of
    everything = ids >= runs.keys()
    allowed = np.full(len(index.layout.paragraphs), everything)
    for report_id in () if everything else ids & runs.keys():
        allowed[runs[report_id].start : runs[report_id].stop] = True
    return _told_of(index, allowed, scope.mention) if scope.mention else allowed


def _told_of(index: Index, allowed: NDArray[np.bool_], mention: str) -> NDArray[np.bool_]:
    """Of these paragraphs those that hold the word, and those after each that go on under the same heading."""
    import numpy as np

    layout, told = index.layout, np.zeros(len(allowed), dtype=bool)
    named = index.holding(mention)
    named = named[allowed[named]]
    if not len(named):
        return told
    near = np.unique(named[:, None] + np.arange(CARRIES_ON))
    near = near[near < len(told)]
    latest = named[
        named.searchsorted(near, side="right") - 1
    ]  # the mention that a paragraph would go on from
    told[near[layout.heading_of[near] == layout.heading_of[latest]]] = True
    return told & allowed
