"""Split two columns printed side by side in a text, and read the left one before the right one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from qa.reading.layout.characters import columns, finished

_GUTTER = re.compile(r"(?<=\S)[ \u3000\t]{2,}(?=\S)")
_PAGE = re.compile(r"[\s\d第页共版/—–·-]*")  # a line that ends a page
FEWEST, ON_A_PAGE = 6, 4  # fewest lines with both columns, in the text and on each page
BOTH, TORN = 0.5, 0.4  # least share of lines with both columns, and of pieces that end no sentence
NARROWEST = 16  # display columns of a column
LONGEST = 300  # characters of a printed line
SLACK = 4  # display columns by which the first line of a paragraph is indented


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a printed line in one column: text offsets, and the column's first display column."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Page:
    """Lines with two columns: the end of the last one, and their pieces in reading order."""

    end: int
    pieces: tuple[Piece, ...]


def side_by_side(text: str, printed: Sequence[re.Match[str]]) -> dict[int, Page]:
    """Return pages of two columns by the offset of their first line, from the lines of the text."""
    if sum(1 for _ in islice(_GUTTER.finditer(text), FEWEST)) < FEWEST:
        return {}
    found: dict[int, Page] = {}
    numbers = range(len(printed))
    for is_break, group in groupby(numbers, key=lambda n: bool(_PAGE.fullmatch(printed[n].group()))):
        pages = [] if is_break else _pages(printed, list(group))
        for first, last, gutter in pages:
            pieces = tuple(_cut(printed, range(first, last + 1), gutter))
            found[printed[first].start()] = Page(printed[last].end(), pieces)
    return found


def _pages(printed: Sequence[re.Match[str]], numbers: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return runs of lines that a gutter divides, as (first, last, display column of the right one)."""
    starts = Counter(
        columns(line[: gap.end()])
        for line in (printed[n].group()[:LONGEST] for n in numbers)
        for gap in _GUTTER.finditer(line)
    )
    gutter = max(starts, key=lambda at: (starts[at] + starts[at + SLACK], -at), default=0)
    if starts[gutter] + starts[gutter + SLACK] < ON_A_PAGE:
        return []
    pages = []
    for clear, run in groupby(numbers, key=lambda n: _divided(printed[n].group(), gutter) is not None):
        members = list(run) if clear else []
        pieces = [_divided(printed[n].group(), gutter) or ("", "") for n in members]
        both = [pair for pair in pieces if all(pair)]
        torn = sum(not finished(side) for pair in both for side in pair)
        wide = sum(columns(side) >= NARROWEST for pair in both for side in pair)
        enough = len(both) >= max(ON_A_PAGE, BOTH * len(members))
        if enough and min(torn / TORN, wide / BOTH) >= 2 * len(both):
            first = next(n for n, pair in zip(members, pieces, strict=True) if pair[1])
            pages.append((first, members[-1], gutter))
    return pages


def _divided(line: str, gutter: int) -> tuple[str, str] | None:
    """Return the text on each side of the gutter; None if the line is too long or crosses it."""
    if len(line) > LONGEST:
        return None
    at = _index_at(line, gutter)
    before = line[:at]
    clear = columns(before) < gutter or before[-2:].isspace()
    if clear and (at == len(line) or before[-1:].isspace()):
        return before.strip(), line[at:].strip()
    return None


def _index_at(line: str, gutter: int) -> int:
    """Return the index of the first character at or after this display column."""
    width = 0
    for place, character in enumerate(line):
        if width >= gutter:
            return place
        width += columns(character)
    return len(line)


def _cut(printed: Sequence[re.Match[str]], numbers: Sequence[int], gutter: int) -> list[Piece]:
    left: list[Piece] = []
    right: list[Piece] = []
    for number in numbers:
        line, start = printed[number].group(), printed[number].start()
        at = _index_at(line, gutter)
        for side, begin, end, column in ((left, 0, at, 0), (right, at, len(line), gutter)):
            piece = line[begin:end]
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                side.append(Piece(start + begin + lead, start + begin + len(piece.rstrip()), column))
    return [*left, *right]
