"""Compare a figure, a date or a name of a draft with that of a report: the same, worded otherwise, or another."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from qa.drafts.records import UNKNOWN_YEAR, Date, Statement
from qa.text.beside import alike
from qa.text.figures import same_measure, same_value, senses, unit_kind
from qa.text.normal import normal, squeezed
from qa.types import Figure

Likeness: TypeAlias = Literal["same", "otherwise", "open", "other"]  # open: but for a year that nothing tells

ROUNDING = 0.05  # share that 约 may be off
FURTHEST = 0.15  # share that 超 and 近 may be off
LONG = 4  # significant digits that hardly agree by chance
_SCALED = re.compile("[十百千万亿]")
# What each sense of an approximator in a report lets a draft say besides.
_ALSO: dict[frozenset[str], frozenset[str]] = {
    frozenset({"over"}): frozenset({"over", "at least"}),
    frozenset({"at least"}): frozenset({"at least", "over"}),
    frozenset({"nearly"}): frozenset({"nearly", "under", "about"}),
    frozenset({"about"}): frozenset({"about"}),
    frozenset({"under"}): frozenset({"under", "nearly"}),
    frozenset({"at most"}): frozenset({"at most"}),
    frozenset(): frozenset({"at least", "about"}),
}


def likeness(said: Statement, stated: Statement) -> Likeness:
    """How what a draft says is like what a report states."""
    if said.figure is not None and stated.figure is not None:
        if (
            said.pace
            and said.pace != stated.pace
            and (stated.pace or f"每{said.pace}" not in stated.sentence)
        ):
            return "other"
        return _figures(said.figure, stated.figure)
    if said.date is not None and stated.date is not None:
        return _dates(said.date, stated.date)
    if said.kind == stated.kind == "name":
        one, other = squeezed(said.text), squeezed(stated.text)
        if one == other:
            return "same"
        return "otherwise" if len(one) > 3 and len(other) > 3 and (one in other or other in one) else "other"
    return "other"


def _dates(said: Date, stated: Date) -> Likeness:
    """The same in all that both say."""
    both = [(a, b) for a, b in zip(said, stated, strict=True) if a is not None and b is not None]
    known = [(a, b) for a, b in both if UNKNOWN_YEAR not in (a, b)]
    if not known or any(a != b for a, b in known):
        return "other"
    return "open" if UNKNOWN_YEAR in (*said, *stated) else "same"


def _figures(said: Figure, stated: Figure) -> Likeness:
    if not _measures_the_same(said.unit, stated.unit):
        return "other"
    own, theirs = senses(said), senses(stated)
    if same_value(said.value, stated.value):
        if own == theirs:
            return "same" if _print(said) == _print(stated) else "otherwise"
        return "otherwise" if own and own <= _ALSO.get(theirs, theirs) else "other"
    return "otherwise" if _rounded(said, stated, own, theirs) else "other"


def _measures_the_same(one: str, other: str) -> bool:
    """Whether two units stand for one another; 家次 is not 家, and 人(次) may be either."""
    return any(_one_measure(a, b) for a in _readings(one) for b in _readings(other))


def _readings(unit: str) -> tuple[str, ...]:
    return (unit.replace("(", "").replace(")", ""), unit.replace("(次)", "")) if "(" in unit else (unit,)


def _one_measure(one: str, other: str) -> bool:
    if not one or not other or same_measure(one, other):
        return True
    kinds = {unit_kind(one), unit_kind(other)}
    return len(kinds) == 2 and alike(*kinds) and one.endswith("次") == other.endswith("次")


def _print(figure: Figure) -> str:
    return re.sub(r"[^\d一-龥.%‰]", "", normal(figure.text)).replace("次", "")


def _rounded(said: Figure, stated: Figure, own: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether a draft rounds what a report gives exactly, in the direction that it says."""
    if theirs or not stated.value:
        return False
    off = (said.value - stated.value) / stated.value
    if own == {"about"}:
        return abs(off) <= ROUNDING
    if own and own <= {"over", "at least"}:
        return -FURTHEST <= off < 0
    if own == {"nearly"}:
        return 0 < off <= FURTHEST
    if own or not _SCALED.search(said.text):
        return False
    step = _step(said)
    return abs(said.value - stated.value) <= step / 2 and step < 0.1 * abs(stated.value)


def _step(figure: Figure) -> float:
    """The size of the last printed digit: 100 of 4.59万."""
    match = re.search(r"\d[\d,]*(?:\.(\d+))?", normal(figure.text))
    if match is None:
        return 0.0
    number = float(match.group().replace(",", ""))
    scale = abs(figure.value) / number if number else 0.0
    return float(scale * 10 ** -len(match[1] or ""))


def slip(said: Figure, stated: Figure) -> bool:
    """Whether one is the other with digits swapped, one digit changed, of another magnitude or of another sign."""
    one, other = _digits(said), _digits(stated)
    if not one or not other or said.value == stated.value:
        return False
    if one == other:
        return True
    if len(one) != len(other) or len(one) < 2:
        return False
    return sorted(one) == sorted(other) or sum(a != b for a, b in zip(one, other, strict=True)) == 1


def may_be_of_one_thing(said: Statement, stated: Statement) -> bool:
    """Whether two statements that differ can tell of one thing: figures of another unit do where they read the same."""
    one, other = said.figure, stated.figure
    if one is None or other is None or _digits(one) == _digits(other):
        return True
    kinds = {unit_kind(unit) for unit in (one.unit, other.unit) if unit}
    return len(kinds) < 2 or alike(*kinds)


def length(said: Statement) -> float:
    """0 to 1: how little chance there is that something else reads the same; more digits or characters, more."""
    return min(len(_digits(said.figure)) if said.figure else len(said.text) / 2, LONG) / LONG


def _digits(figure: Figure) -> str:
    return f"{abs(figure.value):.10g}".replace(".", "").strip("0").partition("e")[0]


def name_overlap(one: str, other: str) -> float:
    """0 to 1: the share of pairs of characters that two names have in common (Dice)."""
    first, second = _pairs(squeezed(one)), _pairs(squeezed(other))
    return 2 * len(first & second) / max(len(first) + len(second), 1)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(max(len(text) - 1, 1)))
