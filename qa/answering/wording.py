"""How much of a question's wording a piece of evidence holds: the basis of every choice and every refusal.

Words are weighted by rarity in the index. A word that does not stand in the evidence may be held by a synonym
or, in part, by a word of like meaning (cosine of the shipped encoder's word vectors).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.text.normal import squeezed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.index import Index

__all__ = ["Wording", "pairs_shared", "run_shared", "words_of"]

GENERIC = frozenset(
    [
        "工会",
        "总工会",
        "累计",
        "一共",
        "总共",
        "共",
        "全市",
        "全省",
        "全区",
        "全县",
        "全国",
        "数量",
        "人数",
        "金额",
        "情况",
        "具体",
        "工作",
        "开展",
        "进行",
        "实现",
        "组织",
        "举办",
        "规模",
        "达到",
        "目前",
        "现有",
        "现在",
        "其中",
        "平均",
        "左右",
        "大约",
        "分别",
        "家",
        "个",
        "名",
        "人",
        "项",
        "场",
        "次",
        "件",
        "户",
        "元",
        "万",
        "亿",
        "万元",
        "亿元",
        "人次",
        "多",
        "总",
        "数",
        "率",
        "请",
        "里",
        "想",
        "呢",
        "办",
        "搞",
        "做",
        "干",
        "花",
        "发",
        "送",
        "帮",
        "建",
        "搞过",
        "办过",
        "做过",
        "件事",
        "这件",
        "事",
        "那",
        "哪年",
        "哪月",
        "哪几",
        "几家",
        "几场",
        "几个",
        "单位",
        "包括",
        "来自",
        "得",
        "为了",
        "面向",
        "这类",
        "收",
        "拿",
        "拿到",
        "拿出",
        "一年",
        "大",
        "涉及",
        "总数",
        "总额",
        "名字",
        "叫",
        "名称",
    ]
)
LIKE = (0.45, 0.85)  # cosines of words: below nothing is held, above all of it
SYNONYM = 0.9
PART_OF = 0.6  # a single character that stands in a longer word: 赔 in 赔付


@lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, as the search cuts them."""
    from embeddings.words import words

    return tuple(words(text))


def run_shared(asked: str, evidence: str) -> int:
    """Length of the longest run of characters that two texts share, white space and marks aside; 12 at most."""
    one, other = squeezed(asked), squeezed(evidence)
    for length in range(min(12, len(one), len(other)), 1, -1):
        if any(one[i : i + length] in other for i in range(len(one) - length + 1)):
            return length
    return 0


def pairs_shared(piece: str, text: str) -> float:
    """0 to 1: the share of the character pairs of ``piece`` that stand in ``text``."""
    bare, held = squeezed(piece), squeezed(text)
    pairs = [bare[i : i + 2] for i in range(len(bare) - 1)]
    return sum(p in held for p in pairs) / len(pairs) if pairs else 0.0


@lru_cache(maxsize=65536)
def _tellingness(word: str) -> float:
    """0.15 to 1: how much a word tells, by how rare it is in general Chinese."""
    from embeddings.words import frequency

    if word in GENERIC:
        return 0.15
    per_million = frequency(word)
    return 1.0 if not per_million else min(max((math.log(1e6 / per_million) - 6.5) / 4.5, 0.2), 1.0)


@lru_cache(maxsize=4096)
def _synonyms(text: str) -> frozenset[str]:
    from embeddings.words import expand

    return frozenset(expand(list(words_of(text))))


class Wording:
    """Compares wordings against the word statistics of one index. Safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._total = len(index.sentences)
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def weight(self, word: str) -> float:
        """Rarity of a word in the index (inverse document frequency) and in Chinese at large.

        A small index says little of how common a word is: 参加 may stand in it twice and is still no name.
        """
        documents = self._index.sparse.document_frequency(word)
        rarity = math.log((self._total + 1.0) / (documents + 0.5))
        return max(rarity, 0.1) * _tellingness(word)

    def held(self, word: str, evidence: frozenset[str], synonyms: frozenset[str] = frozenset()) -> float:
        """0 to 1: whether a word stands in the evidence, or something of its meaning does."""
        if word in evidence:
            return 1.0
        if synonyms and word in synonyms:
            return SYNONYM
        if not evidence or word.isascii():
            return 0.0
        if len(word) == 1 and any(word in other for other in evidence):
            return PART_OF
        own = self._vector(word)
        best = max(float(own @ self._vector(other)) for other in evidence)
        low, high = LIKE
        return min(max((best - low) / (high - low), 0.0), 1.0) * SYNONYM

    def coverage(self, asked: str, evidence: str | Iterable[str], like: bool = True) -> float:
        """0 to 1: the weighted share of the words of ``asked`` that the evidence holds; 1 where none weighs."""
        texts = [evidence] if isinstance(evidence, str) else list(evidence)
        held = frozenset(w for t in texts for w in words_of(t))
        synonyms = frozenset(w for t in texts for w in _synonyms(t)) if like else frozenset()
        wanted = list(dict.fromkeys(words_of(asked)))
        weights = [self.weight(w) for w in wanted]
        total = sum(weights)
        if not total:
            return 1.0
        if not like:
            return sum(weight for w, weight in zip(wanted, weights, strict=True) if w in held) / total
        return (
            sum(weight * self.held(w, held, synonyms) for w, weight in zip(wanted, weights, strict=True))
            / total
        )

    def missing(self, asked: str, evidence: str) -> float:
        """The weight of the heaviest word of ``asked`` that the evidence does not hold at all."""
        held, synonyms = frozenset(words_of(evidence)), _synonyms(evidence)
        lacks = [self.weight(w) * (1.0 - self.held(w, held, synonyms)) for w in set(words_of(asked))]
        return max(lacks, default=0.0)

    def likeness(self, asked: str, evidence: str) -> float:
        """Cosine of the two texts, -1 to 1."""
        return float(self._vector(asked) @ self._vector(evidence))

    def _vector(self, text: str) -> NDArray[np.float32]:
        found = self._vectors.get(text)
        if found is None:
            if len(self._vectors) > 50_000:
                self._vectors.clear()
            found = self._vectors[text] = _encoder().encode_query(text)
        return found


@lru_cache(maxsize=1)
def _encoder():  # type: ignore[no-untyped-def]
    from embeddings import open_encoder

    return open_encoder(None)
