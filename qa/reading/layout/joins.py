"""Which pieces of prose go on where: one assignment of unfinished tails to heads.

The weight of an edge is a logarithm of odds: what the language model says (the tail cannot end, the head cannot
begin, both fit), brackets that one leaves open and the other closes, shared words, and a prior that prefers the
neighbour. An edge at or below zero is never taken, and a tail or head whose best partner is taken by a better pair
stays alone: a wrong join invents a quotation, a fragment only looks odd.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.reading.layout import ngrams
from qa.reading.layout.assignment import assign
from qa.reading.layout.characters import balance, finished, tail
from qa.reading.layout.records import Decision, Line

__all__ = ["Join", "explain", "join_lines", "usual_gap"]

PASSES = 3
REACH = 24  # pieces of prose that a join may jump over, each way
SURE = 9.0  # weight beyond which a neighbour needs no rivals
LEAST_DISTANT = 3.0  # weight that a join over other prose needs
TOPIC = 160  # characters of each side that shared words are counted in


@dataclass(frozen=True, slots=True)
class Join:
    """Line ``head`` goes on where line ``tail`` stops; both are positions in the list that was given."""

    tail: int
    head: int
    weight: float
    distant: bool


@dataclass(slots=True)
class _Pair:
    tail: int
    head: int
    prior: float
    distant: bool


def join_lines(found: Sequence[Line]) -> list[Join]:
    """Joins between lines that are prose or could be, in order of their tails.

    A short line that turns out to go on from another is a piece of a sentence, so its own tail is looked at again.
    """
    lines = list(found)
    for _ in range(PASSES):
        joins = _joins(lines)
        pieces = [j.head for j in joins if lines[j.head].kind == "bare"]
        if not pieces:
            break
        for piece in pieces:
            lines[piece] = replace(lines[piece], kind="prose")
    return joins


def _joins(found: Sequence[Line]) -> list[Join]:
    movable = [i for i, line in enumerate(found) if not line.fixed and line.kind in ("prose", "bare")]
    if len(movable) < 2:
        return []
    habits = _habits([found[i] for i in movable])
    near = _neighbours(found, movable, habits)
    weights = _weigh(found, near, {})
    settled = {
        p.tail: p.head for p, w in zip(near, weights, strict=True) if w >= SURE and not _contested(found, p)
    }
    held = set(settled.values())
    rest = [p for p in near if p.tail not in settled and p.head not in held]
    far = [p for p in _distant(found, movable, habits) if p.tail not in settled and p.head not in held]
    topics = _cohesion(found, rest + far)
    table = {(p.tail, p.head): (w, p.distant)
             for p, w in zip(near, weights, strict=True) if settled.get(p.tail) == p.head}  # fmt: skip
    edges: dict[tuple[int, int], float] = {}
    for pair, weight in zip(rest + far, _weigh(found, rest + far, topics), strict=True):
        key = (pair.tail, pair.head)
        if (
            weight > (LEAST_DISTANT if pair.distant else 0.0)
            and weight > table.get(key, (-math.inf, False))[0]
        ):
            table[key] = (weight, pair.distant)
            edges[key] = weight
    settled.update(assign(edges))
    return [Join(t, h, *table[t, h]) for t, h in sorted(_without_rings(settled).items())]


def _without_rings(pairs: dict[int, int]) -> dict[int, int]:
    """Drop the backward join of a ring, should there be one."""
    kept = dict(pairs)
    for start in sorted(pairs):
        at, seen = start, {start}
        while (following := kept.get(at)) is not None:
            if following in seen:
                del kept[at]
                break
            seen.add(following)
            at = following
    return kept


def _habits(found: Sequence[Line]) -> dict[str, float]:
    """For each last character of an unfinished line, how usual it is as the last of a paragraph in this report."""
    prose = [line for line in found if line.kind == "prose"] or list(found)
    ends = Counter(line.ink[-1] for line in prose if not finished(line.ink))
    return {end: (count - 1) / len(prose) for end, count in ends.items()}


def _openness(line: Line, habits: dict[str, float]) -> float:
    """Prior for a piece whose tail looks unfinished; much below zero where it looks finished."""
    if finished(line.ink):
        return -6.0 if tail(line.ink) not in "…" else -4.0
    usual = habits.get(line.ink[-1], 0.0)
    if line.ink[-1] in "：:；;" and usual > 0.05:
        return -4.0
    return 3.0 if usual < 0.15 else 0.0


def _neighbours(found: Sequence[Line], movable: Sequence[int], habits: dict[str, float]) -> list[_Pair]:
    """Each piece with the next, and with the one behind the short lines that follow it."""
    bare = _bareness(found, movable)
    indents = _indents(found)
    pairs: list[_Pair] = []
    for place, i in enumerate(movable):
        prior = _openness(found[i], habits) if found[i].kind == "prose" else -5.0 - bare[i]
        last = i
        for j in movable[place + 1 : place + 14]:
            prior -= 3.0 * min(sum(found[k].kind == "heading" for k in range(last + 1, j)), 2)
            last = j
            if found[j].kind == "prose":
                pairs.append(_Pair(i, j, prior + indents.get(j, 0.0), False))
                break
            pairs.append(_Pair(i, j, prior - 2.0 - bare[j] + indents.get(j, 0.0), False))
            prior -= 0.4 + max(0.0, -bare[j])
    return pairs


def _indents(found: Sequence[Line]) -> dict[int, float]:
    """Where paragraphs are indented, an indent speaks against going on from another line, its lack for it."""
    prose = [line for line in found if line.kind == "prose"]
    if 4 * sum(line.indent >= 2 for line in prose) < len(prose) or len(prose) < 3:
        return {}
    return {i: -6.0 if line.indent >= 2 else 2.0 for i, line in enumerate(found)}


def _bareness(found: Sequence[Line], movable: Sequence[int]) -> dict[int, float]:
    """For short lines without an end, roughly the logarithm of odds that they are no piece of a sentence."""
    import numpy as np

    short = [i for i in movable if found[i].kind == "bare"]
    inks = [found[i].ink for i in short]
    seams = ngrams.load().seams(inks, inks)
    ends = np.clip((seams.ending + 7.0) / 1.5, -2.0, 2.5)
    starts = np.clip(0.7 * seams.beginning, -1.4, 1.4)
    usual = usual_gap(found)
    result: dict[int, float] = {}
    for number, i in enumerate(short):
        size, commas = len(found[i].ink), sum(found[i].ink.count(c) for c in "，,")
        score = (
            4.0 if size <= 12 else 3.0 if size <= 20 else 2.0 if size <= 30 else 0.0 if size <= 46 else -1.5
        )
        score -= 1.5 * max(0, commas - 1) + 0.5 * (commas > 0)
        score += 2.5 * (found[i].gap >= usual + 2) + 1.0 * (found[i].gap > 0)
        result[i] = score + float(ends[number] + starts[number])
    return result


def usual_gap(found: Sequence[Line]) -> int:
    """Blank lines that usually stand between two lines: the median."""
    gaps = sorted(line.gap for line in found[1:])
    return gaps[len(gaps) // 2] if gaps else 0


def _contested(found: Sequence[Line], pair: _Pair) -> bool:
    """Whether something short stands between, which could be the true neighbour."""
    return any(found[k].kind in ("bare", "heading") for k in range(pair.tail + 1, pair.head))


def _distant(found: Sequence[Line], movable: Sequence[int], habits: dict[str, float]) -> list[_Pair]:
    """Every unfinished piece of prose with every other piece of prose within reach."""
    prose = [i for i in movable if found[i].kind == "prose"]
    pairs: list[_Pair] = []
    for place, i in enumerate(prose):
        base = _openness(found[i], habits)
        if base < 0:
            continue
        for other in range(max(0, place - REACH), min(len(prose), place + REACH + 1)):
            j = prose[other]
            jumped = other - place - 1
            if jumped > 0:
                pairs.append(_Pair(i, j, base - 4.0 - 0.1 * jumped, True))
            elif other < place:
                pairs.append(_Pair(i, j, base - 5.5 - 0.1 * (place - other), True))
    return pairs


def _weigh(
    found: Sequence[Line], pairs: Sequence[_Pair], topics: dict[tuple[int, int], float]
) -> list[float]:
    import numpy as np

    seams = ngrams.load().seams([found[p.tail].ink for p in pairs], [found[p.head].ink for p in pairs])
    model = seams.fit - np.clip(seams.beginning, -3.0, 3.0) + np.clip(-seams.ending, 0.0, 8.0)
    brackets = _brackets(found, pairs)
    return [float(m) + b + p.prior + topics.get((p.tail, p.head), 0.0)
            for m, b, p in zip(model, brackets, pairs, strict=True)]  # fmt: skip


def _brackets(found: Sequence[Line], pairs: Sequence[_Pair]) -> list[float]:
    """Evidence of brackets and quotation marks that one side leaves open and the other closes."""
    left = {i: balance(found[i].ink[-400:])[1] for i in {p.tail for p in pairs}}
    right = {i: balance(found[i].ink[:400])[0] for i in {p.head for p in pairs}}
    result = []
    for pair in pairs:
        opened, closed = left[pair.tail][-1:], right[pair.head][:1]
        result.append(0.0 if not opened and not closed else 3.0 if opened == closed else -3.0)
    return result


def _cohesion(found: Sequence[Line], pairs: Sequence[_Pair]) -> dict[tuple[int, int], float]:
    """0 to about 3 for shared pairs of characters, rare ones more, around the two places."""
    if not any(p.distant for p in pairs):
        return {}
    rivals = {p.tail for p in pairs if p.distant} | {p.head for p in pairs if p.distant}
    grams: dict[tuple[int, bool], set[str]] = {}
    for pair in pairs:
        for at, is_tail in ((pair.tail, True), (pair.head, False)):
            if (at, is_tail) not in grams:
                ink = found[at].ink
                part = ink[-TOPIC:] if is_tail else ink[:TOPIC]
                grams[at, is_tail] = {part[k : k + 2] for k in range(len(part) - 1)}
    spread = Counter(
        gram for line in found for gram in {line.ink[k : k + 2] for k in range(len(line.ink) - 1)}
    )
    total = len(found) + 1
    result: dict[tuple[int, int], float] = {}
    for pair in pairs:
        if pair.tail not in rivals and pair.head not in rivals:
            continue
        left, right = grams[pair.tail, True], grams[pair.head, False]
        shared = sum(math.log(total / spread[g]) for g in left & right)
        possible = math.sqrt(
            sum(math.log(total / spread[g]) for g in left) * sum(math.log(total / spread[g]) for g in right)
        )
        result[pair.tail, pair.head] = 12.0 * shared / possible if possible else 0.0
    return result


def explain(found: Sequence[Line], joins: Sequence[Join]) -> list[Decision]:
    """One decision a join, and one for every piece that stays a fragment."""
    decisions = []
    for join in joins:
        first, second = found[join.tail], found[join.head]
        where = "隔着别的内容" if join.distant else "紧接着"
        reason = f"“{first.ink[-8:]}”句子未完，{where}的“{second.ink[:8]}”没有开头，两处读来连贯"
        confidence = round(1 / (1 + math.exp(-join.weight / 3)), 2)
        decisions.append(
            Decision("join", (first.end, first.end), (second.start, second.start), confidence, reason)
        )
    return decisions
