"""Tables of a draft that is plain text: read cell by cell, or put in the rows of the reader where each is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from qa.ledger import LedgerFigure
from qa.text.figures import figures, is_unit, is_year
from qa.text.rows import row_figures, without_unit
from qa.text.sentences import cells as cells_of_row
from qa.types import Paragraph, Report, Span, Spans

_SEPARATOR = re.compile(r"[\t|｜]")  # cells
BETWEEN = 100  # most lines from one row to the next, of headings and of rows that are not found
AMOUNT = re.compile(r"[\d.,，]+")  # of a value whose unit is not in its cell


def paragraph_spans(text: str) -> Iterator[Spans]:
    """Yield the spans of each paragraph: of a line, or of a table cell after the head of its column and its labels."""
    for width, group in groupby(_rows(text), key=lambda each: len(each[1])):
        lines = list(group)
        used = [n for n in range(width) if any(_filled(row[n : n + 1]) for _, row in lines)]
        lines = [(line, tuple(row[n] for n in used)) for line, row in lines]
        titles = next((n for n, (_, row) in enumerate(lines) if len(_filled(row)) > 1), len(lines) - 1)
        (first, heads), *rows = lines[titles:]
        measured = len(used) == 2 and any(without_unit(text[slice(*head)])[1] for head in heads)
        is_table = (len(used) > 2 or measured) and rows and not any(map(str.isdigit, text[slice(*first)]))
        yield from ((line,) for line, _ in (lines[: titles + 1] if is_table else lines))
        if not is_table:
            continue
        columns = [[text[a:b] for a, b in _filled([row[n] for _, row in rows])] for n in range(len(used))]
        numbers = list(filter(str.isdigit, columns[0]))  # 1, 2, 3 are no labels
        start = int(bool(numbers) and numbers == [str(n) for n, _ in enumerate(numbers, 1)])
        counted = (n for n in range(start, len(used)) if _counts(columns[n], whole=n == start))
        end = next(counted, start + 1)
        for line, row in rows:
            labels = row[start if text[slice(*row[0])].isdigit() else 0 : end]
            told = [n for n in range(end, len(used)) if _filled(row[n : n + 1])]
            yield from (_filled((heads[n], *labels, row[n])) for n in told)
            if not told:
                yield (line,)


def in_unit_of_head(figure: LedgerFigure, paragraph: Paragraph, text: str) -> LedgerFigure:
    """Return a figure that is a cell of a pasted table in the unit that the head of its column or a label states."""
    if figure.unit or len(paragraph.spans) < 2 or figure.spans != paragraph.spans[-1:]:
        return figure
    head, *labels, cell = (text[start:end] for start, end in paragraph.spans)
    named = (f"单位：{label}" if is_unit(label) else label for label in labels)
    read = row_figures("；".join((*named, f"{head}：{cell}")))[-1].figure
    return replace(figure, value=read.value, unit=read.unit)


def _filled(cells: Iterable[Span]) -> Spans:
    return tuple((start, end) for start, end in cells if start < end)


def _rows(text: str) -> Iterator[tuple[Span, Spans]]:
    """Yield each line, stripped, with its cells."""
    at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        yield from ((own, tuple(_cells(text, at, end))) for own in _lines(text, at, end))
        at = end


def _counts(cells: Sequence[str], *, whole: bool) -> bool:
    """Whether the cells of a column are or, unless ``whole``, have figures, and are no labels (100人以上企业) or years."""
    counted = (
        any(not is_year(figure) and (not whole or figure.text == cell) for figure in figures(cell))
        for cell in cells
    )
    return 2 * sum(counted) > len(cells)


def in_place(report: Report, lines: Sequence[Span]) -> tuple[list[tuple[int, Paragraph]], list[Span]]:
    """Return the paragraphs of a report, rows where they are printed, and the lines that no row replaces."""
    text, placed = report.source.text, list[tuple[int, Paragraph]]()
    at, read, rows = 0, set[int](), ""
    for paragraph in report.paragraphs:
        start, own = paragraph.spans[0][0] if paragraph.spans else len(text), paragraph
        if paragraph.kind == "table row" and report.source.format in ("txt", "md"):
            rows += f"{paragraph.text}；"
            values = list(_values(text, paragraph.spans[0][0], paragraph.spans[-1][1]))
            near = range(at, min(at + BETWEEN, len(lines)))
            tried = ((n, _printed(paragraph.spans, values, text, lines[n])) for n in near)
            at, spans = next(((n, spans) for n, spans in tried if spans), (at, ()))
            if spans:
                read.add(at)
                own = replace(paragraph, spans=spans)
            start = lines[at][0] if read else start
        placed.append((start, own))
    left = [line for n, line in enumerate(lines) if n not in read and not _is_in_rows(text, line, rows)]
    return placed, left


def _values(text: str, start: int, end: int) -> Iterator[tuple[Span, re.Pattern[str]]]:
    """Yield the span of the value of each cell of a row, and how it is printed: with any white space."""
    for first, last in cells_of_row(text[start:end]):
        cell = text[start + first : start + last].rstrip("；;")
        at = cell.find("：") + 1
        words = re.compile(r"\s+".join(map(re.escape, cell[at:].split())))
        yield (start + first + at, start + first + len(cell)), words


def _printed(row: Spans, values: Sequence[tuple[Span, re.Pattern[str]]], text: str, line: Span) -> Spans:
    """Return the spans of a row that was read from a line, with those values that the line has as they are; () if it was not."""
    done, end, at, spans = row[0][0], row[-1][1], line[0], list[Span]()
    for (first, last), words in values:
        amount = AMOUNT.match(text, first, last)
        if found := words.search(text, at, line[1]):
            spans += [(done, first), found.span()]
            done, at = last, found.end()
        elif amount and (start := text.find(amount[0], at, line[1])) >= 0:
            at = start + len(amount[0])
        else:
            return ()
    return tuple(span for span in (*spans, (done, end)) if span[0] < span[1])


def _is_in_rows(text: str, line: Span, rows: str) -> bool:
    """Whether a printed line is one of a table that is read in rows (``指标：书屋；数量：9家``), with all its figures."""
    cells = [text[start:end] for start, end in _filled(_cells(text, *line))]
    return len(cells) > 1 and all(f"：{cell}" in rows for cell in cells if any(map(str.isdigit, cell)))


def lines_between(covered: Sequence[Span], text: str) -> list[Span]:
    """Return the lines of a text between spans in order, stripped."""
    found, at = list[Span](), 0
    for start, end in (*covered, (len(text), len(text))):
        found += _lines(text, at, start)
        at = max(at, end)
    return found


def _cells(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the cells of a line, stripped, perhaps empty; a line without separators is one cell."""
    edges = [start, *(start + m.end() for m in _SEPARATOR.finditer(text[start:end])), end + 1]
    for first, after in pairwise(edges):
        yield next(_lines(text, first, after - 1), (first, first))


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the lines between two offsets that have a letter or digit, stripped."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        bare = line.strip()
        if any(character.isalnum() for character in bare):
            first = at + line.index(bare)
            yield first, first + len(bare)
        at += len(line)
