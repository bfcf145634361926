"""The two retrievers of a search, wherever they run: what is near in meaning, and what shares words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embeddings.dense import DenseIndex, DenseParts
    from embeddings.rounded import Rows
    from embeddings.sparse import SparseIndex

    Numbers: TypeAlias = NDArray[np.int64]
    Scores: TypeAlias = NDArray[np.float32]
    Mask: TypeAlias = NDArray[np.bool_]

FEW = 4096  # sentences whose vectors are sooner compared one by one than searched for


class DenseRetriever(Protocol):
    """Vectors of sentences. Paragraphs and rows go by their numbers in the layout; rows rise.

    Raises StoreError where the store does not answer, likewise :class:`WordRetriever`.
    """

    def near(self, vector: Scores, count: int, allowed: Mask) -> Numbers:
        """The paragraphs of the ``count`` sentences that are nearest, among those allowed, (paragraphs,)."""
        ...

    def cosines(self, vector: Scores, rows: Numbers) -> Scores:
        """The cosines of sentences, (rows,)."""
        ...


class WordRetriever(Protocol):
    """BM25 of sentences and of whole paragraphs."""

    def fitting(
        self, words: Sequence[str], weights: Sequence[float], count: int, allowed: Mask
    ) -> tuple[Numbers, Callable[[Numbers], Scores]]:
        """The ``count`` allowed paragraphs that fit words best, none that shares none; what gives others' scores."""
        ...

    def passage_scores(self, words: Sequence[str], weights: Sequence[float], paragraphs: Numbers) -> Scores:
        """BM25 of paragraphs in any order, (paragraphs,), 0 where they share no word."""
        ...

    def sentence_scores(self, words: Sequence[str], weights: Sequence[float], rows: Numbers) -> Scores:
        """BM25 of sentences, (rows,), 0 where they share no word."""
        ...

    def document_frequency(self, word: str) -> int:
        """How many sentences hold a word."""
        ...

    def naming(self, name: str) -> Numbers | None:
        """Paragraphs of which none that holds a name is left out, rising; None where that is not known."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LocalDense:
    """Vectors in this process's memory.

    Args:
        vectors: row n belongs to sentence n, as in ``index``.
        paragraph_of: (rows,), the paragraph of each sentence.
    """

    index: DenseIndex | DenseParts
    vectors: Rows
    paragraph_of: NDArray[np.int32]

    def near(self, vector: Scores, count: int, allowed: Mask) -> Numbers:
        import numpy as np

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
    """Words in this process's memory.

    Args:
        sentences: row n is sentence n.
        passages: row n is paragraph n.
    """

    sentences: SparseIndex
    passages: SparseIndex

    def fitting(
        self, words: Sequence[str], weights: Sequence[float], count: int, allowed: Mask
    ) -> tuple[Numbers, Callable[[Numbers], Scores]]:
        scores = self.passages.scores(words, weights)
        return _best(scores, allowed, count), scores.__getitem__

    def passage_scores(self, words: Sequence[str], weights: Sequence[float], paragraphs: Numbers) -> Scores:
        return self.passages.scores(words, weights)[paragraphs]

    def sentence_scores(self, words: Sequence[str], weights: Sequence[float], rows: Numbers) -> Scores:
        return self.sentences.scores_of(rows, words, weights)

    def document_frequency(self, word: str) -> int:
        return self.sentences.document_frequency(word)

    def naming(self, name: str) -> Numbers | None:
        """Text is cut into words as it reads: what follows a name may be cut together with its last characters."""
        import numpy as np

        from embeddings.words import words

        begin = name if name.isascii() else name[:2]
        return np.union1d(self.passages.holding(begin), self.passages.holding_all(words(name)))


def _best(scores: Scores, allowed: Mask, count: int) -> Numbers:
    """The allowed places of the highest positive scores, ties by place."""
    import numpy as np

    places = np.flatnonzero((scores > 0) & allowed)
    if len(places) <= count:
        return places
    own = scores[places]
    least = np.partition(own, -count)[-count]
    above = places[own > least]
    return np.concatenate([above, places[own == least][: count - len(above)]])
