"""Undo hard wraps: lines that an export cut at a fixed width become one line again.

Blocks are runs of lines without a blank line between. A block is wrapped if most of its lines are about as wide as the
widest and many stop in mid-sentence. Inside it a full line continues in the next one, unless the next is indented or
the language model says that a paragraph ends here and another begins. A block whose paragraphs all begin indented, and
whose other lines go on in mid-sentence, is wrapped whatever the widths of its lines. A block goes
on over a page number if a full line before it stops in mid-sentence. A numbered line that remains alone is no heading
if it stops in its second sentence.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from qa.reading.layout import ngrams
from qa.reading.layout.characters import finished
from qa.reading.layout.lines import NAMES, form, with_kind
from qa.reading.layout.records import Decision, Line
from qa.reading.layout.surroundings import DASH, names_report

SLACK = 6  # columns that a full line may lack: a wide character, and punctuation that moved to the next line
NARROWEST, WIDEST = 16, 140  # columns of a wrapped text
FULL = 0.55  # share of full lines in a wrapped block
OPEN = 0.4  # share of lines that stop in mid-sentence
# Evidence needed to go on after a full sentence, and after a line that is not full.
SENTENCE_ENDS, LINE_ENDS = -3.5, 4.0
INDENTED = 4  # paragraphs of a block that show that each begins indented
OUTLINED = 0.9  # share of them that begin after a full sentence


LEAD = 3  # first lines of a block, one of which, or of whose subtitles, may name the report
SPACED = 3  # wrapped blocks in one file that show that blank lines separate paragraphs


def unwrap(found: Sequence[Line]) -> tuple[list[Line], list[Decision]]:
    """Return the lines with hard wraps undone, and one decision for each block."""
    blocks = _blocks(found)
    page, count = _page_width(blocks), _page_length(blocks)
    if page:
        blocks = _over_pages(blocks, page, count)
    measured = [(block, _wrapped(block, page, count)) for block in blocks]
    spaced = sum(width > 0 for _, width in measured) >= SPACED
    result, decisions = list[Line](), list[Decision]()
    for block, width in measured:
        continued = _continued(block, width, count, spaced) if width else _by_indents(block)
        groups: list[list[Line]] = []
        for place, line in enumerate(block):
            if place not in continued:
                groups.append([])
            groups[-1].append(line)
        if len(groups) < len(block):
            how = f"宽度相近（约 {width} 列）" if width else "各段都缩进"
            reason = f"这几行{how}且多在句中断开，是硬换行"
            decisions.append(Decision("join", (block[0].start, block[-1].end), None, 0.9, reason))
        result.extend(map(_joined, groups))
    return result, decisions


def _blocks(found: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for line in found:
        if not blocks or line.gap or not (_is_loose(line) and _is_loose(blocks[-1][-1])):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _is_loose(line: Line) -> bool:
    loose = line.kind in ("prose", "bare", "heading", "caption", "byline") and not line.fixed
    return loose and line.style != NAMES and not line.title


def _page_width(blocks: Sequence[Sequence[Line]]) -> int:
    """Return the width of most lines that stop in mid-sentence in a wrapped file, or 0."""
    widths = sorted(line.width + line.indent for line in _unfinished(blocks))
    if len(widths) < 8:
        return 0
    top = widths[int(0.9 * len(widths))]
    near = sum(top - SLACK <= width <= top + SLACK for width in widths)
    return top if near >= FULL * len(widths) and NARROWEST <= top <= WIDEST else 0


def _unfinished(blocks: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Yield the lines above others that stop in mid-sentence; a numbered one may be a whole heading."""
    return (line for block in blocks for line in block[:-1] if not finished(line.ink) and not line.order)


def _page_length(blocks: Sequence[Sequence[Line]]) -> int:
    """Return the characters of a line in a file that was wrapped by their number, not their width; or 0."""
    lengths = Counter(line.length for line in _unfinished(blocks))
    if lengths.total() < 4:
        return 0
    length, times = lengths.most_common(1)[0]
    return length if times >= FULL * lengths.total() and times >= 3 else 0


def _over_pages(blocks: Sequence[list[Line]], page: int, count: int) -> list[list[Line]]:
    """Join blocks that furniture alone parts after a full line in mid-sentence; the furniture follows them."""
    result: list[list[Line]] = []
    above: list[Line] = []  # the last block that is no furniture
    usual = min(line.indent for block in blocks for line in block)
    for block, following in pairwise([[], *blocks]):
        line = following[0]
        if above and block and block[0].kind == "furniture" and _is_loose(line) and line.indent <= usual + 1:
            cut = above[-1]
            if _is_loose(cut) and not finished(cut.ink) and _is_full(cut, page, count):
                above += following
                continue
        result.append(following)
        if line.kind != "furniture":
            above = result[-1]
    return result


def _is_full(line: Line, width: int, count: int) -> bool:
    """Whether a line is about as wide as the others, or as long where their length, not their width, is the same."""
    return line.width + line.indent >= width - SLACK or 0 < count - 1 <= line.length


def _wrapped(block: Sequence[Line], page: int, count: int) -> int:
    """Return the width of a wrapped block, 0 if it is none."""
    if len(block) < 2:
        return 0
    inner = block[:-1]
    widths = sorted(line.width + line.indent for line in inner)
    width = page or widths[int(0.8 * (len(widths) - 1))]
    if not NARROWEST <= width <= WIDEST or max(widths[-1], block[-1].width) > width + SLACK + 2:
        return 0
    full = sum(size >= width - SLACK for size in widths)
    unfinished = sum(not finished(line.ink) for line in inner)
    usual = len(block) > 2 and full >= FULL * len(inner) and unfinished >= OPEN * len(inner)
    return width if usual or (page and any(_is_full(line, width, count) for line in inner)) else 0


def _by_indents(block: Sequence[Line]) -> set[int]:
    """Return what :func:`_continued` does, for a block with ragged lines whose paragraphs all begin indented."""
    usual = min((line.indent for line in block), default=0)
    begins = [place for place, line in enumerate(block) if line.indent > usual + 1]
    if len(begins) < INDENTED or max(line.width for line in block) > WIDEST:
        return set()
    inner = [place for place in range(begins[0] + 1, len(block)) if place not in begins]
    after_sentence = {place for place in range(1, len(block)) if finished(block[place - 1].ink)}
    outlined = len(after_sentence.intersection(begins[1:])) >= OUTLINED * len(begins[1:])
    if not outlined or len(inner) - len(after_sentence.intersection(inner)) < OUTLINED * len(inner):
        return set()
    return set(inner)


def _is_heading(line: Line, following: Sequence[Line], usual: int, width: int) -> bool:
    """Whether a short unfinished line above an indented one, or above nothing, is a heading.

    The last line of a paragraph would end a sentence.
    """
    short = line.kind == "bare" and line.indent <= usual + 1 and line.width + line.indent < width - SLACK
    return short and all(other.indent > usual + 1 for other in following)


def _continued(block: Sequence[Line], width: int, count: int, spaced: bool) -> set[int]:
    """Return the lines of a wrapped block that continue the one before; the language model decides the doubtful ones."""
    usual = min(line.indent for line in block)
    marked = spaced or any(line.indent > usual + 1 for line in block)
    lead = enumerate(block[: LEAD + 1])
    head = next((k for k, line in lead if DASH.match(line.ink) and names_report(line.ink)), 0)
    sure, doubtful = set[int](), dict[int, float]()
    caption = broken = False  # whether a line is of a caption, and whether the one before goes on in it
    for place, (line, following) in enumerate(pairwise(block), start=1):
        full, ended = _is_full(line, width, count), finished(line.ink)
        whole_title = names_report(line.ink) or (line.ink[0] in "（(" and line.ink[-1] in "）)")
        titled = line.kind == "bare" and place <= LEAD and whole_title
        numbered = following.kind == "heading" and following.order > 0
        # Below a caption, what goes on with it, or is neither full nor ends a sentence, is its rest, which is short.
        goes_on = place - 1 in sure or place - 1 in doubtful or not (full or ended)
        caption = (caption and goes_on) or (line.kind == "caption" and not broken)
        broken = full and not ended
        whole = _is_full(following, width, count) or (not full and finished(following.ink))
        captioned = caption and (whole or following.kind != "bare")
        short = _is_heading(following, block[place + 1 : place + 2], usual, width)
        heading = (ended or caption) and marked and short
        apart = (
            place <= head
            or titled
            or numbered
            or captioned
            or heading
            or (ended and following.kind == "caption")
        )
        if apart or (ended and not full) or following.indent > usual + 1:
            continue
        if full and (marked or not ended) and not caption:
            sure.add(place)
        else:
            doubtful[place] = SENTENCE_ENDS if ended else LINE_ENDS
    tails, heads = ([block[place - back].ink for place in doubtful] for back in (1, 0))
    seams = ngrams.load().seams(tails, heads)
    return sure | {
        place for (place, least), seam in zip(doubtful.items(), seams, strict=True) if seam > least
    }


def _joined(group: Sequence[Line]) -> Line:
    if len(group) == 1:
        line = group[0]
        torn = line.kind == "heading" and not line.fixed and "。" in line.ink and not finished(line.ink)
        return with_kind(line, "prose") if torn else line
    first, ink = group[0], "".join(line.ink for line in group)
    spans = tuple(span for line in group for span in line.spans)
    whole = replace(first, spans=spans, ink=ink, width=group[-1].width)
    if first.kind == "caption":
        return with_kind(whole, "caption")
    return with_kind(whole, "bare" if form(ink, ink)[0] == "bare" else "prose")
