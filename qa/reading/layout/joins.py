"""Which pieces of prose go on where: one assignment of unfinished tails to heads.

The weight of an edge is the evidence that both belong together, and a prior that prefers the neighbour. An edge at
or below zero is never taken, and a tail or head whose best partner is taken by a better pair stays alone: a wrong
join invents a quotation, a fragment only looks odd.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.reading.layout.assignment import assign
from qa.reading.layout.characters import finished
from qa.reading.layout.characters import tail as last_character
from qa.reading.layout.evidence import NO_BEGINNING, Evidence
from qa.reading.layout.records import Decision, Line

PASSES = 3
REACH = 24  # pieces of prose that a join may jump over, each way
SURE = 7.0  # weight beyond which a neighbour needs no rivals
LEAST_DISTANT = 0.5  # weight that a join over other prose needs
MARGIN, CLOSE = (
    1.0,
    0.7,
)  # by which it, or a join of neighbours, must beat every other free head of the same tail
TORN = 1.5  # for neighbours between which something was taken away
OPEN = 2.6  # prior of a tail that looks unfinished
FORWARD, BACKWARD = 3.4, 5.0  # priors against a join over other prose, and against one to an earlier place
BEGINS = 1.0  # log of the odds that a line begins something, beyond which it is nobody's distant head
MOST_LOOSE = 3000  # pieces without a sure neighbour; with more, only neighbours are joined
SHORT_TAIL, SHORT_HEAD = (
    -2.0,
    -4.0,
)  # priors of a short line as a piece of a sentence; a prose tail brings 3 of its own
MOST_SKIPPED = 12  # short lines between the halves of a sentence
SKIPPED = 0.4  # for each short line that a join jumps over
HOLE, SHORT = 2.5, 40  # for a line of at most so many characters below a hole that a picture left


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


def join_lines(found: Sequence[Line], evidence: Evidence) -> list[Join]:
    """Joins between lines that are prose or could be, in order of their tails.

    A short line that turns out to go on from another is a piece of a sentence, so its own tail is looked at again.
    """
    lines = list(found)
    for _ in range(PASSES):
        joins = _joins(lines, evidence)
        pieces = [j.head for j in joins if lines[j.head].kind == "bare"]
        if not pieces:
            break
        for piece in pieces:
            lines[piece] = replace(lines[piece], kind="prose")
    return joins


def _joins(found: Sequence[Line], evidence: Evidence) -> list[Join]:
    movable = [i for i, line in enumerate(found) if not line.fixed and line.kind in ("prose", "bare")]
    if len(movable) < 2:
        return []
    habits = _habits([found[i] for i in movable])
    near = _neighbours(found, movable, habits)
    table = {(p.tail, p.head): (w, False) for p, w in zip(near, _weigh(found, near, evidence), strict=True)}
    settled = {p.tail: p.head for p in near if table[p.tail, p.head][0] >= SURE and not _contested(found, p)}
    held = set(settled.values())
    far = _distant(found, movable, habits, settled, evidence)
    for pair, weight in zip(far, _weigh(found, far, evidence), strict=True):
        if weight > table.get((pair.tail, pair.head), (0.0, False))[0]:
            table[pair.tail, pair.head] = (weight, True)
    edges = {
        edge: weight
        for edge, (weight, distant) in table.items()
        if edge[0] not in settled and edge[1] not in held and weight > (LEAST_DISTANT if distant else 0.0)
    }
    chosen = assign(edges)
    held |= set(chosen.values())
    rivals = _by_tail(table)
    settled |= {t: h for t, h in chosen.items() if _clear(rivals[t], h, held)}
    return [Join(t, h, *table[t, h]) for t, h in sorted(_without_rings(settled).items())]


_Heads = dict[int, tuple[float, bool]]  # head → weight, distant


def _by_tail(table: dict[tuple[int, int], tuple[float, bool]]) -> dict[int, _Heads]:
    grouped: defaultdict[int, _Heads] = defaultdict(dict)
    for (tail, head), weighed in table.items():
        grouped[tail][head] = weighed
    return grouped


def _clear(heads: _Heads, head: int, held: set[int]) -> bool:
    """Whether a join stands out among the heads that are still free; for a neighbour only distant ones are rivals."""
    weight, distant = heads[head]
    rivals = (w for h, (w, far) in heads.items() if h != head and h not in held and (far or distant))
    return weight - max(rivals, default=-math.inf) >= (MARGIN if distant else CLOSE)


def _without_rings(pairs: dict[int, int]) -> dict[int, int]:
    """Drop the backward join of a ring, should there be one."""
    kept = dict(pairs)
    for tail, head in sorted(pairs.items()):
        if head > tail:
            continue
        at: int | None = head
        while at is not None and at != tail:
            at = kept.get(at)
        if at == tail:
            del kept[tail]
    return kept


def _habits(found: Sequence[Line]) -> dict[str, float]:
    """For each last character of an unfinished line, how usual it is as the last of a paragraph in this report."""
    prose = [line for line in found if line.kind == "prose"] or list(found)
    ends = Counter(line.ink[-1] for line in prose if not finished(line.ink))
    return {end: (count - 1) / len(prose) for end, count in ends.items()}


def _openness(line: Line, habits: dict[str, float]) -> float:
    """Prior for a piece whose tail looks unfinished; much below zero where it looks finished."""
    if finished(line.ink):
        return -6.0 if last_character(line.ink) not in "…" else -4.0
    usual = habits.get(line.ink[-1], 0.0)
    if line.ink[-1] in "：:；;" and usual > 0.05:
        return -4.0
    if line.ink[-1] in "；;":
        return OPEN + 1.0
    return OPEN if usual < 0.15 else 0.0


def _neighbours(found: Sequence[Line], movable: Sequence[int], habits: dict[str, float]) -> list[_Pair]:
    """Each piece with the next, and with the one behind the short lines that follow it."""
    holes = usual_gap(found) + 2
    indents = _indents(found)
    pairs: list[_Pair] = []
    for place, i in enumerate(movable):
        prior = _openness(found[i], habits)
        if found[i].kind == "bare":
            prior = SHORT_TAIL - (HOLE if found[i].gap >= holes else 0.0)
        last = i
        most = MOST_SKIPPED if found[i].kind == "prose" else 1
        for j in movable[place + 1 : place + 2 + most]:
            prior -= 3.0 * min(sum(found[k].kind == "heading" for k in range(last + 1, j)), 2)
            last = j
            if finished(found[i].ink) and found[j].ink[0] not in NO_BEGINNING:
                break  # the next sentence or the next paragraph: nothing tells, and nothing needs to be joined
            here = prior + indents.get(j, 0.0)
            if found[j].gap >= holes and len(found[j].ink) <= SHORT:
                here -= HOLE
            if found[j].torn:
                here += TORN
            if found[j].kind == "prose":
                pairs.append(_Pair(i, j, here, False))
                break
            pairs.append(_Pair(i, j, here + SHORT_HEAD, False))
            prior -= SKIPPED
    return pairs


def _indents(found: Sequence[Line]) -> dict[int, float]:
    """Where paragraphs are indented, an indent speaks against going on from another line, its lack for it."""
    prose = [line for line in found if line.kind == "prose"]
    if 4 * sum(line.indent >= 2 for line in prose) < len(prose) or len(prose) < 3:
        return {}
    return {i: -6.0 if line.indent >= 2 else 2.0 for i, line in enumerate(found)}


def usual_gap(found: Sequence[Line]) -> int:
    """Blank lines that usually stand between two lines: the median."""
    gaps = sorted(line.gap for line in found[1:])
    return gaps[len(gaps) // 2] if gaps else 0


def _contested(found: Sequence[Line], pair: _Pair) -> bool:
    """Whether something short stands between, which could be the true neighbour."""
    return any(found[k].kind in ("bare", "heading") for k in range(pair.tail + 1, pair.head))


def _distant(
    found: Sequence[Line],
    movable: Sequence[int],
    habits: dict[str, float],
    settled: dict[int, int],
    evidence: Evidence,
) -> list[_Pair]:
    """Every unfinished piece that has no sure neighbour yet with every free head within reach."""
    short = [i for i in movable if found[i].kind == "bare" and i not in settled]
    torn = set(evidence.torn(found, short)) if len(short) <= MOST_LOOSE else set()
    prose = [i for i in movable if found[i].kind == "prose" or i in torn]
    held = set(settled.values())
    loose = [
        (place, i)
        for place, i in enumerate(prose)
        if i not in settled and (i in torn or _openness(found[i], habits) >= 0)
    ]
    if len(loose) > MOST_LOOSE:
        return []
    near = sorted({other for place, _ in loose for other in range(place - REACH, place + REACH + 1)})
    near = [
        k for k in near if 0 <= k < len(prose) and found[prose[k]].kind == "prose" and prose[k] not in held
    ]
    begins = evidence.beginnings([found[prose[k]] for k in near])
    free = {k for k, begin in zip(near, begins, strict=True) if begin < BEGINS}
    pairs: list[_Pair] = []
    for place, i in loose:
        base = SHORT_TAIL if found[i].kind == "bare" else _openness(found[i], habits)
        for other in range(max(0, place - REACH), min(len(prose), place + REACH + 1)):
            jumped = other - place - 1
            if other in free and jumped > 0:
                pairs.append(_Pair(i, prose[other], base - FORWARD - 0.1 * jumped, True))
            elif other in free and other < place:
                pairs.append(_Pair(i, prose[other], base - BACKWARD - 0.1 * (place - other), True))
    return pairs


def _weigh(found: Sequence[Line], pairs: Sequence[_Pair], evidence: Evidence) -> list[float]:
    weights = evidence.weigh(found, [(p.tail, p.head) for p in pairs])
    return [pair.prior + weight for pair, weight in zip(pairs, weights, strict=True)]


def explain(found: Sequence[Line], joins: Sequence[Join]) -> list[Decision]:
    """One decision a join."""
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
