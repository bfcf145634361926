"""Read the cells of a web page's table, spans filled in, and tell data tables from layout tables."""

from __future__ import annotations

import re
from typing import Any

from qa.reading.formats.writer import Writer

_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t]*[\r\n]\s*(?=[{_CHINESE}])")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_MOST_SPANS = 200  # columns or rows that one cell may cover


def grid_of(table: Any, skipped: set[int], writer: Writer) -> tuple[list[list[str]], int | None]:
    """Return the cells of a table, merged ones repeated, and the number of head rows if the markup states it.

    Raises:
        ReportError: there are too many cells.
    """
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column → rows that a cell above still covers, and its text
    heads = count = 0
    for line in table.css("tr"):
        cells: list[str] = []
        marks = []
        for cell in line.css("td, th"):
            while len(cells) in below:
                cells.append(_covered(below, len(cells)))
            text = "" if cell.mem_id in skipped else collapse_spaces(cell.text(separator=" ")).strip()
            wide, high = (_span(cell.attributes.get(key)) for key in ("colspan", "rowspan"))
            marks.append(cell.tag == "th" or (line.parent is not None and line.parent.tag == "thead"))
            for _ in range(wide):
                if high > 1:
                    below[len(cells)] = (high - 1, text)
                cells.append(text)
            writer.check_cells(count + len(cells))
        while len(cells) in below:
            cells.append(_covered(below, len(cells)))
        count += len(cells)
        heads += bool(marks) and all(marks) and heads == len(grid)
        grid.append(cells)
    return grid, heads or None


def _covered(below: dict[int, tuple[int, str]], column: int) -> str:
    rows, text = below.pop(column)
    if rows > 1:
        below[column] = (rows - 1, text)
    return text


def _span(value: str | None) -> int:
    digits = (value or "").strip()
    return max(1, min(_MOST_SPANS, int(digits[:10]))) if digits.isdecimal() else 1


def is_data(grid: list[list[str]]) -> bool:
    """Return whether a grid has several rows and columns of short cells; others are layout tables."""
    cells = [cell for row in grid for cell in row if cell]
    columns = max((len(row) for row in grid), default=0)
    return len(grid) >= 2 and columns >= 2 and len(cells) >= 4 and max(map(len, cells)) <= 300


def collapse_spaces(text: str) -> str:
    """Collapse white space as a browser does; a line break between Chinese characters is dropped."""
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text))
