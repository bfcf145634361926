"""Reports and sentences → the searches over them: vectors and words of sentences, words of whole paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged
from qa.index.disk import write_file
from qa.index.generation import DENSE, PASSAGES, SPARSE
from qa.index.manifest import Manifest
from qa.index.spread import Here, Spread
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from embeddings.dense import DenseIndex
    from embeddings.sparse import SparseIndex

__all__ = ["Searches", "build_searches", "build_word_searches", "open_searches", "save_searches"]

BATCH_SENTENCES = 512  # that are cut into words as one job


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """What is searched.

    Args:
        dense: vectors; row n is sentence n.
        sparse: words of sentences, each with its place, years and headings; row n is sentence n.
        passages: words of paragraphs, headings once; row n is paragraph n, with or without sentences.
    """

    dense: DenseIndex
    sparse: SparseIndex
    passages: SparseIndex


def build_searches(
    reports: Iterable[Report], sentences: Sequence[Sentence], vectors: NDArray[np.float32]
) -> Searches:
    """The searches over reports; ``vectors`` has one row a sentence."""
    from embeddings.dense import DenseIndex

    return Searches(DenseIndex.build(vectors), *build_word_searches(reports, sentences))


def build_word_searches(
    reports: Iterable[Report], sentences: Sequence[Sentence], spread: Spread | None = None
) -> tuple[SparseIndex, SparseIndex]:
    """Those by words: over sentences, and over whole paragraphs.

    Args:
        spread: who cuts the sentences into words; None for this process.
    """
    from embeddings.sparse import SparseIndex
    from embeddings.words import words

    cut = chain.from_iterable((spread or Here()).map(_cut, _batches([each.text for each in sentences])))
    heads: dict[str, list[str]] = {}
    rows: list[list[str]] = []
    passages: dict[tuple[str, int], list[str]] = {
        (paragraph.report_id, paragraph.number): [] for report in reports for paragraph in report.paragraphs
    }
    for sentence, own in zip(sentences, cut, strict=True):
        head = sentence.search_text.removesuffix(sentence.text)
        if head not in heads:
            heads[head] = words(head)
        rows.append(heads[head] + own)
        passage = passages[sentence.report_id, sentence.paragraph]
        passage += own if passage else rows[-1]
    return SparseIndex.build(rows), SparseIndex.build(passages.values())


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + BATCH_SENTENCES] for start in range(0, len(texts), BATCH_SENTENCES))


def _cut(texts: Sequence[str]) -> list[list[str]]:
    from embeddings.words import words

    return [words(text) for text in texts]


def save_searches(searches: Searches, folder: Path) -> None:
    """Write them into the folder of a generation."""
    for name, search in ((DENSE, searches.dense), (SPARSE, searches.sparse), (PASSAGES, searches.passages)):
        (folder / name).mkdir()
        search.save(folder / name, write_file)


def open_searches(folder: Path, manifest: Manifest) -> Searches:
    """Open the searches of a verified generation.

    Raises:
        IndexDamaged: they do not read, or do not hold one row a sentence and a paragraph.
    """
    from embeddings.dense import DenseIndex
    from embeddings.sparse import SparseIndex

    try:
        dense = DenseIndex.open(folder / DENSE)
        sparse = SparseIndex.open(folder / SPARSE)
        passages = SparseIndex.open(folder / PASSAGES)
        found = (len(dense), dense.dimension, len(sparse), len(passages))
        if found != (manifest.sentences, manifest.dimension, manifest.sentences, manifest.paragraphs):
            raise ValueError("the searches do not hold one row a sentence and a paragraph")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise IndexDamaged(
            f"索引 {folder} 打不开（{error}）。请运行 union-qa rebuild 报告文件夹 --force 重建。"
        ) from error
    return Searches(dense, sparse, passages)
