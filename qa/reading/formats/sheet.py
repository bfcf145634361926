"""Parse xlsx, csv and tsv: one line of text a row, every cell with the head of its column.

openpyxl was chosen although python-calamine is twenty times as fast: only openpyxl gives number formats
(0.923 is shown as 92.3%) and merged cells (two rows of heads).
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.parsers import expat

from qa.errors import ReportError
from qa.reading.archives import each_element, open_archive
from qa.reading.encoding import read_text
from qa.reading.formats import Extract, Writer, check_cells
from qa.reading.formats.tables import write_table
from qa.reading.limits import EXPANDED_BYTES

_NUMBER_FORMAT = re.compile(
    r"(?<![.#0?])[#0?]+(?P<comma>(?:,[#0?]+)*)(?:(?:\.|(?P<shift>\0))(?P<decimals>[#0?]+))?(?P<thousands>,*)\s*(?P<percent>%)?"
)
_MARKS = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.|\[[^\]]*\]')  # of a number format, around its digits
_CONDITION = re.compile(r"\[[<>=]")
_MORE_DIGITS = re.compile(r"[#0?%]|/\s*\d")  # beside the digits of a number format: a fraction, an exponent
_LITERAL = re.compile(r'"([^"]*)"\s*$|([万亿千元人个件家户次]+)\s*$')
# A cell with a formula and no result of it; an empty text is one.
_PENDING = re.compile(
    rb'<c\b(?![^<>]*\bt="str")[^<>]*>\s*<f\b(?:[^<>]*/>|[^<>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)'
)
_NAMELESS = re.compile(r"(?:Sheet|工作表|表)\s*\d*", re.IGNORECASE)
_DELIMITERS = ",\t;|"
_STATED = re.compile(r"sep=(.)\r?\n")  # first line of a file that says what stands between its cells
# Number formats of Chinese Excel and WPS by number, which files use without stating them; openpyxl lacks them.
_CHINESE_FORMATS = {
    'yyyy"年"m"月"': (27, 36, 50, 52, 57),
    'm"月"d"日"': (28, 29, 51, 53, 54, 58),
    "m-d-yy": (30,),
    'yyyy"年"m"月"d"日"': (31,),
    'h"时"mm"分"': (32,),
    'h"时"mm"分"ss"秒"': (33,),
}
_STOPS = ("。", "！", "？", "；", "：")


def extract(path: Path) -> Extract:
    """Parse an xlsx, csv or tsv file; raises ReportError for damage, passwords, zip bombs and files without cells."""
    writer, kind = Writer(path.name), path.suffix.lower()[1:]
    if kind != "xlsx":
        rows, encoding = _delimited(path)
        _write(writer, rows)
        return writer.finish(kind, encoding)
    pending = _check_workbook(path)
    for sheet in _visible_sheets(path):
        rows = _rows(sheet, path.name)
        first = next(filter(None, rows), [])
        # A title of its own is better than the name of the sheet.
        titled = len(first) == 1 and len(first[0]) > 2 and not first[0].endswith(_STOPS)
        if not _NAMELESS.fullmatch(sheet.title) and not titled:
            writer.add(sheet.title, "heading", 1)
        _write(writer, rows)
    unread = f"有 {pending} 个公式没有保存结果，没有读进来。请用 Excel 或 WPS 打开，保存一次后重新导入。"
    return writer.finish(kind, notes=(unread,) if pending else ())


def tables(path: Path) -> list[list[list[str]]]:
    """Return the cells of a csv or tsv file, or of each visible sheet of an xlsx file, in place; raises ReportError.

    A merged cell is repeated in the rows that it covers.
    """
    if path.suffix.lower() != ".xlsx":
        table, _ = _delimited(path)
        check_cells(path.name, len(table) * max(map(len, table), default=0))
        return [table]
    found, cells = list[list[list[str]]](), 0
    _check_workbook(path)
    for sheet in _visible_sheets(path):
        shown = _with_merged(sheet, across=False)
        rows, columns = map(max, zip(*shown, strict=True)) if shown else (0, 0)
        cells += rows * columns
        check_cells(path.name, cells)
        found.append([[shown.get((row, n), "") for n in range(1, columns + 1)] for row in range(1, rows + 1)])
    return found


def _delimited(path: Path) -> tuple[list[list[str]], str]:
    """Return the rows of a csv or tsv file, and its encoding."""
    text, encoding = read_text(path)
    start = text[:10_000].splitlines()[:20]
    # The most frequent delimiter of the first lines, the comma if there is none.
    frequent = max(_DELIMITERS, key=lambda mark: (sum(line.count(mark) for line in start), mark == ","))
    delimiter = "\t" if path.suffix.lower() == ".tsv" else frequent
    if stated := _STATED.match(text):
        delimiter, text = stated[1], text[stated.end() :]
    rows, cells = [], 0
    try:
        for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter):
            rows.append(row)
            cells += len(row)
            check_cells(path.name, cells)
    except csv.Error:
        raise ReportError(f"表格的一格太长或引号不成对：{path.name}。请检查文件，或另存为 xlsx。") from None
    return rows, encoding


def _check_workbook(path: Path) -> int:
    """Return how many formulas have no result; raise ReportError for a package that claims too much."""
    with open_archive(path) as package:
        if "xl/workbook.xml" not in package.namelist():
            raise ReportError(f"不是 Excel 文件：{path.name}。请检查后缀名，或用 Excel 另存为 xlsx。")
        parts = [member for member in package.infolist() if member.filename.endswith((".xml", ".rels"))]
        if sum(part.file_size for part in parts) > EXPANDED_BYTES:
            raise ReportError(f"表格太大，超过 {EXPANDED_BYTES >> 20} MB：{path.name}。请拆分成几个文件。")
        data = [package.read(part) for part in parts]
    check_cells(path.name, sum(_cells_of(part, path.name) for part in data))
    return sum(len(_PENDING.findall(part)) for part in data)


def _cells_of(data: bytes, name: str) -> int:
    """Return how many cells a part claims, merged ones at full size; raises ReportError for a DTD."""
    from openpyxl.utils import range_boundaries

    cells = 0

    def count(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells
        kind = tag.rpartition(":")[2]
        if kind == "c":
            cells += 1
        elif kind == "mergeCell":
            left, top, right, bottom = range_boundaries(attributes.get("ref", ""))
            cells += (abs(right - left) + 1) * (abs(bottom - top) + 1)

    with suppress(expat.ExpatError):  # openpyxl reports it if it matters
        each_element(data, f"表格里有文档类型声明，可能是攻击，没有读：{name}。", count)
    return cells


def _visible_sheets(path: Path) -> list[Any]:
    import openpyxl
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    BUILTIN_FORMATS.update((number, code) for code, numbers in _CHINESE_FORMATS.items() for number in numbers)
    try:
        workbook = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl lets every error of its parsers through
        raise ReportError(f"表格已损坏：{path.name}。请用 Excel 打开并另存一份。") from None
    return [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def _rows(sheet: Any, name: str) -> list[list[str]]:
    """Return the rows and columns that are not empty; a merged cell is repeated wherever it covers."""
    shown = _with_merged(sheet, across=True)
    numbers = {row for row, _ in shown}
    columns = sorted({column for _, column in shown})
    check_cells(name, len(numbers) * len(columns))
    rows: list[list[str]] = []
    for number in sorted(numbers):
        rows += [] if not rows or number - 1 in numbers else [[]]  # an empty row separates two tables
        rows.append([shown.get((number, column), "") for column in columns])
    return rows


def _with_merged(sheet: Any, *, across: bool) -> dict[tuple[int, int], str]:
    """Return the texts of filled cells by row and column, merged ones repeated downwards or ``across``, too."""
    # ``iter_rows`` would create a million empty cells for a single one at the bottom.
    shown = {(cell.row, cell.column): text for cell in sheet._cells.values() if (text := _shown(cell))}
    for area in sheet.merged_cells.ranges:
        text = shown.get((area.min_row, area.min_col), "")
        columns = range(area.min_col, (area.max_col if across else area.min_col) + 1)
        for row in range(area.min_row, area.max_row + 1) if text else ():
            shown.update(((row, column), text) for column in columns)
    return shown


def _shown(cell: Any) -> str:
    """Return the value in its number format: 0.923 as ``92.3%``, a date as a month if its format prints no day."""
    value, number_format = cell.value, str(cell.number_format or "")
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            return f"{value:%Y-%m-%d %H:%M}"
        code = re.sub(r'"[^"]*"|\[[^\]]*\]', "", number_format).lower()  # 年 and colours are no letters of it
        if "d" in code or "y" not in code:
            return f"{value:%Y-%m-%d}"
        return f"{value.year}年{value.month}月" if "m" in code else f"{value.year}年"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return _formatted(value, number_format) if number else str(value)


def _formatted(value: float, number_format: str) -> str:
    """Return a number as Excel prints it; as it is where a format has fractions, exponents or conditions."""
    plain = _plain(number_format.partition(";")[0])
    bare = re.sub(r'"[^"]*"', "", plain)
    pattern = _NUMBER_FORMAT.search(bare)
    beside = bare[: pattern.start()] + bare[pattern.end() :] if pattern else ""
    if pattern is None or _CONDITION.search(number_format) or _MORE_DIGITS.search(beside):
        text = f"{value:.15g}"
        return text if "e" not in text else f"{value:.0f}"
    decimals, percent, comma = pattern["decimals"] or "", pattern["percent"] or "", pattern["comma"][:1]
    shift = -3 * len(pattern["thousands"]) - (len(decimals) if pattern["shift"] else 0) + 2 * len(percent)
    exact = Decimal(value if isinstance(value, int) else f"{value:.15g}")  # the 15 digits that Excel knows
    with localcontext(rounding=ROUND_HALF_UP):
        whole, point, fraction = f"{exact.scaleb(shift):{comma}.{len(decimals)}f}".partition(".")
    least = len(decimals.rstrip("#"))  # "#" prints no zero
    fraction = fraction[:least] + fraction[least:].rstrip("0")
    literal = _LITERAL.search(plain)
    unit = (literal[1] or literal[2]) if literal else ""
    return f"{whole}{point}{fraction}{percent}{unit}" if fraction else f"{whole}{percent}{unit}"


def _plain(section: str) -> str:
    """Return a section of a number format without widths, fills and colours; escaped characters are quoted."""
    # A period that is text, as in ``0!.0,"万元"``, becomes a zero byte.
    texts = _MARKS.sub(lambda mark: f'"{text}"' if (text := mark[1] or mark[2]) else "", section)
    return texts.replace('"."', "\0").replace('""', "")


def _write(writer: Writer, rows: Iterable[Sequence[str]]) -> None:
    """Write the tables of a sheet, which empty rows separate; a single column is prose."""
    for filled, group in groupby(rows, key=lambda row: any(cell.strip() for cell in row)):
        if not filled:
            continue
        table = list(group)
        used = sorted({column for row in table for column, cell in enumerate(row) if cell.strip()})
        check_cells(writer.name, len(table) * len(used))
        if len(used) == 1:
            for row in table:
                writer.add(row[used[0]], "paragraph")
        else:
            write_table(writer, [[row[i] if len(row) > i else "" for i in used] for row in table])
