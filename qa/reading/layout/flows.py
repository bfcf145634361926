"""Lines in a better order than they were printed in, so that what belongs together stands together.

Two things are put back. A piece of prose that goes on from a line far away moves there, with as much of what follows
as reads on from it rather than from what it was printed behind. And a section that was printed in the middle of
another returns to its heading, if three signs come together: a heading without any text under it; a line of prose
with a phrase of this heading that stands nowhere else; and a tear shortly before that line, where one sentence stops
unfinished and the next line has no beginning.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from qa.reading.layout.characters import finished
from qa.reading.layout.evidence import Evidence
from qa.reading.layout.joins import SURE, Join
from qa.reading.layout.records import Decision, Line

LONGEST_FLOW = 12  # pieces of prose that may move along
PHRASE = 4  # characters of a heading that have to stand in the text
REACH = 4  # pieces of prose between the tear and the phrase
CANNOT_BEGIN = -1.0  # log of the odds that a line begins a paragraph, below which it has no beginning
_MARKS = re.compile(r"[\W_]+")


def pull(
    found: Sequence[Line], joins: Sequence[Join], evidence: Evidence
) -> tuple[list[Line], list[Decision]] | None:
    """Lines with every distant head behind its tail, and why; None where all joins are between neighbours."""
    follows = {j.tail: j.head for j in joins if not j.distant}
    behind: dict[int, list[int]] = {}
    prose = [i for i, line in enumerate(found) if line.kind in ("prose", "heading", "table row")]
    moved: set[int] = set()
    decisions: list[Decision] = []
    for join in joins:
        flow = _flow(found, prose, join, follows, evidence) if join.distant and join.head not in moved else []
        if not flow or join.tail in flow or moved.intersection(flow):
            continue
        behind[join.tail] = flow
        moved.update(flow)
        start, end = found[flow[0]].start, found[flow[-1]].end
        decisions.append(Decision(
            "moved", (start, end), (found[join.tail].end, found[join.tail].end), 0.6,
            f"从“{found[flow[0]].ink[:8]}”起的文字接在“{found[join.tail].ink[-8:]}”之后",
        ))  # fmt: skip
    if not moved:
        return None
    order: list[int] = []
    todo = [i for i in range(len(found) - 1, -1, -1) if i not in moved]
    while todo:
        i = todo.pop()
        order.append(i)
        todo.extend(reversed(behind.pop(i, [])))
    if len(order) < len(found):  # two flows that each wait for the other
        return None
    return _healed(found, order), decisions


def _healed(found: Sequence[Line], order: Sequence[int]) -> list[Line]:
    """Lines in the new order; prose that met a new neighbour because something between was taken away is marked."""
    result = [found[i] for i in order]
    for place, (before, at) in enumerate(pairwise(order), start=1):
        if at > before + 1 and found[at].kind == "prose":
            result[place] = replace(found[at], torn=True)
    return result


def _flow(
    found: Sequence[Line], prose: Sequence[int], join: Join, follows: dict[int, int], evidence: Evidence
) -> list[int]:
    """The head of a distant join and the prose behind it that reads on from it."""
    place = bisect_left(prose, join.head)
    behind = found[prose[place - 1]] if place else None
    before = behind if behind and behind.kind == "prose" else None
    flow = [join.head]
    for i in prose[place + 1 : place + LONGEST_FLOW]:
        if follows.get(flow[-1]) == i:
            flow.append(i)
            continue
        if found[i].kind != "prose" or i == join.tail or before is None:
            break
        if evidence.match(found[flow[-1]], found[i]) <= evidence.match(before, found[i]):
            break
        flow.append(i)
    return flow


def put_back(
    found: Sequence[Line], joins: Sequence[Join], evidence: Evidence
) -> tuple[list[Line], list[Decision]] | None:
    """Lines in a better order and the reason, or None where nothing is torn; ``found`` has its final kinds."""
    strength = {j.tail: j.weight for j in joins}
    prose = [i for i, line in enumerate(found) if line.kind == "prose" and not line.fixed]
    for heading in _orphans(found):
        for match in _holding(found, prose, found[heading].ink):
            tear = _tear(found, prose, match, strength, evidence)
            if tear is None:
                continue
            moved = [i for i in prose if tear <= i <= match]
            taken = set(moved)
            rest = [i for i in range(len(found)) if i not in taken]
            at = rest.index(heading) + 1
            line = found[heading]
            decision = Decision(
                "moved", (line.start, line.end), (found[tear].start, found[match].end), 0.55,
                "这个小标题下没有正文；这段文字前面的句子未完、自己没有开头，且含有标题里独有的词，归到标题下",
            )  # fmt: skip
            return _healed(found, (*rest[:at], *moved, *rest[at:])), [decision]
    return None


def _orphans(found: Sequence[Line]) -> list[int]:
    """Headings without a number that no prose follows."""
    result = []
    for i, line in enumerate(found):
        if line.kind != "heading" or line.order or line.fixed:
            continue
        solid = (found[k] for k in range(i + 1, len(found)))
        following = next((o for o in solid if o.kind in ("prose", "heading", "table row")), None)
        if following is None or (
            following.kind == "heading" and i + 1 < len(found) and found[i + 1].kind != "heading"
        ):
            result.append(i)
    return result


def _holding(found: Sequence[Line], prose: Sequence[int], heading: str) -> list[int]:
    """Lines that hold a phrase of the heading which stands in no more than two lines; the last one first."""
    parts = [part for part in _MARKS.split(heading) if len(part) >= PHRASE]
    phrases = {part[k : k + PHRASE] for part in parts for k in range(len(part) - PHRASE + 1)}
    holders = {phrase: [i for i in prose if phrase in _MARKS.sub("", found[i].ink)] for phrase in phrases}
    return sorted({i for lines in holders.values() if len(lines) <= 2 for i in lines}, reverse=True)


def _tear(
    found: Sequence[Line], prose: Sequence[int], match: int, strength: dict[int, float], evidence: Evidence
) -> int | None:
    """The nearest line up to the match that has no beginning and follows an unfinished one."""
    place = prose.index(match)
    for k in range(place, max(0, place - REACH), -1):
        before, line = found[prose[k - 1]], found[prose[k]]
        if finished(before.ink) or strength.get(prose[k - 1], 0.0) >= SURE:
            continue
        if evidence.beginnings([line])[0] < CANNOT_BEGIN:
            return prose[k]
    return None
