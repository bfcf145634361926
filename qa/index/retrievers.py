"""The two retrievers of a search, by meaning and by words, in memory, and the arrays that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings.dense import DenseIndex, DenseParts, Rows
from embeddings.sparse import SparseIndex
from embeddings.words import normalise, words
from qa.types import Paragraph, Report, Sentence

Numbers: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

FEW = 4096  # allowed sentences up to which comparing each is faster than searching
_SEPARATOR = "\x00"  # between paragraphs; no word contains it


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Rows (sentences) and paragraphs of all reports, numbered from 0 in document order."""

    paragraphs: tuple[Paragraph, ...]
    number_of: Mapping[tuple[str, int], int]  # (report id, number in the report) → paragraph
    paragraph_of: NDArray[np.int32]  # (rows,), the paragraph of each sentence
    heading_of: NDArray[np.int32]  # (paragraphs,), equal under the same heading of a report
    rows: NDArray[np.int64]  # (paragraphs + 1,), the first row of each, and the end of the last
    paragraphs_of: Mapping[str, range]  # report id → its paragraphs
    text: str  # all paragraphs with their headings, normalised as words are
    starts: NDArray[np.int64]  # (paragraphs + 1,), where each begins in ``text``, and the end

    def numbers_of(self, report_ids: Iterable[str]) -> tuple[Numbers, Numbers]:
        """Return the paragraphs and the rows of some reports, each report's in order."""
        runs = [self.paragraphs_of.get(report_id, range(0)) for report_id in report_ids]
        rows = [np.arange(self.rows[run.start], self.rows[run.stop]) for run in runs]
        return np.concatenate([np.arange(run.start, run.stop) for run in runs]), np.concatenate(rows)


def layout_of(reports: Sequence[Report], sentences: Sequence[Sentence]) -> Layout:
    """Return the layout of reports and their sentences; those of one report must be contiguous."""
    paragraphs = tuple(paragraph for report in reports for paragraph in report.paragraphs)
    number_of = {(p.report_id, p.number): at for at, p in enumerate(paragraphs)}
    pieces = [normalise("\n".join((*p.heading, p.text))) + _SEPARATOR for p in paragraphs]
    paragraph_of = np.fromiter((number_of[s.report_id, s.paragraph] for s in sentences), dtype=np.int32)
    headings: dict[tuple[str, tuple[str, ...]], int] = {}
    heading_of = (headings.setdefault((p.report_id, p.heading), len(headings)) for p in paragraphs)
    return Layout(
        paragraphs=paragraphs,
        number_of=number_of,
        paragraph_of=paragraph_of,
        heading_of=np.fromiter(heading_of, dtype=np.int32),
        rows=paragraph_of.searchsorted(np.arange(len(paragraphs) + 1)),
        paragraphs_of=_ranges(p.report_id for p in paragraphs),
        text="".join(pieces),
        starts=np.cumsum([0, *map(len, pieces)], dtype=np.int64),
    )


def _ranges(names: Iterable[str]) -> dict[str, range]:
    """Return the range from the first to the last position of each name."""
    runs: dict[str, range] = {}
    for at, name in enumerate(names):
        runs[name] = range(runs[name].start if name in runs else at, at + 1)
    return runs


@dataclass(frozen=True, slots=True, eq=False)
class LocalDense:
    """Vectors of sentences in memory. Paragraphs and rows are numbers in the layout; rows rise."""

    index: DenseIndex | DenseParts
    vectors: Rows
    paragraph_of: NDArray[np.int32]  # (rows,), the paragraph of each sentence

    def near(self, vector: Scores, count: int, allowed: Mask) -> Numbers:
        """Return the paragraphs of the ``count`` nearest sentences among those allowed."""
        filtered = None if allowed.all() else allowed[self.paragraph_of]
        if filtered is not None and len(few := np.flatnonzero(filtered)) <= FEW:
            rows = few[np.argsort(-self.cosines(vector, few), kind="stable")[:count]]
        else:
            rows, _ = self.index.search(vector, count, filtered)
        return self.paragraph_of[rows].astype(np.int64)

    def cosines(self, vector: Scores, rows: Numbers) -> Scores:
        found: Scores = self.vectors[rows] @ vector
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LocalWords:
    """BM25 of sentences and of whole paragraphs in this process's memory, 0 without a shared word."""

    sentences: SparseIndex
    passages: SparseIndex

    def fitting(self, words: Sequence[str], weights: Sequence[float], count: int, allowed: Mask) -> Numbers:
        """Return the best ``count`` allowed paragraphs that share a word."""
        return _best(self.passages.scores(words, weights), allowed, count)

    def passage_scores(self, words: Sequence[str], weights: Sequence[float], paragraphs: Numbers) -> Scores:
        return self.passages.scores_of(paragraphs, words, weights)

    def sentence_scores(self, words: Sequence[str], weights: Sequence[float], rows: Numbers) -> Scores:
        return self.sentences.scores_of(rows, words, weights)

    def document_frequency(self, word: str) -> int:
        return self.sentences.document_frequency(word)

    def naming(self, name: str) -> Numbers:
        """Return a superset of the paragraphs that contain a name, rising."""
        begin = name if name.isascii() else name[:2]  # its end may be cut into one word with what follows
        return np.union1d(self.passages.holding(begin), self.passages.holding_all(words(name)))


def _best(scores: Scores, allowed: Mask, count: int) -> Numbers:
    """Return the allowed positions of the highest positive scores, ties by position."""
    places = np.flatnonzero((scores > 0) & allowed)
    if len(places) <= count:
        return places
    own = scores[places]
    least = np.partition(own, -count)[-count]
    above = places[own > least]
    return np.concatenate([above, places[own == least][: count - len(above)]])
