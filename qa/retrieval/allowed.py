"""The paragraphs that a scope may return: whole reports, or passages on a place that they only mention."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.index import Index
from qa.types import Scope

MENTION_SPAN = 4  # paragraphs that a passage on a place may take, including the one that names it


def allowed_paragraphs(index: Index, scope: Scope) -> NDArray[np.bool_]:
    """Return the mask of the paragraphs that a scope may return, (paragraphs,)."""
    ids, runs = frozenset(scope.report_ids), index.layout.paragraphs_of
    everything = ids >= runs.keys()
    allowed = np.full(len(index.layout.paragraphs), everything)
    for report_id in () if everything else ids & runs.keys():
        allowed[runs[report_id].start : runs[report_id].stop] = True
    return _on_mention(index, allowed, scope.mention) if scope.mention else allowed


def _on_mention(index: Index, allowed: NDArray[np.bool_], mention: str) -> NDArray[np.bool_]:
    """Keep the paragraphs that contain the word, and those that continue under the same heading."""
    layout, about = index.layout, np.zeros(len(allowed), dtype=bool)
    named = index.holding(mention)
    named = named[allowed[named]]
    if not len(named):
        return about
    near = np.unique(named[:, None] + np.arange(MENTION_SPAN))
    near = near[near < len(about)]
    latest = named[named.searchsorted(near, side="right") - 1]  # the mention that each would continue
    about[near[layout.heading_of[near] == layout.heading_of[latest]]] = True
    return about & allowed
