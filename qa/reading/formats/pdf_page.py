"""Put the runs of a printed page into reading order, by geometry alone.

Coordinates are points from the top left corner of the page as shown. The order is a recursive X-Y cut (Nagy,
Seth: Hierarchical representation of optically scanned documents, 1984) that prefers columns: bands of lines
are grouped as long as a gutter runs through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from qa.reading.formats.pdf_paragraphs import HANGING, paragraphs_of
from qa.reading.formats.pdf_runs import Fragment, Page, Run, lines_of

_GUTTER = 0.9  # ems, the narrowest gutter between two columns
_COLUMN = 6.0  # ems, the narrowest column of prose


def fragments(page: Page) -> list[Fragment]:
    """Return the page as paragraphs and parts of paragraphs, in reading order."""
    return [fragment for region in _regions(list(page.runs)) for fragment in paragraphs_of(lines_of(region))]


def _regions(runs: list[Run]) -> list[list[Run]]:
    """Return stretches of text that are read from top to bottom, in reading order."""
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
            regions += [plain] if plain else []
            plain = []
            regions += [region for column in columns for region in _regions(column)]
            at = end
        else:
            plain += bands[at]
            at += 1
    return [*regions, plain] if plain else regions


def _bands(runs: Sequence[Run]) -> list[list[Run]]:
    """Group runs into horizontal bands that no run of another band reaches into."""
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
    """Return the end and the columns of the longest group of bands from ``at`` with a gutter, if any."""
    gutters = [(left, right)]
    end = at
    while end < len(bands):
        common = _intersection(gutters, _gaps(bands[end], left, right), _GUTTER * em)
        if not common:
            break
        gutters = common
        end += 1
    group = [run for band in bands[at:end] for run in band]
    for start, stop in sorted(gutters, key=lambda gap: gap[0] - gap[1]):
        before = [run for run in group if run.x1 <= start + 0.6 * em]
        after = [run for run in group if run.x0 >= stop - 0.1]
        if _is_column(before, em) and _is_column(after, em):
            cut = _end_of_columns(bands, at, end, stop)
            kept = {id(run) for band in bands[at:cut] for run in band}
            return cut, [[run for run in half if id(run) in kept] for half in (before, after)]
    return at, []


def _end_of_columns(bands: Sequence[list[Run]], at: int, end: int, stop: float) -> int:
    """Return where the columns end, before a heading of what follows on the left of the gutter."""
    last = max(i for i in range(at, end) if any(run.x0 >= stop - 0.1 for run in bands[i]))
    if end == len(bands) or end - last > 4:
        return end  # nothing follows, or the left column is simply the longer one
    left = (run for band in bands[at : last + 1] for run in band if run.x0 < stop)
    above = max(left, key=lambda r: r.bottom)
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
        hangs = run.text[-1:] in HANGING  # punctuation may hang into the gutter; its ink is half as wide
        edge = max(edge, run.x1 - 0.5 * run.size * hangs)
    return [*gaps, (edge, right)] if right > edge else gaps


def _intersection(
    some: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]], narrowest: float
) -> list[tuple[float, float]]:
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(start, stop) for start, stop in both if stop - start >= narrowest]


def _is_column(runs: Sequence[Run], em: float) -> bool:
    """Return whether the runs are a column of prose: a good part of its lines reach from side to side."""
    if not runs:
        return False
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    if right - left < _COLUMN * em:
        return False
    lines = lines_of(runs)
    full = sum(sum(run.x1 - run.x0 for run in line) > 0.75 * (right - left) for line in lines)
    return len(lines) >= 2 and full >= 0.4 * len(lines)
