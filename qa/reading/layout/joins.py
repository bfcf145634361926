"""Decide which pieces of prose continue where: one assignment of unfinished tails to heads.

The weight of an edge is the evidence that both belong together plus a prior that prefers the neighbour. Edges at or
below zero are never taken, and a tail or head whose best partner goes to a better pair stays alone: a wrong join
invents a quotation, a fragment only looks odd.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_high

import numpy as np

from qa.reading.layout import evidence
from qa.reading.layout.characters import CLOSERS, finished
from qa.reading.layout.evidence import NO_BEGINNING
from qa.reading.layout.lines import is_numbered
from qa.reading.layout.records import Chain, Decision, Line

PASSES = 3
REACH = 24  # pieces of prose that a join may jump over
SURE = 7.0  # weight beyond which a neighbour needs no rivals
LEAST_DISTANT = 0.5  # weight that a join over other prose needs
# By how much a distant join, or a join of neighbours, must beat every other free head of the same tail.
MARGIN, CLOSE = 1.0, 0.7
TORN = 1.5  # for neighbours between which something was taken away
OPEN = 2.6  # prior of a tail that looks unfinished
FORWARD = 3.4  # prior against a join over other prose
BEGINS = 1.0  # log odds that a line begins something, above which it cannot be a distant head
MOST_LOOSE = 3000  # pieces without a sure neighbour; with more, only neighbours are joined
# Priors of a short line as a piece of a sentence; a prose tail brings 3 of its own.
SHORT_TAIL, SHORT_HEAD = -2.0, -4.0
MOST_SKIPPED = 12  # short lines between the halves of a sentence
SKIPPED = 0.4  # for each short line that a join jumps over
ALONE = 0.7  # prior against a short line that continues below a blank line
INDENTED = 4.0  # the same where that line begins indented, as a paragraph below its heading does


HOLE, SHORT = 2.5, 40  # for a line of at most so many characters below a hole that a picture left


@dataclass(frozen=True, slots=True)
class Join:
    """Line ``head`` continues line ``tail``, by position; ``weight`` is the prior until the evidence is added."""

    tail: int
    head: int
    weight: float
    distant: bool


def join_lines(found: Sequence[Line]) -> list[Join]:
    """Return the joins between lines that are prose or could be, in order of their tails.

    A short line that continues another is a piece of a sentence, so its own tail is examined again.
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
    loose = ((i, line) for i, line in enumerate(found) if not (line.fixed or line.title))
    movable = [i for i, line in loose if line.kind in ("prose", "bare")]
    if len(movable) < 2:
        return []
    priors = _priors(found, movable)
    near = _weighed(found, _neighbours(found, priors))
    table = {(join.tail, join.head): join for join in near}
    # A short line between the two could be the true neighbour.
    short = {i for i, line in enumerate(found) if line.kind in ("bare", "heading")}
    sure = (join for join in near if join.weight >= SURE)
    settled = {j.tail: j.head for j in sure if short.isdisjoint(range(j.tail + 1, j.head))}
    taken = set(settled.values())
    for join in _weighed(found, _distant(found, priors, settled)):
        known = table.get((join.tail, join.head))
        if join.weight > (known.weight if known else 0.0):
            table[join.tail, join.head] = join
    free = [join for join in table.values() if join.tail not in settled and join.head not in taken]
    possible = (join for join in free if join.weight > (LEAST_DISTANT if join.distant else 0.0))
    chosen = assign({(join.tail, join.head): join.weight for join in possible})
    taken |= set(chosen.values())
    by_tail: defaultdict[int, list[Join]] = defaultdict(list)
    for join in table.values():
        by_tail[join.tail].append(join)
    settled |= {t: h for t, h in chosen.items() if _stands_out(table[t, h], by_tail[t], taken)}
    return [table[edge] for edge in sorted(settled.items())]


def _stands_out(join: Join, of_tail: Sequence[Join], taken: set[int]) -> bool:
    """Whether a join clearly beats those to heads still free; the rivals of a neighbour are the distant ones."""
    free = (other for other in of_tail if other.head != join.head and other.head not in taken)
    rivals = (other.weight for other in free if other.distant or join.distant)
    return join.weight - max(rivals, default=-math.inf) >= (MARGIN if join.distant else CLOSE)


def _priors(found: Sequence[Line], movable: Sequence[int]) -> dict[int, float]:
    """Return the prior of each tail: positive if it looks unfinished, far below zero if finished."""
    lines = [found[i] for i in movable]
    prose = [line for line in lines if line.kind == "prose"] or lines
    ends = Counter(line.ink[-1] for line in prose if not finished(line.ink))
    # How usual the last character of an unfinished line is at the end of a paragraph here.
    usual_ends = {end: (count - 1) / len(prose) for end, count in ends.items()}
    return {i: _prior(found[i], usual_ends) for i in movable}


def _prior(line: Line, usual_ends: dict[str, float]) -> float:
    if line.kind == "bare":
        return SHORT_TAIL
    if finished(line.ink):
        return -4.0 if line.ink.rstrip(CLOSERS)[-1] == "…" else -6.0
    end = line.ink[-1]
    usual = usual_ends.get(end, 0.0)
    if end in "：:；;" and usual > 0.05:
        return -4.0
    return OPEN + 1.0 if end in "；;" else OPEN if usual < 0.15 else 0.0


def _neighbours(found: Sequence[Line], priors: dict[int, float]) -> list[Join]:
    """Pair each piece with the next, and with the one after the short lines that follow it."""
    holes, movable = usual_gap(found) + 2, list(priors)
    pairs: list[Join] = []
    for place, i in enumerate(movable):
        prior = priors[i] - (HOLE if found[i].kind == "bare" and found[i].gap >= holes else 0.0)
        last = i
        most = MOST_SKIPPED if found[i].kind == "prose" else 1
        for j in movable[place + 1 : place + 2 + most]:
            prior -= 3.0 * min(sum(found[k].kind == "heading" for k in range(last + 1, j)), 2)
            last = j
            if finished(found[i].ink) and found[j].ink[0] not in NO_BEGINNING:
                break  # the next sentence or paragraph: undecidable, and no join is needed
            here = prior
            if found[j].gap >= holes and len(found[j].ink) <= SHORT:
                here -= HOLE
            if found[j].torn:
                here += TORN
            if found[i].kind == "bare" and found[j].gap:
                here -= ALONE + (INDENTED if found[j].indent > found[i].indent + 1 else 0.0)
            if found[j].kind == "prose":
                pairs.append(Join(i, j, here, False))
                break
            pairs.append(Join(i, j, here + SHORT_HEAD, False))
            prior -= SKIPPED
    return pairs


def usual_gap(found: Sequence[Line]) -> int:
    """Return the median number of blank lines between two lines."""
    return median_high(line.gap for line in found[1:]) if len(found) > 1 else 0


def _distant(found: Sequence[Line], priors: dict[int, float], settled: dict[int, int]) -> list[Join]:
    """Pair every unfinished piece without a sure neighbour with every free head within reach."""
    short = [i for i in priors if found[i].kind == "bare" and i not in settled]
    torn = set(evidence.torn(found, short)) if len(short) <= MOST_LOOSE else set()
    prose = [i for i in priors if found[i].kind == "prose" or i in torn]
    taken = set(settled.values())
    unsettled = ((place, i) for place, i in enumerate(prose) if i not in settled)
    loose = [(place, i) for place, i in unsettled if i in torn or priors[i] >= 0]
    if len(loose) > MOST_LOOSE:
        return []
    around = {place: range(place + 2, min(len(prose), place + REACH + 1)) for place, _ in loose}
    reached = {k for places in around.values() for k in places}
    near = [k for k in sorted(reached) if found[prose[k]].kind == "prose" and prose[k] not in taken]
    begins = evidence.edges([found[prose[k]].ink for k in near])[0]
    free = {k for k, begin in zip(near, begins, strict=True) if begin < BEGINS}
    pairs: list[Join] = []
    for place, i in loose:
        for other in around[place]:
            ahead = other - place
            if other in free and ahead > 1:
                far = FORWARD + 0.1 * (ahead - 1)
                pairs.append(Join(i, prose[other], priors[i] - far, True))
    return pairs


def _weighed(found: Sequence[Line], joins: Sequence[Join]) -> list[Join]:
    """Return the joins with the evidence added to their priors; a list that a colon announces continues no line."""
    joins = [j for j in joins if not (found[j.tail].ink[-1] in "：:" and is_numbered(found[j.head].ink))]
    weights = evidence.weigh(found, [(join.tail, join.head) for join in joins])
    return [Join(j.tail, j.head, j.weight + w, j.distant) for j, w in zip(joins, weights, strict=True)]


def explain(found: Sequence[Line], joins: Sequence[Join]) -> list[Decision]:
    """Return one decision for each join."""
    decisions = []
    for join in joins:
        first, second = found[join.tail], found[join.head]
        reason = f"“{first.ink[-8:]}”句子未完，紧接着的“{second.ink[:8]}”没有开头，两处读来连贯"
        sure = round(1 / (1 + math.exp(-join.weight / 3)), 2)
        at, to = (first.end, first.end), (second.start, second.start)
        decisions.append(Decision("join", at, to, sure, reason))
    return decisions


def chain_of(first: int, follows: dict[int, int]) -> Chain:
    """Return a line with those that continue it; ``follows`` is tail → head."""
    chain = [first]
    while (following := follows.get(chain[-1])) is not None:
        chain.append(following)
    return tuple(chain)


def assign(weights: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Return tail → head with the largest sum of weights, each used at most once; none at or below zero is taken."""
    edges = {edge: weight for edge, weight in weights.items() if weight > 0}
    if not edges:
        return {}
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # type: ignore[import-untyped]

    tails, rows = np.unique([tail for tail, _ in edges], return_inverse=True)
    heads, columns = np.unique([head for _, head in edges], return_inverse=True)
    alone = np.arange(len(tails))  # a column for each tail that takes no head; entries of 0 would be none
    places = np.concatenate([rows, alone]), np.concatenate([columns, len(heads) + alone])
    table = csr_matrix((1.0 + np.array([*edges.values(), *[0.0] * len(tails)]), places))
    chosen = min_weight_full_bipartite_matching(table, maximize=True)[1]
    pairs = zip(tails.tolist(), chosen.tolist(), strict=True)
    return {tail: int(heads[column]) for tail, column in pairs if column < len(heads)}
