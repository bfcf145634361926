"""Read a text or a file as a draft: like a report, with titles and headings as paragraphs.

A table pasted as lines of cells is read cell by cell, each after the heads of its column and its row.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

from qa.types import Paragraph, Place, Report, Source, Span, Spans

_SEPARATOR = re.compile(r"[\t|｜]")  # cells


def draft_of(text: str) -> Report:
    """Read a typed or pasted draft; a line or a cell is a paragraph, and offsets count characters of the text."""
    identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    paragraphs = tuple(
        Paragraph(identity, number, (), " ".join(text[a:b] for a, b in spans), "prose", spans)
        for number, spans in enumerate(_paragraph_spans(text))
    )
    source = Source("", "txt", "utf-8", text, identity)
    return Report(identity, source, "", "", "", Place(""), None, (), paragraphs)


def read_draft(path: Path) -> Report:
    """Read a draft from a file like a report, headings as paragraphs; raise ReportError if that fails."""
    from qa.reading import read_report

    report = read_report(path, {})
    text = report.source.text
    covered = sorted(span for paragraph in report.paragraphs for span in paragraph.spans)
    gaps = [line for start, end in _gaps(covered, len(text)) for line in _lines(text, start, end)]
    headings = (Paragraph(report.id, 0, (), text[a:b], "prose", ((a, b),)) for a, b in gaps)
    every = sorted((*report.paragraphs, *headings), key=lambda p: p.spans[0][0] if p.spans else len(text))
    paragraphs = tuple(replace(p, number=number, heading=()) for number, p in enumerate(every))
    return replace(report, paragraphs=paragraphs, place=Place(""), period=None)


def _paragraph_spans(text: str) -> Iterator[Spans]:
    """Yield the spans of each paragraph: of a line, or of a table cell after the heads of its column and row."""
    lines = ((line, tuple(_cells(text, *line))) for line in _lines(text, 0, len(text)))
    for width, group in groupby(lines, key=lambda each: len(each[1])):
        (first, heads), *rows = group
        is_table = width > 2 and rows and not any(map(str.isdigit, text[slice(*first)]))
        if not is_table:
            yield from ((line,) for line, _ in ((first, heads), *rows))
            continue
        yield (first,)
        for _, (head, *cells) in rows:
            yield from ((column, head, cell) for column, cell in zip(heads[1:], cells, strict=True))


def _cells(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the cells of a line that are not empty; a line without separators is one cell."""
    edges = [start, *(start + m.end() for m in _SEPARATOR.finditer(text[start:end])), end + 1]
    for first, after in pairwise(edges):
        yield from _lines(text, first, after - 1)


def _gaps(covered: list[Span], length: int) -> Iterator[Span]:
    """Yield the gaps between the spans of a text of this length."""
    at = 0
    for start, end in covered:
        if start > at:
            yield at, start
        at = max(at, end)
    if at < length:
        yield at, length


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the lines between two offsets that have a letter or digit, stripped."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        bare = line.strip()
        if any(character.isalnum() for character in bare):
            first = at + line.index(bare)
            yield first, first + len(bare)
        at += len(line)
