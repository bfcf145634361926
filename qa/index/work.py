"""What a generation is made from: encoder, versions, reports, workers, and the sentences, vectors and words of a segment."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, open_encoder
from embeddings.rounded import Rounded
from embeddings.words.lists import WordLists, joined, many_words
from qa.errors import StoreError
from qa.index.executors import Executor, versions
from qa.index.generation import Previous
from qa.index.manifest import FileEntry, Manifest, SegmentEntry
from qa.index.segment import Segment
from qa.index.sources import Reading
from qa.text.units import sentences_of
from qa.types import Report, Sentence

Step: TypeAlias = Literal["lock", "read", "embed", "write", "sync", "verify", "publish", "switch", "clean"]
Progress: TypeAlias = Callable[[Step, int, int], None]
SHIPPED = "shipped"  # names the shipped encoder where another one is the default


@dataclass(frozen=True, slots=True)
class Tools:
    """Encoder and versions; when a version changes, less of an older generation can be used again."""

    name: str | None  # of the encoder, to open it again; None for the shipped one or an object
    encoder: Encoder
    reader: str
    splitter: str
    words: str

    def read_like(self, manifest: Manifest) -> bool:
        """Return whether the reports of a generation are what reading them now would give."""
        return self.reader == manifest.reader

    def embedded_like(self, manifest: Manifest) -> bool:
        """Return whether vectors of a generation can be used with new ones."""
        made = (self.encoder.identity, self.encoder.dimension)
        return made == (manifest.encoder_identity, manifest.dimension)

    def indexed_like(self, manifest: Manifest) -> bool:
        """Return whether the segments of a generation are what making them now would give."""
        now = (self.name, self.reader, self.splitter, self.words)
        before = (manifest.encoder, manifest.reader, manifest.splitter, manifest.words)
        return now == before and self.embedded_like(manifest)


@dataclass(frozen=True, slots=True)
class Work:
    """All that making a generation needs; ``previous`` is the generation whose valid parts are used again."""

    reading: Reading
    tools: Tools
    previous: Previous | None
    spread: Executor
    progress: Progress

    def reports(self, names: Iterable[str]) -> tuple[Report, ...]:
        """Return the reports of these names, read now or unchanged."""
        names = tuple(names)
        old = [name for name in names if name not in self.reading.read]
        assert self.previous is not None or not old  # what was not read is as it was before
        found = {**self.reading.read, **(self.previous.reports(old) if self.previous and old else {})}
        return tuple(found[name] for name in names)


def open_tools(encoder: str | Encoder | None, previous: Previous | None) -> Tools:
    """Open the encoder and note the versions; raise embeddings.EncoderError if it cannot be opened.

    ``encoder`` is a name or path, ``SHIPPED``, an encoder, or None for that of the previous generation.
    """
    if named := encoder is None and previous is not None:  # named in a file: then nothing is downloaded
        encoder = previous.manifest.encoder
    if encoder is None or isinstance(encoder, str):
        name = encoder_name(encoder)
        encoder = open_encoder(name, fetch=not named)
    else:
        name = None
    return Tools(name, encoder, *versions())


def encoder_name(encoder: str | None) -> str | None:
    """Return a name that opens the encoder from anywhere: paths in full, None for the shipped encoder."""
    if encoder is None or encoder == SHIPPED:
        return None
    path = Path(encoder).expanduser()
    return str(path.resolve()) if path.exists() else encoder


def segment_of(name: str, reports: Sequence[Report], sentences: Sequence[Sentence]) -> SegmentEntry:
    """Return the manifest's entry for a segment."""
    names = tuple(report.source.name for report in reports)
    return SegmentEntry(name, names, sum(len(report.paragraphs) for report in reports), len(sentences))


def manifest_of(
    number: int, work: Work, segments: tuple[SegmentEntry, ...], files: Iterable[FileEntry]
) -> Manifest:
    """Return the manifest of a generation that is made now."""
    return Manifest(
        generation=number,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=work.tools.name,
        encoder_identity=work.tools.encoder.identity,
        dimension=work.tools.encoder.dimension,
        reader=work.tools.reader,
        splitter=work.tools.splitter,
        words=work.tools.words,
        paragraphs=sum(entry.paragraphs for entry in segments),
        sentences=sum(entry.sentences for entry in segments),
        sources=work.reading.entries,
        segments=segments,
        files=tuple(files),
        paths=work.reading.paths,
    )


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
