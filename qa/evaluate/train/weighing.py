"""Every possible answer to a question with its features: the examples from which sureness is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from qa.answering.answer import likeliest, of_whole, written_without
from qa.answering.beside import without_stated_figures
from qa.answering.found import likely
from qa.answering.lookups import Alone, look_up_each
from qa.answering.several import asks_several, made_of
from qa.answering.sureness import weighed
from qa.answering.table_rows import without_other_parts
from qa.answering.wording import wording_of
from qa.index import Index
from qa.types import Answer, Hit, Query

Weighed = tuple[Answer, tuple[float, ...]]


def weigh(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]
) -> tuple[Weighed, ...]:
    """Return every possible answer with its features, in the order of ``sureness.features.FEATURES``.

    The answer whose things are looked up one by one comes last.
    """
    together = tuple[Weighed, ...]()
    if asks_several(query):
        whole = of_whole(index, query, found, passages)
        together = weighed_together(index, query, passages, partial(likeliest, index), whole)
        if len(query.scopes) > 1:
            return together
    found = [without_other_parts(query, hits) for hits in found]
    plain = without_stated_figures(query)
    written = written_without(index, plain, found, passages)
    return *weighed(plain, written, passages, wording_of(index)), *together


def weighed_together(
    index: Index, query: Query, passages: Sequence[Hit], alone: Alone, whole: Answer | None
) -> tuple[Weighed, ...]:
    """Return the answer of :func:`several` with its features, nothing if it has none; arguments as there."""
    possible = look_up_each(index, query, alone)
    made, values = made_of(index, query, passages, likely(possible), whole)
    if made is None:
        made, values = made_of(index, query, passages, possible, whole)
    return ((made, values),) if made else ()
