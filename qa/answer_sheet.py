"""Answer a sheet of questions (xlsx, csv), the form in which offices send lists of questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from qa.errors import QAError, writing
from qa.text.normal import without_punctuation

if TYPE_CHECKING:
    from qa.text.sheets import Row as SheetRow
    from qa.types import Answer, Outcome

FORMATS = (".xlsx", ".csv")
MOST_QUESTIONS = 500
OUTCOMES: dict[Outcome, str] = {"answered": "有回答", "not_sure": "不能确定", "not_reported": "报告未提"}
REFUSED = "没有作答"  # the result of a row whose question cannot be asked
COLUMNS = ("结果", "回答", "简短回答", "出处地区", "出处时期", "引文", "出处")
_HEADS = ("问题", "提问", "question")
# Columns that restrict a question; in English they are called what they set.
_SET = ("place", "period", "report")
_FILTERS = dict(zip(("地区", "时期", "报告", *_SET), _SET * 2, strict=True))
SHEET_BYTES = 2 << 20

Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """A sheet of questions, all rows as long as its head."""

    head: Row  # column names; made up if the file has none
    rows: tuple[Row, ...]
    column: int  # of the questions

    @property
    def questions(self) -> int:
        return sum(bool(row[self.column].strip()) for row in self.rows)


def read_sheet(path: Path) -> QuestionSheet:
    """Read the questions of the column headed 问题, else of the one with the most text, in a child process.

    Of a workbook all sheets with a column headed so are read, else the first; their rows are put below each other.
    Titles above the head are left out.
    Answer columns of an earlier run are dropped, since the questions are answered again.
    Raises QAError if the file cannot be read, holds no question, or too many.
    """
    from qa.reading.isolate import run_isolated

    if path.suffix.lower() not in FORMATS:
        raise QAError(f"问题表应是 xlsx 或 csv 文件：{path.name}。请另存为其中一种。")
    if path.is_file() and path.stat().st_size > SHEET_BYTES:
        raise too_large(path.name)
    return run_isolated(parse_sheet, path)


def parse_sheet(path: Path) -> QuestionSheet:
    """Read a sheet in this process; callers use :func:`read_sheet`."""
    from qa.reading.formats.sheet import tables

    found = ([row for row in cells if any(map(str.strip, row))] for cells in tables(path))
    filled = [*filter(None, found)] or [[["问题"]]]
    headed = [rows for rows in map(_from_head, filled) if _question_column(rows[0]) is not None]
    sheet = _together([*map(_sheet, headed or filled[:1])])
    if not sheet.questions:
        raise QAError(f"{path.name} 里没有问题。请把问题写在标为“问题”的一列，每行一个。")
    if sheet.questions > MOST_QUESTIONS:
        many = f"{path.name} 里有 {sheet.questions} 个问题，一次最多 {MOST_QUESTIONS} 个。"
        raise QAError(f"{many}请拆成几个文件。")
    return sheet


def _from_head(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows from the head on that names the column of questions: above it stand titles, with fewer cells.

    Of a head of several rows, in which that name is merged downwards, the last one is returned.
    """
    headed = [_question_column(row) is not None for row in rows]
    first = headed.index(True) if True in headed else 0
    at = first + max(0, sum(takewhile(bool, headed[first:])) - 1)
    filled = [sum(map(bool, map(str.strip, row))) for row in rows[: at + 1]]
    return rows[at:] if all(cells < max(2, filled[at]) for cells in filled[:first]) else rows


def _question_column(head: Sequence[str]) -> int | None:
    return next((n for n, cell in enumerate(head) if without_punctuation(cell) in _HEADS), None)


def _sheet(found: Sequence[list[str]]) -> QuestionSheet:
    table = [*zip(*zip_longest(*found, fillvalue=""), strict=True)]  # of rows as long as the longest
    head, column = _head(table)
    rows = table[1:] if head == table[0] else table
    kept = len(head) - len(COLUMNS) if head[-len(COLUMNS) :] == COLUMNS else len(head)
    return QuestionSheet(head[:kept], tuple(row[:kept] for row in rows), column)


def _together(sheets: Sequence[QuestionSheet]) -> QuestionSheet:
    """Put sheets below each other, the cells of one name into one column, and all questions."""
    rows, columns = list[dict[tuple[str, int], str]](), dict[tuple[str, int], None]()
    for sheet in sheets:
        names = [
            ("", 0) if n == sheet.column else (h, sheet.head[:n].count(h) + 1)
            for n, h in enumerate(sheet.head)
        ]
        columns |= dict.fromkeys(names)
        rows += [dict(zip(names, row, strict=True)) for row in sheet.rows]
    head = tuple(name if number else sheets[0].head[sheets[0].column] for name, number in columns)
    filled = tuple(tuple(row.get(name, "") for name in columns) for row in rows)
    return QuestionSheet(head, filled, [*columns].index(("", 0)))


def _head(table: Sequence[Row]) -> tuple[Row, int]:
    """Return the column names, made up if the first row has questions already, and the number of the question column."""
    if (named := _question_column(table[0])) is not None:
        return table[0], named
    lengths = [[len(cell.strip()) for cell in column] for column in zip(*table, strict=True)]
    column = max(range(len(lengths)), key=lambda n: sum(lengths[n]))
    head, *below = lengths[column]
    if below and 2 * head < sorted(below)[len(table) // 2 - 1]:
        return table[0], column  # much shorter than the questions below it
    return tuple("问题" if n == column else "" for n in range(len(lengths))), column


def too_large(name: str) -> QAError:
    """Return the error for a file over SHEET_BYTES."""
    return QAError(f"问题表超过 {SHEET_BYTES >> 20} MB：{name}。请只留下问题，或拆成几个文件。")


def filter_columns(head: Row) -> dict[int, str]:
    """Return the numbers of the columns that set a filter, each with its name: ``place``, ``period`` or ``report``."""
    named = ((n, _FILTERS.get(without_punctuation(name))) for n, name in enumerate(head))
    return {n: name for n, name in named if name}


def answered_rows(sheet: QuestionSheet, ask: Callable[..., Answer]) -> Iterator[Row]:
    """Yield the rows of the new sheet, its head first, each as soon as its question is answered.

    ``ask`` gets the question and the filters ``place``, ``period`` and ``report`` of its row; if it raises a QAError,
    the message is written as the answer.
    """
    columns = filter_columns(sheet.head)
    yield (*sheet.head, *COLUMNS)
    for row in sheet.rows:
        question = row[sheet.column].strip()
        filters = {name: row[n].strip() for n, name in columns.items() if row[n].strip()}
        try:
            answer = _row(ask(question, **filters)) if question else ("",) * len(COLUMNS)
        except QAError as error:
            answer = (REFUSED, str(error), *("",) * (len(COLUMNS) - 2))
        yield (*row, *answer)


def table_sheets(answer: Answer) -> list[tuple[str, list[SheetRow]]]:
    """Return the sheets (name, rows) of a table answer, cells and sources; raise QAError if it is no table."""
    from qa.library.tables import EMPTY

    if answer.table is None:
        raise QAError("这个回答不是表格，存不成 xlsx。请这样问：用表格对比各地的……")
    things = ((thing, f"{thing}（数值）", f"{thing}（单位）") for thing in answer.table.things)
    rows: list[SheetRow] = [("地区（时期）", "属于", *chain.from_iterable(things))]
    for row in answer.table.rows:
        numbers = ((c.figure.value, c.figure.unit) if c.figure else (None, "") for c in row.cells)
        told = ((c.text or EMPTY[c.state], *number) for c, number in zip(row.cells, numbers, strict=True))
        rows.append((row.label, row.inside, *chain.from_iterable(told)))
    sources: list[SheetRow] = [("标记", "地区", "时期", "报告", "小标题", "引文")]
    sources += [
        (f"[{c.marker}]", c.place, c.time, c.title or c.report, c.heading, c.quote) for c in answer.citations
    ]
    return [("表格", rows), ("出处", sources)]


def write_answers(path: Path, answers: Sequence[Answer]) -> None:
    """Write answers as xlsx, one row each, tables also on their own sheets, the last one first.

    Raises QAError if that fails.
    """
    from qa.text.sheets import write_xlsx

    rows = [("问题", *COLUMNS), *((answer.question, *_row(answer)) for answer in answers)]
    sheets: list[tuple[str, Sequence[SheetRow]]] = []
    for number, answer in enumerate((a for a in answers if a.table), 1):
        sheets[:0] = [(f"{name}{number}", own) for name, own in table_sheets(answer)]
    write_xlsx(path, [*sheets, ("回答", rows)])


def write_sheet(path: Path, rows: tuple[Row, ...]) -> None:
    """Write the rows as xlsx or csv, by the suffix, without formulas; raise QAError if that fails."""
    from qa.text.sheets import as_csv, write_xlsx

    if path.suffix.lower() == ".xlsx":
        write_xlsx(path, [("回答", rows)])
        return
    with writing(path) as file:
        file.write_bytes(as_csv(rows).encode("utf-8-sig", "replace"))


def _row(answer: Answer) -> Row:
    cited = answer.citations
    quotes = [f"[{c.marker}] {c.quote}" for c in cited]
    sources = [f"[{c.marker}] {_joined(c.title, c.heading, c.report)}" for c in cited]
    for passage in (each for each in answer.nearest if not any(each.sentence in c.quote for c in cited)):
        report, heading = passage.hit.report, passage.hit.paragraph.heading
        quotes.append(f"最接近：{passage.sentence}")
        sources.append(_joined(report.title, heading[-1] if heading else "", report.source.name))
    return (
        OUTCOMES[answer.outcome],
        _in_a_cell(answer.text),
        answer.short or "",
        "；".join(dict.fromkeys(c.place for c in cited if c.place)),
        "；".join(dict.fromkeys(c.time for c in cited if c.time)),
        "\n".join(quotes),
        "\n".join(sources),
    )


def _in_a_cell(text: str) -> str:
    """Return the text for a cell: Markdown tables as plain lines, and no line that starts like a formula."""
    lines = (line for line in text.split("\n") if not re.fullmatch(r"[|\s:-]*-[|\s:-]*", line))
    cells = (re.split(r"\s*\|\s*", line.strip("| ")) if line.startswith("|") else [line] for line in lines)
    return re.sub(r"(?m)^- ", "· ", "\n".join(map("；".join, cells)))


def _joined(title: str, heading: str, file: str) -> str:
    return "，".join(filter(None, (f"《{title}》" if title else "", heading, file)))
