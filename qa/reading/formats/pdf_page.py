"""Put the runs of a printed page into reading order and join its lines into paragraphs, by geometry alone.

The order is a recursive X-Y cut (Nagy, Seth: Hierarchical representation of optically scanned documents, 1984) that
prefers columns: bands of lines are grouped as long as a gutter runs through them.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median
from typing import TypeAlias

from qa.reading.formats.pdf_runs import FIGURE, WORD, Fragment, Page, Run, join_lines, line_text, lines_of

_GUTTER = 0.9  # ems, the narrowest gutter between two columns
_COLUMN = 6.0  # ems, the narrowest column of prose
_APART = 1.4  # ems between lines that are no neighbours in one column
_SMALL = 0.9  # ems of the type of captions
_TRIES = 6  # groups of bands, the longest first, that are looked at for columns
_LINES = 5  # fewest lines of a column that show where its lines end
_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十\d]{1,3}[章节部编条]"
)
_ENDS = set("。！？…!?")
_Gaps: TypeAlias = list[tuple[float, float]]  # left and right edge of each


def fragments(page: Page) -> list[Fragment]:
    """Return the page as paragraphs and parts of paragraphs, in reading order."""
    return [fragment for region in _regions(list(page.runs)) for fragment in _paragraphs_of(lines_of(region))]


def _regions(runs: list[Run]) -> list[list[Run]]:
    """Return stretches of text that are read from top to bottom, in reading order."""
    if parts := _columns(runs):
        return [region for part in parts for region in _regions(part)]
    return [runs] if runs else []


def _columns(runs: Sequence[Run]) -> list[list[Run]]:
    """Return what stands above the longest group of bands with columns, its columns, and what stands below; if any."""
    if len(runs) < 4:
        return []
    em = median(run.size for run in runs)
    bands = _bands(runs)
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    ends = [_end_of_gutters(bands, at, left, right, em) for at in range(len(bands))]
    longest = sorted(range(len(bands)), key=lambda at: (at - ends[at][0], at))
    # of groups that only begin later than another, none
    apart = {(ends[at][0], len(ends[at][1])): at for at in reversed(longest)}
    for at in sorted(apart.values(), key=longest.index)[:_TRIES]:
        end, gutters = ends[at]
        if found := _columns_between(bands[at:end], gutters, em):
            first, last, columns = found
            above, below = bands[: at + first], bands[at + last :]
            return [[*chain.from_iterable(above)], *columns, [*chain.from_iterable(below)]]
    return []


def _bands(runs: Sequence[Run]) -> list[list[Run]]:
    """Group runs into horizontal bands that no run of another band reaches into."""
    bands: list[list[Run]] = []
    reach = 0.0
    for run in sorted(runs, key=lambda r: r.top):
        inset = 0.0 if run.cells else 0.2 * (run.bottom - run.top)  # line boxes of tight leading overlap
        if not bands or run.top + inset >= reach:
            bands.append([])
        bands[-1].append(run)
        reach = max(reach, run.bottom - inset)
    return bands


def _end_of_gutters(
    bands: Sequence[list[Run]], at: int, left: float, right: float, em: float
) -> tuple[int, _Gaps]:
    """Return the end of the longest group of bands from ``at`` with common gutters, and these."""
    gutters, end = [(left, right)], at
    for number, band in enumerate(bands[at:], at):
        if common := _both(gutters, _gaps(band, left, right), _GUTTER * em):
            gutters, end = common, number + 1
        elif number == at or any(run.cells or run.size > _SMALL * em for run in band):
            break  # but not at small type across a gutter, below a picture that is wider than a column
    return end, gutters


def _columns_between(
    bands: Sequence[list[Run]], gutters: _Gaps, em: float
) -> tuple[int, int, list[list[Run]]] | None:
    """Return which bands, from and to, have columns between the gutters or the widest of them, and the columns."""
    widest = sorted(gutters, key=lambda gap: gap[0] - gap[1])
    for count in range(len(widest), 0, -1):
        middles = sorted((start + stop) / 2 for start, stop in widest[:count])
        first, last = _beside_others(bands, middles, em)
        columns: list[list[Run]] = [[] for _ in range(len(middles) + 1)]
        across = list[Run]()
        for run in chain.from_iterable(bands[first:last]):
            column = bisect_right(middles, run.x0)
            (columns[column] if column == bisect_right(middles, run.x1) else across).append(run)
        if all(_is_prose(column, em) for column in columns):
            return first, last, [*columns, across]
    return None


def _beside_others(bands: Sequence[list[Run]], middles: Sequence[float], em: float) -> tuple[int, int]:
    """Return which bands, from and to, are left without those at either end that stand in one column, apart from the rest."""
    several = [len({bisect_right(middles, run.x0) for run in band}) > 1 for band in bands]
    below = [min(r.top for r in b) - max(r.bottom for r in a) > _APART * em for a, b in pairwise(bands)]
    if not any(several):
        return 0, len(bands)
    first, last = several.index(True), len(bands) - several[::-1].index(True)
    start = next((at + 1 for at in reversed(range(first)) if below[at]), 0)
    return start, next((at + 1 for at in range(last - 1, len(bands) - 1) if below[at]), len(bands))


def _gaps(band: Sequence[Run], left: float, right: float) -> _Gaps:
    gaps, edge = [], left
    for start, end in sorted([*((run.x0, run.x1) for run in band), (right, right)]):
        if start > edge:
            gaps.append((edge, start))
        edge = max(edge, end)
    return gaps


def _both(some: _Gaps, others: _Gaps, narrowest: float) -> _Gaps:
    """Return the gaps that are in both lists and wide enough."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(start, stop) for start, stop in both if stop - start >= narrowest]


def _is_prose(runs: Sequence[Run], em: float) -> bool:
    """Return whether the runs are a column of prose, a good part of whose lines reach from side to side, or several."""
    if not runs:
        return False
    width = max(run.x1 for run in runs) - min(run.x0 for run in runs)
    lines = lines_of(runs)
    full = sum(sum(run.x1 - run.x0 for run in line) > 0.75 * width for line in lines)
    if width >= _COLUMN * em and len(lines) >= 2 and full >= 0.4 * len(lines):
        return True
    return width > 2 * _COLUMN * em and bool(_columns(runs))


@dataclass(frozen=True, slots=True)
class _Column:
    """The usual values of a column: where lines begin and end, their distance, the type size."""

    left: float
    right: float
    step: float
    size: float


def _column(lines: Sequence[Sequence[Run]]) -> _Column:
    left = Counter(round(line[0].x0) for line in lines).most_common(1)[0][0]
    right = sorted(line[-1].x1 for line in lines)[int(0.95 * (len(lines) - 1))]
    steps = [below[0].middle - above[0].middle for above, below in pairwise(lines)]
    return _Column(left, right, median(steps) if steps else 0.0, median(line[0].size for line in lines))


def _paragraphs_of(lines: Sequence[Sequence[Run]]) -> list[Fragment]:
    """Return the paragraphs and tables of a column, top to bottom."""
    prose = [line for line in lines if not line[0].cells]
    if not prose:
        return [Fragment("", run.size, run.cells) for line in lines for run in line]
    column = _column(prose)
    done: list[Fragment] = []
    previous: Sequence[Run] | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        rows = _aligned(lines, at)
        at += len(rows) or 1
        if rows or line[0].cells:
            tables = [Fragment(run.text, run.size, run.cells) for run in line]
            done += [Fragment("", line[0].size, rows)] if rows else tables
            previous = None
            continue
        text = line_text(line)
        # the first line under a heading that fills its own
        heading = done[-1].text if previous is not None and done[-1].text == line_text(previous) else ""
        indented = line[0].x0 - column.left > 0.8 * line[0].size
        below = _NUMBERED.match(heading) is not None and indented
        if previous is None or below or _begins(previous, line, text, column):
            done.append(Fragment(text, line[0].size))
        else:
            done[-1] = Fragment(join_lines(done[-1].text, text), done[-1].size)
        previous = line
    if previous is not None and len(prose) >= _LINES and _fills(previous, done[-1], column):
        done[-1] = replace(done[-1], cut=True)
    return done


def _fills(line: Sequence[Run], part: Fragment, column: _Column) -> bool:
    """Return whether the last line of a column reaches its edge without ending a sentence."""
    size = line[0].size
    if part.text[-1] in _ENDS or abs(size / column.size - 1) > 0.12 or _NUMBERED.match(part.text):
        return False
    return column.right - line[-1].x1 < 1.2 * size and line[0].x0 - column.left < 2.5 * size


def _aligned(lines: Sequence[Sequence[Run]], at: int) -> tuple[tuple[str, ...], ...]:
    """Return the rows of an unruled table: at least three lines of as many runs, a column of figures."""
    end = at
    while end < len(lines) and len(lines[end]) == len(lines[at]) > 1 and not lines[end][0].cells:
        end += 1
    rows = tuple(tuple(run.text for run in line) for line in lines[at:end])
    columns = zip(*rows[1:], strict=True)
    return rows if len(rows) >= 3 and any(all(map(FIGURE.match, column)) for column in columns) else ()


def _begins(previous: Sequence[Run], line: Sequence[Run], text: str, column: _Column) -> bool:
    """Return whether a line begins a paragraph: by size, distance, indent, or room on the line before."""
    em, size = previous[0].size, line[0].size
    down, indent = line[0].middle - previous[0].middle, line[0].x0 - previous[0].x0
    farthest = max(1.15 * column.step, 1.2 * em) if em < 1.1 * column.size else 1.8 * em
    if abs(em / size - 1) > 0.12 or down > farthest or (len(previous) > 1 and len(line) > 1):
        return True  # two lines of several runs are rows of a table without rules
    if _centred(previous, column, 2.5, 1.0) and _centred(line, column, 2.5, 1.0):
        return bool(_NUMBERED.match(text))  # a long heading continues
    if _centred(previous, column, 1.0, 0.3) and not _centred(line, column, 1.0, 0.3):
        return True  # the line before is centred, however long it is
    if line[0].x0 - column.left > 0.8 * em and indent > 0.8 * em:
        return True
    word = WORD.match(text)
    first = 0.6 * em * len(word[0]) if word else em
    return column.right - previous[-1].x1 > max(2.2 * em, first + 1.2 * em)


def _centred(line: Sequence[Run], column: _Column, least: float, off: float) -> bool:
    """Return whether the space before a line is at least so many ems, and at most so many off that behind it."""
    before, after = line[0].x0 - column.left, column.right - line[-1].x1
    return before > least * line[0].size and abs(before - after) < off * line[0].size
