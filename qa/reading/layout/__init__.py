"""Restoring a report as an editor would: lines → page → wraps → joins → headings and captions → sections → paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.reading.extract import Extract
from qa.reading.layout.characters import merge
from qa.reading.layout.displaced import put_headings_back
from qa.reading.layout.evidence import Evidence
from qa.reading.layout.flows import pull, put_back
from qa.reading.layout.headings import sort_bare
from qa.reading.layout.joins import explain, join_lines
from qa.reading.layout.lines import lines
from qa.reading.layout.page import without_page
from qa.reading.layout.reasons import by_form, fragments
from qa.reading.layout.records import Decision, Draft, Heading, Line, Restored
from qa.reading.layout.sections import Section, arrange
from qa.reading.layout.tidy import tidy
from qa.reading.layout.wraps import unwrap
from qa.types import ParagraphKind, Spans

__all__ = ["Decision", "Draft", "Heading", "Restored", "restore"]

PASSES = 4  # times that lines are put in a better order
_KINDS: dict[str, ParagraphKind] = {
    "prose": "prose", "bare": "prose", "caption": "caption", "byline": "byline", "keywords": "keywords",
    "furniture": "furniture", "table row": "table row", "note": "note",
}  # fmt: skip


def restore(extract: Extract) -> Restored:
    """Put the text of a file in order; no character that is ink is lost, invented or used twice."""
    evidence = Evidence()
    found, wraps = unwrap(without_page(lines(extract), extract.text))
    joins = join_lines(found, evidence)
    kinds = sort_bare(found, joins)
    sorted_out = {decision.at: decision for decision in kinds.decisions}
    returned: list[Decision] = []
    for _ in range(PASSES):
        better = pull(kinds.lines, joins, evidence) or put_back(kinds.lines, joins, evidence)
        if better is None:
            break
        found, why = better
        returned += why
        joins = join_lines(found, evidence)
        kinds = sort_bare(found, joins)
        sorted_out.update((decision.at, decision) for decision in kinds.decisions)
    if placed := put_headings_back(kinds.lines, joins, kinds.titles, kinds.continued):
        kinds = replace(kinds, lines=placed.lines, titles=placed.titles, continued=placed.continued)
        joins, returned = list(placed.joins), [*returned, *placed.decisions]
    title = [i for chain in kinds.titles for i in chain]
    root, moves = arrange(kinds.lines, joins, title, kinds.continued)
    left = fragments(kinds.lines, joins, evidence)
    final = {(line.start, line.end): line.kind for line in kinds.lines}
    sorting = [d for d in sorted_out.values() if d.what == "title" or final.get(d.at) == d.what]
    forms = by_form(kinds.lines, sorting)
    decisions = (*wraps, *explain(kinds.lines, joins), *left, *sorting, *forms, *returned, *moves)
    return _written(extract.text, kinds.lines, kinds.titles, root, decisions)


def _written(
    text: str,
    found: Sequence[Line],
    titles: Sequence[tuple[int, ...]],
    root: Section,
    decisions: tuple[Decision, ...],
) -> Restored:
    placed: list[tuple[tuple[int, ...], tuple[int, ...]]] = []  # path of sections by number, chain of lines
    headings: list[tuple[Section, int]] = []

    def visit(section: Section, path: tuple[int, ...]) -> None:
        if section.heading:
            headings.append((section, len(path) + 1))
            path = (*path, len(headings) - 1)
        placed.extend((path, item) for item in section.items)
        for child in section.children:
            visit(child, path)

    visit(root, ())
    spans: list[Spans] = [_spans(found, chain) for chain in titles]
    spans += [_spans(found, section.heading) for section, _ in headings]
    spans += [_spans(found, chain) for _, chain in placed]
    merged = [merge(text, s) for s in spans]
    first, second = len(titles), len(titles) + len(headings)
    prose = {
        second + k for k, (_, chain) in enumerate(placed) if found[chain[0]].kind in ("prose", "bare", "note")
    }
    texts = tidy(text, spans, frozenset(range(len(spans))) - prose, frozenset(range(second)))
    names = [t.lstrip("#").strip() for t in texts[:second]]
    heads = tuple(
        Heading(names[first + k], merged[first + k], level) for k, (_, level) in enumerate(headings)
    )
    drafts = tuple(
        Draft(tuple(names[first + p] for p in path), texts[second + k], _KINDS[found[chain[0]].kind], merged[second + k])
        for k, (path, chain) in enumerate(placed)
    )  # fmt: skip
    lead = tuple(Heading(names[k], merged[k], _level(found[chain[0]])) for k, chain in enumerate(titles))
    return Restored(lead, heads, drafts, decisions)


def _spans(found: Sequence[Line], chain: Sequence[int]) -> Spans:
    return tuple(span for i in chain for span in found[i].spans)


def _level(line: Line) -> int:
    return int(line.style[1]) if line.style.startswith("#") else 1
