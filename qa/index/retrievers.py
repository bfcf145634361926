"""An opened index: the two retrievers of a search, by meaning and by words, and the arrays that it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from embeddings.dense import DenseIndex, DenseParts, Rows, floats
from embeddings.sparse import SparseIndex
from embeddings.words import normalise, words
from qa.index.manifest import Manifest
from qa.types import Paragraph, Report, Sentence

if TYPE_CHECKING:
    from qa.index.remote_generation import RemoteDense

Numbers: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

REMEMBERED = 64  # names whose paragraphs are cached: a question asks more than once
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
        found: Scores = floats(self.vectors[rows]) @ vector
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """BM25 of sentences and of whole paragraphs in this process's memory, 0 without a shared word."""

    sentences: SparseIndex
    passages: SparseIndex

    def naming(self, name: str) -> Numbers:
        """Return a superset of the paragraphs that contain a name, rising."""
        begin = name if name.isascii() else name[:2]  # its end may be cut into one word with what follows
        return np.union1d(self.passages.holding(begin), self.passages.holding_all(words(name)))


@dataclass(frozen=True, eq=False)
class Index:
    """A generation with its searches and its encoder; immutable, and safe to share between threads.

    Rows and paragraphs are in document order: row n belongs to ``sentences[n]``, paragraph n to
    ``layout.paragraphs[n]``.
    """

    name: str  # of the store, as it is shown
    folder: Path  # of files next to the index, such as ``ledger.toml``
    manifest: Manifest
    reports: tuple[Report, ...]
    sentences: tuple[Sentence, ...]
    layout: Layout
    dense: LocalDense | RemoteDense
    words: Words
    encoder: Encoder
    warnings: tuple[str, ...] = ()  # sentences for the user, empty when all is well

    @cached_property
    def by_id(self) -> Mapping[str, Report]:
        return {report.id: report for report in self.reports}

    @cached_property
    def _find(self) -> Callable[[str], Numbers]:
        return lru_cache(maxsize=REMEMBERED)(partial(_paragraphs_holding, self.layout, self.words))

    @property
    def generation(self) -> int:
        return self.manifest.generation

    def report(self, report_id: str) -> Report:
        """Return a report; raise KeyError if there is none with this id."""
        return self.by_id[report_id]

    def holding(self, name: str) -> Numbers:
        """Return the paragraphs whose text or headings contain a name, normalised as words are; rising."""
        return self._find(normalise(name))


def _paragraphs_holding(layout: Layout, words: Words, name: str) -> Numbers:
    searched = words.naming(name)
    spans = zip(layout.starts[searched].tolist(), layout.starts[searched + 1].tolist(), strict=True)
    contains = [layout.text.find(name, *span) >= 0 for span in spans]
    found: Numbers = searched[np.array(contains, dtype=bool)]
    found.flags.writeable = False  # it is cached
    return found
