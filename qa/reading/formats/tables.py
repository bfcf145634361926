"""Table cells to lines of text that can be understood and quoted alone.

A row becomes ``县区：鹿城；会员数：36.58万人；…``: every cell with the head of its column, a unit that stands in the
head moved to its figures. Merged cells are expected to be repeated in each place that they cover.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.reading.extract import Role
    from qa.reading.formats.writer import Writer

__all__ = ["table_lines", "write_table"]

_MAX_LINE = 240  # characters; a quotation may have 300
_MAX_HEAD = 24  # characters; a longer cell is no head of a column
_FIGURE = re.compile(r"[-+−]?\d[\d,，]*(\.\d+)?")
_FIGURE_WITH_UNIT = re.compile(r"[-+−]?\d[\d,，.]*\s*(?:[%％‰]|[万亿]?\w{0,2})")
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?")
_UNIT_IN_HEAD = re.compile(r"\s*[（(［【]\s*(?:单位[:：]\s*)?([^\W\d_]{1,5}|[%％‰])\s*[)）］】]\s*$")
_UNIT_OF_TABLE = re.compile(r"单位[:：]\s*([^\W\d_]{1,5}|[%％‰])\s*[)）］】]?\s*$")
_WITHOUT_UNIT = re.compile(
    r"序号|编号|代码|年|[率比%％‰]"
)  # heads whose figures the unit of the table is not for


def _head_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are heads: short words, until every column has a name of its own."""
    width = len(rows[0])
    if width == 2 and not any(_FIGURE_WITH_UNIT.fullmatch(row[1]) for row in rows[1:]):
        return 0  # names and what they stand for
    count = 0
    for row in rows[:-1][:3]:
        filled = [cell for cell in row if cell]
        figures = sum(1 for cell in filled if _FIGURE_WITH_UNIT.fullmatch(cell) and not _YEAR.fullmatch(cell))
        if len(filled) < 2 or figures or any(len(cell) > _MAX_HEAD for cell in filled):
            break
        count += 1
        if len(set(filled)) == width:
            break
    return count


def _head(column: Sequence[str]) -> str:
    """The words above a column from top to bottom, repetitions left out."""
    return " ".join(dict.fromkeys(filter(None, column)))


def _cell(head: str, cell: str, unit: str) -> str:
    own = _UNIT_IN_HEAD.search(head)
    if own and _FIGURE.fullmatch(cell):
        return f"{head[: own.start()]}：{cell}{own[1]}"
    if unit and not own and _FIGURE.fullmatch(cell) and not _WITHOUT_UNIT.search(head):
        return f"{head}：{cell}{unit}"
    return f"{head}：{cell}" if head else cell


def _wrapped(key: str, cells: Sequence[str]) -> list[str]:
    """Cells as lines of bounded length; each line opens with the key, which names the row."""
    lines = [key]
    for cell in cells:
        if len(lines[-1]) > len(key) and len(lines[-1]) + len(cell) > _MAX_LINE:
            lines.append(key)
        lines[-1] += f"；{cell}"
    return lines


def write_table(writer: Writer, grid: Sequence[Sequence[str]], head_rows: int | None = None) -> None:
    """Write the lines of :func:`table_lines`."""
    for line, role in table_lines(grid, head_rows):
        writer.add(line, role)


def table_lines(grid: Sequence[Sequence[str]], head_rows: int | None = None) -> Iterator[tuple[str, Role]]:
    """One line a row; ``head_rows=None`` where the format does not say which rows are heads.

    A first row ``县区 | 会员数（万人）`` above ``东城 | 36.58`` gives ``县区：东城；会员数：36.58万人``. A single cell
    across the whole table is a caption, inside the table as a heading of it.
    """
    width = max((len(row) for row in grid), default=0)
    rows = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in grid]
    rows = [row for row in rows if any(row)]
    unit = ""
    while rows and width > 1 and len(set(filter(None, rows[0]))) == 1 and len(rows) > 1:
        caption = next(filter(None, rows.pop(0)))
        stated = _UNIT_OF_TABLE.search(caption)
        unit = stated[1] if stated else unit
        head_rows = head_rows - 1 if head_rows else head_rows
        yield caption, "caption"
    if not rows:
        return
    count = _head_rows(rows) if head_rows is None else min(head_rows, len(rows) - 1)
    heads = [_head(column) for column in zip(*rows[:count], strict=True)] or [""] * width
    for row in rows[count:]:
        filled = [(head, cell) for head, cell in zip(heads, row, strict=True) if cell]
        if count == 0 and width == 2 and len(filled) == 2:
            yield f"{row[0].rstrip(':：')}：{row[1]}", "table row"
            continue
        if len({cell for _, cell in filled}) == 1:
            filled = [("", filled[0][1])]
        key, *cells = (_cell(head, cell, unit) for head, cell in filled)
        for line in _wrapped(key, cells):
            yield line, "table row"
