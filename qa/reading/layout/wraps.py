"""Hard wraps: lines that an export cut at a fixed width become one line again.

Blocks are runs of lines without a blank line between. A block is wrapped where most of its lines are about as wide as
the widest and many stop in the middle of a sentence. Inside it a full line goes on in the next one, unless the next
is indented or the language model says that a paragraph ends here and another begins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from qa.reading.layout import ngrams
from qa.reading.layout.characters import columns, finished
from qa.reading.layout.lines import NAMES, form
from qa.reading.layout.records import Decision, Line
from qa.reading.layout.titles import names_report

SLACK = 6  # columns that a full line may lack: a wide character, and punctuation that moved to the next line
NARROWEST, WIDEST = 16, 140  # columns of a wrapped text
FULL = 0.55  # share of full lines in a wrapped block
FEWEST, MOST = 8, 0.75  # lines, and shares of them, that show blank lines between all lines of a wrapped text
OPEN = 0.4  # share of lines that stop in mid-sentence
SENTENCE_ENDS, LINE_ENDS = (
    -3.5,
    4.0,
)  # evidence to go on after a full sentence, and after a line that is not full
_WHOLE = re.compile(r"[A-Za-z\d.,%％]{2,}")  # what no typesetter cuts in two
LEAD = 3  # lines of a block among which what names the report may stand
SPACED = 3  # wrapped blocks in one file that show that blank lines separate paragraphs


def unwrap(found: Sequence[Line]) -> tuple[list[Line], list[Decision]]:
    """Lines with hard wraps undone, and one decision for each block."""
    blocks = list(_blocks(found, _blank_lines_everywhere(found)))
    page, count = _page_width(blocks), _page_length(blocks)
    blocks = [part for block in blocks for part in (_without_wider(block, page) if page else [block])]
    widths = [_wrapped(block, page) for block in blocks]
    spaced = sum(1 for block, width in zip(blocks, widths, strict=True) if width) >= SPACED
    plans = [
        _plan(block, width, count, spaced) if width else {}
        for block, width in zip(blocks, widths, strict=True)
    ]
    _decide(blocks, plans)
    result: list[Line] = []
    decisions: list[Decision] = []
    for block, width, plan in zip(blocks, widths, plans, strict=True):
        joined = _unwrap(block, plan) if width else block
        if len(joined) < len(block):
            reason = f"这几行宽度相近（约 {width} 列）且多在句中断开，是硬换行"
            decisions.append(Decision("join", (block[0].start, block[-1].end), None, 0.9, reason))
        result.extend(joined)
    return result, decisions


def _blank_lines_everywhere(found: Sequence[Line]) -> int:
    """Blank lines that an export put between all printed lines, so that they part no paragraphs; 0 where it did not."""
    loose = [line for line in found[1:] if not line.fixed]
    gap, times = Counter(line.gap for line in loose).most_common(1)[0] if loose else (0, 0)
    if not gap or len(loose) < FEWEST or times < MOST * len(loose):
        return 0
    widths = sorted(line.width + line.indent for line in loose)
    top = widths[int(0.9 * len(widths))]
    full = [line for line in loose if line.width + line.indent >= top - SLACK]
    unfinished = sum(not finished(line.ink) for line in full)
    even = len(full) >= FULL * len(loose) and widths[-1] <= top + SLACK and NARROWEST <= top <= WIDEST
    return gap if even and unfinished >= MOST * len(full) else 0


def _blocks(found: Sequence[Line], apart: int) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in found:
        loose = not line.fixed and line.kind in ("prose", "bare", "heading", "caption", "byline")
        loose = loose and line.style != NAMES and not line.title
        if block and (line.gap > apart or not loose):
            yield block
            block = []
        if loose:
            block.append(line)
        else:
            yield [line]
    if block:
        yield block


def _page_width(blocks: Sequence[Sequence[Line]]) -> int:
    """Width that a whole wrapped file keeps to, or 0: the one that most lines in mid-sentence have."""
    widths = sorted(
        line.width + line.indent for block in blocks for line in block[:-1] if not finished(line.ink)
    )
    if len(widths) < 8:
        return 0
    top = widths[int(0.9 * len(widths))]
    near = sum(top - SLACK <= width <= top + SLACK for width in widths)
    return top if near >= FULL * len(widths) and NARROWEST <= top <= WIDEST else 0


def _without_wider(block: Sequence[Line], page: int) -> Iterator[list[Line]]:
    """A block cut at the lines that are wider than the page: those that the export did not wrap, each by itself."""
    for wider, group in groupby(block, key=lambda line: line.width + line.indent > page + SLACK + 2):
        part = list(group)
        yield from ([line] for line in part) if wider else [part]


def _page_length(blocks: Sequence[Sequence[Line]]) -> int:
    """Characters of a line in a file that was wrapped by counting them, whatever their width; 0 where it was not."""
    lengths = Counter(line.length for block in blocks for line in block[:-1] if not finished(line.ink))
    if lengths.total() < 4:
        return 0
    length, times = lengths.most_common(1)[0]
    return length if times >= FULL * lengths.total() and times >= 3 else 0


def _wrapped(block: Sequence[Line], page: int) -> int:
    """Width of a wrapped block, 0 where it is none."""
    if len(block) < 2:
        return 0
    inner = block[:-1]
    widths = sorted(line.width + line.indent for line in inner)
    width = page or widths[int(0.8 * (len(widths) - 1))]
    if not NARROWEST <= width <= WIDEST:
        return 0
    if max(widths[-1], block[-1].width) > width + SLACK + 2:
        return 0
    full = sum(size >= width - SLACK for size in widths)
    unfinished = sum(not finished(line.ink) for line in inner)
    if page and full:
        return width
    if len(block) < 3:
        return 0
    return width if full >= FULL * len(inner) and unfinished >= OPEN * len(inner) else 0


def _plan(block: Sequence[Line], width: int, count: int, spaced: bool) -> dict[int, float | bool]:
    """For the position of each line but the first, whether it goes on, or how much evidence it needs for that."""
    usual = min(line.indent for line in block)
    marked = spaced or any(line.indent > usual + 1 for line in block)
    plan: dict[int, float | bool] = {}
    for place, (line, following) in enumerate(pairwise(block), start=1):
        whole = _WHOLE.match(following.ink)
        room = SLACK + (columns(whole[0]) if whole else 0)  # a figure goes to the next line as a whole
        full = line.width + line.indent >= width - room or 0 < count - 1 <= line.length
        ended = finished(line.ink)
        subtitle = line.kind == following.kind == "bare" and following.ink.startswith("——")
        subtitle = subtitle or (place <= LEAD and line.kind == "bare" and names_report(line.ink))
        heads = ended and marked and _heads(following, block[place + 1 : place + 2], usual, width)
        if (
            following.indent > usual + 1
            or _starts_list(following)
            or subtitle
            or heads
            or (not full and ended)
            or (line.kind == "caption" and (not full or line.ink[-1] in "）)"))
        ):
            plan[place] = False
        elif full and (marked or not ended):
            plan[place] = True
        else:
            plan[place] = SENTENCE_ENDS if ended else LINE_ENDS
    return plan


def _heads(line: Line, following: Sequence[Line], usual: int, width: int) -> bool:
    """Whether a short line ends no sentence, above an indented one or nothing: the end of a paragraph would end one."""
    short = line.kind == "bare" and line.indent <= usual + 1 and line.width + line.indent < width - SLACK
    return short and all(other.indent > usual + 1 for other in following)


def _decide(blocks: Sequence[Sequence[Line]], plans: Sequence[dict[int, float | bool]]) -> None:
    """Replace the evidence that is needed by what the language model says."""
    doubtful = [
        (plan, place, block[place - 1].ink, block[place].ink, least)
        for block, plan in zip(blocks, plans, strict=True)
        for place, least in plan.items()
        if not isinstance(least, bool)
    ]
    seams = ngrams.load().seams(
        [tail for _, _, tail, _, _ in doubtful], [head for _, _, _, head, _ in doubtful]
    )
    for (plan, place, _, _, least), sure in zip(doubtful, seams.tolist(), strict=True):
        plan[place] = sure > least


def _unwrap(block: Sequence[Line], plan: dict[int, float | bool]) -> list[Line]:
    groups = [[block[0]]]
    for place, line in enumerate(block[1:], start=1):
        if plan[place]:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_glued(group) for group in groups]


def _starts_list(line: Line) -> bool:
    return line.kind == "heading" and line.style != "" and line.order > 0


def _glued(group: Sequence[Line]) -> Line:
    if len(group) == 1:
        return group[0]
    ink = "".join(line.ink for line in group)
    return replace(
        group[0],
        spans=tuple(span for line in group for span in line.spans),
        ink=ink,
        width=group[-1].width,
        kind="bare" if form(ink, ink)[0] == "bare" else "prose",
        style="",
        order=0,
    )
