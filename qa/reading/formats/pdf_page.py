"""Printed pages by geometry alone: glyphs to runs, runs to reading order, page furniture found by repetition.

Coordinates are points from the top left corner of the page as it is shown. Reading order is a recursive X-Y cut
(Nagy, Seth: Hierarchical representation of optically scanned documents, 1984) that prefers columns: bands of
lines are grouped as long as a gutter runs through them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

__all__ = ["Fragment", "Glyph", "Page", "Run", "drop_furniture", "fragments", "runs_of", "text_of"]

_EDGE = 0.12  # of the page height, at the top and at the bottom, where furniture stands
_GUTTER = 0.9  # ems, the narrowest gutter between two columns
_COLUMN = 6.0  # ems, the narrowest column of prose
_LINES = 5  # of a column, fewest that tell where its lines end
_PAGE_NUMBER = re.compile(
    r"[\s\-—–_·•.~|/]*(?:第|[Pp]age|[Pp]\.?)?\s*(?:\d{1,4}|[ivxlIVXL]{1,6})\s*页?"
    r"(?:\s*(?:[/|,，]|of|共|/\s*共)\s*共?\s*\d{1,4}\s*页?)?[\s\-—–_·•.~|/]*"
)
_OWN_NUMBER = re.compile(r"^\W*\d+|\d+\W*页?\W*$")  # of the page, before or behind a running head
_FIGURE = re.compile(r"[-+−]?\d[\d,.]*\s*[%％‰]?\S{0,3}$")
_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十\d]{1,3}[章节部编条]"
)
_ENDS = set("。！？…!?")
_HANGING = set("，。、；：！？”’）》」』")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9.,%+\-–/]+")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with the box that the font gives it; ``size`` in points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs set side by side; or a table, which keeps its ``cells`` and has no text."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page, its furniture included."""

    height: float
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A paragraph as far as its column shows it, or a table (``cells``); ``cut`` where the column is over first."""

    text: str
    size: float
    cells: tuple[tuple[str, ...], ...] = ()
    cut: bool = False


def runs_of(glyphs: Iterable[Glyph]) -> list[Run]:
    """Join glyphs in the order they were printed; a wide gap or another line begins a new run."""
    runs: list[Run] = []
    current: list[Glyph] = []

    def close() -> None:
        if current:
            text = current[0].text
            for left, right in pairwise(current):
                space = right.x0 - left.x1 > 0.15 * right.size and not (_wide(left.text) or _wide(right.text))
                text += f" {right.text}" if space else right.text
            top, bottom = median(g.top for g in current), median(g.bottom for g in current)
            size = median(g.size for g in current)
            runs.append(Run(text, current[0].x0, top, max(g.x1 for g in current), bottom, size))
            current.clear()

    for glyph in glyphs:
        if glyph.text.isspace() or glyph.size < 1:
            continue
        if current:
            last, em = current[-1], max(glyph.size, current[-1].size)
            shift = abs((glyph.top + glyph.bottom) - (last.top + last.bottom)) / 2
            if shift > 0.5 * em or not -0.6 * em < glyph.x0 - last.x1 < 1.2 * em:
                close()
        current.append(glyph)
    close()
    return _without_doubles(runs)


def _wide(text: str) -> bool:
    return text > "\u2e7f"


def _without_doubles(runs: list[Run]) -> list[Run]:
    """Text printed twice in nearly the same place, as a shadow or to look bold, is kept once."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for run in runs:
        x, y = round(run.x0 / 2), round(run.top / 2)
        if not any((run.text, x + i, y + j) in seen for i in (-1, 0, 1) for j in (-1, 0, 1)):
            kept.append(run)
            seen.add((run.text, x, y))
    return kept


def drop_furniture(pages: Sequence[Page]) -> list[Page]:
    """Remove running heads, which stand in the same place of several pages, and page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_signature(run) for run in page.runs if _at_edge(run, page) and not run.cells})
    needed = 2 if len(pages) <= 4 else 3

    def is_furniture(run: Run, page: Page) -> bool:
        known = seen[_signature(run)] >= needed or _PAGE_NUMBER.fullmatch(run.text)
        return bool(known) and _at_edge(run, page) and not run.cells

    cleaned = []
    for page in pages:
        lines = _lines(page.runs)
        dropped: set[Run] = set()
        for inwards in (lines, lines[::-1]):
            edge: list[list[Run]] = []
            for line in inwards:
                if all(is_furniture(run, page) for run in line):
                    edge.append(line)
                    continue
                inner = line
                while edge and _distance(edge[-1][0], inner[0]) < 0.8 * inner[0].size:
                    inner = edge.pop()  # as near as this it is a line of the text
                break
            dropped.update(run for line in edge for run in line)
        cleaned.append(Page(page.height, tuple(run for run in page.runs if run not in dropped)))
    return cleaned


def _distance(one: Run, other: Run) -> float:
    return max(one.top, other.top) - min(one.bottom, other.bottom)


def _signature(run: Run) -> tuple[str, int]:
    return _OWN_NUMBER.sub("0", "".join(run.text.split())), round(run.middle / 4)


def _at_edge(run: Run, page: Page) -> bool:
    return run.bottom < _EDGE * page.height or run.top > (1 - _EDGE) * page.height


def fragments(page: Page) -> list[Fragment]:
    """The page as paragraphs and parts of paragraphs, in reading order."""
    return [fragment for region in _regions(list(page.runs)) for fragment in _paragraphs(_lines(region))]


def text_of(glyphs: Iterable[Glyph]) -> str:
    """The text of one cell: its lines from top to bottom, joined."""
    text = ""
    for line in _lines(runs_of(glyphs)):
        text = _joined(text, _text_of(line))
    return text


def _lines(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs on one line together, lines from top to bottom, runs from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.x0)):
        if lines and abs(run.middle - lines[-1][0].middle) < 0.5 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.x0) for line in lines]


def _regions(runs: list[Run]) -> list[list[Run]]:
    """Stretches of text that are read from top to bottom, in the order in which they are read."""
    if len(runs) < 4:
        return [runs] if runs else []
    em = median(run.size for run in runs)
    regions: list[list[Run]] = []
    plain: list[Run] = []
    bands = _bands(runs)
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    at = 0
    while at < len(bands):
        end, columns = _columns_from(bands, at, left, right, em)
        if columns:
            if plain:
                regions.append(plain)
                plain = []
            for column in columns:
                regions += _regions(column)
            at = end
        else:
            plain += bands[at]
            at += 1
    return [*regions, plain] if plain else regions


def _bands(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs cut into horizontal bands that no run of another band reaches into."""
    bands: list[list[Run]] = []
    reach = 0.0
    for run in sorted(runs, key=lambda r: r.top):
        inset = 0.0 if run.cells else 0.2 * (run.bottom - run.top)  # line boxes of tight leading overlap
        if bands and run.top + inset < reach:
            bands[-1].append(run)
        else:
            bands.append([run])
        reach = max(reach, run.bottom - inset)
    return bands


def _columns_from(
    bands: Sequence[list[Run]], at: int, left: float, right: float, em: float
) -> tuple[int, list[list[Run]]]:
    """The two halves of the longest group of bands from ``at`` with a gutter, or nothing."""
    free = [(left, right)]
    end = at
    while end < len(bands):
        still = _intersection(free, _gaps(bands[end], left, right), _GUTTER * em)
        if not still:
            break
        free = still
        end += 1
    group = [run for band in bands[at:end] for run in band]
    for start, stop in sorted(free, key=lambda gap: gap[0] - gap[1]):
        before = [run for run in group if run.x1 <= start + 0.6 * em]
        after = [run for run in group if run.x0 >= stop - 0.1]
        if _is_column(before, em) and _is_column(after, em):
            cut = _end_of_columns(bands, at, end, stop)
            kept = {id(run) for band in bands[at:cut] for run in band}
            return cut, [[run for run in half if id(run) in kept] for half in (before, after)]
    return at, []


def _end_of_columns(bands: Sequence[list[Run]], at: int, end: int, stop: float) -> int:
    """Leave out the heading of what follows across the page: left of the gutter, but apart from the column."""
    last = max(i for i in range(at, end) if any(run.x0 >= stop - 0.1 for run in bands[i]))
    if end == len(bands) or end - last > 4:
        return end  # nothing follows, or the left column is simply the longer one
    above = max(
        (run for band in bands[at : last + 1] for run in band if run.x0 < stop), key=lambda r: r.bottom
    )
    for i in range(last + 1, end):
        below = min(bands[i], key=lambda r: r.top)
        if below.top - above.bottom > 1.2 * above.size or abs(above.size / below.size - 1) > 0.12:
            return i
        above = max(bands[i], key=lambda r: r.bottom)
    return end


def _gaps(band: Sequence[Run], left: float, right: float) -> list[tuple[float, float]]:
    gaps, edge = [], left
    for run in sorted(band, key=lambda r: r.x0):
        if run.x0 > edge:
            gaps.append((edge, run.x0))
        hangs = run.text[-1:] in _HANGING  # punctuation may hang into the gutter; its ink is half as wide
        edge = max(edge, run.x1 - 0.5 * run.size * hangs)
    return [*gaps, (edge, right)] if right > edge else gaps


def _intersection(
    some: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]], narrowest: float
) -> list[tuple[float, float]]:
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(start, stop) for start, stop in both if stop - start >= narrowest]


def _is_column(runs: Sequence[Run], em: float) -> bool:
    """Prose fills its column: a good part of the lines reach from one side to the other."""
    if not runs:
        return False
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    if right - left < _COLUMN * em:
        return False
    lines = _lines(runs)
    full = sum(1 for line in lines if sum(run.x1 - run.x0 for run in line) > 0.75 * (right - left))
    return len(lines) >= 2 and full >= 0.4 * len(lines)


@dataclass(frozen=True, slots=True)
class _Column:
    """What is usual in a column: where lines begin and end, their distance, the size of type."""

    left: float
    right: float
    step: float
    size: float


def _column(lines: Sequence[Sequence[Run]]) -> _Column:
    left = Counter(round(line[0].x0) for line in lines).most_common(1)[0][0]
    right = sorted(line[-1].x1 for line in lines)[int(0.95 * (len(lines) - 1))]
    steps = [below[0].middle - above[0].middle for above, below in pairwise(lines)]
    return _Column(left, right, median(steps) if steps else 0.0, median(line[0].size for line in lines))


def _paragraphs(lines: Sequence[Sequence[Run]]) -> list[Fragment]:
    """Join the lines of a column while nothing says that a paragraph begins."""
    prose = [line for line in lines if not line[0].cells]
    if not prose:
        return [Fragment("", run.size, run.cells) for line in lines for run in line]
    column = _column(prose)
    done: list[Fragment] = []
    previous: Sequence[Run] | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if rows := _aligned(lines, at - 1):
            done.append(Fragment("", line[0].size, rows))
            previous = None
            at += len(rows) - 1
            continue
        if line[0].cells:
            done += [Fragment(run.text, run.size, run.cells) for run in line]
            previous = None
            continue
        text = _text_of(line)
        if previous is None or _begins(previous, line, text, column):
            done.append(Fragment(text, line[0].size))
        else:
            done[-1] = Fragment(_joined(done[-1].text, text), done[-1].size)
        previous = line
    if previous is not None and len(prose) >= _LINES and _fills(previous, done[-1], column):
        done[-1] = replace(done[-1], cut=True)
    return done


def _fills(line: Sequence[Run], part: Fragment, column: _Column) -> bool:
    """Whether the last line of a column runs up to its edge without an end, as the lines of a paragraph do."""
    size = line[0].size
    if part.text[-1] in _ENDS or abs(size / column.size - 1) > 0.12 or _NUMBERED.match(part.text):
        return False
    return column.right - line[-1].x1 < 1.2 * size and line[0].x0 - column.left < 2.5 * size


def _aligned(lines: Sequence[Sequence[Run]], at: int) -> tuple[tuple[str, ...], ...]:
    """A table without rules: three or more lines in as many pieces, a column of figures among them."""
    end = at
    while end < len(lines) and len(lines[end]) == len(lines[at]) > 1 and not lines[end][0].cells:
        end += 1
    rows = tuple(tuple(run.text for run in line) for line in lines[at:end])
    columns = zip(*rows[1:], strict=True)
    return rows if len(rows) >= 3 and any(all(map(_FIGURE.match, column)) for column in columns) else ()


def _begins(previous: Sequence[Run], line: Sequence[Run], text: str, column: _Column) -> bool:
    """Whether a line begins a paragraph: by size, distance, indent, or room left on the line before."""
    em, size = previous[0].size, line[0].size
    down = line[0].middle - previous[0].middle
    farthest = max(1.15 * column.step, 1.2 * em) if em < 1.1 * column.size else 1.8 * em
    if abs(em / size - 1) > 0.12 or down > farthest or (len(previous) > 1 and len(line) > 1):
        return True  # two lines in pieces are rows of a table without rules
    if _centred(previous, column) and _centred(line, column):
        return bool(_NUMBERED.match(text))  # a long heading goes on
    if _symmetric(previous, column) and not _symmetric(line, column):
        return True  # a line set in the middle of its column, as long as it may be
    indent = line[0].x0 - previous[0].x0
    if line[0].x0 - column.left > 0.8 * em and indent > 0.8 * em:
        return True
    word = _WORD.match(text)
    first = 0.6 * em * len(word[0]) if word else em
    return column.right - previous[-1].x1 > max(2.2 * em, first + 1.2 * em)


def _centred(line: Sequence[Run], column: _Column) -> bool:
    before, after = line[0].x0 - column.left, column.right - line[-1].x1
    return before > 2.5 * line[0].size and abs(before - after) < line[0].size


def _symmetric(line: Sequence[Run], column: _Column) -> bool:
    before, after = line[0].x0 - column.left, column.right - line[-1].x1
    return before > line[0].size and abs(before - after) < 0.3 * line[0].size


def _text_of(line: Sequence[Run]) -> str:
    text = line[0].text
    for left, right in pairwise(line):
        text += f" {right.text}" if right.x0 - left.x1 > 0.3 * right.size else right.text
    return text


def _joined(before: str, after: str) -> str:
    """Lines joined: a space between Latin words, none inside a figure that a Chinese line cuts."""
    left, right = before[-1:], after[:1]
    if not (left.isascii() and right.isascii() and left.isalnum() and right.isalnum()):
        return before + after
    figure = left.isdigit() and right.isdigit() and _CHINESE.search(before[-40:])
    return before + after if figure else f"{before} {after}"
