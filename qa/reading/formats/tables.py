"""Turn table rows into lines of text that can be quoted alone.

A row becomes ``县区：鹿城；会员数：36.58万人；…``: every cell with the head of its column, and with its unit, which may
be stated in the head (``金额（万元）``), in the label of the row (``新发展会员（人）``), in a column of units, or above
the table (``单位：万元``). Merged cells must already be repeated in each place that they cover.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from qa.reading.formats import Role, Writer
from qa.text.figures import is_unit, unit_kind
from qa.text.rows import without_unit

_MAX_LINE = 240  # characters; a quotation may have 300
_MAX_HEAD = 24  # characters of a column head
_MAX_ABOVE = 40  # characters of a line above a table that states its unit
LONGEST_CELL = 300  # characters of a cell; of several paragraphs, more only places text
LONGEST_MEAN = 120  # characters a cell; frames around stories are no table
_FIGURE = re.compile(r"[-+−]?\d[\d,，]*(\.\d+)?")
_FIGURE_WITH_UNIT = re.compile(r"[-+−]?\d[\d,，.]*\s*(?:[%％‰]|[万亿]?\w{0,2})")
# Cells with a period are heads, not figures.
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d\s*年?\s*(?:[-—–~～]+|至|到)\s*)?(?:19|20)\d\d\s*(?:年(?:度|底|末)?)?|\d{1,2}\s*月份?|[1-4]\s*季度"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT_OF_TABLE = re.compile(r"单位[:：]\s*([^:：)）］】]{1,16}?)\s*[)）］】]?\s*$")
_IN_BRACKETS = re.compile(r"[（(]([^（()）]{1,100})[)）]\s*$")
_BETWEEN_HEADS = re.compile("[/／|｜]")
_LISTED = re.compile(r"[、,，;；/\s]+|和")
_MONEY = re.compile(r"金额|经费|资金|[款费额]$")
_COUNTED_IN = re.compile(r"([人户家件个场份起册])[数次]*$")
_NOTE = re.compile(r"[（(【]?[^：:\d]{2,10}[：:]\s*\S.*|.{0,12}(?:19|20)\d\d[年.-]\d{1,2}[月.-].{0,6}")
_BELOW = re.compile(r"[（(]?(?:备?注|说明|附注|填表说明|数据来源|资料来源)[）)]?\s*[：:\d]")
_ORDINAL = re.compile(r"\d{1,4}|[一二三四五六七八九十]{1,3}")
_COUNTS_ROWS = re.compile(r"序号?|编号|行次|项次|No\.?|№", re.IGNORECASE)
_UNITS = re.compile(r"(?:计量|统计)?单位")
# Heads and labels whose figures are not in the unit of the row or of the table.
_NO_AMOUNT = re.compile(
    r"序号|编号|代码|行次|邮编|电话|排[名序]|名次|位次|得分|评分|[率比%％‰]|增[长幅速]|年份|(?<!\d)年度$|(?<![\d半全本])年$"
)
_COUNTED = re.compile(r"(?:人|户|家|件|个|场|份|起|次)数$|[人户场件家]次$|数量$")  # no money


def is_data(grid: Sequence[Sequence[str]]) -> bool:
    """Whether a table has several rows and columns of short cells; others only place text.

    A few cells of one paragraph may be long, below a row of heads, if every column of their row is filled.
    """
    cells = [cell for row in grid for cell in row if cell]
    if len(grid) < 2 or max(map(len, grid)) < 2 or not cells:
        return False
    heads = next((row for row in grid if len(set(filter(None, row))) > 1), ("",))
    usual = max(map(len, heads)) <= _MAX_HEAD and sum(map(len, cells)) <= LONGEST_MEAN * len(cells)
    for row in grid:
        long = [cell for cell in row if len(cell) > LONGEST_CELL]
        filled = all(cell for cell, head in itertools.zip_longest(row, heads, fillvalue="") if head)
        covers = len(set(long)) < len(long)  # a long one covers several columns
        if long and not (usual and any(heads) and filled and not covers):
            return False
    return True


def _head_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top are heads: short words, until every column has a name of its own."""
    width = len(rows[0])
    if width == 2 and not any(_FIGURE_WITH_UNIT.fullmatch(row[1]) for row in rows[1:]):
        return 0  # a list of names and values
    count = 0
    for row in rows[:-1][:3]:
        filled = [cell for cell in row if cell]
        heads = [cell for cell in filled if _PERIOD.fullmatch(cell) or not _FIGURE_WITH_UNIT.fullmatch(cell)]
        if len(filled) < 2 or heads != filled or max(map(len, filled)) > _MAX_HEAD:
            break
        count += 1
        if len(set(filled)) == width:
            break
    return count


def _head(column: Sequence[str]) -> str:
    """Join the heads of a column from top to bottom without repetitions, and append their last unit."""
    parts = [without_unit(words) for words in dict.fromkeys(filter(None, column))]
    unit = next((unit for _, unit in reversed(parts) if unit), "")
    return " ".join(name for name, _ in parts) + (f"（{unit}）" if unit else "")


def _cell(head: str, cell: str, unit: str = "") -> str:
    """Return ``head：cell``; a bare figure gets the unit of its head, else ``unit``."""
    name, own = without_unit(head)
    if _FIGURE.fullmatch(cell) and (own or (unit and _is_amount(head, cell))):
        return f"{name}：{cell}{own or unit}" if name else f"{cell}{unit}"
    return f"{head}：{cell}" if head else cell


def _is_amount(head: str, cell: str) -> bool:
    is_year = _YEAR.fullmatch(cell) and head.endswith(("年", "时间"))
    return _PERIOD.fullmatch(head) is not None or not (_NO_AMOUNT.search(head) or is_year)


def _row_cells(
    row: Sequence[str], heads: Sequence[str], units: int | None, stated: Sequence[str]
) -> list[str]:
    """Return a row's cells with heads; ``units`` is the column of units, ``stated`` the table's units."""
    labels = itertools.takewhile(lambda cell: not _FIGURE.fullmatch(cell), row)
    with_units = [split for split in map(without_unit, filter(None, labels)) if split[1]]
    label, own = with_units[-1] if with_units else without_unit(row[0])
    unit = row[units] if units is not None and is_unit(row[units]) else own
    figures = ((head, cell) for head, cell in zip(heads[1:], row[1:], strict=True) if _FIGURE.fullmatch(cell))
    has_amounts = any(_is_amount(*each) for each in figures)
    dropped = units if unit and has_amounts and not own else None  # its unit follows every figure
    texts = []
    for column, (head, cell) in enumerate(zip(heads, row, strict=True)):
        if not cell or column == dropped or (column == 1 and cell == row[0] and not _FIGURE.fullmatch(cell)):
            continue  # a label that covers both columns is written once
        if column == 0 or (own and without_unit(cell) == (label, own)):
            texts.append(_cell(head, without_unit(cell)[0] if own and has_amounts else cell))
        else:
            texts.append(_cell(head, cell, unit or _unit_of_table(stated, label, head)))
    return texts


def _unit_of_table(stated: Sequence[str], label: str, head: str) -> str:
    """Return the unit above the table that suits this row and column; of several the one that they name."""
    kinds = {
        unit_kind(unit.lstrip("万亿千百")): unit for unit in reversed(stated)
    }  # 元 for 万元; the first of a kind
    if len(stated) == 1:
        # 参加人数 is no money, 增长率 has no unit.
        bare = any(_NO_AMOUNT.search(words) and not _PERIOD.fullmatch(words) for words in (head, label))
        counts = "元" in kinds and any(map(_COUNTED.search, (head, label)))
        return "" if bare or counts else stated[0]
    for words in (head, label):
        counted = _COUNTED_IN.search(words)
        named = "元" if _MONEY.search(words) else unit_kind(counted[1]) if counted else None
        if named in kinds:
            return kinds[named]
    return ""


def write_table(writer: Writer, grid: Sequence[Sequence[str]], head_rows: int | None = None) -> None:
    """Write the lines of :func:`table_lines`; raises ReportError for more cells than a file may have."""
    writer.count_cells(len(grid) * max((len(row) for row in grid), default=0))
    for line, role in table_lines(grid, head_rows, writer.last):
        writer.add(line, role)


def table_lines(
    grid: Sequence[Sequence[str]], head_rows: int | None = None, above: str = ""
) -> Iterator[tuple[str, Role]]:
    """Yield one line a row: ``县区 | 会员数（万人）`` above ``东城 | 36.58`` gives ``县区：东城；会员数：36.58万人``.

    A single cell across the top is a caption; who made the table and when is a paragraph. ``head_rows`` at the top
    name the columns, None if unknown; ``above`` is the line above the table, which may state its unit or its heads.
    """
    width = max((len(row) for row in grid), default=0)
    rows = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in grid]
    rows = [row for row in rows if any(row)]
    stated = _stated_units(above) if len(above) <= _MAX_ABOVE else []
    skipped = 0
    while len(rows) - skipped > 1 and width > 1 and (texts := _above_heads(rows[skipped])):
        stated = next(filter(None, map(_stated_units, texts)), stated)
        head_rows = (head_rows - 1 or None) if head_rows else head_rows
        skipped += 1
        yield "　".join(texts), "caption" if len(texts) == 1 else "paragraph"
    rows = rows[skipped:]
    if not rows:
        return
    count = _head_rows(rows) if head_rows is None else min(head_rows, len(rows) - 1)
    heads = [_head(column) for column in zip(*rows[:count], strict=True)] or _heads_above(above, width)
    rows = rows[count:]
    first = int(_counts_rows(heads, rows))  # a column that counts the rows is left out
    heads = heads[first:]
    units = _unit_column(heads, [row[first:] for row in rows])
    for row in rows:
        filled = list(dict.fromkeys(filter(None, row)))
        if count == 0 and width == 2 and all(row):
            yield f"{row[0].rstrip(':：')}：{row[1]}", "table row"
        elif len(filled) == 1:
            yield filled[0], "paragraph" if _BELOW.match(filled[0]) else "table row"
        else:
            # In lines of bounded length, each of which begins with the cell that names the row.
            key, *cells = _row_cells(row[first:], heads, units, stated)
            line = key
            for cell in cells:
                if len(line) > len(key) and len(line) + len(cell) > _MAX_LINE:
                    yield line, "table row"
                    line = key
                line += f"；{cell}"
            yield line, "table row"


def _stated_units(text: str) -> list[str]:
    """Return the units that a line above a table states: （单位：万元）, （单位：人、万元）."""
    found = _UNIT_OF_TABLE.search(text)
    units = _LISTED.split(found[1]) if found else []
    return units if all(map(is_unit, units)) else []


def _heads_above(text: str, width: int) -> list[str]:
    """Return the heads that the line above a table lists in brackets, （项目／2030年／2031年）; if none, empty ones."""
    found = _IN_BRACKETS.search(text)
    heads = [head.strip() for head in _BETWEEN_HEADS.split(found[1])] if found else []
    return heads if len(heads) == width and all(heads) else [""] * width


def _above_heads(row: Sequence[str]) -> list[str]:
    """Return the texts of a row above the heads: a title, or who made the table, when, in which unit."""
    texts = list(dict.fromkeys(filter(None, row)))
    labelled = any(":" in text or "：" in text for text in texts)  # else they may be the months of columns
    notes = (labelled or 2 * len(texts) <= len(row)) and all(map(_NOTE.fullmatch, texts))
    return texts if len(texts) == 1 or notes else []


def _counts_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of at least three columns only counts the rows."""
    if len(heads) < 3 or not _COUNTS_ROWS.fullmatch(heads[0].replace(" ", "")):
        return False
    several = [row for row in rows if row[0] and len(set(filter(None, row))) > 1]
    return all(_ORDINAL.fullmatch(row[0]) or row[0] == row[1] for row in several)


def _unit_column(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the column that gives each row its unit; None if there is none or 单位 means an organisation."""
    for column, head in enumerate(heads[1:], 1):
        if _UNITS.fullmatch(head.replace(" ", "")):
            cells = [row[column] for row in rows if row[column]]
            return column if cells and 2 * sum(map(is_unit, cells)) > len(cells) else None
    return None
