"""Match figures against the words of a query, with synonyms and without a model.

A word counts most in the indicator, less in the clause before, least in the heading. Synonyms are the other terms of
its line in ``embeddings/words/terms.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.ledger.records import LedgerFigure
from qa.ledger.vocabulary import leading_verb
from qa.text.normal import normal, without_punctuation

ENOUGH = 0.5  # share of the query's weight that must match
PLACES = (1.0, 0.6, 0.35)  # weight of a match in the indicator, the clause before, the heading
SYNONYM = 0.85
VERB_WEIGHT = 0.25
_GENERIC = """
数量 总数 人数 件数 个数 家数 场数 户数 次数 金额 总额 规模 情况 工会 职工 全市 全省 全区 全县 累计 目前
开展 进行 实现 工作 活动 各类 各级 相关 方面 单位 人员 资金 企业
"""
GENERIC = frozenset(_GENERIC.split())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word of the query, its synonyms and its weight."""

    word: str
    others: tuple[str, ...]
    weight: float


def ranked(figures: Iterable[LedgerFigure], asked: str) -> tuple[LedgerFigure, ...]:
    """Return the figures that match the query, best first, ties in their order; a query without words has none."""
    wanted = _wanted(asked)
    total = sum(each.weight for each in wanted)
    found = []
    for order, figure in enumerate(figures):
        texts = (_bare(figure.indicator), _bare(figure.context), _bare(" ".join(figure.heading)))
        score = sum(each.weight * _match(each, texts) for each in wanted)
        if total and score >= ENOUGH * total:
            own = sum(len(each.word) for each in wanted if each.word in texts[0])
            found.append((-round(score / total, 3), -min(own / max(len(texts[0]), 1), 1.0), order, figure))
    return tuple(item[-1] for item in sorted(found, key=lambda item: item[:3]))


def mentions(asked: str, *texts: str) -> bool:
    """Return whether texts contain the words of a query or synonyms.

    ``texts`` are the text itself and at most two that are further away, such as headings.
    """
    wanted, bare_texts = _wanted(asked), [_bare(text) for text in texts]
    score = sum(each.weight * _match(each, bare_texts) for each in wanted)
    return score >= ENOUGH * sum(each.weight for each in wanted)


@lru_cache(maxsize=1 << 17)
def _bare(text: str) -> str:
    """Return the text without punctuation, cached: the same texts are compared with every question."""
    return without_punctuation(text)


def _match(wanted: _Wanted, texts: Sequence[str]) -> float:
    for worth, text in zip(PLACES, texts, strict=False):
        if wanted.word in text:
            return worth
        if any(other in text for other in wanted.others):
            return worth * SYNONYM
    return 0.0


@lru_cache(maxsize=4096)
def _wanted(asked: str) -> tuple[_Wanted, ...]:
    from embeddings.words import words

    others: dict[str, dict[str, None]] = {}
    groups = _terms()
    for match in _pattern().finditer(without_punctuation(asked)):
        synonyms = dict.fromkeys(term for term in groups[match.group()] if term != match.group())
        for word in words(match.group()):
            others.setdefault(word, {}).update(synonyms)
    found = dict.fromkeys(w for w in words(asked) if len(w) > 1) or dict.fromkeys(words(asked))
    return tuple(_Wanted(word, tuple(others.get(word, ())), word_weight(word)) for word in found)


@cache
def word_weight(word: str) -> float:
    """Return the weight of a word, 0.05 to 1, by its rarity in general Chinese; little for verbs and for 人数."""
    from embeddings.words import rarity

    if word in GENERIC:
        return 0.05
    return rarity(word) * (VERB_WEIGHT if leading_verb(word) == word else 1.0)


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    """Return every term of the thesaurus → all its synonyms and itself, in one order."""
    from embeddings.words import read_terms

    found: dict[str, tuple[str, ...]] = {}
    for group in read_terms():
        line = tuple(normal(term) for term in group)
        for term in line:
            found.setdefault(term, line)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        "|".join(sorted(map(re.escape, _terms()), key=lambda term: (-len(term), term))) or "(?!)"
    )


def canonical(text: str) -> str:
    """Return the text with every term replaced by the first synonym of its line."""
    groups = _terms()
    return _pattern().sub(lambda match: f" {groups[match.group()][0]} ", normal(text))
