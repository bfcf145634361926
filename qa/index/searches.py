"""The searches over a segment: vectors and words of its sentences, words of its paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.dense import DenseIndex
from embeddings.postings import Postings
from embeddings.words.lists import WordLists
from embeddings.words.many import many_words
from qa.index.damage import damaged
from qa.index.disk import write_file
from qa.index.manifest import SegmentEntry
from qa.index.segment import DENSE, PASSAGES, SPARSE, segment_folder
from qa.types import Report, Sentence


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """Row n of ``dense`` and ``sparse`` is sentence n, row n of ``passages`` is paragraph n."""

    dense: DenseIndex
    sparse: Postings  # each sentence with its place, years and headings
    passages: Postings  # headings once; paragraphs without sentences too


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


def build_searches(
    reports: Iterable[Report], sentences: Sequence[Sentence], vectors: NDArray[np.float32]
) -> Searches:
    """Build the searches over reports; ``vectors`` is (sentences, dimension)."""
    pieces = pieces_of(sentences)
    words = many_words(pieces.texts)
    return Searches(DenseIndex.build(vectors), *build_word_searches(reports, sentences, pieces, words))


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


def save_searches(searches: Searches, folder: Path) -> None:
    """Write them into the folder of a segment."""
    for name, search in ((DENSE, searches.dense), (SPARSE, searches.sparse), (PASSAGES, searches.passages)):
        (folder / name).mkdir()
        search.save(folder / name, write_file)


def open_searches(generation: Path, entry: SegmentEntry, dimension: int) -> Searches:
    """Open the searches of a segment whose files were verified.

    Raises IndexDamaged if they cannot be read or do not have one row per sentence and paragraph.
    """
    folder = segment_folder(generation, entry)
    try:
        dense = DenseIndex.open(folder / DENSE)
        sparse = Postings.open(folder / SPARSE)
        passages = Postings.open(folder / PASSAGES)
        found = (len(dense), dense.dimension, len(sparse), len(passages))
        if found != (entry.sentences, dimension, entry.sentences, entry.paragraphs):
            raise ValueError("the searches do not hold one row a sentence and a paragraph")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise damaged(folder, "打不开") from error
    return Searches(dense, sparse, passages)
