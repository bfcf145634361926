"""Hard wraps: lines that an export cut at a fixed width become one line again.

Blocks are runs of lines without a blank line between. A block is wrapped where most of its lines are about as wide as
the widest and many stop in the middle of a sentence. Inside it a full line goes on in the next one, unless the next
is indented or the language model says that a paragraph ends here and another begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.reading.layout import ngrams
from qa.reading.layout.characters import finished
from qa.reading.layout.records import Decision, Line

__all__ = ["unwrap"]

SLACK = 6  # columns that a full line may lack: a wide character, and punctuation that moved to the next line
NARROWEST, WIDEST = 16, 140  # columns of a wrapped text
FULL = 0.55  # share of full lines in a wrapped block
OPEN = 0.4  # share of lines that stop in mid-sentence


def unwrap(found: Sequence[Line]) -> tuple[list[Line], list[Decision]]:
    """Lines with hard wraps undone, and one decision for each block."""
    result: list[Line] = []
    decisions: list[Decision] = []
    blocks = list(_blocks(found))
    wide = _page_width(blocks)
    for block in blocks:
        width = _wrapped(block, wide)
        if not width:
            result.extend(block)
            continue
        joined = _unwrap(block, width)
        if len(joined) < len(block):
            reason = f"这几行宽度相近（约 {width} 列）且多在句中断开，是硬换行"
            decisions.append(Decision("join", (block[0].start, block[-1].end), None, 0.9, reason))
        result.extend(joined)
    return result, decisions


def _blocks(found: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in found:
        loose = not line.fixed and line.kind in ("prose", "bare", "heading", "caption", "byline")
        if block and (line.gap or not loose):
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


def _unwrap(block: Sequence[Line], width: int) -> list[Line]:
    indents = sorted(line.indent for line in block)
    usual = indents[len(indents) // 2]
    marked = any(line.indent > usual + 1 for line in block)
    seams = ngrams.load().seams([a.ink for a in block[:-1]], [b.ink for b in block[1:]])
    merged = [block[0]]
    for number, following in enumerate(block[1:]):
        line = block[number]
        evidence = float(seams.fit[number] - seams.beginning[number] - seams.ending[number])
        full = line.width + line.indent >= width - SLACK
        if following.indent > usual + 1 or _starts_list(following):
            glue = False
        elif finished(line.ink):
            glue = full and (marked or evidence > -3.5)
        else:
            glue = evidence > (-6.0 if full else 2.0)
        if glue:
            merged[-1] = _glue(merged[-1], following)
        else:
            merged.append(following)
    return merged


def _starts_list(line: Line) -> bool:
    return line.kind == "heading" and line.style != "" and line.order > 0


def _glue(first: Line, second: Line) -> Line:
    return replace(
        first, spans=first.spans + second.spans, ink=first.ink + second.ink, width=second.width, kind="prose", style="",
        order=0,
    )  # fmt: skip
