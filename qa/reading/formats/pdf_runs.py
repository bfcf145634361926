"""Join the glyphs of a printed page into runs and lines of text, and those between rules into tables.

Rules that cross make a grid; missing rules merge its cells. Coordinates are points from the top left as shown.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, pairwise
from statistics import median
from typing import TypeAlias

from qa.reading.formats import is_note
from qa.reading.formats.tables import LONGEST_MEAN

FIGURE = re.compile(r"[-+−]?\d[\d,.]*\s*[%％‰]?\S{0,3}$")
_CHINESE = re.compile("[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z0-9.,%+\-–/]+")
_NEAR = 3.0  # points: rules that end this close to another one touch it
_MOST_LINES = 300  # in each direction; a page with more holds a drawing
_FEWEST_FILLED = 0.35  # of the cells; the grid of a chart is nearly empty


@dataclass(frozen=True, slots=True)
class Run:
    """Adjacent characters of a line with the box of their font; or a table, which has ``cells`` and no text."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float  # points
    cells: tuple[tuple[str, ...], ...] = ()
    pale: bool = False  # whether it may be invisible

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Glyph: TypeAlias = Run  # of a single character


@dataclass(frozen=True, slots=True)
class Page:
    """The runs of a page, furniture included; ``head`` is a running head with words of its own."""

    height: float
    runs: tuple[Run, ...]
    head: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A paragraph or the part of it in its column (``cut`` if it goes on), a note, or a table (``cells``)."""

    text: str
    size: float
    cells: tuple[tuple[str, ...], ...] = ()
    cut: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line: at coordinate ``at``, from ``start`` to ``end`` along its direction."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Borders of columns and rows; ``owners[row][column]`` numbers the cells, merged ones equal."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owners: tuple[tuple[int, ...], ...]

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the number of the cell at a point, None outside of the table."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.owners[bisect_right(self.ys, y) - 1][bisect_right(self.xs, x) - 1]


def _without_notes(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Return the visible characters without the raised numbers of notes, which join no figure before them."""
    kept: list[Glyph] = []
    raised: list[Glyph] = []
    visible = (glyph for glyph in glyphs if glyph.size >= 1 and not glyph.text.isspace())
    for glyph in chain(visible, (None,)):
        if glyph and kept and _is_raised(glyph, (raised or kept)[-1].x1, kept[-1]):
            raised.append(glyph)
            continue
        if raised and not is_note("".join(each.text for each in raised), kept[-1].text):
            kept += raised
        raised = []
        kept += [glyph] if glyph else []
    return kept


def _is_raised(glyph: Glyph, end: float, base: Glyph) -> bool:
    """Return whether a glyph is smaller and higher than the one before it, and close to where that or its like ends."""
    higher = base.top - base.size < glyph.top and glyph.bottom < base.bottom - 0.1 * base.size
    return glyph.size < 0.8 * base.size and higher and abs(glyph.x0 - end) < 0.5 * base.size


def runs_of(glyphs: Iterable[Glyph]) -> list[Run]:
    """Join glyphs in the order they were printed; a wide gap or another line begins a new run."""
    groups: list[list[Glyph]] = []
    for glyph in _without_notes(glyphs):
        last = groups[-1][-1] if groups else glyph
        em = max(glyph.size, last.size)
        near = abs(glyph.middle - last.middle) <= 0.5 * em and -0.6 * em < glyph.x0 - last.x1 < 1.2 * em
        if not groups or not near:
            groups.append([])
        groups[-1].append(glyph)
    return list(map(_run, groups))


def _run(glyphs: Sequence[Glyph]) -> Run:
    text = glyphs[0].text
    for left, right in pairwise(glyphs):
        chinese = max(left.text, right.text) > "\u2e7f"
        text += f" {right.text}" if right.x0 - left.x1 > 0.15 * right.size and not chinese else right.text
    top, bottom, size = (median(getattr(g, name) for g in glyphs) for name in ("top", "bottom", "size"))
    return Run(text, glyphs[0].x0, top, max(g.x1 for g in glyphs), bottom, size)


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Group runs into lines from top to bottom, runs from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.x0)):
        if lines and abs(run.middle - lines[-1][0].middle) < 0.5 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.x0) for line in lines]


def line_text(line: Sequence[Run]) -> str:
    """Return the text of a line, with a space where its runs are apart."""
    text = line[0].text
    for left, right in pairwise(line):
        text += f" {right.text}" if right.x0 - left.x1 > 0.3 * right.size else right.text
    return text


def join_lines(before: str, after: str) -> str:
    """Join two lines, with a space between Latin words but not inside a figure in Chinese text."""
    left, right = before[-1:], after[:1]
    if not (left.isascii() and right.isascii() and left.isalnum() and right.isalnum()):
        return before + after
    figure = left.isdigit() and right.isdigit() and _CHINESE.search(before[-40:])
    return before + after if figure else f"{before} {after}"


def split_tables(glyphs: Sequence[Glyph], grids: Iterable[Grid]) -> tuple[list[Glyph], list[Run]]:
    """Return the glyphs outside of tables, and the tables as runs with cells."""
    tables = []
    for grid in grids:
        inside: dict[int, list[Glyph]] = {}
        outside: list[Glyph] = []
        for glyph in glyphs:
            cell = grid.cell_at((glyph.x0 + glyph.x1) / 2, glyph.middle)
            members = outside if cell is None else inside.setdefault(cell, [])
            members.append(glyph)
        lines = {cell: map(line_text, lines_of(runs_of(members))) for cell, members in inside.items()}
        texts = {cell: text for cell, own in lines.items() if (text := reduce(join_lines, own, ""))}
        cells = {cell for row in grid.owners for cell in row}
        filled = len(texts) >= max(2, _FEWEST_FILLED * len(cells))
        if not filled or sum(map(len, texts.values())) > LONGEST_MEAN * len(texts):
            continue
        rows = tuple(tuple(texts.get(cell, "") for cell in row) for row in grid.owners)
        size = max(glyph.size for members in inside.values() for glyph in members)
        tables.append(Run("", grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1], size, rows))
        glyphs = outside
    return list(glyphs), tables


def grids_of(rules: Iterable[Rule]) -> list[Grid]:
    """Return grids of at least two rows and two columns, from top to bottom."""
    rules = list(rules)
    across = _merged(rule for rule in rules if rule.horizontal)
    down = _merged(rule for rule in rules if not rule.horizontal)
    if len(across) > _MOST_LINES or len(down) > _MOST_LINES:
        return []
    grids = (_grid(*group) for group in _connected(across, down))
    return sorted((grid for grid in grids if grid), key=lambda grid: grid.ys[0])


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Merge the pieces of one line; a double border is one line."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.at, r.start)):
        for i in range(len(merged) - 1, -1, -1):
            other = merged[i]
            if rule.at - other.at > _NEAR:
                merged.append(rule)
                break
            if rule.start <= other.end + _NEAR and other.start <= rule.end + _NEAR:
                start, end = min(other.start, rule.start), max(other.end, rule.end)
                merged[i] = Rule(rule.horizontal, other.at, start, end)
                break
        else:
            merged.append(rule)
    return merged


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Group lines that touch one another, directly or through others."""
    groups: list[tuple[list[Rule], list[Rule]]] = []
    waiting = list(down)
    left = list(across)
    while left:
        rows, columns = [left.pop()], list[Rule]()
        for row in rows:  # grows while it is read
            touched = [column for column in waiting if _touch(row, column)]
            waiting = [column for column in waiting if column not in touched]
            columns += touched
            rows += [other for other in left if any(_touch(other, column) for column in touched)]
            left = [other for other in left if other not in rows]
        groups.append((rows, columns))
    return groups


def _touch(row: Rule, column: Rule) -> bool:
    across = row.start - _NEAR <= column.at <= row.end + _NEAR
    return across and column.start - _NEAR <= row.at <= column.end + _NEAR


def _grid(across: Sequence[Rule], down: Sequence[Rule]) -> Grid | None:
    if not across or not down:
        return None
    # Sides that are left open are closed where the lines of the other direction end.
    xs = _borders([r.at for r in down] + [min(r.start for r in across), max(r.end for r in across)])
    ys = _borders([r.at for r in across] + [min(r.start for r in down), max(r.end for r in down)])
    if len(xs) < 3 or len(ys) < 3:
        return None
    owners: list[list[int]] = []
    for i, (top, bottom) in enumerate(pairwise(ys)):
        owners.append([])
        for j, (x0, x1) in enumerate(pairwise(xs)):
            owner = i * len(xs) + j
            if j > 0 and not _ruled(down, x0, (top + bottom) / 2):
                owner = owners[i][j - 1]
            elif i > 0 and not _ruled(across, top, (x0 + x1) / 2):
                owner = owners[i - 1][j]
            owners[i].append(owner)
    return Grid(tuple(xs), tuple(ys), tuple(map(tuple, owners)))


def _borders(positions: Iterable[float]) -> list[float]:
    borders: list[float] = []
    for position in sorted(positions):
        if not borders or position - borders[-1] > _NEAR:
            borders.append(position)
    return borders


def _ruled(rules: Iterable[Rule], at: float, along: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.start <= along <= rule.end for rule in rules)
