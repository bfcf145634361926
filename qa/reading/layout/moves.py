"""Move what was printed out of place, so that what belongs together stands together.

A piece of prose that continues a distant line moves there, with as much of what follows as reads on from it rather than
from what was printed before it. A section printed in the middle of another returns to its heading, on three signs
together: a heading without text; a line of prose with a phrase of it that is found almost nowhere else; and a tear
shortly before that line, where one sentence stops unfinished and the next line has no beginning.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from qa.reading.layout import evidence
from qa.reading.layout.characters import finished
from qa.reading.layout.joins import SURE, Join
from qa.reading.layout.records import Decision, Line

LONGEST_FLOW = 12  # pieces of prose that may move along
PHRASE = 4  # characters of a heading that the text has to contain
REACH = 4  # pieces of prose between the tear and the phrase
CANNOT_BEGIN = -1.0  # log odds that a line begins a paragraph, below which it has no beginning
_MARKS = re.compile(r"[\W_]+")

Reordered: TypeAlias = tuple[list[Line], list[Decision]]  # lines in their new order, and why


def move_distant_heads(found: Sequence[Line], joins: Sequence[Join]) -> Reordered | None:
    """Return the lines with every distant head after its tail, and why; None if nothing has to move."""
    follows = {j.tail: j.head for j in joins if not j.distant}
    following: dict[int, list[int]] = {}
    prose = [i for i, line in enumerate(found) if line.kind in ("prose", "heading", "table row")]
    moved: set[int] = set()
    decisions: list[Decision] = []
    for join in joins:
        flow = _flow(found, prose, join, follows) if join.distant else []
        if not flow or moved.intersection(flow):
            continue
        following[join.tail] = flow
        moved.update(flow)
        tail, first, last = found[join.tail], found[flow[0]], found[flow[-1]]
        reason = f"从“{first.ink[:8]}”起的文字接在“{tail.ink[-8:]}”之后"
        decisions.append(Decision("moved", (first.start, last.end), (tail.end, tail.end), 0.6, reason))
    if not moved:
        return None
    order: list[int] = []
    todo = [i for i in reversed(range(len(found))) if i not in moved]
    while todo:
        i = todo.pop()
        order.append(i)
        todo.extend(reversed(following.pop(i, [])))
    return _reordered(found, order), decisions


def _reordered(found: Sequence[Line], order: Sequence[int]) -> list[Line]:
    """Return the lines in the new order; prose whose previous neighbour was taken away is marked as torn."""
    return [
        replace(found[at], torn=True) if at > before + 1 and found[at].kind == "prose" else found[at]
        for before, at in pairwise([order[0], *order])
    ]


def _flow(found: Sequence[Line], prose: Sequence[int], join: Join, follows: dict[int, int]) -> list[int]:
    """Return the head of a distant join and the prose after it that reads on from it."""
    place = bisect_left(prose, join.head)
    before = found[prose[place - 1]]
    flow = [join.head]
    for i in prose[place + 1 : place + LONGEST_FLOW]:
        if follows.get(flow[-1]) != i:
            if {before.kind, found[i].kind} != {"prose"}:
                break
            if evidence.match(found[flow[-1]].ink, found[i].ink) <= evidence.match(before.ink, found[i].ink):
                break
        flow.append(i)
    return flow


def return_torn_sections(found: Sequence[Line], joins: Sequence[Join]) -> Reordered | None:
    """Return the lines in a better order and why, None if nothing is torn; ``found`` has its final kinds."""
    strength = {j.tail: j.weight for j in joins}
    prose = [i for i, line in enumerate(found) if line.kind == "prose" and not line.fixed]
    reason = "这个小标题下没有正文；这段文字前面的句子未完、自己没有开头，且含有标题里独有的词，归到标题下"
    for heading in _orphans(found):
        for match in _lines_with_phrase(found, prose, found[heading].ink):
            if (tear := _tear(found, prose, match, strength)) is not None:
                moved = [i for i in prose if tear <= i <= match]
                rest = sorted(set(range(len(found))).difference(moved))
                at = rest.index(heading) + 1
                places = (found[heading].start, found[heading].end), (found[tear].start, found[match].end)
                order = (*rest[:at], *moved, *rest[at:])
                return _reordered(found, order), [Decision("moved", *places, 0.55, reason)]
    return None


def _orphans(found: Sequence[Line]) -> list[int]:
    """Return the headings without a number that no prose follows."""
    bearers = ("prose", "heading", "table row")
    result = []
    for i, line in enumerate(found):
        if line.kind == "heading" and not line.order and not line.fixed:
            below = next((k for k in range(i + 1, len(found)) if found[k].kind in bearers), None)
            if below is None or (found[below].kind == "heading" and below > i + 1):
                result.append(i)
    return result


def _lines_with_phrase(found: Sequence[Line], prose: Sequence[int], heading: str) -> list[int]:
    """Return the lines with a phrase of the heading that at most two lines contain, last line first."""
    parts = [part for part in _MARKS.split(heading) if len(part) >= PHRASE]
    phrases = {part[k : k + PHRASE] for part in parts for k in range(len(part) - PHRASE + 1)}
    holders = {phrase: [i for i in prose if phrase in _MARKS.sub("", found[i].ink)] for phrase in phrases}
    return sorted({i for lines in holders.values() if len(lines) <= 2 for i in lines}, reverse=True)


def _tear(found: Sequence[Line], prose: Sequence[int], match: int, strength: dict[int, float]) -> int | None:
    """Return the nearest line up to the match that has no beginning and follows an unfinished one."""
    place = prose.index(match)
    for k in range(place, max(0, place - REACH), -1):
        before, line = found[prose[k - 1]], found[prose[k]]
        if finished(before.ink) or strength.get(prose[k - 1], 0.0) >= SURE:
            continue
        if evidence.edges([line.ink])[0][0] < CANNOT_BEGIN:
            return prose[k]
    return None
