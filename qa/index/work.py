"""What a generation is made from: encoder, versions, reports and workers; sentences, vectors and words."""

import mmap
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, folder_named, open_encoder
from embeddings.dense import rounded
from embeddings.sparse import WordCounts, counted, joined
from embeddings.words import words as words_of
from qa.errors import StoreError
from qa.index.executors import Executor, versions
from qa.index.manifest import FileEntry, Manifest, SegmentEntry
from qa.index.segment import Previous
from qa.index.sources import Reading
from qa.text.units import sentences_of
from qa.types import Report, Sentence

Step: TypeAlias = Literal["lock", "read", "embed", "write", "sync", "verify", "publish", "switch", "clean"]
Progress: TypeAlias = Callable[[Step, int, int], None]
Numbers: TypeAlias = NDArray[np.int16]  # of vectors, rounded
Known: TypeAlias = Mapping[str, Numbers]  # search text → vector
BATCH = 1024  # texts that are embedded, and pieces that are cut into words, as one job
LEAST_FREE = 64 * 2**20  # bytes required before a batch, which needs a few of them
SHIPPED = "shipped"  # names the shipped encoder where another one is the default


@dataclass(frozen=True, slots=True)
class Work:
    """All that making a generation needs; ``previous`` is the generation whose valid parts are used again."""

    reading: Reading
    encoder: Encoder
    draft: Manifest  # of what is made now, without its content
    previous: Previous | None
    spread: Executor
    progress: Progress

    def reports(self, names: Iterable[str]) -> tuple[Report, ...]:
        names = tuple(names)
        old = [name for name in names if name not in self.reading.read]
        assert self.previous is not None or not old  # what was not read is as it was before
        found = {**self.reading.read, **(self.previous.reports(old) if self.previous and old else {})}
        return tuple(found[name] for name in names)


def open_named(encoder: str | Encoder | None, previous: Previous | None) -> tuple[str | None, Encoder]:
    """Return the encoder, and the name to open it again: None for the shipped one or an object.

    ``encoder`` is a name or path, ``SHIPPED``, an encoder, or None for that of the previous generation.
    Raises embeddings.EncoderError if it cannot be opened.
    """
    if named := encoder is None and previous is not None:  # named in a file: then nothing is downloaded
        encoder = previous.manifest.encoder
    if encoder is None or isinstance(encoder, str):
        name = encoder_name(encoder)
        return name, open_encoder(name, fetch=not named)
    return None, encoder


def encoder_name(encoder: str | None) -> str | None:
    """Return a name that opens the encoder from anywhere: paths in full, None for the shipped encoder."""
    if encoder is None or encoder == SHIPPED:
        return None
    path = folder_named(encoder)
    return str(path.resolve()) if path.exists() else encoder


def draft_of(name: str | None, encoder: Encoder) -> Manifest:
    """Return the manifest of an empty generation that is made now with this encoder."""
    reader, splitter, words = versions()
    return Manifest(
        encoder=name,
        encoder_identity=encoder.identity,
        dimension=encoder.dimension,
        reader=reader,
        splitter=splitter,
        words=words,
    )


def manifest_of(
    number: int, work: Work, segments: tuple[SegmentEntry, ...], files: Iterable[FileEntry]
) -> Manifest:
    """Return the manifest of a generation that is made now."""
    return replace(
        work.draft,
        generation=number,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        paragraphs=sum(entry.paragraphs for entry in segments),
        sentences=sum(entry.sentences for entry in segments),
        sources=work.reading.entries,
        segments=segments,
        files=tuple(files),
        paths=work.reading.paths,
    )


def known_vectors(work: Work, without: Container[SegmentEntry] = ()) -> Known:
    """Return the vectors of the segments that are written again; none if another encoder made them."""
    if work.previous is None or not work.draft.embedded_like(work.previous.manifest):
        return {}
    known: dict[str, Numbers] = {}
    for entry in work.previous.manifest.segments:
        if entry not in without:
            segment = work.previous.segment(entry)
            vectors = np.asarray(segment.vectors)  # rows of a mapped array itself are slow to take
            known |= {s.search_text: vector for s, vector in zip(segment.sentences, vectors, strict=True)}
    return known


def prepare(
    reports: Sequence[Report], known: Known, work: Work
) -> tuple[tuple[Sentence, ...], Numbers, WordCounts, int]:
    """Return the sentences of reports, their vectors, the words of their pieces, and how many were embedded.

    A known search text keeps its vector; equal ones share one. Raises StoreError if a vector is not finite.
    """
    sentences = tuple(sentence for report in reports for sentence in sentences_of(report))
    pieces = pieces_of(sentences)
    vectors = np.zeros((len(sentences), work.encoder.dimension), dtype=np.int16)
    new: dict[str, list[int]] = {}
    for row, text in enumerate(sentence.search_text for sentence in sentences):
        if text in known:
            vectors[row] = known[text]
        else:
            new.setdefault(text, []).append(row)
    texts = tuple(new)
    # There are never more texts than pieces.
    batches = [slice(start, start + BATCH) for start in range(0, len(pieces), BATCH)]
    jobs = ((texts[batch], pieces[batch]) for batch in batches)
    words: list[WordCounts] = []
    prepared = work.spread.map(partial(_prepare_batch, work.encoder), jobs)
    work.progress("embed", 0, len(pieces))
    for batch, (encoded, cut) in zip(batches, prepared, strict=True):
        if encoded is None:
            raise StoreError("编码器给出了不是数的向量，索引没有改动。请换一个编码器（--encoder）再试。")
        for text, vector in zip(texts[batch], encoded, strict=True):
            vectors[new[text]] = vector
        words.append(cut)
        work.progress("embed", min(batch.stop, len(pieces)), len(pieces))
    return sentences, vectors, joined(words), len(texts)


def _prepare_batch(
    encoder: Encoder, job: tuple[Sequence[str], Sequence[str]]
) -> tuple[Numbers | None, WordCounts]:
    """Return the vectors of some texts as they are stored, or None if not finite, and the words of pieces."""
    try:  # out of memory, code in Rust ends the process instead of raising an error
        mmap.mmap(-1, LEAST_FREE).close()
    except OSError as error:
        raise MemoryError from error
    texts, pieces = job
    vectors, words = encoder.encode_passages(texts), counted(map(words_of, pieces))
    if vectors.size and not np.isfinite([vectors.min(), vectors.max()]).all():  # NaN is both
        return None, words
    return rounded(vectors), words


def pieces_of(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return what is cut into words: the contexts of the sentences, each once, then their own texts."""
    contexts = dict.fromkeys(sentence.context for sentence in sentences)
    return (*contexts, *(sentence.text for sentence in sentences))


def combined_words(
    reports: Iterable[Report], sentences: Sequence[Sentence], words: WordCounts
) -> tuple[WordCounts, WordCounts]:
    """Return the words of sentences, and of paragraphs with their context once; ``words`` are the pieces'."""
    paragraphs = (paragraph for report in reports for paragraph in report.paragraphs)
    number_of = {(p.report_id, p.number): number for number, p in enumerate(paragraphs)}
    paragraph_of = [number_of[sentence.report_id, sentence.paragraph] for sentence in sentences]
    contexts: dict[str, int] = {}
    context_of = [contexts.setdefault(sentence.context, len(contexts)) for sentence in sentences]
    first = dict(
        zip(reversed(paragraph_of), reversed(context_of), strict=True)
    )  # context of each one's first sentence
    each, own = range(len(sentences)), range(len(contexts), len(contexts) + len(sentences))
    rows = words.summed([*each, *each], [*context_of, *own], len(sentences))
    return rows, words.summed([*paragraph_of, *first], [*own, *first.values()], len(number_of))
