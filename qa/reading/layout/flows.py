"""A section that lost its heading and was printed in the middle of another.

Three signs have to come together: a heading without any text under it; a line of prose that holds a phrase of this
heading which the report uses nowhere else; and a tear shortly before that line, where one sentence stops unfinished
and the next line has no beginning. Then everything from the tear to that line is put under the heading, so that the
unfinished sentence meets its true neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.reading.layout import ngrams
from qa.reading.layout.characters import finished
from qa.reading.layout.joins import SURE, Join
from qa.reading.layout.records import Decision, Line

__all__ = ["put_back"]

PHRASE = 4  # characters of a heading that have to stand in the text
REACH = 4  # pieces of prose between the tear and the phrase
CANNOT_BEGIN = -1.0  # log of the odds that a line begins a paragraph, below which it has no beginning
_MARKS = re.compile(r"[\W_]+")


def put_back(found: Sequence[Line], joins: Sequence[Join]) -> tuple[list[Line], list[Decision]] | None:
    """Lines in a better order and the reason, or None where nothing is torn; ``found`` has its final kinds."""
    strength = {j.tail: j.weight for j in joins}
    prose = [i for i, line in enumerate(found) if line.kind == "prose" and not line.fixed]
    for heading in _orphans(found):
        for match in _holding(found, prose, found[heading].ink):
            tear = _tear(found, prose, match, strength)
            if tear is None:
                continue
            moved = [i for i in prose if tear <= i <= match]
            rest = [i for i in range(len(found)) if i not in set(moved)]
            at = rest.index(heading) + 1
            line = found[heading]
            decision = Decision(
                "moved", (line.start, line.end), (found[tear].start, found[match].end), 0.55,
                "这个小标题下没有正文；这段文字前面的句子未完、自己没有开头，且含有标题里独有的词，归到标题下",
            )  # fmt: skip
            return [found[i] for i in (*rest[:at], *moved, *rest[at:])], [decision]
    return None


def _orphans(found: Sequence[Line]) -> list[int]:
    """Headings without a number that no prose follows."""
    result = []
    for i, line in enumerate(found):
        if line.kind != "heading" or line.order or line.fixed:
            continue
        following = next((o for o in found[i + 1 :] if o.kind in ("prose", "heading", "table row")), None)
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


def _tear(found: Sequence[Line], prose: Sequence[int], match: int, strength: dict[int, float]) -> int | None:
    """The nearest line up to the match that has no beginning and follows an unfinished one."""
    place = prose.index(match)
    for k in range(place, max(0, place - REACH), -1):
        before, line = found[prose[k - 1]], found[prose[k]]
        if finished(before.ink) or strength.get(prose[k - 1], 0.0) >= SURE:
            continue
        if float(ngrams.load().alone([line.ink]).beginning[0]) < CANNOT_BEGIN:
            return prose[k]
    return None
