"""Reports and sentences of a segment → the searches over them: vectors and words of sentences, words of paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from qa.index.damage import damaged
from qa.index.disk import write_file
from qa.index.manifest import SegmentEntry
from qa.index.segment import DENSE, PASSAGES, SPARSE, segment_folder
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from embeddings.dense import DenseIndex
    from embeddings.postings import Postings
    from embeddings.words.lists import WordLists


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """What is searched.

    Args:
        dense: vectors; row n is sentence n.
        sparse: words of sentences, each with its place, years and headings; row n is sentence n.
        passages: words of paragraphs, headings once; row n is paragraph n, with or without sentences.
    """

    dense: DenseIndex
    sparse: Postings
    passages: Postings


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is cut into words: the contexts of the sentences, each once, then the sentences themselves.

    Args:
        texts: of all of them.
        context_of: for each sentence the place of its context in ``texts``.
    """

    texts: tuple[str, ...]
    context_of: tuple[int, ...]


def pieces_of(sentences: Iterable[Sentence]) -> Pieces:
    """The pieces of sentences, in order."""
    contexts: dict[str, int] = {}
    own: list[str] = []
    context_of: list[int] = []
    for sentence in sentences:
        own.append(sentence.text)
        context_of.append(contexts.setdefault(sentence.context, len(contexts)))
    return Pieces((*contexts, *own), tuple(context_of))


def cut_pieces(texts: Sequence[str]) -> WordLists:
    """The words of each text."""
    from embeddings.words.many import many_words

    return many_words(texts)


def build_searches(
    reports: Iterable[Report], sentences: Sequence[Sentence], vectors: NDArray[np.float32]
) -> Searches:
    """The searches over reports; ``vectors`` has one row a sentence."""
    from embeddings.dense import DenseIndex

    pieces = pieces_of(sentences)
    words = cut_pieces(pieces.texts)
    return Searches(DenseIndex.build(vectors), *build_word_searches(reports, sentences, pieces, words))


def build_word_searches(
    reports: Iterable[Report], sentences: Sequence[Sentence], pieces: Pieces, words: WordLists
) -> tuple[Postings, Postings]:
    """Those by words, over sentences and over paragraphs; the arguments are those of :func:`combined_words`."""
    from embeddings.postings import Postings

    rows, passages = combined_words(reports, sentences, pieces, words)
    return Postings.of(rows), Postings.of(passages)


def combined_words(
    reports: Iterable[Report], sentences: Sequence[Sentence], pieces: Pieces, words: WordLists
) -> tuple[WordLists, WordLists]:
    """The words of sentences, and of whole paragraphs, whose context counts once.

    Args:
        words: of ``pieces.texts``.
    """
    import numpy as np

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
    """Open the searches of a segment, whose files hold.

    Raises:
        IndexDamaged: they do not read, or do not hold one row a sentence and a paragraph.
    """
    from embeddings.dense import DenseIndex
    from embeddings.postings import Postings

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
