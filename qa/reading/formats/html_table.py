"""A table of a web page → its cells, row by row, spans filled in; and whether it holds data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.reading.formats.writer import Writer

if TYPE_CHECKING:
    pass

_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t]*[\r\n]\s*(?=[{_CHINESE}])")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_MOST_SPANS = 200  # columns or rows that one cell may cover


def grid_of(table: Any, skipped: set[int], writer: Writer) -> tuple[list[list[str]], int | None]:
    """Cells of a table, merged ones repeated, and the number of its head rows where the markup tells.

    Raises:
        ReportError: there are more than the writer takes.
    """
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column → rows still covered from above, and their text
    heads = count = 0
    for line in table.css("tr"):
        cells: list[str] = []
        marks = []
        for cell in line.css("td, th"):
            while len(cells) in below:
                cells.append(_covered(below, len(cells)))
            text = "" if cell.mem_id in skipped else plain(cell.text(separator=" ")).strip()
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
    """Several rows and columns of short cells; anything else only places text on the page."""
    cells = [cell for row in grid for cell in row if cell]
    columns = max((len(row) for row in grid), default=0)
    return len(grid) >= 2 and columns >= 2 and len(cells) >= 4 and max(map(len, cells)) <= 300


def plain(text: str) -> str:
    """White space as a browser shows it; a line break between Chinese characters shows nothing."""
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text))
