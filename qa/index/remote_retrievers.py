"""The two retrievers in Milvus: filters are pushed down, scores come back, vectors stay on the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from embeddings.errors import MilvusError, MilvusGone
from embeddings.milvus import Milvus
from qa.errors import IndexGone, StoreError
from qa.index.layout import Layout
from qa.index.retrievers import Mask, Numbers, Scores


@contextmanager
def milvus_errors(store: str) -> Iterator[None]:
    """Turn errors of Milvus into ones that a user can act on; ``store`` is the name of the store."""
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
    """A collection of a generation; ``store`` is the name of the store in messages."""

    milvus: Milvus
    store: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class RemoteDense:
    """Vectors of sentences in Milvus."""

    sentences: Collection
    layout: Layout

    def near(self, vector: Scores, count: int, allowed: Mask) -> Numbers:
        collection = self.sentences
        with milvus_errors(collection.store):
            filtered = _filter(allowed, self.layout, "paragraph")
            rows, _ = collection.milvus.nearest(collection.name, vector, count, filtered)
        return self.layout.paragraph_of[rows].astype("int64")

    def cosines(self, vector: Scores, rows: Numbers) -> Scores:
        collection = self.sentences
        with milvus_errors(collection.store):
            return collection.milvus.cosines(collection.name, vector, rows)


@dataclass(frozen=True, slots=True, eq=False)
class RemoteWords:
    """Words of sentences and paragraphs in Milvus, found by its BM25."""

    sentences: Collection
    passages: Collection
    layout: Layout
    frequencies: dict[str, int] = field(default_factory=dict)  # a cache: a generation never changes

    def fitting(
        self, words: Sequence[str], weights: Sequence[float], count: int, allowed: Mask
    ) -> tuple[Numbers, Callable[[Numbers], Scores]]:
        collection = self.passages
        with milvus_errors(collection.store):
            found, _ = collection.milvus.best(
                collection.name, words, weights, count, _filter(allowed, self.layout, "id")
            )
        return found, partial(self.passage_scores, words, weights)

    def passage_scores(self, words: Sequence[str], weights: Sequence[float], paragraphs: Numbers) -> Scores:
        return _scores(self.passages, words, weights, paragraphs)

    def sentence_scores(self, words: Sequence[str], weights: Sequence[float], rows: Numbers) -> Scores:
        return _scores(self.sentences, words, weights, rows)

    def document_frequency(self, word: str) -> int:
        if word not in self.frequencies:
            with milvus_errors(self.sentences.store):
                self.frequencies[word] = self.sentences.milvus.holding(self.sentences.name, word)
        return self.frequencies[word]

    def naming(self, name: str) -> Numbers | None:  # noqa: ARG002  # Milvus matches whole words
        return None


def _scores(collection: Collection, words: Sequence[str], weights: Sequence[float], ids: Numbers) -> Scores:
    with milvus_errors(collection.store):
        return collection.milvus.scores(collection.name, words, weights, ids)


def _filter(allowed: Mask, layout: Layout, paragraph: str) -> str:
    """Return a Milvus filter: whole reports if possible, else single paragraphs, ``""`` if all are allowed.

    ``allowed`` is (paragraphs,); ``paragraph`` names the field with a paragraph's number.
    """
    if allowed.all():
        return ""
    reports = {report: allowed[run.start : run.stop] for report, run in layout.paragraphs_of.items()}
    inside = [report for report, mask in reports.items() if mask.all()]
    outside = [report for report, mask in reports.items() if not mask.any()]
    if len(inside) + len(outside) < len(reports):
        return f"{paragraph} in {np.flatnonzero(allowed).tolist()}"
    if len(inside) <= len(outside):
        return f"report in {json.dumps(inside)}"
    return f"report not in {json.dumps(outside)}"
