"""Measure how much of a question's wording a piece of evidence covers.

Words are weighted by their rarity in the index. A word that is not in the evidence may be covered by a
synonym or, in part, by a word of similar meaning (cosine of the shipped encoder's word vectors).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from embeddings import default_encoder
from embeddings.words import expand, rarity, words, worth
from qa.text.normal import without_punctuation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.index import Index

MOST_WORDS = 20_000  # cached word vectors, some 40 MB
MOST_COVERAGES = 5_000  # cached: the same one is needed for each figure of a clause
LIKE = (0.45, 0.85)  # cosines of words that count as not and as fully covered
SYNONYM = 0.9  # how much a synonym covers
_QUOTED = re.compile(r"《[^》]{2,60}》|“[^”]{1,30}”|\"[^\"]{1,30}\"")
LEAST_WEIGHT = 0.1  # of words that are in every text and of those that only ask
PART_OF = 0.6  # how much a longer word covers a single character: 赔付, 赔


@lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """Split a text into words as the search does."""
    return tuple(words(text))


def pairs_shared(piece: str, text: str) -> float:
    """Return the share of the character pairs of ``piece`` that occur in ``text``, 0 to 1."""
    bare, held = without_punctuation(piece), without_punctuation(text)
    pairs = [bare[i : i + 2] for i in range(len(bare) - 1)]
    return sum(p in held for p in pairs) / len(pairs) if pairs else 0.0


@lru_cache(maxsize=4096)
def _synonyms(text: str) -> frozenset[str]:
    return frozenset(expand(list(words_of(text))))


@lru_cache(MOST_WORDS)
def _vector(word: str) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = default_encoder().encode_passages([word])[0]
    return vector


class Wording:
    """Compares wordings against the word statistics of one index. Safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.weight = cache(self._weight)
        self._covered = lru_cache(MOST_COVERAGES)(self._coverage)

    def _weight(self, word: str) -> float:
        """Return the rarity of a word in the index (inverse document frequency) and in general Chinese.

        A small index alone says little: 参加 may occur in it twice and is still no name. Nor does a word that many
        answers have tell much.
        """
        documents = self._index.words.sentences.document_frequency(word)
        own = math.log((len(self._index.sentences) + 1.0) / (documents + 0.5))
        return max(own, LEAST_WEIGHT) * max(rarity(word) * worth(word), LEAST_WEIGHT)

    def _covers(self, word: str, evidence: frozenset[str], synonyms: frozenset[str]) -> float:
        """Return how far a word is covered by the evidence, literally or by meaning, 0 to 1."""
        if word in evidence:
            return 1.0
        if word in synonyms:
            return SYNONYM
        if not evidence or word.isascii():
            return 0.0
        if len(word) == 1 and any(word in other for other in evidence):
            return PART_OF
        low, high = LIKE
        closest = float((np.stack([*map(_vector, evidence)]) @ _vector(word)).max())
        return min(max((closest - low) / (high - low), 0.0), 1.0) * SYNONYM

    def coverage(self, asked: str, evidence: str | Iterable[str]) -> float:
        """Return the weighted share of the words of ``asked`` that the evidence covers; 1 for no words."""
        return self._covered(asked, (evidence,) if isinstance(evidence, str) else tuple(evidence))

    def _coverage(self, asked: str, texts: tuple[str, ...]) -> float:
        held = frozenset(w for t in texts for w in words_of(t))
        synonyms = frozenset(w for t in texts for w in _synonyms(t))
        weights = {word: self.weight(word) for word in words_of(asked)}
        covered = sum(weight * self._covers(word, held, synonyms) for word, weight in weights.items())
        return covered / sum(weights.values()) if weights else 1.0

    def told(self, asked: str, text: str) -> NDArray[np.float64]:
        """Return how much each word of ``asked`` that a text covers adds to its coverage, (words,); their sum is the coverage."""
        held, synonyms = frozenset(words_of(text)), _synonyms(text)
        weights = {word: self.weight(word) for word in words_of(asked)}
        covered = [weight * self._covers(word, held, synonyms) for word, weight in weights.items()]
        return np.array(covered) / max(sum(weights.values()), LEAST_WEIGHT)

    def likenesses(self, asked: str, texts: Iterable[str]) -> dict[str, float]:
        """Return the cosine of each text with what is asked, -1 to 1, 0 for the empty text; not cached."""
        each = list(dict.fromkeys(text for text in texts if text))
        own, *others = default_encoder().encode_passages([asked, *each])
        return {"": 0.0, **{text: float(own @ row) for text, row in zip(each, others, strict=True)}}


@lru_cache(maxsize=2)
def wording_of(index: Index) -> Wording:
    """Return the wording of an index; made once, because it caches."""
    return Wording(index)


def names_held(topic: str, text: str) -> float:
    """Return the share of the topic's quoted names that the text holds, 0 to 1; 0.5 if none is quoted."""
    names = [list(map(without_punctuation, name.split("…"))) for name in _QUOTED.findall(topic)]
    bare = without_punctuation(text)
    return sum(_in_order(name, bare) for name in names) / len(names) if names else 0.5


def _in_order(pieces: Sequence[str], text: str) -> bool:
    """Whether a text holds the pieces in this order: “一年……两年……” is quoted with gaps."""
    for piece in filter(None, pieces):
        _, found, text = text.partition(piece)
        if not found:
            return False
    return True
