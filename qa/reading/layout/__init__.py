"""Restore a report: lines → page → wraps → joins → headings and captions → sections → paragraphs."""

import math
from collections.abc import Sequence
from typing import cast

from qa.reading.formats import Extract
from qa.reading.layout.characters import finished, merge, tidy, without_links
from qa.reading.layout.evidence import edges
from qa.reading.layout.headings import Classified, classify_bare_lines
from qa.reading.layout.joins import Join, explain, join_lines
from qa.reading.layout.lines import lines, with_marks
from qa.reading.layout.moves import move_distant_heads, put_headings_back, return_torn_sections
from qa.reading.layout.page import without_page
from qa.reading.layout.records import Decision, Heading, Kind, Line, Restored
from qa.reading.layout.sections import Section, section_tree, walk
from qa.reading.layout.wraps import unwrap
from qa.types import Paragraph, ParagraphKind, Spans

PASSES = 4  # attempts to put the lines in a better order
LONGEST_LABEL = 30  # characters; a shorter line without an end is no fragment of a paragraph
_FORMS: dict[Kind, tuple[float, str]] = {  # confidence and reason of a kind that a line's own form shows
    "byline": (0.85, "由姓名、单位、来源或日期组成的短行，是署名"),
    "keywords": (0.95, "以“关键词”一类的字样开头"),
    "furniture": (0.9, "页码、报头或各页重复的文字"),
    "caption": (0.8, "带有图注的标记或摄影者的名字，是图片说明"),
    "heading": (0.85, "以编号开头的短行，是小标题"),
}


def restore(extract: Extract, report_id: str = "") -> Restored:
    """Return the text of a file in order; no character of ink is lost, invented or used twice."""
    text = extract.text
    found, wraps = unwrap(without_page(with_marks(lines(extract), text), text))
    returned: list[Decision] = []
    for attempt in range(PASSES + 1):
        joins = join_lines(found)
        kinds = classify_bare_lines(found, joins)
        better = attempt < PASSES and (
            move_distant_heads(kinds.lines, joins) or return_torn_sections(kinds.lines, joins)
        )
        if not better:
            break
        found, why = better
        returned += why
    if placed := put_headings_back(kinds, joins):
        kinds, joins, why = placed
        returned += why
    root, moves = section_tree(kinds, joins)
    final = kinds.lines
    of_lines = [*explain(final, joins), *_fragments(final, joins), *kinds.decisions, *_by_kind(final)]
    decisions = (*wraps, *of_lines, *returned, *moves)
    return _assembled(extract, report_id, kinds, root, decisions)


def _assembled(
    extract: Extract, report_id: str, kinds: Classified, root: Section, decisions: tuple[Decision, ...]
) -> Restored:
    text, found = extract.text, kinds.lines
    tree = list(walk(root))
    levels = {path[-1]: len(path) for section, path in tree if section.heading}
    placed = {chain: path for section, path in tree for chain in section.items}
    spans = {
        chain: tuple(s for i in chain for s in found[i].spans) for chain in (*kinds.titles, *levels, *placed)
    }
    spans |= {chain: _unmarked(text, spans[chain]) for chain in placed if found[chain[0]].kind == "heading"}
    if extract.format == "md":
        spans = {chain: without_links(text, own) or own for chain, own in spans.items()}
    kinds_of = ((chain, found[chain[0]].kind) for chain in placed)
    kept = {
        chain: cast("ParagraphKind", "prose" if kind in ("bare", "heading") else kind)
        for chain, kind in kinds_of
    }
    drafts: list[tuple[Spans, Kind]] = [(own, kept.get(chain, "heading")) for chain, own in spans.items()]
    texts = dict(zip(spans, tidy(text, drafts), strict=True))
    merged = {chain: merge(text, own) for chain, own in spans.items()}
    headings = (chain for chain in spans if chain not in placed)
    texts |= {chain: texts[chain].lstrip("#").strip() for chain in headings}
    styles = ((chain, found[chain[0]].style) for chain in kinds.titles)
    titles = ((chain, int(style[1]) if style.startswith("#") else 1) for chain, style in styles)
    return Restored(
        tuple(Heading(texts[chain], merged[chain], level) for chain, level in titles),
        tuple(Heading(texts[chain], merged[chain], level) for chain, level in levels.items()),
        tuple(
            Paragraph(
                report_id, number, tuple(texts[h] for h in path), texts[chain], kept[chain], merged[chain]
            )
            for number, (chain, path) in enumerate(placed.items())
        ),
        decisions,
    )


def _unmarked(source: str, spans: Spans) -> Spans:
    """Return the spans of a heading that is text without the marks that made it one."""
    (start, end), *rest = spans
    return (start + len(source[start:end]) - len(source[start:end].lstrip("# ")), end), *rest


def _by_kind(found: Sequence[Line]) -> list[Decision]:
    """Return a decision for each line that its neighbours, or its own form, showed to be no prose."""
    shown = (line for line in found if line.kind in _FORMS and (line.why or not line.fixed))
    return [
        Decision(line.kind, (line.start, line.end), None, *(line.why or _FORMS[line.kind])) for line in shown
    ]


def _fragments(found: Sequence[Line], joins: Sequence[Join]) -> list[Decision]:
    """Return a decision for each piece of prose that stops in mid-sentence and has no continuation."""
    joined = {join.tail for join in joins}
    prose = (line for i, line in enumerate(found) if line.kind == "prose" and i not in joined)
    long = (line for line in prose if not line.fixed and len(line.ink) > LONGEST_LABEL)
    loose = [line for line in long if not finished(line.ink) and line.ink[-1] not in "：:；;"]
    reason = "句子未完，没有找到读来连贯的下文，保留原样"
    endings = edges([line.ink for line in loose])[1].tolist()
    sure = (round(1 - math.exp(min(ending, 0.0)), 2) for ending in endings)
    ends = ((line.end, line.end) for line in loose)
    return [Decision("fragment", at, None, chance, reason) for at, chance in zip(ends, sure, strict=True)]
