"""Glyphs of a printed page → runs of text, line by line, and the text of a cell.

Coordinates are points from the top left corner of the page as it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

FIGURE = re.compile(r"[-+−]?\d[\d,.]*\s*[%％‰]?\S{0,3}$")
_CHINESE = re.compile("[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z0-9.,%+\-–/]+")


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


def text_of(glyphs: Iterable[Glyph]) -> str:
    """The text of one cell: its lines from top to bottom, joined."""
    text = ""
    for line in lines_of(runs_of(glyphs)):
        text = joined(text, joined_line(line))
    return text


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs on one line together, lines from top to bottom, runs from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.x0)):
        if lines and abs(run.middle - lines[-1][0].middle) < 0.5 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.x0) for line in lines]


def joined_line(line: Sequence[Run]) -> str:
    """The text of a line, a space where its runs stand apart."""
    text = line[0].text
    for left, right in pairwise(line):
        text += f" {right.text}" if right.x0 - left.x1 > 0.3 * right.size else right.text
    return text


def joined(before: str, after: str) -> str:
    """Lines joined: a space between Latin words, none inside a figure that a Chinese line cuts."""
    left, right = before[-1:], after[:1]
    if not (left.isascii() and right.isascii() and left.isalnum() and right.isalnum()):
        return before + after
    figure = left.isdigit() and right.isdigit() and _CHINESE.search(before[-40:])
    return before + after if figure else f"{before} {after}"
