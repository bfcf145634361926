"""How well a figure's indicator fits what somebody asks for, by words and synonyms; without a model.

A word may stand in the indicator itself, in the clause before, or in the heading, each worth less than the one
before. A word that does not stand there may be held by another term of its line of ``embeddings/words/terms.txt``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.ledger.records import LedgerFigure
from qa.ledger.vocabulary import VERB
from qa.text.normal import normal, squeezed

ENOUGH = 0.5  # of the weight of what is asked for
PLACES = (1.0, 0.6, 0.35)  # what a word is worth in the indicator, the clause before, the heading
SYNONYM = 0.85
VERB_WEIGHT = 0.25
_GENERIC = """
数 数量 总数 人数 件数 个数 家数 场数 户数 次数 金额 总额 规模 情况 多少 工会 职工 全市 全省 全区 全县 累计 目前 共
开展 进行 实现 工作 活动 各类 各级 相关 有关 方面 单位 人员 资金 企业
"""
GENERIC = frozenset(_GENERIC.split())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word that is asked for, the terms that may stand for it, and how much it tells."""

    word: str
    others: tuple[str, ...]
    weight: float


def ranked(figures: Iterable[LedgerFigure], asked: str) -> tuple[LedgerFigure, ...]:
    """The figures that fit, best first; those that fit alike stay in their order.

    Args:
        asked: words for what is counted; without any word in it, nothing fits.
    """
    wanted = _wanted(asked)
    total = sum(each.weight for each in wanted)
    found = []
    for order, figure in enumerate(figures):
        texts = (_bare(figure.indicator), _bare(figure.context), _bare(" ".join(figure.heading)))
        score = sum(each.weight * _held(each, texts) for each in wanted)
        if total and score >= ENOUGH * total:
            own = sum(len(each.word) for each in wanted if each.word in texts[0])
            found.append((-round(score / total, 3), -min(own / max(len(texts[0]), 1), 1.0), order, figure))
    return tuple(item[-1] for item in sorted(found, key=lambda item: item[:3]))


def spoken_of(asked: str, *texts: str) -> bool:
    """Whether a text, or what it stands under, holds what is asked for in its own words or their synonyms.

    Args:
        texts: the text, then at most two that are further away.
    """
    wanted, bare = _wanted(asked), [_bare(text) for text in texts]
    score = sum(each.weight * _held(each, bare) for each in wanted)
    return score >= ENOUGH * sum(each.weight for each in wanted)


@lru_cache(maxsize=1 << 17)
def _bare(text: str) -> str:
    return squeezed(text)


def _held(wanted: _Wanted, texts: Sequence[str]) -> float:
    for worth, text in zip(PLACES, texts, strict=False):
        if wanted.word in text:
            return worth
        if any(other in text for other in wanted.others):
            return worth * SYNONYM
    return 0.0


@lru_cache(maxsize=4096)
def _wanted(asked: str) -> tuple[_Wanted, ...]:
    from embeddings.words import words

    bare = squeezed(asked)
    others: dict[str, dict[str, None]] = {}
    groups = _terms()
    for match in _pattern().finditer(bare):
        for word in words(match.group()):
            others.setdefault(word, {}).update(
                dict.fromkeys(t for t in groups[match.group()] if t != match.group())
            )
    found = dict.fromkeys(w for w in words(asked) if len(w) > 1) or dict.fromkeys(words(asked))
    return tuple(_Wanted(word, tuple(others.get(word, ())), tellingness(word)) for word in found)


@cache
def tellingness(word: str) -> float:
    """0.05 to 1: how much a word tells, by how rare it is in general Chinese; little for verbs and for 人数."""
    from embeddings.words import frequency

    if word in GENERIC:
        return 0.05
    per_million = frequency(word)
    weight = 1.0 if not per_million else min(max((math.log(1e6 / per_million) - 6.5) / 4.5, 0.2), 1.0)
    return weight * VERB_WEIGHT if VERB.fullmatch(word) else weight


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    """Every term of the union register → all terms that mean the same, itself among them, in one order."""
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
    """The text with every term replaced by the first of its line: 妈妈小屋 becomes what it is called first."""
    groups = _terms()
    return _pattern().sub(lambda match: f" {groups[match.group()][0]} ", normal(text))
