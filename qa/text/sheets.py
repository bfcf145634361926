"""Write rows as CSV and XLSX, safe from formula injection."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

from qa.errors import writing
from qa.text.normal import visible

Row: TypeAlias = tuple[str | float | int | None, ...]

_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－\uff20|%]")  # a formula or command to a spreadsheet
_BREAKS = str.maketrans("", "", "\r\u2028\u2029")  # what ends a line besides \n
CELL_CHARACTERS = 32_767  # limit of a cell in XLSX
WIDEST = 60  # column of a workbook, in digits


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows as CSV; text that a spreadsheet would run is prefixed with an apostrophe."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([_safe(cell) for cell in row] for row in rows)
    return file.getvalue()


def write_xlsx(path: Path, sheets: Iterable[tuple[str, Sequence[Row]]]) -> None:
    """Write sheets of (name, rows) as a workbook, first rows frozen, columns as wide as their cells; QAError if that fails."""
    import openpyxl
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, cells in enumerate(zip_longest(*rows), start=1):
            width = min(max(map(_width, cells)) + 2, WIDEST)
            sheet.column_dimensions[get_column_letter(number)].width = width
        for row in rows:
            sheet.append([_safe(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    with writing(path) as file:
        file.write_bytes(content.getvalue())


def _width(cell: str | float | int | None) -> int:
    """Return the width of a cell's longest line, in digits: a Chinese character is as wide as two."""
    lines = str("" if cell is None else cell).splitlines()
    return max((len(line) + sum(not c.isascii() for c in line) for line in lines), default=0)


def _safe(cell: str | float | int | None) -> str | float | int | None:
    if not isinstance(cell, str):
        return cell
    text = visible(cell).translate(_BREAKS)[: CELL_CHARACTERS - 1]
    return f"'{text}" if _FORMULA.match(text.lstrip(" \u3000")) else text
