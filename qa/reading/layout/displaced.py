"""Return headings that were torn from their sections to the paragraph on the same subject.

A heading shares rare words with the first paragraph under it, and with the later ones less often. How much that means
was counted on news: headlines against paragraphs of their own article and of three others on the same page. Headings
move if the whole page is then clearly more likely than as printed.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from qa.reading.layout.characters import finished
from qa.reading.layout.headings import Classified
from qa.reading.layout.joins import Join
from qa.reading.layout.records import Chain, Decision, Line
from qa.reading.layout.surroundings import names_report

# Heading, paragraph → odds to be the first, or another, under it.
_Odds = Sequence[Sequence[tuple[float, float]]]

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
_CLAUSE = re.compile(r"[，。；、：,;:\s“”\"'‘’《》（）()]")


@dataclass(slots=True)
class _Head:
    lines: Chain
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
    if not 2 <= len(paragraphs) <= MOST_PARAGRAPHS:
        return None
    starts = tuple(chain[0] for chain in paragraphs)
    heads = _heads(kinds, starts)
    sections = any(head.printed is not None for head in heads)  # else there are only lines of the title
    fixed = any(lines[i].fixed for head in heads for i in head.lines) or any(line.title for line in lines)
    if fixed or not sections or not 2 <= len(heads) <= MOST_HEADINGS:
        return None
    moved = _search(heads, _odds(lines, heads, paragraphs), len(paragraphs))
    return _moved(kinds, joins, heads, moved, starts) if moved else None


def chain_of(first: int, follows: dict[int, int]) -> Chain:
    """Return a line with those that continue it; ``follows`` is tail → head."""
    chain = [first]
    while (following := follows.get(chain[-1])) is not None:
        chain.append(following)
    return tuple(chain)


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


def _odds(
    lines: Sequence[Line], heads: Sequence[_Head], paragraphs: Sequence[Chain]
) -> list[list[tuple[float, float]]]:
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
    gone: set[int] = set()
    for number, gain in sorted(moved.items()):
        head = heads[number]
        assert head.place is not None
        before.setdefault(starts[head.place], []).extend(head.lines)
        gone.update(head.lines)
        printed = lines[head.lines[0]].start, lines[head.lines[-1]].end
        target = lines[starts[head.place]]
        sure = round(1 / (1 + math.exp(-gain / 2)), 2)
        reason = f"标题印在别处；“{target.ink[:12]}”起的段落含有它的词，归到这段之前"
        decisions.append(Decision("moved", printed, (target.start, target.start), sure, reason))
    order = [k for i in range(len(lines)) for k in (*before.get(i, ()), *(() if i in gone else (i,)))]
    at = {i: place for place, i in enumerate(order)}
    new = {i for i in gone if lines[i].kind != "heading"}
    as_heading = partial(replace, kind="heading", style="bare", why=None)
    found = tuple(as_heading(lines[i]) if i in new else lines[i] for i in order)
    titles = tuple(tuple(at[i] for i in chain) for chain in kinds.titles if not gone.intersection(chain))
    further = (i for number in moved for i in heads[number].lines[1:])
    continued = frozenset(at[i] for i in (*kinds.continued, *further))
    placed = replace(kinds, lines=found, titles=titles, continued=continued)
    return placed, [replace(join, tail=at[join.tail], head=at[join.head]) for join in joins], decisions


def _pairs(lines: Sequence[Line], chain: Iterable[int]) -> frozenset[str]:
    """Return the pairs of neighbouring characters inside the clauses of these lines."""
    clauses = [part for i in chain for part in _CLAUSE.split(lines[i].ink)]
    return frozenset(part[k : k + 2] for part in clauses for k in range(len(part) - 1))
