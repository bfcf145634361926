"""Scope → the paragraphs that it may return: whole reports, or what is told of a place that they only mention."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.index import Index
from qa.types import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["allowed_paragraphs"]

CARRIES_ON = 4  # paragraphs that a story goes on for, the one that names the place included


def allowed_paragraphs(index: Index, scope: Scope) -> NDArray[np.bool_]:
    """Which paragraphs a scope may return, (paragraphs,)."""
    import numpy as np

    ids, runs = frozenset(scope.report_ids), index.layout.paragraphs_of
    of_scope = np.array([report_id in ids for report_id in runs], dtype=bool)
    allowed = of_scope.repeat([len(run) for run in runs.values()])
    if scope.mention:
        allowed &= _told_of(index, scope)
    return allowed


def _told_of(index: Index, scope: Scope) -> NDArray[np.bool_]:
    """The paragraphs that mention the word, and those after each that go on under the same heading."""
    import numpy as np

    from embeddings.words import normalise

    layout = index.layout
    told = np.zeros(len(layout.paragraphs), dtype=bool)
    word = normalise(scope.mention)
    offsets = [offset for i in scope.report_ids for offset in _mentions(index, i, word)]
    if not offsets:
        return told
    named = np.unique(layout.starts.searchsorted(offsets, side="right") - 1)
    near = np.unique(named[:, None] + np.arange(CARRIES_ON))
    near = near[near < len(told)]
    latest = named[
        named.searchsorted(near, side="right") - 1
    ]  # the mention that a paragraph would go on from
    told[near[layout.heading_of[near] == layout.heading_of[latest]]] = True
    return told


def _mentions(index: Index, report_id: str, word: str) -> Iterator[int]:
    """Offsets of a word in the text of a report, its headings included."""
    layout = index.layout
    paragraphs = layout.paragraphs_of.get(report_id, range(0))
    end = int(layout.starts[paragraphs.stop])
    at = layout.text.find(word, int(layout.starts[paragraphs.start]), end)
    while at >= 0:
        yield at
        at = layout.text.find(word, at + 1, end)
