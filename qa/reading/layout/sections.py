"""Build the tree of sections: which heading owns which paragraph, in the order of the headings' numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from qa.reading.layout.characters import finished
from qa.reading.layout.headings import Classified
from qa.reading.layout.joins import Join, chain_of
from qa.reading.layout.records import Chain, Decision, Line

MOST_SECTIONS, MOST_PARAGRAPHS = 12, 150  # beyond these nothing is divided again
DISPLACED = 2.0  # cost of a heading that moves away from where it was printed
INVERTED = 0.7  # cost of each pair of headings whose printed order is reversed
UNEVEN = 0.35  # cost of the square of a section's distance from the usual length
REGULAR = 4  # sections of one paragraph each, from which on all are expected to have one
NESTED = ("第章", "第节", "一、", "（一）", "1、", "1.1", "（1）")  # marks of headings, the outermost first


@dataclass(slots=True)
class Section:
    """A heading with its content."""

    heading: Chain  # positions of its lines; empty before the first heading
    style: str = ""  # of its mark
    order: int = 0  # number of its mark, or 0
    items: list[Chain] = field(default_factory=list)  # paragraphs as positions of lines
    children: list[Section] = field(default_factory=list)


def section_tree(kinds: Classified, joins: Sequence[Join]) -> tuple[Section, list[Decision]]:
    """Return the tree of sections; every line that is not of the title is in it exactly once."""
    root = _tree(kinds, {j.tail: j.head for j in joins})
    decisions = [each for section, _ in list(walk(root)) for each in _redistribute(kinds.lines, section)]
    decisions += _renumber(kinds.lines, root)
    _split_conclusion(kinds.lines, root)
    _keep_as_text(kinds.lines, root)
    return root, decisions


def _keep_as_text(lines: Sequence[Line], root: Section) -> None:
    """Make every heading with nothing under it a paragraph in its place.

    Those that the format itself marks as headings stay, unless they are whole sentences.
    """
    for parent, _ in list(walk(root)):
        for place, section in enumerate(parent.children):
            empty = section.heading and not section.items and not section.children
            if empty and (not section.style.startswith("#") or finished(lines[section.heading[-1]].ink)):
                parent.children[place] = Section((), items=[section.heading])


def _split_conclusion(lines: Sequence[Line], root: Section) -> None:
    """If every section but the last is one paragraph, move what else the last one has to a conclusion."""
    *others, last = root.children or [root]
    if len(others) < REGULAR or any(section.children for section in root.children):
        return
    own = _prose(lines, last)
    if len(own) < 2 or any(len(_prose(lines, section)) != 1 for section in others):
        return
    at = last.items.index(own[1])
    root.children.append(Section((), items=last.items[at:]))
    last.items = last.items[:at]


def _tree(kinds: Classified, follows: dict[int, int]) -> Section:
    """Return the sections as the headings nest them; one above the title owns nothing below it."""
    root = Section(())
    stack = [root]
    titles = {i for chain in kinds.titles for i in chain}
    waiting = set(follows.values())  # each is reached by way of its tail
    for i, line in enumerate(kinds.lines):
        if i in titles and len(stack) > 1:
            stack = [root, Section(())]
            root.children.append(stack[-1])
        if i in waiting or i in titles:
            continue
        if line.kind == "heading" and i in kinds.continued and not stack[-1].items and stack[-1].heading:
            stack[-1].heading += (i,)
        elif line.kind == "heading":
            section = Section((i,), line.style, line.order)
            while len(stack) > 1 and not _below(section.style, [s.style for s in stack[1:]]):
                stack.pop()
            stack[-1].children.append(section)
            stack.append(section)
        else:
            stack[-1].items.append(chain_of(i, follows))
    return root


def _below(style: str, above: Sequence[str]) -> bool:
    """Whether a heading of this style is below the innermost one above it; a style returns at its own level."""
    if style in above or (style.startswith("#1") and not any(other.startswith("#") for other in above)):
        return False  # the format itself puts it at the top, such as the name of a sheet
    if style.startswith("#") and above[-1].startswith("#"):
        level, inner = int(style[1]), int(above[-1][1])
        marks = style[2:], above[-1][2:]
        if level == inner and set(marks) <= set(NESTED):  # the format has fewer levels than the marks
            return NESTED.index(marks[0]) > NESTED.index(marks[1])
        return level > inner
    return True


def walk(section: Section, above: Sequence[Chain] = ()) -> Iterator[tuple[Section, tuple[Chain, ...]]]:
    """Yield a section and those below it, each with the path of headings down to its own."""
    path = (*above, section.heading) if section.heading else tuple(above)
    yield section, path
    for child in section.children:
        yield from walk(child, path)


def _prose(lines: Sequence[Line], section: Section) -> list[Chain]:
    return [item for item in section.items if lines[item[0]].kind in ("prose", "table row", "note")]


def _redistribute(lines: Sequence[Line], parent: Section) -> Iterator[Decision]:
    """If some numbered sections lost their paragraphs to others, divide the text again, in the order of the numbers."""
    numbered = parent.children
    if not 3 <= len(numbered) <= MOST_SECTIONS or len({s.style for s in numbered}) != 1:
        return
    complete = sorted(s.order for s in numbered) == list(range(1, len(numbered) + 1))
    if not complete or any(s.children for s in numbered):
        return
    orphans = [s for s in numbered if not _prose(lines, s)]
    owners = [s for s in numbered if _prose(lines, s)]
    items = [item for owner in owners for item in _prose(lines, owner)]
    if not orphans or len(owners) < 2 or not len(numbered) <= len(items) <= MOST_PARAGRAPHS:
        return
    divisions = (_best_division(lines, items, order, owners) for order in _orders(owners, orphans))
    cost, division = min(divisions, key=itemgetter(0))
    mean = len(items) / len(numbered)
    if cost >= sum(UNEVEN * (len(_prose(lines, s)) - mean) ** 2 for s in numbered):
        return
    for section, part in division:
        own = _prose(lines, section)
        others = [item for item in section.items if item not in own]
        if part != own:
            at = lines[section.heading[0]].start, lines[section.heading[-1]].end
            to = lines[part[0][0]].start, lines[part[-1][-1]].end
            reason = f"第 {section.order} 个标题下没有（或混入）正文，按编号顺序和各节篇幅重新归段"
            yield Decision("moved", at, to, 0.6, reason)
        section.items = [*part, *others]
    parent.children[:] = [section for section, _ in division]


def _orders(owners: Sequence[Section], orphans: Sequence[Section]) -> Iterator[list[Section]]:
    """Yield the printed order with the orphans by number, all together or each after the number before it."""
    together = sorted(orphans, key=lambda s: s.order)
    for place in range(len(owners) + 1):
        yield [*owners[:place], *together, *owners[place:]]
    order = list(owners)
    for orphan in together:
        order.insert(next((k + 1 for k, s in enumerate(order) if s.order == orphan.order - 1), 0), orphan)
    yield order


def _best_division(
    lines: Sequence[Line], items: list[Chain], order: Sequence[Section], owners: Sequence[Section]
) -> tuple[float, list[tuple[Section, list[Chain]]]]:
    """Return the cheapest division of all paragraphs into consecutive sections in this order, at least one each."""
    printed = {id(owner): sum(len(_prose(lines, o)) for o in owners[:k]) for k, owner in enumerate(owners)}
    mean = len(items) / len(order)
    reversed_pairs = sum(a.heading[0] > b.heading[0] for k, a in enumerate(order) for b in order[k + 1 :])
    best: list[dict[int, tuple[float, int]]] = [{0: (INVERTED * reversed_pairs, 0)}]
    for k, section in enumerate(order):
        level: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            moved = DISPLACED if id(section) in printed and printed[id(section)] != start else 0.0
            for end in range(start + 1, len(items) - (len(order) - k - 1) + 1):
                total = cost + moved + UNEVEN * (end - start - mean) ** 2
                if end not in level or total < level[end][0]:
                    level[end] = (total, start)
        best.append(level)
    cuts = [len(items)]
    for level in reversed(best[1:]):
        cuts.append(level[cuts[-1]][1])
    cuts.reverse()
    return best[-1][len(items)][0], [(s, items[a:b]) for s, a, b in zip(order, cuts, cuts[1:], strict=False)]


def _renumber(lines: Sequence[Line], root: Section) -> Iterator[Decision]:
    """Sort sections of one style by their numbers, if these are complete."""
    for parent, _ in walk(root):
        styles: defaultdict[str, list[int]] = defaultdict(list)
        for place, section in enumerate(parent.children):
            if section.order:
                styles[section.style].append(place)
        for places in styles.values():
            sections = [parent.children[k] for k in places]
            orders = [s.order for s in sections]
            if orders != sorted(orders) and len(orders) == len(set(orders)) == max(orders) - min(orders) + 1:
                for place, section in zip(places, sorted(sections, key=lambda s: s.order), strict=True):
                    parent.children[place] = section
                printed = lines[sections[0].heading[0]].start, lines[sections[0].heading[-1]].end
                reason = "各节按编号重新排序：" + "、".join(map(str, orders))
                yield Decision("moved", printed, None, 0.9, reason)
