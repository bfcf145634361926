"""Move what was printed out of place, so that what belongs together stands together.

A piece of prose that continues a distant line moves there, with as much of what follows as reads on from it rather than
from what was printed before it. A section printed in the middle of another returns to its heading, on three signs
together: a heading without text; a line of prose with a phrase of it that is found almost nowhere else; and a tear
shortly before that line, where one sentence stops unfinished and the next line has no beginning.

A heading torn from its section returns to the paragraph on the same subject. It shares rare words with the first
paragraph under it, and with the later ones less often; how much that means was counted on news: headlines against
paragraphs of their own article and of three others on the same page. It moves if the whole page is then clearly more
likely than as printed.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from qa.reading.layout import evidence
from qa.reading.layout.characters import finished
from qa.reading.layout.headings import Classified
from qa.reading.layout.joins import SURE, Join, chain_of
from qa.reading.layout.records import Chain, Decision, Line
from qa.reading.layout.surroundings import names_report

LONGEST_FLOW = 12  # pieces of prose that may move along
PHRASE = 4  # characters of a heading that the text has to contain
REACH = 4  # pieces of prose between the tear and the phrase
CANNOT_BEGIN = -1.0  # log odds that a line begins a paragraph, below which it has no beginning
_MARKS = re.compile(r"[\W_]+")

MOST_HEADINGS, MOST_PARAGRAPHS = 12, 120  # beyond these nothing moves
# Upper ends of likeness, and the log odds that a paragraph with it is the first, or another, under the heading.
LIKENESS = (0.0, 0.02, 0.04, 0.08, 0.15, 0.25, 0.4)
FIRST = (-2.2, -1.6, -1.0, 0.0, 1.6, 3.2, 4.2, 5.0)
LATER = (-0.8, 0.2, 0.5, 1.2, 2.0, 2.8, 3.4, 4.0)
TRUST = 0.7  # weight of these odds, since headings of reports say less of their text than headlines do
MOVED, OWNER = 2.0, 4.0  # cost of a heading that moves, and of one more that had paragraphs under it
EMPTY = 2.5  # cost of a heading without a paragraph
INVERTED = 4.0  # cost of a numbered heading after a greater number of its kind
NO_HEADING = 0.5  # cost of taking a caption or a line of the title for a heading
LEAST = 1.5  # gain of a move

Reordered: TypeAlias = tuple[list[Line], list[Decision]]  # lines in their new order, and why
# Heading, paragraph → log odds to be the first, or another, under it.
_Odds: TypeAlias = list[list[tuple[float, float]]]

_CLAUSE = re.compile(r"[，。；、：,;:\s“”\"'‘’《》（）()]")


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


@dataclass(slots=True)
class _Head:
    lines: Chain  # their positions
    order: int = 0  # number of its mark, or 0
    style: str = ""  # of its mark
    printed: int | None = None  # paragraphs before it as printed; None if it was not taken for a heading
    place: int | None = None  # paragraphs before its new place
    owner: bool = False  # whether paragraphs are under it as printed


def put_headings_back(
    kinds: Classified, joins: Sequence[Join]
) -> tuple[Classified, list[Join], list[Decision]] | None:
    """Return lines and joins with the headings where they belong, and why; None if all stay.

    Text copied from a web page is in the right order already, so nothing moves there.
    """
    lines, follows = kinds.lines, {join.tail: join.head for join in joins}
    inside = {*follows.values(), *(i for chain in kinds.titles for i in chain)}
    prose = (i for i, line in enumerate(lines) if line.kind in ("prose", "table row", "note"))
    paragraphs = [chain_of(i, follows) for i in prose if i not in inside]
    starts = tuple(chain[0] for chain in paragraphs)
    heads = _heads(kinds, starts)
    sections = any(head.printed is not None for head in heads)  # else there are only lines of the title
    fixed = any(lines[i].fixed for head in heads for i in head.lines) or any(line.title for line in lines)
    few = 2 <= len(paragraphs) <= MOST_PARAGRAPHS and 2 <= len(heads) <= MOST_HEADINGS
    if fixed or not sections or not few:
        return None
    moved = _search(heads, _odds(lines, heads, paragraphs), len(paragraphs))
    return _moved(kinds, joins, heads, moved, starts) if moved else None


def _heads(kinds: Classified, starts: Sequence[int]) -> list[_Head]:
    """Return the headings, and what may be one out of place: a subtitle, and captions after the last paragraph."""
    lines, found = kinds.lines, list[_Head]()
    for chain in kinds.titles[1:]:
        if all(lines[i].kind == "bare" for i in chain) and not names_report(lines[chain[-1]].ink):
            found.append(_Head(chain))
    for i, line in enumerate(lines):
        place = bisect_right(starts, i)
        if line.kind == "heading" and i in kinds.continued and found and found[-1].lines[-1] == i - 1:
            found[-1].lines += (i,)
        elif line.kind == "heading":
            found.append(_Head((i,), line.order, line.style, place, place))
        elif line.kind == "caption" and not line.fixed and place == len(starts) and not finished(line.ink):
            found.append(_Head((i,)))
    standing = [head for head in found if head.printed is not None]
    for head, end in zip(standing, [*(head.printed for head in standing[1:]), len(starts)], strict=False):
        head.owner = head.printed != end
    return found


def _odds(lines: Sequence[Line], heads: Sequence[_Head], paragraphs: Sequence[Chain]) -> _Odds:
    """Return for each heading and paragraph the log odds that it is the first, or another, under the heading."""
    texts = [_pairs(lines, chain) for chain in paragraphs]
    words = [_pairs(lines, head.lines) for head in heads]
    wanted = frozenset().union(*words)
    counts = Counter(pair for text in texts for pair in wanted & text)
    table = []
    for own in words:
        weight = {pair: 1.0 / (counts[pair] or 1) for pair in own}  # a pair in n paragraphs weighs 1/n
        total = sum(weight.values()) or 1.0
        shares = [sum(weight[pair] for pair in own & text) / total for text in texts]
        steps = [bisect_left(LIKENESS, share) for share in shares]
        table.append([(TRUST * FIRST[step], TRUST * LATER[step]) for step in steps])
    return table


def _search(heads: list[_Head], odds: _Odds, count: int) -> dict[int, float]:
    """Move one heading at a time while that gains enough; return number of the heading → gain."""
    moved: dict[int, float] = {}
    current = _likelihood(heads, odds, count)
    likely = [[place for place, (first, _) in enumerate(row) if first > 0] for row in odds]
    for _ in range(len(heads)):
        best, chosen = current + LEAST, None
        for number, head in enumerate(heads):
            was = head.place
            for head.place in likely[number]:
                if head.place != was and (value := _likelihood(heads, odds, count)) > best:
                    best, chosen = value, (number, head.place)
            head.place = was
        if chosen is None:
            break
        number, heads[chosen[0]].place = chosen
        moved[number] = best - current
        current = best
    return moved


def _likelihood(heads: Sequence[_Head], odds: _Odds, count: int) -> float:
    """Return the log odds of a page, up to a constant; headings at one place are in printed order."""
    standing = sorted((head.place, number) for number, head in enumerate(heads) if head.place is not None)
    value = 0.0
    for (place, number), (end, _) in pairwise([*standing, (count, -1)]):
        own = odds[number][place:end]
        value += own[0][0] + sum(later for _, later in own[1:]) if own else -EMPTY
    for style in {head.style for head in heads if head.order}:
        orders = [heads[number].order for _, number in standing if heads[number].style == style]
        value -= INVERTED * sum(second < first for first, second in pairwise(orders))
    moved = [head for head in heads if head.place != head.printed]
    value -= MOVED * len(moved) + OWNER * sum(head.owner for head in moved)
    return value - NO_HEADING * sum(head.printed is None for head in moved)


def _moved(
    kinds: Classified, joins: Sequence[Join], heads: Sequence[_Head], moved: dict[int, float], starts: Chain
) -> tuple[Classified, list[Join], list[Decision]]:
    """Return the lines with the moved headings in their places; ``starts`` are the first lines of paragraphs."""
    lines, decisions = kinds.lines, list[Decision]()
    before: dict[int, list[int]] = {}
    for number, gain in sorted(moved.items()):
        head = heads[number]
        assert head.place is not None
        before.setdefault(starts[head.place], []).extend(head.lines)
        printed = lines[head.lines[0]].start, lines[head.lines[-1]].end
        target = lines[starts[head.place]]
        sure = round(1 / (1 + math.exp(-gain / 2)), 2)
        reason = f"标题印在别处；“{target.ink[:12]}”起的段落含有它的词，归到这段之前"
        decisions.append(Decision("moved", printed, (target.start, target.start), sure, reason))
    gone = {i for places in before.values() for i in places}
    order = [k for i in range(len(lines)) for k in (*before.get(i, ()), i) if k != i or i not in gone]
    at = {i: place for place, i in enumerate(order)}
    found = tuple(
        replace(lines[i], kind="heading", style="bare", why=None)
        if i in gone and lines[i].kind != "heading"
        else lines[i]
        for i in order
    )
    titles = tuple(tuple(at[i] for i in chain) for chain in kinds.titles if not gone.intersection(chain))
    further = (i for number in moved for i in heads[number].lines[1:])
    continued = frozenset(at[i] for i in (*kinds.continued, *further))
    placed = replace(kinds, lines=found, titles=titles, continued=continued)
    return placed, [replace(join, tail=at[join.tail], head=at[join.head]) for join in joins], decisions


def _pairs(lines: Sequence[Line], chain: Chain) -> frozenset[str]:
    """Return the pairs of neighbouring characters inside the clauses of these lines."""
    clauses = [part for i in chain for part in _CLAUSE.split(lines[i].ink)]
    return frozenset(part[k : k + 2] for part in clauses for k in range(len(part) - 1))
