"""Prepare a segment: the sentences of its reports, a vector of each, and the words of their pieces."""

from __future__ import annotations

import mmap
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from embeddings.rounded import Rounded
from embeddings.sparse import Postings
from embeddings.words.lists import WordLists, joined, many_words
from qa.errors import StoreError
from qa.index.manifest import SegmentEntry
from qa.index.segment import Segment
from qa.index.work import Work
from qa.text.units import sentences_of
from qa.types import Report, Sentence

KEPT_AT_ONCE = 16_384  # vectors that are copied together
BATCH = 1024  # texts that are embedded, and pieces that are cut into words, as one job
LEAST_FREE = 64 * 2**20  # bytes required before a batch, which needs a few of them


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Vectors of the previous generation that can be used with new ones."""

    segments: tuple[Segment, ...]
    where: Mapping[str, tuple[int, int]]  # search text → (index in ``segments``, row)

    @classmethod
    def of(cls, work: Work, without: Container[SegmentEntry] = ()) -> Known:
        """Return those of the segments that are written again; none if another encoder made them."""
        previous = work.previous
        if previous is None or not work.tools.embedded_like(previous.manifest):
            return cls((), {})
        entries = previous.manifest.segments
        segments = tuple(previous.segment(entry) for entry in entries if entry not in without)
        where = {
            sentence.search_text: (at, row)
            for at, segment in enumerate(segments)
            for row, sentence in enumerate(segment.sentences)
        }
        return cls(segments, where)


def prepare(
    reports: Sequence[Report], known: Known, work: Work
) -> tuple[tuple[Sentence, ...], Pieces, Rounded, WordLists, int]:
    """Return the sentences of reports, their pieces, vectors, words, and how many were embedded.

    A known search text keeps its vector; equal ones share one. Raises StoreError if a vector is not finite.
    """
    sentences = tuple(sentence for report in reports for sentence in sentences_of(report))
    pieces = pieces_of(sentences)
    vectors = np.zeros((len(sentences), work.tools.encoder.dimension), dtype=np.int16)
    new: dict[str, list[int]] = {}
    kept: list[list[tuple[int, int]]] = [[] for _ in known.segments]  # (row here, row in the segment)
    for row, sentence in enumerate(sentences):
        if (found := known.where.get(sentence.search_text)) is None:
            new.setdefault(sentence.search_text, []).append(row)
        else:
            kept[found[0]].append((row, found[1]))
    for segment, rows in zip(known.segments, kept, strict=True):
        for start in range(0, len(rows), KEPT_AT_ONCE):
            here, there = np.array(rows[start : start + KEPT_AT_ONCE]).T
            vectors[here] = segment.vectors.numbers[there]
    texts = tuple(new)
    starts = range(0, len(pieces.texts), BATCH)  # there are never more texts than pieces
    batches = [slice(start, start + BATCH) for start in starts]
    jobs = ((texts[batch], pieces.texts[batch]) for batch in batches)
    words: list[WordLists] = []
    prepared = work.spread.map(partial(_prepare_batch, work.tools.encoder), jobs)
    work.progress("embed", 0, len(pieces.texts))
    for batch, (encoded, cut) in zip(batches, prepared, strict=True):
        if encoded is None:
            raise StoreError("编码器给出了不是数的向量，索引没有改动。请换一个编码器（--encoder）再试。")
        for text, vector in zip(texts[batch], encoded, strict=True):
            vectors[new[text]] = vector
        words.append(cut)
        work.progress("embed", min(batch.stop, len(pieces.texts)), len(pieces.texts))
    return sentences, pieces, Rounded(vectors), joined(words), len(texts)


def _prepare_batch(
    encoder: Encoder, job: tuple[Sequence[str], Sequence[str]]
) -> tuple[NDArray[np.int16] | None, WordLists]:
    """Return the vectors of some texts as they are stored, or None if not finite, and the words of pieces."""
    _require_memory()
    texts, pieces = job
    vectors, words = encoder.encode_passages(texts), many_words(pieces)
    if vectors.size and not np.isfinite([vectors.min(), vectors.max()]).all():  # NaN is both
        return None, words
    return Rounded.of(vectors).numbers, words


def _require_memory() -> None:
    """Raise MemoryError while that is possible: out of memory, code in Rust ends the process instead."""
    try:
        mmap.mmap(-1, LEAST_FREE).close()
    except OSError as error:
        raise MemoryError from error


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is cut into words: the contexts of the sentences, each once, then the sentences themselves."""

    texts: tuple[str, ...]
    context_of: tuple[int, ...]  # for each sentence the index of its context in ``texts``


def pieces_of(sentences: Sequence[Sentence]) -> Pieces:
    """Return the pieces of sentences, in order."""
    contexts: dict[str, int] = {}
    context_of = tuple(contexts.setdefault(each.context, len(contexts)) for each in sentences)
    return Pieces((*contexts, *(each.text for each in sentences)), context_of)


def build_word_searches(
    reports: Iterable[Report], sentences: Sequence[Sentence], pieces: Pieces, words: WordLists
) -> tuple[Postings, Postings]:
    """Build the word searches over sentences and over paragraphs; arguments as :func:`combined_words`."""
    rows, passages = combined_words(reports, sentences, pieces, words)
    return Postings.of(rows), Postings.of(passages)


def combined_words(
    reports: Iterable[Report], sentences: Sequence[Sentence], pieces: Pieces, words: WordLists
) -> tuple[WordLists, WordLists]:
    """Return the words of sentences, and of paragraphs with their context once; ``words`` are the pieces'."""
    contexts = np.array(pieces.context_of, dtype=np.int64)
    own = np.arange(len(words) - len(sentences), len(words))
    rows = words.combined(np.stack([contexts, own], axis=1).ravel(), np.full(len(sentences), 2))
    passages: dict[tuple[str, int], list[int]] = {
        (paragraph.report_id, paragraph.number): [] for report in reports for paragraph in report.paragraphs
    }
    for context, at, sentence in zip(pieces.context_of, own.tolist(), sentences, strict=True):
        passage = passages[sentence.report_id, sentence.paragraph]
        passage += (at,) if passage else (context, at)
    counts = np.fromiter(map(len, passages.values()), dtype=np.int64, count=len(passages))
    order = np.fromiter(chain.from_iterable(passages.values()), dtype=np.int64, count=counts.sum())
    return rows, words.combined(order, counts)
