"""Tables of a draft that is plain text, read cell by cell: each after the head of its column and the labels of its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from qa.ledger import LedgerFigure
from qa.text.figures import figures, is_unit, is_year
from qa.text.rows import row_figures, without_unit
from qa.types import Paragraph, Report, Span, Spans

_SEPARATOR = re.compile(r"[\t|｜]")  # cells


def paragraph_spans(text: str, start: int, end: int) -> Iterator[Spans]:
    """Yield the spans of each paragraph of a piece: a line, or a table cell after the head of its column and its labels."""
    for width, group in groupby(_rows(text, start, end), key=lambda each: len(each[1])):
        lines = list(group)
        used = [n for n in range(width) if any(_filled(row[n : n + 1]) for _, row in lines)]
        lines = [(line, tuple(row[n] for n in used)) for line, row in lines]
        titles = next((n for n, (_, row) in enumerate(lines) if len(_filled(row)) > 1), len(lines) - 1)
        (line, heads), *rows = lines[titles:]
        measured = len(used) == 2 and any(without_unit(text[slice(*head)])[1] for head in heads)
        named = all(is_year(figure) for head in heads for figure in figures(text[slice(*head)]))
        is_table = (len(used) > 2 or measured) and rows and named
        yield from ((line,) for line, _ in (lines[: titles + 1] if is_table else lines))
        if not is_table:
            continue
        columns = [[text[a:b] for a, b in _filled([row[n] for _, row in rows])] for n in range(len(used))]
        numbers = list(filter(str.isdigit, columns[0]))  # 1, 2, 3 are no labels
        first = int(bool(numbers) and numbers == [str(n) for n, _ in enumerate(numbers, 1)])
        counted = (n for n in range(first, len(used)) if _counts(columns[n], whole=n == first))
        past = next(counted, first + 1)
        for line, row in rows:
            labels = row[first if text[slice(*row[0])].isdigit() else 0 : past]
            told = [n for n in range(past, len(used)) if _filled(row[n : n + 1])]
            yield from (_filled((heads[n], *labels, row[n])) for n in told)
            if not told:
                yield (line,)


def unread(report: Report, text: str, read: Iterable[Paragraph]) -> Iterator[tuple[int, Paragraph]]:
    """Yield what a text has besides some paragraphs of it, such as titles, as paragraphs, each with where its piece begins."""
    at = 0
    for start, end in sorted(((len(text), len(text)), *(span for p in read for span in p.spans))):
        for spans in paragraph_spans(text, at, start):
            yield at, Paragraph(report.id, 0, (), " ".join(text[a:b] for a, b in spans), "prose", spans)
        at = max(at, end)


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


def _rows(text: str, start: int, end: int) -> Iterator[tuple[Span, Spans]]:
    """Yield each line that has a letter or digit, stripped, with its cells."""
    for line in text[start:end].splitlines(keepends=True):
        for own in _stripped(text, start, start + len(line)):
            yield own, tuple(_cells(text, start, start + len(line)))
        start += len(line)


def _counts(cells: Sequence[str], *, whole: bool) -> bool:
    """Whether the cells of a column are or, unless ``whole``, have figures, and are no labels (100人以上企业) or years."""
    counted = (
        any(not is_year(figure) and (not whole or figure.text == cell) for figure in figures(cell))
        for cell in cells
    )
    return 2 * sum(counted) > len(cells)


def _cells(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the cells of a line, stripped, perhaps empty; a line without separators is one cell."""
    edges = [start, *(start + m.end() for m in _SEPARATOR.finditer(text[start:end])), end + 1]
    for first, after in pairwise(edges):
        yield next(_stripped(text, first, after - 1), (first, first))


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the span of a piece without white space around it and the marks of a heading, if it has a letter or digit."""
    piece = text[start:end]
    if any(map(str.isalnum, piece)):
        yield start + len(piece) - len(piece.lstrip().lstrip("#").lstrip()), start + len(piece.rstrip())
