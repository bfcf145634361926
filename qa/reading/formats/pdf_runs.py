"""Join the glyphs of a printed page into runs and lines of text.

Coordinates are points from the top left corner of the page as shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from statistics import median

FIGURE = re.compile(r"[-+−]?\d[\d,.]*\s*[%％‰]?\S{0,3}$")
_CHINESE = re.compile("[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z0-9.,%+\-–/]+")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with the box of its font; ``size`` in points; ``pale`` if it may be invisible."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Adjacent glyphs of a line; or a table, which has ``cells`` and no text."""

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
    """The runs of a page, furniture included."""

    height: float
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A paragraph or the part of it in its column (``cut`` if it goes on), or a table (``cells``)."""

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
    """Keep text once that is printed twice in nearly the same place, as a shadow or to look bold."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for run in runs:
        x, y = round(run.x0 / 2), round(run.top / 2)
        if not any((run.text, x + i, y + j) in seen for i in (-1, 0, 1) for j in (-1, 0, 1)):
            kept.append(run)
            seen.add((run.text, x, y))
    return kept


def text_of(glyphs: Iterable[Glyph]) -> str:
    """Return the text of one cell: its lines from top to bottom, joined."""
    return reduce(join_lines, map(line_text, lines_of(runs_of(glyphs))), "")


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
