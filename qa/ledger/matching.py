"""Match figures against the words of a query, and group those that mean the same, without a model.

A word counts most in the indicator, less in the clause before, least in the heading. Synonyms are the other terms of
its line in ``embeddings/words/terms.txt``.

A wording joins the group whose first wording is most similar (weighted Jaccard of words, synonyms unified), if the
units are compatible and both name the same levels (省级, 市级) and acts: refunds are not deferrals, new members not all
members. Wordings are taken in the order of the reports, so the same reports give the same groups.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from statistics import mode

from embeddings.reader import Mention, default_pair_reader
from embeddings.words import rarity, read_terms, words
from qa.ledger.build import LedgerFigure
from qa.ledger.indicators import levels
from qa.ledger.vocabulary import QUALIFIER, leading_verb
from qa.text.figure_context import comparable_units, interchangeable
from qa.text.figures import UNIT_KINDS, unit_kind
from qa.text.normal import normal, without_punctuation

_MEASURES = frozenset(unit for units in UNIT_KINDS.values() for unit in units)
ENOUGH = 0.5  # share of the query's weight that must match
PLACES = (1.0, 0.6, 0.35)  # weight of a match in the indicator, the clause before, the heading
SYNONYM = 0.85
VERB_WEIGHT = 0.25
_GENERIC = """
数量 总数 人数 件数 个数 家数 场数 户数 次数 金额 总额 规模 情况 工会 职工 全市 全省 全区 全县 累计 目前
开展 进行 实现 工作 活动 各类 各级 相关 方面 单位 人员 资金 企业
"""
GENERIC = frozenset(_GENERIC.split())
LIKE_ENOUGH = 0.62
ACTS = (
    re.compile(r"缓[减缴]|减免|免缴"),
    re.compile(r"[退返]还"),
    re.compile(r"[追收上]缴|缴纳"),
    re.compile(r"[新净]增|新(?:组?建|发展|加入).{0,6}(?:工会|会员|组织)|发展会员|吸[纳收]"),
    re.compile(r"慰问|走访"),
    re.compile(r"率(?:$|（)|占比|比例|覆盖面"),
    re.compile(r"[同环]比|增长|下降"),
)
HEAVIEST = 3  # words of a wording, one of which a group must share
_bare = lru_cache(maxsize=1 << 17)(without_punctuation)  # cached: every question compares the same texts


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word of the query, its synonyms and its weight."""

    word: str
    others: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """Figures whose indicators mean the same in different words."""

    name: str  # the shortest wording, or the name in ``ledger.toml``
    wordings: tuple[str, ...]
    figures: tuple[LedgerFigure, ...]  # in the order of the reports
    by_hand: bool = False  # whether ``ledger.toml`` defines it


def ranked(figures: Iterable[LedgerFigure], asked: str) -> tuple[LedgerFigure, ...]:
    """Return the figures that match the query, best first, ties in their order; a query without words has none."""
    wanted = _wanted(asked)
    found = []
    for figure in figures:
        texts = [_bare(text) for text in (figure.indicator, figure.context, " ".join(figure.heading))]
        if (share := _share(wanted, texts)) >= ENOUGH:
            own = sum(len(each.word) for each in wanted if each.word in texts[0])
            found.append((-round(share, 3), -min(own / max(len(texts[0]), 1), 1.0), figure))
    return tuple(figure for _, _, figure in sorted(found, key=lambda item: item[:2]))


def head_of(asked: str) -> str:
    """Return the last word of a query that says what is counted, no measure word, ``""`` if it has none.

    >>> head_of("劳模工匠创新工作室数量")
    '工作室'
    """
    known = (word for word in reversed(words(asked)) if len(word) > 1 and word not in GENERIC)
    return next((word for word in known if word.lstrip("百千万亿") not in _MEASURES), "")


def mentions(asked: str, *texts: str) -> bool:
    """Return whether a text, or at most two further away (headings), has the words of a query or synonyms."""
    wanted = _wanted(asked)
    return not wanted or _share(wanted, [_bare(text) for text in texts]) >= ENOUGH


def _share(wanted: Sequence[_Wanted], texts: Sequence[str]) -> float:
    """Return the share of the query's weight that texts match, nearest first, 0 to 1."""
    matched = total = 0.0
    for each in wanted:
        total += each.weight
        for worth, text in zip(PLACES, texts, strict=False):
            exact = each.word in text
            if exact or any(other in text for other in each.others):
                matched += each.weight * worth * (1.0 if exact else SYNONYM)
                break
    return matched / total if total else 0.0


@lru_cache(maxsize=4096)
def _wanted(asked: str) -> tuple[_Wanted, ...]:
    others: dict[str, dict[str, None]] = {}
    for match in _pattern().finditer(without_punctuation(asked)):
        synonyms = dict.fromkeys(term for term in _terms()[match.group()] if term != match.group())
        for word in words(match.group()):
            others.setdefault(word, {}).update(synonyms)
    found = dict.fromkeys(w for w in words(asked) if len(w) > 1) or dict.fromkeys(words(asked))
    return tuple(_Wanted(word, tuple(others.get(word, ())), _weight(word)) for word in found)


@cache
def _weight(word: str) -> float:
    """Return the weight of a word, 0.05 to 1, by its rarity in general Chinese; little for verbs and for 人数."""
    if word in GENERIC:
        return 0.05
    return rarity(word) * (VERB_WEIGHT if leading_verb(word) == word else 1.0)


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    """Return every term of the thesaurus → all its synonyms and itself, in one order; its first line counts."""
    lines = [tuple(map(normal, group)) for group in read_terms()]
    return {term: line for line in reversed(lines) for term in line}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _terms()), key=len, reverse=True)))


def canonical(text: str) -> str:
    """Return the text with every term replaced by the first synonym of its line."""
    return _pattern().sub(lambda match: f" {_terms()[match.group()][0]} ", normal(text))


@dataclass(slots=True)
class _Forming:
    """A group under construction: the words, levels and acts of its first wording, and the kind of its unit."""

    core: Mapping[str, float]
    limits: frozenset[str | int]
    unit: str
    name: str = ""  # by hand
    figures: list[LedgerFigure] = field(default_factory=list)


def groups_of(
    figures: Iterable[LedgerFigure], by_hand: Mapping[str, frozenset[str]]
) -> tuple[IndicatorGroup, ...]:
    """Return groups of figures, in order of their first ones; ``by_hand``: name → wordings of this group alone."""
    named = {wording: name for name, wordings in by_hand.items() for wording in wordings}
    forming: list[_Forming] = []
    known: dict[tuple[str, str | None], _Forming] = {}
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for figure in figures:
        kind, name = unit_kind(figure.unit), named.get(figure.indicator, "")
        key = (name, None) if name else (figure.indicator, kind)
        if key not in known:
            known[key] = _group("" if name else figure.indicator, kind, forming, by_word)
            known[key].name = name
        known[key].figures.append(figure)
    wordings = [tuple(dict.fromkeys(figure.indicator for figure in group.figures)) for group in forming]
    return tuple(
        IndicatorGroup(group.name or min(own, key=len), own, tuple(group.figures), bool(group.name))
        for group, own in zip(forming, wordings, strict=True)
    )


def _group(wording: str, unit: str, made: list[_Forming], by_word: defaultdict[str, list[int]]) -> _Forming:
    """Return the group that a wording joins, or a new one; a wording of no words joins none."""
    core = _core(wording)
    acts = (number for number, act in enumerate(ACTS) if act.search(wording))
    limits: frozenset[str | int] = frozenset([*levels(wording), *acts])
    heavy = sorted(core, key=lambda word: (-core[word], word))[:HEAVIEST]
    near = (made[number] for number in sorted({n for word in heavy for n in by_word[word]}))
    alike = (g for g in near if g.limits == limits and (g.unit == unit or "人次" not in (g.unit, unit)))
    alike = (g for g in alike if g.unit == unit or interchangeable(g.unit, unit))
    best = max(alike, key=lambda group: _likeness(core, group.core), default=None)
    if best is None or _likeness(core, best.core) <= LIKE_ENOUGH:
        best = _Forming(core, limits, unit)
        for word in heavy:
            by_word[word].append(len(made))
        made.append(best)
    return best


def _likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the weight of the shared words as a share of all, 0 to 1."""
    shared = sum(weight for word, weight in one.items() if word in other)
    total = sum({**one, **other}.values())
    return shared / total if total else 0.0


@lru_cache(maxsize=65536)
def _core(wording: str) -> Mapping[str, float]:
    """Return the words that say what is counted, with weights; a verb in front is dropped if anything remains."""
    bare = QUALIFIER.sub("", wording)
    rest = bare.removeprefix(leading_verb(bare))
    found = words(canonical(rest)) or words(canonical(bare))
    return {word: _weight(word) for word in found if len(word) > 1}


def comparable(group: IndicatorGroup) -> tuple[LedgerFigure, ...]:
    """Return the results of a group that may be set against each other: of one measure, counting what most of them count.

    Plans are left out; whether two indicators of different words count the same thing is decided by the reader of pairs.
    """
    results = [f for f in group.figures if f.kind == "amount"]
    if not results:
        return ()
    unit = mode(f.unit for f in results)
    measured = [f for f in results if comparable_units(f.unit, unit)]
    wording = mode(f.indicator for f in measured)
    typical = next(_mention(f) for f in measured if f.indicator == wording)
    read = default_pair_reader().comparable
    return tuple(f for f in measured if group.by_hand or f.indicator == wording or read(typical, _mention(f)))


def _mention(figure: LedgerFigure) -> Mention:
    start = len(figure.indicator)
    return figure.indicator + figure.text, start, start + len(figure.text)
