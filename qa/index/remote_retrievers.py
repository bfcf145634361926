"""The two retrievers of a search, in Milvus: filters are pushed down, scores come back, no vector leaves the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from embeddings.errors import MilvusError, MilvusGone
from qa.errors import IndexGone, StoreError
from qa.index.layout import Layout

if TYPE_CHECKING:
    from embeddings.milvus import Milvus
    from qa.index.retrievers import Mask, Numbers, Scores


@contextmanager
def milvus_errors(store: str) -> Iterator[None]:
    """What goes wrong in Milvus, as what a user can act on; ``store`` is its name."""
    try:
        yield
    except MilvusGone as error:
        raise IndexGone(f"存储 {store} 里的这一代索引已经换下（{error}）。请再试一次。") from error
    except MilvusError as error:
        raise StoreError(
            f"存储 {store} 用不了（{error}）。请确认 Milvus 在运行，地址和口令正确，然后重试；已有的索引没有改动。"
        ) from error


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """A collection of a generation.

    Args:
        store: the name of the store, for messages.
        name: of the collection.
    """

    milvus: Milvus
    store: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class RemoteDense:
    """Vectors of sentences in Milvus."""

    sentences: Collection
    layout: Layout

    def near(self, vector: Scores, count: int, allowed: Mask) -> Numbers:
        held = self.sentences
        with milvus_errors(held.store):
            rows, _ = held.milvus.nearest(
                held.name, vector, count, _filter(allowed, self.layout, "paragraph")
            )
        return self.layout.paragraph_of[rows].astype("int64")

    def cosines(self, vector: Scores, rows: Numbers) -> Scores:
        held = self.sentences
        with milvus_errors(held.store):
            return held.milvus.cosines(held.name, vector, rows)


@dataclass(frozen=True, slots=True, eq=False)
class RemoteWords:
    """Words of sentences and paragraphs in Milvus, found by its BM25."""

    sentences: Collection
    passages: Collection
    layout: Layout
    frequencies: dict[str, int] = field(default_factory=dict)  # asked once, for a generation never changes

    def fitting(
        self, words: Sequence[str], weights: Sequence[float], count: int, allowed: Mask
    ) -> tuple[Numbers, Callable[[Numbers], Scores]]:
        held = self.passages
        with milvus_errors(held.store):
            found, _ = held.milvus.best(held.name, words, weights, count, _filter(allowed, self.layout, "id"))
        return found, partial(self.passage_scores, words, weights)

    def passage_scores(self, words: Sequence[str], weights: Sequence[float], paragraphs: Numbers) -> Scores:
        return _scores(self.passages, words, weights, paragraphs)

    def sentence_scores(self, words: Sequence[str], weights: Sequence[float], rows: Numbers) -> Scores:
        return _scores(self.sentences, words, weights, rows)

    def document_frequency(self, word: str) -> int:
        found = self.frequencies.get(word)
        if found is None:
            with milvus_errors(self.sentences.store):
                found = self.sentences.milvus.holding(self.sentences.name, word)
            self.frequencies[word] = found
        return found

    def naming(self, name: str) -> Numbers | None:  # noqa: ARG002  # Milvus matches whole words
        return None


def _scores(held: Collection, words: Sequence[str], weights: Sequence[float], ids: Numbers) -> Scores:
    with milvus_errors(held.store):
        return held.milvus.scores(held.name, words, weights, ids)


def _filter(allowed: Mask, layout: Layout, paragraph: str) -> str:
    """What is allowed, as Milvus filters by it: whole reports, or else single paragraphs; ``""`` for everything.

    Args:
        allowed: (paragraphs,), what a question's reports, place and period leave.
        paragraph: the field that holds the number of a paragraph.
    """
    import numpy as np

    if allowed.all():
        return ""
    reports = {report: allowed[run.start : run.stop] for report, run in layout.paragraphs_of.items()}
    inside = [report for report, own in reports.items() if own.all()]
    outside = [report for report, own in reports.items() if not own.any()]
    if len(inside) + len(outside) < len(reports):
        return f"{paragraph} in {np.flatnonzero(allowed).tolist()}"
    if len(inside) <= len(outside):
        return f"report in {json.dumps(inside)}"
    return f"report not in {json.dumps(outside)}"
