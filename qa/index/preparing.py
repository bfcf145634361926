"""What a segment is made of: the sentences of its reports, a vector of each, and the words of their pieces."""

from __future__ import annotations

import mmap
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from qa.errors import StoreError
from qa.index.manifest import SegmentEntry
from qa.index.searches import Pieces, cut_pieces, pieces_of
from qa.index.segment import Segment
from qa.index.work import Work
from qa.types import Report, Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder
    from embeddings.rounded import Rounded
    from embeddings.words.lists import WordLists

KEPT_AT_ONCE = 16_384  # vectors that are taken over together
BATCH = 1024  # texts that are embedded, and pieces that are cut into words, as one job
LEAST_FREE = 64 * 2**20  # bytes before a batch; it needs a few of them


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Vectors of the generation before that can stand beside new ones.

    Args:
        where: search text → (place among ``segments``, row).
    """

    segments: tuple[Segment, ...]
    where: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, work: Work, without: Container[SegmentEntry] = ()) -> Known:
        """Those of the segments that are made anew; none where another encoder made them."""
        previous = work.previous
        if previous is None or not work.tools.embedded_like(previous.manifest):
            return cls((), {})
        segments = tuple(
            previous.segment(entry) for entry in previous.manifest.segments if entry not in without
        )
        return cls(
            segments,
            {
                sentence.search_text: (at, row)
                for at, segment in enumerate(segments)
                for row, sentence in enumerate(segment.sentences)
            },
        )


def prepare(
    reports: Sequence[Report], known: Known, work: Work
) -> tuple[tuple[Sentence, ...], Pieces, Rounded, WordLists, int]:
    """The sentences of reports, their pieces, a vector of each, the words of the pieces, how many were embedded.

    A search text that is known keeps its vector, and equal ones share one.

    Raises:
        StoreError: the encoder gives no numbers.
    """
    import numpy as np

    from embeddings.rounded import Rounded
    from embeddings.words.lists import joined
    from qa.text.units import sentences_of

    sentences = tuple(sentence for report in reports for sentence in sentences_of(report))
    pieces = pieces_of(sentences)
    vectors = np.zeros((len(sentences), work.tools.encoder.dimension), dtype=np.int16)
    new: dict[str, list[int]] = {}
    kept: list[list[tuple[int, int]]] = [[] for _ in known.segments]  # rows here and there
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
    batches = [
        slice(start, start + BATCH) for start in range(0, len(pieces.texts), BATCH)
    ]  # the more of both
    jobs = ((texts[batch], pieces.texts[batch]) for batch in batches)
    words: list[WordLists] = []
    prepared = work.spread.map(partial(_prepare, work.tools.encoder), jobs)
    work.progress("embed", 0, len(pieces.texts))
    for batch, (encoded, cut) in zip(batches, prepared, strict=True):
        if encoded is None:
            raise StoreError("编码器给出了不是数的向量，索引没有改动。请换一个编码器（--encoder）再试。")
        for text, vector in zip(texts[batch], encoded, strict=True):
            vectors[new[text]] = vector
        words.append(cut)
        work.progress("embed", min(batch.stop, len(pieces.texts)), len(pieces.texts))
    return sentences, pieces, Rounded(vectors), joined(words), len(texts)


def _prepare(
    encoder: Encoder, job: tuple[Sequence[str], Sequence[str]]
) -> tuple[NDArray[np.int16] | None, WordLists]:
    """The vectors of some texts as they are kept, None where they are no numbers; and the words of others."""
    import numpy as np

    from embeddings.rounded import Rounded

    _require_memory()
    texts, pieces = job
    vectors, words = encoder.encode_passages(texts), cut_pieces(pieces)
    if vectors.size and not np.isfinite([vectors.min(), vectors.max()]).all():  # NaN is both
        return None, words
    return Rounded.of(vectors).numbers, words


def _require_memory() -> None:
    """Find out that memory is short while it can be said: what is written in Rust ends the process instead.

    Raises:
        MemoryError: a batch may not fit any more.
    """
    try:
        mmap.mmap(-1, LEAST_FREE).close()
    except OSError as error:
        raise MemoryError from error
