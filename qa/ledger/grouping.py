"""Group indicators that mean the same under other words: shared words, synonyms, the kind of the unit.

Every wording joins the group whose first wording it resembles most (weighted Jaccard of words, after synonyms
were made one), if the units can stand for one another, neither speaks of 省级 where the other speaks of 市级, and
both do the same: what was paid back is not what was put off, what is new is not what there is.
Wordings are met in the order of the reports, so the same reports give the same groups.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from qa.ledger.indicators import levels
from qa.ledger.matching import canonical, tellingness
from qa.ledger.records import IndicatorGroup, LedgerFigure
from qa.ledger.vocabulary import QUALIFIER, VERB
from qa.text.beside import alike
from qa.text.figures import unit_kind

LIKE_ENOUGH = 0.62
ACTS = (
    re.compile(r"缓减|缓缴|减免|免缴"),
    re.compile(r"[退返]还"),
    re.compile(r"追缴|收缴|上缴|缴纳"),
    re.compile(r"新(?:建|增|组建|发展|加入).{0,6}(?:工会|会员|组织)|发展会员|吸纳|吸收"),
    re.compile(r"慰问|走访"),
    re.compile(r"率(?:$|（)|占比|比例|覆盖面"),
    re.compile(r"同比|环比|增长|下降"),
)
HEAVIEST = 3  # words of a wording, one of which its group shares


@dataclass(slots=True)
class _Forming:
    """A group that is being made; ``core`` are the words of its first wording, ``level`` its 省级 and its acts."""

    core: Mapping[str, float]
    level: frozenset[str | int]
    unit: str
    wordings: dict[str, None] = field(default_factory=dict)
    figures: list[LedgerFigure] = field(default_factory=list)


def groups_of(
    figures: Iterable[LedgerFigure], by_hand: Mapping[str, frozenset[str]] | None = None
) -> tuple[IndicatorGroup, ...]:
    """The groups of some figures, in the order in which they begin.

    Args:
        by_hand: name → wordings that belong together whatever they share, and to no other group.
    """
    named = {wording: name for name, wordings in (by_hand or {}).items() for wording in sorted(wordings)}
    forming: list[_Forming] = []
    kept: dict[tuple[str, str], _Forming] = {}
    hand: dict[str, _Forming] = {}
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for figure in figures:
        kind = unit_kind(figure.unit)
        name = named.get(figure.indicator)
        if name is not None:
            group = hand.get(name)
            if group is None:
                group = hand[name] = _Forming({}, frozenset(), kind)
                forming.append(group)
        else:
            group = kept.get((figure.indicator, kind))
            if group is None:
                group = _group(figure.indicator, kind, forming, by_word)
                kept[figure.indicator, kind] = group
        group.wordings[figure.indicator] = None
        group.figures.append(figure)
    names = {id(group): name for name, group in hand.items()}
    return tuple(
        IndicatorGroup(
            names.get(id(g)) or min(g.wordings, key=len), tuple(g.wordings), tuple(g.figures), id(g) in names
        )
        for g in forming
    )


def _group(
    wording: str, unit: str, forming: list[_Forming], by_word: defaultdict[str, list[int]]
) -> _Forming:
    core = _core(wording)
    acts = (number for number, act in enumerate(ACTS) if act.search(wording))
    level: frozenset[str | int] = frozenset([*levels(wording), *acts])
    heavy = sorted(core, key=lambda word: (-core[word], word))[:HEAVIEST]
    best, likeness = None, LIKE_ENOUGH
    for number in sorted({n for word in heavy for n in by_word[word]}):
        other = forming[number]
        if other.level != level or not (
            other.unit == unit or (alike(other.unit, unit) and unit != "人次" != other.unit)
        ):
            continue
        if (found := _likeness(core, other.core)) > likeness:
            best, likeness = other, found
    if best is None:
        best = _Forming(core, level, unit)
        for word in heavy:
            by_word[word].append(len(forming))
        forming.append(best)
    return best


def _likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """0 to 1: the weight of the shared words in that of all."""
    shared = sum(weight for word, weight in one.items() if word in other)
    total = sum(one.values()) + sum(weight for word, weight in other.items() if word not in one)
    return shared / total if total else 0.0


@lru_cache(maxsize=65536)
def _core(wording: str) -> Mapping[str, float]:
    """The words that tell what is counted, with their weights; verbs in front left out where anything is left."""
    from embeddings.words import words

    bare = QUALIFIER.sub("", wording)
    verb = VERB.match(bare)
    rest = bare[verb.end() :] if verb else bare
    found = words(canonical(rest)) or words(canonical(bare))
    return {word: tellingness(word) for word in found if len(word) > 1}
